//! Runs the rules over decoded forms of a text, around the anchors of each decoder.

use super::{
    candidate::{Candidate, Text},
    ids::AnchorId,
    judgement::{Subject, judge},
    keyring::{Effect, Hit, Keyring, Visitor},
    keywords::Group,
};
use crate::{
    decode::{
        Decoder,
        base64::Base64,
        escaped::{Backslash, Entity, Percent, QuotedPrintable},
        folded::Folded,
        interrupted::Interrupted,
        layered::Layered,
        numbered::{Codes, Hex, Wide},
        pieced::Pieced,
    },
    model::{Span, SpanMap},
    rule::{Matcher, Rule, RuleSet, ViewName, secret_of},
};
use std::{cell::Cell, collections::BTreeSet, ops::ControlFlow};

/// The decoders, each with its view.
const DECODERS: &[(ViewName, &dyn Decoder)] = &[
    (ViewName::Base64, &Base64),
    (ViewName::Base64, &Layered),
    (ViewName::Folded, &Folded),
    (ViewName::Folded, &Pieced),
    (ViewName::Encoded, &Interrupted),
    (ViewName::Encoded, &Backslash),
    (ViewName::Encoded, &Percent),
    (ViewName::Encoded, &Entity),
    (ViewName::Encoded, &QuotedPrintable),
    (ViewName::Encoded, &Hex),
    (ViewName::Encoded, &Codes),
    (ViewName::Encoded, &Wide),
];

/// Decoding budget per input byte, and a floor: input made of anchors cannot cause quadratic
/// work.
const DECODED_PER_BYTE: usize = 16;
const DECODED_AT_LEAST: usize = 1 << 20;
/// Maximum depth of encodings inside encodings.
const MAX_DEPTH: usize = 3;
/// Maximum assumed distance from an anchor to the end of its secret. An anchor is skipped if an
/// already decoded region extends that far beyond it.
const ROOM: usize = 2048;

/// The texts that decoders look for.
#[derive(Debug)]
pub struct Anchors {
    /// The text of each anchor, by [`AnchorId`].
    pub texts: Vec<Vec<u8>>,
    /// The index of its decoder in [`DECODERS`], by [`AnchorId`].
    decoders: Vec<usize>,
}

impl Anchors {
    /// The anchors that the rules need for their views.
    pub fn of(rules: &RuleSet) -> Self {
        let (mut texts, mut decoders) = (Vec::new(), Vec::new());
        for (index, (view, decoder)) in DECODERS.iter().enumerate() {
            let wanting = rules.rules().iter().filter(|rule| views(rule).contains(view));
            let wanted = wanting.flat_map(|rule| &rule.keywords);
            let its: BTreeSet<Vec<u8>> =
                wanted.flat_map(|keyword| decoder.anchors(keyword.as_bytes())).collect();
            decoders.extend(its.iter().map(|_| index));
            texts.extend(its);
        }
        Self { texts, decoders }
    }
}

/// The views of the text that a rule uses.
fn views(rule: &Rule) -> &[ViewName] {
    match &rule.matcher {
        Matcher::Pattern { views, .. } => views,
        Matcher::Facts { .. } | Matcher::Nothing => &[],
    }
}

/// The work of decoding a text.
pub struct Decoded {
    /// Number of decoded bytes, with an allowance for each view.
    pub bytes: u64,
    /// `true` if decoding stopped at the limit for a text of this size.
    pub is_cut: bool,
}

/// Number of bytes that may still be decoded.
struct Budget {
    left: Cell<usize>,
    is_cut: Cell<bool>,
}

impl Budget {
    /// Counts `bytes`. Returns `false` once the limit is exceeded.
    fn allows(&self, bytes: usize) -> bool {
        let left = self.left.get().checked_sub(bytes).filter(|_| !self.is_cut.get());
        self.is_cut.set(left.is_none());
        self.left.set(left.unwrap_or(self.left.get()));
        left.is_some()
    }
}

/// Decodes one text.
pub struct Decoding<'e, 't> {
    /// The rules to run over the decoded forms.
    pub rules: &'e RuleSet,
    /// The keywords of the rules.
    pub keyring: &'e Keyring,
    /// The anchors of the decoders.
    pub anchors: &'e Anchors,
    /// The text.
    pub text: Text<'t>,
    /// The time, in seconds since 1970.
    pub now: i64,
}

impl<'e> Decoding<'e, '_> {
    /// Calls `found` with every match in a decoded form of the text, around `anchors`.
    pub fn run(
        &self,
        anchors: &[(usize, AnchorId)],
        found: &mut dyn FnMut(Candidate<'e>),
    ) -> Decoded {
        let allowed = self.text.bytes.len() * DECODED_PER_BYTE + DECODED_AT_LEAST;
        let budget = Budget { left: Cell::new(allowed), is_cut: Cell::new(false) };
        self.around(self.text.bytes, anchors, &[], &budget, found);
        Decoded { bytes: (allowed - budget.left.get()) as u64, is_cut: budget.is_cut.get() }
    }

    /// Runs the rules over the decoded form around each of `anchors` in `text`, and over the forms
    /// encoded in that. `maps` map `text` to the run's own text.
    fn around(
        &self,
        text: &[u8],
        anchors: &[(usize, AnchorId)],
        maps: &[&SpanMap],
        budget: &Budget,
        found: &mut dyn FnMut(Candidate<'e>),
    ) {
        // The end of the region decoded last, for each anchor.
        let mut covered = vec![0; if anchors.is_empty() { 0 } else { self.anchors.texts.len() }];
        for &(at, anchor) in anchors {
            let covered = &mut covered[anchor.index()];
            let form = &self.anchors.texts[anchor.index()];
            // In an endless run of anchors, the form of the next one reaches back to this one.
            if at + ROOM <= *covered || text[at + form.len()..].starts_with(form) {
                continue;
            }
            let (view, decoder) = DECODERS[self.anchors.decoders[anchor.index()]];
            let decoded = decoder.decode(text, at, form);
            if decoded.is_empty() {
                *covered = decoder.barren_until(text, at) + ROOM - 1;
            }
            for (index, (bytes, map)) in decoded.into_iter().enumerate() {
                if !budget.allows(bytes.len() + ROOM / 16) {
                    return;
                }
                if index == 0 {
                    *covered = map.to_source(Span::new(0, bytes.len())).end;
                }
                let mut inner = vec![&map];
                inner.extend_from_slice(maps);
                self.over_view(view, &bytes, &inner, found);
                if inner.len() < MAX_DEPTH {
                    let anchors = self.others_in(&bytes, anchor);
                    self.around(&bytes, &anchors, &inner, budget, found);
                }
            }
        }
    }

    /// The anchors in `bytes`, except those of the decoder that made `bytes` from an `anchor`,
    /// since that decoder has already decoded all of it.
    fn others_in(&self, bytes: &[u8], anchor: AnchorId) -> Vec<(usize, AnchorId)> {
        let decoder = self.anchors.decoders[anchor.index()];
        let mut others = Others { decoders: &self.anchors.decoders, decoder, found: Vec::new() };
        let _ = self.keyring.for_each_hit(bytes, 0..bytes.len(), &mut others);
        others.found
    }

    /// Runs the rules for one view over its decoded text. `maps` map the decoded text to the text.
    fn over_view(
        &self,
        view: ViewName,
        bytes: &[u8],
        maps: &[&SpanMap],
        found: &mut dyn FnMut(Candidate<'e>),
    ) {
        for rule in self.rules.rules() {
            let Matcher::Pattern { patterns, views } = &rule.matcher else { continue };
            if !views.contains(&view) || !self.text.is_for(rule) {
                continue;
            }
            for captures in patterns.iter().flat_map(|one| one.regex().captures_iter(bytes)) {
                let inner = secret_of(&captures);
                let subject = Subject { text: bytes, span: inner, binary: false, now: self.now };
                let outer = maps.first().map_or(inner, |map| map.to_source(inner));
                // A match with the same length in both forms is not encoded itself.
                if view == ViewName::Encoded && outer.len() == inner.len() {
                    continue;
                }
                let span = maps.iter().skip(1).fold(outer, |span, map| map.to_source(span));
                found(Candidate { rule, span, verdict: judge(rule, subject) });
            }
        }
    }
}

/// Collects the anchors of all decoders but one.
struct Others<'d> {
    decoders: &'d [usize],
    decoder: usize,
    found: Vec<(usize, AnchorId)>,
}

impl Visitor for Others<'_> {
    fn wants(&self, _group: &Group) -> bool {
        false
    }

    fn visit(&mut self, hit: Hit, _keyring: &Keyring) -> ControlFlow<()> {
        if let Effect::Anchors(anchor) = hit.effect
            && self.decoders[anchor.index()] != self.decoder
        {
            self.found.push((hit.at, anchor));
        }
        ControlFlow::Continue(())
    }
}
