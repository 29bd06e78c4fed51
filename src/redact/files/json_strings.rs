//! The strings of a line of JSON, with the way to each.

use crate::{model::Span, scan::end_of_string};

/// Names and lists on the way to a string.
#[derive(Debug, Default)]
pub struct Way {
    /// For each object or list around, the name that the value has in it; none in a list.
    frames: Vec<Option<String>>,
}

impl Way {
    /// The names.
    pub fn names(&self) -> Vec<&str> {
        self.frames.iter().filter_map(Option::as_deref).collect()
    }

    /// The column: `messages[].content`.
    pub fn column(&self) -> String {
        let mut text = String::new();
        for frame in &self.frames {
            match frame {
                Some(name) if text.is_empty() => text.push_str(name),
                Some(name) => text.extend([".", name]),
                None => text.push_str("[]"),
            }
        }
        text
    }
}

/// Calls `found` with the inside of each string of a line that is a value, not a name, and the
/// way to it. The line is valid JSON.
pub fn for_each_string(line: &[u8], found: &mut dyn FnMut(&Way, Span)) {
    let mut way = Way::default();
    // Whether each container around is an object, and a name of it comes next.
    let mut expects_name: Vec<Option<bool>> = Vec::new();
    let mut at = 0;
    while let Some(byte) = line.get(at) {
        match byte {
            b'{' | b'[' => {
                expects_name.push((*byte == b'{').then_some(true));
                way.frames.push(None);
            }
            b'}' | b']' => {
                expects_name.pop();
                way.frames.pop();
            }
            b',' => {
                if let Some(Some(expects)) = expects_name.last_mut() {
                    *expects = true;
                }
            }
            b'"' => {
                let (end, _) = end_of_string(line, at + 1);
                let inside = Span::new(at + 1, end);
                match expects_name.last_mut() {
                    Some(Some(expects)) if *expects => {
                        *expects = false;
                        if let Some(frame) = way.frames.last_mut() {
                            let quoted = line.get(at..=end).unwrap_or_default();
                            *frame = serde_json::from_slice(quoted).ok();
                        }
                    }
                    _ => found(&way, inside),
                }
                at = end;
            }
            _ => {}
        }
        at += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_string_comes_with_its_column() {
        let line = br#"{"a": "1", "b": [{"c\n": "2", "d": {"e": ["3", ["4"]]}}, "5"], "f": 6}"#;
        let mut found = Vec::new();
        for_each_string(line, &mut |way, span| {
            found.push((way.column(), String::from_utf8_lossy(span.slice(line)).into_owned()));
        });
        let expected =
            [("a", "1"), ("b[].c\n", "2"), ("b[].d.e[]", "3"), ("b[].d.e[][]", "4"), ("b[]", "5")];
        assert_eq!(found, expected.map(|(a, b)| (a.to_string(), b.to_string())));
    }

    #[test]
    fn what_is_cut_off_does_not_panic() {
        for line in ["{\"a", "[\"", "}", "]]", "\"\\", "{,\"a\""] {
            for_each_string(line.as_bytes(), &mut |_, span| assert!(span.end <= line.len()));
        }
    }
}
