//! URLs of git repositories that contain a secret.

use super::{
    draft::Draft,
    row,
    site::{Site, Text},
};
use crate::model::{Edit, Span};

/// Deletes user and secret from `https://user:secret@host/…`, if the secret is in such a URL within
/// `around`.
pub fn draft(text: &Text<'_>, site: Site<'_>, around: Span) -> Option<Draft> {
    let before = Span::new(around.start.min(site.span.start), site.span.start).slice(text.bytes);
    let scheme = memchr::memmem::rfind(before, b"://")?;
    let user = &before[scheme + 3..];
    let is_user = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~%:${}<>".contains(byte);
    if !user.iter().all(is_user) || text.byte(site.span.end) != b'@' {
        return None;
    }
    let start = site.span.start - user.len();
    if text.path.as_bytes().ends_with(b".git/config") {
        return Some(Draft::shown(row::GIT_CONFIG));
    }
    let host = &text.bytes[site.span.end + 1..];
    let is_hub = [&b"huggingface.co"[..], b"hf.co", b"github.com", b"gitlab.com"]
        .iter()
        .any(|name| host.starts_with(name));
    is_hub
        .then(|| Draft::new(row::GIT_URL, vec![Edit::delete(Span::new(start, site.span.end + 1))]))
}
