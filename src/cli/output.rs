//! Where reports go.

use super::{args::FormatArg, error::CliError};
use crate::report::{Report, Reporter, Style, Supplement, reporter};
use std::{
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

/// One report to write.
pub struct Target {
    reporter: &'static dyn Reporter,
    /// The file; standard output without.
    file: Option<PathBuf>,
}

impl Target {
    /// The reports in these formats, the only one of which goes to the file `output`.
    ///
    /// # Errors
    /// If two reports would go to one place.
    pub fn all(formats: &[FormatArg], output: Option<&Path>) -> Result<Vec<Self>, CliError> {
        let mut targets: Vec<Self> = formats
            .iter()
            .filter_map(|format| {
                Some(Self { reporter: reporter(&format.name)?, file: format.file.clone() })
            })
            .collect();
        if let Some(file) = output {
            match &mut targets[..] {
                [Self { file: slot @ None, .. }] if file.as_os_str() != "-" => {
                    *slot = Some(file.to_path_buf())
                }
                [Self { file: None, .. }] => {}
                _ => return Err(CliError::OutputTwice),
            }
        }
        let mut on_stdout = targets.iter().filter(|target| target.file.is_none());
        if let (Some(first), Some(second)) = (on_stdout.next(), on_stdout.next()) {
            return Err(CliError::TwoOnStdout(
                first.reporter.name().into(),
                second.reporter.name().into(),
            ));
        }
        Ok(targets)
    }

    /// Whether a person reads it on standard output.
    pub fn is_on_screen(&self) -> bool {
        self.file.is_none() && self.reporter.is_for_people()
    }

    /// Whether findings are to bear the hash of their line.
    pub fn wants_line_hashes(&self) -> bool {
        self.reporter.wants_line_hashes()
    }

    /// Writes the report. In a file, and for machines, there is no colour.
    ///
    /// # Errors
    /// If it cannot be written. A reader of standard output that has gone is none.
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

/// Appends what a format has to say besides to the file that the environment names, as
/// far as there is room for it in that file.
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

/// Writes to standard output. A reader that has gone (`hfscan | head`) is no error.
///
/// # Errors
/// If it cannot be written to.
pub fn write_stdout(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), CliError> {
    let mut out = BufWriter::new(io::stdout().lock());
    match write(&mut out).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(CliError::Stdout(error)),
        _ => Ok(()),
    }
}

/// Writes a file whole or not at all: beside its place first, then moved there.
///
/// What is no regular file (`/dev/null`, a pipe) is written to as it is.
///
/// # Errors
/// Those of writing.
pub fn write_file(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    if std::fs::metadata(path).is_ok_and(|found| !found.is_file()) {
        let mut out = BufWriter::new(std::fs::OpenOptions::new().write(true).open(path)?);
        write(&mut out)?;
        return out.flush();
    }
    let folder =
        path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".hfscan-");
    // A report is to be read by others, as any file is; the umask still has its say.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(folder)?;
    let mut out = BufWriter::new(file.as_file_mut());
    write(&mut out)?;
    out.flush()?;
    drop(out);
    file.persist(path)?;
    Ok(())
}
