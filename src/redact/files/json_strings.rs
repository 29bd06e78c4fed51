//! The string values in a line of JSON, each with its cell.

use crate::{
    model::Span,
    redact::cell::{Cell, Step},
    scan::end_of_string,
};

/// Calls `found` with the content span of each string value in a line, except object keys, and with
/// its cell in this row. The line must be valid JSON.
pub fn for_each_string(line: &[u8], row: usize, found: &mut dyn FnMut(&Cell, Span)) {
    let mut cell = Cell { row, steps: Vec::new() };
    // For each enclosing object or list, `true` if a key comes next.
    let mut expects_name: Vec<bool> = Vec::new();
    let mut at = 0;
    while let Some(byte) = line.get(at) {
        match byte {
            b'{' => {
                expects_name.push(true);
                cell.steps.push(Step::Field(String::new()));
            }
            b'[' => {
                expects_name.push(false);
                cell.steps.push(Step::Index(0));
            }
            b'}' | b']' => {
                expects_name.pop();
                cell.steps.pop();
            }
            b',' => match (cell.steps.last_mut(), expects_name.last_mut()) {
                (Some(Step::Index(index)), _) => *index += 1,
                (_, Some(expects)) => *expects = true,
                _ => {}
            },
            b'"' => {
                let (end, _) = end_of_string(line, at + 1);
                match (cell.steps.last_mut(), expects_name.last_mut()) {
                    (Some(Step::Field(name)), Some(expects)) if *expects => {
                        *expects = false;
                        let quoted = line.get(at..=end).unwrap_or_default();
                        *name = serde_json::from_slice(quoted).unwrap_or_default();
                    }
                    _ => found(&cell, Span::new(at + 1, end)),
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
    fn each_string_comes_with_its_cell() {
        let line = br#"{"a": "1", "b": [{"c\n": "2", "d": {"e": ["3", ["4"]]}}, "5"], "f": 6}"#;
        let mut found = Vec::new();
        for_each_string(line, 7, &mut |cell, span| {
            let text = String::from_utf8_lossy(span.slice(line)).into_owned();
            found.push((cell.row, cell.column(), cell.path(), text));
        });
        let expected = [
            ("a", "a", "1"),
            ("b[].c\n", "b[0].c\n", "2"),
            ("b[].d.e[]", "b[0].d.e[0]", "3"),
            ("b[].d.e[][]", "b[0].d.e[1][0]", "4"),
            ("b[]", "b[1]", "5"),
        ];
        let owned = |(column, path, text): (&str, &str, &str)| {
            (7, column.to_string(), path.to_string(), text.to_string())
        };
        assert_eq!(found, expected.map(owned));
    }

    #[test]
    fn what_is_cut_off_does_not_panic() {
        for line in ["{\"a", "[\"", "}", "]]", "\"\\", "{,\"a\""] {
            for_each_string(line.as_bytes(), 0, &mut |_, span| assert!(span.end <= line.len()));
        }
    }
}
