//! A sink that discards all documents.

use hfscan::{Document, Sink, Skipped, Worker};

/// Discards all documents.
pub struct Nobody;

impl Sink for Nobody {
    fn worker(&self) -> Box<dyn Worker + '_> {
        Box::new(Nobody)
    }
}

impl Worker for Nobody {
    fn document(&mut self, _: Document<'_>) {}

    fn skipped(&mut self, _: Skipped) {}

    fn is_stopped(&self) -> bool {
        false
    }
}
