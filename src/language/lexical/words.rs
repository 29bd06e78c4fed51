//! The words of a language: calls and keywords that the engine interprets.

/// The words of one language, including those shared with other languages.
pub struct Words {
    /// Words of other languages that this one also has.
    pub shares: &'static [&'static Words],
    /// Calls that the engine interprets, by their last name.
    pub calls: &'static [(&'static str, Meaning)],
    /// Calls by their last name whose value can be computed from literals.
    pub folds: &'static [(&'static str, Fold)],
    /// Objects and modules whose calls start programs: `subprocess`.
    pub runners: &'static [&'static str],
    /// Calls that return their text argument, and types with such [`makers`](Self::makers).
    pub wrappers: &'static [&'static str],
    /// Members of a wrapper that return their text argument: `String::from`.
    pub makers: &'static [&'static str],
    /// Members that return the text they are called on: `.to_string()`.
    pub transparent: &'static [&'static str],
    /// Words that are values: `null`.
    pub constants: &'static [&'static str],
    /// Words before `(` that are not calls.
    pub control: &'static [&'static str],
    /// Words that start a statement and are not calls; only for languages in which a call needs no
    /// brackets.
    pub statements: &'static [&'static str],
    /// Functions called without brackets in a language where other names are not: PHP's `echo`.
    pub bare: &'static [&'static str],
    /// Words that start the head of a block, whose `:` does not separate a name from its type.
    pub heads: &'static [&'static str],
    /// Words before a `{` that begins a mapping.
    pub before_mapping: &'static [&'static str],
    /// Words before the name of a type and a `{` that begins a block.
    pub before_block: &'static [&'static str],
    /// Words before a value that do not change it.
    pub before_value: &'static [&'static str],
    /// Words that a regular expression (`/…/`) may follow.
    pub before_pattern: &'static [&'static str],
    /// Words with a head in `(…)` that a regular expression may follow.
    pub before_head: &'static [&'static str],
    /// Words that a string may directly follow, as in minified code.
    pub before_string: &'static [&'static str],
    /// Words that end an expression.
    pub ends: &'static [&'static str],
    /// Words that start an import statement, and its syntax.
    pub imports: &'static [(&'static str, Import)],
    /// Names of the argument that holds a default.
    pub defaults: &'static [&'static str],
    /// Names of the argument that holds another name of the declared item.
    pub aliases: &'static [&'static str],
    /// Prefixes of a builder's setters: `setToken`, `with_token`.
    pub setters: &'static [&'static str],
    /// Names of the argument that holds the program to start.
    pub programs: &'static [&'static str],
}

/// The meaning of a call. A number is the index of the argument with the name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// Looks up a name; a default may follow.
    LookUp(usize),
    /// Returns the value used if the preceding value is missing.
    Otherwise,
    /// Binds a name to a value.
    Set(usize),
    /// Binds a name to a value, only if the value is a string, because the word has other uses.
    SetString,
    /// Sets variables with the names of its arguments.
    SetNamed,
    /// Declares a command-line option.
    Option,
    /// Declares a command-line option with a possible default as its third argument.
    OptionWithDefault,
    /// Declares an option by its name, default and help.
    Flag(usize),
    /// Binds names to the values after them: `Map.of("a", "b", "c", "d")`.
    Pairs(On),
    /// Declares a field with its default and, as an alias, another name.
    Field,
    /// Compares.
    Compare,
    /// Starts a program.
    Start(Form, On),
    /// Imports the module named by the string in its first argument.
    Import,
    /// Imports the module named by its first argument, which may be a string or a name.
    ImportName,
}

/// The way in which a call specifies the program to start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// One command line for a shell, or a list of words.
    Line,
    /// The program, then its arguments, some of them in lists.
    Words,
    /// The program and its arguments, after an argument that is not a word of the command.
    WordsAfterFirst,
    /// The program, and its arguments in calls on the result: `.arg("…")`.
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

/// The way in which the value of a call is computed from its arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fold {
    /// From character codes in the arguments.
    Codes,
    /// From a list of character codes in the first argument; any other argument is returned
    /// unchanged.
    CodeList,
    /// From hexadecimal digits in the first argument.
    Hex,
    /// By concatenating the arguments.
    Concatenation,
    /// By joining the items of the first argument with the last one.
    JoinWithLast,
    /// By joining the items of the second argument with the first one.
    JoinWithFirst,
    /// The first argument, or the one whose name marks a default.
    Default,
}

/// The syntax of an import statement after its first word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Import {
    /// Names of modules: `import a.b, c`.
    Modules,
    /// One module, which may be relative, and names from it.
    ModuleOfNames,
    /// A name and a string: `import hub "example.com/hub"`; or strings.
    Strings,
    /// Names, `from` and a string: `import a from "b"`.
    StringAfterFrom,
    /// The word `crate` and a name.
    Crate,
}

impl Words {
    /// No words; a base for tables.
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
        bare: &[],
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

    /// `true` if `word` is in the list that `list` selects, here or in the shared words.
    pub fn has(
        &self,
        list: impl Fn(&Words) -> &'static [&'static str] + Copy,
        word: &[u8],
    ) -> bool {
        list(self).iter().any(|known| known.as_bytes() == word)
            || self.shares.iter().any(|shared| shared.has(list, word))
    }

    /// `true` if the list that `list` selects is not empty, here or in the shared words.
    pub fn has_any(&self, list: impl Fn(&Words) -> &'static [&'static str] + Copy) -> bool {
        !list(self).is_empty() || self.shares.iter().any(|shared| shared.has_any(list))
    }

    /// The meaning of a call with this last name.
    pub fn meaning(&self, call: &[u8]) -> Option<Meaning> {
        self.find(|words| words.calls, call)
    }

    /// The way in which the value of a call with this last name is computed.
    pub fn fold(&self, call: &[u8]) -> Option<Fold> {
        self.find(|words| words.folds, call)
    }

    /// The syntax of an import that starts with `word`.
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
