//! Takes out what ignore comments silence.

use super::{
    locate::line_columns,
    matched::{Matched, Outside},
};
use crate::{
    decode::encoding::{Encoding, utf16_to_utf8},
    language::{self, FileHead},
    model::{Finding, SourcePath, Span, SpanMap, Warning},
    suppress::{IgnorePolicy, IgnoredBy, Ignores, Problem},
};
use std::{borrow::Cow, io};

/// Of a document that is read in pieces, what is read around a finding. Comments about
/// blocks are not obeyed there.
const AROUND: usize = 8 << 10;
/// And at its beginning, for comments about the file.
const HEAD: usize = 64 << 10;
/// Bytes from which a file's language is told.
const LANGUAGE_HEAD: usize = 4 << 10;
/// Files for people to read, which show comments as examples.
const PROSE: &[&str] = &["md", "markdown", "mdx", "rst", "adoc", "txt", "html"];

/// What ignore comments did in a document.
#[derive(Debug, Default)]
pub struct Ignored {
    /// How many findings were silenced, by whose comments.
    pub counts: Vec<(IgnoredBy, u64)>,
    /// What is wrong with the comments.
    pub warnings: Vec<Warning>,
}

/// Takes out of `findings` what the document's ignore comments silence. `whole` is its
/// bytes if they are at hand. `outside` are the matches outside of the document's scope: a
/// comment that silences one of them does not count as useless.
///
/// # Errors
/// Those of reading.
pub fn apply(
    matched: &Matched<'_>,
    whole: Option<&[u8]>,
    policy: IgnorePolicy<'_>,
    findings: &mut Vec<Finding>,
    outside: &[Outside<'_>],
) -> io::Result<Ignored> {
    if !policy.obey {
        return Ok(Ignored::default());
    }
    let (text, map) = whole.map_or((None, None), |bytes| match matched.encoding {
        Encoding::Ascii => (Some(Cow::Borrowed(bytes)), None),
        encoding => {
            let (text, map) = utf16_to_utf8(bytes, encoding);
            (Some(Cow::Owned(text)), Some(map))
        }
    });
    let mut ignores = match &text {
        Some(text) => Ignores::in_text(text, is_notebook(&matched.name.path)),
        None => of_pieces(matched, findings)?,
    };
    let (mut own, mut peer) = (0, 0);
    findings.retain(|finding| {
        let location = &finding.location;
        if !location.inside.is_empty() {
            return true;
        }
        let span = map.as_ref().map_or(location.span, |map| map.to_view(location.span));
        match ignores.silence(&finding.rule, span, policy) {
            Some(IgnoredBy::Own) => own += 1,
            Some(IgnoredBy::Peer) => peer += 1,
            None => return true,
        }
        false
    });
    for one in outside {
        let span = map.as_ref().map_or(one.span, |map| map.to_view(one.span));
        ignores.silence(&one.rule.id, span, policy);
    }
    let path = &matched.name.path;
    let mut problems = if is_prose(path) { Vec::new() } else { ignores.problems(policy) };
    if let Some(text) = text.filter(|_| !problems.is_empty() && !is_notebook(path)) {
        keep_in_comments(&mut problems, path, &text);
    }
    Ok(Ignored {
        counts: vec![(IgnoredBy::Own, own), (IgnoredBy::Peer, peer)],
        warnings: warnings(matched, map.as_ref(), problems)?,
    })
}

/// Keeps the problems of what is a comment in the file's language: a program that writes
/// such comments, or tests what they do, has them in its texts, where they are not meant.
/// What is in no language that is known stays.
fn keep_in_comments(problems: &mut Vec<Problem>, path: &SourcePath, text: &[u8]) {
    let file = FileHead { path, head: &text[..text.len().min(LANGUAGE_HEAD)] };
    let Some(reader) = language::identify(file) else { return };
    let mut comments = reader.read(text, file).comments;
    // A documentation string is prose, but not where a comment is written.
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
    let mut pieces = Vec::new();
    let around = findings.iter().map(|finding| {
        let span = finding.location.span;
        let from = span.start.saturating_sub(AROUND);
        (from, span.end.saturating_sub(from).min(AROUND) + AROUND)
    });
    for (from, length) in std::iter::once((0, HEAD)).chain(around) {
        let mut piece = vec![0; length];
        let count = matched.content.fill_at(from as u64, &mut piece)?;
        pieces.push(Ignores::in_piece(&piece[..count], from));
    }
    Ok(Ignores::joined(pieces))
}

fn is_prose(path: &SourcePath) -> bool {
    path.extension().is_some_and(|ending| {
        PROSE.iter().any(|known| ending.eq_ignore_ascii_case(known.as_bytes()))
    })
}

fn warnings(
    matched: &Matched<'_>,
    map: Option<&SpanMap>,
    problems: Vec<Problem>,
) -> io::Result<Vec<Warning>> {
    if problems.is_empty() {
        return Ok(Vec::new());
    }
    let source = |problem: &Problem| match map {
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
    let warning = |((_, message), place)| Warning {
        path: matched.name.document.clone(),
        place: Some(place),
        message,
    };
    Ok(problems.into_iter().zip(places).map(warning).collect())
}
