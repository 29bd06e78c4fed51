//! Compiled and other programming languages: the literal is replaced by an expression that reads
//! the environment.

use super::{
    draft::Draft,
    environment, prose, row,
    site::{Site, Text},
    url,
};
use crate::{
    language::LiteralPlace,
    model::{Edit, Span, text_start},
    rule::expression,
};

/// The syntax with which a language reads the environment in place of a literal.
struct Style {
    language: &'static str,
    /// Text before the expression that makes it a string.
    before: &'static str,
    after: &'static str,
    /// The string concatenation operator; empty if there is none.
    join: &'static str,
    /// The import that the expression needs.
    import: &'static str,
    /// Words in a line whose value the compiler must know.
    constant: &'static [&'static str],
}

const PLAIN: Style =
    Style { language: "", before: "", after: "", join: "", import: "", constant: &[] };

const STYLES: &[Style] = &[
    Style {
        language: "c",
        import: "#include <stdlib.h>",
        constant: &["[]", "static ", "constexpr"],
        ..PLAIN
    },
    Style { language: "csharp", join: "+", constant: &["const ", "["], ..PLAIN },
    Style {
        language: "dart",
        after: "!",
        join: "+",
        import: "import 'dart:io';",
        constant: &["const "],
        ..PLAIN
    },
    Style { language: "go", join: "+", import: "\"os\"", constant: &["const "], ..PLAIN },
    Style { language: "java", join: "+", constant: &["static final", "@"], ..PLAIN },
    Style { language: "julia", join: "*", constant: &[], ..PLAIN },
    Style { language: "kotlin", join: "+", constant: &["const ", "@"], ..PLAIN },
    Style { language: "lua", join: "..", ..PLAIN },
    Style {
        language: "php",
        join: ".",
        constant: &["const ", "public ", "private ", "protected ", "static "],
        ..PLAIN
    },
    Style { language: "r", ..PLAIN },
    Style { language: "ruby", join: "+", ..PLAIN },
    Style {
        language: "rust",
        after: ".expect(\"NAME is set\")",
        constant: &["const ", "static ", "concat!", "#[", "r#"],
        ..PLAIN
    },
    Style { language: "scala", join: "+", constant: &["@"], ..PLAIN },
    Style {
        language: "swift",
        after: "!",
        join: "+",
        import: "import Foundation",
        constant: &["@"],
        ..PLAIN
    },
];

/// The fix of a secret in one of these languages; `None` for other languages.
pub fn draft(text: &Text<'_>, site: Site<'_>) -> Option<Draft> {
    let style = STYLES.iter().find(|style| style.language == text.language())?;
    if text.is_comment(site.span) {
        return Some(prose::comment(site));
    }
    let Some(literal) = text.literal(site.span.start) else {
        return Some(Draft::shown(row::OTHER));
    };
    if let Some(draft) = url::draft(text, site, literal.content) {
        return Some(draft);
    }
    if !literal.content.contains(site.span) || literal.is_key || literal.is_command {
        return Some(Draft::shown(row::OTHER));
    }
    if let Some(draft) = environment::draft(text, site) {
        return Some(draft);
    }
    if is_constant(text, literal, style) {
        return Some(Draft::shown(row::CODE_CONSTANT));
    }
    let mut edits = match literal.content == site.span {
        true => vec![Edit::replace(literal.outer, whole(text, site, literal, style))],
        false => match joined(text, site, literal, style) {
            Some(edits) => edits,
            None => return Some(Draft::shown(row::OTHER)),
        },
    };
    edits.extend(import(text, style));
    Some(Draft::new(row::CODE, edits))
}

fn is_constant(text: &Text<'_>, literal: &LiteralPlace, style: &Style) -> bool {
    let line = Span::new(text.line_start(literal.outer.start), literal.outer.start);
    let before = text.slice(line);
    let mut is_constant = style.constant.iter().any(|word| before.contains(word));
    match style.language {
        // Outside a function, C requires a constant expression.
        "c" => is_constant |= !before.starts_with([' ', '\t']) && !before.starts_with("#define"),
        "go" => is_constant |= is_in_block(text, literal.outer.start, "const ("),
        _ => {}
    }
    is_constant
}

/// `true` if a byte is in a block that a line with `opener` opens and no line closes.
fn is_in_block(text: &Text<'_>, at: usize, opener: &str) -> bool {
    let before = &text.bytes[..at];
    let Some(open) = memchr::memmem::rfind(before, opener.as_bytes()) else { return false };
    memchr::memmem::find(&before[open..], b"\n)").is_none()
}

fn read(site: Site<'_>, style: &Style) -> String {
    let read = expression(style.language, site.variable).unwrap_or_default();
    format!("{}{read}{}", style.before, style.after.replace("NAME", site.variable))
}

fn whole(text: &Text<'_>, site: Site<'_>, literal: &LiteralPlace, style: &Style) -> String {
    let read = read(site, style);
    // A `&String` is accepted for `&str` and for `impl Into<String>`.
    let is_followed = text.byte(literal.outer.end) == b'.';
    match style.language {
        "rust" if !is_followed => format!("&{read}"),
        _ => read,
    }
}

/// The literal split in two, concatenated with the expression between them.
fn joined(
    text: &Text<'_>,
    site: Site<'_>,
    literal: &LiteralPlace,
    style: &Style,
) -> Option<Vec<Edit>> {
    let open = text.slice(Span::new(literal.outer.start, literal.content.start));
    let close = text.slice(Span::new(literal.content.end, literal.outer.end));
    let is_plain = open == close && matches!(open, "\"" | "'");
    if style.join.is_empty() || !is_plain || literal.has_neighbour || literal.is_filled {
        return None;
    }
    let read = read(site, style);
    let join = style.join;
    // An empty side is omitted, with its quotes.
    let is_first = site.span.start == literal.content.start;
    let is_last = site.span.end == literal.content.end;
    let start = if is_first { literal.outer.start } else { site.span.start };
    let end = if is_last { literal.outer.end } else { site.span.end };
    let before = if is_first { String::new() } else { format!("{open} {join} ") };
    let after = if is_last { String::new() } else { format!(" {join} {open}") };
    let mut edits = vec![Edit::replace(Span::new(start, end), format!("{before}{read}{after}"))];
    if !stands_alone(text, literal.outer) {
        // Merge edits that would begin or end at the same byte.
        match is_first {
            true => edits[0].text.insert(0, '('),
            false => edits.push(Edit::insert(literal.outer.start, "(")),
        }
        match is_last {
            true => edits[0].text.push(')'),
            false => edits.push(Edit::insert(literal.outer.end, ")")),
        }
    }
    Some(edits)
}

/// `true` if the replacement of `span` needs no brackets, since no adjacent operator binds to it.
fn stands_alone(text: &Text<'_>, span: Span) -> bool {
    let before = text.slice(Span::new(text.line_start(span.start), span.start)).trim_end();
    let after = text.slice(Span::new(span.end, text.line_end(span.end))).trim_end();
    let is_compared = ["==", "!=", "<=", ">=", "+=", "=~"].iter().any(|one| before.ends_with(one));
    let begins = before.ends_with(['=', '(', ',', '[', '{', ':']) || before.ends_with("return");
    let after = after.trim_start();
    begins && !is_compared && (after.is_empty() || after.starts_with([';', ',', ')', ']', '}']))
}

/// The edit that imports a Go package, in gofmt's order.
fn go_import(text: &Text<'_>, package: &str) -> Option<Edit> {
    let newline = text.newline();
    if let Some(list) = memchr::memmem::find(text.bytes, b"\nimport (") {
        let mut at = text.line_end(list + 1);
        loop {
            let line = text.slice(Span::new(at, text.line_end(at))).trim();
            if !line.starts_with('"') || line > package {
                return Some(Edit::insert(at, format!("\t{package}{newline}")));
            }
            at = text.line_end(at);
        }
    }
    if let Some(one) = memchr::memmem::find(text.bytes, b"\nimport \"") {
        let line = text.lines(Span::new(one + 1, one + 2));
        let mut names = [text.slice(line).trim().strip_prefix("import ")?, package];
        names.sort_unstable();
        let names = names.map(|name| format!("\t{name}{newline}")).concat();
        return Some(Edit::replace(line, format!("import ({newline}{names}){newline}")));
    }
    let clause = memchr::memmem::find(text.bytes, b"package ")?;
    Some(Edit::insert(text.line_end(clause), format!("{newline}import {package}{newline}")))
}

/// The edit that adds the import of the expression.
fn import(text: &Text<'_>, style: &Style) -> Option<Edit> {
    if style.import.is_empty() || text.has(style.import) {
        return None;
    }
    let newline = text.newline();
    let line_after = |found: usize| text.line_end(found);
    if style.language == "go" {
        return go_import(text, style.import);
    }
    let line = format!("{}{newline}", style.import);
    if style.language == "dart" {
        // Directives come after `library`, before everything else.
        let library = memchr::memmem::find(text.bytes, b"library ").filter(|at| *at == 0);
        return Some(Edit::insert(library.map_or(0, line_after), line));
    }
    let start = text_start(text.bytes);
    Some(Edit::insert(start, line))
}
