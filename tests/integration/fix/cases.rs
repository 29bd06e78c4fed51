//! Files before and after a fix, for each row.

use super::parsers::refused;
use crate::support::Workspace;
use hfscan::{Applicability, internal::fix::ROWS};
use std::{collections::BTreeSet, path::PathBuf};

/// A file before and after. `<T>` stands for a token, `<U>` for another one.
struct Case {
    path: &'static str,
    before: &'static str,
    after: &'static str,
    options: &'static [&'static str],
}

const fn safe(path: &'static str, before: &'static str, after: &'static str) -> Case {
    Case { path, before, after, options: &[] }
}

const fn unsafely(path: &'static str, before: &'static str, after: &'static str) -> Case {
    Case { path, before, after, options: &["--unsafe-fixes"] }
}

/// A file that needs a manual fix.
const fn same(path: &'static str, text: &'static str) -> Case {
    unsafely(path, text, text)
}

const CASES: &[Case] = &[
    safe("a.py", "api = HfApi(token=\"<T>\")\n", "api = HfApi()\n"),
    safe(
        "a.py",
        "m = AutoModel.from_pretrained(\n    \"x\",\n    token=\"<T>\",  # keep\n    revision=\"a\",\n)\n",
        "m = AutoModel.from_pretrained(\n    \"x\",\n    # keep\n    revision=\"a\",\n)\n",
    ),
    safe(
        "a.py",
        "m = AutoModel.from_pretrained(\n    \"x\",\n    token=\"<T>\",\n)\n",
        "m = AutoModel.from_pretrained(\n    \"x\",\n)\n",
    ),
    safe(
        "a.py",
        "d = load_dataset(\"x\", token='<T>', split=\"train\")\n",
        "d = load_dataset(\"x\", split=\"train\")\n",
    ),
    safe(
        "a.py",
        "\"\"\"Doc.\"\"\"\nfrom __future__ import annotations\n\nimport sys\n\nHF_TOKEN = \"<T>\"\n",
        "\"\"\"Doc.\"\"\"\nfrom __future__ import annotations\n\nimport os\nimport sys\n\nHF_TOKEN = os.environ[\"HF_TOKEN\"]\n",
    ),
    safe(
        "a.py",
        "import os\nh = {\"Authorization\": f\"Bearer <T>\"}\n",
        "import os\nh = {\"Authorization\": f\"Bearer {os.environ['HF_TOKEN']}\"}\n",
    ),
    safe(
        "a.py",
        "import os\nh = {\"Authorization\": \"Bearer <T>\"}\n",
        "import os\nh = {\"Authorization\": f\"Bearer {os.environ['HF_TOKEN']}\"}\n",
    ),
    safe(
        "a.py",
        "import os\nt = os.getenv(\"HF_TOKEN\", \"<T>\")\n",
        "import os\nt = os.getenv(\"HF_TOKEN\")\n",
    ),
    safe(
        "a.py",
        "import os\nparser.add_argument(\"--token\", default=\"<T>\")\n",
        "import os\nparser.add_argument(\"--token\", default=os.environ.get(\"HF_TOKEN\"))\n",
    ),
    unsafely(
        "a.py",
        "import os\nos.environ[\"HF_TOKEN\"] = \"<T>\"\nx = 1\n",
        "import os\nx = 1\n",
    ),
    unsafely(
        "a.py",
        "import os\nif x:\n    os.environ[\"HF_TOKEN\"] = \"<T>\"\n",
        "import os\nif x:\n    pass\n",
    ),
    safe(
        "a.py",
        "args = TrainingArguments(output_dir=\"x\", hub_token=\"<T>\")\n",
        "args = TrainingArguments(output_dir=\"x\")\n",
    ),
    safe(
        "a.mjs",
        "const hf = new HfInference(\"<T>\");\n",
        "const hf = new HfInference(process.env.HF_TOKEN);\n",
    ),
    safe(
        "a.mjs",
        "const h = { Authorization: \"Bearer <T>\" };\n",
        "const h = { Authorization: `Bearer ${process.env.HF_TOKEN}` };\n",
    ),
    unsafely(
        "a.ts",
        "const hf = new HfInference(\"<T>\");\n",
        "const hf = new HfInference(process.env.HF_TOKEN!);\n",
    ),
    unsafely(
        "a.go",
        "package main\n\nimport \"fmt\"\n\nfunc main() {\n\ttoken := \"<T>\"\n\tfmt.Println(len(token))\n}\n",
        "package main\n\nimport \"os\"\n\nimport \"fmt\"\n\nfunc main() {\n\ttoken := os.Getenv(\"HF_TOKEN\")\n\tfmt.Println(len(token))\n}\n",
    ),
    unsafely(
        "a.rs",
        "fn main() {\n    let token = \"<T>\";\n}\n",
        "fn main() {\n    let token = &std::env::var(\"HF_TOKEN\").expect(\"HF_TOKEN is set\");\n}\n",
    ),
    unsafely("a.rb", "token = \"<T>\"\n", "token = ENV.fetch(\"HF_TOKEN\")\n"),
    unsafely("a.sh", "export HF_TOKEN=<T>\n", ": \"${HF_TOKEN:?set HF_TOKEN}\"\n"),
    safe("a.sh", "HF_TOKEN=\"<T>\" python x.py\n", "python x.py\n"),
    safe("a.sh", "hf download x/y --token <T>\n", "hf download x/y\n"),
    unsafely("a.sh", "hf auth login --token <T>\nls\n", "ls\n"),
    safe(
        "a.sh",
        "curl -H 'Authorization: Bearer <T>' https://huggingface.co\n",
        "curl -H \"Authorization: Bearer $HF_TOKEN\" https://huggingface.co\n",
    ),
    safe(
        "a.sh",
        "curl -d '{\"t\": \"$x\"}' -H 'X: $y' -H 'Authorization: Bearer <T>' https://huggingface.co\n",
        "curl -d '{\"t\": \"$x\"}' -H 'X: $y' -H \"Authorization: Bearer $HF_TOKEN\" https://huggingface.co\n",
    ),
    safe(
        "a.sh",
        "git clone https://user:<T>@huggingface.co/x/y\n",
        "git clone https://huggingface.co/x/y\n",
    ),
    unsafely("Dockerfile", "FROM a\nENV HF_TOKEN=<T>\nCMD [\"x\"]\n", "FROM a\nCMD [\"x\"]\n"),
    unsafely("Dockerfile", "FROM a\nENV HF_TOKEN=<T> A=1\n", "FROM a\nENV A=1\n"),
    unsafely(
        "Dockerfile",
        "FROM a\nARG HF_TOKEN=<T>\nRUN hf download x\n",
        "FROM a\nRUN --mount=type=secret,id=HF_TOKEN,env=HF_TOKEN,required=true hf download x\n",
    ),
    safe(
        "docker-compose.yml",
        "services:\n  a:\n    image: x\n    environment:\n      HF_TOKEN: <T>\n",
        "services:\n  a:\n    image: x\n    environment:\n      HF_TOKEN: ${HF_TOKEN:?set HF_TOKEN}\n",
    ),
    safe(
        "docker-compose.yml",
        "services:\n  a:\n    image: x\n    environment:\n      - HF_TOKEN=<T>\n",
        "services:\n  a:\n    image: x\n    environment:\n      - HF_TOKEN\n",
    ),
    unsafely(
        ".github/workflows/a.yml",
        "on: push\njobs:\n  a:\n    runs-on: x\n    env:\n      HF_TOKEN: <T>\n",
        "on: push\njobs:\n  a:\n    runs-on: x\n    env:\n      HF_TOKEN: ${{ secrets.HF_TOKEN }}\n",
    ),
    unsafely(
        "k8s.yaml",
        "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - name: a\n      env:\n        - name: HF_TOKEN\n          value: <T>\n",
        "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - name: a\n      env:\n        - name: HF_TOKEN\n          valueFrom:\n            secretKeyRef:\n              name: hf-token\n              key: HF_TOKEN\n",
    ),
    safe("README.md", "Use `<T>`.\n", "Use `<HF_TOKEN>`.\n"),
    safe(
        "README.md",
        "```bash\nhf auth login --token <T>\n```\n",
        "```bash\nhf auth login --token $HF_TOKEN\n```\n",
    ),
    safe(".env.example", "HF_TOKEN=<T>\n", "HF_TOKEN=\n"),
    unsafely(
        "main.tf",
        "variable \"hf_token\" {\n  default = \"<T>\"\n}\n",
        "variable \"hf_token\" {\n  sensitive = true\n}\n",
    ),
    unsafely(
        "n.ipynb",
        "{\"cells\": [{\"cell_type\": \"code\", \"source\": [\"x = 1\\n\", \"login(token=\\\"<T>\\\")\"], \"outputs\": []}], \"metadata\": {}, \"nbformat\": 4}\n",
        "{\"cells\": [{\"cell_type\": \"code\", \"source\": [\"import os\\nx = 1\\n\", \"login(token=os.environ[\\\"HF_TOKEN\\\"])\"], \"outputs\": []}], \"metadata\": {}, \"nbformat\": 4}\n",
    ),
    safe(
        "n.ipynb",
        "{\"cells\": [{\"cell_type\": \"code\", \"execution_count\": 3, \"source\": [\"x\"], \"outputs\": [{\"output_type\": \"stream\", \"name\": \"stdout\", \"text\": [\"<T>\\n\"]}]}], \"metadata\": {}, \"nbformat\": 4}\n",
        "{\"cells\": [{\"cell_type\": \"code\", \"execution_count\": null, \"source\": [\"x\"], \"outputs\": []}], \"metadata\": {}, \"nbformat\": 4}\n",
    ),
    safe(
        "a.py",
        "m = AutoModel.from_pretrained(\"x\", use_auth_token=True)\n",
        "m = AutoModel.from_pretrained(\"x\")\n",
    ),
    safe("a.sh", "huggingface-cli download x/y\n", "hf download x/y\n"),
    safe(
        "a.py",
        "import os\nfrom huggingface_hub import login\nlogin(token=\"<T>\")\n",
        "import os\nfrom huggingface_hub import login\nlogin(token=os.environ[\"HF_TOKEN\"])\n",
    ),
    safe(
        "docker-compose.yml",
        "services:\n  a:\n    image: x\n    environment:\n      AUTH: \"Bearer <T>\"\n",
        "services:\n  a:\n    image: x\n    environment:\n      AUTH: \"Bearer ${HF_TOKEN:?set HF_TOKEN}\"\n",
    ),
    unsafely(
        "a.sh",
        "export HUGGING_FACE_HUB_TOKEN=\"$(cat x)\"\n",
        "export HF_TOKEN=\"$(cat x)\"\n",
    ),
    safe("a.py", "import os\n# old: <T>\nx = 1\n", "import os\n# old: <HF_TOKEN>\nx = 1\n"),
    safe(
        "a.py",
        "def f():\n    \"\"\"Use <T>.\"\"\"\n    return 1\n",
        "def f():\n    \"\"\"Use <HF_TOKEN>.\"\"\"\n    return 1\n",
    ),
    safe(
        "a.bat",
        "curl -H \"Authorization: Bearer <T>\" https://huggingface.co\n",
        "curl -H \"Authorization: Bearer %HF_TOKEN%\" https://huggingface.co\n",
    ),
    unsafely("a.bat", "set HF_TOKEN=<T>\npython a.py\n", "python a.py\n"),
    safe(
        "a.ps1",
        "curl.exe -H \"Authorization: Bearer <T>\" https://huggingface.co\n",
        "curl.exe -H \"Authorization: Bearer ${env:HF_TOKEN}\" https://huggingface.co\n",
    ),
    unsafely("a.ps1", "$env:HF_TOKEN = \"<T>\"\npython a.py\n", "python a.py\n"),
    unsafely("Makefile", "HF_TOKEN = <T>\nall:\n\techo 1\n", "all:\n\techo 1\n"),
    safe(
        "Makefile",
        "all:\n\tcurl -H \"Authorization: Bearer <T>\" https://huggingface.co\n",
        "all:\n\tcurl -H \"Authorization: Bearer $(HF_TOKEN)\" https://huggingface.co\n",
    ),
    unsafely(
        "Dockerfile",
        "FROM a\nRUN curl -H \"Authorization: Bearer <T>\" https://huggingface.co/x\n",
        "FROM a\nRUN --mount=type=secret,id=HF_TOKEN,env=HF_TOKEN,required=true curl -H \"Authorization: Bearer $HF_TOKEN\" https://huggingface.co/x\n",
    ),
    unsafely(
        "Dockerfile",
        "FROM a\nRUN pip install x && hf auth login --token <T> && hf download x\n",
        "FROM a\nRUN --mount=type=secret,id=HF_TOKEN,env=HF_TOKEN,required=true pip install x && hf download x\n",
    ),
    unsafely(
        ".github/workflows/a.yml",
        "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: hf download x --token <T>\n",
        "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - env:\n          HF_TOKEN: ${{ secrets.HF_TOKEN }}\n        run: hf download x\n",
    ),
    unsafely(
        ".gitlab-ci.yml",
        "a:\n  script:\n    - hf download x --token <T>\n",
        "a:\n  script:\n    - hf download x\n",
    ),
    safe(
        ".mcp.json",
        "{\"mcpServers\": {\"é\": {\"command\": \"x\", \"env\": {\"HF_TOKEN\": \"<T>\"}}}}\n",
        "{\"mcpServers\": {\"é\": {\"command\": \"x\", \"env\": {\"HF_TOKEN\": \"${HF_TOKEN}\"}}}}\n",
    ),
    safe(
        ".cursor/mcp.json",
        "{\"mcpServers\": {\"é\": {\"url\": \"x\", \"headers\": {\"Authorization\": \"Bearer <T>\"}}}}\n",
        "{\"mcpServers\": {\"é\": {\"url\": \"x\", \"headers\": {\"Authorization\": \"Bearer ${env:HF_TOKEN}\"}}}}\n",
    ),
    safe(
        "conf/config.yaml",
        "defaults:\n  - base\nhf_token: <T>\n",
        "defaults:\n  - base\nhf_token: \"${oc.env:HF_TOKEN}\"\n",
    ),
    safe(
        "litellm.yaml",
        "model_list:\n  - model_name: a\n    litellm_params:\n      model: huggingface/x\n      api_key: <T>\n",
        "model_list:\n  - model_name: a\n    litellm_params:\n      model: huggingface/x\n      api_key: \"os.environ/HF_TOKEN\"\n",
    ),
    unsafely(
        "a.c",
        "#include <stdio.h>\nint main(void) {\n    const char *token = \"<T>\";\n    return token[0];\n}\n",
        "#include <stdlib.h>\n#include <stdio.h>\nint main(void) {\n    const char *token = getenv(\"HF_TOKEN\");\n    return token[0];\n}\n",
    ),
    unsafely("a.php", "<?php\n$token = \"<T>\";\n", "<?php\n$token = getenv('HF_TOKEN');\n"),
    unsafely(
        "A.java",
        "class A {\n    String token() {\n        String t = \"<T>\";\n        return t;\n    }\n}\n",
        "class A {\n    String token() {\n        String t = System.getenv(\"HF_TOKEN\");\n        return t;\n    }\n}\n",
    ),
];

/// A statement that sets an environment variable must not become an assignment of the variable to
/// itself: it is deleted where it is a whole statement, and otherwise left unchanged.
const SETTERS: &[Case] = &[
    unsafely("a.js", "process.env.HF_TOKEN = \"<T>\";\nrun();\n", "run();\n"),
    unsafely("a.mjs", "if (x) {\n  process.env[\"HF_TOKEN\"] = \"<T>\";\n}\n", "if (x) {\n}\n"),
    unsafely("a.ts", "process.env.HF_TOKEN ??= '<T>';\n", ""),
    unsafely("a.rb", "ENV[\"HF_TOKEN\"] = \"<T>\"\nrun\n", "run\n"),
    unsafely("a.php", "<?php\nputenv(\"HF_TOKEN=<T>\");\nrun();\n", "<?php\nrun();\n"),
    unsafely("a.R", "Sys.setenv(HF_TOKEN = \"<T>\")\nrun()\n", "run()\n"),
    unsafely("a.jl", "ENV[\"HF_TOKEN\"] = \"<T>\"\nrun()\n", "run()\n"),
    unsafely(
        "a.go",
        "package main\n\nimport \"os\"\n\nfunc main() {\n\tos.Setenv(\"HF_TOKEN\", \"<T>\")\n\tos.Exit(0)\n}\n",
        "package main\n\nimport \"os\"\n\nfunc main() {\n\tos.Exit(0)\n}\n",
    ),
    unsafely(
        "a.rs",
        "fn main() {\n    unsafe { std::env::set_var(\"HF_TOKEN\", \"<T>\"); }\n}\n",
        "fn main() {\n}\n",
    ),
    same("b.js", "if (x)\n  process.env.HF_TOKEN = \"<T>\";\nrun();\n"),
    same("b.mjs", "Object.assign(process.env, {HF_TOKEN: \"<T>\"});\n"),
    same("c.js", "x && (process.env.HF_TOKEN = \"<T>\");\n"),
    same(
        "b.go",
        "package main\n\nimport \"os\"\n\nfunc main() {\n\tos.Setenv(\"HF_TOKEN\", \"<T>\")\n}\n",
    ),
    same("b.R", "Sys.setenv(HF_TOKEN = \"<T>\", A = \"b\")\n"),
    same("b.py", "import os\nos.environ.update(HF_TOKEN=\"<T>\", A=\"b\")\n"),
    same("c.py", "import os\nos.environ |= {\"HF_TOKEN\": \"<T>\"}\n"),
];

/// Two secrets on one line: both are removed, each with its own variable.
const TWO: &[Case] = &[
    unsafely(
        "a.py",
        "import os\na, b = \"<T>\", \"<U>\"\n",
        "import os\na, b = os.environ[\"HF_TOKEN\"], os.environ[\"HF_TOKEN_2\"]\n",
    ),
    unsafely(
        "a.py",
        "import os\napi = HfApi(token=\"<T>\", other=InferenceClient(token=\"<U>\"))\n",
        "import os\napi = HfApi(other=InferenceClient(token=os.environ[\"HF_TOKEN_2\"]))\n",
    ),
    unsafely(
        "a.js",
        "const a = [\"<T>\", \"<U>\"];\n",
        "const a = [process.env.HF_TOKEN, process.env.HF_TOKEN_2];\n",
    ),
    unsafely(
        "a.sh",
        "curl -H \"Authorization: Bearer <T>\" -d \"<U>\" https://huggingface.co\n",
        "curl -H \"Authorization: Bearer $HF_TOKEN\" -d \"$HF_TOKEN_2\" https://huggingface.co\n",
    ),
    unsafely(
        "a.sh",
        "X=<T> Y=<U> python a.py\n",
        "X=\"$HF_TOKEN\" Y=\"$HF_TOKEN_2\" python a.py\n",
    ),
    unsafely("Dockerfile", "FROM a\nENV HF_TOKEN=<T> OTHER=<U>\n", "FROM a\n"),
    unsafely("a.md", "`<T>` and `<U>`\n", "`<HF_TOKEN>` and `<HF_TOKEN_2>`\n"),
    unsafely(
        "a.rb",
        "a = [\"<T>\", \"<U>\"]\n",
        "a = [ENV.fetch(\"HF_TOKEN\"), ENV.fetch(\"HF_TOKEN_2\")]\n",
    ),
    unsafely(
        "a.rs",
        "fn main() {\n    let a = [\"<T>\", \"<U>\"];\n}\n",
        "fn main() {\n    let a = [&std::env::var(\"HF_TOKEN\").expect(\"HF_TOKEN is set\"), &std::env::var(\"HF_TOKEN_2\").expect(\"HF_TOKEN_2 is set\")];\n}\n",
    ),
    unsafely(
        "n.ipynb",
        "{\"cells\": [{\"cell_type\": \"code\", \"source\": [\"é, b = \\\"<T>\\\", \\\"<U>\\\"\"], \"outputs\": []}], \"metadata\": {}, \"nbformat\": 4}\n",
        "{\"cells\": [{\"cell_type\": \"code\", \"source\": [\"import os\\né, b = os.environ[\\\"HF_TOKEN\\\"], os.environ[\\\"HF_TOKEN_2\\\"]\"], \"outputs\": []}], \"metadata\": {}, \"nbformat\": 4}\n",
    ),
    unsafely(
        "docker-compose.yml",
        "services:\n  a:\n    image: x\n    environment: {HF_TOKEN: \"<T>\", B_TOKEN: \"<U>\"}\n",
        "services:\n  a:\n    image: x\n    environment: {HF_TOKEN: \"${HF_TOKEN:?set HF_TOKEN}\", B_TOKEN: \"${HF_TOKEN_2:?set HF_TOKEN_2}\"}\n",
    ),
    unsafely(
        ".mcp.json",
        "{\"mcpServers\": {\"é\": {\"command\": \"x\", \"env\": {\"HF_TOKEN\": \"<T>\", \"B\": \"<U>\"}}}}\n",
        "{\"mcpServers\": {\"é\": {\"command\": \"x\", \"env\": {\"HF_TOKEN\": \"${HF_TOKEN}\", \"B\": \"${HF_TOKEN_2}\"}}}}\n",
    ),
];

fn expanded(text: &str) -> String {
    text.replace("<T>", "hf_{{alpha:34}}").replace("<U>", "hf_{{alpha:34:two}}")
}

/// Fixes the files of cases with the same options, and returns the results. Asserts that a second
/// run changes nothing.
fn fixed(cases: &[&Case], options: &[&str], change: &dyn Fn(&Case, &str) -> String) -> Vec<String> {
    let workspace = Workspace::new();
    let name = |number: usize, case: &Case| format!("{number}/{}", case.path);
    for (number, case) in cases.iter().enumerate() {
        workspace.write(&name(number, case), &expanded(&change(case, case.before)));
    }
    let args = [&["fix", "--discard", "--no-ignore"], options, &["."]].concat();
    let read = || {
        let files = cases.iter().enumerate().map(|(number, case)| name(number, case));
        files.map(|file| std::fs::read_to_string(workspace.path(&file)).unwrap()).collect()
    };
    let files = cases.iter().enumerate().map(|(number, case)| workspace.path(&name(number, case)));
    let files: Vec<_> = files.collect();
    assert_eq!(refused(&files), Vec::<PathBuf>::new(), "the cases parse before");
    let run = workspace.run(&args);
    assert!(!run.stdout.contains("withdrawn"), "{run:?}");
    let once: Vec<String> = read();
    assert_eq!(refused(&files), Vec::<PathBuf>::new(), "{once:#?}");
    workspace.run(&args);
    let twice: Vec<String> = read();
    assert_eq!(once, twice);
    once
}

fn check(change: &dyn Fn(&Case, &str) -> String) {
    for options in [&[][..], &["--unsafe-fixes"]] {
        let cases: Vec<&Case> = CASES.iter().filter(|case| case.options == options).collect();
        let found = fixed(&cases, options, change);
        for (case, found) in cases.iter().zip(found) {
            assert_eq!(found, change(case, case.after), "{}: {}", case.path, case.before);
        }
    }
    for cases in [TWO, SETTERS] {
        let found = fixed(&cases.iter().collect::<Vec<_>>(), &["--unsafe-fixes"], change);
        for (case, found) in cases.iter().zip(found) {
            let after = hfscan::internal::rule::example::expand(&expanded(case.after));
            assert_eq!(found, change(case, &after), "{}: {}", case.path, case.before);
        }
    }
}

/// Rows that change or delete other files, or need a file that is not text, with the location of
/// their tests.
const ELSEWHERE: [&str; 5] = [
    // `keeping.rs` and the tests of rules over the tree.
    "dotenv",
    // A pickle.
    "training-args",
    // A user's own rule file.
    "own-rule",
    // `agent/transcripts.rs`.
    "transcript",
    // The example of its rule.
    "tracker",
];

#[test]
fn every_row_that_can_be_applied_has_a_case() {
    let workspace = Workspace::new();
    for (number, case) in CASES.iter().chain(TWO).chain(SETTERS).enumerate() {
        workspace.write(&format!("{number}/{}", case.path), &expanded(case.before));
    }
    let report = workspace.run(&["-f", "json", "--no-ignore", "."]).json();
    let findings = report["findings"].as_array().unwrap().iter();
    let fixes = findings.filter_map(|one| one["fixes"].as_array()).flatten();
    let seen: BTreeSet<&str> = fixes.map(|fix| fix["row"].as_str().unwrap()).collect();
    let applied = ROWS.iter().filter(|row| row.applicability > Applicability::DisplayOnly);
    let missing: Vec<&str> = applied
        .map(|row| row.id)
        .filter(|id| !seen.contains(id) && !ELSEWHERE.contains(id))
        .collect();
    assert_eq!(missing, [""; 0]);
    assert!(ELSEWHERE.iter().all(|id| ROWS.iter().any(|row| row.id == *id)));
}

#[test]
fn every_case_becomes_what_it_should() {
    check(&|_, text| text.to_string());
}

#[test]
fn line_ends_of_windows_stay() {
    check(&|_, text| text.replace('\n', "\r\n"));
}

#[test]
fn characters_before_the_place_change_nothing() {
    check(&|case, text| {
        let comment = match case.path.rsplit('.').next().unwrap() {
            "py" | "sh" | "yml" | "yaml" | "rb" | "tf" | "ps1" | "Dockerfile" | "Makefile"
            | "example" => "# é ✓ 😀\n",
            "js" | "mjs" | "ts" | "rs" | "java" => "// é ✓ 😀\n",
            "bat" => "rem é ✓ 😀\n",
            "md" => "é ✓ 😀\n\n",
            _ => "",
        };
        format!("{comment}{text}")
    });
}

#[test]
fn a_byte_order_mark_stays_first() {
    check(&|case, text| {
        let takes_marks = ["py", "js", "mjs", "ts"].iter().any(|one| case.path.ends_with(one));
        format!("{}{text}", if takes_marks { "\u{feff}" } else { "" })
    });
}

/// Nine ways in which a purely textual rewrite breaks code.
#[test]
fn the_traps_of_a_naive_rewrite_are_avoided() {
    let traps = [
        // A prefix before the quote.
        ("a.py", "import os\nx = b'<T>'\n", "import os\nx = os.environ[\"HF_TOKEN\"].encode()\n"),
        ("a.py", "import os\nx = r'<T>'\n", "import os\nx = os.environ[\"HF_TOKEN\"]\n"),
        // YAML without variable substitution is unchanged.
        ("config.yaml", "hf_token: <T>\n", "hf_token: <T>\n"),
        // Single quotes prevent expansion.
        ("a.sh", "X='$a <T>'\n", "X='$a '\"$HF_TOKEN\"''\n"),
        // The name is the one that the libraries read.
        ("a.py", "import os\ntoken = \"<T>\"\n", "import os\ntoken = os.environ[\"HF_TOKEN\"]\n"),
        // Two on one line.
        (
            "a.py",
            "import os\nx = [\"<T>\", \"<T>\"]\n",
            "import os\nx = [os.environ[\"HF_TOKEN\"], os.environ[\"HF_TOKEN\"]]\n",
        ),
        // A browser.
        (
            "a.jsx",
            "const hf = new HfInference(\"<T>\");\n",
            "const hf = new HfInference(\"<T>\");\n",
        ),
        // Braces.
        (
            "a.py",
            "import os\nx = '{\"token\": \"<T>\"}'\n",
            "import os\nx = ('{\"token\": \"' + os.environ[\"HF_TOKEN\"] + '\"}')\n",
        ),
    ];
    let cases = traps.map(|(path, before, after)| Case { path, before, after, options: &[] });
    let found = fixed(&cases.iter().collect::<Vec<_>>(), &[], &|_, text| text.to_string());
    for (case, found) in cases.iter().zip(found) {
        let after = hfscan::internal::rule::example::expand(&expanded(case.after));
        assert_eq!(found, after, "{}: {}", case.path, case.before);
    }
}
