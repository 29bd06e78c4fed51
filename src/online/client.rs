//! HTTP client: one request at a time.

use super::{
    endpoint::{host, origin},
    error::OnlineError,
};
use crate::model::Secret;
use std::{
    io::Read,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};
use ureq::{
    Agent,
    tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem},
};

/// Maximum time from a request to the start of its response.
const TIMEOUT: Duration = Duration::from_secs(10);
/// Maximum time for the rest of a response.
const BODY_TIMEOUT: Duration = Duration::from_secs(120);
/// Variables that name a file of certificates to trust instead of the built-in ones, as for curl,
/// OpenSSL and requests.
const CERTIFICATES: [&str; 3] = ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"];

/// Sends requests. Redirects are returned, not followed.
#[derive(Debug)]
pub struct Client {
    agent: Agent,
    requests: AtomicU64,
}

/// A request.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// The method, with its body.
    pub method: Method<'a>,
    /// The complete URL.
    pub address: &'a str,
    /// The token for the `Authorization` header.
    pub bearer: Option<&'a Secret>,
    /// The requested bytes: start offset and length.
    pub range: Option<(u64, u64)>,
    /// Maximum size of the response body in bytes.
    pub max_body: u64,
}

/// The method of a request.
#[derive(Debug, Clone, Copy)]
pub enum Method<'a> {
    /// A GET request.
    Get,
    /// A POST request with this JSON.
    Post(&'a [u8]),
}

/// A response with any status.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The body, truncated to the limit of the request if `is_cut`.
    pub body: Vec<u8>,
    /// `true` if the body exceeded the limit.
    pub is_cut: bool,
    headers: Vec<(String, String)>,
}

impl Answer {
    /// A header by its lower-case name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(one, _)| one == name).map(|(_, value)| value.as_str())
    }
}

impl Client {
    /// A client with proxy and certificates from the environment.
    ///
    /// # Errors
    /// Returns an error for an invalid file of certificates.
    pub fn new() -> Result<Self, OnlineError> {
        let mut tls = TlsConfig::builder();
        if let Some(roots) = certificates()? {
            tls = tls.root_certs(roots);
        }
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_connect(Some(TIMEOUT))
            .timeout_send_request(Some(TIMEOUT))
            .timeout_recv_response(Some(TIMEOUT))
            .timeout_recv_body(Some(BODY_TIMEOUT))
            .user_agent(concat!("hfscan/", env!("CARGO_PKG_VERSION")))
            .tls_config(tls.build())
            .build();
        let agent = Agent::new_with_config(config);
        Ok(Self { agent, requests: AtomicU64::new(0) })
    }

    /// The number of requests so far.
    pub fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }

    /// Sends a request and reads the response.
    ///
    /// # Errors
    /// Returns an error if there is no response.
    pub fn send(&self, request: Request<'_>) -> Result<Answer, OnlineError> {
        self.requests.fetch_add(1, Ordering::Relaxed);
        let failed = |error: ureq::Error| OnlineError::Failed {
            host: host(request.address),
            why: in_words(&error),
        };
        if origin(request.address).is_none() {
            return Err(OnlineError::Address {
                address: host(request.address),
                why: "the URL has no host".into(),
            });
        }
        let bearer = match request.bearer.map(|secret| std::str::from_utf8(secret.expose())) {
            Some(Ok(token)) => Some(format!("Bearer {token}")),
            Some(Err(_)) => return Err(failed(ureq::Error::BadUri(String::new()))),
            None => None,
        };
        let range = request.range.map(|(first, count)| {
            format!("bytes={first}-{}", first.saturating_add(count).saturating_sub(1))
        });
        let answered = match request.method {
            Method::Get => {
                let mut call = self.agent.get(request.address);
                for (name, value) in [("authorization", &bearer), ("range", &range)] {
                    if let Some(value) = value {
                        call = call.header(name, value);
                    }
                }
                call.call()
            }
            Method::Post(body) => {
                let mut call = self.agent.post(request.address);
                if let Some(value) = &bearer {
                    call = call.header("authorization", value);
                }
                call.content_type("application/json").send(body)
            }
        };
        let mut answered = answered.map_err(failed)?;
        let status = answered.status().as_u16();
        let headers = answered
            .headers()
            .iter()
            .filter_map(|(name, value)| {
                Some((name.as_str().to_ascii_lowercase(), value.to_str().ok()?.to_string()))
            })
            .collect();
        let mut body = Vec::new();
        let limit = request.max_body;
        let mut reader = answered.body_mut().as_reader().take(limit.saturating_add(1));
        let read = reader.read_to_end(&mut body);
        read.map_err(|error| failed(ureq::Error::Io(error)))?;
        let is_cut = body.len() as u64 > limit;
        if is_cut {
            body.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        }
        Ok(Answer { status, body, is_cut, headers })
    }
}

/// A description of the error without the URL.
fn in_words(error: &ureq::Error) -> String {
    match error {
        ureq::Error::Timeout(_) => "no answer in time".into(),
        ureq::Error::HostNotFound => "unknown host".into(),
        ureq::Error::ConnectionFailed => "no connection".into(),
        ureq::Error::Io(error) => match error.kind() {
            std::io::ErrorKind::TimedOut => "no answer in time".into(),
            _ => format!("the connection failed ({})", error.kind()),
        },
        ureq::Error::Tls(_) | ureq::Error::Rustls(_) => {
            "its certificate is not trusted (for a proxy, set `SSL_CERT_FILE`)".into()
        }
        ureq::Error::InvalidProxyUrl => "the proxy in the environment is invalid".into(),
        _ => "the request failed".into(),
    }
}

/// The certificates in the file that the environment names.
fn certificates() -> Result<Option<RootCerts>, OnlineError> {
    let named = CERTIFICATES
        .iter()
        .find_map(|name| std::env::var_os(name).filter(|value| !value.is_empty()));
    let Some(file) = named else { return Ok(None) };
    let wrong = |why: &str| OnlineError::Certificates {
        file: file.to_string_lossy().into_owned(),
        why: why.into(),
    };
    let pem = std::fs::read(&file).map_err(|_| wrong("the certificates cannot be read"))?;
    let certificates: Vec<Certificate<'static>> = parse_pem(&pem)
        .filter_map(|item| match item {
            Ok(PemItem::Certificate(certificate)) => Some(certificate),
            _ => None,
        })
        .collect();
    match certificates.is_empty() {
        true => Err(wrong("it contains no certificate")),
        false => Ok(Some(RootCerts::new_with_certs(&certificates))),
    }
}
