//! Names that rules can use and that other folders define.

/// The names that a rule file can use, except its own keys.
#[derive(Debug, Default)]
pub struct Names {
    /// Languages and dialects.
    pub languages: Vec<&'static str>,
    /// Parts of a file.
    pub parts: Vec<&'static str>,
    /// Containers.
    pub containers: Vec<&'static str>,
}
