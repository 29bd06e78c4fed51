//! Files named one by one, and standard input.

use super::{
    SourceError,
    document::{Document, Sink, Source, Worker},
    each::each,
    pointer::hand_over_file,
    reader::FileReader,
    root::Root,
};
use crate::{
    model::{Origin, SkipReason, Skipped, SourcePath},
    rule::Globs,
};
use std::{
    io::{Read, Seek},
    path::{Path, PathBuf},
};

/// Files named one by one, for example by `git ls-files` or a hook. No folder is walked, and no
/// ignore file applies.
#[derive(Debug)]
pub struct Listed {
    /// The folder that names are relative to.
    pub root: Root,
    /// The files, relative to the working directory.
    pub files: Vec<PathBuf>,
    /// Globs of paths to exclude.
    pub exclude: Globs,
    /// Maximum size of a file in bytes; larger ones are skipped.
    pub max_file_bytes: Option<u64>,
    /// Number of threads.
    pub threads: usize,
}

impl Source for Listed {
    fn run(&self, sink: &dyn Sink) -> Result<(), SourceError> {
        let cwd = std::env::current_dir().unwrap_or_else(|_| self.root.dir().to_path_buf());
        each(self.threads, self.files.len(), |numbers| {
            let mut worker = sink.worker();
            let mut reader = FileReader::new(self.max_file_bytes);
            for number in numbers {
                if worker.is_stopped() {
                    break;
                }
                self.read(&cwd.join(&self.files[number]), &mut reader, &mut *worker);
            }
        });
        Ok(())
    }
}

impl Listed {
    fn read(&self, file: &Path, reader: &mut FileReader, worker: &mut dyn Worker) {
        let file = super::root::normalised(file);
        let path = self.root.name_of(&file);
        let (reason, detail) = if self.exclude.covers(&path) {
            (SkipReason::Excluded, String::new())
        } else {
            // Only regular files are read, and links, which may refer to one.
            match std::fs::symlink_metadata(&file) {
                Ok(found) if found.is_dir() => (SkipReason::Special, "a folder".into()),
                Ok(found) if !found.is_file() && !found.is_symlink() => {
                    (SkipReason::Special, String::new())
                }
                _ => return hand_over_file(&file, path, reader, worker),
            }
        };
        worker.skipped(Skipped { path, inside: Vec::new(), reason, detail });
    }
}

/// Standard input, as one document.
#[derive(Debug)]
pub struct Stdin {
    /// Its name.
    pub path: SourcePath,
    /// Maximum size in bytes; larger input is skipped.
    pub max_file_bytes: Option<u64>,
}

impl Source for Stdin {
    fn run(&self, sink: &dyn Sink) -> Result<(), SourceError> {
        // An endless stream cannot be held in memory, and lines are counted in a second pass, so
        // the input is copied to an unnamed temporary file.
        let mut spool = tempfile::tempfile().map_err(SourceError::Stdin)?;
        let limit = self.max_file_bytes.map_or(u64::MAX, |bytes| bytes.saturating_add(1));
        std::io::copy(&mut std::io::stdin().lock().take(limit), &mut spool)
            .map_err(SourceError::Stdin)?;
        spool.rewind().map_err(SourceError::Stdin)?;
        let mut worker = sink.worker();
        let mut reader = FileReader::new(self.max_file_bytes);
        let path = self.path.clone();
        match reader.content(spool) {
            Ok(content) => worker.document(Document::new(path, content, Origin::File)),
            Err((reason, detail)) => {
                worker.skipped(Skipped { path, inside: Vec::new(), reason, detail })
            }
        }
        Ok(())
    }
}
