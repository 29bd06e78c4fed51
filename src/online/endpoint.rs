//! Whom a token may be sent to.

use super::error::OnlineError;

/// The hosts that issue tokens of Hugging Face.
const TRUSTED: [&str; 3] = ["huggingface.co", "hf.co", "hub-ci.huggingface.co"];

/// The Hub's address.
const DEFAULT: &str = "https://huggingface.co";

/// A server that may be sent a token: one of Hugging Face, or one that the user named on the
/// command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    base: String,
    host: String,
}

impl Endpoint {
    /// The server that the user named, else the one of `HF_ENDPOINT` in the user's environment,
    /// else the Hub. Nothing in a scanned tree has a say.
    ///
    /// # Errors
    /// Returns an error for an address that is not `https` (but for one of this machine), that
    /// has a user, a query or a fragment, and if the environment names a server that does not
    /// issue these tokens, as a mirror does: it must be named on the command line.
    pub fn of(named: Option<&str>, environment: Option<&str>) -> Result<Self, OnlineError> {
        if let Some(named) = named {
            return Self::parse(named);
        }
        let Some(text) = environment.filter(|text| !text.trim().is_empty()) else {
            return Self::parse(DEFAULT);
        };
        let endpoint = Self::parse(text)?;
        match TRUSTED.contains(&endpoint.host.as_str()) {
            true => Ok(endpoint),
            false => Err(OnlineError::Address {
                address: endpoint.base,
                why: "`HF_ENDPOINT` names a server that did not issue the tokens, and may be a \
                      mirror; `--endpoint` sends them there all the same"
                    .into(),
            }),
        }
    }

    fn parse(text: &str) -> Result<Self, OnlineError> {
        let wrong = |why: &str| OnlineError::Address {
            address: text.split(['@', '?', '#']).next_back().unwrap_or_default().to_string(),
            why: why.into(),
        };
        let text = text.trim().trim_end_matches('/');
        let (scheme, rest) = text.split_once("://").ok_or_else(|| wrong("write https://HOST"))?;
        let authority = rest.split('/').next().unwrap_or_default();
        if authority.contains('@') || text.contains(['?', '#', '\\']) || !text.is_ascii() {
            return Err(wrong("an address without user, query and fragment is wanted"));
        }
        let host = host_of(authority).to_ascii_lowercase();
        if host.is_empty() || text.chars().any(|one| one.is_ascii_control() || one == ' ') {
            return Err(wrong("it names no host"));
        }
        match scheme.to_ascii_lowercase().as_str() {
            "https" => {}
            "http" if is_this_machine(&host) => {}
            _ => return Err(wrong("a token is sent by https only")),
        }
        Ok(Self { base: text.to_string(), host })
    }

    /// The host, for messages.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The address of a path, which begins with `/`.
    pub fn address(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// `true` if an address is on this server: of the same scheme, host and port.
    pub fn holds(&self, address: &str) -> bool {
        origin(address).is_some_and(|one| Some(one) == origin(&self.base))
    }
}

/// `scheme://host:port` of an address, in lower case.
pub fn origin(address: &str) -> Option<String> {
    let (scheme, rest) = address.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let scheme = scheme.to_ascii_lowercase();
    let host = host_of(authority).to_ascii_lowercase();
    // A user in an address is a way to look like another host.
    if authority.contains(['@', '\\']) || host.is_empty() {
        return None;
    }
    let port = authority.rsplit_once(':').map(|(_, port)| port.to_string());
    let port = port.filter(|port| port.bytes().all(|byte| byte.is_ascii_digit()));
    let usual = if scheme == "https" { "443" } else { "80" };
    Some(format!("{scheme}://{host}:{}", port.unwrap_or_else(|| usual.into())))
}

/// The host of an address, for messages.
pub fn host(address: &str) -> String {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    host_of(authority.rsplit('@').next().unwrap_or_default()).to_string()
}

fn host_of(authority: &str) -> &str {
    match authority.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    }
}

fn is_this_machine(host: &str) -> bool {
    matches!(host, "localhost" | "127.0.0.1" | "::1")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(named: Option<&str>, environment: Option<&str>) -> Result<String, String> {
        Endpoint::of(named, environment)
            .map(|endpoint| endpoint.host().to_string())
            .map_err(|error| error.to_string())
    }

    #[test]
    fn a_mirror_in_the_environment_gets_no_token() {
        assert_eq!(of(None, None).as_deref(), Ok("huggingface.co"));
        assert_eq!(of(None, Some("https://HF.co/")).as_deref(), Ok("hf.co"));
        let error = of(None, Some("https://hf-mirror.com")).expect_err("it is a mirror");
        assert!(error.contains("--endpoint"), "{error}");
        assert_eq!(
            of(Some("https://hub.acme.example/hf"), Some("x")).as_deref(),
            Ok("hub.acme.example")
        );
    }

    #[test]
    fn addresses_that_hide_their_host_are_refused() {
        for address in [
            "http://huggingface.co",
            "https://huggingface.co@evil.example",
            "https://huggingface.co\\@evil.example",
            "https://huggingface.co?x",
            "https://huggingface.co#x",
            "ftp://huggingface.co",
            "huggingface.co",
            "https://",
            "https://hugging\u{212a}face.co",
            "http://127.0.0.1.evil.example",
        ] {
            assert!(of(Some(address), None).is_err(), "{address}");
        }
        assert!(of(Some("http://127.0.0.1:8080"), None).is_ok());
        assert!(of(Some("http://[::1]:8080"), None).is_ok());
    }

    #[test]
    fn another_port_is_another_server() {
        let endpoint = Endpoint::of(Some("http://127.0.0.1:81"), None).expect("it is one");
        assert!(endpoint.holds("http://127.0.0.1:81/x"));
        assert!(
            !endpoint.holds("http://127.0.0.1:82/x") && !endpoint.holds("http://localhost:81/x")
        );
        assert!(!endpoint.holds("https://127.0.0.1:81/x") && !endpoint.holds("/x"));
        let hub = Endpoint::of(None, None).expect("it is one");
        assert!(hub.holds("https://huggingface.co:443/x"));
        assert!(!hub.holds("https://huggingface.co@evil.example/x"));
        assert!(!hub.holds("https://huggingface.co.evil.example/x"));
    }
}
