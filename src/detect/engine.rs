//! Runs the rules over a text.

use super::{
    awake::Rows,
    candidate::{Candidate, Text},
    decoding::{Anchors, Decoding},
    facts::{self, FactRules},
    ids::RuleId,
    judgement::{Subject, judge},
    keyring::Keyring,
    memory::Version,
    waking::Woken,
};
use crate::{
    model::SourcePath,
    rule::{Matcher, Rule, RuleSet, ViewName, secret_of},
};
use std::cell::{Cell, LazyCell};

/// Maximum length of a secret in bytes. Windows over a large text overlap by as much, so that
/// no secret is cut. The longest known ones are signed tokens of a few KiB.
pub const MAX_SECRET: usize = 64 << 10;

/// Estimates of work in nanoseconds: for judging a match, for decoding around an anchor, and for
/// searching a decoded byte.
const WORK_PER_MATCH: u64 = 100;
const WORK_PER_ANCHOR: u64 = 130;
const WORK_PER_DECODED: u64 = 4;

/// Buffers that a thread reuses from one text to the next.
#[derive(Debug, Default)]
pub struct Scratch {
    woken: Woken,
    /// The estimated work of searching the last text, in nanoseconds, without reading it.
    pub work: u64,
    /// `true` if the last text has more encoded texts than were decoded.
    pub is_cut: bool,
}

impl Scratch {
    /// `true` if the last text had no keyword hit of a rule or a decoder.
    pub fn is_idle(&self) -> bool {
        self.woken.is_empty()
    }

    /// `true` if the last text contains a mark.
    pub fn has_mark(&self) -> bool {
        self.woken.has_mark
    }

    /// Stores the results of the last run, and returns whether the parts need a scan.
    fn take(&mut self, done: Done) -> Parts {
        (self.work, self.is_cut) = (done.work, done.is_cut);
        done.parts
    }
}

/// Results of the rules for a text.
struct Done {
    parts: Parts,
    /// As in [`Scratch`].
    work: u64,
    is_cut: bool,
}

/// The need to scan the parts of a text separately.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parts {
    /// The parts contain no further findings: only rules over facts have keywords in it, and no
    /// decoder has.
    HoldNothingElse,
    /// The parts may contain further findings.
    MayHoldMore,
}

/// The compiled rules with their keywords and anchors, built once per run.
#[derive(Debug)]
pub struct Engine {
    rules: RuleSet,
    keyring: Keyring,
    anchors: Anchors,
    /// The time at which tokens are checked for expiry, in seconds since 1970.
    now: i64,
}

impl Engine {
    /// An engine for `rules`. `now` is the time in seconds since 1970.
    pub fn new(rules: RuleSet, now: i64) -> Self {
        Self::with_marks(rules, now, &[])
    }

    /// An engine that also sets [`Scratch::has_mark`] if a text contains one of `marks`.
    pub fn with_marks(rules: RuleSet, now: i64, marks: &[&[u8]]) -> Self {
        let anchors = Anchors::of(&rules);
        let keyring = Keyring::new(rules.rules(), &anchors.texts, marks);
        Self { rules, keyring, anchors, now }
    }

    /// The keywords of the rules.
    #[cfg(test)]
    pub(super) fn keyring(&self) -> &Keyring {
        &self.keyring
    }

    /// The rules.
    pub fn rules(&self) -> &RuleSet {
        &self.rules
    }

    /// `true` if a keyword in `text`, a part of a file, wakes a rule or a decoder. Otherwise no
    /// rule matches in it. The result depends on up to [`MAX_REACH`](super::MAX_REACH) bytes after
    /// each keyword.
    pub fn has_keyword(&self, text: &[u8]) -> bool {
        self.keyring.has_hit(text)
    }

    /// Marks the rows of `text` that may have findings when each is scanned by itself as a file;
    /// the others have none. `path_of` gives the name under which a row is scanned.
    pub fn mark_awake<'p>(
        &self,
        text: &[u8],
        path_of: &dyn Fn(&[u8]) -> &'p SourcePath,
        rows: &mut dyn Rows,
    ) {
        let has_facts = |bytes: &[u8]| {
            let (path, containers, part) = (path_of(bytes), &[][..], None);
            facts::can_read(Text { path, containers, bytes, part, is_whole: true, map: None })
        };
        self.keyring.mark_awake(text, &has_facts, rows);
    }

    /// Calls `found` with every match in `text` and its verdict. Spans are those of the document.
    pub fn run<'e>(
        &'e self,
        text: Text<'_>,
        scratch: &mut Scratch,
        found: &mut dyn FnMut(Candidate<'e>),
    ) -> Parts {
        scratch.woken.find(&self.keyring, text);
        let done = self.run_woken(text, &scratch.woken, &mut Version::default(), found);
        scratch.take(done)
    }

    /// Like [`run`](Self::run), for a version of a file: results known from the version that it
    /// descends from are reused, and `version` then holds those of this one.
    pub fn run_version<'e>(
        &'e self,
        text: Text<'_>,
        version: &mut Version,
        scratch: &mut Scratch,
        found: &mut dyn FnMut(Candidate<'e>),
    ) -> Parts {
        let Some(hits) = version.find_hits(&self.keyring, text.bytes) else {
            return self.run(text, scratch, found);
        };
        scratch.woken.take(&self.keyring, hits);
        let done = self.run_woken(text, &scratch.woken, version, found);
        scratch.take(done)
    }

    /// Runs the rules with a keyword hit.
    fn run_woken<'e>(
        &'e self,
        text: Text<'_>,
        woken: &Woken,
        version: &mut Version,
        found: &mut dyn FnMut(Candidate<'e>),
    ) -> Done {
        let mut is_cut = false;
        if woken.is_empty() {
            return Done { parts: Parts::HoldNothingElse, work: 0, is_cut };
        }
        let mut work = woken.anchors.len() as u64 * WORK_PER_ANCHOR;
        let matches = Cell::new(0);
        let found = &mut |candidate: Candidate<'e>| {
            matches.set(matches.get() + 1);
            found(candidate.adjusted_to(&text));
        };
        let is_binary = LazyCell::new(|| memchr::memchr(0, text.bytes).is_some());
        let mut parts = Parts::HoldNothingElse;
        let mut fact_rules = FactRules { rules: Vec::new(), keyring: &self.keyring, now: self.now };
        for index in woken.rules() {
            let rule = &self.rules.rules()[index];
            if let Matcher::Facts { .. } = rule.matcher {
                fact_rules.rules.extend(text.is_whole.then_some((RuleId::new(index), rule)));
                continue;
            }
            parts = Parts::MayHoldMore;
            if text.is_for(rule) {
                self.over_text(rule, text.bytes, &is_binary, found);
            }
        }
        fact_rules.run(text, &woken.hits, version, found);
        if !woken.anchors.is_empty() {
            parts = Parts::MayHoldMore;
            let Self { rules, keyring, anchors, now } = self;
            let decoding = Decoding { rules, keyring, anchors, text, now: *now };
            let decoded = decoding.run(&woken.anchors, found);
            is_cut = decoded.is_cut;
            work += decoded.bytes * WORK_PER_DECODED;
        }
        Done { parts, work: work + matches.get() * WORK_PER_MATCH, is_cut }
    }

    /// Runs the patterns of a rule over the raw bytes.
    fn over_text<'e>(
        &self,
        rule: &'e Rule,
        bytes: &[u8],
        is_binary: &LazyCell<bool, impl FnOnce() -> bool>,
        found: &mut dyn FnMut(Candidate<'e>),
    ) {
        let Matcher::Pattern { patterns, views } = &rule.matcher else { return };
        if !views.contains(&ViewName::Text) {
            return;
        }
        let patterns = patterns.iter().filter(|one| one.may_match(bytes));
        for captures in patterns.flat_map(|one| one.regex().captures_iter(bytes)) {
            let span = secret_of(&captures);
            let subject = Subject { text: bytes, span, binary: **is_binary, now: self.now };
            found(Candidate { rule, span, verdict: judge(rule, subject) });
        }
    }
}
