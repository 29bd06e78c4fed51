//! The words of a language: calls and keywords that mean something to the engine.

/// The words of one language, with those it shares with others.
pub struct Words {
    /// Words of other languages that this one has too.
    pub shares: &'static [&'static Words],
    /// Calls by their last name, and what they mean.
    pub calls: &'static [(&'static str, Meaning)],
    /// Calls by their last name whose value can be computed from literals.
    pub folds: &'static [(&'static str, Fold)],
    /// Objects and modules whose calls start programs: `subprocess`.
    pub runners: &'static [&'static str],
    /// Calls that return the text they are given, and types with such [`makers`](Self::makers).
    pub wrappers: &'static [&'static str],
    /// Members of a wrapper that return the text they are given: `String::from`.
    pub makers: &'static [&'static str],
    /// Members that return the text they are called on: `.to_string()`.
    pub transparent: &'static [&'static str],
    /// Words that are values: `null`.
    pub constants: &'static [&'static str],
    /// Words before `(` that call nothing.
    pub control: &'static [&'static str],
    /// Words that start a statement and call nothing; only asked where a call needs no brackets.
    pub statements: &'static [&'static str],
    /// Words that start the head of a block, whose `:` does not separate a name from its type.
    pub heads: &'static [&'static str],
    /// Words before `{` that make it a mapping.
    pub before_mapping: &'static [&'static str],
    /// Words before a type's name and `{` that make it a block.
    pub before_block: &'static [&'static str],
    /// Words before a value that do not change it.
    pub before_value: &'static [&'static str],
    /// Words that a pattern, `/…/`, may follow.
    pub before_pattern: &'static [&'static str],
    /// Words whose head in `(…)` a pattern may follow.
    pub before_head: &'static [&'static str],
    /// Words that a string may follow without a blank, as in minified code.
    pub before_string: &'static [&'static str],
    /// Words that end an expression.
    pub ends: &'static [&'static str],
    /// Words that start a statement that imports, and how it goes on.
    pub imports: &'static [(&'static str, Import)],
    /// Names of the argument that holds a default.
    pub defaults: &'static [&'static str],
    /// Names of the argument that holds another name of what is declared.
    pub aliases: &'static [&'static str],
    /// Starts of the names of a builder's setters: `setToken`, `with_token`.
    pub setters: &'static [&'static str],
    /// Names of the argument that holds the program to start.
    pub programs: &'static [&'static str],
}

/// The meaning of a call. A number is the index of the argument that holds the name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// Looks a name up; a default may follow.
    LookUp(usize),
    /// Gives the value to use where the value before it is missing.
    Otherwise,
    /// Binds a name to a value.
    Set(usize),
    /// Binds a name to a value if that is a string: the word has other uses.
    SetString,
    /// Sets the variables that its arguments are named for.
    SetNamed,
    /// Declares an option of a command line.
    Option,
    /// The same, and the third argument may be its default.
    OptionWithDefault,
    /// Declares an option by name, default and help.
    Flag(usize),
    /// Binds each name to the value after it: `Map.of("a", "b", "c", "d")`.
    Pairs(On),
    /// Declares a field by its default; its alias is another name of it.
    Field,
    /// Compares.
    Compare,
    /// Starts a program.
    Start(Form, On),
    /// Imports the module that its first argument names in a string.
    Import,
    /// Imports the module that its first argument names, in a string or not.
    ImportName,
}

/// How a call names the program that it starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// One line, as a shell reads it, or a list of words.
    Line,
    /// The program, then its arguments, some of them in lists.
    Words,
    /// The same after an argument that is none of the words.
    WordsAfterFirst,
    /// The program, then its arguments by calls on the result: `.arg("…")`.
    Chained,
}

/// The receiver of a call that starts a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum On {
    /// Anything, or nothing.
    Anything,
    /// One of the language's runners.
    Runner,
    /// One of the language's runners, or nothing.
    RunnerOrNothing,
    /// One of these names.
    One(&'static [&'static str]),
}

/// How the value of a call follows from its arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fold {
    /// They are codes of characters.
    Codes,
    /// The first is a list of codes of characters; any other argument is returned as it is.
    CodeList,
    /// The first is in hexadecimal digits.
    Hex,
    /// They are joined.
    Concatenation,
    /// The last joins the items of the first.
    JoinWithLast,
    /// The first joins the items of the second.
    JoinWithFirst,
    /// The first, or the one that is named as a default.
    Default,
}

/// How a statement that imports goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Import {
    /// With names of modules: `import a.b, c`.
    Modules,
    /// With one module, which may be relative, and what is taken from it.
    ModuleOfNames,
    /// With a name, then a string: `import hub "example.com/hub"`, or with strings.
    Strings,
    /// With names, `from` and a string: `import a from "b"`.
    StringAfterFrom,
    /// With the word `crate` and a name.
    Crate,
}

impl Words {
    /// No words, for tables to start from.
    pub const NONE: Words = Words {
        shares: &[],
        calls: &[],
        folds: &[],
        runners: &[],
        wrappers: &[],
        makers: &[],
        transparent: &[],
        constants: &[],
        control: &[],
        statements: &[],
        heads: &[],
        before_mapping: &[],
        before_block: &[],
        before_value: &[],
        before_pattern: &[],
        before_head: &[],
        before_string: &[],
        ends: &[],
        imports: &[],
        defaults: &[],
        aliases: &[],
        setters: &[],
        programs: &[],
    };

    /// `true` if `word` is in the list that `list` picks, here or in what is shared.
    pub fn has(
        &self,
        list: impl Fn(&Words) -> &'static [&'static str] + Copy,
        word: &[u8],
    ) -> bool {
        list(self).iter().any(|known| known.as_bytes() == word)
            || self.shares.iter().any(|shared| shared.has(list, word))
    }

    /// `true` if the list that `list` picks has a word, here or in what is shared.
    pub fn has_any(&self, list: impl Fn(&Words) -> &'static [&'static str] + Copy) -> bool {
        !list(self).is_empty() || self.shares.iter().any(|shared| shared.has_any(list))
    }

    /// The meaning of a call by its last name.
    pub fn meaning(&self, call: &[u8]) -> Option<Meaning> {
        self.find(|words| words.calls, call)
    }

    /// How the value of a call by its last name is computed.
    pub fn fold(&self, call: &[u8]) -> Option<Fold> {
        self.find(|words| words.folds, call)
    }

    /// How an import that starts with `word` goes on.
    pub fn import(&self, word: &[u8]) -> Option<Import> {
        self.find(|words| words.imports, word)
    }

    fn find<T: Copy + 'static>(
        &self,
        table: impl Fn(&Words) -> &'static [(&'static str, T)] + Copy,
        word: &[u8],
    ) -> Option<T> {
        let own = table(self).iter().find(|(known, _)| known.as_bytes() == word);
        let shared = || self.shares.iter().find_map(|shared| shared.find(table, word));
        own.map(|(_, found)| *found).or_else(shared)
    }
}
