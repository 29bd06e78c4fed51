//! Why a server did not answer.

/// A request that got no answer, or an address that may not get one. No text holds more of an
/// address than its host.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OnlineError {
    /// An address that cannot be used.
    #[error("`{address}`: {why}")]
    Address {
        /// The address as far as it may be shown.
        address: String,
        /// The reason.
        why: String,
    },
    /// A file of certificates that cannot be used.
    #[error("{file}: {why}")]
    Certificates {
        /// The file.
        file: String,
        /// The reason.
        why: String,
    },
    /// The server could not be reached, or broke off.
    #[error("{host}: {why}")]
    Failed {
        /// Its host.
        host: String,
        /// The reason.
        why: String,
    },
    /// The server answered something that is no answer.
    #[error("{host}: {why}")]
    Unexpected {
        /// Its host.
        host: String,
        /// The reason.
        why: String,
    },
}
