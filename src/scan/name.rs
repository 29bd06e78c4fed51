//! The names of a document or of one of its members.

use crate::model::{Location, Origin, SourcePath};

/// The names of a document or of one of its members.
#[derive(Debug, Clone)]
pub struct DocumentName {
    /// The document.
    pub document: SourcePath,
    /// The members that lead to it inside the document, outermost first.
    pub inside: Vec<String>,
    /// The containers around it, outermost first.
    pub containers: Vec<&'static str>,
    /// The document and the members as one path, used by the rules.
    pub path: SourcePath,
    /// The origin of the document.
    pub origin: Origin,
}

/// Extensions of compressed files, and their replacements after unpacking.
const PACKED: [(&[u8], &[u8]); 6] = [
    (b".gz", b""),
    (b".zst", b""),
    (b".bz2", b""),
    (b".xz", b""),
    (b".lz4", b""),
    (b".tgz", b".tar"),
];

/// The last name inside a document for a finding in the name itself.
const FILE_NAME: &str = "file name";

impl DocumentName {
    /// The name of a document itself.
    pub fn of(document: &SourcePath, origin: Origin) -> Self {
        Self {
            document: document.clone(),
            inside: Vec::new(),
            containers: Vec::new(),
            path: document.clone(),
            origin,
        }
    }

    /// The name of a member. An empty name means the content of a compressed file.
    pub fn inside(&self, name: &str) -> Self {
        let mut member = self.clone();
        if name.is_empty() {
            let packed = PACKED.iter().find_map(|(ending, instead)| {
                Some((self.path.as_bytes().strip_suffix(*ending)?, *instead))
            });
            if let Some((path, instead)) = packed {
                member.path = SourcePath::from_bytes([path, instead].concat());
            }
        } else {
            member.inside.push(name.to_string());
            let whole = [self.path.as_bytes(), b"/", name.as_bytes()].concat();
            member.path = SourcePath::from_bytes(whole);
        }
        member
    }

    /// The name itself as a text inside the document, since it may contain secrets.
    pub fn its_name(&self) -> Self {
        let mut name = self.clone();
        name.inside.push(FILE_NAME.to_string());
        name.containers.push(FILE_NAME);
        name
    }

    /// `true` if it is the text of a name.
    pub fn is_its_name(&self) -> bool {
        self.containers.last() == Some(&FILE_NAME)
    }

    /// `true` if a location may be in the text of a name.
    pub fn may_be_its_name(location: &Location) -> bool {
        location.inside.last().is_some_and(|name| name == FILE_NAME)
    }

    /// The path used in fingerprints: `file!member`.
    pub fn identity(&self) -> SourcePath {
        let mut name = self.document.as_bytes().to_vec();
        for part in &self.inside {
            name.push(b'!');
            name.extend_from_slice(part.as_bytes());
        }
        SourcePath::from_bytes(name)
    }
}
