//! Scans single texts, such as the rows of a table, and reports only rules and spans.

use super::{nested, scanner::Scanner};
use crate::{
    detect::{Candidate, Real, Rows, Scratch, Text, Verdict},
    judge::guessable::is_guessable,
    model::{
        Confidence, Excerpt, Finding, Fingerprint, LineColumn, Location, Precedence, Secret,
        Severity, SourcePath, Span,
    },
    rule::Rule,
    suppress::stage,
};
use std::{cell::LazyCell, cmp::Reverse, sync::Arc};

/// Maximum depth of texts inside texts: a string of JSON that holds JSON, and so on.
pub const MAX_LAYERS: usize = 8;

/// Scans texts in turn and reuses its buffers; use one for each thread.
///
/// A text is scanned as the content of a file of a given name, but without ignore comments, the
/// baseline and containers. A text that is a JSON list or object is read as JSON, and its escaped
/// strings are also read as texts, to a depth of eight: transcripts of agents hold JSON in strings
/// of JSON.
#[derive(Debug)]
pub struct Texts<'s> {
    scanner: &'s Scanner,
    name: SourcePath,
    json: SourcePath,
    scratch: Scratch,
}

/// A finding of a rule in a text.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct TextFinding {
    /// The rule's id.
    pub rule: Arc<str>,
    /// The severity, after the rule's modifiers.
    pub severity: Severity,
    /// The confidence, after the rule's modifiers.
    pub confidence: Confidence,
    /// One sentence that names the problem. Holds no secret.
    pub message: String,
    /// The span in the text, in bytes.
    pub span: Span,
    /// The credential, if the finding shows one.
    pub secret: Option<Secret>,
}

/// A credential in a text, to be replaced as a whole.
#[derive(Debug, Clone)]
pub struct Credential<'s> {
    /// The strongest of the rules that found it.
    pub rule: &'s Rule,
    /// The highest confidence of those rules.
    pub confidence: Confidence,
    /// Its span in the text, in bytes. Spans of one text do not touch, and never split a character
    /// or an escape.
    pub span: Span,
    /// The credential.
    pub secret: Secret,
    /// Its nesting in strings of JSON.
    pub setting: Setting,
}

/// The nesting of a span in strings of JSON.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Setting {
    /// The number of strings around it, and so the number of times that its replacement must be
    /// escaped.
    pub layers: usize,
    /// `true` if it is a bare value of JSON, such as a number, so that its replacement needs
    /// quotes.
    pub is_bare: bool,
}

/// A match, with the strings of JSON around it.
struct Found<'s> {
    candidate: Candidate<'s>,
    setting: Setting,
}

impl Scanner {
    /// A scanner of texts as the content of files of this name, which decides how they are read.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let scanner = hfscan::Scanner::new(hfscan::Settings::default())?;
    /// let mut texts = scanner.texts("row.py");
    /// let findings = texts.find(b"model.push_to_hub(use_auth_token=True)");
    /// assert_eq!(&*findings[0].rule, "deprecated-use-auth-token");
    /// assert_eq!(findings[0].span.start, 18);
    /// # Ok(())
    /// # }
    /// ```
    pub fn texts(&self, name: impl AsRef<[u8]>) -> Texts<'_> {
        let name = name.as_ref();
        let json = SourcePath::from_bytes([name, b".json"].concat());
        let name = SourcePath::from_bytes(name);
        Texts { scanner: self, name, json, scratch: Scratch::default() }
    }
}

impl<'s> Texts<'s> {
    /// The scanner.
    pub fn scanner(&self) -> &'s Scanner {
        self.scanner
    }

    /// The findings in a text that are not suppressed, by position, one for each location.
    pub fn find(&mut self, text: &[u8]) -> Vec<TextFinding> {
        let found = self.run(text);
        if found.is_empty() {
            return Vec::new();
        }
        let findings = found.into_iter().filter_map(|one| self.finding(one.candidate)).collect();
        let (settings, mut dismissed) = (self.scanner.settings(), Vec::new());
        let document = stage::Document { path: &self.name, comments: None };
        let sifted = self.scanner.policy().sift(document, findings, &mut dismissed);
        let counts = |one: &Finding| {
            one.severity >= settings.min_severity && one.confidence >= settings.min_confidence
        };
        let mut findings: Vec<TextFinding> =
            sifted.findings.into_iter().filter(counts).map(TextFinding::of).collect();
        findings.sort_by(|a, b| (a.span, &a.rule).cmp(&(b.span, &b.rule)));
        findings
    }

    /// The credentials in a text, in order: those that any selected rule finds with at least the
    /// confidence and severity of the settings.
    pub fn credentials(&mut self, text: &[u8]) -> Vec<Credential<'s>> {
        let settings = self.scanner.settings();
        let mut places: Vec<(Credential<'s>, Rank)> = Vec::new();
        for Found { candidate: Candidate { rule, span, verdict }, setting } in self.run(text) {
            let Verdict::Real(Real { severity, confidence, secret: Some(secret), .. }) = verdict
            else {
                continue;
            };
            let is_allowed = || settings.allowlist.allowed_secret(Some(&secret)).is_some();
            let counts = confidence >= settings.min_confidence
                && severity >= settings.min_severity
                && !rule.is_ignored
                && !span.is_empty();
            if counts && !is_allowed() {
                let span = whole_characters(text, within(text, span, &secret));
                let rank = (rule.precedence, severity, span.len(), Reverse(span.start));
                places.push((Credential { rule, confidence, span, secret, setting }, rank));
            }
        }
        merged(places)
    }

    /// Marks the rows of `text` to be scanned by themselves. The others have no findings, unless
    /// [`is_nested`](Self::is_nested) is `true` for one. Costs little more than one pass over
    /// `text`, however many rows there are.
    pub fn mark_awake(&self, text: &[u8], rows: &mut dyn Rows) {
        self.scanner.engine().mark_awake(text, &|row| self.name_of(row), rows);
    }

    /// `true` if strings of a row may contain further texts.
    pub fn is_nested(row: &[u8]) -> bool {
        nested::may_be_json(row) && nested::has_escape(row)
    }

    fn name_of(&self, text: &[u8]) -> &SourcePath {
        if nested::may_be_json(text) { &self.json } else { &self.name }
    }

    /// Every match in a text and in the texts inside it.
    fn run(&mut self, text: &[u8]) -> Vec<Found<'s>> {
        let mut found = Vec::new();
        self.run_layer(text, 0, &mut |one| found.push(one));
        found
    }

    fn run_layer(&mut self, text: &[u8], layers: usize, found: &mut dyn FnMut(Found<'s>)) {
        let is_json = nested::may_be_json(text);
        let document = Text {
            path: if is_json { &self.json } else { &self.name },
            containers: &[],
            bytes: text,
            part: None,
            is_whole: true,
            map: None,
        };
        let strings = LazyCell::new(|| nested::strings(text));
        let _ = self.scanner.engine().run(document, &mut self.scratch, &mut |mut candidate| {
            let mut setting = Setting { layers, is_bare: false };
            if is_json {
                setting.is_bare = nested::widen_bare(text, &strings, &mut candidate.span);
                setting.layers += usize::from(!setting.is_bare);
            }
            found(Found { candidate, setting });
        });
        if layers >= MAX_LAYERS || !Self::is_nested(text) {
            return;
        }
        nested::for_each_escaped_string(text, &mut |inside| {
            let map = LazyCell::new(|| nested::unescaped_map(text, inside));
            self.run_layer(&nested::unescaped(text, inside), layers + 1, &mut |mut one| {
                one.candidate.span = map.to_source(one.candidate.span);
                found(one);
            });
        });
    }

    /// The finding for a match, without the data that only a report needs.
    fn finding(&self, candidate: Candidate<'s>) -> Option<Finding> {
        let Candidate { rule, span, verdict: Verdict::Real(real) } = candidate else {
            return None;
        };
        let place = LineColumn::START;
        let path = self.name.clone();
        Some(Finding {
            fingerprint: Fingerprint::default(),
            rule: rule.id.clone(),
            also: Vec::new(),
            rule_names: rule.other_names.clone(),
            severity: real.severity,
            confidence: real.confidence,
            message: real.message.as_ref().unwrap_or(&rule.message).as_str().into(),
            help: "".into(),
            notes: Vec::new(),
            location: Location {
                path,
                inside: Vec::new(),
                span,
                start: place,
                end: place,
                note: None,
            },
            excerpt: Excerpt::default(),
            secret: real.secret,
            has_adopted: false,
            line_hash: None,
            repeats: real.repeats,
            precedence: rule.precedence,
            fixes: Vec::new(),
            history: None,
            verification: None,
            suppressed: rule
                .is_ignored
                .then(|| crate::model::Suppressor::IgnoredRule { rule: rule.id.clone() }),
        })
    }
}

impl TextFinding {
    /// The secret in printable form: its public prefix and two letters at each end.
    pub fn masked(&self) -> Option<String> {
        self.secret.as_ref().map(Secret::masked)
    }

    /// Digits that identify the secret, equal everywhere. `None` without a secret, and for a
    /// guessable one, since they would confirm a guess.
    pub fn secret_id(&self) -> Option<String> {
        self.secret.as_ref().filter(|secret| !is_guessable(secret)).map(Secret::id)
    }

    fn of(finding: Finding) -> Self {
        let Finding { rule, severity, confidence, message, location, secret, .. } = finding;
        let message = message.to_string();
        Self { rule, severity, confidence, message, span: location.span, secret }
    }
}

/// The rank of a rule among those that matched one location; the highest wins.
type Rank = (Precedence, Severity, usize, Reverse<usize>);

/// The part of `span` that is the secret, if the span is larger.
fn within(text: &[u8], span: Span, secret: &Secret) -> Span {
    let found = memchr::memmem::find(span.slice(text), secret.expose());
    match found.filter(|_| !secret.is_empty()) {
        Some(at) => Span::new(span.start + at, span.start + at + secret.len()),
        None => span,
    }
}

/// The span, widened to whole UTF-8 characters.
fn whole_characters(text: &[u8], span: Span) -> Span {
    let is_inner = |at: usize| text.get(at).is_some_and(|byte| byte & 0xc0 == 0x80);
    let (mut start, mut end) = (span.start, span.end);
    while start > span.start.saturating_sub(3) && is_inner(start) {
        start -= 1;
    }
    while end < span.end + 3 && is_inner(end) {
        end += 1;
    }
    Span::new(start, end)
}

/// The credentials, with those that share bytes merged.
fn merged<'s>(mut places: Vec<(Credential<'s>, Rank)>) -> Vec<Credential<'s>> {
    places.sort_by(|(a, a_rank), (b, b_rank)| {
        a.span.cmp(&b.span).then(b_rank.cmp(a_rank)).then(a.rule.id.cmp(&b.rule.id))
    });
    let mut all: Vec<(Credential<'s>, Rank)> = Vec::new();
    for (next, rank) in places {
        let Some((last, last_rank)) =
            all.last_mut().filter(|(last, _)| last.span.overlaps(next.span))
        else {
            all.push((next, rank));
            continue;
        };
        let span = last.span.joined(next.span);
        let confidence = last.confidence.max(next.confidence);
        // The innermost text in which it was found has all strings around it.
        let setting = match last.setting.layers < next.setting.layers {
            true => next.setting,
            false => last.setting,
        };
        if rank > *last_rank {
            (*last, *last_rank) = (next, rank);
        }
        (last.span, last.confidence, last.setting) = (span, confidence, setting);
    }
    all.into_iter().map(|(one, _)| one).collect()
}
