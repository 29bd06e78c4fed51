//! Sets up a repository: configuration, hook, CI. Shows the changes first, and never overwrites a
//! file.

use super::{
    agent,
    step::{Step, exists, plan},
};
use crate::{
    cli::{
        args::InitArgs, baseline::live_secrets, config_args::ConfigArgs, error::CliError,
        examined::examine, input_args::InputArgs, output::print, prompt::typed_answer,
        request::Job, surroundings::working_directory,
    },
    config::{ConfigChoice, Layer},
    model::{SourcePath, home::HOME_PAGE},
    source::WorkTree,
};
use std::path::Path;

const CONFIG: &str = include_str!("../templates/hfscan.toml");
const HOOK: &str = include_str!("../templates/pre-commit.yaml");
const PRE_COMMIT: &str = ".pre-commit-config.yaml";
/// Makes `pre-commit install` also install the hooks for merges and pushes.
const INSTALLS: &str = "default_install_hook_types: [pre-commit, pre-merge-commit, pre-push]\n";
const WORKFLOW: &str = include_str!("../templates/github.yml");

/// Shows the changes, asks, and makes them. Returns `false` if the user declined.
///
/// # Errors
/// Returns an error for a file that cannot be read or written.
pub fn run(args: &InitArgs) -> Result<bool, CliError> {
    let cwd = working_directory()?;
    let root = WorkTree::around(&cwd).map_or_else(|| cwd.clone(), |tree| tree.dir);
    let steps = match args.agent.as_slice() {
        [] => repository_steps(&root)?,
        agents => {
            agents.iter().map(|agent| agent::step(*agent, &root)).collect::<Result<_, _>>()?
        }
    };
    print(&plan(&steps))?;
    if !steps.iter().any(Step::writes) {
        return Ok(true);
    }
    if !args.yes && !is_confirmed() {
        print("nothing was written; `hfscan init --yes` writes it\n")?;
        return Ok(false);
    }
    for step in &steps {
        step.write(&root)?;
    }
    if !args.agent.is_empty() {
        print(agent::NEXT)?;
        return Ok(true);
    }
    print(&next(&steps))?;
    print(&present(&root))?;
    Ok(true)
}

/// Configuration, hook and CI of a repository.
fn repository_steps(root: &Path) -> Result<Vec<Step>, CliError> {
    let is_repository = WorkTree::around(root).is_some();
    let hook = if is_repository { hook_step(root)? } else { Step::without_git() };
    Ok(vec![config_step(root)?, hook, ci_step(root)])
}

/// The commands that activate the written files.
fn next(steps: &[Step]) -> String {
    let hooks = steps.iter().any(|step| step.path() == Some(PRE_COMMIT));
    let install = if hooks {
        "`pre-commit install -t pre-commit -t pre-merge-commit -t pre-push`, then "
    } else {
        ""
    };
    format!("written. Next: {install}`hfscan doctor` to check it\n")
}

/// A sentence on the current findings in the repository; empty if there are none.
fn present(root: &Path) -> String {
    let input = InputArgs { paths: vec![root.to_path_buf()], ..InputArgs::default() };
    let job = Job::of(input, ConfigArgs::default(), Layer::default());
    // The next scan reports this error again.
    let Ok(examined) = job.and_then(examine) else { return String::new() };
    let outcome = examined.outcome;
    match outcome.findings.len() {
        0 => String::new(),
        count => format!(
            "{count} finding{} in it so far: `hfscan` lists them, `hfscan baseline create` accepts \
             them as known\n{}",
            if count == 1 { "" } else { "s" },
            live_secrets(&outcome)
        ),
    }
}

fn config_step(root: &Path) -> Result<Step, CliError> {
    Ok(match ConfigChoice::default().file(root, root)? {
        Some(file) => {
            let name = file.path.strip_prefix(root).unwrap_or(&file.path);
            Step::There { what: format!("{}: already exists", SourcePath::from_path(name)) }
        }
        None => Step::Create { path: ".hfscan.toml", text: CONFIG.into() },
    })
}

fn hook_step(root: &Path) -> Result<Step, CliError> {
    const PATH: &str = PRE_COMMIT;
    if !exists(root, PATH) {
        return match other_hooks(root)? {
            Some(step) => Ok(step),
            None => Ok(Step::Create { path: PATH, text: format!("{INSTALLS}repos:\n{HOOK}") }),
        };
    }
    let text = std::fs::read_to_string(root.join(PATH))
        .map_err(|error| CliError::Read { path: PATH.into(), error })?;
    Ok(if text.contains("hfscan") {
        Step::There { what: format!("{PATH}: already has a hook of hfscan") }
    } else {
        match indent_of_last_list(&text) {
            Some(indent) => Step::Append { path: PATH, text: appended(&text, indent) },
            None => Step::ByHand { path: PATH, text: HOOK.into() },
        }
    })
}

/// The hook for another hook manager, if the repository uses one.
fn other_hooks(root: &Path) -> Result<Option<Step>, CliError> {
    const HUSKY: &str = ".husky/pre-commit";
    const COMMAND: &str = "hfscan --staged\n";
    if root.join(".husky").is_dir() {
        if !exists(root, HUSKY) {
            return Ok(Some(Step::Create { path: HUSKY, text: COMMAND.into() }));
        }
        let text = std::fs::read_to_string(root.join(HUSKY))
            .map_err(|error| CliError::Read { path: HUSKY.into(), error })?;
        return Ok(Some(if text.contains("hfscan") {
            Step::There { what: format!("{HUSKY}: already has a hook of hfscan") }
        } else {
            let start = if text.ends_with('\n') { "" } else { "\n" };
            Step::Append { path: HUSKY, text: format!("{start}{COMMAND}") }
        }));
    }
    let lefthook = ["lefthook.yml", "lefthook.yaml", ".lefthook.yml", ".lefthook.yaml"];
    Ok(lefthook.into_iter().find(|name| exists(root, name)).map(|path| Step::ByHand {
        path,
        text: "pre-commit:\n  commands:\n    hfscan:\n      run: hfscan --staged\n".into(),
    }))
}

/// The indentation of the `repos:` entries, if they are at the end of the file.
fn indent_of_last_list(text: &str) -> Option<usize> {
    let mut lines = text.lines().skip_while(|line| line.trim_end() != "repos:").skip(1);
    let plain = |line: &&str| !line.trim().is_empty() && !line.trim_start().starts_with('#');
    let first = lines.by_ref().find(plain)?;
    let indent = first.len() - first.trim_start_matches(' ').len();
    let is_entry = first[indent..].starts_with("- ");
    let is_last = lines.filter(plain).all(|line| {
        let depth = line.len() - line.trim_start_matches(' ').len();
        depth > indent || depth == indent && line[depth..].starts_with("- ")
    });
    (is_entry && is_last).then_some(indent)
}

/// The hook, indented, after a newline if the file does not end in one.
fn appended(text: &str, indent: usize) -> String {
    let lines = HOOK.lines().map(|line| {
        let line = line.strip_prefix("  ").unwrap_or(line);
        format!("{:indent$}{line}\n", "")
    });
    let start = if text.ends_with('\n') { "" } else { "\n" };
    start.to_string() + &lines.collect::<String>()
}

fn ci_step(root: &Path) -> Step {
    const PATH: &str = ".github/workflows/hfscan.yml";
    if exists(root, PATH) {
        return Step::There { what: format!("{PATH}: already exists") };
    }
    if HOME_PAGE.is_none() {
        return Step::There {
            what: "CI: no job is written, since this build has no public release; with hfscan \
                   installed there, the job is one command: `hfscan --format github` on GitHub, \
                   `hfscan` elsewhere"
                .into(),
        };
    }
    if !exists(root, ".github") {
        for (file, place) in [
            (".gitlab-ci.yml", "GitLab"),
            ("azure-pipelines.yml", "Azure Pipelines"),
            (".circleci", "CircleCI"),
            ("Jenkinsfile", "Jenkins"),
            ("bitbucket-pipelines.yml", "Bitbucket"),
        ] {
            if exists(root, file) {
                return Step::There {
                    what: format!(
                        "{file}: docs/ci.md of hfscan contains the configuration for {place}"
                    ),
                };
            }
        }
    }
    Step::Create { path: PATH, text: WORKFLOW.replace("VERSION", env!("CARGO_PKG_VERSION")) }
}

fn is_confirmed() -> bool {
    matches!(typed_answer("write this? [y/N]").as_deref(), Some("y" | "Y" | "yes"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hook_is_added_only_where_the_list_of_hooks_ends_the_file() {
        assert_eq!(indent_of_last_list("repos:\n- repo: a\n  hooks: []\n"), Some(0));
        assert_eq!(indent_of_last_list("# x\nrepos:\n\n  # y\n  - repo: a\n    rev: b"), Some(2));
        assert_eq!(indent_of_last_list("repos:\n- repo: a\nexclude: x\n"), None);
        assert_eq!(indent_of_last_list("repos: []\n"), None);
        assert_eq!(indent_of_last_list("repos:\n"), None);
        assert!(appended("x", 0).starts_with("\n- repo: local\n  hooks:\n    - id: hfscan\n"));
    }

    #[test]
    fn the_configuration_that_is_written_is_valid() {
        assert!(crate::config::read_file(".hfscan.toml", CONFIG, &[]).expect("valid").is_some());
    }
}
