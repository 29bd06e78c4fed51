//! Reads single objects by name.
//!
//! libgit2 never returns on a truncated loose object, and reserves and clears memory for the size
//! that the header of a packed one announces, which may be gigabytes.

use super::{
    folders::{index_files, with_alternates},
    inflate::Inflater,
    loose::{Content, Loose, list},
    object::{Kind, Limited},
    packed::IndexedPack,
    table::NONE,
};
use crate::model::ObjectId;
use std::{
    io::Read,
    path::{Path, PathBuf},
};

/// Reads objects by name.
#[derive(Debug)]
pub struct ObjectReader {
    folders: Vec<PathBuf>,
    inflater: Inflater,
    /// The packs, once one is needed.
    packs: Option<Vec<IndexedPack>>,
}

impl ObjectReader {
    /// A reader of the objects in `folders` and their alternates.
    pub fn new(folders: &[PathBuf]) -> Self {
        let folders = with_alternates(folders);
        Self { folders, inflater: Inflater::default(), packs: None }
    }

    /// The object of this name; `None` if there is none.
    ///
    /// # Errors
    /// Returns an error if it cannot be read as an object of this name.
    pub fn read(&mut self, id: ObjectId, limit: Option<u64>) -> Result<Option<Limited>, String> {
        match self.read_loose(id, limit) {
            Ok(None) => self.read_packed(id, limit),
            // Git reads packs first.
            Err(detail) => match self.read_packed(id, limit) {
                Ok(None) => Err(detail),
                packed => packed,
            },
            found => found,
        }
    }

    fn read_loose(&mut self, id: ObjectId, limit: Option<u64>) -> Result<Option<Limited>, String> {
        let digits = id.to_string();
        let name = Path::new(&digits[..2]).join(&digits[2..]);
        let path = self.folders.iter().map(|folder| folder.join(&name)).find(|path| path.exists());
        let Some(path) = path else { return Ok(None) };
        let loose = Loose { id, object: NONE, is_owned: true, path };
        let mut over = None;
        let wanted = |_, size| {
            over = limit.filter(|limit| size > *limit).map(|_| size);
            over.is_none()
        };
        let read = loose.read(&mut self.inflater, wanted)?;
        if let Some(size) = over {
            return Ok(Some(Err(size)));
        }
        match read {
            Some((kind, Content::Whole(bytes))) => Ok(Some(Ok((kind, bytes)))),
            Some((kind, Content::Spooled(mut file, size))) => {
                let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0));
                file.read_to_end(&mut bytes).map_err(|error| error.to_string())?;
                Ok(Some(Ok((kind, bytes))))
            }
            None => Ok(None),
        }
    }

    fn read_packed(&mut self, id: ObjectId, limit: Option<u64>) -> Result<Option<Limited>, String> {
        let mut failed = None;
        let packs = self.packs.get_or_insert_with(|| packs(&self.folders));
        for pack in packs {
            match pack.read(id, limit, &mut self.inflater) {
                Ok(None) => {}
                Ok(found) => return Ok(found),
                // Another pack may have it, too.
                Err(detail) => failed = Some(detail),
            }
        }
        failed.map_or(Ok(None), Err)
    }

    /// The first loose object of these kinds that cannot be read, and that no pack has.
    pub fn first_broken(&mut self, kinds: &[Kind]) -> Option<(ObjectId, String)> {
        let all: Vec<Loose> = self.folders.iter().flat_map(|folder| list(folder)).collect();
        for one in all {
            if let Err(detail) = one.read(&mut self.inflater, |kind, _| kinds.contains(&kind))
                && !matches!(self.read_packed(one.id, None), Ok(Some(_)))
            {
                return Some((one.id, detail));
            }
        }
        None
    }
}

/// The packs in these folders. Those without a valid index are left out, as git does.
fn packs(folders: &[PathBuf]) -> Vec<IndexedPack> {
    let files = folders.iter().flat_map(|folder| index_files(&folder.join("pack")));
    files.filter_map(|path| IndexedPack::open(&path).ok()).collect()
}
