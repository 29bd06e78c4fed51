//! Inserts into a JSON file, and leaves every other byte unchanged.

use serde_json::{Value, json};

/// `text` with `entry` as the first element of the list at `path`. Missing objects and a missing
/// list are created. `None` if the text is not plain JSON, or a value in `path` has another type.
pub fn inserted(text: &str, path: &[&str], entry: &Value) -> Option<String> {
    let old: Value = serde_json::from_str(text).ok()?;
    let mut at = text.find('{')?;
    let mut rest = path;
    let mut found = &old;
    while let Some((key, behind)) = rest.split_first() {
        let Some(value) = found.as_object()?.get(*key) else { break };
        at = value_of(text, at, key)?;
        (found, rest) = (value, behind);
    }
    // Missing containers are created around the entry.
    let (written, is_empty) = match rest.split_first() {
        None => (entry.clone(), found.as_array()?.is_empty()),
        Some((key, behind)) => {
            let missing =
                behind.iter().rev().fold(json!([entry]), |inner, key| json!({*key: inner}));
            (json!({*key: missing}), found.as_object()?.is_empty())
        }
    };
    let depth = path.len() - rest.len() + 1;
    let shown = format!("{written:#}");
    // An object is written without brackets, as a member of the existing one.
    let lines: Vec<&str> = match rest.is_empty() {
        true => shown.lines().collect(),
        false => {
            let all: Vec<&str> = shown.lines().collect();
            all[1..all.len() - 1].iter().map(|line| &line[2..]).collect()
        }
    };
    let indent = "  ".repeat(depth);
    let lines: Vec<String> = lines.iter().map(|line| format!("{indent}{line}")).collect();
    let end = if is_empty { format!("\n{}", "  ".repeat(depth - 1)) } else { ",".into() };
    let close = if is_empty { skipped(text, at + 1) } else { at + 1 };
    let new = format!("{}\n{}{end}{}", &text[..=at], lines.join("\n"), &text[close..]);
    let mut wanted = old.clone();
    add(&mut wanted, path, entry)?;
    (serde_json::from_str::<Value>(&new).ok()? == wanted).then_some(new)
}

/// Adds the entry to the parsed value, to check the edited text.
fn add(value: &mut Value, path: &[&str], entry: &Value) -> Option<()> {
    match path.split_first() {
        None => value.as_array_mut()?.insert(0, entry.clone()),
        Some((key, rest)) => {
            let missing = if rest.is_empty() { json!([]) } else { json!({}) };
            let below = value.as_object_mut()?.entry(*key).or_insert(missing);
            add(below, rest, entry)?;
        }
    }
    Some(())
}

/// The offset of the value of `key` in the object that begins at `open`.
fn value_of(text: &str, open: usize, key: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let (mut at, mut depth) = (open, 0);
    while at < bytes.len() {
        match bytes[at] {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth -= 1,
            b'"' => {
                let start = at;
                at += 1;
                while bytes.get(at).is_some_and(|byte| *byte != b'"') {
                    at += 1 + usize::from(bytes[at] == b'\\');
                }
                let colon = skipped(text, at + 1);
                let name = serde_json::from_str::<String>(text.get(start..=at)?).ok()?;
                if depth == 1 && name == key && bytes.get(colon) == Some(&b':') {
                    return Some(skipped(text, colon + 1));
                }
            }
            _ => {}
        }
        if depth == 0 {
            return None;
        }
        at += 1;
    }
    None
}

/// The offset of the next non-blank byte.
fn skipped(text: &str, at: usize) -> usize {
    let blanks = text.as_bytes().get(at..).unwrap_or_default();
    at + blanks.iter().take_while(|byte| byte.is_ascii_whitespace()).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_else_stays_as_it_is() {
        let entry = json!({"command": "x"});
        let insert = |text: &str| inserted(text, &["hooks", "Pre"], &entry);
        assert_eq!(
            insert("{\n  \"model\": \"a\"\n}\n").as_deref(),
            Some(
                "{\n  \"hooks\": {\n    \"Pre\": [\n      {\n        \"command\": \"x\"\n      }\n    \
                 ]\n  },\n  \"model\": \"a\"\n}\n"
            )
        );
        for text in [
            "{}",
            " {\t}\n",
            "{\"hooks\": {}}",
            "{\"hooks\": {\"Pre\": []}}",
            "{\"z\": {\"hooks\": 1}, \"hooks\": {\"Post\": [1], \"Pre\": [{\"a\": \"}]\"}]}}",
            "{\"a\\\"b\": \"\\\\\", \"hooks\": {\"Pre\": [ 2 ]}}",
        ] {
            let new = insert(text).unwrap_or_else(|| panic!("{text}"));
            let value: Value = serde_json::from_str(&new).expect("it is JSON");
            assert_eq!(value["hooks"]["Pre"][0], entry, "{new}");
        }
        for text in ["", "[]", "{\"hooks\": []}", "{\"hooks\": {\"Pre\": {}}}", "{} // x"] {
            assert_eq!(insert(text), None, "{text}");
        }
    }
}
