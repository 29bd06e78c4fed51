//! SQL.

use super::lexical::{Comment, Curly, Dialect, Escapes, Kind, Lexical, Quote, Trait, Traits};

/// Reads SQL.
pub static READER: Lexical = Lexical(&DIALECT);

static DIALECT: Dialect = Dialect {
    name: "sql",
    endings: &["sql", "ddl", "dml", "psql", "pgsql", "hql"],
    interpreters: &["duckdb", "psql", "sqlite"],
    comments: &[Comment::line("--"), Comment::block("/*", "*/")],
    quotes: &[
        Quote::new("'").with_lines().escaped(Escapes::Doubled),
        Quote::new("\"").with_lines().escaped(Escapes::Doubled),
        Quote::new("`").escaped(Escapes::Doubled),
    ],
    concatenation: &[Kind::OrOr],
    curly: Curly::Mapping,
    traits: Traits::of(&[Trait::Sql]),
    ..Dialect::PLAIN
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
