//! Tests of every form of YAML.

use super::tree;
use crate::{
    language::tree::facts,
    model::{Binding, BindingContext, ValueKind},
};
use ValueKind::{Constant, Literal, Lookup, Missing, Number, Template};

fn bindings(text: &str) -> Vec<Binding> {
    let mut tree = tree(text.as_bytes());
    tree.tie();
    facts(&tree).facts.bindings
}

/// Asserts paths, kinds, texts, and the source at the span of each value.
#[track_caller]
fn assert_bindings(text: &str, expected: &[(&str, ValueKind, &str, &str)]) {
    let bindings = bindings(text);
    let found: Vec<_> = bindings
        .iter()
        .map(|binding| {
            let stands = binding.value.span.slice(text.as_bytes());
            let stands = std::str::from_utf8(stands).expect("spans end between characters");
            (binding.path.as_str(), binding.value.kind, binding.value.text.as_str(), stands)
        })
        .collect();
    assert_eq!(found, expected, "{text}");
}

#[test]
fn scalars_have_their_kinds() {
    assert_bindings(
        "a: x y # c\nb: 'it''s'\nc: \"\\x41\"\nd: 1.5\ne: true\nf:\ng: ~\nh: ${X}\ni: a ${X}\nj: !vault x\nk: \"1\"\nl: *n\nm: &o p\nq: a#b\nr: http://x:1\n",
        &[
            ("a", Literal, "x y", "x y"),
            ("b", Literal, "it's", "it''s"),
            ("c", Literal, "A", "\\x41"),
            ("d", Number, "1.5", "1.5"),
            ("e", Constant, "true", "true"),
            ("f", Missing, "", ""),
            ("g", Constant, "~", "~"),
            ("h", Lookup, "${X}", "${X}"),
            ("i", Template, "a ${X}", "a ${X}"),
            ("j", Lookup, "x", "x"),
            ("k", Literal, "1", "1"),
            ("l", Lookup, "*n", "*n"),
            ("m", Literal, "p", "p"),
            ("q", Literal, "a#b", "a#b"),
            ("r", Literal, "http://x:1", "http://x:1"),
        ],
    );
}

#[test]
fn mappings_and_sequences_nest_by_their_columns() {
    assert_bindings(
        "a:\n  b:\n  - c\n  - d: e\n    f: g\n  - - h\n    - i\n\"j k\": l\n? m\n: n\n<<: *o\n",
        &[
            ("a.b[0]", Literal, "c", "c"),
            ("a.b[1].d", Literal, "e", "e"),
            ("a.b[1].f", Literal, "g", "g"),
            ("a.b[2][0]", Literal, "h", "h"),
            ("a.b[2][1]", Literal, "i", "i"),
            ("j k", Literal, "l", "l"),
            ("m", Literal, "n", "n"),
            ("<<", Lookup, "*o", "*o"),
        ],
    );
}

#[test]
fn a_binding_reaches_from_its_key_to_the_end_of_its_value() {
    let text = "a:\n  'b': \"c\" # d\n";
    let binding = &bindings(text)[0];
    assert_eq!(binding.key, "b");
    assert_eq!(binding.key_span.slice(text.as_bytes()), b"b");
    assert_eq!(binding.span.slice(text.as_bytes()), b"b': \"c\"");
}

#[test]
fn block_scalars_are_texts_without_their_indentation() {
    assert_bindings(
        "a: |\n  x\n   y\n\nb: >-\n  x\n  y\n\n  z\nc: |2\n    x\nd: |\n\ne: |+ # c\n  x\n\nf: g\n",
        &[
            ("a", Literal, "x\n y", "x\n   y"),
            ("b", Literal, "x y\nz", "x\n  y\n\n  z"),
            ("c", Literal, "  x", "  x"),
            ("d", Missing, "", ""),
            ("e", Literal, "x", "x"),
            ("f", Literal, "g", "g"),
        ],
    );
}

#[test]
fn texts_go_over_lines() {
    assert_bindings(
        "a: x\n  y\nb: \"x\n  y\\\n  z\"\nc:\n  x\nd: 'x\n\n  y'\n",
        &[
            ("a", Literal, "x y", "x\n  y"),
            ("b", Literal, "x yz", "x\n  y\\\n  z"),
            ("c", Literal, "x", "x"),
            ("d", Literal, "x\ny", "x\n\n  y"),
        ],
    );
}

#[test]
fn flow_style_is_read() {
    assert_bindings(
        "a: {b: c, \"d\": 'e', f: [g, {h: i}], j: ${K}, l: {{ m }}}\nn: [\n  o, # c\n  p: q\n]\nr: {}\n",
        &[
            ("a.b", Literal, "c", "c"),
            ("a.d", Literal, "e", "e"),
            ("a.f[0]", Literal, "g", "g"),
            ("a.f[1].h", Literal, "i", "i"),
            ("a.j", Lookup, "${K}", "${K}"),
            ("a.l", Lookup, "{{ m }}", "{{ m }}"),
            ("n[0]", Literal, "o", "o"),
            ("n[1].p", Literal, "q", "q"),
            ("r", Missing, "", ""),
        ],
    );
}

#[test]
fn documents_follow_each_other() {
    assert_bindings(
        "%YAML 1.2\n--- # c\na: b\n...\n---\na: c\n--- d\n",
        &[("a", Literal, "b", "b"), ("a", Literal, "c", "c"), ("", Literal, "d", "d")],
    );
}

#[test]
fn templates_cost_only_their_own_lines() {
    assert_bindings(
        "a: b\n{{- if .x }}\nc: {{ .Values.d | quote }}\n{{- end }}\n{% for e in f %}\n  {{ g }}: h\n{% endfor %}\ni: \"{{ j \"k\" }}\"\nl:\n  {{- toYaml .m | nindent 2 }}\nn: o\n",
        &[
            ("a", Literal, "b", "b"),
            ("c", Lookup, "{{ .Values.d | quote }}", "{{ .Values.d | quote }}"),
            ("c.{{ g }}", Literal, "h", "h"),
            ("i", Lookup, "{{ j \"k\" }}", "{{ j \"k\" }}"),
            ("l", Missing, "", ""),
            ("n", Literal, "o", "o"),
        ],
    );
}

#[test]
fn what_is_broken_costs_only_its_own_lines() {
    assert_bindings(
        "<<<<<<< HEAD\na: b\n=======\na: c\n>>>>>>> x\nd: \"e\nf: g\nh: [i,\nj: k\n\tl: m\n) stray\nn: o\n",
        &[
            ("a", Literal, "b", "b"),
            ("a", Literal, "c", "c"),
            ("d", Literal, "e", "e"),
            ("f", Literal, "g", "g"),
            ("h[0]", Literal, "i", "i"),
            ("j", Literal, "k", "k"),
            ("j.l", Literal, "m", "m"),
            ("n", Literal, "o", "o"),
        ],
    );
}

#[test]
fn line_ends_of_windows_and_a_byte_order_mark_change_nothing() {
    assert_bindings(
        "\u{feff}a: b\r\nc: |\r\n  d\r\n  e\r\nf: [g,\r\n  h]\r\n",
        &[
            ("a", Literal, "b", "b"),
            ("c", Literal, "d\ne", "d\r\n  e"),
            ("f[0]", Literal, "g", "g"),
            ("f[1]", Literal, "h", "h"),
        ],
    );
}

#[test]
fn comments_are_noted() {
    let text = "# a\nb: c # d\ne: 'f' # g\nh: | # i\n  # no\nj: [k] # l\n";
    let mut tree = tree(text.as_bytes());
    tree.tie();
    let comments: Vec<_> = facts(&tree)
        .facts
        .comments
        .iter()
        .map(|span| std::str::from_utf8(span.slice(text.as_bytes())).expect("it is text"))
        .collect();
    assert_eq!(comments, ["# a", "# d", "# g", "# i", "# l"]);
}

#[test]
fn the_default_of_a_look_up_is_bound_too() {
    for (text, default) in [
        ("t: ${oc.env:HF_TOKEN,abc}\n", Some("abc")),
        ("t: ${env:HF_TOKEN, 'abc'}\n", Some("abc")),
        ("t: ${hf.token:abc}\n", Some("abc")),
        ("t: ${oc.env:HF_TOKEN}\n", None),
        ("t: ${HF_TOKEN:abc}\n", Some("abc")),
        ("t: ${HF_TOKEN:-abc}\n", Some("abc")),
        ("t: ${HF_TOKEN:?abc}\n", None),
        ("t: ${hf.token:}\n", None),
    ] {
        let bindings = bindings(text);
        let found = bindings.iter().find(|one| one.context == BindingContext::Default);
        assert_eq!(found.map(|one| one.value.text.as_str()), default, "{text}");
        let stands = found.map(|one| one.value.span.slice(text.as_bytes()));
        assert_eq!(stands, default.map(str::as_bytes), "{text}");
    }
}
