//! Code blocks of Markdown and reStructuredText.

use super::{
    batch::read_batch,
    embedded,
    extract::{Extract, sort},
    files::Files,
    powershell::read_powershell,
    reader::{FileHead, Reader, Wanted},
    shell::read_shell,
};
use crate::model::{CommandPlace, Embedded, Facts, Nesting, Span};

/// Reads the code blocks of Markdown and reStructuredText in their languages.
///
/// Their commands have the place [`CommandPlace::Documentation`], since the text instructs a reader
/// to run them.
pub struct MarkdownReader;

impl Reader for MarkdownReader {
    fn name(&self) -> &'static str {
        "markdown"
    }

    fn files(&self) -> &'static Files {
        const FILES: Files = Files {
            endings: &["md", "markdown", "mdx", "mkd", "qmd", "rmd", "rst"],
            ..Files::NONE
        };
        &FILES
    }

    fn embeds(&self) -> bool {
        true
    }

    fn read(&self, text: &[u8], file: FileHead<'_>, wanted: Wanted<'_>) -> Facts {
        let mut blocks = Blocks { text, at: 0, wanted, facts: Facts::default() };
        if file.ends_in(&["rst"]) {
            blocks.directives()
        } else {
            blocks.fences()
        }
        sort(&mut blocks.facts);
        blocks.facts
    }
}

/// The language of a block.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Fence {
    Shell,
    /// A terminal session, in which only lines after a prompt are commands.
    Session,
    /// A block without a label.
    Unlabeled,
    PowerShell,
    Batch,
    /// The language of a file of this name, for which there may be no reader.
    Code(String),
}

impl Fence {
    /// The language in the label of a block.
    fn of_label(label: &[u8]) -> Self {
        let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_+#".contains(byte);
        let label = label.trim_ascii().trim_ascii_start();
        let label = label.strip_prefix(b"{").unwrap_or(label).trim_ascii_start();
        let label = label.strip_prefix(b".").unwrap_or(label);
        let length = label.iter().take_while(|byte| is_part(byte)).count().min(MAX_LABEL);
        let name = String::from_utf8_lossy(&label[..length]).to_ascii_lowercase();
        match name.as_str() {
            "bash" | "sh" | "shell" | "zsh" | "fish" | "ksh" | "csh" | "shellscript" | "prompt"
            | "cli" | "command" | "commandline" | "terminal" => Self::Shell,
            "text" | "txt" | "plaintext" | "console" | "shell-session" | "sh-session"
            | "bash-session" | "shellsession" => Self::Session,
            "powershell" | "pwsh" | "ps1" | "ps" => Self::PowerShell,
            "bat" | "batch" | "cmd" | "dos" | "batchfile" | "doscon" => Self::Batch,
            "" if label.is_empty() => Self::Unlabeled,
            _ => Self::Code(embedded::file_name(&name)),
        }
    }

    /// The length of the prompt at the start of a line of a session.
    fn prompt(&self, line: &[u8]) -> usize {
        let indent = line.len() - line.trim_ascii_start().len();
        match (self, &line[indent..]) {
            (Self::Code(_), [b'>', b'>', b'>', b' ', ..] | [b'.', b'.', b'.', b' ', ..]) => {
                indent + 4
            }
            (Self::Code(_), _) => 0,
            (_, [b'$' | b'%' | b'>', b' ', ..]) => indent + 2,
            _ => 0,
        }
    }
}

/// Maximum length of the name of a language, in bytes.
const MAX_LABEL: usize = 32;

struct Blocks<'a> {
    text: &'a [u8],
    at: usize,
    /// The parts to skip are closed blocks.
    wanted: Wanted<'a>,
    facts: Facts,
}

impl Blocks<'_> {
    fn line(&mut self) -> Option<Span> {
        let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
        let length = memchr::memchr(b'\n', rest).map_or(rest.len(), |offset| offset + 1);
        let start = self.at;
        self.at += length;
        Some(Span::new(start, self.at))
    }

    /// Reads the blocks between fences of backticks or tildes.
    fn fences(&mut self) {
        while let Some(line) = self.line() {
            let Some((indent, fence, length)) = fence(line.slice(self.text)) else { continue };
            if let Some(end) = self.wanted.skip_end(line.start) {
                self.at = end;
                self.facts.parts.push(line.start..end);
                continue;
            }
            let label = Span::new(line.start + indent + length, line.end);
            let language = Fence::of_label(label.slice(self.text));
            let mut lines = Vec::new();
            let mut is_closed = false;
            while let Some(inside) = self.line() {
                let text = inside.slice(self.text);
                is_closed = unquoted(text).is_some_and(|(start, rest)| {
                    let marks = rest.iter().take_while(|byte| **byte == fence).count();
                    start < 80 && marks >= length && rest[marks..].trim_ascii().is_empty()
                });
                if is_closed {
                    break;
                }
                lines.push(stripped(self.text, inside, indent));
            }
            if self.wanted.places.are_in(line.start..self.at) {
                self.block(&lines, &language);
            }
            if is_closed {
                self.facts.parts.push(line.start..self.at);
            }
        }
    }

    /// Reads the blocks of directives such as `.. code-block:: bash`.
    fn directives(&mut self) {
        while let Some(line) = self.line() {
            let text = line.slice(self.text);
            let indent = text.len() - text.trim_ascii_start().len();
            let Some(rest) = text[indent..].strip_prefix(b".. ") else { continue };
            let names = [&b"code-block::"[..], b"code::", b"sourcecode::", b"prompt::"];
            let Some(label) = names.iter().find_map(|name| rest.strip_prefix(*name)) else {
                continue;
            };
            let language = Fence::of_label(label);
            let start = line.start;
            let mut lines = Vec::new();
            while let Some(inside) = self.line() {
                let text = inside.slice(self.text);
                let own = text.len() - text.trim_ascii_start().len();
                if !text.trim_ascii().is_empty() && own <= indent {
                    self.at = inside.start;
                    break;
                }
                let is_option = lines.is_empty() && text[own.min(text.len())..].starts_with(b":");
                if !is_option {
                    lines.push(Span::new(inside.start + own.min(text.len()), inside.end));
                }
            }
            let end = lines.last().map_or(self.at, |line| line.end);
            if self.wanted.places.are_in(start..end) {
                self.block(&lines, &language);
            }
        }
    }

    fn block(&mut self, lines: &[Span], language: &Fence) {
        let prompted = |span: &Span| language.prompt(span.slice(self.text)) > 0;
        let only_prompted = match language {
            Fence::Session => true,
            Fence::Unlabeled => lines.iter().any(prompted),
            Fence::Shell | Fence::Code(_) => lines.first().is_some_and(prompted),
            Fence::PowerShell | Fence::Batch => false,
        };
        let mut script = Extract::default();
        let mut is_continued = false;
        for line in lines {
            let text = line.slice(self.text);
            let prompt = if only_prompted { language.prompt(text) } else { 0 };
            if !only_prompted || prompt > 0 || is_continued {
                script.copy(self.text, Span::new(line.start + prompt, line.end));
                is_continued = text.trim_ascii_end().ends_with(b"\\");
            }
        }
        let place = CommandPlace::Documentation;
        let inner = match language {
            Fence::PowerShell => read_powershell(&script.text, place),
            Fence::Batch => read_batch(&script.text, place),
            Fence::Shell | Fence::Session | Fence::Unlabeled => read_shell(&script.text, place),
            Fence::Code(file) => {
                let code = embedded::code(&script, file, Nesting::Document);
                return self.facts.embedded.push(Embedded { place: Some(place), ..code });
            }
        };
        script.hand_over(inner, &mut self.facts);
    }
}

/// A line without its quotation marks (`>`), and the offset of its start.
fn unquoted(line: &[u8]) -> Option<(usize, &[u8])> {
    let start = line.iter().position(|byte| !b" \t>".contains(byte))?;
    Some((start, &line[start..]))
}

/// The position of the fence that opens a block, its byte and its length.
fn fence(line: &[u8]) -> Option<(usize, u8, usize)> {
    // A fence may also follow the marker of a list item.
    let start = line.iter().position(|byte| !b" \t>-*+0123456789.".contains(byte))?;
    let mark = line[start];
    let length = line[start..].iter().take_while(|byte| **byte == mark).count();
    let label = &line[start + length..];
    let is_fence = matches!(mark, b'`' | b'~') && length >= 3 && !label.contains(&b'`');
    is_fence.then_some((start, mark, length))
}

/// A line of a block without the indentation of its fence.
fn stripped(text: &[u8], line: Span, indent: usize) -> Span {
    let marks = line.slice(text).iter().take(indent);
    let length = marks.take_while(|byte| b" \t>".contains(byte)).count();
    Span::new(line.start + length, line.end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{language, model::SourcePath};

    fn commands(name: &str, text: &str) -> Vec<String> {
        let path = SourcePath::from_bytes(name);
        let file = FileHead { path: &path, head: b"" };
        assert_eq!(crate::language::identify(file).map(Reader::name), Some("markdown"), "{name}");
        let shown = |command: &crate::model::Command| {
            assert_eq!(command.place, CommandPlace::Documentation);
            let last = command.words.last().expect("a command has words");
            assert_eq!(last.span.slice(text.as_bytes()), last.text.as_bytes());
            let words = command.words.iter().map(|word| word.text.as_str());
            words.collect::<Vec<_>>().join("|")
        };
        language::read(&MarkdownReader, text.as_bytes(), file, Wanted::ALL)
            .commands
            .iter()
            .map(shown)
            .collect()
    }

    #[test]
    fn blocks_of_commands_are_read() {
        for (name, text, expected) in [
            ("a.md", "a\n```bash\nhf b\n# c\nhf \\\n d\n```\nhf e\n", &["hf|b", "hf|d"][..]),
            ("a.md", "~~~ sh title=\"x\"\nhf b\n```\nhf c\n~~~~\n", &["hf|b", "```", "hf|c"]),
            ("a.md", "```console\n$ hf b \\\n  c\nout put\n% hf d\n```", &["hf|b|c", "hf|d"]),
            ("a.md", "```\nhf b\n```\n```text\n$ hf c\nd e\n```", &["hf|b", "hf|c"]),
            ("a.md", "```python\nhf b\n```\n```diff\nhf b\n```", &[]),
            ("a.md", "```dockerfile\nRUN a\n```\n```py\nos.system('b')\n```", &["a", "b"]),
            (
                "a.md",
                "1. a\n\n   ```bash\n   hf b\n   ```\n- ```sh\n  hf c\n  ```",
                &["hf|b", "hf|c"],
            ),
            ("a.md", "> ```bash\n> hf b\n> ```\n", &["hf|b"]),
            (
                "a.md",
                "```{bash}\nhf b\n```\n```powershell\nhf c\n```\n```bat\nhf d\n```",
                &["hf|b", "hf|c", "hf|d"],
            ),
            ("a.md", "`hf b` ```hf c``` \n", &[]),
            ("a.md", "```bash\nhf b", &["hf|b"]),
            (
                "a.rst",
                ".. code-block:: bash\n   :linenos:\n\n   hf b\n\n   hf c\n\nhf d\n.. code:: python\n\n   x\n",
                &["hf|b", "hf|c"],
            ),
        ] {
            assert_eq!(commands(name, text), expected, "{text}");
        }
    }

    #[test]
    fn blocks_are_read_in_the_language_of_their_labels() {
        for (name, text, language) in [
            ("a.md", "```python\nlogin(token=\"x\")\n```\n", "python"),
            ("a.md", "> ```{.py}\n> login(token=\"x\")\n> ```\n", "python"),
            ("a.md", "```pycon\n>>> login(\n...     token=\"x\")\noutput = \"y\"\n```\n", "python"),
            ("a.md", "- a\n  ```yaml\n  token: \"x\"\n  ```\n", "yaml"),
            ("a.md", "```ts title=a\nlogin({ token: \"x\" })\n```\n", "javascript"),
            ("a.md", "```golang\ntoken := \"x\"\n```\n", "go"),
            ("a.md", "```c#\nvar token = \"x\";\n```\n", "csharp"),
            ("a.md", "```dockerfile\nENV token=\"x\"\n```\n", "dockerfile"),
            ("a.md", "```dotenv\ntoken=\"x\"\n```\n", "dotenv"),
            ("a.md", "```dockerfile\nRUN python - <<A\nlogin(token=\"x\")\nA\n```\n", "python"),
            ("a.rst", ".. code:: python\n\n   login(token=\"x\")\n", "python"),
        ] {
            let path = SourcePath::from_bytes(name);
            let file = FileHead { path: &path, head: b"" };
            let facts = language::read(&MarkdownReader, text.as_bytes(), file, Wanted::ALL);
            let token = facts.bindings.iter().find(|one| one.key == "token").expect(text);
            assert_eq!(token.language, Some(language), "{text}");
            assert_eq!(token.value.span.slice(text.as_bytes()), b"x", "{text}");
            assert!(facts.bindings.iter().all(|one| one.value.text != "y"), "{text}");
        }
    }

    #[test]
    fn blocks_in_unknown_languages_and_of_documents_are_skipped() {
        for label in ["diff", "markdown", "ipynb", "nonsense", "/etc/passwd"] {
            let text = format!("~~~{label}\ntoken = \"x\"\n```py\ntoken = \"x\"\n```\n~~~\n");
            let path = SourcePath::from_bytes("a.md");
            let file = FileHead { path: &path, head: b"" };
            assert!(
                language::read(&MarkdownReader, text.as_bytes(), file, Wanted::ALL)
                    .bindings
                    .is_empty(),
                "{label}"
            );
        }
    }
}
