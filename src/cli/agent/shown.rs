//! Files that a call shows to the model, whole or in part.

use serde_json::{Map, Value};
use std::ops::RangeInclusive;

/// Built-in tools of the agents that read one file by lines. A server's tool may use the same keys
/// with another meaning.
const READERS: [&str; 5] = ["read", "view", "read_file", "readfile", "copilot_readfile"];
/// Keys of the first and the last line, counted from 1.
const ENDS: [(&str, &str); 3] = [
    ("startLine", "endLine"),
    ("start_line", "end_line"),
    ("start_line_one_indexed", "end_line_one_indexed_inclusive"),
];

/// A file that a call shows to the model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// The file's name, as in the call.
    pub file: String,
    /// The shown lines, from 1; `None` for all of them.
    pub lines: Option<RangeInclusive<usize>>,
}

impl Shown {
    /// A whole file.
    pub fn whole(file: impl Into<String>) -> Self {
        Self { file: file.into(), lines: None }
    }

    /// `true` if any line from `first` to `last` is shown.
    pub fn shows(&self, first: usize, last: usize) -> bool {
        self.lines.as_ref().is_none_or(|lines| *lines.start() <= last && first <= *lines.end())
    }
}

/// The lines of its file that a tool of this name reads; `None` for all, or if the input is
/// ambiguous.
pub fn lines_of(tool: &str, input: &Map<String, Value>) -> Option<RangeInclusive<usize>> {
    if !READERS.contains(&tool.to_ascii_lowercase().as_str()) {
        return None;
    }
    if input.get("should_read_entire_file").is_some_and(|value| value != &Value::Bool(false)) {
        return None;
    }
    let number = |key: &str| input.get(key).and_then(Value::as_u64).map(line);
    if let Some(range) = input.get("view_range").and_then(Value::as_array) {
        let [first, last] = range.as_slice() else { return None };
        // A last line of -1 means the end of the file.
        let last = if last.as_i64() == Some(-1) { usize::MAX } else { line(last.as_u64()?) };
        return Some(line(first.as_u64()?)..=last);
    }
    if let Some((first, last)) = ENDS.iter().find(|(first, _)| input.contains_key(*first)) {
        let is_last_given = input.contains_key(*last);
        let last = if is_last_given { number(last)? } else { usize::MAX };
        return Some(number(first)?..=last);
    }
    let is_given = |key: &str| input.get(key).is_some_and(|value| !value.is_null());
    if !is_given("offset") && !is_given("limit") {
        return None;
    }
    let offset = if is_given("offset") { number("offset")? } else { 0 };
    // Some tools count from 0, others from 1: include the lines of both.
    let last = if is_given("limit") { offset.saturating_add(number("limit")?) } else { usize::MAX };
    Some(offset..=last)
}

fn line(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn lines(tool: &str, input: Value) -> Option<RangeInclusive<usize>> {
        lines_of(tool, input.as_object().expect("it is an object"))
    }

    #[test]
    fn the_lines_that_a_tool_reads_are_told() {
        for (tool, input, wanted) in [
            ("Read", json!({"file_path": "a"}), None),
            ("Read", json!({"offset": 10, "limit": 5}), Some(10..=15)),
            ("Read", json!({"offset": 10}), Some(10..=usize::MAX)),
            ("Read", json!({"limit": 5}), Some(0..=5)),
            ("Read", json!({"offset": null, "limit": null}), None),
            ("Read", json!({"offset": -3, "limit": 5}), None),
            ("Read", json!({"offset": "x", "limit": 5}), None),
            ("view", json!({"view_range": [3, 9]}), Some(3..=9)),
            ("view", json!({"view_range": [3, -1]}), Some(3..=usize::MAX)),
            ("view", json!({"view_range": [3]}), None),
            ("read_file", json!({"startLine": 3, "endLine": 9}), Some(3..=9)),
            ("read_file", json!({"startLine": 3, "endLine": "x"}), None),
            (
                "read_file",
                json!({"start_line_one_indexed": 3, "end_line_one_indexed_inclusive": 9,
                       "should_read_entire_file": false}),
                Some(3..=9),
            ),
            (
                "read_file",
                json!({"start_line_one_indexed": 3, "end_line_one_indexed_inclusive": 9,
                       "should_read_entire_file": true}),
                None,
            ),
            // Possibly byte offsets.
            ("mcp__fs__read", json!({"offset": 10, "limit": 5}), None),
        ] {
            assert_eq!(lines(tool, input.clone()), wanted, "{tool} {input}");
        }
    }
}
