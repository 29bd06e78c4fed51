//! The request of a run, merged from options, environment and configuration.

use super::{
    config_args::ConfigArgs,
    error::CliError,
    input::Input,
    input_args::InputArgs,
    reporting::Reporting,
    scan_args::{BaselineChoice, OutputArgs, ScanArgs},
    surroundings::now,
    upload_args::Looking,
    work_args::WorkArgs,
};
use crate::{
    config::{Config, ConfigChoice, FailOn, Layer, Places, ProjectSearch},
    source::{Root, upload::Plan},
};
use std::{path::PathBuf, sync::Arc};

/// The request of a run.
pub struct Request {
    /// The scan.
    pub job: Job,
    /// The known findings that are not reported.
    pub baseline: KnownFindings,
    /// The file that the secrets are written to.
    pub replacements: Option<PathBuf>,
    /// The reports.
    pub reporting: Reporting,
    /// How findings determine the exit status.
    pub exit: Exit,
}

/// A scan: its input and its settings.
pub struct Job {
    /// The input to scan.
    pub input: Input,
    /// The settings.
    pub config: Config,
    /// Finds the settings of files with a configuration in a subfolder; `None` if one configuration
    /// applies to all files.
    pub projects: Option<ProjectSearch>,
    /// `true` if a terminal shows the progress.
    pub shows_progress: bool,
}

/// How findings determine the exit status.
#[derive(Debug, Clone, Copy)]
pub struct Exit {
    /// The minimum severity for exit status 1.
    pub fail_on: FailOn,
    /// `true` if tokens verified as dead count.
    pub dead_fails: bool,
    /// `true` if findings do not change the exit status.
    pub zero: bool,
    /// `true` if an empty input is not a failure: a commit or a push may add nothing.
    pub may_be_empty: bool,
}

/// The known findings that are not reported.
#[derive(Debug, PartialEq, Eq)]
pub enum KnownFindings {
    /// The baseline in the repository's root, if there is one.
    OfRepository,
    /// The baseline in this file.
    Of(PathBuf),
    /// No baseline.
    None,
}

impl Request {
    /// The request of a scan from the command line.
    ///
    /// # Errors
    /// Returns an error for conflicting options, a path that does not exist and an invalid setting.
    pub fn of_scan(args: ScanArgs) -> Result<Self, CliError> {
        let ScanArgs { input, config, settings, baseline, output, fixes: _, verifying, exit_zero } =
            args;
        if output.emit_replacements.is_some() && !input.git.is_asked() {
            return Err(CliError::ReplacementsWithoutGit);
        }
        let job = |config| Job::of(input, config, settings.layer);
        let mut request = Self::of(job, config, baseline, output, exit_zero)?;
        request.exit.dead_fails = verifying.dead_fails;
        Ok(request)
    }

    /// The request of `hfscan upload`.
    ///
    /// # Errors
    /// Returns an error for conflicting options and an invalid setting.
    pub fn of_upload(plan: Arc<Plan>, args: Looking) -> Result<Self, CliError> {
        Self::of_input(Input::of_upload(plan)?, args)
    }

    /// The request of `hfscan hub`.
    ///
    /// # Errors
    /// Returns an error for conflicting options and an invalid setting.
    #[cfg(feature = "online")]
    pub fn of_hub(
        source: Arc<crate::online::hub::HubSource>,
        args: Looking,
    ) -> Result<Self, CliError> {
        Self::of_input(Input::of_hub(source)?, args)
    }

    fn of_input(input: Input, args: Looking) -> Result<Self, CliError> {
        let Looking { work, config, settings, baseline, output, exit_zero } = args;
        if output.emit_replacements.is_some() {
            return Err(CliError::ReplacementsWithoutGit);
        }
        let job = |config| Job::with(input, work, config, settings.layer);
        Self::of(job, config, baseline, output, exit_zero)
    }

    fn of(
        job: impl FnOnce(ConfigArgs) -> Result<Job, CliError>,
        config: ConfigArgs,
        baseline: BaselineChoice,
        output: OutputArgs,
        exit_zero: bool,
    ) -> Result<Self, CliError> {
        let baseline = KnownFindings::of(baseline, config.isolated);
        // First, since two reports with the same destination are a usage error.
        let reporting = Reporting::named(&output)?;
        let mut job = job(config)?;
        job.shows_progress = !output.no_progress && !output.quiet;
        let reporting = match reporting {
            Some(reporting) => reporting,
            None => Reporting::in_format(job.config.format.as_deref().unwrap_or("text"), &output)?,
        };
        job.config.settings.line_hashes = job.input.is_of_files() && reporting.wants_line_hashes();
        job.config.settings.keep_suppressed = reporting.wants_suppressed();
        job.config.settings.explain_dismissed = output.explain_dismissed;
        let exit = Exit {
            fail_on: job.config.fail_on,
            zero: exit_zero,
            dead_fails: false,
            may_be_empty: job.input.is_of_git(),
        };
        let replacements = output.emit_replacements;
        Ok(Self { job, baseline, replacements, reporting, exit })
    }
}

impl Job {
    /// The scan that arguments, environment and configuration describe.
    ///
    /// # Errors
    /// Returns an error for conflicting options, a path that does not exist and an invalid setting.
    pub fn of(input: InputArgs, config: ConfigArgs, options: Layer) -> Result<Self, CliError> {
        let work = input.work;
        Self::with(Input::of(input)?, work, config, options)
    }

    /// The scan of this input with the settings of arguments, environment and configuration.
    ///
    /// # Errors
    /// Returns an error for an invalid setting.
    pub fn with(
        input: Input,
        work: WorkArgs,
        config: ConfigArgs,
        options: Layer,
    ) -> Result<Self, CliError> {
        let choice = ConfigChoice::from(config);
        let root = input.root().map_or(&*input.cwd, Root::dir);
        let places = Places { cwd: &input.cwd, root };
        let file = choice.file(&input.config_start(), &input.cwd)?;
        let mut config = choice.config(options.clone(), file.as_ref(), places)?;
        config.reading.exclude.check().map_err(CliError::Exclude)?;
        config.settings.threads = work.threads;
        let now = now();
        config.settings.now = Some(now);
        let is_by_file = choice.is_by_file() && input.is_local();
        let projects = is_by_file.then(|| ProjectSearch {
            choice,
            options,
            cwd: input.cwd.clone(),
            root: root.to_path_buf(),
            own: file.map(|file| file.path),
            now,
        });
        Ok(Self { input, config, projects, shows_progress: true })
    }
}

impl From<ConfigArgs> for ConfigChoice {
    fn from(args: ConfigArgs) -> Self {
        Self { named: args.config, isolated: args.isolated }
    }
}

impl KnownFindings {
    /// The baseline that the arguments select.
    pub fn of(choice: BaselineChoice, isolated: bool) -> Self {
        match choice {
            BaselineChoice { no_baseline: true, .. } => Self::None,
            BaselineChoice { baseline: Some(path), .. } => Self::Of(path),
            // The scanned repository must not decide which findings are known.
            _ if isolated => Self::None,
            _ => Self::OfRepository,
        }
    }
}
