//! The composition root: the only place that knows every wing.

pub mod args;
mod baseline;
mod baseline_args;
mod config;
mod container_args;
mod doctor;
mod error;
mod format_arg;
mod git;
mod init;
mod input;
mod level_arg;
mod output;
mod progress;
mod replacements;
mod request;
mod rules;
mod scan;
mod selection_args;
mod settings;
mod surroundings;
mod terminal;

use args::{Cli, Command};
use clap::{CommandFactory, Parser};
use error::CliError;
pub use rules::names as rule_names;
use std::{io::Write, process::ExitCode};

/// Runs hfscan with the arguments of this process.
pub fn main() -> ExitCode {
    hide_panic_messages();
    let cli = Cli::parse();
    match run(&cli) {
        Ok(status) => status,
        Err(error) => {
            report(&error);
            scan::FAILED.into()
        }
    }
}

fn run(cli: &Cli) -> Result<ExitCode, CliError> {
    match &cli.command {
        None => return scan::run(&cli.scan),
        Some(Command::Rules(args)) => print(&rules::list(args)?)?,
        Some(Command::Baseline(args)) => return baseline::run(&args.action),
        Some(Command::Explain(args)) => print(&rules::explain(args, terminal::width())?)?,
        Some(Command::Init(args)) => {
            if !init::run(args)? {
                return Ok(scan::FAILED.into());
            }
        }
        Some(Command::Doctor(args)) => {
            let (text, is_well) = doctor::run(args)?;
            print(&text)?;
            if !is_well {
                return Ok(scan::FAILED.into());
            }
        }
        Some(Command::Config { command }) => print(&config::run(command)?)?,
        Some(Command::Completions { shell }) => output::write_stdout(|out| {
            clap_complete::generate(*shell, &mut Cli::command(), "hfscan", &mut WriteAll(out));
            Ok(())
        })?,
        Some(Command::Man) => {
            output::write_stdout(|out| {
                clap_mangen::Man::new(Cli::command()).render(&mut WriteAll(out))
            })?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn print(text: &str) -> Result<(), CliError> {
    output::write_stdout(|out| out.write_all(text.as_bytes()))
}

/// A writer that can be handed on where a sized one is wanted, and that takes a reader
/// that has gone for one that reads: the generators panic otherwise.
struct WriteAll<'a>(&'a mut dyn Write);

impl Write for WriteAll<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        match self.0.write(bytes) {
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(bytes.len()),
            other => other,
        }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.0.flush()
    }
}

/// What went wrong, and the way out, on standard error.
fn report(error: &CliError) {
    let mut stderr = std::io::stderr().lock();
    // There is nobody left to tell if this fails.
    let _ = writeln!(stderr, "error: {error}");
    if let Some(help) = error.help() {
        let _ = writeln!(stderr, "help: {help}");
    }
}

/// A panic's message can quote the text at work, and so a secret: only its place is told.
fn hide_panic_messages() {
    std::panic::set_hook(Box::new(|info| {
        let place = info.location().map(ToString::to_string).unwrap_or_default();
        let _ = writeln!(std::io::stderr(), "internal error at {place}; please report it");
    }));
}
