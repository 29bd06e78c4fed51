//! A folder with leaks in files with unusual names, and its reports.

use hfscan::internal::{report::REPORTERS, rule::example::expand};
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

/// The names of all formats.
pub fn formats() -> impl Iterator<Item = &'static str> {
    REPORTERS.iter().map(|reporter| reporter.name())
}

/// The folder and its reports.
pub struct Bench {
    /// Holds `repository/` and a file for each format.
    pub folder: tempfile::TempDir,
    /// The tokens in the files.
    pub tokens: Vec<String>,
    /// The files' bytes, by name.
    pub files: BTreeMap<Vec<u8>, Vec<u8>>,
}

impl Bench {
    /// The instance shared by all tests.
    pub fn shared() -> &'static Bench {
        static BENCH: OnceLock<Bench> = OnceLock::new();
        BENCH.get_or_init(Bench::new)
    }

    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let repository = folder.path().join("repository");
        let mut tokens = Vec::new();
        let mut files = BTreeMap::new();
        for (number, name) in names().into_iter().enumerate() {
            let token = expand(&format!("hf_{{{{alpha:34:bench {number}}}}}"));
            let path = repository.join(path_of(&name));
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            let text =
                format!("\u{feff}# é 🤗 ::error::no\n\n\tx = \"é🤗\"; token = \"{token}\"\r\n");
            std::fs::write(&path, &text).unwrap();
            files.insert(name, text.into_bytes());
            tokens.push(token);
        }
        // The same secret twice in one file, and a file that is skipped.
        let twice = format!("a = \"{0}\"\nb = \"{0}\"\n", tokens[0]);
        std::fs::write(repository.join("twice.py"), &twice).unwrap();
        files.insert(b"twice.py".to_vec(), twice.into_bytes());
        std::os::unix::fs::symlink("twice.py", repository.join("a link:,%")).unwrap();
        let bench = Self { folder, tokens, files };
        let status = bench.scan(
            &formats()
                .map(|format| format!("--format={format}={}", bench.path(format).display()))
                .collect::<Vec<_>>(),
        );
        assert_eq!(status, Some(1));
        bench
    }

    /// The path of the report in a format.
    pub fn path(&self, format: &str) -> PathBuf {
        self.folder.path().join(format!("report.{format}"))
    }

    /// The report of a format.
    pub fn report(&self, format: &str) -> String {
        std::fs::read_to_string(self.path(format)).unwrap()
    }

    /// The report of a JSON format.
    pub fn json(&self, format: &str) -> serde_json::Value {
        serde_json::from_str(&self.report(format)).unwrap()
    }

    /// The text between two positions of a file, counted from 1; `unit` is the unit of columns.
    pub fn between(&self, name: &[u8], line: usize, columns: (usize, usize), unit: Unit) -> String {
        let text = String::from_utf8(self.files[name].clone()).unwrap();
        let line = text.split('\n').nth(line - 1).unwrap();
        let (from, to) = (columns.0 - 1, columns.1 - 1);
        match unit {
            Unit::Bytes => line[from..to].to_string(),
            Unit::Characters => line.chars().skip(from).take(to - from).collect(),
        }
    }

    /// The real binary, in the repository. One token is in two files, because these tests need both
    /// locations.
    pub fn hfscan(&self) -> Command {
        let mut command = hfscan(&self.folder.path().join("repository"));
        command.arg("--ignore=token-reused");
        command
    }

    fn scan(&self, arguments: &[String]) -> Option<i32> {
        self.hfscan().args(arguments).status().unwrap().code()
    }
}

/// The unit of a column.
#[derive(Clone, Copy)]
pub enum Unit {
    Bytes,
    Characters,
}

/// The real binary, in `folder`, with a scrubbed environment.
pub fn hfscan(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hfscan"));
    command.env_clear().env("SOURCE_DATE_EPOCH", "1800000000").current_dir(folder);
    command.arg("--no-progress");
    command
}

fn names() -> Vec<Vec<u8>> {
    let mut names: Vec<Vec<u8>> = vec![
        b"plain.py".to_vec(),
        b"a b/100%,x:y.py".to_vec(),
        b"c:drive.py".to_vec(),
        b"line\nend::error file=x.py::forged.py".to_vec(),
        b"  ::set-output name=x::y.py".to_vec(),
        "emoji-🤗/é.py".as_bytes().to_vec(),
        "right-\u{202e}to-left.py".as_bytes().to_vec(),
        b"=cmd|'<b>&\"]]>|`x`##[error]@everyone.py".to_vec(),
        b"escape-\x1b[31m.py".to_vec(),
        b"%41 [x]{y}~#?.py".to_vec(),
    ];
    if cfg!(target_os = "linux") {
        names.push(b"not-utf8-\xff\xfe.py".to_vec());
    }
    names
}

fn path_of(name: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    PathBuf::from(std::ffi::OsStr::from_bytes(name))
}
