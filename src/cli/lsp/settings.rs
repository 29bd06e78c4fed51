//! The editor's settings for hfscan.

use crate::{
    config::{Layer, Origin, Said, Sourced},
    model::Severity,
};
use serde_json::Value;

/// The editor's settings for hfscan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EditorSettings {
    /// `false` disables all scans.
    pub enable: bool,
    /// A configuration file used instead of the project's own.
    pub configuration: Option<String>,
    /// The rules to run.
    pub select: Vec<String>,
    /// The rules not to run.
    pub ignore: Vec<String>,
    /// Minimum severity of shown findings.
    pub min_severity: Option<Severity>,
    /// `true` to scan on open and save, not at each change.
    pub on_save: bool,
    /// `true` to show suppressed findings as hints.
    pub show_ignored: bool,
    /// `true` for an untrusted folder: files in it cannot change the result.
    pub isolated: bool,
}

impl Default for EditorSettings {
    fn default() -> Self {
        Self {
            enable: true,
            configuration: None,
            select: Vec::new(),
            ignore: Vec::new(),
            min_severity: None,
            on_save: false,
            show_ignored: false,
            isolated: false,
        }
    }
}

impl EditorSettings {
    /// The settings in a JSON object, and the names of invalid ones. `null` and unknown settings,
    /// which may be the client's own, are ignored.
    pub fn read(value: &Value) -> (Self, Vec<&'static str>) {
        let (mut settings, mut wrong) = (Self::default(), Vec::new());
        let mut take = |name: &'static str, set: &mut dyn FnMut(&Value) -> Option<()>| {
            if let Some(value) = value.get(name).filter(|value| !value.is_null())
                && set(value).is_none()
            {
                wrong.push(name);
            }
        };
        take("enable", &mut |value| value.as_bool().map(|it| settings.enable = it));
        take("configuration", &mut |value| {
            let text = value.as_str()?;
            settings.configuration = (!text.is_empty()).then(|| text.into());
            Some(())
        });
        take("select", &mut |value| texts(value).map(|it| settings.select = it));
        take("ignore", &mut |value| texts(value).map(|it| settings.ignore = it));
        take("minSeverity", &mut |value| {
            let text = value.as_str()?;
            settings.min_severity = if text.is_empty() { None } else { Some(text.parse().ok()?) };
            Some(())
        });
        take("run", &mut |value| {
            settings.on_save = match value.as_str()? {
                "onType" => false,
                "onSave" => true,
                _ => return None,
            };
            Some(())
        });
        take("showIgnored", &mut |value| value.as_bool().map(|it| settings.show_ignored = it));
        take("isolated", &mut |value| value.as_bool().map(|it| settings.isolated = it));
        (settings, wrong)
    }

    /// The settings that configuration files also have.
    pub fn layer(&self) -> Layer {
        let mut layer = Layer::default();
        for (name, texts) in [("select", &self.select), ("ignore", &self.ignore)] {
            let list = texts.iter();
            let list =
                list.map(|value| Sourced { value: value.clone(), origin: Origin::Flag(name) });
            layer.set(name, Said::List(list.collect()));
        }
        if let Some(severity) = self.min_severity {
            let origin = Origin::Flag("min-severity");
            layer.set(
                "min-severity",
                Said::Word(Sourced { value: severity.as_str().into(), origin }),
            );
        }
        layer
    }
}

fn texts(value: &Value) -> Option<Vec<String>> {
    value.as_array()?.iter().map(|one| one.as_str().map(str::to_string)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn settings_are_read_and_wrong_ones_are_named() {
        let (settings, wrong) = EditorSettings::read(&json!({
            "enable": null, "minSeverity": "high", "run": "onSave", "select": ["hf-*"],
            "showIgnored": "yes", "ignore": [1], "trace": {"server": "off"},
        }));
        let expected = EditorSettings {
            min_severity: Some(Severity::High),
            on_save: true,
            select: vec!["hf-*".into()],
            ..EditorSettings::default()
        };
        assert_eq!((settings, wrong), (expected, vec!["ignore", "showIgnored"]));
        assert_eq!(EditorSettings::read(&Value::Null).0, EditorSettings::default());
    }
}
