//! The reads and writes on the Hub in the code of a tree.

use crate::model::{Skipped, SourcePath};
use crate::source::{Content, Document, Sink, Source, Walk, Worker};
use regex::bytes::Regex;
use std::{
    collections::BTreeSet,
    path::Path,
    sync::{LazyLock, Mutex, PoisonError},
};

/// Maximum number of repositories kept.
const MAX_REPOSITORIES: usize = 50;

/// Calls and commands that change something on the Hub.
static WRITES: LazyLock<Regex> = LazyLock::new(|| {
    expression(
        r"\b(?:upload_(?:file|folder|large_folder)|create_commit|create_repo|duplicate_(?:repo|space)|delete_(?:repo|file|files|folder|branch|tag|space_secret|space_variable)|push_to_hub\w*|create_(?:branch|tag|pull_request|discussion|collection|webhook|inference_endpoint)|update_repo_\w+|move_repo|super_squash_history|(?:add|set)_space_\w+|(?:restart|pause|request)_space\w*|comment_discussion|merge_pull_request|run_job|sync_bucket|CommitScheduler|uploadFiles?|createRepo|deleteRepo)\s*\(|\bpush_to_hub\s*[=:]\s*[Tt]rue|--push_to_hub\b|\bhf\s+(?:upload|upload-large-folder|repos?\s+(?:create|delete|move|settings|branch|tag)|repo-files|sync|buckets|jobs\s+run|discussions\s+\w+)\b|\bhuggingface-cli\s+(?:upload|repo|lfs|tag)",
    )
});

/// Calls and commands that read from the Hub.
static READS: LazyLock<Regex> = LazyLock::new(|| {
    expression(
        r"\b(?:from_pretrained|load_dataset\w*|hf_hub_download|snapshot_download|list_repo_\w+|(?:model|dataset|space|repo)_info|SentenceTransformer|pipeline|downloadFile|HfFileSystem)\s*\(|\b(?:hf|huggingface-cli)\s+download\b",
    )
});

/// Calls that run a model.
static INFERS: LazyLock<Regex> = LazyLock::new(|| {
    expression(
        r"\b(?:Async)?InferenceClient\s*\(|router\.huggingface\.co|api-inference\.huggingface\.co|\bHfInference\s*\(",
    )
});

/// The repository that a call names first.
static NAMED: LazyLock<Regex> = LazyLock::new(|| {
    expression(
        r#"(?:from_pretrained|load_dataset|hf_hub_download|snapshot_download|push_to_hub|upload_\w+|create_repo)\s*\(\s*(?:repo_id\s*=\s*)?["']([\w.-]+/[\w.-]+)["']|\bhf\s+(?:download|upload)\s+([\w.-]+/[\w.-]+)"#,
    )
});

fn expression(text: &str) -> Regex {
    Regex::new(text).expect("a constant expression")
}

/// The uses of the Hub in code, each kind with its first location, `path:line`.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Usage {
    /// The first write.
    pub writes: Option<String>,
    /// The first read.
    pub reads: Option<String>,
    /// The first call that runs a model.
    pub infers: Option<String>,
    /// The repositories that it names.
    pub repositories: BTreeSet<String>,
}

impl Usage {
    /// The uses in the files below a folder; ignored files and files over 4 MiB are not read.
    pub fn of_tree(folder: &Path) -> Self {
        let all = Mutex::new(Self::default());
        if let Ok(walk) = Walk::of([folder]) {
            // A file that cannot be read has no uses.
            let _ = walk.run(&Reader(&all));
        }
        all.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    fn read(&mut self, path: &SourcePath, bytes: &[u8]) {
        let place = |expression: &Regex| {
            let found = expression.find(bytes)?;
            let line = memchr::memchr_iter(b'\n', &bytes[..found.start()]).count() + 1;
            Some(format!("{path}:{line}"))
        };
        // The first by name, independent of the order of threads.
        let least = |old: &mut Option<String>, new: Option<String>| {
            if let Some(new) = new
                && old.as_ref().is_none_or(|old| new < *old)
            {
                *old = Some(new);
            }
        };
        least(&mut self.writes, place(&WRITES));
        least(&mut self.reads, place(&READS));
        least(&mut self.infers, place(&INFERS));
        for found in NAMED.captures_iter(bytes) {
            let name = found.iter().skip(1).flatten().next();
            let name = name.and_then(|name| std::str::from_utf8(name.as_bytes()).ok());
            if self.repositories.len() < MAX_REPOSITORIES {
                self.repositories.extend(name.map(str::to_string));
            }
        }
    }
}

struct Reader<'a>(&'a Mutex<Usage>);

impl Sink for Reader<'_> {
    fn worker(&self) -> Box<dyn Worker + '_> {
        Box::new(ReaderWorker(self.0))
    }
}

struct ReaderWorker<'a>(&'a Mutex<Usage>);

impl Worker for ReaderWorker<'_> {
    fn document(&mut self, document: Document<'_>) {
        let Content::Whole(bytes) = document.content else { return };
        if memchr::memchr(0, bytes).is_none() {
            let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            all.read(&document.path, bytes);
        }
    }

    fn skipped(&mut self, _: Skipped) {}

    fn is_stopped(&self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usage(text: &str) -> Usage {
        let mut usage = Usage::default();
        usage.read(&SourcePath::from_bytes("a.py"), text.as_bytes());
        usage
    }

    #[test]
    fn reads_and_writes_are_told_apart() {
        let reads = usage("x\nmodel = AutoModel.from_pretrained(\"o/r\")\n");
        assert_eq!(reads.reads.as_deref(), Some("a.py:2"));
        assert_eq!(reads.writes, None);
        assert!(reads.repositories.contains("o/r"));
        for text in [
            "api.upload_folder(folder_path='x')",
            "Args(push_to_hub=True)",
            "hf upload o/r .",
            "trainer.push_to_hub()",
        ] {
            assert!(usage(text).writes.is_some(), "{text}");
        }
        assert!(usage("InferenceClient()").infers.is_some());
        assert_eq!(usage("push_to_hub=False\ncommitted (x)"), Usage::default());
    }
}
