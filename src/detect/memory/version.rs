//! A version of a file, and the results remembered for it.

use super::{
    gates::Gates,
    hits,
    parts::{KnownParts, Part},
};
use crate::{
    detect::{
        ids::{GateId, RuleId},
        keyring::{Hit, Keyring},
    },
    model::{Facts, Shared},
    rule::Pattern,
};
use std::sync::Arc;

/// The results for a text after the rules ran over it.
#[derive(Debug, Default)]
pub struct Remembered {
    hits: Vec<Hit>,
    gates: Gates,
    parts: KnownParts,
}

/// A text that the rules run over, with the results for the text that it descends from. The default
/// is a text without an earlier one, for which nothing is remembered.
#[derive(Debug, Default)]
pub struct Version {
    /// The results for the earlier text, and the stretches that both texts share.
    earlier: Option<(Arc<Remembered>, Shared)>,
    /// `true` if others descend from this text.
    is_base: bool,
    /// `true` after the rules ran over it.
    is_read: bool,
    remembered: Remembered,
}

impl Version {
    /// A version that descends from an `earlier` one, if there is one. `is_base` is `true` if
    /// others descend from this one.
    pub fn new(earlier: Option<(Arc<Remembered>, Shared)>, is_base: bool) -> Self {
        Self { earlier, is_base, ..Self::default() }
    }

    /// The results to remember; `None` if no version descends from it, or if no rules ran over it.
    pub fn into_remembered(self) -> Option<Remembered> {
        (self.is_base && self.is_read).then_some(self.remembered)
    }

    /// The keywords that count in `text`, in order. `None` if the text is read on its own, because
    /// it has no related versions or too many hits.
    pub(in crate::detect) fn find_hits(
        &mut self,
        keyring: &Keyring,
        text: &[u8],
    ) -> Option<&[Hit]> {
        let earlier = self.earlier.as_ref();
        if earlier.is_none() && !self.is_base {
            return None;
        }
        let known = earlier.map(|(earlier, shared)| (earlier.hits.as_slice(), shared));
        let hits = hits::find(keyring, text, known)?;
        self.is_read = true;
        self.remembered.hits = hits;
        Some(&self.remembered.hits)
    }

    /// `true` if an earlier version of the text was scanned, or later ones follow.
    pub(in crate::detect) fn has_others(&self) -> bool {
        self.earlier.is_some() || self.is_base
    }

    /// `true` if a rule's `gate` matches `text`.
    pub(in crate::detect) fn is_open(&mut self, id: GateId, gate: &Pattern, text: &[u8]) -> bool {
        let Self { earlier, is_base, remembered, .. } = self;
        let earlier = earlier.as_ref().map(|(earlier, shared)| (&earlier.gates, shared));
        remembered.gates.is_open(id, gate, text, earlier, *is_base)
    }

    /// The parts of `text` that need not be read for `rules`. `places` are the offsets of the
    /// keywords that count for them, sorted.
    pub(in crate::detect) fn known_parts(
        &self,
        text: &[u8],
        language: &str,
        rules: &[RuleId],
        places: &[usize],
    ) -> Vec<Part> {
        match &self.earlier {
            Some((earlier, shared)) => {
                earlier.parts.known_in(text, shared, language, rules, places)
            }
            None => Vec::new(),
        }
    }

    /// Remembers the parts of this text. `wanted` holds the starts of the selected facts, and
    /// `known` the parts that were not read.
    pub(in crate::detect) fn remember_parts(
        &mut self,
        language: &'static str,
        rules: Vec<RuleId>,
        facts: &Facts,
        wanted: Vec<usize>,
        known: Vec<Part>,
    ) {
        if self.is_base {
            self.remembered.parts = KnownParts::of(language, rules, facts, wanted, known);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        detect::{Engine, Scratch, Text},
        model::SourcePath,
        rule::{RuleSet, Selection, built_in, example::expand},
    };
    use std::ops::Range;

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

    /// The findings in a version, and `true` if it holds a mark.
    fn run(
        engine: &Engine,
        path: &str,
        bytes: &[u8],
        version: &mut Version,
    ) -> (Vec<String>, bool) {
        let path = SourcePath::from_bytes(path);
        let text =
            Text { path: &path, containers: &[], bytes, part: None, is_whole: true, map: None };
        let (mut found, mut scratch) = (Vec::new(), Scratch::default());
        engine.run_version(text, version, &mut scratch, &mut |one| {
            found.push(format!("{} {:?} {:?}", one.rule.id, one.span, one.verdict));
        });
        found.sort();
        (found, scratch.has_mark())
    }

    /// `text` with `piece` in place of `cut`, and the stretches that both texts share.
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
            let mut found_any = false;
            for step in 0..60_usize {
                let mut text = first.clone();
                let mut earlier = None;
                // A chain of versions, one edit each.
                for number in 0..4 {
                    let mut version = Version::new(earlier.take(), true);
                    let found = run(&engine, path, &text, &mut version);
                    let alone = run(&engine, path, &text, &mut Version::default());
                    assert_eq!(found, alone, "{step} {number}");
                    found_any |= !found.0.is_empty();
                    let remembered = version.into_remembered().expect("it is a base");
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
    fn keywords_in_shared_ranges_are_taken_from_the_earlier_version() {
        let engine = engine();
        let text = expand(PYTHON).into_bytes();
        let mut version = Version::new(None, true);
        assert!(!run(&engine, "a.py", &text, &mut version).0.is_empty());
        let remembered = Arc::new(version.into_remembered().expect("it is a base"));
        // A text declared identical to the earlier one although it is not.
        let blank = vec![b' '; text.len()];
        let mut shared = Shared::default();
        shared.clear(text.len(), text.len());
        shared.push(0, 0, text.len());
        let mut version = Version::new(Some((Arc::clone(&remembered), shared)), false);
        let hits = version.find_hits(engine.keyring(), &blank).expect("it descends from another");
        assert_eq!(hits, remembered.hits);
        assert!(!hits.is_empty());
        assert!(version.into_remembered().is_none(), "no version descends from it");
        assert!(Version::default().find_hits(engine.keyring(), &text).is_none());
        assert!(Version::new(None, true).into_remembered().is_none(), "no rules ran");
    }
}
