//! The path of a scanned file.

use bstr::ByteSlice;
use std::{borrow::Cow, cmp::Ordering, fmt, hash, path::Path, sync::Arc};

/// The path of a scanned file: relative if possible, with `/` as separator on every platform, not
/// necessarily valid UTF-8.
///
/// `Display` is safe for a terminal: control characters, line ends, marks that change the direction
/// of text, and bytes that are not UTF-8 are written as escapes. If the path contains a secret,
/// `Display` and [`to_text`](Self::to_text) give it [masked](Self::masked).
#[derive(Clone, Default)]
pub struct SourcePath {
    // Shared, since each finding of a file has it.
    name: Arc<[u8]>,
    /// The name to print if the real name contains a secret.
    masked: Option<Arc<str>>,
}

impl PartialEq for SourcePath {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for SourcePath {}

impl PartialOrd for SourcePath {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for SourcePath {
    fn cmp(&self, other: &Self) -> Ordering {
        match Arc::ptr_eq(&self.name, &other.name) {
            true => Ordering::Equal,
            false => self.name.cmp(&other.name),
        }
    }
}

impl hash::Hash for SourcePath {
    fn hash<H: hash::Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

impl SourcePath {
    /// The path with these bytes, in which `/` separates the parts.
    ///
    /// A leading `./` is dropped, so that one file has one name.
    pub fn from_bytes(bytes: impl AsRef<[u8]>) -> Self {
        let bytes = bytes.as_ref();
        Self::from(bytes.strip_prefix(b"./").unwrap_or(bytes))
    }

    /// The path of a file on this platform.
    pub fn from_path(path: &Path) -> Self {
        let bytes = <[u8]>::from_path(path)
            .map_or_else(|| path.to_string_lossy().into_owned().into_bytes().into(), Cow::Borrowed);
        if std::path::MAIN_SEPARATOR == '/' {
            Self::from_bytes(bytes)
        } else {
            Self::from_bytes(bytes.replace(std::path::MAIN_SEPARATOR_STR, "/"))
        }
    }

    /// The bytes of the name.
    pub fn as_bytes(&self) -> &[u8] {
        &self.name
    }

    /// The last part: the name of the file itself.
    pub fn file_name(&self) -> &[u8] {
        let start = memchr::memrchr(b'/', &self.name).map_or(0, |slash| slash + 1);
        &self.name[start..]
    }

    /// The path of the folder that contains it, without a `/` at its end; empty at the top.
    pub fn folder(&self) -> &[u8] {
        let path = self.as_bytes();
        memchr::memrchr(b'/', path).map_or(b"", |at| &path[..at])
    }

    /// The bytes after the last `.` of the file name; `None` if that `.` is the first byte.
    pub fn extension(&self) -> Option<&[u8]> {
        let name = self.file_name();
        memchr::memrchr(b'.', name).filter(|dot| *dot > 0).map(|dot| &name[dot + 1..])
    }

    /// The folders that contain it, innermost first.
    pub fn ancestors(&self) -> impl Iterator<Item = SourcePath> + '_ {
        let slashes = memchr::memrchr_iter(b'/', &self.name).filter(|at| *at > 0);
        slashes.map(|at| SourcePath::from(&self.name[..at]))
    }

    /// The path of `folder` joined with this path, which is relative to it. An empty `folder`
    /// changes nothing.
    pub fn below(&self, folder: &SourcePath) -> SourcePath {
        match folder.name.is_empty() {
            true => self.clone(),
            false => SourcePath::from(&[&folder.name[..], b"/", &self.name[..]].concat()[..]),
        }
    }

    /// The path of this file relative to `folder`; unchanged if the file is outside `folder`.
    pub fn seen_from(&self, folder: &SourcePath) -> SourcePath {
        let rest =
            self.name.strip_prefix(&folder.name[..]).and_then(|rest| rest.strip_prefix(b"/"));
        rest.map_or_else(|| self.clone(), SourcePath::from)
    }

    /// The path in the form of this platform.
    pub fn to_path(&self) -> std::path::PathBuf {
        self.name.to_path().map_or_else(|_| self.real_text().into_owned().into(), Path::to_path_buf)
    }

    /// The same path, printed as `text`, in which secrets are masked.
    pub fn with_masked(self, text: &str) -> Self {
        Self { masked: Some(text.into()), ..self }
    }

    /// The text printed instead of a real path that contains a secret.
    pub fn masked(&self) -> Option<&str> {
        self.masked.as_deref()
    }

    /// The real path as text, with U+FFFD for bytes that are not UTF-8. For matching only; it may
    /// contain a secret.
    pub fn real_text(&self) -> Cow<'_, str> {
        self.name.to_str_lossy()
    }

    /// The path as text, with U+FFFD for bytes that are not UTF-8, and masked if it contains a
    /// secret: for machine formats, which do their own escaping.
    pub fn to_text(&self) -> String {
        self.masked.as_deref().map_or_else(|| self.real_text().into_owned(), str::to_string)
    }
}

impl From<&[u8]> for SourcePath {
    fn from(name: &[u8]) -> Self {
        Self { name: name.into(), masked: None }
    }
}

impl From<&str> for SourcePath {
    fn from(path: &str) -> Self {
        Self::from_bytes(path)
    }
}

impl fmt::Display for SourcePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.masked.as_ref().map_or(&self.name[..], |masked| masked.as_bytes());
        super::escape::write_escaped(f, text)
    }
}

impl fmt::Debug for SourcePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SourcePath({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_would_command_the_terminal_is_escaped() {
        let path = SourcePath::from_bytes(b"a\x1b[31m\n\xff\xe2\x80\xae.py");
        assert_eq!(path.to_string(), r"a\x1b[31m\n\xff\u{202e}.py");
    }

    #[test]
    fn a_masked_path_is_printed_masked_and_stays_itself() {
        let path = SourcePath::from_bytes("a/secret.py");
        let masked = path.clone().with_masked("a/….py");
        assert_eq!((masked.to_string(), masked.to_text()), ("a/….py".into(), "a/….py".into()));
        assert_eq!(format!("{masked:?}"), "SourcePath(a/….py)");
        assert_eq!((&masked, masked.as_bytes()), (&path, &b"a/secret.py"[..]));
    }

    #[test]
    fn one_file_has_one_name() {
        assert_eq!(SourcePath::from_bytes("./a/b.py"), SourcePath::from_bytes("a/b.py"));
    }

    #[test]
    fn a_file_is_named_from_above_and_from_inside_of_its_folder() {
        let (file, folder) = (SourcePath::from_bytes("x/y"), SourcePath::from_bytes("a/b"));
        assert_eq!(file.below(&folder), SourcePath::from_bytes("a/b/x/y"));
        assert_eq!(file.below(&folder).seen_from(&folder), file);
        assert_eq!(file.below(&SourcePath::default()), file);
        let beside = SourcePath::from_bytes("a/bc/x");
        assert_eq!(beside.seen_from(&folder), beside);
    }

    #[test]
    fn a_dotfile_has_no_extension() {
        assert_eq!(SourcePath::from_bytes("a/.env").extension(), None);
        assert_eq!(SourcePath::from_bytes("a/.env.local").extension(), Some(b"local".as_slice()));
    }
}
