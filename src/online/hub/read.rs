//! Reading of remote files: whole, by ranges, or as samples.

use super::{
    api::{Api, HubError},
    listing::RemoteFile,
    ranged::{BLOCK, RangedFile},
    store::Store,
};
use crate::{
    decode::container::identify,
    model::{Origin, SkipReason, Skipped, SourcePath},
    source::{Content, Document, LargeContent, MAX_WHOLE, Worker},
};
use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

/// Maximum size in bytes of a file that is read whole.
pub const WHOLE: u64 = 8 << 20;
/// Number of bytes at each end of a large text that are read as a sample.
const SAMPLE: u64 = 1 << 20;

/// Options and resources for reading files.
#[derive(Debug, Clone)]
pub struct Reading {
    /// The client.
    pub api: Arc<Api>,
    /// The cache of pieces.
    pub store: Option<Store>,
    /// `true` to read large texts whole.
    pub is_full: bool,
    /// `true` if sampling a large text is not a failure.
    pub samples_suffice: bool,
}

impl Reading {
    /// Reads a file and passes it to the worker. Returns the number of transferred bytes.
    ///
    /// # Errors
    /// Returns an error if it cannot be read.
    pub fn hand_over(
        &self,
        path: &SourcePath,
        address: String,
        file: &RemoteFile,
        worker: &mut dyn Worker,
    ) -> Result<u64, HubError> {
        if file.size <= WHOLE {
            let (bytes, received) = self.whole(&address, file)?;
            let content = match bytes.len() <= MAX_WHOLE {
                true => Content::Whole(&bytes),
                false => {
                    let len = bytes.len() as u64;
                    Content::Large(LargeContent::new(bytes, len))
                }
            };
            worker.document(Document::new(path.clone(), content, Origin::Remote));
            return Ok(received);
        }
        let received = Arc::new(AtomicU64::new(0));
        let ranged = self.ranged(address, file, &received);
        let head = ranged.head()?;
        let is_container = identify(&head).is_some();
        if is_container || self.is_full {
            let content = Content::Large(LargeContent::new(ranged, file.size));
            worker.document(Document::new(path.clone(), content, Origin::Remote));
        } else {
            self.sample(path, &ranged, file.size, worker)?;
        }
        Ok(received.load(Ordering::Relaxed))
    }

    fn ranged(&self, address: String, file: &RemoteFile, received: &Arc<AtomicU64>) -> RangedFile {
        let (api, store) = (self.api.clone(), self.store.clone());
        RangedFile::new(api, store, address, file.content.clone(), file.size, received.clone())
    }

    fn whole(&self, address: &str, file: &RemoteFile) -> Result<(Vec<u8>, u64), HubError> {
        let kept = self.store.as_ref().filter(|_| !file.content.is_empty());
        let known = kept.and_then(|store| store.get(&file.content, 0));
        if let Some(bytes) = known.filter(|bytes| bytes.len() as u64 == file.size) {
            return Ok((bytes, 0));
        }
        let (answer, _) = self.api.bytes(address, None, None, file.size)?;
        if answer.is_cut {
            return Err(HubError::Shape("more bytes than the listed size"));
        }
        if let Some(store) = kept {
            store.put(&file.content, 0, &answer.body);
        }
        let received = answer.body.len() as u64;
        Ok((answer.body, received))
    }

    /// Passes both ends of a large text to the worker, and reports that the rest was not read.
    fn sample(
        &self,
        path: &SourcePath,
        ranged: &RangedFile,
        size: u64,
        worker: &mut dyn Worker,
    ) -> Result<(), HubError> {
        let last = (size - SAMPLE) / BLOCK * BLOCK;
        for (first, count) in [(0, SAMPLE), (last, size - last)] {
            let bytes = ranged.piece(first, count)?;
            let content = Content::Whole(&bytes);
            worker.document(Document::new(path.clone(), content, Origin::Remote));
        }
        let reason = match self.samples_suffice {
            true => SkipReason::UserLimit,
            false => SkipReason::OverLimit,
        };
        let detail = format!(
            "sampled: the first and the last {SAMPLE} of {size} bytes were read, and lines of the last \
             part count from its start; --full reads all, --sample-ok takes the sample"
        );
        worker.skipped(Skipped::of(path.clone(), reason, detail));
        Ok(())
    }
}
