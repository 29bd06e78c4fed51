//! Notebooks: edits the code of a cell inside the JSON, and clears outputs.

use super::{
    draft::Draft,
    prose, python,
    python_edit::Lookup,
    row, shell,
    site::{Site, Text},
};
use crate::{
    language::notebook::{Cell, CellKind, cells},
    model::{Edit, SourcePath, Span},
};

/// The fixes of the secrets at `sites` in a notebook, one per site.
pub fn drafts(bytes: &[u8], sites: &[Site<'_>]) -> Vec<Draft> {
    let cells = cells(bytes);
    let draft = |site: &Site<'_>| {
        let holding = cells.iter().filter(|cell| cell.span.contains(site.span) && !cell.is_binary);
        let Some(cell) = holding.min_by_key(|cell| cell.span.len()) else {
            return Draft::shown(row::OTHER);
        };
        match &cell.kind {
            CellKind::Source { language } => source(bytes, *site, cell, language),
            CellKind::Markdown => markdown(bytes, *site, cell),
            CellKind::Output { .. } => output(bytes, site.span),
            _ => Draft::shown(row::NOTEBOOK_WIDGETS),
        }
    };
    sites.iter().map(draft).collect()
}

/// The secret in the text of a cell; `None` if it is not contiguous there.
fn inner<'s>(site: Site<'s>, cell: &Cell) -> Option<Site<'s>> {
    let span = cell.map.to_view(site.span);
    let is_same = span.len() == site.span.len() && cell.map.to_source(span) == site.span;
    is_same.then_some(Site { span, ..site })
}

fn source(bytes: &[u8], site: Site<'_>, cell: &Cell, language: &str) -> Draft {
    let Some(inner) = inner(site, cell) else { return Draft::shown(row::ENCODED) };
    if language != "python" && language != "ipython" {
        return Draft::shown(row::OTHER);
    }
    let path = SourcePath::from_bytes("a.py");
    let text = Text::read(&path, &cell.text, vec![inner.span.start]);
    let line = text.lines(inner.span);
    let words = text.slice(line).trim_start();
    let start = text.slice(Span::new(0, cell.text.len())).trim_start();
    let is_script =
        ["%%bash", "%%sh", "%%script", "%%shell"].iter().any(|one| start.starts_with(one));
    let draft = if words.starts_with(['!', '%']) || is_script {
        command(&text, inner, line, is_script)
    } else if start.starts_with("%%")
        && !start.starts_with("%%time")
        && !start.starts_with("%%capture")
    {
        Draft::shown(row::OTHER)
    } else {
        python::draft(&text, inner, &lookup(bytes, site.variable))
    };
    let is_hosted = host(bytes).is_some();
    let mut draft = draft;
    each(&mut draft, &|one| {
        one.edits = split(&text, std::mem::take(&mut one.edits));
        // The secret must first be added to the host's service.
        if is_hosted && !one.edits.is_empty() && ![row::COMMENT, row::LOGIN].contains(&one.row) {
            one.row = row::NOTEBOOK_SOURCE;
        }
    });
    let mut draft = draft.moved(&cell.map, escaped);
    each(&mut draft, &|one| one.edits.iter_mut().for_each(|edit| as_element(bytes, edit)));
    draft
}

/// Makes a line that is inserted before a string in the list of lines a string of its own, as
/// Jupyter writes it.
fn as_element(bytes: &[u8], edit: &mut Edit) {
    let Some(quote) = edit.span.start.checked_sub(1).filter(|at| bytes.get(*at) == Some(&b'"'))
    else {
        return;
    };
    let before = bytes[..quote].trim_ascii_end();
    if edit.span.is_empty()
        && edit.text.ends_with("\\n")
        && matches!(before.last(), Some(b'[' | b','))
    {
        let blanks = String::from_utf8_lossy(&bytes[before.len()..quote]);
        edit.text = format!("{}\",{blanks}\"", edit.text);
    }
}

/// Applies a change to a draft and its alternative.
fn each(draft: &mut Draft, change: &dyn Fn(&mut Draft)) {
    change(draft);
    if let Some(otherwise) = &mut draft.otherwise {
        each(otherwise, change);
    }
}

/// Splits edits at line ends, since each line of a cell is a separate string in the file.
fn split(text: &Text<'_>, edits: Vec<Edit>) -> Vec<Edit> {
    let mut parts = Vec::new();
    for edit in edits {
        let mut written = Some(edit.text);
        let mut at = edit.span.start;
        loop {
            let end = text.line_end(at).min(edit.span.end);
            parts.push(Edit::replace(Span::new(at, end), written.take().unwrap_or_default()));
            at = end;
            if at >= edit.span.end {
                break;
            }
        }
    }
    parts
}

/// A line that the notebook passes to the shell or to a magic command.
fn command(text: &Text<'_>, site: Site<'_>, line: Span, is_script: bool) -> Draft {
    let words = text.slice(line).trim_start();
    let sets = ["%env", "%set_env", "!export"].iter().any(|one| words.starts_with(one));
    if sets && words.contains(site.variable) {
        return Draft::new(row::NOTEBOOK_SOURCE, vec![Edit::delete(line)]);
    }
    if text.is_comment(site.span) {
        return prose::comment(site);
    }
    // The whole script after its first line, or the text after the `!`.
    let (start, end) = match is_script {
        true => (text.line_end(0), text.bytes.len()),
        false => (line.end - words.len() + 1, line.end),
    };
    if let Some(draft) = shell_command(text, site, Span::new(start, end), is_script) {
        return draft;
    }
    match shell::quoting(text, start.max(line.start), site.span.start) {
        shell::Quoting::Single(_) => shell::value(text, site, row::NOTEBOOK_SOURCE),
        _ => Draft::replace(row::NOTEBOOK_SOURCE, site.span, format!("${}", site.variable)),
    }
}

/// The fix of an option or a login in the shell part of a cell.
fn shell_command(text: &Text<'_>, site: Site<'_>, part: Span, is_script: bool) -> Option<Draft> {
    let path = SourcePath::from_bytes("a.sh");
    let from = part.start;
    let span = Span::new(site.span.start.checked_sub(from)?, site.span.end - from);
    let script = Text::read(&path, part.slice(text.bytes), vec![span.start]);
    let (found, word) = script.command(span)?;
    let option = shell::option(&script, Site { span, ..site }, found, word);
    // A login alone on its line is kept, and prompts for the token.
    let login = || {
        let edits = shell::without_login(&script, found).filter(|_| is_script)?;
        Some(Draft::new(row::LOGIN, edits))
    };
    let mut draft = option.or_else(login)?;
    for edit in &mut draft.edits {
        edit.span = Span::new(edit.span.start + from, edit.span.end + from);
    }
    Some(draft)
}

fn markdown(bytes: &[u8], site: Site<'_>, cell: &Cell) -> Draft {
    let _ = bytes;
    match inner(site, cell) {
        Some(_) => Draft::replace(row::DOCUMENT, site.span, format!("<{}>", site.variable)),
        None => Draft::shown(row::ENCODED),
    }
}

/// A service that runs notebooks and stores secrets.
enum Host {
    Colab,
    Kaggle,
}

/// The service that runs a notebook. Imports in its code take precedence over metadata, and
/// Kaggle's metadata over Colab's, since Colab notebooks are often opened in Kaggle.
fn host(bytes: &[u8]) -> Option<Host> {
    let has = |words: &str| memchr::memmem::find(bytes, words.as_bytes()).is_some();
    let signs = [
        ("kaggle_secrets", Host::Kaggle),
        ("google.colab", Host::Colab),
        ("\"kaggle\"", Host::Kaggle),
        ("\"colab\"", Host::Colab),
    ];
    signs.into_iter().find_map(|(words, host)| has(words).then_some(host))
}

/// The expression with which the notebook's kernel reads a secret.
fn lookup(bytes: &[u8], variable: &str) -> Lookup {
    match host(bytes) {
        Some(Host::Colab) => Lookup {
            expression: format!("userdata.get(\"{variable}\")"),
            import: "from google.colab import userdata",
        },
        Some(Host::Kaggle) => Lookup {
            expression: format!("UserSecretsClient().get_secret(\"{variable}\")"),
            import: "from kaggle_secrets import UserSecretsClient",
        },
        None => python::from_environment(variable),
    }
}

/// A text escaped for a JSON string.
fn escaped(text: &str) -> String {
    let quoted = serde_json::to_string(text).unwrap_or_default();
    quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default().to_string()
}

/// Clears the outputs of the cell that contains a span.
fn output(bytes: &[u8], span: Span) -> Draft {
    let mut edits = Vec::new();
    for (key, value) in members(bytes, span) {
        match key.slice(bytes) {
            b"outputs" => edits.push(Edit::replace(value, "[]")),
            b"execution_count" if value.end < span.start || value.start > span.end => {
                edits.push(Edit::replace(value, "null"));
            }
            _ => {}
        }
    }
    if edits.iter().any(|edit| edit.span.contains(span)) {
        Draft::new(row::NOTEBOOK_OUTPUT, edits)
    } else {
        Draft::shown(row::NOTEBOOK_WIDGETS)
    }
}

/// The members of the cell that contains a span, as keys and values: the fourth bracket level of a
/// notebook.
fn members(bytes: &[u8], span: Span) -> Vec<(Span, Span)> {
    let (mut depth, mut at) = (0usize, 0);
    let (mut members, mut is_holding) = (Vec::new(), false);
    let (mut string, mut key, mut value) = (Span::default(), None, None);
    while at < bytes.len() {
        let start = at;
        match bytes[at] {
            b'"' => {
                at += 1;
                while at < bytes.len() && bytes[at] != b'"' {
                    at += 1 + usize::from(bytes[at] == b'\\');
                }
                string = Span::new(start + 1, at.min(bytes.len()));
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' => {
                if depth == 3 {
                    close(bytes, &mut members, &mut key, value.take(), at);
                    if is_holding {
                        return members;
                    }
                    members.clear();
                }
                depth = depth.saturating_sub(1);
            }
            b':' if depth == 3 && key.is_none() => {
                key = Some(string);
                value = Some(at + 1);
            }
            b',' if depth == 3 => close(bytes, &mut members, &mut key, value.take(), at),
            _ => {}
        }
        is_holding |= depth >= 3 && start <= span.start && span.start <= at;
        at += 1;
    }
    Vec::new()
}

/// Ends a member before `end`.
fn close(
    bytes: &[u8],
    members: &mut Vec<(Span, Span)>,
    key: &mut Option<Span>,
    value: Option<usize>,
    end: usize,
) {
    let (Some(key), Some(start)) = (key.take(), value) else { return };
    let value = &bytes[start..end];
    let blanks = value.len() - value.trim_ascii_start().len();
    members.push((key, Span::new(start + blanks, start + value.trim_ascii_end().len())));
}
