//! Tests of every form of TOML.

use super::*;
use crate::language::tree;

fn bindings(text: &str) -> Vec<(String, String)> {
    let mut tree = tree(text.as_bytes());
    tree.tie();
    let facts = tree::facts(&tree).facts;
    facts.bindings.into_iter().map(|binding| (binding.path, binding.value.text)).collect()
}

fn assert_bindings(text: &str, expected: &[(&str, &str)]) {
    let expected: Vec<_> =
        expected.iter().map(|(path, value)| (path.to_string(), value.to_string())).collect();
    assert_eq!(bindings(text), expected, "{text}");
}

#[test]
fn tables_dotted_keys_and_arrays_of_tables_make_paths() {
    assert_bindings(
        "a = 1 # c\n[t.\"u v\"]\nb.c = 'x'\n[[l]]\nd = \"y\"\n[[l]]\n[l.e]\nf = true\n",
        &[("a", "1"), ("t.u v.b.c", "x"), ("l[0].d", "y"), ("l[1].e.f", "true")],
    );
}

#[test]
fn strings_arrays_and_inline_tables_go_over_lines() {
    assert_bindings(
        "a = \"\"\"\nx \\\n  y\"\"\"\nb = [ # c\n  \"p\", {q = 'r', s.t = \"u\"},\n]\nc = '''\nl'''\n",
        &[("a", "x y"), ("b[0]", "p"), ("b[1].q", "r"), ("b[1].s.t", "u"), ("c", "l")],
    );
}

#[test]
fn what_is_never_closed_costs_its_own_lines() {
    assert_bindings("a = [\n'x',\nb = 'y'\n", &[("a[0]", "x"), ("b", "y")]);
    assert_bindings("a = \"x\n<<<<<<< HEAD\nb = 'y'\n", &[("a", "x"), ("b", "y")]);
    assert_bindings("a = [\n'x',\n[t]\nb = 'y'\n", &[("a[0]", "x"), ("t.b", "y")]);
}
