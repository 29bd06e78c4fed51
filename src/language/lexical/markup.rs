//! Tags inside expressions: `<Client token="…" />`.

use super::{
    frame::Chain,
    parser::{Named, Parser},
    token::Kind,
};
use crate::model::BindingContext;

impl Parser<'_> {
    /// `<` at `at` begins a tag if an expression is expected there and a name follows.
    pub(super) fn tag(&mut self, at: usize) {
        let tokens = &self.tokens;
        let before = tokens.kind_before(at);
        let follows_value = before.ends_value()
            && !tokens.is_name(at.wrapping_sub(1), &["return", "default", "case", "yield"])
            && !tokens.at(at).starts_line
            && before != Kind::CurlyClose;
        let is_name = tokens.kind(at + 1) == Kind::Name && !tokens.at(at + 1).spaced;
        let chain: Chain = self.expressions().chain_from(at + 1, tokens.len());
        // `Some text <Name token="…">`: a comparison does not continue like this.
        let has_attribute = tokens.kind(chain.last + 1) == Kind::Name
            && tokens.kind(chain.last + 2) == Kind::Assign
            && matches!(tokens.kind(chain.last + 3), Kind::String | Kind::CurlyOpen);
        if !is_name || follows_value && !has_attribute {
            return;
        }
        let top = self.frames.top();
        top.is_tag = true;
        top.callee = Some(chain);
    }

    /// `>` ends the tag.
    pub(super) fn tag_end(&mut self) {
        let top = self.frames.top();
        top.is_tag = false;
        top.callee = None;
    }

    /// `name="…"`, `name={…}`
    pub(super) fn attribute(&mut self, at: usize) {
        let top = *self.frames.top();
        let value = at + 1;
        let (from, to) = match (self.tokens.kind(value), self.tokens.mate(value)) {
            (Kind::CurlyOpen, Some(close)) => (value + 1, close),
            (Kind::String, _) => (value, value + 1),
            _ => return,
        };
        let target = at.checked_sub(1).and_then(|last| self.expressions().target(last));
        let Some(target) = target else { return };
        self.frames.name_element(&target.key);
        let Some(bound) = self.expressions().value(from, to) else { return };
        let start = self.tokens.at(target.first).start as usize;
        let named = Named { path: target.path, key: target.key, key_span: target.key_span, start };
        let end = self.tokens.after(value);
        self.bind(named, top.callee, bound, BindingContext::Argument, end);
    }
}
