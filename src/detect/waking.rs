//! The rules that a text wakes.

use super::{
    candidate::Text,
    facts,
    ids::AnchorId,
    keyring::{Effect, Hit, Hits, Keyring, Visitor},
    keywords::Group,
};
use crate::judge::place::is_minified;
use std::{cell::LazyCell, ops::ControlFlow};

/// The rules that a text wakes, with the keywords that wake them.
#[derive(Debug, Default)]
pub struct Woken {
    /// `true` for each rule that is awake; empty if no rule is.
    rules: Vec<bool>,
    /// The keywords that wake rules over facts, where facts are read.
    pub hits: Hits,
    /// The anchors of decoders and their offsets.
    pub anchors: Vec<(usize, AnchorId)>,
    /// `true` if the text holds a mark.
    pub has_mark: bool,
}

impl Woken {
    /// Finds the rules that `text` wakes.
    pub fn find(&mut self, keyring: &Keyring, text: Text<'_>) {
        self.clear();
        let mut waking = Waking {
            woken: self,
            // Rules over facts can only match where facts are read.
            has_facts: LazyCell::new(|| text.is_whole && facts::can_read(text)),
            // Minified code has many keywords, each with a long line after it.
            is_minified: LazyCell::new(|| is_minified(text.bytes)),
        };
        let _ = keyring.for_each_hit(text.bytes, 0..text.bytes.len(), &mut waking);
    }

    /// Wakes the rules of these hits.
    pub fn take(&mut self, keyring: &Keyring, hits: &[Hit]) {
        self.clear();
        hits.iter().for_each(|hit| self.add(*hit, keyring));
    }

    /// `true` if there is no rule to run and nothing to decode.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty() && self.anchors.is_empty()
    }

    /// The indices of the rules that are awake.
    pub fn rules(&self) -> impl Iterator<Item = usize> {
        self.rules.iter().enumerate().filter(|(_, is_awake)| **is_awake).map(|(rule, _)| rule)
    }

    fn clear(&mut self) {
        let Self { rules, hits, anchors, has_mark } = self;
        rules.clear();
        hits.clear();
        anchors.clear();
        *has_mark = false;
    }

    fn add(&mut self, hit: Hit, keyring: &Keyring) {
        match hit.effect {
            Effect::Wakes(group) => {
                let group = keyring.group(group);
                self.rules.resize(keyring.rule_count(), false);
                group.rules.iter().for_each(|rule| self.rules[rule.index()] = true);
                if group.for_facts {
                    self.hits.push(hit);
                }
            }
            Effect::Anchors(anchor) => self.anchors.push((hit.at, anchor)),
            Effect::Marks => self.has_mark = true,
        }
    }

    fn is_awake(&self, group: &Group) -> bool {
        !self.rules.is_empty() && group.rules.iter().all(|rule| self.rules[rule.index()])
    }
}

/// Wakes the rules of a text while its keywords are searched.
struct Waking<'w, F, M> {
    woken: &'w mut Woken,
    has_facts: LazyCell<bool, F>,
    is_minified: LazyCell<bool, M>,
}

impl<F: FnOnce() -> bool, M: FnOnce() -> bool> Visitor for Waking<'_, F, M> {
    fn wants(&self, group: &Group) -> bool {
        let is_able =
            (group.for_parts || *self.has_facts) && !(group.skips_minified && *self.is_minified);
        // Further hits of a woken group only matter to the reader of facts.
        let is_useful = || {
            !self.woken.is_awake(group)
                || group.for_facts && *self.has_facts && self.woken.hits.is_complete()
        };
        is_able && is_useful()
    }

    fn visit(&mut self, hit: Hit, keyring: &Keyring) -> ControlFlow<()> {
        self.woken.add(hit, keyring);
        ControlFlow::Continue(())
    }
}
