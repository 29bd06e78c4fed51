//! Files named one by one, and standard input.

use super::{
    SourceError,
    document::{Document, Sink, Source},
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
    path::PathBuf,
    sync::atomic::{AtomicUsize, Ordering},
};

/// Files named one by one, as `git ls-files` or a hook gives them: no folder is walked,
/// no ignore file asked.
#[derive(Debug)]
pub struct Listed {
    /// What names are relative to.
    pub root: Root,
    /// The files, seen from the working directory.
    pub files: Vec<PathBuf>,
    /// Globs of paths to leave out.
    pub exclude: Globs,
    /// Files of more bytes are left out.
    pub max_file_bytes: Option<u64>,
    /// How many threads read.
    pub threads: usize,
}

impl Source for Listed {
    fn run(&self, sink: &dyn Sink) -> Result<(), SourceError> {
        let cwd = std::env::current_dir().unwrap_or_else(|_| self.root.dir().to_path_buf());
        let next = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for _ in 0..self.threads.clamp(1, self.files.len().max(1)) {
                scope.spawn(|| {
                    let mut worker = sink.worker();
                    let mut reader = FileReader::new(self.max_file_bytes);
                    while let Some(file) = self.files.get(next.fetch_add(1, Ordering::Relaxed)) {
                        if worker.is_stopped() {
                            break;
                        }
                        let file = super::root::normalised(&cwd.join(file));
                        let path = self.root.name_of(&file);
                        if self.exclude.covers(&path) {
                            worker.skipped(Skipped {
                                path,
                                inside: Vec::new(),
                                reason: SkipReason::Excluded,
                                detail: String::new(),
                            });
                            continue;
                        }
                        // A list names what is to be scanned: what is no regular file is no file.
                        let read = match std::fs::symlink_metadata(&file) {
                            Ok(found) if found.is_dir() => {
                                Err((SkipReason::Special, "a folder".into()))
                            }
                            Ok(found) if !found.is_file() && !found.is_symlink() => {
                                Err((SkipReason::Special, String::new()))
                            }
                            _ => Ok(()),
                        };
                        match read {
                            Ok(()) => hand_over_file(&file, path, &mut reader, &mut *worker),
                            Err((reason, detail)) => {
                                let inside = Vec::new();
                                worker.skipped(Skipped { path, inside, reason, detail });
                            }
                        }
                    }
                });
            }
        });
        Ok(())
    }
}

/// Standard input, as one document.
#[derive(Debug)]
pub struct Stdin {
    /// The name to give it.
    pub path: SourcePath,
    /// More bytes are refused.
    pub max_file_bytes: Option<u64>,
}

impl Source for Stdin {
    fn run(&self, sink: &dyn Sink) -> Result<(), SourceError> {
        // What has no end cannot be held in memory, and lines are counted in a second
        // reading: so it goes to a file that has no name and ends with the process.
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
