//! Distinguishes literal texts from references to stored values.

use crate::model::ValueKind;

/// Prefixes of references to a secret store, if the rest names an entry there.
const STORES: [&str; 33] = [
    "os.environ/",
    "env:",
    "env://",
    "env.",
    "secrets.",
    "secret://",
    "secretref:",
    "op://",
    "vault:",
    "vault://",
    "ssm:",
    "ssm://",
    "sm://",
    "awssm://",
    "gcpsm://",
    "gsm://",
    "gcp-secret:",
    "akv://",
    "azurekeyvault://",
    "keyvault:",
    "bws://",
    "doppler://",
    "infisical://",
    "keyring:",
    "keychain:",
    "ref+",
    "arn:aws:secretsmanager:",
    "arn:aws:ssm:",
    "arn:aws-cn:secretsmanager:",
    "arn:aws-us-gov:secretsmanager:",
    "process.env.",
    "import.meta.env.",
    "/run/secrets/",
];

/// Prefixes of encrypted values and calls, which any text may follow.
const SEALED: [&str; 7] = [
    "ENC[",
    "$ANSIBLE_VAULT;",
    "@Microsoft.KeyVault(",
    "os.environ[",
    "os.environ.get(",
    "os.getenv(",
    "ENV[",
];

/// The kind of a text in a configuration file, in any language.
///
/// - [`ValueKind::Missing`]: empty, or only white space.
/// - [`ValueKind::Lookup`]: the whole text is a look-up: `$HF_TOKEN`, `${HF_TOKEN:?unset}`,
///   `${{ secrets.X }}`, `{{ .Values.token }}`, `op://vault/item`, `ENC[…]`.
/// - [`ValueKind::Template`]: the text contains look-ups, or is a look-up with a default:
///   `Bearer ${HF_TOKEN}`, `${HF_TOKEN:-a default}`.
/// - [`ValueKind::Literal`]: anything else.
pub fn kind_of_text(text: &str) -> ValueKind {
    let text = text.trim();
    if text.is_empty() {
        return ValueKind::Missing;
    }
    if names_a_store(text) {
        return ValueKind::Lookup;
    }
    if !text.contains(['$', '{', '%', '`', '<', '#']) {
        return ValueKind::Literal;
    }
    whole_expansion(text).unwrap_or_else(|| {
        if has_expansion(text) { ValueKind::Template } else { ValueKind::Literal }
    })
}

/// `true` if `text` can be the name of an environment variable: `HF_TOKEN`, `_x1`.
pub fn is_variable_name(text: &str) -> bool {
    let mut bytes = text.bytes();
    bytes.next().is_some_and(|first| first.is_ascii_alphabetic() || first == b'_')
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// `true` if `text` is in the usual form of variable names: in capitals.
pub fn is_constant_name(text: &str) -> bool {
    is_variable_name(text)
        && text.bytes().any(|byte| byte.is_ascii_uppercase())
        && !text.bytes().any(|byte| byte.is_ascii_lowercase())
}

fn names_a_store(text: &str) -> bool {
    if SEALED.iter().any(|start| text.starts_with(start)) {
        return true;
    }
    let is_reference = |rest: &str| {
        !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"')
    };
    let in_store = |store: &str| text.strip_prefix(store).is_some_and(is_reference);
    if STORES.iter().any(|store| in_store(store)) {
        return true;
    }
    let resource = text.trim_start_matches('/');
    resource.starts_with("projects/") && resource.contains("/secrets/") && is_reference(resource)
}

/// The kind of a text that is one expansion from its first byte to its last.
fn whole_expansion(text: &str) -> Option<ValueKind> {
    let inside = |open: &str, close: &str| {
        let inner = text.strip_prefix(open)?.strip_suffix(close)?;
        (!inner.contains(close) && !inner.contains(open)).then_some(inner)
    };
    if let Some(inner) = inside("${{", "}}").or_else(|| inside("{{", "}}")) {
        return Some(if is_quoted(inner) { ValueKind::Template } else { ValueKind::Lookup });
    }
    if let Some(inner) = braced(text) {
        return Some(kind_of_braced(inner));
    }
    if inside("<%", "%>").is_some()
        || inside("%(", ")s").is_some()
        || inside("$(", ")").is_some()
        || inside("`", "`").is_some_and(|inner| !inner.is_empty())
        || inside("#{", "}").is_some()
        || inside("#{", "}#").is_some()
        || inside("%", "%").is_some_and(is_variable_name)
    {
        return Some(ValueKind::Lookup);
    }
    let name = text.strip_prefix("$env:").or_else(|| text.strip_prefix('$'))?;
    // A password may begin with a dollar sign (`$ecret`), so a look-up must have the usual form of
    // a variable name.
    (is_constant_name(name) || (is_variable_name(name) && text.starts_with("$env:")))
        .then_some(ValueKind::Lookup)
}

/// The text inside `${…}`, if its braces close at the end of the text.
fn braced(text: &str) -> Option<&str> {
    let inner = text.strip_prefix("${")?.strip_suffix('}')?;
    let mut depth = 1usize;
    for byte in inner.bytes() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return None;
        }
    }
    Some(inner)
}

/// `${NAME}` is a look-up; with its own default it is a template.
fn kind_of_braced(inner: &str) -> ValueKind {
    let default = default_in(inner).trim();
    if default.is_empty() || default == "null" || default.starts_with("${") {
        ValueKind::Lookup
    } else {
        ValueKind::Template
    }
}

/// The default in the text inside `${…}`: `abc` of `${NAME:-abc}`; empty if it has none.
pub fn default_in(inner: &str) -> &str {
    let name_end = inner
        .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '.')))
        .unwrap_or(inner.len());
    let (name, rest) = inner.split_at(name_end);
    match rest.as_bytes() {
        [b':', b'-' | b'=', ..] => &rest[2..],
        [b'-' | b'=', ..] => &rest[1..],
        [b':', b'?' | b'+', ..] | [b'?' | b'+', ..] => "",
        // OmegaConf and Serverless: `${oc.env:NAME,default}`, `${env:NAME, 'default'}`.
        [b':', ..] if is_resolver(name) => rest.split_once(',').map_or("", |(_, default)| default),
        // Spring: `${NAME:default}`.
        [b':', ..] => &rest[1..],
        _ => "",
    }
}

fn is_resolver(name: &str) -> bool {
    name.contains('.')
        || ["env", "ssm", "secret", "secrets", "vault", "file", "input", "config", "command"]
            .contains(&name)
        || ["self", "param", "opt", "cf", "s3", "aws", "localEnv", "containerEnv"].contains(&name)
}

fn is_quoted(text: &str) -> bool {
    let text = text.trim();
    let quoted = |quote: char| {
        text.strip_prefix(quote)
            .and_then(|rest| rest.strip_suffix(quote))
            .is_some_and(|inner| !inner.contains(quote))
    };
    quoted('"') || quoted('\'')
}

/// `true` if the text has an expansion.
fn has_expansion(text: &str) -> bool {
    // A value of a data set may be a whole document.
    let holds = |open: &str, close: &str| {
        let found = memchr::memmem::find(text.as_bytes(), open.as_bytes());
        found.is_some_and(|at| text[at + open.len()..].contains(close))
    };
    holds("${", "}")
        || holds("{{", "}}")
        || holds("{%", "%}")
        || holds("<%", "%>")
        || holds("$(", ")")
        || holds("#{", "}")
        || holds("%(", ")s")
        || has_bare_variable(text)
}

/// `true` if the text has a `$NAME` in capitals: `Bearer $HF_TOKEN`.
fn has_bare_variable(text: &str) -> bool {
    let mut before = '\0';
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        before = rest[..at].chars().next_back().unwrap_or(before);
        let after = &rest[at + 1..];
        let end =
            after.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(after.len());
        let name = &after[..end];
        if !before.is_ascii_alphanumeric() && name.len() >= 3 && is_constant_name(name) {
            return true;
        }
        before = after[..end].chars().next_back().unwrap_or('$');
        rest = &after[end..];
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use ValueKind::{Literal, Lookup, Missing, Template};

    fn assert_kind(kind: ValueKind, texts: &[&str]) {
        for text in texts {
            assert_eq!(kind_of_text(text), kind, "{text}");
        }
    }

    #[test]
    fn a_text_that_only_names_where_the_value_is_kept_is_a_look_up() {
        assert_kind(
            Lookup,
            &[
                "${HF_TOKEN}",
                "$HF_TOKEN",
                "${HF_TOKEN:?set HF_TOKEN}",
                "${HF_TOKEN:-}",
                "${HF_TOKEN:-${OTHER}}",
                "${{ secrets.HF_TOKEN }}",
                "${{secrets.HF_TOKEN}}",
                "{{ .Values.token }}",
                "{{ env_var('X') }}",
                "{{- .Values.token | quote -}}",
                "{{resolve:secretsmanager:hf:SecretString:token}}",
                "os.environ/HF_TOKEN",
                "${oc.env:HF_TOKEN}",
                "${env:HF_TOKEN}",
                "${input:hf-token}",
                "ENC[AES256_GCM,data:abc=,type:str]",
                "$ANSIBLE_VAULT;1.1;AES256",
                "env:HF_TOKEN",
                "op://vault/item/field",
                "vault:secret/data/hf#token",
                "ref+vault://secret/hf#/token",
                "ssm:/prod/hf-token",
                "sm://project/hf-token",
                "projects/p/secrets/hf-token/versions/latest",
                "arn:aws:secretsmanager:us-east-1:1:secret:hf",
                "@Microsoft.KeyVault(SecretUri=https://x.vault.azure.net/secrets/hf)",
                "%HF_TOKEN%",
                "%(ENV_HF_TOKEN)s",
                "$env:HF_TOKEN",
                "$(HF_TOKEN)",
                "<%= ENV['HF_TOKEN'] %>",
                "#{HF_TOKEN}#",
                "  ${HF_TOKEN}\n",
            ],
        );
    }

    #[test]
    fn a_text_with_a_look_up_in_it_or_a_default_of_its_own_is_a_template() {
        assert_kind(
            Template,
            &[
                "Bearer ${HF_TOKEN}",
                "Bearer $HF_TOKEN",
                "Bearer {{ token }}",
                "https://u:$HF_TOKEN@huggingface.co",
                "${HF_TOKEN:-abc}",
                "${HF_TOKEN-abc}",
                "${HF_TOKEN:abc}",
                "${oc.env:HF_TOKEN,abc}",
                "${A}${B}",
                "{{ a }}-{{ b }}",
                "{{ 'abc' }}",
                "a %(b)s c",
                "{% if x %}abc{% endif %}",
            ],
        );
    }

    #[test]
    fn anything_else_stands_for_itself() {
        assert_kind(
            Literal,
            &[
                "abc",
                "<|endoftext|>",
                "<your token>",
                "pa$$word",
                "$ecret",
                "$2b$12$abcdefgh",
                "100%",
                "{}",
                "environment",
                "env: a sentence that says something",
                "#fff",
                "a#{b",
                "vault:",
            ],
        );
        assert_kind(Missing, &["", "  \n"]);
    }

    #[test]
    fn a_text_of_nothing_but_signs_takes_time_in_proportion() {
        for sign in ["$", "${", "{{", "%", "<%", "$A"] {
            kind_of_text(&sign.repeat(500_000));
        }
    }
}
