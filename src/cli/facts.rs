//! `hfscan facts FILE`: prints the facts of a file that rules match.

use super::{args::FactsArgs, error::CliError};
use crate::{
    detect::{Engine, Scratch, Text},
    judge::value::check_named_secret,
    language::{self, FileHead, Wanted},
    model::{Binding, Command, Facts, Secret, SourcePath, escaped},
    rule::{RuleSet, Selection, built_in_to_run},
    scan::RulesError,
};
use std::{collections::BTreeSet, fmt::Write};

/// Maximum length of a printed value, in characters.
const SHOWN: usize = 100;

/// Bindings and commands of a file, one per line, with secrets masked.
///
/// # Errors
/// Returns an error if the file or a rule file cannot be read.
pub fn run(args: &FactsArgs) -> Result<String, CliError> {
    let bytes = std::fs::read(&args.file)
        .map_err(|error| CliError::Read { path: args.file.clone(), error })?;
    let path = SourcePath::from_path(&args.file);
    let file = FileHead::of(&path, &bytes);
    let Some(reader) = language::identify(file) else {
        return Ok(format!("{path}: unknown language; only text rules apply\n"));
    };
    let facts = language::read(reader, &bytes, file, Wanted::ALL);
    let printer = Printer { lines: line_starts(&bytes), secrets: secrets(&path, &bytes)? };
    let dialect = facts.dialect.map(|dialect| format!(", {dialect}")).unwrap_or_default();
    Ok(format!("{path}: {}{dialect}\n{}", reader.name(), printer.print(&facts)))
}

/// All texts that any rule matches as a secret, dismissed or not, longest first.
fn secrets(path: &SourcePath, bytes: &[u8]) -> Result<Vec<Vec<u8>>, CliError> {
    let rules = built_in_to_run().map_err(RulesError::from)?;
    let rules = RuleSet::new(rules, &Selection::default()).map_err(RulesError::from)?;
    let engine = Engine::new(rules, 0);
    let input = Text { path, containers: &[], bytes, part: None, is_whole: true, map: None };
    let mut secrets = BTreeSet::new();
    let _ = engine.run(input, &mut Scratch::default(), &mut |candidate| {
        let secret = bytes.get(candidate.span.start..candidate.span.end);
        if let Some(secret) = secret.filter(|one| candidate.rule.credential && one.len() >= 4) {
            secrets.insert(secret.to_vec());
        }
    });
    let mut secrets: Vec<_> = secrets.into_iter().collect();
    secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
    Ok(secrets)
}

/// The offset of the start of each line.
fn line_starts(bytes: &[u8]) -> Vec<usize> {
    std::iter::once(0).chain(memchr::memchr_iter(b'\n', bytes).map(|at| at + 1)).collect()
}

/// Prints facts.
struct Printer {
    lines: Vec<usize>,
    secrets: Vec<Vec<u8>>,
}

impl Printer {
    fn print(&self, facts: &Facts) -> String {
        let bindings = facts.bindings.iter().map(|one| (one.span.start, self.binding(one)));
        let commands = facts.commands.iter().map(|one| (one.span.start, self.command(one)));
        let mut all: Vec<_> = bindings.chain(commands).collect();
        all.sort();
        let mut text = String::new();
        for (at, fact) in all {
            // Writing to a `String` cannot fail.
            let _ = writeln!(text, "{}: {fact}", self.place(at));
        }
        if text.is_empty() { "no bindings and no commands\n".into() } else { text }
    }

    /// Line and byte column, both counted from 1, as `line:column`.
    fn place(&self, at: usize) -> String {
        let line = self.lines.partition_point(|start| *start <= at);
        let start = line.checked_sub(1).and_then(|line| self.lines.get(line)).copied();
        format!("{line}:{}", at - start.unwrap_or(0) + 1)
    }

    fn binding(&self, binding: &Binding) -> String {
        let mut text = named(binding.context);
        for (label, name) in [
            ("callee", binding.callee.as_deref().unwrap_or_default()),
            ("key", &binding.key),
            ("path", &binding.path),
        ] {
            if !name.is_empty() {
                let _ = write!(text, "  {label} `{}`", self.shown(name));
            }
        }
        if let Some(position) = binding.position {
            let _ = write!(text, "  position {position}");
        }
        let value = &binding.value;
        let _ = write!(text, "  {} `{}`", named(value.kind), self.shown(&value.text));
        text
    }

    fn command(&self, command: &Command) -> String {
        let words: Vec<String> = command.words.iter().map(|word| self.shown(&word.text)).collect();
        let captured = if command.captured { "  captured" } else { "" };
        format!("command  {}{captured}  `{}`", named(command.place), words.join("` `"))
    }

    /// A text of the file, with its secrets masked.
    fn shown(&self, text: &str) -> String {
        if check_named_secret(text).is_ok() {
            return escaped(Secret::new(text.as_bytes()).masked().as_bytes());
        }
        let mut text = text.to_string();
        for secret in &self.secrets {
            if let Ok(plain) = std::str::from_utf8(secret) {
                text = text.replace(plain, &Secret::new(secret.as_slice()).masked());
            }
        }
        let mut short: String = text.chars().take(SHOWN).collect();
        if short.len() < text.len() {
            short.push('…');
        }
        escaped(short.as_bytes())
    }
}

/// The name of a context, a kind of value or a location, as rule files write it.
fn named(value: impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => name,
        _ => String::new(),
    }
}
