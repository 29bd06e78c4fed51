//! Large files on the Hub: ranges, redirects, samples, and resuming after an interruption.

use super::{
    hub::{COMMIT, found, ranged, scanned},
    server::{Answer, Asked, Server},
};
use crate::support::{Workspace, token};
use serde_json::json;
use std::{
    io::{Read, Seek, SeekFrom},
    path::PathBuf,
    sync::Arc,
};

/// A server with one model whose LFS files are on another server, and that other server.
fn hub(files: Vec<(&'static str, PathBuf)>) -> (Server, Server) {
    let files = Arc::new(files);
    let on_cdn = files.clone();
    let cdn = Server::start(move |asked| {
        let name = asked.path.trim_start_matches('/').split('?').next().unwrap();
        match on_cdn.iter().find(|(one, _)| *one == name) {
            Some((_, path)) => of_file(asked, path),
            None => Answer::of(404, ""),
        }
    });
    let address = cdn.address.clone();
    let server = Server::start(move |asked| {
        let resolve = format!("/me/model/resolve/{COMMIT}/");
        match asked.path.split('?').next().unwrap() {
            "/api/models/me/model/revision/main" => Answer::json(json!({ "sha": COMMIT })),
            path if path.contains("/tree/") => Answer::json(
                files
                    .iter()
                    .map(|(name, path)| {
                        let size = std::fs::metadata(path).unwrap().len();
                        json!({ "type": "file", "path": name, "size": size, "oid": "pointer",
                                "lfs": { "oid": format!("sha-{name}"), "size": size, "pointerSize": 130 } })
                    })
                    .collect(),
            ),
            path => match path.strip_prefix(&resolve) {
                Some(name) => Answer::of(302, "").with("Location", format!("{address}/{name}?signature=s")),
                None => Answer::of(404, "{}"),
            },
        }
    });
    (server, cdn)
}

/// The requested part of a file; the whole file if it is small.
fn of_file(asked: &Asked, path: &PathBuf) -> Answer {
    let mut file = std::fs::File::open(path).unwrap();
    let len = file.metadata().unwrap().len();
    let Some((first, end)) = asked.range() else {
        assert!(len < 64 << 20, "a large file was asked for as a whole");
        return ranged(asked, &std::fs::read(path).unwrap());
    };
    let end = end.min(len);
    file.seek(SeekFrom::Start(first)).unwrap();
    let mut bytes = Vec::new();
    file.take(end - first).read_to_end(&mut bytes).unwrap();
    Answer::of(206, bytes)
        .with("Content-Range", format!("bytes {first}-{}/{len}", end - 1))
        .with("ETag", format!("\"{}\"", path.display()))
}

/// Creates a file with a Python script.
fn made(workspace: &Workspace, name: &str, script: &str) -> PathBuf {
    let path = workspace.path(name);
    let mut python = std::process::Command::new("python3");
    let status = python.args(["-c", script]).arg(&path).arg(token("a")).status();
    assert!(status.expect("Python 3 runs").success());
    path
}

/// A checkpoint of 10 GB with sparse weights: a ZIP64 with two stored members, the pickle listed
/// first, as `torch.save` writes it.
const CHECKPOINT: &str = r#"
import pickle, struct, sys, zlib
class TrainingArguments: pass
args = TrainingArguments()
args.output_dir, args.hub_token, args.seed = "out", sys.argv[2], 42
pickled = pickle.dumps(args, 2)
hole = 10_000_000_000
def local(name, size, crc):
    extra = struct.pack("<HHQQ", 1, 16, size, size)
    return struct.pack("<IHHHHHIIIHH", 0x04034B50, 45, 0, 0, 0, 33, crc, 0xFFFFFFFF, 0xFFFFFFFF, len(name), len(extra)) + name + extra
def central(name, size, crc, offset):
    extra = struct.pack("<HHQQQ", 1, 24, size, size, offset)
    return struct.pack("<IHHHHHHIIIHHHHHII", 0x02014B50, 45, 45, 0, 0, 0, 33, crc, 0xFFFFFFFF, 0xFFFFFFFF, len(name), len(extra), 0, 0, 0, 0, 0xFFFFFFFF) + name + extra
crc = zlib.crc32(pickled)
with open(sys.argv[1], "wb") as file:
    file.write(local(b"args/data/0", hole, 0))
    file.seek(hole, 1)
    second = file.tell()
    file.write(local(b"args/data.pkl", len(pickled), crc) + pickled)
    start = file.tell()
    directory = central(b"args/data.pkl", len(pickled), crc, second) + central(b"args/data/0", hole, 0, 0)
    file.write(directory)
    end = file.tell()
    file.write(struct.pack("<IQHHIIQQQQ", 0x06064B50, 44, 45, 45, 0, 0, 2, 2, len(directory), start))
    file.write(struct.pack("<IIQI", 0x07064B50, 0, end, 1))
    file.write(struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 2, 2, 0xFFFFFFFF, 0xFFFFFFFF, 0))
"#;

const SAFETENSORS: &str = r#"
import json, struct, sys
header = json.dumps({"__metadata__": {"hub_token": sys.argv[2]}, "w": {"dtype": "U8", "shape": [2000000000], "data_offsets": [0, 2000000000]}}).encode()
with open(sys.argv[1], "wb") as file:
    file.write(struct.pack("<Q", len(header)) + header)
    file.truncate(8 + len(header) + 2000000000)
"#;

#[cfg(unix)]
#[test]
#[allow(clippy::print_stderr)]
fn a_token_in_a_checkpoint_of_10_gb_costs_kilobytes() {
    let workspace = Workspace::new();
    let checkpoint = made(&workspace, "training_args.bin", CHECKPOINT);
    let weights = made(&workspace, "model.safetensors", SAFETENSORS);
    let (server, cdn) =
        hub(vec![("training_args.bin", checkpoint), ("model.safetensors", weights)]);
    let run = scanned(&server, &["-v", "me/model"]);
    let mut found = found(&run);
    found.retain(|one| !one.ends_with("token-reused"));
    assert_eq!(
        found,
        [
            "hf://me/model@0123456789ab/model.safetensors model-artifact-token",
            "hf://me/model@0123456789ab/training_args.bin training-args-bin-token"
        ],
        "{run:?}"
    );
    for line in run.stderr.lines().filter(|line| line.starts_with("received ")) {
        eprintln!("{line}");
    }
    let received: usize = cdn
        .asked()
        .iter()
        .map(|one| one.range().map_or(0, |(first, end)| usize::try_from(end - first).unwrap()))
        .sum();
    assert!(received < 4 << 20, "{received} bytes: {:?}", cdn.asked());
    assert!(!cdn.asked().is_empty());
    for one in cdn.asked() {
        assert_eq!(one.header("authorization"), None, "{one:?}");
        assert!(!format!("{one:?}").contains("made-up-reader"), "{one:?}");
    }
}

#[test]
fn a_large_text_is_sampled_unless_all_of_it_is_asked_for() {
    let workspace = Workspace::new();
    let line = "{\"text\": \"nothing to see\"}\n".repeat(200_000);
    let planted = |label: &str| format!("{{\"token\": \"{}\"}}\n", token(label));
    let text = format!("{}{line}{}{line}{}", planted("first"), planted("middle"), planted("last"));
    workspace.write_bytes("data.jsonl", text.as_bytes());
    let (server, cdn) = hub(vec![("data.jsonl", workspace.path("data.jsonl"))]);
    let run = scanned(&server, &["me/model"]);
    assert_eq!(found(&run).len(), 2, "{run:?}");
    assert!(run.stdout.contains("sampled: the first and the last 1048576 of"), "{run:?}");
    assert!(cdn.asked().len() < 14, "{}", cdn.asked().len());
    let run = scanned(&server, &["--full", "me/model"]);
    assert_eq!(found(&run).len(), 3, "{run:?}");
    assert_eq!(run.json()["complete"], true);

    let clean = "{\"text\": \"nothing to see\"}\n".repeat(400_000);
    workspace.write_bytes("data.jsonl", clean.as_bytes());
    assert_eq!(scanned(&server, &["me/model"]).code, Some(2));
    assert_eq!(scanned(&server, &["--sample-ok", "me/model"]).code, Some(0));
}

#[test]
fn a_scan_that_was_killed_goes_on_where_it_was() {
    let workspace = Workspace::new();
    let line = "{\"text\": \"nothing to see\"}\n".repeat(400_000);
    workspace
        .write_bytes("data.jsonl", format!("{line}{{\"token\": \"{}\"}}\n", token("a")).as_bytes());
    let path = workspace.path("data.jsonl");
    let (server, cdn) = hub(vec![("data.jsonl", path)]);
    let store = workspace.path("../pieces");
    let args = [
        "hub",
        "--full",
        "--format",
        "json",
        "--endpoint",
        &server.address,
        "me/model",
        "-j1",
        "--store",
    ];
    let mut child = workspace
        .command(&args)
        .arg(&store)
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    while cdn.asked().len() < 8 {
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let kept = std::fs::read_dir(&store).unwrap().flatten();
    let kept = kept.filter(|one| !one.file_name().to_string_lossy().starts_with('.')).count();
    let before = cdn.asked().len();
    let output = workspace.command(&args).arg(&store).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let blocks = std::fs::metadata(workspace.path("data.jsonl")).unwrap().len().div_ceil(256 << 10);
    let after = cdn.asked().len() - before;
    assert!(kept > 0 && after as u64 + kept as u64 == blocks, "{kept} kept, {after} of {blocks}");
    // A third scan transfers only lists.
    let before = cdn.asked().len();
    let output = workspace.command(&args).arg(&store).output().unwrap();
    assert_eq!((output.status.code(), cdn.asked().len() - before), (Some(1), 0));
}

#[test]
fn a_file_that_changes_while_it_is_read_is_not_taken_for_clean() {
    let workspace = Workspace::new();
    workspace.write_bytes("a.txt", &vec![b'x'; 9 << 20]);
    let bytes = std::fs::read(workspace.path("a.txt")).unwrap();
    let count = std::sync::atomic::AtomicUsize::new(0);
    let server = Server::start(move |asked| match asked.path.split('?').next().unwrap() {
        "/api/models/me/model/revision/main" => Answer::json(json!({ "sha": COMMIT })),
        path if path.contains("/tree/") => Answer::json(
            json!([{ "type": "file", "path": "a.txt", "size": bytes.len(), "oid": "x" }]),
        ),
        _ => {
            let mut answer = ranged(asked, &bytes);
            answer.headers.retain(|(name, _)| name != "ETag");
            let tag = count.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            answer.with("ETag", format!("\"{tag}\""))
        }
    });
    let run = scanned(&server, &["--full", "me/model"]);
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(run.stdout.contains("the file changed while it was read"), "{run:?}");
}

#[test]
#[allow(clippy::print_stderr)]
fn the_text_of_a_parquet_file_costs_less_than_the_file() {
    let Some(python) = std::env::var_os("HFSCAN_TEST_PYTHON") else {
        return eprintln!("skipped: HFSCAN_TEST_PYTHON names no Python with pyarrow");
    };
    let script = r#"
import random, sys, pyarrow, pyarrow.parquet
rng = random.Random(1)
numbers = [rng.random() for _ in range(3_000_000)]
text = ["nothing"] * 3_000_000
text[1_500_000] = "token " + sys.argv[2]
pyarrow.parquet.write_table(pyarrow.table({"n": numbers, "text": text}), sys.argv[1], compression="zstd")
"#;
    let workspace = Workspace::new();
    let path = workspace.path("data.parquet");
    let mut command = std::process::Command::new(python);
    assert!(command.args(["-c", script]).arg(&path).arg(token("a")).status().unwrap().success());
    let len = std::fs::metadata(&path).unwrap().len();
    let (server, _cdn) = hub(vec![("data.parquet", path)]);
    let run = scanned(&server, &["-v", "me/model"]);
    assert_eq!(found(&run).len(), 1, "{run:?}");
    let line = run.stderr.lines().find(|line| line.starts_with("received ")).unwrap().to_string();
    let received: u64 = line.split(' ').nth(1).unwrap().parse().unwrap();
    eprintln!("{line}");
    assert!(received * 4 < len, "{received} of {len}");
}
