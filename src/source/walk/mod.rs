//! The files below some folders, found and read in parallel.

mod options;
mod shared;
mod unmet;
mod visitor;

pub use options::WalkOptions;

use super::{
    SourceError,
    document::{Content, Sink, Source},
    reader::FileReader,
    root::{Root, normalised},
};
use crate::model::{Outcome, SourcePath, TreeFile, Warning};
use ignore::WalkBuilder;
use options::Excluded;
use shared::{Shared, lock};
use std::{collections::HashSet, path::PathBuf, sync::Mutex};
use unmet::scan_unmet;
use visitor::Visitor;

/// Maximum size in bytes of a file that a check over the whole tree reads.
const MAX_SMALL: u64 = 1 << 20;

/// The files below some folders, and files named one by one.
///
/// Hidden files are read. `.gitignore`, `.ignore` and `.hfscanignore` apply below the folders, but
/// a file that git tracks, or that is named explicitly, is always read. A file that `exclude`
/// matches is never read, even if it is named explicitly.
#[derive(Debug)]
pub struct Walk {
    root: Root,
    paths: Vec<PathBuf>,
    options: WalkOptions,
    noted: Mutex<Vec<TreeFile>>,
    excluded: Mutex<Excluded>,
}

impl Walk {
    /// A walk over `paths`, named relative to `root`.
    pub fn new(root: Root, paths: Vec<PathBuf>, options: WalkOptions) -> Self {
        let (noted, excluded) = (Mutex::default(), Mutex::default());
        Self { root, paths, options, noted, excluded }
    }

    /// A walk over `paths` with the default options. Names are relative to the working
    /// directory, or to the nearest folder that contains all of `paths`.
    ///
    /// # Errors
    /// Returns an error for a path that does not exist.
    pub fn of<P: Into<PathBuf>>(paths: impl IntoIterator<Item = P>) -> Result<Self, SourceError> {
        let paths: Vec<PathBuf> = paths.into_iter().map(Into::into).collect();
        let cwd = std::env::current_dir();
        let cwd = cwd.map_err(|error| SourceError::Path { path: ".".into(), error })?;
        Ok(Self::new(Root::of(&cwd, &paths)?, paths, WalkOptions::default()))
    }

    fn builder(&self) -> Option<WalkBuilder> {
        // A path given twice is read once.
        let mut known = HashSet::new();
        let mut paths = self.absolute().filter(|path| known.insert(path.clone()));
        let mut builder = WalkBuilder::new(paths.next()?);
        paths.for_each(|path| {
            builder.add(path);
        });
        builder
            // The walker skips dotfiles by default, but `.env` must be scanned.
            .hidden(false)
            .threads(self.options.thread_count())
            // The walker would follow links, wait for a FIFO, and read endless files, so
            // `IgnoreFiles` reads ignore files instead.
            .standard_filters(false);
        Some(builder)
    }

    /// The paths as absolute ones.
    fn absolute(&self) -> impl Iterator<Item = PathBuf> {
        let cwd = std::env::current_dir().unwrap_or_else(|_| self.root.dir().to_path_buf());
        self.paths.iter().map(move |path| normalised(&cwd.join(path)))
    }
}

impl Source for Walk {
    fn run(&self, sink: &dyn Sink) -> Result<(), SourceError> {
        let Some(builder) = self.builder() else { return Ok(()) };
        let shared = Shared::new(&self.root, &self.options, self.absolute());
        builder.build_parallel().run(|| {
            let reader = shared.reader().that_show_ends(shared.ends_show);
            let mut visitor = Visitor::new(&shared, sink.worker(), reader);
            Box::new(move |entry| visitor.visit(entry))
        });
        let tracked = scan_unmet(&shared, sink);
        *lock(&self.noted) = shared.noted_files(tracked);
        *lock(&self.excluded) = std::mem::take(&mut *lock(&shared.excluded));
        Ok(())
    }

    fn attribute(&self, outcome: &mut Outcome) -> Result<(), SourceError> {
        let excluded = lock(&self.excluded);
        outcome.excluded += excluded.count;
        // In a part of the tree, the other globs may match nothing.
        let is_whole = self.options.exclude.folder().is_empty()
            && self.absolute().any(|path| path == self.root.dir());
        if !is_whole || outcome.interrupted {
            return Ok(());
        }
        let globs = self.options.exclude.sources().iter().enumerate();
        for (_, glob) in globs.filter(|(number, _)| !excluded.used.contains(number)) {
            outcome.warnings.push(Warning {
                path: SourcePath::from_bytes("."),
                place: None,
                message: format!("the glob `{glob}` of `exclude` matches nothing"),
            });
        }
        Ok(())
    }

    fn files_of_note(&self) -> Vec<TreeFile> {
        lock(&self.noted).clone()
    }

    fn read_small(&self, path: &SourcePath) -> Option<Vec<u8>> {
        let path = self.root.dir().join(path.to_path());
        match FileReader::new(Some(MAX_SMALL)).read(&path) {
            Ok(Content::Whole(bytes)) => Some(bytes.to_vec()),
            _ => None,
        }
    }
}
