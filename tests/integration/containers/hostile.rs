//! Bombs are stopped quickly, take little memory, and are reported.

use super::{places, scan, token};
use std::{
    io::Write,
    path::Path,
    time::{Duration, Instant},
};

/// Maximum time for one bomb: two seconds in a release build.
const ALLOWED: Duration = Duration::from_secs(if cfg!(debug_assertions) { 40 } else { 2 });

/// Scans a folder with one file of this content, and returns the reasons of the skips.
fn reasons(name: &str, content: &[u8]) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join(name), content).expect("it can be written");
    reasons_in(folder.path())
}

fn reasons_in(folder: &Path) -> Vec<String> {
    let started = Instant::now();
    let report = scan(folder);
    assert!(started.elapsed() < ALLOWED, "it took {:?}", started.elapsed());
    let skipped = report["skipped"].as_array().cloned().unwrap_or_default();
    skipped.iter().map(|one| one["reason"].as_str().unwrap_or_default().to_string()).collect()
}

fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(6));
    encoder.write_all(content).expect("memory takes it");
    encoder.finish().expect("memory takes it")
}

/// A zip archive whose members all share one range of deflated zeros.
fn overlapping_zip(members: usize, zeros: usize) -> Vec<u8> {
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(&vec![0; zeros]).expect("memory takes it");
    let packed = encoder.finish().expect("memory takes it");
    let sizes = [(packed.len() as u32).to_le_bytes(), (zeros as u32).to_le_bytes()].concat();
    let common = [&b"\x14\0\0\0\x08\0\0\0\0\0\0\0\0\0"[..], &sizes, b"\x01\0\0\0"].concat();
    let mut zip = [b"PK\x03\x04", &common[..], b"a", &packed].concat();
    let start = zip.len() as u32;
    for _ in 0..members {
        zip.extend_from_slice(&[b"PK\x01\x02\x14\0", &common[..], &[0; 14], b"a"].concat());
    }
    let size = zip.len() as u32 - start;
    zip.extend_from_slice(b"PK\x05\x06\0\0\0\0\x01\0\x01\0");
    zip.extend_from_slice(&[size.to_le_bytes(), start.to_le_bytes()].concat());
    zip.extend_from_slice(&[0, 0]);
    zip
}

#[test]
fn a_log_that_packs_a_thousand_times_smaller_is_read_to_its_end() {
    let mut log = vec![b'\n'; 48 << 20];
    log.extend_from_slice(token().as_bytes());
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("log.gz"), gzip(&log)).expect("it can be written");
    let report = scan(folder.path());
    assert_eq!(report["complete"], true);
    assert_eq!(places(&report).len(), 1);
}

#[test]
fn a_zip_whose_members_share_bytes_is_stopped() {
    let reasons = reasons("bomb.zip", &overlapping_zip(5000, 8 << 20));
    assert!(!reasons.is_empty() && reasons.iter().all(|one| one == "malformed"), "{reasons:?}");
}

#[test]
fn containers_within_containers_end_at_a_depth() {
    let mut content = token().into_bytes();
    for _ in 0..30 {
        content = gzip(&content);
    }
    assert_eq!(reasons("deep.gz", &content), ["over-limit"]);
}

#[test]
fn a_pickle_that_multiplies_itself_takes_no_memory() {
    // Each list contains the previous one twice, forty times: 2^40 items if it were built.
    let mut pickle = b"\x80\x02]q\x00".to_vec();
    for number in 0..40_u8 {
        pickle.extend_from_slice(&[b']', b'q', number + 1, b'(', b'h', number, b'h', number, b'e']);
    }
    pickle.push(b'.');
    assert_eq!(reasons("bomb.pkl", &pickle), Vec::<String>::new());
    let nones = [&b"\x80\x02"[..], &vec![b'N'; 3 << 20], b"."].concat();
    assert_eq!(reasons("nones.pkl", &nones), Vec::<String>::new());
}

#[test]
fn lengths_of_a_tebibyte_are_no_trouble() {
    let length = (1_u64 << 40).to_le_bytes();
    for (name, head) in [
        ("a.pkl", &b"\x80\x04\x8e"[..]),
        ("b.gguf", b"GGUF\x03\0\0\0\0\0\0\0\0\0\0\0\xff\xff\xff\xff\0\0\0\0"),
        ("c.npy", b"\x93NUMPY\x02\0"),
    ] {
        reasons(name, &[head, &length[..], b"rest"].concat());
    }
}

#[test]
fn a_7z_that_tells_of_more_than_there_is_takes_no_memory() {
    let many = [&[0xff][..], &(1_u64 << 56).to_le_bytes()].concat();
    let pack = [&b"\x01\x04\x06\x00"[..], &many, b"\x09", &[1; 5000]].concat();
    let folders = [&b"\x01\x04\x07\x0b"[..], &many, b"\0\x01\x21\x21\x01\x28"].concat();
    let names = [&b"\x01\x05"[..], &many, b"\x0e", &many, b"\x11\x03\0a\0\0\0"].concat();
    for header in [pack, folders, names] {
        let len = (header.len() as u64).to_le_bytes();
        let archive = [b"7z\xbc\xaf\x27\x1c\0\x04", &[0; 12][..], &len, &[0; 4], &header].concat();
        assert_eq!(reasons("many.7z", &archive), ["malformed"]);
    }
}

#[test]
fn a_name_that_leads_out_of_an_archive_is_a_name() {
    let mut header = [0; 512];
    let name = b"../../../../etc/token";
    header[..name.len()].copy_from_slice(name);
    header[124..136].copy_from_slice(b"00000000045\0");
    header[148..156].fill(b' ');
    header[156] = b'0';
    header[257..265].copy_from_slice(b"ustar\x0000");
    let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
    header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    let folder = tempfile::tempdir().expect("a folder");
    let tar = [&header[..], token().as_bytes(), &[0; 1024 + 475]].concat();
    std::fs::write(folder.path().join("a.tar"), tar).expect("it can be written");
    let found = places(&scan(folder.path()));
    assert!(found[0].starts_with("a.tar!../../../../etc/token:1:1"), "{found:?}");
    let files = std::fs::read_dir(folder.path()).expect("a folder").count();
    assert_eq!(files, 1, "nothing was unpacked");
}

#[test]
fn pages_of_sqlite_that_name_each_other_end() {
    let mut database = b"SQLite format 3\0\x02\0\x01\x01\0\x40\x20\x20".to_vec();
    database.resize(512 * 3, 0);
    database[59] = 1;
    for (start, header) in [(100, 0), (512, 512), (1024, 1024)] {
        database[start] = 5;
        database[start + 4] = 100;
        database[start + 11] = if header == 1024 { 2 } else { 3 };
        for cell in 0..100 {
            let at = start + 12 + 2 * cell;
            database[at..at + 2].copy_from_slice(&[1, 0xf0]);
        }
    }
    assert_eq!(reasons("cycle.sqlite", &database), Vec::<String>::new());
}

#[cfg(unix)]
#[test]
fn safetensors_and_gguf_of_ten_gigabytes_cost_their_headers() {
    let folder = tempfile::tempdir().expect("a folder");
    let metadata = format!("{{\"__metadata__\":{{\"hub_token\":\"{}\"}}}}", token());
    let header = [&(metadata.len() as u64).to_le_bytes()[..], metadata.as_bytes()].concat();
    let mut gguf = b"GGUF\x03\0\0\0\0\0\0\0\0\0\0\0\x01\0\0\0\0\0\0\0".to_vec();
    gguf.extend_from_slice(b"\x09\0\0\0\0\0\0\0hub_token\x08\0\0\0\x25\0\0\0\0\0\0\0");
    gguf.extend_from_slice(token().as_bytes());
    for (name, head) in [("model.safetensors", header), ("model.gguf", gguf)] {
        let mut file = std::fs::File::create(folder.path().join(name)).expect("a file");
        file.write_all(&head).expect("it can be written");
        file.set_len(10 << 30).expect("the file system has sparse files");
    }
    let started = Instant::now();
    let found = places(&scan(folder.path()));
    // Reading all of it takes more than a minute, even on an idle machine.
    assert!(started.elapsed() < Duration::from_secs(20), "it took {:?}", started.elapsed());
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[1].starts_with("model.safetensors!__metadata__!hub_token"), "{found:?}");
}

#[test]
fn an_encrypted_member_is_told_of() {
    let mut zip = overlapping_zip(1, 10);
    let directory = memchr::memmem::find(&zip, b"PK\x01\x02").expect("it is there");
    zip[directory + 8] = 1;
    assert_eq!(reasons("secret.zip", &zip), ["encrypted"]);
}

/// A stream of bzip2 with no content.
const EMPTY_BZIP2: &[u8] = b"BZh9\x17\x72\x45\x38\x50\x90\0\0\0\0";

fn bzip2(content: &[u8]) -> Vec<u8> {
    let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::best());
    encoder.write_all(content).expect("memory takes it");
    encoder.finish().expect("memory takes it")
}

#[test]
fn streams_of_bzip2_are_read_up_to_a_number_in_proportion_to_the_file() {
    let leak = format!("token = '{}'\n", token());
    let some = [bzip2(b"a\n"), EMPTY_BZIP2.repeat(500), bzip2(leak.as_bytes())].concat();
    assert_eq!(super::found("a.bz2", &some).len(), 1);
    let many = [bzip2(b"a\n"), EMPTY_BZIP2.repeat(300_000)].concat();
    assert_eq!(reasons("a.bz2", &many), ["over-limit"]);
    let short = [bzip2(b"a\n"), bzip2(b"b").repeat(100_000)].concat();
    assert_eq!(reasons("a.bz2", &short), ["over-limit"]);
}

#[test]
fn a_7z_of_many_folders_is_read_in_linear_time() {
    let count = 200_000_u32;
    let number = [&[0xe0][..], &count.to_le_bytes()[2..3], &count.to_le_bytes()[..2]].concat();
    let none = vec![0; count as usize];
    let header = [
        &b"\x01\x04\x06\0"[..],
        &number,
        b"\x09",
        &none,
        b"\0\x07\x0b",
        &number,
        b"\0",
        &b"\x01\x01\0".repeat(count as usize),
        b"\x0c",
        &none,
        b"\0\0\0",
    ]
    .concat();
    let length = (header.len() as u64).to_le_bytes();
    let file = [b"7z\xbc\xaf\x27\x1c\0\x04\0\0\0\0", &[0; 8][..], &length, &[0; 4], &header];
    assert!(reasons("a.7z", &file.concat()).is_empty());
}
