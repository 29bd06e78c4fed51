//! The reports of a run.

use super::{
    error::CliError,
    format_arg::FormatArg,
    output::Target,
    scan_args::{ColorWhen, OutputArgs},
    surroundings::Surroundings,
    terminal,
};
use crate::{
    model::Outcome,
    report::{Json, Report, Reporter, Style, Verbosity, WantedFixes, not_scanned},
    rule::RuleSet,
    source::Root,
};
use std::io::Write as _;

/// The reports of a run: their destinations and the style of human-readable ones.
pub struct Reporting {
    targets: Vec<Target>,
    color: ColorWhen,
    verbosity: Verbosity,
    /// `true` if suppressed findings are listed.
    show_suppressed: bool,
    /// `true` if findings are not grouped.
    long: bool,
    /// `true` if findings are only counted by rule.
    statistics: bool,
    /// The category of the SARIF report.
    category: Option<String>,
}

/// The data that reports are made from.
#[derive(Clone, Copy)]
pub struct Reported<'a> {
    /// The findings and other results.
    pub outcome: &'a Outcome,
    /// The rules that ran.
    pub rules: &'a RuleSet,
    /// The version of the rules.
    pub rules_version: &'a str,
    /// The folder that paths are relative to; `None` for standard input.
    pub root: Option<&'a Root>,
    /// The prefix that makes a reported path valid from the working directory.
    pub prefix: &'a str,
    /// When the scan started, in seconds since 1970.
    pub started: i64,
}

impl<'a> Reported<'a> {
    fn report(self, style: Style, surroundings: &'a Surroundings) -> Report<'a> {
        Report {
            outcome: self.outcome,
            rules: self.rules,
            rules_version: self.rules_version,
            prefix: self.prefix,
            style,
            setting: surroundings.setting(),
        }
    }
}

/// The JSON report, as a value.
pub fn json_report(reported: Reported<'_>) -> serde_json::Value {
    let style = Style {
        width: 0,
        color: false,
        verbosity: Verbosity::Normal,
        show_suppressed: false,
        long: false,
        statistics: false,
        wraps_headlines: false,
    };
    let surroundings = Surroundings::of(None, reported.root, reported.started);
    let mut text = Vec::new();
    // Writing to a vector cannot fail, and the reporter writes valid JSON.
    let _ = Json.write(reported.report(style, &surroundings), &mut text);
    serde_json::from_slice(&text).unwrap_or_default()
}

impl Reporting {
    /// The reports in the formats that the arguments name; `None` if they name none.
    ///
    /// # Errors
    /// Returns an error if two reports would be written to the same place.
    pub fn named(args: &OutputArgs) -> Result<Option<Self>, CliError> {
        if args.format.is_empty() {
            return Ok(None);
        }
        Self::of(&args.format, args).map(Some)
    }

    /// One report in the format of this name.
    ///
    /// # Errors
    /// Returns an error if there is no such format.
    pub fn in_format(name: &str, args: &OutputArgs) -> Result<Self, CliError> {
        Self::of(&[FormatArg::on_stdout(name)?], args)
    }

    fn of(formats: &[FormatArg], args: &OutputArgs) -> Result<Self, CliError> {
        let verbosity = match (args.quiet, args.verbose, args.explain_dismissed) {
            (true, ..) => Verbosity::Quiet,
            (_, 2.., _) | (.., true) => Verbosity::Dismissed,
            (_, 1, _) => Verbosity::Verbose,
            _ => Verbosity::Normal,
        };
        Ok(Self {
            targets: Target::all(formats, args.output.as_deref())?,
            color: args.color,
            verbosity,
            show_suppressed: args.show_suppressed || args.verbose >= 2,
            long: args.long,
            statistics: args.statistics,
            category: args.sarif_category.clone(),
        })
    }

    /// `true` if only findings and failures are reported.
    pub fn is_quiet(&self) -> bool {
        matches!(self.verbosity, Verbosity::Quiet)
    }

    /// `true` if findings carry the hash of their line.
    pub fn wants_line_hashes(&self) -> bool {
        self.targets.iter().any(Target::wants_line_hashes)
    }

    /// `true` if suppressed findings must be kept for a report.
    pub fn wants_suppressed(&self) -> bool {
        self.show_suppressed || self.targets.iter().any(Target::wants_suppressed)
    }

    /// The most detailed level of fixes that any report shows.
    pub fn wants_fixes(&self) -> WantedFixes {
        self.targets.iter().map(Target::wants_fixes).max().unwrap_or(WantedFixes::None)
    }

    /// Writes every report.
    ///
    /// # Errors
    /// Returns the error of the first report that cannot be written.
    pub fn write(&self, reported: Reported<'_>) -> Result<(), CliError> {
        let outcome = reported.outcome;
        let surroundings = Surroundings::of(self.category.clone(), reported.root, reported.started);
        let report = reported.report(self.style(), &surroundings);
        self.targets.iter().try_for_each(|target| target.write(report))?;
        if let Some(text) = not_scanned(outcome).filter(|_| !self.is_quiet()) {
            // An error of writing the message must not end the run.
            let _ = writeln!(anstream::stderr().lock(), "warning: {text}");
        }
        Ok(())
    }

    /// The style of human-readable reports.
    fn style(&self) -> Style {
        let on_screen = self.targets.iter().any(Target::is_on_screen);
        Style {
            width: terminal::width(),
            color: on_screen && terminal::use_color(self.color),
            verbosity: self.verbosity,
            show_suppressed: self.show_suppressed,
            long: self.long,
            statistics: self.statistics,
            wraps_headlines: terminal::has_width(),
        }
    }
}
