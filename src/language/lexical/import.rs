//! The modules that a text imports.

use super::{
    parser::{Named, Parser},
    token::Kind,
    words::Import,
};
use crate::model::{BindingContext, Span};

/// Maximum length in bytes of a module's name.
const LONGEST: usize = 200;

impl Parser<'_> {
    /// Returns `true` if the statement at `at` is an import, after adding its modules.
    pub(super) fn import(&mut self, at: usize) -> bool {
        let Some(import) = self.grammar.words.import(self.tokens.bytes(at)) else { return false };
        let next = self.tokens.kind(at + 1);
        match import {
            Import::ModuleOfNames => self.module(at + 1, true),
            Import::StringAfterFrom => self.string_after_from(at + 1),
            Import::Strings if next == Kind::String => self.module_string(at + 1),
            Import::Strings if next == Kind::RoundOpen => self.module_strings(at + 2),
            Import::Strings if self.tokens.kind(at + 2) == Kind::String => {
                self.module_string(at + 2);
            }
            Import::Crate if self.tokens.is_name(at + 1, &["crate"]) => self.module(at + 2, false),
            Import::Modules if next == Kind::Name => {
                let skip =
                    usize::from(self.tokens.is_name(at + 1, &["static", "function", "const"]));
                self.modules(at + 1 + skip);
            }
            _ => return false,
        }
        true
    }

    /// `require("…")`, `library(…)`: the first argument of the call is at `from`.
    pub(super) fn imported_by_call(&mut self, from: usize, takes_names: bool) {
        match self.tokens.kind(from) {
            Kind::String => self.module_string(from),
            Kind::Name if takes_names => self.module(from, false),
            _ => {}
        }
    }

    fn module_string(&mut self, at: usize) {
        let value = self.expressions().literal(at);
        if value.text.len() <= LONGEST {
            self.facts.imports.push(value.text);
        }
    }

    fn module_strings(&mut self, from: usize) {
        let mut at = from;
        while !self.tokens.kind(at).closes() && at < self.tokens.len() {
            if self.tokens.kind(at) == Kind::String {
                self.module_string(at);
            }
            at += 1;
        }
    }

    /// `import "…"`, `import a, { b } from "…"`
    fn string_after_from(&mut self, from: usize) {
        const LONGEST_CLAUSE: usize = 64;
        let mut at = from;
        while at < from + LONGEST_CLAUSE {
            match self.tokens.kind(at) {
                Kind::String if at == from || self.tokens.is_name(at - 1, &["from"]) => {
                    return self.module_string(at);
                }
                Kind::Semicolon | Kind::Edge | Kind::Assign | Kind::RoundOpen => return,
                _ => at = self.tokens.after(at),
            }
        }
    }

    /// Qualified names, separated by commas.
    fn modules(&mut self, from: usize) {
        let mut at = from;
        loop {
            self.module(at, false);
            loop {
                let token = self.tokens.at(at);
                let ends = matches!(token.kind, Kind::Comma | Kind::Semicolon | Kind::Edge);
                if ends || at > from && token.starts_line {
                    break;
                }
                at = self.tokens.after(at);
            }
            if self.tokens.kind(at) != Kind::Comma {
                return;
            }
            at += 1;
        }
    }

    /// One qualified name, up to the first blank or bracket.
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

    /// `#define TOKEN "…"`, `#include <…>`, `#include "…"`: the `#` is at `at`.
    pub(super) fn directive(&mut self, at: usize) {
        if self.tokens.bytes(at) != b"#" {
            return;
        }
        let mut end = at + 1;
        while end < self.tokens.len() && !self.tokens.at(end).starts_line {
            end += 1;
        }
        if self.tokens.is_name(at + 1, &["include", "import"]) {
            if self.tokens.kind(at + 2) == Kind::String {
                self.module_string(at + 2);
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
