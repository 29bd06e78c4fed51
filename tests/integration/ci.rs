//! The parts that run in CI: the steps of the action as scripts, the problem matcher, the
//! workflows.

use crate::{
    hooks,
    support::{Workspace, token},
};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::Command,
};

fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A YAML file of the project, read by a real YAML parser.
fn yaml(path: &str) -> Option<Value> {
    const SCRIPT: &str = "import json, sys, yaml; \
        print(json.dumps(yaml.load(open(sys.argv[1]), yaml.BaseLoader)))";
    let mut command = Command::new(hooks::tools()?.join("python"));
    let output = command.args(["-c", SCRIPT]).arg(project().join(path)).output().unwrap();
    assert!(output.status.success(), "{path}: {}", String::from_utf8_lossy(&output.stderr));
    Some(serde_json::from_slice(&output.stdout).unwrap())
}

fn yaml_files() -> Vec<String> {
    let mut files: Vec<String> =
        ["action.yml", "templates/gitlab.yml", "src/cli/templates/github.yml"]
            .map(str::to_string)
            .to_vec();
    for entry in std::fs::read_dir(project().join(".github/workflows")).unwrap().flatten() {
        files.push(format!(".github/workflows/{}", entry.file_name().to_string_lossy()));
    }
    files
}

/// All steps in a workflow or an action.
fn steps(value: &Value) -> Vec<&Value> {
    match value {
        Value::Object(map) => {
            let own = map.get("steps").and_then(Value::as_array).into_iter().flatten();
            own.chain(map.values().flat_map(steps)).collect()
        }
        Value::Array(items) => items.iter().flat_map(steps).collect(),
        _ => Vec::new(),
    }
}

#[test]
fn no_script_of_a_workflow_holds_an_expression_and_every_action_is_pinned() {
    let mut count = 0;
    for file in yaml_files() {
        let Some(value) = yaml(&file) else { return };
        for step in steps(&value) {
            count += 1;
            let script = step["run"].as_str().unwrap_or_default();
            assert!(!script.contains("${{"), "{file}: {script}");
            if let Some(uses) = step["uses"].as_str().filter(|uses| !uses.starts_with("./")) {
                let commit = uses.split('@').nth(1).unwrap_or_default();
                let is_pinned =
                    commit.len() == 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit());
                assert!(is_pinned, "{file}: {uses}");
            }
        }
    }
    assert!(count > 10, "{count}");
}

/// The action running in a repository.
struct Action {
    workspace: Workspace,
    inputs: BTreeMap<&'static str, String>,
}

/// The results of a run of the action.
#[derive(Debug)]
struct Outcome {
    outputs: BTreeMap<String, String>,
    text: String,
    code: Option<i32>,
}

impl Action {
    fn new(inputs: &[(&'static str, &str)]) -> Self {
        let workspace = Workspace::with("src/app.py", "login(token=\"hf_{{alpha:34}}\")\n");
        workspace.git(&["init", "-q"]);
        let given = inputs.iter().map(|(name, value)| (*name, value.to_string()));
        Self {
            workspace,
            inputs: [("version", "system".to_string())].into_iter().chain(given).collect(),
        }
    }

    /// Runs each script step as the runner does, with the values that it would substitute.
    fn run(&self) -> Option<Outcome> {
        let action = yaml("action.yml")?;
        let mut outcome = Outcome { outputs: BTreeMap::new(), text: String::new(), code: Some(0) };
        for step in steps(&action).into_iter().filter(|step| step["run"].is_string()) {
            assert_eq!(step["shell"], "bash");
            let file = self.workspace.root().parent().unwrap().join("output");
            std::fs::write(&file, "").unwrap();
            let mut command = Command::new("bash");
            command.args(["--noprofile", "--norc", "-eo", "pipefail", "-c"]);
            command.arg(step["run"].as_str().unwrap());
            let ours = Path::new(env!("CARGO_BIN_EXE_hfscan")).parent().unwrap();
            let path = std::env::var("PATH").unwrap();
            command.env_clear().env("PATH", format!("{}:{path}", ours.display()));
            command.env("HOME", self.workspace.root().parent().unwrap().join("home"));
            command.env("GITHUB_OUTPUT", &file).env("RUNNER_TEMP", file.parent().unwrap());
            for (name, value) in step["env"].as_object().unwrap() {
                command.env(name, self.filled(value.as_str().unwrap(), &action, &outcome));
            }
            let output = command.current_dir(self.workspace.root()).output().unwrap();
            outcome.text += &String::from_utf8_lossy(&output.stdout);
            outcome.text += &String::from_utf8_lossy(&output.stderr);
            outcome.code = output.status.code();
            let lines = std::fs::read_to_string(&file).unwrap();
            let pairs = lines.lines().filter_map(|line| line.split_once('='));
            let id = step["id"].as_str().unwrap();
            outcome.outputs.extend(
                pairs.map(|(name, value)| (format!("steps.{id}.outputs.{name}"), value.into())),
            );
            if !output.status.success() {
                break;
            }
        }
        Some(outcome)
    }

    fn filled(&self, value: &str, action: &Value, outcome: &Outcome) -> String {
        let inside = value.strip_prefix("${{ ").and_then(|rest| rest.strip_suffix(" }}"));
        let Some(expression) = inside else { return value.into() };
        if let Some(name) = expression.strip_prefix("inputs.") {
            let default = action["inputs"][name]["default"].as_str().expect(name);
            return self.inputs.get(name).cloned().unwrap_or_else(|| default.into());
        }
        match expression {
            "github.action_path" => project().to_str().unwrap().into(),
            "github.action_repository" => "owner/hfscan".into(),
            output => outcome.outputs.get(output).cloned().unwrap_or_default(),
        }
    }
}

#[test]
fn the_action_annotates_counts_and_fails() {
    let Some(outcome) = Action::new(&[]).run() else { return };
    assert_eq!(outcome.code, Some(1), "{outcome:?}");
    assert!(outcome.text.contains("::error file=src/app.py,line=1,"), "{}", outcome.text);
    assert_eq!(outcome.outputs["steps.run.outputs.findings"], "1");
    assert_eq!(outcome.outputs["steps.run.outputs.exit-code"], "1");
    let sarif = PathBuf::from(&outcome.outputs["steps.run.outputs.sarif-file"]);
    assert!(sarif.ends_with("hfscan.sarif"), "{outcome:?}");
}

#[test]
fn the_actions_inputs_are_data_and_never_run() {
    let hostile = "src/app.py\n$(touch owned)\n`touch owned`\n; touch owned";
    let action = Action::new(&[("paths", hostile), ("args", "; touch owned $(touch owned)")]);
    let Some(outcome) = action.run() else { return };
    assert_eq!(outcome.code, Some(2), "a path is not there: {outcome:?}");
    assert!(!action.workspace.path("owned").exists());
    let action = Action::new(&[
        ("paths", "a b.py\n-x.py"),
        ("args", "--min-severity  low\n--exclude *.md"),
        ("fail-on", "never"),
        ("working-directory", "src"),
        ("format", "text"),
    ]);
    action.workspace.write("src/a b.py", "hf_{{alpha:34}}");
    action.workspace.write("src/-x.py", "hf_{{alpha:34:other}}");
    action.workspace.write("src/a.md", "hf_{{alpha:34}}");
    let outcome = action.run().unwrap();
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    assert_eq!(outcome.outputs["steps.run.outputs.findings"], "2");
    assert!(!action.workspace.path("owned").exists());
    assert!(!outcome.text.contains(&token("")));
}

#[test]
fn the_action_does_not_pass_when_it_cannot_tell() {
    for inputs in [[("config", "missing.toml")], [("args", "--no-such-option")]] {
        let Some(outcome) = Action::new(&inputs).run() else { return };
        assert_eq!(outcome.code, Some(2), "{outcome:?}");
        assert_eq!(outcome.outputs["steps.run.outputs.findings"], "");
    }
    for version in ["1.0; touch owned", "../../x", "latest"] {
        let outcome = Action::new(&[("version", version)]).run().unwrap();
        assert_eq!(outcome.code, Some(2), "{outcome:?}");
    }
}

#[test]
fn a_release_is_used_only_if_its_checksum_holds() {
    let target = match (std::env::consts::OS, std::env::consts::ARCH) {
        ("linux", arch) => format!("{arch}-unknown-linux-musl"),
        (_, arch) => format!("{arch}-apple-darwin"),
    };
    let workspace = Workspace::new();
    let name = format!("hfscan-{target}");
    workspace.write_bytes(format!("v1.2.3/{name}/hfscan"), b"#!/bin/sh\n");
    let release = workspace.path("v1.2.3");
    let tar = Command::new("tar")
        .current_dir(&release)
        .args(["-czf", &format!("{name}.tar.gz"), &name])
        .status();
    assert!(tar.unwrap().success());
    let digest = {
        use sha2::Digest;
        let bytes = std::fs::read(release.join(format!("{name}.tar.gz"))).unwrap();
        sha2::Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect::<String>()
    };
    let output = workspace.path("output");
    let fetch = |sums: &str, pinned: &str| {
        std::fs::write(release.join("SHA256SUMS"), sums).unwrap();
        std::fs::write(&output, "").unwrap();
        let mut command = Command::new("bash");
        command.arg(project().join("ci/fetch.sh")).env("INPUT_VERSION", "v1.2.3");
        command.env("INPUT_SHA256", pinned);
        command.env("GITHUB_OUTPUT", &output).env("RUNNER_TEMP", workspace.root());
        command.env("HFSCAN_RELEASES", format!("file://{}", workspace.root().display()));
        command.env("ACTION_PATH", project()).env("ACTION_REPOSITORY", "owner/hfscan");
        let passed = command.output().unwrap().status.success();
        (passed, std::fs::read_to_string(&output).unwrap())
    };
    let sums = format!("{digest}  {name}.tar.gz\n{digest}  other\n");
    let (passed, told) = fetch(&sums, "");
    assert!(passed && told.trim_end().ends_with(&format!("{name}/hfscan")), "{told}");
    for sums in ["", &format!("{}  {name}.tar.gz\n", "0".repeat(64)), &format!("{digest}  x\n")] {
        assert_eq!(fetch(sums, ""), (false, String::new()), "{sums}");
    }
    // A digest set by the user overrides the one in the release.
    assert!(fetch("", &digest).0);
    assert_eq!(fetch(&sums, &"0".repeat(64)), (false, String::new()));
}

#[test]
fn the_problem_matcher_reads_the_text_report() {
    let text = std::fs::read_to_string(project().join("ci/problem-matcher.json")).unwrap();
    let matchers: Value = serde_json::from_str(&text).unwrap();
    let workspace = Workspace::with("a b/app.py", "x = 1\nlogin(token=\"hf_{{alpha:34}}\")\n");
    let report = workspace.run(&[]).stdout;
    let lines: Vec<&str> = report.lines().collect();
    let mut found = Vec::new();
    for matcher in matchers["problemMatcher"].as_array().unwrap() {
        let pattern = |number: usize| {
            let text = matcher["pattern"][number]["regexp"].as_str().unwrap();
            regex::Regex::new(text).unwrap()
        };
        for pair in lines.windows(2) {
            let (first, second) = (pattern(0).captures(pair[0]), pattern(1).captures(pair[1]));
            if let (Some(first), Some(second)) = (first, second) {
                found.push(format!(
                    "{} {} {}:{}:{}",
                    matcher["severity"].as_str().unwrap(),
                    &first[1],
                    &second[1],
                    &second[2],
                    &second[3]
                ));
            }
        }
    }
    assert_eq!(found, ["error hardcoded-login-token a b/app.py:2:14"]);
}

#[test]
fn zizmor_finds_nothing_in_the_workflows() {
    let Some(tools) = hooks::tools() else { return };
    let output = Command::new(tools.join("zizmor"))
        .args(["--offline", "--no-progress", "--persona", "pedantic"])
        .args(yaml_files().iter().filter(|file| !file.starts_with("templates")))
        .current_dir(project())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}
