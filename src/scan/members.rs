//! Opens containers, and scans what is in them.

use super::{
    collector::Collector,
    excerpt::Excerpter,
    fold::tell_repeats,
    matched::Matched,
    name::DocumentName,
    stretch::{Forward, Stretch, first_bytes},
    text::{Found, Part},
    windows::{self, Large},
};
use crate::{
    decode::{
        container::{
            Access, Body, Budget, Container, ContainerError, HEAD, Input, Member, Sink, Strings,
            identify,
        },
        encoding::{self, Encoding},
    },
    model::{Finding, ReadAt, SkipReason, Skipped},
    source::{LargeContent, MAX_WHOLE},
};
use std::{
    collections::HashMap,
    io::{self, Read, Write},
};

/// What was left out of one document is told up to as many times.
const MAX_LEFT_OUT: usize = 100;

/// The container that a document is, if it is one.
///
/// # Errors
/// Those of reading.
pub fn container_of(content: &dyn ReadAt) -> io::Result<Option<&'static dyn Container>> {
    let mut head = [0; HEAD];
    let count = content.fill_at(0, &mut head)?;
    Ok(identify(&head[..count]))
}

/// Something to open: a document, or a member of one.
#[derive(Clone, Copy)]
struct Opened<'a> {
    name: &'a DocumentName,
    content: &'a dyn ReadAt,
    /// `None` if it is known only at the end.
    len: Option<u64>,
    /// Whether it can be read here and there.
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
    let mut opener = Opener { collector, budget: &budget, skipped };
    let is_read = opener.container(opened, container).is_ok();
    let found = collector.outcome.findings.split_off(first);
    collector.outcome.findings.extend(grouped(found));
    is_read
}

/// One finding for each thing that a rule found in a member, however often it stands there.
fn grouped(found: Vec<Finding>) -> Vec<Finding> {
    let mut kept: Vec<Finding> = Vec::new();
    let mut known = HashMap::new();
    for finding in found {
        match known.entry(finding.fingerprint.clone()) {
            std::collections::hash_map::Entry::Vacant(entry) => {
                entry.insert(kept.len());
                kept.push(finding);
            }
            std::collections::hash_map::Entry::Occupied(entry) => {
                kept[*entry.get()].repeats += 1 + finding.repeats;
            }
        }
    }
    tell_repeats(&mut kept);
    kept
}

/// Opens one document and all that is in it.
struct Opener<'o, 'p> {
    collector: &'o mut Collector<'p>,
    budget: &'o Budget,
    /// How many records of left-out things there were before.
    skipped: usize,
}

impl<'p> Opener<'_, 'p> {
    /// Scans a document or a member, whatever it is.
    ///
    /// # Errors
    /// That nothing more of the document is to be read; it was noted.
    fn open(&mut self, opened: Opened<'_>) -> Result<(), ContainerError> {
        match container_of(opened.content)? {
            None => self.text(opened),
            Some(container) if opened.name.containers.len() >= self.budget.limits.max_depth => {
                let depth = self.budget.limits.max_depth;
                let what = format!("{} more than {depth} containers deep", container.name());
                self.skip(opened.name, SkipReason::OverLimit, what);
                Ok(())
            }
            Some(container) if container.access() == Access::Random && !opened.is_random => {
                self.spooled(opened, container)
            }
            Some(container) => match self.container(opened, container) {
                // What is no container after all is looked at as it is, if it is still there.
                Err(ContainerError::Malformed(_)) => self.text(opened),
                other => other,
            },
        }
    }

    /// Scans the members of a container.
    ///
    /// # Errors
    /// That it could not be read to its end, or that nothing more of the document is to
    /// be read; either was noted.
    fn container(
        &mut self,
        opened: Opened<'_>,
        container: &'static dyn Container,
    ) -> Result<(), ContainerError> {
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

    /// Copies what comes one after the other into a file of no name, to read it here and there.
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

    /// Scans what is no container.
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
        let collector = &mut *self.collector;
        let scan = collector.scan;
        let large = Large {
            path: &name.path,
            containers: &name.containers,
            content: opened.content,
            len: opened.len.unwrap_or(u64::MAX),
        };
        let mut failed = None;
        windows::scan_forward(scan.engine, large, scan.progress, &mut |window, found| {
            let matched = Matched {
                offset: window.offset,
                ..Matched::of(name, &window.bytes, window.encoding)
            };
            failed = collector.report(&matched, None, found).err();
        })?;
        failed.map_or(Ok(()), |error| Err(error.into()))
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
        let matched = Matched { strings, ..Matched::of(name, &bytes, encoding) };
        Ok(collector.report(&matched, None, found)?)
    }

    /// Notes that something was left out, if it was not noted already.
    fn left_out(&mut self, name: &DocumentName, error: &ContainerError) {
        let reason = match error {
            ContainerError::Malformed(_) => SkipReason::Malformed,
            ContainerError::Unsupported(_) => SkipReason::Unsupported,
            ContainerError::Exceeded(_) => SkipReason::OverLimit,
            ContainerError::Io(_) => SkipReason::Unreadable,
            ContainerError::Stopped => return,
        };
        self.skip(name, reason, error.to_string());
    }

    fn skip(&mut self, name: &DocumentName, reason: SkipReason, detail: String) {
        let skipped = &mut self.collector.outcome.skipped;
        let detail = match skipped.len() - self.skipped {
            0..MAX_LEFT_OUT => detail,
            MAX_LEFT_OUT => "and more of this file".into(),
            _ => return,
        };
        let scan = self.collector.scan;
        let mut names = Excerpter::new(scan.secrets, 0);
        let inside = name.inside.iter().map(|name| names.masked(name)).collect();
        let path = name.document.clone();
        skipped.push(Skipped { path, inside, reason, detail });
    }
}

/// Takes the members of one container.
struct Members<'m, 'o, 'p> {
    opener: &'m mut Opener<'o, 'p>,
    opened: Opened<'m>,
    name: &'m DocumentName,
}

impl Sink for Members<'_, '_, '_> {
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
            Body::Stream(reader) => self.stream(&name, reader),
        };
        // A member that is not what it seemed was noted, and does not keep its container
        // from being read.
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

    /// Scans what comes one after the other; what came before it broke off as well.
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
