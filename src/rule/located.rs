//! Values of rule files that know where they stand.

use serde::{Deserialize, Deserializer};
use std::ops::Range;
use toml::Spanned;

/// A value with the bytes of the file that it stands in; none where the file was read when
/// hfscan was built, in which nothing is wrong.
#[derive(Debug, Clone)]
pub struct Located<T> {
    /// The value.
    pub value: T,
    /// The bytes.
    pub at: Range<usize>,
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Located<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            let spanned = Spanned::<T>::deserialize(deserializer)?;
            return Ok(Self { at: spanned.span(), value: spanned.into_inner() });
        }
        Ok(Self { value: T::deserialize(deserializer)?, at: 0..0 })
    }
}
