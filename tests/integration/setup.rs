//! `hfscan init` and `hfscan doctor`.

use crate::support::Workspace;

fn repository() -> Workspace {
    let workspace = Workspace::new();
    workspace.git(&["init", "-q"]);
    workspace
}

fn read(workspace: &Workspace, path: &str) -> String {
    std::fs::read_to_string(workspace.path(path)).unwrap_or_default()
}

#[test]
fn init_shows_first_and_writes_nothing_unasked() {
    let workspace = repository();
    let run = workspace.run(&["init"]);
    assert_eq!(run.code, Some(2));
    for path in [".hfscan.toml", ".pre-commit-config.yaml"] {
        assert!(run.stdout.contains(&format!("{path}: will be written")), "{}", run.stdout);
        assert!(!workspace.path(path).exists(), "{path}");
    }
    assert!(run.stdout.contains("  | fail-on = \"low\""), "{}", run.stdout);
}

#[test]
fn init_writes_what_it_showed_and_then_has_nothing_to_do() {
    let workspace = repository();
    let run = workspace.run(&["init", "--yes"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert_eq!(workspace.run(&["config", "check"]).code, Some(0));
    // Without a release, no written file may depend on one.
    assert!(!workspace.path(".github").exists(), "{run:?}");
    assert!(run.stdout.contains("CI: no job is written"), "{run:?}");
    let hooks = read(&workspace, ".pre-commit-config.yaml");
    let types = "default_install_hook_types: [pre-commit, pre-merge-commit, pre-push]\n";
    assert!(hooks.starts_with(types) && hooks.contains("id: hfscan-push"), "{hooks}");
    let before: Vec<String> =
        [".hfscan.toml", ".pre-commit-config.yaml"].map(|path| read(&workspace, path)).to_vec();
    let run = workspace.run(&["init", "--yes"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(!run.stdout.contains("written."), "{}", run.stdout);
    let after: Vec<String> =
        [".hfscan.toml", ".pre-commit-config.yaml"].map(|path| read(&workspace, path)).to_vec();
    assert_eq!(before, after);
    assert_eq!(workspace.run(&["."]).code, Some(0));
}

#[test]
fn init_adds_to_hooks_that_are_there_and_overwrites_nothing() {
    let workspace = repository();
    let hooks = "repos:\n- repo: https://example.com/x\n  rev: v1\n  hooks: [{id: x}]\n";
    workspace.write_bytes(".pre-commit-config.yaml", hooks.as_bytes());
    workspace.write_bytes("pyproject.toml", b"[tool.hfscan]\nfail-on = 'high'\n");
    workspace.write_bytes(".gitlab-ci.yml", b"stages: []\n");
    let run = workspace.run(&["init", "--yes"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    let text = read(&workspace, ".pre-commit-config.yaml");
    assert!(text.starts_with(hooks), "{text}");
    assert!(text.contains("\n- repo: local\n  hooks:\n    - id: hfscan\n"), "{text}");
    assert!(!workspace.path(".hfscan.toml").exists() && !workspace.path(".github").exists());
    let text = workspace.run(&["init", "--yes"]).stdout;
    assert!(text.contains("already has a hook of hfscan"), "{text}");
    // A file that cannot be extended safely is left unchanged.
    let closed = "repos:\n- repo: x\n  hooks: []\nexclude: y\n";
    workspace.write_bytes(".pre-commit-config.yaml", closed.as_bytes());
    let text = workspace.run(&["init", "--yes"]).stdout;
    assert!(text.contains("please add this yourself"), "{text}");
    assert_eq!(read(&workspace, ".pre-commit-config.yaml"), closed);
}

#[test]
fn init_fits_other_managers_of_hooks_and_folders_without_git() {
    let workspace = repository();
    workspace.write_bytes(".husky/pre-commit", b"npm test");
    assert_eq!(workspace.run(&["init", "--yes"]).code, Some(0));
    assert_eq!(read(&workspace, ".husky/pre-commit"), "npm test\nhfscan --staged\n");
    assert!(!workspace.path(".pre-commit-config.yaml").exists());
    let workspace = repository();
    workspace.write_bytes("lefthook.yml", b"pre-push: {}\n");
    let run = workspace.run(&["init", "--yes"]);
    assert!(run.stdout.contains("lefthook.yml: please add this yourself"), "{run:?}");
    let workspace = Workspace::new();
    let run = workspace.run(&["init", "--yes"]);
    assert!(run.stdout.contains("no hook is written"), "{run:?}");
    assert!(!workspace.path(".pre-commit-config.yaml").exists());
}

#[test]
fn init_says_what_is_in_the_repository_and_how_much_of_it_may_be_live() {
    let workspace = repository();
    workspace.write("app.py", "login(token=\"hf_{{alpha:34}}\")\n");
    let run = workspace.run(&["init", "--yes"]);
    assert!(run.stdout.contains("1 finding in it so far"), "{run:?}");
    assert!(run.stdout.contains("1 credential in it may be live"), "{run:?}");
}

#[test]
fn doctor_names_the_folder_that_git_looks_for_hooks_in() {
    let workspace = repository();
    workspace.git(&["config", "core.hooksPath", "no-such-folder"]);
    let run = workspace.run(&["doctor"]);
    assert!(run.stdout.contains("no-such-folder (core.hooksPath)"), "{}", run.stdout);
}

#[cfg(unix)]
#[test]
fn init_does_not_write_through_links() {
    let workspace = repository();
    let outside = workspace.root().parent().unwrap().join("home");
    std::os::unix::fs::symlink(&outside, workspace.path(".github")).unwrap();
    std::os::unix::fs::symlink(outside.join("c"), workspace.path(".pre-commit-config.yaml"))
        .unwrap();
    assert_ne!(workspace.run(&["init", "--yes"]).code, Some(1));
    assert!(!outside.join("c").exists() && !outside.join("workflows/hfscan.yml").exists());
}

#[test]
fn doctor_proves_that_the_gate_fires() {
    let workspace = repository();
    let run = workspace.run(&["doctor"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(run.stdout.contains("ok    the gate: a leak ends with status 1"), "{}", run.stdout);
    assert!(run.stdout.contains("note  no pre-commit hook"), "{}", run.stdout);
    workspace.write_bytes(".hfscan.toml", b"fail-on = 'never'\n");
    let run = workspace.run(&["doctor"]);
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(run.stdout.contains("FAIL  the gate: a leak ends with status 0"), "{}", run.stdout);
    workspace.write_bytes(".hfscan.toml", b"fail = 'never'\n");
    let run = workspace.run(&["doctor"]);
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(run.stdout.contains(".hfscan.toml:1: unknown setting `fail`"), "{}", run.stdout);
}

#[cfg(unix)]
#[test]
fn doctor_proves_that_the_hook_fires_and_leaves_nothing_behind() {
    let workspace = repository();
    let hook = |text: &str| {
        use std::os::unix::fs::PermissionsExt;
        workspace.write_bytes(".git/hooks/pre-commit", text.as_bytes());
        let path = workspace.path(".git/hooks/pre-commit");
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
    };
    let temporary = workspace.root().parent().unwrap().join("temporary");
    std::fs::create_dir(&temporary).unwrap();
    let doctor = || {
        let mut command = workspace.command(&["doctor"]);
        // As in a hook, to which git passes the current repository.
        command.env("GIT_DIR", workspace.path(".git")).env("TMPDIR", &temporary);
        let output = command.output().unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    hook("#!/bin/sh\nexec hfscan .\n");
    let (code, text) = doctor();
    assert!(text.contains("ok    the hook: a commit with a leak is refused"), "{text}");
    assert_eq!(code, Some(0), "{text}");
    hook("#!/bin/sh\nexit 0\n");
    let (code, text) = doctor();
    assert!(text.contains("FAIL  the hook: a commit with a leak passes"), "{text}");
    assert_eq!(code, Some(2));
    hook("#!/bin/sh\necho broken; exit 1\n");
    let (code, text) = doctor();
    assert!(text.contains("FAIL  the hook refuses a leak, but not for the leak: broken"), "{text}");
    assert_eq!(code, Some(2));
    assert_eq!(std::fs::read_dir(&temporary).unwrap().count(), 0);
    assert!(!workspace.path("canary.py").exists());
    workspace.git(&["rev-parse", "--git-dir"]);
}
