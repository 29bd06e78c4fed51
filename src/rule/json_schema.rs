//! The JSON Schema of a rule file.

use crate::model::home::schema_id;

const SCHEMA: &str = include_str!("rules.schema.json");

/// The JSON Schema (draft 7) of a rule file; `docs/writing-rules.md` explains its keys.
pub fn json_schema() -> String {
    SCHEMA.replace("urn:hfscan:schema:rules:1", &schema_id("rules", 1))
}
