//! The message of a refused call, for the user and the model. Secrets are masked.

use super::{
    event::{Event, Moment},
    passage::Kind,
    sight::Sight,
};
use crate::model::{SourcePath, escaped};
use std::{fmt::Write, path::Path};

/// Maximum number of listed credentials.
const LISTED: usize = 5;

/// The reason for a refusal, and the remedy.
pub fn of(event: &Event, sights: &[Sight<'_>]) -> String {
    let count = match sights.len() {
        1 => "a credential".to_string(),
        many => format!("{many} credentials"),
    };
    let mut text = format!("hfscan: {} contains {count}{}:\n", subject(event, sights), fate(event));
    for sight in sights.iter().take(LISTED) {
        let finding = &sight.finding;
        let secret = finding.secret.as_ref().map(|secret| secret.masked()).unwrap_or_default();
        let line = match sight.kind {
            Kind::Input => String::new(),
            _ => format!("line {}: ", finding.location.start.line),
        };
        // Writing to a `String` cannot fail.
        let _ = writeln!(text, "- {line}{} ({secret}) [{}]", finding.message, finding.rule);
    }
    if sights.len() > LISTED {
        let _ = writeln!(text, "- and {} more", sights.len() - LISTED);
    }
    text + &instead(event, &sights[0])
}

fn subject(event: &Event, sights: &[Sight<'_>]) -> String {
    let tool = escaped(event.tool.as_bytes());
    let tool = if tool.is_empty() { "the tool".into() } else { format!("`{tool}`") };
    match (sights[0].file, sights[0].kind, event.moment) {
        (Some(file), ..) => format!("`{}`", SourcePath::from_path(Path::new(file))),
        (_, Kind::Prompt, _) => "this prompt".into(),
        (_, Kind::Command, _) => "this command".into(),
        (_, Kind::Content, _) => "the content to write".into(),
        (_, Kind::Output, Moment::Before) => "this file".into(),
        (_, Kind::Output, _) => format!("the output of {tool}"),
        (_, Kind::Input, _) => format!("the input of {tool}"),
    }
}

fn fate(event: &Event) -> &'static str {
    match event.moment {
        Moment::Prompt => ", and the prompt was not sent",
        Moment::Before => ", and the call was blocked",
        Moment::After => ", which the model may have seen",
    }
}

/// The remedy for a finding.
fn instead(event: &Event, sight: &Sight<'_>) -> String {
    let variable = sight.variable.as_deref().unwrap_or("HF_TOKEN");
    let outside = "set it in the environment in which the agent is started";
    match (event.moment, sight.kind, sight.file) {
        (Moment::After, ..) => format!(
            "Treat it as leaked: revoke it at its issuer. Do not repeat it; write `{variable}` \
             instead."
        ),
        (_, Kind::Content, _) => {
            format!("Instead: {}.", sight.finding.help.trim_end_matches('.'))
        }
        (_, Kind::Command, _) => format!(
            "Instead: write \"${variable}\", and {outside}. `hfscan fix FILE` removes a credential \
             from a file."
        ),
        (_, _, Some(_)) | (_, Kind::Output, _) => format!(
            "Instead: use `{variable}` by its name, without reading the file; `hfscan fix FILE` \
             removes a credential from it."
        ),
        _ => format!("Instead: write `{variable}`, and {outside}."),
    }
}
