//! Runs the rules over a text.

use super::{
    candidate::{Candidate, Verdict},
    facts::{FactRules, Quiet},
    judgement::{Subject, judge},
    prefilter::Prefilter,
};
use crate::{
    decode::{
        Decoder,
        base64::Base64,
        escaped::{Backslash, Entity, Percent, QuotedPrintable},
        folded::Folded,
        numbered::{Codes, Hex, Wide},
    },
    judge::place::is_for_show,
    model::{SourcePath, Span, SpanMap},
    rule::{Matcher, Pattern, Rule, RuleSet, ViewName, secret_of},
};
use regex::bytes::Captures;
use std::{
    cell::{Cell, OnceCell},
    collections::{BTreeMap, BTreeSet},
};

/// The longest secret in bytes: a text that is read in windows overlaps by as much, so
/// that no secret is cut. The longest known are signed tokens of a few KiB.
pub const MAX_SECRET: usize = 64 << 10;

/// The longest keyword in bytes; rule files are held to it.
const MAX_KEYWORD: usize = 128;

/// As many bytes behind a keyword are looked at to see whether it counts.
const MAX_BEHIND: usize = 512;

/// As many bytes from the start of a keyword on decide whether it wakes a rule.
pub const MAX_REACH: usize = MAX_KEYWORD + MAX_BEHIND;

/// A text to run the rules over.
#[derive(Debug, Clone, Copy)]
pub struct Text<'a> {
    /// The name of the file it stands in.
    pub path: &'a SourcePath,
    /// The containers it stands in, outermost first; none for a file by itself.
    pub containers: &'a [&'a str],
    /// Its bytes.
    pub bytes: &'a [u8],
    /// What part of a larger whole they are, as rules name it: `output` of a notebook.
    pub part: Option<&'a str>,
    /// Whether these are all the bytes of the file: languages are read from the start.
    pub is_whole: bool,
}

impl Text<'_> {
    /// Whether the rule looks at a text of this name and place at all.
    fn is_for(&self, rule: &Rule) -> bool {
        rule.applies_to(self.path, self.containers, self.part)
    }
}

/// What a thread keeps from one text to the next.
#[derive(Debug, Default)]
pub struct Scratch {
    awake: Vec<bool>,
    /// Places of anchors, with the number of their keyword.
    hits: Vec<(usize, usize)>,
    /// What is known of the versions of files that were read before.
    quiet: Quiet,
    /// Which rules look at files of the last name.
    meant: Meant,
    /// Whether the next text is one of many versions of the same files.
    pub is_version: bool,
}

/// Which rules look at files of one name, as far as that was asked: the versions of a
/// file come one after the other.
#[derive(Debug, Default)]
struct Meant {
    path: Option<SourcePath>,
    rules: Vec<Option<bool>>,
}

impl Meant {
    /// Whether the rule of this number looks at `text`.
    fn is_for(&mut self, text: Text<'_>, number: usize, rule: &Rule) -> bool {
        if !text.containers.is_empty() || text.part.is_some() {
            return text.is_for(rule);
        }
        if self.path.as_ref() != Some(text.path) {
            self.path = Some(text.path.clone());
            self.rules.clear();
        }
        if self.rules.len() <= number {
            self.rules.resize(number + 1, None);
        }
        *self.rules[number].get_or_insert_with(|| text.is_for(rule))
    }
}

/// What decodes the forms of a text, and which form that is.
const DECODERS: &[(ViewName, &dyn Decoder)] = &[
    (ViewName::Base64, &Base64),
    (ViewName::Folded, &Folded),
    (ViewName::Encoded, &Backslash),
    (ViewName::Encoded, &Percent),
    (ViewName::Encoded, &Entity),
    (ViewName::Encoded, &QuotedPrintable),
    (ViewName::Encoded, &Hex),
    (ViewName::Encoded, &Codes),
    (ViewName::Encoded, &Wide),
];

/// Encodings within encodings that are followed.
const MAX_DEPTH: usize = 3;
/// Bytes after an anchor in which its secret is sure to end. A view that reaches as far
/// is not made again for an anchor inside it.
const ROOM: usize = 2048;
/// Bytes that may be decoded for each byte of a text, and besides: a text that is nothing
/// but anchors is not decoded again and again.
const DECODED_PER_BYTE: usize = 16;
const DECODED_AT_LEAST: usize = 1 << 20;

/// What the prefilter's keywords stand for.
#[derive(Debug)]
enum Keyword {
    /// Wakes a rule, by its number.
    Rule(usize),
    /// Wakes a decoder, by its number, with the anchor it asked for.
    Decode(usize, Vec<u8>),
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
        let mut texts: Vec<Vec<u8>> = Vec::new();
        let mut keywords = Vec::new();
        for (number, rule) in rules.rules().iter().enumerate() {
            for keyword in raw_keywords(rule) {
                texts.push(keyword.to_vec());
                keywords.push(Keyword::Rule(number));
            }
        }
        // What a decoder looks for wakes the decoder, which runs the rules for its form.
        for (number, (view, decoder)) in DECODERS.iter().enumerate() {
            let wanting = rules.rules().iter().filter(|rule| views(rule).contains(view));
            let wanted = wanting.flat_map(|rule| &rule.keywords);
            let anchors: BTreeSet<Vec<u8>> =
                wanted.flat_map(|keyword| decoder.anchors(keyword.as_bytes())).collect();
            for anchor in anchors {
                texts.push(anchor.clone());
                keywords.push(Keyword::Decode(number, anchor));
            }
        }
        let prefilter = Prefilter::new(texts.iter().map(Vec::as_slice));
        Self { prefilter, keywords, rules, now }
    }

    /// The rules it runs.
    pub fn rules(&self) -> &RuleSet {
        &self.rules
    }

    /// Whether a keyword in `text` wakes a rule or a decoder; without, no rule matches in
    /// it. What stands up to [`MAX_REACH`] behind a keyword has a say in that.
    pub fn has_keyword(&self, text: &[u8]) -> bool {
        let mut any = false;
        self.prefilter.for_each_hit(text, |number, at| {
            any = any
                || match &self.keywords[number] {
                    Keyword::Rule(rule) => counts(&self.rules.rules()[*rule], text, at),
                    Keyword::Decode(..) => true,
                };
        });
        any
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
        let run = Run {
            engine: self,
            text,
            binary: OnceCell::new(),
            decodable: Cell::new(text.bytes.len() * DECODED_PER_BYTE + DECODED_AT_LEAST),
        };
        let mut fact_rules = FactRules { rules: Vec::new(), now: self.now };
        for (number, rule) in self.rules.rules().iter().enumerate() {
            if !scratch.awake[number] || !scratch.meant.is_for(text, number, rule) {
                continue;
            }
            match rule.matcher {
                Matcher::Facts { .. } if text.is_whole => fact_rules.rules.push(rule),
                _ => run.over_text(rule, found),
            }
        }
        fact_rules.run(text, scratch.is_version.then_some(&mut scratch.quiet), found);
        run.over_hits(text.bytes, &scratch.hits, &[], found);
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
            match &self.keywords[number] {
                Keyword::Rule(rule) => {
                    let awake = &mut scratch.awake[*rule];
                    *awake = *awake || counts(&self.rules.rules()[*rule], text, at);
                }
                Keyword::Decode(..) => scratch.hits.push((at, number)),
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
    binary: OnceCell<bool>,
    /// Bytes that may still be decoded.
    decodable: Cell<usize>,
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

    /// Runs the rules over what stands around each anchor in `text`, decoded, and over
    /// what is encoded in that again. `maps` lead from `text` back to the run's own.
    fn over_hits(
        &self,
        text: &[u8],
        hits: &[(usize, usize)],
        maps: &[&SpanMap],
        found: &mut dyn FnMut(Candidate<'e>),
    ) {
        // Up to where a view around an earlier hit of the same keyword reaches.
        let mut covered = BTreeMap::new();
        for (at, keyword) in hits {
            let Keyword::Decode(number, anchor) = &self.engine.keywords[*keyword] else { continue };
            let (view, decoder) = DECODERS[*number];
            let reach = covered.entry(*keyword).or_insert(0);
            if at + ROOM <= *reach {
                continue;
            }
            for (place, (bytes, map)) in decoder.decode(text, *at, anchor).into_iter().enumerate() {
                let Some(left) = self.decodable.get().checked_sub(bytes.len() + ROOM / 16) else {
                    return;
                };
                self.decodable.set(left);
                if place == 0 {
                    *reach = map.to_source(Span::new(0, bytes.len())).end;
                }
                let mut inner = vec![&map];
                inner.extend_from_slice(maps);
                self.over_view(view, &bytes, &inner, found);
                if inner.len() < MAX_DEPTH {
                    let mut hits = Vec::new();
                    self.engine.prefilter.for_each_hit(&bytes, |next, at| {
                        // The same decoder was just over all of this.
                        let is_other = matches!(&self.engine.keywords[next],
                            Keyword::Decode(other, _) if other != number);
                        if is_other {
                            hits.push((at, next));
                        }
                    });
                    self.over_hits(&bytes, &hits, &inner, found);
                }
            }
        }
    }

    /// Runs the rules for one decoded form over it; `maps` lead back to the text.
    fn over_view(
        &self,
        view: ViewName,
        bytes: &[u8],
        maps: &[&SpanMap],
        found: &mut dyn FnMut(Candidate<'e>),
    ) {
        for rule in self.engine.rules.rules() {
            let Matcher::Pattern { patterns, views } = &rule.matcher else { continue };
            if !views.contains(&view) || !self.text.is_for(rule) {
                continue;
            }
            for_each_match(patterns, bytes, |captures| {
                let inner = secret_of(captures);
                let subject =
                    Subject { text: bytes, span: inner, binary: false, now: self.engine.now };
                let outer = maps.first().map_or(inner, |map| map.to_source(inner));
                // What is as long encoded as decoded stands in clear beside what is encoded.
                if view == ViewName::Encoded && outer.len() == inner.len() {
                    return;
                }
                let span: Span = maps.iter().skip(1).fold(outer, |span, map| map.to_source(span));
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
