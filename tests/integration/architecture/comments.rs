//! Comments start with their subject, not with a question word.

use std::path::{Path, PathBuf};

/// The source files below `folder`, each with its comment marker.
fn sources(folder: &Path) -> Vec<(PathBuf, &'static str)> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        let is_built = path.ends_with("target") || path.ends_with("venv");
        match path.extension().and_then(|extension| extension.to_str()) {
            _ if path.is_dir() && !is_built => files.extend(sources(&path)),
            Some("rs") => files.push((path, "//")),
            Some("py" | "pyi" | "sh" | "toml") => files.push((path, "#")),
            _ => {}
        }
    }
    files
}

/// The text of a comment line or of the first line of a docstring; `None` for code.
fn comment<'a>(line: &'a str, marker: &str) -> Option<&'a str> {
    let line = line.trim_start();
    let text = match line.strip_prefix(marker) {
        Some(text) => text.trim_start_matches(['/', '!', '#', ':']),
        None => line.strip_prefix("\"\"\"").filter(|_| marker == "#")?,
    };
    Some(text.trim_start())
}

/// The lines, from 1, of comments whose first word is "What" or "Whether".
fn questions(text: &str, marker: &str) -> Vec<usize> {
    let (mut found, mut is_continued) = (Vec::new(), false);
    for (number, line) in text.lines().enumerate() {
        let comment = comment(line, marker);
        let word = comment.and_then(|text| text.split(|c: char| !c.is_alphabetic()).next());
        if !is_continued && matches!(word, Some("What" | "Whether")) {
            found.push(number + 1);
        }
        is_continued = comment.is_some();
    }
    found
}

#[test]
fn no_comment_begins_with_what_or_whether() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut wrong = Vec::new();
    for folder in ["src", "tests", "python", "ci", "rules"] {
        for (file, marker) in sources(&root.join(folder)) {
            let text = std::fs::read(&file).unwrap();
            let lines = questions(&String::from_utf8_lossy(&text), marker);
            let name = file.strip_prefix(root).unwrap().display();
            wrong.extend(lines.iter().map(|line| format!("{name}:{line}")));
        }
    }
    assert!(wrong.is_empty(), "start these comments with a noun:\n{}", wrong.join("\n"));
}

#[test]
fn only_the_first_word_of_a_comment_counts() {
    assert_eq!(questions("/// What a scan found.\nfn a() {}\n// Whether\n", "//"), [1, 3]);
    assert!(questions("//! Findings.\n//! What else\nlet what = \"// What\";\n", "//").is_empty());
    assert_eq!(questions("def a():\n    \"\"\"What it is.\"\"\"\n    # Whatever\n", "#"), [2]);
}
