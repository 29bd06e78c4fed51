//! Large files that Git LFS stores outside git's object store.

use super::repository::RepositoryRef;
use crate::{
    model::{Origin, Skipped, SourcePath},
    source::{Document, Worker, pointer::Pointer, reader::FileReader},
};
use git2::Repository;
use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

/// Delivers the LFS objects on this machine that no pointer in `known` refers to.
pub fn hand_over(
    place: &RepositoryRef,
    repository: &Repository,
    known: &BTreeSet<Pointer>,
    worker: &mut dyn Worker,
) {
    let common_dir = place.common_dir(repository);
    let folder = common_dir.join("lfs").join("objects");
    let mut reader = FileReader::new(place.options.max_file_bytes);
    for file in files(&folder) {
        if worker.is_stopped() {
            return;
        }
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if known.contains(&Pointer::Lfs(name)) {
            continue;
        }
        let below = file.strip_prefix(common_dir).unwrap_or(&file);
        let path = SourcePath::from_path(&Path::new(".git").join(below));
        if !place.wants(&path) {
            continue;
        }
        match reader.read(&file) {
            Ok(content) => {
                worker.document(Document::new(path, content, Origin::File));
            }
            Err((reason, detail)) => {
                worker.skipped(Skipped { path, inside: Vec::new(), reason, detail });
            }
        }
    }
}

/// The files two folders down; the folders are named by the first bytes of their files' names.
fn files(folder: &Path) -> Vec<PathBuf> {
    let below = |folder: PathBuf| {
        std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path())
    };
    let mut files: Vec<PathBuf> =
        below(folder.to_path_buf()).flat_map(below).flat_map(below).collect();
    files.sort();
    files
}
