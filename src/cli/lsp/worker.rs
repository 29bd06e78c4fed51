//! The thread that scans and answers, so that edits are never blocked.

use super::{
    actions::{self, Surroundings},
    analysis::Analysis,
    client::Client,
    diagnostics, fix_all, hover,
    plan::Plan,
    project::{Projects, Wishes},
    protocol::{CodeActionParams, Position},
    snapshot::{Snapshot, Text},
};
use crossbeam_channel::{Receiver, Sender};
use lsp_server::RequestId;
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, HashMap},
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

/// The task of a job.
#[derive(Debug)]
pub enum Ask {
    /// Diagnostics of all its documents, to be published.
    Diagnose,
    /// Diagnostics of one of its documents.
    Pull(String),
    /// The rule page at a position.
    Hover(String, Position),
    /// The actions for a range.
    Actions(Box<CodeActionParams>),
    /// The edit of the given action.
    Resolve(Value),
}

/// A request without a response.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// Its id.
    pub id: RequestId,
    /// Set when the answer is no longer needed.
    pub is_cancelled: Arc<AtomicBool>,
}

/// A job for the worker.
#[derive(Debug)]
pub enum Job {
    /// A task on a unit.
    Unit(Box<UnitJob>),
    /// Removes a closed unit.
    Forget(String),
}

/// A task on a unit.
#[derive(Debug)]
pub struct UnitJob {
    /// The unit.
    pub unit: String,
    /// Its snapshot.
    pub snapshot: Snapshot,
    /// The task.
    pub ask: Ask,
    /// The request to answer, if any.
    pub wanted: Option<Wanted>,
    /// The settings.
    pub wishes: Arc<Wishes>,
    /// The open files.
    pub open: Vec<Text>,
}

/// The result of a job.
#[derive(Debug)]
pub struct Done {
    /// The unit.
    pub unit: String,
    /// Its revision.
    pub revision: u64,
    /// The answered request.
    pub id: Option<RequestId>,
    /// The answer; `None` after a panic.
    pub answer: Option<Answer>,
    /// The reason why the settings of the unit's folder are invalid.
    pub problem: Option<String>,
}

/// An answer.
#[derive(Debug)]
pub enum Answer {
    /// The result of a request.
    Result(Value),
    /// The diagnostics of documents by URI, with versions.
    Diagnostics(BTreeMap<String, (i64, Vec<Value>)>),
    /// The document changed after the action was offered.
    Outdated,
}

/// Runs until the senders of jobs are dropped.
pub fn run(client: &Client, jobs: &Receiver<Job>, done: &Sender<Done>) {
    let mut worker = Worker { client, projects: Projects::default(), analyses: HashMap::new() };
    for job in jobs {
        let job = match job {
            Job::Unit(job) => job,
            Job::Forget(unit) => {
                worker.analyses.remove(&unit);
                continue;
            }
        };
        let is_cancelled = |one: &Wanted| one.is_cancelled.load(Ordering::Relaxed);
        if job.wanted.as_ref().is_some_and(is_cancelled) {
            continue;
        }
        let (unit, revision) = (job.unit.clone(), job.snapshot.revision);
        let id = job.wanted.as_ref().map(|one| one.id.clone());
        // A panic fails one request.
        let result = catch_unwind(AssertUnwindSafe(|| worker.carry_out(&job)));
        let (answer, problem) = match result {
            Ok((answer, problem)) => (Some(answer), problem),
            Err(_) => (None, None),
        };
        if done.send(Done { unit, revision, id, answer, problem }).is_err() {
            break;
        }
    }
}

struct Worker<'a> {
    client: &'a Client,
    projects: Projects,
    /// The last analysis of each unit, with the settings used.
    analyses: HashMap<String, (Arc<Wishes>, Arc<Analysis>)>,
}

impl Worker<'_> {
    fn carry_out(&mut self, job: &UnitJob) -> (Answer, Option<String>) {
        let analysis = self.analysis(job);
        let problem = analysis.project.problem.clone();
        (self.answer(job, &analysis), problem)
    }

    fn answer(&self, job: &UnitJob, analysis: &Analysis) -> Answer {
        let shows_ignored = job.wishes.editor.show_ignored;
        match &job.ask {
            Ask::Diagnose => Answer::Diagnostics(diagnostics::by_document(analysis, shows_ignored)),
            Ask::Pull(uri) => {
                let mut all = diagnostics::by_document(analysis, shows_ignored);
                let items = all.remove(uri).unwrap_or_default().1;
                Answer::Result(json!({"kind": "full", "items": items}))
            }
            Ask::Hover(uri, position) => Answer::Result(hover::at(analysis, uri, *position)),
            Ask::Actions(params) => {
                let CodeActionParams { text_document, range, context } = &**params;
                let others = self.others();
                let around = Surroundings { client: self.client, open: &job.open, others: &others };
                let uri = &text_document.uri;
                Answer::Result(actions::list(analysis, uri, *range, context, &around).into())
            }
            Ask::Resolve(action) => self.resolved(analysis, action.clone()),
        }
    }

    /// The fix-all action with its edit.
    fn resolved(&self, analysis: &Analysis, mut action: Value) -> Answer {
        if action.pointer("/data/revision").and_then(Value::as_u64) != Some(analysis.revision) {
            return Answer::Outdated;
        }
        let is_automatic = action.pointer("/data/automatic").and_then(Value::as_bool);
        let plan = Plan::of(analysis, &self.others());
        let edit = fix_all::edit(analysis, &plan, is_automatic == Some(true), self.client);
        action["edit"] = edit.unwrap_or_else(|| json!({}));
        Answer::Result(action)
    }

    fn others(&self) -> Vec<Arc<Analysis>> {
        self.analyses.values().map(|(_, analysis)| Arc::clone(analysis)).collect()
    }

    /// The analysis of a unit; reused if nothing changed.
    fn analysis(&mut self, job: &UnitJob) -> Arc<Analysis> {
        if let Some((wishes, known)) = self.analyses.get(&job.unit)
            && Arc::ptr_eq(wishes, &job.wishes)
            && known.revision == job.snapshot.revision
        {
            let folder = known.file.as_deref().and_then(Path::parent);
            let project = folder.map(|folder| self.projects.of(folder, wishes));
            if project.is_none_or(|project| Arc::ptr_eq(&project, &known.project)) {
                return Arc::clone(known);
            }
        }
        let encoding = self.client.encoding;
        let new = Analysis::of(&job.snapshot, encoding, &mut self.projects, &job.wishes);
        let new = Arc::new(new);
        self.analyses.insert(job.unit.clone(), (Arc::clone(&job.wishes), Arc::clone(&new)));
        new
    }
}
