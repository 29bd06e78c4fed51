//! Globs over names: rule ids, keys, callees, paths.

use globset::{Glob, GlobBuilder, GlobSet, GlobSetBuilder};
use std::sync::OnceLock;

/// A set of globs, compiled when it is first asked; the empty set matches nothing.
#[derive(Debug, Clone, Default)]
pub struct Globs {
    globs: Vec<String>,
    are_paths: bool,
    /// Stands before every path that is asked for.
    folder: String,
    set: OnceLock<Compiled>,
}

/// Globs that are ready to match. Nearly all globs of names are a word with `*` before
/// or behind it: to compare is faster than to compile an automaton for a hundred.
#[derive(Debug, Clone)]
struct Compiled {
    words: Vec<Word>,
    others: GlobSet,
}

/// A glob that is a text in small letters, with `*` at its ends or not.
#[derive(Debug, Clone)]
enum Word {
    Whole(String),
    Start(String),
    End(String),
    Inside(String),
}

impl Word {
    /// The glob as a word, unless it says more.
    fn of(glob: &str) -> Option<Self> {
        let (open_start, rest) = glob.strip_prefix('*').map_or((false, glob), |rest| (true, rest));
        let (open_end, rest) = rest.strip_suffix('*').map_or((false, rest), |rest| (true, rest));
        if rest.is_empty()
            || !rest.is_ascii()
            || rest.contains(['*', '?', '[', ']', '{', '}', '\\', '/'])
        {
            return None;
        }
        let text = rest.to_ascii_lowercase();
        Some(match (open_start, open_end) {
            (false, false) => Self::Whole(text),
            (false, true) => Self::Start(text),
            (true, false) => Self::End(text),
            (true, true) => Self::Inside(text),
        })
    }

    /// Whether it matches a name in small letters.
    fn matches(&self, name: &str) -> bool {
        match self {
            Self::Whole(text) => name == text,
            Self::Start(text) => name.starts_with(text),
            Self::End(text) => name.ends_with(text),
            Self::Inside(text) => name.contains(text),
        }
    }
}

impl Globs {
    /// Globs of names without structure, in any case; `*` matches anything.
    pub fn of_names<S: Into<String>>(globs: impl IntoIterator<Item = S>) -> Self {
        let globs = globs.into_iter().map(Into::into).collect();
        Self { globs, are_paths: false, folder: String::new(), set: OnceLock::new() }
    }

    /// Globs of paths: `*` stops at `/`, `**` does not, and a glob without `/` matches
    /// the file's own name in any folder, as in `.gitignore`.
    pub fn of_paths<S: Into<String>>(globs: impl IntoIterator<Item = S>) -> Self {
        let globs = globs.into_iter().map(Into::into).collect();
        Self { globs, are_paths: true, folder: String::new(), set: OnceLock::new() }
    }

    /// The same globs, asked of paths that are relative to `folder`, while the globs are
    /// relative to what holds it. `folder` is empty or ends in `/`.
    pub fn seen_from(self, folder: impl Into<String>) -> Self {
        Self { folder: folder.into(), ..self }
    }

    /// A glob of paths, as it is to be written where `folder` is seen from outside.
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

    /// Whether every glob is valid.
    ///
    /// # Errors
    /// The glob that is not valid, and why.
    pub fn check(&self) -> Result<(), String> {
        for glob in &self.globs {
            self.parse(glob).map_err(|error| format!("`{glob}`: {}", error.kind()))?;
        }
        Ok(())
    }

    /// The globs as they are written.
    pub fn sources(&self) -> &[String] {
        &self.globs
    }

    /// Whether there is no glob in it.
    pub fn is_empty(&self) -> bool {
        self.globs.is_empty()
    }

    /// Whether one of the globs matches the name. A glob that is not valid matches nothing.
    pub fn matches(&self, name: &str) -> bool {
        if self.is_empty() {
            return false;
        }
        let Compiled { words, .. } = self.compiled();
        let small = name.to_ascii_lowercase();
        words.iter().any(|word| word.matches(&small)) || self.is_match(name)
    }

    /// Whether one of the globs matches the path; bytes that are not UTF-8 match `?`.
    pub fn matches_path(&self, path: &crate::model::SourcePath) -> bool {
        !self.is_empty() && self.is_match(&path.to_text())
    }

    /// Whether a glob matches the path, or a folder that holds it.
    pub fn covers(&self, path: &crate::model::SourcePath) -> bool {
        if self.is_empty() {
            return false;
        }
        let name = path.to_text();
        let whole = if name.starts_with('/') { name } else { format!("{}{name}", self.folder) };
        let whole = whole.trim_end_matches('/');
        let folders = whole.match_indices('/').map(|(at, _)| &whole[..at]);
        folders.chain([whole]).any(|one| self.compiled().others.is_match(one))
    }

    fn is_match(&self, name: &str) -> bool {
        match self.folder.as_str() {
            "" => self.compiled().others.is_match(name),
            // What lies elsewhere goes by its whole path.
            _ if name.starts_with('/') => self.compiled().others.is_match(name),
            folder => self.compiled().others.is_match(format!("{folder}{name}")),
        }
    }

    fn compiled(&self) -> &Compiled {
        self.set.get_or_init(|| {
            let mut words = Vec::new();
            let mut builder = GlobSetBuilder::new();
            for glob in &self.globs {
                match Word::of(glob).filter(|_| !self.are_paths) {
                    Some(word) => words.push(word),
                    None => {
                        // One that is not valid matches nothing; `check` says so.
                        let _ = self.parse(glob).map(|glob| builder.add(glob));
                    }
                }
            }
            Compiled { words, others: builder.build().unwrap_or_else(|_| GlobSet::empty()) }
        })
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
        let globs = Globs::of_names(["*_Key", "api*", "*secret*", "token", "a*z", "b?d"]);
        for name in ["MY_KEY", "_key", "API", "apiary", "xSecretx", "TOKEN", "abcz", "bed"] {
            assert!(globs.matches(name), "{name}");
        }
        for name in ["keys_", "my_key_id", "tokens", "rapid", "abc", "bread"] {
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
