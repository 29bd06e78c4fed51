//! Hints fit the places that they are shown for.

use crate::support::Workspace;

/// A file, its text, the rule that reports it, and a part of its hint.
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
