//! Properties of every format, including those that no schema requires.

use super::bench::{Bench, Unit, hfscan};
use crate::support::Workspace;
use serde_json::Value;
use std::collections::BTreeSet;

/// The bytes of a percent-encoded reference.
fn decoded(uri: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = uri.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        match first {
            b'%' => {
                let digits = std::str::from_utf8(&after[..2]).unwrap();
                bytes.push(u8::from_str_radix(digits, 16).unwrap());
                rest = &after[2..];
            }
            other => {
                bytes.push(*other);
                rest = after;
            }
        }
    }
    bytes
}

fn number(value: &Value) -> usize {
    usize::try_from(value.as_u64().unwrap()).unwrap()
}

fn list(value: &Value) -> &Vec<Value> {
    value.as_array().unwrap()
}

#[test]
fn a_region_of_sarif_is_the_token_in_the_file_that_its_address_names() {
    let bench = Bench::shared();
    let log = bench.json("sarif");
    let results = list(&log["runs"][0]["results"]);
    assert_eq!(results.len(), bench.tokens.len() + 2);
    let mut found = BTreeSet::new();
    for result in results {
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uriBaseId"], "%SRCROOT%");
        let uri = place["artifactLocation"]["uri"].as_str().unwrap();
        assert!(!uri.starts_with('/') && !uri.contains(['\\', ' ', ':']), "{uri}");
        let region = &place["region"];
        assert_eq!(region["startLine"], region["endLine"]);
        let columns = (number(&region["startColumn"]), number(&region["endColumn"]));
        let line = number(&region["startLine"]);
        found.insert(bench.between(&decoded(uri), line, columns, Unit::Characters));
    }
    assert_eq!(found, bench.tokens.iter().cloned().collect());
}

#[test]
fn sarif_keeps_the_rules_that_no_schema_checks() {
    let log = Bench::shared().json("sarif");
    let run = &log["runs"][0];
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    assert_eq!(run["invocations"][0]["executionSuccessful"], true);
    let rules = list(&run["tool"]["driver"]["rules"]);
    let mut ids = BTreeSet::new();
    for rule in rules {
        assert!(ids.insert(rule["id"].as_str().unwrap()));
        let severity = rule["properties"]["security-severity"].as_str().unwrap();
        assert!((0.0..=10.0).contains(&severity.parse::<f64>().unwrap()));
        for text in ["shortDescription", "fullDescription", "help"] {
            assert!(!rule[text]["text"].as_str().unwrap().is_empty());
        }
        assert!(!rule["help"]["markdown"].as_str().unwrap().is_empty());
    }
    for result in list(&run["results"]) {
        let rule = &rules[number(&result["ruleIndex"])];
        assert_eq!(rule["id"], result["ruleId"]);
        for absent in ["kind", "suppressions", "baselineState", "fingerprints"] {
            assert!(result.get(absent).is_none(), "{absent}");
        }
        assert!(result["locations"][0]["physicalLocation"]["region"].get("snippet").is_none());
        let hash = result["partialFingerprints"]["primaryLocationLineHash"].as_str().unwrap();
        assert!(hash.contains(':'), "{hash}");
    }
    for notification in list(&run["invocations"][0]["toolExecutionNotifications"]) {
        assert_ne!(notification["level"], "error");
    }
    assert!(run.get("automationDetails").is_none());
}

#[test]
fn a_category_is_written_only_if_it_is_asked_for() {
    let bench = Bench::shared();
    let output =
        bench.hfscan().args(["--format=sarif", "--sarif-category=nightly"]).output().unwrap();
    let log: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(log["runs"][0]["automationDetails"]["id"], "nightly/");
}

#[test]
fn a_range_of_rdjson_is_the_token_in_bytes() {
    let bench = Bench::shared();
    let result = bench.json("rdjson");
    let mut found = BTreeSet::new();
    for diagnostic in list(&result["diagnostics"]) {
        let path = diagnostic["location"]["path"].as_str().unwrap();
        // JSON cannot represent a name that is not UTF-8.
        if path.contains('\u{fffd}') {
            continue;
        }
        let range = &diagnostic["location"]["range"];
        let columns = (number(&range["start"]["column"]), number(&range["end"]["column"]));
        let line = number(&range["start"]["line"]);
        found.insert(bench.between(path.as_bytes(), line, columns, Unit::Bytes));
    }
    assert!(found.is_subset(&bench.tokens.iter().cloned().collect()));
    assert!(found.len() + 1 >= bench.tokens.len());
}

#[test]
fn the_bytes_of_a_json_finding_are_the_token() {
    let bench = Bench::shared();
    for finding in list(&bench.json("json")["findings"]) {
        let path = finding["location"]["path"].as_str().unwrap();
        let Some(file) = bench.files.get(path.as_bytes()) else {
            assert!(path.contains('\u{fffd}'), "{path}");
            continue;
        };
        let bytes = &finding["location"]["bytes"];
        let token = &file[number(&bytes["start"])..number(&bytes["end"])];
        assert!(bench.tokens.iter().any(|one| one.as_bytes() == token));
    }
}

#[test]
fn names_that_platforms_track_findings_by_are_unique() {
    let bench = Bench::shared();
    let secrets = bench.json("gitlab-secrets");
    for (issues, key) in
        [(&bench.json("gitlab"), "fingerprint"), (&secrets["vulnerabilities"], "id")]
    {
        let names: BTreeSet<&str> =
            list(issues).iter().map(|one| one[key].as_str().unwrap()).collect();
        assert_eq!(names.len(), bench.tokens.len() + 2, "{key}");
    }
}

#[test]
fn xml_is_well_formed_and_keeps_names_that_it_can_hold() {
    let bench = Bench::shared();
    for (format, attribute) in [("junit", "classname"), ("checkstyle", "name")] {
        let text = bench.report(format);
        let mut reader = quick_xml::Reader::from_str(&text);
        reader.config_mut().check_end_names = true;
        let mut names = BTreeSet::new();
        let mut depth = 0;
        loop {
            use quick_xml::events::Event;
            match reader.read_event().unwrap() {
                Event::Eof => break,
                Event::Start(element) => {
                    depth += 1;
                    if ["testcase", "file"].contains(&element.name().as_ref()) {
                        let value = element.try_get_attribute(attribute).unwrap().unwrap();
                        names.insert(
                            value
                                .normalized_value(quick_xml::XmlVersion::Implicit1_0)
                                .unwrap()
                                .into_owned(),
                        );
                    }
                }
                Event::End(_) => depth -= 1,
                _ => {}
            }
        }
        assert_eq!(depth, 0);
        let expected: BTreeSet<String> = bench
            .files
            .keys()
            .map(|name| String::from_utf8_lossy(name).replace('\x1b', "\u{fffd}"))
            .collect();
        assert_eq!(names, expected, "{format}");
    }
}

#[test]
fn every_row_of_csv_has_as_many_cells() {
    let text = Bench::shared().report("csv");
    let rows: Vec<&str> = text.split_terminator("\r\n").collect();
    assert_eq!(rows.len(), Bench::shared().tokens.len() + 3);
    for row in rows {
        let mut quoted = false;
        let commas = row.chars().filter(|one| {
            quoted ^= *one == '"';
            *one == ',' && !quoted
        });
        assert_eq!(commas.count(), 16, "{row}");
        assert!(!row.contains(['\n', '\r', '\x1b']));
    }
}

#[test]
fn paths_are_those_of_the_repository_when_a_folder_of_it_is_scanned_from_within() {
    let folder = tempfile::tempdir().unwrap();
    let below = folder.path().join("deep/er");
    std::fs::create_dir_all(&below).unwrap();
    std::fs::create_dir(folder.path().join(".git")).unwrap();
    let token = hfscan::internal::rule::example::expand("hf_{{alpha:34}}");
    std::fs::write(below.join("a.py"), format!("t = \"{token}\"\n")).unwrap();
    let report = |format: &str| {
        let output = hfscan(&below).arg(format!("--format={format}")).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    for format in ["sarif", "github", "gitlab", "gitlab-secrets", "junit", "checkstyle", "rdjson"] {
        assert!(report(format).contains("deep/er/a.py"), "{format}");
    }
    assert!(!report("text").contains("deep"));
}

#[test]
fn the_fixes_of_sarif_are_the_edits_that_a_fix_makes() {
    let workspace = Workspace::with(
        "app.py",
        "# ✓\nx = \"é\"; y = login(token=\"hf_{{alpha:34}}\")\nz = InferenceClient(token=\"hf_{{alpha:34}}\")\n",
    );
    let log = workspace.run(&["--format", "sarif"]).json();
    let text = std::fs::read_to_string(workspace.path("app.py")).unwrap();
    let byte = |line: &Value, column: &Value| {
        let start: usize = text.split_inclusive('\n').take(number(line) - 1).map(str::len).sum();
        start + text[start..].chars().take(number(column) - 1).map(char::len_utf8).sum::<usize>()
    };
    let mut edits = BTreeSet::new();
    for result in list(&log["runs"][0]["results"]) {
        let fix = &result["fixes"][0];
        assert!(fix["description"]["text"].as_str().unwrap().contains("(safe: "), "{fix}");
        let change = &fix["artifactChanges"][0];
        assert_eq!(change["artifactLocation"]["uri"], "app.py");
        for one in list(&change["replacements"]) {
            let region = &one["deletedRegion"];
            let start = byte(&region["startLine"], &region["startColumn"]);
            let end = byte(&region["endLine"], &region["endColumn"]);
            let new = one["insertedContent"]["text"].as_str().unwrap_or_default();
            edits.insert((start, end, new.to_string()));
        }
    }
    let mut fixed = text.clone();
    for (start, end, new) in edits.iter().rev() {
        fixed.replace_range(*start..*end, new);
    }
    let expected = "import os\n# ✓\nx = \"é\"; y = login(token=os.environ[\"HF_TOKEN\"])\nz = InferenceClient()\n";
    assert_eq!(fixed.replacen("# ✓\nimport os\n", "import os\n# ✓\n", 1), expected);
}

#[test]
fn a_suggestion_of_rdjson_leaves_no_secret_on_its_lines() {
    let call = "InferenceClient(token=\"hf_{{alpha:34}}\")";
    for (line, count) in [
        (format!("é = {call}\n"), 1),
        (format!("a = {call}; password = \"hf_{{{{alpha:34:other}}}}\"\n"), 0),
        // Two edits at two locations are one fix, but not a suggestion.
        ("a = login(token=\"hf_{{alpha:34}}\")\n".to_string(), 0),
        ("export HF_TOKEN=hf_{{alpha:34}}\n".to_string(), 0),
    ] {
        let workspace = Workspace::with("app.py", &line);
        let result = workspace.run(&["--format", "rdjson"]).json();
        for one in list(&result["diagnostics"]) {
            let suggestions = one["suggestions"].as_array().map_or(0, Vec::len);
            assert_eq!(suggestions, count, "{line}: {result}");
        }
        if count > 0 {
            let suggestion = &result["diagnostics"][0]["suggestions"][0];
            let range = &suggestion["range"];
            assert_eq!(
                (&range["start"]["column"], &range["end"]["column"]),
                (&22.into(), &67.into())
            );
            assert_eq!(suggestion["text"], "");
        }
    }
}
