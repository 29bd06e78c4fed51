//! The lexical engine that reads many programming languages.
//!
//! Text becomes tokens ([`lexer`]), and runs of tokens become facts ([`parser`]). A table
//! ([`Grammar`]) describes each language. Nothing is parsed in full: a syntax error only affects
//! the construct around it, and time and memory are proportional to the text.

mod assignment;
mod begins;
mod bracket;
mod call;
mod element;
mod escape;
#[cfg(test)]
pub mod examples;
mod fold;
mod frame;
mod grammar;
mod import;
mod lexer;
mod literal;
mod markup;
mod opening;
mod operator;
mod parser;
mod place;
mod process;
mod quote;
mod quote_forms;
pub mod shared;
mod shell_line;
mod sql;
mod target;
mod token;
mod unclosed;
mod value;
mod words;

pub use grammar::{Curly, CurlyEquals, Grammar, LineEnds, NamedArguments, Trait, Traits};
pub use literal::{C_COMMENTS, Comment, Escapes, Fill, Prefixes, Quote};
pub use token::Kind;
pub use words::{Fold, Form, Import, Meaning, On, Words};

use super::{
    comment_form::CommentForm,
    literal_place::LiteralPlace,
    reader::{CodeFrame, FileHead, Files, Reader, Wanted},
};
use crate::model::Facts;
use lexer::Lexer;
use parser::Parser;
use std::ops::Range;

/// The reader of the language that a table describes.
pub struct Lexical(pub &'static Grammar);

impl Reader for Lexical {
    fn name(&self) -> &'static str {
        self.0.name
    }

    fn files(&self) -> &'static Files {
        &self.0.files
    }

    fn read(&self, text: &[u8], _file: FileHead<'_>, wanted: Wanted<'_>) -> Facts {
        self.0.read_parts(text, std::iter::once(0..text.len()), wanted)
    }

    fn literals_at(&self, text: &[u8], places: &[usize]) -> Vec<Option<LiteralPlace>> {
        self.0.literals_at(text, places)
    }

    fn comment(&self) -> Option<CommentForm> {
        self.0.comment()
    }

    fn code_frames(&self, _file: FileHead<'_>) -> &'static [CodeFrame] {
        self.0.code_frames
    }

    fn import_place(&self, text: &[u8]) -> usize {
        self.0.import_place(text)
    }

    fn unmatched_brackets(&self, text: &[u8]) -> usize {
        self.0.unmatched_brackets(text)
    }
}

impl Grammar {
    /// The comment syntax: the language's comment to the end of the line, if it has one.
    pub fn comment(&self) -> Option<CommentForm> {
        let all = self.comments.iter().filter(|one| !one.at_line_start);
        let first = all.min_by_key(|one| !one.close.is_empty())?;
        Some(CommentForm { open: first.open, close: first.close, own_line: false })
    }

    /// The facts of `text`.
    pub fn read(&'static self, text: &[u8]) -> Facts {
        self.read_parts(text, std::iter::once(0..text.len()), Wanted::ALL)
    }

    /// The facts that are `wanted` of some parts of `text`, given in order. Python functions can be
    /// skipped.
    pub fn read_parts(
        &'static self,
        text: &[u8],
        parts: impl Iterator<Item = Range<usize>>,
        wanted: Wanted<'_>,
    ) -> Facts {
        let places = wanted.places;
        let mut parser = Parser::new(text, self, places);
        for part in parts {
            let mut lexer = Lexer::new(&text[..part.end], part.start, self);
            // Nothing after the last place is wanted.
            while places.are_in(lexer.at..part.end) {
                let start = lexer.at;
                let stands_alone = lexer.ends_at_functions && lexer.stands_alone();
                let skipped = wanted.skip_end(start).filter(|_| stands_alone);
                if let Some(end) = skipped.filter(|end| starts_part(&text[..part.end], *end)) {
                    parser.facts.parts.push(start..end);
                    lexer.at = end;
                    continue;
                }
                if !lexer.next_run(&mut parser.tokens, &mut parser.facts.comments) {
                    break;
                }
                if places.are_in(start..lexer.at) {
                    parser.run();
                    parser.read_code();
                }
                if stands_alone && (lexer.ended_at_function() || lexer.at == text.len()) {
                    parser.facts.parts.push(start..lexer.at);
                }
            }
        }
        in_order(parser.facts)
    }
}

/// `true` if a Python function starts at `at`, or the text ends there.
fn starts_part(text: &[u8], at: usize) -> bool {
    at == text.len() || text.get(at..).is_some_and(lexer::starts_function)
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
        super::reader::{FileHead, Wanted},
        examples::facts_of,
    };
    use crate::{
        language::{READERS, identify},
        model::{Facts, SourcePath, Span},
    };
    use std::ops::Range;

    /// Programs with many constructs, to be truncated and mutated.
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
                    let near = reader.read(program.as_bytes(), file, Wanted::near(&places));
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
        let facts = reader.read(text.as_bytes(), file, Wanted::near(&places));
        let read: Vec<&str> = facts.bindings.iter().map(|one| one.value.text.as_str()).collect();
        assert!(read.contains(&"two") && !read.contains(&"one") && !read.contains(&"three"));
    }

    const FUNCTIONS: &str = "import a\n\nclass A:\n    def b(self):\n        x = 'b'\n\n    async def c(self):\n        \
        y = '''\n    def no(self):\n'''\n\ndef d():\n    return f(\n  z='d')\n\ndef e():\n    w = 'e'\n";

    /// The values bound near `places` in a Python program, outside the ranges in `skip`, and the
    /// parts of the program.
    fn read_python(
        text: &str,
        places: &[usize],
        skip: &[Range<usize>],
    ) -> (Vec<String>, Vec<Range<usize>>) {
        let path = SourcePath::from_bytes("a.py");
        let file = FileHead { path: &path, head: b"" };
        let reader = identify(file).expect("Python is known");
        let wanted = Wanted { skip, ..Wanted::near(places) };
        let facts = reader.read(text.as_bytes(), file, wanted);
        (facts.bindings.into_iter().map(|one| one.value.text).collect(), facts.parts)
    }

    #[test]
    fn functions_are_skipped_where_one_may_start_and_one_may_end() {
        let everywhere: Vec<usize> = (0..FUNCTIONS.len()).collect();
        let (whole, parts) = read_python(FUNCTIONS, &everywhere, &[]);
        assert_eq!(whole, ["b", "\n    def no(self):\n", "d", "e"]);
        assert_eq!(parts.len(), 5);
        let skip = |part: Range<usize>| read_python(FUNCTIONS, &everywhere, &[part]);
        assert_eq!(
            skip(parts[3].clone()),
            (vec![whole[0].clone(), whole[1].clone(), "e".into()], parts.clone())
        );
        // These ranges are not functions of this text.
        for wrong in [parts[3].start + 1..parts[3].end, parts[3].start..parts[3].end - 1] {
            assert_eq!(skip(wrong), (whole.clone(), parts.clone()));
        }
    }

    #[test]
    fn the_parts_are_the_same_whichever_are_skipped() {
        let text = FUNCTIONS.replace("z='d'", "[z(1), {'d': 2}]");
        let places = [text.find("w = ").expect("it stands there")];
        let starts =
            ["    def b", "    async", "def d", "def e"].map(|one| text.find(one).expect(one));
        let parts: Vec<_> = [0]
            .into_iter()
            .chain(starts)
            .zip(starts.into_iter().chain([text.len()]))
            .map(|(start, end)| start..end)
            .collect();
        for skipped in 0..1 << (parts.len() - 1) {
            let is_skipped = |number: &usize| skipped >> number & 1 == 1;
            let skip: Vec<_> =
                (0..parts.len()).filter(is_skipped).map(|one| parts[one].clone()).collect();
            assert_eq!(read_python(&text, &places, &skip), (vec!["e".to_string()], parts.clone()));
        }
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
