//! The code of a cell: a program, which may contain shell lines and Jupyter magics.

use crate::{
    language::{
        commented, embedded,
        extract::Extract,
        lookup::{is_variable_name, kind_of_text},
        python,
        shell::read_shell,
        tree::{line_end, skip_blanks, trim_blanks},
    },
    model::{
        Binding, BindingContext, CommandPlace, Facts, Nesting, Span, SpanMap, Value, ValueKind,
    },
};

/// The facts of a cell or chunk whose language is `language`.
pub fn facts(text: &[u8], language: &str) -> Facts {
    if let Some(magic) = cell_magic(text) {
        return of_magic(text, &magic);
    }
    match language {
        "python" | "ipython" | "python3" | "" => python(text),
        "bash" | "sh" | "zsh" | "shell" => read_shell(text, CommandPlace::NotebookCell),
        _ => program(text, &embedded::file_name(language)),
    }
}

/// The bindings of a cell's settings, in lines `key: value`.
pub fn settings(text: &[u8]) -> Facts {
    let mut facts = Facts::default();
    let mut at = 0;
    while at < text.len() {
        let (end, next) = line_end(text, at, text.len());
        if let Some(colon) = memchr::memmem::find(&text[at..end], b": ") {
            let key = Span::new(at, at + colon);
            let value = Span::new(at + colon + 2, end);
            facts.bindings.extend(binding(text, key, value));
        }
        at = next;
    }
    facts
}

/// `%%name arguments` on the first non-blank line of a cell.
struct Magic<'a> {
    name: &'a str,
    arguments: &'a str,
    /// The offset of the lines after it.
    body: usize,
}

fn cell_magic(text: &[u8]) -> Option<Magic<'_>> {
    let start = text.len() - text.trim_ascii_start().len();
    let (end, body) = line_end(text, start, text.len());
    let line = std::str::from_utf8(text[start..end].strip_prefix(b"%%")?).ok()?;
    let (name, arguments) = line.split_once([' ', '\t']).unwrap_or((line, ""));
    Some(Magic { name, arguments: arguments.trim(), body })
}

fn of_magic(text: &[u8], magic: &Magic<'_>) -> Facts {
    let body = &text[magic.body..];
    let interpreter = magic.arguments.split_ascii_whitespace().next().unwrap_or_default();
    let inner = match magic.name {
        "bash" | "sh" | "zsh" | "shell" | "!" | "system" | "sx" => shell(body),
        "script" if matches!(interpreter, "bash" | "sh" | "zsh") => shell(body),
        "script" => program(body, &embedded::file_name(interpreter)),
        "writefile" | "file" | "writetemplate" => {
            let name = magic.arguments.split_ascii_whitespace().find(|word| !word.starts_with('-'));
            program(body, name.unwrap_or_default())
        }
        "javascript" | "js" | "html" | "HTML" | "R" | "ruby" | "perl" | "sql" | "svg" | "latex"
        | "markdown" => program(body, &embedded::file_name(&magic.name.to_lowercase())),
        // All other magics time, capture or hide a Python cell.
        _ => python(body),
    };
    let mut facts = Facts::default();
    facts.absorb(inner, &SpanMap::shifted(magic.body, body.len()));
    facts
}

fn shell(text: &[u8]) -> Facts {
    read_shell(text, CommandPlace::NotebookCell)
}

/// The facts of a whole text in the language of a file `name`.
fn program(text: &[u8], name: &str) -> Facts {
    let mut facts = Facts::default();
    if !name.is_empty() {
        let mut code = Extract::default();
        code.copy(text, Span::new(0, text.len()));
        facts.embedded.push(embedded::code(&code, name, Nesting::Notebook));
    }
    facts
}

/// The facts of a Python cell. Its shell lines and magics are read in their own language.
fn python(text: &[u8]) -> Facts {
    let mut facts = Facts::default();
    let mut code = text.to_vec();
    let mut at = 0;
    while at < text.len() {
        let (mut end, mut next) = line_end(text, at, text.len());
        let start = skip_blanks(text, at, end);
        let Some(mark) = mark(text, start, end) else {
            at = next;
            continue;
        };
        // A shell line continues after a backslash.
        while text[start..end].ends_with(b"\\") && next < text.len() {
            (end, next) = line_end(text, next, text.len());
        }
        blank(&mut code, mark.from, end);
        line_facts(text, &mark, end, &mut facts);
        at = next;
    }
    let program = python::READER.0.read(&code);
    facts.embedded.extend(commented::code(&python::READER, &code, &program.comments, "a.py"));
    facts.append(program);
    facts
}

/// A line, or the end of a line, that is not Python.
struct Mark {
    /// Its start.
    from: usize,
    /// `!` or `%`.
    sign: u8,
    /// The start of the command.
    command: usize,
}

/// The `!`, `!!` or `%` that makes the line at `start` a shell line or a magic, also after `name
/// =`.
fn mark(text: &[u8], start: usize, end: usize) -> Option<Mark> {
    let line = text.get(start..end)?;
    let from = match line.first()? {
        b'!' | b'%' => start,
        first if first.is_ascii_alphabetic() || *first == b'_' => {
            let is_target = |byte: &&u8| byte.is_ascii_alphanumeric() || b"_., \t[]".contains(byte);
            let target = line.iter().take_while(is_target).count();
            if line.get(target) != Some(&b'=') {
                return None;
            }
            let value = skip_blanks(text, start + target + 1, end);
            matches!(text.get(value), Some(b'!' | b'%')).then_some(value)?
        }
        _ => return None,
    };
    let sign = text[from];
    let signs = text[from..end].iter().take(2).take_while(|byte| **byte == sign).count();
    // `% name` may continue a format expression from the previous line, and `!=` a comparison.
    let is_command = match text[from + signs..end].first()? {
        b'=' => false,
        first => sign == b'!' || first.is_ascii_alphabetic(),
    };
    if !is_command {
        return None;
    }
    Some(Mark { from, sign, command: from + signs })
}

/// Replaces text that is not Python by `pass` and spaces, which keeps offsets and blocks.
fn blank(code: &mut [u8], from: usize, end: usize) {
    for byte in &mut code[from..end] {
        if *byte != b'\n' {
            *byte = b' ';
        }
    }
    if let Some(place) = code[from..end].get_mut(..4).filter(|place| !place.contains(&b'\n')) {
        place.copy_from_slice(b"pass");
    }
}

/// Adds the facts of a shell line or a magic.
fn line_facts(text: &[u8], mark: &Mark, end: usize, facts: &mut Facts) {
    let mut command = mark.command;
    if mark.sign == b'%' {
        let name_end = text[command..end]
            .iter()
            .position(|byte| byte.is_ascii_whitespace())
            .map_or(end, |at| command + at);
        let rest = skip_blanks(text, name_end, end);
        match &text[command..name_end] {
            b"env" | b"set_env" => {
                facts.bindings.extend(environment(text, rest, end));
                return;
            }
            b"sx" | b"system" | b"sh" | b"bash" | b"sc" => command = rest,
            b"pip" | b"conda" | b"mamba" | b"uv" | b"cd" | b"run" => {}
            _ => return,
        }
    }
    let line = &text[command.min(end)..end];
    facts.absorb(shell(line), &SpanMap::shifted(command.min(end), line.len()));
}

/// `%env NAME=value` and `%env NAME value`.
fn environment(text: &[u8], at: usize, end: usize) -> Option<Binding> {
    let line = text.get(at..end)?;
    let is_part = |byte: &&u8| byte.is_ascii_alphanumeric() || **byte == b'_';
    let name_end = at + line.iter().take_while(is_part).count();
    let mut value = skip_blanks(text, name_end, end);
    if text.get(value) == Some(&b'=') && value < end {
        value = skip_blanks(text, value + 1, end);
    }
    let stop = trim_blanks(text, value, end);
    let mut span = Span::new(value, stop);
    if let [b'"', .., b'"'] | [b'\'', .., b'\''] = span.slice(text) {
        span = Span::new(value + 1, stop - 1);
    }
    let mut binding = binding(text, Span::new(at, name_end), span)?;
    binding.span = Span::new(at, stop);
    binding.context = BindingContext::Environment;
    let is_name = |name: &str| is_variable_name(name);
    // `{name}` and `$name` are variables of the program.
    let inner = binding.value.text.strip_prefix('{').and_then(|inner| inner.strip_suffix('}'));
    if inner.or(binding.value.text.strip_prefix('$')).is_some_and(is_name) {
        binding.value.kind = ValueKind::Lookup;
    }
    (is_variable_name(&binding.key) && !span.is_empty()).then_some(binding)
}

fn binding(text: &[u8], key: Span, value: Span) -> Option<Binding> {
    let name = std::str::from_utf8(key.slice(text)).ok()?.to_string();
    let value_text = String::from_utf8_lossy(value.slice(text)).into_owned();
    (!name.is_empty()).then(|| Binding {
        path: name.clone(),
        key: name,
        callee: None,
        position: None,
        value: Value { kind: kind_of_text(&value_text), text: value_text, span: value },
        context: BindingContext::Mapping,
        key_span: key,
        span: key.joined(value),
        language: None,
        commented: false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        language::{FileHead, Wanted, notebook::Notebook, read, whole::completed},
        model::SourcePath,
    };

    fn commands(text: &str, language: &str) -> Vec<String> {
        let facts = facts(text.as_bytes(), language);
        facts
            .commands
            .iter()
            .map(|command| {
                assert_eq!(command.place, CommandPlace::NotebookCell);
                let words: Vec<_> = command.words.iter().map(|word| word.text.as_str()).collect();
                words.join(" ")
            })
            .collect()
    }

    #[test]
    fn lines_for_the_shell_are_commands() {
        for text in [
            "!hf auth login --token abc",
            "x = 1\nif x:\n    !hf auth login \\\n      --token abc\n",
            "out = !hf auth login --token abc\n",
            "!!hf auth login --token abc",
            "%sx hf auth login --token abc",
            "%%bash\nhf auth login --token abc\n",
            "%%script bash\nhf auth login --token abc\n",
            "\n%%sh -e\nhf auth login --token abc\n",
        ] {
            assert_eq!(commands(text, "python"), ["hf auth login --token abc"], "{text}");
        }
        assert_eq!(commands("hf env", "bash"), ["hf env"]);
        assert_eq!(commands("%pip install x", "python"), ["pip install x"]);
    }

    #[test]
    fn a_variable_of_the_environment_is_bound_in_each_form() {
        for (text, kind) in [
            ("%env HF_TOKEN=abc", ValueKind::Literal),
            ("%env HF_TOKEN abc", ValueKind::Literal),
            ("%set_env HF_TOKEN = \"abc\"", ValueKind::Literal),
            ("%env HF_TOKEN={token}", ValueKind::Lookup),
            ("%%writefile .env\nHF_TOKEN=abc\n", ValueKind::Literal),
        ] {
            let facts = completed(facts(text.as_bytes(), "python"), Wanted::ALL);
            let binding = facts.bindings.first().expect(text);
            assert_eq!((binding.key.as_str(), binding.value.kind), ("HF_TOKEN", kind), "{text}");
            assert_eq!(binding.context, BindingContext::Environment);
            assert_eq!(binding.language, None, "{text}");
            assert_eq!(binding.key_span.slice(text.as_bytes()), b"HF_TOKEN");
            let value = binding.value.span.slice(text.as_bytes());
            assert_eq!(value, binding.value.text.as_bytes(), "{text}");
        }
        assert!(facts(b"%env HF_TOKEN", "python").bindings.is_empty());
    }

    #[test]
    fn places_lead_back_to_the_file() {
        let text = br#"{"cells": [{"cell_type": "code", "source": ["x = \"a\"\n", "!hf auth login --token \"abc\"\n"]}]}"#;
        let path = SourcePath::from_bytes("a.ipynb");
        let facts = read(&Notebook, text, FileHead { path: &path, head: text }, Wanted::ALL);
        let command = facts.commands.first().expect("is there");
        assert_eq!(command.words[4].text, "abc");
        assert_eq!(command.words[4].span.slice(text), br#"\"abc\""#);
    }

    #[test]
    fn chunks_of_quarto_are_read() {
        let text =
            b"# T\n```bash\nhf no\n```\n\n```{bash, echo=FALSE}\nhf env\n```\ntext\n```{r}\nx\n";
        let path = SourcePath::from_bytes("a.qmd");
        let facts = read(&Notebook, text, FileHead { path: &path, head: text }, Wanted::ALL);
        assert_eq!(facts.commands.len(), 1);
        assert_eq!(facts.commands[0].span.slice(text), b"hf env");
    }
}
