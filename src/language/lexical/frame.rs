//! The brackets around a token, and the names in its path.

use super::token::Tokens;

/// Length in bytes from which a path is no longer extended.
const LONGEST_PATH: usize = 256;

/// The kind of a bracket's elements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Inside {
    /// Statements.
    Statements,
    /// Arguments of a call.
    Arguments,
    /// Parameters of a definition.
    Parameters,
    /// Entries of a mapping.
    Entries,
    /// Items of a list.
    Items,
    /// An index, a condition, a group.
    Group,
}

/// The first and the last token of a qualified name: `os`, `.`, `environ`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chain {
    /// Its first token.
    pub first: usize,
    /// Its last token.
    pub last: usize,
}

/// A bracket, and the reader's position in it.
#[derive(Debug, Clone, Copy)]
pub struct Frame {
    /// The kind of its elements.
    pub inside: Inside,
    /// The token that closes it; [`usize::MAX`] if none does.
    pub close: usize,
    /// The callee, of this bracket or of one around it.
    pub callee: Option<Chain>,
    /// Number of elements before this one.
    pub position: usize,
    /// The first token of this element.
    pub element: usize,
    /// The first token of this statement.
    pub statement: usize,
    /// Number of commas in this statement so far.
    pub commas: usize,
    /// A token that was already handled.
    pub handled: usize,
    /// An argument that was already handled.
    pub handled_position: usize,
    /// `true` if a line end ends an element.
    pub line_ends: bool,
    /// `true` if `=` binds in this statement, in a language where `=` can also compare.
    pub is_setting: bool,
    /// `true` for a call without brackets: `puts "…"`.
    pub is_virtual: bool,
    /// `true` if the callee compares: `token.equals("…")`.
    pub compares: bool,
    /// `true` if the reader is between the `<` and `>` of a tag, which `callee` names.
    pub is_tag: bool,
    /// `true` if facts in it are wanted because of an enclosing name.
    pub is_wanted: bool,
    path_start: usize,
    path_end: usize,
    element_path_end: usize,
}

/// All brackets around a token, outermost first.
pub struct Frames {
    list: Vec<Frame>,
    path: String,
}

impl Frames {
    /// The statements outside all brackets.
    pub fn new(line_ends: bool) -> Self {
        let mut frames = Self { list: Vec::new(), path: String::new() };
        frames.list.push(Frame::new(Inside::Statements, usize::MAX, 0, line_ends));
        frames
    }

    /// The innermost bracket.
    pub fn top(&mut self) -> &mut Frame {
        if self.list.is_empty() {
            self.list.push(Frame::new(Inside::Statements, usize::MAX, 0, true));
        }
        let last = self.list.len() - 1;
        &mut self.list[last]
    }

    /// Leaves every bracket that ends at or before `index`, and returns the kind of the last one.
    pub fn leave(&mut self, index: usize) -> Option<Inside> {
        let mut left = None;
        while self.list.len() > 1 {
            let last = self.list.len() - 1;
            // An unmatched bracket ends with the bracket around it.
            let ends = match self.list[last].close {
                usize::MAX => self.list.iter().rposition(|frame| frame.close <= index),
                close => (close <= index).then_some(last),
            };
            let Some(ends) = ends else { break };
            left = Some(self.list[ends].inside);
            self.list.truncate(ends);
        }
        left
    }

    /// Leaves the calls without brackets that end before the token at `index`.
    pub fn leave_virtual(&mut self, index: usize) {
        while self.list.len() > 1
            && self.list.last().is_some_and(|top| top.is_virtual && top.close <= index)
        {
            self.list.pop();
        }
    }

    /// The kind of the innermost bracket's elements.
    pub fn inside(&self) -> Inside {
        self.list.last().map_or(Inside::Statements, |top| top.inside)
    }

    /// The token that ends the innermost bracket.
    pub fn close(&self) -> usize {
        self.list.last().map_or(usize::MAX, |top| top.close)
    }

    /// `true` if a line end ends an element of the innermost bracket.
    pub fn line_ends(&self) -> bool {
        self.list.last().is_some_and(|top| top.line_ends)
    }

    /// Number of unmatched brackets.
    pub fn unclosed(&self) -> usize {
        self.list.iter().filter(|frame| frame.close == usize::MAX).count()
    }

    /// Leaves the innermost bracket.
    pub fn leave_top(&mut self) {
        if self.list.len() > 1 {
            self.list.pop();
        }
    }

    /// Enters a bracket with a new path of names.
    pub fn enter(&mut self, mut frame: Frame) {
        let top = *self.top();
        self.path.truncate(top.element_path_end);
        frame.path_start = self.path.len();
        frame.path_end = self.path.len();
        frame.element_path_end = self.path.len();
        self.list.push(frame);
    }

    /// Enters a bracket whose path continues that of this element.
    pub fn enter_deeper(&mut self, mut frame: Frame) {
        let top = *self.top();
        self.path.truncate(top.element_path_end);
        let is_item = top.inside == Inside::Items && top.path_end > top.path_start;
        if is_item && self.path.len() < top.path_start + LONGEST_PATH {
            self.path.push_str(&format!(".[{}]", top.position));
        }
        frame.path_start = top.path_start;
        frame.path_end = self.path.len();
        frame.element_path_end = self.path.len();
        self.list.push(frame);
    }

    /// Starts a new element at `index`.
    pub fn start_element(&mut self, index: usize) {
        let top = self.top();
        top.element = index;
        top.element_path_end = top.path_end;
    }

    /// Starts a new statement at `index`.
    pub fn start_statement(&mut self, index: usize) {
        self.start_element(index);
        let top = self.top();
        top.statement = index;
        top.position = 0;
        top.commas = 0;
        top.is_setting = false;
    }

    /// The path of this element, with `name` as its last part.
    pub fn path_of(&mut self, name: &str) -> String {
        let top = *self.top();
        let around = self.path.get(top.path_start..top.path_end).unwrap_or_default();
        if around.is_empty() { name.to_string() } else { format!("{around}.{name}") }
    }

    /// `true` if there is a path to this bracket's elements.
    pub fn has_path(&mut self) -> bool {
        let top = *self.top();
        top.path_end > top.path_start
    }

    /// Sets the name of this element, for the brackets in it.
    pub fn name_element(&mut self, name: &str) {
        let top = *self.top();
        self.path.truncate(top.path_end);
        if self.path.len() < top.path_start + LONGEST_PATH {
            if top.path_end > top.path_start {
                self.path.push('.');
            }
            self.path.push_str(name);
        }
        let end = self.path.len();
        self.top().element_path_end = end;
    }
}

impl Frame {
    /// A bracket whose first element starts at `element` and that `close` ends.
    pub fn new(inside: Inside, close: usize, element: usize, line_ends: bool) -> Self {
        Self {
            inside,
            close,
            callee: None,
            position: 0,
            element,
            statement: element,
            commas: 0,
            handled: usize::MAX,
            handled_position: usize::MAX,
            line_ends,
            is_setting: false,
            is_virtual: false,
            compares: false,
            is_tag: false,
            is_wanted: false,
            path_start: 0,
            path_end: 0,
            element_path_end: 0,
        }
    }
}

impl Chain {
    /// Its text without blanks, truncated to 200 bytes.
    pub fn text(self, tokens: &Tokens<'_>) -> String {
        const LONGEST: usize = 200;
        let mut bytes = Vec::new();
        for index in self.first..=self.last {
            bytes.extend_from_slice(tokens.bytes(index));
            if bytes.len() >= LONGEST {
                bytes.truncate(LONGEST);
                break;
            }
        }
        String::from_utf8_lossy(&bytes).into_owned()
    }
}
