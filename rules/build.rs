//! Embeds the rule files of this folder in the program: as compressed text; in a packed form that
//! loads in a fraction of the time at each start and contains the derived keywords, with their
//! pieces assigned to the buckets of the prefilter; and with a digest of all files.

#[path = "../src/rule/alternatives.rs"]
mod alternatives;
#[path = "../src/detect/prefilter/buckets.rs"]
#[allow(dead_code, reason = "hfscan uses the rest")]
mod buckets;
#[path = "../src/detect/prefilter/commonness.rs"]
mod commonness;
#[path = "../src/rule/derive.rs"]
#[allow(dead_code, reason = "hfscan uses the rest")]
mod derive;
#[path = "../src/detect/prefilter/grain.rs"]
mod grain;
#[path = "../src/rule/pack.rs"]
#[allow(dead_code, reason = "hfscan uses the rest")]
mod pack;
#[path = "../src/detect/prefilter/packed.rs"]
#[allow(dead_code, reason = "hfscan uses the rest")]
mod packed;
#[path = "../src/detect/prefilter/packing.rs"]
#[allow(dead_code, reason = "hfscan uses the rest")]
mod packing;
#[path = "../src/detect/prefilter/pieces.rs"]
#[allow(dead_code, reason = "hfscan uses the rest")]
mod pieces;

use derive::{Class, Conditions, Derived, Selector, derived};
use flate2::{Compression, write::DeflateEncoder};
use grain::Grain;
use pack::Packer;
use packed::Packed;
use sha2::{Digest, Sha256};
use std::{collections::BTreeSet, error::Error, fs, io::Write, path::Path};
use toml::{Table, Value};

/// The folder of [the hints](Grain::hint).
const HINTS: &str = "src/detect/prefilter";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=rules");
    let root = std::env::var("CARGO_MANIFEST_DIR")?;
    let mut names = Vec::new();
    for entry in fs::read_dir(Path::new(&root).join("rules"))? {
        let name = entry?.file_name().into_string().map_err(|name| format!("{name:?}"))?;
        names.extend(name.strip_suffix(".toml").map(str::to_string));
    }
    names.sort_unstable();
    let mut files: Vec<((bool, bool), String, Table)> = Vec::new();
    let mut texts = Vec::new();
    for name in names {
        let name = format!("rules/{name}.toml");
        let text = fs::read_to_string(Path::new(&root).join(&name))?;
        // The tests report errors when they parse the text.
        let mut file: Table = text.parse().map_err(|error| format!("{name}: {error}"))?;
        let rules = file.get_mut("rule").and_then(|rules| rules.as_array_mut());
        for rule in rules.into_iter().flatten().filter_map(Value::as_table_mut) {
            // Examples are more than a quarter of the size, and only people and tests need them.
            rule.remove("example");
            if let Some(derived) = derived_of(rule) {
                add(derived, rule);
            }
        }
        // The rules about Hugging Face come first in every list.
        let order = (!is_about_hugging_face(&file), !name.starts_with("rules/huggingface"));
        texts.push((order, name.clone(), text));
        files.push((order, name, file));
    }
    texts.sort_by_key(|(order, ..)| *order);
    files.sort_by_key(|(order, ..)| *order);
    let lengths: Vec<_> = texts.iter().map(|(_, name, text)| (name, text.len())).collect();
    let lengths = format!("&{lengths:?}");
    let texts: String = texts.iter().map(|(.., text)| text.as_str()).collect();
    let digest = Sha256::digest(format!("{lengths}{texts}"));
    let files: Vec<(String, Table)> =
        files.into_iter().map(|(_, name, file)| (name, file)).collect();
    let out = std::env::var("OUT_DIR")?;
    fs::write(Path::new(&out).join("rules.rs"), lengths)?;
    fs::write(Path::new(&out).join("rules.deflate"), deflated(texts.as_bytes())?)?;
    fs::write(Path::new(&out).join("rules.sha256"), digest)?;
    fs::write(Path::new(&out).join("rules.packed"), pack_files(&files)?)?;
    for grain in Grain::ALL {
        let hint = Path::new(HINTS).join(grain.hint());
        println!("cargo::rerun-if-changed={}", hint.display());
        let packed = Packed::read(&fs::read_to_string(Path::new(&root).join(hint))?);
        let table = Path::new(&out).join(grain.hint()).with_extension("rs");
        fs::write(table, with_keywords(&packed, grain, &files).table())?;
    }
    Ok(())
}

/// The packed form of the files, which hfscan reads at each start.
fn pack_files(files: &[(String, Table)]) -> Result<Vec<u8>, String> {
    let mut packer = Packer::default();
    packer.array(files.len());
    for (name, file) in files {
        packer.array(2);
        packer.text(name);
        pack_table(file, &mut packer)?;
    }
    Ok(packer.bytes)
}

fn pack_table(table: &Table, packer: &mut Packer) -> Result<(), String> {
    packer.table(table.len());
    table.iter().try_for_each(|(key, value)| {
        packer.text(key);
        pack_value(value, packer)
    })
}

fn pack_value(value: &Value, packer: &mut Packer) -> Result<(), String> {
    match value {
        Value::String(text) => packer.text(text),
        Value::Integer(number) => packer.integer(*number),
        Value::Float(number) => packer.float(*number),
        Value::Boolean(value) => packer.boolean(*value),
        Value::Datetime(date) => return Err(format!("a rule cannot contain a date: {date}")),
        Value::Array(items) => {
            packer.array(items.len());
            items.iter().try_for_each(|item| pack_value(item, packer))?;
        }
        Value::Table(table) => pack_table(table, packer)?,
    }
    Ok(())
}

fn deflated(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    encoder.finish()
}

/// The keywords of a rule that gives none, if any can be derived.
fn derived_of(rule: &Table) -> Option<Derived> {
    if rule.contains_key("keywords") {
        return None;
    }
    let class = |selector: &Value| match &texts(selector.get("value"))[..] {
        ["hf-token"] => Some(Class::HfToken),
        ["named-secret"] => Some(Class::NamedSecret),
        _ => None,
    };
    let bindings = list(rule.get("binding")).map(|one| {
        let keys = texts(one.get("key"));
        let names = if keys.is_empty() { texts(one.get("path")) } else { keys };
        Selector { class: class(one), names }
    });
    let commands = list(rule.get("command"))
        .map(|one| Selector { class: class(one), names: texts(one.get("option")) });
    derived(&Conditions {
        patterns: texts(rule.get("pattern")),
        selectors: bindings.chain(commands).collect(),
    })
}

/// Adds derived keywords and their conditions to a rule, as if they were written in it.
fn add(derived: Derived, rule: &mut Table) {
    let keywords = derived.keywords.into_iter().map(Value::String).collect();
    rule.insert("keywords".into(), Value::Array(keywords));
    if let Some(gate) = derived.gate.filter(|_| !rule.contains_key("keyword-gate")) {
        rule.insert("keyword-gate".into(), Value::String(gate));
    }
    if derived.wants_named_secret && !rule.contains_key("keyword-word") {
        rule.insert("keyword-word".into(), Value::String("named-secret".into()));
    }
}

fn list(value: Option<&Value>) -> impl Iterator<Item = &Value> {
    value.and_then(Value::as_array).into_iter().flatten()
}

fn texts(value: Option<&Value>) -> Vec<&str> {
    list(value).filter_map(Value::as_str).collect()
}

/// The pieces of the hint, plus those needed for further keywords of the rules.
fn with_keywords(hint: &Packed, grain: Grain, files: &[(String, Table)]) -> Packed {
    let rules = files.iter().filter_map(|(_, file)| file.get("rule")?.as_array()).flatten();
    let keywords = rules.flat_map(|rule| texts(rule.get("keywords"))).map(str::as_bytes);
    let needed = pieces::Pieces::new(keywords.enumerate(), hint).all;
    let all: BTreeSet<Vec<u8>> = hint.pieces().chain(needed).collect();
    let all = Vec::from_iter(all);
    let buckets = buckets::divided(&all, hint, grain);
    Packed::of(all.into_iter().map(|piece| {
        let joined = || buckets.iter().position(|bucket| bucket.covers(&piece));
        let bucket = hint.bucket(&piece).or_else(joined).unwrap_or_default();
        (piece, bucket)
    }))
}

/// `true` if every rule of a file has the tag `huggingface`.
fn is_about_hugging_face(file: &Table) -> bool {
    let rules = file.get("rule").and_then(|rules| rules.as_array());
    let has_tag = |rule: &toml::Value| {
        let tags = rule.get("tags").and_then(|tags| tags.as_array());
        tags.into_iter().flatten().any(|tag| tag.as_str() == Some("huggingface"))
    };
    rules.is_some_and(|rules| rules.iter().all(has_tag))
}
