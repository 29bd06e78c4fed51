//! One engine for the lexical side of many programming languages.
//!
//! Text becomes tokens ([`lexer`]), runs of tokens become facts ([`walk`]). What differs
//! between languages is a table ([`Dialect`]). Nothing is parsed in full: broken code
//! costs the construct it stands in, and time and memory stay in proportion to the text.

mod assignment;
mod begins;
mod bracket;
mod call;
mod dialect;
mod element;
mod escape;
#[cfg(test)]
pub mod examples;
mod fold;
mod frame;
mod idle;
mod import;
mod lexer;
mod markup;
mod opening;
mod operator;
mod pass;
mod process;
mod quote;
mod quote_forms;
mod shell_line;
mod sql;
mod target;
mod token;
mod value;
mod walk;

pub use dialect::{
    C_COMMENTS, Comment, Curly, CurlyEquals, Dialect, Escapes, Fill, LineEnds, NamedArguments,
    Prefixes, Quote, Trait, Traits,
};
pub use token::Kind;

use super::reader::{FileHead, Known, Places, Reader};
use crate::model::Facts;
use idle::Idle;
use lexer::Lexer;
use std::ops::Range;
use walk::Walk;

/// Reads the language of a table.
pub struct Lexical(pub &'static Dialect);

impl Reader for Lexical {
    fn name(&self) -> &'static str {
        self.0.name
    }

    fn claims(&self, file: FileHead<'_>) -> bool {
        self.0.claims(file)
    }

    fn read(&self, text: &[u8], _file: FileHead<'_>) -> Facts {
        self.0.read(text)
    }

    fn read_near(
        &self,
        text: &[u8],
        _file: FileHead<'_>,
        places: Places<'_>,
        known: Option<&mut dyn Known>,
    ) -> Facts {
        self.0.read_parts(text, std::iter::once(0..text.len()), places, known)
    }
}

impl Dialect {
    /// Whether a file is in this language, by its ending, its name or its `#!` line.
    pub fn claims(&self, file: FileHead<'_>) -> bool {
        file.ends_in(self.endings)
            || file.is_named(self.file_names)
            || file.path.extension().is_none()
                && file.interpreter().is_some_and(|program| self.interpreters.contains(&program))
    }

    /// The facts of `text`.
    pub fn read(&'static self, text: &[u8]) -> Facts {
        self.read_parts(text, std::iter::once(0..text.len()), Places::ALL, None)
    }

    /// The facts of some parts of `text`, given in order, that are near `places`, without
    /// those of Python's functions that are known.
    pub fn read_parts(
        &'static self,
        text: &[u8],
        parts: impl Iterator<Item = Range<usize>>,
        places: Places<'_>,
        mut known: Option<&mut dyn Known>,
    ) -> Facts {
        let mut walk = Walk::new(text, self, places);
        for part in parts {
            let start = || Lexer::new(&text[..part.end], part.start, self);
            let mut lexer = start();
            let Idle { brackets, functions } = Idle::of(start(), places).unwrap_or_default();
            (lexer.places, lexer.idle) = (places, brackets);
            let mut functions = functions.into_iter().peekable();
            // Nothing is wanted behind the last place.
            while places.are_in(lexer.at..part.end) {
                let start = lexer.at;
                let stands_alone = lexer.ends_at_functions && lexer.stands_alone();
                if let Some(known) = known.as_deref_mut().filter(|_| stands_alone)
                    && let Some(end) = end_of_known(&text[..part.end], start, known)
                {
                    known.was_passed(start..end);
                    lexer.at = end;
                    continue;
                }
                while functions.next_if(|function| *function <= start).is_some() {}
                let end = functions.peek().filter(|end| !places.are_in(start..**end));
                if let Some(end) = end.filter(|_| stands_alone) {
                    lexer.at = *end;
                    continue;
                }
                if !lexer.next_run(&mut walk.tokens, &mut walk.facts.comments) {
                    break;
                }
                if places.are_in(start..lexer.at) {
                    walk.run();
                }
                if let Some(known) = known.as_deref_mut()
                    && stands_alone
                {
                    if lexer.ended_at_function() {
                        known.was_read(start..lexer.at);
                    } else if lexer.at == text.len() {
                        known.was_read_to_end(start);
                    }
                }
            }
        }
        in_order(walk.facts)
    }
}

/// Where the function of Python's ends that starts at `start` and is known. A function
/// stands alone between two lines that start one, outside of all brackets and texts.
fn end_of_known(text: &[u8], start: usize, known: &dyn Known) -> Option<usize> {
    // A part that looks like a function may end in the middle of a text.
    const MOST_GUESSES: usize = 3;
    let is_function =
        |end: &usize| *end == text.len() || text.get(*end..).is_some_and(lexer::starts_function);
    if let Some(end) = known.known_end(start).filter(is_function) {
        return Some(end);
    }
    let mut end = start;
    let guesses = std::iter::from_fn(|| {
        end += lexer::next_function(text.get(end..)?)?;
        Some(end)
    });
    guesses.take(MOST_GUESSES).find(|end| known.is_known(start..*end))
}

fn in_order(mut facts: Facts) -> Facts {
    if !facts.bindings.is_sorted_by_key(|binding| binding.span.start) {
        facts.bindings.sort_by_key(|binding| binding.span.start);
    }
    facts.commands.sort_by_key(|command| command.span.start);
    facts.comments.sort_unstable();
    facts
}

#[cfg(test)]
mod tests {
    use super::{
        super::reader::{FileHead, Known, Places, Reader},
        examples::facts_of,
    };
    use crate::{
        language::{READERS, identify},
        model::{Facts, SourcePath, Span},
    };
    use std::{collections::HashSet, ops::Range};

    fn identify_python() -> &'static dyn Reader {
        let path = SourcePath::from_bytes("a.py");
        identify(FileHead { path: &path, head: b"" }).expect("Python is known")
    }

    /// Programs with something of everything, to be cut and spoilt.
    const PROGRAMS: [&str; 3] = [
        "f(a, token=\"x\", **{'b': [1, \"c\"]}) or \"d\" # e\nos.system(f\"hf {a} 'b\")\nt = 'a' \"\"\"b\n\"\"\"\n",
        "const t = `a ${b('`')} c` ?? \"x\"; <F t={{a: 'b'}}/> /* c */ spawn('hf', ['a', x]) // d\n",
        "<?php $a->b = ['c' => \"d $e\"] . <<<EOT\nx\nEOT;\n#define A \"b\"\nr#\"c\"# R\"d(e)d\" %q(f) [[g]] --[[ h ]] 'i",
    ];

    fn assert_sound(facts: &Facts, text: &[u8]) {
        for binding in &facts.bindings {
            assert!(binding.span.end <= text.len() && binding.span.contains(binding.value.span));
            assert!(binding.span.contains(binding.key_span) || binding.key_span.is_empty());
        }
        assert!(facts.bindings.is_sorted_by_key(|binding| binding.span.start));
        assert!(facts.commands.iter().all(|command| !command.words.is_empty()));
        assert!(facts.comments.iter().all(|comment| comment.end <= text.len()));
    }

    #[test]
    fn any_part_of_any_program_can_be_read_as_any_language() {
        const NOISE: &[u8] = b"\"'`()[]{}\\\n#/*$,:=<|\xff\xe2";
        for reader in READERS {
            for program in PROGRAMS {
                for cut in 0..program.len() {
                    let (left, right) = program.as_bytes().split_at(cut);
                    let noise = [NOISE[cut % NOISE.len()]];
                    for text in [left.to_vec(), right.to_vec(), [left, &noise[..], right].concat()]
                    {
                        assert_sound(&facts_of(*reader, &text), &text);
                    }
                }
            }
        }
    }

    #[test]
    fn near_a_place_the_same_is_read_as_in_one_go() {
        for reader in READERS {
            for program in PROGRAMS {
                let whole = facts_of(*reader, program.as_bytes());
                let path = SourcePath::from_bytes("a");
                let file = FileHead { path: &path, head: b"" };
                for place in 0..program.len() {
                    let places = [place];
                    let near =
                        reader.read_near(program.as_bytes(), file, Places::at(&places), None);
                    let is_near = |span: Span| span.contains(Span::new(place, place + 1));
                    let mut wanted = whole.bindings.iter().filter(|one| is_near(one.span));
                    assert!(wanted.all(|one| near.bindings.contains(one)), "{program} {place}");
                    let mut wanted = whole.commands.iter().filter(|one| is_near(one.span));
                    assert!(wanted.all(|one| near.commands.contains(one)), "{program} {place}");
                    assert!(near.bindings.iter().all(|one| whole.bindings.contains(one)));
                }
            }
        }
    }

    #[test]
    fn brackets_without_a_place_in_or_before_them_are_passed_over() {
        let text = "function a() { b(\"one\") }\nlogin({ c: { d: \"two\" } })\ne({ f: \"three\" })";
        let path = SourcePath::from_bytes("a.js");
        let file = FileHead { path: &path, head: b"" };
        let reader = identify(file).expect("JavaScript is known");
        let places = [text.find("login").expect("it stands there")];
        let facts = reader.read_near(text.as_bytes(), file, Places::at(&places), None);
        let read: Vec<&str> = facts.bindings.iter().map(|one| one.value.text.as_str()).collect();
        assert!(read.contains(&"two") && !read.contains(&"one") && !read.contains(&"three"));
    }

    /// Remembers every part.
    #[derive(Default)]
    struct All {
        text: Vec<u8>,
        parts: HashSet<Vec<u8>>,
    }

    impl Known for All {
        fn is_known(&self, part: Range<usize>) -> bool {
            self.parts.contains(&self.text[part])
        }

        fn was_read(&mut self, part: Range<usize>) {
            self.parts.insert(self.text[part].to_vec());
        }
    }

    fn bindings(text: &str, known: &mut All) -> Vec<String> {
        known.text = text.into();
        let path = SourcePath::from_bytes("a.py");
        let file = FileHead { path: &path, head: b"" };
        let facts = identify_python().read_near(text.as_bytes(), file, Places::ALL, Some(known));
        facts.bindings.into_iter().map(|one| one.value.text).collect()
    }

    const FUNCTIONS: &str = "import a\n\nclass A:\n    def b(self):\n        x = 'b'\n\n    async def c(self):\n        \
        y = '''\n    def no(self):\n'''\n\ndef d():\n    return f(\n  z='d')\n\ndef e():\n    w = 'e'\n";

    #[test]
    fn by_functions_the_same_is_read_as_in_one_go() {
        let whole = facts_of(identify_python(), FUNCTIONS.as_bytes()).bindings;
        let whole: Vec<String> = whole.into_iter().map(|one| one.value.text).collect();
        assert_eq!(bindings(FUNCTIONS, &mut All::default()), whole);
        assert_eq!(whole, ["b", "\n    def no(self):\n", "d", "e"]);
    }

    #[test]
    fn of_a_second_version_only_the_functions_that_differ_are_read() {
        let mut known = All::default();
        bindings(FUNCTIONS, &mut known);
        let second = FUNCTIONS.replace("'d'", "'new'");
        assert_eq!(bindings(&second, &mut known), ["new", "e"]);
        // A function is only known where one may start.
        let quoted = format!("'''\n{FUNCTIONS}");
        assert_eq!(
            bindings(&quoted, &mut known).len(),
            bindings(&quoted, &mut All::default()).len()
        );
    }

    #[test]
    fn endless_nesting_and_unclosed_quotes_are_read_soundly() {
        let hostile = [
            "(",
            "[",
            "{",
            ")",
            "f(",
            "f(a=",
            "{a:",
            "a=",
            "a||",
            "'",
            "\"",
            "`${",
            "r#\"",
            "R\"a(",
            "/*",
            "\"\"\"",
            "<<A\n",
            "<<<A\n",
            "f<a,",
            "a.b.",
            "\"x\"+",
            "a?b:",
            "/[",
            "%q(",
            "[=[",
            "if a else ",
            "get('a',",
            "f'{",
            "\"$(",
            "(\n",
            "#define a \"b\"\n",
            "f a,",
            "or 'x' ",
        ];
        for reader in READERS {
            for piece in hostile {
                let text = piece.repeat(10_000 / piece.len());
                assert_sound(&facts_of(*reader, text.as_bytes()), text.as_bytes());
            }
        }
    }
}
