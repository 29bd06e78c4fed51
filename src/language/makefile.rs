//! Makefiles and justfiles: their recipes and their variables.

use super::{
    comment_form::CommentForm,
    extract::sort,
    files::Files,
    reader::{FileHead, Reader, Wanted},
    shell::{read_recipe, read_shell, read_value},
};
use crate::model::{Binding, BindingContext, CommandPlace, Facts, Span, SpanMap, ValueKind};

/// Reads Makefiles and justfiles.
pub struct MakefileReader;

impl Reader for MakefileReader {
    fn name(&self) -> &'static str {
        "makefile"
    }

    fn comment(&self) -> Option<CommentForm> {
        Some(CommentForm::own_line("#"))
    }

    fn files(&self) -> &'static Files {
        const FILES: Files = Files {
            names: &[
                "makefile",
                "gnumakefile",
                "bsdmakefile",
                "makefile.am",
                "justfile",
                ".justfile",
            ],
            endings: &["mk", "mak", "make", "just"],
            starts: &["makefile."],
            except: &["py", "md", "rst", "txt", "js", "ts", "json", "yml", "yaml", "toml", "html"],
            interpreters: &["make", "just"],
            interpreters_beat_endings: true,
            ..Files::NONE
        };
        &FILES
    }

    fn embeds(&self) -> bool {
        true
    }

    fn read(&self, text: &[u8], file: FileHead<'_>, _wanted: Wanted<'_>) -> Facts {
        let mut recipes = Recipes { text, is_make: !is_justfile(file), facts: Facts::default() };
        recipes.read();
        sort(&mut recipes.facts);
        recipes.facts
    }
}

fn is_justfile(file: FileHead<'_>) -> bool {
    file.is_named(&["justfile", ".justfile"])
        || file.ends_in(&["just"])
        || file.interpreter() == Some("just")
}

struct Recipes<'a> {
    text: &'a [u8],
    is_make: bool,
    facts: Facts,
}

impl Recipes<'_> {
    fn read(&mut self) {
        let mut at = 0;
        let mut is_after_rule = false;
        while at < self.text.len() {
            let line = self.logical_line(at);
            let written = line.slice(self.text);
            let is_indented = match written.first() {
                Some(b'\t') => true,
                Some(b' ') => !self.is_make && is_after_rule,
                _ => false,
            };
            if is_indented {
                at = self.recipe_line(line);
                continue;
            }
            at = line.end + 1;
            if written.trim_ascii().is_empty() {
                continue;
            }
            is_after_rule = true;
            if written.starts_with(b"#") {
                self.facts.comments.push(line);
            } else {
                self.definition(line);
            }
        }
    }

    /// The line that starts at `start`, with its continuation lines.
    fn logical_line(&self, start: usize) -> Span {
        let mut at = start;
        loop {
            let rest = self.text.get(at..).unwrap_or_default();
            let Some(length) = memchr::memchr(b'\n', rest) else {
                return Span::new(start, self.text.len());
            };
            let line = rest[..length].strip_suffix(b"\r").unwrap_or(&rest[..length]);
            let slashes = line.iter().rev().take_while(|byte| **byte == b'\\').count();
            if slashes % 2 == 0 {
                return Span::new(start, at + length);
            }
            at += length + 1;
        }
    }

    /// Reads a line of a recipe, and returns the start of the next line.
    fn recipe_line(&mut self, line: Span) -> usize {
        let written = line.slice(self.text);
        let marks = written.iter().take_while(|byte| b" \t@-+".contains(byte)).count();
        let blanks = written.len() - written.trim_ascii_start().len();
        if !self.is_make && written[blanks..].starts_with(b"#!") {
            return self.shebang_recipe(line);
        }
        let part = Span::new(line.start + marks, line.end);
        self.add(read_recipe(self.text, part, self.is_make));
        line.end + 1
    }

    /// Reads the whole body of a recipe that names its interpreter.
    fn shebang_recipe(&mut self, first: Span) -> usize {
        let mut end = first.end + 1;
        while let Some(byte) = self.text.get(end) {
            if !b" \t\r\n".contains(byte) {
                break;
            }
            let rest = &self.text[end..];
            end += memchr::memchr(b'\n', rest).map_or(rest.len(), |length| length + 1);
        }
        let interpreter = first.slice(self.text).trim_ascii();
        if interpreter.ends_with(b"sh") || memchr::memmem::find(interpreter, b"sh -").is_some() {
            let body = Span::new(first.end.min(self.text.len()), end.min(self.text.len()));
            let inner = read_shell(body.slice(self.text), CommandPlace::Recipe);
            self.facts.absorb(inner, &SpanMap::shifted(body.start, body.len()));
        }
        end
    }

    /// Reads a line outside recipes: a variable, or a rule, which may contain a variable or a
    /// recipe.
    fn definition(&mut self, line: Span) {
        let text = line.slice(self.text);
        let Some(operator) = operator(text) else {
            self.rule(line);
            return;
        };
        let mut context = match text.get(operator.start) {
            Some(b'?') => BindingContext::Default,
            _ => BindingContext::Assignment,
        };
        // The part before the name: `target:`, `export`, `override`.
        let before = text[..operator.start].trim_ascii_end();
        let name_length = before.iter().rev().take_while(|byte| is_part_of_name(**byte)).count();
        let key = Span::new(before.len() - name_length, before.len());
        let words = text[..key.start].split(u8::is_ascii_whitespace);
        if words.into_iter().any(|word| word == b"export") {
            context = BindingContext::Environment;
        }
        let rest = &text[operator.end..];
        let comment = memchr::memmem::find(rest, b" #").unwrap_or(rest.len());
        let value = rest[..comment].trim_ascii_end();
        let blanks = value.len() - value.trim_ascii_start().len();
        let part = Span::new(operator.end + blanks, operator.end + value.len());
        if key.is_empty() {
            return;
        }
        self.bind(key.shifted(line.start), part.shifted(line.start), context);
    }

    fn bind(&mut self, key: Span, part: Span, context: BindingContext) {
        let (mut value, inner) = read_value(self.text, part, self.is_make);
        let is_quoted = part.slice(self.text).first().is_some_and(|byte| b"'\"".contains(byte));
        if !self.is_make && !is_quoted && value.kind == ValueKind::Literal {
            // In just, unquoted text consists of names and calls.
            value.kind = ValueKind::Lookup;
        }
        self.add(inner);
        let name = String::from_utf8_lossy(key.slice(self.text)).into_owned();
        self.facts.bindings.push(Binding {
            path: name.clone(),
            key: name,
            callee: None,
            position: None,
            value,
            context,
            key_span: key,
            span: key.joined(part),
            language: None,
            commented: false,
        });
    }

    /// Reads the recipe on the line of its rule, after `;`.
    fn rule(&mut self, line: Span) {
        let text = line.slice(self.text);
        if let Some(start) = memchr::memchr(b';', text).filter(|_| self.is_make) {
            let part = Span::new(line.start + start + 1, line.end);
            self.add(read_recipe(self.text, part, true));
        }
    }

    fn add(&mut self, inner: Facts) {
        self.facts.bindings.extend(inner.bindings);
        self.facts.commands.extend(inner.commands);
        self.facts.comments.extend(inner.comments);
    }
}

fn is_part_of_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"_-.".contains(&byte)
}

/// The span of the assignment operator of a line, if it has one.
fn operator(line: &[u8]) -> Option<Span> {
    let equals = memchr::memchr(b'=', line)?;
    // The line has a recipe after `;`, or a variable in the name of a target.
    if line[..equals].iter().any(|byte| b";$#\"'(".contains(byte)) {
        return None;
    }
    let marks = line[..equals].iter().rev().take_while(|byte| b":?+!".contains(byte)).count();
    let is_comparison = line.get(equals + 1) == Some(&b'=');
    (!is_comparison).then(|| Span::new(equals - marks, equals + 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::SourcePath;

    fn read(name: &str, text: &str) -> Facts {
        let path = SourcePath::from_bytes(name);
        let file = FileHead { path: &path, head: b"" };
        assert_eq!(crate::language::identify(file).map(Reader::name), Some("makefile"), "{name}");
        MakefileReader.read(text.as_bytes(), file, Wanted::ALL)
    }

    fn commands(name: &str, text: &str) -> Vec<String> {
        let shown = |command: &crate::model::Command| {
            assert_eq!(command.place, CommandPlace::Recipe);
            let words = command.words.iter().map(|word| word.text.as_str());
            words.collect::<Vec<_>>().join("|")
        };
        read(name, text).commands.iter().map(shown).collect()
    }

    #[test]
    fn recipes_are_read_into_commands() {
        for (name, text, expected) in [
            (
                "Makefile",
                "a: b\n\t@hf c\n\t-hf \\\n\t  d\n# e\nf:; hf g",
                &["hf|c", "hf|d", "hf|g"][..],
            ),
            (
                "a.mk",
                "a:\n\thf $(A) ${B} $@ $$C \"$$(d e)\" '$(F) $$G'",
                &["hf|$(A)|${B}|$@|$$C|$$(d e)|$(F) $G", "d|e"],
            ),
            (
                "Makefile",
                "A := $(shell hf b)\nc:\n\td $(call e,$(F) g)",
                &["hf|b", "d|$(call e,$(F) g)"],
            ),
            ("justfile", "a b='c':\n    @hf {{ b }}\n    d\n\ne:\n  f", &["hf|{{ b }}", "d", "f"]),
            (
                "justfile",
                "a:\n    #!/usr/bin/env bash\n    if b; then\n      c\n    fi\nd:\n  e",
                &["b", "c", "e"],
            ),
            ("justfile", "a:\n    #!/usr/bin/env python\n    login()\nd:\n  e", &["e"]),
        ] {
            assert_eq!(commands(name, text), expected, "{text}");
        }
    }

    #[test]
    fn variables_are_bound_to_values() {
        for (name, text, expected) in [
            (
                "Makefile",
                "A = b\nC:=d # e\nF ?= g\nexport H := i j",
                &[
                    "A Literal Assignment b",
                    "C Literal Assignment d",
                    "F Literal Default g",
                    "H Literal Environment i j",
                ][..],
            ),
            (
                "Makefile",
                "A = $(B)\nC = x-${D}\na: E = f",
                &[
                    "A Lookup Assignment $(B)",
                    "C Template Assignment x-${D}",
                    "E Literal Assignment f",
                ],
            ),
            (
                "Makefile",
                "a:\n\texport B=c; D=$$E f",
                &["B Literal Environment c", "D Lookup Environment $$E"],
            ),
            (
                "justfile",
                "a := 'b'\nexport C := env_var('D')\ne := \"f\"",
                &[
                    "a Literal Assignment b",
                    "C Lookup Environment env_var('D')",
                    "e Literal Assignment f",
                ],
            ),
        ] {
            let part =
                |span: Span| String::from_utf8_lossy(span.slice(text.as_bytes())).into_owned();
            let facts = read(name, text);
            let shown = facts.bindings.iter().map(|binding| {
                assert_eq!(part(binding.key_span), binding.key, "{text}");
                let Binding { key, value, context, .. } = binding;
                format!("{key} {:?} {context:?} {}", value.kind, part(value.span))
            });
            assert_eq!(shown.collect::<Vec<_>>(), expected, "{text}");
        }
    }
}
