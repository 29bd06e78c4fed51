//! Values of rule files with their positions.

use serde::{Deserialize, Deserializer};
use std::ops::Range;
use toml::Spanned;

/// A value with its range of bytes in the rule file. The range is empty if the file was packed when
/// hfscan was built, because packed rules are valid.
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
