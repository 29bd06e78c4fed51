//! From judged matches to findings with a place and a line.

use super::{
    excerpt::{Excerpter, Own},
    line_hash::line_hashes,
    locate::line_columns,
    notebook::Notebook,
    text::Found,
};
use crate::{
    decode::encoding::Encoding,
    detect::{Real, Verdict},
    language::{self, FileHead},
    model::{Dismissed, Finding, Fingerprint, LineColumn, Location, SourcePath, Span},
    source::ReadAt,
};
use std::{collections::BTreeMap, io};

/// Bytes from which a file's language is told.
const HEAD: usize = 4096;

/// A document with matches in it.
#[derive(Clone, Copy)]
pub struct Matched<'a> {
    /// Its name.
    pub path: &'a SourcePath,
    /// Its bytes.
    pub content: &'a dyn ReadAt,
    /// How they stand for characters.
    pub encoding: Encoding,
    /// Its cells, if it is a notebook.
    pub notebook: Option<&'a Notebook>,
    /// Whether the findings are to bear the hash of their line.
    pub line_hashes: bool,
}

impl Matched<'_> {
    /// The findings and the dismissed matches that `found` makes.
    ///
    /// # Errors
    /// Those of reading.
    pub fn report(
        &self,
        found: Vec<Found<'_>>,
        excerpter: &mut Excerpter<'_>,
    ) -> io::Result<(Vec<Finding>, Vec<Dismissed>)> {
        let (mut findings, mut dismissed) = (Vec::new(), Vec::new());
        if found.is_empty() {
            return Ok((findings, dismissed));
        }
        let mut head = vec![0; HEAD];
        let count = self.content.fill_at(0, &mut head)?;
        let language = language::identify(FileHead { path: self.path, head: &head[..count] });
        let places = self.places(&found)?;
        for one in found {
            let location = self.location(one.span, &places);
            match one.verdict {
                Verdict::Dismissed(reason) => {
                    dismissed.push(Dismissed { location, rule: one.rule.id.clone(), reason });
                }
                Verdict::Real(real) => {
                    let own = Own { span: one.span, is_secret: real.secret.is_some() };
                    let excerpt = excerpter.excerpt(self.content, self.encoding, self.path, own)?;
                    let subject = self.subject(&real, one.span)?;
                    let kinds = language.iter().map(|reader| reader.name());
                    findings.push(Finding {
                        fingerprint: Fingerprint::new(&one.rule.id, self.path, &subject),
                        rule: one.rule.id.clone(),
                        severity: real.severity,
                        confidence: real.confidence,
                        message: real.message.unwrap_or_else(|| one.rule.message.clone()),
                        help: real.help.unwrap_or_else(|| one.rule.hint_for(kinds).to_string()),
                        notes: real.notes,
                        location,
                        excerpt,
                        secret: real.secret,
                        line_hash: None,
                        precedence: one.rule.precedence,
                    });
                }
            }
        }
        if self.line_hashes && !findings.is_empty() {
            let lines = findings.iter().map(|finding: &Finding| finding.location.start.line);
            let hashes = line_hashes(self.content, lines)?;
            for finding in &mut findings {
                finding.line_hash = hashes.get(&finding.location.start.line).cloned();
            }
        }
        Ok((findings, dismissed))
    }

    /// What the fingerprint is made from: the secret, or the construct's own text.
    fn subject(&self, real: &Real, span: Span) -> io::Result<Vec<u8>> {
        const LONGEST: usize = 4096;
        if let Some(secret) = &real.secret {
            return Ok(secret.expose().to_vec());
        }
        let mut bytes = vec![0; span.len().min(LONGEST)];
        let count = self.content.fill_at(span.start as u64, &mut bytes)?;
        bytes.truncate(count);
        Ok(bytes)
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
        let place = |at: usize| places.get(&at).copied().unwrap_or(LineColumn::START);
        Location {
            path: self.path.clone(),
            inside: Vec::new(),
            span,
            start: place(span.start),
            end: place(span.end),
            note: self.notebook.and_then(|notebook| notebook.note(span)),
        }
    }
}
