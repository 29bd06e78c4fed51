//! The names that rules may use, of which other folders know.

/// What a rule file can name besides what its own keys say.
#[derive(Debug, Default)]
pub struct Names {
    /// Languages and dialects.
    pub languages: Vec<&'static str>,
    /// Parts of a file.
    pub parts: Vec<&'static str>,
    /// Containers.
    pub containers: Vec<&'static str>,
}
