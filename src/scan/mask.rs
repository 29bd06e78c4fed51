//! Masks secrets in output other than reports.

use super::{excerpt::Excerpter, scanner::Scanner, settings::Settings};

/// Masks secrets in short texts, such as names, and caches those that repeat.
#[derive(Debug)]
pub struct Masker<'s>(Excerpter<'s>);

impl<'s> Masker<'s> {
    /// Masks the matches of every rule for credentials of `scanner`, selected or not.
    pub fn new(scanner: &'s Scanner) -> Self {
        Self(Excerpter::new(scanner.secrets(), 0))
    }

    /// The text with every secret in it masked.
    pub fn masked(&mut self, text: &str) -> String {
        self.0.masked(text)
    }
}

/// A message with every secret masked. Errors quote file contents, and any file may contain a
/// token.
pub fn masked(message: &str) -> String {
    match Scanner::new(Settings::default()) {
        Ok(scanner) => Masker::new(&scanner).masked(message),
        Err(_) => message.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{model::Secret, rule::example::expand};

    #[test]
    fn a_message_shows_the_mask_of_a_token_that_it_quotes() {
        let token = expand("hf_{{alpha:34}}");
        let mask = Secret::new(token.as_bytes()).masked();
        let shown = masked(&format!(".hfscan.toml:1: there is no setting `{token}`"));
        assert_eq!(shown, format!(".hfscan.toml:1: there is no setting `{mask}`"));
        assert_eq!(masked("no such file"), "no such file");
    }
}
