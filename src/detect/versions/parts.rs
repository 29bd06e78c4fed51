//! What is known of the parts of a text that was read for facts.

use super::Version;
use crate::{
    detect::keywords::MAX_REACH,
    model::{Facts, Span},
};
use std::{ops::Range, sync::Arc};

/// The parts of a text that were read for facts.
#[derive(Debug, Default)]
pub struct KnownParts {
    /// The language they were read in.
    pub language: &'static str,
    /// The rules that were asked, by number in ascending order.
    pub rules: Vec<usize>,
    /// The parts, in order.
    pub parts: Vec<Part>,
}

/// A part of a text that says the same wherever it stands.
#[derive(Debug, Clone)]
pub struct Part {
    /// Where it stands.
    pub range: Range<usize>,
    /// The facts in it that rules wanted, their places counted from its start; in most parts
    /// there are none.
    pub wanted: Option<Arc<Facts>>,
    /// Whether as much of what is behind it is also the same as in the earlier text as has a
    /// say in which keywords in it count.
    pub is_settled: bool,
}

impl Part {
    /// A part that was read, or need not be.
    pub fn new(range: Range<usize>, wanted: Option<Arc<Facts>>) -> Self {
        Self { range, wanted, is_settled: false }
    }
}

impl Version {
    /// The parts of this text of which is known what `rules` want of them, in order.
    pub fn known_parts(&self, text: &[u8], language: &str, rules: &[usize]) -> Vec<Part> {
        let Some((earlier, shared)) = &self.earlier else { return Vec::new() };
        let known = &earlier.parts;
        let is_known = |rule: &usize| known.rules.binary_search(rule).is_ok();
        if known.language != language || !rules.iter().all(is_known) {
            return Vec::new();
        }
        // What fewer rules want may be read elsewhere: near their keywords.
        let are_same = rules == known.rules;
        let mut parts = Vec::new();
        for one in shared.stretches() {
            let source = one.source();
            let first = known.parts.partition_point(|part| part.range.start < source.start);
            let inside = known.parts[first..].iter();
            for part in inside.take_while(|part| part.range.end <= source.end) {
                let move_to = |at: usize| at - one.from + one.at;
                let range = move_to(part.range.start)..move_to(part.range.end);
                // What ended with its text is only known at the end of this one.
                let ends_alike = one.end() == text.len() && source.end == shared.earlier_len();
                let is_whole = ends_alike || range.end < one.end();
                if is_whole && (are_same || part.wanted.is_none()) {
                    let is_settled = ends_alike || range.end + MAX_REACH <= one.end();
                    parts.push(Part { range, wanted: part.wanted.clone(), is_settled });
                }
            }
        }
        parts
    }

    /// Notes what is known of the parts of this text.
    pub fn remember_parts(&mut self, parts: KnownParts) {
        self.remembered.parts = parts;
    }
}

/// Of `facts`, those inside `part` that start at one of `starts`, which are in order; their
/// places are counted from the start of the part. `None` if one reaches out of it.
pub fn wanted_in(facts: &Facts, part: &Range<usize>, starts: &[usize]) -> Option<Facts> {
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
    use super::{super::Remembered, *};
    use crate::model::{Binding, BindingContext, Shared, Value, ValueKind};

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
        }
    }

    #[test]
    fn what_is_wanted_of_a_part_is_counted_from_its_start() {
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

    /// Three parts of 1000 bytes, facts in the first and the last.
    fn remembered() -> Arc<Remembered> {
        let parts = [0, 1000, 2000].map(|start: usize| {
            Part::new(start..start + 1000, (start != 1000).then(Arc::<Facts>::default))
        });
        let parts = KnownParts { language: "python", rules: vec![1, 2], parts: parts.into() };
        Arc::new(Remembered { parts, ..Remembered::default() })
    }

    #[test]
    fn a_part_is_known_where_it_stands_now_and_settled_if_what_is_behind_it_came_along() {
        let text = [b'x'; 3100];
        let mut shared = Shared::default();
        shared.clear(3100, 3000);
        shared.push(100, 0, 2100);
        shared.push(2300, 2200, 800);
        let earlier = Some((remembered(), shared));
        let version = Version { earlier, ..Version::default() };
        let known = |rules: &[usize]| -> Vec<_> {
            let parts = version.known_parts(&text, "python", rules);
            parts
                .into_iter()
                .map(|part| (part.range, part.wanted.is_some(), part.is_settled))
                .collect()
        };
        assert_eq!(known(&[1, 2]), [(100..1100, true, true), (1100..2100, false, false)]);
        assert_eq!(known(&[1]), [(1100..2100, false, false)]);
        assert_eq!(known(&[1, 3]), []);
        assert!(version.known_parts(&text, "ruby", &[1]).is_empty());
    }
}
