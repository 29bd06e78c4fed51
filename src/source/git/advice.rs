//! What to do about a secret in git, in the order in which to do it.

/// For what is staged and not yet in a commit.
pub fn staged() -> Vec<String> {
    vec![
        "not committed yet: take it out of the file, then `git add` the file again".into(),
        "if it has been anywhere else (a chat, a log, another machine), revoke it all the same"
            .into(),
    ]
}
