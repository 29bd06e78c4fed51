//! Turns judged matches into findings with a location and a source line.

use super::{
    excerpt::Excerpter,
    line_hash::{REACH, line_hashes},
    locate::{Offset, line_columns},
    name::DocumentName,
    notebook::Notebook,
    shown_line::Own,
    text::Found,
};
use crate::{
    decode::{container::Strings, encoding::Encoding},
    detect::Verdict,
    judge::guessable::{is_guessable, known_by},
    language::{self, FileHead},
    model::{
        Dismissed, Excerpt, Finding, Fingerprint, History, LineColumn, Location, Origin, Scope,
        Secret, Span, Suppressor,
    },
    rule::Rule,
    source::{LazyScope, ReadAt},
};
use std::{
    collections::{BTreeMap, HashMap},
    io,
    sync::Arc,
};

/// Number of bytes from which a file's language is identified.
const HEAD: usize = 4096;

/// The remedy for a finding in a commit message.
const IN_COMMIT: &str = "reword the message: `git commit --amend` if it is the last commit and not \
                         pushed; an older one must be rewritten";
/// The remedy for a finding in the name of a file or a folder.
const IN_NAME: &str = "rename it; send the token in a header, `curl -H \"Authorization: Bearer $HF_TOKEN\" \
                       -o FILE URL`: `wget URL?token=…` writes it into the name";
/// The remedy for a finding in the message of a tag.
const IN_TAG: &str = "delete the tag, and create it again with another message";

/// A document, or a piece of one, with matches in it.
#[derive(Clone, Copy)]
pub struct Matched<'a> {
    /// Its name.
    pub name: &'a DocumentName,
    /// Its bytes.
    pub content: &'a dyn ReadAt,
    /// Its encoding.
    pub encoding: Encoding,
    /// Its start in the document or member.
    pub offset: Offset,
    /// The keys of its lines, if it is made of texts from a container.
    pub strings: Option<&'a Strings>,
    /// Its cells, if it is a notebook.
    pub notebook: Option<&'a Notebook>,
    /// `true` if the findings get the hash of their line.
    pub line_hashes: bool,
    /// The part of the document in which findings are reported.
    pub scope: LazyScope<'a>,
}

/// A match of a rule outside its document's scope.
pub struct Outside<'r> {
    /// The rule.
    pub rule: &'r Rule,
    /// The span of the match.
    pub span: Span,
}

impl<'a> Matched<'a> {
    /// A whole document without strings, notebook cells, line hashes or scope.
    pub fn of(name: &'a DocumentName, content: &'a dyn ReadAt, encoding: Encoding) -> Self {
        let (offset, strings, notebook) = (Offset::default(), None, None);
        let (line_hashes, scope) = (false, LazyScope::All);
        Self { name, content, encoding, offset, strings, notebook, line_hashes, scope }
    }
}

impl Matched<'_> {
    /// `true` if its offsets are those of a file.
    pub fn is_from_start(&self) -> bool {
        self.strings.is_none() && self.offset.bytes == 0
    }

    /// Splits matches into those in the document's scope and the real ones outside it. The latter
    /// are not reported, but an ignore comment may refer to them.
    ///
    /// # Errors
    /// Returns an error if the document cannot be read.
    pub fn in_scope<'r>(
        &self,
        found: Vec<Found<'r>>,
    ) -> io::Result<(Vec<Found<'r>>, Vec<Outside<'r>>)> {
        let scope = self.scope.get();
        if matches!(scope, Scope::All) {
            return Ok((found, Vec::new()));
        }
        let spans: Vec<Span> = found.iter().map(|one| one.span).collect();
        let covered = scope.covers(&spans, self.content)?;
        let (mut inside, mut outside) = (Vec::new(), Vec::new());
        for (one, is_covered) in found.into_iter().zip(covered) {
            match &one.verdict {
                _ if is_covered => inside.push(one),
                Verdict::Real(_) => outside.push(Outside { rule: one.rule, span: one.span }),
                Verdict::Dismissed(_) => {}
            }
        }
        Ok((inside, outside))
    }

    /// The findings and the dismissed matches of `found`. The findings have no line and no
    /// fingerprint before they are [shown](Self::show).
    ///
    /// # Errors
    /// Returns an error if the document cannot be read.
    pub fn report(&self, found: Vec<Found<'_>>) -> io::Result<(Vec<Finding>, Vec<Dismissed>)> {
        if found.is_empty() {
            return Ok((Vec::new(), Vec::new()));
        }
        let is_real = |one: &&Found<'_>| matches!(one.verdict, Verdict::Real(_));
        // A growing list briefly takes twice its size.
        let mut findings = Vec::with_capacity(found.iter().filter(is_real).count());
        let mut dismissed = Vec::new();
        let mut head = vec![0; HEAD];
        let count = self.content.fill_at(0, &mut head)?;
        let language = language::identify(FileHead { path: &self.name.path, head: &head[..count] });
        let places = self.places(&found)?;
        let fixed = self.fixed_help();
        // The last message and help of each rule.
        let mut texts: HashMap<&str, (Arc<str>, Arc<str>)> = HashMap::new();
        for one in found {
            let location = self.location(one.span, &places);
            match one.verdict {
                Verdict::Dismissed(_) if one.rule.is_ignored => {}
                Verdict::Dismissed(reason) => {
                    dismissed.push(Dismissed { location, rule: one.rule.id.clone(), reason });
                }
                Verdict::Real(real) => {
                    let (message, help) = texts.entry(&one.rule.id).or_insert_with(|| {
                        let kinds = language.iter().map(|reader| reader.name());
                        let hint = || one.rule.hint_for(kinds);
                        let help = fixed.map_or_else(hint, str::to_string);
                        (one.rule.message.as_str().into(), help.into())
                    });
                    let history = self.history(real.secret.as_ref(), one.span)?;
                    findings.push(Finding {
                        fingerprint: Fingerprint::default(),
                        rule: one.rule.id.clone(),
                        also: Vec::new(),
                        rule_names: one.rule.other_names.clone(),
                        severity: real.severity,
                        confidence: real.confidence,
                        message: shared(message, real.message),
                        help: shared(help, real.help.filter(|_| fixed.is_none())),
                        notes: real.notes,
                        location,
                        excerpt: Excerpt::default(),
                        secret: real.secret,
                        has_adopted: false,
                        line_hash: None,
                        repeats: real.repeats,
                        precedence: one.rule.precedence,
                        fixes: Vec::new(),
                        history,
                        verification: None,
                        suppressed: one
                            .rule
                            .is_ignored
                            .then(|| Suppressor::IgnoredRule { rule: one.rule.id.clone() }),
                    });
                }
            }
        }
        if self.line_hashes {
            self.hash_lines(&mut findings)?;
        }
        Ok((findings, dismissed))
    }

    /// Adds their source line and their fingerprint to findings. Of several findings at one
    /// location, only the one that is reported needs them.
    ///
    /// # Errors
    /// Returns an error if the document cannot be read.
    pub fn show(&self, findings: &mut [Finding], excerpter: &mut Excerpter<'_>) -> io::Result<()> {
        let identity = self.name.identity();
        for finding in findings {
            let Span { start, end } = finding.location.span;
            let span = Span::new(start - self.offset.bytes, end - self.offset.bytes);
            let secret = finding.secret.as_ref();
            let own = Own { span, is_secret: secret.is_some() && !finding.has_adopted };
            let path = &self.name.path;
            finding.excerpt = excerpter.excerpt(self.content, self.encoding, path, own)?;
            let subject = known_by(secret, &finding.excerpt);
            finding.fingerprint = Fingerprint::new(&finding.rule, &identity, subject);
        }
        Ok(())
    }

    /// The remedy for a finding outside the content of a file.
    fn fixed_help(&self) -> Option<&'static str> {
        match self.name.origin {
            _ if self.name.is_its_name() => Some(IN_NAME),
            Origin::Commit(_) => Some(IN_COMMIT),
            Origin::Tag(_) => Some(IN_TAG),
            _ => None,
        }
    }

    /// Adds the hash of their line to findings. The hash covers the secret, so a line near a
    /// guessable secret gets none: the hash would confirm a guess.
    fn hash_lines(&self, findings: &mut [Finding]) -> io::Result<()> {
        let guessable = |finding: &&Finding| finding.secret.as_ref().is_some_and(is_guessable);
        // The lines before each one are reached as well. Each end is the maximum of those up to it.
        let mut guessable: Vec<(usize, usize)> = findings
            .iter()
            .filter(guessable)
            .map(|finding| (finding.location.start.line, finding.location.end.line))
            .collect();
        guessable.sort_unstable();
        let mut last = 0;
        for (_, end) in &mut guessable {
            last = last.max(*end);
            *end = last;
        }
        let reaches = |line: usize| {
            let before = guessable.partition_point(|(from, _)| *from <= line + REACH);
            before.checked_sub(1).is_some_and(|last| line <= guessable[last].1)
        };
        let lines: Vec<usize> = findings
            .iter()
            .map(|finding| finding.location.start.line)
            .filter(|line| !reaches(*line))
            .collect();
        if lines.is_empty() {
            return Ok(());
        }
        let hashes = line_hashes(self.content, lines)?;
        for finding in findings {
            finding.line_hash = hashes.get(&finding.location.start.line).cloned();
        }
        Ok(())
    }

    /// The history, with the subject for the git query: the secret, or the text of the construct.
    fn history(&self, secret: Option<&Secret>, span: Span) -> io::Result<Option<Box<History>>> {
        const LONGEST: usize = 4096;
        let origin = self.name.origin;
        if origin.object().is_none() {
            return Ok(None);
        }
        if let Some(secret) = secret {
            return Ok(Some(Box::new(History::of(origin, secret.expose()))));
        }
        let mut bytes = vec![0; span.len().min(LONGEST)];
        let count = self.content.fill_at(span.start as u64, &mut bytes)?;
        Ok(Some(Box::new(History::of(origin, &bytes[..count]))))
    }

    /// Changes the span of a location in a container's strings to one in the container's bytes.
    /// Overlaps are resolved earlier, since all strings of one packed page have the same span.
    pub fn map_to_container(&self, location: &mut Location) {
        let Some(strings) = self.strings else { return };
        let span = location.span;
        let start = usize::try_from(strings.source_at(span.start)).unwrap_or(usize::MAX);
        location.span = Span::new(start, start.saturating_add(span.len()));
        location.note = Some(format!("byte {start}"));
    }

    fn places(&self, found: &[Found<'_>]) -> io::Result<BTreeMap<usize, LineColumn>> {
        let mut offsets: Vec<usize> =
            found.iter().flat_map(|one| [one.span.start, one.span.end]).collect();
        offsets.sort_unstable();
        offsets.dedup();
        let places = line_columns(self.content, self.encoding, &offsets)?;
        Ok(offsets.into_iter().zip(places).collect())
    }

    fn location(&self, span: Span, places: &BTreeMap<usize, LineColumn>) -> Location {
        let path = self.name.document.clone();
        let mut inside = self.name.inside.clone();
        if let Some(strings) = self.strings {
            let key = strings.key_at(span.start);
            inside.extend((!key.is_empty()).then(|| key.to_string()));
            let (start, end) = (LineColumn::START, LineColumn::START);
            return Location { path, inside, span, start, end, note: None };
        }
        let place =
            |at: usize| self.offset.shift(places.get(&at).copied().unwrap_or(LineColumn::START));
        let (start, end) = (place(span.start), place(span.end));
        let note = self.notebook.and_then(|notebook| notebook.note(span));
        Location { path, inside, span: span.shifted(self.offset.bytes), start, end, note }
    }
}

/// The text of a finding: its `own`, or the `last` one of its rule. Most findings of a rule have
/// the same text, so that they share it.
fn shared(last: &mut Arc<str>, own: Option<String>) -> Arc<str> {
    if let Some(own) = own.filter(|own| **own != **last) {
        *last = own.into();
    }
    last.clone()
}
