//! Edits of Python: delete arguments and statements, insert a variable into a literal, import a
//! module.

use super::site::{Import, Site, Text};
use crate::{
    language::{LiteralPlace, Slot},
    model::{Edit, Span, text_start},
};

/// An expression that reads the variable, and its import.
#[derive(Debug, Clone)]
pub struct Lookup {
    /// The expression with double quotes: `os.environ["HF_TOKEN"]`.
    pub expression: String,
    /// The import line: `import os`.
    pub import: &'static str,
}

impl Lookup {
    /// The expression with `quote` as its quote character.
    fn quoted(&self, quote: char) -> String {
        self.expression.replace('"', &quote.to_string())
    }
}

/// Edits that replace the secret in a literal by the variable; `None` if the literal cannot contain
/// an expression.
pub fn fill(
    text: &Text<'_>,
    site: Site<'_>,
    literal: &LiteralPlace,
    lookup: &Lookup,
) -> Option<Vec<Edit>> {
    let letters_end = literal.content.start.min(
        (literal.outer.start..literal.content.start)
            .find(|at| matches!(text.byte(*at), b'"' | b'\''))?,
    );
    let letters = text.slice(Span::new(literal.outer.start, letters_end)).to_ascii_lowercase();
    let quotes = text.slice(Span::new(letters_end, literal.content.start));
    let quote = quotes.chars().next()?;
    if letters.contains('t') {
        return None;
    }
    if literal.content == site.span && !literal.has_neighbour {
        let end = if letters.contains('b') { ".encode()" } else { "" };
        return Some(vec![Edit::replace(literal.outer, format!("{}{end}", lookup.expression))]);
    }
    if letters.contains('b') {
        return None;
    }
    let other = if quote == '"' { '\'' } else { '"' };
    let filled = format!("{{{}}}", lookup.quoted(other));
    let content = text.slice(literal.content);
    if letters.contains('f') {
        let depth = depth_before(content, site.span.start - literal.content.start);
        return (depth == 0).then(|| vec![Edit::replace(site.span, filled)]);
    }
    // For `"…".format(…)` and `"… %s" % x`: neither braces nor percent signs are added.
    if !content.contains(['{', '}']) {
        let old = Span::new(literal.outer.start, letters_end);
        let mark = match letters.as_str() {
            "u" => Edit::replace(old, "f"),
            _ => Edit::insert(letters_end, "f"),
        };
        return Some(vec![mark, Edit::replace(site.span, filled)]);
    }
    if literal.has_neighbour || literal.is_alone {
        return None;
    }
    // `("…" + os.environ["…"] + "…")` keeps the meaning of braces.
    let glue = format!("{quotes} + {} + {letters}{quotes}", lookup.expression);
    Some(vec![
        Edit::insert(literal.outer.start, "("),
        Edit::replace(site.span, glue),
        Edit::insert(literal.outer.end, ")"),
    ])
}

/// Number of open braces before a byte of an f-string.
fn depth_before(content: &str, end: usize) -> usize {
    let (mut depth, mut at) = (0usize, 0);
    let bytes = content.as_bytes();
    while at < end.min(bytes.len()) {
        match bytes[at] {
            b'{' if bytes.get(at + 1) == Some(&b'{') && depth == 0 => at += 1,
            b'}' if bytes.get(at + 1) == Some(&b'}') && depth == 0 => at += 1,
            b'{' => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        at += 1;
    }
    depth
}

/// The edit that deletes an argument with one comma; also its line, if it is alone on it, but not a
/// following comment.
pub fn without_argument(text: &Text<'_>, slot: &Slot) -> Edit {
    let end = slot.comma_after.map_or(slot.span.end, |comma| comma.end);
    let line = text.lines(slot.span);
    let before = text.slice(Span::new(line.start, slot.span.start));
    let line_end = text.line_end(end.max(1) - 1);
    let after = text.slice(Span::new(end, line_end));
    if before.trim().is_empty() {
        if after.trim().is_empty() {
            return Edit::delete(Span::new(line.start, line_end));
        }
        if after.trim_start().starts_with('#') {
            let blanks = after.len() - after.trim_start_matches([' ', '\t']).len();
            return Edit::delete(Span::new(slot.span.start, end + blanks));
        }
    }
    if slot.comma_after.is_some() {
        let is_last = slot.next >= line_end;
        if is_last && slot.comma_before.is_none() {
            return Edit::delete(Span::new(slot.span.start, end));
        }
        if !is_last {
            return Edit::delete(Span::new(slot.span.start, slot.next));
        }
    }
    match slot.comma_before {
        Some(comma) => {
            let between = text.slice(Span::new(comma.end, slot.span.start));
            if between.contains('#') {
                return Edit::delete(Span::new(slot.span.start, end));
            }
            // The comma after it is kept, so that the end of the list does not change.
            Edit::delete(Span::new(comma.start, slot.span.end))
        }
        None => Edit::delete(Span::new(slot.span.start, end)),
    }
}

/// Like [`without_argument`], for an argument given only by its span.
pub fn without_named_argument(text: &Text<'_>, span: Span) -> Edit {
    let before = text.bytes[..span.start].trim_ascii_end();
    let rest = &text.bytes[span.end..];
    let comma = rest.len() - rest.trim_ascii_start().len() + span.end;
    let has_comma = text.byte(comma) == b',';
    let next = if has_comma { comma + 1 } else { comma };
    let next = next + text.bytes[next..].len() - text.bytes[next..].trim_ascii_start().len();
    let comma_before = before.ends_with(b",").then(|| Span::new(before.len() - 1, before.len()));
    without_argument(
        text,
        &Slot {
            span,
            name: None,
            comma_before,
            comma_after: has_comma.then(|| Span::new(comma, comma + 1)),
            next,
            open: 0,
            is_only: false,
            is_whole: true,
        },
    )
}

/// The edit that deletes a statement with its line, or replaces it by `pass` if the block would be
/// empty.
pub fn without_statement(text: &Text<'_>, statement: Span) -> Edit {
    let lines = text.lines(statement);
    let before = text.slice(Span::new(lines.start, statement.start));
    let after = text.slice(Span::new(statement.end, lines.end));
    let rest = after.trim();
    if !before.trim().is_empty() || !(rest.is_empty() || rest.starts_with('#')) {
        return Edit::replace(statement, "pass");
    }
    if is_only_statement(text, lines, before.len()) {
        return Edit::replace(statement, "pass");
    }
    if rest.starts_with('#') {
        // The comment is kept.
        let blanks = after.len() - after.trim_start().len();
        return Edit::delete(Span::new(statement.start, statement.end + blanks));
    }
    Edit::delete(lines)
}

/// `true` if a block has no statement except that on `lines`, with this indentation in bytes.
fn is_only_statement(text: &Text<'_>, lines: Span, indent: usize) -> bool {
    if indent == 0 {
        return false;
    }
    let indent_of = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let counts = |line: &&str| !line.trim().is_empty() && !line.trim_start().starts_with('#');
    let before = text.slice(Span::new(0, lines.start));
    let after = text.slice(Span::new(lines.end, text.bytes.len()));
    let opens = before.lines().rev().find(counts).is_none_or(|line| indent_of(line) < indent);
    let ends = after.lines().find(counts).is_none_or(|line| indent_of(line) < indent);
    opens && ends
}

/// The edit that adds the look-up's import; `None` if it is already imported.
///
/// # Errors
/// Returns `Err` if the module's name has another meaning in this text.
pub fn import(text: &Text<'_>, lookup: &Lookup) -> Import {
    let known = text.imports.borrow().get(lookup.import).cloned();
    known.unwrap_or_else(|| {
        let import = import_line(text, lookup.import);
        text.imports.borrow_mut().insert(lookup.import, import.clone());
        import
    })
}

/// The edit that adds an import line; `None` if the text already contains it.
///
/// # Errors
/// `Err` if the line imports `os`, and the text uses this name for something else.
pub fn import_line(text: &Text<'_>, wanted: &str) -> Import {
    if has_line(text, wanted) {
        return Ok(None);
    }
    if wanted == "import os" {
        let mut imported = false;
        for line in lines(text) {
            let code = line.split('#').next().unwrap_or_default().trim_end();
            let names = code.strip_prefix("import ").map(|names| names.split(','));
            imported |= names
                .is_some_and(|mut names| names.any(|name| matches!(name.trim(), "os" | "os.path")));
            if binds_os(code.trim_start()) {
                return Err(());
            }
        }
        if imported {
            return Ok(None);
        }
    }
    let place = text.reader.map_or(0, |reader| reader.import_place(text.bytes));
    let mut start = text.line_start(place);
    // In alphabetical order, as import sorters write it, among modules that certainly belong to the
    // standard library.
    while wanted == "import os" && is_earlier(text, start) {
        start = text.line_end(start);
    }
    // A byte order mark must remain first.
    let start = if start == 0 { text_start(text.bytes) } else { start };
    let indent = if place < text.bytes.len() { text.indent(place) } else { String::new() };
    Ok(Some(Edit::insert(start, format!("{indent}{wanted}{}", text.newline()))))
}

/// `true` if a line imports a standard library module whose name sorts before `os`.
fn is_earlier(text: &Text<'_>, start: usize) -> bool {
    const EARLIER: &[&str] = &[
        "abc",
        "argparse",
        "ast",
        "asyncio",
        "base64",
        "collections",
        "contextlib",
        "copy",
        "csv",
        "dataclasses",
        "datetime",
        "functools",
        "gc",
        "getpass",
        "glob",
        "gzip",
        "hashlib",
        "html",
        "importlib",
        "inspect",
        "io",
        "itertools",
        "json",
        "logging",
        "math",
        "multiprocessing",
    ];
    let line = text.slice(Span::new(start, text.line_end(start)));
    let name = line.strip_prefix("import ").unwrap_or_default();
    line.ends_with('\n') && EARLIER.contains(&name.trim_end())
}

fn lines<'a>(text: &Text<'a>) -> impl Iterator<Item = &'a str> {
    let bytes = text.bytes;
    bytes.split(|byte| *byte == b'\n').map(|line| std::str::from_utf8(line).unwrap_or_default())
}

fn has_line(text: &Text<'_>, wanted: &str) -> bool {
    lines(text).any(|line| line.trim_end().trim_start_matches('\u{feff}') == wanted)
}

/// `true` if a line of code binds `os` to something other than the module.
fn binds_os(line: &str) -> bool {
    let rest = |start: &str| line.strip_prefix(start).map(str::trim_start);
    let is_name = |rest: &str| rest.starts_with(['=', ':']) && !rest.starts_with("==");
    rest("os").is_some_and(is_name)
        || ["def os(", "class os(", "class os:", "for os in "]
            .iter()
            .any(|one| line.starts_with(one))
        || line.ends_with(" as os")
        || (line.starts_with("from ") && line.contains(" import "))
            && line.split(" import ").nth(1).is_some_and(|names| {
                names.split(',').any(|name| name.trim().trim_matches(['(', ')']) == "os")
            })
}
