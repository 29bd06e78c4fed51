//! The Hub's answer about a token.

/// The Hub's answer about a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verification {
    /// The state of the token.
    pub state: Liveness,
    /// The reason for the state, if it is not obvious. Holds no secret.
    pub detail: Option<String>,
    /// The permissions and the age of a live token.
    pub account: Option<Account>,
}

/// The state of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Liveness {
    /// The Hub accepts it.
    Live,
    /// The Hub rejects it as unknown or revoked.
    Dead,
    /// The Hub recognises it, but a policy refuses it.
    Refused,
    /// No answer from the Hub established the state.
    Unknown,
    /// The Hub was not queried.
    NotAsked,
}

impl Liveness {
    /// Its name in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Liveness::Live => "live",
            Liveness::Dead => "dead",
            Liveness::Refused => "refused",
            Liveness::Unknown => "unknown",
            Liveness::NotAsked => "not-asked",
        }
    }
}

/// The kind of a token's permissions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permissions {
    /// A classic token that reads everything its owner can read.
    Read,
    /// A classic token that does everything its owner can do.
    Write,
    /// A fine-grained token: its scopes name its permissions.
    FineGrained,
    /// A token of an application.
    OAuth,
    /// A kind that is unknown to this version.
    Other,
}

impl Permissions {
    /// Its name in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Permissions::Read => "read",
            Permissions::Write => "write",
            Permissions::FineGrained => "fine-grained",
            Permissions::OAuth => "oauth",
            Permissions::Other => "other",
        }
    }
}

/// The permissions and the age of a live token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The kind of its permissions.
    pub role: Permissions,
    /// Permissions of a fine-grained token that apply everywhere.
    pub global: Vec<String>,
    /// Permissions of a fine-grained token for single users, organisations or repositories.
    pub scopes: Vec<Scope>,
    /// The number of organisations that its owner is in.
    pub organisations: usize,
    /// `true` if one of them is an Enterprise organisation.
    pub is_enterprise: bool,
    /// `true` if its owner administers one of them.
    pub is_admin: bool,
    /// Creation time, in seconds since 1970.
    pub created: Option<i64>,
    /// Expiry time, in seconds since 1970.
    pub expires: Option<i64>,
    /// The owner; `None` unless requested.
    pub identity: Option<Identity>,
}

/// Permissions for a user, an organisation or a repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// The kind of entity: `user`, `org`, `model`, `dataset`, `space`.
    pub kind: String,
    /// Its name; `None` unless requested.
    pub name: Option<String>,
    /// The permissions, as the Hub names them.
    pub permissions: Vec<String>,
}

/// The owner of a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The name of the user.
    pub name: Option<String>,
    /// The e-mail address.
    pub email: Option<String>,
    /// The names of the organisations.
    pub organisations: Vec<String>,
}

impl Account {
    /// `true` if it can change anything: a classic write token, or a token with a write permission
    /// other than those to run models.
    pub fn can_write(&self) -> bool {
        let writes = |name: &String| {
            (name.ends_with(".write") || name.contains("write-") || name.contains("manage-"))
                && !name.starts_with("inference.")
        };
        match self.role {
            Permissions::Write => true,
            Permissions::Read => false,
            _ => self.permissions().any(writes),
        }
    }

    /// Every permission of a fine-grained token.
    pub fn permissions(&self) -> impl Iterator<Item = &String> {
        self.global.iter().chain(self.scopes.iter().flat_map(|scope| &scope.permissions))
    }

    /// Its age at the time `now`, in whole days.
    pub fn age_days(&self, now: i64) -> Option<i64> {
        self.created.map(|created| (now - created).div_euclid(86_400).max(0))
    }

    /// Its permissions and its age, as a part of a sentence.
    pub fn summary(&self, now: i64) -> String {
        let mut parts = vec![match self.role {
            Permissions::Read => "reads everything its owner can read".to_string(),
            Permissions::Write => "reads and writes everything its owner can".to_string(),
            Permissions::FineGrained if self.can_write() => "fine-grained, may write".into(),
            Permissions::FineGrained => "fine-grained, does not write".into(),
            Permissions::OAuth => "of an application".into(),
            Permissions::Other => "of an unknown kind".into(),
        }];
        match self.organisations {
            0 => {}
            1 => parts.push("in 1 organisation".into()),
            more => parts.push(format!("in {more} organisations")),
        }
        if self.is_enterprise {
            parts.push("one of them Enterprise".into());
        }
        if self.is_admin {
            parts.push("administers one".into());
        }
        parts.extend(self.age_days(now).map(|days| format!("{days} days old")));
        if let Some(who) = &self.identity {
            let names = who.name.iter().chain(&who.email).chain(&who.organisations);
            parts.push(format!("of {}", names.cloned().collect::<Vec<_>>().join(", ")));
        }
        parts.join(", ")
    }
}
