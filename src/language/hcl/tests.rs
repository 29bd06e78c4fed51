//! Tests of every form of HCL.

use super::*;
use crate::{
    language::{self, FileHead, Wanted},
    model::{BindingContext, Facts, SourcePath, ValueKind},
};

fn facts(text: &str) -> Facts {
    let path = SourcePath::from_bytes("main.tf");
    let head = FileHead { path: &path, head: text.as_bytes() };
    assert_eq!(language::identify(head).map(language::Reader::name), Some("hcl"));
    language::Reader::read(&Hcl, text.as_bytes(), head, Wanted::ALL)
}

#[track_caller]
fn assert_bindings(text: &str, expected: &[(&str, &str)]) {
    let facts = facts(text);
    for (path, value) in expected {
        let found = facts
            .bindings
            .iter()
            .any(|binding| binding.path == *path && binding.value.text == *value);
        assert!(found, "no {path} = {value} in {:#?}", facts.bindings);
    }
}

#[test]
fn blocks_attributes_objects_and_lists_make_paths() {
    assert_bindings(
        "provider \"x\" {\n  token = \"abc\" # c\n  n = 1\n  ref = var.t // c\n}\nresource \"a\" \"b\" {\n  data = { HF_TOKEN = \"def\", \"q\" : \"r\" }\n  list = [\"s\", { k = \"t\" }]\n  env {\n    name  = \"HF_TOKEN\"\n    value = \"ghi\"\n  }\n}\n",
        &[
            ("provider.x.token", "abc"),
            ("provider.x.n", "1"),
            ("provider.x.ref", "var.t"),
            ("resource.a.b.data.HF_TOKEN", "def"),
            ("resource.a.b.data.q", "r"),
            ("resource.a.b.list[0]", "s"),
            ("resource.a.b.list[1].k", "t"),
            ("resource.a.b.env.HF_TOKEN", "ghi"),
        ],
    );
}

#[test]
fn containers_in_calls_are_read() {
    assert_bindings(
        "x = jsonencode([{\n  environment = [{ name = \"HF_TOKEN\", value = \"abc\" }]\n}])\ny = \"z\"\nm = merge(local.a, { B = \"c\" })\n",
        &[("x[0].environment[0].HF_TOKEN", "abc"), ("y", "z"), ("m.B", "c")],
    );
}

#[test]
fn look_ups_are_told_from_texts() {
    let text = "a = var.token\nb = \"${var.token}\"\nc = \"Bearer ${var.x[\"k\"]}\"\nd = file(\"t\")\ne = \"lit\"\nf = true\ng = \"a\" == b ? \"c\" : \"d\"\n";
    let facts = facts(text);
    let kinds: Vec<_> =
        facts.bindings.iter().map(|binding| (binding.key.as_str(), binding.value.kind)).collect();
    use ValueKind::{Constant, Literal, Lookup, Template};
    let expected = [
        ("a", Lookup),
        ("b", Lookup),
        ("c", Template),
        ("d", Lookup),
        ("e", Literal),
        ("f", Constant),
        ("g", Lookup),
        // The literal of the fallback.
        ("g", Literal),
    ];
    assert_eq!(kinds, expected);
}

#[test]
fn the_default_of_a_variable_is_bound_to_its_name() {
    let facts = facts("variable \"hf_token\" {\n  type = string\n  default = \"abc\"\n}\n");
    let named = facts.bindings.iter().find(|binding| binding.key == "hf_token");
    let named = named.expect("a binding has the variable's name");
    assert_eq!((named.value.text.as_str(), named.context), ("abc", BindingContext::Default));
}

#[test]
fn here_documents_are_texts() {
    assert_bindings(
        "a = <<EOT\nx\ny\nEOT\nb = <<-E\n  z\n  E\nc = \"d\"\n",
        &[("a", "x\ny"), ("b", "z"), ("c", "d")],
    );
    assert_bindings("a = <<EOT\nx = \"y\"\n", &[("x", "y")]);
}

#[test]
fn the_literal_that_an_expression_falls_back_to_is_bound() {
    assert_bindings(
        "a {\n  token = coalesce(var.t, \"x\")\n  key = var.k != \"\" ? var.k : \"y\"\n  no = lookup(var.m, \"z\")\n}\n",
        &[("a.token", "x"), ("a.key", "y"), ("a.no", "lookup(var.m, \"z\")")],
    );
    let facts = facts("no = lookup(var.m, \"z\")\nif = a ? \"b\" : var.c\n");
    assert_eq!(facts.bindings.len(), 2);
}

#[test]
fn a_script_that_a_machine_starts_with_is_read() {
    let facts =
        facts("resource \"a\" \"b\" {\n  user_data = <<-EOF\n    hf auth login\n  EOF\n}\n");
    let words: Vec<_> = facts.commands[0].words.iter().map(|word| word.text.as_str()).collect();
    assert_eq!(words, ["hf", "auth", "login"]);
}
