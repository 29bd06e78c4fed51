//! YAML dialects: Compose, GitHub Actions and other CI, Kubernetes.

use super::{
    data,
    draft::Draft,
    prose, row, shell,
    site::{Site, Text},
    url,
};
use crate::{
    model::{Applicability, Binding, BindingContext, Command, Edit, Span},
    rule::expression,
};

/// The fix of a secret in YAML.
pub fn draft(text: &Text<'_>, site: Site<'_>) -> Draft {
    let line = text.slice(Span::new(text.line_start(site.span.start), site.span.start));
    if text.is_comment(site.span) || line.trim_start().starts_with('#') {
        return prose::comment(site);
    }
    if let Some(draft) = url::draft(text, site, text.lines(site.span)) {
        return draft;
    }
    let bindings = text.bindings(site.span);
    let binding = bindings.first().copied();
    let command = text.command(site.span);
    match text.facts.dialect.unwrap_or_default() {
        "compose" => compose(text, site, &bindings),
        "github-actions" => match command {
            Some((command, word)) => actions_script(text, site, &bindings, command, word),
            None => actions_value(text, site, binding),
        },
        "kubernetes" => kubernetes(text, site, &bindings),
        "helm" => Draft::shown(row::KUBERNETES_SECRET),
        dialect if CI.contains(&dialect) => match command {
            Some((command, word)) => script(text, site, command, word),
            None => Draft::shown(row::CI_VALUE),
        },
        _ => data::draft(text, site),
    }
}

/// CI dialects other than GitHub's.
const CI: &[&str] = &[
    "gitlab-ci",
    "circleci",
    "azure-pipelines",
    "travis",
    "bitbucket-pipelines",
    "drone",
    "buildkite",
    "woodpecker",
];

/// A value with its quotes.
pub fn outer(text: &Text<'_>, value: Span) -> Span {
    let before = value.start.checked_sub(1).map_or(0, |at| text.byte(at));
    let is_quoted = matches!(before, b'"' | b'\'') && text.byte(value.end) == before;
    if is_quoted { Span::new(value.start - 1, value.end + 1) } else { value }
}

/// `true` if a span is in `{…}` or `[…]` on its line.
fn is_flow(text: &Text<'_>, at: usize) -> bool {
    let before = text.slice(Span::new(text.line_start(at), at));
    before.matches(['{', '[']).count() > before.matches(['}', ']']).count()
}

fn compose(text: &Text<'_>, site: Site<'_>, bindings: &[&Binding]) -> Draft {
    if bindings.iter().any(|one| one.context == BindingContext::BuildArgument) {
        return Draft::shown(row::COMPOSE_ARGUMENT);
    }
    let environment = bindings.iter().find(|one| one.context == BindingContext::Environment);
    let filled = format!("${{{0}:?set {0}}}", site.variable);
    if let Some(binding) = environment
        && binding.value.span == site.span
    {
        let is_pair = text.byte(binding.key_span.end) == b'=';
        if is_pair && binding.key == site.variable {
            let pair = Span::new(binding.key_span.end, site.span.end);
            return Draft::new(row::COMPOSE_ENVIRONMENT, vec![Edit::delete(pair)]);
        }
        let is_bare = outer(text, site.span) == site.span;
        let written = match is_bare && !is_pair && is_flow(text, site.span.start) {
            true => format!("\"{filled}\""),
            false => filled,
        };
        return Draft::replace(row::COMPOSE_ENVIRONMENT, site.span, written);
    }
    let is_script = text.command(site.span).is_some();
    if is_script {
        // `$$` is an escaped dollar, expanded by the shell of the container.
        let draft = Draft::replace(row::COMPOSE_VALUE, site.span, format!("$${}", site.variable));
        return draft.doubted(Applicability::DisplayOnly, "the container must have the variable");
    }
    let is_bare = bindings.first().is_none_or(|one| outer(text, one.value.span) == one.value.span);
    if is_bare && is_flow(text, site.span.start) {
        return Draft::shown(row::OTHER);
    }
    Draft::replace(row::COMPOSE_VALUE, site.span, filled)
}

fn actions_value(text: &Text<'_>, site: Site<'_>, binding: Option<&Binding>) -> Draft {
    let is_action = [&b"action.yml"[..], b"action.yaml"].contains(&text.path.file_name());
    let read = expression("github-actions", site.variable).unwrap_or_default();
    let whole = binding.is_some_and(|one| one.value.span == site.span);
    let is_bare = whole && outer(text, site.span) == site.span;
    let written = match is_bare && is_flow(text, site.span.start) {
        true => format!("\"{read}\""),
        false => read,
    };
    let draft = Draft::replace(row::ACTIONS_VALUE, site.span, written);
    match is_action {
        true => draft.doubted(
            Applicability::DisplayOnly,
            "an action has no secrets: take it as an input of the action",
        ),
        false => draft,
    }
}

/// A word of a script in a YAML scalar; without quotes if the scalar is quoted.
fn word(text: &Text<'_>, site: Site<'_>, row: &'static row::Row) -> Draft {
    let line = text.slice(text.lines(site.span));
    let has_quotes = line.split_once(": ").is_some_and(|(_, value)| value.starts_with(['"', '\'']));
    if has_quotes || line.trim_start().starts_with("- \"") || line.trim_start().starts_with("- '") {
        return Draft::replace(row, site.span, format!("${}", site.variable));
    }
    shell::value(text, site, row)
}

fn script(text: &Text<'_>, site: Site<'_>, command: &Command, number: usize) -> Draft {
    if shell::is_login(command) {
        return login(text, command);
    }
    let mut draft = match shell::option(text, site, command, number) {
        Some(draft) => draft,
        None => word(text, site, row::CI_SCRIPT),
    };
    draft.row = row::CI_SCRIPT;
    draft
}

/// A script of a step: the variable is set in `env:` of the step.
fn actions_script(
    text: &Text<'_>,
    site: Site<'_>,
    bindings: &[&Binding],
    command: &Command,
    number: usize,
) -> Draft {
    if shell::is_login(command) {
        return login(text, command);
    }
    let mut draft = match shell::option(text, site, command, number) {
        Some(draft) => draft,
        None => word(text, site, row::ACTIONS_RUN),
    };
    draft.row = row::ACTIONS_RUN;
    let Some(run) = bindings.iter().find(|one| one.key == "run" && !one.key_span.is_empty()) else {
        return draft.doubted(Applicability::DisplayOnly, "the step is not found");
    };
    let step = run.path.strip_suffix("run").unwrap_or_default();
    let environment = format!("{step}env");
    let has_environment = text.facts.bindings.iter().any(|one| one.path.starts_with(&environment));
    let has_variable = text.facts.bindings.iter().any(|one| {
        one.key == site.variable
            && one.context == BindingContext::Environment
            && !one.path.contains(".steps[")
    });
    if has_variable {
        return draft;
    }
    let start = text.line_start(run.key_span.start);
    let before = text.slice(Span::new(start, run.key_span.start));
    let is_action = [&b"action.yml"[..], b"action.yaml"].contains(&text.path.file_name());
    if has_environment || is_action || !before.chars().all(|one| matches!(one, ' ' | '-')) {
        return draft.doubted(Applicability::DisplayOnly, "the variable must be added by hand");
    }
    let column = " ".repeat(run.key_span.start - start);
    let newline = text.newline();
    let read = expression("github-actions", site.variable).unwrap_or_default();
    draft.edits.push(Edit::insert(
        run.key_span.start,
        format!("env:{newline}{column}  {}: {read}{newline}{column}", site.variable),
    ));
    draft
}

/// Deletes a login with its line, in a script of several lines.
fn login(text: &Text<'_>, command: &Command) -> Draft {
    let line = text.slice(text.lines(command.span));
    let is_line = line.trim() == text.slice(command.span);
    match shell::without_login(text, command).filter(|_| is_line) {
        Some(edits) => Draft::new(row::LOGIN, edits),
        None => Draft::shown(row::LOGIN),
    }
}

fn kubernetes(text: &Text<'_>, site: Site<'_>, bindings: &[&Binding]) -> Draft {
    let kind = text.facts.bindings.iter().find(|one| one.path == "kind");
    if kind.is_some_and(|one| one.value.text == "Secret") {
        return Draft::shown(row::KUBERNETES_SECRET);
    }
    let is_variable = bindings.iter().any(|one| one.context == BindingContext::Environment);
    let value = bindings.iter().find(|one| one.key == "value" && one.value.span == site.span);
    let Some(value) = value.filter(|_| is_variable && !is_flow(text, site.span.start)) else {
        return Draft::shown(row::OTHER);
    };
    let start = text.line_start(value.key_span.start);
    let before = text.slice(Span::new(start, value.key_span.start));
    if !before.chars().all(|one| matches!(one, ' ' | '-')) {
        return Draft::shown(row::OTHER);
    }
    let column = " ".repeat(value.key_span.start - start);
    let newline = text.newline();
    let secret = site.variable.to_ascii_lowercase().replace('_', "-");
    let written = format!(
        "valueFrom:{newline}{column}  secretKeyRef:{newline}{column}    name: {secret}{newline}{column}    key: {}",
        site.variable
    );
    let span = Span::new(value.key_span.start, outer(text, site.span).end);
    Draft::replace(row::KUBERNETES_VALUE, span, written)
}
