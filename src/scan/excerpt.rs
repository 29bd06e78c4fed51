//! The source lines of findings, with secrets masked.

use super::shown_line::{Own, joined, line};
use crate::{
    decode::encoding::{Encoding, utf16_to_utf8},
    detect::{Engine, Scratch, Text, Verdict},
    model::{
        AllowedBy, Dismissal, Dismissed, Excerpt, Finding, Outcome, Secret, SourcePath, Span,
        SpanMap, Suppressor, push_masked,
    },
    source::ReadAt,
};
use std::{collections::HashMap, io, iter};

/// Number of bytes read on either side of a finding. More than is shown, so that a secret at the
/// edge is read whole and masked.
const REACH: usize = 4096;
/// Size in bytes of the region searched for secrets at once if there are many findings.
const REGION: usize = 64 << 10;
/// Minimum length in bytes of a name that is searched for secrets.
const MIN_SECRET_NAME: usize = 16;
/// Maximum number of short texts whose masked form is cached.
const MAX_MASKED: usize = 1024;

/// Makes the excerpts of one text.
#[derive(Debug)]
pub struct Excerpter<'e> {
    secrets: &'e Engine,
    scratch: Scratch,
    /// `true` if there are so many findings that secrets are searched in whole regions.
    has_many: bool,
    region: Option<Region>,
    /// Short texts, with their masked form if they have a secret.
    masked: HashMap<String, Option<String>>,
}

/// A part of a document as text, and the secrets in it.
#[derive(Debug)]
struct Region {
    /// Its start in the document.
    start: usize,
    /// The number of bytes that it has in the document.
    len: usize,
    text: Vec<u8>,
    /// Maps its bytes in the document to those of the text, if they differ.
    map: Option<SpanMap>,
    secrets: Vec<Span>,
}

impl<'e> Excerpter<'e> {
    /// An excerpter for a text with `found` matches. `secrets` has all rules for credentials, since
    /// masking does not depend on the selected rules.
    pub fn new(secrets: &'e Engine, found: usize) -> Self {
        const MANY: usize = 64;
        let (scratch, masked) = (Scratch::default(), HashMap::new());
        Self { secrets, scratch, has_many: found > MANY, region: None, masked }
    }

    /// Masks the secrets in the names of members and in keys, which may be anything: a table of
    /// users by their token has tokens as keys.
    pub fn mask_names(&mut self, findings: &mut [Finding], dismissed: &mut [Dismissed]) {
        let found = findings.iter_mut().map(|finding| {
            let secret = finding.secret.clone();
            (&mut finding.location, secret)
        });
        for (location, secret) in
            found.chain(dismissed.iter_mut().map(|one| (&mut one.location, None)))
        {
            for name in &mut location.inside {
                self.mask_name(name, secret.as_ref());
            }
        }
    }

    /// Masks the secrets in the git history of findings: a committer chooses the author's name, and
    /// a reference can have any name.
    pub fn mask_history(&mut self, findings: &mut [Finding]) {
        for Finding { history, secret, .. } in findings {
            let Some(history) = history else { continue };
            let commits = history.introduced.iter_mut().chain(&mut history.removed);
            let authors =
                commits.flat_map(|one| iter::once(&mut one.author).chain(&mut one.author_email));
            let remotes = history.pushed.iter_mut().flat_map(|one| [&mut one.name, &mut one.url]);
            let texts = authors.chain(remotes).chain(&mut history.refs).chain(&mut history.advice);
            texts.for_each(|text| self.mask_name(text, secret.as_ref()));
        }
    }

    /// Masks the secrets in the sentences of a finding, which may name files.
    pub fn mask_sentences(&mut self, finding: &mut Finding) {
        let Finding { message, help, notes, .. } = finding;
        for text in [message, help] {
            *text = self.masked_name(text, None).map_or_else(|| text.clone(), Into::into);
        }
        notes.iter_mut().for_each(|text| self.mask_name(text, None));
    }

    /// Masks the secrets in the texts of a finding's suppressor, since people write comments, globs
    /// and notes.
    pub fn mask_suppressor(&mut self, finding: &mut Finding) {
        let Finding { suppressed, secret, .. } = finding;
        let own = secret.as_ref();
        match suppressed {
            Some(Suppressor::Comment { mark: text, reason, .. }) => {
                self.mask_name(text, own);
                self.mask_name(reason, own);
            }
            Some(
                Suppressor::PerPath { glob: text, .. }
                | Suppressor::Allowlist(AllowedBy::Path(text))
                | Suppressor::Baseline { note: Some(text) },
            ) => self.mask_name(text, own),
            _ => {}
        }
    }

    /// Masks the secrets in all paths of an outcome, since a file may be named after a token.
    pub fn mask_paths(&mut self, outcome: &mut Outcome) {
        for finding in outcome.findings.iter_mut().chain(&mut outcome.suppressed) {
            let Finding { location, history, secret, message, help, notes, .. } = finding;
            let commits = history
                .iter_mut()
                .flat_map(|history| history.introduced.iter_mut().chain(&mut history.removed));
            let paths = iter::once(&mut location.path).chain(commits.map(|one| &mut one.path));
            paths.for_each(|path| self.mask_path(path, secret.as_ref()));
            if let Some(masked) = location.path.masked() {
                let real = location.path.real_text();
                for text in [&mut *message, &mut *help] {
                    *text = text.replace(&*real, masked).into();
                }
                for text in notes {
                    *text = text.replace(&*real, masked);
                }
            }
            // The printable form of the name is only known here.
            for text in [message, help] {
                if text.contains("{file}") {
                    *text = text.replace("{file}", &location.path.to_string()).into();
                }
            }
        }
        let dismissed = outcome.dismissed.iter_mut().map(|one| &mut one.location.path);
        let skipped = outcome.skipped.iter_mut().map(|one| &mut one.path);
        let warnings = outcome.warnings.iter_mut().map(|one| &mut one.path);
        for path in dismissed.chain(skipped).chain(warnings) {
            self.mask_path(path, None);
        }
        for skipped in &mut outcome.skipped {
            self.mask_name(&mut skipped.detail, None);
            skipped.inside.iter_mut().for_each(|name| self.mask_name(name, None));
        }
        if let Some(upload) = &mut outcome.upload {
            upload.paths_mut().for_each(|path| self.mask_path(path, None));
            upload.texts_mut().for_each(|text| self.mask_name(text, None));
        }
    }

    fn mask_path(&mut self, path: &mut SourcePath, own: Option<&Secret>) {
        // Most names are too short to hold a secret of a known format.
        if path.masked().is_some() || path.as_bytes().len() < MIN_SECRET_NAME && own.is_none() {
            return;
        }
        if let Some(masked) = self.masked_name(&path.real_text(), own) {
            *path = std::mem::take(path).with_masked(&masked);
        }
    }

    fn mask_name(&mut self, name: &mut String, own: Option<&Secret>) {
        if let Some(masked) = self.masked_name(name, own) {
            *name = masked;
        }
    }

    /// A name with the secrets of known formats in it masked, and `own`; `None` if it has none.
    fn masked_name(&mut self, name: &str, own: Option<&Secret>) -> Option<String> {
        let masked = self.known_mask(name);
        let shown = masked.as_deref().unwrap_or(name);
        let own = own.and_then(|one| Some((std::str::from_utf8(one.expose()).ok()?, one)));
        match own.filter(|(text, _)| shown.contains(text)) {
            Some((text, own)) => Some(shown.replace(text, &own.masked())),
            None => masked,
        }
    }

    /// A short text with every secret in it masked.
    pub fn masked(&mut self, text: &str) -> String {
        self.known_mask(text).unwrap_or_else(|| text.to_string())
    }

    /// A short text with every secret in it masked; `None` if it has none.
    fn known_mask(&mut self, text: &str) -> Option<String> {
        // Keys and column names repeat in every row.
        if let Some(masked) = self.masked.get(text) {
            return masked.clone();
        }
        let masked = self.mask(text);
        if self.masked.len() < MAX_MASKED {
            self.masked.insert(text.to_string(), masked.clone());
        }
        masked
    }

    fn mask(&mut self, text: &str) -> Option<String> {
        let secrets = joined(self.secrets_in(text.as_bytes(), &SourcePath::default()));
        if secrets.is_empty() {
            return None;
        }
        let (mut masked, mut mask, mut at) = (Vec::new(), String::new(), 0);
        for secret in secrets {
            masked.extend_from_slice(&text.as_bytes()[at..secret.start]);
            mask.clear();
            push_masked(&mut mask, secret.slice(text.as_bytes()));
            masked.extend_from_slice(mask.as_bytes());
            at = secret.end;
        }
        masked.extend_from_slice(&text.as_bytes()[at..]);
        Some(String::from_utf8_lossy(&masked).into_owned())
    }

    /// The line around `span` of the content, with every secret in it masked.
    ///
    /// # Errors
    /// Returns an error if the content cannot be read.
    pub fn excerpt(
        &mut self,
        content: &dyn ReadAt,
        encoding: Encoding,
        path: &SourcePath,
        own: Own,
    ) -> io::Result<Excerpt> {
        let span = own.span;
        if self.has_many && span.len() <= REACH {
            return self.in_region(content, encoding, path, own);
        }
        // An even offset keeps UTF-16 units whole; the byte order mark has two bytes as well.
        let from = span.start.saturating_sub(REACH) & !1;
        let mut bytes = vec![0; span.end.saturating_sub(from).min(2 * REACH) + REACH];
        let count = content.fill_at(from as u64, &mut bytes)?;
        bytes.truncate(count);
        let local = Span::new(span.start - from, (span.end - from).min(count));
        let (text, span) = match encoding {
            Encoding::Ascii => (bytes, local),
            _ => {
                let before = utf16_to_utf8(&bytes[..local.start], encoding).0.len();
                let length = utf16_to_utf8(local.slice(&bytes), encoding).0.len();
                (utf16_to_utf8(&bytes, encoding).0, Span::new(before, before + length))
            }
        };
        let secrets = self.secrets_in(&text, path);
        Ok(line(&text, secrets, Own { span, ..own }, from > 0))
    }

    /// The same excerpt, from the region around the span, whose secrets are searched once.
    fn in_region(
        &mut self,
        content: &dyn ReadAt,
        encoding: Encoding,
        path: &SourcePath,
        own: Own,
    ) -> io::Result<Excerpt> {
        let start = own.span.start.saturating_sub(REACH) / REGION * REGION;
        let region = match self.region.take().filter(|region| region.start == start) {
            Some(region) => region,
            None => {
                let mut bytes = vec![0; REGION + 3 * REACH];
                let len = content.fill_at(start as u64, &mut bytes)?;
                bytes.truncate(len);
                let (text, map) = match encoding {
                    Encoding::Ascii => (bytes, None),
                    _ => {
                        let (text, map) = utf16_to_utf8(&bytes, encoding);
                        (text, Some(map))
                    }
                };
                let secrets = joined(self.secrets_in(&text, path));
                Region { start, len, text, map, secrets }
            }
        };
        let local = |at: usize| (at - start).min(region.len);
        let span = Span::new(local(own.span.start), local(own.span.end));
        let span = region.map.as_ref().map_or(span, |map| map.to_view(span));
        let window = line_around(&region.text, span);
        let first = region.secrets.partition_point(|secret| secret.end <= window.start);
        let near = region.secrets[first..].iter().take_while(|secret| secret.start < window.end);
        let inside = |one: Span| {
            let at = |at: usize| at.clamp(window.start, window.end) - window.start;
            Span::new(at(one.start), at(one.end))
        };
        let secrets = near.map(|secret| inside(*secret)).collect();
        // The start of the window may be that of the line.
        let is_cut = match window.start.checked_sub(1) {
            Some(before) => region.text[before] != b'\n',
            None => start > 0,
        };
        let own = Own { span: inside(span), ..own };
        let line = line(window.slice(&region.text), secrets, own, is_cut);
        self.region = Some(region);
        Ok(line)
    }

    /// The secrets in the text, unordered.
    fn secrets_in(&mut self, text: &[u8], path: &SourcePath) -> Vec<Span> {
        let mut spans = Vec::new();
        let text =
            Text { path, containers: &[], bytes: text, part: None, is_whole: false, map: None };
        self.secrets.run(text, &mut self.scratch, &mut |candidate| {
            let harmless = matches!(
                candidate.verdict,
                Verdict::Dismissed(Dismissal::Placeholder | Dismissal::Lookup)
            );
            if candidate.rule.credential && !harmless {
                spans.push(candidate.span);
            }
        });
        spans
    }
}

/// The lines that contain `span`, at most [`REACH`] bytes on either side, since most of the secrets
/// of a text are in other lines.
fn line_around(text: &[u8], span: Span) -> Span {
    let before = &text[span.start.saturating_sub(REACH)..span.start];
    let start = memchr::memrchr(b'\n', before).map_or(0, |at| at + 1);
    let after = &text[span.end..text.len().min(span.end + REACH)];
    let end = memchr::memchr(b'\n', after).unwrap_or(after.len());
    Span::new(span.start - (before.len() - start), span.end + end)
}
