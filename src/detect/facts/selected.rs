//! The facts that a rule selects.

use super::{
    block::Blocks,
    setting::{Match, Setting},
};
use crate::{
    detect::candidate::Candidate,
    model::{Binding, Command, Span},
    rule::{BindingMatcher, CommandMatcher, Matcher, Rule, Says, Surroundings, ValueClass},
};
use std::collections::BTreeMap;

/// A selector of one kind of facts.
pub trait Selector {
    /// The kind of facts.
    type Fact;

    /// Its conditions on the text around a fact.
    fn surroundings(&self) -> &Surroundings;

    /// The texts that replace the rule's own.
    fn says(&self) -> &Says;

    /// Its match with a fact, regardless of the surroundings.
    fn select<'f>(&'f self, setting: &Setting<'_>, fact: &'f Self::Fact) -> Option<Match<'f>>;

    /// The language of a fact that is embedded in a text of another one, and the span of the fact.
    fn place_of(fact: &Self::Fact) -> (Option<&'static str>, Span);

    /// The classes that its values must have.
    fn values(&self) -> &[ValueClass];

    /// `true` if a fact is in commented-out code.
    fn is_commented(fact: &Self::Fact) -> bool;
}

/// `true` if a rule selects facts in commented-out code.
pub fn finds_in_comments(rule: &Rule) -> bool {
    let Matcher::Facts { bindings, commands } = &rule.matcher else { return false };
    bindings.iter().any(|one| selects_comments(rule, one))
        || commands.iter().any(|one| selects_comments(rule, one))
}

/// `true` if a selector of the rule applies to commented-out code. A credential there can be used,
/// but a habit does no harm, and Hugging Face tokens are found by their shape.
fn selects_comments<S: Selector>(rule: &Rule, selector: &S) -> bool {
    rule.credential
        && selector.says().credential != Some(false)
        && selector.values() != [ValueClass::HfToken]
}

impl Selector for BindingMatcher {
    type Fact = Binding;

    fn surroundings(&self) -> &Surroundings {
        &self.surroundings
    }

    fn says(&self) -> &Says {
        &self.says
    }

    fn select<'f>(&'f self, setting: &Setting<'_>, fact: &'f Binding) -> Option<Match<'f>> {
        setting.binding(self, fact)
    }

    fn place_of(fact: &Binding) -> (Option<&'static str>, Span) {
        (fact.language, fact.span)
    }

    fn values(&self) -> &[ValueClass] {
        &self.value
    }

    fn is_commented(fact: &Binding) -> bool {
        fact.commented
    }
}

impl Selector for CommandMatcher {
    type Fact = Command;

    fn surroundings(&self) -> &Surroundings {
        &self.surroundings
    }

    fn says(&self) -> &Says {
        &self.says
    }

    fn select<'f>(&'f self, setting: &Setting<'_>, fact: &'f Command) -> Option<Match<'f>> {
        setting.command(self, fact)
    }

    fn place_of(fact: &Command) -> (Option<&'static str>, Span) {
        (fact.language, fact.span)
    }

    fn values(&self) -> &[ValueClass] {
        &self.value
    }

    fn is_commented(fact: &Command) -> bool {
        fact.commented
    }
}

/// Selects facts of a text for one rule.
pub struct Selected<'s, 't, 'e> {
    /// The rule.
    pub rule: &'e Rule,
    /// The text.
    pub setting: &'s Setting<'t>,
    /// The blocks of the text.
    pub blocks: &'s Blocks,
    /// `true` if the text meets the gate of the rule.
    pub is_open: &'s mut dyn FnMut() -> bool,
    /// The starts of the facts that a rule would select if the whole text met its gate and its
    /// conditions.
    pub wanted: Vec<usize>,
    /// Called with each selected fact.
    pub found: &'s mut dyn FnMut(Candidate<'e>),
}

impl<'t, 'e> Selected<'_, 't, 'e> {
    /// Selects among facts of one kind.
    pub fn among<S: Selector>(&mut self, selectors: &'e [S], facts: &[S::Fact]) {
        let setting = self.setting;
        let selectors = selectors.iter().map(|selector| Conditional {
            selector,
            is_in_language: setting.is_in(&selector.surroundings().language),
            text: None,
            blocks: BTreeMap::new(),
        });
        let is_of_use = |one: &Conditional<'_, S>| one.is_in_language || setting.embeds;
        let mut selectors: Vec<_> = selectors.filter(is_of_use).collect();
        if selectors.is_empty() {
            return;
        }
        for fact in facts {
            self.first_of(&mut selectors, fact);
        }
    }

    /// The first selector that accepts the fact counts. One that dismisses its value leaves it to
    /// the next.
    fn first_of<S: Selector>(&mut self, selectors: &mut [Conditional<'_, S>], fact: &S::Fact) {
        let (language, span) = S::place_of(fact);
        for one in selectors {
            if !one.applies(language) {
                continue;
            }
            if S::is_commented(fact) && !selects_comments(self.rule, one.selector) {
                continue;
            }
            let Some(matched) = one.selector.select(self.setting, fact) else { continue };
            self.wanted.push(span.start);
            if (self.is_open)() && one.holds(self.setting, self.blocks, span.start) {
                let is_final = matched.passed_over().is_none();
                (self.found)(self.setting.candidate(self.rule, matched));
                if is_final {
                    break;
                }
            }
        }
    }
}

/// A selector with its conditions on the text, each checked at most once.
struct Conditional<'r, S> {
    selector: &'r S,
    /// `true` if it applies to facts in the language of the text.
    is_in_language: bool,
    /// `true` if the text meets its condition.
    text: Option<bool>,
    /// `true` for the blocks, by index, that meet its condition. `None` is the whole text, for a
    /// fact outside all blocks.
    blocks: BTreeMap<Option<usize>, bool>,
}

impl<S: Selector> Conditional<'_, S> {
    /// `true` if it applies to a fact in `embedded`, or in the language of the text if that is
    /// `None`.
    fn applies(&self, embedded: Option<&str>) -> bool {
        embedded.map_or(self.is_in_language, |embedded| {
            let languages = &self.selector.surroundings().language;
            languages.is_empty() || languages.iter().any(|name| name == embedded)
        })
    }

    /// `true` if the text and the block around the byte at `at` meet its conditions.
    fn holds(&mut self, setting: &Setting<'_>, blocks: &Blocks, at: usize) -> bool {
        let text = setting.text.bytes;
        let around = self.selector.surroundings();
        if !*self.text.get_or_insert_with(|| around.text.holds(text)) {
            return false;
        }
        if around.block.is_empty() {
            return true;
        }
        let block = blocks.around(text, setting.dialect, at);
        *self
            .blocks
            .entry(block.map(|(index, _)| index))
            .or_insert_with(|| around.block.holds(block.map_or(text, |(_, span)| span.slice(text))))
    }
}
