//! The real parsers of the languages, if installed.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// Reads the named files, and prints the names of those that it cannot parse.
const PYTHON: &str = r#"
import ast, json, sys, warnings
warnings.simplefilter("ignore")
try:
    import tomllib
except ImportError:
    tomllib = None
try:
    import yaml
except ImportError:
    yaml = None
for name in sys.stdin.read().splitlines():
    data = open(name, "rb").read()
    text = data.decode("utf-8-sig", "replace")
    try:
        if name.endswith((".py", ".pyi")):
            ast.parse(data)
        elif name.endswith((".json", ".ipynb")):
            json.loads(text)
        elif name.endswith(".toml") and tomllib:
            tomllib.loads(text.replace("\r\n", "\n"))
        elif name.endswith((".yml", ".yaml")) and yaml:
            list(yaml.compose_all(text))
    except Exception as error:
        print(name)
"#;

/// The files among `files` that their language's parser rejects. A parser that is not installed
/// rejects nothing.
pub fn refused(files: &[PathBuf]) -> Vec<PathBuf> {
    let mut refused = by_python(files);
    let ends_in = |file: &Path, endings: &[&str]| {
        file.extension().is_some_and(|ending| endings.iter().any(|one| ending == *one))
    };
    for file in files {
        let check = if ends_in(file, &["sh", "bash"]) {
            Some(("bash", vec!["-n"]))
        } else if ends_in(file, &["js", "mjs", "cjs"]) {
            Some(("node", vec!["--check"]))
        } else if ends_in(file, &["c"]) {
            Some(("gcc", vec!["-fsyntax-only", "-w", "-x", "c"]))
        } else if ends_in(file, &["rs"]) {
            let text = std::fs::read_to_string(file).unwrap_or_default();
            if syn::parse_file(&text).is_err() {
                refused.push(file.clone());
            }
            None
        } else {
            None
        };
        let Some((program, options)) = check else { continue };
        let mut command = Command::new(program);
        command.args(options).arg(file).stdin(Stdio::null());
        let output = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
        if output.is_ok_and(|status| !status.success()) {
            refused.push(file.clone());
        }
    }
    refused.sort();
    refused
}

fn by_python(files: &[PathBuf]) -> Vec<PathBuf> {
    use std::io::Write;
    let mut command = Command::new("python3");
    command.args(["-c", PYTHON]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let Ok(mut child) = command.spawn() else { return Vec::new() };
    let names: String = files.iter().map(|file| format!("{}\n", file.display())).collect();
    let mut input = child.stdin.take().unwrap();
    let written = std::thread::spawn(move || drop(input.write_all(names.as_bytes())));
    let output = child.wait_with_output().unwrap();
    written.join().unwrap();
    String::from_utf8_lossy(&output.stdout).lines().map(PathBuf::from).collect()
}
