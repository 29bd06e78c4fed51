//! Reads the ignore comments of a document, and warns of those without effect.

use super::{
    excerpt::Excerpter,
    locate::line_columns,
    matched::{Matched, Outside},
};
use crate::{
    decode::encoding::{Encoding, utf16_to_utf8},
    language::{self, FileHead, Share, Wanted},
    model::{Finding, SourcePath, Span, SpanMap, Warning},
    suppress::{CommentPolicy, Comments, Ignores, Problem},
};
use std::{borrow::Cow, io};

/// Number of bytes read around a finding of a document that is read in pieces. Comments about
/// blocks are ignored there.
const AROUND: usize = 8 << 10;
/// Maximum number of bytes that are read at once around several findings.
const MAX_AROUND: usize = 256 << 10;
/// Number of bytes read at the start of such a document, for comments about the file.
const HEAD: usize = 64 << 10;
/// Extensions of prose files, which show comments as examples.
const PROSE: &[&str] = &["md", "markdown", "mdx", "rst", "adoc", "txt", "html"];

/// The ignore comments of a document, and the text that they were read from.
pub struct DocumentComments<'a> {
    ignores: Ignores,
    /// The text, if all of it is in memory.
    text: Option<Cow<'a, [u8]>>,
    /// Maps the bytes of the document to those of the text, if they differ.
    map: Option<SpanMap>,
    /// The comments of a large text, and what is parsed for them, take a multiple of its memory.
    _share: Share,
}

impl<'a> DocumentComments<'a> {
    /// Reads the comments. `whole` is the document's bytes, if they are in memory; otherwise
    /// only the text around `findings` is read.
    ///
    /// # Errors
    /// Returns an error if the document cannot be read.
    pub fn read(
        matched: &Matched<'_>,
        whole: Option<&'a [u8]>,
        findings: &[Finding],
    ) -> io::Result<Self> {
        let _share = Share::of(whole.map_or(0, <[u8]>::len));
        let (text, map) = whole.map_or((None, None), |bytes| match matched.encoding {
            Encoding::Ascii => (Some(Cow::Borrowed(bytes)), None),
            encoding => {
                let (text, map) = utf16_to_utf8(bytes, encoding);
                (Some(Cow::Owned(text)), Some(map))
            }
        });
        let ignores = match &text {
            Some(text) => Ignores::in_text(text, is_notebook(&matched.name.path)),
            None => of_pieces(matched, findings)?,
        };
        Ok(Self { ignores, text, map, _share })
    }

    /// The comments, for the stage that suppresses findings.
    pub fn for_stage(&mut self) -> Comments<'_> {
        Comments { ignores: &mut self.ignores, map: self.map.as_ref() }
    }

    /// Applies the comments to matches outside the document's scope, since a comment that
    /// suppresses one of them has an effect.
    pub fn use_outside(&mut self, outside: &[Outside<'_>], policy: CommentPolicy<'_>) {
        for one in outside {
            let span = self.map.as_ref().map_or(one.span, |map| map.to_view(one.span));
            self.ignores.silence(std::iter::once(&*one.rule.id), span, policy);
        }
    }

    /// The warnings about comments without effect, after the findings were sifted. Secrets in the
    /// comments are masked.
    ///
    /// # Errors
    /// Returns an error if the document cannot be read.
    pub fn warnings(
        self,
        matched: &Matched<'_>,
        policy: CommentPolicy<'_>,
        excerpter: &mut Excerpter<'_>,
    ) -> io::Result<Vec<Warning>> {
        let Self { ignores, text, map, _share } = self;
        let path = &matched.name.path;
        let mut problems = if is_prose(path) { Vec::new() } else { ignores.problems(policy) };
        if let Some(text) = text.filter(|_| !problems.is_empty() && !is_notebook(path)) {
            keep_in_comments(&mut problems, path, &text);
        }
        if problems.is_empty() {
            return Ok(Vec::new());
        }
        let source = |problem: &Problem| match &map {
            Some(map) => map.to_source((problem.at..problem.at + 1).into()).start,
            None => problem.at,
        };
        let mut problems: Vec<(usize, String)> =
            problems.into_iter().map(|problem| (source(&problem), problem.message)).collect();
        problems.sort();
        let places: Vec<Span> =
            problems.iter().map(|(at, _)| Span::new(*at, at.saturating_add(1))).collect();
        let mut covered = matched.scope.get().covers(&places, matched.content)?.into_iter();
        problems.retain(|_| covered.next().unwrap_or(true));
        let offsets: Vec<usize> = problems.iter().map(|(at, _)| *at).collect();
        let places = line_columns(matched.content, matched.encoding, &offsets)?;
        let warning = |((_, message), place): ((usize, String), _)| Warning {
            path: matched.name.document.clone(),
            place: Some(place),
            message: excerpter.masked(&message),
        };
        Ok(problems.into_iter().zip(places).map(warning).collect())
    }
}

/// Keeps only problems in comments of the file's language: a program that writes or tests such
/// comments has them in string literals. In an unknown language all are kept.
fn keep_in_comments(problems: &mut Vec<Problem>, path: &SourcePath, text: &[u8]) {
    let file = FileHead::of(path, text);
    let Some(reader) = language::identify(file) else { return };
    let mut comments = language::read(reader, text, file, Wanted::ALL).comments;
    // A documentation string is prose, not a comment.
    comments.retain(|span| !span.slice(text).iter().take(4).any(|byte| b"\"'".contains(byte)));
    comments.sort_unstable();
    problems.retain(|problem| {
        let next = comments.partition_point(|span| span.start <= problem.at);
        next.checked_sub(1).is_some_and(|last| problem.at < comments[last].end)
    });
}

fn is_notebook(path: &SourcePath) -> bool {
    path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case(b"ipynb"))
}

fn of_pieces(matched: &Matched<'_>, findings: &[Finding]) -> io::Result<Ignores> {
    if matched.encoding != Encoding::Ascii {
        return Ok(Ignores::default());
    }
    let mut around: Vec<Span> = findings
        .iter()
        .map(|finding| {
            let Span { start, end, .. } = finding.location.span;
            let from = start.saturating_sub(AROUND);
            Span::new(from, from + end.saturating_sub(from).min(AROUND) + AROUND)
        })
        .collect();
    around.sort_unstable();
    around.dedup_by(|next, last| {
        let joined = last.joined(*next);
        let is_near = next.start <= last.end && joined.len() <= MAX_AROUND;
        if is_near {
            *last = joined;
        }
        is_near
    });
    let mut pieces = Vec::new();
    for span in std::iter::once(Span::new(0, HEAD)).chain(around) {
        let mut piece = vec![0; span.len()];
        let count = matched.content.fill_at(span.start as u64, &mut piece)?;
        pieces.push(Ignores::in_piece(&piece[..count], span.start));
    }
    Ok(Ignores::joined(pieces))
}

fn is_prose(path: &SourcePath) -> bool {
    path.extension().is_some_and(|ending| {
        PROSE.iter().any(|known| ending.eq_ignore_ascii_case(known.as_bytes()))
    })
}
