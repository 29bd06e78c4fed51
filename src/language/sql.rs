//! SQL.

use super::{
    files::Files,
    lexical::{
        Comment, Curly, Escapes, Fold, Grammar, Kind, Lexical, Quote, Trait, Traits, Words, shared,
    },
};

/// Reads SQL.
pub static READER: Lexical = Lexical(&GRAMMAR);

static GRAMMAR: Grammar = Grammar {
    name: "sql",
    files: Files {
        endings: &["sql", "ddl", "dml", "psql", "pgsql", "hql"],
        interpreters: &["duckdb", "psql", "sqlite"],
        ..Files::NONE
    },
    comments: &[Comment::line("--"), Comment::block("/*", "*/")],
    quotes: &[
        Quote::new("'").with_lines().escaped(Escapes::Doubled),
        Quote::new("\"").with_lines().escaped(Escapes::Doubled),
        Quote::new("`").escaped(Escapes::Doubled),
    ],
    concatenation: &[Kind::OrOr],
    curly: Curly::Mapping,
    traits: Traits::of(&[Trait::AtNames, Trait::EqualsCompares, Trait::Columns, Trait::Clauses]),
    words: &WORDS,
    ..Grammar::PLAIN
};

static WORDS: Words = Words {
    shares: &[&shared::COMMON],
    folds: &[
        ("CHAR", Fold::Codes),
        ("CHR", Fold::Codes),
        ("CONCAT", Fold::Concatenation),
        ("char", Fold::Codes),
        ("chr", Fold::Codes),
    ],
    constants: &["NULL", "TRUE", "FALSE", "NONE", "none"],
    control: &[
        "when", "and", "or", "not", "case", "select", "where", "is", "as", "with", "IF", "WHERE",
        "AND", "OR", "IN", "NOT", "VALUES", "SELECT", "FROM", "AS", "ON",
    ],
    ends: &["WHERE", "where", "FROM", "from", "AND", "and", "OR", "or", "SET", "set", "AS", "as"],
    ..Words::NONE
};

#[cfg(test)]
mod tests {
    use super::super::lexical::examples::check;
    use super::*;

    #[test]
    fn names_are_bound_to_values() {
        check(
            &READER,
            &[
                (
                    "CREATE SECRET s (TYPE HUGGINGFACE, TOKEN 'x');",
                    "argument CREATE SECRET() TOKEN = literal x",
                    "x",
                    "TOKEN 'x'",
                ),
                (
                    "create or replace persistent secret (
  TYPE huggingface,
  TOKEN 'it''s'
);",
                    "argument CREATE SECRET() TOKEN = literal it's",
                    "it''s",
                    "TOKEN 'it''s'",
                ),
                ("SET hf_token = 'x';", "assignment hf_token = literal x", "x", "hf_token = 'x'"),
                (
                    "SET VARIABLE hf_token TO 'x';",
                    "assignment hf_token = literal x",
                    "x",
                    "hf_token TO 'x'",
                ),
                (
                    "UPDATE t SET token = 'x' WHERE a = 'y'",
                    "assignment token = literal x",
                    "x",
                    "token = 'x'",
                ),
                (
                    "SET a = 'x' || 'y' -- b = 'c'",
                    "assignment a = literal xy",
                    "x' || 'y",
                    "a = 'x' || 'y'",
                ),
                ("SELECT f('x')", "argument f() #0 = literal x", "x", "'x'"),
            ],
        );
    }

    #[test]
    fn a_condition_is_no_assignment() {
        let text = b"SELECT * FROM t WHERE token = 'x'";
        let facts = super::super::lexical::examples::facts_of(&READER, text);
        assert!(facts.bindings.is_empty());
    }
}
