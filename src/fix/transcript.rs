//! Transcripts of coding agents: every occurrence of a secret is replaced by a placeholder.

use super::{draft::Draft, names::Names, row};
use crate::model::{Edit, Finding, Fix, Span};

/// Minimum length of a secret that is replaced everywhere; shorter ones may be words.
const MIN_TOLD: usize = 20;

/// The fixes of a finding in a transcript; `span` is that of the secret, if the file contains it
/// verbatim.
pub fn fixes(bytes: &[u8], finding: &Finding, span: Option<Span>, names: &Names) -> Vec<Fix> {
    let Some(secret) = &finding.secret else { return Vec::new() };
    if !finding.location.inside.is_empty() {
        return Draft::shown(row::PACKED).into_fixes(None);
    }
    let name = names.variable(secret.expose()).unwrap_or(&finding.rule);
    let placeholder = format!("<{name}>");
    let mut spans = vec![span.unwrap_or(finding.location.span)];
    // A secret is reported once per row, but rows repeat earlier text.
    if secret.len() >= MIN_TOLD {
        let length = secret.expose().len();
        let found = memchr::memmem::find_iter(bytes, secret.expose());
        spans.extend(found.map(|start| Span::new(start, start + length)));
    }
    spans.sort_unstable_by_key(|span| (span.start, std::cmp::Reverse(span.end)));
    spans.dedup_by(|next, kept| next.start < kept.end);
    let edits = spans.into_iter().map(|span| Edit::replace(span, placeholder.as_str()));
    Draft::new(row::TRANSCRIPT, edits.collect()).into_fixes(None)
}
