//! Requests to the Hub: the token for its own server only, as fast as it allows, within a
//! budget.

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

/// The largest answer of the API that is read, in bytes.
const MAX_ANSWER: u64 = 64 << 20;
/// The most redirects from an address to a file.
const MAX_REDIRECTS: usize = 5;
/// How often a request is tried again.
const MAX_TRIES: usize = 4;
/// The most pages of one list.
const MAX_PAGES: usize = 10_000;

/// Why something on the Hub was not read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HubError {
    /// There was no answer.
    #[error(transparent)]
    Online(#[from] OnlineError),
    /// It needs access that the token does not give.
    #[error("gated: its owner gives access, which this token does not have")]
    Gated,
    /// There is none, or it is private and the token does not see it.
    #[error("not found, or private and not visible with this token")]
    NotFound,
    /// It was disabled by the Hub.
    #[error("disabled by the Hub")]
    Disabled,
    /// The Hub answered something else.
    #[error("the Hub answered {0}")]
    Status(u16),
    /// The answer is not what the Hub answers.
    #[error("an answer that is none of the Hub: {0}")]
    Shape(&'static str),
    /// The bytes that the user allows are used up.
    #[error("the budget is used up: {0} bytes (--max-bytes)")]
    Budget(u64),
    /// The user stopped it.
    #[error("interrupted")]
    Stopped,
}

/// Requests to one Hub.
#[derive(Debug)]
pub struct Api {
    client: Client,
    endpoint: Endpoint,
    token: Option<Secret>,
    budget: u64,
    spent: AtomicU64,
    /// The time that a refusal for too many requests asked all threads to wait.
    wait: Mutex<()>,
    is_stopped: AtomicBool,
}

impl Api {
    /// Requests to `endpoint`, with a token that goes to no other server, for at most `budget`
    /// bytes of files.
    ///
    /// # Errors
    /// Returns an error if no client can be made.
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

    /// The number of requests so far.
    pub fn requests(&self) -> u64 {
        self.client.requests()
    }

    /// The bytes of files so far.
    pub fn spent(&self) -> u64 {
        self.spent.load(Ordering::Relaxed)
    }

    /// Sends nothing more.
    pub fn stop(&self) {
        self.is_stopped.store(true, Ordering::Relaxed);
    }

    /// The address of a path.
    pub fn address(&self, path: &str) -> String {
        self.endpoint.address(path)
    }

    /// The JSON at a path of the API.
    ///
    /// # Errors
    /// Returns an error if there is none.
    pub fn json(&self, path: &str) -> Result<Value, HubError> {
        let answer = self.get(&self.address(path), None, MAX_ANSWER)?;
        serde_json::from_slice(&answer.body).map_err(|_| HubError::Shape("no JSON"))
    }

    /// The entries of a list that the Hub gives in pages, to `take` one page after the other,
    /// until that gives `false`.
    ///
    /// # Errors
    /// Returns an error if a page is missing.
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
                // The next page of the Hub is on the Hub, and so may see the token.
                Some(next) if self.endpoint.holds(&next) && next != address => address = next,
                Some(_) => return Err(HubError::Shape("a next page elsewhere")),
            }
        }
        Err(HubError::Shape("pages without end"))
    }

    /// So many bytes of a file from `first` on, or the whole file, and the address that gave
    /// them; `known` is one that did before.
    ///
    /// # Errors
    /// Returns an error if they cannot be read, or the budget is used up.
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
            // A signed address has its time.
            Err(HubError::Gated | HubError::NotFound | HubError::Status(_)) if known.is_some() => {
                self.followed(address, range, max)
            }
            read => read,
        };
        let used = read.as_ref().map_or(0, |(answer, _)| answer.body.len() as u64);
        self.spent.fetch_sub(wanted.saturating_sub(used), Ordering::Relaxed);
        read
    }

    /// The answer at the end of the redirects from an address.
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
        Err(HubError::Shape("redirects without end"))
    }

    /// One answer, once the Hub takes the request. The token goes to the Hub alone.
    fn get(&self, address: &str, range: Option<(u64, u64)>, max: u64) -> Result<Answer, HubError> {
        let bearer = self.token.as_ref().filter(|_| self.endpoint.holds(address));
        let mut last = None;
        for attempt in 0..MAX_TRIES {
            if self.is_stopped.load(Ordering::Relaxed) {
                return Err(HubError::Stopped);
            }
            // While one thread waits for the Hub, the others wait as well.
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

    /// Sleeps, and wakes if the user stops the scan.
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

/// The address of `rel="next"` in a `Link` header.
fn next_page(header: &str) -> Option<&str> {
    header.split(',').find_map(|link| {
        let (address, rest) = link.trim().strip_prefix('<')?.split_once('>')?;
        rest.contains("rel=\"next\"").then_some(address)
    })
}

/// The address that a redirect from `from` means.
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
