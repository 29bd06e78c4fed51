//! The replacement of a credential whose environment variable is known, by language.

/// The replacement by language or dialect; `NAME` is the environment variable.
#[rustfmt::skip]
const REPLACEMENTS: &[(&str, &str)] = &[
    ("batch", "write `%NAME%` and set it outside of the script"),
    ("c", "read it with `getenv(\"NAME\")`"),
    ("compose", "write `NAME: ${NAME}` and set it outside of the file"),
    ("csharp", "read it with `Environment.GetEnvironmentVariable(\"NAME\")`"),
    ("dart", "read it with `Platform.environment['NAME']`"),
    ("dockerfile", "delete it; at run time pass it by name, `docker run -e NAME IMAGE`; while building use `RUN --mount=type=secret,id=NAME,env=NAME …`"),
    ("dotenv", "keep this file out of the repository: add `.env` to `.gitignore`, and commit a `.env.example` with `NAME=`"),
    ("github-actions", "store it as a secret of the repository and write `NAME: ${{ secrets.NAME }}` under `env:`"),
    ("gitlab-ci", "store it as a masked variable of the project; every job then has `$NAME`"),
    ("go", "read it with `os.Getenv(\"NAME\")`"),
    ("hcl", "declare a `variable` with `sensitive = true` and no default, and set it with `TF_VAR_…`"),
    ("java", "read it with `System.getenv(\"NAME\")`"),
    ("javascript", "write `process.env.NAME`, on the server only"),
    ("jenkins", "store it as a credential and write `NAME = credentials('…')` under `environment`"),
    ("julia", "write `ENV[\"NAME\"]`"),
    ("kotlin", "read it with `System.getenv(\"NAME\")`"),
    ("kubernetes", "keep it in a Secret that is not committed and refer to it with `valueFrom.secretKeyRef`"),
    ("lua", "read it with `os.getenv(\"NAME\")`"),
    ("makefile", "write `$(NAME)` and export `NAME` before calling make"),
    ("markdown", "write a placeholder such as `<NAME>`"),
    ("notebook", "in Colab write `from google.colab import userdata; userdata.get(\"NAME\")`, elsewhere `os.environ[\"NAME\"]`; clear outputs that show it with `jupyter nbconvert --clear-output --inplace`"),
    ("php", "read it with `getenv('NAME')`"),
    ("powershell", "write `$env:NAME` and set it outside of the script"),
    ("python", "write `os.environ[\"NAME\"]`"),
    ("r", "read it with `Sys.getenv(\"NAME\")`"),
    ("ruby", "read it with `ENV.fetch(\"NAME\")`"),
    ("rust", "read it with `std::env::var(\"NAME\")`"),
    ("scala", "read it with `sys.env(\"NAME\")`"),
    ("shell", "delete it here and set `NAME` outside of the script: `set -a; . ./.env; set +a` with an ignored `.env`"),
    ("swift", "read it with `ProcessInfo.processInfo.environment[\"NAME\"]`"),
];

/// The instruction to read `variable` from the environment in a language or dialect; `None` if
/// there is no usual way.
pub fn replacement(kind: &str, variable: &str) -> Option<String> {
    let (_, words) = REPLACEMENTS.iter().find(|(known, _)| *known == kind)?;
    Some(words.replace("NAME", variable))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_is_found() {
        for (kind, words) in REPLACEMENTS {
            assert_eq!(replacement(kind, "NAME").as_deref(), Some(*words), "{kind}");
        }
        assert_eq!(replacement("klingon", "NAME"), None);
    }

    #[test]
    fn the_variable_stands_in_the_words() {
        let words = replacement("python", "OPENAI_API_KEY");
        assert_eq!(words.as_deref(), Some("write `os.environ[\"OPENAI_API_KEY\"]`"));
    }
}
