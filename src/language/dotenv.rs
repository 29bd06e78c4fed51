//! Dotenv files: `KEY=value`, one per line.

use super::{
    comment_form::CommentForm,
    dialect,
    files::Files,
    lookup::is_variable_name,
    reader::{FileHead, Reader, Wanted},
    tree::{Form, Name, Shape, Text, Tree, line_end, skip_blanks, trim_blanks},
};
use crate::model::{Facts, Span, text_start};

/// Files of environment variables, as `docker --env-file` and the dotenv libraries
/// read them.
pub struct Dotenv;

impl Reader for Dotenv {
    fn name(&self) -> &'static str {
        "dotenv"
    }

    fn comment(&self) -> Option<CommentForm> {
        Some(CommentForm::own_line("#"))
    }

    fn files(&self) -> &'static Files {
        const FILES: Files = Files {
            names: &[
                ".env",
                ".flaskenv",
                "dotenv",
                ".dev.vars",
                ".env-cmdrc",
                "secrets.env",
                ".secrets",
                ".renviron",
                "renviron.site",
                ".deepspeed_env",
            ],
            paths: &["etc/environment", ".ssh/environment"],
            endings: &["env"],
            starts: &[".env.", ".env-", ".env_", "dotenv.", "env.", ".dev.vars."],
            inside: &[".env."],
            except: &[
                "js", "ts", "mjs", "cjs", "mts", "cts", "jsx", "tsx", "py", "rb", "php", "go",
                "rs", "sh", "json", "yaml", "yml", "toml", "md", "html", "ipynb", "d", "c", "h",
                "cc", "cpp", "hpp", "java", "kt", "kts", "scala", "groovy", "gradle", "swift",
                "dart", "cs", "jl", "r", "lua", "sql", "tf", "hcl", "cmake", "ps1", "psm1", "bat",
                "cmd", "nu", "xsh", "elv", "exs", "nix", "zig", "xml", "vue", "svelte", "css",
            ],
            ..Files::NONE
        };
        &FILES
    }

    fn read(&self, text: &[u8], _file: FileHead<'_>, _wanted: Wanted<'_>) -> Facts {
        dialect::read_environment(tree(text))
    }
}

/// The tree of a dotenv file: one map.
pub fn tree(source: &[u8]) -> Tree<'_> {
    let mut tree = Tree::new(source);
    tree.set(0, Shape::Map);
    let mut at = text_start(source);
    while at < source.len() && !tree.is_full() {
        at = line(&mut tree, at);
    }
    tree
}

/// Reads the line at `at`, with the further lines of a quoted value, and returns the start of the
/// next one.
fn line(tree: &mut Tree<'_>, at: usize) -> usize {
    let source = tree.source();
    let (end, next) = line_end(source, at, source.len());
    let start = skip_blanks(source, at, end);
    if source.get(start..end).is_none_or(<[u8]>::is_empty) {
        return next;
    }
    if source[start] == b'#' {
        tree.comments.push(Span::new(start, end));
        return next;
    }
    let start = skip_words(source, start, end);
    let equals = memchr::memchr(b'=', &source[start..end]).map(|offset| start + offset);
    let key = Span::new(start, trim_blanks(source, start, equals.unwrap_or(end)));
    if !is_key(key.slice(source)) {
        return next;
    }
    let node = tree.add(0, Name::Key(Tree::verbatim(key)));
    let Some(equals) = equals else { return next };
    let value = skip_blanks(source, equals + 1, end);
    if value >= end {
        return next;
    }
    if matches!(source[value], b'"' | b'\'' | b'`')
        && let Some((close, after)) = closing(source, value, end)
    {
        let form = if source[value] == b'"' { Form::Shell } else { Form::Verbatim };
        let text = Text { span: Span::new(value + 1, close), form };
        tree.set_scalar(node, text, Span::new(value, close + 1), None);
        return after;
    }
    let stop = match comment(source, value, end) {
        Some(comment) => {
            tree.comments.push(Span::new(comment, end));
            trim_blanks(source, value, comment)
        }
        None => trim_blanks(source, value, end),
    };
    if stop > value {
        // An unclosed quote is not part of the value.
        let opens = usize::from(matches!(source[value], b'"' | b'\'' | b'`') && stop > value + 1);
        let span = Span::new(value + opens, stop);
        tree.set_scalar(node, Tree::verbatim(span), Span::new(value, stop), None);
    }
    next
}

/// Skips the word that a shell or Windows requires before the name: `export`, `set`.
fn skip_words(source: &[u8], at: usize, end: usize) -> usize {
    for word in [b"export ".as_slice(), b"export\t", b"set ", b"SET "] {
        if source[at..end].starts_with(word) {
            return skip_blanks(source, at + word.len(), end);
        }
    }
    at
}

fn is_key(key: &[u8]) -> bool {
    std::str::from_utf8(key).is_ok_and(|key| is_variable_name(&key.replace(['.', '-'], "_")))
}

/// The offset of the closing quote of the one at `at`, and the start of the next line. A value
/// spans several lines only if they do not look like variables after an unclosed quote.
fn closing(source: &[u8], at: usize, end: usize) -> Option<(usize, usize)> {
    const MAX_LINES: usize = 200;
    let quote = source[at];
    let mut from = at + 1;
    let mut limit = end;
    for _ in 0..MAX_LINES {
        let mut close = from;
        while let Some(offset) = memchr::memchr2(quote, b'\\', source.get(close..limit)?) {
            let found = close + offset;
            if source[found] == quote {
                return Some((found, line_end(source, found, source.len()).1));
            }
            close = found + if quote == b'\'' { 1 } else { 2 };
            if close > limit {
                break;
            }
        }
        let (_, next) = line_end(source, limit, source.len());
        if next >= source.len() {
            return None;
        }
        let (next_end, _) = line_end(source, next, source.len());
        if is_assignment(&source[next..next_end]) {
            return None;
        }
        from = next.max(close);
        limit = next_end.max(from);
    }
    None
}

/// `true` if a line assigns a variable with a name in capitals.
fn is_assignment(line: &[u8]) -> bool {
    let name =
        line.iter().take_while(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || **b == b'_');
    let length = name.count();
    length > 1 && line.get(length) == Some(&b'=') && line.get(length + 1) != Some(&b'=')
}

/// The `#` of a comment after a value, which must follow white space.
fn comment(source: &[u8], start: usize, end: usize) -> Option<usize> {
    memchr::memchr_iter(b'#', &source[start..end])
        .map(|offset| start + offset)
        .find(|at| *at == start || matches!(source[at - 1], b' ' | b'\t'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{BindingContext, SourcePath, ValueKind};
    use ValueKind::{Literal, Lookup, Missing, Template};

    #[track_caller]
    fn assert_bindings(text: &str, expected: &[(&str, ValueKind, &str, &str)]) {
        let path = SourcePath::from_bytes("a/.env.local");
        let head = FileHead { path: &path, head: text.as_bytes() };
        let facts = Dotenv.read(text.as_bytes(), head, Wanted::ALL);
        let found: Vec<_> = facts
            .bindings
            .iter()
            .map(|binding| {
                assert_eq!(binding.context, BindingContext::Environment);
                let stands = binding.value.span.slice(text.as_bytes());
                let stands = std::str::from_utf8(stands).expect("spans end between characters");
                (binding.key.as_str(), binding.value.kind, binding.value.text.as_str(), stands)
            })
            .collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn every_form_of_a_variable_is_read() {
        assert_bindings(
            "# c\nA=b\nexport C = d # e\nF=\"g\\n#h\" # i\nJ='k # l'\nM=${N}\nO=p${Q}\nR=\nS\nT=a#b\r\nu.v-w=x\n",
            &[
                ("A", Literal, "b", "b"),
                ("C", Literal, "d", "d"),
                ("F", Literal, "g\n#h", "g\\n#h"),
                ("J", Literal, "k # l", "k # l"),
                ("M", Lookup, "${N}", "${N}"),
                ("O", Template, "p${Q}", "p${Q}"),
                ("R", Missing, "", ""),
                ("S", Missing, "", ""),
                ("T", Literal, "a#b", "a#b"),
                ("u.v-w", Literal, "x", "x"),
            ],
        );
    }

    #[test]
    fn quoted_values_go_over_lines_and_lost_quotes_do_not() {
        assert_bindings(
            "A=\"b\nc\"\nD=\"e\nF='g\nH=i\n",
            &[
                ("A", Literal, "b\nc", "b\nc"),
                ("D", Literal, "e", "e"),
                ("F", Literal, "g", "g"),
                ("H", Literal, "i", "i"),
            ],
        );
    }

    #[test]
    fn the_family_of_names_is_known() {
        let claims = |name: &str| {
            let path = SourcePath::from_bytes(name);
            crate::language::identify(FileHead { path: &path, head: b"" })
                .is_some_and(|reader| reader.name() == "dotenv")
        };
        for name in [".env", "a/.env.local", "prod.env", ".flaskenv", ".env.example", "env.sample"]
        {
            assert!(claims(name), "{name}");
        }
        for name in [
            "env.py",
            ".env.js",
            "env.dart",
            "Env.java",
            "env.tf",
            "env.nu",
            "environment",
            "environment.yml",
            ".envrc",
            "env.d.ts",
        ] {
            assert!(!claims(name), "{name}");
        }
    }
}
