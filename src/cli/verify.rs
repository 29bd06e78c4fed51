//! `--verify` and `hfscan verify`: asks the Hub whether tokens are live.

use super::{
    error::CliError,
    examined::Examined,
    output::print,
    prompt::typed_answer,
    status::{CLEAN, FAILED, FOUND},
    surroundings::now,
    token_error::TokenError,
    tokens::{self, TokenKind},
    verify_args::{AnswerFormat, Asking, VerifyArgs, Verifying},
};
use crate::{
    detect::repository::Claim,
    model::{
        Finding, Secret, Severity,
        verification::{Account, Liveness, Permissions, Verification},
    },
    online::{Asked, Client, Endpoint, ask},
    report::{VerificationRecord, public_id},
    scan::Usage,
};
use std::{cmp::Reverse, collections::BTreeMap, io::Write, process::ExitCode};

/// The page that creates a token, with the form filled in.
const NEW_TOKEN: &str =
    "https://huggingface.co/settings/tokens/new?tokenType=fineGrained&ownUserPermissions=";

/// Verifies the tokens of a scan, and updates its findings accordingly.
///
/// # Errors
/// Returns an error if the user does not agree to send the tokens, or the server is not allowed.
pub fn verify(examined: &mut Examined, args: &Verifying) -> Result<(), CliError> {
    let mut worst: BTreeMap<Secret, Severity> = BTreeMap::new();
    for finding in &examined.outcome.findings {
        if let Some(secret) = askable(finding) {
            let known = worst.entry(secret.clone()).or_insert(finding.severity);
            *known = (*known).max(finding.severity);
        }
    }
    if worst.is_empty() {
        return Ok(());
    }
    let mut tokens: Vec<(Secret, Severity)> = worst.into_iter().collect();
    tokens.sort_by_key(|(_, severity)| Reverse(*severity));
    let tokens: Vec<Secret> = tokens.into_iter().map(|(secret, _)| secret).collect();
    let endpoint = endpoint(args.asking.endpoint.as_deref())?;
    agree(args.yes, tokens.len().min(args.asking.verify_limit), &endpoint)?;
    let answers = ask_all(&tokens, &endpoint, &args.asking)?;
    let at = now();
    for finding in &mut examined.outcome.findings {
        let answer = askable(finding).and_then(|secret| answers.get(secret)).cloned();
        if let Some(answer) = answer {
            tell(finding, answer, at, args.dead_fails);
        }
    }
    let usage = examined.root.as_ref().map(|root| Usage::of_tree(root.dir())).unwrap_or_default();
    let claims = claims(&examined.outcome.findings, &usage, at, args.asking.rotate_after);
    examined.scanner.add_claims(claims, &mut examined.outcome);
    summarise(answers.values());
    Ok(())
}

/// Verifies the tokens of standard input or a report, and returns the exit status.
///
/// # Errors
/// Returns an error if there are none, or the user does not agree to send them.
pub fn run(args: &VerifyArgs) -> Result<ExitCode, CliError> {
    let tokens = tokens::read(&args.input)?;
    let (asked, others): (Vec<Secret>, Vec<Secret>) =
        tokens.iter().cloned().partition(|one| TokenKind::of(one) == TokenKind::Asked);
    let endpoint = endpoint(args.asking.endpoint.as_deref())?;
    let mut answers = BTreeMap::new();
    if !asked.is_empty() {
        agree(args.yes, asked.len().min(args.asking.verify_limit), &endpoint)?;
        answers = ask_all(&asked, &endpoint, &args.asking)?;
    }
    for other in others {
        let why = match TokenKind::of(&other) {
            TokenKind::Public(origin) => format!("published for tests: {origin}"),
            _ => "a kind that is no longer issued".to_string(),
        };
        answers.insert(other, not_asked(&why));
    }
    print(&answered(&tokens, &answers, args.format))?;
    let states: Vec<Liveness> = answers.values().map(|answer| answer.state).collect();
    let is_live = |state: &Liveness| matches!(state, Liveness::Live | Liveness::Refused);
    Ok(match () {
        () if states.iter().any(is_live) => FOUND.into(),
        () if states.contains(&Liveness::Unknown) => FAILED.into(),
        () if answers.values().any(is_over_limit) => FAILED.into(),
        () => CLEAN.into(),
    })
}

const OVER_LIMIT: &str = "more tokens than --verify-limit, or the server refuses further requests";

fn is_over_limit(answer: &Verification) -> bool {
    answer.detail.as_deref() == Some(OVER_LIMIT)
}

fn not_asked(why: &str) -> Verification {
    Verification { state: Liveness::NotAsked, detail: Some(why.into()), account: None }
}

/// The server to which tokens are sent: only the user's settings select it, never the scanned tree.
///
/// # Errors
/// Returns an error if tokens may not be sent to it.
pub fn endpoint(named: Option<&str>) -> Result<Endpoint, CliError> {
    let environment = std::env::var("HF_ENDPOINT").ok();
    Ok(Endpoint::of(named, environment.as_deref())?)
}

/// The token of a finding, if the Hub can verify it.
fn askable(finding: &Finding) -> Option<&Secret> {
    let secret = finding.secret.as_ref().filter(|_| finding.is_revocable())?;
    (TokenKind::of(secret) == TokenKind::Asked).then_some(secret)
}

/// Asks the user to agree to send `count` tokens.
fn agree(yes: bool, count: usize, endpoint: &Endpoint) -> Result<(), CliError> {
    if yes {
        return Ok(());
    }
    let tokens = if count == 1 { "token" } else { "distinct tokens" };
    let what = format!("{count} {tokens} will be sent to {}", endpoint.host());
    match typed_answer(&format!("{what}. Continue? [y/N]")).as_deref() {
        Some("y" | "Y" | "yes") => Ok(()),
        _ => Err(TokenError::NotAgreed(what).into()),
    }
}

/// Verification results of these tokens: one request at a time, each token once.
///
/// # Errors
/// Returns an error if no client can be created.
pub fn ask_all(
    tokens: &[Secret],
    endpoint: &Endpoint,
    asking: &Asking,
) -> Result<BTreeMap<Secret, Verification>, CliError> {
    let client = Client::new()?;
    let mut is_stopped = false;
    let mut answers = BTreeMap::new();
    for (number, token) in tokens.iter().enumerate() {
        let answer = match is_stopped || number >= asking.verify_limit {
            true => not_asked(OVER_LIMIT),
            false => match ask(&client, endpoint, token, asking.identity) {
                Asked::Answered(answer) => answer,
                Asked::Stopped => {
                    is_stopped = true;
                    not_asked(OVER_LIMIT)
                }
            },
        };
        answers.insert(token.clone(), answer);
    }
    Ok(answers)
}

/// Adds the verification result to a finding.
fn tell(finding: &mut Finding, answer: Verification, at: i64, dead_fails: bool) {
    match answer.state {
        Liveness::Live => {
            finding.severity = finding.severity.raised();
            let what = answer.account.as_ref().map_or(String::new(), |one| one.summary(at));
            finding.notes.push(format!("the token is live: {what}"));
        }
        Liveness::Dead => {
            let why = answer.detail.as_deref().unwrap_or("unknown or revoked");
            finding.notes.push(format!("the token is dead: the Hub says it is {why}"));
            if !dead_fails {
                finding.severity = Severity::Info;
            }
        }
        Liveness::Refused | Liveness::Unknown | Liveness::NotAsked => {
            let why = answer.detail.as_deref().unwrap_or("no answer");
            finding.notes.push(format!("cannot tell if the token is live: {why}"));
        }
    }
    finding.verification = Some(Box::new(answer));
}

/// The findings caused by permissions and age of live tokens, one per token.
fn claims(
    findings: &[Finding],
    usage: &Usage,
    at: i64,
    rotate_after: i64,
) -> Vec<(&'static str, Claim)> {
    let mut seen: Vec<&Secret> = Vec::new();
    let mut claims = Vec::new();
    for finding in findings {
        let (Some(secret), Some(answer)) = (&finding.secret, &finding.verification) else {
            continue;
        };
        let Some(account) = &answer.account else { continue };
        if seen.contains(&secret) {
            continue;
        }
        seen.push(secret);
        let claim = |severity, name: String, notes| Claim {
            path: finding.location.path.clone(),
            line: finding.location.start.line,
            severity,
            name,
            notes,
        };
        if let Some((severity, notes)) = excess(account, usage) {
            claims.push(("verify-excess-scope", claim(severity, secret.masked(), notes)));
        }
        if let Some(days) = account.age_days(at).filter(|days| *days > rotate_after) {
            let name = format!("{} is {days} days old", secret.masked());
            claims.push(("rotation-overdue", claim(Severity::Medium, name, Vec::new())));
        }
    }
    claims
}

/// Permissions of a token beyond the needs of the code beside it; `None` if it is not known to have
/// any.
fn excess(account: &Account, usage: &Usage) -> Option<(Severity, Vec<String>)> {
    let only_reads = usage.writes.is_none() && (usage.reads.is_some() || usage.infers.is_some());
    let is_classic = matches!(account.role, Permissions::Read | Permissions::Write);
    let severity = match () {
        () if account.can_write() && only_reads => Severity::High,
        () if is_classic => Severity::Medium,
        () => return None,
    };
    let (needs, permission) = match usage {
        Usage { writes: Some(place), .. } => (format!("writes ({place})"), "repo.write"),
        Usage { reads: Some(place), .. } => (format!("only reads ({place})"), "repo.content.read"),
        Usage { infers: Some(place), .. } => {
            (format!("only runs models ({place})"), "inference.serverless.write")
        }
        _ => ("uses no call known to hfscan".into(), "repo.content.read"),
    };
    let mut notes = vec![format!("the code here {needs}")];
    if !usage.repositories.is_empty() {
        let names: Vec<&str> = usage.repositories.iter().take(5).map(String::as_str).collect();
        notes.push(format!("the code names {}", names.join(", ")));
    }
    notes.push(format!("the form of a narrower token: {NEW_TOKEN}{permission}"));
    Some((severity, notes))
}

/// Prints the number of tokens in each state to standard error.
fn summarise<'a>(answers: impl Iterator<Item = &'a Verification>) {
    let mut counts = BTreeMap::<Liveness, usize>::new();
    answers.for_each(|answer| *counts.entry(answer.state).or_default() += 1);
    let parts: Vec<String> =
        counts.into_iter().map(|(state, count)| format!("{count} {}", state.as_str())).collect();
    let _ = writeln!(std::io::stderr(), "tokens: {}", parts.join(", "));
}

fn answered(
    tokens: &[Secret],
    answers: &BTreeMap<Secret, Verification>,
    format: AnswerFormat,
) -> String {
    let at = now();
    let listed = tokens.iter().filter_map(|token| Some((token, answers.get(token)?)));
    if format == AnswerFormat::Json {
        let records: Vec<_> = listed
            .map(|(token, answer)| {
                serde_json::json!({
                    "secret": { "masked": token.masked(), "id": public_id(token) },
                    "verification": VerificationRecord::of(answer, at),
                })
            })
            .collect();
        return format!("{:#}\n", serde_json::json!({ "version": 1, "tokens": records }));
    }
    listed
        .map(|(token, answer)| {
            let account = answer.account.as_ref().map(|one| one.summary(at));
            let more = account.or_else(|| answer.detail.clone());
            let more = more.map_or(String::new(), |more| format!("  {more}"));
            format!("{}  {}{more}\n", token.masked(), answer.state.as_str())
        })
        .collect()
}
