//! Redaction: no finding remains, and nothing else changes.

use crate::support::token;
use hfscan::{
    Confidence, Redaction, Redactor, Replacement, Scanner, Settings,
    internal::rule::example::expand,
};
use serde_json::{Value, json};

const KEY: &[u8] = b"a key of sixteen bytes or more";

fn scanner() -> Scanner {
    let mut settings = Settings::default();
    settings.now = Some(1_800_000_000);
    Scanner::new(settings).unwrap()
}

fn replacements() -> Vec<Replacement> {
    vec![
        Replacement::default(),
        Replacement::same_length(),
        Replacement::keyed(None, KEY).unwrap(),
        Replacement::template("\"{rule}\" \\ \n").unwrap(),
        Replacement::custom(|one| format!("[{}]", one.secret.masked())),
        // An empty replacement, which joins the surrounding text.
        Replacement::template("").unwrap(),
        // A replacement with findings of its own, at two positions.
        Replacement::custom(|_| expand("hf_{{alpha:34}} hf_{{alpha:34:other}}")),
    ]
}

/// Every example of every rule with a finding, which cover all forms of secrets.
fn examples() -> Vec<(String, String)> {
    let rules = hfscan::internal::rule::built_in(None).unwrap();
    let mut examples: Vec<(String, String)> = Vec::new();
    for example in rules.iter().flat_map(|rule| &rule.examples) {
        let path = example.path.clone();
        examples.push((path, expand(&example.text)));
    }
    examples
}

#[test]
fn no_credential_is_found_in_what_was_redacted() {
    let scanner = scanner();
    let mut redacted = 0;
    for (name, text) in examples() {
        for replacement in replacements() {
            let mut redactor = Redactor::new(&scanner, &name, replacement.clone());
            let Some(redaction) = redactor.redact(text.as_bytes()) else { continue };
            redacted += 1;
            let after = scanner.texts(&name).credentials(&redaction.text);
            let text = String::from_utf8_lossy(&redaction.text);
            assert!(after.is_empty(), "{name} {replacement:?}: {text}");
            assert!(redactor.redact(&redaction.text).is_none(), "{name} {replacement:?}: {text}");
        }
    }
    assert!(redacted > 1_500, "{redacted}");
}

#[test]
fn what_is_not_a_credential_stays_byte_for_byte() {
    let scanner = scanner();
    for (name, text) in examples() {
        for replacement in replacements() {
            let mut redactor = Redactor::new(&scanner, &name, replacement);
            let Some(redaction) = redactor.redact(text.as_bytes()) else { continue };
            assert_eq!(kept(text.as_bytes(), &redaction), Ok(()), "{name}: {text}");
        }
        let mut redactor = Redactor::new(&scanner, &name, Replacement::same_length());
        let Some(redaction) = redactor.redact(text.as_bytes()) else { continue };
        // An escape in JSON is one character, and is replaced by one.
        let is_json = text.trim_start().starts_with(['{', '[']);
        assert!(is_json || redaction.text.len() == text.len(), "{name}: {text}");
    }
}

/// A JSON value with texts in it, some of which are JSON again.
fn value(random: &mut fastrand::Rng, texts: &[String], depth: usize) -> Value {
    match random.usize(0..if depth == 0 { 3 } else { 6 }) {
        0 => Value::String(random.choice(texts).unwrap().clone()),
        1 => Value::String(texts[..random.usize(0..4)].concat()),
        2 => json!(random.i32(..)),
        3 => json!([value(random, texts, depth - 1), value(random, texts, depth - 1)]),
        4 => {
            let names = ["content", "HF_TOKEN", "api_key", "password", "text", "\u{e9}\"\\"];
            let name = *random.choice(&names).unwrap();
            json!({ name: value(random, texts, depth - 1), "n": random.u8(..) })
        }
        _ => Value::String(value(random, texts, depth - 1).to_string()),
    }
}

/// Checks that the text between the replaced spans is unchanged and in order.
fn kept(text: &[u8], redaction: &Redaction) -> Result<(), String> {
    let mut spans: Vec<_> = redaction.replaced.iter().map(|one| one.span).collect();
    spans.sort_unstable();
    let (mut rest, mut at) = (&redaction.text[..], 0);
    for span in spans {
        let piece = &text[at.min(span.start)..span.start];
        let found = piece.is_empty().then_some(0).or_else(|| memchr::memmem::find(rest, piece));
        let found = found.filter(|found| at > 0 || *found == 0);
        let found = found.ok_or_else(|| String::from_utf8_lossy(piece).into_owned())?;
        rest = &rest[found + piece.len()..];
        at = at.max(span.end);
    }
    rest.ends_with(&text[at..]).then_some(()).ok_or_else(|| "the end".into())
}

#[test]
fn json_stays_json_at_every_depth() {
    let scanner = scanner();
    let mut texts: Vec<String> = (0..4).map(|number| token(&number.to_string())).collect();
    texts.extend([
        "line one\nline \"two\"\t\\".to_string(),
        format!("import os\nlogin(token=\"{}\")\n", token("x")),
        expand("-----BEGIN PRIVATE KEY-----\n{{b64:64}}\n{{b64:64}}\n-----END PRIVATE KEY-----\n"),
        "\u{1f600} plain".to_string(),
    ]);
    let mut random = fastrand::Rng::with_seed(3);
    let mut redacted = 0;
    for number in 0..1_500 {
        let before = json!([value(&mut random, &texts, 5)]);
        let text = before.to_string();
        let replacement = replacements().swap_remove(number % replacements().len());
        let mut redactor = Redactor::new(&scanner, "row.txt", replacement.clone());
        let Some(redaction) = redactor.redact(text.as_bytes()) else { continue };
        redacted += 1;
        if let Err(error) = serde_json::from_slice::<Value>(&redaction.text) {
            panic!("{error}: {}", String::from_utf8_lossy(&redaction.text));
        }
        assert!(scanner.texts("row.txt").credentials(&redaction.text).is_empty());
        assert_eq!(kept(text.as_bytes(), &redaction), Ok(()), "{text}");
    }
    assert!(redacted > 500, "{redacted}");
}

#[test]
fn the_same_secret_has_the_same_replacement_with_a_key_wherever_it_stands() {
    let scanner = scanner();
    let (one, other) = (token("one"), token("other"));
    let redact = |name: &str, text: &str, key: &[u8]| {
        let keyed = Replacement::keyed(None, key).unwrap();
        let redaction = Redactor::new(&scanner, name, keyed).redact(text.as_bytes()).unwrap();
        let text = String::from_utf8(redaction.text).unwrap();
        let start = text.find("<secret:").expect("a digest");
        text[start..start + 17].to_string()
    };
    let first = redact("row.txt", &format!("it is {one} here"), KEY);
    assert_eq!(redact("app.py", &format!("login(token=\"{one}\")\n"), KEY), first);
    assert_eq!(redact("row.txt", &json!({ "HF_TOKEN": one }).to_string(), KEY), first);
    assert_ne!(redact("row.txt", &format!("it is {other} here"), KEY), first);
    assert_ne!(redact("row.txt", &format!("it is {one} here"), b"another key of 16 bytes"), first);
}

#[test]
fn only_what_is_as_sure_as_asked_for_is_replaced() {
    let mut settings = Settings::default();
    settings.min_confidence = Confidence::High;
    let strict = Scanner::new(settings).unwrap();
    let mut settings = Settings::default();
    settings.selection.select = vec!["tag:huggingface".into()];
    let selected = Scanner::new(settings).unwrap();
    let (high, other) = (token("a"), expand("sk-ant-api03-{{alnum:93}}AA"));
    let text = format!("{high} and key = \"{other}\" by hand");
    for (scanner, at_least) in [(&strict, Confidence::High), (&selected, Confidence::Low)] {
        let mut redactor = Redactor::new(scanner, "row.txt", Replacement::default());
        let redaction = redactor.redact(text.as_bytes()).unwrap();
        assert!(redaction.replaced.iter().all(|one| one.confidence >= at_least));
    }
    let mut redactor = Redactor::new(&selected, "row.txt", Replacement::default());
    let redacted = String::from_utf8(redactor.redact(text.as_bytes()).unwrap().text).unwrap();
    assert!(redacted.contains(&other) && !redacted.contains(&high), "{redacted}");
}

#[test]
fn nothing_that_is_said_of_a_redaction_holds_a_secret() {
    let scanner = scanner();
    let token = token("a");
    let mut redactor = Redactor::new(&scanner, "row.txt", Replacement::default());
    let redaction = redactor.redact(format!("x {token} y").as_bytes()).unwrap();
    let said = format!("{redaction:?} {redactor:?}");
    assert!(!said.contains(&token[8..20]), "{said}");
    assert_eq!(redaction.replaced.len(), 1);
    assert_eq!((redaction.replaced[0].span.start, redaction.replaced[0].span.end), (2, 39));
}
