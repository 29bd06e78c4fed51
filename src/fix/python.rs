//! Python: selects the edit for a secret.

use super::{
    draft::Draft,
    prose, python_edit as edit,
    python_edit::Lookup,
    row,
    site::{Site, Text},
    url,
};
use crate::{
    language::LiteralPlace,
    model::{Applicability, Binding, BindingContext, Edit},
    rule::expression,
};

/// Functions of Hugging Face's libraries that read `HF_TOKEN` if no token is given, by last name.
const RESOLVES: &[&str] = &[
    "from_pretrained",
    "push_to_hub",
    "save_to_hub",
    "load_dataset",
    "load_dataset_builder",
    "get_dataset_config_names",
    "get_dataset_split_names",
    "get_dataset_infos",
    "hf_hub_download",
    "snapshot_download",
    "cached_download",
    "hf_hub_url",
    "get_hf_file_metadata",
    "try_to_load_from_cache",
    "HfApi",
    "HfFileSystem",
    "InferenceClient",
    "AsyncInferenceClient",
    "upload_file",
    "upload_folder",
    "upload_large_folder",
    "create_repo",
    "delete_repo",
    "create_commit",
    "create_branch",
    "create_tag",
    "delete_file",
    "delete_folder",
    "repo_info",
    "model_info",
    "dataset_info",
    "space_info",
    "list_models",
    "list_datasets",
    "list_spaces",
    "list_repo_files",
    "list_repo_tree",
    "file_exists",
    "repo_exists",
    "whoami",
    "pipeline",
    "TrainingArguments",
    "Seq2SeqTrainingArguments",
    "SFTConfig",
    "DPOConfig",
    "GRPOConfig",
    "add_space_secret",
    "add_space_variable",
    "restart_space",
    "pause_space",
    "metadata_update",
    "push_to_hub_keras",
    "from_pretrained_keras",
    "update_repo_settings",
    "update_repo_visibility",
    "move_repo",
    "run_job",
    "create_inference_endpoint",
    "get_inference_endpoint",
    "create_collection",
    "get_collection",
    "add_collection_item",
    "from_hub",
];
/// Receiver prefixes whose methods have such a name but do not read `HF_TOKEN`.
const NOT_RESOLVING: &[&str] = &["pyannote", "WhisperModel", "BatchedInference"];
/// Parameter names of tokens in those functions.
const TOKEN_NAMES: &[&str] = &["token", "use_auth_token", "hub_token", "hf_token"];
/// Functions that write a token to disk.
const LOGINS: &[&str] = &["login", "save_token", "interpreter_login", "set_access_token"];
/// Functions that need their full name to be recognised.
const GRADIO: &[&str] = &["gr.load", "gradio.load"];

/// The fix of a secret in Python; `lookup` reads the variable.
pub fn draft(text: &Text<'_>, site: Site<'_>, lookup: &Lookup) -> Draft {
    if text.is_comment(site.span) {
        return prose::comment(site);
    }
    let Some(literal) = text.literal(site.span.start) else { return Draft::shown(row::OTHER) };
    if literal.is_alone {
        return prose::comment(site);
    }
    if let Some(draft) = url::draft(text, site, literal.content) {
        return draft;
    }
    if !literal.content.contains(site.span) || literal.is_key || literal.is_command {
        return Draft::shown(row::OTHER);
    }
    let bindings = text.bindings(site.span);
    let is_whole = literal.content == site.span && !literal.has_neighbour;
    if is_whole && let Some(draft) = without(text, site, literal, &bindings) {
        return draft;
    }
    let is_default = bindings.iter().any(|one| one.context == BindingContext::Default);
    let (row, lookup) = match (is_whole, is_default) {
        (true, true) => (row::PYTHON_DEFAULT, &optional(site, lookup)),
        (true, false) => (row::PYTHON_VALUE, lookup),
        (false, _) => (row::PYTHON_TEXT, lookup),
    };
    let Some(mut edits) = edit::fill(text, site, literal, lookup) else {
        return Draft::shown(row::OTHER);
    };
    let is_login = literal.is_call && LOGINS.contains(&last_name(&literal.head));
    let row = if is_whole && is_field(text, literal) { row::PYTHON_FIELD } else { row };
    match edit::import(text, lookup) {
        Ok(import) => edits.extend(import),
        Err(()) => return Draft::shown(row::PYTHON_SHADOWED),
    }
    let mut draft = Draft::new(row, edits);
    if text.has("import marimo") && text.has("@app.cell") {
        let why = "a marimo cell gets its imports from other cells: add `os` to them";
        draft = draft.doubted(Applicability::DisplayOnly, why);
    }
    if !is_login {
        return draft;
    }
    let deleted = edit::without_statement(text, literal.statement);
    let deleted = Draft::new(row::PYTHON_LOGIN, vec![deleted]);
    // The library no longer contains the old class.
    if literal.head.contains("HfFolder") { deleted } else { draft.or(deleted) }
}

/// The look-up of an ordinary program.
pub fn from_environment(variable: &str) -> Lookup {
    let expression = expression("python", variable).unwrap_or_default();
    Lookup { expression, import: "import os" }
}

/// The look-up that gives `None` if the variable is unset.
fn optional(site: Site<'_>, lookup: &Lookup) -> Lookup {
    let is_plain = lookup.import == "import os";
    let expression = format!("os.environ.get(\"{}\")", site.variable);
    if is_plain { Lookup { expression, import: lookup.import } } else { lookup.clone() }
}

/// Deletes an argument or a statement if the program still reads the same value.
fn without(
    text: &Text<'_>,
    site: Site<'_>,
    literal: &LiteralPlace,
    bindings: &[&Binding],
) -> Option<Draft> {
    let sets = bindings.iter().find(|one| sets_environment(one, site.variable));
    if sets.is_some() {
        let is_whole = literal.is_call || literal.head.ends_with("environ");
        return is_whole.then(|| {
            Draft::new(
                row::PYTHON_ENVIRONMENT,
                vec![edit::without_statement(text, literal.statement)],
            )
        });
    }
    if bindings.iter().any(|one| updates_environment(one, site.variable)) {
        return Some(Draft::shown(row::PYTHON_ENVIRONMENT));
    }
    let slot = literal.slot.filter(|slot| slot.is_whole)?;
    let named = bindings.iter().find(|one| one.callee.is_some());
    let callee = named.and_then(|one| one.callee.as_deref()).unwrap_or_default();
    let is_lookup = bindings
        .iter()
        .any(|one| one.context == BindingContext::Default && one.key == site.variable);
    if is_lookup && ["getenv", "get"].contains(&last_name(callee)) && slot.name.is_none() {
        let edits = vec![edit::without_argument(text, &slot)];
        return Some(Draft::new(row::PYTHON_LOOKUP_DEFAULT, edits));
    }
    let name = slot.name.map(|name| text.slice(name))?;
    // `InferenceClient` has two arguments for a token: without one of them it uses the other.
    let is_other = |one: &Binding| {
        one.key == "api_key"
            && one.callee.as_deref() == Some(callee)
            && literal.statement.contains(one.span)
    };
    let is_read = site.is_implicit
        && TOKEN_NAMES.contains(&name)
        && resolves(text, callee)
        && !text.facts.bindings.iter().any(is_other);
    is_read.then(|| Draft::new(row::PYTHON_ARGUMENT, vec![edit::without_argument(text, &slot)]))
}

/// `true` if a call without a token reads `HF_TOKEN`.
fn resolves(text: &Text<'_>, callee: &str) -> bool {
    let is_known = RESOLVES.contains(&last_name(callee)) || GRADIO.contains(&callee);
    is_known
        && !NOT_RESOLVING.iter().any(|one| callee.starts_with(one))
        && !["HF_HUB_DISABLE_IMPLICIT_TOKEN", "pyannote", "faster_whisper"]
            .iter()
            .any(|one| text.has(one))
}

fn last_name(callee: &str) -> &str {
    callee.rsplit('.').next().unwrap_or(callee)
}

/// `true` if a binding sets this environment variable.
fn sets_environment(binding: &Binding, variable: &str) -> bool {
    let callee = binding.callee.as_deref().unwrap_or_default();
    let by_call = ["environ.setdefault", "os.putenv", "environ.__setitem__"];
    binding.key == variable
        && binding.context == BindingContext::Assignment
        && (binding.path.ends_with(&format!("environ.{variable}"))
            || by_call.iter().any(|one| callee.ends_with(one)))
}

/// `true` if a binding sets several environment variables including this one:
/// `os.environ.update(HF_TOKEN=…)`, `os.environ |= {…}`.
fn updates_environment(binding: &Binding, variable: &str) -> bool {
    let callee = binding.callee.as_deref().unwrap_or_default();
    binding.key == variable
        && (callee.ends_with("environ.update")
            || binding.context == BindingContext::Mapping
                && binding.path.ends_with(&format!("environ.{variable}")))
}

/// `true` if a literal is the default of a field in a class that serialises or prints its fields.
fn is_field(text: &Text<'_>, literal: &LiteralPlace) -> bool {
    let makes_fields = ["@dataclass", "@dataclasses.dataclass", "TypedDict"];
    let statement = text.slice(literal.statement);
    let head = statement.split(['=', '"', '\'']).next().unwrap_or_default();
    makes_fields.iter().any(|one| text.has(one))
        && head.contains(':')
        && !text.indent(literal.statement.start).is_empty()
        && literal.slot.is_none()
}

/// The edit that excludes tokens from the arguments of a tracker: `vars(args)`.
pub fn tracker(text: &Text<'_>, span: crate::model::Span) -> Option<Draft> {
    let construct = text.slice(span);
    let from = construct.find("vars(")?;
    let end = from + construct[from..].find(')')? + 1;
    let inner = &construct[from..end];
    let is_simple =
        inner[5..inner.len() - 1].chars().all(|one| one.is_alphanumeric() || "._".contains(one));
    let place = crate::model::Span::new(span.start + from, span.start + end);
    let edit = Edit::replace(
        place,
        format!("{{k: v for k, v in {inner}.items() if not k.endswith(\"token\")}}"),
    );
    is_simple.then(|| Draft::new(row::TRACKER, vec![edit]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_calls_are_names() {
        let is_name = |name: &&&str| name.chars().all(|one| one.is_alphanumeric() || one == '_');
        assert_eq!(RESOLVES.iter().filter(is_name).count(), RESOLVES.len());
    }
}
