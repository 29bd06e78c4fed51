//! The trait of decoders, and the functions that they share.

use crate::model::SpanMap;

/// Decoded text, and the map to the bytes it was decoded from.
pub type View = (Vec<u8>, SpanMap);

/// Finds and decodes one encoding of secrets.
///
/// The prefilter searches for anchors, and only the text around them is decoded, so ordinary text
/// costs nothing.
pub trait Decoder: Sync + std::fmt::Debug {
    /// Texts such that any encoding of a text that begins with `keyword` contains at least one of
    /// them. Each has three bytes or more and is rare in ordinary text.
    fn anchors(&self, keyword: &[u8]) -> Vec<Vec<u8>>;

    /// Decodes the text around `anchor` at offset `at`, in every plausible way.
    fn decode(&self, text: &[u8], at: usize, anchor: &[u8]) -> Vec<View>;

    /// The offset up to which other anchors can be skipped, after the anchor at `at` decoded to
    /// nothing. Bounds the work on a text that consists of anchors.
    fn barren_until(&self, _text: &[u8], at: usize) -> usize {
        at + 1
    }
}

/// Maximum number of bytes examined of a run that is longer than a decoder accepts.
const FAR: usize = 64 << 10;

/// The offset up to which every position in the run at `at` has `most` further bytes of the run, or
/// the same end. A decoder returns the same result at all of these positions.
pub(super) fn alike_until(
    text: &[u8],
    at: usize,
    most: usize,
    belongs: impl Fn(u8) -> bool,
) -> usize {
    let run = run_of(&text[at..], FAR, belongs);
    at + if run < most { run } else { run - most }.max(1)
}

/// The number of leading bytes of `text`, at most `max`, that belong to a class. Tested in blocks,
/// because a text that consists of anchors calls this at every third byte.
#[inline]
pub(super) fn run_of(text: &[u8], max: usize, belongs: impl Fn(u8) -> bool) -> usize {
    const BLOCK: usize = 32;
    let text = &text[..text.len().min(max)];
    let blocks = text.as_chunks::<BLOCK>().0.iter();
    // Without an early exit the compiler vectorises the test of a block.
    let whole = |block: &&[u8; BLOCK]| block.iter().fold(true, |all, byte| all & belongs(*byte));
    let start = blocks.take_while(whole).count() * BLOCK;
    start + text[start..].iter().take_while(|byte| belongs(**byte)).count()
}

/// Appends `bytes`, which were decoded from `source`.
#[inline]
pub(super) fn push(view: &mut View, bytes: &[u8], source: std::ops::Range<usize>) {
    view.0.extend_from_slice(bytes);
    view.1.push(bytes.len(), source.into());
}
