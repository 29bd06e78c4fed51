//! The parts of a text that was read for facts, and the facts of each that rules select.

use crate::{
    detect::{
        ids::RuleId,
        keywords::{MAX_REACH, first_unsure},
    },
    model::{Facts, Shared, Span},
};
use std::{ops::Range, sync::Arc};

/// Maximum number of parts remembered of one text.
const MAX_PARTS: usize = 1 << 16;
/// Maximum number of facts remembered of one text.
const MAX_FACTS: usize = 1 << 10;

/// The parts of a text that was read for facts, and the facts of each that rules selected.
#[derive(Debug, Default)]
pub struct KnownParts {
    /// The language of the text.
    language: &'static str,
    /// The rules that ran, sorted.
    rules: Vec<RuleId>,
    /// The parts, in order.
    parts: Vec<Part>,
}

/// A part of a text whose facts depend only on its own bytes.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// Its range in the text.
    pub range: Range<usize>,
    /// The facts in it that rules selected, with spans relative to its start; most parts have none.
    wanted: Option<Arc<Facts>>,
}

impl KnownParts {
    /// The parts of a later `text` that need not be read for `rules`, because the selected facts in
    /// them are known. `shared` holds the stretches that both texts share, and `places` the offsets
    /// of the keywords that count, sorted.
    pub fn known_in(
        &self,
        text: &[u8],
        shared: &Shared,
        language: &str,
        rules: &[RuleId],
        places: &[usize],
    ) -> Vec<Part> {
        let known = self;
        let is_known = |rule: &RuleId| known.rules.binary_search(rule).is_ok();
        if known.language != language || !rules.iter().all(is_known) {
            return Vec::new();
        }
        // With fewer rules, facts are wanted near fewer keywords, so other parts were read.
        let are_same = rules == known.rules;
        let mut parts = Vec::new();
        for one in shared.stretches() {
            let source = one.source();
            let first = known.parts.partition_point(|part| part.range.start < source.start);
            let inside = known.parts[first..].iter();
            for part in inside.take_while(|part| part.range.end <= source.end) {
                let move_to = |at: usize| at - one.from + one.at;
                let range = move_to(part.range.start)..move_to(part.range.end);
                // A part that ended at the end of its text is only unchanged if it also ends this
                // text.
                let ends_alike = one.end() == text.len() && source.end == shared.earlier_len();
                let is_whole = ends_alike || range.end < one.end();
                if !is_whole || !are_same && part.wanted.is_some() {
                    continue;
                }
                let is_settled = ends_alike || range.end + MAX_REACH <= one.end();
                if is_settled || !has_unsure_keyword(text, &range, places) {
                    parts.push(Part { range, wanted: part.wanted.clone() });
                }
            }
        }
        parts
    }

    /// The parts of a text. `wanted` holds the starts of the selected facts, and `known` the parts
    /// that were not read.
    pub fn of(
        language: &'static str,
        rules: Vec<RuleId>,
        facts: &Facts,
        mut wanted: Vec<usize>,
        known: Vec<Part>,
    ) -> Self {
        wanted.sort_unstable();
        let count = |facts: &Facts| facts.bindings.len() + facts.commands.len();
        let counts = known.iter().filter_map(|part| Some(count(part.wanted.as_ref()?)));
        let mut left = MAX_FACTS.saturating_sub(counts.sum());
        let mut known = known.into_iter().peekable();
        let part = |range: &Range<usize>| {
            while known.next_if(|part| part.range.start < range.start).is_some() {}
            if let Some(part) = known.next_if(|part| part.range == *range) {
                return Some(part);
            }
            let first = wanted.partition_point(|at| *at < range.start);
            if wanted.get(first).is_none_or(|at| *at >= range.end) {
                return Some(Part { range: range.clone(), wanted: None });
            }
            let own = wanted_in(facts, range, &wanted).filter(|own| count(own) <= left)?;
            left -= count(&own);
            Some(Part { range: range.clone(), wanted: Some(Arc::new(own)) })
        };
        let parts = facts.parts.iter().take(MAX_PARTS).filter_map(part).collect();
        Self { language, rules, parts }
    }
}

/// Drops the `known` parts that the reader did not skip, and adds the selected facts of the others
/// to `facts`.
pub fn add_known(facts: &mut Facts, known: &mut Vec<Part>) {
    known.retain(|part| {
        let place = facts.parts.binary_search_by_key(&part.range.start, |part| part.start);
        place.is_ok_and(|place| facts.parts[place] == part.range)
    });
    let mut is_any_new = false;
    for part in known {
        let Some(wanted) = &part.wanted else { continue };
        let mut wanted = Facts::clone(wanted);
        wanted.for_each_span(|span| *span = span.shifted(part.range.start));
        facts.append(wanted);
        is_any_new = true;
    }
    if is_any_new {
        facts.bindings.sort_by_key(|binding| binding.span.start);
        facts.commands.sort_by_key(|command| command.span.start);
    }
}

/// `true` if the last keyword in `part` that counts may only count because of the text after the
/// part.
fn has_unsure_keyword(text: &[u8], part: &Range<usize>, places: &[usize]) -> bool {
    let behind = places.partition_point(|place| *place < part.end);
    let last = places[..behind].last().filter(|place| **place >= part.start);
    last.is_some_and(|place| *place >= first_unsure(text, part.start, part.end))
}

/// The facts in `part` that start at one of `starts`, which are sorted, with spans relative to the
/// start of the part. `None` if one extends beyond the part.
fn wanted_in(facts: &Facts, part: &Range<usize>, starts: &[usize]) -> Option<Facts> {
    let is_wanted = |span: Span| starts.binary_search(&span.start).is_ok();
    let first = facts.bindings.partition_point(|one| one.span.start < part.start);
    let bindings = facts.bindings[first..].iter().take_while(|one| one.span.start < part.end);
    let first = facts.commands.partition_point(|one| one.span.start < part.start);
    let commands = facts.commands[first..].iter().take_while(|one| one.span.start < part.end);
    let mut wanted = Facts {
        bindings: bindings.filter(|one| is_wanted(one.span)).cloned().collect(),
        commands: commands.filter(|one| is_wanted(one.span)).cloned().collect(),
        ..Facts::default()
    };
    let mut are_inside = true;
    wanted.for_each_span(|span| {
        are_inside &= part.start <= span.start && span.end <= part.end;
        let from_start = |at: usize| at.saturating_sub(part.start);
        *span = Span::new(from_start(span.start), from_start(span.end));
    });
    are_inside.then_some(wanted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Binding, BindingContext, Value, ValueKind};

    fn binding(key: &str, span: Span) -> Binding {
        let text = String::new();
        Binding {
            key: key.into(),
            path: key.into(),
            callee: None,
            position: None,
            value: Value { kind: ValueKind::Lookup, text, span },
            context: BindingContext::Assignment,
            key_span: span,
            span,
            language: None,
            commented: false,
        }
    }

    #[test]
    fn spans_of_wanted_facts_are_relative_to_their_part() {
        let bindings = vec![
            binding("before", Span::new(5, 9)),
            binding("wanted", Span::new(12, 18)),
            binding("other", Span::new(14, 16)),
            binding("behind", Span::new(20, 24)),
        ];
        let facts = Facts { bindings, ..Facts::default() };
        let own = wanted_in(&facts, &(10..20), &[5, 12, 20]).expect("it lies inside");
        assert_eq!(own.bindings, [binding("wanted", Span::new(2, 8))]);
        assert!(wanted_in(&facts, &(10..17), &[12]).is_none(), "it reaches out of the part");
    }

    fn ids(rules: &[usize]) -> Vec<RuleId> {
        rules.iter().map(|rule| RuleId::new(*rule)).collect()
    }

    /// Three parts of 1000 bytes, facts in the first and the last.
    fn known() -> KnownParts {
        let wanted = |start| (start != 1000).then(Arc::<Facts>::default);
        let part = |start: usize| Part { range: start..start + 1000, wanted: wanted(start) };
        let parts = [0, 1000, 2000].map(part).into();
        KnownParts { language: "python", rules: ids(&[1, 2]), parts }
    }

    #[test]
    fn a_part_is_known_if_what_is_behind_it_came_along_or_cannot_matter() {
        let text = [b'x'; 3100];
        let mut shared = Shared::default();
        shared.clear(3100, 3000);
        shared.push(100, 0, 2100);
        shared.push(2300, 2200, 800);
        let parts = known();
        let known = |rules: &[usize], places: &[usize]| -> Vec<_> {
            let parts = parts.known_in(&text, &shared, "python", &ids(rules), places);
            parts.into_iter().map(|part| (part.range, part.wanted.is_some())).collect()
        };
        assert_eq!(known(&[1, 2], &[]), [(100..1100, true), (1100..2100, false)]);
        assert_eq!(known(&[1, 2], &[1099, 1400, 2100]), [(100..1100, true), (1100..2100, false)]);
        assert_eq!(known(&[1, 2], &[2099]), [(100..1100, true)]);
        assert_eq!(known(&[1], &[]), [(1100..2100, false)]);
        assert_eq!(known(&[1, 3], &[]), []);
        assert!(parts.known_in(&text, &shared, "ruby", &ids(&[1]), &[]).is_empty());
    }

    #[test]
    fn what_rules_want_of_a_part_is_remembered_and_added_where_it_is_not_read() {
        let bindings = vec![binding("one", Span::new(12, 18)), binding("two", Span::new(25, 31))];
        let parts = vec![10..20, 20..30, 30..40];
        let mut facts = Facts { bindings, parts, ..Facts::default() };
        let parts = KnownParts::of("python", ids(&[1]), &facts, vec![25, 12], Vec::new()).parts;
        let ranges: Vec<_> = parts.iter().map(|part| part.range.clone()).collect();
        assert_eq!(ranges, [10..20, 30..40], "a fact reaches out of the second");
        assert!(parts[0].wanted.is_some() && parts[1].wanted.is_none());
        let all = std::mem::take(&mut facts.bindings);
        let mut known = parts.clone();
        known.push(Part { range: 35..40, ..parts[0].clone() });
        add_known(&mut facts, &mut known);
        assert_eq!((facts.bindings.as_slice(), &known), (&all[..1], &parts), "it was not skipped");
        let again = KnownParts::of("python", ids(&[1]), &facts, vec![12], parts.clone());
        assert_eq!(again.parts[0], parts[0]);
    }
}
