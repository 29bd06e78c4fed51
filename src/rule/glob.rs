//! Globs of names: rule ids, keys, callees, paths.

use super::alternatives::alternatives;
use aho_corasick::AhoCorasick;
use globset::{Glob, GlobBuilder, GlobSet, GlobSetBuilder};
use regex::bytes::Regex;
use std::{borrow::Cow, collections::HashSet, sync::OnceLock};

/// A set of globs, compiled on first use. The empty set matches nothing.
#[derive(Debug, Clone, Default)]
pub struct Globs {
    globs: Vec<String>,
    are_paths: bool,
    /// The prefix of every path that is matched.
    folder: String,
    set: OnceLock<Compiled>,
}

/// Compiled globs. Most globs of names have no special character except `*`, and comparing texts is
/// faster than compiling an automaton for a hundred globs.
#[derive(Debug, Clone, Default)]
struct Compiled {
    /// The names without `*`, in lower case.
    whole: HashSet<String>,
    /// The texts of the globs `*text*`.
    inside: Option<AhoCorasick>,
    words: Vec<Word>,
    /// The globs of names with other special characters.
    names: Option<Regex>,
    /// The first bytes of globs, one bit each.
    firsts: [u64; 4],
    /// `true` if a glob begins with a wildcard, so that names with any first byte may match.
    takes_any_first: bool,
    paths: GlobSet,
}

/// A glob in lower case, split at each `*`.
#[derive(Debug, Clone)]
struct Word {
    start: String,
    inside: Vec<String>,
    end: String,
}

impl Word {
    /// The glob; `None` if it has no `*`.
    fn of(glob: &str) -> Option<Self> {
        let (start, rest) = glob.split_once('*')?;
        let (inside, end) = rest.rsplit_once('*').unwrap_or(("", rest));
        let inside = inside.split('*').filter(|part| !part.is_empty()).map(str::to_string);
        Some(Self { start: start.to_string(), inside: inside.collect(), end: end.to_string() })
    }

    /// `true` if it matches a name in lower case.
    fn matches(&self, name: &str) -> bool {
        // The first and the last byte exclude most names.
        let (first, last) = (self.start.as_bytes().first(), self.end.as_bytes().last());
        if first.is_some_and(|_| first != name.as_bytes().first())
            || last.is_some_and(|_| last != name.as_bytes().last())
        {
            return false;
        }
        let Some(rest) = name.strip_prefix(&self.start) else { return false };
        let Some(mut rest) = rest.strip_suffix(&self.end) else { return false };
        self.inside.iter().all(|part| match rest.find(part) {
            Some(at) => {
                rest = &rest[at + part.len()..];
                true
            }
            None => false,
        })
    }
}

impl Globs {
    /// Globs of names without structure, case-insensitive; `*` matches anything.
    pub fn of_names<S: Into<String>>(globs: impl IntoIterator<Item = S>) -> Self {
        let globs = globs.into_iter().map(Into::into).collect();
        Self { globs, are_paths: false, folder: String::new(), set: OnceLock::new() }
    }

    /// The globs as they were written.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.globs.iter().map(String::as_str)
    }

    /// Globs of paths: `*` does not match `/`, `**` does, and a glob without `/` matches the file's
    /// own name in any folder, as in `.gitignore`.
    pub fn of_paths<S: Into<String>>(globs: impl IntoIterator<Item = S>) -> Self {
        let globs = globs.into_iter().map(Into::into).collect();
        Self { globs, are_paths: true, folder: String::new(), set: OnceLock::new() }
    }

    /// The same globs for paths relative to `folder`, while the globs are relative to the folder
    /// that contains it. `folder` is empty or ends in `/`.
    pub fn seen_from(self, folder: impl Into<String>) -> Self {
        Self { folder: folder.into(), ..self }
    }

    /// The folder that matched paths are relative to, itself relative to that of the globs: empty,
    /// or ending in `/`.
    pub fn folder(&self) -> &str {
        &self.folder
    }

    /// Rewrites a glob relative to `folder` into one relative to the folder that contains it.
    /// `folder` is empty or ends in `/`.
    pub fn moved_out(glob: &str, folder: &str) -> String {
        if folder.is_empty() {
            return glob.to_string();
        }
        let folder = globset::escape(folder);
        match glob.strip_prefix('/') {
            Some(rooted) => format!("/{folder}{rooted}"),
            None if glob.trim_end_matches('/').contains('/') => format!("/{folder}{glob}"),
            None => format!("/{folder}**/{glob}"),
        }
    }

    /// Checks that every glob is valid.
    ///
    /// # Errors
    /// Returns the glob that is not valid, and the reason.
    pub fn check(&self) -> Result<(), String> {
        for glob in &self.globs {
            self.parse(glob).map_err(|error| format!("`{glob}`: {}", error.kind()))?;
        }
        if !self.are_paths {
            self.expression().map_err(|error| format!("all together: {error}"))?;
        }
        Ok(())
    }

    /// The globs as they were written.
    pub fn sources(&self) -> &[String] {
        &self.globs
    }

    /// `true` if it has no glob.
    pub fn is_empty(&self) -> bool {
        self.globs.is_empty()
    }

    /// `true` if a glob matches the name. An invalid glob matches nothing.
    pub fn matches(&self, name: &str) -> bool {
        if self.is_empty() {
            return false;
        }
        let compiled = self.compiled();
        // The first byte excludes most names.
        if !compiled.takes_any_first
            && let Some(first) = name.bytes().next().map(|byte| byte.to_ascii_lowercase())
            && compiled.firsts[usize::from(first / 64)] & 1 << (first % 64) == 0
        {
            return false;
        }
        let Compiled { whole, inside, words, names, .. } = compiled;
        let small = match name.bytes().any(|byte| byte.is_ascii_uppercase()) {
            true => Cow::from(name.to_ascii_lowercase()),
            false => Cow::from(name),
        };
        whole.contains(&*small)
            || inside.as_ref().is_some_and(|inside| inside.is_match(&*small))
            || words.iter().any(|word| word.matches(&small))
            || names.as_ref().is_some_and(|names| names.is_match(small.as_bytes()))
    }

    /// `true` if a glob matches the path; bytes that are not UTF-8 match `?`.
    pub fn matches_path(&self, path: &crate::model::SourcePath) -> bool {
        !self.is_empty() && self.is_match(&path.real_text())
    }

    /// `true` if a glob matches the path or a folder that contains it.
    pub fn covers(&self, path: &crate::model::SourcePath) -> bool {
        if self.is_empty() {
            return false;
        }
        let name = path.real_text();
        let whole = if name.starts_with('/') {
            name.into_owned()
        } else {
            format!("{}{name}", self.folder)
        };
        let whole = whole.trim_end_matches('/');
        let folders = whole.match_indices('/').map(|(at, _)| &whole[..at]);
        folders.chain([whole]).any(|one| self.compiled().paths.is_match(one))
    }

    /// The first glob that [covers](Self::covers) the path, as it was written.
    pub fn covering(&self, path: &crate::model::SourcePath) -> Option<&str> {
        let alone = |glob: &&String| {
            Self::of_paths([glob.as_str()]).seen_from(self.folder.clone()).covers(path)
        };
        self.globs.iter().find(alone).map(String::as_str)
    }

    /// The indexes of the globs that match a path, whose order is that of [`sources`](Self::sources).
    pub fn matching(&self, name: &str) -> Vec<usize> {
        let in_folder = !self.folder.is_empty() && !name.starts_with('/');
        let whole = if in_folder { format!("{}{name}", self.folder) } else { name.to_string() };
        self.compiled().paths.matches(whole)
    }

    fn is_match(&self, name: &str) -> bool {
        match self.folder.as_str() {
            "" => self.compiled().paths.is_match(name),
            // A path outside the folder is absolute.
            _ if name.starts_with('/') => self.compiled().paths.is_match(name),
            folder => self.compiled().paths.is_match(format!("{folder}{name}")),
        }
    }

    fn compiled(&self) -> &Compiled {
        self.set.get_or_init(|| {
            // An invalid glob matches nothing; `check` reports it.
            if self.are_paths {
                let mut paths = GlobSetBuilder::new();
                for glob in self.globs.iter().filter_map(|glob| self.parse(glob).ok()) {
                    paths.add(glob);
                }
                let paths = paths.build().unwrap_or_else(|_| GlobSet::empty());
                return Compiled { paths, ..Compiled::default() };
            }
            let mut compiled =
                Compiled { names: self.expression().unwrap_or_default(), ..Compiled::default() };
            compiled.takes_any_first = compiled.names.is_some();
            for glob in self.globs.iter().flat_map(|glob| alternatives(glob)) {
                let small = glob.to_ascii_lowercase();
                match small.bytes().next() {
                    Some(b'*') => compiled.takes_any_first = true,
                    Some(first) => compiled.firsts[usize::from(first / 64)] |= 1 << (first % 64),
                    None => {}
                }
                match Word::of(&small) {
                    Some(word) => compiled.words.push(word),
                    None => _ = compiled.whole.insert(small),
                }
            }
            let is_inside = |word: &mut Word| {
                word.start.is_empty() && word.end.is_empty() && word.inside.len() == 1
            };
            let inside: Vec<Word> = compiled.words.extract_if(.., is_inside).collect();
            if !inside.is_empty() {
                let texts = inside.iter().flat_map(|word| &word.inside);
                compiled.inside = AhoCorasick::new(texts).ok();
            }
            compiled
        })
    }

    /// One expression for the globs of names with special characters other than `*`; `None` if
    /// there are none.
    fn expression(&self) -> Result<Option<Regex>, regex::Error> {
        let globs = self.globs.iter().filter(|glob| alternatives(glob).is_empty());
        let parsed = globs.filter_map(|glob| self.parse(glob).ok());
        let names: Vec<String> = parsed.map(|glob| format!("(?:{})", glob.regex())).collect();
        if names.is_empty() {
            return Ok(None);
        }
        Regex::new(&names.join("|")).map(Some)
    }

    fn parse(&self, glob: &str) -> Result<Glob, globset::Error> {
        if !self.are_paths {
            return GlobBuilder::new(glob).case_insensitive(true).build();
        }
        let mut anchored = match glob.strip_prefix('/') {
            Some(rooted) => rooted.to_string(),
            None if glob.trim_end_matches('/').contains('/') => glob.to_string(),
            None => format!("**/{glob}"),
        };
        if anchored.ends_with('/') {
            anchored.push_str("**");
        }
        GlobBuilder::new(&anchored).literal_separator(true).build()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::SourcePath;

    #[test]
    fn a_glob_without_a_slash_matches_the_name_in_any_folder() {
        let globs = Globs::of_paths([".env.*", "docs/*.md", "build/", "/top.txt"]);
        let matches = |path: &str| globs.matches_path(&SourcePath::from_bytes(path));
        assert!(matches(".env.local") && matches("a/b/.env.local"));
        assert!(matches("docs/a.md") && !matches("docs/deep/a.md") && !matches("x/docs/a.md"));
        assert!(matches("build/x/y.o") && matches("a/build/y.o") && !matches("builds/y.o"));
        assert!(matches("top.txt") && !matches("a/top.txt"));
    }

    #[test]
    fn globs_and_paths_may_be_relative_to_different_folders() {
        let matches = |globs: &Globs, path: &str| globs.matches_path(&SourcePath::from_bytes(path));
        let from_below = Globs::of_paths(["sub/gen/**", "*.lock", "/top.txt"]).seen_from("sub/");
        assert!(matches(&from_below, "gen/x") && matches(&from_below, "a.lock"));
        assert!(!matches(&from_below, "top.txt") && !matches(&from_below, "sub/gen/x"));
        let globs = ["gen/**", "*.lock", "/top.txt", "build/"];
        let from_above = Globs::of_paths(globs.map(|glob| Globs::moved_out(glob, "a[1]/")));
        assert!(matches(&from_above, "a[1]/gen/x") && matches(&from_above, "a[1]/b/c.lock"));
        assert!(matches(&from_above, "a[1]/top.txt") && matches(&from_above, "a[1]/build/x"));
        assert!(!matches(&from_above, "a1/gen/x") && !matches(&from_above, "c.lock"));
    }

    #[test]
    fn a_name_matches_in_any_case_with_stars_at_the_ends_or_inside() {
        let globs = [
            "*_Key",
            "api*",
            "*secret*",
            "token",
            "a*z",
            "b?d",
            "x{y,Z}*{1,2}",
            "p*q*r*",
            "m{,n}o",
            "{u,v",
        ];
        let globs = Globs::of_names(globs);
        let whole = ["MY_KEY", "_key", "API", "apiary", "xSecretx", "TOKEN", "abcz", "bed"];
        for name in whole.into_iter().chain(["xz2", "XYmore1", "pqr", "p_q_rs", "mno"]) {
            assert!(globs.matches(name), "{name}");
        }
        for name in
            ["keys_", "my_key_id", "tokens", "rapid", "abc", "bread", "x2", "xy3", "prq", "az{"]
        {
            assert!(!globs.matches(name), "{name}");
        }
        assert!(Globs::of_names(["*"]).matches("anything"));
    }

    #[test]
    fn a_bad_glob_is_named() {
        let error = Globs::of_names(["hf-[a"]).check().expect_err("unclosed");
        assert!(error.contains("hf-[a"), "{error}");
    }

    #[test]
    fn no_glob_matches_nothing() {
        assert!(!Globs::default().matches("a"));
    }
}
