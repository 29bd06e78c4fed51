//! What is remembered of a text, so that a version that descends from it is only looked at
//! where the two differ.

mod matches;
mod parts;

pub use matches::for_each_match;
use parts::KnownParts;
pub use parts::add_known;

use super::{engine::Engine, keywords::first_unsure};
use crate::{
    model::Shared,
    rule::{Pattern, Reach},
};
use matches::Matches;
use std::{ops::Range, sync::Arc};

/// The bit that tells what a gate ends with from the gate itself.
const NARROW: u32 = 1 << 31;

/// Something that a keyword set off, by what stands behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Event {
    /// Where the keyword stands.
    pub at: u32,
    /// What it set off.
    pub what: What,
}

/// What a keyword sets off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// It wakes the rules of a group, by its number.
    Group(u32),
    /// It is an anchor of decoders; the number of the keyword.
    Anchor(u32),
    /// It is only to be told of.
    Mark,
}

/// What is remembered of a text.
#[derive(Debug, Default)]
pub struct Remembered {
    events: Vec<Event>,
    /// The gates that were asked about, by number, with a match of theirs.
    gates: Vec<(u32, Option<Range<usize>>)>,
    matches: Vec<Matches>,
    parts: KnownParts,
}

/// The version of a text that is looked at, what is known of it from the one that it
/// descends from, and what is found out.
#[derive(Debug, Default)]
pub struct Version {
    earlier: Option<(Arc<Remembered>, Shared)>,
    /// Where it differs from that one.
    gaps: Vec<Range<usize>>,
    /// What is around the gaps, for each reach that was asked about; `None` if that is too much.
    around: Vec<(Reach, Option<Vec<Range<usize>>>)>,
    is_base: bool,
    remembered: Remembered,
}

/// The versions that one thread looks at.
#[derive(Debug, Default)]
pub struct Versions {
    expected: Option<Version>,
    current: Option<Version>,
    done: Option<Remembered>,
}

impl Versions {
    /// Announces a document that descends from an earlier one, and from which others may.
    pub fn expect(&mut self, earlier: Option<(Arc<Remembered>, Shared)>, is_base: bool) {
        *self = Self::default();
        // A version that stands alone is read as any text is.
        if earlier.is_some() || is_base {
            self.expected = Some(Version { earlier, is_base, ..Version::default() });
        }
    }

    /// The next text is the announced document, byte by byte.
    pub fn begin(&mut self) {
        self.current = self.expected.take();
    }

    /// The version that the next text is, if it was announced.
    pub fn current(&mut self, engine: &Engine, text: &[u8]) -> Option<Version> {
        let mut version = self.current.take().filter(|_| u32::try_from(text.len()).is_ok())?;
        version.find_events(engine, text);
        Some(version)
    }

    /// Keeps what was found out about a version.
    pub fn finish(&mut self, version: Version) {
        self.done = version.is_base.then_some(version.remembered);
    }

    /// What is to be remembered of the document that was announced.
    pub fn take(&mut self) -> Option<Remembered> {
        std::mem::take(self).done
    }
}

impl Version {
    /// What keywords set off, in order.
    pub fn events(&self) -> &[Event] {
        &self.remembered.events
    }

    fn find_events(&mut self, engine: &Engine, text: &[u8]) {
        let events = &mut self.remembered.events;
        let Some((earlier, shared)) = &self.earlier else {
            return engine.find_events(text, 0..text.len(), events);
        };
        self.gaps = shared.gaps();
        let mut gaps = self.gaps.iter();
        let starts_alike =
            shared.stretches().next().is_some_and(|one| one.at == 0 && one.from == 0);
        if let Some(gap) = (!starts_alike).then(|| gaps.next()).flatten() {
            engine.find_events(text, gap.clone(), events);
        }
        for one in shared.stretches() {
            let gap = gaps.next();
            let end = gap.map_or(one.end(), |gap| first_unsure(text, one.at, gap.start));
            let known = &earlier.events;
            let first = known.partition_point(|event| (event.at as usize) < one.from);
            let until = end - one.at + one.from;
            let same = known[first..].iter().take_while(|event| (event.at as usize) < until);
            // Both fit 32 bits, as all events do.
            events.extend(same.map(|event| Event {
                at: (event.at as usize - one.from + one.at) as u32,
                what: event.what,
            }));
            if let Some(gap) = gap {
                engine.find_events(text, end..gap.end, events);
            }
        }
    }

    /// Whether the gate with this number lets its rules look at `text`.
    pub fn is_open(&mut self, number: u32, gate: &Pattern, text: &[u8]) -> bool {
        let gates = &self.remembered.gates;
        if let Some((_, found)) = gates.iter().find(|(known, _)| *known == number) {
            return found.is_some();
        }
        let found = match gate.narrowed() {
            // What may match anywhere is only asked about where its end matches.
            Some(narrow) if !self.is_open(number | NARROW, narrow, text) => None,
            _ => self.find_gate(number, gate, text),
        };
        self.remembered.gates.push((number, found.clone()));
        found.is_some()
    }

    fn find_gate(&self, number: u32, gate: &Pattern, text: &[u8]) -> Option<Range<usize>> {
        if gate.reach() == Reach::Text {
            return gate.is_match(text).then_some(0..text.len());
        }
        let find = || gate.regex().find(text).map(|found| found.range());
        let Some((earlier, shared)) = &self.earlier else { return find() };
        let known = earlier.gates.iter().find(|(known, _)| *known == number);
        match known {
            None => find(),
            Some((_, Some(found))) => shared.place_of(found).or_else(find),
            Some((_, None)) => {
                let reach = gate.reach();
                let (mut end, mut read) = (0, 0);
                let may_match = self.gaps.iter().any(|gap| {
                    let part = reach.around(text, gap);
                    read += part.len();
                    if read > matches::most_bytes(text) {
                        return true;
                    }
                    let is_new = part.end > end;
                    end = part.end;
                    is_new && gate.regex().is_match_at(&text[..part.end], part.start)
                });
                may_match.then(find).flatten()
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::field_reassign_with_default, reason = "its other fields are private")]
mod tests {
    use super::*;
    use crate::{
        detect::{Scratch, Text},
        model::SourcePath,
        rule::{RuleSet, Selection, built_in, example::expand},
    };

    const PYTHON: &str = r#"import os
from huggingface_hub import HfApi, login

def first(api):
    api = HfApi(endpoint = "http://mirror.corp", token=os.environ["HF_TOKEN"])
    return api.list_models(author="somebody", limit=100, sort="downloads")

def second():
    login(token="hf_{{alpha:34}}")
    print("a line that no rule wants anything of, and that is long enough to be shared")

class Third:
    def fourth(self, model_id="a/b", revision="main"):
        return AutoModel.from_pretrained(model_id, trust_remote_code=True, use_auth_token=True)

    async def fifth(self):
        os.system("hf upload a/b --token hf_{{alpha:34:b}}")
        secret = 'api_key'

def last(text):
    password = "{{base64url:20}}"
    return requests.get(url, headers={"Authorization": f"Bearer {text}"}, verify=False)
"#;
    const MARKDOWN: &str = "# Setup\n\n```bash\nhf auth login --token hf_{{alpha:34}}\n```\n\nThen, \
        as everybody does, export what is needed for the rest of this page:\n\n```sh\nexport \
        HF_TOKEN=hf_{{alpha:34:b}}\nhf upload a/b .\n```\n\n- ```\n  $ docker build --build-arg \
        HF_TOKEN=hf_{{alpha:34:c}} .\n  ```\nAnd so on, for a line or two that say nothing.\n";

    fn engine() -> Engine {
        let rules = built_in(None).expect("the built-in rules are valid");
        let rules = RuleSet::new(rules, &Selection::default()).expect("all of them");
        Engine::with_marks(rules, 0, &[b"hfscan:"])
    }

    fn run(engine: &Engine, path: &str, bytes: &[u8], scratch: &mut Scratch) -> Vec<String> {
        let path = SourcePath::from_bytes(path);
        let text = Text { path: &path, containers: &[], bytes, part: None, is_whole: true };
        let mut found = Vec::new();
        engine.run(text, scratch, &mut |one| {
            found.push(format!("{} {:?} {:?}", one.rule.id, one.span, one.verdict));
        });
        found.sort();
        found
    }

    /// Cuts out a piece of a text and puts another in, with what stays the same.
    fn edited(text: &[u8], cut: Range<usize>, piece: &[u8]) -> (Vec<u8>, Shared) {
        let new = [&text[..cut.start], piece, &text[cut.end..]].concat();
        let mut shared = Shared::default();
        shared.clear(new.len(), text.len());
        if cut.start > 0 {
            shared.push(0, 0, cut.start);
        }
        if cut.end < text.len() {
            shared.push(cut.start + piece.len(), cut.end, text.len() - cut.end);
        }
        (new, shared)
    }

    /// Edits that open and close strings, functions, gates and blocks, and cut keywords.
    const PIECES: [&str; 9] = [
        "",
        "\n",
        "\"\"\"",
        "```\n",
        "hf_",
        "\ndef inserted(token):\n    login(token=token)\n",
        "HF_ENDPOINT = 'http://x.y'\n",
        "token=",
        "# hfscan: ignore\n",
    ];

    #[test]
    fn a_version_has_the_findings_of_a_text_that_is_read_by_itself() {
        let engine = engine();
        for (path, text) in [("a.py", PYTHON), ("a.md", MARKDOWN)] {
            let first = expand(text).into_bytes();
            let mut kept = Scratch::default();
            let mut found_any = false;
            for step in 0..60_usize {
                let mut text = first.clone();
                let mut earlier = None;
                // A chain of versions, each with another edit.
                for number in 0..4 {
                    kept.versions.expect(earlier.take(), true);
                    kept.versions.begin();
                    let found = run(&engine, path, &text, &mut kept);
                    let mark = kept.has_mark;
                    let mut fresh = Scratch::default();
                    assert_eq!(found, run(&engine, path, &text, &mut fresh), "{step} {number}");
                    assert_eq!(mark, fresh.has_mark);
                    found_any |= !found.is_empty();
                    let remembered = kept.versions.take().expect("it is a base");
                    let at = (step * 37 + number * 251) % text.len();
                    let end = text.len().min(at + step % 7 * 5);
                    let piece = PIECES[(step + number * 2) % PIECES.len()];
                    let (next, shared) = edited(&text, at..end, piece.as_bytes());
                    earlier = Some((Arc::new(remembered), shared));
                    text = next;
                }
            }
            assert!(found_any, "{path}");
        }
    }

    #[test]
    fn what_is_the_same_is_taken_over_and_not_looked_for() {
        let engine = engine();
        let text = expand(PYTHON).into_bytes();
        let mut scratch = Scratch::default();
        let path = "a.py";
        scratch.versions.expect(None, true);
        scratch.versions.begin();
        assert!(!run(&engine, path, &text, &mut scratch).is_empty());
        let remembered = Arc::new(scratch.versions.take().expect("it is a base"));
        // A text that claims to be the same, and is not.
        let blank = vec![b' '; text.len()];
        let mut shared = Shared::default();
        shared.clear(text.len(), text.len());
        shared.push(0, 0, text.len());
        let mut versions = Versions::default();
        versions.expect(Some((Arc::clone(&remembered), shared)), true);
        versions.begin();
        let version = versions.current(&engine, &blank).expect("it was announced");
        assert_eq!(version.events(), remembered.events);
        assert!(!remembered.events.is_empty());
        assert!(versions.current(&engine, &blank).is_none(), "it is announced once");
    }
}
