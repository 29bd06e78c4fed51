//! Baselines of other scanners, to import them.

use crate::model::{Finding, secret::hex};
use serde_json::Value;
use sha1::{Digest, Sha1};
use std::collections::{HashMap, HashSet};

/// The findings in another scanner's baseline, by file.
///
/// gitleaks stores secrets (or `REDACTED`) with their line, or in `.gitleaksignore` only the line;
/// detect-secrets stores SHA-1. A finding is known if the baseline contains its secret in the same
/// file, or its line if it has no secret there.
#[derive(Debug, Default)]
pub struct PeerBaseline {
    /// SHA-1 of the secrets, by file.
    hashes: HashMap<String, HashSet<String>>,
    /// Line numbers, by file.
    lines: HashMap<String, HashSet<u64>>,
}

impl PeerBaseline {
    /// Parses a baseline or ignore file of gitleaks, betterleaks or detect-secrets; `None` for
    /// other files.
    pub fn read(text: &str) -> Option<Self> {
        let mut known = Self::default();
        match serde_json::from_str::<Value>(text) {
            Ok(Value::Array(findings)) => {
                findings.iter().for_each(|finding| known.add_gitleaks(finding));
                let is_empty = findings.is_empty();
                (is_empty || !known.is_empty()).then_some(known)
            }
            Ok(Value::Object(report)) => {
                for (file, findings) in report.get("results")?.as_object()? {
                    let findings = findings.as_array().into_iter().flatten();
                    let hashes = findings.filter_map(|one| one.get("hashed_secret")?.as_str());
                    let hashes = hashes.map(str::to_ascii_lowercase);
                    known.hashes.entry(normal(file)).or_default().extend(hashes);
                }
                Some(known)
            }
            _ => {
                text.lines().for_each(|line| known.add_ignored_line(line));
                (!known.is_empty()).then_some(known)
            }
        }
    }

    fn add_gitleaks(&mut self, finding: &Value) {
        let text = |key: &str| finding.get(key).and_then(Value::as_str);
        let Some(file) = text("File") else { return };
        match text("Secret").filter(|secret| !matches!(*secret, "" | "REDACTED")) {
            Some(secret) => {
                self.hashes.entry(normal(file)).or_default().insert(sha1(secret.as_bytes()));
            }
            None => {
                let line = finding.get("StartLine").and_then(Value::as_u64);
                self.lines.entry(normal(file)).or_default().extend(line);
            }
        }
    }

    /// Adds a line `file:rule:line`, optionally prefixed with a commit.
    fn add_ignored_line(&mut self, line: &str) {
        let line = line.trim();
        if line.starts_with('#') {
            return;
        }
        let mut parts = line.rsplitn(3, ':');
        let (Some(number), Some(_), Some(file)) = (parts.next(), parts.next(), parts.next()) else {
            return;
        };
        let Ok(number) = number.parse() else { return };
        let commit = |text: &str| text.len() == 40 && text.bytes().all(|b| b.is_ascii_hexdigit());
        let file = file.split_once(':').filter(|(start, _)| commit(start)).map_or(file, |(_, f)| f);
        self.lines.entry(normal(file)).or_default().insert(number);
    }

    /// `true` if it contains no findings.
    pub fn is_empty(&self) -> bool {
        self.hashes.is_empty() && self.lines.is_empty()
    }

    /// `true` if it contains the finding, whose file is `path` in the repository.
    pub fn knows(&self, finding: &Finding, path: &str) -> bool {
        let line = finding.location.start.line as u64;
        if self.lines.get(path).is_some_and(|lines| lines.contains(&line)) {
            return true;
        }
        let Some(hashes) = self.hashes.get(path) else { return false };
        let secret = finding.secret.as_ref();
        secret.is_some_and(|secret| hashes.contains(&sha1(secret.expose())))
    }
}

fn sha1(bytes: &[u8]) -> String {
    hex(&Sha1::digest(bytes))
}

fn normal(file: &str) -> String {
    file.strip_prefix("./").unwrap_or(file).replace('\\', "/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_scanner_s_file_is_told_by_its_shape() {
        let gitleaks = r#"[{"File": "a.py", "StartLine": 3, "Secret": "REDACTED"},
                           {"File": "b.py", "StartLine": 1, "Secret": "x"}]"#;
        let known = PeerBaseline::read(gitleaks).expect("it is one");
        assert!(known.lines["a.py"].contains(&3) && known.hashes["b.py"].len() == 1);
        let secrets = r#"{"results": {"a.py": [{"hashed_secret": "ABCD", "line_number": 2}]}}"#;
        assert!(PeerBaseline::read(secrets).expect("it is one").hashes["a.py"].contains("abcd"));
        let commit = "0123456789".repeat(4);
        let ignore = format!("# known\na.py:generic-api-key:7\n{commit}:b:c.py:rule:9\n");
        let known = PeerBaseline::read(&ignore).expect("it is one");
        assert!(known.lines["a.py"].contains(&7) && known.lines["b:c.py"].contains(&9));
        assert!(PeerBaseline::read("hello").is_none());
        assert!(PeerBaseline::read("{}").is_none());
    }
}
