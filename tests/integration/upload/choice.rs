//! The files that are sent. `ci/upload-compare.py` compares the selection with the real client.

use crate::support::{Run, Workspace};
use serde_json::Value;

/// The names of the files that are sent.
fn goes_up(run: &Run) -> Vec<String> {
    let upload = &run.json()["upload"];
    let names = upload["included"].as_array().unwrap().iter();
    names.map(|file| file["path"].as_str().unwrap().to_string()).collect()
}

/// `path by` of each file that is not sent.
fn left_out(run: &Run) -> Vec<String> {
    let upload = &run.json()["upload"];
    let files = upload["excluded"].as_array().unwrap().iter();
    files
        .map(|file| format!("{} {}", file["path"].as_str().unwrap(), file["by"].as_str().unwrap()))
        .collect()
}

fn looked_at(workspace: &Workspace, args: &[&str]) -> Run {
    workspace.run(&[&["upload", "--format", "json"], args].concat())
}

/// A tree with special cases: hidden files, links, a git folder and one of the client.
#[cfg(unix)]
fn tree() -> Workspace {
    let workspace = Workspace::new();
    for path in [
        ".env",
        "sub/.env",
        "prod.env",
        ".env.local",
        "README.md",
        "empty/../.hidden/x",
        ".git/config",
        "vendored/.git",
        ".cache/huggingface/upload/x",
        "sub/.gitignore",
        "logs/a.log",
        "keep.log",
    ] {
        workspace.write(path, "x = 1\n");
    }
    workspace.write_bytes(".gitignore", b"*.log\r\n!keep.log\r\nsub/.env\r\n");
    std::os::unix::fs::symlink("../outside", workspace.path("out")).unwrap();
    std::fs::write(workspace.root().join("../outside"), "x = 1\n").unwrap();
    std::os::unix::fs::symlink("prod.env", workspace.path("inside")).unwrap();
    std::os::unix::fs::symlink("sub", workspace.path("folder")).unwrap();
    std::os::unix::fs::symlink("nowhere", workspace.path("dangling")).unwrap();
    workspace
}

#[cfg(unix)]
#[test]
fn an_upload_takes_what_the_client_would_take() {
    let workspace = tree();
    let run = looked_at(&workspace, &[]);
    assert_eq!(
        goes_up(&run),
        [
            ".env",
            ".env.local",
            ".gitignore",
            ".hidden/x",
            "README.md",
            "inside",
            "keep.log",
            "out",
            "prod.env",
            "sub/.gitignore"
        ]
    );
    assert_eq!(
        left_out(&run),
        [
            ".cache/huggingface/upload/x built-in",
            ".git/config built-in",
            "dangling not-a-file",
            "folder not-a-file",
            "logs/a.log gitignore",
            "sub/.env gitignore",
            "vendored/.git built-in"
        ]
    );
    let upload = &run.json()["upload"];
    assert_eq!(upload["gitignore"], "sent");
    let notes = upload["notes"].to_string();
    assert!(notes.contains("no `.gitignore` of a sub-folder: `sub/.gitignore`"), "{notes}");
}

#[test]
fn a_pattern_matches_the_whole_path() {
    let workspace = Workspace::new();
    for path in [".env", "sub/.env", "prod.env", ".env.local", "a.py", "sub/b.py"] {
        workspace.write(path, "x = 1\n");
    }
    let up = |args: &[&str]| goes_up(&looked_at(&workspace, args));
    assert_eq!(up(&["--exclude", ".env"]).len(), 5);
    assert_eq!(up(&["--exclude", "*.env*"]), ["a.py", "sub/b.py"]);
    assert_eq!(up(&["--exclude", "sub/", "--exclude", "*.env*"]), ["a.py"]);
    assert_eq!(up(&["--exclude", "sub"]).len(), 6);
    assert_eq!(up(&["--include", "*.py", "--exclude", "sub/*"]), ["a.py"]);
    assert_eq!(up(&["*.py"]), ["a.py", "sub/b.py"]);
}

#[test]
fn a_gitignore_counts_only_at_the_root_of_the_repository() {
    let workspace = Workspace::new();
    workspace.write(".gitignore", "*.log\n");
    workspace.write("a.log", "x = 1\n");
    workspace.write("build/b.log", "x = 1\n");
    let gitignore = |args: &[&str]| looked_at(&workspace, args).json()["upload"].clone();
    let is = |upload: &Value, state: &str, files: usize| {
        assert_eq!(upload["gitignore"], state, "{upload}");
        assert_eq!(upload["included"].as_array().unwrap().len(), files, "{upload}");
    };
    is(&gitignore(&[]), "sent", 1);
    is(&gitignore(&["--to", "o/r/."]), "sent", 1);
    is(&gitignore(&["--to", "o/r/sub"]), "not-heeded", 3);
    is(&gitignore(&["--include", "*.log"]), "not-heeded", 2);
    is(&gitignore(&["--exclude", ".git*"]), "not-heeded", 2);
    is(&gitignore(&["build"]), "none", 1);
    let hosted = ["build", "--hosted-gitignore", ".gitignore"];
    let run = looked_at(&workspace, &hosted);
    assert_eq!(left_out(&run), ["build/b.log gitignore"]);
}

#[test]
fn a_single_file_goes_up_whatever_the_patterns() {
    let workspace = Workspace::with("sub/a.log", "x = 1\n");
    let run = looked_at(&workspace, &["sub/a.log", "--exclude", "*", "--to", "o/r/b.txt"]);
    assert_eq!(goes_up(&run), ["sub/a.log"]);
    assert_eq!(run.json()["upload"]["included"][0]["name"], "b.txt");
}

#[test]
fn a_bucket_takes_everything() {
    let workspace = Workspace::new();
    for path in [".git/config", ".cache/pip/x", ".env", "a.log"] {
        workspace.write(path, "x = 1\n");
    }
    workspace.write(".gitignore", "*.log\n");
    let run = looked_at(&workspace, &["--to", "hf://buckets/o/b"]);
    assert_eq!(goes_up(&run), [".cache/pip/x", ".env", ".git/config", ".gitignore", "a.log"]);
    workspace.write("../filter", "# what to leave\n- .git/*\n+ *.log\n- .cache/*\n");
    let run = looked_at(&workspace, &["--bucket", "--filter-from", "../filter"]);
    assert_eq!(goes_up(&run), [".env", ".gitignore", "a.log"]);
}

#[cfg(unix)]
#[test]
fn what_makes_the_client_fail_is_told() {
    use std::os::unix::ffi::OsStrExt;
    let workspace = Workspace::new();
    workspace.write("a.py", "x = 1\n");
    workspace.write(".cache/pip/x", "x = 1\n");
    workspace.write_bytes("README.md", b"---\n---\n\xff\n");
    workspace.write_bytes(std::ffi::OsStr::from_bytes(b"a\xff.txt"), b"x = 1\n");
    let run = looked_at(&workspace, &[]);
    let fails = run.json()["upload"]["fails"].to_string();
    for text in ["a part `.cache`", "its name is not UTF-8", "the client reads it as UTF-8"] {
        assert!(fails.contains(text), "{text}: {fails}");
    }
    assert_eq!(run.code, Some(1), "{run:?}");
    assert_eq!(run.places().iter().filter(|place| place.contains("upload-fails")).count(), 3);
    let run = looked_at(&workspace, &["--to", "o/r/../x"]);
    assert!(run.json()["upload"]["fails"].to_string().contains("part `..`"), "{run:?}");
}

#[test]
fn an_upload_of_nothing_is_an_error() {
    let workspace = Workspace::with("a.py", "x = 1\n");
    let run = workspace.run(&["upload", "--include", "*.txt"]);
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("no file would be uploaded: 1 files are excluded"), "{run:?}");
    let run = workspace.run(&["upload", "missing"]);
    assert_eq!(run.code, Some(2), "{run:?}");
}
