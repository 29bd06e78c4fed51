//! INI and related formats: sections with `key = value`, as in Python's `configparser`, git,
//! systemd and others.

#[cfg(test)]
mod tests;

use super::{
    comment_form::CommentForm,
    data::Data,
    files::Files,
    lookup::is_variable_name,
    tree::{Form, Name, NodeId, Shape, Text, Tree, is_number, line_end, skip_blanks, trim_blanks},
};
use crate::model::{Span, ValueKind, text_start};

/// INI and related formats.
pub struct Ini;

/// Keys, in lower case, whose value is a list of environment variables: tox, pytest, supervisor,
/// systemd, uWSGI.
const ENVIRONMENTS: [&[u8]; 4] = [b"environment", b"setenv", b"set_env", b"env"];

impl Data for Ini {
    fn name(&self) -> &'static str {
        "ini"
    }

    fn comment(&self) -> Option<CommentForm> {
        Some(CommentForm::own_line("#"))
    }

    fn files(&self) -> &'static Files {
        const FILES: Files = Files {
            names: &[
                ".gitconfig",
                ".gitmodules",
                "gitconfig",
                ".pypirc",
                ".npmrc",
                "stored_tokens",
                ".s3cfg",
                ".boto",
                ".hgrc",
                ".my.cnf",
                ".pylintrc",
                ".flake8",
                ".coveragerc",
                ".editorconfig",
                ".passwd-s3fs",
                ".databrickscfg",
                ".pgpass",
                ".wgetrc",
                ".curlrc",
                ".mlflowrc",
                ".rclone.conf",
                ".pip.conf",
            ],
            endings: &[
                "ini",
                "cfg",
                "conf",
                "cnf",
                "gitconfig",
                "inf",
                "desktop",
                "service",
                "timer",
                "socket",
                "mount",
                "container",
                "pylintrc",
                "flake8",
                "hgrc",
                "npmrc",
                "s3cfg",
                "reg",
                "prefs",
                "url",
                "config",
            ],
            accepts: |file| !file.begins_as_markup(),
            paths: &[
                ".git/config",
                ".dvc/config",
                ".dvc/config.local",
                ".aws/credentials",
                ".aws/config",
                "git/config",
                ".oci/config",
                ".ssh/config",
            ],
            ..Files::NONE
        };
        &FILES
    }

    fn tree<'t>(&self, text: &'t [u8]) -> Tree<'t> {
        tree(text)
    }
}

/// The tree of a text.
pub fn tree(source: &[u8]) -> Tree<'_> {
    let mut parser = Parser { source, tree: Tree::new(source), section: 0, last: None };
    parser.tree.set(0, Shape::Map);
    let mut at = text_start(source);
    while at < source.len() && !parser.tree.is_full() {
        at = parser.line(at);
    }
    parser.finish_last();
    parser.tree
}

struct Parser<'a> {
    source: &'a [u8],
    tree: Tree<'a>,
    section: NodeId,
    /// The key whose value may continue.
    last: Option<Last>,
}

struct Last {
    node: NodeId,
    /// The column of the key.
    indent: usize,
    /// Its value so far.
    value: Span,
    goes_on: bool,
}

impl Parser<'_> {
    /// Reads the line at `at`, and returns the start of the next one.
    fn line(&mut self, at: usize) -> usize {
        let (end, next) = line_end(self.source, at, self.source.len());
        let start = skip_blanks(self.source, at, end);
        let Some(first) = self.source.get(start..end).and_then(<[u8]>::first) else { return next };
        if matches!(first, b'#' | b';') {
            self.tree.comments.push(Span::new(start, end));
            return next;
        }
        if let Some(last) = self.last.as_mut().filter(|last| start - at > last.indent) {
            let stop = trim_blanks(self.source, start, end);
            let from = if last.value.is_empty() { start } else { last.value.start };
            last.value = Span::new(from, stop);
            last.goes_on = true;
            return next;
        }
        self.finish_last();
        if *first == b'[' {
            self.section(start, end);
        } else {
            self.entry(start, end, start - at);
        }
        next
    }

    /// Reads `[section]`, or git's `[section "name"]`.
    fn section(&mut self, start: usize, end: usize) {
        let Some(close) = memchr::memrchr(b']', &self.source[start..end]) else { return };
        let name = Span::new(start + 1, start + close.max(1));
        let text = name.slice(self.source);
        let quoted = text.iter().position(|byte| *byte == b'"').filter(|_| text.ends_with(b"\""));
        let outer_end = quoted.map_or(name.end, |quote| name.start + quote);
        let outer = Span::new(name.start, trim_blanks(self.source, name.start, outer_end));
        self.section = self.tree.add(0, Name::Key(Tree::verbatim(outer)));
        self.tree.set(self.section, Shape::Map);
        if let Some(quote) = quoted.filter(|quote| name.start + quote + 1 < name.end) {
            let inner = Span::new(name.start + quote + 1, name.end - 1);
            self.section = self.tree.add(self.section, Name::Key(Tree::verbatim(inner)));
            self.tree.set(self.section, Shape::Map);
        }
    }

    fn entry(&mut self, start: usize, end: usize, indent: usize) {
        let Some(delimiter) = delimiter(self.source, start, end) else {
            let word = Span::new(start, trim_blanks(self.source, start, end));
            let is_word = word
                .slice(self.source)
                .iter()
                .all(|b| b.is_ascii_alphanumeric() || b"_-.".contains(b));
            if is_word {
                self.tree.add(self.section, Name::Key(Tree::verbatim(word)));
            }
            return;
        };
        let mut key = Span::new(start, trim_blanks(self.source, start, delimiter));
        if let Some(blank) = host_end(key.slice(self.source)) {
            // A host of an Ansible inventory: `gpu1 ansible_host=10.0.0.2 user=a`.
            let host = Span::new(start, start + blank);
            let node = self.tree.add(self.section, Name::Key(Tree::verbatim(host)));
            self.tree.set(node, Shape::Map);
            self.environment(node, Span::new(host.end, trim_blanks(self.source, start, end)));
            return;
        }
        if let [b'"', .., b'"'] = key.slice(self.source) {
            key = Span::new(key.start + 1, key.end - 1);
        }
        let node = self.tree.add(self.section, Name::Key(Tree::verbatim(key)));
        let value = skip_blanks(self.source, delimiter + 1, end);
        let value = Span::new(value, trim_blanks(self.source, value, end));
        self.last = Some(Last { node, indent, value, goes_on: false });
    }

    /// Sets the value of the last key, after its last line.
    fn finish_last(&mut self) {
        let Some(last) = self.last.take() else { return };
        let key = self.tree.key_bytes(last.node).unwrap_or_default().to_ascii_lowercase();
        if ENVIRONMENTS.contains(&key.as_slice()) {
            self.environment(last.node, last.value);
        }
        if last.value.is_empty() {
            return;
        }
        if last.goes_on {
            let text = Text { span: last.value, form: Form::Dedented };
            self.tree.set_scalar(last.node, text, last.value, None);
            return;
        }
        let (text, outer) = self.one_line(last.value);
        let is_plain = text.span.len() == outer.len();
        let kind = match text.span.slice(self.source) {
            b"true" | b"false" | b"yes" | b"no" | b"on" | b"off" | b"None" | b"null"
                if is_plain =>
            {
                Some(ValueKind::Constant)
            }
            word => (is_plain && is_number(word)).then_some(ValueKind::Number),
        };
        self.tree.set_scalar(last.node, text, outer, kind);
    }

    /// A value on one line, without its quotes and the comment after it.
    fn one_line(&mut self, value: Span) -> (Text, Span) {
        let text = value.slice(self.source);
        if let Some(quote @ (b'"' | b'\'')) = text.first() {
            let mut from = 1;
            while let Some(offset) =
                text.get(from..).and_then(|rest| memchr::memchr2(*quote, b'\\', rest))
            {
                let found = from + offset;
                if text[found] == *quote {
                    let rest = text[found + 1..].trim_ascii_start();
                    if !rest.is_empty() && !matches!(rest[0], b'#' | b';' | b',') {
                        break;
                    }
                    let form = if *quote == b'"' { Form::Shell } else { Form::Verbatim };
                    let span = Span::new(value.start + 1, value.start + found);
                    return (Text { span, form }, Span::new(value.start, value.start + found + 1));
                }
                from = found + 2;
            }
        }
        let comment = memchr::memchr2_iter(b'#', b';', text)
            .find(|at| *at > 0 && matches!(text[at - 1], b' ' | b'\t'));
        let Some(comment) = comment else { return (Tree::verbatim(value), value) };
        self.tree.comments.push(Span::new(value.start + comment, value.end));
        let stop = trim_blanks(self.source, value.start, value.start + comment);
        let span = Span::new(value.start, stop);
        (Tree::verbatim(span), span)
    }

    /// Adds the variables of `environment=A="x",B=y`, of `Environment="A=x" "B=y"`, and of
    /// lines `A = x`.
    fn environment(&mut self, node: NodeId, value: Span) {
        let mut at = value.start;
        while at < value.end {
            let (line, next) = line_end(self.source, at, value.end);
            at = skip_separators(self.source, at, line);
            while at < line {
                let Some(equals) = assigned_name(self.source, at, line) else { break };
                let name = Span::new(at, trim_blanks(self.source, at, equals));
                let is_quoted_whole =
                    at > value.start && matches!(self.source[at - 1], b'"' | b'\'');
                let from = skip_blanks(self.source, equals + 1, line);
                let quote = match self.source.get(from) {
                    _ if is_quoted_whole => Some((self.source[at - 1], from)),
                    Some(quote @ (b'"' | b'\'')) if from < line => Some((*quote, from + 1)),
                    _ => None,
                };
                let (span, after) = match quote {
                    Some((quote, from)) => {
                        let from = from.min(line);
                        let stop = memchr::memchr(quote, &self.source[from..line])
                            .map_or(line, |offset| from + offset);
                        (Span::new(from, stop), (stop + 1).min(line))
                    }
                    None => {
                        let stop = unquoted_end(self.source, from, line);
                        (Span::new(from, trim_blanks(self.source, from, stop)), stop)
                    }
                };
                let child = self.tree.add(node, Name::Key(Tree::verbatim(name)));
                if !span.is_empty() {
                    self.tree.set_scalar(child, Tree::verbatim(span), span, None);
                }
                at = skip_separators(self.source, after, line);
            }
            at = next.max(at + 1);
        }
    }
}

/// The length of the host's name, if `text` starts with a host and the name of its first variable.
fn host_end(text: &[u8]) -> Option<usize> {
    let blank = memchr::memchr(b' ', text)?;
    let (host, name) = (&text[..blank], text[blank..].trim_ascii_start());
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let is_host = |byte: &u8| is_name(byte) || b".-[]:".contains(byte);
    (name.iter().all(is_name) && name.contains(&b'_') && host.iter().all(is_host)).then_some(blank)
}

fn skip_separators(source: &[u8], at: usize, end: usize) -> usize {
    let rest = source.get(at..end).unwrap_or_default();
    at + rest.iter().take_while(|byte| b" \t,\"'".contains(byte)).count()
}

/// The `=` after a variable's name at `at`.
fn assigned_name(source: &[u8], at: usize, end: usize) -> Option<usize> {
    let equals = at + memchr::memchr(b'=', source.get(at..end)?)?;
    let name = std::str::from_utf8(source.get(at..equals)?).ok()?;
    is_variable_name(name.trim_end()).then_some(equals)
}

/// The end of an unquoted value: before another assignment, or at the end of the line.
fn unquoted_end(source: &[u8], from: usize, end: usize) -> usize {
    let mut at = from;
    while let Some(offset) = source.get(at..end).and_then(|rest| memchr::memchr2(b',', b' ', rest))
    {
        let found = at + offset;
        let next = skip_separators(source, found, end);
        let rest = &source[next..end];
        let length = rest.iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
        if length > 0 && rest.get(length) == Some(&b'=') {
            return found;
        }
        at = next + length;
    }
    end
}

/// The separator of key and value: `=`, or `:` if white space follows it or the line has no `=`.
fn delimiter(source: &[u8], start: usize, end: usize) -> Option<usize> {
    let line = &source[start..end];
    let equals = memchr::memchr(b'=', line);
    let colon = memchr::memchr(b':', line);
    let at = match (equals, colon) {
        (Some(equals), Some(colon)) => {
            let is_spaced = line.get(colon + 1).is_none_or(|byte| matches!(byte, b' ' | b'\t'));
            if colon < equals && is_spaced { colon } else { equals }
        }
        (equals, colon) => equals.or(colon)?,
    };
    (at > 0).then_some(start + at)
}
