//! Continuous integration.

use super::definition::{Dialect, Place};

/// The dialects of continuous integration.
pub const DIALECTS: &[Dialect] = &[
    // An action of its own: it has inputs, and no secrets.
    Dialect {
        scripts: &["run"],
        calls: &[("with", "uses")],
        ..Dialect::new("composite-action", |place| {
            (place.is_named(&["action.yml", "action.yaml"]) || place.is_in(".github/actions"))
                && place.has(&["runs"])
        })
    },
    Dialect {
        scripts: &["run"],
        calls: &[("with", "uses"), ("secrets", "uses")],
        ..Dialect::new("github-actions", is_github_actions)
    },
    Dialect {
        environment: &["variables"],
        scripts: &["script", "before_script", "after_script", "pre_get_sources_script"],
        ..Dialect::new("gitlab-ci", |place| {
            place.name().ends_with(b".gitlab-ci.yml")
                || place.name().ends_with(b".gitlab-ci.yaml")
                || (place.is_in(".gitlab") || place.is_in(".gitlab-ci")) && place.is_yaml()
        })
    },
    Dialect {
        scripts: &["run", "command"],
        ..Dialect::new("circleci", |place| place.is_in(".circleci") && place.is_yaml())
    },
    Dialect {
        environment: &["variables"],
        scripts: &["script", "bash", "pwsh", "powershell", "inlinescript"],
        ..Dialect::new("azure-pipelines", |place| {
            place.is_yaml()
                && (memchr::memmem::find(place.name(), b"azure-pipelines").is_some()
                    || place.is_in(".azure-pipelines")
                    || place.is_in("azure-pipelines")
                    || place.is_in(".azuredevops"))
        })
    },
    Dialect {
        environment: &["variables"],
        scripts: &["script", "after-script"],
        calls: &[("variables", "pipe")],
        ..Dialect::new("bitbucket", |place| {
            place.is_named(&["bitbucket-pipelines.yml", "bitbucket-pipelines.yaml"])
        })
    },
    Dialect {
        scripts: &["command", "commands"],
        ..Dialect::new("buildkite", |place| place.is_in(".buildkite"))
    },
    Dialect {
        scripts: &[
            "script",
            "install",
            "before_install",
            "before_script",
            "after_script",
            "after_success",
            "after_failure",
            "before_deploy",
            "deploy_script",
            "before_cache",
        ],
        ..Dialect::new("travis", |place| place.is_named(&[".travis.yml", ".travis.yaml"]))
    },
    Dialect {
        scripts: &["commands"],
        ..Dialect::new("drone", |place| {
            place.is_named(&[".drone.yml", ".drone.yaml", ".woodpecker.yml", ".woodpecker.yaml"])
                || place.is_in(".woodpecker")
        })
    },
    Dialect {
        scripts: &[
            "build_script",
            "test_script",
            "install",
            "init",
            "before_build",
            "after_build",
            "before_test",
            "after_test",
            "deploy_script",
            "before_deploy",
            "after_deploy",
            "on_success",
            "on_failure",
            "on_finish",
            "cmd",
            "sh",
            "ps",
            "pwsh",
        ],
        ..Dialect::new("appveyor", |place| {
            place.is_named(&["appveyor.yml", ".appveyor.yml", "appveyor.yaml"])
        })
    },
    Dialect {
        environment: &["substitutions"],
        scripts: &["script"],
        commands: &[("entrypoint", "args")],
        ..Dialect::new("cloudbuild", |place| {
            place.name().starts_with(b"cloudbuild") && (place.is_yaml() || place.ends_in(&["json"]))
        })
    },
    Dialect {
        scripts: &["script", "test_script", "install_script", "setup_script", "build_script"],
        ..Dialect::new("cirrus", |place| place.is_named(&[".cirrus.yml", ".cirrus.yaml"]))
    },
    Dialect {
        environment: &["variables", "parameter-store", "exported-variables"],
        scripts: &["commands"],
        ..Dialect::new("codebuild", |place| {
            place.name().starts_with(b"buildspec") && place.is_yaml()
        })
    },
];

fn is_github_actions(place: &Place<'_>) -> bool {
    if !place.is_yaml() {
        return false;
    }
    place.is_in(".github/workflows")
        || place.is_in(".gitea/workflows")
        || place.is_in(".forgejo/workflows")
        || place.is_in(".github/actions")
        || place.is_named(&["action.yml", "action.yaml"])
        || place.has(&["on", "jobs"])
}
