//! What is scanned.

use super::{args::ScanArgs, error::CliError, git};
use crate::{
    config::Settings,
    model::SourcePath,
    source::{
        Listed, Root, Source, Stdin, Walk, WalkOptions, WorkTree,
        git::GitOptions,
        root::{common_ancestor, normalised},
    },
};
use std::{
    io::Read,
    path::{Path, PathBuf},
};

/// What is scanned, before anything of it is read.
#[derive(Debug)]
pub struct Input {
    /// The working directory.
    pub cwd: PathBuf,
    kind: Kind,
    threads: usize,
}

#[derive(Debug)]
enum Kind {
    Paths(Vec<PathBuf>, Root),
    List(Vec<PathBuf>, Root),
    Stdin(String),
    /// The root, and the folder from which the configuration is looked for.
    Git(Root, PathBuf),
}

impl Input {
    /// What the arguments ask to scan.
    ///
    /// # Errors
    /// A path that is not there, or a list that cannot be read, or options that do not go
    /// together.
    pub fn of(args: &ScanArgs) -> Result<Self, CliError> {
        let cwd =
            std::env::current_dir().map_err(|error| CliError::Read { path: ".".into(), error })?;
        let cwd = normalised(&cwd);
        let threads =
            WalkOptions { threads: args.threads, ..WalkOptions::default() }.thread_count();
        let kind = if git::is_asked(&args.git) {
            // What git holds is named from the top of the work tree.
            let start = config_start(&cwd, &args.paths);
            let top = WorkTree::around(&start).map_or_else(|| start.clone(), |tree| tree.dir);
            Kind::Git(Root::of(&top, &[])?, start)
        } else if args.git.emit_replacements.is_some() {
            return Err(CliError::ReplacementsWithoutGit);
        } else if let Some(list) = &args.files_from {
            Kind::List(read_list(list)?, Root::of(&cwd, &[])?)
        } else if args.paths.iter().any(|path| path.as_os_str() == "-") {
            if args.paths.len() > 1 {
                return Err(CliError::StdinAndPaths);
            }
            Kind::Stdin(args.stdin_filename.clone())
        } else {
            let paths =
                if args.paths.is_empty() { vec![PathBuf::from(".")] } else { args.paths.clone() };
            let root = Root::of(&cwd, &paths)?;
            Kind::Paths(paths, root)
        };
        Ok(Self { cwd, kind, threads })
    }

    /// The folder that paths are relative to; standard input has none.
    pub fn root(&self) -> Option<&Root> {
        match &self.kind {
            Kind::Paths(_, root) | Kind::List(_, root) | Kind::Git(root, _) => Some(root),
            Kind::Stdin(_) => None,
        }
    }

    /// The folder from which the configuration is looked for, upwards.
    ///
    /// A folder that is named has its own say. Files have that of the working directory
    /// they are named from, so that a hook's batches of files all follow one configuration.
    pub fn config_start(&self) -> PathBuf {
        match &self.kind {
            Kind::Paths(paths, _) => config_start(&self.cwd, paths),
            Kind::Git(_, start) => start.clone(),
            Kind::List(..) | Kind::Stdin(_) => self.cwd.clone(),
        }
    }

    /// How many threads to use.
    pub fn threads(&self) -> usize {
        self.threads
    }

    /// Whether what is scanned are the files of a work tree.
    pub fn is_of_files(&self) -> bool {
        matches!(self.kind, Kind::Paths(..) | Kind::List(..))
    }

    /// What hands over the documents, and what a path in the report needs before it to be
    /// opened from here.
    ///
    /// # Errors
    /// If git cannot be read.
    pub fn into_source(
        self,
        args: &ScanArgs,
        settings: &mut Settings,
    ) -> Result<(Box<dyn Source>, String), CliError> {
        let prefix = self.root().map(|root| root.prefix().to_string()).unwrap_or_default();
        let exclude = std::mem::take(&mut settings.exclude);
        let (threads, max_file_bytes) = (self.threads, settings.max_file_bytes);
        let source: Box<dyn Source> = match self.kind {
            Kind::Paths(paths, root) => {
                let no_ignore = !settings.ignore_files;
                let options = WalkOptions { threads, exclude, no_ignore, max_file_bytes };
                Box::new(Walk::new(root, paths, options))
            }
            Kind::List(files, root) => {
                Box::new(Listed { root, files, exclude, max_file_bytes, threads })
            }
            Kind::Stdin(name) => {
                Box::new(Stdin { path: SourcePath::from_bytes(name), max_file_bytes })
            }
            Kind::Git(..) => {
                let author_email = settings.author_email;
                let options = GitOptions { threads, exclude, max_file_bytes, author_email };
                return git::source(args, &self.cwd, options);
            }
        };
        Ok((source, prefix))
    }
}

/// The folder from which the configuration for these paths is looked for, upwards.
pub fn config_start(cwd: &Path, paths: &[PathBuf]) -> PathBuf {
    let start = |path: &PathBuf| {
        let path = normalised(&cwd.join(path));
        match path.parent() {
            _ if path.is_dir() => path,
            Some(_) if path.starts_with(cwd) => cwd.to_path_buf(),
            Some(parent) => parent.to_path_buf(),
            None => path,
        }
    };
    let starts = paths.iter().map(start);
    starts.reduce(|a, b| common_ancestor(&a, &b)).unwrap_or_else(|| cwd.to_path_buf())
}

/// File names, one a line, or separated by NUL if there is one.
fn read_list(list: &Path) -> Result<Vec<PathBuf>, CliError> {
    let mut bytes = Vec::new();
    let read = if list.as_os_str() == "-" {
        std::io::stdin().lock().read_to_end(&mut bytes).map(drop)
    } else {
        std::fs::read(list).map(|read| bytes = read)
    };
    read.map_err(|error| CliError::Read { path: list.to_path_buf(), error })?;
    let separator = if memchr::memchr(0, &bytes).is_some() { 0 } else { b'\n' };
    let names = bytes.split(|byte| *byte == separator);
    let names =
        names.map(
            |name| if separator == b'\n' { name.strip_suffix(b"\r").unwrap_or(name) } else { name },
        );
    Ok(names.filter(|name| !name.is_empty()).map(path_of).collect())
}

fn path_of(bytes: &[u8]) -> PathBuf {
    use bstr::ByteSlice;
    bytes
        .to_path()
        .map_or_else(|_| PathBuf::from(bytes.to_str_lossy().into_owned()), Path::to_path_buf)
}
