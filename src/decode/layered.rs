//! Text that is encoded twice: base64 of base64, of UTF-16 and of hex, and hex of base64.
//!
//! PowerShell's `-EncodedCommand` takes base64 of UTF-16; a Kubernetes manifest with a value that
//! was already base64 has base64 of base64. Only the outer layer is decoded here; the inner layer's
//! decoder then runs on the result.

use super::{
    base64,
    decoder::{Decoder, View},
    numbered,
};
use ::base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use std::sync::LazyLock;

/// Two layers of encoding, found by the few forms that `hf_` takes below both.
#[derive(Debug)]
pub struct Layered;

/// The outer layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Outer {
    /// Base64, with `phase` characters of a group before the anchor.
    Base64 { phase: usize },
    /// Pairs of hexadecimal digits without separators.
    Hex,
}

/// Base64 of base64 of a text that begins with `hf_`. `hf_` elsewhere in a text has a dozen further
/// forms, so short that searching for them took a fifth of a scan's time.
const TWICE: &str = "YUdaZ";
/// `hf_` in base64. The character before `hmX` holds the last bits of another byte and the first
/// bits of `h`, so there are four.
const IN_BASE64: [&str; 7] = ["aGZf", "GhmX", "WhmX", "mhmX", "2hmX", "oZl8", "oZl9"];
/// `hf_` in hex, and in UTF-16 (little-endian).
const IN_OTHERS: [&str; 3] = ["68665f", "68665F", "h\0f\0_\0"];

static FORMS: LazyLock<Vec<(Vec<u8>, Outer)>> = LazyLock::new(|| {
    let in_base64 = IN_OTHERS.iter().flat_map(|inner| base64_forms(inner));
    let mut forms: Vec<_> = in_base64.chain(IN_BASE64.iter().flat_map(hex_forms)).collect();
    forms.push((TWICE.into(), Outer::Base64 { phase: 0 }));
    forms.sort();
    forms.dedup();
    forms
});

/// The base64 characters of `inner` for each position in a group.
fn base64_forms(inner: &str) -> [(Vec<u8>, Outer); 3] {
    [0, 1, 2].map(|lead| {
        let encoded = STANDARD_NO_PAD.encode([&vec![0; lead], inner.as_bytes()].concat());
        // Characters at the ends that also hold bits of a neighbouring byte are left out.
        let whole = (lead * 8).div_ceil(6)..(lead + inner.len()) * 8 / 6;
        (encoded[whole.clone()].into(), Outer::Base64 { phase: whole.start })
    })
}

fn hex_forms(inner: &&str) -> [(Vec<u8>, Outer); 2] {
    let lower: String = inner.bytes().map(|byte| format!("{byte:02x}")).collect();
    let upper = lower.to_ascii_uppercase();
    [lower, upper].map(|digits| (digits.into_bytes(), Outer::Hex))
}

impl Decoder for Layered {
    fn anchors(&self, keyword: &[u8]) -> Vec<Vec<u8>> {
        // The forms are those of `hf_`, the prefix of such rules' keywords.
        if !keyword.starts_with(b"hf_") {
            return Vec::new();
        }
        FORMS.iter().map(|(anchor, _)| anchor.clone()).collect()
    }

    fn decode(&self, text: &[u8], at: usize, anchor: &[u8]) -> Vec<View> {
        let outers = FORMS.iter().filter(|(known, _)| known == anchor);
        outers
            .flat_map(|(_, outer)| match outer {
                Outer::Base64 { phase } => base64::decode_around(text, at, *phase),
                Outer::Hex => vec![numbered::decode_pairs(text, at, b"")],
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Span;

    #[test]
    fn every_form_is_rare_enough_to_be_looked_for() {
        for (anchor, outer) in FORMS.iter() {
            let is_long = anchor.len() >= 7 || anchor == TWICE.as_bytes();
            assert!(is_long, "{anchor:?} {outer:?}");
        }
    }

    #[test]
    fn the_outer_layer_is_decoded_wherever_the_inner_one_begins() {
        let wide: String = "hf_abc".chars().flat_map(|character| [character, '\0']).collect();
        for (lead, inner) in ["", "a", "ab", "abc"]
            .into_iter()
            .flat_map(|lead| [wide.as_str(), "68665f616263"].map(|inner| (lead, inner.to_string())))
        {
            let text = format!("x = {}\n", STANDARD_NO_PAD.encode(format!("{lead}{inner}-+")));
            assert_decodes(&text, &inner);
        }
        let once = ["", "u", "us"].map(|lead| STANDARD_NO_PAD.encode(format!("{lead}hf_abc")));
        assert_decodes(&format!("x = {}\n", STANDARD_NO_PAD.encode(&once[0])), &once[0]);
        for inner in once {
            let digits: String = inner.bytes().map(|byte| format!("{byte:02x}")).collect();
            assert_decodes(&format!("x = {digits}\n"), &inner);
        }
    }

    /// At least one view around an anchor holds `inner` and maps to its source.
    fn assert_decodes(text: &str, inner: &str) {
        let found = Layered.anchors(b"hf_").into_iter().any(|anchor| {
            memchr::memmem::find_iter(text.as_bytes(), &anchor).any(|at| {
                Layered.decode(text.as_bytes(), at, &anchor).iter().any(|(bytes, map)| {
                    memchr::memmem::find(bytes, inner.as_bytes()).is_some_and(|at| {
                        let span = map.to_source(Span::new(at, at + inner.len()));
                        span.start >= 4 && span.end < text.len()
                    })
                })
            })
        });
        assert!(found, "{text:?} {inner:?}");
    }
}
