//! Delivers blobs, read one by one.

use super::{error::GitError, objects::Objects, repository::RepositoryRef};
use crate::{
    model::{ObjectId, Origin, Scope, SkipReason, Skipped, SourcePath},
    source::{
        Content, Document, LargeContent, LazyScope, MAX_WHOLE, Sink, Worker,
        each::{Numbers, each},
        pointer::Pointer,
        reader::FileReader,
    },
};
use git2::Repository;
use std::{
    cell::OnceCell,
    io::Write,
    sync::{Mutex, PoisonError},
};

/// Minimum number of blobs per thread, since each thread opens the repository again.
const PER_THREAD: usize = 64;

/// Computes the scope of the document with this index and content.
pub type ScopeOf<'a> = &'a (dyn Fn(usize, &[u8], &Objects<'_>) -> Scope + Sync);

/// Blobs and their names.
#[derive(Clone, Copy)]
pub struct Blobs<'a> {
    /// The location of the repository.
    pub place: &'a RepositoryRef,
    /// Their paths and names.
    pub blobs: &'a [(SourcePath, ObjectId)],
    /// Computes the part of each blob in which findings are reported.
    pub scope_of: ScopeOf<'a>,
}

impl Blobs<'_> {
    /// Delivers all of them to `sink`.
    ///
    /// # Errors
    /// Returns an error if the repository cannot be read. A blob that cannot be read is skipped.
    pub fn hand_over(self, repository: Repository, sink: &dyn Sink) -> Result<(), GitError> {
        let count = self.blobs.len();
        let threads = self.place.options.threads.min(count.div_ceil(PER_THREAD));
        let opened = Mutex::new(Some(repository));
        let results = each(threads, count, |numbers| {
            let opened = opened.lock().unwrap_or_else(PoisonError::into_inner).take();
            match opened {
                Some(repository) => self.some(&repository, sink, numbers),
                None => {
                    // If a thread cannot open the repository, the calling thread does the work.
                    if let Ok(repository) = self.place.open() {
                        let _ = self.some(&repository, sink, numbers);
                    }
                    Ok(())
                }
            }
        });
        results.into_iter().collect()
    }

    fn some(
        &self,
        repository: &Repository,
        sink: &dyn Sink,
        numbers: Numbers<'_>,
    ) -> Result<(), GitError> {
        let objects = self.place.objects(repository);
        let mut worker = sink.worker();
        let mut reader = FileReader::new(self.place.options.max_file_bytes);
        let git_dirs =
            [self.place.git_dir.clone(), self.place.common_dir(repository).to_path_buf()];
        for number in numbers {
            let (path, id) = &self.blobs[number];
            if worker.is_stopped() {
                break;
            }
            let limit = self.place.options.max_file_bytes;
            match objects.read(*id, limit) {
                Ok((_, bytes)) => match Pointer::read(&bytes) {
                    Some(pointer) => {
                        let (path, origin) = (path.clone(), Origin::Blob(*id));
                        pointer.hand_over(&git_dirs, path, origin, &mut reader, &mut *worker);
                    }
                    None => {
                        let scope = OnceCell::new();
                        let compute = || (self.scope_of)(number, &bytes, &objects);
                        let later = || scope.get_or_init(compute).clone();
                        let path = path.clone();
                        let content = Blob { path, origin: Origin::Blob(*id), bytes: &bytes };
                        content.deliver(LazyScope::Later(&later), &mut *worker);
                    }
                },
                Err((reason, detail)) => worker.skipped(Skipped {
                    path: path.clone(),
                    inside: Vec::new(),
                    reason,
                    detail,
                }),
            }
        }
        Ok(())
    }
}

/// An object that has been read.
#[derive(Debug)]
pub struct Blob<'a> {
    /// Its name as a document.
    pub path: SourcePath,
    /// The object.
    pub origin: Origin,
    /// Its content.
    pub bytes: &'a [u8],
}

impl Blob<'_> {
    /// Delivers it to `worker`, from an unnamed temporary file if it is large.
    pub fn deliver(self, scope: LazyScope<'_>, worker: &mut dyn Worker) {
        let Self { path, origin, bytes } = self;
        if bytes.len() <= MAX_WHOLE {
            let content = Content::Whole(bytes);
            return worker.document(Document { path, content, origin, scope });
        }
        let spooled =
            tempfile::tempfile().and_then(|mut file| file.write_all(bytes).map(|()| file));
        match spooled {
            Ok(file) => {
                let content = Content::Large(LargeContent::new(file, bytes.len() as u64));
                worker.document(Document { path, content, origin, scope });
            }
            Err(error) => worker.skipped(Skipped {
                path,
                inside: Vec::new(),
                reason: SkipReason::Unreadable,
                detail: error.to_string(),
            }),
        }
    }
}
