//! Preserves removed secrets that are in no commit, or deletes them on request.

use super::{file::WorkFile, places::Places, work::Work, write};
use crate::{
    cli::{error::CliError, examined::Examined, fix_choice::FixChoice, prompt::typed_answer},
    fix::Names,
    model::{Finding, Secret},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

/// The result for secrets that are in no commit.
#[derive(Debug, Default)]
pub struct Kept {
    /// The file, and the variables added to it.
    pub file: Option<(PathBuf, Vec<String>)>,
    /// Number of deleted secrets.
    pub discarded: usize,
}

/// Removed secrets that exist nowhere else.
pub struct Endangered(BTreeSet<Vec<u8>>);

/// The variables defined in the file.
///
/// # Errors
/// Returns an error if it cannot be read.
pub fn names(file: Option<&Path>) -> Result<Names, CliError> {
    Ok(Names::known(file.map_or(Ok(Vec::new()), entries)?))
}

/// The entries of an env file; none if it does not exist.
fn entries(file: &Path) -> Result<Vec<(String, Vec<u8>)>, CliError> {
    if std::fs::symlink_metadata(file).is_err() {
        return Ok(Vec::new());
    }
    let read = WorkFile::read(file);
    let read = read.map_err(|why| CliError::Keep { file: file.to_path_buf(), why })?;
    let lines = read.bytes.split(|byte| *byte == b'\n');
    let entry = |line: &[u8]| {
        let line = line.trim_ascii();
        let line = line.strip_prefix(b"export ").unwrap_or(line);
        let at = memchr::memchr(b'=', line)?;
        let name = std::str::from_utf8(&line[..at]).ok()?.trim().to_string();
        let value = line[at + 1..].trim_ascii();
        let unquoted = [b'"', b'\'']
            .iter()
            .find_map(|quote| value.strip_prefix(&[*quote])?.strip_suffix(&[*quote]));
        Some((name, unquoted.unwrap_or(value).to_vec()))
    };
    Ok(lines.filter(|line| !line.starts_with(b"#")).filter_map(entry).collect())
}

impl Endangered {
    /// The secrets that the fixes remove and that neither git nor another file contains.
    pub fn of(work: &Work, examined: &Examined) -> Self {
        let places = Places::of(examined);
        let mut removed: BTreeSet<Vec<u8>> = BTreeSet::new();
        let mut safe: BTreeSet<Vec<u8>> = BTreeSet::new();
        let mut touched: BTreeSet<&[u8]> = BTreeSet::new();
        for changed in &work.changed {
            let file = places.file(&changed.path);
            touched.insert(changed.path.as_bytes());
            for secret in changed.result.fixed.iter().filter_map(|one| one.secret.as_ref()) {
                let is_known = places.has(&file, secret);
                let set = if is_known { &mut safe } else { &mut removed };
                set.insert(secret.expose().to_vec());
            }
            safe.extend(secrets_of(changed.result.left.iter()).iter().map(|one| one.to_vec()));
        }
        for (change, fixed) in &work.files {
            let crate::model::FileChange::Delete { path } = change else { continue };
            let file = places.file(path);
            touched.insert(path.as_bytes());
            if let Some(secret) = &fixed.secret {
                let is_known = places.has(&file, secret);
                let set = if is_known { &mut safe } else { &mut removed };
                set.insert(secret.expose().to_vec());
            }
        }
        let untouched = examined
            .outcome
            .findings
            .iter()
            .filter(|one| !touched.contains(one.location.path.as_bytes()));
        safe.extend(secrets_of(untouched).iter().map(|one| one.to_vec()));
        Self(removed.difference(&safe).cloned().collect())
    }

    /// Writes them to a file, deletes them, or asks the user.
    ///
    /// # Errors
    /// Returns an error if no option or answer decides, and if they cannot be written.
    pub fn settle(
        self,
        choice: &FixChoice,
        names: &Names,
        examined: &Examined,
    ) -> Result<Kept, CliError> {
        if self.0.is_empty() {
            return Ok(Kept::default());
        }
        if choice.discard {
            return Ok(Kept { file: None, discarded: self.0.len() });
        }
        let file = match &choice.keep {
            Some(file) => Some(file.clone()),
            None => self.ask()?,
        };
        match file {
            Some(file) => self.keep(&file, names, examined),
            None => Ok(Kept { file: None, discarded: self.0.len() }),
        }
    }

    fn masked(&self) -> String {
        let masked = self.0.iter().map(|one| Secret::new(one.clone()).masked());
        let mut masked: Vec<String> = masked.take(8).collect();
        if self.0.len() > masked.len() {
            masked.push(format!("and {} more", self.0.len() - masked.len()));
        }
        masked.join(", ")
    }

    /// Asks the user: returns the file to write them to, or `None` to delete them.
    fn ask(&self) -> Result<Option<PathBuf>, CliError> {
        let count = self.0.len();
        let refused = || CliError::SecretsLost { count, masked: self.masked() };
        let question = format!(
            "No commit contains {count} of the secrets ({}). [k]eep in .env, [d]iscard, or do [n]othing?",
            self.masked()
        );
        match typed_answer(&question).unwrap_or_default().to_lowercase().as_str() {
            "k" | "keep" => Ok(Some(PathBuf::from(".env"))),
            "d" | "discard" => Ok(None),
            _ => Err(refused()),
        }
    }

    fn keep(&self, file: &Path, names: &Names, examined: &Examined) -> Result<Kept, CliError> {
        let failed = |why: &str| CliError::Keep { file: file.to_path_buf(), why: why.into() };
        let known: BTreeMap<String, Vec<u8>> = entries(file)?.into_iter().collect();
        let mut lines = Vec::new();
        let mut added = Vec::new();
        for secret in &self.0 {
            let name = names.variable(secret).ok_or_else(|| failed("a secret has no name"))?;
            let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"_./+=:@-".contains(byte);
            if !secret.iter().all(is_plain) {
                return Err(failed("a secret has characters that such files read differently"));
            }
            match known.get(name) {
                Some(value) if value == secret => continue,
                Some(_) => return Err(failed(&format!("it has another `{name}`"))),
                None => {}
            }
            lines.extend_from_slice(name.as_bytes());
            lines.push(b'=');
            lines.extend_from_slice(secret);
            lines.push(b'\n');
            added.push(name.to_string());
        }
        let places = Places::of(examined);
        write::kept(file, &lines, &places).map_err(|why| failed(&why))?;
        Ok(Kept { file: Some((file.to_path_buf(), added)), discarded: 0 })
    }
}

/// The distinct secrets of some findings.
fn secrets_of<'a>(findings: impl Iterator<Item = &'a Finding>) -> BTreeSet<&'a [u8]> {
    findings.filter_map(|one| one.secret.as_ref()).map(|secret| secret.expose()).collect()
}
