//! Checks the setup of a repository, and proves that the hook and the CI job find a leak.
//!
//! The proof is a canary: a new random token in a temporary repository, which is deleted with it.

use super::{
    args::DoctorArgs, config_args::ConfigArgs, error::CliError, project,
    surroundings::working_directory,
};
use crate::{
    config::{ConfigFile, Layer},
    model::SourcePath,
    rule::example::expand,
    scan::{Scanner, rules::load},
    source::{WorkTree, temporary::TemporaryFolder},
};
use std::{
    fmt::Write,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

/// A file with a leak that a rule must report.
const CANARY: &str = "login(token=\"hf_{{alpha:34:canary}}\")\n";
/// The id of the rule that must report it.
const CANARY_RULE: &str = "hardcoded-login-token";
/// Variables by which git passes the current repository to a hook; unset for the temporary
/// repository.
const GIT_VARIABLES: [&str; 6] = [
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_COMMON_DIR",
];

/// The results of the checks, as text.
struct Examination {
    text: String,
    failed: bool,
}

impl Examination {
    fn good(&mut self, what: &str) {
        self.line("ok  ", what);
    }

    fn advice(&mut self, what: &str, help: &str) {
        self.line("note", what);
        self.line("    ", &format!("help: {help}"));
    }

    fn bad(&mut self, what: &str, help: &str) {
        self.failed = true;
        self.line("FAIL", what);
        self.line("    ", &format!("help: {help}"));
    }

    fn line(&mut self, mark: &str, what: &str) {
        // Writing to a `String` cannot fail.
        let _ = writeln!(self.text, "{mark}  {}", SourcePath::from_bytes(what));
    }
}

/// The report, and `true` if all checks passed.
///
/// # Errors
/// Returns an error if the working directory cannot be read.
pub fn run(args: DoctorArgs) -> Result<(String, bool), CliError> {
    let cwd = working_directory()?;
    let mut examination = Examination { text: String::new(), failed: false };
    let binary = std::env::current_exe().unwrap_or_else(|_| "hfscan".into());
    let version = env!("CARGO_PKG_VERSION");
    examination.good(&format!("hfscan {version} at {}", binary.display()));
    let has_git = git_version(&mut examination);
    let config = configuration(&mut examination, args.config);
    let canary = Canary::new(&binary, config.as_ref());
    match canary {
        Ok(canary) => {
            canary.examine_gate(&mut examination);
            match WorkTree::around(&cwd) {
                Some(tree) if has_git => canary.examine_hook(&mut examination, &tree),
                Some(_) => {}
                None => examination.advice(
                    "this folder is not in a git repository",
                    "run it in one to check its hook",
                ),
            }
        }
        Err(error) => examination
            .bad(&format!("no temporary folder: {error}"), "set TMPDIR to a writable folder"),
    }
    Ok((examination.text, !examination.failed))
}

fn git_version(examination: &mut Examination) -> bool {
    match Command::new("git").arg("--version").output() {
        Ok(output) if output.status.success() => {
            examination.good(String::from_utf8_lossy(&output.stdout).trim());
            true
        }
        _ => {
            examination.advice("git does not run", "hooks need it; scanning files does not");
            false
        }
    }
}

/// Checks the configuration and the rules by making a scanner of them.
fn configuration(examination: &mut Examination, args: ConfigArgs) -> Option<ConfigFile> {
    let checked = project::config_at(Path::new("."), args, Layer::default());
    let checked = checked.and_then(|(config, file)| {
        let rules = load(&config.settings.rule_files)?;
        config.check_rules(&rules)?;
        let scanner = Scanner::with_rules(config.settings, rules)?;
        Ok((scanner.rules().rules().len(), file))
    });
    match checked {
        Ok((rules, file)) => {
            let name = file.as_ref().map(|file| file.path.display().to_string());
            let name = name.unwrap_or_else(|| "no configuration, the defaults apply".into());
            examination.good(&format!("{rules} rules, {name}"));
            file
        }
        Err(error) => {
            let help =
                error.help().unwrap_or_else(|| "`hfscan config check` prints details".into());
            examination.bad(&error.to_string(), &help);
            None
        }
    }
}

/// A temporary repository with a leak in it.
struct Canary {
    folder: TemporaryFolder,
    binary: PathBuf,
    config: Option<PathBuf>,
}

impl Canary {
    fn new(binary: &Path, config: Option<&ConfigFile>) -> std::io::Result<Self> {
        let folder = TemporaryFolder::new()?;
        let config = config.map(|file| file.path.clone());
        Ok(Self { folder, binary: binary.to_path_buf(), config })
    }

    fn write(&self, text: &str) -> std::io::Result<()> {
        std::fs::write(self.folder.path().join("canary.py"), text)
    }

    fn run(&self, command: &mut Command) -> std::io::Result<Output> {
        GIT_VARIABLES.iter().for_each(|name| {
            command.env_remove(name);
        });
        // The hook then runs this binary as `hfscan`.
        let path = std::env::var_os("PATH").unwrap_or_default();
        let ours = self.binary.parent().map(Path::to_path_buf);
        let folders = std::env::split_paths(&path).chain(ours);
        if let Ok(path) = std::env::join_paths(folders) {
            command.env("PATH", path);
        }
        command.current_dir(self.folder.path()).stdin(Stdio::null()).output()
    }

    /// The exit status of a scan of the canary with the project's own settings.
    fn scan(&self, text: &str) -> std::io::Result<Option<i32>> {
        self.write(text)?;
        let mut command = Command::new(&self.binary);
        match &self.config {
            Some(config) => command.arg("--config").arg(config),
            None => command.arg("--isolated"),
        };
        Ok(self.run(command.arg("canary.py"))?.status.code())
    }

    fn examine_gate(&self, examination: &mut Examination) {
        let answers = (self.scan(&expand(CANARY)), self.scan("login()\n"));
        match answers {
            (Ok(Some(1)), Ok(Some(0))) => {
                examination.good("the gate: a leak ends with status 1, a clean file with 0");
            }
            (Ok(found), Ok(clean)) => {
                let code =
                    |code: Option<i32>| code.map_or("a signal".into(), |code| code.to_string());
                let what = format!(
                    "the gate: a leak ends with status {}, not 1; a clean file with {}, not 0",
                    code(found),
                    code(clean)
                );
                examination.bad(&what, "`hfscan config show` lists the setting that lets it pass");
            }
            (Err(error), _) | (_, Err(error)) => {
                examination.bad(&format!("the gate: {error}"), "was the hfscan binary moved?");
            }
        }
    }

    /// Commits the leak in the temporary repository with the hook of `tree`.
    fn examine_hook(&self, examination: &mut Examination, tree: &WorkTree) {
        let hooks = self.hooks_folder(tree);
        let hook = hooks.join("pre-commit");
        if !hook.is_file() {
            match self.hooks_path(tree) {
                Some(path) => examination.advice(
                    &format!("git looks for hooks in {path} (core.hooksPath), and there is none"),
                    "`pre-commit install` refuses while core.hooksPath is set: call \
                     `hfscan --staged` from a pre-commit hook in that folder, or unset it",
                ),
                None => examination.advice(
                    "no pre-commit hook is installed here",
                    "`hfscan init`, then `pre-commit install`",
                ),
            }
            return;
        }
        match self.commit(tree, &hooks) {
            Ok((false, text)) if text.contains(CANARY_RULE) => {
                examination.good("the hook: a commit with a leak is refused");
            }
            Ok((false, text)) => {
                let last = text.lines().rfind(|line| !line.trim().is_empty()).unwrap_or_default();
                let what = format!("the hook refuses a leak, but not for the leak: {last}");
                examination.bad(&what, "does `pre-commit run --all-files` work here?");
            }
            Ok((true, _)) => examination.bad(
                "the hook: a commit with a leak passes",
                "does the hook's configuration name hfscan? `hfscan init` adds it",
            ),
            Err(error) => examination.bad(&format!("the hook: {error}"), "does git work here?"),
        }
    }

    /// The value of `core.hooksPath`, if it is set.
    fn hooks_path(&self, tree: &WorkTree) -> Option<String> {
        let mut command = Command::new("git");
        command.arg("-C").arg(&tree.dir).args(["config", "--get", "core.hooksPath"]);
        let output = self.run(&mut command).ok().filter(|output| output.status.success())?;
        Some(String::from_utf8_lossy(&output.stdout).trim().to_string())
    }

    fn hooks_folder(&self, tree: &WorkTree) -> PathBuf {
        let mut command = Command::new("git");
        command.arg("-C").arg(&tree.dir).args(["rev-parse", "--git-path", "hooks"]);
        let output = self.run(&mut command).ok().filter(|output| output.status.success());
        let path = output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_string());
        tree.dir.join(path.unwrap_or_else(|| ".git/hooks".into()))
    }

    /// `true` if the commit succeeded, and the output.
    fn commit(&self, tree: &WorkTree, hooks: &Path) -> std::io::Result<(bool, String)> {
        for name in [".pre-commit-config.yaml", ".hfscan.toml", "hfscan.toml", "pyproject.toml"] {
            if tree.dir.join(name).is_file() {
                std::fs::copy(tree.dir.join(name), self.folder.path().join(name))?;
            }
        }
        self.write(&expand(CANARY))?;
        self.run(Command::new("git").args(["init", "-q"]))?;
        self.run(Command::new("git").args(["add", "-A"]))?;
        let mut command = Command::new("git");
        command.arg("-c").arg(format!("core.hooksPath={}", hooks.display()));
        command.args(["-c", "user.name=hfscan", "-c", "user.email=hfscan@localhost"]);
        command.args(["-c", "commit.gpgsign=false", "commit", "-m", "canary"]);
        let output = self.run(&mut command)?;
        let text = [&output.stdout[..], &output.stderr].concat();
        let committed = self
            .run(Command::new("git").args(["rev-parse", "-q", "--verify", "HEAD"]))?
            .status
            .success();
        Ok((committed, String::from_utf8_lossy(&text).into_owned()))
    }
}
