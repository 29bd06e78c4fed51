//! Runs rules over the facts of a text.

use super::{
    block::Blocks,
    selected::{Selected, finds_in_comments},
    setting::Setting,
};
use crate::{
    detect::{
        candidate::{Candidate, Text},
        ids::RuleId,
        keyring::{Hits, Keyring},
        memory::{Version, add_known},
    },
    judge::place::is_minified,
    language::{self, FileHead, Places, Reader, Share, Wanted},
    rule::{Matcher, Rule},
};
use std::cell::LazyCell;

/// Maximum length of a text that is read for facts, in bytes. Patterns run over longer ones too.
const MAX_TEXT: usize = 8 << 20;

/// `true` if `text` is in a language that is read for facts.
pub fn can_read(text: Text<'_>) -> bool {
    text.bytes.len() <= MAX_TEXT && reader_of(text).is_some()
}

/// The rules over facts that a text woke.
pub struct FactRules<'e> {
    /// The rules, in ascending order of their ids, all of them with [`Matcher::Facts`].
    pub rules: Vec<(RuleId, &'e Rule)>,
    /// The keywords of the rules.
    pub keyring: &'e Keyring,
    /// The time, in seconds since 1970.
    pub now: i64,
}

impl<'e> FactRules<'e> {
    /// Calls `found` with every fact of `text` that one of the rules selects. `hits` are the
    /// keywords that count in it.
    pub fn run(
        self,
        text: Text<'_>,
        hits: &Hits,
        version: &mut Version,
        found: &mut dyn FnMut(Candidate<'e>),
    ) {
        if self.rules.is_empty() || text.bytes.len() > MAX_TEXT {
            return;
        }
        let Some((file, reader)) = reader_of(text) else { return };
        let (keyring, now) = (self.keyring, self.now);
        let rules = self.that_may_find(text, reader, version);
        // If the facts are read anyway, late gates need not be searched for.
        let are_read = rules.iter().any(|one| !has_late_gate(one.1, version));
        if !are_read && !rules.iter().any(|one| is_open(*one, keyring, text, version)) {
            return;
        }
        let _share = Share::of(text.bytes.len());
        let ids: Vec<RuleId> = rules.iter().map(|(id, _)| *id).collect();
        let language = reader.name();
        let places = keyring.places_of(text.bytes, hits, &ids);
        let mut known = version.known_parts(text.bytes, language, &ids, &places);
        let skip: Vec<_> = known.iter().map(|part| part.range.clone()).collect();
        let commented = rules.iter().any(|(_, rule)| finds_in_comments(rule));
        let wanted = Wanted { places: Places::at(&places), skip: &skip, commented };
        let mut facts = language::read(reader, text.bytes, file, wanted);
        add_known(&mut facts, &mut known);
        let setting = Setting {
            text,
            language,
            dialect: facts.dialect,
            embeds: reader.embeds(),
            now,
            explains: rules.iter().any(|(_, rule)| rule.explains),
        };
        let (mut wanted, blocks) = (Vec::new(), Blocks::default());
        for (id, rule) in rules {
            let Matcher::Facts { bindings, commands } = &rule.matcher else { continue };
            let is_open = &mut || is_open((id, rule), keyring, text, version);
            let (setting, blocks) = (&setting, &blocks);
            let mut selected = Selected { rule, setting, blocks, is_open, wanted, found };
            selected.among(bindings, &facts.bindings);
            selected.among(commands, &facts.commands);
            wanted = selected.wanted;
        }
        version.remember_parts(language, ids, &facts, wanted, known);
    }

    /// The rules that may find something in a text in the language of `reader`.
    fn that_may_find(
        self,
        text: Text<'_>,
        reader: &'static dyn Reader,
        version: &mut Version,
    ) -> Vec<(RuleId, &'e Rule)> {
        let is_minified = LazyCell::new(|| is_minified(text.bytes));
        let mut languages = Languages { reader, text: text.bytes, embedded: Vec::new() };
        let may_find = |one: &(RuleId, &'e Rule)| {
            let rule = one.1;
            languages.may_concern(rule)
                && !(rule.skip_minified && *is_minified)
                && text.is_for(rule)
                && (has_late_gate(rule, version) || is_open(*one, self.keyring, text, version))
        };
        self.rules.into_iter().filter(may_find).collect()
    }
}

/// `true` if a text meets the gate of a rule.
fn is_open(
    (id, rule): (RuleId, &Rule),
    keyring: &Keyring,
    text: Text<'_>,
    version: &mut Version,
) -> bool {
    let Some(gate) = &rule.gate else { return true };
    version.is_open(keyring.gate(id), gate, text.bytes)
}

/// The reader for the language of a text, and the file head by which the language is identified.
fn reader_of<'t>(text: Text<'t>) -> Option<(FileHead<'t>, &'static dyn Reader)> {
    let file = FileHead::of(text.path, text.bytes);
    Some((file, language::identify(file)?))
}

/// `true` if a rule's gate decides about the facts it selects, not about what is read. Versions of a
/// file share what was read, so that reading more costs less than searching each of them.
fn has_late_gate(rule: &Rule, version: &Version) -> bool {
    version.has_others() && rule.gate.is_some() && !rule.explains && !finds_in_comments(rule)
}

/// The languages of a text.
struct Languages<'t> {
    reader: &'static dyn Reader,
    text: &'t [u8],
    /// For some languages, `true` if the text may embed code in them.
    embedded: Vec<(&'t str, bool)>,
}

impl<'t> Languages<'t> {
    /// `true` if one of the rule's selectors may be for a language of the text.
    fn may_concern(&mut self, rule: &'t Rule) -> bool {
        let Matcher::Facts { bindings, commands } = &rule.matcher else { return false };
        bindings.iter().any(|one| self.may_be_one_of(&one.surroundings.language))
            || commands.iter().any(|one| self.may_be_one_of(&one.surroundings.language))
    }

    fn may_be_one_of(&mut self, names: &'t [String]) -> bool {
        // The kind of file is only known after the text is read, so the name of any dialect counts.
        let is_own = |name: &String| {
            name == self.reader.name() || self.reader.has_dialects() && !language::is_language(name)
        };
        names.is_empty()
            || names.iter().any(is_own)
            || self.reader.embeds() && names.iter().any(|name| self.may_embed(name))
    }

    fn may_embed(&mut self, name: &'t str) -> bool {
        let known = self.embedded.iter().find(|(known, _)| *known == name);
        known.map(|(_, may)| *may).unwrap_or_else(|| {
            let may = language::may_be_embedded(name, self.text);
            self.embedded.push((name, may));
            may
        })
    }
}
