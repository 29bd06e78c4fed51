//! GitHub's annotations, parsed by the rules of its runner.

use super::bench::{Bench, formats};
use hfscan::internal::rule::example::expand;
use std::{collections::BTreeMap, fs, process::Command};

/// A command that the runner parses from a line.
#[derive(Debug)]
struct Annotation {
    name: String,
    properties: BTreeMap<String, String>,
    message: String,
}

/// The command in a line, by the rules of `ActionCommand.TryParseV2` and `TryParse` of
/// <https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs>.
fn command(line: &str) -> Option<Annotation> {
    // The runner accepts the old form anywhere in a line.
    assert!(!line.contains("##["), "{line}");
    let rest = line.trim_start().strip_prefix("::")?;
    let (info, message) = rest.split_once("::")?;
    let (name, properties) = info.split_once(' ').unwrap_or((info, ""));
    let unescaped = |text: &str| {
        text.replace("%0D", "\r").replace("%0A", "\n").replace("%3A", ":").replace("%2C", ",")
    };
    let properties = properties.split(',').filter_map(|pair| pair.split_once('='));
    Some(Annotation {
        name: name.to_string(),
        properties: properties
            .map(|(key, value)| (key.trim().to_string(), unescaped(value).replace("%25", "%")))
            .collect(),
        message: message.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%"),
    })
}

#[test]
fn the_runner_reads_the_annotations_of_every_file_and_no_other_command() {
    let bench = Bench::shared();
    let text = bench.report("github");
    let commands: Vec<Annotation> = text.lines().filter_map(command).collect();
    assert_eq!(commands.len(), 10, "{text}");
    for command in &commands {
        assert_eq!(command.name, "error");
        let file = &command.properties["file"];
        // Characters that a terminal interprets are not passed on, even if the name is then
        // slightly wrong.
        let known = |name: &Vec<u8>| {
            let name = String::from_utf8_lossy(name);
            *file == name.replace('\x1b', "\u{fffd}").replace("##[", "%23%23[")
        };
        assert!(bench.files.keys().any(known), "{file:?}");
        assert_eq!(command.properties["line"], command.properties["endLine"]);
        let keys: Vec<&str> = command.properties.keys().map(String::as_str).collect();
        assert_eq!(keys, ["col", "endColumn", "endLine", "file", "line", "title"]);
        assert!(command.message.contains("oken"), "{}", command.message);
        assert!(command.message.len() <= 4096);
    }
    assert!(text.contains("3 annotations left out here"), "{text}");
}

#[test]
fn no_name_gives_a_runner_a_command() {
    let folder = tempfile::tempdir().unwrap();
    let text = format!("login('{}')  # ##vso[task.x]y\n", expand("hf_{{alpha:34}}"));
    let names = ["##vso[task.complete result=Failed;]a.py", "##[add-mask]b.py", "x##vso[a.b]c.py"];
    for name in names.into_iter().chain(["::stop-commands::d.py", " ::add-mask::e.py"]) {
        fs::write(folder.path().join(name), &text).unwrap();
    }
    for format in formats() {
        let output = Command::new(env!("CARGO_BIN_EXE_hfscan"))
            .args(["--format", format, "-vv", "--long", "."])
            .current_dir(folder.path())
            .output()
            .unwrap();
        let all = [output.stdout, output.stderr].concat();
        for line in String::from_utf8_lossy(&all).lines() {
            assert!(!line.contains("##vso[") && !line.contains("##["), "{format}: {line}");
            let known = ["error", "warning", "notice"];
            let is_ours = |one: &Annotation| format == "github" && known.contains(&&*one.name);
            assert!(command(line).is_none_or(|one| is_ours(&one)), "{format}: {line}");
        }
    }
}

#[test]
fn the_summary_is_appended_where_the_runner_says() {
    let bench = Bench::shared();
    let folder = tempfile::tempdir().unwrap();
    let summary = folder.path().join("summary.md");
    fs::write(&summary, "# from the step before\n\n").unwrap();
    let status = bench
        .hfscan()
        .env("GITHUB_STEP_SUMMARY", &summary)
        .env("GITHUB_SERVER_URL", "https://github.com")
        .env("GITHUB_REPOSITORY", "acme/app")
        .env("GITHUB_SHA", "1a2b3c")
        .args(["--format=github", "--output=/dev/null"])
        .status()
        .unwrap();
    assert_eq!(status.code(), Some(1));
    let text = fs::read_to_string(&summary).unwrap();
    assert!(text.starts_with("# from the step before\n\n## hfscan: 13 findings"), "{text}");
    assert!(text.contains("(https://github.com/acme/app/blob/1a2b3c/a%20b/100%25%2Cx%3Ay.py#L3)"));
}

#[test]
fn a_summary_that_is_full_is_left_alone() {
    let bench = Bench::shared();
    let folder = tempfile::tempdir().unwrap();
    let summary = folder.path().join("summary.md");
    fs::write(&summary, vec![b'x'; (1 << 20) - 100]).unwrap();
    bench
        .hfscan()
        .env("GITHUB_STEP_SUMMARY", &summary)
        .args(["--format=github", "--output=/dev/null"])
        .status()
        .unwrap();
    assert_eq!(fs::metadata(&summary).unwrap().len(), (1 << 20) - 100);
}
