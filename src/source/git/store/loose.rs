//! Loose objects, each in its own file.

use super::{
    folders::{index_files, with_alternates},
    inflate::Inflater,
    object::{Kind, MAX_IN_MEMORY},
    pack::Pack,
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
    path: PathBuf,
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

/// Reads loose objects by name.
#[derive(Debug)]
pub struct LooseReader {
    folders: Vec<PathBuf>,
    inflater: Inflater,
    /// The sorted names of packed objects, once requested.
    packed: Option<Vec<ObjectId>>,
}

/// An object, or its size if that exceeds the limit.
type Limited = Result<(Kind, Vec<u8>), u64>;

impl LooseReader {
    /// A reader of the objects in `folders` and their alternates.
    pub fn new(folders: &[PathBuf]) -> Self {
        let folders = with_alternates(folders);
        Self { folders, inflater: Inflater::default(), packed: None }
    }

    /// The object of this name; `None` if it is not loose.
    ///
    /// # Errors
    /// Returns an error if the file cannot be read as an object of this name.
    pub fn read(&mut self, id: ObjectId, limit: Option<u64>) -> Result<Option<Limited>, String> {
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

    /// The first object of these kinds that is loose, in no pack, and cannot be read.
    pub fn first_broken(&mut self, kinds: &[Kind]) -> Option<(ObjectId, String)> {
        let all: Vec<Loose> = self.folders.iter().flat_map(|folder| list(folder)).collect();
        for one in all {
            if let Err(detail) = one.read(&mut self.inflater, |kind, _| kinds.contains(&kind))
                && !self.is_packed(one.id)
            {
                return Some((one.id, detail));
            }
        }
        None
    }

    /// `true` if a pack also has the object. Git and libgit2 read packs first.
    pub fn is_packed(&mut self, id: ObjectId) -> bool {
        let folders = &self.folders;
        let packed = self.packed.get_or_insert_with(|| {
            let files = folders.iter().flat_map(|folder| index_files(&folder.join("pack")));
            let packs = files.filter_map(|path| Pack::open(&path).ok());
            let mut ids: Vec<_> = packs.flat_map(|(_, ids)| ids).map(|(id, _)| id).collect();
            ids.sort_unstable();
            ids
        });
        packed.binary_search(&id).is_ok()
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
