//! The rows of `docs/fixes.md`: the fix for each location, its applicability and the reason.

use crate::model::Applicability::{self, DisplayOnly, Safe, Unsafe};

/// A kind of fix.
#[derive(Debug, PartialEq, Eq)]
pub struct Row {
    /// The id in reports.
    pub id: &'static str,
    /// Where the fix applies.
    pub place: &'static str,
    /// The change.
    pub does: &'static str,
    /// The highest applicability.
    pub applicability: Applicability,
    /// The reason for the applicability.
    pub why: &'static str,
}

macro_rules! rows {
    ($($name:ident = $id:literal, $place:literal, $does:literal, $level:ident, $why:literal;)*) => {
        $(
            #[doc = $place]
            pub const $name: &Row = &Row {
                id: $id,
                place: $place,
                does: $does,
                applicability: $level,
                why: $why,
            };
        )*

        /// All rows, in the order of the page.
        pub const ROWS: &[&Row] = &[$($name),*];
    };
}

rows! {
    PYTHON_ARGUMENT =
        "python-argument",
        "Python: a named argument of a call of Hugging Face's libraries that reads `HF_TOKEN` itself",
        "delete the argument",
        Safe,
        "the call reads `HF_TOKEN` without it";
    PYTHON_VALUE =
        "python-value",
        "Python: any other literal that is the secret",
        "read it with `os.environ[…]`",
        Safe,
        "the program reads the same value once the variable is set";
    PYTHON_TEXT =
        "python-text",
        "Python: a literal that contains the secret",
        "fill the variable into the text",
        Safe,
        "the text is the same once the variable is set";
    PYTHON_DEFAULT =
        "python-default",
        "Python: a default of a look-up, a parameter or an option",
        "read the default from the environment",
        Safe,
        "`None` takes the place of the secret where the variable is not set, which Hugging Face's libraries accept";
    PYTHON_LOOKUP_DEFAULT =
        "python-look-up-default",
        "Python: the default of `os.getenv(\"HF_TOKEN\", …)`",
        "delete the default",
        Safe,
        "the variable is read already; where it is not set, `None` takes the place of the secret";
    PYTHON_ENVIRONMENT =
        "python-environment",
        "Python: `os.environ[\"HF_TOKEN\"] = …`, `setdefault`, `putenv`",
        "delete the statement",
        Unsafe,
        "the variable must now be set outside of the program";
    PYTHON_LOGIN =
        "python-login",
        "Python: `login(…)`, `HfFolder.save_token(…)` as a statement",
        "delete the statement",
        Unsafe,
        "it also wrote the token to disk for later programs, and to git's credential store if requested";
    PYTHON_FIELD =
        "python-field",
        "Python: the default of a field of a dataclass or a `TypedDict`",
        "read the default from the environment",
        DisplayOnly,
        "a field's default may be written into files and shown by `repr`: make it optional, and read the variable where it is used";
    PYTHON_SHADOWED =
        "python-shadowed",
        "Python: a file in which `os` is the name of something else",
        "read it from the environment",
        DisplayOnly,
        "`os` is not the module here: write `import os as _os`, and `_os.environ[…]`";
    TRACKER =
        "tracker",
        "Python: all arguments passed to a tracker, including the token",
        "exclude the tokens",
        Unsafe,
        "the tracker no longer shows arguments whose name ends in `token`";
    JAVASCRIPT =
        "javascript",
        "JavaScript on a server: a literal",
        "read it with `process.env`",
        Safe,
        "Node and compatible runtimes read the same value once the variable is set";
    TYPESCRIPT =
        "typescript",
        "TypeScript on a server: a literal",
        "read it with `process.env`",
        Unsafe,
        "the type of the value may be `string | undefined`: where a `string` is required, the `!` that is written hides an unset variable";
    BROWSER =
        "browser",
        "JavaScript that a browser runs: JSX, components, `\"use client\"`",
        "call the Hub from a server",
        DisplayOnly,
        "code in a browser is public: move the call to a route of the server, which reads the variable";
    ENVIRONMENT_SET =
        "environment-set",
        "JavaScript and the languages below: a statement that sets the variable: `process.env.HF_TOKEN = …`, `putenv`, `os.Setenv`",
        "delete the statement",
        Unsafe,
        "the variable must now be set outside of the program";
    CODE =
        "code",
        "C, C#, Dart, Go, Java, Julia, Kotlin, Lua, PHP, R, Ruby, Rust, Scala, Swift: a literal",
        "read it from the environment",
        Unsafe,
        "the program may need other types, another import or another error where the variable is not set";
    CODE_CONSTANT =
        "code-constant",
        "The same languages: a constant that the compiler must know",
        "read it from the environment in a function",
        DisplayOnly,
        "a constant, an annotation or a static initialiser cannot read the environment";
    COMMENT =
        "comment",
        "A comment or a documentation string",
        "write a placeholder",
        Safe,
        "a comment is not executed";
    DOCUMENT =
        "document",
        "Text and code blocks of a document (Markdown, reStructuredText)",
        "write a placeholder, or `$HF_TOKEN` on a command line that does not set it",
        Safe,
        "a document is not executed";
    GIT_URL =
        "git-url",
        "The address of a git repository with the secret in it",
        "delete user and secret from the address",
        Safe,
        "git asks its credential helper: `hf auth login --add-to-git-credential`, or `GIT_ASKPASS` in CI";
    GIT_CONFIG =
        "git-config",
        "The address in `.git/config`",
        "`git remote set-url NAME https://huggingface.co/…`",
        DisplayOnly,
        "the file is git's own";
    SHELL_EXPORT =
        "shell-export",
        "Shell: `export HF_TOKEN=…`, `HF_TOKEN=…`",
        "ask for the variable instead: `: \"${HF_TOKEN:?set HF_TOKEN}\"`",
        Unsafe,
        "the variable must now be set outside of the script, which ends early without it";
    SHELL_PREFIX =
        "shell-prefix",
        "Shell: `HF_TOKEN=… command`",
        "delete the assignment",
        Safe,
        "the command gets the variable from the environment";
    SHELL_VALUE =
        "shell-value",
        "Shell: any other word",
        "write `\"$HF_TOKEN\"`",
        Safe,
        "the word is the same once the variable is set";
    SHELL_LITERAL =
        "shell-literal",
        "Shell: a here-document with a quoted end, a text that nothing expands",
        "take the quotes off the end of the here-document, or write a placeholder",
        DisplayOnly,
        "nothing is expanded there";
    HF_OPTION =
        "hf-option",
        "`hf … --token …` and `huggingface-cli … --token …`, other than a login",
        "delete the option",
        Safe,
        "all commands read `HF_TOKEN`";
    LOGIN =
        "login-command",
        "A command that logs in: `hf auth login --token …`, `huggingface-cli login --token …`",
        "delete the command",
        Unsafe,
        "it also wrote the token to disk for later programs: those must now have `HF_TOKEN` in their environment";
    BATCH =
        "batch",
        "Batch and PowerShell: a value",
        "read the variable",
        Safe,
        "the value is the same once the variable is set";
    WINDOWS_SET =
        "windows-set",
        "Batch and PowerShell: `set`, `setx` and `$env:HF_TOKEN = …`",
        "delete the line",
        Unsafe,
        "the variable must now be set outside of the script";
    MAKE_VARIABLE =
        "make-variable",
        "Makefile: `HF_TOKEN = …`",
        "delete the line",
        Unsafe,
        "make takes the variable from the environment, in which it must now be set";
    MAKE_VALUE =
        "make-value",
        "Makefile: any other value",
        "write `$(HF_TOKEN)`",
        Safe,
        "make takes the variable from the environment";
    DOCKER_ENV =
        "dockerfile-env",
        "Dockerfile: `ENV HF_TOKEN=…`",
        "delete the variable",
        Unsafe,
        "the program in the container needs `docker run -e HF_TOKEN`";
    DOCKER_ARG =
        "dockerfile-arg",
        "Dockerfile: `ARG HF_TOKEN`, also without a value",
        "delete it, and mount the secret where a `RUN` needs it",
        Unsafe,
        "the build needs `--secret id=HF_TOKEN` and BuildKit with Dockerfile 1.10";
    DOCKER_RUN =
        "dockerfile-run",
        "Dockerfile: a `RUN` with the secret in it",
        "mount the secret, and read the variable",
        Unsafe,
        "the build needs `--secret id=HF_TOKEN` and BuildKit with Dockerfile 1.10";
    COMPOSE_ENVIRONMENT =
        "compose-environment",
        "Compose: an entry of `environment`",
        "take it from the environment: `${HF_TOKEN:?set HF_TOKEN}`, in a list `- HF_TOKEN`",
        Safe,
        "Compose fills in the same value once the variable is set";
    COMPOSE_ARGUMENT =
        "compose-build-argument",
        "Compose: an entry of `build.args`",
        "use `build.secrets` and a top-level `secrets:` with `environment: HF_TOKEN`",
        DisplayOnly,
        "the Dockerfile must change too";
    COMPOSE_VALUE =
        "compose-value",
        "Compose: any other value",
        "fill the variable in: `${HF_TOKEN:?set HF_TOKEN}`",
        Safe,
        "Compose fills in the same value once the variable is set";
    ACTIONS_VALUE =
        "github-actions-value",
        "GitHub Actions: a value",
        "`${{ secrets.HF_TOKEN }}`",
        Unsafe,
        "the secret must be created in the settings of the repository";
    ACTIONS_RUN =
        "github-actions-run",
        "GitHub Actions: a script (`run:`)",
        "read `$HF_TOKEN`, and set it in `env:` of the step",
        Unsafe,
        "the secret must be created in the settings of the repository";
    CI_VALUE =
        "ci-value",
        "GitLab, CircleCI and other CI: a value",
        "store it as a masked variable of the project, and delete the entry",
        DisplayOnly,
        "the variable must be created in the settings of the project, and every job then has it";
    CI_SCRIPT =
        "ci-script",
        "GitLab, CircleCI and other CI: a script",
        "write `\"$HF_TOKEN\"`",
        Unsafe,
        "the variable must be created in the settings of the project";
    KUBERNETES_VALUE =
        "kubernetes-value",
        "Kubernetes: `value:` of a variable",
        "refer to a Secret with `valueFrom.secretKeyRef`",
        Unsafe,
        "the Secret `hf-token` must be created in the cluster: `kubectl create secret generic hf-token --from-literal=HF_TOKEN=…`";
    KUBERNETES_SECRET =
        "kubernetes-secret",
        "Kubernetes: a manifest of a Secret, a chart's values",
        "keep the manifest out of the repository, or seal it",
        DisplayOnly,
        "the value must come from outside: `existingSecret`, an external secret, a sealed one";
    TERRAFORM =
        "terraform",
        "Terraform: a default of a variable",
        "delete the default",
        Unsafe,
        "the variable must now be set with `TF_VAR_…`; the state still holds it";
    TERRAFORM_VALUE =
        "terraform-value",
        "Terraform: any other value",
        "declare a `variable` with `sensitive = true`, and refer to it",
        DisplayOnly,
        "the state still holds the value";
    CONFIG_REFERENCE =
        "config-reference",
        "Configuration whose reader fills variables in (MCP of Claude Code, VS Code and Cursor, devcontainers, Spring, Hydra, LiteLLM)",
        "refer to the variable",
        Safe,
        "the program fills in the same value once the variable is set";
    CONFIG =
        "config",
        "Any other configuration",
        "delete the entry, and set `HF_TOKEN` if the program reads it",
        DisplayOnly,
        "the program is not known to expand variables";
    DOTENV_EXAMPLE =
        "dotenv-example",
        "`.env.example` and its like",
        "empty the value",
        Safe,
        "the file only lists variables";
    DOTENV =
        "dotenv",
        "`.env`",
        "add it to `.gitignore`",
        Safe,
        "no program reads `.gitignore`";
    DOTENV_TRACKED =
        "dotenv-tracked",
        "`.env` tracked by git",
        "`git rm --cached .env`, and add it to `.gitignore`",
        DisplayOnly,
        "git's index changes; the history still contains the secret";
    NOTEBOOK_SOURCE =
        "notebook-source",
        "Notebook: code in Colab and Kaggle, and shell lines (`!`, `%`); for other code see the rows of Python",
        "the edit of its language, in the cell",
        Unsafe,
        "in Colab and Kaggle the secret must be added under the key; IPython expands its own variables in shell lines";
    NOTEBOOK_OUTPUT =
        "notebook-output",
        "Notebook: an output",
        "clear the outputs of the cell",
        Safe,
        "running the cell creates them again";
    NOTEBOOK_WIDGETS =
        "notebook-widgets",
        "Notebook: the state of widgets, metadata, an attachment",
        "remove it with `jupyter nbconvert --clear-output`, or `nbstripout`",
        DisplayOnly,
        "other cells may refer to it";
    TRANSCRIPT =
        "transcript",
        "A transcript of a coding agent, in JSON Lines: Claude Code, Codex, Copilot, Pi",
        "write a placeholder in every place",
        Safe,
        "a transcript is not executed; one that is still being written is not changed";
    TRAINING_ARGUMENTS =
        "training-args",
        "`training_args.bin`",
        "delete the file",
        Unsafe,
        "transformers only writes it; programs of your own may load it";
    DEPRECATED_ARGUMENT =
        "deprecated-argument",
        "`use_auth_token=`",
        "delete `use_auth_token=True`; rename any other to `token=`",
        Safe,
        "the libraries read `HF_TOKEN` without it, and the argument is called `token` since huggingface_hub 0.10 and transformers 4.32";
    DEPRECATED_COMMAND =
        "deprecated-command",
        "`huggingface-cli …`",
        "write `hf …`",
        Safe,
        "the command has this name since huggingface_hub 0.34, and the old one is gone";
    DEPRECATED_VARIABLE =
        "deprecated-variable",
        "`HUGGING_FACE_HUB_TOKEN`",
        "rename it to `HF_TOKEN`",
        Unsafe,
        "images and services from before huggingface_hub 0.19 read only the old name";
    OWN_RULE =
        "own-rule",
        "A rule file's own `fix`",
        "the rule's own edit",
        Unsafe,
        "the rule states the level; the default is unsafe";
    ENCODED =
        "encoded",
        "A secret that is encoded or concatenated",
        "replace the expression by a look-up of the variable",
        DisplayOnly,
        "the file does not contain the secret verbatim";
    PACKED =
        "packed",
        "A file in an archive, a model, a data set, a database, a log",
        "rewrite the file without the secret",
        DisplayOnly,
        "the file is generated by a program";
    UNNAMED =
        "unnamed",
        "A secret for which no rule names a variable",
        "read it from the environment",
        DisplayOnly,
        "the variable for it is not known";
    OTHER =
        "other",
        "Anything else",
        "replace it by hand",
        DisplayOnly,
        "the syntax around it is not known";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_has_a_name_of_its_own() {
        let mut ids: Vec<_> = ROWS.iter().map(|row| row.id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), ROWS.len());
    }
}
