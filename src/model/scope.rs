//! The part of a document in which findings are reported.

use super::{read_at::ReadAt, span::Span};
use std::{collections::HashMap, io, sync::Arc};

/// Maximum number of bytes of an earlier version that one call of [`Scope::covers`] searches. Spans
/// beyond it count as added, so that many spans cannot make a scan slow.
const MAX_SEARCHED: usize = 1 << 30;
/// Maximum number of bytes of a span that are compared with an earlier version.
const MAX_NEEDLE: usize = 4096;

/// The part of a document in which findings are reported.
#[derive(Debug, Clone, Default)]
pub enum Scope {
    /// All of it.
    #[default]
    All,
    /// The lines that a change adds.
    Lines(Arc<Added>),
}

/// The part of a document that a change adds.
#[derive(Debug)]
pub enum Added {
    /// These bytes: whole lines, sorted and disjoint.
    Spans(Vec<Span>),
    /// Every byte sequence that does not occur in this earlier version, for content that has
    /// no lines.
    Unlike(Vec<u8>),
    /// The intersection of these scopes.
    Every(Vec<Scope>),
    /// The union of these scopes.
    Any(Vec<Scope>),
}

impl Scope {
    /// The scope that covers these spans, which must be sorted and disjoint.
    pub fn spans(spans: Vec<Span>) -> Self {
        Scope::Lines(Arc::new(Added::Spans(spans)))
    }

    /// The scope that covers no byte.
    pub fn nothing() -> Self {
        Self::spans(Vec::new())
    }

    /// The scope that covers each byte sequence that does not occur in `earlier`.
    pub fn unlike(earlier: Vec<u8>) -> Self {
        Scope::Lines(Arc::new(Added::Unlike(earlier)))
    }

    /// The intersection of `scopes`.
    pub fn every(mut scopes: Vec<Scope>) -> Self {
        scopes.retain(|scope| matches!(scope, Scope::Lines(_)));
        match scopes.len() {
            0 => Scope::All,
            1 => scopes.remove(0),
            _ => Scope::Lines(Arc::new(Added::Every(scopes))),
        }
    }

    /// The union of `scopes`.
    pub fn any(mut scopes: Vec<Scope>) -> Self {
        if scopes.len() == 1 {
            return scopes.remove(0);
        }
        if scopes.iter().any(|scope| matches!(scope, Scope::All)) {
            return Scope::All;
        }
        Scope::Lines(Arc::new(Added::Any(scopes)))
    }

    /// For each of `places` in `content`, `true` if the scope covers at least part of it.
    ///
    /// # Errors
    /// Returns an error if `content` cannot be read.
    pub fn covers(&self, places: &[Span], content: &dyn ReadAt) -> io::Result<Vec<bool>> {
        let Scope::Lines(added) = self else { return Ok(vec![true; places.len()]) };
        match &**added {
            Added::Spans(spans) => {
                Ok(places.iter().map(|place| overlaps_one(spans, *place)).collect())
            }
            Added::Unlike(earlier) => unlike(earlier, places, content),
            Added::Every(scopes) => joined(scopes, places, content, true, |a, b| a && b),
            Added::Any(scopes) => joined(scopes, places, content, false, |a, b| a || b),
        }
    }
}

/// `true` if `place` shares a byte with one of `spans`, which are sorted and disjoint. An empty
/// `place` counts as the byte that follows it.
fn overlaps_one(spans: &[Span], place: Span) -> bool {
    let place = Span::new(place.start, place.end.max(place.start + 1));
    let next = spans.partition_point(|span| span.end <= place.start);
    spans.get(next).is_some_and(|span| span.overlaps(place))
}

fn joined(
    scopes: &[Scope],
    places: &[Span],
    content: &dyn ReadAt,
    start: bool,
    join: fn(bool, bool) -> bool,
) -> io::Result<Vec<bool>> {
    let mut all = vec![start; places.len()];
    for scope in scopes {
        for (one, covers) in all.iter_mut().zip(scope.covers(places, content)?) {
            *one = join(*one, covers);
        }
    }
    Ok(all)
}

fn unlike(earlier: &[u8], places: &[Span], content: &dyn ReadAt) -> io::Result<Vec<bool>> {
    let mut known: HashMap<Vec<u8>, bool> = HashMap::new();
    let mut searched = 0_usize;
    let mut covers = Vec::with_capacity(places.len());
    for place in places {
        let mut needle = vec![0; place.len().min(MAX_NEEDLE)];
        let count = content.fill_at(place.start as u64, &mut needle)?;
        needle.truncate(count);
        covers.push(*known.entry(needle).or_insert_with_key(|needle| {
            searched = searched.saturating_add(earlier.len());
            searched > MAX_SEARCHED || memchr::memmem::find(earlier, needle).is_none()
        }));
    }
    Ok(covers)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn covers(scope: &Scope, places: &[(usize, usize)], content: &[u8]) -> Vec<bool> {
        let places: Vec<Span> = places.iter().map(|(a, b)| Span::new(*a, *b)).collect();
        scope.covers(&places, &content).expect("memory")
    }

    #[test]
    fn a_place_counts_if_one_of_its_bytes_is_added() {
        let scope = Scope::spans(vec![Span::new(4, 8), Span::new(20, 24)]);
        let places = [(0, 4), (0, 5), (7, 30), (8, 20), (23, 23), (24, 30)];
        assert_eq!(covers(&scope, &places, b""), [false, true, true, false, true, false]);
        assert_eq!(covers(&Scope::nothing(), &[(0, 9)], b""), [false]);
        assert_eq!(covers(&Scope::All, &[(0, 9)], b""), [true]);
    }

    #[test]
    fn what_a_binary_file_held_before_is_not_added() {
        let scope = Scope::unlike(b"\0\0secret".to_vec());
        assert_eq!(covers(&scope, &[(1, 7), (8, 12)], b"\0secret\0more"), [false, true]);
    }

    #[test]
    fn a_merge_adds_what_is_new_to_each_parent() {
        let (a, b) = (Scope::spans(vec![Span::new(0, 4)]), Scope::spans(vec![Span::new(2, 8)]));
        let places = [(0, 1), (2, 3), (6, 7)];
        let every = Scope::every(vec![a.clone(), Scope::All, b.clone()]);
        assert_eq!(covers(&every, &places, b""), [false, true, false]);
        assert_eq!(covers(&Scope::any(vec![a.clone(), b]), &places, b""), [true, true, true]);
        assert!(matches!(Scope::any(vec![a, Scope::All]), Scope::All));
        assert!(matches!(Scope::every(vec![Scope::All]), Scope::All));
    }
}
