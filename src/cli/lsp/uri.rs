//! URIs of documents.

use crate::{model::SourcePath, report::reference};
use bstr::ByteSlice;
use std::path::{Path, PathBuf};

/// The path of a `file:` URI; `None` for another scheme, such as an untitled document.
///
/// Clients write `file:///c%3A/x` and `file:///C:/x` for the same file.
pub fn to_path(uri: &str) -> Option<PathBuf> {
    let rest = uri.strip_prefix("file://")?;
    let rest = rest.split(['?', '#']).next().unwrap_or(rest);
    let path = decoded(rest.strip_prefix("localhost").unwrap_or(rest));
    match cfg!(windows) {
        true => {
            let text = path.to_str().ok()?;
            let (letter, rest) = text.strip_prefix('/')?.split_once(":/")?;
            Some(PathBuf::from(format!("{}:/{rest}", letter.to_ascii_uppercase())))
        }
        false if path.starts_with(b"/") => path.to_path().ok().map(Path::to_path_buf),
        false => None,
    }
}

/// The URI of an absolute path.
pub fn of_path(path: &Path) -> String {
    let path = SourcePath::from_path(path);
    let rooted = [if path.as_bytes().starts_with(b"/") { &b""[..] } else { b"/" }, path.as_bytes()];
    reference(&SourcePath::from_bytes(rooted.concat()))
}

/// The file name that selects the language of an untitled document, from its language id or the
/// rest of its URI.
pub fn untitled_name(language: &str) -> String {
    let ending = match language {
        "dockerfile" => return "Dockerfile".into(),
        "makefile" => return "Makefile".into(),
        "python" => "py",
        "javascript" | "javascriptreact" => "js",
        "typescript" | "typescriptreact" => "ts",
        "shellscript" | "sh" | "bash" | "zsh" => "sh",
        "powershell" | "ps1" => "ps1",
        "ruby" => "rb",
        "rust" => "rs",
        "csharp" | "cs" => "cs",
        "cpp" => "cpp",
        "kotlin" => "kt",
        "julia" => "jl",
        "markdown" => "md",
        "yaml" | "dockercompose" => "yaml",
        "jsonc" => "json",
        "dotenv" => "env",
        "plaintext" | "" => "txt",
        other if other.bytes().all(|byte| byte.is_ascii_alphanumeric()) => other,
        _ => "txt",
    };
    format!("untitled.{ending}")
}

/// The bytes of a percent-encoded text.
fn decoded(text: &str) -> Vec<u8> {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let digits = bytes.get(at + 1..at + 3).filter(|_| *byte == b'%');
        let digits = digits.and_then(|two| std::str::from_utf8(two).ok());
        match digits.and_then(|two| u8::from_str_radix(two, 16).ok()) {
            Some(value) => {
                out.push(value);
                at += 3;
            }
            None => {
                out.push(*byte);
                at += 1;
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn an_address_names_the_file_that_it_was_made_from() {
        for path in ["/a/b.py", "/a b/é✓%41.py", "/c:/x#y?z"] {
            let uri = of_path(Path::new(path));
            assert_eq!(to_path(&uri).as_deref(), Some(Path::new(path)), "{uri}");
        }
        assert_eq!(to_path("file://localhost/a%20b").as_deref(), Some(Path::new("/a b")));
    }

    #[test]
    fn what_is_no_file_has_no_path() {
        for uri in ["untitled:Untitled-1", "git:/a.py?ref", "vscode-notebook-cell:/a.ipynb#W0", ""]
        {
            assert_eq!(to_path(uri), None, "{uri}");
        }
        assert_eq!(to_path("file://host/share"), None);
    }
}
