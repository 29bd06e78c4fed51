//! Plans the fixes of the findings in one file.

use super::{
    code, data, docker, document,
    draft::Draft,
    javascript,
    names::Names,
    notebook, own, python, python_edit, row, script, shell,
    site::{Site, Text},
    transcript, yaml,
};
use crate::{
    language::json_row,
    model::{Applicability, Binding, Edit, FileChange, Finding, Fix, Secret, SourcePath, Span},
};
use std::{
    collections::{BTreeMap, HashSet},
    hash::{BuildHasher, RandomState},
};

/// A file with findings, parsed again.
#[derive(Clone, Copy)]
pub struct Document<'a> {
    /// The path in its findings.
    pub path: &'a SourcePath,
    /// The content.
    pub bytes: &'a [u8],
    /// The `.gitignore` for new patterns.
    pub ignore_file: &'a SourcePath,
    /// `true` if git tracks the file.
    pub is_tracked: bool,
}

/// Maximum size in bytes of a planned file; larger ones are not hand-written.
const MAX_BYTES: usize = 8 << 20;
/// The same for JSON Lines: transcripts of coding agents grow large.
const MAX_ROWS: usize = 64 << 20;

/// Maximum size in bytes of a file of this name for which fixes are planned.
pub fn max_bytes(path: &SourcePath) -> usize {
    if json_row::is_json_lines(path) { MAX_ROWS } else { MAX_BYTES }
}

/// Maximum product of file size in bytes and number of planned findings, since each may search the
/// whole file. Allows 2,600 findings in 100 KB, and 32 in the largest file.
const MAX_WORK: usize = 1 << 28;
/// Weight of a notebook's bytes, since it is parsed for each finding.
const NOTEBOOK_WORK: usize = 16;
/// Minimum number of planned findings in any file.
const MIN_PLANNED: usize = 8;

/// Plans the fixes for the findings in one file, best first. If there are too many findings, only
/// the first ones get fixes; the others are planned in later rounds.
pub fn plan(document: Document<'_>, findings: &mut [&mut Finding], names: &Names) {
    let work = document.bytes.len() * if is_notebook(document.path) { NOTEBOOK_WORK } else { 1 };
    let planned = (MAX_WORK / work.max(1)).max(MIN_PLANNED);
    let (findings, others) = findings.split_at_mut(planned.min(findings.len()));
    others.iter_mut().for_each(|finding| finding.fixes.clear());
    let spans: Vec<Option<Span>> =
        findings.iter().map(|finding| secret_span(document.bytes, finding)).collect();
    let places = findings.iter().zip(&spans);
    let places = places.map(|(finding, span)| span.unwrap_or(finding.location.span).start);
    let places: Vec<usize> = places.filter(|place| *place < document.bytes.len()).collect();
    let is_large = document.bytes.len() > max_bytes(document.path);
    let is_transcript = json_row::is_transcript(document.path, document.bytes);
    let text = (!is_large).then(|| Text::read(document.path, document.bytes, places));
    let secrets = findings.iter().chain(others.iter()).filter_map(|one| one.secret.as_ref());
    let secrets = Secrets::of(secrets);
    for (finding, span) in findings.iter_mut().zip(spans) {
        finding.fixes = text.as_ref().map_or_else(Vec::new, |text| match is_transcript {
            true => transcript::fixes(document.bytes, finding, span, names),
            false => one(document, text, finding, span, names),
        });
        let is_masked = document.path.masked().is_some();
        finding.fixes.retain(|fix| {
            let names_file = is_masked && !fix.files.is_empty();
            !names_file && !writes_secret(fix, &secrets)
        });
    }
}

/// Hashes of a file's secrets, by secret length. An automaton would take 2 KiB for each.
struct Secrets {
    hasher: RandomState,
    hashes: BTreeMap<usize, HashSet<u64>>,
}

impl Secrets {
    fn of<'s>(secrets: impl Iterator<Item = &'s Secret>) -> Self {
        let (hasher, mut hashes) = (RandomState::new(), BTreeMap::<usize, HashSet<u64>>::new());
        for secret in secrets.map(Secret::expose).filter(|secret| !secret.is_empty()) {
            hashes.entry(secret.len()).or_default().insert(hasher.hash_one(secret));
        }
        Self { hasher, hashes }
    }

    /// `true` if a text contains one of the secrets.
    fn stand_in(&self, text: &str) -> bool {
        self.hashes.range(..=text.len()).any(|(len, hashes)| {
            let mut parts = text.as_bytes().windows(*len);
            parts.any(|part| hashes.contains(&self.hasher.hash_one(part)))
        })
    }
}

/// `true` if the fix would write one of the secrets; reports show new text.
fn writes_secret(fix: &Fix, secrets: &Secrets) -> bool {
    let lines = fix.files.iter().flat_map(|change| match change {
        FileChange::Append { lines, .. } => lines.as_slice(),
        FileChange::Delete { .. } => &[],
    });
    let mut texts = fix.edits.iter().map(|edit| &edit.text).chain(lines);
    texts.any(|text| secrets.stand_in(text))
}

/// The span of a finding's secret, if the file contains it verbatim.
fn secret_span(bytes: &[u8], finding: &Finding) -> Option<Span> {
    let secret = finding.secret.as_ref()?.expose();
    let own = finding.location.span;
    if !finding.location.inside.is_empty() || secret.is_empty() || own.end > bytes.len() {
        return None;
    }
    let found = memchr::memmem::find(own.slice(bytes), secret)?;
    Some(Span::new(own.start + found, own.start + found + secret.len()))
}

fn one(
    document: Document<'_>,
    text: &Text<'_>,
    finding: &Finding,
    span: Option<Span>,
    names: &Names,
) -> Vec<Fix> {
    let Some(secret) = &finding.secret else {
        return habit(document, text, finding).map_or_else(Vec::new, |one| one.into_fixes(None));
    };
    let is_arguments = &*finding.rule == "training-args-bin-token"
        && document.path.file_name() == b"training_args.bin";
    if is_arguments {
        let mut draft = Draft::shown(row::TRAINING_ARGUMENTS);
        draft.files.push(FileChange::Delete { path: document.path.clone() });
        return draft.into_fixes(None);
    }
    if !finding.location.inside.is_empty() {
        return Draft::shown(row::PACKED).into_fixes(None);
    }
    let Some(span) = span else { return Draft::shown(row::ENCODED).into_fixes(None) };
    let own = own::fixes(text, finding, span, names);
    if !own.is_empty() {
        return own;
    }
    let Some(variable) = names.variable(secret.expose()) else {
        return Draft::shown(row::UNNAMED).into_fixes(None);
    };
    let site = Site { span, variable, is_implicit: variable == "HF_TOKEN" };
    let mut draft = draft(document, text, site);
    let is_prose = draft.row == row::COMMENT || draft.row == row::DOCUMENT;
    if names.is_shared(secret.expose()) && !is_prose {
        draft = draft.doubted(
            Applicability::Unsafe,
            format!("several secrets share one name, and this one becomes `{variable}`"),
        );
    }
    draft.into_fixes(Some(variable))
}

/// The fix of a secret that the file contains verbatim.
fn draft(document: Document<'_>, text: &Text<'_>, site: Site<'_>) -> Draft {
    if let Some(draft) = code::draft(text, site) {
        return draft;
    }
    let ending = document.path.extension().unwrap_or_default().to_ascii_lowercase();
    match text.language() {
        "python" => python::draft(text, site, &python::from_environment(site.variable)),
        "javascript" => javascript::draft(text, site),
        "shell" => shell::draft(text, site),
        "dockerfile" => docker::draft(text, site),
        "batch" => script::batch(text, site),
        "powershell" => script::powershell(text, site),
        "makefile" => script::makefile(text, site),
        "yaml" => yaml::draft(text, site),
        "dotenv" => data::dotenv(text, site, document.ignore_file, document.is_tracked),
        "json" | "toml" | "ini" | "properties" | "hcl" => data::draft(text, site),
        "markdown" => document::draft(text, site),
        "notebook" if is_notebook(document.path) => notebook::drafts(document.bytes, &[site])
            .pop()
            .unwrap_or_else(|| Draft::shown(row::OTHER)),
        "" if [&b"rst"[..], b"adoc", b"mdx", b"rdoc", b"org"].contains(&&*ending) => {
            document::draft(text, site)
        }
        _ => Draft::shown(row::OTHER),
    }
}

fn is_notebook(path: &SourcePath) -> bool {
    path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case(b"ipynb"))
}

/// The fix of a finding without a secret.
fn habit(document: Document<'_>, text: &Text<'_>, finding: &Finding) -> Option<Draft> {
    let span = finding.location.span;
    match &*finding.rule {
        "deprecated-use-auth-token" if text.slice(span) == "use_auth_token" => {
            let is_true = |one: &&Binding| one.key_span == span && one.value.text == "True";
            let argument = text.facts.bindings.iter().find(is_true);
            Some(match argument {
                // Without the argument, `HF_TOKEN` or the token of a login is still read.
                Some(one) => Draft::new(
                    row::DEPRECATED_ARGUMENT,
                    vec![python_edit::without_named_argument(text, one.span)],
                ),
                None => Draft::replace(row::DEPRECATED_ARGUMENT, span, "token"),
            })
        }
        "deprecated-token-api" if text.slice(span) == "HUGGING_FACE_HUB_TOKEN" => {
            Some(Draft::replace(row::DEPRECATED_VARIABLE, span, "HF_TOKEN"))
        }
        "deprecated-huggingface-cli" => deprecated_command(text, span),
        "tracker-config-leaks-token" => python::tracker(text, span),
        "dockerfile-arg-token" => {
            docker::bare(text, span, "HF_TOKEN").filter(|_| text.slice(span).contains("HF_TOKEN"))
        }
        "dotenv-not-ignored" if !document.is_tracked => {
            Some(data::ignored(document.path, document.ignore_file))
        }
        _ => None,
    }
}

/// Converts `huggingface-cli login` to `hf auth login`.
fn deprecated_command(text: &Text<'_>, span: Span) -> Option<Draft> {
    if text.slice(span) != "huggingface-cli" {
        return None;
    }
    let (command, _) = text.command(span)?;
    let first = command.words.get(1)?;
    const SAME: [&str; 8] =
        ["download", "upload", "env", "version", "cache", "jobs", "lfs-enable-largefiles", "tag"];
    let written = match first.text.as_str() {
        "login" | "logout" | "whoami" => {
            return Some(Draft::new(row::DEPRECATED_COMMAND, vec![Edit::replace(span, "hf auth")]));
        }
        // Pattern lists have another syntax.
        word if SAME[..2].contains(&word)
            && !command
                .words
                .iter()
                .any(|one| matches!(one.text.as_str(), "--exclude" | "--include")) =>
        {
            "hf"
        }
        _ => return None,
    };
    Some(Draft::replace(row::DEPRECATED_COMMAND, span, written))
}
