//! A token is found in any context, and text that only resembles one is not.

use crate::support::{Workspace, token};

/// Contexts in which other scanners miss a token, from a field survey of seven scanners. `¤` is
/// replaced by the token.
const CONTEXTS: &[(&str, &str)] = &[
    ("assignment", "HF_TOKEN=¤"),
    ("double quotes", "\"¤\""),
    ("single quotes", "'¤'"),
    ("back quotes", "`¤`"),
    ("call", "f(¤)"),
    ("comma", "a,¤,b"),
    ("ampersand", "?token=¤&x=1"),
    ("square brackets", "[¤]"),
    ("braces", "{¤}"),
    ("tags", "<b>¤</b>"),
    ("full stop", "The token is ¤."),
    ("colon", "¤:"),
    ("bar", "|¤|"),
    ("slash", "/¤/"),
    ("hash", "¤#"),
    ("question mark", "¤?"),
    ("at sign", "¤@"),
    ("semicolon", "¤;"),
    ("hyphen", "¤-old"),
    ("dollar", "$¤$"),
    ("escaped quotes", "\\\"¤\\\""),
    ("escaped line end before", "\\n¤"),
    ("escaped line end after", "¤\\n"),
    ("escaped tab", "\\t¤\\t"),
    ("escaped twice", "\\\\n¤\\\\n"),
    ("equals sign", "=¤="),
    ("percent-encoded equals sign", "token%3D¤"),
    ("percent-encoded twice", "token%253D¤"),
    ("percent-encoded quotes", "%22¤%22"),
    ("raw colour code", "\u{1b}[32m¤\u{1b}[0m"),
    ("escaped colour code", "\\u001b[32m¤\\u001b[0m"),
    ("hexadecimal colour code", "\\x1b[1;32m¤\\x1b[0m"),
    ("octal colour code", "\\033[0;32m¤\\033[0m"),
    ("underscore before", "KEY_¤"),
    ("underscore in an escape before", "\\x5f¤"),
    ("unicode escape before", "\\u003d¤"),
    ("HTML entity", "&quot;¤&quot;"),
    ("quoted-printable", "token=3D¤"),
    ("bearer header", "Authorization: Bearer ¤"),
    ("Windows line end", "¤\r\n"),
    ("alone", "¤"),
    ("not UTF-8 before", "é\u{fffd}¤"),
    ("right-to-left mark", "\u{200f}¤"),
    ("JSON in JSON", r#"{"a":"{\"token\":\"¤\"}"}"#),
    ("JSON in JSON in JSON", r#"{"a":"{\"b\":\"{\\\"token\\\":\\\"¤\\\"}\"}"}"#),
];

#[test]
fn a_token_is_found_in_every_context() {
    let workspace = Workspace::new();
    for (number, (_, context)) in CONTEXTS.iter().enumerate() {
        let text = format!("first line\n{}\nlast line\n", context.replace('¤', &token("context")));
        workspace.write_bytes(format!("{number:02}.txt"), text.as_bytes());
    }
    let run = workspace.run(&["--format", "json", "--ignore", "token-reused"]);
    let places = run.places();
    for (number, (name, context)) in CONTEXTS.iter().enumerate() {
        let column = context[..context.find('¤').unwrap()].chars().count() + 1;
        let expected = format!("{number:02}.txt:2:{column} hf-user-access-token");
        assert!(places.contains(&expected), "{name}: {context:?}, expected {expected}");
    }
    assert_eq!(places.len(), CONTEXTS.len(), "{places:?}");
}

#[test]
fn the_end_of_a_token_in_a_url_and_its_place_are_told() {
    let workspace =
        Workspace::with("a.sh", "git clone https://me:hf_{{alpha:34}}@huggingface.co/a/b\n");
    let run = workspace.run(&["--format", "json", "--ignore", "token-reused"]);
    assert_eq!(run.places(), ["a.sh:1:22 git-url-credentials"]);
    assert_eq!(run.json()["findings"][0]["location"]["end"]["column"], 59);
    assert_eq!(run.json()["summary"]["suppressed"]["overlap"], 1);
}

#[test]
fn what_only_contains_the_shape_of_a_token_is_no_token() {
    let body = &token("body")[3..];
    let workspace = Workspace::new();
    let long_blob = "Ab3_".repeat(40);
    let texts = [
        format!("x{0}", token("a")),
        format!("7{0}", token("a")),
        format!("{0}a", token("a")),
        format!("{0}7", token("a")),
        format!("{0}_suffix", token("a")),
        format!("hf_{}", &body[..33]),
        "hf_hub_download_to_some_long_local_directory_name".into(),
        "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".into(),
        "hf_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx".into(),
        "hf_abcdefghijklmnopqrstuvwxyzABCDEFGH".into(),
        "hf_YourHuggingFaceTokenGoesRightHereX".into(),
        "hf_...".into(),
        "hf_****abcd".into(),
        format!("{long_blob}{}{long_blob}", token("a")),
        format!("_call_hf_{}", "processorForConditionalGenerationX"),
    ];
    for (number, text) in texts.iter().enumerate() {
        workspace.write_bytes(format!("{number:02}.txt"), text.as_bytes());
    }
    let run = workspace.run(&["--format", "json", "--ignore", "token-reused"]);
    assert_eq!(run.places(), [] as [&str; 0]);
    assert_eq!(run.code, Some(0));
}

#[test]
fn a_token_in_binary_content_is_found_although_a_letter_follows() {
    let workspace = Workspace::new();
    let token = token("binary");
    let glued = |before: &[u8], after: &[u8]| [before, token.as_bytes(), after].concat();
    for (name, bytes) in [
        ("protocol0.pkl", glued(b"\0(dp0\nV", b"\np1\n")),
        ("protocol2.pkl", glued(b"\x80\x02}q\0X\x09\0\0\0hub_tokenq\x01X%\0\0\0", b"q\x02u.")),
        ("protocol4.pkl", glued(b"\x80\x04\0\x8c%", b"\x94u.")),
        ("events.bin", glued(b"\0\x12%", b"J\x04text")),
        (
            "mlflow.db",
            glued(b"SQLite format 3\0\0\0hub_token", b"0123456789abcdef0123456789abcdef\0"),
        ),
        ("model.gguf", glued(b"GGUF\0%\0\0\0\0\0\0\0", b"\x05\0")),
    ] {
        workspace.write_bytes(name, &bytes);
    }
    let run = workspace.run(&["--format", "json", "--ignore", "token-reused"]);
    let found: Vec<String> =
        run.places().iter().map(|place| place.split(':').next().unwrap().into()).collect();
    assert_eq!(
        found,
        [
            "events.bin",
            "mlflow.db",
            "model.gguf",
            "protocol0.pkl",
            "protocol2.pkl",
            "protocol4.pkl"
        ]
    );
}

#[test]
fn every_encoding_gives_the_same_place() {
    let workspace = Workspace::new();
    let text = format!("naïve\r\nkey = '{}'\r\n", token("encoded"));
    let utf16 =
        |unit: fn(u16) -> [u8; 2]| -> Vec<u8> { text.encode_utf16().flat_map(unit).collect() };
    workspace.write_bytes("utf8.txt", text.as_bytes());
    workspace.write_bytes("mark.txt", &[b"\xef\xbb\xbf", text.as_bytes()].concat());
    workspace.write_bytes("latin1.txt", &text.chars().map(|c| c as u8).collect::<Vec<_>>());
    workspace.write_bytes("utf16le.txt", &[vec![0xff, 0xfe], utf16(u16::to_le_bytes)].concat());
    workspace.write_bytes("utf16be.txt", &[vec![0xfe, 0xff], utf16(u16::to_be_bytes)].concat());
    let ascii = format!("key\nkey = '{}'\n", token("encoded"));
    workspace.write_bytes(
        "unmarked.txt",
        &ascii.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>(),
    );
    let run = workspace.run(&["--format", "json", "--ignore", "token-reused"]);
    let names = ["latin1", "mark", "unmarked", "utf16be", "utf16le", "utf8"];
    assert_eq!(run.places(), names.map(|name| format!("{name}.txt:2:8 hf-user-access-token")));
    let report = run.json();
    let utf16le = &report["findings"][4]["location"]["bytes"];
    assert_eq!(
        (utf16le["start"].as_u64(), utf16le["end"].as_u64()),
        (Some(2 + 14 * 2), Some(2 + 51 * 2))
    );
}
