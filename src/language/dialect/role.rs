//! Applies a dialect to a tree: finds variables, scripts and commands.

use super::{definition::Dialect, hook};
use crate::{
    language::{
        lookup::{is_constant_name, is_variable_name, kind_of_text},
        tree::{Name, NodeId, Reading, Shape, Tree},
    },
    model::{Binding, BindingContext, Span, Value, ValueKind},
};

/// Names, in lower case, of maps of environment variables in files of any kind. In a file without a
/// known dialect, only names in capitals count there.
const ENVIRONMENTS: [&str; 18] = [
    "env",
    "envs",
    "envvars",
    "env_vars",
    "env_variables",
    "environment",
    "environments",
    "environmentvariables",
    "environment_variables",
    "environment-variables",
    "containerenv",
    "remoteenv",
    "setenv",
    "set_env",
    "variables",
    "runtime_env",
    "rawenv",
    "extraenv",
];

/// The meaning of a container's entries.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    /// None.
    Plain,
    /// Environment variables, if their names are in capitals.
    LikelyEnvironment,
    /// Environment variables.
    Environment,
    /// Build arguments.
    BuildArguments,
    /// Scripts.
    Script,
}

/// Applies a dialect to a tree: changes contexts, and adds the commands of
/// scripts and the variables of lists.
pub fn apply(tree: &Tree<'_>, dialect: Option<&Dialect>, reading: &mut Reading) {
    let mut roles: Vec<Role> = Vec::with_capacity(tree.len());
    for id in 0..tree.len() {
        let node = tree.node(id);
        let around = roles.get(node.parent).copied().unwrap_or(Role::Plain);
        let role = role(tree, dialect, id, around);
        roles.push(role);
        // A text of assignments: `env:` of Travis, `build-args:` of an action.
        let context = match (role, dialect.map(|dialect| dialect.name)) {
            (Role::Environment, Some("travis")) => Some(BindingContext::Environment),
            (Role::BuildArguments, Some("github-actions" | "composite-action")) => {
                Some(BindingContext::BuildArgument)
            }
            _ => None,
        };
        if let Some(context) = context.filter(|_| tree.scalar(id).is_some()) {
            hook::assignments(tree, id, context, reading);
            continue;
        }
        match around {
            Role::Plain | Role::Script => {}
            Role::LikelyEnvironment => {
                variable(tree, id, BindingContext::Environment, true, reading)
            }
            Role::Environment => variable(tree, id, BindingContext::Environment, false, reading),
            Role::BuildArguments => {
                variable(tree, id, BindingContext::BuildArgument, false, reading)
            }
        }
        if let Some(dialect) = dialect {
            if role == Role::Script && tree.scalar(id).is_some() {
                hook::script(tree, dialect, id, reading);
            }
            if !dialect.commands.is_empty() {
                hook::commands(tree, dialect, id, reading);
            }
            hook::call(tree, dialect, id, reading);
            if dialect.name == "terraform" && tree.is_called(id, "default") {
                default_of_variable(tree, id, reading);
            }
        }
    }
}

/// The meaning of a node's entries, given that of its container's entries.
fn role(tree: &Tree<'_>, dialect: Option<&Dialect>, id: NodeId, around: Role) -> Role {
    let node = tree.node(id);
    let Name::Key(_) = node.name else {
        let is_pair = around != Role::Script && is_named_value(tree, id);
        return if is_pair || matches!(node.name, Name::Root) { Role::Plain } else { around };
    };
    let named = named_role(tree, dialect, id);
    if named != Role::Plain {
        return named;
    }
    match around {
        // `scripts: { build: … }` and `variables: { X: { value: … } }`.
        Role::Script | Role::Environment if !matches!(node.shape, Shape::Scalar(_)) => {
            if is_named_value(tree, id) {
                Role::Plain
            } else {
                around
            }
        }
        Role::Script if is_script_table(tree, dialect, node.parent) => Role::Script,
        _ => Role::Plain,
    }
}

/// `true` if a map holds scripts by name, as in `package.json`.
fn is_script_table(tree: &Tree<'_>, dialect: Option<&Dialect>, id: NodeId) -> bool {
    let name = tree.key_bytes(id).unwrap_or_default().to_ascii_lowercase();
    dialect.is_some_and(|dialect| {
        (dialect.name == "package-json" && name == b"scripts")
            || (dialect.name == "devcontainer" && name.ends_with(b"command"))
    })
}

/// `true` if a map is `name: …, value: …`.
fn is_named_value(tree: &Tree<'_>, id: NodeId) -> bool {
    ["value", "Value", "valueFrom", "value_from", "valuefrom", "secret"]
        .iter()
        .any(|key| tree.child(id, key).is_some())
}

fn named_role(tree: &Tree<'_>, dialect: Option<&Dialect>, id: NodeId) -> Role {
    let Some(key) = tree.key_bytes(id).filter(|key| key.len() < 64) else { return Role::Plain };
    let key = String::from_utf8_lossy(key).to_lowercase();
    let key = key.as_str();
    if let Some(dialect) = dialect {
        if dialect.scripts.contains(&key) {
            return Role::Script;
        }
        // `build: { args: … }`; elsewhere `args` are the words of a command.
        let in_build =
            || dialect.name != "compose" || tree.is_called(tree.node(id).parent, "build");
        if dialect.build_arguments.contains(&key) && in_build() {
            return Role::BuildArguments;
        }
        if dialect.environment.contains(&key) {
            return Role::Environment;
        }
        if ENVIRONMENTS.contains(&key) && key.starts_with("env") {
            return Role::Environment;
        }
    }
    if ENVIRONMENTS.contains(&key) { Role::LikelyEnvironment } else { Role::Plain }
}

/// Makes an entry of a container of variables a variable: `HF_TOKEN: …`, `- HF_TOKEN=…`,
/// `- name: HF_TOKEN`, `HF_TOKEN: { value: … }`.
fn variable(
    tree: &Tree<'_>,
    id: NodeId,
    context: BindingContext,
    only_capitals: bool,
    reading: &mut Reading,
) {
    match tree.node(id).name {
        Name::Key(_) => {
            let value = ["value", "Value", "default"].iter().find_map(|key| tree.child(id, key));
            if let Some(value) = value.filter(|value| tree.scalar(*value).is_some()) {
                wrapped(tree, id, value, context, reading);
            } else if let Some(binding) = reading.binding_mut(id)
                && (!only_capitals || is_constant_name(&binding.key))
            {
                binding.context = context;
            }
        }
        Name::Entry(_) => {
            for child in tree.children(id).take(64) {
                if let Some(binding) = reading.pair_mut(child) {
                    binding.context = context;
                }
            }
            assignment(tree, id, context, only_capitals, reading);
        }
        Name::Root => {}
    }
}

/// Adds the variable of `HF_TOKEN: { value: … }`.
fn wrapped(
    tree: &Tree<'_>,
    id: NodeId,
    value: NodeId,
    context: BindingContext,
    reading: &mut Reading,
) {
    let (Name::Key(name), Some(key)) = (tree.node(id).name, tree.key_of(id)) else { return };
    let Some(mut binding) = reading.binding_mut(value).cloned() else { return };
    if !is_variable_name(&key) {
        return;
    }
    if let Some(path) = binding.path.rfind('.') {
        binding.path.truncate(path);
    }
    binding.key = key;
    binding.key_span = name.span;
    binding.span = name.span.joined(binding.span);
    binding.context = context;
    reading.facts.bindings.push(binding);
}

/// Adds the default of `variable "hf_token" { default = … }` under the variable's name.
fn default_of_variable(tree: &Tree<'_>, id: NodeId, reading: &mut Reading) {
    let variable = tree.node(id).parent;
    if tree.is_called(tree.node(variable).parent, "variable") && tree.scalar(id).is_some() {
        wrapped(tree, variable, id, BindingContext::Default, reading);
    }
}

/// Adds the variable of an entry `NAME=value`, or of `NAME` alone, whose value comes from the
/// environment of the caller.
fn assignment(
    tree: &Tree<'_>,
    id: NodeId,
    context: BindingContext,
    only_capitals: bool,
    reading: &mut Reading,
) {
    let (Some(decoded), Some(entry)) = (tree.decoded(id), reading.binding_mut(id)) else { return };
    let text = String::from_utf8_lossy(&decoded.text).into_owned();
    let (list_path, outer) = (entry.path.clone(), entry.span);
    let (name, value) = match text.split_once('=') {
        Some((name, value)) => (name.trim_end(), Some(value.trim_end())),
        None => (text.trim_end(), None),
    };
    let fits = if only_capitals || value.is_none() {
        is_constant_name(name)
    } else {
        is_variable_name(name)
    };
    // Offsets in text and bytes only match if all of it is UTF-8.
    if !fits || text.len() != decoded.text.len() {
        return;
    }
    let at = |from: usize, to: usize| decoded.map.to_source(Span::new(from, to));
    let (kind, value_text, span) = match value {
        Some(value) => {
            let equals = text.find('=').unwrap_or(name.len());
            let quoted = unquoted(value);
            let from = equals + 1 + usize::from(quoted.len() < value.len());
            (kind_of_text(quoted), quoted.to_string(), at(from, from + quoted.len()))
        }
        None => (ValueKind::Missing, String::new(), at(name.len(), name.len())),
    };
    // The variable replaces the entry, which has only the list's name.
    *entry = Binding {
        key: name.to_string(),
        path: format!("{list_path}.{name}"),
        callee: None,
        position: None,
        value: Value { kind, text: value_text, span },
        context,
        key_span: at(0, name.len()),
        span: outer,
        language: None,
        commented: false,
    };
}

/// A text without the quotes around it.
fn unquoted(text: &str) -> &str {
    ['"', '\'']
        .iter()
        .find_map(|quote| text.strip_prefix(*quote)?.strip_suffix(*quote))
        .unwrap_or(text)
}
