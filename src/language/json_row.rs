//! Positions in a row of JSON Lines, which may be truncated: the keys around a byte, and its role
//! and tool in a coding agent's transcript.

use crate::model::SourcePath;

/// Maximum length in bytes of a key and of a tool's name; longer texts are data.
const MAX_NAME: usize = 64;
/// Maximum nesting depth of keys.
const MAX_DEPTH: usize = 32;
/// Maximum number of bytes of a file that are checked to recognise a transcript.
const MAX_HEAD: usize = 64 << 10;
/// Maximum number of lines of a file that are checked to recognise a transcript.
const MAX_LINES: usize = 20;

/// The position of a byte in a row.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RowPlace {
    /// The keys around it: `message.content[0].text`; empty at the top of the row.
    pub path: String,
    /// Its role: `user`, `assistant`, `tool` and the like; empty if the row does not give one.
    pub role: String,
    /// The tool of the call or result that contains it; empty if there is none or the row does not
    /// name it.
    pub tool: String,
    /// The id of the call whose result contains it, by which another row names the tool.
    pub call: String,
    /// The value of `name` in the object that contains it.
    pub name: String,
}

/// A list or an object.
#[derive(Default)]
struct Bracket<'a> {
    is_list: bool,
    /// The index of the current element of a list, from 0.
    number: usize,
    /// The key of the current value of an object.
    key: Option<&'a [u8]>,
    /// The short texts among the values of an object, with their keys.
    texts: Vec<(&'a [u8], &'a [u8])>,
}

/// Keys whose values give the role, the tool or the call.
const TOLD: [&[u8]; 10] = [
    b"role",
    b"type",
    b"name",
    b"toolName",
    b"tool_name",
    b"tool_use_id",
    b"call_id",
    b"toolCallId",
    b"tool_call_id",
    b"customType",
];

/// Reads a row up to its end, or to where it is truncated.
#[derive(Default)]
struct Walk<'a> {
    row: &'a [u8],
    /// All brackets of the row, and the indices of the open ones.
    brackets: Vec<Bracket<'a>>,
    open: Vec<usize>,
    last: &'a [u8],
}

/// The path of a position, and the brackets around it, each with its key.
struct Around<'a> {
    path: String,
    brackets: Vec<(usize, Option<&'a [u8]>)>,
}

/// The positions of the bytes at `places` of a row, which are in ascending order; `None` for a byte
/// that is nested too deeply, or below a key that is not a name.
pub fn places(row: &[u8], places: &[usize]) -> Vec<Option<RowPlace>> {
    let mut walk = Walk { row, ..Walk::default() };
    let mut found: Vec<Option<Around<'_>>> = Vec::with_capacity(places.len());
    let mut here = 0;
    while here < row.len() && walk.open.len() <= MAX_DEPTH {
        let start = here;
        let is_before = |at: &&usize| **at <= start;
        let rest = &places[found.len()..];
        found.extend(rest.iter().take_while(is_before).map(|_| walk.around()));
        here = walk.step(start);
        if row[start] == b'"' {
            let rest = &places[found.len()..];
            found.extend(rest.iter().take_while(|at| **at < here).map(|_| walk.around()));
        }
    }
    let is_deep = walk.open.len() > MAX_DEPTH;
    while found.len() < places.len() {
        found.push(if is_deep { None } else { walk.around() });
    }
    let told = |around: Around<'_>| told(around, &walk.brackets);
    found.into_iter().map(|one| one.map(told)).collect()
}

impl<'a> Walk<'a> {
    /// Reads the token at `at`, and returns the offset after it.
    fn step(&mut self, at: usize) -> usize {
        let top = self.open.last().and_then(|number| self.brackets.get_mut(*number));
        match self.row[at] {
            b'"' => {
                let end = at + 1 + string_len(&self.row[at + 1..]);
                self.last = &self.row[at + 1..end];
                if let Some(Bracket { key: Some(key), texts, .. }) = top
                    && TOLD.contains(key)
                    && self.last.len() <= MAX_NAME
                {
                    texts.push((key, self.last));
                }
                return end + 1;
            }
            b':' => {
                if let Some(one) = top.filter(|one| !one.is_list) {
                    one.key = Some(self.last);
                }
            }
            b',' => {
                if let Some(one) = top {
                    one.number += 1;
                    one.key = None;
                }
            }
            byte @ (b'{' | b'[') => {
                self.open.push(self.brackets.len());
                self.brackets.push(Bracket { is_list: byte == b'[', ..Bracket::default() });
            }
            b'}' | b']' => drop(self.open.pop()),
            _ => {}
        }
        at + 1
    }

    fn around(&self) -> Option<Around<'a>> {
        let open = self.open.iter().rev();
        let brackets = open.map(|number| (*number, self.brackets[*number].key)).collect();
        Some(Around { path: self.path()?, brackets })
    }

    /// The keys of the current position; `None` if one is not a name.
    fn path(&self) -> Option<String> {
        let mut path = String::new();
        for one in self.open.iter().map(|number| &self.brackets[*number]) {
            if one.is_list {
                path.push_str(&format!("[{}]", one.number));
            } else if let Some(key) = one.key {
                let is_name = !key.is_empty() && key.len() <= MAX_NAME;
                let name = std::str::from_utf8(key).ok().filter(|_| is_name)?;
                if !path.is_empty() {
                    path.push('.');
                }
                path.push_str(name);
            }
        }
        Some(path)
    }
}

/// Types of objects that call a tool, and of those that hold a tool's result.
const CALLS: [&str; 6] =
    ["tool_use", "toolCall", "tool_call", "function_call", "custom_tool_call", "local_shell_call"];
const RESULTS: [&str; 5] = [
    "tool_result",
    "toolResult",
    "function_call_output",
    "custom_tool_call_output",
    "mcp_tool_call_end",
];

/// The position with the role, tool and call from the objects around it, innermost first.
fn told(around: Around<'_>, brackets: &[Bracket<'_>]) -> RowPlace {
    let mut place = RowPlace { path: around.path, ..RowPlace::default() };
    let set = |slot: &mut String, value: &str| {
        if slot.is_empty() {
            *slot = value.to_string();
        }
    };
    for (number, (bracket, key)) in around.brackets.iter().enumerate() {
        let one = &brackets[*bracket];
        let text = |key: &str| {
            let found = one.texts.iter().find(|(name, _)| *name == key.as_bytes());
            found.and_then(|(_, text)| name_of(text)).unwrap_or_default()
        };
        let (kind, role) = (text("type"), text("role"));
        let is_input = *key == Some(b"arguments");
        if number == 0 {
            set(&mut place.name, text("name"));
        }
        if CALLS.contains(&kind) || is_input {
            set(&mut place.tool, text("name"));
            set(&mut place.role, if CALLS.contains(&kind) { "assistant" } else { "" });
        }
        if RESULTS.contains(&kind) || role == "toolResult" || role == "tool" {
            set(&mut place.role, "tool");
        }
        for key in ["toolName", "tool_name"] {
            set(&mut place.tool, text(key));
        }
        if place.role == "tool" {
            for key in ["tool_use_id", "call_id", "toolCallId", "tool_call_id"] {
                set(&mut place.call, text(key));
            }
        }
        set(&mut place.role, role);
        let by_kind = match kind {
            "user" | "user_message" => "user",
            "assistant" | "agent_message" | "reasoning" | "agent_reasoning" => "assistant",
            "system" => "system",
            _ => "",
        };
        set(&mut place.role, by_kind);
    }
    place
}

/// The text as the name of a role or a tool; `None` if it cannot be one.
fn name_of(text: &[u8]) -> Option<&str> {
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-.:/".contains(byte);
    std::str::from_utf8(text).ok().filter(|text| text.bytes().all(|byte| is_plain(&byte)))
}

/// `true` if a file is the transcript of a session of a coding agent, in JSON Lines: Claude Code,
/// Codex, Copilot, Pi, and other files that the Hub shows as a session.
pub fn is_transcript(path: &SourcePath, bytes: &[u8]) -> bool {
    is_json_lines(path) && begins_as_transcript(&bytes[..bytes.len().min(MAX_HEAD)])
}

/// `true` if, by the file's name, each of its lines is a JSON value.
pub fn is_json_lines(path: &SourcePath) -> bool {
    let ending = path.extension().unwrap_or_default().to_ascii_lowercase();
    [&b"jsonl"[..], b"ndjson"].contains(&&*ending)
}

fn begins_as_transcript(head: &[u8]) -> bool {
    let lines = head.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
    lines.take(MAX_LINES).any(|line| {
        let members = members(line);
        let has = |key: &str| members.iter().any(|(name, _)| *name == key.as_bytes());
        let kind = members.iter().find(|(name, _)| *name == b"type");
        let kind = kind.and_then(|(_, text)| name_of(text)).unwrap_or_default();
        match kind {
            "" => false,
            "session" => has("version") || has("id") || has("cwd") || has("timestamp"),
            "message" if has("message") => true,
            _ => {
                has("sessionId") && (has("message") || has("uuid") || has("timestamp"))
                    || has("payload") && has("timestamp")
                    || kind.starts_with("session.") && has("data")
            }
        }
    })
}

/// The keys of the object on a line, each with its text if that is short.
fn members(line: &[u8]) -> Vec<(&[u8], &[u8])> {
    let mut walk = Walk { row: line, ..Walk::default() };
    let (mut at, mut members) = (0, Vec::new());
    if line.trim_ascii_start().first() != Some(&b'{') {
        return members;
    }
    while at < line.len() && walk.open.len() <= MAX_DEPTH {
        let start = at;
        at = walk.step(at);
        let [top] = walk.open[..] else { continue };
        let Some(key) = walk.brackets[top].key else { continue };
        match line[start] {
            b':' => members.push((key, &b""[..])),
            b'"' => {
                if let Some((_, text)) = members.last_mut() {
                    *text = if walk.last.len() <= MAX_NAME { walk.last } else { b"" };
                }
            }
            _ => {}
        }
    }
    members
}

/// The length of a string's text, up to its closing quote or to the end of `text`.
fn string_len(text: &[u8]) -> usize {
    let mut at = 0;
    while let Some(found) = memchr::memchr2(b'"', b'\\', text.get(at..).unwrap_or_default()) {
        at += found;
        if text[at] == b'"' {
            return at;
        }
        at += 2;
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(row: &str, at: usize) -> Option<RowPlace> {
        places(row.as_bytes(), &[at]).pop().flatten()
    }

    fn path(text: &str) -> Option<String> {
        place(text, text.len()).map(|place| place.path)
    }

    #[test]
    fn the_way_into_a_row_is_told() {
        let some = |path: &str| Some(path.to_string());
        assert_eq!(
            path(r#"{"id": 1, "turns": [{"a": "x"}, {"text": "say "#),
            some("turns[1].text")
        );
        assert_eq!(path(r#"{"a\"b": {"c": 1}, "d": "\\", "e": "#), some("e"));
        assert_eq!(path("plain "), some(""));
        assert_eq!(path(r#"{"a": 1, "key"#), some(""));
        assert_eq!(path(&"[".repeat(100_000)), None);
        assert_eq!(path(r#"{"a": "ends in a backslash\"#), some("a"));
    }

    /// Role, tool and call at the position of `HERE`.
    fn said(row: &str) -> [String; 3] {
        let at = row.find("HERE").expect("it is there");
        let place = place(row, at).expect("it is not deep");
        [place.role, place.tool, place.call]
    }

    #[test]
    fn the_rows_of_each_agent_say_who_speaks_and_with_which_tool() {
        for (row, told) in [
            (
                r#"{"type":"user","message":{"role":"user","content":"HERE"},"sessionId":"a"}"#,
                ["user", "", ""],
            ),
            (
                r#"{"message":{"content":[{"type":"text","text":"x"},{"type":"tool_use","id":"t1","name":"Bash","input":{"command":"HERE"}}],"role":"assistant"}}"#,
                ["assistant", "Bash", ""],
            ),
            (
                r#"{"type":"user","message":{"role":"user","content":[{"tool_use_id":"t1","type":"tool_result","content":"HERE"}]}}"#,
                ["tool", "", "t1"],
            ),
            (
                r#"{"timestamp":"a","type":"response_item","payload":{"type":"function_call","name":"shell","arguments":"{\"command\":\"HERE\"}","call_id":"c1"}}"#,
                ["assistant", "shell", ""],
            ),
            (
                r#"{"type":"response_item","payload":{"type":"function_call_output","call_id":"c1","output":"HERE"}}"#,
                ["tool", "", "c1"],
            ),
            (
                r#"{"type":"message","message":{"role":"toolResult","toolCallId":"c","toolName":"bash","content":[{"type":"text","text":"HERE"}]}}"#,
                ["tool", "bash", "c"],
            ),
            (
                r#"{"role":"assistant","tool_calls":[{"id":"c","type":"function","function":{"name":"run","arguments":"HERE"}}]}"#,
                ["assistant", "run", ""],
            ),
            (r#"{"content":"HERE","role":"user"}"#, ["user", "", ""]),
            (r#"{"text":"HERE","name":"a \u0022 b","role":"x y"}"#, ["", "", ""]),
        ] {
            assert_eq!(said(row), told, "{row}");
        }
    }

    #[test]
    fn what_stands_behind_other_brackets_says_nothing_of_the_place() {
        let row = r#"{"a":[{"role":"user"},{"text":"HERE"},{"role":"tool"}],"b":{"role":"x"}}"#;
        assert_eq!(said(row), ["", "", ""]);
    }

    #[test]
    fn many_places_of_a_row_are_told_as_each_alone() {
        let row =
            r#"{"a":["x",{"role":"user","t":"y"}],"b":{"type":"tool_use","input":"z","name":"n"}}"#;
        let all: Vec<usize> = (0..row.len()).collect();
        let alone: Vec<_> = all.iter().map(|at| place(row, *at)).collect();
        assert_eq!(places(row.as_bytes(), &all), alone);
        assert_eq!(alone[row.find('z').expect("there")].as_ref().map(|one| &*one.tool), Some("n"));
    }

    #[test]
    fn transcripts_are_told_from_other_rows() {
        for head in [
            r#"{"type":"summary","summary":"x","leafUuid":"a"}
{"parentUuid":null,"sessionId":"a","type":"user","message":{"role":"user","content":"x"},"uuid":"b"}"#,
            r#"{"timestamp":"a","type":"session_meta","payload":{"id":"x","cwd":"cut of"#,
            r#"{"type":"session","version":3,"id":"a","timestamp":"b","cwd":"/x"}"#,
            r#"{"type":"session.start","data":{"sessionId":"a"},"id":"b","timestamp":"c"}"#,
        ] {
            assert!(begins_as_transcript(head.as_bytes()), "{head}");
        }
        for head in [
            "",
            "type,sessionId,message\n",
            r#"{"messages":[{"role":"user","content":"x"}]}"#,
            r#"{"text":"x","type":"a"}"#,
            r#"[{"type":"session","id":"a"}]"#,
        ] {
            assert!(!begins_as_transcript(head.as_bytes()), "{head}");
        }
    }
}
