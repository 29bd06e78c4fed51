//! The modules that a text imports.

use super::{
    dialect::Trait,
    token::Kind,
    walk::{Named, Walk},
};
use crate::model::{BindingContext, Span};

/// A module's name longer than this is none.
const LONGEST: usize = 200;
/// Words that start an import.
const IMPORT_WORDS: &[&str] = &[
    "import",
    "from",
    "use",
    "using",
    "require",
    "require_relative",
    "library",
    "export",
    "extern",
    "part",
];

impl Walk<'_> {
    /// Whether the statement at `at` imports; what it imports is noted.
    pub(super) fn import(&mut self, at: usize) -> bool {
        if !self.tokens.is_name(at, IMPORT_WORDS) {
            return false;
        }
        let next = self.tokens.kind(at + 1);
        match self.tokens.bytes(at) {
            b"from" if self.dialect.has(Trait::Python) => self.module(at + 1, true),
            b"import" if self.dialect.has(Trait::Python) => self.modules(at + 1),
            b"import" | b"export" if self.dialect.has(Trait::Patterns) => {
                self.text_after_from(at + 1)
            }
            b"import" | b"part" if next == Kind::Text => self.text(at + 1),
            b"import" if next == Kind::RoundOpen => self.texts(at + 2),
            // `import hub "example.com/hub"`
            b"import" if self.tokens.kind(at + 2) == Kind::Text => self.text(at + 2),
            b"extern" if self.tokens.is_name(at + 1, &["crate"]) => self.module(at + 2, false),
            b"use" | b"using" | b"import" if next == Kind::Name => {
                let skip =
                    usize::from(self.tokens.is_name(at + 1, &["static", "function", "const"]));
                self.modules(at + 1 + skip);
            }
            b"require" | b"require_relative" => return false,
            _ => return false,
        }
        true
    }

    /// `require("…")`, `library(…)`, wherever they stand: the call's first argument.
    pub(super) fn imported_by_call(&mut self, name: &str, from: usize) {
        let is_known = matches!(name, "require" | "require_relative" | "import")
            || matches!(name, "library" | "requireNamespace") && self.dialect.name == "r";
        match self.tokens.kind(from) {
            Kind::Text if is_known => self.text(from),
            Kind::Name if is_known && self.dialect.name == "r" => self.module(from, false),
            _ => {}
        }
    }

    fn text(&mut self, at: usize) {
        let value = self.expressions().literal(at);
        if value.text.len() <= LONGEST {
            self.facts.imports.push(value.text);
        }
    }

    fn texts(&mut self, from: usize) {
        let mut at = from;
        while !self.tokens.kind(at).closes() && at < self.tokens.len() {
            if self.tokens.kind(at) == Kind::Text {
                self.text(at);
            }
            at += 1;
        }
    }

    /// `import "…"`, `import a, { b } from "…"`
    fn text_after_from(&mut self, from: usize) {
        const LONGEST_CLAUSE: usize = 64;
        let mut at = from;
        while at < from + LONGEST_CLAUSE {
            match self.tokens.kind(at) {
                Kind::Text if at == from || self.tokens.is_name(at - 1, &["from"]) => {
                    return self.text(at);
                }
                Kind::Semicolon | Kind::Edge | Kind::Assign | Kind::RoundOpen => return,
                _ => at = self.tokens.after(at),
            }
        }
    }

    /// Names with their parts, separated by commas.
    fn modules(&mut self, from: usize) {
        let mut at = from;
        loop {
            self.module(at, false);
            while !(matches!(self.tokens.kind(at), Kind::Comma | Kind::Semicolon | Kind::Edge)
                || at > from && self.tokens.at(at).starts_line)
            {
                at = self.tokens.after(at);
            }
            if self.tokens.kind(at) != Kind::Comma {
                return;
            }
            at += 1;
        }
    }

    /// One name with its parts, up to the first blank or bracket.
    fn module(&mut self, from: usize, may_be_relative: bool) {
        let mut end = from;
        while matches!(
            self.tokens.kind(end),
            Kind::Name | Kind::Dot | Kind::PathDots | Kind::Other | Kind::Spread | Kind::DotDot
        ) && (end == from || !self.tokens.at(end).spaced)
            && !self.tokens.at(end).starts_line
        {
            end += 1;
        }
        let last_is_mark = end > from + 1 && self.tokens.kind(end - 1) == Kind::PathDots;
        let end = end - usize::from(last_is_mark);
        if end == from || !may_be_relative && self.tokens.kind(from) != Kind::Name {
            return;
        }
        let span: Span = self.tokens.span_of(from, end - 1);
        if span.len() <= LONGEST {
            let name = String::from_utf8_lossy(span.slice(self.tokens.text)).into_owned();
            self.facts.imports.push(name);
        }
    }

    /// `#define TOKEN "…"`, `#include <…>`, `#include "…"`: `#` stands at `at`.
    pub(super) fn directive(&mut self, at: usize) {
        if self.tokens.bytes(at) != b"#" {
            return;
        }
        let mut end = at + 1;
        while end < self.tokens.len() && !self.tokens.at(end).starts_line {
            end += 1;
        }
        if self.tokens.is_name(at + 1, &["include", "import"]) {
            if self.tokens.kind(at + 2) == Kind::Text {
                self.text(at + 2);
            } else if self.tokens.kind(at + 2) == Kind::Less && end > at + 4 {
                let span = self.tokens.span_of(at + 3, end - 2);
                if span.len() <= LONGEST {
                    let name = String::from_utf8_lossy(span.slice(self.tokens.text)).into_owned();
                    self.facts.imports.push(name);
                }
            }
        } else if self.tokens.is_name(at + 1, &["define"]) && end > at + 3 {
            self.constant(at + 2, at + 3, end);
        }
        self.frames.start_statement(end);
    }

    fn constant(&mut self, name: usize, from: usize, to: usize) {
        let Some(value) = self.expressions().value(from, to) else { return };
        let (key, key_span) = self.expressions().key(name);
        let start = self.tokens.at(name).start as usize;
        let named = Named { path: key.clone(), key, key_span, start };
        self.bind(named, None, value, BindingContext::Assignment, to);
    }
}
