//! The servers to which tokens may be sent.

use super::error::OnlineError;

/// Hosts that issue Hugging Face tokens.
const TRUSTED: [&str; 3] = ["huggingface.co", "hf.co", "hub-ci.huggingface.co"];

/// The URL of the Hub.
const DEFAULT: &str = "https://huggingface.co";

/// A server to which tokens may be sent: one of Hugging Face, or one given on the command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    base: String,
    host: String,
}

impl Endpoint {
    /// The server from the command line, else `HF_ENDPOINT` of the environment, else the Hub. The
    /// scanned tree cannot select it.
    ///
    /// # Errors
    /// Returns an error for a URL that is not `https` (except on localhost), or that has a user, a
    /// query or a fragment, and if `HF_ENDPOINT` is a server that does not issue these tokens, such
    /// as a mirror: it must be given on the command line.
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
            return Err(wrong("expected a URL without user, query and fragment"));
        }
        let host = host_of(authority).to_ascii_lowercase();
        if host.is_empty() || text.chars().any(|one| one.is_ascii_control() || one == ' ') {
            return Err(wrong("the URL has no host"));
        }
        match scheme.to_ascii_lowercase().as_str() {
            "https" => {}
            "http" if is_this_machine(&host) => {}
            _ => return Err(wrong("tokens are sent over https only")),
        }
        Ok(Self { base: text.to_string(), host })
    }

    /// The host, for messages.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The URL of a path, which begins with `/`.
    pub fn address(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// `true` if a URL is on this server: same scheme, host and port.
    pub fn holds(&self, address: &str) -> bool {
        origin(address).is_some_and(|one| Some(one) == origin(&self.base))
    }
}

/// `scheme://host:port` of a URL, in lower case.
pub fn origin(address: &str) -> Option<String> {
    let (scheme, rest) = address.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let scheme = scheme.to_ascii_lowercase();
    let host = host_of(authority).to_ascii_lowercase();
    // A user name can make a URL look like another host.
    if authority.contains(['@', '\\']) || host.is_empty() {
        return None;
    }
    let port = authority.rsplit_once(':').map(|(_, port)| port.to_string());
    let port = port.filter(|port| port.bytes().all(|byte| byte.is_ascii_digit()));
    let usual = if scheme == "https" { "443" } else { "80" };
    Some(format!("{scheme}://{host}:{}", port.unwrap_or_else(|| usual.into())))
}

/// The host of a URL, for messages.
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
