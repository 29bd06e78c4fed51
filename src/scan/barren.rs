//! Archive members without a finding, remembered from one version of an archive to the next.

use crate::{model::ReadAt, source::MAX_WHOLE};
use sha2::{Digest, Sha256};
use std::{
    collections::HashMap,
    io,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// Maximum number of remembered members: about 8 MiB.
const MAX_MEMBERS: usize = 100_000;

/// Deflated archive members without a keyword hit, with their unpacked sizes.
///
/// The versions of an archive in a history share most of their members. A rule without a keyword
/// hit does not depend on the path, so that a member is identified by its packed bytes and its file
/// name, which selects the language ([`identify`](crate::language::identify)). The digest is
/// SHA-256, because a collision would hide a secret.
#[derive(Debug, Default)]
pub struct BarrenMembers(Mutex<HashMap<MemberId, u64>>);

/// Identifies a deflated member by its content and its file name.
pub type MemberId = [u8; 32];

impl BarrenMembers {
    /// The number of unpacked bytes of a remembered member.
    pub fn get(&self, id: &MemberId) -> Option<u64> {
        self.members().get(id).copied()
    }

    /// Remembers a member, unless there are too many.
    pub fn insert(&self, id: MemberId, unpacked: u64) {
        let mut members = self.members();
        if members.len() < MAX_MEMBERS {
            members.insert(id, unpacked);
        }
    }

    fn members(&self) -> MutexGuard<'_, HashMap<MemberId, u64>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The id of a member; `None` if its packed bytes do not fit in a buffer.
///
/// # Errors
/// Returns an error if the bytes cannot be read.
pub fn member_id(file_name: &[u8], packed: &dyn ReadAt, len: u64) -> io::Result<Option<MemberId>> {
    let Some(len) = usize::try_from(len).ok().filter(|len| *len <= MAX_WHOLE) else {
        return Ok(None);
    };
    let mut buffer = vec![0; len];
    let count = packed.fill_at(0, &mut buffer)?;
    let mut digest = Sha256::new();
    digest.update((file_name.len() as u64).to_le_bytes());
    digest.update(file_name);
    digest.update(&buffer[..count]);
    Ok(Some(digest.finalize().into()))
}
