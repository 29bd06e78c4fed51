//! The hooks, run by the real pre-commit and prek in real repositories.
//!
//! The tools are installed once, from PyPI, below `target/`, together with zizmor, which checks our
//! workflows. Without Python or PyPI these tests are skipped, except in CI;
//! `HFSCAN_NO_HOOK_TESTS=1` always skips them.

use crate::support::Workspace;
use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::OnceLock,
};

const TOOLS: [&str; 2] = ["pre-commit", "prek"];
const PINS: [&str; 3] = ["pre-commit==4.7.0", "prek==0.5.11", "zizmor==1.32.0"];

/// The folder with pre-commit, prek and zizmor; `None` if these tests are skipped.
#[allow(clippy::print_stderr)]
pub fn tools() -> Option<&'static Path> {
    static TOOLS: OnceLock<Option<PathBuf>> = OnceLock::new();
    TOOLS
        .get_or_init(|| {
            if std::env::var_os("HFSCAN_NO_HOOK_TESTS").is_some() {
                return None;
            }
            let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("hook-tools");
            let done = folder.join(PINS.join("-"));
            if !done.exists() {
                let mut venv = Command::new("python3");
                let mut pip = Command::new(folder.join("bin/pip"));
                venv.args(["-m", "venv"]).arg(&folder);
                pip.args(["install", "-q", "--retries", "1"]).args(PINS);
                if std::env::var_os("CI").is_none() && !(runs(&mut venv) && runs(&mut pip)) {
                    eprintln!("skipped: pre-commit, prek and zizmor cannot be installed");
                    return None;
                }
                run(&mut venv);
                run(&mut pip);
                std::fs::write(done, "").unwrap();
            }
            Some(folder.join("bin"))
        })
        .as_deref()
}

fn runs(command: &mut Command) -> bool {
    command.stdin(Stdio::null()).output().is_ok_and(|output| output.status.success())
}

fn run(command: &mut Command) {
    let output = command.stdin(Stdio::null()).output();
    let done = output.as_ref().is_ok_and(|output| output.status.success());
    assert!(
        done,
        "{command:?}: {output:?}\nhelp: HFSCAN_NO_HOOK_TESTS=1 leaves the tests of hooks out"
    );
}

/// A repository whose commits are checked by one of our hooks.
struct Project {
    workspace: Workspace,
    tool: &'static str,
}

struct Answer {
    passed: bool,
    text: String,
}

impl Project {
    /// A repository without commits, with `hook` from this manifest installed.
    fn new(tool: &'static str, hook: &str) -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        Self::of(tool, hook, &[".pre-commit-hooks.yaml"], root)
    }

    /// A repository without commits, with `hook` from a repository of these `files` of `folder`
    /// installed.
    fn of(tool: &'static str, hook: &str, files: &[&str], folder: &Path) -> Self {
        let project = Self { workspace: Workspace::new(), tool };
        let hooks = project.workspace.root().parent().unwrap().join("hooks");
        std::fs::create_dir(&hooks).unwrap();
        for file in files {
            std::fs::copy(folder.join(file), hooks.join(file)).unwrap();
        }
        for args in [&["init", "-q"][..], &["add", "."], &["commit", "-qm", "hooks"]] {
            let answer = project.command("git").current_dir(&hooks).args(args).output().unwrap();
            assert!(answer.status.success(), "{answer:?}");
        }
        let head = project.command("git").current_dir(&hooks).args(["rev-parse", "HEAD"]).output();
        let revision = String::from_utf8(head.unwrap().stdout).unwrap();
        project.workspace.write_bytes(
            ".pre-commit-config.yaml",
            format!(
                "repos:\n- repo: {}\n  rev: {revision}  hooks:\n  - id: {hook}\n",
                hooks.display()
            )
            .as_bytes(),
        );
        assert!(project.git(&["init", "-q", "-b", "main"]).passed);
        let types = ["--hook-type", "pre-commit", "--hook-type", "pre-push"];
        let installed = project.tool(&[&["install"], &types[..]].concat());
        assert!(installed.passed, "{}", installed.text);
        project
    }

    /// The folder of packages that pip uses besides its index.
    fn wheels(&self) -> PathBuf {
        self.workspace.root().parent().unwrap().join("wheels")
    }

    fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let home = self.workspace.root().parent().unwrap().join("home");
        let ours = Path::new(env!("CARGO_BIN_EXE_hfscan")).parent().unwrap();
        let before = std::env::var_os("PATH").unwrap_or_default();
        let path = [ours.to_path_buf()].into_iter().chain(std::env::split_paths(&before));
        let mut command = Command::new(program);
        command.env_clear().env("PATH", std::env::join_paths(path).unwrap()).env("HOME", &home);
        command.env("PRE_COMMIT_HOME", home.join("pc")).env("PREK_HOME", home.join("prek"));
        command.env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_CONFIG_GLOBAL", "/dev/null");
        command.env("PIP_FIND_LINKS", self.wheels());
        for role in ["AUTHOR", "COMMITTER"] {
            command.env(format!("GIT_{role}_NAME"), "t");
            command.env(format!("GIT_{role}_EMAIL"), "t@example.com");
        }
        command.current_dir(self.workspace.root()).stdin(Stdio::null());
        command
    }

    fn answer(&self, mut command: Command) -> Answer {
        let output = command.output().unwrap();
        let text = [&output.stdout[..], &output.stderr].concat();
        Answer {
            passed: output.status.success(),
            text: String::from_utf8_lossy(&text).into_owned(),
        }
    }

    fn git(&self, args: &[&str]) -> Answer {
        let mut command = self.command("git");
        command.args(args);
        self.answer(command)
    }

    fn tool(&self, args: &[&str]) -> Answer {
        let mut command = self.command(tools().unwrap().join(self.tool));
        command.args(args);
        self.answer(command)
    }

    /// Commits everything in the folder.
    fn commit_all(&self) -> Answer {
        assert!(self.git(&["add", "-A"]).passed);
        self.git(&["commit", "-m", "work"])
    }

    fn is_empty(&self) -> bool {
        !self.git(&["rev-parse", "--verify", "HEAD"]).passed
    }
}

/// Creates a wheel of hfscan with only the program in it, in a folder that pip searches.
fn wheel_in(folder: &Path) {
    const MADE: &str = r#"
import sys, zipfile
folder, program = sys.argv[1:]
info = zipfile.ZipInfo("hfscan-0.1.0.data/scripts/hfscan")
info.external_attr = 0o100755 << 16
with zipfile.ZipFile(f"{folder}/hfscan-0.1.0-py3-none-any.whl", "w") as wheel:
    wheel.writestr(info, open(program, "rb").read())
    about = "hfscan-0.1.0.dist-info/"
    wheel.writestr(about + "METADATA", "Metadata-Version: 2.1\nName: hfscan\nVersion: 0.1.0\n")
    wheel.writestr(about + "WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
    wheel.writestr(about + "RECORD", "")
"#;
    std::fs::create_dir_all(folder).unwrap();
    run(Command::new("python3").args(["-c", MADE]).arg(folder).arg(env!("CARGO_BIN_EXE_hfscan")));
}

#[test]
fn the_mirror_installs_the_wheel_and_has_the_hooks_of_the_manifest() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mirror = root.join("integrations/pre-commit-mirror");
    let hooks = std::fs::read_to_string(mirror.join(".pre-commit-hooks.yaml")).unwrap();
    let manifest = std::fs::read_to_string(root.join(".pre-commit-hooks.yaml")).unwrap();
    for hook in hooks.replace("language: python", "language: rust").split("\n\n").skip(1) {
        assert!(manifest.contains(hook.trim_end()), "{hook}");
    }
    let package = std::fs::read_to_string(mirror.join("pyproject.toml")).unwrap();
    let version = concat!("\"hfscan==", env!("CARGO_PKG_VERSION"), "\"");
    assert!(package.contains(version), "{package}");
    if tools().is_none() {
        return;
    }
    let project =
        Project::of("pre-commit", "hfscan", &[".pre-commit-hooks.yaml", "pyproject.toml"], &mirror);
    wheel_in(&project.wheels());
    project.workspace.write("app.py", "login(token=\"hf_{{alpha:34}}\")\n");
    let answer = project.commit_all();
    assert!(!answer.passed && answer.text.contains("hardcoded-login-token"), "{}", answer.text);
    project.workspace.write("app.py", "login()\n");
    let answer = project.commit_all();
    assert!(answer.passed, "{}", answer.text);
}

/// Runs a test with each tool.
fn with_each_tool(hook: &str, test: impl Fn(&Project)) {
    if tools().is_some() {
        for tool in TOOLS {
            test(&Project::new(tool, hook));
        }
    }
}

const LEAK: &str = "login(token=\"hf_{{alpha:34}}\")\n";

#[test]
fn the_first_commit_of_a_repository_is_watched() {
    with_each_tool("hfscan-system", |project| {
        project.workspace.write("app.py", LEAK);
        let answer = project.commit_all();
        assert!(!answer.passed, "{}", answer.text);
        assert!(answer.text.contains("app.py:1:14"), "{}", answer.text);
        assert!(project.is_empty());
        project.workspace.write("app.py", "login()\n");
        let answer = project.commit_all();
        assert!(answer.passed, "{}", answer.text);
        assert!(!project.is_empty());
    });
}

#[test]
fn what_is_staged_is_scanned_and_not_what_lies_in_the_folder() {
    with_each_tool("hfscan-system", |project| {
        project.workspace.write("app.py", "one = 1\n");
        assert!(project.commit_all().passed);
        // The leak is not staged, and the commit passes.
        project.workspace.write("app.py", "two = 2\n");
        assert!(project.git(&["add", "app.py"]).passed);
        project.workspace.write("app.py", &format!("two = 2\n{LEAK}"));
        let answer = project.git(&["commit", "-m", "clean"]);
        assert!(answer.passed, "{}", answer.text);
        // The leak is staged; only the file in the work tree is clean.
        assert!(project.git(&["add", "app.py"]).passed);
        project.workspace.write("app.py", "three = 3\n");
        let answer = project.git(&["commit", "-m", "leak"]);
        assert!(!answer.passed && answer.text.contains("app.py:2:14"), "{}", answer.text);
    });
}

#[test]
fn two_thousand_files_are_scanned_and_the_one_leak_is_told_once() {
    with_each_tool("hfscan-system", |project| {
        for number in 0..2_000 {
            let path = format!("package-{}/module_{number:04}.py", number % 40);
            project.workspace.write(&path, "def answer():\n    return 42\n");
        }
        project.workspace.write("package-7/module_1999.py", LEAK);
        let answer = project.commit_all();
        assert!(!answer.passed);
        assert_eq!(answer.text.matches("--> package-7/module_1999.py:1:14").count(), 1);
        project.workspace.write("package-7/module_1999.py", "login()\n");
        let answer = project.commit_all();
        assert!(answer.passed, "{}", answer.text);
    });
}

#[test]
fn a_run_over_all_files_finds_what_was_committed_before() {
    with_each_tool("hfscan-system", |project| {
        project.workspace.write("app.py", LEAK);
        assert!(project.git(&["add", "-A"]).passed);
        assert!(project.git(&["commit", "--no-verify", "-m", "leak"]).passed);
        assert!(project.tool(&["run"]).passed, "nothing is staged");
        let answer = project.tool(&["run", "--all-files"]);
        assert!(!answer.passed && answer.text.contains("app.py:1:14"), "{}", answer.text);
    });
}

#[test]
fn the_projects_configuration_holds_in_hooks() {
    with_each_tool("hfscan-system", |project| {
        project.workspace.write_bytes(".hfscan.toml", b"exclude = ['fixtures/']\n");
        project.workspace.write("fixtures/leak.py", LEAK);
        let answer = project.commit_all();
        assert!(answer.passed, "{}", answer.text);
        // Only excluded files are passed to the hook here.
        project.workspace.write("fixtures/leak.py", "login(token=\"hf_{{alpha:34:b}}\")\n");
        let answer = project.commit_all();
        assert!(answer.passed, "{}", answer.text);
        project.workspace.write_bytes(".hfscan.toml", b"exclud = ['fixtures/']\n");
        let answer = project.commit_all();
        assert!(!answer.passed && answer.text.contains("did you mean"), "{}", answer.text);
    });
}

#[test]
fn files_named_like_commands_and_options_are_files() {
    with_each_tool("hfscan-system", |project| {
        for (seed, name) in ["config", "rules", "-v", "--help", "a b", "é\n.py"].iter().enumerate()
        {
            project
                .workspace
                .write(name, &format!("login(token=\"hf_{{{{alpha:34:{seed}}}}}\")\n"));
        }
        let answer = project.commit_all();
        assert!(!answer.passed);
        assert!(answer.text.contains("6 findings"), "{}", answer.text);
    });
}

#[test]
fn a_secret_that_a_later_commit_of_the_push_removes_is_found() {
    with_each_tool("hfscan-push-system", |project| {
        let remote = project.workspace.root().parent().unwrap().join("remote.git");
        let remote = remote.to_str().unwrap();
        assert!(project.git(&["init", "-q", "--bare", remote]).passed);
        project.workspace.write("app.py", "one = 1\n");
        assert!(project.commit_all().passed);
        let answer = project.git(&["push", remote, "main"]);
        assert!(answer.passed, "{}", answer.text);
        project.workspace.write("app.py", LEAK);
        assert!(project.commit_all().passed);
        project.workspace.write("app.py", "two = 2\n");
        assert!(project.commit_all().passed);
        let answer = project.git(&["push", remote, "main"]);
        assert!(!answer.passed && answer.text.contains("app.py"), "{}", answer.text);
    });
}

/// Builds hfscan from source as `language: rust` does, which takes minutes:
/// `cargo test --test integration hooks::try_repo -- --ignored`.
#[test]
#[ignore = "builds hfscan from source"]
fn try_repo_works_against_this_repository() {
    with_each_tool("hfscan-system", |project| {
        project.workspace.write("app.py", LEAK);
        assert!(project.git(&["add", "-A"]).passed);
        let cargo = std::env::var_os("CARGO_HOME")
            .map(PathBuf::from)
            .or_else(|| std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cargo")));
        let rustup = std::env::var_os("RUSTUP_HOME")
            .map(PathBuf::from)
            .or_else(|| std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".rustup")));
        let mut command = project.command(tools().unwrap().join(project.tool));
        command.env("CARGO_HOME", cargo.unwrap()).env("RUSTUP_HOME", rustup.unwrap());
        // Reuses the artefacts of a release build.
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
        command.env("CARGO_TARGET_DIR", target);
        command.args(["try-repo", env!("CARGO_MANIFEST_DIR"), "hfscan", "--files", "app.py"]);
        let answer = project.answer(command);
        assert!(!answer.passed && answer.text.contains("app.py:1:14"), "{}", answer.text);
    });
}
