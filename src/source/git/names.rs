//! The names under which an object with many names is scanned.

use crate::{
    language::{FileHead, identify},
    model::SourcePath,
};
use std::collections::HashSet;

/// Number of names under which every object is scanned.
const FEW: usize = 64;
/// Maximum number of names under which an object is scanned.
const MANY: usize = 256;
/// Total size in bytes of the scans of an object with more than a few names.
const MAX_BYTES: u64 = 256 << 20;

/// The names under which an object is scanned, and the number of names left out for a limit.
///
/// A tree of a few megabytes may give one object a million names. If an object has more than a few,
/// those are left out that are of the kind of an earlier one: in the same language or, if that is
/// unknown, with the same extension. `content` is the object's, or empty; its size is `size`.
pub fn distinct(names: Vec<SourcePath>, content: &[u8], size: u64) -> (Vec<SourcePath>, usize) {
    if names.len() <= FEW {
        return (names, 0);
    }
    let most = usize::try_from(MAX_BYTES / size.max(1)).unwrap_or(MANY).clamp(FEW, MANY);
    let (mut kinds, mut kept, mut left_out) = (HashSet::new(), Vec::new(), 0);
    for name in names {
        let kind = match identify(FileHead::of(&name, content)) {
            Some(reader) => reader.name().as_bytes().to_vec(),
            None => [b".", name.extension().unwrap_or(name.file_name())].concat(),
        };
        if kinds.contains(&kind) {
            continue;
        }
        if kept.len() == most {
            left_out += 1;
        } else {
            kinds.insert(kind);
            kept.push(name);
        }
    }
    (kept, left_out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(count: usize, ending: impl Fn(usize) -> String) -> Vec<SourcePath> {
        (0..count)
            .map(|number| SourcePath::from_bytes(format!("a/{number}{}", ending(number))))
            .collect()
    }

    #[test]
    fn of_many_names_one_of_each_kind_is_kept() {
        let some = names(64, |_| ".py".into());
        assert_eq!(distinct(some.clone(), b"", 9), (some, 0));
        let mixed = names(10_000, |number| [".py", ".sh", ".abc", ".dat"][number % 4].into());
        assert_eq!(distinct(mixed.clone(), b"", 9), (mixed[..4].to_vec(), 0));
    }

    #[test]
    fn names_of_too_many_kinds_are_counted() {
        let kinds = names(1_000, |number| format!(".x{number}"));
        let (kept, left_out) = distinct(kinds.clone(), b"", 9);
        assert_eq!((kept.len(), left_out), (MANY, 1_000 - MANY));
        assert_eq!(distinct(kinds, b"", 1 << 30).0.len(), FEW, "of a gigabyte");
    }
}
