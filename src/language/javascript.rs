//! JavaScript and TypeScript, with JSX, and the scripts of pages and components.

use super::{
    comment_form::CommentForm,
    embedded,
    extract::Extract,
    files::Files,
    lexical::{
        C_COMMENTS, CurlyEquals, Fill, Fold, Form, Grammar, Import, Kind, LineEnds, Meaning, On,
        Quote, Trait, Traits, Words, shared,
    },
    literal_place::LiteralPlace,
    reader::{CodeFrame, FileHead, Reader, Wanted},
};
use crate::model::{Facts, Nesting};
use std::ops::Range;

/// Extensions of files whose code is between `<script>` and `</script>`.
const PAGES: &[&str] = &["vue", "svelte", "html", "htm", "xhtml"];

/// Reads JavaScript and TypeScript.
pub static READER: JavaScript = JavaScript;

/// The reader of JavaScript and TypeScript.
pub struct JavaScript;

impl Reader for JavaScript {
    fn name(&self) -> &'static str {
        GRAMMAR.name
    }

    fn files(&self) -> &'static Files {
        &GRAMMAR.files
    }

    fn comment(&self) -> Option<CommentForm> {
        GRAMMAR.comment()
    }

    fn code_frames(&self, file: FileHead<'_>) -> &'static [CodeFrame] {
        match file.ends_in(PAGES) {
            true => &[("<script>", "</script>"), ("<script>({", "})</script>"), ("", "")],
            false => GRAMMAR.code_frames,
        }
    }

    fn read(&self, text: &[u8], file: FileHead<'_>, wanted: Wanted<'_>) -> Facts {
        if file.ends_in(PAGES) {
            let (data, code) = scripts(text).partition::<Vec<_>, _>(|script| script.is_data);
            let parts = code.into_iter().map(|script| script.inside);
            let mut facts = GRAMMAR.read_parts(text, parts, wanted);
            for script in data.into_iter().map(|script| script.inside) {
                if wanted.places.are_in(script.clone()) {
                    let mut data = Extract::default();
                    data.copy(text, script.into());
                    facts.embedded.push(embedded::code(&data, "a.json", Nesting::Document));
                }
            }
            facts
        } else {
            GRAMMAR.read_parts(text, std::iter::once(0..text.len()), wanted)
        }
    }

    fn literals_at(&self, text: &[u8], places: &[usize]) -> Vec<Option<LiteralPlace>> {
        GRAMMAR.literals_at(text, places)
    }

    fn import_place(&self, text: &[u8]) -> usize {
        GRAMMAR.import_place(text)
    }

    fn unmatched_brackets(&self, text: &[u8]) -> usize {
        GRAMMAR.unmatched_brackets(text)
    }
}

static GRAMMAR: Grammar = Grammar {
    name: "javascript",
    files: Files {
        endings: &[
            "js", "mjs", "cjs", "jsx", "ts", "mts", "cts", "tsx", "vue", "svelte", "html", "htm",
            "xhtml", "gs",
        ],
        interpreters: &["node", "deno", "bun", "tsx", "ts-node"],
        ..Files::NONE
    },
    comments: C_COMMENTS,
    quotes: &[
        Quote::new("\""),
        Quote::new("'"),
        Quote::new("`").with_lines().filled(Fill::DollarBraces),
    ],
    line_ends: LineEnds::OutsideRound,
    concatenation: &[Kind::Plus],
    definition_words: &["function", "constructor"],
    parameters_before_body: true,
    curly_equals: CurlyEquals::Default,
    traits: Traits::of(&[Trait::Patterns, Trait::Markup, Trait::Generics, Trait::PairLists]),
    words: &WORDS,
    ..Grammar::PLAIN
};

static WORDS: Words = Words {
    shares: &[&shared::C_LIKE],
    calls: &[
        ("exec", Meaning::Start(Form::Line, On::RunnerOrNothing)),
        ("execFile", Meaning::Start(Form::Words, On::RunnerOrNothing)),
        ("execFileSync", Meaning::Start(Form::Words, On::RunnerOrNothing)),
        ("execSync", Meaning::Start(Form::Line, On::RunnerOrNothing)),
        ("execa", Meaning::Start(Form::Words, On::RunnerOrNothing)),
        ("execaCommand", Meaning::Start(Form::Line, On::RunnerOrNothing)),
        ("execaSync", Meaning::Start(Form::Words, On::RunnerOrNothing)),
        ("import", Meaning::Import),
        ("option", Meaning::OptionWithDefault),
        ("require", Meaning::Import),
        ("run", Meaning::Start(Form::Line, On::Runner)),
        ("spawn", Meaning::Start(Form::Words, On::RunnerOrNothing)),
        ("spawnSync", Meaning::Start(Form::Words, On::RunnerOrNothing)),
    ],
    folds: &[("fromCharCode", Fold::Codes), ("fromCodePoint", Fold::Codes)],
    runners: &["Bun", "Deno", "child_process", "childProcess", "cp", "process", "sh", "shell"],
    wrappers: &["Buffer"],
    makers: &["from"],
    constants: &["undefined", "NaN"],
    control: &["of", "let"],
    before_pattern: &[
        "return", "typeof", "case", "in", "of", "delete", "void", "throw", "new", "else", "do",
        "await", "yield",
    ],
    before_head: &["if", "while", "for", "with"],
    before_string: &[
        "return",
        "case",
        "typeof",
        "in",
        "of",
        "else",
        "throw",
        "new",
        "void",
        "delete",
        "default",
        "from",
        "import",
        "await",
        "yield",
        "instanceof",
        "extends",
        "export",
        "as",
        "require",
    ],
    imports: &[("import", Import::StringAfterFrom), ("export", Import::StringAfterFrom)],
    ..Words::NONE
};

/// A script of a page.
struct Script {
    /// Its text, between the tags.
    inside: Range<usize>,
    /// `true` for JSON: `<script type="application/json">`.
    is_data: bool,
}

/// The scripts of a page.
fn scripts(text: &[u8]) -> impl Iterator<Item = Script> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let open = at + memchr::memmem::find(&text[at..], b"<script")?;
        let start = open + memchr::memchr(b'>', &text[open..])? + 1;
        let length = memchr::memmem::find(&text[start..], b"</script");
        let end = length.map_or(text.len(), |length| start + length);
        at = end;
        let is_data = memchr::memmem::find(&text[open..start], b"json").is_some();
        Some(Script { inside: start..end, is_data })
    })
}

#[cfg(test)]
mod tests {
    use super::super::lexical::examples::{check, check_commands, facts_of};
    use super::*;
    use crate::language;

    #[test]
    fn names_are_bound_to_values() {
        check(
            &READER,
            &[
                (
                    "if (a) /`[(]/.test(b)\nlogin({ token: \"x\" })\nc = `d`",
                    "mapping login() token = literal x",
                    "x",
                    "token: \"x\"",
                ),
                (
                    r#"new Map([["MODEL", "m"], ["HF_TOKEN", "x"]])"#,
                    "mapping HF_TOKEN = literal x",
                    "x",
                    r#""HF_TOKEN", "x""#,
                ),
                (r#"new HfInference("x")"#, "argument HfInference() #0 = literal x", "x", r#""x""#),
                (
                    r#"f({ accessToken: "x" })"#,
                    "mapping f() accessToken = literal x",
                    "x",
                    r#"accessToken: "x""#,
                ),
                (r#"f({ "a-b": `x` })"#, "mapping f() a-b = literal x", "x", r#""a-b": `x`"#),
                (
                    r#"fetch(u, { headers: { Authorization: "Bearer x" } })"#,
                    "mapping fetch() headers.Authorization = literal Bearer x",
                    "Bearer x",
                    r#"Authorization: "Bearer x""#,
                ),
                (r#"const o = { [KEY]: "x" }"#, "mapping o.KEY = literal x", "x", r#"KEY]: "x""#),
                (
                    r#"const token: string = "x";"#,
                    "assignment token = literal x",
                    "x",
                    r#"token: string = "x""#,
                ),
                (
                    r#"let a = 1, token = "x""#,
                    "assignment token = literal x",
                    "x",
                    r#"token = "x""#,
                ),
                (
                    r#"var t = "x"
var u = 1"#,
                    "assignment t = literal x",
                    "x",
                    r#"t = "x""#,
                ),
                (
                    r#"process.env.HF_TOKEN = "x""#,
                    "assignment process.env.HF_TOKEN = literal x",
                    "x",
                    r#"process.env.HF_TOKEN = "x""#,
                ),
                ("this.token = 'x'", "assignment this.token = literal x", "x", "this.token = 'x'"),
                (
                    r#"o["token"] = "x""#,
                    "assignment o.token = literal x",
                    "x",
                    r#"o["token"] = "x""#,
                ),
                (
                    r#"class A { private token?: string = "x"; }"#,
                    "assignment token = literal x",
                    "x",
                    r#"token?: string = "x""#,
                ),
                (
                    r#"t = process.env.HF_TOKEN || "x""#,
                    "default process.env.HF_TOKEN = literal x",
                    "x",
                    r#"process.env.HF_TOKEN || "x""#,
                ),
                (
                    r#"t = process.env["HF_TOKEN"] ?? "x""#,
                    "default process.env.HF_TOKEN = literal x",
                    "x",
                    r#"process.env["HF_TOKEN"] ?? "x""#,
                ),
                (r#"t = c ? a : "x""#, "default t = literal x", "x", r#"t = c ? a : "x""#),
                (r#"token ||= "x""#, "default token = literal x", "x", r#"token ||= "x""#),
                (
                    r#"function f(token = "x") {}"#,
                    "default token = literal x",
                    "x",
                    r#"token = "x""#,
                ),
                (
                    r#"const f = (token: string = "x") => token"#,
                    "default token = literal x",
                    "x",
                    r#"token: string = "x""#,
                ),
                (
                    r#"function f({ token = "x" } = {}) {}"#,
                    "default token = literal x",
                    "x",
                    r#"token = "x""#,
                ),
                (
                    r#"const { token = "x" } = o"#,
                    "default token = literal x",
                    "x",
                    r#"token = "x""#,
                ),
                (
                    r#"cmd.option("--hf-token <t>", "help", "x")"#,
                    "default cmd.option() hf-token = literal x",
                    "x",
                    r#"hf-token <t>", "help", "x""#,
                ),
                (
                    r#"config.get("HF_TOKEN", "x")"#,
                    "default config.get() HF_TOKEN = literal x",
                    "x",
                    r#""HF_TOKEN", "x""#,
                ),
                (
                    r#"localStorage.setItem("hf_token", "x")"#,
                    "assignment localStorage.setItem() hf_token = literal x",
                    "x",
                    r#""hf_token", "x""#,
                ),
                (
                    r#"if (token === "x") {}"#,
                    "comparison token = literal x",
                    "x",
                    r#"token === "x""#,
                ),
                (
                    r#"const e = <Foo token="x" />"#,
                    "argument Foo() token = literal x",
                    "x",
                    r#"token="x""#,
                ),
                (
                    r#"return <A.B token={"x"}>t</A.B>"#,
                    "argument A.B() token = literal x",
                    "x",
                    r#"token={"x"}"#,
                ),
                (
                    r#"e = <F headers={{ Authorization: "x" }} />"#,
                    "mapping F() headers.Authorization = literal x",
                    "x",
                    r#"Authorization: "x""#,
                ),
                (
                    r#"it("a", () => { const token = "x"; })"#,
                    "assignment token = literal x",
                    "x",
                    r#"token = "x""#,
                ),
                (r#"t = "a" + "b""#, "assignment t = literal ab", r#"a" + "b"#, r#"t = "a" + "b""#),
                (
                    r#"t = `a ${b("`")} c`"#,
                    r#"assignment t = template a ${b("`")} c"#,
                    r#"a ${b("`")} c"#,
                    r#"t = `a ${b("`")} c`"#,
                ),
                (
                    r#"t = "\u{68}\x69\ud83d\ude00""#,
                    "assignment t = literal hi😀",
                    r#"\u{68}\x69\ud83d\ude00"#,
                    r#"t = "\u{68}\x69\ud83d\ude00""#,
                ),
                (
                    r#"t = ["a", "b"].join("-")"#,
                    "assignment t = literal a-b",
                    r#"a", "b"#,
                    r#"t = ["a", "b"].join("-")"#,
                ),
                (
                    r#"t = "ba".split("").reverse().join("")"#,
                    "assignment t = literal ab",
                    "ba",
                    r#"t = "ba".split("").reverse().join("")"#,
                ),
                (
                    "t = String.fromCharCode(104, 105)",
                    "assignment t = literal hi",
                    "104, 105",
                    "t = String.fromCharCode(104, 105)",
                ),
                (
                    r#"t = Buffer.from("x")"#,
                    "assignment t = literal x",
                    "x",
                    r#"t = Buffer.from("x")"#,
                ),
                (r#"t = "x" as const"#, "assignment t = literal x", "x", r#"t = "x" as const"#),
                (r#"const re = /["'/]"/g; t = "x""#, "assignment t = literal x", "x", r#"t = "x""#),
                (r#"t = a / b; u = "x" // c"#, "assignment u = literal x", "x", r#"u = "x""#),
                (
                    "t = undefined",
                    "assignment t = constant undefined",
                    "undefined",
                    "t = undefined",
                ),
            ],
        );
    }

    #[test]
    fn started_programs_are_commands() {
        check_commands(
            &READER,
            &[
                (r#"execSync("hf auth login --token " + t)"#, &["hf|auth|login|--token|t*"]),
                (r#"child_process.exec(`hf x ${a || "b c"}`, cb)"#, &["hf|x|${a_____b_c_}*"]),
                (r#"spawn("hf", ["auth", `--token=${t}`])"#, &["hf|auth|--token=${t}*"]),
                (r#"re.exec("a b")"#, &[]),
            ],
        );
    }

    #[test]
    fn data_in_a_page_is_read_as_json() {
        let text = b"<script type=\"application/json\">{\"a\": {\"token\": \"x\"}}</script>";
        let path = crate::model::SourcePath::from_bytes("a.html");
        let facts =
            language::read(&READER, text, FileHead { path: &path, head: text }, Wanted::ALL);
        let token = facts.bindings.last().expect("the data is read");
        assert_eq!((token.path.as_str(), token.language), ("a.token", Some("json")));
        assert_eq!(token.value.span.slice(text), b"x");
    }

    #[test]
    fn the_scripts_of_a_page_are_read_in_their_places() {
        let text = b"<p>it's</p><script setup>\nconst token = \"x\"\n</script><p>a = 'b'</p>";
        let path = crate::model::SourcePath::from_bytes("a.vue");
        let facts =
            language::read(&READER, text, FileHead { path: &path, head: text }, Wanted::ALL);
        assert_eq!(facts.bindings.len(), 1);
        assert_eq!(facts.bindings[0].value.span.slice(text), b"x");
    }

    #[test]
    fn imports_are_named_as_written() {
        let text = b"import a, { b } from \"@huggingface/inference\"\nimport './c'\nexport * from 'd'\nconst e = require('f'); await import('g')";
        let facts = facts_of(&READER, text);
        assert_eq!(facts.imports, ["@huggingface/inference", "./c", "d", "f", "g"]);
    }

    #[test]
    fn an_apostrophe_in_a_tag_s_text_opens_no_text() {
        let facts = facts_of(&READER, b"e = <p>Don't <F token='x'/></p>; return'y'");
        assert_eq!(facts.bindings[1].value.text, "x");
    }

    #[test]
    fn comments_bind_nothing() {
        let facts = facts_of(&READER, b"// a = 'b'\n/* c = 'd' */ /** @type {e} f = 'g' */");
        assert_eq!((facts.bindings.len(), facts.comments.len()), (0, 3));
    }
}
