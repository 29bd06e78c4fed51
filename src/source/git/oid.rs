//! Names of objects, to and from those of libgit2.

use crate::model::ObjectId;
use git2::Oid;

/// The name of an object as libgit2 has it.
pub fn oid(id: ObjectId) -> Oid {
    Oid::from_bytes(&id.0).unwrap_or(Oid::ZERO_SHA1)
}

/// The name of an object from that of libgit2.
pub fn object_id(oid: Oid) -> ObjectId {
    ObjectId::from_bytes(oid.as_bytes()).unwrap_or(ObjectId([0; 20]))
}
