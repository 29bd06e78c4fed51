//! Objects that have a file each.

use super::{Kind, inflate::Inflater, table::NONE};
use crate::model::ObjectId;
use std::{
    fs::File,
    io::Read,
    path::{Path, PathBuf},
};

/// Files of more packed bytes are read piece by piece.
const MAX_WHOLE: u64 = 8 << 20;
/// The longest header: a kind and a size.
const MAX_HEADER: usize = 64;

/// An object that has a file of its own.
#[derive(Debug)]
pub struct Loose {
    /// Its name.
    pub id: ObjectId,
    /// Its place in the table.
    pub object: u32,
    /// Whether no pack has it.
    pub is_owned: bool,
    path: PathBuf,
}

/// An object's content.
pub enum Content {
    /// In memory.
    Whole(Vec<u8>),
    /// In a file without a name, with so many bytes.
    Spooled(File, u64),
}

/// The objects in a folder that have files of their own, in order.
pub fn list(folder: &Path) -> Vec<Loose> {
    let mut all = Vec::new();
    for first in 0..=u8::MAX {
        let folder = folder.join(format!("{first:02x}"));
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        for entry in entries.flatten() {
            let name = entry.file_name();
            let digits = [format!("{first:02x}").as_bytes(), name.as_encoded_bytes()].concat();
            // Others are files that git was writing when it was stopped.
            if let Some(id) = ObjectId::from_hex(&digits) {
                all.push(Loose { id, object: NONE, is_owned: false, path: entry.path() });
            }
        }
    }
    all.sort_unstable_by_key(|one| one.id);
    all
}

impl Loose {
    /// The kind and the content, the latter if `wanted` says so of the kind and the size.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(
        &self,
        inflater: &mut Inflater,
        wanted: impl FnOnce(Kind, u64) -> bool,
    ) -> Result<Option<(Kind, Content)>, String> {
        let mut file = File::open(&self.path).map_err(|error| error.to_string())?;
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
        if packed.len() as u64 <= MAX_WHOLE && size <= super::traverse::MAX_IN_MEMORY {
            let mut content = Vec::new();
            inflater.inflate(&packed, size + header as u64, &mut content)?;
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
        let spooled = inflater.spool(next, header, size)?;
        Ok(Some((kind, Content::Spooled(spooled, size))))
    }
}

/// The kind and size that a header tells, and its length with the NUL.
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
