//! Bytes in a container that belong to no member.

use super::{
    found, token,
    zip::{archive, deflated, packed_by, stored},
};
use crate::support::Workspace;
use std::io::Write;

fn line() -> Vec<u8> {
    format!("HF_TOKEN={}\n", token()).into_bytes()
}

#[test]
fn a_zip_with_something_before_it_is_opened() {
    let text = [&line()[..], &[b'#'; 400]].concat();
    let (member, entry) = deflated("__main__.py", &text);
    let windows = [&b"MZ\0\0"[..], &[7; 9000]].concat();
    for before in [&b"#!/usr/bin/env python3\n"[..], b"#!/bin/sh\nexit\n", b"text", &windows] {
        for comment in [&b""[..], &b"c".repeat(300)] {
            let places = found("app.pyz", &archive(before, &member, &entry, comment));
            assert_eq!(places.len(), 1, "{places:?}");
            assert!(places[0].starts_with("app.pyz!__main__.py:1:"), "{places:?}");
        }
    }
}

#[test]
fn a_file_that_only_names_the_end_of_a_zip_is_no_zip() {
    let text = [&line()[..], b"PK\x05\x06\0\0\0\0\x01\0\x01\0\x01\0\0\0\0\0\0\0\0\0"].concat();
    let places = found("notes.txt", &text);
    assert!(places.len() == 1 && places[0].starts_with("notes.txt:1:"), "{places:?}");
}

#[test]
fn what_stands_beside_the_members_of_a_zip_is_scanned() {
    let leak = line();
    let (member, entry) = stored("a.txt", "a.txt", b"", b"nothing\n", 0);
    let extra =
        [&b"\x99\x99"[..], &u16::try_from(leak.len()).unwrap().to_le_bytes(), &leak].concat();
    let (with_extra, entry_of_extra) = stored("a.txt", "a.txt", &extra, b"nothing\n", 0);
    let (renamed, entry_renamed) =
        stored(&format!("{}.txt", token()), "a.txt", b"", b"nothing\n", 0);
    let (unlisted, _) = stored("hidden.txt", "hidden.txt", b"", &leak, 0);
    let large = [&b"x\n".repeat(50_000)[..], &leak].concat();
    let cases = [
        ("comment", archive(b"", &member, &entry, &leak)),
        ("appended", [&archive(b"", &member, &entry, b"")[..], b"\n", &leak].concat()),
        ("extra field", archive(b"", &with_extra, &entry_of_extra, b"")),
        ("local name", archive(b"", &renamed, &entry_renamed, b"")),
        ("gap", archive(b"", &[&member[..], &leak].concat(), &entry, b"")),
        ("large gap", archive(b"", &[&member[..], &large].concat(), &entry, b"")),
        ("unlisted member", archive(b"", &[&member[..], &unlisted].concat(), &entry, b"")),
        ("before", archive(&[&b"#!/bin/sh\n"[..], &leak].concat(), &member, &entry, b"")),
    ];
    for (case, bytes) in cases {
        let places = found("a.zip", &bytes);
        assert_eq!(places.len(), 1, "{case}: {places:?}");
        if case == "unlisted member" {
            assert!(places[0].starts_with("a.zip!hidden.txt:1:"), "{places:?}");
        }
    }
}

#[test]
fn members_that_a_zip_does_not_list_are_opened_wherever_they_are() {
    let (member, entry) = stored("a.txt", "a.txt", b"", b"nothing\n", 0);
    let text = [&line()[..], &[b'#'; 400]].concat();
    let (hidden, _) = deflated("hidden.txt", &text);
    // One whose size follows its data.
    let mut streamed = hidden.clone();
    streamed[6] = 8;
    streamed[14..26].fill(0);
    let descriptor = [&b"PK\x07\x08"[..], &[0; 12]].concat();
    let (other, _) = deflated("other.txt", &[b'.'; 400]);
    let whole = archive(b"", &member, &entry, b"");
    let fake = b"PK\x03\x04 is no header, and PK\x03\x04\xff\xff\xff\xff is none";
    for between in [&b""[..], b"\0", fake, &[b'\n'; 70_000], &b"PK\x03\x04".repeat(20_000)] {
        let cases = [
            ("before", [between, &hidden, between, &whole].concat()),
            ("after", [&whole[..], between, &hidden].concat()),
            ("streamed", [&whole[..], between, &streamed, &descriptor].concat()),
            ("second", [&whole[..], between, &other, between, &hidden].concat()),
            ("no directory", [&streamed[..], &descriptor, between, &other].concat()),
            ("behind streamed", {
                let mut first = other.clone();
                first[6] = 8;
                first[14..26].fill(0);
                [&first[..], &descriptor, between, &hidden].concat()
            }),
        ];
        for (case, bytes) in cases {
            let places = found("a.zip", &bytes);
            let is_there = |place: &String| place.starts_with("a.zip!hidden.txt:1:");
            assert!(places.iter().any(is_there), "{case} {}: {places:?}", between.len());
        }
    }
}

/// A tar header with its checksum.
fn tar_header(name: &str, link: &str, size: usize, kind: u8) -> [u8; 512] {
    let mut header = [0; 512];
    header[..name.len()].copy_from_slice(name.as_bytes());
    header[124..136].copy_from_slice(format!("{size:011o}\0").as_bytes());
    header[148..156].fill(b' ');
    header[156] = kind;
    header[157..157 + link.len()].copy_from_slice(link.as_bytes());
    header[257..265].copy_from_slice(b"ustar\x0000");
    let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
    header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    header
}

#[test]
fn what_stands_beside_the_members_of_a_tar_is_scanned() {
    let leak = line();
    let member = |link: &str, padding: &[u8]| {
        let mut bytes = [&tar_header("a.txt", link, 8, b'0')[..], b"nothing\n"].concat();
        bytes.extend_from_slice(padding);
        bytes.resize(1024, 0);
        bytes
    };
    let end = [0; 1024];
    let plain = member("", b"");
    let pax = format!("{} comment={}\n", token().len() + 12, token());
    let mut extended = [&tar_header("pax", "", pax.len(), b'x')[..], pax.as_bytes()].concat();
    extended.resize(1024, 0);
    let cases = [
        ("after the end", [&plain[..], &end, b"\n", &leak].concat()),
        ("an empty archive", [&end[..], &end, &end[..512], &leak].concat()),
        ("a second archive", {
            let second = [&tar_header("b.txt", "", leak.len(), b'0')[..], &leak].concat();
            [&plain[..], &end, &second].concat()
        }),
        ("padding", [&member("", &leak)[..], &end].concat()),
        ("link", [&member(&token(), b"")[..], &end].concat()),
        ("pax record", [&extended[..], &plain, &end].concat()),
        ("name", [&tar_header(&token(), "", 0, b'0')[..], &plain, &end].concat()),
    ];
    for (case, bytes) in cases {
        let places = found("a.tar", &bytes);
        assert_eq!(places.len(), 1, "{case}: {places:?}");
        let gzipped = gzip(&[], &bytes);
        assert_eq!(found("a.tar.gz", &gzipped).len(), 1, "{case} in gzip");
    }
}

/// Bytes compressed with gzip, with a file name and a comment.
fn gzip(comment: &[u8], bytes: &[u8]) -> Vec<u8> {
    let packer = flate2::GzBuilder::new().filename("a.txt").comment(comment);
    let mut packer = packer.write(Vec::new(), flate2::Compression::default());
    packer.write_all(bytes).expect("memory can be written to");
    packer.finish().expect("memory can be written to")
}

#[test]
fn a_comment_in_the_header_of_gzip_is_scanned() {
    let places = found("a.txt.gz", &gzip(token().as_bytes(), b"nothing"));
    assert_eq!(places.len(), 1, "{places:?}");
}

fn lz4(bytes: &[u8]) -> Vec<u8> {
    let mut packer = lz4_flex::frame::FrameEncoder::new(Vec::new());
    packer.write_all(bytes).expect("memory can be written to");
    packer.finish().expect("memory can be written to")
}

/// A frame that decoders of zstd and LZ4 skip.
fn skippable(bytes: &[u8]) -> Vec<u8> {
    let len = u32::try_from(bytes.len()).expect("it is short");
    [&[0x5a, 0x2a, 0x4d, 0x18][..], &len.to_le_bytes(), bytes].concat()
}

#[test]
fn every_frame_of_lz4_is_read() {
    let all = [lz4(b"nothing\n"), lz4(b""), lz4(&line())].concat();
    let places = found("a.txt.lz4", &all);
    assert!(places.len() == 1 && places[0].starts_with("a.txt.lz4:2:"), "{places:?}");
}

/// A frame in LZ4's legacy format: blocks without checksums.
fn legacy_lz4(bytes: &[u8]) -> Vec<u8> {
    let block = lz4_flex::block::compress(bytes);
    let len = u32::try_from(block.len()).expect("it is short");
    [&[0x02, 0x21, 0x4c, 0x18][..], &len.to_le_bytes(), &block].concat()
}

#[test]
fn frames_that_decoders_skip_hide_no_other_frame() {
    // Both formats store the beginning as it is, so the token is behind a repetition.
    let text = [&b"nothing at all, "[..]; 9].concat();
    let text = [&text[..], &line()].concat();
    let zstd = zstd::encode_all(&text[..], 19).expect("memory can be written to");
    for (name, frame) in [("a.zst", zstd), ("a.lz4", lz4(&text)), ("a.lz4", legacy_lz4(&text))] {
        for before in [&b""[..], b"1", &[0; 300_000]] {
            let first = [skippable(before), skippable(b""), frame.clone()].concat();
            let middle = [frame.clone(), skippable(before), frame.clone()].concat();
            for all in [first, middle] {
                let places = found(name, &all);
                let is_beyond = before.len() > 4096 && name.ends_with("lz4") && all[0] == 0x5a;
                assert!(is_beyond || !places.is_empty(), "{name} {}: {places:?}", before.len());
            }
        }
    }
    let workspace = Workspace::new();
    let all = [skippable(&[0; 300_000]), lz4(&text)].concat();
    workspace.write_bytes("a.lz4", &all);
    assert_eq!(workspace.run(&["--format", "json"]).skipped(), ["a.lz4 malformed"]);
}

#[test]
fn the_content_of_frames_that_decoders_skip_is_scanned() {
    let zstd = zstd::encode_all(&b"nothing\n"[..], 1).expect("memory can be written to");
    for (name, frame) in [("a.lz4", lz4(b"nothing\n")), ("a.zst", zstd)] {
        let hidden = skippable(&line());
        // A number, as `pzstd` writes it.
        let number = skippable(&[7, 0, 0, 0]);
        let zeros = skippable(&[0; 200_000]);
        for all in [
            [&frame[..], &hidden].concat(),
            [&hidden[..], &frame].concat(),
            [&frame[..], &hidden, &frame].concat(),
            [&frame[..], &number, &frame, &number, &hidden, &frame].concat(),
            [&frame[..], &zeros, &hidden, &frame].concat(),
        ] {
            assert_eq!(found(name, &all).len(), 1, "{name}");
            let nested = gzip(b"", &all);
            assert_eq!(found("a.gz", &nested).len(), 1, "{name} in gzip");
        }
        let many = skippable(&[&[b' '; 5 << 20][..], &line()].concat());
        assert_eq!(found(name, &[&frame[..], &many].concat()).len(), 1, "{name}");
        let workspace = Workspace::new();
        workspace.write_bytes(name, &[&frame[..], &hidden[..20]].concat());
        let skipped = workspace.run(&["--format", "json"]).skipped();
        assert_eq!(skipped, [format!("{name} malformed")]);
    }
}

#[test]
fn frames_that_decoders_skip_do_not_interrupt_what_is_packed() {
    let leak = line();
    let tar = [&tar_header("a.txt", "", leak.len(), b'0')[..], &leak].concat();
    let tar = [&tar[..], &vec![0; 1024 - leak.len() + 512]].concat();
    for cut in [10, 300, 520] {
        let packed = |bytes: &[u8]| zstd::encode_all(bytes, 1).expect("memory can be written to");
        let beside = skippable(b"sixteen bytes or more of anything");
        let all = [packed(&tar[..cut]), beside.clone(), packed(&tar[cut..])].concat();
        assert!(found("a.tar.zst", &all)[0].starts_with("a.tar.zst!a.txt:1:"));
        let all = [lz4(&tar[..cut]), beside, lz4(&tar[cut..])].concat();
        assert!(found("a.tar.lz4", &all)[0].starts_with("a.tar.lz4!a.txt:1:"));
    }
}

/// Bytes compressed with zlib.
fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut packer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
    packer.write_all(bytes).expect("memory can be written to");
    packer.finish().expect("memory can be written to")
}

#[test]
fn what_follows_the_only_stream_of_a_file_is_scanned() {
    let numbers: String = (0..20_000).map(|number| format!("{number}\n")).collect();
    for text in [&b"nothing, nothing, nothing\n"[..], numbers.as_bytes()] {
        for (name, packed) in [("a.z", zlib(text)), ("a.lzma", lzma(text, true))] {
            for between in [&b""[..], b"\n", &[0; 100]] {
                let all = [&packed[..], between, &line()].concat();
                assert_eq!(found(name, &all).len(), 1, "{name} {}", text.len());
            }
            let workspace = Workspace::new();
            let skipped = |bytes: &[u8]| {
                workspace.write_bytes(name, bytes);
                workspace.run(&["--format", "json"]).skipped()
            };
            // A line feed at the end holds no secret; a stream that is cut off is said.
            assert_eq!(skipped(&[&packed[..], b"\n"].concat()), Vec::<String>::new());
            assert_eq!(skipped(&packed[..packed.len() - 12]), [format!("{name} malformed")]);
        }
    }
}

/// Text compressed with LZMA, without a header.
fn lzma(bytes: &[u8], header: bool) -> Vec<u8> {
    use lzma_rust2::{LzmaOptions, LzmaWriter};
    let options = LzmaOptions::with_preset(1);
    let mut packer = match header {
        true => LzmaWriter::new_use_header(Vec::new(), &options, None),
        false => LzmaWriter::new_no_header(Vec::new(), &options, true),
    }
    .expect("usual options");
    packer.write_all(bytes).expect("memory can be written to");
    packer.finish().expect("memory can be written to")
}

#[test]
fn lzma_is_read_by_itself_and_in_zip() {
    let text = [&line()[..], &[b'#'; 400]].concat();
    let places = found("a.txt.lzma", &lzma(&text, true));
    assert!(places.len() == 1 && places[0].starts_with("a.txt.lzma:1:"), "{places:?}");
    let dictionary = lzma_rust2::LzmaOptions::with_preset(1).dict_size.to_le_bytes();
    let packed = [&b"\x09\x14\x05\0\x5d"[..], &dictionary, &lzma(&text, false)].concat();
    let (member, entry) = packed_by(14, "a.txt", &packed, text.len());
    let places = found("a.zip", &archive(b"", &member, &entry, b""));
    assert!(places.len() == 1 && places[0].starts_with("a.zip!a.txt:1:"), "{places:?}");
}
