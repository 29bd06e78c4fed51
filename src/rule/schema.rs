//! A rule file as it is written: the TOML that people read and add to.
//!
//! `docs/writing-rules.md` explains each key with examples.

use super::located::Located;
use crate::model::{BindingContext, CommandPlace, Confidence, Precedence, Severity};
use serde::Deserialize;
use std::collections::BTreeMap;

/// A file of rules.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleFile {
    /// The rules, each a `[[rule]]` table.
    #[serde(default)]
    pub rule: Vec<Located<RawRule>>,
}

/// One `[[rule]]` table.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawRule {
    /// Lower-case words joined with `-`; names the rule in reports and options.
    pub id: String,
    /// A noun phrase: what is found.
    pub title: String,
    /// How bad it is, before modifiers.
    pub severity: Severity,
    /// How sure it is, before modifiers.
    pub confidence: Confidence,
    /// Numbers of the Common Weakness Enumeration, the main one first.
    pub cwe: Vec<u32>,
    /// Tags to select and group by, of [`TAGS`](super::tags::TAGS).
    #[serde(default)]
    pub tags: Vec<Located<String>>,
    /// Ids that the rule had before: they still select, ignore and suppress.
    #[serde(default)]
    pub aliases: Vec<Located<String>>,
    /// One sentence: what was found here; `hard-coded TITLE` if not given. Names of the
    /// match can be filled in, here and in hints: `{key}`, `{path}`, `{callee}` of a
    /// binding, `{program}` of a command, `{name}` of a check over the repository.
    pub message: Option<String>,
    /// Why it matters, in a sentence or two.
    pub why: String,
    /// What to do instead, where no `hints` entry fits; made from `variable` if not given.
    pub hint: Option<String>,
    /// What to do instead by language or dialect: `python`, `dockerfile`, `github-actions`.
    #[serde(default)]
    pub hints: BTreeMap<String, String>,
    /// The environment variable that the program should read instead, from which what
    /// to write is told for languages without an entry in `hints`.
    pub variable: Option<String>,
    /// Where what was found can be revoked.
    pub revoke: Option<String>,
    /// Addresses to read on.
    pub references: Vec<String>,
    /// Texts of which at least one stands, with this case, in all that the rule finds, or
    /// in a name around it: three bytes or more. A file without them costs the rule nothing,
    /// and facts are only read near them.
    #[serde(default)]
    pub keywords: Vec<Located<String>>,
    /// A regular expression that the raw text must also match before languages are
    /// read for this rule; saves reading where keywords are common words.
    pub gate: Option<Located<String>>,
    /// A regular expression that must match behind a keyword, on its line or the next, for
    /// the keyword to count: cheaper than `gate` where keywords are common words.
    pub keyword_gate: Option<Located<String>>,
    /// What one of the words there must look like, for the keyword to count.
    pub keyword_word: Option<WordClass>,
    /// Whether files are left out that a tool wrote on few, very long lines: compiled
    /// code, in which names say nothing.
    #[serde(default)]
    pub skip_minified: bool,
    /// Regular expressions over the text. The group `secret` is the credential; without
    /// it the whole match is.
    #[serde(default)]
    pub pattern: Vec<Located<String>>,
    /// The forms of the text that `pattern` is run on.
    #[serde(default = "RawRule::default_views")]
    pub views: Vec<ViewName>,
    /// The bindings it wants; any one of them.
    #[serde(default)]
    pub binding: Vec<BindingSelector>,
    /// The commands it wants; any one of them.
    #[serde(default)]
    pub command: Vec<CommandSelector>,
    /// The check over the whole repository it wants, by name.
    pub repository: Option<Located<String>>,
    /// The parts of a file it applies to: of a notebook `source`, `markdown`, `output`,
    /// `metadata`, `attachment`, `widget-state`. None means the whole of any file, and
    /// every part.
    #[serde(default)]
    pub parts: Vec<Located<String>>,
    /// Globs of the paths it applies to; none means all.
    #[serde(default)]
    pub paths: Vec<Located<String>>,
    /// Globs of the paths it does not apply to.
    #[serde(default)]
    pub exclude_paths: Vec<Located<String>>,
    /// Containers, by name, of which a file must stand in one: `pickle`, `sqlite`. The
    /// path of such a file is that of the container, `/`, and its name in it.
    #[serde(default)]
    pub container: Vec<Located<String>>,
    /// How a match becomes a finding.
    #[serde(default)]
    pub judge: Judgement,
    /// Which part of a binding or a command is shown when it is no credential.
    #[serde(default)]
    pub report: Reported,
    /// How bad it is at most in a test, an example or documentation, where values are
    /// mostly made up.
    pub severity_in_tests: Option<Severity>,
    /// Whether what is found is a credential, to be masked and revoked.
    #[serde(default = "yes")]
    pub credential: bool,
    /// Which of several rules reports a place that they all match: the highest.
    #[serde(default)]
    pub precedence: Precedence,
    /// Texts it must find something in, and texts in which it must not.
    #[serde(default)]
    pub example: Vec<Example>,
}

impl RawRule {
    fn default_views() -> Vec<ViewName> {
        vec![ViewName::Text]
    }
}

fn yes() -> bool {
    true
}

/// The part of a binding or a command that a finding points at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reported {
    /// All of it.
    #[default]
    Construct,
    /// The binding's key or the command's program: what is to be written otherwise. Of a
    /// binding without a key, all of it.
    Name,
}

/// A form of a document's bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ViewName {
    /// The bytes themselves, or the text they encode.
    Text,
    /// What base64 in the text decodes to.
    Base64,
    /// What hex, character codes, escapes, entities, percent-encoding, quoted-printable
    /// and UTF-16 in the text decode to.
    Encoded,
    /// String literals that the program joins: `"hf_" + "…"`.
    Folded,
}

/// How a match becomes a finding, or does not.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Judgement {
    /// What may stand on either side of the secret.
    pub boundary: Boundary,
    /// What the secret's body must look like.
    pub randomness: Randomness,
    /// The part of the secret that is not random, left out when it is measured.
    pub prefix: Vec<String>,
    /// Least Shannon entropy of the body in bits per byte: 0.0 to 8.0.
    pub min_entropy: f64,
    /// The format's own check.
    pub structure: Structure,
    /// A regular expression that must match within `context-lines` of the secret, for
    /// shapes that mean nothing alone.
    pub context: Option<Located<String>>,
    /// How many lines above and below the secret count as near it.
    pub context_lines: usize,
    /// A regular expression for secrets to let go, matched against the whole secret.
    pub not: Option<Located<String>>,
}

impl Default for Judgement {
    fn default() -> Self {
        Self {
            boundary: Boundary::default(),
            randomness: Randomness::default(),
            prefix: Vec::new(),
            min_entropy: 0.0,
            structure: Structure::default(),
            context: None,
            context_lines: 10,
            not: None,
        }
    }
}

/// What may stand on either side of a secret.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Boundary {
    /// Anything: the pattern sees to it.
    #[default]
    None,
    /// No letter or digit, unless it belongs to an escape (`\n`, `%3D`, a colour code).
    Token,
}

/// What a secret's body must look like to count as random.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Randomness {
    /// Nothing is asked.
    #[default]
    None,
    /// Random letters, with digits at a lower confidence: a Hugging Face token.
    Letters,
    /// Random characters of any kind: a key of a length that is known.
    Mixed,
    /// Random enough to be a secret in a place that only suggests one.
    Generic,
    /// Random enough to be a secret under a name that says so.
    Named,
    /// No stand-in and no password that everybody tries first.
    Password,
}

/// A format's own check.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Structure {
    /// None.
    #[default]
    None,
    /// A JSON Web Signature: header and payload decode to JSON; an `exp` in the past
    /// lowers the severity to low.
    Jws,
    /// GitHub's CRC-32 in base62, in the last six characters.
    GithubChecksum,
    /// A PEM block with a body that is base64 of at least 64 bytes.
    Pem,
    /// A macaroon (version 2) in base64, as PyPI's tokens are.
    Macaroon,
    /// Base64 of a JSON object.
    Base64Json,
    /// Base64 of a user's name and a password, as in an `Authorization: Basic` header.
    BasicAuth,
    /// Discord's: the first part is base64 of the bot's number.
    DiscordBot,
}

/// Which bindings a rule wants: every condition that is given must hold.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct BindingSelector {
    /// Languages or dialects; none means all.
    pub language: Vec<Located<String>>,
    /// Globs of the key, any case, with `-` and `_` alike.
    pub key: Vec<String>,
    /// Globs of keys that must not match.
    pub not_key: Vec<String>,
    /// Globs of the whole dotted path.
    pub path: Vec<String>,
    /// Globs of what is called, matched against its last names: `login` also matches
    /// `huggingface_hub.login`.
    pub callee: Vec<String>,
    /// Globs of callees that must not match.
    pub not_callee: Vec<String>,
    /// Which positional arguments, from 0.
    pub position: Vec<usize>,
    /// How it is written.
    pub context: Vec<BindingContext>,
    /// What the value must be; any one of them.
    pub value: Vec<ValueClass>,
    /// A regular expression that the value must match. The group `secret`, or the
    /// whole match, is the credential.
    pub value_pattern: Option<Located<String>>,
    /// A regular expression that the value must not match.
    pub not_value: Option<Located<String>>,
    /// A regular expression that must match somewhere in the file.
    pub requires: Option<Located<String>>,
    /// A regular expression that must match nowhere in the file.
    pub unless: Option<Located<String>>,
    /// What a match of this selector says in place of what the rule says.
    pub says: Says,
}

/// What a match of one selector says in place of what its rule says: a literal `ENV` is
/// worse than one that names a variable, and each old name has a new one of its own.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Says {
    /// How bad it is.
    pub severity: Option<Severity>,
    /// What was found.
    pub message: Option<String>,
    /// What to do instead, whatever the language.
    pub hint: Option<String>,
    /// Whether what is found is a credential.
    pub credential: Option<bool>,
}

/// What a value must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ValueClass {
    /// A literal that holds a Hugging Face token which passes judgement.
    HfToken,
    /// A literal that is no placeholder.
    Literal,
    /// A literal that is random enough to be a secret.
    SecretLike,
    /// A literal that is random enough to be a secret under a name that says so.
    NamedSecret,
    /// A literal with parts to be filled in.
    Template,
    /// Read from elsewhere.
    Lookup,
    /// A constant that says yes.
    True,
    /// No value.
    Missing,
    /// Anything but no value and a constant.
    Present,
    /// Anything.
    Any,
}

/// What a word of a text that was not read for facts must look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WordClass {
    /// Such that a value made of it can be [`ValueClass::NamedSecret`].
    NamedSecret,
}

/// Which commands a rule wants: every condition that is given must hold.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct CommandSelector {
    /// Globs of the program's name.
    pub program: Vec<String>,
    /// Sequences of arguments, options between them left out: `auth login`. Any one of
    /// them; after `^` the sequence must come first.
    pub arguments: Vec<String>,
    /// Options, with their dashes, of which one must be there: `--token`, `-e`.
    pub option: Vec<String>,
    /// Options of which none may be there.
    pub not_option: Vec<String>,
    /// What the option's value must be; without `option`, what some argument must be.
    pub value: Vec<ValueClass>,
    /// A regular expression that the option's value, or without `option` some
    /// argument, must match. The group `secret`, or the whole match, is the credential.
    pub value_pattern: Option<Located<String>>,
    /// A regular expression that it must not match.
    pub not_value: Option<Located<String>>,
    /// Globs of the files its output is written to, of which one must match.
    pub output: Vec<String>,
    /// Whether another program or a file must, or must not, take its output.
    pub captured: Option<bool>,
    /// Where it runs; none means everywhere but in documentation.
    pub place: Vec<CommandPlace>,
    /// Languages or dialects; none means all.
    pub language: Vec<Located<String>>,
    /// A regular expression that must match somewhere in the file.
    pub requires: Option<Located<String>>,
    /// A regular expression that must match nowhere in the file.
    pub unless: Option<Located<String>>,
    /// What a match of this selector says in place of what the rule says.
    pub says: Says,
}

/// A text with what the rule must make of it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Example {
    /// The name of the file it stands in, which decides how it is read.
    pub path: String,
    /// The containers it stands in, outermost first.
    #[serde(default)]
    pub container: Vec<String>,
    /// The part of the file that the text is, as in `parts`.
    pub part: Option<String>,
    /// The text, with placeholders such as `{{alpha:34}}` for what must not stand in a
    /// repository.
    pub text: String,
    /// The lines, from 1, on which the rule must find something; none means that it
    /// must find nothing.
    #[serde(default)]
    pub found: Vec<usize>,
}
