//! The command line: the only module that uses all other modules.

mod agent;
mod agent_args;
mod args;
mod baseline;
mod baseline_args;
mod commands;
mod config;
mod config_args;
mod doctor;
mod error;
mod examined;
mod facts;
mod fix;
mod fix_args;
mod fix_choice;
mod format_arg;
mod git;
mod hf_upload;
#[cfg(feature = "online")]
mod hub;
mod hub_args;
mod init;
mod input;
mod input_args;
mod interrupt;
mod known;
mod lsp;
mod lsp_args;
mod mcp;
mod mcp_args;
mod output;
mod progress;
mod project;
mod prompt;
#[cfg(feature = "data")]
mod redact;
mod redact_args;
mod replacements;
mod report;
mod report_args;
mod reporting;
mod request;
#[cfg(feature = "online")]
mod revoke;
mod rule_check;
mod rules;
mod run;
mod scan;
mod scan_args;
mod setting_args;
mod status;
mod surroundings;
mod terminal;
#[cfg(feature = "online")]
mod token_error;
#[cfg(feature = "online")]
mod tokens;
mod upload;
mod upload_args;
#[cfg(feature = "online")]
mod verify;
mod verify_args;
mod work_args;

pub use run::main;
