//! Converts object names to and from libgit2's type.

use crate::model::ObjectId;
use git2::Oid;

/// The libgit2 name of an object.
pub fn oid(id: ObjectId) -> Oid {
    Oid::from_bytes(&id.0).unwrap_or(Oid::ZERO_SHA1)
}

/// The object with this libgit2 name.
pub fn object_id(oid: Oid) -> ObjectId {
    ObjectId::from_bytes(oid.as_bytes()).unwrap_or(ObjectId([0; 20]))
}
