//! The list of members of a 7z archive: their names, and the packed bytes that hold them.

use super::format::ContainerError;

/// Sections of an archive's list, by their ids.
mod part {
    pub const END: u64 = 0x00;
    pub const HEADER: u64 = 0x01;
    pub const ARCHIVE_PROPERTIES: u64 = 0x02;
    pub const ADDITIONAL_STREAMS: u64 = 0x03;
    pub const MAIN_STREAMS: u64 = 0x04;
    pub const FILES: u64 = 0x05;
    pub const PACK: u64 = 0x06;
    pub const UNPACK: u64 = 0x07;
    pub const SUB_STREAMS: u64 = 0x08;
    pub const SIZE: u64 = 0x09;
    pub const DIGESTS: u64 = 0x0a;
    pub const FOLDERS: u64 = 0x0b;
    pub const UNPACKED_SIZES: u64 = 0x0c;
    pub const STREAM_COUNTS: u64 = 0x0d;
    pub const EMPTY_STREAMS: u64 = 0x0e;
    pub const NAMES: u64 = 0x11;
    pub const PACKED_HEADER: u64 = 0x17;
}

/// Maximum number of coders of a folder, and of streams of a coder: the limit of 7-Zip itself.
const MAX_SMALL: usize = 32;

/// The header at the end of an archive.
#[derive(Debug)]
pub enum Header {
    /// Another header, packed.
    Packed(Streams),
    /// The list of members.
    Plain {
        /// The packed bytes of the members.
        streams: Streams,
        /// The members.
        entries: Vec<Entry>,
    },
}

/// A member.
#[derive(Debug, Default)]
pub struct Entry {
    /// Its name.
    pub name: String,
    /// `true` if it has bytes; folders and empty files have none.
    pub has_stream: bool,
}

/// Packed bytes, in consecutive folders.
#[derive(Debug, Default)]
pub struct Streams {
    /// The offset of the first byte.
    position: u64,
    /// The lengths of the packed streams.
    packed: Vec<u64>,
    /// The coders of each folder.
    pub folders: Vec<Folder>,
}

/// A sequence of packed bytes that is unpacked as one.
#[derive(Debug, Default)]
pub struct Folder {
    coders: Vec<Coder>,
    /// Pairs of a coder's input and the coder whose output feeds it.
    bound: Vec<(usize, usize)>,
    /// The coders that read packed bytes.
    inputs: Vec<usize>,
    /// The number of bytes that each coder outputs.
    unpacked: Vec<u64>,
    has_digest: bool,
    /// The number of packed bytes.
    pub packed: u64,
    /// The number of bytes of each member, in order.
    pub sizes: Vec<u64>,
}

/// A compression method or filter.
#[derive(Debug)]
pub struct Coder {
    /// Its id.
    pub method: Vec<u8>,
    /// Its parameters.
    pub properties: Vec<u8>,
    is_simple: bool,
}

impl Header {
    /// Reads the header at the end of an archive.
    ///
    /// # Errors
    /// Returns an error if it is not valid.
    pub fn read(bytes: &[u8]) -> Result<Self, ContainerError> {
        let mut reader = Reader { bytes };
        let (mut streams, mut entries) = (Streams::default(), Vec::new());
        match reader.number()? {
            part::PACKED_HEADER => return Ok(Self::Packed(Streams::read(&mut reader)?)),
            part::HEADER => {}
            _ => return Err(nonsense()),
        }
        loop {
            match reader.number()? {
                part::END => return Ok(Self::Plain { streams, entries }),
                part::ARCHIVE_PROPERTIES => reader.properties(|_, _| Ok(()))?,
                part::ADDITIONAL_STREAMS => drop(Streams::read(&mut reader)?),
                part::MAIN_STREAMS => streams = Streams::read(&mut reader)?,
                part::FILES => entries = reader.entries()?,
                _ => return Err(nonsense()),
            }
        }
    }
}

impl Streams {
    fn read(reader: &mut Reader<'_>) -> Result<Self, ContainerError> {
        let mut streams = Self::default();
        let mut is_shared_out = false;
        loop {
            match reader.number()? {
                part::END => break,
                part::PACK => streams.pack_info(reader)?,
                part::UNPACK => streams.folders = reader.folders()?,
                part::SUB_STREAMS => {
                    is_shared_out = true;
                    streams.sub_streams(reader)?;
                }
                _ => return Err(nonsense()),
            }
        }
        let mut packed = streams.packed.iter();
        for folder in &mut streams.folders {
            let taken = packed.by_ref().take(folder.inputs.len());
            folder.packed = taken.fold(0, |sum, len| sum.saturating_add(*len));
            if !is_shared_out {
                folder.sizes = vec![folder.len()];
            }
        }
        Ok(streams)
    }

    /// The offset in the archive of the packed bytes of the first folder. Those of the others
    /// follow.
    pub fn start(&self) -> u64 {
        self.position.saturating_add(32)
    }

    fn pack_info(&mut self, reader: &mut Reader<'_>) -> Result<(), ContainerError> {
        self.position = reader.number()?;
        let count = reader.number()?;
        loop {
            match reader.number()? {
                part::END => return Ok(()),
                part::SIZE => self.packed = reader.numbers(count)?,
                part::DIGESTS => drop(reader.digests(count)?),
                _ => return Err(nonsense()),
            }
        }
    }

    /// Reads the division of each folder's bytes among members.
    fn sub_streams(&mut self, reader: &mut Reader<'_>) -> Result<(), ContainerError> {
        let mut counts = vec![1; self.folders.len()];
        let mut next = reader.number()?;
        if next == part::STREAM_COUNTS {
            counts = reader.numbers(self.folders.len() as u64)?;
            next = reader.number()?;
        }
        let has_sizes = next == part::SIZE;
        let mut unknown = 0_u64;
        for (folder, count) in self.folders.iter_mut().zip(counts) {
            unknown =
                unknown.saturating_add(if folder.has_digest && count == 1 { 0 } else { count });
            // The last member has the remaining bytes.
            let Some(given) = count.checked_sub(1) else { continue };
            folder.sizes = reader.numbers(if has_sizes { given } else { 0 })?;
            let sum = folder.sizes.iter().fold(0_u64, |sum, size| sum.saturating_add(*size));
            folder.sizes.push(folder.len().saturating_sub(sum));
        }
        if has_sizes {
            next = reader.number()?;
        }
        if next == part::DIGESTS {
            reader.digests(unknown)?;
            next = reader.number()?;
        }
        if next == part::END { Ok(()) } else { Err(nonsense()) }
    }
}

impl Folder {
    /// Its coders in the order of unpacking, each with the number of bytes that it outputs.
    ///
    /// # Errors
    /// Returns an error if they are not a chain: those of executables may have four inputs.
    pub fn chain(&self) -> Result<Vec<(&Coder, u64)>, ContainerError> {
        if self.inputs.len() != 1 || !self.coders.iter().all(|coder| coder.is_simple) {
            return Err(ContainerError::Unsupported("packed in several streams of 7z".into()));
        }
        let mut chain = Vec::new();
        let mut next = self.inputs.first().copied();
        while let Some(number) = next {
            let Some(coder) = self.coders.get(number).filter(|_| chain.len() < self.coders.len())
            else {
                return Err(nonsense());
            };
            chain.push((coder, self.unpacked.get(number).copied().unwrap_or(0)));
            next = self.bound.iter().find(|(_, output)| *output == number).map(|(input, _)| *input);
        }
        Ok(chain)
    }

    /// The number of unpacked bytes: the output of the coder that feeds no other.
    fn len(&self) -> u64 {
        let is_last = |number: &usize| self.bound.iter().all(|(_, output)| output != number);
        let last = (0..self.coders.len()).find(is_last);
        last.and_then(|last| self.unpacked.get(last).copied()).unwrap_or(0)
    }
}

/// The unread part of a header.
struct Reader<'a> {
    bytes: &'a [u8],
}

impl<'a> Reader<'a> {
    fn byte(&mut self) -> Result<u8, ContainerError> {
        let (first, rest) = self.bytes.split_first().ok_or_else(nonsense)?;
        self.bytes = rest;
        Ok(*first)
    }

    fn take(&mut self, count: u64) -> Result<&'a [u8], ContainerError> {
        let count = usize::try_from(count).map_err(|_| nonsense())?;
        let (taken, rest) = self.bytes.split_at_checked(count).ok_or_else(nonsense)?;
        self.bytes = rest;
        Ok(taken)
    }

    /// A number. The leading one bits of the first byte give the number of further bytes.
    fn number(&mut self) -> Result<u64, ContainerError> {
        let first = self.byte()?;
        let more = first.leading_ones();
        let low = self.take(more.into())?;
        let low = low.iter().rev().fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
        let high = u64::from(first) & (0x7f_u64 >> more);
        Ok(low | high.checked_shl(8 * more).unwrap_or(0))
    }

    /// `count` numbers. Allocates memory only for numbers that exist.
    fn numbers(&mut self, count: u64) -> Result<Vec<u64>, ContainerError> {
        (0..count).map(|_| self.number()).collect()
    }

    /// A bit for each of `count` items.
    fn bits(&mut self, count: u64) -> Result<impl Iterator<Item = bool> + use<'a>, ContainerError> {
        let bytes = self.take(count.div_ceil(8))?;
        let bits = bytes.iter().flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1 == 1));
        Ok(bits.take(usize::try_from(count).unwrap_or(usize::MAX)))
    }

    /// Skips the checksums of `count` items and returns, for each, `true` if it has one.
    fn digests(&mut self, count: u64) -> Result<Vec<bool>, ContainerError> {
        let known: Vec<bool> = match self.byte()? {
            0 => self.bits(count)?.collect(),
            _ if count > self.bytes.len() as u64 => return Err(nonsense()),
            _ => (0..count).map(|_| true).collect(),
        };
        self.take(4 * known.iter().filter(|is_known| **is_known).count() as u64)?;
        Ok(known)
    }

    fn folders(&mut self) -> Result<Vec<Folder>, ContainerError> {
        if self.number()? != part::FOLDERS {
            return Err(nonsense());
        }
        let count = self.number()?;
        if self.byte()? != 0 {
            return Err(ContainerError::Unsupported("a list of members in several parts".into()));
        }
        let mut folders = (0..count).map(|_| self.folder()).collect::<Result<Vec<_>, _>>()?;
        if self.number()? != part::UNPACKED_SIZES {
            return Err(nonsense());
        }
        for folder in &mut folders {
            folder.unpacked = self.numbers(folder.coders.len() as u64)?;
        }
        loop {
            match self.number()? {
                part::END => return Ok(folders),
                part::DIGESTS => {
                    for (folder, has_digest) in folders.iter_mut().zip(self.digests(count)?) {
                        folder.has_digest = has_digest;
                    }
                }
                _ => return Err(nonsense()),
            }
        }
    }

    fn folder(&mut self) -> Result<Folder, ContainerError> {
        let mut folder = Folder::default();
        let (mut inputs, mut outputs) = (0, 0);
        for _ in 0..self.small()? {
            let flags = self.byte()?;
            let method = self.take(u64::from(flags & 0xf))?.to_vec();
            let (mut taken, mut given) = (1, 1);
            if flags & 0x10 != 0 {
                (taken, given) = (self.small()?, self.small()?);
            }
            let len = if flags & 0x20 != 0 { self.number()? } else { 0 };
            let properties = self.take(len)?.to_vec();
            let is_simple = (taken, given) == (1, 1);
            folder.coders.push(Coder { method, properties, is_simple });
            inputs += taken;
            outputs += given;
        }
        let bound = outputs.checked_sub(1).ok_or_else(nonsense)?;
        for _ in 0..bound {
            folder.bound.push((self.small()?, self.small()?));
        }
        let packed = inputs.checked_sub(bound).ok_or_else(nonsense)?;
        if packed == 1 {
            let is_free = |input: &usize| folder.bound.iter().all(|(other, _)| other != input);
            folder.inputs.extend((0..folder.coders.len()).find(is_free));
        } else {
            for _ in 0..packed {
                folder.inputs.push(self.small()?);
            }
        }
        Ok(folder)
    }

    /// A number that is small in every valid archive.
    fn small(&mut self) -> Result<usize, ContainerError> {
        let number = usize::try_from(self.number()?).map_err(|_| nonsense())?;
        Some(number).filter(|number| *number <= MAX_SMALL).ok_or_else(nonsense)
    }

    /// Calls `each` with the id and the bytes of each property.
    fn properties(
        &mut self,
        mut each: impl FnMut(u64, &'a [u8]) -> Result<(), ContainerError>,
    ) -> Result<(), ContainerError> {
        loop {
            let kind = self.number()?;
            if kind == part::END {
                return Ok(());
            }
            let len = self.number()?;
            each(kind, self.take(len)?)?;
        }
    }

    fn entries(&mut self) -> Result<Vec<Entry>, ContainerError> {
        let count = self.number()?;
        let (mut names, mut is_empty) = (Vec::new(), Vec::new());
        self.properties(|kind, bytes| {
            let mut reader = Reader { bytes };
            match kind {
                part::EMPTY_STREAMS => is_empty = reader.bits(count)?.collect(),
                part::NAMES if reader.byte()? == 0 => names = split_names(reader.bytes),
                _ => {}
            }
            Ok(())
        })?;
        // Every member has a name, so the number of members is bounded by the bytes read.
        let entries = names.into_iter().enumerate().map(|(place, name)| Entry {
            name,
            has_stream: !is_empty.get(place).copied().unwrap_or(false),
        });
        Ok(entries.collect())
    }
}

/// Names in UTF-16, each terminated by a zero.
fn split_names(bytes: &[u8]) -> Vec<String> {
    let units: Vec<u16> =
        bytes.as_chunks().0.iter().map(|unit| u16::from_le_bytes(*unit)).collect();
    units.split(|unit| *unit == 0).map(String::from_utf16_lossy).collect()
}

fn nonsense() -> ContainerError {
    ContainerError::malformed("its list of members is malformed")
}
