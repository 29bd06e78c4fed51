//! `hfscan fix`: scans, plans, applies, rescans, writes, and prints the remaining steps. The
//! language server plans and applies fixes with the same code.

mod at_rest;
mod diff;
mod edit_places;
mod file;
mod keep;
mod places;
mod planning;
mod propose;
mod rounds;
mod run;
mod tell;
mod work;
mod write;

pub use places::Places;
pub use planning::{name_secrets_of, plan_for_reports};
pub use propose::propose;
pub use rounds::run as fix_in_rounds;
pub use run::run;
