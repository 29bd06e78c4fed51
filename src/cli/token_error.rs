//! The reasons for which tokens are not sent.

/// The reason for which tokens are not sent. Messages contain no token, except masked.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// The user did not agree to send the tokens.
    #[error("nothing was sent: {0}")]
    NotAgreed(String),
    /// The user did not type the number of tokens.
    #[error("nothing was revoked: the number of tokens, {0}, was not typed")]
    NotConfirmed(usize),
    /// The user is logged in with this token, masked.
    #[error("nothing was revoked: {0} is a token that you are logged in with")]
    Own(String),
    /// A token was given as an argument.
    #[error(
        "tokens are not accepted as arguments: every process on this machine can read them, and shells store them"
    )]
    Argument,
    /// The tokens cannot be read.
    #[error("{0}")]
    Input(String),
}

impl TokenError {
    /// The text of the `help:` line, if any.
    pub fn help(&self) -> Option<&'static str> {
        match self {
            TokenError::NotAgreed(_) => Some("`--yes` sends them without asking"),
            TokenError::NotConfirmed(_) => {
                Some("type it in the terminal, or give it as `--count N`")
            }
            TokenError::Own(_) => Some("`--including-mine` revokes it"),
            TokenError::Argument => {
                Some("write it on standard input, one per line, or name a report with `--from`")
            }
            TokenError::Input(_) => None,
        }
    }
}
