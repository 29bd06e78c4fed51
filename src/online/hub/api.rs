//! Requests to the Hub: the token is sent only to its server, rate limits are respected, and bytes
//! are limited.

use crate::{
    model::Secret,
    online::{
        client::{Answer, Client, Method, Request},
        endpoint::{Endpoint, origin},
        error::OnlineError,
        pace::Pace,
    },
};
use serde_json::Value;
use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

/// Maximum size of an API response, in bytes.
const MAX_ANSWER: u64 = 64 << 20;
/// Maximum number of redirects from a URL to a file.
const MAX_REDIRECTS: usize = 5;
/// Maximum number of tries of a request.
const MAX_TRIES: usize = 4;
/// Maximum number of pages of a list.
const MAX_PAGES: usize = 10_000;

/// The reason why something on the Hub was not read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HubError {
    /// The request failed.
    #[error(transparent)]
    Online(#[from] OnlineError),
    /// The token has no access.
    #[error("gated: this token has no access, which the owner grants")]
    Gated,
    /// It does not exist, or is private and not visible with the token.
    #[error("not found, or private and not visible with this token")]
    NotFound,
    /// The Hub disabled it.
    #[error("disabled by the Hub")]
    Disabled,
    /// The Hub returned another status.
    #[error("the Hub returned status {0}")]
    Status(u16),
    /// The response is not a valid response of the Hub.
    #[error("an invalid response of the Hub: {0}")]
    Shape(&'static str),
    /// The user's limit of transferred bytes is exhausted.
    #[error("the limit of {0} bytes is exhausted (--max-bytes)")]
    Budget(u64),
    /// The user stopped the scan.
    #[error("interrupted")]
    Stopped,
}

/// A client for one Hub.
#[derive(Debug)]
pub struct Api {
    client: Client,
    endpoint: Endpoint,
    token: Option<Secret>,
    budget: u64,
    spent: AtomicU64,
    /// Locked while a thread waits because of a rate limit.
    wait: Mutex<()>,
    is_stopped: AtomicBool,
}

impl Api {
    /// A client for `endpoint`, with a token that is sent only there, and a limit of `budget` bytes
    /// of files.
    ///
    /// # Errors
    /// Returns an error if no client can be created.
    pub fn new(
        endpoint: Endpoint,
        token: Option<Secret>,
        budget: u64,
    ) -> Result<Self, OnlineError> {
        let client = Client::new()?;
        let (spent, wait, is_stopped) = (AtomicU64::new(0), Mutex::new(()), AtomicBool::new(false));
        Ok(Self { client, endpoint, token, budget, spent, wait, is_stopped })
    }

    /// The token, if the user gave one.
    pub fn token(&self) -> Option<&Secret> {
        self.token.as_ref()
    }

    /// Number of requests so far.
    pub fn requests(&self) -> u64 {
        self.client.requests()
    }

    /// Number of transferred bytes of files so far.
    pub fn spent(&self) -> u64 {
        self.spent.load(Ordering::Relaxed)
    }

    /// Stops all further requests.
    pub fn stop(&self) {
        self.is_stopped.store(true, Ordering::Relaxed);
    }

    /// The URL of a path.
    pub fn address(&self, path: &str) -> String {
        self.endpoint.address(path)
    }

    /// The JSON at a path of the API.
    ///
    /// # Errors
    /// Returns an error if the request fails.
    pub fn json(&self, path: &str) -> Result<Value, HubError> {
        let answer = self.get(&self.address(path), None, MAX_ANSWER)?;
        serde_json::from_slice(&answer.body).map_err(|_| HubError::Shape("no JSON"))
    }

    /// Passes the entries of a paginated list to `take`, one page at a time, until it returns
    /// `false`.
    ///
    /// # Errors
    /// Returns an error if the request of a page fails.
    pub fn pages(
        &self,
        path: &str,
        take: &mut dyn FnMut(Vec<Value>) -> bool,
    ) -> Result<(), HubError> {
        let mut address = self.address(path);
        for _ in 0..MAX_PAGES {
            let answer = self.get(&address, None, MAX_ANSWER)?;
            let page =
                serde_json::from_slice(&answer.body).map_err(|_| HubError::Shape("no list"))?;
            let next = answer.header("link").and_then(next_page).map(str::to_string);
            if !take(page) {
                return Ok(());
            }
            match next {
                None => return Ok(()),
                // A next page on the Hub may receive the token.
                Some(next) if self.endpoint.holds(&next) && next != address => address = next,
                Some(_) => return Err(HubError::Shape("the next page is on another server")),
            }
        }
        Err(HubError::Shape("too many pages"))
    }

    /// `count` bytes of a file from `first` on, or the whole file, and the URL that served them;
    /// `known` is a URL that served it before.
    ///
    /// # Errors
    /// Returns an error if they cannot be read, or the budget is exhausted.
    pub fn bytes(
        &self,
        address: &str,
        known: Option<&str>,
        range: Option<(u64, u64)>,
        max: u64,
    ) -> Result<(Answer, String), HubError> {
        let wanted = range.map_or(max, |(_, count)| count);
        if self.spent.fetch_add(wanted, Ordering::Relaxed).saturating_add(wanted) > self.budget {
            self.spent.fetch_sub(wanted, Ordering::Relaxed);
            return Err(HubError::Budget(self.budget));
        }
        let read = self.followed(known.unwrap_or(address), range, max);
        let read = match read {
            // Signed URLs expire.
            Err(HubError::Gated | HubError::NotFound | HubError::Status(_)) if known.is_some() => {
                self.followed(address, range, max)
            }
            read => read,
        };
        let used = read.as_ref().map_or(0, |(answer, _)| answer.body.len() as u64);
        self.spent.fetch_sub(wanted.saturating_sub(used), Ordering::Relaxed);
        read
    }

    /// The response at the end of redirects from a URL.
    fn followed(
        &self,
        address: &str,
        range: Option<(u64, u64)>,
        max: u64,
    ) -> Result<(Answer, String), HubError> {
        let mut address = address.to_string();
        for _ in 0..=MAX_REDIRECTS {
            let answer = self.get(&address, range, max)?;
            if !(300..400).contains(&answer.status) {
                return Ok((answer, address));
            }
            let to = answer.header("location").ok_or(HubError::Shape("a redirect to nowhere"))?;
            address = joined(&address, to).ok_or(HubError::Shape("a redirect to nowhere"))?;
        }
        Err(HubError::Shape("too many redirects"))
    }

    /// One response, after waiting for rate limits. The token is sent only to the Hub.
    fn get(&self, address: &str, range: Option<(u64, u64)>, max: u64) -> Result<Answer, HubError> {
        let bearer = self.token.as_ref().filter(|_| self.endpoint.holds(address));
        let mut last = None;
        for attempt in 0..MAX_TRIES {
            if self.is_stopped.load(Ordering::Relaxed) {
                return Err(HubError::Stopped);
            }
            // While one thread waits because of a rate limit, the others wait too.
            drop(self.wait.lock().unwrap_or_else(PoisonError::into_inner));
            let request = Request { method: Method::Get, address, bearer, range, max_body: max };
            let answer = match self.client.send(request) {
                Ok(answer) => answer,
                Err(error) => {
                    last = Some(HubError::Online(error));
                    std::thread::sleep(Duration::from_millis(200 << attempt));
                    continue;
                }
            };
            match answer.status {
                429 => {
                    last = Some(HubError::Status(429));
                    let _waiting = self.wait.lock().unwrap_or_else(PoisonError::into_inner);
                    let Pace(wait) = Pace::after(&answer);
                    self.sleep(wait);
                }
                500..=599 => {
                    last = Some(HubError::Status(answer.status));
                    std::thread::sleep(Duration::from_millis(200 << attempt));
                }
                200..=399 => return Ok(answer),
                status => return Err(of_status(status, answer.header("x-error-code"))),
            }
        }
        Err(last.unwrap_or(HubError::Stopped))
    }

    /// Sleeps until the time is over or the user stops the scan.
    fn sleep(&self, time: Duration) {
        let step = Duration::from_millis(100);
        let mut left = time;
        while !left.is_zero() && !self.is_stopped.load(Ordering::Relaxed) {
            std::thread::sleep(left.min(step));
            left = left.saturating_sub(step);
        }
    }
}

fn of_status(status: u16, code: Option<&str>) -> HubError {
    match (status, code) {
        (_, Some("GatedRepo")) => HubError::Gated,
        (_, Some("DisabledRepo")) => HubError::Disabled,
        (401 | 404, _) => HubError::NotFound,
        (status, _) => HubError::Status(status),
    }
}

/// The URL with `rel="next"` in a `Link` header.
fn next_page(header: &str) -> Option<&str> {
    header.split(',').find_map(|link| {
        let (address, rest) = link.trim().strip_prefix('<')?.split_once('>')?;
        rest.contains("rel=\"next\"").then_some(address)
    })
}

/// The target URL of a redirect from `from`.
fn joined(from: &str, to: &str) -> Option<String> {
    if to.contains("://") {
        return origin(to).is_some().then(|| to.to_string());
    }
    let origin = origin(from)?;
    to.starts_with('/').then(|| format!("{origin}{to}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_page_is_told() {
        let header = r#"<https://h/a?cursor=x>; rel="next", <https://h/b>; rel="last""#;
        assert_eq!(next_page(header), Some("https://h/a?cursor=x"));
        assert_eq!(next_page(r#"<https://h/b>; rel="last""#), None);
    }

    #[test]
    fn a_redirect_is_whole_or_on_the_same_server() {
        assert_eq!(joined("http://h:1/a", "/b").as_deref(), Some("http://h:1/b"));
        assert_eq!(joined("http://h:1/a", "http://c:2/b").as_deref(), Some("http://c:2/b"));
        assert_eq!(joined("http://h:1/a", "b"), None);
        assert_eq!(joined("http://h:1/a", "http://u@c/b"), None);
    }
}
