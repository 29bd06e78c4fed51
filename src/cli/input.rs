//! The input of a scan, not yet opened.

use super::{
    error::CliError, git::GitInput, input_args::InputArgs, surroundings::working_directory,
};
use crate::{
    config::Reading,
    model::SourcePath,
    source::{
        Listed, Root, Source, Stdin, Walk, WalkOptions, WorkTree,
        git::GitOptions,
        root::{common_ancestor, normalised},
        upload::{Outgoing, Plan},
    },
};
use std::{
    collections::HashSet,
    io::Read,
    path::{Path, PathBuf},
    sync::Arc,
};

/// The input of a scan, not yet opened.
#[derive(Debug)]
pub struct Input {
    /// The working directory.
    pub cwd: PathBuf,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    /// Files and folders.
    Paths(Vec<PathBuf>, Root),
    /// Files named in a list.
    List(Vec<PathBuf>, Root),
    /// Standard input, with this file name.
    Stdin(String),
    /// Git objects.
    Git {
        root: Root,
        /// The folder from which the configuration is searched.
        start: PathBuf,
        what: GitInput,
    },
    /// The files of an upload.
    Upload(Arc<Plan>),
    /// Files and discussions of the Hub.
    #[cfg(feature = "online")]
    Hub(Arc<crate::online::hub::HubSource>),
}

impl Input {
    /// The input that the arguments select.
    ///
    /// # Errors
    /// Returns an error for a path that does not exist, a list that cannot be read, and conflicting
    /// options.
    pub fn of(args: InputArgs) -> Result<Self, CliError> {
        let cwd = working_directory()?;
        let InputArgs { paths, files_from, stdin_filename, work: _, git } = args;
        let kind = if git.is_asked() {
            // Git objects have paths relative to the top of the work tree.
            let start = config_start(&cwd, &paths);
            let top = WorkTree::around(&start).map_or_else(|| start.clone(), |tree| tree.dir);
            Kind::Git { root: Root::of(&top, &[])?, start, what: GitInput::of(git, paths)? }
        } else if let Some(list) = files_from {
            let mut known = HashSet::new();
            let mut files = read_list(&list)?;
            files.retain(|file| known.insert(normalised(file)));
            Kind::List(files, Root::of(&cwd, &[])?)
        } else if paths.iter().any(|path| path.as_os_str() == "-") {
            if paths.len() > 1 {
                return Err(CliError::StdinAndPaths);
            }
            Kind::Stdin(stdin_filename)
        } else {
            let paths = if paths.is_empty() { vec![PathBuf::from(".")] } else { paths };
            let root = Root::of(&cwd, &paths)?;
            Kind::Paths(paths, root)
        };
        Ok(Self { cwd, kind })
    }

    /// The files of an upload.
    ///
    /// # Errors
    /// Returns an error if the working directory cannot be read.
    pub fn of_upload(plan: Arc<Plan>) -> Result<Self, CliError> {
        Ok(Self { cwd: working_directory()?, kind: Kind::Upload(plan) })
    }

    /// Files and discussions of the Hub.
    ///
    /// # Errors
    /// Returns an error if the working directory cannot be read.
    #[cfg(feature = "online")]
    pub fn of_hub(source: Arc<crate::online::hub::HubSource>) -> Result<Self, CliError> {
        Ok(Self { cwd: working_directory()?, kind: Kind::Hub(source) })
    }

    /// The folder that reported paths are relative to; `None` for standard input.
    pub fn root(&self) -> Option<&Root> {
        match &self.kind {
            Kind::Paths(_, root) | Kind::List(_, root) | Kind::Git { root, .. } => Some(root),
            Kind::Upload(plan) => Some(&plan.root),
            Kind::Stdin(_) => None,
            #[cfg(feature = "online")]
            Kind::Hub(_) => None,
        }
    }

    /// The folder from which the configuration is searched, upwards.
    ///
    /// A single folder argument uses its own configuration. Files use that of the working
    /// directory, so that all batches of files that a hook passes have the same one.
    pub fn config_start(&self) -> PathBuf {
        match &self.kind {
            Kind::Paths(paths, _) => config_start(&self.cwd, paths),
            Kind::Git { start, .. } => start.clone(),
            Kind::Upload(plan) => config_start(&self.cwd, &[plan.root.dir().to_path_buf()]),
            Kind::List(..) | Kind::Stdin(_) => self.cwd.clone(),
            #[cfg(feature = "online")]
            Kind::Hub(_) => self.cwd.clone(),
        }
    }

    /// The path arguments; empty means everything.
    pub fn paths(&self) -> &[PathBuf] {
        match &self.kind {
            Kind::Paths(paths, _) | Kind::List(paths, _) => paths,
            Kind::Git { what, .. } => &what.paths,
            Kind::Stdin(_) | Kind::Upload(_) => &[],
            #[cfg(feature = "online")]
            Kind::Hub(_) => &[],
        }
    }

    /// `true` if files of a work tree are scanned: a platform can then compare line numbers with
    /// its own copy.
    pub fn is_of_files(&self) -> bool {
        match self.kind {
            Kind::Paths(..) | Kind::List(..) | Kind::Upload(_) => true,
            Kind::Stdin(_) | Kind::Git { .. } => false,
            #[cfg(feature = "online")]
            Kind::Hub(_) => false,
        }
    }

    /// `true` if the input is a folder, git objects or standard input, so that configuration files
    /// in subfolders apply.
    pub fn is_local(&self) -> bool {
        match self.kind {
            Kind::Paths(..) | Kind::List(..) | Kind::Stdin(_) | Kind::Git { .. } => true,
            Kind::Upload(_) => false,
            #[cfg(feature = "online")]
            Kind::Hub(_) => false,
        }
    }

    /// `true` if git objects are scanned.
    pub fn is_of_git(&self) -> bool {
        matches!(self.kind, Kind::Git { .. })
    }

    /// `true` if all of git's history is scanned.
    pub fn is_of_all_history(&self) -> bool {
        matches!(&self.kind, Kind::Git { what, .. } if what.is_all_history())
    }

    /// Opens the input. Also returns the prefix that makes a reported path valid from the working
    /// directory.
    ///
    /// # Errors
    /// Returns an error if git cannot be read.
    pub fn into_source(
        self,
        reading: Reading,
        threads: usize,
    ) -> Result<(Box<dyn Source>, String), CliError> {
        let prefix = self.root().map(|root| root.prefix().to_string()).unwrap_or_default();
        let Reading { exclude, ignore, max_file_bytes, author_email } = reading;
        let source: Box<dyn Source> = match self.kind {
            Kind::Paths(paths, root) => {
                let options = WalkOptions { threads, exclude, ignore, max_file_bytes };
                Box::new(Walk::new(root, paths, options))
            }
            Kind::List(files, root) => {
                Box::new(Listed { root, files, exclude, max_file_bytes, threads })
            }
            Kind::Stdin(name) => {
                Box::new(Stdin { path: SourcePath::from_bytes(name), max_file_bytes })
            }
            #[cfg(feature = "online")]
            Kind::Hub(source) => Box::new(source),
            Kind::Upload(plan) => Box::new(Outgoing { plan, max_file_bytes, threads }),
            Kind::Git { what, .. } => {
                let options = GitOptions { threads, exclude, max_file_bytes, author_email };
                return what.into_source(&self.cwd, options);
            }
        };
        Ok((source, prefix))
    }
}

/// The folder from which the configuration for these paths is searched, upwards.
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

/// The file names in a list, one per line, or separated by NUL if it contains one.
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
