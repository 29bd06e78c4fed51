//! `hfscan redact`: replaces credentials in files.

use super::{
    error::CliError,
    output::{print, write_file},
    project,
    redact_args::{FileFormat, RedactArgs},
    status::{CLEAN, FOUND},
    surroundings::now,
};
use crate::{
    model::{SourcePath, escaped},
    redact::{
        Columns, Replaced, Replacement,
        files::{FileJob, Format, Place, Totals, redact_file},
    },
    report::counted,
    scan::{Masker, Scanner},
    source::temporary::TemporaryFile,
};
use serde_json::json;
use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs::File,
    io::{self, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

/// Redacts files, and prints the numbers of replacements.
///
/// # Errors
/// Returns an error for invalid arguments, and for a file that cannot be redacted; files before it
/// are written, that file and later ones are not.
pub fn run(args: RedactArgs) -> Result<ExitCode, CliError> {
    let (config, _) =
        project::config_at(Path::new("."), args.config.clone(), args.rules.layer.clone())?;
    let mut settings = config.settings;
    settings.min_confidence = args.min_confidence;
    settings.now = Some(now());
    let scanner = Scanner::new(settings)?;
    let job = FileJob {
        scanner: &scanner,
        replacement: replacement(&args)?,
        replacement_name: args.with.clone().unwrap_or_else(|| "<{rule}>".into()),
        columns: Columns::new(&args.columns),
        name: args.value_name.clone(),
    };
    let targets = targets(&args)?;
    let mut places = PlaceWriter::new(&args, Masker::new(&scanner))?;
    let (mut summary, mut replaced) = (String::new(), 0);
    for (file, target) in &targets {
        places.file = places.names.masked(&SourcePath::from_path(file).to_string());
        places.by_rule.clear();
        let format = args.file_format.map_or_else(|| Format::of(&SourcePath::from_path(file)), of);
        let totals = redact(file, target.as_deref(), format, &job, &mut places)?;
        replaced += totals.replaced;
        let line = line(&places, totals, target.as_deref());
        let _ = writeln!(summary, "{}", places.names.masked(&line));
    }
    places.finish(&args)?;
    if args.places.as_deref() != Some(Path::new("-")) {
        print(&summary)?;
    }
    let is_dry = targets.iter().all(|(_, target)| target.is_none());
    Ok(if is_dry && replaced > 0 { FOUND.into() } else { CLEAN.into() })
}

/// Redacts one file into another; without a target, only counts.
fn redact(
    file: &Path,
    target: Option<&Path>,
    format: Format,
    job: &FileJob<'_>,
    places: &mut PlaceWriter<'_>,
) -> Result<Totals, CliError> {
    let read = |error| CliError::Read { path: file.to_path_buf(), error };
    let wrong = |error| CliError::Redact { path: file.to_path_buf(), error };
    let input = File::open(file).map_err(read)?;
    let mut found = |place: &Place, one: &Replaced| places.add(place, one);
    let Some(target) = target else {
        return redact_file(format, input, &mut io::sink(), job, &mut found).map_err(wrong);
    };
    let mut result = Ok(Totals::default());
    let written = write_file(target, |out| {
        result = redact_file(format, input, out, job, &mut found);
        match &result {
            Ok(_) => Ok(()),
            Err(_) => Err(io::Error::other("the file cannot be redacted")),
        }
    });
    let totals = result.map_err(wrong)?;
    written.map_err(|error| CliError::Write { path: target.to_path_buf(), error })?;
    Ok(totals)
}

/// Each input file with its output file; `None` if nothing is written.
fn targets(args: &RedactArgs) -> Result<Vec<(PathBuf, Option<PathBuf>)>, CliError> {
    let files = args.files.iter().cloned();
    if args.in_place {
        return files.map(|file| Ok((file.clone(), Some(replaceable(file)?)))).collect();
    }
    let Some(to) = &args.to else { return Ok(files.map(|file| (file, None)).collect()) };
    let ends_in_separator = to.to_string_lossy().ends_with(std::path::is_separator);
    let is_folder = to.is_dir() || ends_in_separator || args.files.len() > 1;
    if !is_folder {
        return Ok(files.map(|file| (file, Some(to.clone()))).collect());
    }
    std::fs::create_dir_all(to).map_err(|error| CliError::Write { path: to.clone(), error })?;
    let mut taken: BTreeMap<PathBuf, PathBuf> = BTreeMap::new();
    let mut targets = Vec::new();
    for file in files {
        let target = to.join(file.file_name().unwrap_or(file.as_os_str()));
        if let Some(first) = taken.insert(target.clone(), file.clone()) {
            return Err(CliError::SameTarget { first, second: file, target });
        }
        targets.push((file, Some(target)));
    }
    Ok(targets)
}

/// A file that `--in-place` can replace. A link is refused: the file that it names, such as one in a
/// cache of downloads, would keep its credentials.
fn replaceable(file: PathBuf) -> Result<PathBuf, CliError> {
    let refused = |reason: &str| {
        let error = io::Error::other(format!("{reason}; use `--to`"));
        Err(CliError::Write { path: file.clone(), error })
    };
    match std::fs::symlink_metadata(&file) {
        Ok(found) if found.is_symlink() => refused("it is a symbolic link"),
        #[cfg(unix)]
        Ok(found) if std::os::unix::fs::MetadataExt::nlink(&found) > 1 => {
            refused("it has several names (hard links), of which only one would change")
        }
        _ => Ok(file),
    }
}

/// The replacement text for credentials.
fn replacement(args: &RedactArgs) -> Result<Replacement, CliError> {
    let key = match &args.key_file {
        Some(path) => {
            let key = std::fs::read(path)
                .map_err(|error| CliError::Read { path: path.clone(), error })?;
            Some(key.trim_ascii_end().to_vec())
        }
        None => None,
    };
    let replacement = match (args.with.as_deref(), key) {
        (with, Some(key)) => Replacement::keyed(with, &key),
        (Some("same-length"), None) => Ok(Replacement::same_length()),
        (Some(template), None) => Replacement::template(template),
        (None, None) => Ok(Replacement::default()),
    };
    replacement.map_err(CliError::Replacement)
}

fn of(format: FileFormat) -> Format {
    match format {
        FileFormat::Parquet => Format::Parquet,
        FileFormat::Jsonl => Format::JsonLines,
        FileFormat::Csv => Format::Separated(b','),
        FileFormat::Tsv => Format::Separated(b'\t'),
        FileFormat::Arrow => Format::Arrow,
        FileFormat::Text => Format::Text,
    }
}

/// The summary line of a file.
fn line(places: &PlaceWriter<'_>, totals: Totals, target: Option<&Path>) -> String {
    let Totals { rows, replaced, malformed } = totals;
    let mut text = format!("{}: {}, ", places.file, counted(rows as u64, "row"));
    let verb = if target.is_some() { "replaced" } else { "found" };
    let _ = write!(text, "{} {verb}", counted(replaced, "credential"));
    if replaced > 0 {
        let rules = places.by_rule.iter();
        let rules: Vec<String> = rules.map(|(rule, count)| format!("{count} {rule}")).collect();
        let _ = write!(text, " ({})", rules.join(", "));
    }
    if malformed > 0 {
        let _ = write!(text, ", {} not JSON and read as text", counted(malformed, "line"));
    }
    if let Some(target) = target {
        let _ = write!(text, ", written to {}", SourcePath::from_path(target));
    }
    text
}

/// Collects the replaced spans: counts them, and writes them if `--places` is given.
struct PlaceWriter<'s> {
    /// Masks file and column names: a JSON key may be a token.
    names: Masker<'s>,
    file: String,
    by_rule: BTreeMap<String, u64>,
    out: Option<Box<dyn Write>>,
    /// `true` if spans are printed as text.
    is_text: bool,
    /// The temporary file of the list, renamed on success.
    temporary: Option<TemporaryFile>,
    error: Option<io::Error>,
}

impl<'s> PlaceWriter<'s> {
    fn new(args: &RedactArgs, names: Masker<'s>) -> Result<Self, CliError> {
        let is_dry = args.to.is_none() && !args.in_place;
        let (mut out, mut temporary): (Option<Box<dyn Write>>, _) = (None, None);
        match &args.places {
            Some(path) if path.as_os_str() != "-" => {
                let write = |error| CliError::Write { path: path.clone(), error };
                let file = TemporaryFile::beside(path).map_err(write)?;
                out =
                    Some(Box::new(io::BufWriter::new(file.as_file().try_clone().map_err(write)?)));
                temporary = Some(file);
            }
            Some(_) => out = Some(Box::new(io::BufWriter::new(io::stdout()))),
            None if is_dry => out = Some(Box::new(io::BufWriter::new(io::stdout()))),
            None => {}
        }
        let (file, by_rule) = (String::new(), BTreeMap::new());
        let is_text = args.places.is_none();
        Ok(Self { names, file, by_rule, out, is_text, temporary, error: None })
    }

    fn add(&mut self, place: &Place, one: &Replaced) {
        *self.by_rule.entry(one.rule.to_string()).or_default() += 1;
        let Some(out) = &mut self.out else { return };
        let cell = &place.cell;
        let is_in_column = !cell.steps.is_empty();
        let column = is_in_column.then(|| self.names.masked(&cell.column()));
        let path = is_in_column.then(|| self.names.masked(&cell.path()));
        if self.is_text {
            let path = path.map(|path| format!(", {path}"));
            let written = writeln!(
                out,
                "{}: row {}{}, bytes {} to {}: {} ({})",
                self.file,
                cell.row,
                escaped(path.unwrap_or_default().as_bytes()),
                one.span.start,
                one.span.end,
                one.rule,
                one.masked
            );
            self.error = self.error.take().or(written.err());
            return;
        }
        let record = json!({
            "file": self.file,
            "row_group": place.row_group,
            "row": cell.row,
            "column": column,
            "path": path,
            "start": one.span.start,
            "end": one.span.end,
            "rule": &*one.rule,
            "severity": one.severity,
            "confidence": one.confidence,
            "masked": one.masked,
            "secret_id": one.secret_id,
        });
        if let Err(error) = writeln!(out, "{record}") {
            self.error.get_or_insert(error);
        }
    }

    fn finish(mut self, args: &RedactArgs) -> Result<(), CliError> {
        let flushed = self.out.take().map_or(Ok(()), |mut out| out.flush());
        let written = self.error.take().map_or(flushed, Err);
        let (Some(path), Err(error)) = (&args.places, written) else {
            return match (self.temporary, &args.places) {
                (Some(file), Some(path)) => {
                    file.rename(path).map_err(|error| CliError::Write { path: path.clone(), error })
                }
                _ => Ok(()),
            };
        };
        Err(CliError::Write { path: path.clone(), error })
    }
}
