//! The keywords of all rules, and their hits in a text.

use super::{
    ids::{AnchorId, GateId, GroupId, KeywordId, RuleId},
    keywords::{CheckedLine, Group, Keyword, Keywords, MAX_REACH},
    prefilter::Prefilter,
};
use crate::rule::{Matcher, Pattern, Rule, ViewName};
use std::{
    collections::HashMap,
    ops::{ControlFlow, Range},
};

/// Maximum number of hits that are kept of one text. In a text with more, the keywords are searched
/// again when their offsets are needed.
const MAX_HITS: usize = 1 << 14;

/// A keyword that counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hit {
    /// The offset of the keyword.
    pub at: usize,
    /// The effect of the keyword.
    pub effect: Effect,
}

/// The effect of a keyword.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effect {
    /// It wakes the rules of a group.
    Wakes(GroupId),
    /// It is an anchor of a decoder.
    Anchors(AnchorId),
    /// It is a mark: an ignore comment may start here.
    Marks,
}

/// Receives the hits of a text.
pub trait Visitor {
    /// `true` if hits of this group are wanted; the others are not checked.
    fn wants(&self, group: &Group) -> bool;

    /// Receives a hit. Hits with the same effect come in the order of the text.
    fn visit(&mut self, hit: Hit, keyring: &Keyring) -> ControlFlow<()>;
}

/// The keywords of all rules, with the prefilter that finds them and the rules that each wakes.
#[derive(Debug)]
pub struct Keyring {
    prefilter: Prefilter,
    keywords: Vec<Keyword>,
    /// The keyword of each group and the group's index there, by [`GroupId`].
    groups: Vec<(KeywordId, usize)>,
    /// The gate of each rule, by [`RuleId`].
    gates: Vec<GateId>,
}

impl Keyring {
    /// The keywords of `rules`, those that are `anchors`, and those that are `marks`.
    pub fn new(rules: &[Rule], anchors: &[Vec<u8>], marks: &[&[u8]]) -> Self {
        let mut keywords = Keywords::default();
        for mark in marks {
            keywords.of(mark).is_mark = true;
        }
        for (index, rule) in rules.iter().enumerate() {
            keywords.wake(raw_keywords(rule), RuleId::new(index), rule);
        }
        for (index, anchor) in anchors.iter().enumerate() {
            keywords.of(anchor).anchors.push(AnchorId::new(index));
        }
        let keywords = keywords.into_all();
        let count = keywords.iter().map(|keyword| keyword.groups.len()).sum();
        let mut groups = vec![(KeywordId::new(0), 0); count];
        for (keyword, its) in keywords.iter().enumerate() {
            for (index, group) in its.groups.iter().enumerate() {
                groups[group.id.index()] = (KeywordId::new(keyword), index);
            }
        }
        let mut ids = HashMap::new();
        let gates = rules.iter().map(|rule| {
            let next = GateId(ids.len());
            *ids.entry(rule.gate.as_ref().map(Pattern::as_str)).or_insert(next)
        });
        let gates = gates.collect();
        let prefilter = Prefilter::new(keywords.iter().map(|keyword| keyword.text.as_slice()));
        Self { prefilter, keywords, groups, gates }
    }

    /// The gate of a rule.
    pub fn gate(&self, rule: RuleId) -> GateId {
        self.gates[rule.index()]
    }

    /// The group with this id.
    pub fn group(&self, id: GroupId) -> &Group {
        let (keyword, index) = self.groups[id.index()];
        &self.keywords[keyword.index()].groups[index]
    }

    /// The number of rules.
    pub fn rule_count(&self) -> usize {
        self.gates.len()
    }

    /// Calls `visitor` with each keyword that counts and starts in `range` of `text`, until it
    /// breaks. A keyword's conditions depend on up to [`MAX_REACH`] bytes from its start.
    pub fn for_each_hit(
        &self,
        text: &[u8],
        range: Range<usize>,
        visitor: &mut impl Visitor,
    ) -> ControlFlow<()> {
        let end = text.len().min(range.end.saturating_add(MAX_REACH));
        let mut checked = CheckedLine::default();
        self.prefilter.for_each_hit(&text[range.start..end], |number, offset| {
            let at = range.start + offset;
            if at >= range.end {
                return ControlFlow::Continue(());
            }
            let keyword = &self.keywords[number];
            for group in &keyword.groups {
                if visitor.wants(group) && group.opens(text, at, &mut checked) {
                    visitor.visit(Hit { at, effect: Effect::Wakes(group.id) }, self)?;
                }
            }
            for anchor in &keyword.anchors {
                visitor.visit(Hit { at, effect: Effect::Anchors(*anchor) }, self)?;
            }
            if keyword.is_mark {
                visitor.visit(Hit { at, effect: Effect::Marks }, self)?;
            }
            ControlFlow::Continue(())
        })
    }

    /// Calls `visit` with each keyword in `text` and its offset, even if the keyword does not count
    /// there.
    pub fn for_each_keyword(
        &self,
        text: &[u8],
        mut visit: impl FnMut(&Keyword, usize) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        self.prefilter.for_each_hit(text, |number, at| visit(&self.keywords[number], at))
    }

    /// `true` if a keyword in `text`, a part of a file, wakes a rule or a decoder.
    pub fn has_hit(&self, text: &[u8]) -> bool {
        self.for_each_hit(text, 0..text.len(), &mut AnyInPart).is_break()
    }

    /// The offsets, sorted, at which one of `rules` is woken. `rules` are sorted, and `hits` are
    /// those of `text`.
    pub fn places_of(&self, text: &[u8], hits: &Hits, rules: &[RuleId]) -> Vec<usize> {
        let mut places = Places { rules, places: Vec::new() };
        if hits.is_complete() {
            let wakes = |hit: &&Hit| match hit.effect {
                Effect::Wakes(group) => places.wants(self.group(group)),
                Effect::Anchors(_) | Effect::Marks => false,
            };
            let found: Vec<usize> = hits.all.iter().filter(wakes).map(|hit| hit.at).collect();
            places.places = found;
        } else {
            let _ = self.for_each_hit(text, 0..text.len(), &mut places);
        }
        let mut places = places.places;
        places.sort_unstable();
        places.dedup();
        places
    }

    /// The text of each keyword.
    #[cfg(test)]
    pub fn keyword_texts(&self) -> impl Iterator<Item = &[u8]> {
        self.keywords.iter().map(|keyword| keyword.text.as_slice())
    }
}

/// The keywords that wake a rule if they occur in the raw bytes.
fn raw_keywords(rule: &Rule) -> impl Iterator<Item = &[u8]> {
    let is_raw = match &rule.matcher {
        Matcher::Pattern { views, .. } => views.contains(&ViewName::Text),
        Matcher::Facts { .. } => true,
        Matcher::Nothing => false,
    };
    rule.keywords.iter().filter(move |_| is_raw).map(String::as_bytes)
}

/// The hits of one text, up to a maximum number.
#[derive(Debug, Default)]
pub struct Hits {
    all: Vec<Hit>,
}

impl Hits {
    /// Forgets all hits.
    pub fn clear(&mut self) {
        self.all.clear();
    }

    /// Keeps a hit, unless there are too many.
    pub fn push(&mut self, hit: Hit) {
        if self.is_complete() {
            self.all.push(hit);
        }
    }

    /// `false` if there may be hits that were not kept.
    pub fn is_complete(&self) -> bool {
        self.all.len() < MAX_HITS
    }
}

/// Stops at the first hit that matters in a part of a file.
struct AnyInPart;

impl Visitor for AnyInPart {
    fn wants(&self, group: &Group) -> bool {
        group.for_parts
    }

    fn visit(&mut self, hit: Hit, _keyring: &Keyring) -> ControlFlow<()> {
        if hit.effect == Effect::Marks { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    }
}

/// Collects the offsets at which rules are woken.
struct Places<'r> {
    rules: &'r [RuleId],
    places: Vec<usize>,
}

impl Visitor for Places<'_> {
    fn wants(&self, group: &Group) -> bool {
        group.rules.iter().any(|rule| self.rules.binary_search(rule).is_ok())
    }

    fn visit(&mut self, hit: Hit, _keyring: &Keyring) -> ControlFlow<()> {
        if matches!(hit.effect, Effect::Wakes(_)) {
            self.places.push(hit.at);
        }
        ControlFlow::Continue(())
    }
}
