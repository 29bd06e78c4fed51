//! What git tells a pre-push hook.
//!
//! Source: githooks(5), "pre-push".

use super::error::GitError;
use crate::model::ObjectId;

/// One reference that is to be pushed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Push {
    /// What the remote is to have; nothing if its reference is to go away.
    pub new: Option<ObjectId>,
    /// What the remote has; nothing if the reference is new there.
    pub old: Option<ObjectId>,
}

/// The references that `text` tells of, one a line.
///
/// # Errors
/// The first line that is not as the protocol has it.
pub fn parse(text: &[u8]) -> Result<Vec<Push>, GitError> {
    text.split(|byte| *byte == b'\n')
        .enumerate()
        .filter(|(_, line)| !line.trim_ascii().is_empty())
        .map(|(number, line)| push(line.trim_ascii_end()).ok_or(GitError::Protocol(number + 1)))
        .collect()
}

/// The references that `text` lists as a server's hook is given them: `<old> <new> <ref>`.
/// Source: githooks(5), "pre-receive".
///
/// # Errors
/// Returns an error that names the first line of another form.
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
    // `(delete)` or a name; a revision such as `HEAD~` may hold anything but a space.
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
