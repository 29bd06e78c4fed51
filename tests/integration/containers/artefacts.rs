//! Tokens are found in the files that real programs write.
//!
//! By default only formats of Python's standard library are tested; with
//! `HFSCAN_TEST_PYTHON=venv/bin/python`, all formats for which this Python has libraries.

use super::{artefacts, places, scan, token};
use base64::{Engine, engine::general_purpose::STANDARD};

#[test]
fn a_token_is_found_in_every_artefact_with_its_place() {
    let folder = tempfile::tempdir().expect("a folder");
    let made = artefacts(folder.path(), &token());
    assert!(made.len() >= 15, "the standard library alone makes as many: {made:?}");
    let found = places(&scan(folder.path()));
    let missed: Vec<_> = made
        .iter()
        .filter(|(name, place)| {
            !found.iter().any(|one| one.starts_with(name.as_str()) && one.contains(place.as_str()))
        })
        .collect();
    assert!(missed.is_empty(), "missed {missed:?} of {found:#?}");
    for (name, _) in made.iter().filter(|(name, _)| name.ends_with("zstd.parquet")) {
        let tokens = found.iter().filter(|one| one.starts_with(&format!("{name}!text:"))).count();
        assert_eq!(tokens, 2, "two tokens in one page of {name}");
    }
}

/// A checkpoint in the format of `torch.save`, written without PyTorch.
#[test]
fn the_hub_token_of_training_args_bin_is_found_with_its_key_and_its_own_rule() {
    let folder = tempfile::tempdir().expect("a folder");
    let script = r#"
import pickle, sys, zipfile
class TrainingArguments: pass
args = TrainingArguments()
args.output_dir, args.hub_token, args.seed = "out", sys.argv[2], 42
with zipfile.ZipFile(sys.argv[1], "w") as archive:
    archive.writestr("training_args/data.pkl", pickle.dumps(args, 2))
    archive.writestr("training_args/version", "3\n")
"#;
    let path = folder.path().join("training_args.bin");
    let status =
        std::process::Command::new("python3").args(["-c", script]).arg(&path).arg(token()).status();
    assert!(status.expect("Python 3 runs").success());
    assert_eq!(
        places(&scan(folder.path())),
        ["training_args.bin!training_args/data.pkl!hub_token:1:1 \"training-args-bin-token\""]
    );
}

#[test]
fn a_token_in_an_encoding_is_found_where_it_stands() {
    let folder = tempfile::tempdir().expect("a folder");
    let token = token();
    let hex: String = token.bytes().map(|byte| format!("{byte:02x}")).collect();
    let percent: String = token.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let unicode: String = token.bytes().map(|byte| format!("\\u{byte:04x}")).collect();
    let entities: String = token.bytes().map(|byte| format!("&#{byte};")).collect();
    let base64 = |bytes: &[u8]| STANDARD.encode(bytes);
    let base64_twice = base64(base64(token.as_bytes()).as_bytes());
    let base64_of_hex = base64(hex.as_bytes());
    let hex_of_base64: String =
        base64(token.as_bytes()).bytes().map(|byte| format!("{byte:02x}")).collect();
    let codes: String = token.bytes().map(|byte| format!("{byte}, ")).collect();
    let wide: String = token.chars().flat_map(|character| [character, '\0']).collect();
    // In the form of `powershell -EncodedCommand`.
    let base64_of_wide = base64(wide.as_bytes());
    // After its escape is decoded, the token is still in two pieces.
    let (half, rest) = token[3..].split_at(17);
    let twice = format!("' \"hf\\u005f{half}\" + \"{rest}\"");
    let texts = [
        ("hex", hex),
        ("percent", percent),
        ("unicode", unicode),
        ("entities", entities),
        ("codes", format!("[{codes}0]")),
        ("twice", twice),
        ("wide", format!("\u{1}\u{2}\u{3} {wide}\u{1}\u{1}")),
        ("base64_twice", base64_twice),
        ("base64_of_hex", base64_of_hex),
        ("base64_of_wide", base64_of_wide),
        ("hex_of_base64", hex_of_base64),
    ];
    for (name, text) in &texts {
        std::fs::write(folder.path().join(name), format!("first line\nx = '{text}'\n"))
            .expect("it can be written");
    }
    let found = places(&scan(folder.path()));
    for (name, _) in texts {
        let place = format!("{name}:2:");
        assert!(found.iter().any(|one| one.starts_with(&place)), "{name}: {found:#?}");
    }
}
