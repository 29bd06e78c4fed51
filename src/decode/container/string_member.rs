//! Collected texts of a container, passed on as members.

use super::{
    format::{Body, ContainerError, Member, MemberSink},
    strings::{MAX_STRING, Strings, cut},
};

/// Size in bytes at which the collected texts are passed to the sink.
const FLUSH: usize = 1 << 20;

impl Strings {
    /// Adds a text, and passes all texts to `sink` once they reach 1 MiB. A long text is passed
    /// separately, since it may be a file or a container.
    ///
    /// # Errors
    /// Returns the error of `sink`.
    pub fn give(
        &mut self,
        key: &str,
        text: &[u8],
        source: u64,
        sink: &mut dyn MemberSink,
    ) -> Result<(), ContainerError> {
        if text.len() > MAX_STRING {
            return sink.member(Member { name: cut(key), body: Body::Whole(text) });
        }
        self.push(key, text, source);
        if self.text().len() >= FLUSH { self.flush("", sink) } else { Ok(()) }
    }

    /// Passes all texts to `sink` as a member `name`, and removes them.
    ///
    /// # Errors
    /// Returns the error of `sink`.
    pub fn flush(&mut self, name: &str, sink: &mut dyn MemberSink) -> Result<(), ContainerError> {
        if self.is_empty() {
            return Ok(());
        }
        let strings = std::mem::take(self);
        sink.member(Member { name, body: Body::Strings(&strings) })
    }
}
