//! Reads everything in a container, as a scan does, and discards it.

use hfscan::internal::{
    decode::container::{
        Body, Budget, Container, ContainerError, HEAD, Input, Limits, Member, MemberSink, identify,
    },
    model::ReadAt,
};
use std::io::Read;

/// Maximum number of bytes of a member that are read.
const MAX_MEMBER: u64 = 4 << 20;

/// Reads `bytes` as `container`, and its members by their kind. Returns the number of members.
pub fn drain(bytes: &[u8], container: &dyn Container) -> usize {
    let limits = Limits { max_expanded: 16 << 20, max_entries: 10_000, ..Limits::default() };
    let budget = Budget::new(limits, bytes.len() as u64);
    let mut drain = Drain { content: &bytes, budget: &budget, depth: 3, members: 0 };
    let input = Input { content: &bytes, len: Some(bytes.len() as u64), budget: &budget };
    // Malformed input must return an error instead of a panic.
    let _ = container.members(input, &mut drain);
    drain.members
}

struct Drain<'a> {
    content: &'a dyn ReadAt,
    budget: &'a Budget,
    depth: usize,
    members: usize,
}

impl Drain<'_> {
    fn open(&mut self, bytes: &[u8]) {
        let head = &bytes[..bytes.len().min(HEAD)];
        let Some(container) = identify(head).filter(|_| self.depth > 0) else { return };
        let input = Input { content: &bytes, len: Some(bytes.len() as u64), budget: self.budget };
        let mut inner =
            Drain { content: &bytes, budget: self.budget, depth: self.depth - 1, members: 0 };
        let _ = container.members(input, &mut inner);
        self.members += inner.members;
    }
}

impl MemberSink for Drain<'_> {
    fn member(&mut self, member: Member<'_>) -> Result<(), ContainerError> {
        self.budget.entry()?;
        self.members += 1;
        match member.body {
            Body::Whole(bytes) => self.open(bytes),
            Body::Part { start, len } => {
                let len = usize::try_from(len.min(MAX_MEMBER)).expect("it is small");
                let mut bytes = vec![0; len];
                let count = self.content.fill_at(start, &mut bytes)?;
                self.open(&bytes[..count]);
            }
            Body::Raw { start, len } => {
                let len = usize::try_from(len.min(MAX_MEMBER)).expect("it is small");
                self.content.fill_at(start, &mut vec![0; len])?;
            }
            Body::Stream(reader) | Body::Deflated { unpacked: reader, .. } => {
                let mut bytes = Vec::new();
                reader.take(MAX_MEMBER).read_to_end(&mut bytes)?;
                self.open(&bytes);
            }
            Body::Strings(strings) => {
                for at in (0..strings.text().len()).step_by(97) {
                    strings.key_at(at);
                    strings.source_at(at);
                }
            }
        }
        Ok(())
    }

    fn left_out(&mut self, _: &str, _: ContainerError) {}
}
