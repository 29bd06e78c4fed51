//! From judged matches to findings with a place and a line.

use super::{
    excerpt::{Excerpter, Own},
    line_hash::{REACH, line_hashes},
    locate::line_columns,
    notebook::Notebook,
    text::Found,
};
use crate::{
    decode::{container::Strings, encoding::Encoding},
    detect::{Real, Verdict, repository::Claim},
    judge::guessable::{is_guessable, known_by},
    language::{self, FileHead},
    model::{
        Dismissed, Excerpt, Finding, Fingerprint, History, LineColumn, Location, Origin, Secret,
        SourcePath, Span,
    },
    rule::Rule,
    source::ReadAt,
};
use std::{
    collections::{BTreeMap, HashMap},
    io,
};

/// Bytes from which a file's language is told.
const HEAD: usize = 4096;

/// Names a document, or something inside one.
#[derive(Debug, Clone)]
pub struct Place {
    /// The document.
    pub document: SourcePath,
    /// The way into it, outermost first.
    pub inside: Vec<String>,
    /// The containers on the way, outermost first.
    pub containers: Vec<&'static str>,
    /// All names of the way as one path: what rules know it by.
    pub path: SourcePath,
    /// Where the document was read from.
    pub origin: Origin,
}

/// Endings that a file loses when it is unpacked, and what it gets instead.
const PACKED: [(&[u8], &[u8]); 6] = [
    (b".gz", b""),
    (b".zst", b""),
    (b".bz2", b""),
    (b".xz", b""),
    (b".lz4", b""),
    (b".tgz", b".tar"),
];

impl Place {
    /// A document itself.
    pub fn of(document: &SourcePath, origin: Origin) -> Self {
        Self {
            document: document.clone(),
            inside: Vec::new(),
            containers: Vec::new(),
            path: document.clone(),
            origin,
        }
    }

    /// Something inside this; without a name, what this wraps.
    pub fn inside(&self, name: &str) -> Self {
        let mut place = self.clone();
        if name.is_empty() {
            let packed = PACKED.iter().find_map(|(ending, instead)| {
                Some((self.path.as_bytes().strip_suffix(*ending)?, *instead))
            });
            if let Some((path, instead)) = packed {
                place.path = SourcePath::from_bytes([path, instead].concat());
            }
        } else {
            place.inside.push(name.to_string());
            let whole = [self.path.as_bytes(), b"/", name.as_bytes()].concat();
            place.path = SourcePath::from_bytes(whole);
        }
        place
    }

    /// What fingerprints know it by: `file!member`.
    fn identity(&self) -> SourcePath {
        let mut name = self.document.as_bytes().to_vec();
        for part in &self.inside {
            name.push(b'!');
            name.extend_from_slice(part.as_bytes());
        }
        SourcePath::from_bytes(name)
    }
}

/// Where a piece begins in what it is a piece of.
#[derive(Debug, Clone, Copy)]
pub struct Offset {
    /// Bytes before it.
    pub bytes: usize,
    /// Its first character.
    pub place: LineColumn,
}

impl Default for Offset {
    fn default() -> Self {
        Self { bytes: 0, place: LineColumn::START }
    }
}

impl Offset {
    fn shift(&self, place: LineColumn) -> LineColumn {
        let before = if place.line == 1 { self.place.column - 1 } else { 0 };
        let bytes_before = if place.line == 1 { self.place.byte_column - 1 } else { 0 };
        LineColumn {
            line: place.line + self.place.line - 1,
            column: place.column + before,
            byte_column: place.byte_column + bytes_before,
        }
    }
}

/// A document, or a piece of one, with matches in it.
#[derive(Clone, Copy)]
pub struct Matched<'a> {
    /// Its name.
    pub place: &'a Place,
    /// Its bytes.
    pub content: &'a dyn ReadAt,
    /// How they stand for characters.
    pub encoding: Encoding,
    /// Where it begins in the document or member.
    pub offset: Offset,
    /// The keys of its lines, when it is texts out of a container.
    pub strings: Option<&'a Strings>,
    /// Its cells, if it is a notebook.
    pub notebook: Option<&'a Notebook>,
    /// Whether the findings are to bear the hash of their line.
    pub line_hashes: bool,
}

/// The finding that a check over the whole tree makes.
pub fn of_claim(rule: &Rule, claim: Claim) -> Finding {
    let Claim { path, line, severity, name, notes } = claim;
    let place = LineColumn { line, ..LineColumn::START };
    let location = Location {
        path,
        inside: Vec::new(),
        span: Span::default(),
        start: place,
        end: place,
        note: None,
    };
    let fill = |words: &str| words.replace("{name}", &name);
    Finding {
        fingerprint: Fingerprint::new(&rule.id, &location.path, name.as_bytes()),
        rule: rule.id.clone(),
        severity: if rule.severity_is_given { rule.severity } else { severity },
        confidence: rule.confidence,
        message: fill(&rule.message),
        help: fill(&rule.hint),
        notes,
        location,
        excerpt: Excerpt::default(),
        secret: None,
        line_hash: None,
        repeats: 0,
        precedence: rule.precedence,
        history: None,
    }
}

/// Of what one rule found of one secret, the first: a column may hold it a million times, and
/// each would be a finding with a line of its own.
pub fn first_of_each(mut found: Vec<Found<'_>>) -> Vec<Found<'_>> {
    found.sort_by_key(|one| one.span.start);
    let mut first: HashMap<(&str, Secret), usize> = HashMap::new();
    let mut kept: Vec<Found<'_>> = Vec::new();
    for one in found {
        if let Verdict::Real(Real { secret: Some(secret), .. }) = &one.verdict {
            let place = first.entry((&one.rule.id, secret.clone())).or_insert(kept.len());
            if let Some(Found { verdict: Verdict::Real(known), .. }) = kept.get_mut(*place) {
                known.repeats += 1;
                continue;
            }
        }
        kept.push(one);
    }
    kept
}

/// Says of each finding how often else the same stands there.
pub fn tell_repeats(findings: &mut [Finding]) {
    for finding in findings.iter_mut().filter(|finding| finding.repeats > 0) {
        finding.notes.push(format!("it stands there {} more times", finding.repeats));
    }
}

impl<'a> Matched<'a> {
    /// A whole document that is nothing special.
    pub fn of(place: &'a Place, content: &'a dyn ReadAt, encoding: Encoding) -> Self {
        let (offset, strings, notebook) = (Offset::default(), None, None);
        Self { place, content, encoding, offset, strings, notebook, line_hashes: false }
    }
}

impl Matched<'_> {
    /// Whether places in it count from the first byte of a file.
    pub fn is_from_start(&self) -> bool {
        self.strings.is_none() && self.offset.bytes == 0
    }

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
        let language =
            language::identify(FileHead { path: &self.place.path, head: &head[..count] });
        let places = self.places(&found)?;
        let identity = self.place.identity();
        for one in found {
            let location = self.location(one.span, &places);
            match one.verdict {
                Verdict::Dismissed(reason) => {
                    dismissed.push(Dismissed { location, rule: one.rule.id.clone(), reason });
                }
                Verdict::Real(real) => {
                    let own = Own { span: one.span, is_secret: real.secret.is_some() };
                    let excerpt =
                        excerpter.excerpt(self.content, self.encoding, &self.place.path, own)?;
                    let kinds = language.iter().map(|reader| reader.name());
                    let history = self.history(real.secret.as_ref(), one.span)?;
                    findings.push(Finding {
                        fingerprint: Fingerprint::new(
                            &one.rule.id,
                            &identity,
                            known_by(real.secret.as_ref(), &excerpt),
                        ),
                        rule: one.rule.id.clone(),
                        severity: real.severity,
                        confidence: real.confidence,
                        message: real.message.unwrap_or_else(|| one.rule.message.clone()),
                        help: real.help.unwrap_or_else(|| one.rule.hint_for(kinds)),
                        notes: real.notes,
                        location,
                        excerpt,
                        secret: real.secret,
                        line_hash: None,
                        repeats: real.repeats,
                        precedence: one.rule.precedence,
                        history,
                    });
                }
            }
        }
        if self.line_hashes {
            self.hash_lines(&mut findings)?;
        }
        Ok((findings, dismissed))
    }

    /// Gives findings the hash of their line, which covers the secret: where it reaches one
    /// that could be guessed there is none, since the hash would confirm a guess.
    fn hash_lines(&self, findings: &mut [Finding]) -> io::Result<()> {
        let guessable = |finding: &&Finding| finding.secret.as_ref().is_some_and(is_guessable);
        let guessable: Vec<_> = findings
            .iter()
            .filter(guessable)
            .map(|finding| (finding.location.start.line, finding.location.end.line))
            .collect();
        let reaches =
            |line: usize| guessable.iter().any(|(from, to)| line <= *to && *from <= line + REACH);
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

    /// What git is to be asked of a finding: about the secret, or the construct's own text.
    fn history(&self, secret: Option<&Secret>, span: Span) -> io::Result<Option<Box<History>>> {
        const LONGEST: usize = 4096;
        let origin = self.place.origin;
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

    /// Turns the span of a location in texts out of a container into one of the container's
    /// bytes. Until then texts that stand in one packed page are told apart.
    pub fn settle(&self, location: &mut Location) {
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
        let path = self.place.document.clone();
        let mut inside = self.place.inside.clone();
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
