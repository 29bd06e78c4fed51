//! Indices into the lists of an engine, each with a type of its own, so that they cannot be
//! confused.

/// Declares index types.
macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u32);

        impl $name {
            /// The id of the element at `index`.
            ///
            /// # Panics
            /// If there are more than `u32::MAX` elements.
            pub fn new(index: usize) -> Self {
                Self(u32::try_from(index).expect("a list of an engine has at most u32::MAX elements"))
            }

            /// The index of the element.
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}

ids! {
    /// A rule of a rule set.
    RuleId,
    /// A keyword of a keyring.
    KeywordId,
    /// A group of rules that a keyword wakes together, among those of all keywords.
    GroupId,
    /// An anchor: a text that a decoder searches for.
    AnchorId,
}

/// The id of a condition on the whole text; rules with equal conditions share one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GateId(pub usize);
