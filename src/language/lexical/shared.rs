//! Words that several languages share; bases for their tables.

use super::words::{Fold, Form, Meaning, On, Words};

/// Words of nearly every language.
pub const COMMON: Words = Words {
    calls: &[
        ("add", Meaning::SetString),
        ("append", Meaning::SetString),
        ("config", Meaning::LookUp(0)),
        ("define", Meaning::SetString),
        ("env", Meaning::LookUp(0)),
        ("fetch", Meaning::LookUp(0)),
        ("get", Meaning::LookUp(0)),
        ("getenv", Meaning::LookUp(0)),
        ("header", Meaning::SetString),
        ("insert", Meaning::SetString),
        ("option", Meaning::Option),
        ("pop", Meaning::LookUp(0)),
        ("put", Meaning::SetString),
        ("putenv", Meaning::Set(0)),
        ("set", Meaning::SetString),
        ("setenv", Meaning::Set(0)),
    ],
    folds: &[("concat", Fold::Concatenation)],
    wrappers: &["String", "string"],
    constants: &["null", "true", "false"],
    control: &["if", "while", "for", "return", "in", "else"],
    heads: &["if", "else", "for", "while", "case", "default", "switch", "try", "with"],
    before_mapping: &["return"],
    before_value: &["return"],
    defaults: &["default", "fallback"],
    ..Words::NONE
};

/// Words of languages with `camelCase` names.
pub const CAMEL: Words = Words {
    shares: &[&COMMON],
    calls: &[
        ("addHeader", Meaning::SetString),
        ("addQueryParameter", Meaning::SetString),
        ("addRequestProperty", Meaning::SetString),
        ("endsWith", Meaning::Compare),
        ("envOr", Meaning::LookUp(0)),
        ("equals", Meaning::Compare),
        ("equalsIgnoreCase", Meaning::Compare),
        ("getEnv", Meaning::LookUp(0)),
        ("getOrDefault", Meaning::LookUp(0)),
        ("getOrElse", Meaning::Otherwise),
        ("getProperty", Meaning::LookUp(0)),
        ("getString", Meaning::LookUp(0)),
        ("putIfAbsent", Meaning::SetString),
        ("putString", Meaning::SetString),
        ("queryParam", Meaning::SetString),
        ("setHeader", Meaning::SetString),
        ("setItem", Meaning::SetString),
        ("setProperty", Meaning::Set(0)),
        ("setRequestHeader", Meaning::SetString),
        ("setRequestProperty", Meaning::SetString),
        ("startWith", Meaning::Compare),
        ("startsWith", Meaning::Compare),
    ],
    transparent: &["toString", "trim"],
    defaults: &["defaultValue"],
    setters: &["set", "with"],
    ..Words::NONE
};

/// Words of languages with the keywords of C and `camelCase` names.
pub const C_LIKE: Words = Words {
    shares: &[&CAMEL],
    control: &[
        "switch", "catch", "case", "throw", "do", "new", "await", "yield", "async", "is", "as",
        "when", "with", "where",
    ],
    before_mapping: &["default", "yield", "in", "await", "const", "let", "var"],
    before_value: &["new", "await", "const", "try", "yield"],
    ..Words::NONE
};

/// Words of the Java virtual machine's languages.
pub const JVM: Words = Words {
    shares: &[&C_LIKE],
    calls: &[
        ("exec", Meaning::Start(Form::Line, On::One(&["getRuntime", "Runtime"]))),
        ("entry", Meaning::SetString),
        ("of", Meaning::Pairs(On::One(&["Map", "ImmutableMap"]))),
        ("orElse", Meaning::Otherwise),
        ("orElseGet", Meaning::Otherwise),
        ("ProcessBuilder", Meaning::Start(Form::Words, On::Anything)),
    ],
    wrappers: &["Optional", "Some"],
    makers: &["of", "ofNullable", "valueOf", "copyOf"],
    transparent: &["getBytes", "toByteArray", "toCharArray"],
    ..Words::NONE
};

/// Words of languages with `snake_case` names.
pub const SNAKE: Words = Words {
    shares: &[&COMMON],
    calls: &[
        ("add_header", Meaning::SetString),
        ("ends_with", Meaning::Compare),
        ("endswith", Meaning::Compare),
        ("get_env", Meaning::LookUp(0)),
        ("set_header", Meaning::SetString),
        ("starts_with", Meaning::Compare),
        ("startswith", Meaning::Compare),
    ],
    transparent: &["strip", "trim"],
    ..Words::NONE
};

/// Words of languages with `PascalCase` names.
pub const PASCAL: Words = Words {
    shares: &[&COMMON],
    calls: &[
        ("Add", Meaning::SetString),
        ("AddHeader", Meaning::SetString),
        ("Env", Meaning::LookUp(0)),
        ("EnvOr", Meaning::LookUp(0)),
        ("Equals", Meaning::Compare),
        ("GetEnv", Meaning::LookUp(0)),
        ("GetOrDefault", Meaning::LookUp(0)),
        ("GetValue", Meaning::LookUp(0)),
        ("Getenv", Meaning::LookUp(0)),
        ("Set", Meaning::SetString),
        ("Setenv", Meaning::Set(0)),
        ("StartsWith", Meaning::Compare),
    ],
    setters: &["Set", "With"],
    ..Words::NONE
};
