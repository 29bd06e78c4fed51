//! The history of a submodule, as a part of that of the repository that holds it.

use super::{history::History, submodules::Found};
use crate::{
    judge::guessable::known_by,
    model::{Finding, Fingerprint, Outcome, SkipReason, Skipped, SourcePath},
    source::{Document, Lineage, Memory, Sink, Source, SourceError, Worker},
};

/// What a submodule remembers, or why that is not read. Its paths begin with its folder.
/// What keeps it from being read keeps nothing else from it.
#[derive(Debug)]
pub struct Submodule(pub Found);

impl Source for Submodule {
    fn run(&self, sink: &dyn Sink) -> Result<(), SourceError> {
        match &self.0 {
            Found::LeftOut(skipped) => sink.worker().skipped(skipped.clone()),
            Found::History(folder, history) => {
                if let Err(error) = history.run(&Below { sink, folder }) {
                    sink.worker().skipped(unreadable(folder, &error));
                }
            }
        }
        Ok(())
    }

    fn attribute(&self, outcome: &mut Outcome) -> Result<(), SourceError> {
        let Found::History(folder, history) = &self.0 else { return Ok(()) };
        for finding in &mut outcome.findings {
            finding.location.path = finding.location.path.seen_from(folder);
        }
        let told = outcome.skipped.len();
        tell(history, folder, outcome);
        for skipped in outcome.skipped.iter_mut().skip(told) {
            skipped.path = skipped.path.below(folder);
        }
        outcome.findings.iter_mut().for_each(|finding| put_below(finding, folder));
        Ok(())
    }
}

fn tell(history: &History, folder: &SourcePath, outcome: &mut Outcome) {
    if let Err(error) = history.attribute(outcome) {
        let skipped = unreadable(folder, &error);
        outcome.skipped.push(Skipped { path: skipped.path.seen_from(folder), ..skipped });
    }
}

fn unreadable(folder: &SourcePath, error: &SourceError) -> Skipped {
    let path = SourcePath::from_bytes(".git").below(folder);
    let detail = error.to_string();
    Skipped { path, inside: Vec::new(), reason: SkipReason::Unreadable, detail }
}

/// Has a finding of the submodule speak of the repository that holds it.
fn put_below(finding: &mut Finding, folder: &SourcePath) {
    finding.location.path = finding.location.path.below(folder);
    let known = known_by(finding.secret.as_ref(), &finding.excerpt);
    finding.fingerprint = Fingerprint::new(&finding.rule, &finding.location.path, known);
    let Some(history) = &mut finding.history else { return };
    for commit in history.introduced.iter_mut().chain(&mut history.removed) {
        commit.path = commit.path.below(folder);
    }
    // Revoking comes first, wherever it is.
    let place = history.advice.len().min(1);
    let where_to = format!("run git in the submodule: `cd {}`", quoted(folder));
    history.advice.insert(place, where_to);
}

/// The folder as a word for a shell, whatever who made the repository called it.
fn quoted(folder: &SourcePath) -> String {
    format!("'./{}'", folder.real_text().replace('\'', r"'\''"))
}

/// Hands on what a submodule holds.
struct Below<'a> {
    sink: &'a dyn Sink,
    folder: &'a SourcePath,
}

impl Sink for Below<'_> {
    fn worker(&self) -> Box<dyn Worker + '_> {
        Box::new(Hands { worker: self.sink.worker(), folder: self.folder })
    }
}

struct Hands<'a> {
    worker: Box<dyn Worker + 'a>,
    folder: &'a SourcePath,
}

impl Worker for Hands<'_> {
    fn document(&mut self, document: Document<'_>) {
        let path = document.path.below(self.folder);
        self.worker.document(Document { path, ..document });
    }

    fn version(&mut self, document: Document<'_>, lineage: Lineage<'_>) -> Option<Memory> {
        let path = document.path.below(self.folder);
        self.worker.version(Document { path, ..document }, lineage)
    }

    fn skipped(&mut self, skipped: Skipped) {
        let path = skipped.path.below(self.folder);
        self.worker.skipped(Skipped { path, ..skipped });
    }

    fn is_stopped(&self) -> bool {
        self.worker.is_stopped()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_submodule_is_one_word_for_a_shell() {
        let quoted = |name: &str| quoted(&SourcePath::from_bytes(name));
        assert_eq!(quoted("-a b"), "'./-a b'");
        assert_eq!(quoted("a'; run; '"), r"'./a'\''; run; '\'''");
    }
}
