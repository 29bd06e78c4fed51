//! Scripts, commands and calls in a tree.

use super::definition::Dialect;
use crate::{
    language::{
        python, read_batch, read_powershell, read_shell,
        tree::{Decoded, NodeId, Reading, Scalar, Tree},
    },
    model::{BindingContext, CommandPlace, Facts, Span},
};

/// Adds the facts of a script.
pub fn script(tree: &Tree<'_>, dialect: &Dialect, id: NodeId, reading: &mut Reading) {
    let Some(scalar) = tree.scalar(id).filter(|scalar| scalar.kind.is_none()) else { return };
    let shell = match tree.key_bytes(id) {
        Some(b"pwsh" | b"powershell" | b"ps") => Some("pwsh".into()),
        _ => tree.child_text(tree.node(id).parent, "shell"),
    };
    let decoded = scalar.text.decode(tree.source());
    let facts = script_facts(&decoded.text, shell.as_deref().unwrap_or("sh"), dialect.place);
    reading.facts.absorb(facts, &decoded.map);
}

/// The facts of a script for the shell of its step: `bash -e {0}`, `pwsh`.
fn script_facts(text: &[u8], shell: &str, place: CommandPlace) -> Facts {
    let program = shell.split_ascii_whitespace().next().unwrap_or_default();
    let name = program.rsplit(['/', '\\']).next().unwrap_or_default().to_lowercase();
    match name.trim_end_matches(".exe") {
        "pwsh" | "powershell" => read_powershell(text, place),
        "cmd" => read_batch(text, place),
        "python" | "python3" => python::READER.0.read(text),
        // No script reader exists for these languages.
        "node" | "perl" | "ruby" | "rscript" | "julia" => Facts::default(),
        _ => read_shell(text, place),
    }
}

/// Adds the variables of lines of assignments in shell syntax: `A=b C="d e"`.
pub fn assignments(tree: &Tree<'_>, id: NodeId, context: BindingContext, reading: &mut Reading) {
    let Some(decoded) = tree.decoded(id) else { return };
    let mut facts = read_shell(&decoded.text, CommandPlace::CiStep);
    facts.commands.clear();
    let around = reading.binding_mut(id).map(|line| line.path.clone()).unwrap_or_default();
    for binding in &mut facts.bindings {
        binding.context = context;
        binding.path = format!("{around}.{}", binding.key);
    }
    reading.facts.absorb(facts, &decoded.map);
}

/// Adds the command of a map that has a program, its arguments, or both.
pub fn commands(tree: &Tree<'_>, dialect: &Dialect, id: NodeId, reading: &mut Reading) {
    for (program, arguments) in dialect.commands {
        let program = tree.child(id, program);
        let arguments = tree.child(id, arguments).filter(|node| !is_build(tree, *node));
        if program.is_none() && arguments.is_none() {
            continue;
        }
        let mut line = Decoded::default();
        let is_compose_command = program.is_none() && dialect.name == "compose";
        if program.is_none() && !is_compose_command {
            // The arguments of the image's own program, whose name is unknown.
            let at = arguments.map_or(0, |node| start_of(tree, node));
            line.put('\'', Span::new(at, at));
            line.put('\'', Span::new(at, at));
        }
        for node in [program, arguments].into_iter().flatten() {
            words(tree, node, &mut line);
        }
        let facts = read_shell(&line.text, dialect.place);
        reading.facts.absorb(facts, &line.map);
    }
}

/// `true` if `args` are build arguments.
fn is_build(tree: &Tree<'_>, id: NodeId) -> bool {
    tree.is_called(tree.node(id).parent, "build")
}

fn start_of(tree: &Tree<'_>, id: NodeId) -> usize {
    let first = tree.scalar(id).or_else(|| tree.inside(id).find_map(|inner| tree.scalar(inner)));
    first.map_or(0, |scalar| scalar.outer.start)
}

/// Adds the words of a command to a line of shell: a text unchanged, the entries of a list each in
/// quotes.
fn words(tree: &Tree<'_>, id: NodeId, line: &mut Decoded) {
    if let Some(scalar) = tree.scalar(id) {
        separate(line, scalar);
        scalar.text.decode_into(line, tree.source());
        return;
    }
    for entry in tree.children(id) {
        if let Some(scalar) = tree.scalar(entry) {
            separate(line, scalar);
            word(tree, scalar, line);
        }
    }
}

fn separate(line: &mut Decoded, scalar: Scalar) {
    if !line.text.is_empty() {
        line.put(' ', Span::new(scalar.outer.start, scalar.outer.start));
    }
}

/// Adds one word, quoted so that it stays one word. A word with a variable and without white space
/// cannot be a script, so its variable stays an expansion.
fn word(tree: &Tree<'_>, scalar: Scalar, line: &mut Decoded) {
    let inner = scalar.text.decode(tree.source());
    let fills_in = inner.text.contains(&b'$')
        && !inner.text.iter().any(|byte| byte.is_ascii_whitespace() || b"\"'`\\".contains(byte));
    let quote = if fills_in { '"' } else { '\'' };
    let open = Span::new(scalar.outer.start, scalar.text.span.start.max(scalar.outer.start));
    let close = Span::new(scalar.text.span.end.min(scalar.outer.end), scalar.outer.end);
    line.put(quote, open);
    let mut at = 0;
    while at < inner.text.len() {
        let rest = &inner.text[at..];
        let end = memchr::memchr2(b'\'', b'$', rest).map_or(inner.text.len(), |offset| at + offset);
        append(line, &inner, at, end);
        if end == inner.text.len() {
            break;
        }
        let place = inner.map.to_source(Span::new(end, end + 1));
        let variable = fills_in.then(|| orchestrator_variable(&inner.text[end..])).flatten();
        at = end + 1;
        if inner.text[end] == b'\'' {
            "'\\''".chars().for_each(|character| line.put(character, place));
        } else if let Some(length) = variable {
            // Kubernetes writes `$(NAME)` where a shell writes `${NAME}`.
            line.put('$', place);
            line.put('{', place);
            append(line, &inner, end + 2, end + length - 1);
            line.put('}', place);
            at = end + length;
        } else {
            line.put('$', place);
        }
    }
    line.put(quote, close);
}

fn append(line: &mut Decoded, inner: &Decoded, from: usize, to: usize) {
    // Byte by byte, so that each byte keeps its position. Words are short, and equal runs are
    // joined.
    for at in from..to {
        line.text.push(inner.text[at]);
        line.map.push(1, inner.map.to_source(Span::new(at, at + 1)));
    }
}

/// The length of `$(NAME)`.
fn orchestrator_variable(text: &[u8]) -> Option<usize> {
    let inside = text.strip_prefix(b"$(")?;
    let name = inside.iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
    (name > 0 && inside.get(name) == Some(&b')')).then_some(name + 3)
}

/// Sets the callee in the bindings of a map of arguments: `with:` beside `uses:`.
pub fn call(tree: &Tree<'_>, dialect: &Dialect, id: NodeId, reading: &mut Reading) {
    for (arguments, called) in dialect.calls {
        if !tree.is_called(id, arguments) {
            continue;
        }
        let Some(callee) = tree.child_text(tree.node(id).parent, called) else { continue };
        // The version is not part of the name.
        let name = callee.split('@').next().unwrap_or_default();
        if name.is_empty() || name.len() > 256 {
            continue;
        }
        for child in tree.children(id) {
            if let Some(binding) = reading.binding_mut(child) {
                binding.callee = Some(name.to_string());
                binding.context = BindingContext::Mapping;
            }
        }
    }
}
