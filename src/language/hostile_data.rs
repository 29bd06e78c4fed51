//! Tests that no reader panics, returns a span outside the text, or is slow, on any input.

use super::{FileHead, READERS, Reader, Wanted, identify, read as read_all};
use crate::model::{Facts, SourcePath, Span};
use std::time::{Duration, Instant};

/// A file of each data language, with most of its constructs.
const SAMPLES: [(&str, &str); 16] = [
    (
        ".github/workflows/a.yml",
        "on: [push]\nenv: {HF_TOKEN: \"a\\x41 # b\", 'it''s': x}\njobs:\n  b: &a\n    steps:\n    - uses: a/b@v1\n      with: {t: *x}\n    - run: |2-\n        hf auth login \\\n          --token a\n      shell: bash # c\n    - run: >\n        a\n\n        b\n  {{- if x }}\n  ? k\n  : !vault |\n    v\n  q: plain\n    more\n---\n- - - x\n",
    ),
    (
        "compose.yaml",
        "services:\n  a:\n    environment:\n    - A=b\n    - \"C='d'\"\n    command: [sh, -c, 'hf x $A']\n    entrypoint: [\"$(A)\", \"it's\"]\n    build: {args: [X]}\n",
    ),
    (
        "k.yaml",
        "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - args: ['--t', \"$(HF_TOKEN)\"]\n    env:\n    - name: A\n      value: é\n",
    ),
    (
        "a.json",
        "// c\n{\"a\": [1, \"b\\u0041\\ud83d\\ude00\", {'c': d, \"name\": \"X\", \"value\": \"y\"}], /* z */ \"e\": {{ x }}, \"f\": null,}\n{\"g\": 1}\n",
    ),
    ("package.json", "{\"scripts\": {\"a\": \"hf auth login --token \\\"x\\\"\"}}"),
    (
        "a.toml",
        "a = 1\n[t.\"u v\"]\nb.c = '''x\ny''' # c\nd = [\"e\\\n\", {f = \"g\"}, [1, 2]]\n[[h]]\ni = \"\"\"\"j\"\"\"\"\n",
    ),
    (
        "a.ini",
        "[a \"b\"]\n\tc = \"d\\\"e\" ; f\nsetenv =\n  A = b\n  C = d\nenvironment=A=\"x\",B='y' C=z\n[x]\ny: z\n",
    ),
    ("a.properties", "a.b\\:c = d\\\n   e\\u0041\n! f\ng h\n"),
    (".env", "export A=\"b\\n${C}\" # d\nE='f\ng'\nH=i # j\nK\n"),
    (".netrc", "machine a login b password \"c d\"\nmacdef e\nf\n\ndefault password g\n"),
    (
        "a.tf",
        "a \"b\" \"c\" {\n  d = \"e ${f[\"g\"]} $${h}\" # i\n  j = jsonencode([{ name = \"K\", value = \"l\" }, m])\n  n = <<-EOT\n    o\n  EOT\n  p = { \"q\" : r(\"s\"), t = u ? \"v\" : w }\n}\nvariable \"x\" { default = \"y\" }\n",
    ),
    (
        "a.xml",
        "<?xml version=\"1.0\"?><!-- a --><b c='d&amp;e'><f>g<![CDATA[h]]></f><add key=\"i\" value=\"j\"/></b>",
    ),
    (
        "a.plist",
        "<plist><dict><key>A</key><string>b</string><key>C</key><true/><key>D</key><array><string>e</string></array></dict></plist>",
    ),
    (
        "a.ipynb",
        "{\"cells\": [{\"cell_type\": \"code\", \"source\": [\"!hf \\\"a\\\"\\n\", \"%env A=b\\n\", \"x = 1\"], \"outputs\": [{\"output_type\": \"stream\", \"name\": \"stdout\", \"text\": \"c\"}, {\"output_type\": \"stream\", \"name\": \"stdout\", \"text\": [\"d\"]}, {\"data\": {\"image/png\": \"e\", \"text/html\": \"f\"}}]}], \"metadata\": {\"widgets\": {\"a\": \"b\"}}}",
    ),
    (
        "b.ipynb",
        "{\"cells\": [{\"cell_type\": \"code\", \"source\": \"%%bash\\nhf env\\n\"}, {\"cell_type\": \"code\", \"source\": \"%%writefile .env\\nA=b\"}]}",
    ),
    ("a.qmd", "```{python}\n!hf env\n%env A=b\n```\n```{r}\nx\n"),
];

fn read(path: &str, text: &[u8]) -> Facts {
    let path = SourcePath::from_bytes(path);
    let head = FileHead::of(&path, text);
    identify(head).map(|reader| read_all(reader, text, head, Wanted::ALL)).unwrap_or_default()
}

/// Asserts that every span is in the text.
#[track_caller]
fn assert_inside(path: &str, text: &[u8]) {
    let facts = read(path, text);
    let check = |span: Span| {
        let shown = String::from_utf8_lossy(text);
        assert!(span.start <= span.end && span.end <= text.len(), "{path}: {span:?} of {shown:?}");
    };
    for binding in &facts.bindings {
        [binding.key_span, binding.span, binding.value.span].into_iter().for_each(check);
    }
    for command in &facts.commands {
        check(command.span);
        command.words.iter().for_each(|word| check(word.span));
    }
    facts.comments.iter().for_each(|span| check(*span));
}

/// A reproducible pseudo-random sequence (Lehmer's generator).
fn numbers(seed: u64) -> impl Iterator<Item = usize> {
    std::iter::successors(Some(seed), |state| Some(state * 48271 % 0x7fff_ffff))
        .skip(1)
        .map(|state| state as usize)
}

#[test]
fn a_file_cut_anywhere_is_read() {
    for (path, text) in SAMPLES {
        for end in 0..=text.len() {
            assert_inside(path, &text.as_bytes()[..end]);
            assert_inside(path, &text.as_bytes()[end..]);
        }
    }
}

#[test]
fn a_file_with_anything_changed_is_read() {
    const SIGNS: &[u8] = b"\"'`{}[]()<>\\\n\r\t :#-=$!%&*|?/,.0aZ\0\xff\xc3\xe2";
    for (path, text) in SAMPLES {
        let mut numbers = numbers(text.len() as u64 + 1);
        for _ in 0..1500 {
            let mut changed = text.as_bytes().to_vec();
            for _ in 0..numbers.next().expect("never ends") % 4 + 1 {
                let at = numbers.next().expect("never ends") % changed.len();
                let sign = SIGNS[numbers.next().expect("never ends") % SIGNS.len()];
                match numbers.next().expect("never ends") % 4 {
                    0 => changed[at] = sign,
                    1 => changed.insert(at, sign),
                    2 => drop(changed.remove(at)),
                    _ => changed.extend_from_within(at..),
                }
                changed.push(sign);
            }
            assert_inside(path, &changed);
        }
    }
}

#[test]
fn near_a_place_the_same_is_read_as_in_one_go() {
    for (path, text) in SAMPLES {
        let whole = read(path, text.as_bytes());
        let name = SourcePath::from_bytes(path);
        let head = FileHead { path: &name, head: text.as_bytes() };
        let reader = identify(head).expect("the language is known");
        for place in 0..text.len() {
            let near = read_all(reader, text.as_bytes(), head, Wanted::near(&[place]));
            let is_near = |span: Span| span.contains(Span::new(place, place + 1));
            for binding in whole.bindings.iter().filter(|one| is_near(one.span)) {
                assert!(near.bindings.contains(binding), "{path} {place}: {binding:?}");
            }
            for command in whole.commands.iter().filter(|one| is_near(one.span)) {
                assert!(near.commands.contains(command), "{path} {place}: {command:?}");
            }
            assert!(near.bindings.iter().all(|one| whole.bindings.contains(one)), "{path} {place}");
        }
    }
}

#[test]
fn of_many_values_only_those_near_a_place_are_kept() {
    let text = format!("{{\"hf_token\": \"x\", {} \"z\": 1}}", "\"a\": [\"b\"],".repeat(50_000));
    let path = SourcePath::from_bytes("a.json");
    let head = FileHead { path: &path, head: b"" };
    let reader = identify(head).expect("the language is known");
    let facts = read_all(reader, text.as_bytes(), head, Wanted::near(&[2]));
    assert_eq!(facts.bindings.len(), 1, "{:?}", facts.bindings.first());
}

/// Asserts a time limit that a quadratic reader exceeds on this little input.
#[track_caller]
fn assert_quick(path: &str, text: &[u8]) {
    let start = Instant::now();
    read(path, text);
    let took = start.elapsed();
    let begin = String::from_utf8_lossy(&text[..text.len().min(40)]);
    assert!(took < Duration::from_secs(60), "{path}: {begin:?} took {took:?}");
}

#[test]
fn much_of_one_thing_takes_time_in_proportion() {
    const LENGTH: usize = 100_000;
    let units: [&str; 44] = [
        "[",
        "{",
        "(",
        "- ",
        "-\n",
        "? ",
        "&a ",
        "!a ",
        "\"",
        "'",
        "\"\n",
        "'\n",
        "a: \"\n",
        "a: '\n",
        "{{",
        "{{ ",
        "a: {{\n",
        "a: [\n",
        "a: |\n",
        ": ",
        "#",
        "# \n",
        "\n",
        "a",
        "a=\"\n",
        "a='\n",
        "[[",
        "[a]\n",
        "[[a]]\n",
        "a = [\n",
        "a = \"\"\"\n",
        "a = <<A\n",
        "a = f(",
        "a {",
        "<a>",
        "<a b=\"",
        "</a>",
        "<!--",
        "&",
        "\\",
        "\\\n",
        "${",
        "```{r}\n",
        "{\"cell_type\":",
    ];
    let paths = [
        "a.yaml",
        "a.json",
        "a.toml",
        "a.ini",
        "a.properties",
        ".env",
        ".netrc",
        "a.tf",
        "a.xml",
        "a.ipynb",
        "a.qmd",
    ];
    for path in paths {
        for unit in units {
            assert_quick(path, unit.repeat(LENGTH / unit.len()).as_bytes());
        }
    }
}

#[test]
fn what_grows_with_its_depth_takes_time_in_proportion() {
    let deeper = |unit: &str| {
        (0..900).map(|depth| format!("{}{unit}\n", " ".repeat(depth))).collect::<String>()
    };
    for unit in
        ["a:", "- a", "a: \"x", "a: 'x", "a: x", "a: [x", "a: |", "- - -", "{{ a", "a: \"x\""]
    {
        assert_quick("a.yaml", deeper(unit).as_bytes());
    }
    let nested =
        |open: &str, close: &str| format!("{}1{}", open.repeat(100_000), close.repeat(100_000));
    assert_quick("a.json", nested("{\"a\":", "}").as_bytes());
    assert_quick("a.json", nested("[", "]").as_bytes());
    assert_quick("a.yaml", nested("{a: ", "}").as_bytes());
    assert_quick("a.toml", format!("a = {}", nested("[", "]")).as_bytes());
    assert_quick("a.xml", nested("<a>", "</a>").as_bytes());
    assert_quick("a.tf", nested("a {", "}").as_bytes());
}

#[test]
fn aliases_are_names_and_do_not_multiply() {
    let mut text = String::from("a0: &a0 [x, x]\n");
    for level in 1..40 {
        let before = format!("*a{}", level - 1);
        text.push_str(&format!("a{level}: &a{level} [{before}, {before}]\n"));
    }
    assert!(read("a.yaml", text.as_bytes()).bindings.len() < 100);
}

#[test]
fn long_names_around_many_values_do_not_multiply() {
    let key = "k".repeat(200_000);
    let text = format!("{{\"{key}\": {{\"l\": [{}]}}}}", "\"x\",".repeat(50_000));
    let facts = read("a.json", text.as_bytes());
    assert_eq!(facts.bindings.len(), 50_000);
    assert!(facts.bindings.iter().all(|binding| binding.path.len() < 2_000));
}

#[test]
fn every_reader_has_a_name_of_its_own() {
    let mut names: Vec<_> = READERS.iter().map(|reader: &&dyn Reader| reader.name()).collect();
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count);
}
