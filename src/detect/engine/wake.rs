//! Which rules a text wakes, and where.

use super::{Engine, Hit, Scratch, Text};
use crate::{
    detect::{
        facts::FactRules,
        keywords::{Group, JudgedLine},
    },
    judge::place::is_minified,
};
use std::{cell::LazyCell, ops::ControlFlow};

/// In a text with more keywords they are searched for again, so that they fill no memory.
pub(super) const MAX_SEEN: usize = 1 << 14;

impl Engine {
    /// Where in `text` keywords stand that wake one of these rules, by their numbers in
    /// ascending order; `seen` is where some stand.
    pub(in crate::detect) fn places(
        &self,
        text: &[u8],
        seen: &[(usize, usize)],
        rules: &[usize],
    ) -> Vec<usize> {
        let mut places = Vec::new();
        let mut judged = JudgedLine::default();
        let mut note = |number: usize, at: usize| {
            let wakes = |group: &Group| {
                group.rules.iter().any(|rule| rules.binary_search(rule).is_ok())
                    && group.opens(text, at, &mut judged)
            };
            if self.keywords[number].groups.iter().any(wakes) {
                places.push(at);
            }
        };
        if seen.len() < MAX_SEEN {
            seen.iter().for_each(|(number, at)| note(*number, *at));
        } else {
            let _ = self.prefilter.for_each_hit(text, |number, at| {
                note(number, at);
                ControlFlow::Continue(())
            });
        }
        places.sort_unstable();
        places
    }

    /// Notes in `scratch` which rules have a keyword in `text`, and what is to be
    /// decoded. `false` if there is nothing to do.
    pub(super) fn wake(&self, text: Text<'_>, scratch: &mut Scratch) -> bool {
        let Scratch { awake, hits, seen, has_mark, .. } = scratch;
        hits.clear();
        seen.clear();
        awake.clear();
        *has_mark = false;
        // Rules over facts are none where no language is read.
        let has_facts = LazyCell::new(|| text.is_whole && FactRules::can_read(text));
        // In minified code keywords stand close together, and a long line behind each.
        let is_minified = LazyCell::new(|| is_minified(text.bytes));
        let mut is_any_awake = false;
        let mut judged = JudgedLine::default();
        let _ = self.prefilter.for_each_hit(text.bytes, |number, at| {
            if awake.is_empty() {
                awake.resize(self.rules.rules().len(), false);
            }
            let keyword = &self.keywords[number];
            *has_mark |= keyword.is_mark;
            let mut may_count = false;
            for group in &keyword.groups {
                let has_rules = group.for_parts || *has_facts;
                if !has_rules || group.skips_minified && *is_minified {
                    continue;
                }
                let is_awake = group.rules.iter().all(|rule| awake[*rule]);
                let opens = !is_awake && group.opens(text.bytes, at, &mut judged);
                if opens {
                    is_any_awake = true;
                    group.rules.iter().for_each(|rule| awake[*rule] = true);
                }
                may_count |= is_awake || opens;
            }
            if may_count && seen.len() < MAX_SEEN && *has_facts {
                seen.push((number, at));
            }
            hits.extend(keyword.anchors.iter().map(|anchor| Hit { at, anchor: *anchor }));
            ControlFlow::Continue(())
        });
        is_any_awake || !hits.is_empty()
    }
}
