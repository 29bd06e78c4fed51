//! Hints fit the context for which they are shown.

use crate::{fix::parsers, support::Workspace, twins::twins};
use hfscan::internal::rule::built_in;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// A file, its text, the rule that reports it, and an expected part of the hint.
const HINTS: &[(&str, &str, &str, &str)] = &[
    (
        "train.py",
        "args = TrainingArguments('out', hub_token='hf_{{alpha:34}}')\n",
        "hardcoded-token-argument",
        "delete `hub_token` and set `HF_TOKEN`",
    ),
    (
        "track.py",
        "mlflow.log_param('hf_token', 'hf_{{alpha:34}}')\n",
        "hardcoded-token-argument",
        "delete the entry: the tracker keeps",
    ),
    (
        "app.py",
        "box = gr.Textbox(value='hf_{{alpha:34}}')\n",
        "hardcoded-token-argument",
        "leave the field empty",
    ),
    (
        "name.py",
        "token = os.getenv('hf_{{alpha:34}}')\n",
        "hardcoded-token-argument",
        "write the name here, `HF_TOKEN`",
    ),
    (
        "main.go",
        "const hfToken = \"hf_{{alpha:34}}\"\n",
        "hardcoded-token-assignment",
        "`var hfToken = os.Getenv(\"HF_TOKEN\")`",
    ),
    (
        "main.c",
        "static const char *token = \"hf_{{alpha:34}}\";\n",
        "hardcoded-token-assignment",
        "in a function",
    ),
    (
        "docker-compose.yml",
        "services:\n  a:\n    image: x\n    environment:\n      - HF_TOKEN=hf_{{alpha:34}}\n",
        "compose-token-literal",
        "in a list write `- HF_TOKEN`",
    ),
    (
        ".devcontainer/devcontainer.json",
        "{\"remoteEnv\": {\"HF_TOKEN\": \"hf_{{alpha:34}}\"}}\n",
        "compose-token-literal",
        "`${localEnv:HF_TOKEN}`",
    ),
    (
        "config.fish",
        "set -gx HF_TOKEN hf_{{alpha:34}}\n",
        "shell-export-token",
        "let whoever starts the script set `HF_TOKEN`",
    ),
    (
        "load.py",
        "model = AutoModel.from_pretrained('o/m', use_auth_token=True)\n",
        "deprecated-use-auth-token",
        "delete the argument",
    ),
    (
        "push.sh",
        ". ./.env\nhf upload o/m .\n",
        "upload-includes-secrets",
        "--exclude \"*.env*\" --exclude \"*.log\"",
    ),
    (
        "space.sh",
        "hf spaces variables add a/b -e HF_TOKEN=hf_{{alpha:34}}\n",
        "space-public-variable-token",
        "hf spaces secrets add",
    ),
    (
        "trace.sh",
        "set -x\ncurl -H \"Authorization: Bearer $HF_TOKEN\" https://huggingface.co\n",
        "token-printed",
        "write `set +x` before the lines that use the token",
    ),
];

#[test]
fn each_place_has_a_hint_that_works_there() {
    let mut wrong = Vec::new();
    for (path, text, rule, hint) in HINTS {
        let run = Workspace::with(path, text).run(&["--format", "json", "."]);
        let findings = run.json()["findings"].as_array().cloned().unwrap_or_default();
        let found = findings.iter().find(|one| one["rule"] == *rule);
        match found.and_then(|one| one["help"].as_str()) {
            Some(help) if help.contains(hint) => {}
            other => wrong.push(format!("{path}: {rule}: {other:?}, expected {hint:?}")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_live_token_in_a_public_variable_of_a_space_is_a_critical_credential() {
    let text = "hf spaces variables add a/b -e HF_TOKEN=hf_{{alpha:34}}\n";
    let run = Workspace::with("space.sh", text).run(&["--format", "json", "."]);
    let findings = run.json()["findings"].as_array().cloned().unwrap_or_default();
    let found = findings.iter().find(|one| one["rule"] == "space-public-variable-token").unwrap();
    assert_eq!(found["severity"], "critical");
    assert!(found["secret"].is_object(), "{found}");
}

/// Files in which a rule has findings, each in its own folder.
fn leaky_files() -> Vec<(String, String)> {
    let twins = twins().into_iter().map(|twin| (twin.path, twin.leaky));
    let rules = built_in(None).expect("the built-in rules are valid");
    let examples = rules.into_iter().flat_map(|rule| rule.examples);
    let examples = examples.filter(|one| !one.found.is_empty() && one.container.is_empty());
    let examples = examples.map(|one| (one.path, one.text));
    let all = twins.chain(examples).enumerate();
    all.map(|(number, (path, text))| (format!("{number:04}/{path}"), text)).collect()
}

/// The findings of each file.
fn findings(workspace: &Workspace) -> BTreeMap<String, Vec<Value>> {
    let run = workspace.run(&["--format", "json", "--ignore", "token-reused", "."]);
    let mut files: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for finding in run.json()["findings"].as_array().unwrap() {
        let path = finding["location"]["path"].as_str().unwrap().to_string();
        files.entry(path).or_default().push(finding.clone());
    }
    files
}

/// The expression that a hint suggests in place of a value; `None` if it suggests more than that,
/// such as an entry or an option.
fn told(finding: &Value) -> Option<&str> {
    let help = finding["help"].as_str()?;
    let told = help.strip_prefix("write `")?.split('`').next()?;
    let is_more = told.starts_with("--") || [": ", " = ", "RUN "].iter().any(|x| told.contains(x));
    let is_whole = !told.is_empty() && told.matches('(').count() == told.matches(')').count();
    let is_secret = finding["secret"].is_object() && !help.contains("in place of");
    (is_secret && is_whole && !is_more).then_some(told)
}

/// The bytes of `text` that `told` replaces for a secret at `start..end`: the literal with its
/// quotes, or the secret alone if `told` is expanded in a text. `None` if the literal contains more
/// than a secret and its scheme, such as a command.
fn replaced(text: &str, start: usize, end: usize, told: &str) -> Option<(usize, usize)> {
    if told.starts_with(['$', '%']) {
        return Some((start, end));
    }
    let before = text[..start].strip_suffix("Bearer ").unwrap_or(&text[..start]);
    let quote = before.chars().next_back().filter(|sign| "\"'`".contains(*sign));
    match quote {
        Some(quote) if text[end..].starts_with(quote) => Some((before.len() - 1, end + 1)),
        Some(_) => None,
        None => {
            let line = text[..start].rsplit('\n').next().unwrap_or_default();
            let is_inside =
                ['"', '\'', '`'].iter().any(|sign| line.matches(*sign).count() % 2 == 1);
            (before.len() == start && !is_inside).then_some((start, end))
        }
    }
}

/// The text with the value of each such finding replaced as its hint suggests, and the number of
/// replacements.
fn followed(text: &str, findings: &[Value]) -> (String, usize) {
    let mut edits = BTreeSet::new();
    for finding in findings {
        let place = |key: &str| {
            finding["location"]["bytes"][key].as_u64().and_then(|at| usize::try_from(at).ok())
        };
        let (Some(told), Some(start), Some(end)) = (told(finding), place("start"), place("end"))
        else {
            continue;
        };
        edits.extend(replaced(text, start, end, told).map(|(start, end)| (start, end, told)));
    }
    let (mut new, mut at, mut count) = (String::new(), 0, 0);
    for (start, end, told) in &edits {
        if *start >= at {
            new.push_str(&text[at..*start]);
            new.push_str(told);
            (at, count) = (*end, count + 1);
        }
    }
    new.push_str(&text[at..]);
    (new, count)
}

#[test]
fn a_hint_that_is_followed_to_the_letter_parses_and_leaves_nothing_to_report() {
    let (workspace, after) = (Workspace::new(), Workspace::new());
    for (path, text) in leaky_files() {
        workspace.write(&path, &text);
    }
    let before = findings(&workspace);
    let (mut places, mut changed) = (0, Vec::new());
    // Notebook code is in JSON strings, where the suggested expression would need escapes.
    for (path, found) in before.iter().filter(|(path, _)| !path.ends_with(".ipynb")) {
        let text = std::fs::read_to_string(workspace.path(path)).unwrap();
        let (new, count) = followed(&text, found);
        if count > 0 {
            places += count;
            after.write_bytes(path, new.as_bytes());
            changed.push(path);
        }
    }
    let mut wrong = Vec::new();
    for (path, found) in findings(&after) {
        let known: Vec<&Value> = before[&path].iter().map(|one| &one["rule"]).collect();
        let is_left = |one: &&Value| {
            told(one).is_some() || one["severity"] != "info" && !known.contains(&&one["rule"])
        };
        for one in found.iter().filter(is_left) {
            let text = std::fs::read_to_string(after.path(&path)).unwrap();
            wrong.push(format!("{path}: {} is still found\n{text}", one["rule"]));
        }
    }
    let refused = |workspace: &Workspace| -> BTreeSet<_> {
        let files: Vec<_> = changed.iter().map(|path| workspace.path(path)).collect();
        let refused = parsers::refused(&files).into_iter();
        refused.map(|file| file.strip_prefix(workspace.root()).unwrap().to_path_buf()).collect()
    };
    let was_refused = refused(&workspace);
    for file in refused(&after).difference(&was_refused) {
        let text = std::fs::read_to_string(after.root().join(file)).unwrap();
        wrong.push(format!("{} no longer parses\n{text}", file.display()));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(places >= 150, "only {places} places");
}
