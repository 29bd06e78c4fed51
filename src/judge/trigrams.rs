//! Log-likelihood ratios of letter trigrams in written text against random letters.

/// `log2(P(c | a, b) * 26)` of letters in any case, as written by `tests/tools/train_trigrams.py`:
/// a line of 26 characters for each `a` and `b`, where `.` is the start of a word.
static TRIGRAMS: &[u8] = include_bytes!("trigrams.txt");
const LINE: usize = 26 + 1;

/// The score in bits of a letter, numbered from 0, after two letters, numbered from 1; 0 is the
/// start of a word.
pub fn trigram(before: (usize, usize), letter: usize) -> f64 {
    let place = (before.0 * LINE + before.1) * LINE + letter;
    f64::from(TRIGRAMS[place] - b'!') / 8.0 - 6.0
}

/// The log-likelihood ratio, in bits, of the small letter `letter` after two letters in words
/// against a random draw; `None` is the start of a word.
pub fn letter_score(first: Option<u8>, second: Option<u8>, letter: u8) -> f64 {
    let number = |letter: Option<u8>| letter.map_or(0, |letter| usize::from(letter - b'a') + 1);
    trigram((number(first), number(second)), usize::from(letter - b'a'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_a_sign_for_every_letter_behind_two() {
        assert_eq!(TRIGRAMS.len(), LINE * LINE * LINE);
        for (place, sign) in TRIGRAMS.iter().enumerate() {
            let is_end = place % LINE == LINE - 1;
            assert!(if is_end { *sign == b'\n' } else { sign.is_ascii_graphic() }, "{place}");
        }
    }
}
