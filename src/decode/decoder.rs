//! What every decoder of text within text offers.

use crate::model::SpanMap;

/// Decoded text, and the way back to the bytes it was decoded from.
pub type View = (Vec<u8>, SpanMap);

/// Finds and decodes one way in which a secret can be written other than as it is.
///
/// The prefilter looks for anchors, and only what stands around one is decoded: on
/// ordinary text a decoder costs nothing.
pub trait Decoder: Sync + std::fmt::Debug {
    /// Texts of which one stands wherever something that begins with `keyword` stands in
    /// this encoding: three bytes or more each, and rare in ordinary text.
    fn anchors(&self, keyword: &[u8]) -> Vec<Vec<u8>>;

    /// What stands around `anchor`, which begins at `at`, decoded: in every reading that
    /// makes sense.
    fn decode(&self, text: &[u8], at: usize, anchor: &[u8]) -> Vec<View>;

    /// Up to where no other anchor is worth a look, when the one at `at` gave nothing. A
    /// text may be nothing but anchors, and each would be looked at as far.
    fn barren_until(&self, _text: &[u8], at: usize) -> usize {
        at + 1
    }
}

/// Bytes of a run that are looked at when it is longer than a decoder takes.
const FAR: usize = 64 << 10;

/// Up to where each place of a run that begins at `at` has `most` bytes of it before it, or
/// the same end: what a decoder said of the first it would say of all.
pub(super) fn alike_until(
    text: &[u8],
    at: usize,
    most: usize,
    belongs: impl Fn(u8) -> bool,
) -> usize {
    let run = run_of(&text[at..], FAR, belongs);
    at + if run < most { run } else { run - most }.max(1)
}

/// How many of the first bytes of `text`, at most `max`, belong to a class. Asked in
/// blocks: in a text of nothing but anchors it is asked of every third byte.
#[inline]
pub(super) fn run_of(text: &[u8], max: usize, belongs: impl Fn(u8) -> bool) -> usize {
    const BLOCK: usize = 32;
    let text = &text[..text.len().min(max)];
    let blocks = text.as_chunks::<BLOCK>().0.iter();
    // Without an early end a block is looked at in a few instructions.
    let whole = |block: &&[u8; BLOCK]| block.iter().fold(true, |all, byte| all & belongs(*byte));
    let start = blocks.take_while(whole).count() * BLOCK;
    start + text[start..].iter().take_while(|byte| belongs(**byte)).count()
}

/// Adds what `bytes`, decoded from `source`, stand for.
#[inline]
pub(super) fn push(view: &mut View, bytes: &[u8], source: std::ops::Range<usize>) {
    view.0.extend_from_slice(bytes);
    view.1.push(bytes.len(), source.into());
}
