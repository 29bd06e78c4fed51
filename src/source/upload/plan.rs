//! The files that an upload sends, by the rules of huggingface_hub 2.4.0.
//!
//! `HfApi.upload_folder`, `upload_file` and `sync_bucket`; the fields of [`UploadRequest`] are the
//! differences between them. `ci/upload-compare.py` compares the result with the real client.

use super::{
    filter::Filter,
    hosted::{Hosted, gitignore_note, repository_name},
    listing::{self, Entry, EntryKind},
};
use crate::{
    model::{
        SourcePath, Upload,
        tree::Passage,
        upload::{GitignoreUse, LeftOut, LeftOutBy, Refusal, UploadFile},
    },
    source::{SourceError, regular, root::Root},
};
use std::path::PathBuf;

/// Maximum size in bytes of a `README.md` or `.gitignore` that is read before the scan.
const MAX_TEXT: u64 = 16 << 20;
/// Number of files from which the Hub advises against a single repository.
const MANY_FILES: usize = 100_000;
/// Size in bytes from which the Hub advises against a single file.
const LARGE_FILE: u64 = 200_000_000_000;

/// An upload to inspect.
#[derive(Debug, Clone, Default)]
pub struct UploadRequest {
    /// The folder or file, relative to the working directory.
    pub local: PathBuf,
    /// The destination, as the user named it.
    pub destination: Option<String>,
    /// The folder in the repository that a folder is sent to, or the name of a single file.
    pub path_in_repo: Option<String>,
    /// `true` for a bucket.
    pub is_bucket: bool,
    /// Patterns of files to include; `None` includes all.
    pub include: Option<Vec<String>>,
    /// Patterns of files to exclude.
    pub exclude: Vec<String>,
    /// The lines of a filter file, for buckets.
    pub filter_rules: String,
    /// The `.gitignore` that the Hub already has.
    pub hosted_gitignore: Option<Vec<u8>>,
    /// `true` if a new repository is created as private.
    pub is_private: bool,
    /// `true` if the upload repeats until it is stopped.
    pub is_repeated: bool,
}

/// The files that an upload sends: the result for reports, and the data for the scan.
#[derive(Debug)]
pub struct Plan {
    /// The result.
    pub upload: Upload,
    /// The files to scan, sorted by path.
    pub files: Vec<Planned>,
    /// The folder that the paths of findings are relative to.
    pub root: Root,
    filter: Filter,
    /// `true` for a single file, to which no pattern applies.
    is_single: bool,
}

/// A file that is sent, whole or in part.
#[derive(Debug, Clone)]
pub struct Planned {
    /// Its path in findings.
    pub path: SourcePath,
    /// Its path on this machine.
    pub file: PathBuf,
    /// Its name relative to the uploaded folder.
    pub name: Vec<u8>,
    /// The part that is sent.
    pub passage: Passage,
}

impl Plan {
    /// Determines the files that are sent. Reads only the list of files, `README.md` and
    /// `.gitignore`.
    ///
    /// # Errors
    /// Returns an error if the folder or file does not exist.
    pub fn of(request: &UploadRequest) -> Result<Self, SourceError> {
        let of_io = |error| SourceError::Path { path: request.local.clone(), error };
        let cwd = std::env::current_dir().map_err(of_io)?;
        let local = cwd.join(&request.local);
        let is_single = !std::fs::metadata(&local).map_err(of_io)?.is_dir();
        let root = Root::of(&cwd, std::slice::from_ref(&request.local))?;
        let entries = match is_single {
            true => vec![listing::single(&local).map_err(of_io)?],
            false => listing::list(&local).map_err(of_io)?,
        };
        let include = request.include.as_deref();
        let filter = match (is_single, request.is_bucket) {
            (true, _) => Filter::of_bucket(None, &[], ""),
            (_, true) => Filter::of_bucket(include, &request.exclude, &request.filter_rules),
            (_, false) => Filter::of_repository(include, &request.exclude),
        };
        let upload = Upload {
            destination: request.destination.clone(),
            is_bucket: request.is_bucket,
            ..Upload::default()
        };
        let mut plan = Self { upload, files: Vec::new(), root, filter, is_single };
        plan.sort_out(request, &local, entries);
        plan.note(request, &local);
        Ok(plan)
    }

    /// The patterns of the upload; `None` for a single file.
    pub fn filter(&self) -> Option<&Filter> {
        (!self.is_single).then_some(&self.filter)
    }

    /// Decides for every entry if it is sent.
    fn sort_out(&mut self, request: &UploadRequest, local: &std::path::Path, entries: Vec<Entry>) {
        let has_gitignore = entries.iter().any(|entry| entry.name == b".gitignore");
        let mut chosen = Vec::new();
        for entry in entries {
            let path = self.path_of(local, &entry);
            let is_read = matches!(entry.kind, EntryKind::File { .. })
                || entry.kind == EntryKind::Special && request.is_bucket;
            let by = match entry.kind {
                EntryKind::Unreadable => Some(LeftOutBy::Unreadable),
                _ if !is_read => Some(LeftOutBy::NotAFile),
                _ => self.filter.leaves_out(&entry.name),
            };
            match by {
                Some(by) => self.upload.excluded.push(LeftOut { path, by }),
                None => {
                    let folder = request.path_in_repo.as_deref();
                    let name = match (request.is_bucket, self.is_single) {
                        (true, _) => Ok(entry.name.clone()),
                        (_, single) => repository_name(folder, &entry.name, single),
                    };
                    chosen.push((entry, path, name));
                }
            }
        }
        let sent = chosen
            .iter()
            .find(|(_, _, name)| !request.is_bucket && name.as_deref() == Ok(b".gitignore"))
            .map(|(entry, ..)| entry.file.clone());
        let (hosted, use_of) = match (sent, &request.hosted_gitignore) {
            (Some(file), _) => match regular::read(&file, MAX_TEXT) {
                Ok(bytes) => (Hosted::of(&bytes), GitignoreUse::Sent),
                Err(_) => (Hosted::default(), GitignoreUse::Sent),
            },
            (None, Some(bytes)) if !request.is_bucket => (Hosted::of(bytes), GitignoreUse::Hosted),
            _ if has_gitignore => (Hosted::default(), GitignoreUse::NotHeeded),
            _ => (Hosted::default(), GitignoreUse::None),
        };
        self.upload.gitignore = use_of;
        self.upload.notes.extend(hosted.unapplied.clone());
        for (entry, path, name) in chosen {
            self.choose(entry, path, name, &hosted);
        }
        self.upload.included.sort_unstable();
        self.upload.excluded.sort_unstable();
        self.upload.failures.sort_unstable();
        self.files.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    }

    /// Adds a file that the patterns include.
    fn choose(
        &mut self,
        entry: Entry,
        path: SourcePath,
        name: Result<Vec<u8>, Refusal>,
        hosted: &Hosted,
    ) {
        let refusal = match &name {
            Err(refusal) => Some(*refusal),
            Ok(name) => refusal_of(&entry, name, self.upload.is_bucket, self.is_single),
        };
        let (size, is_outside) = match entry.kind {
            EntryKind::File { size, is_outside } => (size, is_outside),
            _ => (0, false),
        };
        let passage = match (refusal, &name) {
            (Some(refusal), _) => Passage::Refused(refusal),
            (None, Ok(name)) if hosted.ignores(name) => Passage::Sample,
            _ if is_outside => Passage::FromOutside,
            _ => Passage::Whole,
        };
        match passage {
            Passage::Refused(refusal) => self.upload.failures.push((path.clone(), refusal)),
            Passage::Sample => {
                let by = LeftOutBy::Gitignore;
                self.upload.excluded.push(LeftOut { path: path.clone(), by });
            }
            Passage::Whole | Passage::FromOutside => {
                let name = SourcePath::from(&name.unwrap_or_default()[..]);
                self.upload.included.push(UploadFile { path: path.clone(), name, size });
            }
        }
        self.files.push(Planned { path, file: entry.file, name: entry.name, passage });
    }

    /// The path of an entry in findings.
    fn path_of(&self, local: &std::path::Path, entry: &Entry) -> SourcePath {
        let local = crate::source::root::normalised(local);
        match self.is_single {
            true => self.root.name_of(&local),
            false => {
                let folder = self.root.name_of(&local);
                let folder = match local == self.root.dir() {
                    true => SourcePath::default(),
                    false => folder,
                };
                SourcePath::from(&entry.name[..]).below(&folder)
            }
        }
    }

    /// Adds further notes.
    fn note(&mut self, request: &UploadRequest, local: &std::path::Path) {
        let upload = &mut self.upload;
        let mut notes = Vec::new();
        if !self.is_single {
            notes.extend(gitignore_note(upload, local, request.path_in_repo.as_deref()));
        }
        if !upload.is_bucket && !request.is_private {
            notes.push(
                "a repository that does not exist yet is made public, unless `--private` is \
                 given or the organisation's settings say otherwise"
                    .into(),
            );
        }
        if request.is_repeated {
            notes.push(
                "the upload is repeated: files added to the folder later are sent without a scan"
                    .into(),
            );
        }
        if upload.included.len() > MANY_FILES {
            notes.push(format!(
                "{} files: the Hub advises against more than {MANY_FILES} in one repository",
                upload.included.len()
            ));
        }
        for file in upload.included.iter().filter(|file| file.size > LARGE_FILE) {
            notes.push(format!(
                "`{}` is larger than 200 GB, which the Hub advises against",
                file.path
            ));
        }
        upload.notes.extend(notes);
    }
}

/// The reason why the client fails on this file; `None` if it sends it.
fn refusal_of(entry: &Entry, name: &[u8], is_bucket: bool, is_single: bool) -> Option<Refusal> {
    let is_text = !is_bucket && (name == b".gitignore" || entry.name == b"README.md" && !is_single);
    if std::str::from_utf8(name).is_err() {
        return Some(Refusal::NameNotUtf8);
    }
    match entry.kind {
        EntryKind::File { .. } => {}
        _ => return Some(Refusal::Special),
    }
    if std::fs::File::open(&entry.file).is_err() {
        return Some(Refusal::Unreadable);
    }
    let is_utf8 = || match regular::read(&entry.file, MAX_TEXT) {
        Ok(bytes) => std::str::from_utf8(&bytes).is_ok(),
        Err(_) => true,
    };
    (is_text && !is_utf8()).then_some(Refusal::TextNotUtf8)
}
