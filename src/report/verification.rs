//! Verification results in reports.

use crate::model::verification::{Account, Verification};
use serde::Serialize;

/// The record of a verification in hfscan's own JSON formats.
#[derive(Serialize)]
pub struct VerificationRecord<'a> {
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'a str>,
    #[serde(flatten)]
    account: Option<AccountRecord<'a>>,
}

#[derive(Serialize)]
struct AccountRecord<'a> {
    kind: &'static str,
    can_write: bool,
    global: &'a [String],
    scopes: Vec<ScopeRecord<'a>>,
    organisations: usize,
    enterprise: bool,
    administrator: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    age_days: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    identity: Option<IdentityRecord<'a>>,
}

#[derive(Serialize)]
struct ScopeRecord<'a> {
    kind: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    permissions: &'a [String],
}

#[derive(Serialize)]
struct IdentityRecord<'a> {
    name: Option<&'a str>,
    email: Option<&'a str>,
    organisations: &'a [String],
}

impl<'a> VerificationRecord<'a> {
    /// The record at the time `now`, in seconds since 1970.
    pub fn of(one: &'a Verification, now: i64) -> Self {
        Self {
            state: one.state.as_str(),
            detail: one.detail.as_deref(),
            account: one.account.as_ref().map(|account| AccountRecord::of(account, now)),
        }
    }
}

impl<'a> AccountRecord<'a> {
    fn of(account: &'a Account, now: i64) -> Self {
        Self {
            kind: account.role.as_str(),
            can_write: account.can_write(),
            global: &account.global,
            scopes: account
                .scopes
                .iter()
                .map(|scope| ScopeRecord {
                    kind: &scope.kind,
                    name: scope.name.as_deref(),
                    permissions: &scope.permissions,
                })
                .collect(),
            organisations: account.organisations,
            enterprise: account.is_enterprise,
            administrator: account.is_admin,
            age_days: account.age_days(now),
            expires: account.expires,
            identity: account.identity.as_ref().map(|who| IdentityRecord {
                name: who.name.as_deref(),
                email: who.email.as_deref(),
                organisations: &who.organisations,
            }),
        }
    }
}
