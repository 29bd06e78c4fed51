//! Property test: encoded text is decoded, and maps to exactly the bytes it came from.

use super::{
    Decoder,
    base64::Base64,
    escaped::{Backslash, Entity, Percent, QuotedPrintable},
    folded::Folded,
    interrupted::Interrupted,
    layered::Layered,
    numbered::{Codes, Hex, Wide},
};
use crate::model::Span;
use ::base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use fastrand::Rng;

/// A placeholder for a token: letters that no rule considers random.
const TOKEN: &str = "hf_abcabcabcabcabcabcabcabcabcabcabca";

const DECODERS: [&dyn Decoder; 10] = [
    &Base64,
    &Layered,
    &Folded,
    &Backslash,
    &Percent,
    &Entity,
    &QuotedPrintable,
    &Hex,
    &Codes,
    &Wide,
];

/// Encodings of a text, each with the index of the decoder that reads it.
type Form = (usize, fn(&mut Rng, &str) -> Vec<u8>);

const FORMS: [Form; 9] = [
    (0, |_, text| STANDARD_NO_PAD.encode(text).into()),
    (3, |rng, text| escapes(rng, text, |byte| format!("\\u{byte:04x}"))),
    (3, |rng, text| escapes(rng, text, |byte| format!("\\x{byte:02X}"))),
    (4, |rng, text| escapes(rng, text, |byte| format!("%{byte:02X}"))),
    (5, |rng, text| escapes(rng, text, |byte| format!("&#{byte};"))),
    (6, |rng, text| escapes(rng, text, |byte| format!("={byte:02X}"))),
    (7, |_, text| text.bytes().flat_map(|byte| format!("{byte:02x}").into_bytes()).collect()),
    (8, |_, text| text.bytes().flat_map(|byte| format!("{byte}, ").into_bytes()).collect()),
    (9, |_, text| text.bytes().flat_map(|byte| [byte, 0]).collect()),
];

/// The first three characters escaped, and a random part of the others.
fn escapes(rng: &mut Rng, text: &str, escape: fn(u8) -> String) -> Vec<u8> {
    let often = rng.u8(0..=100);
    let each = |(place, byte): (usize, u8)| match place < 3 || rng.u8(0..100) < often {
        true => escape(byte).into_bytes(),
        false => vec![byte],
    };
    text.bytes().enumerate().flat_map(each).collect()
}

/// The views around every anchor of a decoder.
fn views(decoder: &dyn Decoder, text: &[u8]) -> Vec<super::View> {
    let around = |anchor: Vec<u8>| {
        let places: Vec<usize> = memchr::memmem::find_iter(text, &anchor).collect();
        places.into_iter().flat_map(|at| decoder.decode(text, at, &anchor)).collect::<Vec<_>>()
    };
    decoder.anchors(b"hf_").into_iter().flat_map(around).collect()
}

#[test]
fn what_is_decoded_leads_back_to_the_bytes_that_encode_it() {
    let mut rng = Rng::with_seed(7);
    for round in 0..2000 {
        let (number, encode) = FORMS[round % FORMS.len()];
        // The surrounding text is not part of the encoding: no letters are adjacent to it.
        let mut noise = || -> Vec<u8> {
            (0..rng.usize(0..200)).filter_map(|_| rng.choice(b"ab \n.<>")).copied().collect()
        };
        let around = [noise(), noise()];
        let encoded = encode(&mut rng, TOKEN);
        let before = [&around[0][..], b"('"].concat();
        let text = [&before, &encoded[..], b"')", &around[1]].concat();
        let wanted = Span::new(before.len(), before.len() + encoded.len());
        let spans: Vec<Span> = views(DECODERS[number], &text)
            .iter()
            .filter_map(|(bytes, map)| {
                let at = memchr::memmem::find(bytes, TOKEN.as_bytes())?;
                Some(map.to_source(Span::new(at, at + TOKEN.len())))
            })
            .collect();
        let is_close = |span: &Span| {
            // The last number or character may include bytes after it.
            span.start == wanted.start && span.end <= wanted.end && span.end + 2 >= wanted.end
        };
        assert!(
            spans.iter().any(is_close),
            "{wanted:?} {spans:?} {:?}",
            text.escape_ascii().to_string()
        );
    }
}

#[test]
fn every_byte_of_every_view_stands_somewhere_in_the_text_and_in_order() {
    let mut rng = Rng::with_seed(11);
    let mut pieces: Vec<Vec<u8>> =
        DECODERS.iter().flat_map(|decoder| decoder.anchors(b"hf_")).collect();
    let others = ["\\", "%", "=\n", "\"", "' + '", "\n  ", "\r\n", "\0", "é", ";", "68", "A", ", "];
    pieces.extend(others.map(|piece| piece.as_bytes().to_vec()));
    for _ in 0..500 {
        let count = rng.usize(1..30);
        let text: Vec<u8> =
            (0..count).filter_map(|_| rng.choice(&pieces)).flatten().copied().collect();
        for decoder in DECODERS {
            for (bytes, map) in views(decoder, &text) {
                assert_eq!(map.view_len(), bytes.len(), "{decoder:?}");
                let mut last = 0;
                for at in 0..bytes.len() {
                    let span = map.to_source(Span::new(at, at + 1));
                    assert!(span.start >= last && span.start < span.end, "{decoder:?} {span:?}");
                    assert!(span.end <= text.len(), "{decoder:?} {span:?}");
                    last = span.start;
                }
            }
        }
    }
}

#[test]
fn what_is_passed_over_as_barren_gives_nothing() {
    let mut rng = Rng::with_seed(13);
    let pieces = [
        "hf_",
        "hf_",
        "a",
        "abcdefghij",
        "=\n",
        "\"",
        "'",
        "' + '",
        " ",
        "\n",
        "=",
        "\\_",
        "\u{ad}",
    ];
    for _ in 0..300 {
        let long = rng.usize(0..3) * 300;
        let count = rng.usize(1..60);
        let mut some =
            |count| -> String { (0..count).filter_map(|_| rng.choice(pieces)).collect() };
        let text = some(count) + &"hf_".repeat(long / 3) + &some(4);
        for decoder in [&Folded as &dyn Decoder, &QuotedPrintable, &Interrupted] {
            let places: Vec<usize> = text.match_indices("hf_").map(|(at, _)| at).collect();
            for at in &places {
                if !decoder.decode(text.as_bytes(), *at, b"hf_").is_empty() {
                    continue;
                }
                let end = decoder.barren_until(text.as_bytes(), *at);
                for other in places.iter().filter(|other| (*at..end).contains(*other)) {
                    let views = decoder.decode(text.as_bytes(), *other, b"hf_");
                    assert!(views.is_empty(), "{decoder:?} {at} {other} {text:?}");
                }
            }
        }
    }
}
