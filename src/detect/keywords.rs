//! Keywords, and the conditions under which each counts.

use super::ids::{AnchorId, GroupId, RuleId};
use crate::{
    judge::word::{first_word, may_hold_named_secret},
    rule::{KeywordGate, Matcher, Opening, Rule, WordClass},
};
use std::{
    collections::HashMap,
    ops::Range,
    sync::{Arc, OnceLock},
};

/// Maximum length of a keyword in bytes; longer ones are refused at load.
const MAX_KEYWORD: usize = 128;

/// Maximum number of bytes, from the start of a keyword, that its conditions are checked on.
const MAX_BEHIND: usize = 512;

/// Maximum number of bytes, from the start of a keyword, on which its conditions depend.
pub const MAX_REACH: usize = MAX_KEYWORD + MAX_BEHIND;

/// The earliest offset, at least `from`, whose keywords must be checked again after an edit at
/// `changed`: see [`Group::opens`].
pub fn first_unsure(text: &[u8], from: usize, changed: usize) -> usize {
    let earliest = changed.saturating_sub(MAX_REACH).max(from);
    let in_keyword = changed.saturating_sub(MAX_KEYWORD);
    // No condition is checked beyond the second line end after its keyword.
    let mut ends = memchr::memrchr_iter(b'\n', &text[earliest..changed]);
    let in_gate = ends.nth(1).map_or(earliest, |at| earliest + at + 1);
    in_gate.min(in_keyword).max(earliest)
}

/// A keyword and its effects.
#[derive(Debug, Default)]
pub struct Keyword {
    /// Its bytes.
    pub text: Vec<u8>,
    /// The rules that it wakes, by the conditions under which it does.
    pub groups: Vec<Group>,
    /// The anchors with this text: one for each decoder that searches for it.
    pub anchors: Vec<AnchorId>,
    /// `true` if it is a mark, which starts an ignore comment.
    pub is_mark: bool,
}

impl Keyword {
    /// `true` if the keyword at `at` of `text` wakes a rule or a decoder, or may do so. `has_facts`
    /// returns `true` for a text in a language that is read for facts.
    pub fn wakes(&self, text: &[u8], at: usize, has_facts: &dyn Fn(&[u8]) -> bool) -> bool {
        let wakes = |group: &Group| {
            group.opens(text, at, &mut CheckedLine::default())
                && (group.for_parts || has_facts(text))
        };
        !self.anchors.is_empty() || self.groups.iter().any(wakes)
    }
}

/// Rules that a keyword wakes under the same conditions.
#[derive(Debug)]
pub struct Group {
    /// Its id among the groups of all keywords.
    pub id: GroupId,
    /// Length of the keyword in bytes.
    len: usize,
    /// An expression that must match from the keyword to the end of the next line.
    gate: Option<Arc<KeywordGate>>,
    /// Bytes that can follow the keyword in a match of the gate; computed on first use.
    opening: OnceLock<Opening>,
    /// The class that a word after it must have.
    word: Option<WordClass>,
    /// The rules.
    pub rules: Vec<RuleId>,
    /// `true` if one of the rules is over facts.
    pub for_facts: bool,
    /// `true` if one of the rules can match in a part of a file; facts are read from whole
    /// files only.
    pub for_parts: bool,
    /// `true` if all of the rules are over facts and skip minified files.
    pub skips_minified: bool,
}

impl Group {
    /// `true` if the keyword at `at` counts, judged by the text after it. `checked` carries results
    /// from one call to the next over the same text.
    pub fn opens(&self, text: &[u8], at: usize, checked: &mut CheckedLine) -> bool {
        if self.gate.is_none() && self.word.is_none() {
            return true;
        }
        if self.word.is_some() && checked.has_no_secret_behind(text, at, self.len) {
            return false;
        }
        let behind = &text[at..text.len().min(at + MAX_BEHIND)];
        if let Some(gate) = &self.gate {
            let (keyword, behind) = behind.split_at(self.len);
            if !self.opening.get_or_init(|| gate.opening(keyword)).admits(behind) {
                return false;
            }
        }
        // The next line counts: `name: API_KEY` and `value: …` are on two lines.
        let mut ends = memchr::memchr_iter(b'\n', behind);
        let (line, end) = (ends.next(), ends.next());
        let is_all = end.is_some() || at + behind.len() == text.len();
        let behind = &behind[..end.unwrap_or(behind.len())];
        if self.gate.as_ref().is_some_and(|gate| !gate.is_match(behind)) {
            return false;
        }
        let Some(WordClass::NamedSecret) = self.word else { return true };
        // A keyword may itself contain two line ends.
        let words = behind.get(self.len..).unwrap_or_default();
        let holds = may_hold_named_secret(words);
        if holds == Some(false) && is_all {
            checked.no_secret = at + self.len..at + line.unwrap_or(behind.len());
        }
        holds == Some(true)
    }
}

/// The last range in which no secret follows any keyword, so that a line with many keywords is
/// checked once.
#[derive(Debug, Default)]
pub struct CheckedLine {
    /// No word from its start to the end of the next line is a secret.
    no_secret: Range<usize>,
}

impl CheckedLine {
    /// `true` if it is known that no secret follows the keyword of `len` bytes at `at`.
    fn has_no_secret_behind(&self, text: &[u8], at: usize, len: usize) -> bool {
        // A word that begins with the keyword was checked as a whole.
        let rest = || &text[at + len..self.no_secret.end.max(at + len)];
        self.no_secret.contains(&at) && may_hold_named_secret(first_word(rest())) == Some(false)
    }
}

/// Collects the keywords of all rules, each text once.
#[derive(Debug, Default)]
pub struct Keywords {
    all: Vec<Keyword>,
    by_text: HashMap<Vec<u8>, usize>,
    /// The gates, without duplicates, since many keywords share one.
    gates: HashMap<String, Arc<KeywordGate>>,
    /// Number of groups of all keywords.
    groups: usize,
}

impl Keywords {
    /// The keyword with this text, added if it is new.
    pub fn of(&mut self, text: &[u8]) -> &mut Keyword {
        let place = self.by_text.get(text).copied().unwrap_or_else(|| {
            self.by_text.insert(text.to_vec(), self.all.len());
            self.all.push(Keyword { text: text.to_vec(), ..Keyword::default() });
            self.all.len() - 1
        });
        &mut self.all[place]
    }

    /// Makes each of `texts` wake a rule, under the conditions of the rule.
    pub fn wake<'t>(&mut self, texts: impl IntoIterator<Item = &'t [u8]>, id: RuleId, rule: &Rule) {
        let gate = rule.keyword_gate.as_ref().map(|gate| {
            let shared = self.gates.entry(gate.as_str().to_string());
            shared.or_insert_with(|| Arc::new(KeywordGate::new(gate.as_str()))).clone()
        });
        let word = rule.keyword_word;
        let for_facts = matches!(rule.matcher, Matcher::Facts { .. });
        let skips_minified = rule.skip_minified && for_facts;
        for text in texts {
            let next = GroupId::new(self.groups);
            let groups = &mut self.of(text).groups;
            let has_same_conditions = |group: &&mut Group| {
                let gates = (group.gate.as_ref(), gate.as_ref());
                gates.0.map(Arc::as_ptr) == gates.1.map(Arc::as_ptr) && group.word == word
            };
            if let Some(group) = groups.iter_mut().find(has_same_conditions) {
                group.rules.push(id);
                group.for_facts |= for_facts;
                group.for_parts |= !for_facts;
                group.skips_minified &= skips_minified;
                continue;
            }
            groups.push(Group {
                id: next,
                len: text.len(),
                gate: gate.clone(),
                opening: OnceLock::new(),
                word,
                rules: vec![id],
                for_facts,
                for_parts: !for_facts,
                skips_minified,
            });
            self.groups += 1;
        }
    }

    /// The keywords, in the order in which they were added.
    pub fn into_all(self) -> Vec<Keyword> {
        self.all
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::Pattern;

    /// A rule over facts with this gate.
    fn rule(gate: Option<&str>) -> Rule {
        let rules = crate::rule::built_in(None).expect("the built-in rules are valid");
        let mut facts =
            rules.into_iter().filter(|rule| matches!(rule.matcher, Matcher::Facts { .. }));
        let rule = facts.next().expect("one is over facts");
        Rule { keyword_gate: gate.map(Pattern::new), keyword_word: None, ..rule }
    }

    #[test]
    fn a_keyword_counts_only_if_its_gate_matches_on_its_line_or_the_next() {
        let mut keywords = Keywords::default();
        keywords.wake([&b"secret"[..]], RuleId::new(3), &rule(Some("value")));
        let group = &keywords.of(b"secret").groups[0];
        let counts = |text: &str| group.opens(text.as_bytes(), 0, &mut CheckedLine::default());
        assert!(counts("secret = value") && counts("secret\n  value"));
        assert!(!counts("secret\n\n  value") && !counts("secret"));
        assert!(!counts(&format!("secret{}value", " ".repeat(600))));
        assert!(group.for_facts && !group.for_parts);
    }

    #[test]
    fn only_rules_over_facts_that_all_skip_minified_files_are_not_woken_by_them() {
        let skips = |rules: &[Rule]| {
            let mut keywords = Keywords::default();
            for (number, rule) in rules.iter().enumerate() {
                keywords.wake([&b"secret"[..]], RuleId::new(number), rule);
            }
            keywords.of(b"secret").groups[0].skips_minified
        };
        let skipping = || Rule { skip_minified: true, ..rule(None) };
        let other = || Rule { skip_minified: false, ..rule(None) };
        let matcher = Matcher::Pattern { patterns: Vec::new(), views: Vec::new() };
        assert!(skips(&[skipping(), skipping()]));
        assert!(!skips(&[skipping(), other()]) && !skips(&[other(), skipping()]));
        assert!(!skips(&[Rule { matcher, ..skipping() }]));
    }

    #[test]
    fn a_keyword_counts_only_if_a_word_behind_it_looks_random() {
        let random = Rule { keyword_word: Some(WordClass::NamedSecret), ..rule(None) };
        let mut keywords = Keywords::default();
        keywords.wake([&b"secret"[..]], RuleId::new(3), &random);
        keywords.wake([&b"secret"[..]], RuleId::new(4), &rule(None));
        let groups = &keywords.of(b"secret").groups;
        assert_eq!(groups.len(), 2);
        let opens = |group: &Group, text: &[u8]| group.opens(text, 0, &mut CheckedLine::default());
        assert!(opens(&groups[0], b"secret = 'aB3dE5gH7jK9mN1pQ4'"));
        assert!(!opens(&groups[0], b"secret = 'correct-horse-battery'"));
        assert!(opens(&groups[1], b"secret"));
        keywords.wake([&b"secret:\n\n"[..]], RuleId::new(3), &random);
        let group = &keywords.of(b"secret:\n\n").groups[0];
        assert!(!opens(group, b"secret:\n\naB3dE5gH7jK9mN1pQ4"));
    }

    #[test]
    fn the_result_does_not_depend_on_what_is_known_of_a_line() {
        let random = Rule { keyword_word: Some(WordClass::NamedSecret), ..rule(None) };
        let mut keywords = Keywords::default();
        keywords.wake([&b"secret"[..]], RuleId::new(3), &random);
        let group = &keywords.of(b"secret").groups[0];
        let many = "test-aB3dE5gH7jK9mN1p ".repeat(7);
        let pieces =
            ["secret", " secret ", "-", " ", "\n", "aB3dE5gH7jK9mN1pQ4", "=", "\"", "word", &many];
        let mut seed = fastrand::Rng::with_seed(5);
        let mut known = 0;
        for _ in 0..10_000 {
            let text: String =
                (0..seed.usize(2..14)).map(|_| seed.choice(pieces).unwrap_or_default()).collect();
            let text = format!("{text}{}", "- ".repeat(seed.usize(0..2) * 300)).into_bytes();
            let mut checked = CheckedLine::default();
            for at in memchr::memmem::find_iter(&text, "secret") {
                known += usize::from(checked.no_secret.contains(&at));
                let anew = group.opens(&text, at, &mut CheckedLine::default());
                assert_eq!(
                    group.opens(&text, at, &mut checked),
                    anew,
                    "{at} {}",
                    text.escape_ascii()
                );
            }
        }
        assert!(known > 1000, "{known}");
    }

    #[test]
    fn an_edit_affects_keywords_up_to_two_lines_before_it() {
        let text = [&b"a".repeat(1000)[..], b"\n", &b"b".repeat(300), b"\n", b"c"].concat();
        assert_eq!(first_unsure(&text, 0, 600), 0);
        assert_eq!(first_unsure(&text, 0, 900), 260);
        assert_eq!(first_unsure(&text, 500, 900), 500);
        assert_eq!(first_unsure(&text, 0, 1302), 1001);
        assert_eq!(first_unsure(&text, 1300, 1302), 1300);
        assert_eq!(first_unsure(b"\n\n\n\n", 0, 4), 0);
    }

    #[test]
    fn rules_behind_one_gate_share_a_group() {
        let mut keywords = Keywords::default();
        let gated = rule(Some("value"));
        keywords.wake([&b"secret"[..]], RuleId::new(3), &gated);
        keywords.wake([&b"secret"[..]], RuleId::new(5), &gated);
        keywords.wake([&b"secret"[..]], RuleId::new(7), &rule(None));
        keywords.wake([&b"token"[..]], RuleId::new(3), &gated);
        assert_eq!(keywords.groups, 3);
        let all = keywords.into_all();
        let rules: Vec<_> = all[0].groups.iter().map(|group| group.rules.clone()).collect();
        assert_eq!(rules, [vec![RuleId::new(3), RuleId::new(5)], vec![RuleId::new(7)]]);
        assert_eq!(all[1].groups[0].id, GroupId::new(2));
    }
}
