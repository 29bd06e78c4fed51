//! The input of a pre-push hook.
//!
//! Source: githooks(5), "pre-push".

use super::error::GitError;
use crate::model::ObjectId;

/// A reference to be pushed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Push {
    /// The new object of the remote reference; `None` to delete the reference.
    pub new: Option<ObjectId>,
    /// The current object of the remote reference; `None` if the reference is new.
    pub old: Option<ObjectId>,
}

/// The references in `text`, one per line.
///
/// # Errors
/// Returns an error with the number of the first line that does not follow the protocol.
pub fn parse(text: &[u8]) -> Result<Vec<Push>, GitError> {
    text.split(|byte| *byte == b'\n')
        .enumerate()
        .filter(|(_, line)| !line.trim_ascii().is_empty())
        .map(|(number, line)| push(line.trim_ascii_end()).ok_or(GitError::Protocol(number + 1)))
        .collect()
}

/// The references in the input of a server's hook: `<old> <new> <ref>`.
///
/// Source: githooks(5), "pre-receive".
///
/// # Errors
/// Returns an error with the number of the first line that does not follow the protocol.
pub fn parse_received(text: &[u8]) -> Result<Vec<Push>, GitError> {
    text.split(|byte| *byte == b'\n')
        .enumerate()
        .filter(|(_, line)| !line.trim_ascii().is_empty())
        .map(|(number, line)| received(line).ok_or(GitError::Received(number + 1)))
        .collect()
}

fn received(line: &[u8]) -> Option<Push> {
    let mut fields = line.splitn(3, |byte| *byte == b' ');
    let old = ObjectId::from_hex(fields.next()?)?;
    let new = ObjectId::from_hex(fields.next()?)?;
    fields.next()?;
    let known = |id: ObjectId| (!id.is_zero()).then_some(id);
    Some(Push { new: known(new), old: known(old) })
}

fn push(line: &[u8]) -> Option<Push> {
    // The name may be `(delete)` or a revision such as `HEAD~`, which may contain anything except a
    // space.
    let mut fields = line.rsplitn(4, |byte| *byte == b' ');
    let old = ObjectId::from_hex(fields.next()?)?;
    fields.next()?;
    let new = ObjectId::from_hex(fields.next()?)?;
    fields.next()?;
    let known = |id: ObjectId| (!id.is_zero()).then_some(id);
    Some(Push { new: known(new), old: known(old) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_branches_and_deletions_are_told_by_zeros() {
        let (a, b, zero) = ("a".repeat(40), "b".repeat(40), "0".repeat(40));
        let text = format!(
            "refs/heads/x {a} refs/heads/x {b}\nrefs/heads/y {a} refs/heads/y {zero}\n(delete) {zero} refs/heads/z {b}\n"
        );
        let id = |digits: &str| ObjectId::from_hex(digits.as_bytes());
        assert_eq!(
            parse(text.as_bytes()).expect("well-formed"),
            [
                Push { new: id(&a), old: id(&b) },
                Push { new: id(&a), old: None },
                Push { new: None, old: id(&b) },
            ]
        );
    }

    #[test]
    fn a_line_that_is_none_of_the_protocol_is_named() {
        assert!(matches!(parse(b"\nnonsense"), Err(GitError::Protocol(2))));
        assert_eq!(parse(b"").expect("nothing to push"), []);
    }
}
