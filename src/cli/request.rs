//! What one run was asked to do, with every place that has a say heard.

use super::{
    args::{ColorWhen, FormatArg, ScanArgs},
    error::CliError,
    input::Input,
    output::Target,
    settings, terminal,
};
use crate::{
    config::{Places, Settings},
    report::{Style, Verbosity},
};

/// What one run was asked to do.
pub struct Request {
    /// What to scan.
    pub input: Input,
    /// For what, and what counts.
    pub settings: Settings,
    /// Where the reports go.
    pub targets: Vec<Target>,
    /// How it is told.
    pub display: Display,
}

/// How it is told: what only the person at the terminal decides.
#[derive(Debug)]
pub struct Display {
    color: ColorWhen,
    verbosity: Verbosity,
    /// Whether a bar shows how far it is.
    pub progress: bool,
    /// Whether findings do not make the exit status 1.
    pub exit_zero: bool,
    /// The category of the SARIF report.
    pub category: Option<String>,
}

impl Request {
    /// What the arguments, the environment and the configuration ask for.
    ///
    /// # Errors
    /// What cannot be done.
    pub fn of(args: &ScanArgs) -> Result<Self, CliError> {
        // Before anything is read: two reports for one place are a slip of the hand.
        let all = |formats: &[FormatArg]| Target::all(formats, args.output.as_deref());
        let given = (!args.format.is_empty()).then(|| all(&args.format)).transpose()?;
        let input = Input::of(args)?;
        let places = Places::new(&input.cwd, input.root());
        let flags = settings::flags(args);
        let (settings, _) = settings::of(&args.config, flags, &input.config_start(), places)?;
        settings.exclude.check().map_err(CliError::Exclude)?;
        let targets = match given {
            Some(targets) => targets,
            None => {
                let name = settings.format.clone().unwrap_or_else(|| "text".into());
                all(&[FormatArg { name, file: None }])?
            }
        };
        Ok(Self { input, settings, targets, display: Display::of(args) })
    }

    /// How reports for people look.
    pub fn style(&self) -> Style {
        let on_screen = self.targets.iter().any(Target::is_on_screen);
        Style {
            width: terminal::width(),
            color: on_screen && terminal::use_color(self.display.color),
            verbosity: self.display.verbosity,
        }
    }
}

impl Display {
    fn of(args: &ScanArgs) -> Self {
        let verbosity = match (args.quiet, args.verbose, args.explain_dismissed) {
            (true, ..) => Verbosity::Quiet,
            (_, 2.., _) | (.., true) => Verbosity::Dismissed,
            (_, 1, _) => Verbosity::Verbose,
            _ => Verbosity::Normal,
        };
        Self {
            color: args.color,
            verbosity,
            progress: !args.no_progress && !args.quiet,
            exit_zero: args.exit_zero,
            category: args.sarif_category.clone(),
        }
    }
}
