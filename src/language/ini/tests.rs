//! Tests of INI and related formats.

use super::*;
use crate::{
    language::{self, FileHead, Wanted},
    model::{BindingContext, Facts, SourcePath},
};

fn facts(path: &str, text: &str) -> Facts {
    let path = SourcePath::from_bytes(path);
    let head = FileHead { path: &path, head: text.as_bytes() };
    assert_eq!(language::identify(head).map(language::Reader::name), Some("ini"), "{path}");
    language::Reader::read(&Ini, text.as_bytes(), head, Wanted::ALL)
}

#[track_caller]
fn assert_bindings(text: &str, expected: &[(&str, &str)]) {
    let facts = facts("a.ini", text);
    let found: Vec<_> = facts
        .bindings
        .iter()
        .map(|binding| (binding.path.as_str(), binding.value.text.as_str()))
        .collect();
    assert_eq!(found, expected, "{text}");
}

#[test]
fn keys_have_their_section_as_a_path() {
    assert_bindings(
        "top = 1\n[a b]\nx=abc ; c\ny : \"q # r\" # c\n;z = 1\n[c]\nw = 'v'\nflag\n",
        &[("top", "1"), ("a b.x", "abc"), ("a b.y", "q # r"), ("c.w", "v"), ("c.flag", "")],
    );
}

#[test]
fn a_git_configuration_is_read() {
    let text = "[remote \"origin\"]\n\turl = https://u:p@huggingface.co/x\n\tfetch = +a:b\n[credential]\n\thelper = store\n";
    let facts = facts(".git/config", text);
    assert_eq!(facts.dialect, Some("git"));
    let paths: Vec<_> = facts.bindings.iter().map(|binding| binding.path.as_str()).collect();
    assert_eq!(paths, ["remote.origin.url", "remote.origin.fetch", "credential.helper"]);
    let url = facts.bindings[0].value.span.slice(text.as_bytes());
    assert_eq!(url, b"https://u:p@huggingface.co/x");
}

#[test]
fn a_value_goes_on_over_deeper_lines() {
    assert_bindings(
        "[m]\ndeps =\n    a==1\n    b\nnext = c\n",
        &[("m.deps", "a==1\nb"), ("m.next", "c")],
    );
}

#[test]
fn a_key_of_npm_keeps_its_registry() {
    assert_bindings(
        "//registry.npmjs.org/:_authToken=abc\n",
        &[("//registry.npmjs.org/:_authToken", "abc")],
    );
}

#[test]
fn lists_of_variables_are_read_in_each_of_their_forms() {
    for (path, text) in [
        ("tox.ini", "[testenv]\nsetenv =\n    HF_TOKEN = abc\n    B = c d\n"),
        ("supervisord.conf", "[program:x]\nenvironment=HF_TOKEN=\"abc\",B='c d'\n"),
        ("a.service", "[Service]\nEnvironment=\"HF_TOKEN=abc\" \"B=c d\"\n"),
        ("a.service", "[Service]\nEnvironment=HF_TOKEN=abc \"B=c d\"\n"),
        ("uwsgi.ini", "[uwsgi]\nenv = HF_TOKEN=abc\nenv = B=c d\n"),
    ] {
        let facts = facts(path, text);
        let variables: Vec<_> = facts
            .bindings
            .iter()
            .filter(|binding| binding.context == BindingContext::Environment)
            .map(|binding| (binding.key.as_str(), binding.value.text.as_str()))
            .collect();
        assert_eq!(variables, [("HF_TOKEN", "abc"), ("B", "c d")], "{text}");
    }
}
