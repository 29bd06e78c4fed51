//! The public address of hfscan.

/// The home page, set when a release is built (`HFSCAN_HOME_PAGE=https://… cargo build`). Without
/// it, no file that hfscan writes may depend on a release.
pub const HOME_PAGE: Option<&str> = option_env!("HFSCAN_HOME_PAGE");
