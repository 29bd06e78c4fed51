//! Repositories made with the real git, and hfscan run in them.

use hfscan::internal::rule::example::expand;
use serde_json::Value;
use std::{
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    time::Duration,
};
use tempfile::TempDir;

/// Maximum duration of a scan on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// A token for each label, in a valid format but not a live one.
pub fn token(label: &str) -> String {
    expand(&format!("hf_{{{{alpha:34:{label}}}}}"))
}

/// A repository in its own folder, which is deleted on drop.
pub struct Repo {
    folder: TempDir,
    /// Its path, below the folder.
    pub dir: PathBuf,
    clock: std::cell::Cell<u64>,
}

impl Repo {
    /// An empty repository.
    pub fn new() -> Self {
        Self::with(&[])
    }

    /// An empty repository created with these options of `git init`.
    pub fn with(options: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let dir = std::fs::canonicalize(folder.path()).expect("a folder").join("repo");
        std::fs::create_dir(&dir).expect("a folder");
        let repo = Self { folder, dir, clock: std::cell::Cell::new(1_700_000_000) };
        let mut arguments = vec!["init", "--quiet", "--initial-branch", "main"];
        arguments.extend(options);
        repo.git(&arguments);
        repo
    }

    /// A path beside the repository.
    pub fn beside(&self, name: &str) -> PathBuf {
        self.dir.with_file_name(name)
    }

    /// The folder that contains the repository and everything beside it.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Runs git in the repository and returns its output.
    pub fn git(&self, arguments: &[&str]) -> String {
        self.git_in(&self.dir, arguments)
    }

    /// Runs git in a folder and returns its output.
    pub fn git_in(&self, dir: &Path, arguments: &[&str]) -> String {
        let output = self.try_git(dir, arguments);
        assert!(
            output.status.success(),
            "git {arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8_lossy(&output.stdout).trim_end().to_string()
    }

    /// Runs git, which may fail.
    pub fn try_git(&self, dir: &Path, arguments: &[&str]) -> Output {
        // Each commit is one minute after the previous one, so that commit names never change.
        self.clock.set(self.clock.get() + 60);
        let date = format!("{} +0200", self.clock.get());
        let mut command = Command::new("git");
        scrub(&mut command, dir);
        command
            .args(["-c", "protocol.file.allow=always"])
            .args(arguments)
            .env("GIT_AUTHOR_DATE", &date)
            .env("GIT_COMMITTER_DATE", &date)
            .output()
            .expect("git is installed")
    }

    /// Writes a file of the work tree.
    pub fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        let path = self.dir.join(path);
        std::fs::create_dir_all(path.parent().expect("a file")).expect("a folder");
        std::fs::write(path, content).expect("a file");
    }

    /// Writes and adds a file.
    pub fn add(&self, path: &str, content: impl AsRef<[u8]>) {
        self.write(path, content);
        self.git(&["add", "--force", path]);
    }

    /// Commits the added files and returns the name of the commit.
    pub fn commit(&self, message: &str) -> String {
        self.git(&["commit", "--quiet", "--allow-empty", "--no-verify", "-m", message]);
        self.head()
    }

    /// Writes, adds and commits a file, and returns the name of the commit.
    pub fn commit_file(&self, path: &str, content: impl AsRef<[u8]>) -> String {
        self.add(path, content);
        self.commit(path)
    }

    /// The name of the checked-out commit.
    pub fn head(&self) -> String {
        self.git(&["rev-parse", "HEAD"])
    }

    /// Runs hfscan in the repository.
    pub fn scan(&self, arguments: &[&str]) -> Scan {
        self.scan_in(&self.dir, arguments, "")
    }

    /// Runs hfscan in a folder, with `input` on its standard input.
    pub fn scan_in(&self, dir: &Path, arguments: &[&str], input: &str) -> Scan {
        let mut command = Command::new(env!("CARGO_BIN_EXE_hfscan"));
        scrub(&mut command, dir);
        command.args(["--no-progress", "--format", "json"]).args(arguments);
        run(command, input)
    }
}

/// The results of a run of hfscan.
pub struct Scan {
    /// Its exit status.
    pub status: i32,
    /// Its report, if it wrote one.
    pub report: Value,
    /// Its standard error.
    pub errors: String,
}

impl Scan {
    /// The findings of credentials.
    pub fn findings(&self) -> Vec<&Value> {
        self.report["findings"].as_array().map(|all| all.iter().collect()).unwrap_or_default()
    }

    /// The findings of a token, identified by the characters that the report shows.
    pub fn of(&self, label: &str) -> Vec<&Value> {
        let token = token(label);
        let masked = format!("{}…{}", &token[..5], &token[token.len() - 2..]);
        let all = self.findings().into_iter();
        all.filter(|finding| finding["secret"]["masked"] == masked.as_str()).collect()
    }

    /// The one finding of a token.
    pub fn one(&self, label: &str) -> &Value {
        let found = self.of(label);
        assert_eq!(found.len(), 1, "{label}: {:#}\n{}", self.report, self.errors);
        found[0]
    }

    /// Asserts that the tokens of these labels were found, once each, and nothing else.
    pub fn found_only(&self, labels: &[&str]) -> &Self {
        for label in labels {
            self.one(label);
        }
        assert_eq!(self.findings().len(), labels.len(), "{:#}", self.report["findings"]);
        self
    }

    /// Asserts the exit status.
    pub fn ended_with(&self, status: i32) -> &Self {
        assert_eq!(self.status, status, "{:#}\n{}", self.report, self.errors);
        self
    }

    /// Everything that was not scanned, one line each.
    pub fn skipped(&self) -> Vec<String> {
        let all = self.report["skipped"].as_array().cloned().unwrap_or_default();
        all.iter()
            .map(|one| format!("{}: {}: {}", one["path"], one["reason"], one["detail"]))
            .collect()
    }
}

fn run(mut command: Command, input: &str) -> Scan {
    use std::io::Write;
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("hfscan is built");
    let mut stdin = child.stdin.take().expect("a pipe");
    // A scan that does not read standard input has closed the pipe.
    let _ = stdin.write_all(input.as_bytes());
    drop(stdin);
    let (done, ended) = std::sync::mpsc::channel();
    let id = child.id();
    let waiting = std::thread::spawn(move || {
        let output = child.wait_with_output().expect("hfscan ends");
        // After a timeout there is no receiver.
        let _ = done.send(());
        output
    });
    if ended.recv_timeout(PATIENCE).is_err() {
        end(id);
    }
    let output = waiting.join().expect("hfscan ends");
    Scan {
        status: output.status.code().unwrap_or(-1),
        report: serde_json::from_slice(&output.stdout).unwrap_or(Value::Null),
        errors: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// Kills a scan that does not exit; its status is then -1.
#[cfg(unix)]
fn end(id: u32) {
    let id = i32::try_from(id).ok().and_then(rustix::process::Pid::from_raw);
    let id = id.expect("the id of a process");
    rustix::process::kill_process(id, rustix::process::Signal::KILL).expect("a process");
}

#[cfg(not(unix))]
fn end(id: u32) {
    panic!("hfscan does not end, process {id}");
}

/// Removes the user's own settings from a command.
pub fn scrub(command: &mut Command, dir: &Path) {
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("GIT_") {
            command.env_remove(name);
        }
    }
    command
        .current_dir(dir)
        .env("HOME", dir.parent().unwrap_or(dir))
        .env("XDG_CONFIG_HOME", dir.parent().unwrap_or(dir))
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_AUTHOR_NAME", "Ada")
        .env("GIT_AUTHOR_EMAIL", "ada@example.org")
        .env("GIT_COMMITTER_NAME", "Ada")
        .env("GIT_COMMITTER_EMAIL", "ada@example.org")
        .env("LC_ALL", "C");
}
