//! Checks that a file still parses after a fix.

use crate::{
    language::{FileHead, Reader, Wanted, identify, json_row, read},
    model::{Edit, SourcePath, Span},
};
use std::collections::BTreeSet;
use toml::de::DeTable;

/// `true` if `new`, the result of `edits` on `old`, parses as well as `old`: JSON, JSON rows and
/// TOML parse, brackets match, and no entry of a data file is lost except edited ones.
pub fn still_reads(path: &SourcePath, old: &[u8], new: &[u8], edits: &[Edit]) -> bool {
    let file = |bytes| FileHead::of(path, bytes);
    let Some(reader) = identify(file(old)) else { return true };
    if identify(file(new)).map(Reader::name) != Some(reader.name()) {
        return false;
    }
    match reader.name() {
        "json" if json_row::is_json_lines(path) => keeps_rows(old, new),
        "json" => {
            parses(old, is_json) <= parses(new, is_json)
                && keeps_entries(reader, path, old, new, edits)
        }
        "notebook" => parses(old, is_json) <= parses(new, is_json),
        "toml" => {
            parses(old, is_toml) <= parses(new, is_toml)
                && keeps_entries(reader, path, old, new, edits)
        }
        "yaml" | "hcl" | "ini" | "properties" => keeps_entries(reader, path, old, new, edits),
        _ => reader.unmatched_brackets(new) <= reader.unmatched_brackets(old),
    }
}

fn parses(bytes: &[u8], parse: fn(&str) -> bool) -> bool {
    let text = std::str::from_utf8(bytes).unwrap_or_default();
    parse(text.strip_prefix('\u{feff}').unwrap_or(text))
}

fn is_json(text: &str) -> bool {
    serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
}

fn is_toml(text: &str) -> bool {
    DeTable::parse(text).is_ok()
}

/// `true` if the number of rows is unchanged, and each row that parsed still does.
fn keeps_rows(old: &[u8], new: &[u8]) -> bool {
    let rows = |bytes| <[u8]>::split(bytes, |byte| *byte == b'\n');
    rows(old).count() == rows(new).count()
        && rows(old)
            .zip(rows(new))
            .all(|(old, new)| old == new || parses(old, is_json) <= parses(new, is_json))
}

fn keeps_entries(
    reader: &dyn Reader,
    path: &SourcePath,
    old: &[u8],
    new: &[u8],
    edits: &[Edit],
) -> bool {
    let facts = |bytes| read(reader, bytes, FileHead::of(path, bytes), Wanted::ALL);
    let after = facts(new);
    let after: BTreeSet<&str> = after.bindings.iter().map(|one| one.path.as_str()).collect();
    let is_edited = |span: Span| {
        edits.iter().any(|edit| edit.span.start <= span.end && span.start <= edit.span.end)
    };
    facts(old).bindings.iter().all(|one| is_edited(one.span) || after.contains(one.path.as_str()))
}
