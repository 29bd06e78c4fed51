//! Why tokens are not sent.

/// Why tokens are not sent. No text holds one.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// Nobody agreed to send them.
    #[error("nothing was sent: {0}")]
    NotAgreed(String),
    /// Their number was not typed.
    #[error("nothing was revoked: the number of tokens, {0}, was not typed")]
    NotConfirmed(usize),
    /// The user is logged in with this one, masked.
    #[error("nothing was revoked: {0} is a token that you are logged in with")]
    Own(String),
    /// One was given as an argument.
    #[error(
        "a token is no argument: every process on this machine can read it, and shells keep it"
    )]
    Argument,
    /// They cannot be read.
    #[error("{0}")]
    Input(String),
}

impl TokenError {
    /// How to go on, where that is known.
    pub fn help(&self) -> Option<&'static str> {
        match self {
            TokenError::NotAgreed(_) => Some("`--yes` sends them without asking"),
            TokenError::NotConfirmed(_) => {
                Some("type it in the terminal, or give it as `--count N`")
            }
            TokenError::Own(_) => Some("`--including-mine` revokes it all the same"),
            TokenError::Argument => {
                Some("write it on standard input, one per line, or name a report with `--from`")
            }
            TokenError::Input(_) => None,
        }
    }
}
