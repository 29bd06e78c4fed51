//! Archives with many versions in a history.

use super::zip::{archive, deflated};
use crate::git::repo::{Repo, token};

/// A habit that only the Python reader detects.
const HABIT: &[u8] = b"model = AutoModel.from_pretrained('gpt2', use_auth_token=True)\n";

fn zip(name: &str, bytes: &[u8], comment: &str) -> Vec<u8> {
    let (member, entry) = deflated(name, bytes);
    archive(b"", &member, &entry, comment.as_bytes())
}

#[test]
fn a_member_that_held_nothing_is_scanned_again_where_its_name_says_more() {
    let repo = Repo::new();
    for name in ["data.bin", "other/data.bin", "use.py", "data.bin", "deep/use.py", "use.txt"] {
        repo.commit_file("a.zip", zip(name, HABIT, ""));
    }
    let scan = repo.scan(&["--history", "--past-habits", "--every-occurrence"]);
    scan.ended_with(1);
    let found = scan.findings();
    let mut inside: Vec<_> = found.iter().map(|one| one["location"]["inside"][0].clone()).collect();
    inside.sort_by_key(ToString::to_string);
    assert_eq!(inside, ["deep/use.py", "use.py"], "{:#}", scan.report);
    assert!(found.iter().all(|one| one["rule"] == "deprecated-use-auth-token"));
}

#[test]
fn a_token_is_reported_in_each_version_and_every_byte_is_counted() {
    let repo = Repo::new();
    let leak = format!("HF_TOKEN={}\n", token("a"));
    for path in ["a.zip", "b.zip"] {
        repo.commit_file(path, zip("notes.txt", leak.as_bytes(), path));
    }
    let quiet = b"nothing here\n".repeat(10_000);
    let bytes_of = |versions: usize| {
        for version in 0..versions {
            repo.commit_file("c.zip", zip("c.txt", &quiet, &"c".repeat(version)));
        }
        let scan = repo.scan(&["--history", "--every-occurrence"]);
        assert_eq!(scan.ended_with(1).of("a").len(), 2, "{:#}", scan.report);
        scan.report["summary"]["bytes"].as_u64().expect("a number")
    };
    let (one, three) = (bytes_of(1), bytes_of(3));
    // The count includes commits, with some hundred bytes each.
    assert_eq!((three - one) / quiet.len() as u64, 2);
}
