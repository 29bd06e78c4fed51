//! Groovy: programs, and the build scripts of Gradle.

use super::{
    files::Files,
    lexical::{
        C_COMMENTS, Fill, Grammar, Lexical, LineEnds, Meaning, NamedArguments, Quote, Trait,
        Traits, Words, shared,
    },
};

/// Reads Groovy.
pub static READER: Lexical = Lexical(&GRAMMAR);

static GRAMMAR: Grammar = Grammar {
    name: "groovy",
    files: Files {
        endings: &["gradle", "groovy", "gvy"],
        // Jenkins pipelines have the same extension.
        accepts: |file| !is_pipeline(file.head),
        interpreters: &["groovy"],
        ..Files::NONE
    },
    comments: C_COMMENTS,
    quotes: &[
        Quote::new("\"\"\"").with_lines().filled(Fill::Dollar),
        Quote::new("'''").with_lines(),
        Quote::new("\"").filled(Fill::Dollar),
        Quote::new("'"),
    ],
    line_ends: LineEnds::OutsideRound,
    named_arguments: NamedArguments::Colon,
    parameters_before_body: true,
    square_mappings: true,
    traits: Traits::of(&[Trait::Generics, Trait::BareCalls, Trait::Elvis]),
    words: &WORDS,
    ..Grammar::PLAIN
};

static WORDS: Words = Words {
    shares: &[&shared::JVM],
    calls: &[
        ("buildConfigField", Meaning::Set(1)),
        ("resValue", Meaning::Set(1)),
        ("systemProperty", Meaning::Set(0)),
        ("environment", Meaning::Set(0)),
        ("findProperty", Meaning::LookUp(0)),
    ],
    statements: &[
        "if",
        "while",
        "return",
        "def",
        "class",
        "case",
        "else",
        "for",
        "switch",
        "import",
        "package",
        "new",
        "throw",
        "try",
        "catch",
        "finally",
        "static",
        "final",
        "private",
        "public",
        "protected",
        "in",
        "instanceof",
        "as",
        "assert",
    ],
    ..Words::NONE
};

/// `true` if a file begins like a Jenkins pipeline.
pub(super) fn is_pipeline(head: &[u8]) -> bool {
    const MARKS: [&[u8]; 7] = [
        b"pipeline {",
        b"pipeline{",
        b"node {",
        b"node(",
        b"stage(",
        b"@Library(",
        b"withCredentials(",
    ];
    MARKS.iter().any(|mark| memchr::memmem::find(head, mark).is_some())
}

#[cfg(test)]
mod tests {
    use super::super::{
        identify,
        lexical::examples::check,
        reader::{FileHead, Reader},
    };
    use super::*;
    use crate::model::SourcePath;

    #[test]
    fn names_are_bound_to_values() {
        check(
            &READER,
            &[
                (r#"def token = "x""#, "assignment token = literal x", "x", r#"token = "x""#),
                (
                    r#"ext.hfToken = 'x'"#,
                    "assignment ext.hfToken = literal x",
                    "x",
                    r#"ext.hfToken = 'x'"#,
                ),
                (
                    r#"buildConfigField "String", "HF_TOKEN", "x""#,
                    "assignment buildConfigField() HF_TOKEN = literal x",
                    "x",
                    r#""HF_TOKEN", "x""#,
                ),
                (
                    r#"def t = System.getenv("HF_TOKEN") ?: "x""#,
                    "default System.getenv() HF_TOKEN = literal x",
                    "x",
                    r#"System.getenv("HF_TOKEN") ?: "x""#,
                ),
                (r#"def m = [token: "x"]"#, "mapping m.token = literal x", "x", r#"token: "x""#),
            ],
        );
    }

    #[test]
    fn a_pipeline_is_one_by_what_it_begins_with() {
        for (name, head, language) in [
            ("App.groovy", "package app\nclass A {}", "groovy"),
            ("build.gradle", "plugins {}", "groovy"),
            ("deploy.groovy", "pipeline {\n agent any", "jenkins"),
            ("vars/a.groovy", "def call() { node('x') {} }", "jenkins"),
            ("Jenkinsfile", "x", "jenkins"),
        ] {
            let path = SourcePath::from_bytes(name);
            let file = FileHead { path: &path, head: head.as_bytes() };
            assert_eq!(identify(file).map(Reader::name), Some(language), "{name}");
        }
    }
}
