//! Writes reports and other output.

use super::{error::CliError, format_arg::FormatArg};
use crate::{
    language::{self, FileHead},
    model::SourcePath,
    report::{Report, Reporter, Style, Supplement, WantedFixes},
    scan::masked,
    source::temporary::TemporaryFile,
};
use std::{
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

/// Extensions of reports that are also those of a language.
const OF_REPORTS: [&str; 11] =
    ["csv", "htm", "html", "json", "jsonl", "md", "sarif", "txt", "xml", "yaml", "yml"];

/// One report to write.
pub struct Target {
    reporter: &'static dyn Reporter,
    /// The file; `None` for standard output.
    file: Option<PathBuf>,
}

impl Target {
    /// The reports in these formats. `output` is the file of a single report.
    ///
    /// # Errors
    /// Returns an error if two reports would be written to the same place, or one over source code.
    pub fn all(formats: &[FormatArg], output: Option<&Path>) -> Result<Vec<Self>, CliError> {
        let target =
            |format: &FormatArg| Self { reporter: format.reporter, file: format.file.clone() };
        let mut targets: Vec<Self> = formats.iter().map(target).collect();
        if let Some(file) = output {
            match &mut targets[..] {
                [Self { file: slot @ None, .. }] if file.as_os_str() != "-" => {
                    *slot = Some(file.to_path_buf())
                }
                [Self { file: None, .. }] => {}
                _ => return Err(CliError::OutputTwice),
            }
        }
        for (number, second) in targets.iter().enumerate() {
            let place = second.place();
            let Some(first) = targets[..number].iter().find(|first| first.place() == place) else {
                continue;
            };
            let file = second.file.clone();
            let (first, second) = (first.reporter.name().into(), second.reporter.name().into());
            return Err(match file {
                None => CliError::TwoOnStdout(first, second),
                Some(file) => CliError::TwoInFile { first, second, file },
            });
        }
        match targets.iter().filter_map(|one| one.file.as_deref()).find(|file| is_source(file)) {
            Some(file) => Err(CliError::OverSource(file.to_path_buf())),
            None => Ok(targets),
        }
    }

    /// The file in one spelling: `./a` is `a`.
    fn place(&self) -> Option<PathBuf> {
        let file = self.file.as_deref()?;
        Some(std::path::absolute(file).unwrap_or_else(|_| file.to_path_buf()))
    }

    /// `true` for a human-readable report on standard output.
    pub fn is_on_screen(&self) -> bool {
        self.file.is_none() && self.reporter.is_for_people()
    }

    /// `true` if findings carry the hash of their line.
    pub fn wants_line_hashes(&self) -> bool {
        self.reporter.wants_line_hashes()
    }

    /// `true` if the report lists suppressed findings.
    pub fn wants_suppressed(&self) -> bool {
        self.reporter.wants_suppressed()
    }

    /// The details of fixes that the report shows.
    pub fn wants_fixes(&self) -> WantedFixes {
        self.reporter.wants_fixes()
    }

    /// Writes the report; colour is used only on standard output.
    ///
    /// # Errors
    /// Returns an error if it cannot be written. A closed standard output is not an error.
    pub fn write(&self, report: Report<'_>) -> Result<(), CliError> {
        match &self.file {
            Some(path) => {
                let report = Report { style: Style { color: false, ..report.style }, ..report };
                write_file(path, |out| self.reporter.write(report, out))
                    .map_err(|error| CliError::Write { path: path.clone(), error })?;
            }
            None => write_stdout(|out| self.reporter.write(report, out))?,
        }
        match self.reporter.supplement() {
            Some(supplement) => append(supplement, report),
            None => Ok(()),
        }
    }
}

/// `true` for a file with content whose name is that of source code, in a language that no report is
/// written in. Other files are replaced, as a report of an earlier run must be.
fn is_source(file: &Path) -> bool {
    let path = SourcePath::from_path(file);
    let ending = path.extension().map(<[u8]>::to_ascii_lowercase).unwrap_or_default();
    language::identify(FileHead::of(&path, b"")).is_some()
        && !OF_REPORTS.iter().any(|known| known.as_bytes() == ending)
        && std::fs::metadata(file).is_ok_and(|found| found.is_file() && found.len() > 0)
}

/// Appends a format's supplement to the file that the environment names, unless the file would
/// become too large.
fn append(supplement: Supplement, report: Report<'_>) -> Result<(), CliError> {
    let Some(path) = std::env::var_os(supplement.variable).filter(|path| !path.is_empty()) else {
        return Ok(());
    };
    let path = PathBuf::from(path);
    let append = || {
        let mut file = std::fs::OpenOptions::new().append(true).create(true).open(&path)?;
        let taken = usize::try_from(file.metadata()?.len()).unwrap_or(usize::MAX);
        let room = supplement.max_file_bytes.saturating_sub(taken);
        let text = (supplement.text)(report, room);
        if text.len() <= room { file.write_all(text.as_bytes()) } else { Ok(()) }
    };
    append().map_err(|error| CliError::Write { path: path.clone(), error })
}

/// Prints a text to standard output.
///
/// # Errors
/// Returns an error if it cannot be written to.
pub fn print(text: &str) -> Result<(), CliError> {
    write_stdout(|out| out.write_all(text.as_bytes()))
}

/// Prints a text that may quote files or their names to standard output, with every secret masked.
///
/// # Errors
/// Returns an error if it cannot be written to.
pub fn print_masked(text: &str) -> Result<(), CliError> {
    print(&masked(text))
}

/// Writes to standard output. A reader that has closed it (`hfscan | head`) is not an error.
///
/// # Errors
/// Returns an error if it cannot be written to.
pub fn write_stdout(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), CliError> {
    let mut out = BufWriter::new(io::stdout().lock());
    match write(&mut out).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(CliError::Stdout(error)),
        _ => Ok(()),
    }
}

/// Writes a file atomically: to a temporary file beside it, which then replaces it. A device or a
/// pipe (`/dev/null`) is written to directly.
///
/// # Errors
/// Returns an error if it cannot be written.
pub fn write_file(
    path: &Path,
    write: impl FnOnce(&mut (dyn Write + Send)) -> io::Result<()>,
) -> io::Result<()> {
    if std::fs::metadata(path).is_ok_and(|found| !found.is_file()) {
        let mut out = BufWriter::new(std::fs::OpenOptions::new().write(true).open(path)?);
        write(&mut out)?;
        return out.flush();
    }
    let old = std::fs::metadata(path).ok();
    // Nobody else reads the new content of a private file before it has the permissions of the old.
    let file = match &old {
        Some(_) => TemporaryFile::beside(path)?,
        None => TemporaryFile::readable_beside(path)?,
    };
    let mut out = BufWriter::new(file.as_file());
    write(&mut out)?;
    out.flush()?;
    drop(out);
    if let Some(old) = old {
        file.as_file().set_permissions(old.permissions())?;
    }
    file.rename(path)
}
