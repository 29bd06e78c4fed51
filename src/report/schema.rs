//! The JSON Schema of the JSON report.

use super::record::VERSION;
use crate::model::home::schema_id;

const SCHEMA: &str = include_str!("report.schema.json");

/// The JSON Schema (draft 7) of the report of `--format json`.
pub fn schema() -> String {
    let id = format!("urn:hfscan:schema:report:{VERSION}");
    SCHEMA.replace(&id, &schema_id("report", VERSION))
}
