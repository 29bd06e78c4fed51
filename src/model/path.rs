//! A path as a report names it.

use bstr::{BString, ByteSlice};
use std::{borrow::Cow, fmt, path::Path};

/// The name of a file inside what is scanned: relative where it can be, with `/`
/// between its parts on every platform, and not always valid UTF-8.
///
/// `Display` is safe for a terminal: control characters, line ends, marks that turn
/// the direction of text, and bytes that are not UTF-8 are written as escapes.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct SourcePath(BString);

impl SourcePath {
    /// Takes the bytes of a path that already has `/` between its parts.
    ///
    /// A leading `./` is dropped, so that one file has one name.
    pub fn from_bytes(bytes: impl AsRef<[u8]>) -> Self {
        let bytes = bytes.as_ref();
        Self(bytes.strip_prefix(b"./").unwrap_or(bytes).into())
    }

    /// The name of a path of this platform.
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
        &self.0
    }

    /// The last part, the file's own name.
    pub fn file_name(&self) -> &[u8] {
        let start = memchr::memrchr(b'/', &self.0).map_or(0, |slash| slash + 1);
        &self.0[start..]
    }

    /// What follows the last `.` of the file's own name, if that is not its first byte.
    pub fn extension(&self) -> Option<&[u8]> {
        let name = self.file_name();
        memchr::memrchr(b'.', name).filter(|dot| *dot > 0).map(|dot| &name[dot + 1..])
    }

    /// The folders that hold it, the innermost first.
    pub fn ancestors(&self) -> impl Iterator<Item = SourcePath> + '_ {
        let slashes = memchr::memrchr_iter(b'/', &self.0).filter(|at| *at > 0);
        slashes.map(|at| SourcePath(self.0[..at].into()))
    }

    /// The name of this file of `folder` where the folder itself is seen; an empty one
    /// changes nothing.
    pub fn below(&self, folder: &SourcePath) -> SourcePath {
        match folder.0.is_empty() {
            true => self.clone(),
            false => SourcePath([&folder.0[..], b"/", &self.0[..]].concat().into()),
        }
    }

    /// The name of this file where it is seen from inside of `folder`; that of a file
    /// outside stays as it is.
    pub fn seen_from(&self, folder: &SourcePath) -> SourcePath {
        let rest = self.0.strip_prefix(&folder.0[..]).and_then(|rest| rest.strip_prefix(b"/"));
        rest.map_or_else(|| self.clone(), |rest| SourcePath(rest.into()))
    }

    /// The name as a path of this platform.
    pub fn to_path(&self) -> std::path::PathBuf {
        self.0.to_path().map_or_else(|_| self.to_text().into(), Path::to_path_buf)
    }

    /// The name as text, with U+FFFD for what is not UTF-8: for machine formats
    /// that escape by themselves.
    pub fn to_text(&self) -> String {
        self.0.to_str_lossy().into_owned()
    }
}

impl From<&str> for SourcePath {
    fn from(path: &str) -> Self {
        Self::from_bytes(path)
    }
}

impl fmt::Display for SourcePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        super::escape::write_escaped(f, &self.0)
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
