//! Errors of requests.

/// A failed request, or a URL to which none is sent. Messages contain at most the host of a URL.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OnlineError {
    /// The URL is invalid.
    #[error("`{address}`: {why}")]
    Address {
        /// The URL, shortened so that it is safe to show.
        address: String,
        /// The reason.
        why: String,
    },
    /// The file of certificates is invalid.
    #[error("{file}: {why}")]
    Certificates {
        /// The file.
        file: String,
        /// The reason.
        why: String,
    },
    /// The server is unreachable, or closed the connection.
    #[error("{host}: {why}")]
    Failed {
        /// Its host.
        host: String,
        /// The reason.
        why: String,
    },
    /// The server's response is invalid.
    #[error("{host}: {why}")]
    Unexpected {
        /// Its host.
        host: String,
        /// The reason.
        why: String,
    },
}
