//! `hfscan hub`: scans repositories, buckets and discussions of the Hub.

use super::{
    error::CliError,
    hub_args::{HubArgs, HubKind},
    output::print,
    request::Request,
    scan,
    status::{CLEAN, FAILED},
    token_error::TokenError,
    verify::endpoint,
};
use crate::{
    model::Secret,
    online::hub::{Api, HubOptions, HubSource, Kind, Reading, Store, Target},
    report::human_bytes,
};
use std::{io::Write, path::Path, process::ExitCode, sync::Arc};

/// Scans, or lists the files to read, and returns the exit status.
///
/// # Errors
/// Returns an error for an invalid target, a token that cannot be read, and if the scan cannot
/// start or a report cannot be written.
pub fn run(args: HubArgs) -> Result<ExitCode, CliError> {
    let targets = args.targets.iter().map(|text| Target::parse(text));
    let targets = targets.collect::<Result<Vec<_>, _>>()?;
    let token = match (args.anonymous, &args.token_file) {
        (true, _) => None,
        (_, Some(file)) => Some(token_of(file)?),
        (_, None) => std::env::var("HF_TOKEN").ok().and_then(|text| secret_of(&text)),
    };
    let api =
        Api::new(endpoint(args.verifying.asking.endpoint.as_deref())?, token, args.max_bytes)?;
    let store = args.store.as_deref().map(|folder| {
        Store::open(folder).map_err(|error| CliError::Write { path: folder.to_path_buf(), error })
    });
    let reading = Reading {
        api: Arc::new(api),
        store: store.transpose()?,
        is_full: args.full,
        samples_suffice: args.sample_ok,
    };
    let kind = |one: &HubKind| match one {
        HubKind::Model => Kind::Model,
        HubKind::Dataset => Kind::Dataset,
        HubKind::Space => Kind::Space,
        HubKind::Bucket => Kind::Bucket,
    };
    let options = HubOptions {
        kinds: args.kinds.iter().map(kind).collect(),
        revision: args.rev,
        all_refs: args.all_refs,
        discussions: args.discussions,
        history: args.history,
        limit: args.limit_repos,
        since: args.since,
    };
    let source = Arc::new(HubSource::new(targets, options, reading));
    if args.list {
        return list(&source);
    }
    let is_verbose = args.looking.output.verbose > 0;
    let is_quiet = args.looking.output.quiet;
    let mut request = Request::of_hub(source.clone(), args.looking)?;
    request.exit.dead_fails = args.verifying.dead_fails;
    let status = scan::carry_out(request, |examined| scan::verified(examined, &args.verifying))?;
    if !is_quiet {
        tell_transfers(&source, is_verbose);
    }
    Ok(status)
}

fn list(source: &HubSource) -> Result<ExitCode, CliError> {
    let (names, skipped) = source.list();
    let mut text = String::new();
    for (name, size) in &names {
        let size = size.map_or(String::new(), |size| format!("{size:>14}  "));
        text.push_str(&format!("{size}{name}\n"));
    }
    print(&text)?;
    let mut stderr = std::io::stderr().lock();
    for one in &skipped {
        let _ = writeln!(stderr, "warning: not listed: {}: {}", one.path, one.detail);
    }
    Ok(if skipped.is_empty() { CLEAN.into() } else { FAILED.into() })
}

/// Prints the transferred bytes to standard error; with `is_verbose`, also those of each file.
fn tell_transfers(source: &HubSource, is_verbose: bool) {
    let (requests, received, files) = source.transfers();
    let all = files.iter().fold(0_u64, |sum, (_, size, _)| sum.saturating_add(*size));
    let mut stderr = std::io::stderr().lock();
    if is_verbose {
        for (name, size, received) in &files {
            let _ = writeln!(stderr, "received {received} of {size} bytes: {name}");
        }
    }
    let _ = writeln!(
        stderr,
        "received {} of {} in {requests} requests",
        human_bytes(received),
        human_bytes(all)
    );
}

/// The token in a file given by the user: one line, as `hf auth login` writes it.
fn token_of(file: &Path) -> Result<Secret, CliError> {
    let text = std::fs::read_to_string(file)
        .map_err(|error| CliError::Read { path: file.to_path_buf(), error })?;
    secret_of(&text).ok_or_else(|| {
        let file = crate::model::SourcePath::from_path(file);
        TokenError::Input(format!("{file} contains no token")).into()
    })
}

fn secret_of(text: &str) -> Option<Secret> {
    let text = text.trim();
    let is_header = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
    is_header.then(|| Secret::new(text.as_bytes()))
}
