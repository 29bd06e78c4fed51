//! Output formats, one per file.

mod checkstyle;
mod concise;
mod csv;
mod github;
mod gitlab;
mod gitlab_secrets;
mod history;
mod html;
mod identity;
mod json;
mod json_writer;
mod jsonl;
mod junit;
mod level;
mod markdown;
mod place;
mod ranking;
mod rdjson;
mod read;
mod record;
mod reporter;
#[cfg(test)]
mod sample;
mod sarif;
mod schema;
mod text;
mod upload;
mod uri;
mod verification;
mod wording;
mod xml;

pub use identity::public_id;
pub use json::Json;
pub use read::{ReadError, read_report};
pub use reporter::{
    Report, Reporter, Setting, Style, Supplement, Verbosity, WantedFixes, reading, revoke_url,
    rule_page,
};
pub use schema::schema;
pub use uri::reference;
pub use verification::VerificationRecord;
pub use wording::{counted, human_bytes, not_scanned, statement};

/// All formats; the first is the default.
pub const REPORTERS: &[&dyn Reporter] = &[
    &text::Text,
    &concise::Concise,
    &json::Json,
    &jsonl::JsonLines,
    &sarif::Sarif,
    &github::GitHub,
    &gitlab::GitLab,
    &gitlab_secrets::GitLabSecrets,
    &junit::JUnit,
    &checkstyle::Checkstyle,
    &rdjson::RdJson,
    &csv::Csv,
    &markdown::Markdown,
    &html::Html,
];

/// The reporter with this name.
pub fn reporter(name: &str) -> Option<&'static dyn Reporter> {
    REPORTERS.iter().copied().find(|reporter| reporter.name() == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::{Engine, engine::general_purpose::STANDARD};

    /// Texts that no report may contain for a secret: the secret in every encoding, and any eight
    /// consecutive characters of it, forwards or backwards.
    fn traces(secret: &str) -> Vec<String> {
        let body = secret.trim_start_matches("hf_");
        let mut traces = vec![STANDARD.encode(secret), STANDARD.encode(body)];
        traces.push(secret.bytes().map(|byte| format!("%{byte:02X}")).collect());
        traces.push(secret.bytes().map(|byte| format!("{byte:02x}")).collect());
        let reversed: String = body.chars().rev().collect();
        for text in [body, &reversed] {
            traces.extend((0..=text.len() - 8).map(|at| text[at..at + 8].to_string()));
        }
        traces
    }

    #[test]
    fn no_format_holds_any_part_of_a_secret() {
        let outcome = sample::outcome();
        let traces: Vec<String> =
            (0..outcome.findings.len()).flat_map(|number| traces(&sample::token(number))).collect();
        for reporter in REPORTERS {
            let text = sample::written(*reporter, &outcome);
            assert!(text.contains("hf-user-access-token"), "{}: {text}", reporter.name());
            for trace in &traces {
                assert!(!text.contains(trace), "{} holds {trace}", reporter.name());
            }
        }
    }

    #[test]
    fn the_same_outcome_gives_the_same_bytes() {
        for reporter in REPORTERS {
            let outcome = sample::outcome();
            assert_eq!(
                sample::written(*reporter, &outcome),
                sample::written(*reporter, &outcome),
                "{}",
                reporter.name()
            );
        }
    }

    #[test]
    fn no_format_hands_a_terminal_a_control_character() {
        let mut outcome = sample::outcome();
        outcome.findings[0].location.path =
            crate::model::SourcePath::from_bytes(b"a\x1b[31m\x07b\x9bc.py");
        for reporter in REPORTERS {
            let text = sample::written(*reporter, &outcome);
            let control = text.chars().find(|one| one.is_control() && !"\r\n".contains(*one));
            assert_eq!(control, None, "{}", reporter.name());
        }
    }
}
