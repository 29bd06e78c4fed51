//! Runs the rules that want bindings and commands over the facts of a text.

mod binding;
mod command;
mod value;

use super::{
    candidate::{Candidate, Real, Verdict},
    engine::{Engine, Text},
    versions::{Version, add_known},
};
use crate::{
    judge::place::is_minified,
    language::{self, FileHead, Places, Reader},
    model::{Facts, Secret, Span},
    rule::{BindingMatcher, CommandMatcher, Matcher, Pattern, Reported, Rule, Says},
};
use std::cell::LazyCell;
use value::Judged;

/// A longer text is not read for facts; rules over its text still run.
pub const MAX_TEXT: usize = 8 << 20;
/// Bytes from which a file's language is told.
const HEAD: usize = 4096;

/// The rules over facts that a text has woken.
pub struct FactRules<'e> {
    /// The rules with their numbers, in ascending order, all of them with `Matcher::Facts`.
    pub rules: Vec<(usize, &'e Rule)>,
    /// What woke them.
    pub engine: &'e Engine,
    /// The time, in seconds since 1970.
    pub now: i64,
}

/// What is asked of a fact besides the fact itself.
#[derive(Clone, Copy)]
struct Setting<'t> {
    text: Text<'t>,
    /// The language's name.
    language: &'static str,
    /// What the file is for.
    dialect: Option<&'static str>,
    now: i64,
}

/// A fact that matches a rule: what it is called, and what of it is at stake.
struct Match<'f> {
    /// Names to fill into the rule's words: `{key}`, `{callee}`, `{program}`.
    names: Vec<(&'static str, &'f str)>,
    /// The construct.
    span: Span,
    /// Its key or its program.
    name_span: Span,
    /// What the selector says in place of the rule.
    says: &'f Says,
    /// The credential, where the rule's findings are such.
    secret: Option<Judged>,
}

impl<'e> FactRules<'e> {
    /// Whether any facts are read from `text`.
    pub fn can_read(text: Text<'_>) -> bool {
        text.bytes.len() <= MAX_TEXT && reader_of(text).is_some()
    }

    /// Calls `found` with every fact of `text` that one of the rules wants. `seen` is where
    /// keywords stand in it, as the engine keeps them.
    pub fn run(
        self,
        text: Text<'_>,
        seen: &[(usize, usize)],
        mut version: Option<&mut Version>,
        found: &mut dyn FnMut(Candidate<'e>),
    ) {
        if self.rules.is_empty() || text.bytes.len() > MAX_TEXT {
            return;
        }
        let Some((file, reader)) = reader_of(text) else { return };
        let mut gates = Gates { text: text.bytes, asked: Vec::new() };
        let minified = LazyCell::new(|| is_minified(text.bytes));
        let mut is_open = |number: usize, rule: &'e Rule| match (&rule.gate, &mut version) {
            (None, _) => true,
            (Some(gate), Some(version)) => {
                version.is_open(self.engine.gate(number), gate, text.bytes)
            }
            (Some(gate), None) => gates.open(gate),
        };
        let (numbers, rules): (Vec<usize>, Vec<&Rule>) = self
            .rules
            .into_iter()
            .filter(|(number, rule)| {
                may_want(rule, reader)
                    && !(rule.skip_minified && *minified)
                    && text.is_for(rule)
                    && is_open(*number, rule)
            })
            .unzip();
        if rules.is_empty() {
            return;
        }
        let places = match &version {
            Some(version) => self.engine.places_of(version.events(), &numbers),
            None => self.engine.places(text.bytes, seen, &numbers),
        };
        let language = reader.name();
        let mut known = version
            .as_ref()
            .map(|version| version.known_parts(text.bytes, language, &numbers, &places))
            .unwrap_or_default();
        let skip: Vec<_> = known.iter().map(|part| part.range.clone()).collect();
        let mut facts = reader.read_near(text.bytes, file, Places::at(&places), &skip);
        add_known(&mut facts, &mut known);
        let setting = Setting { text, language, dialect: facts.dialect, now: self.now };
        let mut wanted = Vec::new();
        for rule in rules {
            setting.run(rule, &facts, &mut wanted, found);
        }
        if let Some(version) = version {
            version.remember_parts(language, numbers, &facts, wanted, known);
        }
    }
}

/// What reads the language that a text is written in, and what it tells that from.
fn reader_of<'t>(text: Text<'t>) -> Option<(FileHead<'t>, &'static dyn Reader)> {
    let head = &text.bytes[..text.bytes.len().min(HEAD)];
    let file = FileHead { path: text.path, head };
    Some((file, language::identify(file)?))
}

/// The gates that rules of one text have asked about: many rules share one.
struct Gates<'t, 'r> {
    text: &'t [u8],
    asked: Vec<(&'r str, bool)>,
}

impl<'r> Gates<'_, 'r> {
    /// Whether the text lets the rule behind this gate through.
    fn open(&mut self, gate: &'r Pattern) -> bool {
        if let Some((_, is_open)) = self.asked.iter().find(|(asked, _)| *asked == gate.as_str()) {
            return *is_open;
        }
        let is_open = gate.is_match(self.text);
        self.asked.push((gate.as_str(), is_open));
        is_open
    }
}

/// Whether a rule wants anything of what is written in this language.
fn may_want(rule: &Rule, reader: &dyn Reader) -> bool {
    let Matcher::Facts { bindings, commands } = &rule.matcher else { return false };
    // A dialect is only known once the text is read, so a name that is no language counts.
    let wants = |languages: &[String]| {
        languages.is_empty()
            || languages.iter().any(|name| {
                name == reader.name() || reader.has_dialects() && !language::is_language(name)
            })
    };
    bindings.iter().any(|one| wants(&one.language))
        || commands.iter().any(|one| wants(&one.language))
}

impl Setting<'_> {
    /// Calls `found` with what the rule wants, and notes in `wanted` where each fact stands
    /// that it would want but for what it asks of the whole file.
    fn run<'e>(
        &self,
        rule: &'e Rule,
        facts: &Facts,
        wanted: &mut Vec<usize>,
        found: &mut dyn FnMut(Candidate<'e>),
    ) {
        let Matcher::Facts { bindings, commands } = &rule.matcher else { return };
        let mut asked = self.asked(bindings, BindingMatcher::conditions);
        let most = if asked.is_empty() { 0 } else { facts.bindings.len() };
        for fact in &facts.bindings[..most] {
            let matched = asked.iter_mut().find_map(|one| {
                let matched = self.binding(one.selector, fact)?;
                wanted.push(fact.span.start);
                one.holds(self).then_some(matched)
            });
            if let Some(matched) = matched {
                found(self.candidate(rule, matched));
            }
        }
        let mut asked = self.asked(commands, CommandMatcher::conditions);
        let most = if asked.is_empty() { 0 } else { facts.commands.len() };
        for fact in &facts.commands[..most] {
            let matched = asked.iter_mut().find_map(|one| {
                let matched = self.command(one.selector, fact)?;
                wanted.push(fact.span.start);
                one.holds(self).then_some(matched)
            });
            if let Some(matched) = matched {
                found(self.candidate(rule, matched));
            }
        }
    }

    /// The selectors that are for this language.
    fn asked<'m, M>(
        &self,
        selectors: &'m [M],
        conditions: fn(&'m M) -> Conditions<'m>,
    ) -> Vec<Asked<'m, M>> {
        let asked = selectors.iter().map(|selector| Asked {
            selector,
            conditions: conditions(selector),
            holds: None,
        });
        asked.filter(|one| self.is_in(one.conditions.language)).collect()
    }

    /// Whether the text is in one of these languages; none means any.
    fn is_in(&self, languages: &[String]) -> bool {
        let is_one = |name: &String| name == self.language || Some(name.as_str()) == self.dialect;
        languages.is_empty() || languages.iter().any(is_one)
    }

    fn candidate<'e>(&self, rule: &'e Rule, matched: Match<'_>) -> Candidate<'e> {
        let kinds = self.dialect.into_iter().chain([self.language]);
        let mut real = Real::of(rule, b"");
        let says = matched.says;
        real.secret = None;
        real.severity = says.severity.unwrap_or(rule.severity);
        let message = says.message.as_deref().unwrap_or(&rule.message);
        let hint = says.hint.clone().unwrap_or_else(|| rule.hint_for(kinds));
        real.message = Some(fill(message, &matched.names));
        real.help = Some(fill(&hint, &matched.names));
        let is_credential = says.credential.unwrap_or(rule.credential);
        let Some(judged) = matched.secret.filter(|_| is_credential) else {
            let span = match rule.report {
                Reported::Name if !matched.name_span.is_empty() => matched.name_span,
                _ => matched.span,
            };
            return Candidate { rule, span, verdict: Verdict::Real(real) };
        };
        let verdict = match judged.check(rule, self.now) {
            Ok(check) => {
                check.apply(&mut real);
                real.secret = Some(Secret::new(judged.secret()));
                Verdict::Real(real)
            }
            Err(dismissal) => Verdict::Dismissed(dismissal),
        };
        Candidate { rule, span: judged.span, verdict }
    }
}

/// A selector, and whether the whole file is as it asks, once that was looked at: most
/// files hold no fact that any selector wants.
struct Asked<'m, M> {
    selector: &'m M,
    conditions: Conditions<'m>,
    holds: Option<bool>,
}

impl<M> Asked<'_, M> {
    fn holds(&mut self, setting: &Setting<'_>) -> bool {
        let Conditions { requires, unless, .. } = self.conditions;
        let text = setting.text.bytes;
        *self.holds.get_or_insert_with(|| {
            requires.is_none_or(|pattern| pattern.is_match(text))
                && unless.is_none_or(|pattern| !pattern.is_match(text))
        })
    }
}

/// What selectors of both kinds ask of the whole file.
#[derive(Clone, Copy)]
struct Conditions<'m> {
    language: &'m [String],
    requires: Option<&'m Pattern>,
    unless: Option<&'m Pattern>,
}

impl BindingMatcher {
    fn conditions(&self) -> Conditions<'_> {
        Conditions {
            language: &self.language,
            requires: self.requires.as_ref(),
            unless: self.unless.as_ref(),
        }
    }
}

impl CommandMatcher {
    fn conditions(&self) -> Conditions<'_> {
        Conditions {
            language: &self.language,
            requires: self.requires.as_ref(),
            unless: self.unless.as_ref(),
        }
    }
}

/// A rule's words with the names of the match in them. The names come from the scanned
/// file: they are cut, escaped, and left out where they hold what looks like a token.
fn fill(words: &str, names: &[(&'static str, &str)]) -> String {
    const LONGEST: usize = 60;
    let mut text = words.to_string();
    for (place, name) in names {
        if !text.contains(place) {
            continue;
        }
        let short: String = name.chars().take(LONGEST).collect();
        let safe = if memchr::memmem::find(short.as_bytes(), b"hf_").is_some() && short.len() > 24 {
            "…".to_string()
        } else {
            crate::model::escaped(short.as_bytes())
        };
        text = text.replace(place, &safe);
    }
    text
}

/// Where `part` stands in the bytes of `within`; all of `within` if it is written
/// otherwise there.
fn locate(text: &[u8], within: Span, part: &[u8]) -> Span {
    match memchr::memmem::find(within.slice(text), part) {
        Some(at) if !part.is_empty() => {
            Span::new(within.start + at, within.start + at + part.len())
        }
        _ => within,
    }
}
