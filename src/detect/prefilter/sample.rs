//! Divides pieces among buckets by how often real texts match them. Slow, so it only runs to write
//! [the hints](Grain::hint).

use super::{
    buckets::values_of,
    grain::{BUCKETS, Grain, PIECE, VALUES},
};
use std::{collections::HashMap, fs, path::Path};

/// Maximum number of bytes read of one file.
const OF_A_FILE: usize = 64 << 10;
/// Number of bytes read of all files.
const OF_ALL: usize = 12 << 20;
/// Number of matching offsets, per million, below which a piece is not moved.
const FEW: f64 = 1.0;
/// Number of the rarest other pieces that are tried for a keyword.
const TRIED: usize = 3;

/// Runs of bytes in real texts.
pub struct Sample {
    /// Runs of the length of a piece, without the highest bit of each byte, and their counts.
    pub(super) runs: Vec<([u8; PIECE], u32)>,
    /// For each run and each length of a prefix from 1, the index of the next run with another
    /// prefix.
    next: Vec<[usize; PIECE]>,
    places: f64,
}

impl Sample {
    /// The runs in files of a folder, spread over all files in it.
    pub fn of(folder: &Path) -> Self {
        let mut files = Vec::new();
        let mut folders = vec![folder.to_path_buf()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
                match entry.file_type() {
                    Ok(kind) if kind.is_dir() => folders.push(entry.path()),
                    Ok(kind) if kind.is_file() => files.push(entry.path()),
                    _ => {}
                }
            }
        }
        files.sort();
        fastrand::Rng::with_seed(1).shuffle(&mut files);
        let mut counts: HashMap<[u8; PIECE], u32> = HashMap::new();
        let mut left = OF_ALL;
        for file in files {
            let Ok(text) = fs::read(file) else { continue };
            let text = &text[..text.len().min(OF_A_FILE).min(left)];
            left -= text.len();
            for run in text.windows(PIECE) {
                let run: [u8; PIECE] = std::array::from_fn(|at| run[at] % VALUES as u8);
                *counts.entry(run).or_default() += 1;
            }
        }
        assert!(left < OF_ALL / 2, "a sample wants {OF_ALL} bytes");
        Self::of_runs(counts.into_iter().collect(), (OF_ALL - left) as f64)
    }

    /// These runs and their counts, from a text with this number of offsets.
    pub(super) fn of_runs(mut runs: Vec<([u8; PIECE], u32)>, places: f64) -> Self {
        runs.sort_unstable();
        let mut next = vec![[runs.len(); PIECE]; runs.len()];
        for at in (1..runs.len()).rev() {
            let same = runs[at - 1].0.iter().zip(runs[at].0).take_while(|(one, two)| *one == two);
            let same = same.count();
            next[at - 1] =
                std::array::from_fn(|place| if place < same { next[at][place] } else { at });
        }
        Self { runs, next, places }
    }

    /// Number of offsets, per million, that match a bucket of these pieces.
    pub fn rate<'p>(&self, pieces: impl Iterator<Item = &'p [u8]>, grain: Grain) -> f64 {
        let mut of = [0; PIECE];
        for piece in pieces {
            of.iter_mut().zip(values_of(piece)).for_each(|(all, values)| *all |= values);
        }
        let mut has = [[false; VALUES]; PIECE];
        for (values, has) in of.map(|values| grain.widen(values)).iter().zip(&mut has) {
            has.iter_mut().enumerate().for_each(|(value, has)| *has = values >> value & 1 == 1);
        }
        let (mut at, mut count) = (0, 0);
        while let Some((run, of_run)) = self.runs.get(at) {
            let differs = run.iter().zip(&has).position(|(byte, has)| !has[usize::from(*byte)]);
            count += differs.map_or(u64::from(*of_run), |_| 0);
            at = self.next[at][differs.unwrap_or(PIECE - 1)];
        }
        count as f64 * 1e6 / self.places
    }
}

/// Pieces in their buckets, while they are improved.
pub struct Sharing<'a> {
    /// The sample that rates them.
    pub sample: &'a Sample,
    /// The precision of the vectors.
    pub grain: Grain,
    /// The keywords of the pieces.
    pub keywords: Vec<&'a [u8]>,
    /// Each piece with its bucket.
    pub pieces: Vec<(Vec<u8>, usize)>,
}

impl Sharing<'_> {
    /// Number of offsets, per million, that match a bucket without the piece at index `but`, and
    /// with the piece `more` added.
    fn rate(&self, bucket: usize, but: usize, more: Option<&[u8]>) -> f64 {
        let pieces = self.pieces.iter().enumerate();
        let its = pieces.filter(|(place, (_, of))| *of == bucket && *place != but);
        self.sample.rate(its.map(|(_, (piece, _))| piece.as_slice()).chain(more), self.grain)
    }

    /// The rarest pieces that can replace the one at index `place`, and that piece itself. Each
    /// occurs in every keyword that has no other piece.
    fn choices(&self, place: usize) -> Vec<Vec<u8>> {
        let piece = self.pieces[place].0.as_slice();
        let has = |text: &[u8], piece: &[u8]| memchr::memmem::find(text, piece).is_some();
        let mut others = self.pieces.iter().map(|(other, _)| other).filter(|one| *one != piece);
        let needs = |keyword: &&&[u8]| {
            has(keyword, piece) && !others.clone().any(|other| has(keyword, other))
        };
        let needing: Vec<_> = self.keywords.iter().filter(needs).collect();
        let first = needing.first().map_or(&[][..], |keyword| keyword);
        let mut choices: Vec<&[u8]> = first.windows(PIECE).collect();
        choices.retain(|one| {
            needing.iter().all(|keyword| has(keyword, one)) && !others.any(|other| other == one)
        });
        choices.sort_unstable();
        choices.dedup();
        let rate = |piece: &[u8]| self.sample.rate([piece].into_iter(), Grain::Bytes);
        choices.sort_by(|one, two| rate(one).total_cmp(&rate(two)));
        choices.truncate(TRIED);
        choices.push(piece);
        choices.into_iter().map(<[u8]>::to_vec).collect()
    }

    /// Moves a piece to another bucket, or replaces it, if fewer offsets match then. `rates` are
    /// those of the buckets.
    fn improve_one(&mut self, place: usize, rates: &mut [f64; BUCKETS]) -> bool {
        let bucket = self.pieces[place].1;
        let without = self.rate(bucket, place, None);
        let saved = rates[bucket] - without;
        if saved < FEW {
            return false;
        }
        let mut best = (saved - FEW / 100.0, None);
        for piece in self.choices(place) {
            for (to, before) in rates.iter().enumerate() {
                let rate = self.rate(to, place, Some(&piece));
                let more = rate - if to == bucket { without } else { *before };
                if more < best.0 {
                    best = (more, Some((piece.clone(), to, rate)));
                }
            }
        }
        let Some((piece, to, rate)) = best.1 else { return false };
        rates[bucket] = without;
        rates[to] = rate;
        self.pieces[place] = (piece, to);
        true
    }

    /// Improves one piece after the other until none can be improved. Returns the number of
    /// offsets, per million, that match in the end.
    pub fn improve(&mut self) -> f64 {
        let mut rates = std::array::from_fn(|bucket| self.rate(bucket, usize::MAX, None));
        let mut random = fastrand::Rng::with_seed(1);
        loop {
            let mut order: Vec<usize> = (0..self.pieces.len()).collect();
            random.shuffle(&mut order);
            let improved = order.into_iter().filter(|place| self.improve_one(*place, &mut rates));
            if improved.count() == 0 {
                return rates.iter().sum();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_go_where_fewer_places_look_like_one_and_stay_in_their_keywords() {
        let runs = [*b"abcde", *b"xbcde", *b"abcdx", *b"uvwxy", *b"12345"];
        let sample = Sample::of_runs(runs.map(|run| (run, 100)).to_vec(), 500.0);
        let keywords = [&b"=abcde="[..], b"uvwxyz", b"12345678", b"xbcdx"];
        let pieces = [(&b"abcde"[..], 0), (b"uvwxy", 1), (b"12345", 2), (b"xbcdx", 0)];
        let pieces = pieces.map(|(piece, bucket)| (piece.to_vec(), bucket)).to_vec();
        let (grain, keywords) = (Grain::Bytes, keywords.to_vec());
        let mut sharing = Sharing { sample: &sample, grain, keywords, pieces };
        assert_eq!(sharing.rate(0, usize::MAX, None), 6e5);
        assert_eq!(sharing.improve(), 0.0);
        for keyword in &sharing.keywords {
            let has = |piece: &[u8]| memchr::memmem::find(keyword, piece).is_some();
            assert!(sharing.pieces.iter().any(|(piece, _)| has(piece)), "{:?}", sharing.pieces);
        }
    }
}
