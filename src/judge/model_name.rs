//! Recognises names of models and their versions, which use the characters of base64url:
//! `all-MiniLM-L6-v2`.

use regex::bytes::Regex;
use std::sync::LazyLock;

/// A part of a name: a number with a unit (`8x7B`), a letter with a number (`v2`, `L12`), a
/// quantisation (`Q4_K_M`), or words (`MiniLM`, `GGUF`).
static PART: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?-u)^(?:\d+(?:x\d+)?[A-Za-z]{0,3}|[A-Za-z]{1,2}\d{1,4}[A-Za-z]{0,2}|I?Q\d_(?:K(?:_[SML])?|[01]|XX?S)",
        r"|[a-z]+|[A-Z]+|(?:[A-Z]?[a-z]{2,}|[A-Z]{2,}){1,3}\d{0,2})$",
    ))
    .expect("a constant expression")
});

/// Words of one or both cases.
static WORDS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?-u)^(?:[A-Z]?[a-z]{2,}|[A-Z]{2,}){1,3}\d{0,2}$").expect("a constant expression")
});

/// `true` if words, numbers and versions joined by hyphens and dots form the value. Fewer than one
/// in 10,000 random texts of any alphabet have this form.
pub fn is_model_name(value: &str) -> bool {
    const SHORT: usize = 20;
    let hyphens = memchr::memchr_iter(b'-', value.as_bytes()).count();
    let parts = || value.split(['-', '.']).map(str::as_bytes);
    // Groups of a key are of one case.
    let is_mixed = value.bytes().any(|byte| byte.is_ascii_uppercase())
        && value.bytes().any(|byte| byte.is_ascii_lowercase());
    is_mixed
        && hyphens >= if value.len() < SHORT { 3 } else { 2 }
        && parts().all(|part| PART.is_match(part))
        && parts().any(|part| part.len() >= 4 && WORDS.is_match(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_models_are_recognised() {
        for name in [
            "all-MiniLM-L6-v2",
            "ms-marco-MiniLM-L-6-v2",
            "paraphrase-multilingual-MiniLM-L12-v2",
            "DeepSeek-V3-0324-GGUF",
            "gemma-2-9b-it-Q4_K_M",
            "TinyLlama-1.1B-Chat-v1.0",
            "FLUX.1-schnell-bnb-4bit",
            "Mixtral-8x7B-Instruct-v0.1",
        ] {
            assert!(is_model_name(name), "{name}");
        }
        for value in ["s9Dk2mVq81ZxLw07TbYc", "aGk3-Zq9X_w2LmN8pR5t", "ABCD-1234-EFGH-5678"] {
            assert!(!is_model_name(value), "{value}");
        }
    }

    #[test]
    fn at_most_one_random_text_in_10_000_looks_like_the_name_of_a_model() {
        const SIGNS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        let mut random = fastrand::Rng::with_seed(6);
        for length in [16, 20, 24, 32] {
            let draws = (0..100_000).filter(|_| {
                let text: String =
                    (0..length).map(|_| char::from(SIGNS[random.usize(..SIGNS.len())])).collect();
                is_model_name(&text)
            });
            let count = draws.count();
            assert!(count <= 10, "{count} of 100,000 with {length} characters");
        }
    }
}
