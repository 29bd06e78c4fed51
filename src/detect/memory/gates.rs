//! The conditions of rules on a whole text. Each is checked once, and in a later version only where
//! that differs.

use crate::{
    detect::ids::GateId,
    model::Shared,
    rule::{Pattern, Reach},
};
use std::ops::Range;

/// The gates that were checked on a text, each with a match if it has one.
#[derive(Debug, Default)]
pub struct Gates(Vec<(Gate, Option<Range<usize>>)>);

/// A gate, or a part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Gate {
    id: GateId,
    /// `true` for the end of the gate, which has a limited reach: see [`Pattern::narrowed`].
    is_end: bool,
}

impl Gates {
    /// `true` if `gate` matches `text`. `earlier` holds the gates of an earlier text and the
    /// stretches that both share; `is_base` is `true` if later versions need the span of a match.
    pub fn is_open(
        &mut self,
        id: GateId,
        gate: &Pattern,
        text: &[u8],
        earlier: Option<(&Gates, &Shared)>,
        is_base: bool,
    ) -> bool {
        let id = Gate { id, is_end: false };
        if earlier.is_some() || is_base {
            return self.find(id, gate, text, earlier);
        }
        if let Some(found) = self.known(id) {
            return found.is_some();
        }
        let is_open = gate.is_match(text);
        self.0.push((id, is_open.then_some(0..text.len())));
        is_open
    }

    fn find(
        &mut self,
        id: Gate,
        gate: &Pattern,
        text: &[u8],
        earlier: Option<(&Gates, &Shared)>,
    ) -> bool {
        if let Some(found) = self.known(id) {
            return found.is_some();
        }
        let found = match gate.narrowed() {
            // A gate of unlimited reach is only checked if its end matches.
            Some(end) if !self.find(Gate { is_end: true, ..id }, end, text, earlier) => None,
            _ => find_match(id, gate, text, earlier),
        };
        self.0.push((id, found.clone()));
        found.is_some()
    }

    fn known(&self, id: Gate) -> Option<&Option<Range<usize>>> {
        self.0.iter().find(|(known, _)| *known == id).map(|(_, found)| found)
    }
}

/// A match of `gate` in `text`.
fn find_match(
    id: Gate,
    gate: &Pattern,
    text: &[u8],
    earlier: Option<(&Gates, &Shared)>,
) -> Option<Range<usize>> {
    if gate.reach() == Reach::Text {
        return gate.is_match(text).then_some(0..text.len());
    }
    let find = || gate.regex().find(text).map(|found| found.range());
    let known = earlier.and_then(|(gates, shared)| Some((gates.known(id)?, shared)));
    match known {
        None => find(),
        Some((Some(found), shared)) => shared.place_of(found).or_else(find),
        Some((None, shared)) => may_match_at_gaps(gate, text, shared).then(find).flatten(),
    }
}

/// `true` if `gate`, which did not match the earlier text, may match this one: a match must
/// touch a gap.
fn may_match_at_gaps(gate: &Pattern, text: &[u8], shared: &Shared) -> bool {
    // The gaps may be on one long line, which must not be searched again for each of them.
    let mut budget = 4 * text.len() + (64 << 10);
    let mut end = 0;
    shared.gaps().iter().any(|gap| {
        let part = gate.reach().around(text, gap);
        let Some(left) = budget.checked_sub(part.len()) else { return true };
        budget = left;
        let is_new = part.end > end;
        end = part.end;
        is_new && gate.regex().is_match_at(&text[..part.end], part.start)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gate_is_open_in_a_version_if_it_is_open_in_the_text_by_itself() {
        let sources = [
            r"\ba\s*=\s*b",
            "a=.*b",
            r"b{1,3}=a",
            "(?m)^b.{0,9}a$",
            r"a[^()]{0,300}\s*=b",
            "ba=ab|ab=.b",
            "(?s:x.*a\\s*=a)|bab",
        ];
        let line = "x a-b ba-ab-ab-bb\n b -\n a - b, (a) bbb-a\nb is a\n";
        let text = format!("{line}{}{line}{line}", "- ".repeat(300)).into_bytes();
        let (mut opened, mut closed) = (0, 0);
        for (index, source) in sources.iter().enumerate() {
            let (gate, id) = (Pattern::new(*source), GateId(index));
            let mut first = Gates::default();
            assert_eq!(first.is_open(id, &gate, &text, None, true), gate.is_match(&text));
            for at in 0..text.len() - 9 {
                for (length, piece) in
                    [(0, "a=b"), (0, "a"), (3, ""), (1, "=b"), (9, "\n"), (1, "=")]
                {
                    let new = [&text[..at], piece.as_bytes(), &text[at + length..]].concat();
                    let mut shared = Shared::default();
                    shared.clear(new.len(), text.len());
                    shared.push(0, 0, at);
                    shared.push(at + piece.len(), at + length, text.len() - at - length);
                    let earlier = Some((&first, &shared));
                    let is_open = Gates::default().is_open(id, &gate, &new, earlier, false);
                    assert_eq!(is_open, gate.is_match(&new), "{source} {at} {piece:?}");
                    opened += usize::from(is_open);
                    closed += usize::from(!is_open);
                }
            }
        }
        assert!(opened > 100 && closed > 100, "{opened} {closed}");
    }
}
