//! Replacements, by language, for a credential whose environment variable is known. One row defines
//! both the sentence of a hint and the expression of an edit.

/// The code that reads an environment variable in one language or dialect.
struct Replacement {
    /// The language or dialect.
    kind: &'static str,
    /// The expression that an edit writes in place of the credential; empty if it depends on the
    /// context. `NAME` stands for the variable.
    expression: &'static str,
    /// The sentence of a hint; `EXPRESSION` stands for the expression, `NAME` for the variable.
    words: &'static str,
}

const fn row(kind: &'static str, expression: &'static str, words: &'static str) -> Replacement {
    Replacement { kind, expression, words }
}

#[rustfmt::skip]
const REPLACEMENTS: &[Replacement] = &[
    row("batch", "%NAME%", "write `EXPRESSION` and set it outside of the script"),
    row("c", "getenv(\"NAME\")", "read it with `EXPRESSION`"),
    row("cmake", "$ENV{NAME}", "read it with `EXPRESSION`"),
    row("compose", "${NAME}", "write `NAME: EXPRESSION` and set it outside of the file"),
    row("csharp", "Environment.GetEnvironmentVariable(\"NAME\")", "read it with `EXPRESSION`"),
    row("dart", "Platform.environment['NAME']", "read it with `EXPRESSION`"),
    row("dockerfile", "", "delete it; at run time pass it by name, `docker run -e NAME IMAGE`; while building use `RUN --mount=type=secret,id=NAME,env=NAME …`"),
    row("dotenv", "", "keep this file out of the repository: add `.env` to `.gitignore`, and commit a `.env.example` with `NAME=`"),
    row("github-actions", "${{ secrets.NAME }}", "store it as a secret of the repository and write `NAME: EXPRESSION` under `env:`"),
    row("gitlab-ci", "$NAME", "store it as a masked variable of the project; every job then has `EXPRESSION`"),
    row("go", "os.Getenv(\"NAME\")", "read it with `EXPRESSION`"),
    row("groovy", "System.getenv(\"NAME\")", "read it with `EXPRESSION`"),
    row("hcl", "", "declare a `variable` with `sensitive = true` and no default, and set it with `TF_VAR_…`"),
    row("java", "System.getenv(\"NAME\")", "read it with `EXPRESSION`"),
    row("javascript", "process.env.NAME", "write `EXPRESSION`, on the server only"),
    row("jenkins", "", "store it as a credential and write `NAME = credentials('…')` under `environment`"),
    row("julia", "ENV[\"NAME\"]", "write `EXPRESSION`"),
    row("kotlin", "System.getenv(\"NAME\")", "read it with `EXPRESSION`"),
    row("kubernetes", "", "keep it in a Secret that is not committed and refer to it with `valueFrom.secretKeyRef`"),
    row("lua", "os.getenv(\"NAME\")", "read it with `EXPRESSION`"),
    row("makefile", "$(NAME)", "write `EXPRESSION` and export `NAME` before calling make"),
    row("markdown", "<NAME>", "write a placeholder such as `EXPRESSION`"),
    row("notebook", "os.environ[\"NAME\"]", "in Colab write `from google.colab import userdata; userdata.get(\"NAME\")`, elsewhere `EXPRESSION`; clear outputs that show it with `jupyter nbconvert --clear-output --inplace`"),
    row("php", "getenv('NAME')", "read it with `EXPRESSION`"),
    row("powershell", "$env:NAME", "write `EXPRESSION` and set it outside of the script"),
    row("python", "os.environ[\"NAME\"]", "write `EXPRESSION`"),
    row("r", "Sys.getenv(\"NAME\")", "read it with `EXPRESSION`"),
    row("ruby", "ENV.fetch(\"NAME\")", "read it with `EXPRESSION`"),
    row("rust", "std::env::var(\"NAME\")", "read it with `EXPRESSION`"),
    row("scala", "sys.env(\"NAME\")", "read it with `EXPRESSION`"),
    row("shell", "$NAME", "delete it here and set `NAME` outside of the script: `set -a; . ./.env; set +a` with an ignored `.env`"),
    row("swift", "ProcessInfo.processInfo.environment[\"NAME\"]", "read it with `EXPRESSION`"),
];

fn of(kind: &str) -> Option<&'static Replacement> {
    REPLACEMENTS.iter().find(|row| row.kind == kind)
}

/// The sentence of a hint on how to read `variable` from the environment in a language or dialect;
/// `None` if there is no usual way.
pub fn replacement(kind: &str, variable: &str) -> Option<String> {
    let row = of(kind)?;
    Some(row.words.replace("EXPRESSION", row.expression).replace("NAME", variable))
}

/// The expression that reads `variable` from the environment in a language or dialect; `None` if it
/// depends on the context.
pub fn expression(kind: &str, variable: &str) -> Option<String> {
    let row = of(kind).filter(|row| !row.expression.is_empty())?;
    Some(row.expression.replace("NAME", variable))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_is_found_and_its_words_hold_its_expression() {
        for row in REPLACEMENTS {
            let words = replacement(row.kind, "NAME").expect("it has a row");
            assert!(!words.contains("EXPRESSION"), "{}", row.kind);
            let is_written = row.words.contains("EXPRESSION");
            assert!(!is_written || !row.expression.is_empty(), "{}", row.kind);
        }
        assert_eq!(replacement("klingon", "NAME"), None);
    }

    #[test]
    fn the_variable_stands_in_the_words() {
        let words = replacement("python", "OPENAI_API_KEY");
        assert_eq!(words.as_deref(), Some("write `os.environ[\"OPENAI_API_KEY\"]`"));
        assert_eq!(expression("go", "A").as_deref(), Some("os.Getenv(\"A\")"));
    }
}
