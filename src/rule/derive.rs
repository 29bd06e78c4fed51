//! Derives the keywords of a rule that gives none, and the gate after them.
//!
//! A rule over text is woken by the literals that its expressions begin with. A rule over facts is
//! woken by its values, if their class defines how they begin, or else by its keys, paths or
//! options, in every spelling that languages use for a name.
//!
//! `rules/build.rs` uses it too, so that a start does not derive the keywords of the built-in rules.

use super::alternatives::alternatives;
use regex_syntax::{
    ParserBuilder,
    hir::{Hir, HirKind, literal::Extractor},
};
use std::collections::BTreeSet;

/// Minimum length of a keyword in bytes; shorter ones are in every file.
pub const MIN_KEYWORD: usize = 3;
/// Maximum number of literals that an expression begins with; beyond it the rule needs keywords of
/// its own.
const MAX_LITERALS: usize = 16;
/// Maximum length in bytes of a match of an expression that can be its own gate; a gate sees 512
/// bytes.
const MAX_GATE: usize = 384;

/// The first characters of a value of the class [`Class::HfToken`].
const HF_KEYWORDS: [&str; 2] = ["hf_", "api_org_"];
/// The gate after them: a token, or a piece of one that the program joins with others.
const HF_GATE: &str = r#"hf_(?:[A-Za-z0-9]{34}|(?:oauth|jwt)_eyJ|[A-Za-z0-9]{0,33}["'`]\s*[+.&]?\s*\\?\s*["'`])|api_org_[A-Za-z0-9]{34}"#;

/// Words by which the last part of a name without separators is recognised: `apikey` is also
/// `apiKey`.
const LAST_WORDS: [&str; 7] = ["password", "secret", "token", "keys", "key", "pass", "auth"];

/// The conditions of a rule that its keywords follow from.
#[derive(Debug, Default)]
pub struct Conditions<'a> {
    /// The expressions of a rule over text.
    pub patterns: Vec<&'a str>,
    /// The bindings and the commands of a rule over facts.
    pub selectors: Vec<Selector<'a>>,
}

/// A binding or a command that a rule finds.
#[derive(Debug)]
pub struct Selector<'a> {
    /// The class of its values, if that defines how they begin or what they are.
    pub class: Option<Class>,
    /// Its keys, or its paths if it has no keys; of a command the options with its values.
    pub names: Vec<&'a str>,
}

/// A class of values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// A token of Hugging Face.
    HfToken,
    /// A value that is a secret by its name.
    NamedSecret,
}

/// The keywords of a rule, and their conditions.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Derived {
    /// The keywords, in order.
    pub keywords: Vec<String>,
    /// The expression that must match from a keyword on, if there is one.
    pub gate: Option<String>,
    /// `true` if a word that may be a [named secret](Class::NamedSecret) must follow.
    pub wants_named_secret: bool,
}

/// The keywords that follow from the conditions; `None` if they define no text that a match must
/// contain.
pub fn derived(conditions: &Conditions<'_>) -> Option<Derived> {
    if !conditions.patterns.is_empty() {
        return of_patterns(&conditions.patterns);
    }
    let (mut keywords, mut gates) = (BTreeSet::new(), Vec::new());
    let mut names = Names::default();
    for selector in &conditions.selectors {
        if selector.class == Some(Class::HfToken) {
            keywords.extend(HF_KEYWORDS.map(str::to_string));
            gates.push(HF_GATE.to_string());
        } else {
            names.add_keys(&selector.names)?;
        }
    }
    gates.dedup();
    gates.extend(names.gate());
    keywords.extend(names.into_keywords());
    (!keywords.is_empty()).then(|| Derived {
        keywords: keywords.into_iter().collect(),
        gate: Some(format!("^(?:{})", gates.join("|"))),
        wants_named_secret: conditions
            .selectors
            .iter()
            .all(|selector| selector.class == Some(Class::NamedSecret)),
    })
}

/// The literals that all matches of the expressions begin with.
fn of_patterns(patterns: &[&str]) -> Option<Derived> {
    let mut parser = ParserBuilder::new();
    let parser = parser.unicode(false).utf8(false);
    let mut keywords = BTreeSet::new();
    for pattern in patterns {
        let hir = parser.build().parse(pattern).ok()?;
        let literals = Extractor::new().limit_class(4).extract(&hir);
        let literals = literals.literals().filter(|all| all.len() <= MAX_LITERALS)?;
        for literal in literals {
            let text = std::str::from_utf8(literal.as_bytes()).ok()?;
            keywords.insert(text.to_string());
        }
    }
    let all_count = keywords.iter().all(|keyword| keyword.len() >= MIN_KEYWORD);
    (all_count && !keywords.is_empty()).then(|| Derived {
        keywords: keywords.into_iter().collect(),
        gate: match patterns {
            [one] => parser.build().parse(one).ok().filter(is_gate).map(|_| format!("^(?:{one})")),
            _ => None,
        },
        wants_named_secret: false,
    })
}

/// `true` if every match of the expression is short and on one line, as a gate requires.
fn is_gate(hir: &Hir) -> bool {
    fn has_line_end(hir: &Hir) -> bool {
        match hir.kind() {
            HirKind::Empty | HirKind::Look(_) => false,
            HirKind::Literal(literal) => literal.0.contains(&b'\n'),
            HirKind::Class(regex_syntax::hir::Class::Bytes(class)) => {
                class.iter().any(|range| (range.start()..=range.end()).contains(&b'\n'))
            }
            HirKind::Class(regex_syntax::hir::Class::Unicode(_)) => true,
            HirKind::Repetition(repetition) => has_line_end(&repetition.sub),
            HirKind::Capture(capture) => has_line_end(&capture.sub),
            HirKind::Concat(parts) | HirKind::Alternation(parts) => parts.iter().any(has_line_end),
        }
    }
    hir.properties().maximum_len().is_some_and(|len| len <= MAX_GATE) && !has_line_end(hir)
}

/// The spellings of the names that keys match.
#[derive(Debug, Default)]
struct Names {
    /// Spellings at the end of a name.
    at_end: BTreeSet<String>,
    /// Spellings that more of the name may follow.
    inside: BTreeSet<String>,
}

impl Names {
    /// Adds the longest literal of each glob; `None` if a glob has none that is long enough.
    fn add_keys(&mut self, globs: &[&str]) -> Option<()> {
        (!globs.is_empty()).then_some(())?;
        for glob in globs {
            let is_camel = is_camel_case(glob);
            let mut name = glob.trim_start_matches('-').replace('-', "_");
            if !is_camel {
                name.make_ascii_lowercase();
            }
            let all = alternatives(&name);
            (!all.is_empty()).then_some(())?;
            for one in all {
                let parts: Vec<&str> = one.split('*').collect();
                let longest = (0..parts.len()).max_by_key(|part| parts[*part].len())?;
                let literal = parts[longest];
                (literal.len() >= MIN_KEYWORD).then_some(())?;
                let is_last = longest + 1 == parts.len();
                let texts = if is_last { &mut self.at_end } else { &mut self.inside };
                if is_camel {
                    texts.extend([literal.to_string(), title(literal)]);
                } else {
                    texts.extend(spellings(literal));
                }
            }
        }
        Some(())
    }

    /// The gate: after the end of a name, no letter, digit or `_` follows.
    fn gate(&self) -> Option<String> {
        let any = |texts: &BTreeSet<String>| {
            let texts: Vec<String> = texts.iter().map(|text| regex_syntax::escape(text)).collect();
            texts.join("|")
        };
        let at_end =
            (!self.at_end.is_empty()).then(|| format!("(?:{})[^A-Za-z0-9_]", any(&self.at_end)));
        let inside = (!self.inside.is_empty()).then(|| any(&self.inside));
        match (at_end, inside) {
            (Some(at_end), Some(inside)) => Some(format!("{at_end}|{inside}")),
            (one, other) => one.or(other),
        }
    }

    /// The spellings, without those that contain another.
    fn into_keywords(self) -> Vec<String> {
        let Self { at_end, inside } = &self;
        let is_inside = |text: &String, others: &BTreeSet<String>| {
            others.iter().any(|other| other.len() < text.len() && text.contains(other.as_str()))
        };
        let ends = |text: &String| {
            at_end.iter().any(|other| other.len() < text.len() && text.ends_with(other.as_str()))
        };
        let shorter = |text: &&String| !is_inside(text, inside);
        let at_end =
            at_end.iter().filter(|text| shorter(text) && !inside.contains(*text) && !ends(text));
        at_end.chain(inside.iter().filter(shorter)).cloned().collect()
    }
}

/// `true` if a glob is in camel case. It stands only for names that are written so: fewer spellings
/// are fewer keywords, each of which slows every scan.
fn is_camel_case(glob: &str) -> bool {
    let has = |is: fn(&u8) -> bool| glob.as_bytes().iter().any(is);
    has(u8::is_ascii_lowercase) && has(u8::is_ascii_uppercase) && !glob.contains(['-', '_'])
}

/// The spellings of a name in different languages. The name is in lower case with `_` between its
/// words: `api_key`, `API_KEY`, `Api_Key`, and the same with `-`; a name without separators also as
/// `apiKey`, `ApiKey` and `APIKey`.
fn spellings(name: &str) -> BTreeSet<String> {
    let words: Vec<&str> = name.split('_').collect();
    let titled: Vec<String> = words.iter().map(|word| title(word)).collect();
    let mut all = BTreeSet::new();
    for separator in ["_", "-"] {
        let plain = words.join(separator);
        all.extend([plain.to_ascii_uppercase(), titled.join(separator), plain]);
    }
    // Upper-case initials in a header: `X-API-Key`.
    if let [first @ .., last] = &words[..] {
        let first: Vec<String> = first.iter().map(|word| word.to_ascii_uppercase()).collect();
        let first = first.into_iter().chain([title(last)]).collect::<Vec<_>>();
        all.extend([first.join("-"), first.join("_")]);
    }
    let split = LAST_WORDS.iter().find_map(|last| Some((name.strip_suffix(last)?, *last)));
    if let Some((first, last)) = split.filter(|(first, _)| !first.is_empty() && words.len() == 1) {
        let last = title(last);
        all.extend([
            format!("{first}{last}"),
            format!("{}{last}", title(first)),
            format!("{}{last}", first.to_ascii_uppercase()),
        ]);
    }
    all
}

/// `word` with its first letter in upper case.
fn title(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_the_spellings_of_all_languages() {
        let all = spellings("api_key");
        for one in ["api_key", "API_KEY", "Api_Key", "api-key", "API-KEY", "Api-Key", "API-Key"] {
            assert!(all.contains(one), "{one}: {all:?}");
        }
        let all = spellings("apikey");
        for one in ["apikey", "APIKEY", "Apikey", "apiKey", "ApiKey", "APIKey"] {
            assert!(all.contains(one), "{one}: {all:?}");
        }
    }

    #[test]
    fn a_name_in_camel_case_has_only_that_spelling() {
        let mut names = Names::default();
        names.add_keys(&["*{service,admin}Key"]);
        assert_eq!(names.into_keywords(), ["AdminKey", "ServiceKey", "adminKey", "serviceKey"]);
    }

    #[test]
    fn expressions_begin_with_their_keywords() {
        for (pattern, keywords, gate) in [
            ("hf_[A-Za-z0-9]{34}", vec!["hf_"], true),
            ("(?:ghp|gho)_[A-Za-z0-9]{36}", vec!["gho_", "ghp_"], true),
            (r"abcd\s+[0-9]{4}", vec!["abcd"], false),
        ] {
            let derived = of_patterns(&[pattern]).expect(pattern);
            assert_eq!(derived.keywords, keywords, "{pattern}");
            assert_eq!(derived.gate.is_some(), gate, "{pattern}");
        }
        for pattern in ["ab[0-9]+", "[a-z]+_key", "(?i)abcdefgh", "x*"] {
            assert_eq!(of_patterns(&[pattern]), None, "{pattern}");
        }
    }

    #[test]
    fn a_spelling_that_holds_a_shorter_one_is_no_keyword_of_its_own() {
        let mut names = Names::default();
        names.add_keys(&["*token", "*_auth_token", "*secret*", "client_secret"]);
        let gate = names.gate().expect("there are names");
        assert!(gate.contains("[^A-Za-z0-9_]"), "{gate}");
        assert_eq!(
            names.into_keywords(),
            ["TOKEN", "Token", "token", "SECRET", "Secret", "secret"]
        );
    }
}
