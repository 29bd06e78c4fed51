//! Selects the files of an upload by patterns, as the client of the Hub does.
//!
//! As in huggingface_hub 2.4.0: `filter_repo_objects` for repositories and `FilterMatcher` for
//! buckets.

use super::fnmatch::{Pattern, code_points};
use crate::model::upload::LeftOutBy;

/// Patterns that every upload to a repository excludes, regardless of the user's patterns.
const BUILT_IN: [&str; 8] = [
    ".git",
    ".git/*",
    "*/.git",
    "**/.git/**",
    ".cache/huggingface",
    ".cache/huggingface/*",
    "*/.cache/huggingface",
    "**/.cache/huggingface/**",
];

/// The patterns of one upload.
#[derive(Debug, Clone)]
pub struct Filter {
    is_bucket: bool,
    /// `None` includes everything; an empty list includes nothing.
    include: Option<Vec<Pattern>>,
    exclude: Vec<Pattern>,
    built_in: Vec<(&'static str, Pattern)>,
    /// The lines of a filter file; the first match decides.
    rules: Vec<(bool, Pattern)>,
}

impl Filter {
    /// The patterns of an upload to a repository. Folders are written with `/` at the end, and a
    /// backslash is a slash.
    pub fn of_repository(include: Option<&[String]>, exclude: &[String]) -> Self {
        Self {
            is_bucket: false,
            include: include.map(|list| list.iter().map(|text| foldered(text)).collect()),
            exclude: exclude.iter().map(|text| foldered(text)).collect(),
            built_in: BUILT_IN.iter().map(|text| (*text, Pattern::new(text))).collect(),
            rules: Vec::new(),
        }
    }

    /// The patterns of an upload to a bucket, which has no built-in ones. `rules` are the lines of
    /// a filter file.
    pub fn of_bucket(include: Option<&[String]>, exclude: &[String], rules: &str) -> Self {
        let lines = rules.split(['\n', '\r']).map(str::trim);
        let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
        let include: Vec<Pattern> = include.iter().copied().flatten().map(|p| slashed(p)).collect();
        Self {
            is_bucket: true,
            include: Some(include).filter(|list| !list.is_empty()),
            exclude: exclude.iter().map(|text| slashed(text)).collect(),
            built_in: Vec::new(),
            rules: lines
                .map(|line| match line.strip_prefix('-') {
                    Some(rest) => (false, slashed(rest.trim())),
                    None => (true, slashed(line.strip_prefix('+').unwrap_or(line).trim())),
                })
                .collect(),
        }
    }

    /// Adds a pattern of files to exclude.
    pub fn exclude(&mut self, pattern: &str) {
        self.exclude.push(if self.is_bucket { slashed(pattern) } else { foldered(pattern) });
    }

    /// The reason why a file of this name, relative to the folder, is not sent; `None` if it is.
    pub fn leaves_out(&self, name: &[u8]) -> Option<LeftOutBy> {
        let mut name = code_points(name);
        if self.is_bucket {
            return self.bucket_leaves_out(&name);
        }
        for point in name.iter_mut().filter(|point| **point == u32::from('\\')) {
            *point = u32::from('/');
        }
        let matches = |list: &[Pattern]| list.iter().any(|pattern| pattern.matches(&name));
        if self.include.as_deref().is_some_and(|include| !matches(include)) {
            return Some(LeftOutBy::NotIncluded);
        }
        let excluded = self.exclude.iter().find(|pattern| pattern.matches(&name));
        let built_in = || self.built_in.iter().find(|(_, pattern)| pattern.matches(&name));
        excluded
            .map(|pattern| LeftOutBy::Excluded(pattern.text().to_string()))
            .or_else(|| built_in().map(|(text, _)| LeftOutBy::BuiltIn(text)))
    }

    fn bucket_leaves_out(&self, name: &[u32]) -> Option<LeftOutBy> {
        let excluded = |pattern: &Pattern| Some(LeftOutBy::Excluded(pattern.text().to_string()));
        if let Some((takes, pattern)) = self.rules.iter().find(|(_, one)| one.matches(name)) {
            return if *takes { None } else { excluded(pattern) };
        }
        if let Some(pattern) = self.exclude.iter().find(|one| one.matches(name)) {
            return excluded(pattern);
        }
        let include = self.include.as_deref()?;
        let is_included = include.iter().any(|one| one.matches(name));
        (!is_included).then_some(LeftOutBy::NotIncluded)
    }
}

/// A pattern in which each backslash becomes a slash.
fn slashed(text: &str) -> Pattern {
    Pattern::new(&text.replace('\\', "/"))
}

/// Parses a pattern likewise; one that ends with a slash matches everything in the folder.
fn foldered(text: &str) -> Pattern {
    let star = if text.ends_with(['/', '\\']) { "*" } else { "" };
    slashed(&format!("{text}{star}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(texts: &[&str]) -> Vec<String> {
        texts.iter().map(ToString::to_string).collect()
    }

    fn out(filter: &Filter, name: &str) -> Option<&'static str> {
        filter.leaves_out(name.as_bytes()).map(|by| by.as_str())
    }

    #[test]
    fn the_table_of_patterns_is_that_of_the_client() {
        let names = [".env", "sub/.env", "prod.env", ".env.local", "sub/x"];
        for (pattern, expected) in [
            (".env", [true, false, false, false, false]),
            (".env*", [true, false, false, true, false]),
            ("**/.env", [false, true, false, false, false]),
            ("*.env", [true, true, true, false, false]),
            ("*.env*", [true, true, true, true, false]),
            ("sub", [false; 5]),
            ("sub/", [false, true, false, false, true]),
            ("sub\\*", [false, true, false, false, true]),
        ] {
            let filter = Filter::of_repository(None, &list(&[pattern]));
            for (name, is_out) in names.iter().zip(expected) {
                assert_eq!(out(&filter, name).is_some(), is_out, "{pattern} {name}");
            }
        }
    }

    #[test]
    fn git_and_the_cache_of_the_client_never_go_to_a_repository_and_do_to_a_bucket() {
        let filter = Filter::of_repository(None, &[]);
        for name in [".git/config", "a/.git", "a/b/.git/x", ".cache/huggingface/token"] {
            assert_eq!(out(&filter, name), Some("built-in"), "{name}");
        }
        assert_eq!(out(&filter, ".cache/pip/x"), None);
        let bucket = Filter::of_bucket(None, &[], "");
        assert_eq!(out(&bucket, ".git/config"), None);
    }

    #[test]
    fn of_a_bucket_the_first_line_that_matches_decides() {
        let rules = "# c\n+ keep/*\n- *.log\nall/*\n";
        let filter = Filter::of_bucket(Some(&list(&["*.py"])), &list(&["x.py", "sub/"]), rules);
        for (name, by) in [
            ("keep/a.log", None),
            ("a.log", Some("exclude")),
            ("all/a", None),
            ("x.py", Some("exclude")),
            ("y.py", None),
            ("y.txt", Some("not-included")),
            ("sub/y.py", None),
        ] {
            assert_eq!(out(&filter, name), by, "{name}");
        }
    }

    #[test]
    fn an_empty_list_of_what_to_take_takes_nothing_to_a_repository() {
        assert_eq!(out(&Filter::of_repository(Some(&[]), &[]), "a"), Some("not-included"));
        assert_eq!(out(&Filter::of_bucket(Some(&[]), &[], ""), "a"), None);
    }
}
