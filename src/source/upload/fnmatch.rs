//! Python's `fnmatch.fnmatchcase`, by which the client of the Hub selects files.
//!
//! `*` and `?` also match `/`, `**` is the same as `*`, there are no escapes, and the whole name
//! must match: <https://docs.python.org/3/library/fnmatch.html>.

/// A pattern. Names are compared as in Python: by code point, with invalid UTF-8 as lone
/// surrogates.
#[derive(Debug, Clone)]
pub struct Pattern {
    text: String,
    items: Vec<Item>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Item {
    /// This character.
    One(u32),
    /// Any character.
    Any,
    /// Any characters, or none.
    Star,
    /// A character in these ranges, or outside all of them.
    Set { is_negated: bool, ranges: Vec<(u32, u32)> },
}

impl Pattern {
    /// Parses a pattern. Every text is valid.
    pub fn new(text: &str) -> Self {
        let chars: Vec<u32> = text.chars().map(u32::from).collect();
        let mut items = Vec::new();
        let mut at = 0;
        while at < chars.len() {
            let first = chars[at];
            at += 1;
            match char::from_u32(first) {
                Some('*') if items.last() == Some(&Item::Star) => {}
                Some('*') => items.push(Item::Star),
                Some('?') => items.push(Item::Any),
                Some('[') => match end_of_set(&chars, at) {
                    Some(end) => {
                        items.push(set(&chars[at..end]));
                        at = end + 1;
                    }
                    None => items.push(Item::One(first)),
                },
                _ => items.push(Item::One(first)),
            }
        }
        Self { text: text.to_string(), items }
    }

    /// The pattern that only matches this name. `None` for a name that is not UTF-8.
    pub fn of_name(name: &[u8]) -> Option<Self> {
        let name = std::str::from_utf8(name).ok()?;
        let quoted = name.chars().fold(String::new(), |mut text, one| {
            match one {
                '*' | '?' | '[' => text.extend(['[', one, ']']),
                _ => text.push(one),
            }
            text
        });
        Some(Self::new(&quoted))
    }

    /// The pattern as it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// `true` if the whole name matches.
    pub fn matches(&self, name: &[u32]) -> bool {
        // The position to retry after the last star consumed one more character.
        let mut retry: Option<(usize, usize)> = None;
        let (mut item, mut at) = (0, 0);
        loop {
            match self.items.get(item) {
                Some(Item::Star) => {
                    item += 1;
                    retry = Some((item, at));
                    continue;
                }
                Some(one) if name.get(at).is_some_and(|character| one.is(*character)) => {
                    (item, at) = (item + 1, at + 1);
                    continue;
                }
                None if at == name.len() => return true,
                _ => {}
            }
            match &mut retry {
                Some((after, start)) if *start < name.len() => {
                    *start += 1;
                    (item, at) = (*after, *start);
                }
                _ => return false,
            }
        }
    }
}

impl Item {
    fn is(&self, character: u32) -> bool {
        match self {
            Item::One(one) => *one == character,
            Item::Any => true,
            Item::Star => false,
            Item::Set { is_negated, ranges } => {
                ranges.iter().any(|(from, to)| (*from..=*to).contains(&character)) != *is_negated
            }
        }
    }
}

/// The name as Python represents it: code points, and each invalid byte as a lone surrogate
/// (`surrogateescape`).
pub fn code_points(name: &[u8]) -> Vec<u32> {
    let mut points = Vec::with_capacity(name.len());
    for chunk in name.utf8_chunks() {
        points.extend(chunk.valid().chars().map(u32::from));
        points.extend(chunk.invalid().iter().map(|byte| 0xDC00 + u32::from(*byte)));
    }
    points
}

/// The index of the `]` that closes the set whose first character is at `start`.
fn end_of_set(chars: &[u32], start: usize) -> Option<usize> {
    let is = |at: usize, one: char| chars.get(at) == Some(&u32::from(one));
    let mut at = start;
    if is(at, '!') {
        at += 1;
    }
    if is(at, ']') {
        at += 1;
    }
    (at..chars.len()).find(|at| is(*at, ']'))
}

/// The set between brackets, by the steps of CPython's `fnmatch.translate`: a `-` makes a range
/// depending on the position of the last one, and a reversed range is dropped.
fn set(text: &[u32]) -> Item {
    const DASH: u32 = '-' as u32;
    const NOT: u32 = '!' as u32;
    let is_negated = text.first() == Some(&NOT);
    let mut chunks: Vec<Vec<u32>> = Vec::new();
    let mut start = 0;
    let mut search = 1 + usize::from(is_negated);
    while let Some(dash) = (search..text.len()).find(|at| text[*at] == DASH) {
        chunks.push(text[start..dash].to_vec());
        start = dash + 1;
        search = dash + 3;
    }
    match (text.get(start..).filter(|rest| !rest.is_empty()), chunks.last_mut()) {
        (Some(rest), _) => chunks.push(rest.to_vec()),
        (None, Some(last)) => last.push(DASH),
        (None, None) => {}
    }
    for at in (1..chunks.len()).rev() {
        let is_backwards = matches!((chunks[at - 1].last(), chunks[at].first()),
            (Some(from), Some(to)) if from > to);
        if is_backwards {
            let rest = chunks.remove(at);
            chunks[at - 1].pop();
            chunks[at - 1].extend_from_slice(&rest[1..]);
        }
    }
    // A dropped range may leave the `!` at the front, or an empty set.
    let is_negated = chunks.first().and_then(|first| first.first()) == Some(&NOT);
    let mut ranges: Vec<(u32, u32)> = Vec::new();
    for (number, chunk) in chunks.iter().enumerate() {
        let is_open = number > 0;
        let chunk = if number == 0 && is_negated { &chunk[1..] } else { &chunk[..] };
        for (place, one) in chunk.iter().enumerate() {
            match ranges.last_mut() {
                Some((_, to)) if place == 0 && is_open => *to = *one,
                _ => ranges.push((*one, *one)),
            }
        }
    }
    Item::Set { is_negated, ranges }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is(pattern: &str, name: &str) -> bool {
        Pattern::new(pattern).matches(&code_points(name.as_bytes()))
    }

    #[test]
    fn the_whole_path_matches_and_a_star_takes_slashes() {
        assert!(is(".env", ".env") && !is(".env", "sub/.env"));
        assert!(is("**/.env", "sub/.env") && !is("**/.env", ".env"));
        assert!(is("*.env*", "a/b/prod.env.local") && is("*.env", "sub/.env"));
        assert!(is("a?b", "a/b") && !is("a?b", "ab"));
        assert!(is("*", "") && is("", "") && !is("", "a"));
        assert!(is("*a*b*c", "xaxxbxxbxc") && !is("*a*b*c", "xaxxbxxbx"));
        assert!(!is("*.ENV", ".env"));
    }

    #[test]
    fn sets_are_those_of_python() {
        for (pattern, yes, no) in [
            ("[abc]", "abc", "d-!]"),
            ("[!abc]", "d-", "abc"),
            ("[]a]", "]a", "b"),
            ("[!]a]", "b", "]a"),
            ("[a-c]", "abc", "d-"),
            ("[-a]", "-a", "b"),
            ("[a-]", "-a", "b"),
            ("[!a-]", "bc", "-a"),
            ("[c-a]", "", "abc-"),
            ("[!c-a]", "abc-", ""),
            ("[b-ax]", "x", "ab-"),
            ("[a-c-e]", "abc-e", "d"),
            ("[--0]", "-./0", "1,"),
            ("[^a]", "^a", "b"),
            (r"[\d]", r"\d", "1"),
            ("[a&&b]", "a&b", "c"),
            ("[[]", "[", "]"),
        ] {
            for one in yes.chars() {
                assert!(is(pattern, &one.to_string()), "{pattern} {one}");
            }
            for one in no.chars() {
                assert!(!is(pattern, &one.to_string()), "{pattern} {one}");
            }
        }
        assert!(is("[a", "[a") && is("[]", "[]") && is("[!]", "[!]"));
    }

    #[test]
    fn the_pattern_of_a_name_matches_it_and_nothing_else() {
        for name in ["a[1].txt", "what?*", "[!a]", "plain/.env"] {
            let pattern = Pattern::of_name(name.as_bytes()).expect("it is UTF-8");
            assert!(pattern.matches(&code_points(name.as_bytes())), "{name}");
            assert!(!pattern.matches(&code_points(b"a1.txt")), "{name}");
        }
        assert!(Pattern::of_name(b"\xff").is_none());
    }

    #[test]
    fn a_byte_that_is_no_text_is_one_character() {
        assert!(Pattern::new("a?").matches(&code_points(b"a\xff")));
    }

    #[test]
    fn many_stars_take_time_in_proportion() {
        let name = code_points("a".repeat(4000).as_bytes());
        assert!(!Pattern::new(&("*a".repeat(50) + "b")).matches(&name));
    }
}
