//! The exit status of an incomplete scan, and the page that describes it.

use crate::support::{Workspace, token};
use hfscan::{Completeness, SkipReason};
use std::{collections::BTreeMap, io::Write};

/// The cells of each row of the table of reasons, by the reason's name.
fn rows() -> BTreeMap<String, Vec<String>> {
    let page = include_str!("../../docs/exit-status.md");
    let table = page.lines().skip_while(|line| !line.starts_with("| reason |")).skip(2);
    let rows = table.take_while(|line| line.starts_with('|'));
    let cells = |row: &str| -> Vec<String> {
        row.trim_matches('|').split('|').map(|cell| cell.trim().to_string()).collect()
    };
    rows.map(cells).map(|row| (row[0].trim_matches('`').to_string(), row)).collect()
}

#[test]
fn the_page_states_the_effect_of_every_reason_as_the_program_does() {
    let rows = rows();
    assert_eq!(rows.len(), SkipReason::ALL.len());
    let status = |failure: bool| if failure { "2" } else { "0" };
    let word = |is_so: bool| if is_so { "yes" } else { "no" };
    let strict = Completeness { strict: true, ..Completeness::default() };
    for reason in SkipReason::ALL {
        let plain = Completeness::default();
        let expected = [
            status(plain.is_failure(reason)),
            status(strict.is_failure(reason)),
            word(plain.is_complete(reason)),
            word(reason.can_be_allowed()),
        ];
        assert_eq!(rows[reason.as_str()][2..], expected, "{}", reason.as_str());
    }
}

#[test]
fn readme_and_security_refer_to_the_page() {
    for page in [include_str!("../../README.md"), include_str!("../../SECURITY.md")] {
        assert!(page.contains("docs/exit-status.md"));
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(bytes).expect("a vector takes all");
    packed.finish().expect("a vector takes all")
}

/// A file compressed six times, which exceeds the built-in limit.
fn deep() -> Vec<u8> {
    (0..6).fold(b"text\n".to_vec(), |bytes, _| gzip(&bytes))
}

fn status(workspace: &Workspace, args: &[&str]) -> (Option<i32>, bool, Vec<String>) {
    let run = workspace.run(&[args, &["-f", "json"]].concat());
    let complete = run.json()["complete"].as_bool().expect("a boolean");
    (run.code, complete, run.skipped())
}

#[test]
fn a_built_in_limit_makes_the_status_2_and_a_limit_of_the_user_does_not() {
    let workspace = Workspace::new();
    workspace.write_bytes("deep.gz", &deep());
    assert_eq!(status(&workspace, &["."]).0, Some(2));
    assert!(!status(&workspace, &["."]).1);
    let (code, complete, skipped) = status(&workspace, &[".", "--max-depth", "2"]);
    assert_eq!((code, complete), (Some(0), true));
    assert_eq!(skipped, ["deep.gz user-limit"]);
    assert_eq!(status(&workspace, &[".", "--max-depth", "0"]).0, Some(0));
    assert_eq!(status(&workspace, &[".", "--max-depth", "6"]).0, Some(0));
}

#[test]
fn a_limit_of_the_scanned_project_makes_the_status_2() {
    let workspace = Workspace::new();
    workspace.write("large.txt", &"x\n".repeat(100));
    workspace.write("hfscan.toml", "max-file-size = 100\n");
    let (code, complete, skipped) = status(&workspace, &["large.txt"]);
    assert_eq!((code, complete), (Some(2), false));
    assert_eq!(skipped, ["large.txt too-large"]);
    assert_eq!(status(&workspace, &[".", "--max-file-size", "100"]).0, Some(0));
    assert_eq!(status(&workspace, &[".", "--config", "hfscan.toml"]).0, Some(0));
    assert_eq!(status(&workspace, &[".", "--isolated"]).0, Some(0));
}

#[test]
fn a_reason_can_be_allowed_by_the_flag_and_by_the_configuration() {
    let workspace = Workspace::new();
    workspace.write_bytes("deep.gz", &deep());
    let (code, complete, _) = status(&workspace, &[".", "--allow-incomplete=over-limit"]);
    assert_eq!((code, complete), (Some(0), false));
    assert_eq!(status(&workspace, &[".", "--allow-incomplete=vanished"]).0, Some(2));
    workspace.write("hfscan.toml", "allow-incomplete = [\"over-limit\"]\n");
    assert_eq!(status(&workspace, &["."]).0, Some(0));
    assert_eq!(status(&workspace, &[".", "--isolated"]).0, Some(2));
    let run = workspace.run(&[".", "--allow-incomplete=crashed"]);
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("over-limit"), "{}", run.stderr);
}

#[test]
fn a_damaged_file_is_scanned_as_bytes_and_fails_only_a_strict_scan() {
    let workspace = Workspace::new();
    let whole = gzip(&b"text and more of it, which is not over yet\n".repeat(50));
    workspace.write_bytes("cut.gz", &whole[..whole.len() - 12]);
    let (code, complete, skipped) = status(&workspace, &["."]);
    assert_eq!((code, complete), (Some(0), false));
    assert_eq!(skipped, ["cut.gz malformed"]);
    assert_eq!(status(&workspace, &[".", "--strict"]).0, Some(2));
    assert_eq!(status(&workspace, &[".", "--strict", "--allow-incomplete=malformed"]).0, Some(0));
    let with_token = [&whole[..whole.len() - 12], b"\n", token("raw").as_bytes()].concat();
    workspace.write_bytes("cut.gz", &with_token);
    assert_eq!(status(&workspace, &["."]).0, Some(1));
}

#[test]
fn an_encrypted_pdf_is_one_record_of_its_own() {
    let workspace = Workspace::new();
    let streams: String = (0..40)
        .map(|number| {
            format!(
                "{number} 0 obj\n<</Filter/FlateDecode/Length 9>>\nstream\nqwertyuio\nendstream endobj\n"
            )
        })
        .collect();
    let pdf = format!("%PDF-1.7\n{streams}trailer\n<</Root 1 0 R/Encrypt 9 0 R>>\n%%EOF\n");
    workspace.write_bytes("locked.pdf", pdf.as_bytes());
    let (code, complete, skipped) = status(&workspace, &["."]);
    assert_eq!((code, complete), (Some(0), false));
    assert_eq!(skipped, ["locked.pdf encrypted"]);
    assert_eq!(status(&workspace, &[".", "--strict"]).0, Some(2));
    let open = pdf.replace("/Encrypt 9 0 R", "/EncryptMetadata false");
    workspace.write_bytes("locked.pdf", open.as_bytes());
    assert_eq!(status(&workspace, &["."]).2.len(), 40);
}

#[test]
fn an_lfs_pointer_without_content_is_no_failure() {
    let workspace = Workspace::new();
    let pointer = format!(
        "version https://git-lfs.github.com/spec/v1\noid sha256:{}\nsize 12\n",
        "0a".repeat(32)
    );
    workspace.write_bytes("model.bin", pointer.as_bytes());
    workspace.write("other.txt", "x\n");
    let (code, complete, skipped) = status(&workspace, &[".", "--strict"]);
    assert_eq!((code, complete), (Some(0), true));
    assert_eq!(skipped, ["model.bin lfs-pointer"]);
}

#[test]
fn the_deprecated_limit_of_time_is_accepted_with_a_warning() {
    let workspace = Workspace::with("a.txt", "x\n");
    let run = workspace.run(&[".", "--max-container-time", "1"]);
    assert_eq!(run.code, Some(0));
    assert!(run.stderr.contains("`max-container-time` is deprecated"), "{}", run.stderr);
}

#[test]
fn of_many_encoded_tokens_all_are_found_and_of_too_many_texts_it_is_told() {
    use base64::{Engine, engine::general_purpose::STANDARD};
    let workspace = Workspace::new();
    // Lines without padding, so that base64 appears to continue.
    let lines = (0..300)
        .map(|number| STANDARD.encode(format!("x:{}", token(&format!("encoded-{number}")))) + "\n");
    workspace.write_bytes("lines.txt", lines.collect::<String>().as_bytes());
    let run = workspace.run(&["--format", "json", "lines.txt"]);
    assert_eq!((run.code, run.places().len()), (Some(1), 300));
    let texts = ("68665f61".repeat(24) + "\n").repeat(1_000);
    workspace.write_bytes("texts.txt", texts.as_bytes());
    let run = workspace.run(&["--format", "json", "texts.txt"]);
    assert_eq!(run.code, Some(2));
    assert!(run.skipped()[0].contains("over-limit"), "{:?}", run.skipped());
}
