//! Hands over single blobs, read one by one.

use super::{error::GitError, objects::Objects, repository::Place};
use crate::{
    model::{ObjectId, Origin, Scope, SkipReason, Skipped, SourcePath},
    source::{
        Content, Document, LargeContent, LazyScope, MAX_WHOLE, Sink, Worker, pointer::Pointer,
        reader::FileReader,
    },
};
use git2::Repository;
use std::{
    cell::OnceCell,
    io::Write,
    sync::atomic::{AtomicUsize, Ordering},
};

/// So many blobs are worth a thread of their own, which opens the repository anew.
const PER_THREAD: usize = 64;

/// Computes the scope of the document of this number, whose content is given.
pub type ScopeOf<'a> = &'a (dyn Fn(usize, &[u8], &Objects<'_>) -> Scope + Sync);

/// Blobs and their names.
#[derive(Clone, Copy)]
pub struct Blobs<'a> {
    /// Where they are.
    pub place: &'a Place,
    /// Their paths and names.
    pub blobs: &'a [(SourcePath, ObjectId)],
    /// The part of each whose findings count.
    pub scope_of: ScopeOf<'a>,
}

impl Blobs<'_> {
    /// Hands them all to `sink`.
    ///
    /// # Errors
    /// If the repository cannot be read; a blob that cannot be is skipped.
    pub fn hand_over(self, repository: Repository, sink: &dyn Sink) -> Result<(), GitError> {
        let next = AtomicUsize::new(0);
        let threads =
            self.place.options.threads.clamp(1, self.blobs.len().div_ceil(PER_THREAD).max(1));
        if threads == 1 {
            return self.some(&repository, sink, &next);
        }
        std::thread::scope(|scope| {
            for _ in 1..threads {
                scope.spawn(|| {
                    // The first thread does the work of one that cannot begin.
                    if let Ok(repository) = self.place.open() {
                        let _ = self.some(&repository, sink, &next);
                    }
                });
            }
            self.some(&repository, sink, &next)
        })
    }

    fn some(
        &self,
        repository: &Repository,
        sink: &dyn Sink,
        next: &AtomicUsize,
    ) -> Result<(), GitError> {
        let objects = self.place.objects(repository)?;
        let mut worker = sink.worker();
        let mut reader = FileReader::new(self.place.options.max_file_bytes);
        let git_dirs = [repository.path().to_path_buf(), repository.commondir().to_path_buf()];
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let Some((path, id)) = self.blobs.get(number) else { break };
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

/// An object that is read.
#[derive(Debug)]
pub struct Blob<'a> {
    /// Its name as a document.
    pub path: SourcePath,
    /// Which object it is.
    pub origin: Origin,
    /// Its content.
    pub bytes: &'a [u8],
}

impl Blob<'_> {
    /// Delivers it to `worker`, from a file without a name if it is large.
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
