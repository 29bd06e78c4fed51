//! `hfscan fix`: finds, plans, applies, looks again, writes, and says what is left to do.

mod at_rest;
mod diff;
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

pub use planning::plan_for_reports;
pub use propose::propose;
pub use run::run;
