//! A remote file with reads at offsets.

use super::{
    api::{Api, HubError},
    store::Store,
};
use crate::model::ReadAt;
use std::{
    collections::BTreeMap,
    io,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

/// Number of bytes per request.
pub const BLOCK: u64 = 256 << 10;
/// Maximum number of blocks of one file in memory.
const MAX_BLOCKS: usize = 32;

/// A remote file whose blocks are read on demand.
#[derive(Debug)]
pub struct RangedFile {
    api: Arc<Api>,
    store: Option<Store>,
    /// The URL on the Hub.
    address: String,
    /// The id of its content.
    content: String,
    len: u64,
    received: Arc<AtomicU64>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// The signed URL that served the last block.
    signed: Option<String>,
    /// The entity tag on the storage server.
    tag: Option<String>,
    blocks: BTreeMap<u64, Arc<[u8]>>,
    /// The blocks, oldest first.
    order: Vec<u64>,
}

impl RangedFile {
    /// A file of `len` bytes. `received` counts the transferred bytes.
    pub fn new(
        api: Arc<Api>,
        store: Option<Store>,
        address: String,
        content: String,
        len: u64,
        received: Arc<AtomicU64>,
    ) -> Self {
        Self { api, store, address, content, len, received, state: Mutex::default() }
    }

    fn block(&self, number: u64) -> Result<Arc<[u8]>, HubError> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(block) = state.blocks.get(&number) {
            return Ok(block.clone());
        }
        let first = number * BLOCK;
        let count = BLOCK.min(self.len - first);
        let kept = self.store.as_ref().and_then(|store| store.get(&self.content, first));
        let bytes = match kept.filter(|kept| kept.len() as u64 == count) {
            Some(kept) => kept,
            None => {
                let bytes = self.fetch(&mut state, first, count)?;
                if let Some(store) = &self.store {
                    store.put(&self.content, first, &bytes);
                }
                bytes
            }
        };
        let block: Arc<[u8]> = bytes.into();
        if state.order.len() >= MAX_BLOCKS {
            let oldest = state.order.remove(0);
            state.blocks.remove(&oldest);
        }
        state.order.push(number);
        state.blocks.insert(number, block.clone());
        Ok(block)
    }

    fn fetch(&self, state: &mut State, first: u64, count: u64) -> Result<Vec<u8>, HubError> {
        let known = state.signed.take();
        let (answer, from) =
            self.api.bytes(&self.address, known.as_deref(), Some((first, count)), first + count)?;
        self.received.fetch_add(answer.body.len() as u64, Ordering::Relaxed);
        state.signed = Some(from).filter(|from| *from != self.address);
        let tag = answer.header("etag").map(str::to_string);
        if state.tag.is_some() && tag.is_some() && state.tag != tag {
            return Err(HubError::Shape("the file changed while it was read"));
        }
        state.tag = tag.or_else(|| state.tag.take());
        let bytes = match answer.status {
            206 => {
                let range = answer.header("content-range").unwrap_or_default();
                if !range.starts_with(&format!("bytes {first}-")) {
                    return Err(HubError::Shape("a different range than requested"));
                }
                answer.body
            }
            // A server without range support sends the file from the beginning.
            200 => answer
                .body
                .get(usize::try_from(first).unwrap_or(usize::MAX)..)
                .unwrap_or_default()
                .to_vec(),
            status => return Err(HubError::Status(status)),
        };
        match bytes.len() as u64 >= count {
            true => Ok(bytes[..usize::try_from(count).unwrap_or(bytes.len())].to_vec()),
            false => Err(HubError::Shape("fewer bytes than requested")),
        }
    }
}

impl ReadAt for RangedFile {
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        if offset >= self.len || buffer.is_empty() {
            return Ok(0);
        }
        let block = self.block(offset / BLOCK).map_err(io::Error::other)?;
        let start = usize::try_from(offset % BLOCK).unwrap_or(usize::MAX);
        let rest = block.get(start..).unwrap_or_default();
        let count = rest.len().min(buffer.len());
        buffer[..count].copy_from_slice(&rest[..count]);
        Ok(count)
    }
}

impl RangedFile {
    /// The first bytes, which identify a container.
    ///
    /// # Errors
    /// Returns an error if they cannot be read.
    pub fn head(&self) -> Result<Arc<[u8]>, HubError> {
        self.block(0)
    }

    /// `count` bytes from `first` on.
    ///
    /// # Errors
    /// Returns an error if they cannot be read.
    pub fn piece(&self, first: u64, count: u64) -> Result<Vec<u8>, HubError> {
        let mut bytes = Vec::new();
        let end = first.saturating_add(count).min(self.len);
        for number in first / BLOCK..end.div_ceil(BLOCK) {
            bytes.extend_from_slice(&self.block(number)?);
        }
        let skip = usize::try_from(first % BLOCK).unwrap_or(0);
        let count = usize::try_from(end - first).unwrap_or(usize::MAX);
        Ok(bytes.into_iter().skip(skip).take(count).collect())
    }
}
