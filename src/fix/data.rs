//! Data and configuration files: JSON, TOML, YAML without a dialect, INI, dotenv, Terraform.

use super::{
    draft::Draft,
    prose, row,
    site::{Site, Text},
    url,
};
use crate::model::{Edit, FileChange, SourcePath, Span, escape::is_deceptive};

/// The syntax with which a program expands variables in its configuration.
struct Reference {
    /// Required substrings of the path.
    path: &'static [&'static str],
    /// Substrings of the text, one of which is required, with the text's line endings; empty if the
    /// path suffices.
    words: &'static [&'static str],
    /// The reference, with the placeholder `NAME`.
    written: &'static str,
    /// `true` if the reference must be the whole value.
    is_whole: bool,
}

/// In order of precedence: the first match applies.
const REFERENCES: &[Reference] = &[
    reference(&[".cursor/mcp.json"], &[], "${env:NAME}"),
    reference(
        &[".vscode/mcp.json", ".vscode/settings.json"],
        &["\"mcp", "\"servers\""],
        "${env:NAME}",
    ),
    reference(&[".mcp.json", ".claude.json", ".claude/"], &["mcpServers"], "${NAME}"),
    reference(&["devcontainer.json"], &[], "${localEnv:NAME}"),
    reference(
        &["application.yml", "application.yaml", "application.properties", "application-"],
        &["spring", "huggingface"],
        "${NAME}",
    ),
    reference(
        &[".yaml", ".yml"],
        &["_target_:", "${oc.env", "hydra:", "defaults:\n  - ", "defaults:\n- "],
        "${oc.env:NAME}",
    ),
    Reference {
        path: &[".yaml", ".yml"],
        words: &["litellm_params:"],
        written: "os.environ/NAME",
        is_whole: true,
    },
];

const fn reference(
    path: &'static [&'static str],
    words: &'static [&'static str],
    written: &'static str,
) -> Reference {
    Reference { path, words, written, is_whole: false }
}

/// The fix of a secret in a data file.
pub fn draft(text: &Text<'_>, site: Site<'_>) -> Draft {
    let line = text.slice(Span::new(text.line_start(site.span.start), site.span.start));
    let starts = line.trim_start();
    let is_comment = text.language() != "json" && starts.starts_with('#');
    if text.is_comment(site.span) || is_comment {
        return prose::comment(site);
    }
    if let Some(draft) = url::draft(text, site, text.lines(site.span)) {
        return draft;
    }
    if text.language() == "hcl" {
        return terraform(text, site);
    }
    let path = String::from_utf8_lossy(text.path.as_bytes()).to_ascii_lowercase();
    let has = |word: &&str| text.has(&word.replace('\n', text.newline()));
    let found = REFERENCES.iter().find(|one| {
        one.path.iter().any(|part| path.contains(part))
            && (one.words.is_empty() || one.words.iter().any(has))
    });
    let Some(found) = found else { return Draft::shown(row::CONFIG) };
    let bindings = text.bindings(site.span);
    let Some(binding) = bindings.first() else { return Draft::shown(row::CONFIG) };
    if found.is_whole && binding.value.span != site.span {
        return Draft::shown(row::CONFIG);
    }
    let before = site.span.start.checked_sub(1).map_or(0, |at| text.byte(at));
    let written = found.written.replace("NAME", site.variable);
    let is_bare = binding.value.span == site.span && !matches!(before, b'"' | b'\'');
    // A plain scalar with `: ` or a flow indicator at its start would parse differently.
    let is_yaml = text.language() == "yaml";
    let written = if is_bare && is_yaml { format!("\"{written}\"") } else { written };
    Draft::replace(row::CONFIG_REFERENCE, site.span, written)
}

/// Deletes the default of a variable, and marks the variable as sensitive.
fn terraform(text: &Text<'_>, site: Site<'_>) -> Draft {
    let bindings = text.bindings(site.span);
    let is_default =
        bindings.iter().find(|one| one.key == "default" && one.path.starts_with("variable."));
    let line = text.lines(site.span);
    let words = text.slice(line);
    if is_default.is_none()
        || !words.trim_start().starts_with("default")
        || words.contains(['{', '}'])
    {
        return Draft::shown(row::TERRAFORM_VALUE);
    }
    let rest = text.slice(Span::new(line.end, text.bytes.len()));
    let before = text.slice(Span::new(0, line.start));
    let opened = before.rfind("variable ").map_or("", |at| &before[at..]);
    let block = rest.split("\n}").next().unwrap_or_default();
    if block.contains("sensitive") || opened.contains("sensitive") {
        return Draft::new(row::TERRAFORM, vec![Edit::delete(line)]);
    }
    let end = if words.ends_with("\r\n") { 2 } else { usize::from(words.ends_with('\n')) };
    let content = Span::new(line.start, line.end - end);
    let written = format!("{}sensitive = true", text.indent(line.start));
    Draft::replace(row::TERRAFORM, content, written)
}

/// The fix of a secret in an env file.
pub fn dotenv(
    text: &Text<'_>,
    site: Site<'_>,
    ignore_file: &SourcePath,
    is_tracked: bool,
) -> Draft {
    let name = String::from_utf8_lossy(text.path.file_name()).to_ascii_lowercase();
    let is_example =
        ["example", "sample", "template", "dist", "default"].iter().any(|one| name.contains(one));
    if is_example {
        let bindings = text.bindings(site.span);
        let value = bindings.first().map_or(site.span, |one| one.value.span);
        return Draft::new(row::DOTENV_EXAMPLE, vec![Edit::delete(value)]);
    }
    if is_tracked {
        return Draft::shown(row::DOTENV_TRACKED);
    }
    ignored(text.path, ignore_file)
}

/// Lines of `.gitignore` that exclude an env file from git.
pub fn ignored(path: &SourcePath, ignore_file: &SourcePath) -> Draft {
    let mut draft = Draft::shown(row::DOTENV);
    let lines = match path.file_name().starts_with(b".env") {
        true => vec![".env".into(), ".env.*".into(), "!.env.example".into()],
        false => match ignore_pattern(path.file_name()) {
            Some(line) => vec![line],
            None => return draft,
        },
    };
    draft.files.push(FileChange::Append { path: ignore_file.clone(), lines });
    draft
}

/// The `.gitignore` line that matches exactly this name. `None` for a name with a line ending,
/// which would add a second pattern.
fn ignore_pattern(name: &[u8]) -> Option<String> {
    let name = std::str::from_utf8(name).ok()?;
    if name.chars().any(|character| character.is_control() || is_deceptive(character)) {
        return None;
    }
    let mut pattern = String::with_capacity(name.len());
    for character in name.chars() {
        if "\\*?[]!# ".contains(character) {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    Some(pattern)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_becomes_a_pattern_that_matches_only_itself() {
        for (name, pattern) in [
            (&b"prod.env"[..], Some("prod.env")),
            (b"!a*[b].env", Some("\\!a\\*\\[b\\].env")),
            (b"a\\ b.env", Some("a\\\\\\ b.env")),
            (b"a.env\n*", None),
            (b"a\r.env", None),
            (b"\x1b[2J.env", None),
            (b"\xff.env", None),
            ("a\u{202e}.env".as_bytes(), None),
        ] {
            assert_eq!(ignore_pattern(name).as_deref(), pattern, "{}", name.escape_ascii());
        }
    }
}
