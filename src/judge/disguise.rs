//! Words with digits and signs in place of letters: `s3cr3t`, `P@55w0rd`.

/// Words that mark a value as made up for show when they are disguised so.
const WORDS: [&str; 4] = ["password", "passphrase", "passwd", "secret"];

/// `true` if the value contains one of these words with a digit or sign in place of a letter. Of
/// random texts of 32 characters, fewer than one in a million do.
pub fn has_disguised_word(value: &[u8]) -> bool {
    let plain = value.to_ascii_lowercase().into_iter().map(letter).collect::<Vec<u8>>();
    WORDS.iter().any(|word| {
        memchr::memmem::find_iter(&plain, word)
            .any(|at| !value[at..at + word.len()].iter().all(u8::is_ascii_alphabetic))
    })
}

/// `text` with the letters that its digits and signs stand for, except those after the last letter,
/// which may be a number.
pub fn undisguised(text: &[u8]) -> Vec<u8> {
    let end = text.iter().rposition(u8::is_ascii_alphabetic).map_or(0, |at| at + 1);
    let (words, number) = text.split_at(end);
    words.iter().copied().map(letter).chain(number.iter().copied()).collect()
}

/// The letter that a digit or sign stands for.
fn letter(byte: u8) -> u8 {
    match byte {
        b'0' => b'o',
        b'1' => b'i',
        b'3' => b'e',
        b'4' | b'@' => b'a',
        b'5' | b'$' => b's',
        b'7' => b't',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_stand_for_letters_in_words_and_for_numbers_after_them() {
        assert_eq!(undisguised(b"s3cr3t_p4ss"), b"secret_pass");
        assert_eq!(undisguised(b"pa55w0rd123"), b"password123");
        assert_eq!(undisguised(b"5432"), b"5432");
        assert_eq!(undisguised(b""), b"");
    }

    #[test]
    fn only_a_disguised_word_marks_a_value() {
        for value in ["4v3rys3kur3p455w0rd", "my-S3cr3t", "P@$$w0rd-2024"] {
            assert!(has_disguised_word(value.as_bytes()), "{value}");
        }
        for value in ["secret", "mypassword", "s9Dk2mVq81ZxLw07TbYc", ""] {
            assert!(!has_disguised_word(value.as_bytes()), "{value}");
        }
    }
}
