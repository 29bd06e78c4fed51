//! The JSON Schema of a configuration file.

use super::{
    key::{Items, Key, Takes},
    keys::KEYS,
};
use crate::model::{Severity, SkipReason, home::schema_id};
use serde_json::{Map, Value, json};

/// The JSON Schema of a configuration file, in draft 7, which editors support best.
pub fn schema() -> Value {
    let mut root = Map::new();
    let mut groups: Map<String, Value> = Map::new();
    for key in KEYS {
        match key.name.split_once('.') {
            None => drop(root.insert(key.name.into(), property(key))),
            Some((group, name)) => {
                let group = groups.entry(group).or_insert_with(|| json!({}));
                group[name] = property(key);
            }
        }
    }
    for (name, properties) in groups {
        let about = "Allowed secrets and files";
        let group = json!({
            "description": about, "type": "object",
            "additionalProperties": false, "properties": properties,
        });
        root.insert(name, group);
    }
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": schema_id("config", 1),
        "title": "hfscan",
        "description": "Settings of hfscan, in .hfscan.toml, hfscan.toml or [tool.hfscan] of pyproject.toml",
        "type": "object",
        "additionalProperties": false,
        "properties": root,
    })
}

fn property(key: &Key) -> Value {
    let mut property = match key.takes {
        Takes::Flag => json!({ "type": "boolean" }),
        Takes::Number => json!({ "type": "integer", "minimum": 0 }),
        Takes::Size => json!({
            "oneOf": [
                { "type": "integer", "minimum": 0 },
                { "type": "string", "pattern": "^ *[0-9]+ *[KkMmGg]?([iI]?[bB])? *$" },
            ],
        }),
        Takes::Word(words) => json!({ "type": "string", "enum": words() }),
        Takes::List { items, .. } => {
            json!({ "oneOf": [item(items), { "type": "array", "items": item(items) }] })
        }
        Takes::Severities => json!({
            "type": "object",
            "additionalProperties": {
                "type": "string",
                "enum": Severity::ALL.iter().map(|one| one.as_str()).collect::<Vec<_>>(),
            },
        }),
        Takes::RulesByPath => json!({
            "type": "object",
            "additionalProperties": {
                "oneOf": [
                    { "type": "string", "minLength": 1 },
                    { "type": "array", "items": { "type": "string", "minLength": 1 } },
                ],
            },
        }),
    };
    property["description"] = key.about.into();
    property
}

fn item(items: Items) -> Value {
    match items {
        Items::Digests => json!({ "type": "string", "pattern": "^[0-9A-Fa-f]{64}$" }),
        Items::Reasons => json!({ "type": "string", "enum": SkipReason::allowable() }),
        Items::Words => json!({ "type": "string", "minLength": 5 }),
        _ => json!({ "type": "string", "minLength": 1 }),
    }
}
