//! Runs the checks of a rule on a match, and produces the verdict.

use super::candidate::{Real, Verdict};
use crate::{
    judge::{
        alphabet,
        boundary::{self, Edges},
        entropy::shannon_entropy,
        known, password, placeholder,
        randomness::{self, TokenBody},
        structure,
        value::{self, MIN_SECRET},
    },
    model::{Confidence, Dismissal, Secret, Severity, Span},
    rule::{Boundary, Judge, Randomness, Rule, Structure},
};

/// A match in its text.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// The text that the pattern matched in.
    pub text: &'a [u8],
    /// The span of the secret in it.
    pub span: Span,
    /// `true` if the text is binary: it contains NUL bytes.
    pub binary: bool,
    /// The time at which tokens are checked for expiry, in seconds since 1970.
    pub now: i64,
}

impl Subject<'_> {
    fn secret(&self) -> &[u8] {
        self.span.slice(self.text)
    }
}

/// Adjustments of a finding that follow from the form of its secret.
#[derive(Debug, Default)]
pub struct Check {
    /// Maximum severity.
    severity: Option<Severity>,
    /// Maximum confidence.
    confidence: Option<Confidence>,
    /// Number of steps by which the confidence is lowered.
    doubts: u8,
    /// The reasons, one sentence each.
    notes: Vec<String>,
}

impl Check {
    /// Applies the adjustments to a finding.
    pub fn apply(self, real: &mut Real) {
        real.severity = self.severity.map_or(real.severity, |most| real.severity.min(most));
        real.confidence = self.confidence.map_or(real.confidence, |most| real.confidence.min(most));
        for _ in 0..self.doubts {
            real.confidence = real.confidence.lowered();
        }
        real.notes.extend(self.notes);
    }
}

/// The verdict on a match of a rule.
pub fn judge(rule: &Rule, subject: Subject<'_>) -> Verdict {
    match check(&rule.judge, subject) {
        Ok(check) => {
            let mut real = Real::of(rule, subject.secret());
            check.apply(&mut real);
            Verdict::Real(real)
        }
        Err(dismissal) => Verdict::Dismissed(dismissal),
    }
}

/// Runs the checks of a rule on a secret.
///
/// # Errors
/// Returns the reason if it is not a secret.
pub fn check(judge: &Judge, subject: Subject<'_>) -> Result<Check, Dismissal> {
    let mut check = Check::default();
    let secret = subject.secret();
    let strict = match judge.boundary {
        Boundary::None => false,
        Boundary::Token => !has_edges(subject)?,
    };
    if judge.not.as_ref().is_some_and(|not| not.is_match(secret)) {
        return Err(Dismissal::NotASecret);
    }
    if let Some(context) = &judge.context
        && !context.is_match(near(subject, judge.context_lines))
    {
        return Err(Dismissal::NoContext);
    }
    let prefix = judge.prefix.iter().find(|prefix| secret.starts_with(prefix.as_bytes()));
    let body = &secret[prefix.map_or(0, String::len)..];
    check_body(judge.randomness, judge.min_entropy, body, strict, &mut check)?;
    check_structure(judge.structure, subject, &mut check)?;
    check_known(secret, &mut check)?;
    Ok(check)
}

/// Runs the checks that apply to a Hugging Face token, whichever rule found it.
///
/// # Errors
/// Returns the reason if it is not a token.
pub fn check_token(subject: Subject<'_>) -> Result<Check, Dismissal> {
    let mut check = Check::default();
    let secret = subject.secret();
    has_edges(subject)?;
    if memchr::memmem::find(secret, b"_eyJ").is_some() {
        check_structure(Structure::Jws, subject, &mut check)?;
    } else {
        let body = secret.strip_prefix(b"api_org_").or(secret.strip_prefix(b"hf_"));
        check_body(Randomness::Letters, 0.0, body.unwrap_or(secret), false, &mut check)?;
    }
    check_known(secret, &mut check)?;
    Ok(check)
}

/// `true` if clean edges delimit the token; otherwise its body is checked more strictly.
///
/// In text, clean edges are required. In binary content strings have no separators, and a length
/// before the token delimits it like an edge.
fn has_edges(subject: Subject<'_>) -> Result<bool, Dismissal> {
    let Subject { text, span, binary, .. } = subject;
    match boundary::edges(text, span) {
        Edges::Clean if boundary::is_called(text, span) => Err(Dismissal::NotASecret),
        Edges::Clean => Ok(true),
        _ if binary && boundary::has_length_prefix(text, span.start, span.len()) => Ok(true),
        Edges::Glued if binary => Ok(false),
        Edges::Glued => Err(Dismissal::PartOfWord),
        Edges::InsideBlob => Err(Dismissal::InsideBlob),
    }
}

fn check_body(
    randomness: Randomness,
    min_entropy: f64,
    body: &[u8],
    strict: bool,
    check: &mut Check,
) -> Result<(), Dismissal> {
    if randomness == Randomness::None && min_entropy <= 0.0 {
        return Ok(());
    }
    let body = if randomness == Randomness::Mixed { after_numbers(body) } else { body };
    if placeholder::is_stand_in(body) {
        return Err(Dismissal::Placeholder);
    }
    if shannon_entropy(body) < min_entropy {
        return Err(Dismissal::TooRegular);
    }
    match randomness {
        Randomness::None => {}
        Randomness::Letters => match randomness::token_body(body, strict) {
            TokenBody::Letters => check.doubts += u8::from(strict),
            TokenBody::WithDigits => {
                check.confidence = Some(Confidence::Medium);
                check.notes.push("it contains digits; no live token seen so far does".into());
            }
            TokenBody::Regular => return Err(Dismissal::TooRegular),
        },
        Randomness::Mixed => {
            // In keys of several parts, the random part has the minimum length of a secret:
            // `xoxb-12-34-…`.
            let run = alphabet::longest_run(body);
            let part = if run.len() >= MIN_SECRET { &body[run] } else { body };
            if !alphabet::is_drawn(part) {
                return Err(Dismissal::TooRegular);
            }
        }
        Randomness::Named => value::check_named_secret(&String::from_utf8_lossy(body))?,
        Randomness::Password => password::check_password(&String::from_utf8_lossy(body))?,
        Randomness::Generic => value::check_secret_like(&String::from_utf8_lossy(body))?,
    }
    if placeholder::has_hint_word(body) {
        check.doubts += 1;
        check.notes.push("a word in it suggests a placeholder".into());
    }
    Ok(())
}

/// The part of a body after the numbers before it, such as the id of a bot, since ten digits do not
/// use the alphabet of the whole. All of it if the rest is too short for a secret, the numbers are a
/// sequence (`dapi1234567890…` is made up), or all is hexadecimal: that often begins with digits.
fn after_numbers(body: &[u8]) -> &[u8] {
    const LEAST_DIGITS: usize = 8;
    if body.iter().all(|byte| byte.is_ascii_hexdigit() || *byte == b'-') {
        return body;
    }
    let mut rest = body;
    loop {
        let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let behind = &rest[digits..];
        let separator = usize::from(matches!(behind.first(), Some(b'-' | b':' | b'_')));
        let behind = &behind[separator..];
        let is_typed = || placeholder::has_sequence(&rest[..digits]);
        if digits < LEAST_DIGITS || behind.len() < MIN_SECRET || is_typed() {
            return rest;
        }
        rest = behind;
    }
}

fn check_structure(
    structure: Structure,
    subject: Subject<'_>,
    check: &mut Check,
) -> Result<(), Dismissal> {
    let secret = subject.secret();
    let holds = match structure {
        Structure::None => true,
        Structure::Jws => {
            let start = memchr::memmem::find(secret, b"eyJ").ok_or(Dismissal::BadStructure)?;
            let jws = structure::jws(&secret[start..]).ok_or(Dismissal::BadStructure)?;
            if jws.is_public {
                return Err(Dismissal::NotASecret);
            }
            if jws.expires.is_some_and(|expires| expires < subject.now) {
                check.severity = Some(Severity::Low);
                check.notes.push("it has expired".into());
            }
            if !jws.scopes.is_empty() {
                let shown: Vec<_> = jws.scopes.iter().map(|scope| scope_text(scope)).collect();
                check.notes.push(format!("its scopes: {}", shown.join(", ")));
            }
            true
        }
        Structure::GithubChecksum => structure::has_github_checksum(secret),
        Structure::Pem => structure::is_pem_with_body(secret),
        Structure::Macaroon => structure::is_macaroon(secret),
        Structure::Base64Json => structure::is_base64_json(secret),
        Structure::BasicAuth => structure::is_basic_auth(secret),
        Structure::DiscordBot => structure::is_discord_bot(secret),
    };
    if holds { Ok(()) } else { Err(Dismissal::BadStructure) }
}

/// Lowers the severity of a token that its owner published for tests. Dismisses one that a
/// provider's documentation shows as an example.
fn check_known(secret: &[u8], check: &mut Check) -> Result<(), Dismissal> {
    let sha256 = Secret::new(secret).sha256();
    if known::is_documented_example(&sha256) {
        return Err(Dismissal::Placeholder);
    }
    if let Some(origin) = known::public_test_token(&sha256) {
        check.severity = Some(Severity::Info);
        check.notes.push(format!("a known public test token: {origin}"));
    }
    Ok(())
}

/// The name of a scope, truncated and escaped, since it comes from the scanned file.
fn scope_text(scope: &str) -> String {
    let short: String = scope.chars().take(40).collect();
    crate::model::escaped(short.as_bytes())
}

/// The lines around a match, at most 8 KiB on either side.
fn near(subject: Subject<'_>, lines: usize) -> &[u8] {
    const REACH: usize = 8 << 10;
    let Subject { text, span, .. } = subject;
    let before = &text[span.start.saturating_sub(REACH)..span.start];
    let after = &text[span.end..text.len().min(span.end + REACH)];
    let start = memchr::memrchr_iter(b'\n', before).nth(lines).map_or(0, |at| at + 1);
    let end = memchr::memchr_iter(b'\n', after).nth(lines).unwrap_or(after.len());
    &text[span.start - (before.len() - start)..span.end + end]
}
