//! Brackets and their other halves, also where some are missing.

use super::token::{Kind, Tokens};

/// Brackets nested deeper than this stay without another half.
const DEEPEST: usize = 256;

/// A bracket that is open.
struct Open {
    kind: Kind,
    /// Which token it is.
    index: u32,
}

/// The brackets that are open.
#[derive(Default)]
pub struct Brackets {
    open: Vec<Open>,
    /// How many of each sort are open, so that a stray closer is known at once.
    counts: [usize; 3],
    too_deep: usize,
}

impl Brackets {
    /// Forgets what is open.
    pub fn clear(&mut self) {
        self.open.clear();
        self.counts = [0; 3];
        self.too_deep = 0;
    }

    /// `true` if nothing is open.
    pub fn are_closed(&self) -> bool {
        self.open.is_empty()
    }

    /// Takes the last of `tokens`, a bracket, and links it to its other half.
    ///
    /// A closer closes the nearest opener of its sort; openers between the two stay
    /// without one. A closer without opener is left alone.
    pub fn take(&mut self, tokens: &mut Tokens<'_>) {
        let Some(index) = tokens.len().checked_sub(1) else { return };
        let kind = tokens.kind(index);
        if kind.opens() {
            if self.open.len() >= DEEPEST {
                self.too_deep += 1;
                return;
            }
            self.open.push(Open { kind, index: index as u32 });
            self.counts[sort(kind)] += 1;
            return;
        }
        if self.too_deep > 0 {
            self.too_deep -= 1;
            return;
        }
        if self.counts[sort(kind)] == 0 {
            return;
        }
        while let Some(Open { kind: opener, index: at }) = self.open.pop() {
            self.counts[sort(opener)] -= 1;
            if sort(opener) == sort(kind) {
                tokens.list[at as usize].link = index as u32;
                tokens.list[index].link = at;
                return;
            }
        }
    }
}

/// A number for each sort of bracket: round, square, curly.
fn sort(kind: Kind) -> usize {
    match kind {
        Kind::RoundOpen | Kind::RoundClose => 0,
        Kind::SquareOpen | Kind::SquareClose => 1,
        _ => 2,
    }
}
