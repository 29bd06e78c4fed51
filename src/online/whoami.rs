//! Verifies a token on the Hub: `GET /api/whoami-v2`, with no data but the token.

use super::{
    client::{Answer, Client, Method, Request},
    endpoint::Endpoint,
    pace::Pace,
};
use crate::model::{
    Secret,
    verification::{Account, Identity, Liveness, Permissions, Scope, Verification},
};
use serde_json::Value;
use std::time::Duration;

/// Maximum size of a response, in bytes.
const MAX_BODY: u64 = 1 << 20;
/// Maximum delay for a rate limit.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// The result of a request.
#[derive(Debug)]
pub enum Asked {
    /// The verification result.
    Answered(Verification),
    /// The server's rate limit requires a longer delay than `LONGEST_WAIT`.
    Stopped,
}

/// Verifies one token. After status 429 it tries once more if the requested delay is at most a
/// minute. `with_identity` keeps names and e-mail addresses.
pub fn ask(client: &Client, endpoint: &Endpoint, token: &Secret, with_identity: bool) -> Asked {
    for is_last in [false, true] {
        let answer = client.send(Request {
            method: Method::Get,
            address: &endpoint.address("/api/whoami-v2"),
            bearer: Some(token),
            range: None,
            max_body: MAX_BODY,
        });
        let answer = match answer {
            Ok(answer) => answer,
            Err(error) => return Asked::Answered(unknown(&error.to_string())),
        };
        if answer.status != 429 {
            return Asked::Answered(read(&answer, with_identity));
        }
        let Pace(wait) = Pace::after(&answer);
        if is_last || wait > LONGEST_WAIT {
            break;
        }
        std::thread::sleep(wait);
    }
    Asked::Stopped
}

fn unknown(why: &str) -> Verification {
    Verification { state: Liveness::Unknown, detail: Some(why.into()), account: None }
}

/// The verification result of a response.
fn read(answer: &Answer, with_identity: bool) -> Verification {
    let detail = |text: &str| Some(text.to_string());
    match answer.status {
        200 => match serde_json::from_slice::<Value>(&answer.body) {
            Ok(body) if body.get("type").is_some() || body.get("auth").is_some() => Verification {
                state: Liveness::Live,
                detail: None,
                account: Some(account(&body, with_identity)),
            },
            _ => unknown("the server returned status 200, but not a response of the Hub"),
        },
        401 => {
            let says_expired =
                answer.body.windows(7).any(|bytes| bytes.eq_ignore_ascii_case(b"expired"));
            let why = if says_expired { "expired" } else { "unknown or revoked" };
            Verification { state: Liveness::Dead, detail: detail(why), account: None }
        }
        403 => Verification {
            state: Liveness::Refused,
            detail: detail("the token exists, but a policy refuses it"),
            account: None,
        },
        300..=399 => unknown("the server redirects, and the token was not sent there"),
        status => unknown(&format!("the server returned status {status}")),
    }
}

fn account(body: &Value, with_identity: bool) -> Account {
    let auth = &body["auth"];
    let token = &auth["accessToken"];
    let orgs = body["orgs"].as_array().map_or(&[][..], Vec::as_slice);
    let fine = &token["fineGrained"];
    let role = match (auth["type"].as_str(), token["role"].as_str()) {
        (_, Some("read")) => Permissions::Read,
        (_, Some("write")) => Permissions::Write,
        (_, Some("fineGrained")) => Permissions::FineGrained,
        (Some("app_token" | "app_token_as_user"), _) => Permissions::OAuth,
        (_, Some(_)) | (_, None) => Permissions::Other,
    };
    let scoped = fine["scoped"].as_array().map_or(&[][..], Vec::as_slice);
    let scopes = scoped.iter().map(|one| Scope {
        kind: text(&one["entity"]["type"]).unwrap_or_default(),
        name: text(&one["entity"]["name"]).filter(|_| with_identity),
        permissions: texts(&one["permissions"]),
    });
    let identity = with_identity.then(|| Identity {
        name: text(&body["name"]),
        email: text(&body["email"]),
        organisations: orgs.iter().filter_map(|org| text(&org["name"])).collect(),
    });
    Account {
        role,
        global: texts(&fine["global"]),
        scopes: scopes.collect(),
        organisations: orgs.len(),
        is_enterprise: orgs.iter().any(|org| org["isEnterprise"] == true),
        is_admin: orgs.iter().any(|org| org["roleInOrg"] == "admin"),
        created: text(&token["createdAt"]).and_then(|text| seconds(&text)),
        expires: text(&auth["expiresAt"]).and_then(|text| seconds(&text)),
        identity,
    }
}

/// A text from the server, limited to characters that are safe in a report.
fn text(value: &Value) -> Option<String> {
    let text = value.as_str()?;
    Some(text.chars().take(200).filter(|one| !one.is_control()).collect())
}

fn texts(value: &Value) -> Vec<String> {
    value.as_array().map_or(&[][..], Vec::as_slice).iter().filter_map(text).collect()
}

/// Seconds since 1970 of `2024-01-31T12:34:56.000Z`; the Hub sends no other offsets.
fn seconds(text: &str) -> Option<i64> {
    let number = |range: std::ops::Range<usize>| text.get(range)?.parse::<i64>().ok();
    let (year, month, day) = (number(0..4)?, number(5..7)?, number(8..10)?);
    let (hour, minute, second) = (number(11..13)?, number(14..16)?, number(17..19)?);
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    // Days from the civil date: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms".
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    let days = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468;
    Some(days * 86_400 + hour * 3600 + minute * 60 + second)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read() {
        assert_eq!(seconds("1970-01-01T00:00:00.000Z"), Some(0));
        assert_eq!(seconds("2024-02-29T12:00:01Z"), Some(1_709_208_001));
        assert_eq!(seconds("not a time"), None);
    }
}
