//! The facts of each dialect's files.

use crate::{
    language::{FileHead, Wanted, identify},
    model::{BindingContext, Command, CommandPlace, Facts, SourcePath, ValueKind},
};
use BindingContext::{BuildArgument, Environment, Mapping};

fn read(path: &str, text: &str) -> Facts {
    let path = SourcePath::from_bytes(path);
    let head = FileHead { path: &path, head: text.as_bytes() };
    let reader = identify(head).expect("a reader claims it");
    let facts = crate::language::read(reader, text.as_bytes(), head, Wanted::ALL);
    for binding in &facts.bindings {
        let value = binding.value.span.slice(text.as_bytes());
        let is_whole = binding.value.text.as_bytes() == value;
        let is_folded = value.iter().any(|byte| matches!(byte, b'\n' | b'\\' | b'\''));
        assert!(
            is_whole || is_folded,
            "{binding:?} stands at {:?}",
            String::from_utf8_lossy(value)
        );
    }
    facts
}

/// Asserts a binding: its path, value and context.
#[track_caller]
fn assert_binding(facts: &Facts, path: &str, value: &str, context: BindingContext) {
    let found = facts.bindings.iter().any(|binding| {
        binding.path == path && binding.value.text == value && binding.context == context
    });
    assert!(found, "no {context:?} {path} = {value} in {:#?}", facts.bindings);
}

fn words(command: &Command) -> Vec<&str> {
    command.words.iter().map(|word| word.text.as_str()).collect()
}

/// Asserts a command, and that the span of each of its words is right.
#[track_caller]
fn assert_command(facts: &Facts, text: &str, expected: &[&str], place: CommandPlace) {
    let found = facts.commands.iter().find(|command| words(command) == expected);
    let Some(command) = found else { panic!("no {expected:?} in {:#?}", facts.commands) };
    assert_eq!(command.place, place);
    for word in &command.words {
        let stands = String::from_utf8_lossy(word.span.slice(text.as_bytes()));
        assert!(stands.contains(&word.text), "{word:?} stands at {stands:?}");
    }
}

#[test]
fn github_actions_have_environments_steps_calls_and_triggers() {
    let text = "on:\n  pull_request_target:\n  push: {branches: [main]}\nenv:\n  HF_TOKEN: abc\njobs:\n  a:\n    env: {hf: x}\n    steps:\n    - uses: huggingface/hub-sync@v1\n      with:\n        hf_token: ${{ secrets.HF_TOKEN }}\n    - run: hf auth login --token abc\n      env:\n        X: y\n    - run: |\n        echo a\n        hf download m\n    - shell: pwsh\n      run: Write-Host 'a b'\n    - { run: \"hf \\u0061uth whoami\" }\n";
    let facts = read(".github/workflows/ci.yml", text);
    assert_eq!(facts.dialect, Some("github-actions"));
    assert_binding(&facts, "on.pull_request_target", "", Mapping);
    assert_binding(&facts, "on.push.branches[0]", "main", Mapping);
    assert_binding(&facts, "env.HF_TOKEN", "abc", Environment);
    assert_binding(&facts, "jobs.a.env.hf", "x", Environment);
    assert_binding(&facts, "jobs.a.steps[1].env.X", "y", Environment);
    let with = facts.bindings.iter().find(|binding| binding.key == "hf_token").expect("is there");
    assert_eq!(with.callee.as_deref(), Some("huggingface/hub-sync"));
    assert_eq!((with.context, with.value.kind), (Mapping, ValueKind::Lookup));
    assert_command(&facts, text, &["hf", "auth", "login", "--token", "abc"], CommandPlace::CiStep);
    assert_command(&facts, text, &["hf", "download", "m"], CommandPlace::CiStep);
    assert!(facts.commands.iter().any(|command| words(command) == ["hf", "auth", "whoami"]));
    assert!(facts.commands.iter().any(|command| words(command) == ["Write-Host", "a b"]));
}

#[test]
fn every_form_of_a_trigger_is_visible() {
    for (text, path) in [
        ("on: pull_request_target\njobs: {}\n", "on"),
        ("on: [push, pull_request_target]\njobs: {}\n", "on[1]"),
        ("on:\n- pull_request_target\njobs: {}\n", "on[0]"),
    ] {
        assert_binding(
            &read(".github/workflows/a.yml", text),
            path,
            "pull_request_target",
            Mapping,
        );
    }
    let facts = read(".github/workflows/a.yml", "on:\n  pull_request_target: {}\n");
    assert_binding(&facts, "on.pull_request_target", "", Mapping);
}

#[test]
fn gitlab_ci_has_variables_and_scripts() {
    let text = "variables:\n  HF_TOKEN: abc\n  LONG:\n    value: v\n    description: d\njob:\n  variables: {A: b}\n  before_script:\n  - hf auth login\n  script:\n    - |\n      hf upload a\n    - !reference [x, script]\n    - - hf cache ls\n";
    let facts = read(".gitlab-ci.yml", text);
    assert_eq!(facts.dialect, Some("gitlab-ci"));
    assert_binding(&facts, "variables.HF_TOKEN", "abc", Environment);
    assert_binding(&facts, "variables.LONG", "v", Environment);
    assert_binding(&facts, "job.variables.A", "b", Environment);
    for command in [["hf", "auth", "login"], ["hf", "upload", "a"], ["hf", "cache", "ls"]] {
        assert_command(&facts, text, &command, CommandPlace::CiStep);
    }
}

#[test]
fn other_ci_files_have_environments_and_steps() {
    let cases = [
        (
            ".circleci/config.yml",
            "circleci",
            "jobs:\n  a:\n    environment:\n      HF_TOKEN: abc\n    steps:\n    - run: hf auth whoami\n    - run: {name: x, command: hf env}\n",
            "jobs.a.environment.HF_TOKEN",
        ),
        (
            "azure-pipelines.yml",
            "azure-pipelines",
            "variables:\n  HF_TOKEN: abc\nsteps:\n- script: hf auth whoami\n- bash: hf env\n",
            "variables.HF_TOKEN",
        ),
        (
            "azure-pipelines.yml",
            "azure-pipelines",
            "variables:\n- group: g\n- name: HF_TOKEN\n  value: abc\nsteps:\n- script: hf auth whoami\n- bash: hf env\n",
            "variables[1].HF_TOKEN",
        ),
        (
            "bitbucket-pipelines.yml",
            "bitbucket",
            "pipelines:\n  default:\n  - step:\n      script:\n      - hf auth whoami\n      - hf env\n      - pipe: x/y:1\n        variables:\n          HF_TOKEN: abc\n",
            "pipelines.default[0].step.script[2].variables.HF_TOKEN",
        ),
        (
            ".buildkite/pipeline.yml",
            "buildkite",
            "env:\n  HF_TOKEN: abc\nsteps:\n- command: hf auth whoami\n- commands:\n  - hf env\n",
            "env.HF_TOKEN",
        ),
        (
            ".travis.yml",
            "travis",
            "env:\n  global:\n  - HF_TOKEN=abc\nscript: hf auth whoami\ninstall:\n- hf env\n",
            "env.global[0].HF_TOKEN",
        ),
        (
            ".drone.yml",
            "drone",
            "steps:\n- environment:\n    HF_TOKEN: abc\n  commands:\n  - hf auth whoami\n  - hf env\n",
            "steps[0].environment.HF_TOKEN",
        ),
        (
            ".woodpecker.yml",
            "drone",
            "steps:\n- environment:\n  - HF_TOKEN=abc\n  commands:\n  - hf auth whoami\n  - hf env\n",
            "steps[0].environment[0].HF_TOKEN",
        ),
        (
            "appveyor.yml",
            "appveyor",
            "environment:\n  HF_TOKEN: abc\nbuild_script:\n- hf auth whoami\n- sh: hf env\n",
            "environment.HF_TOKEN",
        ),
        (
            "cloudbuild.yaml",
            "cloudbuild",
            "steps:\n- entrypoint: bash\n  args: ['-c', 'hf auth whoami']\n  env: ['HF_TOKEN=abc']\n- script: hf env\n",
            "steps[0].env[0].HF_TOKEN",
        ),
    ];
    for (path, dialect, text, variable) in cases {
        let facts = read(path, text);
        assert_eq!(facts.dialect, Some(dialect));
        assert_binding(&facts, variable, "abc", Environment);
        assert_command(&facts, text, &["hf", "auth", "whoami"], CommandPlace::CiStep);
        assert_command(&facts, text, &["hf", "env"], CommandPlace::CiStep);
    }
}

#[test]
fn a_line_of_variables_is_read_as_a_shell_reads_it() {
    let text =
        "matrix:\n  include:\n  - python: 3\n    env: HF_TOKEN=abc B=\"c d\"\nenv:\n- C=d E=f\n";
    let facts = read(".travis.yml", text);
    for (name, value) in [
        ("matrix.include[0].env.HF_TOKEN", "abc"),
        ("matrix.include[0].env.B", "c d"),
        ("env[0].C", "d"),
        ("env[0].E", "f"),
    ] {
        assert_binding(&facts, name, value, Environment);
    }
    assert_binding(&facts, "matrix.include[0].python", "3", Mapping);
}

#[test]
fn compose_has_environments_build_arguments_and_commands() {
    let text = "services:\n  a:\n    build:\n      args:\n        HF_TOKEN: abc\n    environment:\n    - HF_TOKEN=def\n    - PLAIN\n    - \"QUOTED=ghi\"\n    command: [\"vllm\", \"serve\", \"--hf-token\", \"$HF_TOKEN\"]\n  b:\n    build: {args: [A=b]}\n    environment: {HF_TOKEN: \"${HF_TOKEN}\", n: 1}\n    command: >\n      hf download\n      m --token x\n  c:\n    entrypoint: [sh, -c, 'hf auth whoami']\n";
    let facts = read("docker-compose.dev.yml", text);
    assert_eq!(facts.dialect, Some("compose"));
    assert_binding(&facts, "services.a.build.args.HF_TOKEN", "abc", BuildArgument);
    assert_binding(&facts, "services.b.build.args[0].A", "b", BuildArgument);
    assert_binding(&facts, "services.a.environment[0].HF_TOKEN", "def", Environment);
    assert_binding(&facts, "services.a.environment[1].PLAIN", "", Environment);
    assert_binding(&facts, "services.a.environment[2].QUOTED", "ghi", Environment);
    assert_binding(&facts, "services.b.environment.n", "1", Environment);
    let place = CommandPlace::ContainerStart;
    assert_command(&facts, text, &["vllm", "serve", "--hf-token", "$HF_TOKEN"], place);
    assert_command(&facts, text, &["hf", "download", "m", "--token", "x"], place);
    assert_command(&facts, text, &["hf", "auth", "whoami"], place);
}

#[test]
fn kubernetes_has_variables_commands_and_secrets() {
    let text = "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - name: c\n    command: [sh, -c]\n    args:\n    - hf auth login --token abc\n    env:\n    - name: HF_TOKEN\n      value: abc\n    - name: FROM\n      valueFrom: {secretKeyRef: {name: s, key: k}}\n  - name: d\n    args: [\"--model\", \"m\", \"--hf-token\", \"$(HF_TOKEN)\"]\n---\napiVersion: v1\nkind: Secret\nstringData:\n  token: abc\n";
    let facts = read("deploy/pod.yaml", text);
    assert_eq!(facts.dialect, Some("kubernetes"));
    assert_binding(&facts, "spec.containers[0].env[0].HF_TOKEN", "abc", Environment);
    assert_binding(&facts, "stringData.token", "abc", Mapping);
    let place = CommandPlace::ContainerStart;
    assert_command(&facts, text, &["hf", "auth", "login", "--token", "abc"], place);
    let own = facts.commands.iter().find(|command| command.program().is_empty());
    let own = own.expect("arguments alone are those of the image's own program");
    assert_eq!(own.words[4].span.slice(text.as_bytes()), b"\"$(HF_TOKEN)\"");
    assert!(own.words[4].expands);
}

#[test]
fn machines_and_tools_have_environments_and_commands() {
    use CommandPlace::{ContainerStart, Recipe, Shell, Subprocess};
    let cases = [
        (
            "train.sky.yaml",
            "skypilot",
            "envs:\n  HF_TOKEN: abc\nsetup: hf env\nrun: |\n  hf auth whoami\n",
            "envs.HF_TOKEN",
            Shell,
        ),
        (
            "roles/a/tasks/main.yml",
            "ansible",
            "- name: x\n  shell: hf auth whoami\n  environment:\n    HF_TOKEN: abc\n- ansible.builtin.command:\n    cmd: hf env\n",
            "[0].environment.HF_TOKEN",
            Shell,
        ),
        (
            ".mcp.json",
            "mcp",
            r#"{"mcpServers": {"a": {"command": "hf", "args": ["auth", "whoami"], "env": {"HF_TOKEN": "abc"}}, "b": {"command": "hf", "args": ["env"]}}}"#,
            "mcpServers.a.env.HF_TOKEN",
            Subprocess,
        ),
        (
            ".devcontainer/devcontainer.json",
            "devcontainer",
            "{\n// c\n\"remoteEnv\": {\"HF_TOKEN\": \"abc\"}, \"postCreateCommand\": \"hf auth whoami\", \"postStartCommand\": {\"a\": \"hf env\"}}",
            "remoteEnv.HF_TOKEN",
            ContainerStart,
        ),
        (
            "package.json",
            "package-json",
            r#"{"scripts": {"a": "hf auth whoami", "b": "hf env"}, "config": {"env": {"HF_TOKEN": "abc"}}}"#,
            "config.env.HF_TOKEN",
            Recipe,
        ),
    ];
    for (path, dialect, text, variable, place) in cases {
        let facts = read(path, text);
        assert_eq!(facts.dialect, Some(dialect), "{path}");
        assert_binding(&facts, variable, "abc", Environment);
        assert_command(&facts, text, &["hf", "auth", "whoami"], place);
        assert_command(&facts, text, &["hf", "env"], place);
    }
}

#[test]
fn variables_are_seen_in_files_of_no_known_purpose() {
    let facts = read("a/ray.yaml", "runtime_env:\n  env_vars:\n    HF_TOKEN: abc\n    lower: x\n");
    assert_eq!(facts.dialect, None);
    assert_binding(&facts, "runtime_env.env_vars.HF_TOKEN", "abc", Environment);
    assert_binding(&facts, "runtime_env.env_vars.lower", "x", Mapping);
    let facts = read(
        "a/x.yaml",
        "settings:\n- name: HF_TOKEN\n  value: abc\n- key: some key\n  value: def\n",
    );
    assert_binding(&facts, "settings[0].HF_TOKEN", "abc", Environment);
    assert_binding(&facts, "settings[1].some key", "def", Mapping);
}

#[test]
fn values_of_charts_and_other_known_files_are_told_apart() {
    for (path, text, dialect) in [
        ("charts/a/values.yaml", "hfToken: abc\n", "helm"),
        (
            "config.yaml",
            "model_list:\n- litellm_params: {api_key: os.environ/HF_TOKEN}\n",
            "litellm",
        ),
        ("environment.yml", "dependencies: []\nvariables:\n  A: b\n", "conda"),
        (".vscode/launch.json", "{\"configurations\": [{\"env\": {\"A\": \"b\"}}]}", "vscode"),
        ("terraform.tfstate", "{\"outputs\": {\"t\": {\"value\": \"v\"}}}", "tfstate"),
        ("action.yml", "runs:\n  using: composite\n  steps:\n  - run: a\n", "composite-action"),
    ] {
        assert_eq!(read(path, text).dialect, Some(dialect), "{path}");
    }
}
