//! Runs the rules over a text.

mod events;
mod hits;
mod wake;

use super::{
    candidate::{Candidate, Verdict},
    facts::FactRules,
    judgement::{Subject, judge},
    keywords::{Group, JudgedLine, Keyword, Keywords},
    prefilter::Prefilter,
    versions::{Version, Versions, for_each_match},
};
use crate::{
    decode::{
        Decoder,
        base64::Base64,
        escaped::{Backslash, Entity, Percent, QuotedPrintable},
        folded::Folded,
        layered::Layered,
        numbered::{Codes, Hex, Wide},
    },
    judge::place::is_for_show,
    model::SourcePath,
    rule::{Matcher, Pattern, Rule, RuleSet, ViewName, secret_of},
};
use std::{
    cell::{Cell, LazyCell, OnceCell},
    collections::{BTreeSet, HashMap},
    ops::ControlFlow,
};

/// The longest secret in bytes: a text that is read in windows overlaps by as much, so
/// that no secret is cut. The longest known are signed tokens of a few KiB.
pub const MAX_SECRET: usize = 64 << 10;

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
    pub(super) fn is_for(&self, rule: &Rule) -> bool {
        rule.applies_to(self.path, self.containers, self.part)
    }
}

/// What a thread keeps from one text to the next.
#[derive(Debug, Default)]
pub struct Scratch {
    /// Whether each rule is awake.
    awake: Vec<bool>,
    hits: Vec<Hit>,
    /// Where keywords stand that may wake a rule, with their numbers; up to [`wake::MAX_SEEN`]
    /// of them, and none where no facts are read.
    seen: Vec<(usize, usize)>,
    /// What is remembered from one version of a text to the next.
    pub versions: Versions,
    /// Whether a mark stood in the last text.
    pub has_mark: bool,
}

/// A place of an anchor.
#[derive(Debug, Clone, Copy)]
struct Hit {
    at: usize,
    /// Its number.
    anchor: usize,
}

/// A text that a decoder looks for.
#[derive(Debug)]
struct Anchor {
    text: Vec<u8>,
    /// The number of the decoder.
    decoder: usize,
}

/// What decodes the forms of a text, and which form that is.
const DECODERS: &[(ViewName, &dyn Decoder)] = &[
    (ViewName::Base64, &Base64),
    (ViewName::Base64, &Layered),
    (ViewName::Folded, &Folded),
    (ViewName::Encoded, &Backslash),
    (ViewName::Encoded, &Percent),
    (ViewName::Encoded, &Entity),
    (ViewName::Encoded, &QuotedPrintable),
    (ViewName::Encoded, &Hex),
    (ViewName::Encoded, &Codes),
    (ViewName::Encoded, &Wide),
];

/// Bytes that may be decoded for each byte of a text, and besides: a text that is nothing
/// but anchors is not decoded again and again.
const DECODED_PER_BYTE: usize = 16;
const DECODED_AT_LEAST: usize = 1 << 20;

/// The rules of a run, with all that is made once for them.
#[derive(Debug)]
pub struct Engine {
    rules: RuleSet,
    prefilter: Prefilter,
    keywords: Vec<Keyword>,
    anchors: Vec<Anchor>,
    /// Where each group of rules is, by its number: its keyword's number, and its place there.
    groups: Vec<(usize, usize)>,
    /// The number of each rule's gate; the same for equal gates.
    gates: Vec<u32>,
    /// The time by which tokens have ended, in seconds since 1970.
    now: i64,
}

impl Engine {
    /// An engine for `rules`. `now` is the time in seconds since 1970.
    pub fn new(rules: RuleSet, now: i64) -> Self {
        Self::with_marks(rules, now, &[])
    }

    /// The same, which also says in [`Scratch::has_mark`] whether a text holds one of `marks`.
    pub fn with_marks(rules: RuleSet, now: i64, marks: &[&[u8]]) -> Self {
        let mut keywords = Keywords::default();
        for mark in marks {
            keywords.of(mark).is_mark = true;
        }
        for (number, rule) in rules.rules().iter().enumerate() {
            for keyword in raw_keywords(rule) {
                keywords.wake(keyword, number, rule);
            }
        }
        // What a decoder looks for wakes the decoder, which runs the rules for its form.
        let mut anchors = Vec::new();
        for (number, (view, decoder)) in DECODERS.iter().enumerate() {
            let wanting = rules.rules().iter().filter(|rule| views(rule).contains(view));
            let wanted = wanting.flat_map(|rule| &rule.keywords);
            let texts: BTreeSet<Vec<u8>> =
                wanted.flat_map(|keyword| decoder.anchors(keyword.as_bytes())).collect();
            for text in texts {
                keywords.of(&text).anchors.push(anchors.len());
                anchors.push(Anchor { text, decoder: number });
            }
        }
        let mut groups = vec![(0, 0); keywords.groups];
        let keywords = keywords.into_all();
        for (keyword, its) in keywords.iter().enumerate() {
            for (place, group) in its.groups.iter().enumerate() {
                groups[group.number] = (keyword, place);
            }
        }
        let prefilter = Prefilter::new(keywords.iter().map(|keyword| keyword.text.as_slice()));
        let mut numbers = HashMap::new();
        let gates = rules.rules().iter().map(|rule| {
            let next = numbers.len() as u32;
            *numbers.entry(rule.gate.as_ref().map(Pattern::as_str)).or_insert(next)
        });
        let gates = gates.collect();
        Self { prefilter, keywords, anchors, groups, gates, rules, now }
    }

    /// What it looks for in the bytes of a text.
    #[cfg(test)]
    pub(super) fn keyword_texts(&self) -> impl Iterator<Item = &[u8]> {
        self.keywords.iter().map(|keyword| keyword.text.as_slice())
    }

    /// The rules it runs.
    pub fn rules(&self) -> &RuleSet {
        &self.rules
    }

    /// Whether a keyword in `text`, a part of a file, wakes a rule or a decoder; without, no
    /// rule matches in it. What stands up to [`MAX_REACH`] behind a keyword has a say in that.
    pub fn has_keyword(&self, text: &[u8]) -> bool {
        let mut judged = JudgedLine::default();
        let hits = self.prefilter.for_each_hit(text, |number, at| {
            let keyword = &self.keywords[number];
            let mut opens = |group: &Group| group.for_parts && group.opens(text, at, &mut judged);
            let wakes = !keyword.anchors.is_empty() || keyword.groups.iter().any(&mut opens);
            if wakes { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        hits.is_break()
    }

    /// Calls `found` with every match in `text`, judged. Spans count its bytes. `false` if its
    /// parts, by themselves, have nothing more: if no decoder, and no rule but those over facts,
    /// had a keyword in it.
    pub fn run<'e>(
        &'e self,
        text: Text<'_>,
        scratch: &mut Scratch,
        found: &mut dyn FnMut(Candidate<'e>),
    ) -> bool {
        let mut version = scratch.versions.current(self, text.bytes);
        let is_awake = match &version {
            Some(version) => self.wake_by(version.events(), scratch),
            None => self.wake(text, scratch),
        };
        if !is_awake {
            if let Some(version) = version {
                scratch.versions.finish(version);
            }
            return false;
        }
        let in_tests = LazyCell::new(|| is_for_show(text.path));
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
        let mut fact_rules = FactRules { rules: Vec::new(), engine: self, now: self.now };
        let mut is_for_parts = !scratch.hits.is_empty();
        for (number, rule) in self.rules.rules().iter().enumerate() {
            if !scratch.awake.get(number).is_some_and(|awake| *awake) {
                continue;
            }
            if let Matcher::Facts { .. } = rule.matcher {
                fact_rules.rules.extend(text.is_whole.then_some((number, rule)));
                continue;
            }
            is_for_parts = true;
            if text.is_for(rule) {
                run.over_text(number, rule, version.as_mut(), found);
            }
        }
        fact_rules.run(text, &scratch.seen, version.as_mut(), found);
        if let Some(version) = version {
            scratch.versions.finish(version);
        }
        run.over_hits(text.bytes, &scratch.hits, &[], found);
        is_for_parts
    }
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

    fn over_text(
        &self,
        number: usize,
        rule: &'e Rule,
        mut version: Option<&mut Version>,
        found: &mut dyn FnMut(Candidate<'e>),
    ) {
        let Matcher::Pattern { patterns, views } = &rule.matcher else { return };
        if !views.contains(&ViewName::Text) {
            return;
        }
        let bytes = self.text.bytes;
        for (place, pattern) in patterns.iter().enumerate() {
            let number = (number, place);
            let windows =
                version.as_mut().and_then(|version| version.windows(number, pattern, bytes));
            let matches = for_each_match(pattern, bytes, windows, |captures| {
                let span = secret_of(captures);
                let subject =
                    Subject { text: bytes, span, binary: self.is_binary(), now: self.engine.now };
                found(Candidate { rule, span, verdict: judge(rule, subject) });
            });
            if let Some(version) = &mut version {
                version.remember_matches(number, matches);
            }
        }
    }
}
