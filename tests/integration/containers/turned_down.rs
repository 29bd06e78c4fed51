//! Settings that open containers less deeply, or not at all.

use crate::support::{Workspace, token};
use std::io::Write;

fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packer.write_all(bytes).expect("memory can be written to");
    packer.finish().expect("memory can be written to")
}

/// A folder with one leak compressed once, and one compressed twice.
fn packed() -> Workspace {
    let workspace = Workspace::new();
    let leak = |label| format!("{}login(token=\"{}\")\n", "#\n".repeat(2000), token(label));
    workspace.write_bytes("once.gz", &gzipped(leak("once").as_bytes()));
    workspace.write_bytes("twice.gz", &gzipped(&gzipped(leak("twice").as_bytes())));
    workspace
}

/// The files with findings, and the skips.
fn answer(workspace: &Workspace, args: &[&str]) -> (Vec<String>, Vec<String>) {
    let run = workspace.run(&[args, &["--format", "json"]].concat());
    let file = |place: &String| place.split([':', '!']).next().unwrap_or_default().to_string();
    let mut files: Vec<String> = run.places().iter().map(file).collect();
    files.dedup();
    (files, run.skipped())
}

#[test]
fn containers_are_opened_unless_one_says_otherwise() {
    let workspace = packed();
    assert_eq!(answer(&workspace, &[]).0, ["once.gz", "twice.gz"]);
    for off in
        [&["--no-containers"][..], &["--max-depth", "0"], &["--max-depth=3", "--no-containers"]]
    {
        assert_eq!(answer(&workspace, off), (vec![], vec![]), "{off:?}");
    }
    workspace.write_bytes("hfscan.toml", b"containers = false\n");
    assert_eq!(answer(&workspace, &[]).0, Vec::<String>::new());
}

#[test]
fn what_a_limit_leaves_out_is_told() {
    let workspace = packed();
    let (files, skipped) = answer(&workspace, &["--max-depth", "1"]);
    assert_eq!(files, ["once.gz"]);
    assert!(skipped.len() == 1 && skipped[0].contains("user-limit"), "{skipped:?}");

    let (_, skipped) = answer(&workspace, &["--max-expanded-size", "1K"]);
    assert_eq!(skipped.iter().filter(|one| one.contains("user-limit")).count(), 2, "{skipped:?}");
    let (files, skipped) = answer(&workspace, &["--max-entries", "1"]);
    assert!(files == ["once.gz"] && skipped.len() == 1, "{files:?} {skipped:?}");
}

#[test]
fn a_repository_cannot_keep_its_scanner_busy() {
    let workspace = packed();
    workspace.write_bytes("hfscan.toml", b"max-entries = 999999999\n");
    let run = workspace.run(&[]);
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("hfscan.toml:1: `max-entries`"), "{}", run.stderr);
    let (files, _) = answer(&workspace, &["--isolated"]);
    assert_eq!(files, ["once.gz", "twice.gz"]);
}

#[test]
fn a_depth_that_would_end_the_stack_is_not_gone_down() {
    let mut packed = token("deep").into_bytes();
    for _ in 0..300 {
        packed = gzipped(&packed);
    }
    let workspace = Workspace::new();
    workspace.write_bytes("deep.gz", &packed);
    let (files, skipped) = answer(&workspace, &["--max-depth", "1000"]);
    assert_eq!((files.len(), skipped.len()), (0, 1), "{skipped:?}");
}
