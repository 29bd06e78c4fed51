//! What the keywords of all rules stand for.

use crate::{
    judge::word::{first_word, may_hold_named_secret},
    rule::{Matcher, Opening, Pattern, Rule, WordClass},
};
use std::{
    collections::HashMap,
    ops::Range,
    sync::{Arc, OnceLock},
};

/// The longest keyword in bytes; rule files are held to it.
const MAX_KEYWORD: usize = 128;

/// As many bytes behind a keyword are looked at to see whether it counts.
const MAX_BEHIND: usize = 512;

/// As many bytes from the start of a keyword on decide whether it wakes a rule.
pub const MAX_REACH: usize = MAX_KEYWORD + MAX_BEHIND;

/// From where on, but not before `from`, it is not sure what a keyword counts for when
/// `text` changes at `changed`: see [`Group::opens`].
pub fn first_unsure(text: &[u8], from: usize, changed: usize) -> usize {
    let earliest = changed.saturating_sub(MAX_REACH).max(from);
    let in_keyword = changed.saturating_sub(MAX_KEYWORD);
    // No gate looks beyond the second line's end behind its keyword.
    let mut ends = memchr::memrchr_iter(b'\n', &text[earliest..changed]);
    let in_gate = ends.nth(1).map_or(earliest, |at| earliest + at + 1);
    in_gate.min(in_keyword).max(earliest)
}

/// What one keyword stands for.
#[derive(Debug, Default)]
pub struct Keyword {
    /// The keyword.
    pub text: Vec<u8>,
    /// The rules it wakes.
    pub groups: Vec<Group>,
    /// The numbers of the anchors that it is: one for each decoder that looks for it.
    pub anchors: Vec<usize>,
    /// Whether it is only to be told of.
    pub is_mark: bool,
}

/// Rules that a keyword wakes together.
#[derive(Debug)]
pub struct Group {
    /// Its place among the groups of all keywords.
    pub number: usize,
    /// How long the keyword is.
    len: usize,
    /// What must match behind the keyword.
    gate: Option<Arc<Pattern>>,
    /// What may stand behind it for the gate to match; made when it is first asked.
    opening: OnceLock<Opening>,
    /// What a word behind it must look like.
    word: Option<WordClass>,
    /// The numbers of the rules.
    pub rules: Vec<usize>,
    /// Whether one of them can match in a part of a file; facts are only read from whole
    /// ones.
    pub for_parts: bool,
    /// Whether all of them are over facts and leave out minified files.
    pub skips_minified: bool,
}

impl Group {
    /// Whether the keyword counts that stands at `at`, by what stands behind it. `judged` is
    /// what was seen of the same text before.
    pub fn opens(&self, text: &[u8], at: usize, judged: &mut JudgedLine) -> bool {
        if self.gate.is_none() && self.word.is_none() {
            return true;
        }
        if self.word.is_some() && judged.has_no_secret_behind(text, at, self.len) {
            return false;
        }
        let behind = &text[at..text.len().min(at + MAX_BEHIND)];
        if let Some(gate) = &self.gate {
            let (keyword, behind) = behind.split_at(self.len);
            if !self.opening.get_or_init(|| gate.opening(keyword)).admits(behind) {
                return false;
            }
        }
        // The next line counts: `name: API_KEY` and `value: …` stand on two.
        let mut ends = memchr::memchr_iter(b'\n', behind);
        let (line, end) = (ends.next(), ends.next());
        let is_all = end.is_some() || at + behind.len() == text.len();
        let behind = &behind[..end.unwrap_or(behind.len())];
        if self.gate.as_ref().is_some_and(|gate| !gate.is_match(behind)) {
            return false;
        }
        let Some(WordClass::NamedSecret) = self.word else { return true };
        // A keyword may itself hold two ends of lines.
        let words = behind.get(self.len..).unwrap_or_default();
        let holds = may_hold_named_secret(words);
        if holds == Some(false) && is_all {
            judged.no_secret = at + self.len..at + line.unwrap_or(behind.len());
        }
        holds == Some(true)
    }
}

/// A part of a line that was judged: behind each of its keywords stands what stands behind
/// the first, and some documents have many on one line.
#[derive(Debug, Default)]
pub struct JudgedLine {
    /// No word behind it is a secret, to the end of the next line.
    no_secret: Range<usize>,
}

impl JudgedLine {
    /// Whether it is known that no secret stands behind the keyword of `len` bytes at `at`.
    fn has_no_secret_behind(&self, text: &[u8], at: usize, len: usize) -> bool {
        // A word that begins with the keyword was judged as a whole.
        let rest = || &text[at + len..self.no_secret.end.max(at + len)];
        self.no_secret.contains(&at) && may_hold_named_secret(first_word(rest())) == Some(false)
    }
}

/// The keywords of all rules, each text once.
#[derive(Debug, Default)]
pub struct Keywords {
    all: Vec<Keyword>,
    by_text: HashMap<Vec<u8>, usize>,
    /// Each gate once, however many keywords it stands behind.
    gates: HashMap<String, Arc<Pattern>>,
    /// How many groups the keywords have together.
    pub groups: usize,
}

impl Keywords {
    /// The keyword with this text.
    pub fn of(&mut self, text: &[u8]) -> &mut Keyword {
        let place = *self.by_text.entry(text.to_vec()).or_insert_with(|| {
            self.all.push(Keyword { text: text.to_vec(), ..Keyword::default() });
            self.all.len() - 1
        });
        &mut self.all[place]
    }

    /// Has `text` wake a rule, by its number, where the rule's gate matches behind it.
    pub fn wake(&mut self, text: &[u8], number: usize, rule: &Rule) {
        let gate = rule.keyword_gate.as_ref().map(Pattern::as_str);
        let for_parts = !matches!(rule.matcher, Matcher::Facts { .. });
        let skips_minified = rule.skip_minified && !for_parts;
        let groups = &mut self.of(text).groups;
        let asks_the_same = |group: &&mut Group| {
            group.gate.as_ref().map(|one| one.as_str()) == gate && group.word == rule.keyword_word
        };
        if let Some(group) = groups.iter_mut().find(asks_the_same) {
            group.rules.push(number);
            group.for_parts |= for_parts;
            group.skips_minified &= skips_minified;
            return;
        }
        let gate = gate.map(|gate| {
            let shared = self.gates.entry(gate.to_string());
            shared.or_insert_with(|| Arc::new(Pattern::new(gate))).clone()
        });
        let word = rule.keyword_word;
        let group = Group {
            number: self.groups,
            len: text.len(),
            gate,
            opening: OnceLock::new(),
            word,
            rules: vec![number],
            for_parts,
            skips_minified,
        };
        self.groups += 1;
        self.of(text).groups.push(group);
    }

    /// All of them.
    pub fn into_all(self) -> Vec<Keyword> {
        self.all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Some rule over facts, with another gate.
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
        keywords.wake(b"secret", 3, &rule(Some("value")));
        let group = &keywords.of(b"secret").groups[0];
        let counts = |text: &str| group.opens(text.as_bytes(), 0, &mut JudgedLine::default());
        assert!(counts("secret = value") && counts("secret\n  value"));
        assert!(!counts("secret\n\n  value") && !counts("secret"));
        assert!(!counts(&format!("secret{}value", " ".repeat(600))));
        assert!(!group.for_parts);
    }

    #[test]
    fn only_rules_over_facts_that_all_leave_out_minified_files_are_not_woken_by_them() {
        let skips = |rules: &[Rule]| {
            let mut keywords = Keywords::default();
            for (number, rule) in rules.iter().enumerate() {
                keywords.wake(b"secret", number, rule);
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
        keywords.wake(b"secret", 3, &random);
        keywords.wake(b"secret", 4, &rule(None));
        let groups = &keywords.of(b"secret").groups;
        assert_eq!(groups.len(), 2);
        let opens = |group: &Group, text: &[u8]| group.opens(text, 0, &mut JudgedLine::default());
        assert!(opens(&groups[0], b"secret = 'aB3dE5gH7jK9mN1pQ4'"));
        assert!(!opens(&groups[0], b"secret = 'correct-horse-battery'"));
        assert!(opens(&groups[1], b"secret"));
        keywords.wake(b"secret:\n\n", 3, &random);
        let group = &keywords.of(b"secret:\n\n").groups[0];
        assert!(!opens(group, b"secret:\n\naB3dE5gH7jK9mN1pQ4"));
    }

    #[test]
    fn what_is_known_of_a_line_changes_nothing() {
        let random = Rule { keyword_word: Some(WordClass::NamedSecret), ..rule(None) };
        let mut keywords = Keywords::default();
        keywords.wake(b"secret", 3, &random);
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
            let mut judged = JudgedLine::default();
            for at in memchr::memmem::find_iter(&text, "secret") {
                known += usize::from(judged.no_secret.contains(&at));
                let anew = group.opens(&text, at, &mut JudgedLine::default());
                assert_eq!(
                    group.opens(&text, at, &mut judged),
                    anew,
                    "{at} {}",
                    text.escape_ascii()
                );
            }
        }
        assert!(known > 1000, "{known}");
    }

    #[test]
    fn a_change_is_felt_up_to_two_lines_before_it() {
        let text = [&b"a".repeat(1000)[..], b"\n", &b"b".repeat(300), b"\n", b"c"].concat();
        assert_eq!(first_unsure(&text, 0, 600), 0);
        assert_eq!(first_unsure(&text, 0, 900), 260);
        assert_eq!(first_unsure(&text, 500, 900), 500);
        assert_eq!(first_unsure(&text, 0, 1302), 1001);
        assert_eq!(first_unsure(&text, 1300, 1302), 1300);
        assert_eq!(first_unsure(b"\n\n\n\n", 0, 4), 0);
    }

    #[test]
    fn rules_behind_one_gate_wake_together() {
        let mut keywords = Keywords::default();
        let gated = rule(Some("value"));
        keywords.wake(b"secret", 3, &gated);
        keywords.wake(b"secret", 5, &gated);
        keywords.wake(b"secret", 7, &rule(None));
        keywords.wake(b"token", 3, &gated);
        assert_eq!(keywords.groups, 3);
        let all = keywords.into_all();
        let rules: Vec<_> = all[0].groups.iter().map(|group| group.rules.clone()).collect();
        assert_eq!(rules, [vec![3, 5], vec![7]]);
        assert_eq!(all[1].groups[0].number, 2);
    }
}
