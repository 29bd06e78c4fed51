//! Batch, PowerShell and make.

use super::{
    draft::Draft,
    prose, row, shell,
    site::{Site, Text},
    url,
};
use crate::model::{Edit, Span};

/// The fix of a secret in a batch file.
pub fn batch(text: &Text<'_>, site: Site<'_>) -> Draft {
    if let Some(draft) = common(text, site) {
        return draft;
    }
    let line = text.slice(text.lines(site.span)).trim_start().to_ascii_lowercase();
    let name = site.variable.to_ascii_lowercase();
    let is_set = ["set ", "@set ", "setx "].iter().any(|start| line.starts_with(start));
    if is_set && line.contains(&name) {
        return Draft::new(row::WINDOWS_SET, vec![Edit::delete(text.lines(site.span))]);
    }
    Draft::replace(row::BATCH, site.span, format!("%{}%", site.variable))
}

/// The fix of a secret in PowerShell.
pub fn powershell(text: &Text<'_>, site: Site<'_>) -> Draft {
    if let Some(draft) = common(text, site) {
        return draft;
    }
    let line = text.lines(site.span);
    let words = text.slice(line).trim().to_ascii_lowercase();
    let name = format!("$env:{}", site.variable);
    let sets = words.starts_with(&name.to_ascii_lowercase()) && !words.contains(';');
    let sets =
        sets || words.starts_with("setx ") && words.contains(&site.variable.to_ascii_lowercase());
    if sets {
        return Draft::new(row::WINDOWS_SET, vec![Edit::delete(line)]);
    }
    let (start, end) = (site.span.start, site.span.end);
    let (before, after) = (text.byte(start.wrapping_sub(1)), text.byte(end));
    let outer = Span::new(start.saturating_sub(1), end + 1);
    if before == after && matches!(before, b'"' | b'\'') {
        return Draft::replace(row::BATCH, outer, name);
    }
    match shell::quoting(text, line.start, start) {
        shell::Quoting::Double(_) => {
            Draft::replace(row::BATCH, site.span, format!("${{env:{}}}", site.variable))
        }
        shell::Quoting::None => Draft::replace(row::BATCH, site.span, name),
        _ => Draft::shown(row::OTHER),
    }
}

/// The fix of a secret in a makefile.
pub fn makefile(text: &Text<'_>, site: Site<'_>) -> Draft {
    if let Some(draft) = common(text, site) {
        return draft;
    }
    let line = text.lines(site.span);
    let words = text.slice(line);
    let is_recipe = words.starts_with('\t');
    if is_recipe {
        if let Some((command, word)) = text.command(site.span)
            && let Some(draft) = shell::option(text, site, command, word)
        {
            return draft;
        }
        return Draft::replace(row::MAKE_VALUE, site.span, format!("$({})", site.variable));
    }
    let name = words.trim_start().trim_start_matches("export ").trim_start();
    let is_own = name
        .strip_prefix(site.variable)
        .is_some_and(|rest| rest.trim_start().starts_with(['=', ':', '?']));
    if is_own {
        return Draft::new(row::MAKE_VARIABLE, vec![Edit::delete(line)]);
    }
    Draft::replace(row::MAKE_VALUE, site.span, format!("$({})", site.variable))
}

fn common(text: &Text<'_>, site: Site<'_>) -> Option<Draft> {
    if text.is_comment(site.span) {
        return Some(prose::comment(site));
    }
    url::draft(text, site, text.lines(site.span))
}
