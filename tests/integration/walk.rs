//! The files that are scanned, and those reported as skipped.

use crate::support::{Workspace, token};

const TOKEN: &str = "hf_{{alpha:34}}";

/// The files with findings in a scan with these arguments.
fn found(workspace: &Workspace, args: &[&str]) -> Vec<String> {
    let run =
        workspace.run(&[&["--format", "json", "--ignore", "token-reused,dotenv-*"], args].concat());
    run.places().iter().map(|place| place.split(':').next().unwrap().to_string()).collect()
}

#[test]
fn hidden_files_are_scanned() {
    let workspace = Workspace::new();
    for path in [".env", ".config/a.toml", "src/.hidden/deep/b.py"] {
        workspace.write(path, TOKEN);
    }
    assert_eq!(found(&workspace, &[]), [".config/a.toml", ".env", "src/.hidden/deep/b.py"]);
}

#[test]
fn ignore_files_are_honoured_at_every_level() {
    let workspace = Workspace::new();
    workspace.write(".gitignore", "/a.txt\nlogs/\n");
    workspace.write("sub/.gitignore", "b.txt\n!kept.log\n");
    workspace.write(".ignore", "c.txt\n");
    workspace.write(".hfscanignore", "d.txt\n");
    for path in ["a.txt", "sub/a.txt", "sub/b.txt", "logs/x.log", "c.txt", "d.txt", "e.txt"] {
        workspace.write(path, TOKEN);
    }
    assert_eq!(found(&workspace, &[]), ["e.txt", "sub/a.txt"]);
    assert_eq!(found(&workspace, &["--no-ignore"]).len(), 7);
}

#[test]
fn what_a_repository_excludes_in_its_own_file_is_honoured() {
    let workspace = Workspace::new();
    workspace.git(&["init", "-q"]);
    workspace.write(".git/info/exclude", "private.txt\n");
    workspace.write("private.txt", TOKEN);
    workspace.write("public.txt", TOKEN);
    assert_eq!(found(&workspace, &[]), ["public.txt"]);
}

#[test]
fn a_file_that_git_tracks_is_scanned_although_it_is_ignored() {
    let workspace = Workspace::new();
    workspace.git(&["init", "-q"]);
    workspace.write(".gitignore", ".env\nbuild/\n");
    for path in [".env", "build/deep/out.txt", "build/untracked.txt"] {
        workspace.write(path, TOKEN);
    }
    workspace.git(&["add", "-f", ".env", "build/deep/out.txt"]);
    assert_eq!(found(&workspace, &[]), [".env", "build/deep/out.txt"]);
    assert_eq!(found(&workspace, &["--exclude", "build/"]), [".env"]);
    assert_eq!(found(&workspace, &["build"]), ["build/deep/out.txt", "build/untracked.txt"]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_tracked_file_that_a_link_leads_to_elsewhere_is_read_to_its_end() {
    let workspace = Workspace::with("process/smaps", "x");
    workspace.git(&["init", "-q"]);
    workspace.git(&["add", "."]);
    std::fs::remove_dir_all(workspace.path("process")).unwrap();
    std::os::unix::fs::symlink("/proc/self", workspace.path("process")).unwrap();
    let run = workspace.run(&["--format", "json"]);
    // The kernel returns one page at a time.
    assert!(run.json()["summary"]["bytes"].as_u64() > Some(8192), "{run:?}");
}

#[test]
fn a_tracked_file_of_a_nested_repository_and_of_a_worktree_is_scanned() {
    let workspace = Workspace::new();
    for folder in ["main", "nested"] {
        std::fs::create_dir(workspace.path(folder)).unwrap();
        workspace.git(&["-C", folder, "init", "-q"]);
        workspace.write(&format!("{folder}/.gitignore"), ".env\n");
        workspace.write(&format!("{folder}/.env"), TOKEN);
        workspace.git(&["-C", folder, "add", "-f", "."]);
        workspace.git(&["-C", folder, "commit", "-qm", "first"]);
    }
    workspace.git(&["-C", "main", "worktree", "add", "-q", "../tree", "-b", "other"]);
    assert_eq!(found(&workspace, &[]), ["main/.env", "nested/.env", "tree/.env"]);
}

#[test]
fn a_path_that_is_named_is_scanned_although_it_is_ignored() {
    let workspace = Workspace::new();
    workspace.write(".gitignore", "*.env\n");
    workspace.write("a.env", TOKEN);
    assert_eq!(found(&workspace, &["a.env"]), ["a.env"]);
}

#[test]
fn of_the_git_folder_only_the_files_with_remotes_are_scanned() {
    let workspace = Workspace::new();
    workspace.git(&["init", "-q"]);
    let url = format!("https://me:{}@huggingface.co/a/b", token("url"));
    workspace.git(&["remote", "add", "origin", &url]);
    workspace.write(".git/notes.txt", TOKEN);
    workspace.write(".git/modules/lib/inner/config", TOKEN);
    workspace.write(".git/modules/lib/inner/objects/ab/config", TOKEN);
    workspace.write(".git/worktrees/w/config.worktree", TOKEN);
    assert_eq!(
        found(&workspace, &[]),
        [".git/config", ".git/modules/lib/inner/config", ".git/worktrees/w/config.worktree"]
    );
}

#[test]
fn excluded_paths_are_left_out_whole() {
    let workspace = Workspace::new();
    for path in ["a.py", "vendor/b.py", "x/vendor/c.py", "docs/d.md", "docs/e.py"] {
        workspace.write(path, TOKEN);
    }
    assert_eq!(
        found(&workspace, &["--exclude", "vendor/", "--exclude", "docs/*.md"]),
        ["a.py", "docs/e.py"]
    );
}

#[test]
fn files_can_be_listed_by_line_or_by_nul() {
    let workspace = Workspace::new();
    for path in ["a.txt", "b c.txt", "ignored/d.txt"] {
        workspace.write(path, TOKEN);
    }
    workspace.write(".gitignore", "ignored/\n");
    for list in [&b"a.txt\nignored/d.txt\r\n"[..], b"a.txt\0ignored/d.txt\0"] {
        let run = workspace.run_with_input(
            &["--format", "json", "--ignore", "token-reused", "--files-from", "-"],
            list,
        );
        assert_eq!(run.places().len(), 2, "{run:?}");
    }
    workspace.write_bytes("list", b"b c.txt\nno-such-file\n");
    let run = workspace.run(&["--format", "json", "--files-from", "list"]);
    assert_eq!(run.places(), ["b c.txt:1:1 hf-user-access-token"]);
    assert_eq!(run.skipped(), ["no-such-file vanished"]);
}

#[test]
fn an_empty_list_is_not_clean() {
    let run = Workspace::new().run_with_input(&["--files-from", "-"], b"");
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("nothing was scanned"), "{run:?}");
}

#[test]
fn paths_elsewhere_are_named_so_that_they_can_be_opened() {
    let workspace = Workspace::new();
    workspace.write("a/x.py", TOKEN);
    workspace.write("b/y.py", "clean");
    let mut command = workspace.command(&["../a", "../b"]);
    let output = command.current_dir(workspace.path("b")).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    let expected = format!("--> {}:1:1", workspace.path("a/x.py").display());
    assert!(text.contains(&expected), "{text}");
}

#[cfg(unix)]
mod unix {
    use super::*;
    use std::{
        ffi::OsStr,
        os::unix::{ffi::OsStrExt, fs::symlink, process::CommandExt},
    };

    #[test]
    fn symbolic_links_are_not_followed_and_said_so() {
        let workspace = Workspace::new();
        workspace.write("real/a.txt", TOKEN);
        symlink("real/a.txt", workspace.path("link.txt")).unwrap();
        symlink(".", workspace.path("loop")).unwrap();
        symlink("nowhere", workspace.path("dangling")).unwrap();
        let run = workspace.run(&["--format", "json"]);
        assert_eq!(run.places(), ["real/a.txt:1:1 hf-user-access-token"]);
        assert_eq!(run.skipped(), ["dangling symlink", "link.txt symlink", "loop symlink"]);
        assert_eq!(run.code, Some(1));
    }

    #[test]
    fn a_link_that_is_named_means_its_file() {
        let workspace = Workspace::new();
        workspace.write("real.txt", TOKEN);
        symlink("real.txt", workspace.path("link.txt")).unwrap();
        assert_eq!(found(&workspace, &["link.txt"]), ["link.txt"]);
    }

    #[test]
    fn special_files_are_never_opened() {
        let workspace = Workspace::with("a.txt", "clean");
        let fifo =
            std::process::Command::new("mkfifo").arg(workspace.path("fifo")).status().unwrap();
        assert!(fifo.success());
        let _socket = std::os::unix::net::UnixListener::bind(workspace.path("socket")).unwrap();
        // Opening the FIFO would block forever.
        let run = workspace.run(&["--format", "json"]);
        assert_eq!(run.skipped(), ["fifo special-file", "socket special-file"]);
        assert_eq!(run.code, Some(0));
    }

    #[test]
    fn a_name_that_is_not_utf_8_is_scanned_and_shown() {
        let workspace = Workspace::new();
        workspace.write_bytes(OsStr::from_bytes(b"caf\xe9\x1b[31m.txt"), token("a").as_bytes());
        let run = workspace.run(&[]);
        assert!(run.stdout.contains(r"--> caf\xe9\x1b[31m.txt:1:1"), "{run:?}");
        assert_eq!(run.code, Some(1));
    }

    #[test]
    fn what_cannot_be_read_makes_the_answer_untrustworthy() {
        let workspace = Workspace::with("open.txt", "clean");
        workspace.write("closed.txt", TOKEN);
        workspace.write("shut/inside.txt", TOKEN);
        let mode = |path: &str, mode: &str| {
            let status =
                std::process::Command::new("chmod").arg(mode).arg(workspace.path(path)).status();
            assert!(status.unwrap().success());
        };
        for (path, bits) in [("closed.txt", "000"), ("shut", "000"), ("..", "755"), (".", "755")] {
            mode(path, bits);
        }
        let mut command = workspace.command(&["--format", "json"]);
        if rustix::process::geteuid().is_root() {
            // Root can read everything, so the command runs as another user.
            command.uid(65534).gid(65534);
        }
        let output = command.output().unwrap();
        mode("shut", "755");
        let text = String::from_utf8_lossy(&output.stdout);
        let report: serde_json::Value =
            serde_json::from_str(&text).unwrap_or_else(|_| panic!("{output:?}"));
        let skipped: Vec<_> = report["skipped"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["path"].as_str().unwrap())
            .collect();
        assert_eq!(skipped, ["closed.txt", "shut"]);
        assert_eq!(report["complete"], false);
        assert_eq!(output.status.code(), Some(2));
    }
}

#[test]
fn two_sources_cannot_be_scanned_at_once() {
    let workspace = Workspace::with("a.py", "x = 1\n");
    let sources = [
        "--files-from=a.py",
        "--staged",
        "--range=a..b",
        "--since=a",
        "--pre-push",
        "--pre-receive",
        "--history",
        "--all",
    ];
    for (number, one) in sources.iter().enumerate() {
        for other in &sources[number + 1..] {
            let run = workspace.run(&[one, other]);
            assert_eq!(run.code, Some(2), "{one} {other}: {run:?}");
            assert!(run.stderr.contains("cannot be used with"), "{one} {other}: {run:?}");
        }
    }
    let run = workspace.run(&["--files-from=a.py", "--unreachable"]);
    assert!(run.stderr.contains("cannot be used with"), "{run:?}");
}
