//! Runs the command that the arguments name.

#[cfg(feature = "data")]
use super::redact;
use super::{
    agent,
    args::{Cli, Command, RulesAction, RulesArgs},
    baseline, commands, config, doctor,
    error::CliError,
    facts, fix,
    fix_args::FixArgs,
    hf_upload, init, interrupt, lsp, mcp,
    output::{self, print, print_masked},
    report, rule_check, rules, scan,
    status::FAILED,
    terminal, upload,
};
use crate::scan::masked;
use clap::{CommandFactory, Parser};
use std::{
    ffi::OsString,
    io::Write,
    panic::{AssertUnwindSafe, catch_unwind},
    process::ExitCode,
};

/// Runs hfscan with the arguments of this process.
pub fn main() -> ExitCode {
    hide_panic_messages();
    interrupt::watch();
    let arguments: Vec<_> = std::env::args_os().collect();
    guarded(|| {
        match parsed(&arguments).map(|cli| commands::checked(cli, &arguments).and_then(run)) {
            Ok(Ok(status)) => status,
            Ok(Err(error)) => {
                print_error(&error);
                FAILED.into()
            }
            Err(status) => status,
        }
    })
}

/// The parsed arguments, or the status of a run that ends with a message about them: an error, the
/// help or the version.
fn parsed(arguments: &[OsString]) -> Result<Cli, ExitCode> {
    Cli::try_parse_from(arguments).map_err(|error| {
        let text = error.to_string();
        let shown = if error.use_stderr() { masked(&text) } else { text.clone() };
        if shown == text {
            // With colours, where the terminal has them.
            error.exit();
        }
        let _ = write!(std::io::stderr(), "{shown}");
        FAILED.into()
    })
}

/// Runs `run`; a panic gives status 2. A defect outside a document, such as in a reporter, must not
/// look like a finding.
fn guarded(run: impl FnOnce() -> ExitCode) -> ExitCode {
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|_| FAILED.into())
}

fn run(cli: Cli) -> Result<ExitCode, CliError> {
    let Some(command) = cli.command else {
        if cli.scan.fixes.is_asked() {
            return fix::run(&FixArgs::from(cli.scan));
        }
        return scan::run(cli.scan);
    };
    let is_well = match command {
        Command::Rules(RulesArgs { action: Some(RulesAction::Check(args)), .. }) => {
            let (text, is_well) = rule_check::run(&args.files)?;
            print_masked(&text)?;
            return Ok(if is_well { ExitCode::SUCCESS } else { ExitCode::FAILURE });
        }
        Command::Rules(args) => print(&rules::list(args)?).map(|()| true)?,
        Command::Facts(args) => print_masked(&facts::run(&args)?).map(|()| true)?,
        Command::Upload(args) => return upload::run(*args),
        #[cfg(feature = "data")]
        Command::Redact(args) => return redact::run(*args),
        #[cfg(not(feature = "data"))]
        Command::Redact(_) => return Err(CliError::NotBuilt("redact")),
        Command::Report(args) => return report::run(*args),
        Command::HfUpload(args) => return hf_upload::run(args),
        #[cfg(feature = "online")]
        Command::Hub(args) => return super::hub::run(*args),
        #[cfg(feature = "online")]
        Command::Verify(args) => return super::verify::run(&args),
        #[cfg(feature = "online")]
        Command::Revoke(args) => return super::revoke::run(&args),
        #[cfg(not(feature = "online"))]
        Command::Hub(_) | Command::Verify(_) | Command::Revoke(_) => {
            return Err(CliError::NoNetwork);
        }
        Command::Baseline(args) => return baseline::run(args.action),
        Command::Fix(args) => return fix::run(&FixArgs::from(*args)),
        Command::AgentHook(args) => return agent::run(&args),
        Command::Mcp(args) => return mcp::run(args),
        Command::Lsp(args) => return lsp::run(args),
        Command::Explain(args) => {
            print(&rules::explain(args, terminal::width())?).map(|()| true)?
        }
        Command::Init(args) => init::run(&args)?,
        Command::Doctor(args) => {
            let (text, is_well) = doctor::run(args)?;
            print_masked(&text)?;
            is_well
        }
        Command::Config { command } => print_masked(&config::run(command)?).map(|()| true)?,
        Command::Completions { shell } => output::write_stdout(|out| {
            clap_complete::generate(shell, &mut Cli::command(), "hfscan", &mut WriteAll(out));
            Ok(())
        })
        .map(|()| true)?,
        Command::Man => output::write_stdout(|out| {
            clap_mangen::Man::new(Cli::command()).render(&mut WriteAll(out))
        })
        .map(|()| true)?,
    };
    Ok(if is_well { ExitCode::SUCCESS } else { FAILED.into() })
}

/// A sized writer that ignores a closed pipe; the completion generators would panic on the error.
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

/// Prints an error and its help line to standard error.
fn print_error(error: &CliError) {
    let mut stderr = std::io::stderr().lock();
    // A write error cannot be reported anywhere.
    let _ = writeln!(stderr, "error: {}", masked(&error.to_string()));
    if let Some(help) = error.help().or_else(|| commands::meant(error)) {
        let _ = writeln!(stderr, "help: {}", masked(&help));
    }
}

/// Prints only the location of a panic: its message can quote the scanned text, and so a secret.
fn hide_panic_messages() {
    std::panic::set_hook(Box::new(|info| {
        let place = info.location().map(ToString::to_string).unwrap_or_default();
        let _ = writeln!(std::io::stderr(), "internal error at {place}; please report it");
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_in_any_thread_of_a_run_makes_the_status_2() {
        let in_a_thread = || {
            std::thread::scope(|scope| {
                scope.spawn(|| panic!("on purpose"));
                ExitCode::SUCCESS
            })
        };
        let in_a_pool = || {
            crate::source::each::each(2, 2, |_| panic!("on purpose"));
            ExitCode::SUCCESS
        };
        assert_eq!(guarded(|| panic!("on purpose")), ExitCode::from(2));
        assert_eq!(guarded(in_a_thread), ExitCode::from(2));
        assert_eq!(guarded(in_a_pool), ExitCode::from(2));
        assert_eq!(guarded(|| ExitCode::SUCCESS), ExitCode::SUCCESS);
    }
}
