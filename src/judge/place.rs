//! Classifies a file by its name and form, and a place in it by the name before it.

use crate::model::SourcePath;

/// Folders of tests, examples and documentation, where credentials are mostly invented.
const FOLDERS: [&str; 30] = [
    "__fixtures__",
    "__mocks__",
    "__tests__",
    "cassettes",
    "demos",
    "doc",
    "docs",
    "e2e",
    "example",
    "examples",
    "fixture",
    "fixtures",
    "golden",
    "mock",
    "mocks",
    "molecule",
    "sample",
    "samples",
    "snapshots",
    "spec",
    "specs",
    "suite",
    "suites",
    "test",
    "test_data",
    "testdata",
    "testing",
    "tests",
    "testutil",
    "unittest",
];

/// Parts of a file name, between `.`, `-` and `_`, with the same meaning.
const WORDS: [&str; 16] = [
    "changelog",
    "e2e",
    "example",
    "examples",
    "fixture",
    "fixtures",
    "mock",
    "mocks",
    "openapi",
    "readme",
    "sample",
    "spec",
    "swagger",
    "template",
    "test",
    "tests",
];

/// Extensions of prose files, except `txt`, since such files also hold keys.
const PROSE: [&str; 4] = ["adoc", "md", "mdx", "rst"];

/// Names of prose files, without their extension.
const PROSE_NAMES: [&str; 11] = [
    "authors",
    "changes",
    "contributing",
    "copying",
    "history",
    "license",
    "licence",
    "news",
    "notice",
    "requirements",
    "security",
];

/// `true` if a file is a test, an example or documentation by its name, so that values in it are
/// mostly invented. Case-insensitive.
pub fn is_for_show(path: &SourcePath) -> bool {
    let text = path.real_text();
    // Gradle source sets: `dockerTest`, `androidTest`.
    if text.split(['/', '\\']).rev().skip(1).any(|folder| folder.ends_with("Test")) {
        return true;
    }
    let text = text.to_ascii_lowercase();
    let mut parts = text.rsplit(['/', '\\']);
    let name = parts.next().unwrap_or_default();
    let mut words = name.split(['.', '-', '_']);
    let is_test_of_go_or_java = name.rsplit_once('.').is_some_and(|(stem, ending)| {
        ending == "java" && (stem.ends_with("test") || stem.ends_with("tests"))
    });
    let is_prose = name.rsplit_once('.').is_some_and(|(stem, ending)| {
        PROSE.contains(&ending) || ending == "txt" && PROSE_NAMES.contains(&stem)
    });
    is_prose
        || is_test_of_go_or_java
        || words.any(|word| WORDS.contains(&word))
        || parts.any(|folder| {
            FOLDERS.contains(&folder)
                || folder.split(['-', '_', '.']).any(|word| {
                    matches!(word, "test" | "tests" | "example" | "examples" | "fixtures")
                })
        })
}

/// Words in a name that say that its value is invented. `test` is none: keys for tests are real.
const INVENTED: [&[u8]; 3] = [b"dummy", b"fake", b"mock"];
/// Maximum number of bytes before a value in which its name is searched.
const MAX_NAME: usize = 128;

/// `true` if a word of a name before the value at `start` says that the value is invented:
/// `FAKE_KEY = "…"` and `dummyKey: "…"`. The name is on the line of the value, or on the line before
/// if the value begins its line. Of several names on a line only the last counts.
pub fn is_named_as_invented(text: &[u8], start: usize) -> bool {
    let before = text[start.saturating_sub(MAX_NAME)..start].trim_ascii_end();
    let line = &before[memchr::memrchr(b'\n', before).map_or(0, |at| at + 1)..];
    let last = line.rsplit(|byte| matches!(byte, b';' | b',' | b'{' | b'}')).next();
    let named = last.filter(|last| last.iter().any(|byte| matches!(byte, b'=' | b':')));
    let mut words = named.unwrap_or(line).chunk_by(|a, b| {
        a.is_ascii_alphabetic() == b.is_ascii_alphabetic()
            && !(a.is_ascii_lowercase() && b.is_ascii_uppercase())
    });
    words.any(|word| INVENTED.iter().any(|invented| word.eq_ignore_ascii_case(invented)))
}

/// Minimum size of a minified text in bytes; a smaller text may be a configuration on one line.
const MIN_MINIFIED: usize = 16 << 10;
/// Maximum average line length, in bytes, of text written by a person.
const MAX_WRITTEN_LINE: usize = 400;
/// Minimum size in bytes of a bundle, whose average line may be shorter: bundles contain multi-line
/// texts, such as shaders, between their long lines.
const MIN_BUNDLE: usize = 512 << 10;
const MAX_LINE_OF_MANY: usize = 150;

/// `true` if a tool wrote the text on a few very long lines.
pub fn is_minified(text: &[u8]) -> bool {
    let longest = if text.len() < MIN_BUNDLE { MAX_WRITTEN_LINE } else { MAX_LINE_OF_MANY };
    text.len() >= MIN_MINIFIED && memchr::memchr_iter(b'\n', text).count() < text.len() / longest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_of_few_lines_are_minified() {
        assert!(is_minified("var a=1;".repeat(4000).as_bytes()));
        assert!(!is_minified("var a = 1;\n".repeat(4000).as_bytes()));
        assert!(!is_minified("var a=1;".repeat(1000).as_bytes()));
        let line = format!("{}\n", "x".repeat(200));
        assert!(is_minified(line.repeat(3000).as_bytes()));
        assert!(!is_minified(line.repeat(300).as_bytes()));
    }

    #[test]
    fn a_name_that_says_fake_is_known_in_its_words() {
        let is = |text: &str| is_named_as_invented(text.as_bytes(), text.len());
        for text in [
            "const TEST_FAKE_RSA_KEY_0: &str = \"",
            "fakeKey := \"",
            "  \"dummy-token\": \"",
            "String myMockKey = ",
            "FAKE_KEY = \"\"\"\n",
            "FAKE_KEY = \"\"\"\\\n",
            "export DUMMY2=",
            "fakeKeys := []string{\"",
            "x = 1; mock_key = \"",
            "mock_login(user, \"",
        ] {
            assert!(is(text), "{text}");
        }
        for text in [
            "KEY = \"",
            "TEST_KEY = \"",
            "hammock_key = \"",
            "fakery_key = \"",
            "FAKE_KEY = 1\nKEY = \"",
            "unfaked: \"",
            "{\"fake\": true, \"token\": \"",
            "mockServer.start(); const key = \"",
            "{\"mock\": {\"a\": 1}, \"key\": \"",
            "",
        ] {
            assert!(!is(text), "{text}");
        }
    }

    #[test]
    fn tests_examples_and_documentation_are_known_by_their_names() {
        let is = |path: &str| is_for_show(&SourcePath::from_bytes(path));
        for path in [
            "tests/a.py",
            "src/a/__tests__/b.ts",
            "src/login.test.ts",
            "pkg/auth_test.go",
            "src/main/AuthTest.java",
            "docs/setup.html",
            "README.md",
            ".env.example",
            "LICENSE.txt",
            "spec/models/user_spec.rb",
            "integration-tests/a.rs",
            "src/dockerTest/resources/server.key",
            "demos/user_rsa_key",
            "internal/suites/common/pki/key.pem",
        ] {
            assert!(is(path), "{path}");
        }
        for path in [
            "src/latest.py",
            "contest/a.py",
            "config.yaml",
            ".env",
            "app/attestation.go",
            "keys.txt",
        ] {
            assert!(!is(path), "{path}");
        }
    }
}
