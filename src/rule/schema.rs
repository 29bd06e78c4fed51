//! The written form of a rule file: TOML that people read and edit.
//!
//! `docs/writing-rules.md` explains each key with examples.

use super::located::Located;
use crate::model::{Applicability, BindingContext, CommandPlace, Confidence, Precedence, Severity};
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
    /// Lower-case words joined with `-`; identifies the rule in reports and options.
    pub id: String,
    /// A noun phrase that names what the rule finds.
    pub title: String,
    /// The severity of its findings, before modifiers.
    pub severity: Severity,
    /// The confidence of its findings, before modifiers.
    pub confidence: Confidence,
    /// The version that added the rule.
    #[serde(default = "RawRule::first_version")]
    pub since: String,
    /// `true` while the rule is new: its findings are `info` and fail no build, unless the user
    /// gives it a severity.
    #[serde(default)]
    pub preview: bool,
    /// Numbers of the Common Weakness Enumeration, the main one first.
    pub cwe: Vec<u32>,
    /// Tags to select and group by, from [`TAGS`](super::tags::TAGS).
    #[serde(default)]
    pub tags: Vec<Located<String>>,
    /// Earlier ids of the rule, which still select, ignore and suppress.
    #[serde(default)]
    pub aliases: Vec<Located<String>>,
    /// One sentence that states the problem; `hard-coded TITLE` if not given. Placeholders for
    /// names of the match are allowed here and in hints: `{key}`, `{path}`, `{callee}` of a
    /// binding, `{program}` of a command, `{name}` of a check over the repository.
    pub message: Option<String>,
    /// The reason why it matters, in a sentence or two.
    pub why: String,
    /// The remedy if no entry of `hints` applies; made from `variable` if not given.
    pub hint: Option<String>,
    /// Remedies by language or dialect: `python`, `dockerfile`, `github-actions`.
    #[serde(default)]
    pub hints: BTreeMap<String, String>,
    /// The environment variable that the program should read instead. The remedy for languages
    /// without an entry in `hints` is made from it.
    pub variable: Option<String>,
    /// Replacements that `hfscan fix` writes for a credential, by language or dialect.
    #[serde(default)]
    pub fix: BTreeMap<String, OwnFix>,
    /// The URL at which a credential that it finds can be revoked.
    pub revoke: Option<String>,
    /// URLs of further information.
    pub references: Vec<String>,
    /// Texts of three bytes or more, case-sensitive, of which every match, or a name around it,
    /// contains at least one. In a file without them the rule costs nothing, and facts are only
    /// read near them.
    #[serde(default)]
    pub keywords: Vec<Located<String>>,
    /// A regular expression that the raw text must also match before languages are read for this
    /// rule. It saves reading if keywords are common words.
    pub gate: Option<Located<String>>,
    /// A regular expression that must match after a keyword, on its line or the next, for the
    /// keyword to count. Cheaper than `gate` if keywords are common words.
    pub keyword_gate: Option<Located<String>>,
    /// The class of a word that must be there for the keyword to count.
    pub keyword_word: Option<WordClass>,
    /// `true` if the rule does not run on files that a tool wrote on a few very long lines:
    /// compiled code, in which names mean nothing.
    #[serde(default)]
    pub skip_minified: bool,
    /// Regular expressions over the text. The credential is the group `secret`, or the whole match
    /// without it.
    #[serde(default)]
    pub pattern: Vec<Located<String>>,
    /// The views of the text that `pattern` runs on.
    #[serde(default = "RawRule::default_views")]
    pub views: Vec<ViewName>,
    /// The bindings it finds: those of any selector.
    #[serde(default)]
    pub binding: Vec<BindingSelector>,
    /// The commands it finds: those of any selector.
    #[serde(default)]
    pub command: Vec<CommandSelector>,
    /// The check over the whole repository, by name.
    pub repository: Option<Located<String>>,
    /// The parts of a file it applies to: of a notebook `source`, `markdown`, `output`, `metadata`,
    /// `attachment`, `widget-state`. Empty means whole files of any kind, and every part.
    #[serde(default)]
    pub parts: Vec<Located<String>>,
    /// Globs of the paths it applies to; empty means all.
    #[serde(default)]
    pub paths: Vec<Located<String>>,
    /// Globs of the paths it does not apply to.
    #[serde(default)]
    pub exclude_paths: Vec<Located<String>>,
    /// Containers, by name, of which at least one must contain the file: `pickle`, `sqlite`. The
    /// path of such a file is that of the container, `/`, and its name in it.
    #[serde(default)]
    pub container: Vec<Located<String>>,
    /// The checks that turn a match into a finding.
    #[serde(default)]
    pub judge: Judgement,
    /// The part of a binding or a command that a finding points at if it is not a credential.
    #[serde(default)]
    pub report: Reported,
    /// The maximum severity in a test, an example or documentation, where values are mostly
    /// invented.
    pub severity_in_tests: Option<Severity>,
    /// `true` if it finds credentials, which are masked and must be revoked.
    #[serde(default = "yes")]
    pub credential: bool,
    /// Of several rules that match the same place, the one with the highest precedence reports it.
    #[serde(default)]
    pub precedence: Precedence,
    /// Texts in which it must find something, and texts in which it must not.
    #[serde(default)]
    pub example: Vec<Example>,
}

impl RawRule {
    fn first_version() -> String {
        "0.1.0".into()
    }

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
    /// The binding's key or the command's program, which must be changed. Of a binding without a
    /// key, all of it.
    Name,
}

/// A view of a document's bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ViewName {
    /// The bytes themselves, or the text that they encode.
    Text,
    /// Decoded base64.
    Base64,
    /// Decoded hex, character codes, escapes, entities, percent-encoding, quoted-printable and
    /// UTF-16.
    Encoded,
    /// String literals that the program joins: `"hf_" + "…"`.
    Folded,
}

/// The checks that turn a match into a finding or dismiss it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Judgement {
    /// The characters that may be next to the secret.
    pub boundary: Boundary,
    /// The randomness that the secret's body must have.
    pub randomness: Randomness,
    /// The prefixes of the secret that are not random and are left out of measurements.
    pub prefix: Vec<String>,
    /// Minimum Shannon entropy of the body in bits per byte: 0.0 to 8.0.
    pub min_entropy: f64,
    /// The format's own check.
    pub structure: Structure,
    /// A regular expression that must match within `context-lines` of the secret, for formats that
    /// mean nothing alone.
    pub context: Option<Located<String>>,
    /// Number of lines above and below the secret that `context` may match.
    pub context_lines: usize,
    /// A regular expression for secrets to dismiss, matched against the whole secret.
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

/// The characters that may be next to a secret.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Boundary {
    /// Any: the pattern checks them.
    #[default]
    None,
    /// No letter or digit, unless it belongs to an escape (`\n`, `%3D`, a colour code).
    Token,
}

/// The randomness that a secret's body must have.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Randomness {
    /// No condition.
    #[default]
    None,
    /// Random letters, or with lower confidence letters and digits: a Hugging Face token.
    Letters,
    /// Random characters of any kind: a key of known length.
    Mixed,
    /// Random enough to be a secret in a place that only suggests one.
    Generic,
    /// Random enough to be a secret under a secret's name.
    Named,
    /// Neither a placeholder nor a password that attackers try first.
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
    /// A macaroon (version 2) in base64, such as PyPI's tokens.
    Macaroon,
    /// Base64 of a JSON object.
    Base64Json,
    /// Base64 of a user name and a password, as in an `Authorization: Basic` header.
    BasicAuth,
    /// A Discord token, whose first part is base64 of the bot's number.
    DiscordBot,
}

/// Selects bindings; every condition that is given must hold.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct BindingSelector {
    /// Languages or dialects; none means all.
    pub language: Vec<Located<String>>,
    /// Globs of the key, case-insensitive, with `-` and `_` equal.
    pub key: Vec<String>,
    /// Globs of keys that must not match.
    pub not_key: Vec<String>,
    /// Globs of the whole dotted path.
    pub path: Vec<String>,
    /// Globs of paths that must not match.
    pub not_path: Vec<String>,
    /// Globs of the callee, matched against its last names: `login` also matches
    /// `huggingface_hub.login`.
    pub callee: Vec<String>,
    /// Globs of callees that must not match.
    pub not_callee: Vec<String>,
    /// Indices of positional arguments, from 0.
    pub position: Vec<usize>,
    /// The ways in which it may be written.
    pub context: Vec<BindingContext>,
    /// The classes of its value, of which one must apply.
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
    /// A regular expression that must match in the block around it: the job of a workflow,
    /// the service of Compose. Elsewhere the whole file is one.
    pub block_requires: Option<Located<String>>,
    /// A regular expression that must match nowhere in that block.
    pub block_unless: Option<Located<String>>,
    /// The texts for matches of this selector that replace the rule's own.
    pub says: Says,
}

/// Overrides of the rule for matches of one selector: a literal `ENV` is worse than one that names
/// a variable, and each old name has its own new name.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Says {
    /// The severity.
    pub severity: Option<Severity>,
    /// The message.
    pub message: Option<String>,
    /// The remedy in every language.
    pub hint: Option<String>,
    /// `true` if the matches are credentials.
    pub credential: Option<bool>,
}

/// A class of values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ValueClass {
    /// A literal that holds a Hugging Face token which passes judgement.
    HfToken,
    /// A literal that is not a placeholder.
    Literal,
    /// A literal that is random enough to be a secret.
    SecretLike,
    /// A literal that is random enough to be a secret under a secret's name.
    NamedSecret,
    /// A literal with placeholders that the program fills in.
    Template,
    /// A value read from elsewhere.
    Lookup,
    /// A true constant.
    True,
    /// No value.
    Missing,
    /// Any value except a constant.
    Present,
    /// Any value, or none.
    Any,
}

/// A class of words in text that was not read for facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WordClass {
    /// A word that may be part of a [`ValueClass::NamedSecret`].
    NamedSecret,
}

/// Selects commands; every condition that is given must hold.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct CommandSelector {
    /// Globs of the program's name.
    pub program: Vec<String>,
    /// Sequences of arguments, without the options between them, of which one must occur:
    /// `auth login`. After `^` the sequence must come first.
    pub arguments: Vec<String>,
    /// Options, with their dashes, of which one must be given: `--token`, `-e`.
    pub option: Vec<String>,
    /// Options of which none may be given.
    pub not_option: Vec<String>,
    /// The classes of the option's value, or without `option` of some argument.
    pub value: Vec<ValueClass>,
    /// A regular expression that the option's value, or without `option` some
    /// argument, must match. The group `secret`, or the whole match, is the credential.
    pub value_pattern: Option<Located<String>>,
    /// A regular expression that this value must not match.
    pub not_value: Option<Located<String>>,
    /// Globs of the files that its output is written to, of which one must match.
    pub output: Vec<String>,
    /// `true` if another program or a file must take its output, `false` if neither may.
    pub captured: Option<bool>,
    /// The places where it runs; empty means everywhere except in documentation.
    pub place: Vec<CommandPlace>,
    /// Languages or dialects; none means all.
    pub language: Vec<Located<String>>,
    /// A regular expression that must match somewhere in the file.
    pub requires: Option<Located<String>>,
    /// A regular expression that must match nowhere in the file.
    pub unless: Option<Located<String>>,
    /// A regular expression that must match in the block around it: the job of a workflow,
    /// the service of Compose. Elsewhere the whole file is one.
    pub block_requires: Option<Located<String>>,
    /// A regular expression that must match nowhere in that block.
    pub block_unless: Option<Located<String>>,
    /// The texts for matches of this selector that replace the rule's own.
    pub says: Says,
}

/// The replacement of a credential in one language or dialect.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct OwnFix {
    /// The replacement: in a programming language, of the literal including its quotes; elsewhere,
    /// of the credential. `{variable}` expands to the environment variable.
    pub write: String,
    /// The Python import line that the replacement needs.
    pub import: Option<String>,
    /// The applicability of the fix.
    #[serde(default = "OwnFix::unless_said")]
    pub applicability: Applicability,
    /// The reason for the applicability.
    pub why: Option<String>,
}

impl OwnFix {
    fn unless_said() -> Applicability {
        Applicability::Unsafe
    }
}

/// A text with the expected result of the rule.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Example {
    /// The name of its file, which decides how it is read.
    pub path: String,
    /// The containers around the file, outermost first.
    #[serde(default)]
    pub container: Vec<String>,
    /// The part of a file that the text is, as in `parts`.
    pub part: Option<String>,
    /// The text, with placeholders such as `{{alpha:34}}` for text that a repository must not
    /// contain.
    pub text: String,
    /// The lines, from 1, on which the rule must find something; empty means that it must find
    /// nothing.
    #[serde(default)]
    pub found: Vec<usize>,
}
