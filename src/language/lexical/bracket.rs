//! Matches brackets, even if some are missing.

use super::token::{Kind, Tokens};

/// Maximum nesting depth; deeper brackets stay unmatched.
const DEEPEST: usize = 256;

/// An open bracket.
struct Open {
    kind: Kind,
    /// The index of its token.
    index: u32,
}

/// The open brackets.
#[derive(Default)]
pub struct Brackets {
    open: Vec<Open>,
    /// Number of open brackets of each kind, so that an unmatched closer is recognised at once.
    counts: [usize; 3],
    too_deep: usize,
}

impl Brackets {
    /// Clears the open brackets.
    pub fn clear(&mut self) {
        self.open.clear();
        self.counts = [0; 3];
        self.too_deep = 0;
    }

    /// `true` if no bracket is open.
    pub fn are_closed(&self) -> bool {
        self.open.is_empty()
    }

    /// Matches the last of `tokens`, a bracket.
    ///
    /// A closer closes the nearest opener of its kind; openers between the two stay unmatched. A
    /// closer without an opener is left unmatched.
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

/// The index of a kind of bracket: round, square, curly.
fn sort(kind: Kind) -> usize {
    match kind {
        Kind::RoundOpen | Kind::RoundClose => 0,
        Kind::SquareOpen | Kind::SquareClose => 1,
        _ => 2,
    }
}
