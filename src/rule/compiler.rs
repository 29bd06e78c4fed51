//! Compiles the parts of one rule.

use super::{
    glob::Globs,
    located::Located,
    names::Names,
    nearest::nearest,
    pattern::Pattern,
    ready::{BindingMatcher, CommandMatcher, Condition, Judge, Matcher, Surroundings},
    rule_file::{RuleError, Source},
    schema::{BindingSelector, CommandSelector, Judgement, RawRule},
    tags::{NAMES, kind_tag},
    words::{Unfilled, unfilled},
};
use std::ops::Range;

/// `true` if it is the id of a rule: lower-case words joined with `-`.
pub fn is_rule_id(id: &str) -> bool {
    !id.is_empty()
        && id.split('-').all(|word| {
            !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        })
}

/// Compiles the parts of one rule.
pub struct Compiler<'a> {
    /// The rule file.
    pub source: &'a Source<'a>,
    /// The rule.
    pub id: &'a str,
    /// The byte range of the rule in the file.
    pub at: Range<usize>,
}

impl Compiler<'_> {
    pub fn error(&self, message: impl Into<String>) -> RuleError {
        self.source.error(self.at.clone(), Some(self.id), message)
    }

    pub fn matcher(&self, raw: &RawRule) -> Result<Matcher, RuleError> {
        let over_text = !raw.pattern.is_empty();
        let over_facts = !raw.binding.is_empty() || !raw.command.is_empty();
        match (over_text, over_facts) {
            (false, false) if raw.repository.is_some() => return Ok(Matcher::Nothing),
            (true, true) | (false, false) => {
                return Err(self.error(
                    "expected `pattern` or `[[rule.binding]]` with `[[rule.command]]`, or a \
                     `repository` check alone or beside one of them",
                ));
            }
            _ => {}
        }
        if over_text {
            let patterns =
                raw.pattern.iter().map(|one| self.required(one)).collect::<Result<_, _>>()?;
            return Ok(Matcher::Pattern { patterns, views: raw.views.clone() });
        }
        Ok(Matcher::Facts {
            bindings: raw.binding.iter().map(|one| self.binding(one)).collect::<Result<_, _>>()?,
            commands: raw.command.iter().map(|one| self.command(one)).collect::<Result<_, _>>()?,
        })
    }

    fn binding(&self, raw: &BindingSelector) -> Result<BindingMatcher, RuleError> {
        Ok(BindingMatcher {
            key: self.keys(&raw.key)?,
            not_key: self.keys(&raw.not_key)?,
            path: self.names(&raw.path)?,
            not_path: self.names(&raw.not_path)?,
            callee: self.names(&raw.callee)?,
            not_callee: self.names(&raw.not_callee)?,
            position: raw.position.clone(),
            context: raw.context.clone(),
            value: raw.value.clone(),
            value_pattern: self.pattern(raw.value_pattern.as_ref())?,
            not_value: self.pattern(raw.not_value.as_ref())?,
            surroundings: Surroundings {
                language: self.languages(&raw.language)?,
                text: self.condition(raw.requires.as_ref(), raw.unless.as_ref())?,
                block: self.condition(raw.block_requires.as_ref(), raw.block_unless.as_ref())?,
            },
            says: raw.says.clone(),
        })
    }

    fn condition(
        &self,
        requires: Option<&Located<String>>,
        unless: Option<&Located<String>>,
    ) -> Result<Condition, RuleError> {
        Ok(Condition { requires: self.pattern(requires)?, unless: self.pattern(unless)? })
    }

    fn command(&self, raw: &CommandSelector) -> Result<CommandMatcher, RuleError> {
        // `^` may precede the first word, with or without a space.
        let words = |text: &String| {
            let (mark, rest) = match text.strip_prefix('^') {
                Some(rest) => (Some("^"), rest),
                None => (None, text.as_str()),
            };
            mark.into_iter().chain(rest.split_whitespace()).map(str::to_string).collect()
        };
        Ok(CommandMatcher {
            program: self.names(&raw.program)?,
            arguments: raw.arguments.iter().map(words).collect(),
            option: raw.option.clone(),
            not_option: raw.not_option.clone(),
            value: raw.value.clone(),
            value_pattern: self.pattern(raw.value_pattern.as_ref())?,
            not_value: self.pattern(raw.not_value.as_ref())?,
            output: self.names(&raw.output)?,
            captured: raw.captured,
            place: raw.place.clone(),
            surroundings: Surroundings {
                language: self.languages(&raw.language)?,
                text: self.condition(raw.requires.as_ref(), raw.unless.as_ref())?,
                block: self.condition(raw.block_requires.as_ref(), raw.block_unless.as_ref())?,
            },
            says: raw.says.clone(),
        })
    }

    /// Checks that a rule has a message that fits its kind, and that every placeholder in it can be
    /// filled.
    pub fn words(&self, raw: &RawRule) -> Result<(), RuleError> {
        if raw.message.is_none() && !raw.credential {
            return Err(self.error("a rule with `credential = false` needs a `message`"));
        }
        if raw.hint.is_none() && !raw.credential {
            return Err(self.error("a rule with `credential = false` needs a `hint`"));
        }
        // For the built-in rules a test checks this, instead of every start.
        let Some(Unfilled { key, name, allowed }) = self.source.names.and_then(|_| unfilled(raw))
        else {
            return Ok(());
        };
        let mut error = self.error(format!("`{key}`: nothing fills `{{{name}}}` in every match"));
        error.help = Some(match &allowed[..] {
            [] => "rules over text have no names to fill in".into(),
            names => format!("here only `{{{}}}` can be filled in", names.join("}`, `{")),
        });
        Err(error)
    }

    /// The rule's tags, `credential` or `habit` first.
    pub fn tags(&self, raw: &RawRule) -> Result<Vec<String>, RuleError> {
        let kind = kind_tag(raw.credential);
        let other = kind_tag(!raw.credential);
        if let Some(wrong) = raw.tags.iter().find(|tag| tag.value == other) {
            let message = format!("`credential = {}` makes the tag `{kind}`", raw.credential);
            return Err(self.source.error(wrong.at.clone(), Some(self.id), message));
        }
        let tags = self.known("tag", &raw.tags, |_| &NAMES)?;
        Ok(std::iter::once(kind.to_string())
            .chain(tags.into_iter().filter(|tag| tag != kind))
            .collect())
    }

    pub fn aliases(&self, raw: &[Located<String>]) -> Result<Vec<String>, RuleError> {
        let alias = |alias: &Located<String>| match is_rule_id(&alias.value) {
            true => Ok(alias.value.clone()),
            false => {
                let message = "an alias must be lower-case words joined with `-`";
                Err(self.source.error(alias.at.clone(), Some(self.id), message))
            }
        };
        raw.iter().map(alias).collect()
    }

    pub fn judge(&self, raw: &Judgement) -> Result<Judge, RuleError> {
        Ok(Judge {
            boundary: raw.boundary,
            randomness: raw.randomness,
            prefix: raw.prefix.clone(),
            min_entropy: raw.min_entropy,
            structure: raw.structure,
            context: self.pattern(raw.context.as_ref())?,
            context_lines: raw.context_lines,
            not: self.pattern(raw.not.as_ref())?,
        })
    }

    pub fn languages(&self, raw: &[Located<String>]) -> Result<Vec<String>, RuleError> {
        self.known("language or dialect", raw, |names| &names.languages)
    }

    /// Checks the fixes of a rule.
    pub fn fixes(&self, raw: &RawRule) -> Result<(), RuleError> {
        let wrong = raw.fix.iter().find_map(|(language, fix)| {
            let why = if !raw.credential {
                "the rule finds no credential, so there is nothing to replace"
            } else if fix.import.is_some() && language != "python" {
                "`import` is only for Python"
            } else if fix.write.contains("{variable}") && raw.variable.is_none() {
                "`{variable}` requires the key `variable` in the rule"
            } else {
                return None;
            };
            Some(format!("`fix.{language}`: {why}"))
        });
        wrong.map_or(Ok(()), |message| Err(self.error(message)))
    }

    pub fn parts(&self, raw: &[Located<String>]) -> Result<Vec<String>, RuleError> {
        self.known("part of a file", raw, |names| &names.parts)
    }

    pub fn containers(&self, raw: &[Located<String>]) -> Result<Vec<String>, RuleError> {
        self.known("container", raw, |names| &names.containers)
    }

    /// The words, each of which must be one of the known names.
    fn known(
        &self,
        kind: &str,
        raw: &[Located<String>],
        known: fn(&Names) -> &[&'static str],
    ) -> Result<Vec<String>, RuleError> {
        let known = self.source.names.map(known);
        let word = |word: &Located<String>| {
            let name = &word.value;
            match known {
                Some(known) if !known.contains(&name.as_str()) => {
                    let message = format!("no {kind} is named `{name}`");
                    let mut error = self.source.error(word.at.clone(), Some(self.id), message);
                    error.help = Some(match nearest(name, known.iter().copied()) {
                        Some(nearest) => format!("did you mean `{nearest}`?"),
                        None => format!("expected one of {}", known.join(", ")),
                    });
                    Err(error)
                }
                _ => Ok(name.clone()),
            }
        };
        raw.iter().map(word).collect()
    }

    /// Globs of keys, in which `-` and `_` are equal.
    fn keys(&self, globs: &[String]) -> Result<Globs, RuleError> {
        self.checked(Globs::of_names(globs.iter().map(|key| key.replace('-', "_"))))
    }

    fn names<'a>(&self, globs: impl IntoIterator<Item = &'a String>) -> Result<Globs, RuleError> {
        self.checked(Globs::of_names(globs))
    }

    pub fn paths(&self, globs: &[Located<String>]) -> Result<Globs, RuleError> {
        self.checked(Globs::of_paths(globs.iter().map(|glob| &glob.value)))
    }

    fn checked(&self, globs: Globs) -> Result<Globs, RuleError> {
        if self.source.names.is_some() {
            globs.check().map_err(|message| self.error(format!("bad glob {message}")))?;
        }
        Ok(globs)
    }

    pub fn pattern(&self, raw: Option<&Located<String>>) -> Result<Option<Pattern>, RuleError> {
        raw.map(|located| self.required(located)).transpose()
    }

    fn required(&self, raw: &Located<String>) -> Result<Pattern, RuleError> {
        let pattern = Pattern::new(raw.value.as_str());
        if self.source.names.is_some() {
            pattern.check().map_err(|message| {
                let message = format!("bad pattern: {message}");
                let mut error = self.source.error(raw.at.clone(), Some(self.id), message);
                error.help =
                    Some("patterns follow https://docs.rs/regex/latest/regex/#syntax".into());
                error
            })?;
        }
        Ok(pattern)
    }
}
