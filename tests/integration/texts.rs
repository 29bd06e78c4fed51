//! Scans of single texts, which must have the same findings as scans of files.

use crate::support::{Workspace, token};
use hfscan::internal::rule::example::expand;
use hfscan::{Rows, Scanner, Settings, TextFinding};
use std::ops::Range;

fn scanner() -> Scanner {
    let mut settings = Settings::default();
    settings.now = Some(1_800_000_000);
    settings.threads = 1;
    Scanner::new(settings).unwrap()
}

fn brief(findings: &[TextFinding]) -> Vec<(String, usize, usize)> {
    findings.iter().map(|one| (one.rule.to_string(), one.span.start, one.span.end)).collect()
}

/// Pieces for building texts: secrets, their usual surroundings, and look-alikes.
fn pieces() -> Vec<String> {
    let mut pieces: Vec<String> = [
        " ",
        "\n",
        "the token is ",
        "password = \"",
        "\"",
        "'",
        "login(token=\"",
        "\")",
        "{",
        "}",
        "HF_TOKEN=",
        ": ",
        "export ",
        "use_auth_token=True",
        "\\n",
        "hf_",
        "hf_xxxxxxxxxxxxxxxx",
        "\u{e9}\u{4e2d}",
        "curl -H \"Authorization: Bearer ",
        "https://user:",
        "@huggingface.co/x",
        "AKIA",
        "api_key",
        "secret",
        "import os\n",
    ]
    .map(str::to_string)
    .into();
    pieces.extend((0..6).map(|number| token(&number.to_string())));
    pieces.push(expand("sk-ant-api03-{{alnum:93}}AA"));
    pieces.push(expand("{{hex:40}}"));
    pieces
}

fn random_text(random: &mut fastrand::Rng, pieces: &[String]) -> String {
    (0..random.usize(0..12)).map(|_| random.choice(pieces).unwrap().as_str()).collect()
}

#[test]
fn a_text_has_the_findings_of_a_file_of_its_name() {
    let (scanner, pieces) = (scanner(), pieces());
    let mut random = fastrand::Rng::with_seed(19);
    let mut total = 0;
    for name in ["row.txt", "row.py", ".env", "Dockerfile"] {
        let mut texts = scanner.texts(name);
        for _ in 0..400 {
            let text = random_text(&mut random, &pieces);
            if text.contains(['{', '[']) {
                continue;
            }
            let mut found: Vec<_> = scanner
                .bytes(name, text.as_bytes())
                .findings
                .iter()
                .map(|one| {
                    let span = one.location.span;
                    (one.rule.to_string(), span.start, span.end)
                })
                .collect();
            // Checks over a tree of files do not apply to a text.
            found.retain(|(rule, start, end)| start < end || rule.starts_with("hf-"));
            total += found.len();
            assert_eq!(brief(&texts.find(text.as_bytes())), found, "{name}: {text:?}");
        }
    }
    assert!(total > 300, "{total}");
}

#[test]
fn json_in_a_string_of_json_is_read_as_json() {
    let scanner = scanner();
    let token = token("inner");
    let inner = serde_json::json!({ "env": { "HF_TOKEN": token } }).to_string();
    let middle = serde_json::json!([{ "role": "tool", "content": inner }]).to_string();
    let text = serde_json::json!({ "messages": middle }).to_string();
    let findings = scanner.texts("row.txt").find(text.as_bytes());
    assert_eq!(findings.len(), 1, "{findings:?}");
    let span = findings[0].span;
    assert_eq!(&text[span.start..span.end], token);
}

#[test]
fn a_text_has_no_ignore_comments() {
    let scanner = scanner();
    let text = format!("x = \"{}\"  # hfscan: ignore\n", token("a"));
    assert_eq!(scanner.texts("row.py").find(text.as_bytes()).len(), 1);
}

/// Texts in one buffer.
struct Column {
    ends: Vec<usize>,
    awake: Vec<bool>,
}

impl Rows for Column {
    fn asleep_at(&self, at: usize) -> Option<(usize, Range<usize>)> {
        let row = self.ends.partition_point(|end| *end <= at);
        let start = row.checked_sub(1).map_or(0, |before| self.ends[before]);
        (!*self.awake.get(row)?).then(|| (row, start..self.ends[row]))
    }

    fn mark(&mut self, row: usize) {
        self.awake[row] = true;
    }
}

#[test]
fn rows_that_are_not_awake_hold_nothing() {
    let (scanner, pieces) = (scanner(), pieces());
    let mut random = fastrand::Rng::with_seed(20);
    let mut texts = scanner.texts("row.txt");
    let (mut asleep, mut found) = (0, 0);
    for _ in 0..40 {
        let rows: Vec<String> = (0..50).map(|_| random_text(&mut random, &pieces)).collect();
        let mut column = Column { ends: Vec::new(), awake: vec![false; rows.len()] };
        let mut buffer = String::new();
        for row in &rows {
            buffer.push_str(row);
            column.ends.push(buffer.len());
        }
        texts.mark_awake(buffer.as_bytes(), &mut column);
        for (row, is_awake) in rows.iter().zip(column.awake) {
            let findings = texts.find(row.as_bytes());
            assert!(is_awake || findings.is_empty(), "{row:?}: {findings:?}");
            asleep += usize::from(!is_awake);
            found += findings.len();
        }
    }
    assert!(asleep > 300 && found > 300, "{asleep} {found}");
}

#[test]
fn the_library_finds_what_the_program_finds() {
    let text = format!("login(token=\"{}\")\n", token("b"));
    let workspace = Workspace::new();
    workspace.write_bytes("row.py", text.as_bytes());
    let program = workspace.run(&["row.py", "--format", "json"]).json();
    let findings = scanner().texts("row.py").find(text.as_bytes());
    assert_eq!(program["findings"].as_array().unwrap().len(), findings.len());
    let bytes = &program["findings"][0]["location"]["bytes"];
    assert_eq!(bytes["start"], findings[0].span.start);
    assert_eq!(program["findings"][0]["rule"], *findings[0].rule);
}
