//! A temporary folder to scan, and the real binary.

use hfscan::internal::rule::example::expand;
use serde_json::Value;
use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// A folder that is deleted at the end of the test.
pub struct Workspace {
    folder: tempfile::TempDir,
}

/// The results of a run of hfscan.
#[derive(Debug)]
pub struct Run {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Workspace {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("tree")).unwrap();
        std::fs::create_dir_all(folder.path().join("home")).unwrap();
        Self { folder }
    }

    /// A workspace with one file, with its placeholders expanded.
    pub fn with(path: &str, template: &str) -> Self {
        let workspace = Self::new();
        workspace.write(path, template);
        workspace
    }

    pub fn root(&self) -> PathBuf {
        self.folder.path().join("tree")
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.root().join(path)
    }

    /// Writes a file, with its placeholders expanded.
    pub fn write(&self, path: &str, template: &str) {
        self.write_bytes(path, expand(template).as_bytes());
    }

    pub fn write_bytes(&self, path: impl AsRef<Path>, bytes: &[u8]) {
        let path = self.root().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }

    /// Runs the real git in the folder, without the user's configuration.
    pub fn git(&self, args: &[&str]) {
        let mut command = Command::new("git");
        self.scrub(&mut command);
        command.args(["-c", "user.name=t", "-c", "user.email=t@example.com"]);
        command.args(["-c", "protocol.file.allow=always", "-c", "commit.gpgsign=false"]);
        let output = command.args(args).output().expect("git is installed");
        assert!(
            output.status.success(),
            "git {args:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }

    /// hfscan in the folder, without the user's configuration.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_hfscan"));
        self.scrub(&mut command);
        command.args(args);
        command
    }

    pub fn run(&self, args: &[&str]) -> Run {
        Run::of(self.command(args).stdin(Stdio::null()).output().unwrap())
    }

    /// Runs hfscan with `input` on its standard input.
    pub fn run_with_input(&self, args: &[&str], input: &[u8]) -> Run {
        use std::io::Write;
        let mut command = self.command(args);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        std::thread::scope(|scope| {
            // hfscan may exit before it has read all input.
            scope.spawn(move || drop(stdin.write_all(input)));
            Run::of(child.wait_with_output().unwrap())
        })
    }

    /// Runs hfscan in a terminal and types `typed` at its prompt; standard output is all that the
    /// terminal shows.
    #[cfg(unix)]
    pub fn run_in_terminal(&self, args: &[&str], typed: &str) -> Run {
        const TERMINAL: &str = "
import os, pty, sys
child, terminal = pty.fork()
if child == 0:
    os.execv(sys.argv[2], sys.argv[2:])
shown, typed = b'', False
while True:
    try:
        some = os.read(terminal, 4096)
    except OSError:
        break
    if not some:
        break
    shown += some
    if not typed and shown.rstrip(b' ').endswith((b']', b'?', b':')):
        os.write(terminal, sys.argv[1].encode() + b'\\n')
        typed = True
sys.stdout.buffer.write(shown.replace(b'\\r\\n', b'\\n'))
sys.stdout.flush()
os._exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
";
        let mut command = Command::new("python3");
        self.scrub(&mut command);
        command.args(["-c", TERMINAL, typed, env!("CARGO_BIN_EXE_hfscan")]).args(args);
        Run::of(command.stdin(Stdio::null()).output().expect("Python 3 runs"))
    }

    fn scrub(&self, command: &mut Command) {
        let path = std::env::var_os("PATH").unwrap_or_default();
        command.env_clear().env("PATH", path).env("HOME", self.folder.path().join("home"));
        command.env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_CONFIG_GLOBAL", "/dev/null");
        command.env("SOURCE_DATE_EPOCH", "1800000000").env("COLUMNS", "100");
        command.current_dir(self.root());
    }
}

impl Run {
    fn of(output: std::process::Output) -> Self {
        Self {
            code: output.status.code(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// `path:line:column rule` of each finding of a JSON report.
    pub fn places(&self) -> Vec<String> {
        let report = self.json();
        let findings = report["findings"].as_array().unwrap();
        findings
            .iter()
            .map(|one| {
                let (path, start) = (&one["location"]["path"], &one["location"]["start"]);
                let rule = one["rule"].as_str().unwrap();
                format!("{}:{}:{} {rule}", path.as_str().unwrap(), start["line"], start["column"])
            })
            .collect()
    }

    /// `path reason` of each skip in a JSON report.
    pub fn skipped(&self) -> Vec<String> {
        let report = self.json();
        let skipped = report["skipped"].as_array().unwrap();
        skipped
            .iter()
            .map(|one| {
                format!("{} {}", one["path"].as_str().unwrap(), one["reason"].as_str().unwrap())
            })
            .collect()
    }
}

/// A token in a valid format, different for each label.
pub fn token(label: &str) -> String {
    expand(&format!("hf_{{{{alpha:34:{label}}}}}"))
}
