//! Runs the rules over a text.

use super::{
    candidate::{Candidate, Verdict},
    facts::FactRules,
    judgement::{Subject, judge},
    prefilter::Prefilter,
};
use crate::{
    decode::{base64, folded},
    judge::place::is_for_show,
    model::{SourcePath, Span, SpanMap},
    rule::{Matcher, Pattern, Rule, RuleSet, ViewName, secret_of},
};
use regex::bytes::Captures;

/// The longest secret in bytes: a text that is read in windows overlaps by as much, so
/// that no secret is cut. The longest known are signed tokens of a few KiB.
pub const MAX_SECRET: usize = 64 << 10;

/// As many bytes behind a keyword are looked at to see whether it counts.
const MAX_BEHIND: usize = 512;

/// A text to run the rules over.
#[derive(Debug, Clone, Copy)]
pub struct Text<'a> {
    /// The name of the file it stands in.
    pub path: &'a SourcePath,
    /// Its bytes.
    pub bytes: &'a [u8],
    /// Whether these are all the bytes of the file: languages are read from the start.
    pub is_whole: bool,
}

/// What a thread keeps from one text to the next.
#[derive(Debug, Default)]
pub struct Scratch {
    awake: Vec<bool>,
    hits: Vec<(usize, Hit)>,
}

/// A place where something encoded may begin.
#[derive(Debug, Clone, Copy)]
enum Hit {
    Base64(base64::Anchor),
    Fold,
}

/// What the prefilter's keywords stand for.
#[derive(Debug, Clone, Copy)]
enum Keyword {
    /// Wakes a rule, by its number.
    Rule(usize),
    /// Something to decode.
    Decode(Hit),
}

/// The rules of a run, with all that is made once for them.
#[derive(Debug)]
pub struct Engine {
    rules: RuleSet,
    prefilter: Prefilter,
    keywords: Vec<Keyword>,
    /// The time by which tokens have ended, in seconds since 1970.
    now: i64,
}

impl Engine {
    /// An engine for `rules`. `now` is the time in seconds since 1970.
    pub fn new(rules: RuleSet, now: i64) -> Self {
        let mut texts: Vec<&[u8]> = Vec::new();
        let mut keywords = Vec::new();
        for (number, rule) in rules.rules().iter().enumerate() {
            for keyword in raw_keywords(rule) {
                texts.push(keyword);
                keywords.push(Keyword::Rule(number));
            }
            // What a decoder looks for wakes the decoder, which wakes the rule.
            if views(rule).contains(&ViewName::Folded) {
                texts.extend(rule.keywords.iter().map(String::as_bytes));
                keywords.resize(texts.len(), Keyword::Decode(Hit::Fold));
            }
        }
        if rules.rules().iter().any(|rule| views(rule).contains(&ViewName::Base64)) {
            for anchor in base64::ANCHORS {
                texts.push(anchor.text);
                keywords.push(Keyword::Decode(Hit::Base64(anchor)));
            }
        }
        let prefilter = Prefilter::new(texts);
        Self { prefilter, keywords, rules, now }
    }

    /// The rules it runs.
    pub fn rules(&self) -> &RuleSet {
        &self.rules
    }

    /// Calls `found` with every match in `text`, judged. Spans count its bytes.
    pub fn run<'e>(
        &'e self,
        text: Text<'_>,
        scratch: &mut Scratch,
        found: &mut dyn FnMut(Candidate<'e>),
    ) {
        if !self.wake(text.bytes, scratch) {
            return;
        }
        let in_tests = std::cell::LazyCell::new(|| is_for_show(text.path));
        let found: &mut dyn FnMut(Candidate<'e>) = &mut |mut candidate| {
            if let (Verdict::Real(real), Some(most)) =
                (&mut candidate.verdict, candidate.rule.severity_in_tests)
                && real.severity > most
                && *in_tests
            {
                real.severity = most;
                real.notes.push("it stands in a test, an example or documentation".into());
            }
            found(candidate);
        };
        let run = Run { engine: self, text, binary: std::cell::OnceCell::new() };
        let mut fact_rules = FactRules { rules: Vec::new(), now: self.now };
        for (number, rule) in self.rules.rules().iter().enumerate() {
            if !scratch.awake[number] || !rule.applies_to(text.path) {
                continue;
            }
            match rule.matcher {
                Matcher::Facts { .. } if text.is_whole => fact_rules.rules.push(rule),
                _ => run.over_text(rule, found),
            }
        }
        fact_rules.run(text, found);
        for (at, hit) in &scratch.hits {
            match hit {
                Hit::Base64(anchor) => {
                    for (bytes, map) in base64::decode_around(text.bytes, *at, *anchor) {
                        run.over_view(ViewName::Base64, &bytes, &map, found);
                    }
                }
                Hit::Fold => {
                    if let Some((bytes, map)) = folded::fold_at(text.bytes, *at) {
                        run.over_view(ViewName::Folded, &bytes, &map, found);
                    }
                }
            }
        }
    }

    /// Notes in `scratch` which rules have a keyword in `text`, and what is to be
    /// decoded. `false` if there is nothing to do.
    fn wake(&self, text: &[u8], scratch: &mut Scratch) -> bool {
        scratch.hits.clear();
        scratch.awake.clear();
        let mut any = false;
        self.prefilter.for_each_hit(text, |number, at| {
            if !any {
                scratch.awake.resize(self.rules.rules().len(), false);
                any = true;
            }
            match self.keywords[number] {
                Keyword::Rule(rule) => {
                    let awake = &mut scratch.awake[rule];
                    *awake = *awake || counts(&self.rules.rules()[rule], text, at);
                }
                Keyword::Decode(hit) => scratch.hits.push((at, hit)),
            }
        });
        any
    }
}

/// Whether a rule's keyword at `at` counts, by what stands behind it.
fn counts(rule: &Rule, text: &[u8], at: usize) -> bool {
    let Some(gate) = &rule.keyword_gate else { return true };
    let behind = &text[at..text.len().min(at + MAX_BEHIND)];
    // The next line counts: `name: API_KEY` and `value: …` stand on two.
    let end = memchr::memchr_iter(b'\n', behind).nth(1).unwrap_or(behind.len());
    gate.is_match(&behind[..end])
}

/// The forms of the text a rule looks at.
fn views(rule: &Rule) -> &[ViewName] {
    match &rule.matcher {
        Matcher::Pattern { views, .. } => views,
        Matcher::Facts { .. } | Matcher::Repository(_) => &[],
    }
}

/// The keywords that wake a rule when they stand in the raw bytes.
fn raw_keywords(rule: &Rule) -> impl Iterator<Item = &[u8]> {
    let raw = match &rule.matcher {
        Matcher::Pattern { views, .. } => views.contains(&ViewName::Text),
        Matcher::Facts { .. } => true,
        Matcher::Repository(_) => false,
    };
    rule.keywords.iter().filter(move |_| raw).map(String::as_bytes)
}

/// One text, with the rules that are awake.
struct Run<'e, 't> {
    engine: &'e Engine,
    text: Text<'t>,
    binary: std::cell::OnceCell<bool>,
}

impl<'e> Run<'e, '_> {
    /// Whether the text holds a NUL byte; asked only once something matched.
    fn is_binary(&self) -> bool {
        *self.binary.get_or_init(|| memchr::memchr(0, self.text.bytes).is_some())
    }

    fn over_text(&self, rule: &'e Rule, found: &mut dyn FnMut(Candidate<'e>)) {
        let Matcher::Pattern { patterns, views } = &rule.matcher else { return };
        if !views.contains(&ViewName::Text) {
            return;
        }
        let bytes = self.text.bytes;
        for_each_match(patterns, bytes, |captures| {
            let span = secret_of(captures);
            let subject =
                Subject { text: bytes, span, binary: self.is_binary(), now: self.engine.now };
            found(Candidate { rule, span, verdict: judge(rule, subject) });
        });
    }

    /// Runs the rules for one decoded form over it; `map` leads back to the text.
    fn over_view(
        &self,
        view: ViewName,
        bytes: &[u8],
        map: &SpanMap,
        found: &mut dyn FnMut(Candidate<'e>),
    ) {
        for rule in self.engine.rules.rules() {
            let Matcher::Pattern { patterns, views } = &rule.matcher else { continue };
            if !views.contains(&view) || !rule.applies_to(self.text.path) {
                continue;
            }
            for_each_match(patterns, bytes, |captures| {
                let inner = secret_of(captures);
                let subject =
                    Subject { text: bytes, span: inner, binary: false, now: self.engine.now };
                let span: Span = map.to_source(inner);
                found(Candidate { rule, span, verdict: judge(rule, subject) });
            });
        }
    }
}

fn for_each_match(patterns: &[Pattern], text: &[u8], mut each: impl FnMut(&Captures<'_>)) {
    for pattern in patterns {
        for captures in pattern.regex().captures_iter(text) {
            each(&captures);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_keyword_counts_only_if_its_gate_matches_on_its_line_or_the_next() {
        let mut rules = crate::rule::built_in(false).expect("the built-in rules are valid");
        let rule = rules.iter_mut().find(|rule| rule.keyword_gate.is_some()).expect("one has it");
        rule.keyword_gate = Some(Pattern::new("value"));
        let counts = |text: &str| counts(rule, text.as_bytes(), 0);
        assert!(counts("secret = value") && counts("secret\n  value"));
        assert!(!counts("secret\n\n  value") && !counts("secret"));
        assert!(!counts(&format!("secret{}value", " ".repeat(600))));
    }
}
