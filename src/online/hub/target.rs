//! Targets on the Hub.

/// The kind of a repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A model.
    Model,
    /// A data set.
    Dataset,
    /// A Space.
    Space,
    /// A bucket, which has no revisions.
    Bucket,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Kind; 4] = [Kind::Model, Kind::Dataset, Kind::Space, Kind::Bucket];

    /// The segment in API URLs and in `hf://`.
    pub fn segment(self) -> &'static str {
        match self {
            Kind::Model => "models",
            Kind::Dataset => "datasets",
            Kind::Space => "spaces",
            Kind::Bucket => "buckets",
        }
    }

    /// The prefix of the name in URLs of pages and files.
    pub fn prefix(self) -> &'static str {
        match self {
            Kind::Model => "",
            Kind::Dataset => "datasets/",
            Kind::Space => "spaces/",
            Kind::Bucket => "buckets/",
        }
    }
}

/// A target on the Hub.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// All of a user or organisation.
    Owner(String),
    /// A repository or bucket, or a part of it.
    Repository {
        /// Its kind.
        kind: Kind,
        /// `OWNER/NAME`.
        id: String,
        /// The revision; `None` is the main branch.
        revision: Option<String>,
        /// A folder or file in it; empty means everything.
        path: String,
    },
    /// A discussion or pull request.
    Discussion {
        /// The kind of the repository.
        kind: Kind,
        /// `OWNER/NAME`.
        id: String,
        /// Its number.
        number: u64,
    },
    /// A collection, by the last part of its URL: `OWNER/TITLE-ID`.
    Collection(String),
}

/// The text is not a target on the Hub.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a target on the Hub")]
pub struct TargetError(String);

impl Target {
    /// Parses a target: `OWNER`, `OWNER/NAME`, optionally after `datasets/`, `spaces/` or
    /// `buckets/`, `collections/SLUG`, `hf://…[@REVISION][/PATH]`, or the URL of a page.
    ///
    /// # Errors
    /// Returns an error for any other text.
    pub fn parse(text: &str) -> Result<Self, TargetError> {
        let wrong =
            || TargetError(text.chars().filter(|one| !one.is_control()).take(200).collect());
        let is_address = text.contains("://");
        let rest = ["hf://", "https://huggingface.co/", "https://hf.co/", "huggingface.co/"]
            .iter()
            .find_map(|prefix| text.strip_prefix(prefix));
        let rest = match rest {
            Some(rest) => rest,
            None if is_address => return Err(wrong()),
            None => text,
        };
        let rest = rest.split(['?', '#']).next().unwrap_or_default().trim_matches('/');
        if rest.split('/').any(|part| part.is_empty() || part == "..") || rest.contains(['\\', ' '])
        {
            return Err(wrong());
        }
        let (kind, rest) = match rest.split_once('/') {
            Some(("models", rest)) => (Some(Kind::Model), rest),
            Some(("datasets", rest)) => (Some(Kind::Dataset), rest),
            Some(("spaces", rest)) => (Some(Kind::Space), rest),
            Some(("buckets", rest)) => (Some(Kind::Bucket), rest),
            Some(("collections", slug)) => return Ok(Self::Collection(slug.to_string())),
            _ => (None, rest),
        };
        let Some((owner, rest)) = rest.split_once('/') else {
            return match kind {
                None => Ok(Self::Owner(rest.to_string())),
                // Old data sets and models have no owner.
                Some(kind) => Ok(Self::whole(kind, rest)),
            };
        };
        let kind = kind.unwrap_or(Kind::Model);
        let (name, path) = rest.split_once('/').unwrap_or((rest, ""));
        let (name, revision) = match name.split_once('@') {
            Some((name, revision)) => (name, Some(revision.to_string())),
            None => (name, None),
        };
        let id = format!("{owner}/{name}");
        if let Some((page, rest)) = path.split_once('/').filter(|_| revision.is_none()) {
            match page {
                "discussions" => {
                    let number = rest.split('/').next().and_then(|one| one.parse().ok());
                    let number = number.ok_or_else(wrong)?;
                    return Ok(Self::Discussion { kind, id, number });
                }
                "tree" | "blob" | "resolve" | "raw" => {
                    let (revision, path) = revision_of(rest);
                    let path = path.to_string();
                    return Ok(Self::Repository { kind, id, revision: Some(revision), path });
                }
                _ => {}
            }
        }
        match revision {
            // `refs/pr/1` and `refs/convert/parquet` have slashes.
            Some(first) if first == "refs" => {
                let (revision, path) = revision_of(&format!("refs/{path}"));
                let path = path.to_string();
                Ok(Self::Repository { kind, id, revision: Some(revision), path })
            }
            revision => Ok(Self::Repository { kind, id, revision, path: path.to_string() }),
        }
    }

    fn whole(kind: Kind, name: &str) -> Self {
        Self::Repository { kind, id: name.to_string(), revision: None, path: String::new() }
    }
}

/// The revision at the start of a path, and the rest. References of the Hub have three parts; other
/// revisions are percent-encoded.
fn revision_of(text: &str) -> (String, String) {
    let count = if text.starts_with("refs/") { 3 } else { 1 };
    let parts: Vec<&str> = text.splitn(count + 1, '/').collect();
    let (revision, path) = parts.split_at(parts.len().min(count));
    (revision.join("/").replace("%2F", "/"), path.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn repository(kind: Kind, id: &str, revision: Option<&str>, path: &str) -> Target {
        let revision = revision.map(str::to_string);
        Target::Repository { kind, id: id.into(), revision, path: path.into() }
    }

    #[test]
    fn everything_that_people_write_is_read() {
        for (text, expected) in [
            ("acme", Target::Owner("acme".into())),
            ("o/r", repository(Kind::Model, "o/r", None, "")),
            ("datasets/o/r", repository(Kind::Dataset, "o/r", None, "")),
            ("hf://spaces/o/r@v1/a/b", repository(Kind::Space, "o/r", Some("v1"), "a/b")),
            ("o/r@refs/pr/3/x", repository(Kind::Model, "o/r", Some("refs/pr/3"), "x")),
            ("buckets/o/b/p", repository(Kind::Bucket, "o/b", None, "p")),
            (
                "https://huggingface.co/datasets/o/r/tree/main/data",
                repository(Kind::Dataset, "o/r", Some("main"), "data"),
            ),
            (
                "https://huggingface.co/o/r/blob/refs%2Fpr%2F1/a.py",
                repository(Kind::Model, "o/r", Some("refs/pr/1"), "a.py"),
            ),
            (
                "https://huggingface.co/o/r/discussions/7#abc",
                Target::Discussion { kind: Kind::Model, id: "o/r".into(), number: 7 },
            ),
            ("collections/o/c-0123", Target::Collection("o/c-0123".into())),
        ] {
            assert_eq!(Target::parse(text).as_ref(), Ok(&expected), "{text}");
        }
        for text in ["", "https://evil.example/o/r", "o/../r", "o//r", "a b"] {
            assert!(Target::parse(text).is_err(), "{text}");
        }
    }
}
