//! The tools that clients can call.

use super::message::Failure;
use crate::{
    cli::{
        args::{ExplainArgs, ExplainFormat},
        config_args::ConfigArgs,
        error::CliError,
        examined::examine,
        fix,
        input_args::InputArgs,
        known, project,
        reporting::{Reported, json_report},
        request::{Job, KnownFindings},
        rules,
        scan_args::BaselineChoice,
        setting_args::SettingArgs,
        surroundings::now,
    },
    config::Layer,
    report::WantedFixes,
    scan::{Scanner, masked},
    source::root::normalised,
};
use serde_json::{Map, Value, json};
use std::path::{Path, PathBuf};

/// Maximum number of findings given in full, since a model reads the answer.
const MAX_LISTED: usize = 50;

/// The server's tools.
pub struct Tools {
    /// The folder in which the server was started; no file outside it is read.
    pub folder: PathBuf,
    /// The configuration.
    pub config: ConfigArgs,
}

/// The tool list for `tools/list`.
pub fn list() -> Value {
    let tool = |name: &str, title: &str, description: &str, schema: Value| {
        json!({
            "name": name,
            "title": title,
            "description": description,
            "inputSchema": schema,
            "annotations": { "readOnlyHint": true, "openWorldHint": false },
        })
    };
    let text = |words: &str| json!({ "type": "string", "description": words });
    let schema = |required: &str, properties: Value| json!({ "type": "object", "properties": properties, "required": [required] });
    let path = text("A file or folder, relative to the server's working directory.");
    json!([
        tool(
            "scan_text",
            "Scan a text",
            "Finds credentials and leaky habits in a text, before it is sent, written or committed.",
            schema(
                "text",
                json!({
                    "text": text("The text."),
                    "name": text("The file name of the text, which selects the language."),
                })
            ),
        ),
        tool(
            "scan_path",
            "Scan files",
            "Finds credentials and leaky habits in a file or folder of the working tree.",
            schema("path", json!({ "path": path })),
        ),
        tool(
            "explain_rule",
            "Explain a rule",
            "Explains a rule: description, reason and remedy.",
            schema("rule", json!({ "rule": text("The rule id in a finding.") })),
        ),
        tool(
            "propose_fix",
            "Propose fixes",
            "Shows the changes of `hfscan fix` in a file or folder, secrets masked. Changes nothing.",
            schema("path", json!({ "path": path })),
        ),
    ])
}

impl Tools {
    /// Calls a tool.
    ///
    /// # Errors
    /// Returns a failure for an unknown tool and for invalid arguments. Errors inside a tool are
    /// part of its result.
    pub fn call(&self, params: &Map<String, Value>) -> Result<Value, Failure> {
        let name = params.get("name").and_then(Value::as_str).unwrap_or_default();
        let arguments = params.get("arguments").and_then(Value::as_object);
        let argument = |key: &str| {
            let value = arguments.and_then(|all| all.get(key));
            let text = value.and_then(Value::as_str).map(str::to_string);
            text.ok_or_else(|| {
                Failure::new(Failure::PARAMETERS, format!("`{name}` needs the text `{key}`"))
            })
        };
        let result = match name {
            "scan_text" => {
                let file = argument("name").unwrap_or_else(|_| "text.md".into());
                self.scan_text(&argument("text")?, &file)
            }
            "scan_path" => self.scan_path(&argument("path")?),
            "explain_rule" => self.explain_rule(argument("rule")?),
            "propose_fix" => self.propose_fix(&argument("path")?),
            _ => {
                let message = format!("unknown tool `{name}`");
                return Err(Failure::new(Failure::PARAMETERS, message));
            }
        };
        Ok(match result {
            Ok(value) => json!({
                "content": [{ "type": "text", "text": value.to_string() }],
                "structuredContent": value,
                "isError": false,
            }),
            Err(why) => {
                json!({ "content": [{ "type": "text", "text": masked(&why) }], "isError": true })
            }
        })
    }

    fn scan_text(&self, text: &str, name: &str) -> Result<Value, String> {
        let (config, _) = project::config_at(&self.folder, self.config.clone(), Layer::default())
            .map_err(|error| said(&error))?;
        let mut settings = config.settings;
        settings.now = Some(now());
        let scanner = Scanner::new(settings).map_err(|error| said(&error.into()))?;
        let outcome = scanner.bytes(name, text.as_bytes());
        Ok(abridged(json_report(Reported {
            outcome: &outcome,
            rules: scanner.rules(),
            rules_version: scanner.rules_version(),
            root: None,
            prefix: "",
            started: now(),
        })))
    }

    fn scan_path(&self, path: &str) -> Result<Value, String> {
        let input = self.input(path)?;
        let scan = || -> Result<Value, CliError> {
            let mut job = Job::of(input, self.config.clone(), Layer::default())?;
            let known = KnownFindings::of(BaselineChoice::default(), self.config.isolated);
            job.config.settings.baseline = known::find(&known, &job.input)?;
            job.shows_progress = false;
            let mut examined = examine(job)?;
            fix::plan_for_reports(&mut examined, WantedFixes::Fixes);
            Ok(json_report(examined.reported()))
        };
        scan().map(abridged).map_err(|error| said(&error))
    }

    fn explain_rule(&self, rule: String) -> Result<Value, String> {
        let args = ExplainArgs {
            names: vec![rule],
            format: ExplainFormat::Json,
            rules: SettingArgs::default(),
            config: self.config.clone(),
        };
        let text = rules::explain(args, 100).map_err(|error| said(&error))?;
        let mut rules: Vec<Value> = serde_json::from_str(&text).unwrap_or_default();
        rules.truncate(MAX_LISTED);
        Ok(json!({ "rules": rules }))
    }

    fn propose_fix(&self, path: &str) -> Result<Value, String> {
        let proposal = fix::propose(self.input(path)?, self.config.clone());
        proposal.map_err(|error| said(&error))
    }

    /// A path below the server's folder. Other files are never read, even if the answer would show
    /// little of them.
    fn input(&self, path: &str) -> Result<InputArgs, String> {
        let outside = || "the path is not in the server's working directory".to_string();
        let whole = normalised(&self.folder.join(path));
        let real = std::fs::canonicalize(&whole).map_err(|error| error.to_string())?;
        let folder = std::fs::canonicalize(&self.folder).map_err(|error| error.to_string())?;
        if !real.starts_with(&folder) || !whole.starts_with(&self.folder) {
            return Err(outside());
        }
        // A path with a folder, so that `-` is a file name.
        let below = whole.strip_prefix(&self.folder).map_err(|_| outside())?;
        Ok(InputArgs { paths: vec![Path::new(".").join(below)], ..InputArgs::default() })
    }
}

/// An error message with its help.
fn said(error: &CliError) -> String {
    match error.help() {
        Some(help) => format!("{error}\nhelp: {help}"),
        None => error.to_string(),
    }
}

/// The parts of a report that a model needs.
fn abridged(mut report: Value) -> Value {
    let Some(all) = report.as_object_mut() else { return report };
    for key in ["version", "suppressed", "warnings"] {
        all.remove(key);
    }
    let findings = all.get_mut("findings").and_then(Value::as_array_mut);
    if let Some(findings) = findings {
        let omitted = findings.len().saturating_sub(MAX_LISTED);
        findings.truncate(MAX_LISTED);
        all.insert("omitted_findings".into(), omitted.into());
    }
    report
}
