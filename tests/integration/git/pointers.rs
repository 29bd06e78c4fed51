//! Small pointer files in place of large files in Git LFS.

use super::repo::{Repo, token};

fn leak(label: &str) -> String {
    format!("TOKEN = \"{}\"\n", token(label))
}

/// Stores `content` as Git LFS does. Returns the pointer.
fn keep(repo: &Repo, content: &str) -> String {
    use sha2::{Digest, Sha256};
    let digest: String = Sha256::digest(content).iter().map(|byte| format!("{byte:02x}")).collect();
    let (first, second) = (&digest[..2], &digest[2..4]);
    repo.write(&format!(".git/lfs/objects/{first}/{second}/{digest}"), content);
    let size = content.len();
    format!("version https://git-lfs.github.com/spec/v1\noid sha256:{digest}\nsize {size}\n")
}

#[test]
fn what_a_pointer_stands_for_is_scanned_under_the_pointers_name() {
    let repo = Repo::new();
    let pointer = keep(&repo, &format!("\n\n\n\n\n{}", leak("lfs")));
    repo.commit_file("x.py", "x = 1\n");
    repo.write("model.bin", &pointer);
    for (args, line) in [(&["."][..], 6), (&["model.bin"], 6)] {
        let scan = repo.scan(args);
        scan.ended_with(1).found_only(&["lfs"]);
        let location = &scan.one("lfs")["location"];
        assert_eq!(
            (&location["path"], &location["start"]["line"]),
            (&"model.bin".into(), &line.into())
        );
    }
    repo.git(&["add", "model.bin"]);
    repo.scan(&["--staged"]).ended_with(1).found_only(&["lfs"]);
    repo.commit("model");
    repo.scan(&["--staged"]).ended_with(0);
    repo.scan(&["--range", "HEAD~..HEAD"]).ended_with(1).found_only(&["lfs"]);
    let scan = repo.scan(&["--history"]);
    scan.ended_with(1).found_only(&["lfs"]);
    assert_eq!(scan.one("lfs")["location"]["path"], "model.bin");
}

#[test]
fn a_pointer_to_what_is_not_here_is_told_of() {
    let repo = Repo::new();
    repo.commit_file("x.py", "x = 1\n");
    let digest = "0a".repeat(32);
    let pointer =
        format!("version https://git-lfs.github.com/spec/v1\noid sha256:{digest}\nsize 10\n");
    repo.write("model.bin", &pointer);
    let scan = repo.scan(&["."]);
    scan.ended_with(0);
    assert_eq!(scan.skipped().len(), 1, "{:?}", scan.skipped());
    // A pointer with more text is an ordinary file.
    repo.write("more.txt", format!("{pointer}{}", leak("more")));
    repo.scan(&["."]).ended_with(1).found_only(&["more"]);
}

#[test]
fn a_new_version_of_what_is_packed_is_new_as_a_whole() {
    use std::io::Write;
    let packed = |text: &str| {
        let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        gz.write_all(text.as_bytes()).expect("memory");
        gz.finish().expect("memory")
    };
    let repo = Repo::new();
    let filler = "the same line\n".repeat(5000);
    repo.add("log.gz", packed(&filler));
    repo.commit("log");
    repo.add("log.gz", packed(&(filler + &leak("late"))));
    repo.scan(&["--staged"]).ended_with(1).found_only(&["late"]);
}
