//! Opens containers and scans their members.

use super::{
    barren::member_id,
    collector::Collector,
    excerpt::Excerpter,
    fold::group_from,
    matched::Matched,
    name::DocumentName,
    stretch::{Forward, Stretch, first_bytes},
    text::{Found, Part},
    windows::{self, Large},
};
use crate::{
    decode::{
        container::{
            Access, Body, Budget, Container, ContainerError, Exceeded, Input, Limits, Member,
            MemberSink, Strings, identify_content,
        },
        encoding::{self, Encoding},
    },
    model::{Finding, ReadAt, Secret, SkipReason, Skipped},
    source::{LargeContent, MAX_WHOLE},
};
use std::{
    collections::HashSet,
    io::{self, Read, Write},
};

/// Maximum number of skips that are recorded for one document.
const MAX_LEFT_OUT: usize = 100;

/// A document or a member to open.
#[derive(Clone, Copy)]
struct Opened<'a> {
    name: &'a DocumentName,
    content: &'a dyn ReadAt,
    /// Length in bytes; `None` if it is only known at the end.
    len: Option<u64>,
    /// `true` if it can be read in any order.
    is_random: bool,
}

/// Scans the members of a container. Returns `false` if it could not be read to its end as
/// a container; its raw bytes should then be scanned instead.
pub fn scan_members(
    collector: &mut Collector<'_>,
    name: &DocumentName,
    content: &dyn ReadAt,
    len: u64,
    container: &'static dyn Container,
) -> bool {
    let budget = Budget::new(collector.scan.limits, len);
    let (first, skipped) = (collector.outcome.findings.len(), collector.outcome.skipped.len());
    let opened = Opened { name, content, len: Some(len), is_random: true };
    let mut opener = Opener { collector, budget: &budget, skipped, unread: 0, barren: None };
    let is_read = opener.admitted(opened, container).is_ok() && opener.unread == 0;
    group_from(&mut collector.outcome.findings, first);
    is_read
}

/// Removes the findings from index `raw` on whose secret also occurs in one from index `first` to
/// `raw`, since the raw bytes of a container repeat findings of its members.
pub fn drop_known_secrets(findings: &mut Vec<Finding>, first: usize, raw: usize) {
    if first == raw {
        return;
    }
    let mut again = findings.split_off(raw);
    let known = findings[first..].iter();
    let known: HashSet<&Secret> = known.filter_map(|finding| finding.secret.as_ref()).collect();
    again.retain(|finding| finding.secret.as_ref().is_none_or(|secret| !known.contains(secret)));
    findings.append(&mut again);
}

/// Counts the work of searching a part. Returns an error if it exceeds the budget.
fn searched(budget: &Budget, work: u64, is_cut: bool) -> Result<(), Exceeded> {
    budget.work(work)?;
    if is_cut { Err(Exceeded::Work) } else { Ok(()) }
}

/// Opens one document and all its members.
struct Opener<'o, 'p> {
    collector: &'o mut Collector<'p>,
    budget: &'o Budget,
    /// The number of skip records before the document.
    skipped: usize,
    /// The number of members that could not be read in their format.
    unread: usize,
    /// The number of scanned bytes of the current member, all without a keyword hit; `None` if any
    /// had one.
    barren: Option<u64>,
}

impl<'p> Opener<'_, 'p> {
    /// Scans a document or a member of any kind.
    ///
    /// # Errors
    /// Returns an error, already recorded, if the rest of the document is not to be read.
    fn open(&mut self, opened: Opened<'_>) -> Result<(), ContainerError> {
        match identify_content(opened.content, opened.len.filter(|_| opened.is_random))? {
            None => self.text(opened),
            Some(container) if container.access() == Access::Random && !opened.is_random => {
                self.spooled(opened, container)
            }
            Some(container) => {
                let (unread, first) = (self.unread, self.collector.outcome.findings.len());
                let result = self.admitted(opened, container);
                if result.as_ref().is_err_and(ContainerError::ends_document) {
                    return result;
                }
                if self.unread > unread { self.raw(opened, first) } else { result }
            }
        }
    }

    /// Scans the raw bytes of a container that was not read completely, if they are still readable.
    /// Secrets already found in its members, whose findings begin at index `first`, are not
    /// reported again.
    fn raw(&mut self, opened: Opened<'_>, first: usize) -> Result<(), ContainerError> {
        let members = self.collector.outcome.findings.len();
        let result = self.text(opened);
        drop_known_secrets(&mut self.collector.outcome.findings, first, members);
        result
    }

    /// Scans the members of a container unless it is nested too deeply.
    ///
    /// # Errors
    /// Returns an error, already recorded, if it could not be read to its end, or if the rest of
    /// the document is not to be read.
    fn admitted(
        &mut self,
        opened: Opened<'_>,
        container: &'static dyn Container,
    ) -> Result<(), ContainerError> {
        let Limits { max_depth, requested, .. } = self.budget.limits;
        if opened.name.containers.len() < max_depth {
            return self.container(opened, container);
        }
        let reason = if requested.depth { SkipReason::UserLimit } else { SkipReason::OverLimit };
        self.skip(
            opened.name,
            reason,
            format!("{} at a depth of more than {max_depth}", container.name()),
        );
        Ok(())
    }

    /// Scans the members of a container.
    ///
    /// # Errors
    /// Returns an error, already recorded, if it could not be read to its end, or if the rest of
    /// the document is not to be read.
    fn container(
        &mut self,
        opened: Opened<'_>,
        container: &'static dyn Container,
    ) -> Result<(), ContainerError> {
        self.barren = None;
        let input = Input { content: opened.content, len: opened.len, budget: self.budget };
        let mut name = opened.name.clone();
        name.containers.push(container.name());
        let mut members = Members { opener: self, opened, name: &name };
        container.members(input, &mut members).map_err(|error| {
            let ends = error.ends_document();
            self.left_out(opened.name, &error);
            if ends { ContainerError::Stopped } else { error }
        })
    }

    /// Copies a stream into an unnamed temporary file for random access.
    fn spooled(
        &mut self,
        opened: Opened<'_>,
        container: &'static dyn Container,
    ) -> Result<(), ContainerError> {
        let max = self.budget.limits.max_spooled;
        let mut file = tempfile::tempfile()?;
        let mut buffer = vec![0; 256 << 10];
        let mut len = 0;
        loop {
            let count = opened.content.fill_at(len, &mut buffer)?;
            if count == 0 {
                break;
            }
            len += count as u64;
            if len > max {
                let what = format!("{} of more than {max} bytes", container.name());
                self.skip(opened.name, SkipReason::OverLimit, what);
                return Ok(());
            }
            file.write_all(&buffer[..count])?;
        }
        let file = LargeContent::new(file, len);
        let opened = Opened { content: &file, len: Some(len), is_random: true, ..opened };
        self.open(opened)
    }

    /// Scans bytes that are not a container.
    fn text(&mut self, opened: Opened<'_>) -> Result<(), ContainerError> {
        let name = opened.name;
        if opened.len.is_some_and(|len| len <= MAX_WHOLE as u64) {
            let len = usize::try_from(opened.len.unwrap_or(0)).unwrap_or(MAX_WHOLE);
            let mut bytes = std::mem::take(&mut self.collector.member);
            if bytes.len() < len {
                bytes.resize(len, 0);
            }
            let count = opened.content.fill_at(0, &mut bytes[..len])?;
            let scanned = self.whole(name, &bytes[..count]);
            self.collector.member = bytes;
            return scanned;
        }
        self.barren = None;
        let collector = &mut *self.collector;
        let scan = collector.scan;
        let large = Large {
            path: &name.path,
            containers: &name.containers,
            content: opened.content,
            len: opened.len.unwrap_or(u64::MAX),
            is_folded: false,
        };
        let budget = self.budget;
        windows::scan_forward(scan.engine, large, scan.progress, &mut |window, found| {
            let matched = Matched {
                offset: window.offset,
                ..Matched::of(name, &window.bytes, window.encoding)
            };
            collector.report(&matched, None, found)?;
            searched(budget, window.work, window.is_cut).map_err(io::Error::other)
        })?;
        Ok(())
    }

    fn whole(&mut self, name: &DocumentName, bytes: &[u8]) -> Result<(), ContainerError> {
        let (encoding, _) = encoding::detect(bytes);
        self.run(name, bytes, encoding, None)
    }

    fn run(
        &mut self,
        name: &DocumentName,
        bytes: &[u8],
        encoding: Encoding,
        strings: Option<&Strings>,
    ) -> Result<(), ContainerError> {
        let collector = &mut *self.collector;
        let scan = collector.scan;
        let mut found: Vec<Found<'p>> = Vec::new();
        let part = Part {
            path: &name.path,
            containers: &name.containers,
            bytes,
            encoding,
            is_whole: strings.is_none(),
        };
        part.run(scan.engine, None, &mut collector.scratch, &mut |one| found.push(one));
        scan.progress.add_bytes(bytes.len() as u64);
        let is_idle = collector.scratch.is_idle();
        self.barren = self.barren.filter(|_| is_idle).map(|count| count + bytes.len() as u64);
        let (work, is_cut) = (collector.scratch.work, collector.scratch.is_cut);
        let matched = Matched { strings, ..Matched::of(name, &bytes, encoding) };
        collector.report(&matched, None, found)?;
        Ok(searched(self.budget, work, is_cut)?)
    }

    /// Records a skip, unless it was already recorded.
    fn left_out(&mut self, name: &DocumentName, error: &ContainerError) {
        let reason = match error {
            ContainerError::Malformed(_) => SkipReason::Malformed,
            ContainerError::Encrypted => SkipReason::Encrypted,
            ContainerError::Unsupported(_) => SkipReason::Unsupported,
            ContainerError::Exceeded(limit) if limit.is_requested(self.budget.limits.requested) => {
                SkipReason::UserLimit
            }
            ContainerError::Exceeded(_) => SkipReason::OverLimit,
            ContainerError::Io(_) => SkipReason::Unreadable,
            ContainerError::Stopped => return,
        };
        self.skip(name, reason, error.to_string());
    }

    fn skip(&mut self, name: &DocumentName, reason: SkipReason, detail: String) {
        self.unread += 1;
        self.barren = None;
        let skipped = &mut self.collector.outcome.skipped;
        let detail = match skipped.len() - self.skipped {
            0..MAX_LEFT_OUT => detail,
            MAX_LEFT_OUT => "and further parts of this file".into(),
            _ => return,
        };
        let scan = self.collector.scan;
        let mut names = Excerpter::new(scan.secrets, 0);
        let inside = name.inside.iter().map(|name| names.masked(name)).collect();
        let path = name.document.clone();
        skipped.push(Skipped { path, inside, reason, detail });
    }
}

/// Receives the members of one container.
struct Members<'m, 'o, 'p> {
    opener: &'m mut Opener<'o, 'p>,
    opened: Opened<'m>,
    name: &'m DocumentName,
}

impl MemberSink for Members<'_, '_, '_> {
    fn member(&mut self, member: Member<'_>) -> Result<(), ContainerError> {
        self.opener.budget.entry()?;
        if self.opener.collector.scan.progress.is_stopped() {
            return Err(ContainerError::Stopped);
        }
        let name = self.name.inside(member.name);
        let scanned = match member.body {
            Body::Strings(strings) => {
                self.opener.run(&name, strings.text(), Encoding::Ascii, Some(strings))
            }
            Body::Whole(bytes) => self.bytes(&name, &bytes),
            Body::Part { start, len } => {
                let content = &Stretch { content: self.opened.content, start, len };
                let is_random = self.opened.is_random;
                self.opener.open(Opened { name: &name, content, len: Some(len), is_random })
            }
            Body::Raw { start, len } => {
                let content = &Stretch { content: self.opened.content, start, len };
                let is_random = self.opened.is_random;
                self.opener.text(Opened { name: &name, content, len: Some(len), is_random })
            }
            Body::Stream(reader) => self.stream(&name, reader),
            Body::Deflated { start, len, unpacked } => {
                let packed = Stretch { content: self.opened.content, start, len };
                self.deflated(&name, packed, unpacked)
            }
        };
        // A damaged member is recorded, and does not stop the reading of its container.
        match scanned {
            Err(error) if !error.ends_document() => Ok(()),
            scanned => scanned,
        }
    }

    fn left_out(&mut self, name: &str, error: ContainerError) {
        self.opener.left_out(&self.name.inside(name), &error);
    }
}

impl Members<'_, '_, '_> {
    fn bytes(&mut self, name: &DocumentName, bytes: &&[u8]) -> Result<(), ContainerError> {
        let len = Some(bytes.len() as u64);
        self.opener.open(Opened { name, content: bytes, len, is_random: true })
    }

    /// Scans a deflated stream, unless an identical one is known to have no findings.
    fn deflated(
        &mut self,
        name: &DocumentName,
        packed: Stretch<'_>,
        unpacked: &mut (dyn Read + Send),
    ) -> Result<(), ContainerError> {
        let Some(known) = self.opener.collector.barren else { return self.stream(name, unpacked) };
        let Some(id) = member_id(name.path.file_name(), &packed, packed.len)? else {
            return self.stream(name, unpacked);
        };
        if let Some(count) = known.get(&id) {
            self.opener.budget.expand_from(packed.len, count)?;
            self.opener.collector.scan.progress.add_bytes(count);
            return Ok(());
        }
        self.opener.barren = Some(0);
        self.stream(name, unpacked)?;
        if let Some(count) = self.opener.barren.take() {
            known.insert(id, count);
        }
        Ok(())
    }

    /// Scans a stream, including the bytes before an error.
    fn stream(
        &mut self,
        name: &DocumentName,
        reader: &mut (dyn Read + Send),
    ) -> Result<(), ContainerError> {
        let (first, mut error) = first_bytes(reader, MAX_WHOLE);
        let scanned = if error.is_some() || first.len() < MAX_WHOLE {
            self.bytes(name, &first.as_slice())
        } else {
            let forward = Forward::new(first, reader);
            let opened = Opened { name, content: &forward, len: None, is_random: false };
            let scanned = self.opener.open(opened);
            error = forward.into_error();
            scanned
        };
        let Some(error) = error.map(ContainerError::from) else { return scanned };
        self.opener.left_out(name, &error);
        if error.ends_document() { Err(ContainerError::Stopped) } else { scanned }
    }
}
