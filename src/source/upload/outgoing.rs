//! The files of an upload, as a source.

use super::plan::{Plan, Planned};
use crate::{
    model::{
        FileState, Finding, Origin, Outcome, Severity, SkipReason, Skipped, SourcePath, TreeFile,
        tree::Passage, upload::Refusal,
    },
    source::{
        Content, Document, Sink, Source, SourceError, Worker, each::each, reader::FileReader,
        regular,
    },
};
use std::{io::Read, sync::Arc};

/// Number of bytes of every selected file that the client sends before the Hub reports that it
/// ignores the file.
const SAMPLE: u64 = 512;
/// Maximum size in bytes of a file that a check over the whole upload reads.
const MAX_SMALL: u64 = 1 << 20;

/// The note on a finding that becomes public.
const PUBLISHED: &str = "one level more severe than in a working tree: the upload publishes it";
/// The note on a finding in the first bytes of a file that the Hub ignores.
const SAMPLED: &str = "`.gitignore` keeps the file out of the repository, but its first 512 bytes \
                       are still sent; only `--exclude` prevents that";

/// The files of an upload: those that are sent whole, and the first bytes of those that the Hub
/// ignores. Links to files are followed, as the client does.
#[derive(Debug)]
pub struct Outgoing {
    /// The files that are sent.
    pub plan: Arc<Plan>,
    /// Maximum size of a file in bytes; larger ones are not scanned.
    pub max_file_bytes: Option<u64>,
    /// Number of threads.
    pub threads: usize,
}

impl Source for Outgoing {
    fn run(&self, sink: &dyn Sink) -> Result<(), SourceError> {
        let files = &self.plan.files;
        each(self.threads, files.len(), |numbers| {
            let mut worker = sink.worker();
            let mut reader = FileReader::new(self.max_file_bytes);
            for number in numbers {
                if worker.is_stopped() {
                    break;
                }
                hand_over(&files[number], &mut reader, &mut *worker);
            }
        });
        Ok(())
    }

    fn files_of_note(&self) -> Vec<TreeFile> {
        let files = self.plan.files.iter();
        files
            .map(|one| TreeFile { path: one.path.clone(), state: FileState::Uploaded(one.passage) })
            .collect()
    }

    fn read_small(&self, path: &SourcePath) -> Option<Vec<u8>> {
        let planned = self.planned(path)?;
        regular::read(&planned.file, MAX_SMALL).ok()
    }

    fn attribute(&self, outcome: &mut Outcome) -> Result<(), SourceError> {
        for finding in &mut outcome.findings {
            match self.planned(&finding.location.path).map(|one| one.passage) {
                Some(Passage::Sample) => finding.notes.push(SAMPLED.into()),
                Some(Passage::Whole | Passage::FromOutside) => publish(finding),
                _ => {}
            }
        }
        outcome.upload = Some(Box::new(self.plan.upload.clone()));
        Ok(())
    }
}

impl Outgoing {
    fn planned(&self, path: &SourcePath) -> Option<&Planned> {
        let files = &self.plan.files;
        files.binary_search_by(|one| one.path.cmp(path)).ok().map(|number| &files[number])
    }
}

/// Raises the severity of a finding that becomes public, unless it is known to be harmless.
fn publish(finding: &mut Finding) {
    let raised = finding.severity.raised();
    if finding.severity > Severity::Info && raised != finding.severity {
        finding.severity = raised;
        finding.notes.push(PUBLISHED.into());
    }
}

fn hand_over(planned: &Planned, reader: &mut FileReader, worker: &mut dyn Worker) {
    let path = planned.path.clone();
    let skip = |worker: &mut dyn Worker, reason, detail: String| {
        worker.skipped(Skipped::of(planned.path.clone(), reason, detail));
    };
    let of_error = |error: std::io::Error| (SkipReason::Unreadable, error.to_string());
    let opened = || regular::open(&planned.file).map_err(of_error);
    match planned.passage {
        Passage::Whole | Passage::FromOutside => {
            match opened().and_then(|file| reader.content(file)) {
                Ok(content) => worker.document(Document::new(path, content, Origin::File)),
                Err((reason, detail)) => skip(worker, reason, detail),
            }
        }
        Passage::Sample => {
            let mut sample = Vec::new();
            let read = opened()
                .and_then(|file| file.take(SAMPLE).read_to_end(&mut sample).map_err(of_error));
            match read {
                Ok(_) => {
                    let content = Content::Whole(&sample);
                    worker.document(Document::new(path, content, Origin::File));
                }
                Err((reason, detail)) => skip(worker, reason, detail),
            }
        }
        Passage::Refused(Refusal::Unreadable) => {
            skip(worker, SkipReason::Unreadable, String::new());
        }
        // The file can only be sent under another name, and is then checked again.
        Passage::Refused(_) => {}
    }
}
