//! References, read from their own files. libgit2 silently omits broken ones, and keeps several
//! copies of `packed-refs` in memory.

use crate::{
    model::{ObjectId, SourcePath},
    source::regular,
};
use std::{
    collections::HashSet,
    fs,
    io::{self, BufRead, BufReader, Read},
    path::{Path, PathBuf},
};

/// Maximum size in bytes of a reference file.
const MAX_REFERENCE: u64 = 64 << 10;
/// Maximum length in bytes of a line of `packed-refs`.
const MAX_LINE: u64 = 64 << 10;
/// Maximum number of files and folders read: a hostile repository may have any number.
const MAX_ENTRIES: usize = 1 << 20;
/// Maximum nesting depth of folders read.
const MAX_DEPTH: usize = 64;
/// Maximum number of symbolic references that lead from one to the next, as in git.
const MAX_SYMBOLIC: usize = 5;
/// Folders of references that each work tree has for itself.
///
/// <https://git-scm.com/docs/git-worktree#_refs>
const OF_WORK_TREE: [&[u8]; 3] = [b"refs/bisect/", b"refs/rewritten/", b"refs/worktree/"];
/// The text before and after a short name in the references it may stand for, in git's order.
///
/// <https://git-scm.com/docs/gitrevisions>
const SHORT: [(&str, &str); 6] = [
    ("", ""),
    ("refs/", ""),
    ("refs/tags/", ""),
    ("refs/heads/", ""),
    ("refs/remotes/", ""),
    ("refs/remotes/", "/HEAD"),
];
/// The defect of a file that is not a reference.
const NO_OBJECT: &str = "a broken reference: it names no object";

/// A reference, or a file of references, and the defect in it.
pub type Broken = (String, String);

/// The references of a work tree and its repository.
#[derive(Debug, Clone)]
pub struct References {
    git_dir: PathBuf,
    common_dir: PathBuf,
}

/// The object, or the end of a chain of symbolic references.
enum End {
    Object(ObjectId),
    /// The name of a reference without a file: it is in `packed-refs`, or does not exist.
    Packed(Vec<u8>),
}

impl References {
    /// The references of the work tree whose git folder is `git_dir`. `common_dir` is shared by all
    /// work trees.
    pub fn new(git_dir: &Path, common_dir: &Path) -> Self {
        Self { git_dir: git_dir.to_path_buf(), common_dir: common_dir.to_path_buf() }
    }

    /// Passes the name and the object of each reference to `visit`, and returns the unreadable
    /// ones, `HEAD` included. Symbolic references repeat others and are not passed on.
    pub fn each(&self, visit: &mut dyn FnMut(&[u8], ObjectId)) -> Vec<Broken> {
        let mut broken = Vec::new();
        if let Err(detail) = self.follow(b"HEAD") {
            broken.push(("HEAD".to_string(), detail));
        }
        let mut loose = HashSet::new();
        let mut left = MAX_ENTRIES;
        self.loose(&self.common_dir, &mut left, &mut broken, &mut loose, visit);
        if self.git_dir != self.common_dir {
            self.loose(&self.git_dir, &mut left, &mut broken, &mut loose, visit);
        }
        let packed = self.packed(&mut |name, id| {
            // The file of a reference is newer than its line.
            if !loose.contains(name) {
                visit(name, id);
            }
            true
        });
        if let Err(detail) = packed {
            broken.push(("packed-refs".to_string(), detail));
        }
        broken.sort();
        broken
    }

    /// The object of `HEAD`; `None` before the first commit.
    ///
    /// # Errors
    /// Returns an error if it cannot be read.
    pub fn head(&self) -> Result<Option<ObjectId>, String> {
        self.find(b"HEAD")
    }

    /// The object of the reference that a short name such as `main` or `origin/main` stands for.
    ///
    /// # Errors
    /// Returns an error if it cannot be read.
    pub fn named(&self, short: &str) -> Result<Option<ObjectId>, String> {
        let names = SHORT.map(|(before, after)| format!("{before}{short}{after}").into_bytes());
        for name in names.iter().filter(|name| is_name(name)) {
            if let Some(id) = self.find(name)? {
                return Ok(Some(id));
            }
        }
        Ok(None)
    }

    /// The entries of the log of a reference, oldest first: the object after each.
    pub fn log(&self, name: &str) -> Vec<ObjectId> {
        let Ok(file) = regular::open(&self.common_dir.join("logs").join(name)) else {
            return Vec::new();
        };
        let mut objects = Vec::new();
        // Each line begins with the objects before and after.
        let _ = each_line(file, &mut |_, line| {
            objects.extend(line.get(41..81).and_then(ObjectId::from_hex));
            true
        });
        objects
    }

    fn find(&self, name: &[u8]) -> Result<Option<ObjectId>, String> {
        let wanted = match self.follow(name)? {
            End::Object(id) => return Ok(Some(id)),
            End::Packed(name) => name,
        };
        let mut found = None;
        let read = self.packed(&mut |name, id| {
            found = (name == wanted).then_some(id);
            found.is_none()
        });
        match found {
            Some(id) => Ok(Some(id)),
            None => read.map(|()| None),
        }
    }

    /// Follows the files of references, starting with that of `name`.
    fn follow(&self, name: &[u8]) -> Result<End, String> {
        let mut name = name.to_vec();
        for _ in 0..=MAX_SYMBOLIC {
            if !is_name(&name) {
                return Err("a broken reference: it leads to an invalid name".into());
            }
            let path = self.folder_of(&name).join(SourcePath::from_bytes(&name).to_path());
            let text = match regular::read(&path, MAX_REFERENCE) {
                Ok(text) => text,
                // git leaves empty folders behind.
                Err(error) if is_absent(&error) || path.is_dir() => return Ok(End::Packed(name)),
                Err(error) => return Err(error.to_string()),
            };
            match text.strip_prefix(b"ref:") {
                Some(target) => name = target.trim_ascii().to_vec(),
                None => return object_of(&text).map(End::Object).ok_or_else(|| NO_OBJECT.into()),
            }
        }
        Err("a broken reference: it leads to too many others, or to itself".into())
    }

    /// The folder with the file of a reference.
    fn folder_of(&self, name: &[u8]) -> &Path {
        let is_shared = name.starts_with(b"refs/")
            && !OF_WORK_TREE.iter().any(|folder| name.starts_with(folder));
        if is_shared { &self.common_dir } else { &self.git_dir }
    }

    /// Reads the files below `refs` in a folder, at most `left`, and adds their names to `names`.
    fn loose(
        &self,
        top: &Path,
        left: &mut usize,
        broken: &mut Vec<Broken>,
        names: &mut HashSet<Vec<u8>>,
        visit: &mut dyn FnMut(&[u8], ObjectId),
    ) {
        let name_of = |path: &Path| SourcePath::from_path(path.strip_prefix(top).unwrap_or(path));
        let mut folders = vec![(top.join("refs"), 0)];
        while let Some((folder, depth)) = folders.pop() {
            let entries = match fs::read_dir(&folder) {
                Ok(entries) => entries,
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => {
                    broken.push((name_of(&folder).to_text(), error.to_string()));
                    continue;
                }
            };
            for entry in entries.flatten() {
                let path = entry.path();
                *left = left.saturating_sub(1);
                if *left == 0 || depth > MAX_DEPTH {
                    let detail = "there are too many references".into();
                    broken.push((name_of(&path).to_text(), detail));
                    return;
                }
                if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                    folders.push((path, depth + 1));
                    continue;
                }
                let name = name_of(&path);
                if name.as_bytes().ends_with(b".lock") {
                    continue;
                }
                match self.loose_object(&path) {
                    Ok(Some(id)) => visit(name.as_bytes(), id),
                    Ok(None) => {}
                    Err(detail) => broken.push((name.to_text(), detail)),
                }
                names.insert(name.as_bytes().to_vec());
            }
        }
    }

    /// The object in the file of a reference; `None` if it is symbolic.
    fn loose_object(&self, path: &Path) -> Result<Option<ObjectId>, String> {
        let text = regular::read(path, MAX_REFERENCE).map_err(|error| error.to_string())?;
        match text.strip_prefix(b"ref:") {
            // A reference to one that does not exist is valid, as `HEAD` is before the first commit.
            Some(target) => self.follow(target.trim_ascii()).map(|_| None),
            None => object_of(&text).map(Some).ok_or_else(|| NO_OBJECT.into()),
        }
    }

    /// Passes each reference in `packed-refs` to `visit`, until it returns `false`.
    ///
    /// # Errors
    /// Returns an error if the file cannot be read, or for its first malformed line; the lines after
    /// that are read nevertheless.
    fn packed(&self, visit: &mut dyn FnMut(&[u8], ObjectId) -> bool) -> Result<(), String> {
        let file = match regular::open(&self.common_dir.join("packed-refs")) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(error.to_string()),
        };
        let mut malformed = None;
        let read = each_line(file, &mut |number, line| match Line::of(line) {
            Some(Line::Reference(name, id)) => visit(name, id),
            Some(Line::Other) => true,
            None => {
                malformed.get_or_insert(number);
                true
            }
        });
        read.map_err(|error| error.to_string())?;
        malformed.map_or(Ok(()), |number| Err(format!("line {number} is malformed")))
    }
}

/// A line of `packed-refs`.
#[derive(Debug, PartialEq, Eq)]
enum Line<'a> {
    Reference(&'a [u8], ObjectId),
    /// A comment, or the object that the tag in the line before leads to.
    Other,
}

impl<'a> Line<'a> {
    fn of(line: &'a [u8]) -> Option<Self> {
        match line {
            [] | [b'#', ..] => Some(Line::Other),
            [b'^', rest @ ..] => ObjectId::from_hex(rest).map(|_| Line::Other),
            _ => {
                let (id, rest) = line.split_at_checked(40)?;
                let name = rest.strip_prefix(b" ").filter(|name| !name.is_empty())?;
                Some(Line::Reference(name, ObjectId::from_hex(id)?))
            }
        }
    }
}

/// Passes each line, counted from 1 and without its end, to `visit`, until it returns `false`.
///
/// # Errors
/// Returns an error if the file cannot be read, or at a line that is too long.
fn each_line(file: fs::File, visit: &mut dyn FnMut(usize, &[u8]) -> bool) -> io::Result<()> {
    let mut reader = BufReader::with_capacity(64 << 10, file);
    let mut line = Vec::new();
    for number in 1.. {
        line.clear();
        if reader.by_ref().take(MAX_LINE).read_until(b'\n', &mut line)? == 0 {
            break;
        }
        if line.len() as u64 == MAX_LINE && !line.ends_with(b"\n") {
            return Err(io::Error::other(format!("line {number} is too long")));
        }
        let text = line.strip_suffix(b"\n").unwrap_or(&line);
        if !visit(number, text.strip_suffix(b"\r").unwrap_or(text)) {
            break;
        }
    }
    Ok(())
}

/// The object in the file of a reference.
fn object_of(text: &[u8]) -> Option<ObjectId> {
    let id = text.get(..40).and_then(ObjectId::from_hex)?;
    text.get(40).is_none_or(u8::is_ascii_whitespace).then_some(id)
}

/// `true` for the name of a reference: one below `refs`, or such as `HEAD`. A repository may be
/// hostile, so a name must not lead out of it.
fn is_name(name: &[u8]) -> bool {
    let is_part = |part: &[u8]| !part.is_empty() && !part.starts_with(b".");
    match name.strip_prefix(b"refs/") {
        Some(rest) => {
            rest.split(|byte| *byte == b'/').all(is_part)
                && !rest.contains(&b'\\')
                && !rest.contains(&0)
        }
        None => {
            !name.is_empty() && name.iter().all(|byte| byte.is_ascii_uppercase() || *byte == b'_')
        }
    }
}

/// `true` if there is no file of this name.
fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_packed_references_are_told_from_others() {
        let id = "a".repeat(40);
        for line in [String::new(), "# pack-refs with: peeled".into(), format!("^{id}")] {
            assert_eq!(Line::of(line.as_bytes()), Some(Line::Other), "{line}");
        }
        let (line, object) = (format!("{id} refs/heads/x"), ObjectId([0xaa; 20]));
        assert_eq!(Line::of(line.as_bytes()), Some(Line::Reference(b"refs/heads/x", object)));
        for line in [&id, "x", "\0\0\0", &format!("{id}x refs/heads/x"), &format!("{id} "), "^a"] {
            assert_eq!(Line::of(line.as_bytes()), None, "{line}");
        }
    }

    #[test]
    fn no_name_leads_out_of_the_repository() {
        for name in ["HEAD", "ORIG_HEAD", "refs/heads/a/b.c", "refs/stash", "refs/heads/é"] {
            assert!(is_name(name.as_bytes()), "{name}");
        }
        for name in
            ["", "main", "../HEAD", "/etc/passwd", "refs/", "refs//a", "refs/../../a", "refs/a\\b"]
        {
            assert!(!is_name(name.as_bytes()), "{name}");
        }
    }

    #[test]
    fn references_are_read_from_files_then_from_lines() {
        let dir = tempfile::tempdir().expect("a folder");
        let (common, own) = (dir.path().join("git"), dir.path().join("git/worktrees/w"));
        let write = |path: PathBuf, text: String| {
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            fs::write(path, text).expect("a file");
        };
        let id = |digit: &str| digit.repeat(40);
        write(own.join("HEAD"), "ref: refs/heads/packed\n".into());
        write(own.join("refs/bisect/bad"), id("1"));
        write(common.join("HEAD"), "ref: refs/heads/unborn\n".into());
        write(common.join("refs/heads/both"), id("2") + "\n");
        write(common.join("refs/heads/loop"), "ref: refs/heads/loop\n".into());
        write(common.join("refs/heads/out"), "ref: ../../secret\n".into());
        write(common.join("refs/remotes/o/HEAD"), "ref: refs/heads/both\n".into());
        fs::create_dir_all(common.join("refs/heads/packed")).expect("a folder");
        let packed = format!("# x\n{} refs/heads/both\n{} refs/heads/packed\r\n", id("3"), id("4"));
        write(common.join("packed-refs"), packed.clone());
        let references = References::new(&own, &common);
        let text = |found: Option<ObjectId>| found.map(|one| one.to_string());
        let named = |name: &str| references.named(name).map(text);
        assert_eq!(references.head().map(text), Ok(Some(id("4"))));
        assert_eq!(named("o"), Ok(Some(id("2"))));
        assert_eq!(named("heads/both"), Ok(Some(id("2"))));
        assert_eq!(named("bisect/bad"), Ok(Some(id("1"))));
        assert_eq!(named("none"), Ok(None));
        assert!(named("loop").is_err());
        write(common.join("packed-refs"), format!("bad\n{packed}"));
        let mut found = Vec::new();
        let broken = references.each(&mut |name, object| {
            found.push(format!("{} {:.1}", String::from_utf8_lossy(name), object.to_string()));
        });
        found.sort();
        assert_eq!(found, ["refs/bisect/bad 1", "refs/heads/both 2", "refs/heads/packed 4"]);
        let broken: Vec<&str> = broken.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(broken, ["packed-refs", "refs/heads/loop", "refs/heads/out"]);
        let malformed = || Err("line 1 is malformed".into());
        assert_eq!(named("none"), malformed());
        assert_eq!(References::new(&common, &common).head().map(text), malformed());
    }
}
