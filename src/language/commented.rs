//! Commented-out code: the text of comments, read in the language of the file.

use super::{
    embedded,
    extract::Extract,
    lookup::is_constant_name,
    reader::{CodeFrame, FileHead, Reader, Wanted},
    tree::{line_end, skip_blanks, trim_blanks},
};
use crate::model::{Embedded, Facts, Nesting, SourcePath, Span};

/// Marks around a comment or a documentation string over several lines, the longest first.
#[rustfmt::skip]
const BLOCKS: &[(&[u8], &[u8])] = &[
    (b"<!--", b"-->"), (b"/*", b"*/"), (b"<#", b"#>"), (b"#=", b"=#"), (b"--[[", b"]]"),
    (b"#[[", b"]]"), (b"=begin", b"=end"), (b"\"\"\"", b"\"\"\""), (b"'''", b"'''"),
    (b"\"", b"\""), (b"'", b"'"),
];

/// The facts of commented-out code in `comments` of a text, where `is_near` holds.
pub fn read(
    reader: &dyn Reader,
    text: &[u8],
    file: FileHead<'_>,
    comments: &[Span],
    is_near: &dyn Fn(Span) -> bool,
) -> Facts {
    let mut facts = Facts::default();
    for piece in pieces(text, comments, is_near) {
        for code in piece.framed(reader.code_frames(file)) {
            let mut inner = reader.read(&code.text, file, Wanted::ALL);
            inner.comment_out();
            code.hand_over(inner, &mut facts);
        }
        if piece.is_line && reader.name() != "shell" && is_shell_line(&piece.code.text) {
            facts.embedded.push(commented(&piece.code, "a.sh", Nesting::Document));
        }
    }
    facts
}

/// The commented-out code of a program that another text embeds, in the language of `reader` and of
/// files like `file`.
pub fn code(reader: &dyn Reader, text: &[u8], comments: &[Span], file: &str) -> Vec<Embedded> {
    let path = SourcePath::from_bytes(file);
    let head = FileHead { path: &path, head: b"" };
    let pieces = pieces(text, comments, &|_| true);
    let code = pieces.iter().flat_map(|piece| piece.framed(reader.code_frames(head)));
    code.map(|code| commented(&code, file, Nesting::Notebook)).collect()
}

fn commented(code: &Extract, file: &str, nesting: Nesting) -> Embedded {
    Embedded { commented: true, ..embedded::code(code, file, nesting) }
}

/// A commented-out text, without the marks of comments.
struct Piece {
    code: Extract,
    /// `true` for one line alone, which may be an entry of a list or a map.
    is_line: bool,
}

impl Piece {
    /// The text in each of `frames` that applies, as described at [`Reader::code_frames`].
    fn framed(&self, frames: &'static [CodeFrame]) -> Vec<Extract> {
        let count = if self.is_line { frames.len() } else { 1 };
        let framed = |(before, after): &CodeFrame| {
            let edge = |at: usize| Span::new(at, at);
            let whole = self.code.map.to_source(Span::new(0, self.code.text.len()));
            let mut code = Extract::default();
            code.replace(before.as_bytes(), edge(whole.start));
            code.append(&self.code);
            code.replace(after.as_bytes(), edge(whole.end));
            code
        };
        frames.iter().take(count).map(framed).collect()
    }
}

/// `true` if a line may be for a shell, in a comment of any language.
fn is_shell_line(line: &[u8]) -> bool {
    let line = line.trim_ascii();
    line.starts_with(b"export ")
        || memchr::memmem::find(line, b" -").is_some()
        || line.iter().position(|byte| *byte == b'=').is_some_and(|sign| {
            let name = std::str::from_utf8(&line[..sign]).unwrap_or_default();
            is_constant_name(name) && line.get(sign + 1).is_some_and(u8::is_ascii_alphanumeric)
        })
}

/// The assignment at the end of a line that begins with prose: `key = "…"` of `Usage: key = "…"`.
fn assignment(text: &[u8], line: Span) -> Option<Span> {
    let bytes = line.slice(text);
    let before = bytes[..memchr::memchr(b'=', bytes)?].trim_ascii_end();
    let is_of_name = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.');
    let name = before.iter().rev().take_while(is_of_name).count();
    let prose = &before[..before.len() - name];
    let begins = name > 0 && !prose.trim_ascii().is_empty();
    begins.then(|| Span::new(line.start + prose.len(), line.end))
}

/// The commented-out texts where `is_near` holds. Comments on consecutive lines are one text. Its
/// lines follow also alone, because prose before them may open a quote or a block.
fn pieces(text: &[u8], comments: &[Span], is_near: &dyn Fn(Span) -> bool) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = comments;
    while let Some(first) = rest.first() {
        let (run, others) = rest.split_at(run_length(text, rest));
        rest = others;
        let last = run.last().map_or(first.end, |last| last.end);
        if !is_near(Span::new(first.start, last)) {
            continue;
        }
        let lines: Vec<Span> = run.iter().flat_map(|comment| lines(text, *comment)).collect();
        let piece = |lines: &[Span], is_line: bool| {
            let mut code = Extract::default();
            for line in lines {
                code.copy(text, *line);
                code.replace(b"\n", Span::new(line.end, line.end + 1));
            }
            Piece { code, is_line }
        };
        if lines.len() > 1 {
            pieces.push(piece(&lines, false));
        }
        let near = lines.into_iter().filter(|line| is_near(*line));
        let near = near.flat_map(|line| [Some(line), assignment(text, line)]).flatten();
        pieces.extend(near.map(|line| piece(&[line], true)));
    }
    pieces
}

/// The number of comments at the start of `comments` that are on consecutive lines.
fn run_length(text: &[u8], comments: &[Span]) -> usize {
    let follows = |pair: &&[Span]| {
        text.get(pair[0].end..pair[1].start).is_some_and(|gap| {
            gap.iter().all(u8::is_ascii_whitespace) && memchr::memchr_iter(b'\n', gap).count() <= 1
        })
    };
    1 + comments.windows(2).take_while(follows).count()
}

/// The lines of a comment, without its marks.
fn lines(text: &[u8], comment: Span) -> Vec<Span> {
    let bytes = comment.slice(text);
    // The prefix of a documentation string: `r"""`.
    let prefix = bytes.iter().take_while(|byte| b"rRuUbB".contains(byte)).count();
    let prefix = if matches!(bytes.get(prefix), Some(b'"' | b'\'')) { prefix } else { 0 };
    let block = BLOCKS.iter().find(|(open, _)| bytes[prefix..].starts_with(open));
    let Some((open, close)) = block else {
        return vec![Span::new(comment.start + mark(bytes), comment.end)];
    };
    let start = comment.start + prefix + open.len();
    let closed = bytes.len() >= prefix + open.len() + close.len() && bytes.ends_with(close);
    let end = (comment.end - if closed { close.len() } else { 0 }).max(start);
    let mut lines = Vec::new();
    let mut at = start;
    while at < end {
        let (stop, next) = line_end(text, at, end);
        let mut from = at;
        if open == b"/*" {
            let content = skip_blanks(text, at, stop);
            from = if text[content..stop].starts_with(b"*") { content + 1 } else { at };
        }
        lines.push(Span::new(from, trim_blanks(text, from, stop)));
        at = next;
    }
    lines
}

/// The length of the mark that opens a comment of one line: `#`, `//!`, `--`, `REM`.
fn mark(comment: &[u8]) -> usize {
    if comment.len() > 3 && comment[..3].eq_ignore_ascii_case(b"rem") {
        return 3;
    }
    let Some(first) = comment.first() else { return 0 };
    let sign = comment.iter().take_while(|byte| *byte == first).count();
    sign + usize::from(comment.get(sign) == Some(&b'!'))
}

#[cfg(test)]
mod tests {
    use crate::{
        language::{FileHead, Places, Wanted, identify, read},
        model::SourcePath,
    };

    /// Keys and values of the facts of commented-out code in a file, near `secret` if it is there.
    fn read_comments(name: &str, text: &str, secret: &str) -> Vec<String> {
        let path = SourcePath::from_bytes(name);
        let file = FileHead { path: &path, head: text.as_bytes() };
        let reader = identify(file).expect(name);
        let places: Vec<usize> = text.match_indices(secret).map(|(at, _)| at).collect();
        let wanted = Wanted { places: Places::at(&places), skip: &[], commented: true };
        let facts = read(reader, text.as_bytes(), file, wanted);
        let bindings = facts.bindings.iter().filter(|one| one.commented);
        bindings
            .map(|one| {
                assert_eq!(one.value.span.slice(text.as_bytes()), one.value.text.as_bytes());
                format!("{}={}", one.key, one.value.text)
            })
            .collect()
    }

    #[test]
    fn commented_out_code_is_read_in_the_language_of_its_file() {
        for (name, text) in [
            ("a.py", "# k = 's'\n"),
            ("a.py", "# Don't:\n#     k='s',\n"),
            ("a.py", "#   'k': 's',\n"),
            ("a.py", "r\"\"\"Text.\n\n>>> f(k='s')\n\"\"\"\n"),
            ("a.js", "/*\n * const k = 's';\n */\n"),
            ("a.ts", "f({\n  // k: 's',\n})\n"),
            ("a.vue", "<script>\n// const k = 's'\n</script>\n"),
            ("a.php", "<?php\n// 'k' => 's',\n"),
            ("a.swift", "// k: \"s\",\n"),
            ("a.json", "{\n  // \"k\": \"s\",\n}\n"),
            ("a.lua", "--[[\nk = 's'\n]]\n"),
            ("a.bat", "REM set k=s\n"),
            ("a.xml", "<a>\n<!-- <k>s</k> -->\n</a>\n"),
            ("a.yaml", "a:\n  # k: s\n"),
            ("a.yaml", "# x:\n#   - name: k\n#     value: s\n"),
            (".env", "#k=s\n"),
            ("a.ini", "[a]\n; k = s\n"),
            ("a.tf", "/*\n  k = \"s\"\n*/\n"),
            ("a.go", "// export k=s\n"),
            ("a.go", "// Example: k = \"s\"\n"),
            ("a.py", "\"\"\"A.\n\nUsage: k = 's'\n\"\"\"\n"),
            ("a.js", "/**\n * Usage: k = 's'\n */\n"),
            ("README.md", "```bash\n# export k=s\n```\n"),
            ("Dockerfile", "FROM a\n# ENV k=s\n"),
        ] {
            assert!(read_comments(name, text, "k").contains(&"k=s".to_string()), "{name}: {text}");
        }
    }

    #[test]
    fn variables_of_a_shell_are_read_in_prose_and_in_lists() {
        for (name, text) in [
            ("a.py", "\"\"\"Set K=s first.\"\"\"\n"),
            ("a.js", "// K=s npm start\n"),
            ("a.yaml", "environment:\n  - A=b\n  # - K=s\n"),
            ("a.yaml", "environment:\n  #- \"K=s\"\n"),
        ] {
            assert!(read_comments(name, text, "K").contains(&"K=s".to_string()), "{name}: {text}");
        }
    }

    #[test]
    fn only_comments_near_a_keyword_are_read_and_each_binding_once() {
        let text = "# a = 'b'\n\n# k = 's'\n# c = 'd'\n\nx = 1\n";
        assert_eq!(read_comments("a.py", text, "k"), ["k=s", "c=d"]);
        assert!(read_comments("a.py", text, "absent").is_empty());
    }
}
