//! Resolves the program that a command actually runs, and the variables that it declares.

use super::{
    environment::{binding_of, read_lines},
    heredoc::Purpose,
    parser::Parser,
    program::{SHELLS, file_name, program_name, program_starts_at},
    simple::Simple,
    word::{Assignment, ShellWord, is_name},
};
use crate::{
    language::embedded,
    model::{BindingContext, Command, Span},
};

/// Programs that take `-e A=b` or `--env A=b` to set a variable of the program that they start.
const ENVIRONMENT_PROGRAMS: [&str; 11] = [
    "docker",
    "docker-compose",
    "podman",
    "nerdctl",
    "buildah",
    "kubectl",
    "oc",
    "hf",
    "sky",
    "apptainer",
    "singularity",
];

/// The options of those programs that take `A=b`, and the context of their bindings.
const ENVIRONMENT_OPTIONS: [(&str, BindingContext); 8] = [
    ("-e", BindingContext::Environment),
    ("--env", BindingContext::Environment),
    ("-s", BindingContext::Environment),
    ("--secret", BindingContext::Environment),
    ("--secrets", BindingContext::Environment),
    ("--from-literal", BindingContext::Environment),
    ("--build-arg", BindingContext::BuildArgument),
    ("--environment", BindingContext::Environment),
];

/// Commands whose arguments `A=b` set variables of the service that they configure.
const ENVIRONMENT_COMMANDS: [&[&str]; 5] = [
    &["heroku", "config:set"],
    &["fly", "secrets", "set"],
    &["flyctl", "secrets", "set"],
    &["conda", "env", "config", "vars", "set"],
    &["gh", "variable", "set"],
];

impl Parser<'_> {
    /// Adds a command, its declarations, and the commands that it runs.
    pub fn command(&mut self, words: &[ShellWord], simple: &Simple, is_piped: bool) {
        let (first, assignments) = program_starts_at(words);
        for index in assignments {
            self.assignment(&words[index], true);
        }
        let words = words.get(first..).unwrap_or_default();
        let Some(program) = words.first() else { return };
        let name = program_name(program);
        let mut shown = words.iter().map(ShellWord::to_word).collect::<Vec<_>>();
        if let Some(first) = shown.first_mut() {
            first.text.clone_from(&name);
        }
        if let Some(mut command) = Command::new(shown, self.place) {
            command.outputs.clone_from(&simple.outputs);
            command.captured = is_piped;
            let whole = command.outputs.iter().fold(command.span, |all, one| all.joined(one.span));
            if !self.places.may_drop(self.facts.commands.len(), whole) {
                self.facts.commands.push(command);
            }
        }
        self.declarations(&name, words);
        self.use_heredocs(&name, words, simple);
        self.written_lines(&name, words, simple);
        self.nested(&name, words, simple, is_piped);
    }

    /// Adds the variables that the words of the command declare.
    fn declarations(&mut self, name: &str, words: &[ShellWord]) {
        let arguments = words.get(1..).unwrap_or_default();
        match name {
            "export" | "declare" | "typeset" | "readonly" | "local" => {
                arguments.iter().for_each(|word| self.assignment(word, true));
            }
            "set" | "setenv" => self.set_command(words),
            "[" | "test" => {
                for last in 3..=words.len().min(16) {
                    self.comparison(&words[..last]);
                }
            }
            _ if ENVIRONMENT_PROGRAMS.contains(&name) => self.environment_options(arguments),
            _ => {}
        }
        let is_setter = |setter: &&&[&str]| {
            setter.first() == Some(&name)
                && setter[1..].iter().zip(arguments).all(|(known, word)| word.is(known))
        };
        if ENVIRONMENT_COMMANDS.iter().any(|setter| is_setter(&setter)) {
            arguments.iter().for_each(|word| self.assignment(word, true));
        }
    }

    fn environment_options(&mut self, arguments: &[ShellWord]) {
        for (index, word) in arguments.iter().enumerate() {
            for (option, context) in ENVIRONMENT_OPTIONS {
                let Some(rest) = word.text().strip_prefix(option.as_bytes()) else { continue };
                let is_long = option.starts_with("--");
                match (rest.first(), arguments.get(index + 1)) {
                    (None, Some(next)) => self.assigned_at(next, 0, context),
                    (Some(b'='), _) if is_long => {
                        self.assigned_at(word, option.len() + 1, context);
                    }
                    (Some(_), _) if !is_long => self.assigned_at(word, option.len(), context),
                    _ => {}
                }
            }
        }
    }

    /// Adds the `A=b` in `word` from `from` on.
    fn assigned_at(&mut self, word: &ShellWord, from: usize, context: BindingContext) {
        let text = word.text().get(from..).unwrap_or_default();
        let Some(equals) = memchr::memchr(b'=', text) else { return };
        if is_name(&text[..equals]) {
            let key = Span::new(from, from + equals);
            let parts = Assignment { key, path: key, value: from + equals + 1 };
            let mut binding = binding_of(word, parts, context);
            if from > 0 {
                binding.span = binding.key_span.joined(Span::new(word.span.end, word.span.end));
            }
            self.bind(binding);
        }
    }

    /// Sets the purpose of the here-documents that feed this command.
    fn use_heredocs(&mut self, name: &str, words: &[ShellWord], simple: &Simple) {
        let purpose = if runs_its_input(name, words) {
            Purpose::Script
        } else if let Some(file) = code_of_input(name, words) {
            Purpose::Code(file)
        } else if matches!(name, "cat" | "tee") {
            let target = simple.outputs.first().map(|word| word.text.as_str());
            let tee = || words.get(1..)?.iter().rfind(|word| !word.text().starts_with(b"-"));
            let tee = if name == "tee" { tee() } else { None };
            let named = tee.map(|word| String::from_utf8_lossy(word.text()).into_owned());
            purpose_of_file(named.as_deref().or(target).unwrap_or_default())
        } else {
            Purpose::Data
        };
        if purpose != Purpose::Data {
            for heredoc in self.heredocs.iter_mut().skip(simple.heredocs_from) {
                heredoc.purpose = purpose.clone();
            }
            match (&simple.here_string, purpose) {
                (Some(text), Purpose::Script) => self.read_script(&text.extract),
                (Some(text), Purpose::Code(file)) => {
                    self.add_code(&text.extract, &file, text.expands());
                }
                _ => {}
            }
        }
    }

    /// Adds the variables that `echo "A=b" >> .env` writes.
    fn written_lines(&mut self, name: &str, words: &[ShellWord], simple: &Simple) {
        let Some(target) = simple.outputs.first() else { return };
        if matches!(name, "echo" | "printf")
            && purpose_of_file(&target.text) == Purpose::Environment
        {
            for word in words.iter().skip(1) {
                let lines = read_lines(word.text());
                word.extract.hand_over(lines, &mut self.facts);
            }
        }
    }
}

/// `true` if the program runs its input as a script.
fn runs_its_input(name: &str, words: &[ShellWord]) -> bool {
    let arguments = words.get(1..).unwrap_or_default();
    if SHELLS.contains(&name) {
        let has_script = |word: &ShellWord| !word.text().starts_with(b"-") && !word.is("pipefail");
        let reads_input = arguments.iter().any(|word| word.is("-s"));
        return reads_input || !arguments.iter().any(has_script);
    }
    name == "ssh" && super::nested::remote_command(words).is_none_or(|rest| rest.is_empty())
}

/// The name of a file in the language of the code that the program reads from its input.
fn code_of_input(name: &str, words: &[ShellWord]) -> Option<String> {
    let is_file = |word: &ShellWord| !word.text().starts_with(b"-") && !word.is("/dev/stdin");
    let runs_input = name == "psql" || !words.iter().skip(1).any(is_file);
    embedded::of_program(name).filter(|_| runs_input)
}

/// The purpose of a text that is written to the file `path`.
fn purpose_of_file(path: &str) -> Purpose {
    let name = file_name(path);
    let is_environment = name == ".env"
        || name.starts_with(".env.")
        || name.ends_with(".env")
        || path.contains("GITHUB_ENV")
        || path.contains("BASH_ENV")
        || path == "/etc/environment"
        || matches!(
            name,
            ".envrc"
                | ".bashrc"
                | ".zshrc"
                | ".profile"
                | ".bash_profile"
                | ".zprofile"
                | ".zshenv"
        );
    let is_script = [".sh", ".bash", ".zsh"].iter().any(|ending| name.ends_with(ending));
    match (is_environment, is_script) {
        (true, _) => Purpose::Environment,
        (_, true) => Purpose::Script,
        _ if name.contains('.') => Purpose::Code(name.to_owned()),
        _ => Purpose::Data,
    }
}
