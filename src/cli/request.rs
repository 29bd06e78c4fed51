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
    /// How the exit status follows from the findings.
    pub exit: Exit,
}

/// A scan: its input and its settings.
pub struct Job {
    /// The input to scan.
    pub input: Input,
    /// The settings.
    pub config: Config,
    /// How the settings of files with a nearer configuration are found; `None` if all files have
    /// the same.
    pub projects: Option<ProjectSearch>,
    /// `true` if a terminal shows the progress.
    pub shows_progress: bool,
}

/// How the exit status follows from the findings.
#[derive(Debug, Clone, Copy)]
pub struct Exit {
    /// The findings that make it 1.
    pub fail_on: FailOn,
    /// `true` if a token that is known to be dead counts.
    pub dead_fails: bool,
    /// `true` if no finding makes it 1.
    pub zero: bool,
    /// `true` if an empty input is not a failure: a commit or a push may add nothing.
    pub may_be_empty: bool,
}

/// The known findings that are not reported.
#[derive(Debug, PartialEq, Eq)]
pub enum KnownFindings {
    /// Those of the baseline in the repository's root, if there is one.
    OfRepository,
    /// Those of this baseline.
    Of(PathBuf),
    /// None.
    None,
}

impl Request {
    /// The request of `hfscan PATH…`.
    ///
    /// # Errors
    /// Returns an error for options that contradict each other, a path that does not exist and a
    /// setting that cannot be used.
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
    /// Returns an error for options that contradict each other and a setting that cannot be used.
    pub fn of_upload(plan: Arc<Plan>, args: Looking) -> Result<Self, CliError> {
        Self::of_input(Input::of_upload(plan)?, args)
    }

    /// The request of `hfscan hub`.
    ///
    /// # Errors
    /// Returns an error for options that do not go together and a setting that cannot be used.
    #[cfg(feature = "online")]
    pub fn of_hub(
        source: Arc<crate::online::hub::HubSource>,
        args: Looking,
    ) -> Result<Self, CliError> {
        Self::of_input(Input::of_hub(source)?, args)
    }

    fn of_input(input: Input, args: Looking) -> Result<Self, CliError> {
        let Looking { threads, config, settings, baseline, output, exit_zero } = args;
        if output.emit_replacements.is_some() {
            return Err(CliError::ReplacementsWithoutGit);
        }
        let job = |config| Job::with(input, threads, config, settings.layer);
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
        // Before anything is read: two reports with the same destination are a usage error.
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
    /// The scan that the arguments, the environment and the configuration ask for.
    ///
    /// # Errors
    /// Returns an error for options that contradict each other, a path that does not exist and a
    /// setting that cannot be used.
    pub fn of(input: InputArgs, config: ConfigArgs, options: Layer) -> Result<Self, CliError> {
        let threads = input.threads;
        Self::with(Input::of(input)?, threads, config, options)
    }

    /// The scan of this input that the arguments, the environment and the configuration ask
    /// for.
    ///
    /// # Errors
    /// Returns an error for a setting that cannot be used.
    pub fn with(
        input: Input,
        threads: usize,
        config: ConfigArgs,
        options: Layer,
    ) -> Result<Self, CliError> {
        let choice = ConfigChoice::from(config);
        let root = input.root().map_or(&*input.cwd, Root::dir);
        let places = Places { cwd: &input.cwd, root };
        let file = choice.file(&input.config_start(), &input.cwd)?;
        let mut config = choice.config(options.clone(), file.as_ref(), places)?;
        config.reading.exclude.check().map_err(CliError::Exclude)?;
        config.settings.threads = threads;
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
    /// Those that the arguments name.
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
