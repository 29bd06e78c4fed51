//! Loose objects, each in its own file.

use super::{
    inflate::Inflater,
    object::{Kind, MAX_IN_MEMORY},
    table::NONE,
};
use crate::{model::ObjectId, source::regular::open as open_regular};
use sha1::{Digest, Sha1};
use std::{
    fs::File,
    io::{Read, Seek},
    path::{Path, PathBuf},
};

/// Number of packed bytes from which a file is read piece by piece.
const MAX_WHOLE: u64 = 8 << 20;
/// Maximum length in bytes of a header: a kind and a size.
const MAX_HEADER: usize = 64;

/// A loose object.
#[derive(Debug)]
pub struct Loose {
    /// Its name.
    pub id: ObjectId,
    /// Its index in the table.
    pub object: u32,
    /// `true` if no pack has it.
    pub is_owned: bool,
    /// Its file.
    pub path: PathBuf,
}

/// The content of an object.
pub enum Content {
    /// In memory.
    Whole(Vec<u8>),
    /// In an unnamed temporary file, with its size in bytes.
    Spooled(File, u64),
}

/// The loose objects in a folder, sorted.
pub fn list(folder: &Path) -> Vec<Loose> {
    let mut all = Vec::new();
    for first in 0..=u8::MAX {
        let folder = folder.join(format!("{first:02x}"));
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        for entry in entries.flatten() {
            let name = entry.file_name();
            let digits = [format!("{first:02x}").as_bytes(), name.as_encoded_bytes()].concat();
            // Other files are left over from an interrupted write by git.
            if let Some(id) = ObjectId::from_hex(&digits) {
                all.push(Loose { id, object: NONE, is_owned: false, path: entry.path() });
            }
        }
    }
    all.sort_unstable_by_key(|one| one.id);
    all
}

impl Loose {
    /// The kind and the content. The content is only read if `wanted` accepts the kind and the
    /// size.
    ///
    /// # Errors
    /// Returns an error if the object is not valid.
    pub fn read(
        &self,
        inflater: &mut Inflater,
        wanted: impl FnOnce(Kind, u64) -> bool,
    ) -> Result<Option<(Kind, Content)>, String> {
        let mut file = open_regular(&self.path).map_err(|error| error.to_string())?;
        let mut packed = Vec::new();
        file.by_ref()
            .take(MAX_WHOLE + 1)
            .read_to_end(&mut packed)
            .map_err(|error| error.to_string())?;
        let beginning = inflater.beginning(&packed, MAX_HEADER)?;
        let (kind, size, header) = parse(&beginning).ok_or("its header is malformed")?;
        if !wanted(kind, size) {
            return Ok(None);
        }
        if packed.len() as u64 <= MAX_WHOLE && size <= MAX_IN_MEMORY {
            let mut content = Vec::new();
            inflater.inflate(&packed, size + header as u64, &mut content)?;
            self.check(Sha1::digest(&content).as_slice())?;
            content.drain(..header);
            return Ok(Some((kind, Content::Whole(content))));
        }
        let mut first = Some(packed);
        let next = |piece: &mut Vec<u8>| match first.take() {
            Some(read) => {
                *piece = read;
                Ok(())
            }
            None => file.by_ref().take(1 << 20).read_to_end(piece).map(drop),
        };
        let mut spooled = inflater.spool(next, header, size)?;
        let mut digest = Sha1::new_with_prefix(&beginning[..header]);
        let mut hash = || -> std::io::Result<()> {
            spooled.rewind()?;
            std::io::copy(&mut spooled, &mut HashWriter(&mut digest))?;
            spooled.rewind()
        };
        hash().map_err(|error| error.to_string())?;
        self.check(digest.finalize().as_slice())?;
        Ok(Some((kind, Content::Spooled(spooled, size))))
    }

    /// Returns an error if the object's digest does not match its file name.
    fn check(&self, digest: &[u8]) -> Result<(), String> {
        match digest == self.id.0 {
            true => Ok(()),
            false => Err("its hash does not match its name".into()),
        }
    }
}

struct HashWriter<'a>(&'a mut Sha1);

impl std::io::Write for HashWriter<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// The kind and size in a header, and its length with the NUL.
fn parse(beginning: &[u8]) -> Option<(Kind, u64, usize)> {
    let end = memchr::memchr(0, beginning)?;
    let text = std::str::from_utf8(&beginning[..end]).ok()?;
    let (kind, size) = text.split_once(' ')?;
    let kind = match kind {
        "commit" => Kind::Commit,
        "tree" => Kind::Tree,
        "blob" => Kind::Blob,
        "tag" => Kind::Tag,
        _ => return None,
    };
    Some((kind, size.parse().ok()?, end + 1))
}
