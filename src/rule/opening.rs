//! The byte values that can follow a keyword in a match: a cheap rejection before an expression
//! runs.

use regex_automata::{
    nfa::thompson::{NFA, State},
    util::{look::Look, primitives::StateID},
};

/// Maximum number of bytes that are checked.
const MOST: usize = 24;

/// The possible values of each of the first bytes of a match. Rejects nearly all texts in
/// nanoseconds.
#[derive(Debug, Default)]
pub struct Opening {
    places: Vec<[u64; 4]>,
}

impl Opening {
    /// The bytes after `prefix` in texts that begin with it and that `nfa` matches from their
    /// start. Without conditions if a match may begin later.
    pub fn behind(prefix: &[u8], nfa: &NFA) -> Self {
        Self { places: places(prefix, nfa).unwrap_or_default() }
    }

    /// `true` if the expression may match a text in which `bytes` follow the prefix.
    #[inline]
    pub fn admits(&self, bytes: &[u8]) -> bool {
        bytes.len() >= self.places.len()
            && self
                .places
                .iter()
                .zip(bytes)
                .all(|(values, byte)| values[usize::from(byte >> 6)] >> (byte & 63) & 1 == 1)
    }
}

fn places(prefix: &[u8], nfa: &NFA) -> Option<Vec<[u64; 4]>> {
    let mut states = Reached::from(nfa, [nfa.start_anchored()]);
    if !states.is_anchored {
        return None;
    }
    for byte in prefix {
        if states.has_match {
            return None;
        }
        states = Reached::from(nfa, states.step(nfa, |start, end| (start..=end).contains(byte)));
    }
    let mut places = Vec::new();
    while places.len() < MOST && !states.has_match {
        let mut values = [0; 4];
        let next = states.step(nfa, |start, end| {
            add_range(&mut values, start, end);
            true
        });
        places.push(values);
        states = Reached::from(nfa, next);
    }
    Some(places)
}

/// Adds the values from `start` to `end`, inclusive.
fn add_range(values: &mut [u64; 4], start: u8, end: u8) {
    for (values, first) in values.iter_mut().zip([0, 64, 128, 192]) {
        let (from, to) = (start.max(first), end.min(first + 63));
        if from <= to {
            *values |= !0 >> (63 - (to - from)) << (from - first);
        }
    }
}

/// The states of an automaton at one position.
struct Reached {
    states: Vec<StateID>,
    has_match: bool,
    /// `true` if every path to them passed the start of the text.
    is_anchored: bool,
}

impl Reached {
    /// The states that some states reach without consuming a byte.
    fn from(nfa: &NFA, states: impl IntoIterator<Item = StateID>) -> Self {
        // For each state, `true` if it was only reached past the start of the text; it is then
        // visited again if it is also reached without that.
        let mut seen = vec![None; nfa.states().len()];
        let mut open: Vec<(StateID, bool)> = states.into_iter().map(|id| (id, false)).collect();
        let mut reached = Self { states: Vec::new(), has_match: false, is_anchored: true };
        while let Some((id, anchored)) = open.pop() {
            let seen = &mut seen[id.as_usize()];
            if *seen == Some(false) || *seen == Some(anchored) {
                continue;
            }
            *seen = Some(anchored);
            match nfa.state(id) {
                State::Look { look, next } => open.push((*next, anchored || *look == Look::Start)),
                State::Union { alternates } => {
                    open.extend(alternates.iter().map(|id| (*id, anchored)));
                }
                State::BinaryUnion { alt1, alt2 } => {
                    open.extend([(*alt1, anchored), (*alt2, anchored)]);
                }
                State::Capture { next, .. } => open.push((*next, anchored)),
                State::Fail => {}
                State::Match { .. } => {
                    reached.has_match = true;
                    reached.is_anchored &= anchored;
                }
                State::ByteRange { .. } | State::Sparse(_) | State::Dense(_) => {
                    reached.states.push(id);
                    reached.is_anchored &= anchored;
                }
            }
        }
        reached
    }

    /// The states after one byte of each range for which `is_wanted` is `true`.
    fn step(&self, nfa: &NFA, mut is_wanted: impl FnMut(u8, u8) -> bool) -> Vec<StateID> {
        let mut next = Vec::new();
        for id in &self.states {
            let mut take = |start, end, to| {
                if is_wanted(start, end) {
                    next.push(to);
                }
            };
            match nfa.state(*id) {
                State::ByteRange { trans } => take(trans.start, trans.end, trans.next),
                State::Sparse(sparse) => {
                    sparse.transitions.iter().for_each(|one| take(one.start, one.end, one.next));
                }
                State::Dense(dense) => {
                    let all = dense.transitions.iter().zip(0..=u8::MAX);
                    all.filter(|(to, _)| **to != StateID::ZERO)
                        .for_each(|(to, byte)| take(byte, byte, *to));
                }
                _ => {}
            }
        }
        next
    }
}

#[cfg(test)]
mod tests {
    use super::{super::keyword_gate::nfa, *};

    fn behind(prefix: &[u8], source: &str) -> Opening {
        Opening::behind(prefix, &nfa(source).expect(source))
    }

    #[test]
    fn what_cannot_go_on_is_not_admitted() {
        let opening = behind(b"hugging", r"^(?:hf|hugging_?face(?:_?hub)?)_?(?i:token)\s*=");
        for text in ["face_token=", "facehubTOKEN =", "_face_hub_token\n="] {
            assert!(opening.admits(text.as_bytes()), "{text}");
        }
        for text in ["face_hub import", "face.co/models", "face", "", "FACE_token="] {
            assert!(!opening.admits(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn a_range_is_each_of_its_values() {
        for (start, end) in [(0, 0), (0, 255), (7, 63), (63, 64), (64, 64), (10, 200), (255, 255)] {
            let mut values = [0; 4];
            add_range(&mut values, start, end);
            for value in 0..=255 {
                let has = values[usize::from(value >> 6)] >> (value & 63) & 1 == 1;
                assert_eq!(has, (start..=end).contains(&value), "{value} in {start} to {end}");
            }
        }
    }

    #[test]
    fn nothing_is_told_of_what_may_match_later() {
        for source in ["token", "^a|token", "(?m)^hf_token", r"\bhf_token", "^hf_.*", "^hf"] {
            assert!(behind(b"hf_", source).admits(b""), "{source}");
        }
        assert!(!behind(b"hf_", "^never").admits(b"never"));
    }

    #[test]
    fn every_text_that_matches_is_admitted() {
        let sources =
            ["^ab?(?:c|dd){1,3}e", "(?i)^abc*[^d]e", "^a(?:b|c.)+$", "^(?:ab|a[bc]d)(?s:.)e"];
        for source in sources {
            let regex =
                regex::bytes::RegexBuilder::new(source).unicode(false).build().expect(source);
            let opening = behind(b"a", source);
            // All texts of seven letters, by counting in base five.
            for number in 0..5_usize.pow(6) {
                let letter = |digit: u32| b"abcde"[number / 5_usize.pow(digit) % 5];
                let text: Vec<u8> = [b'a'].into_iter().chain((0..6).map(letter)).collect();
                assert!(!regex.is_match(&text) || opening.admits(&text[1..]), "{source} {text:?}");
            }
        }
    }
}
