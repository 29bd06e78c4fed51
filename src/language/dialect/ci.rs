//! Continuous integration.

use super::definition::{Dialect, FileContext};

/// The dialects of continuous integration.
pub const DIALECTS: &[Dialect] = &[
    // The metadata of an action: it has inputs but no secrets.
    Dialect {
        build_arguments: &["build-args"],
        scripts: &["run"],
        calls: &[("with", "uses")],
        ..Dialect::new("composite-action", |file| {
            (file.is_named(&["action.yml", "action.yaml"]) || file.is_in(".github/actions"))
                && file.has(&["runs"])
        })
    },
    Dialect {
        build_arguments: &["build-args"],
        scripts: &["run"],
        calls: &[("with", "uses"), ("secrets", "uses")],
        ..Dialect::new("github-actions", is_github_actions)
    },
    Dialect {
        environment: &["variables"],
        scripts: &["script", "before_script", "after_script", "pre_get_sources_script"],
        ..Dialect::new("gitlab-ci", |file| {
            file.name().ends_with(b".gitlab-ci.yml")
                || file.name().ends_with(b".gitlab-ci.yaml")
                || (file.is_in(".gitlab") || file.is_in(".gitlab-ci")) && file.is_yaml()
        })
    },
    Dialect {
        scripts: &["run", "command"],
        ..Dialect::new("circleci", |file| file.is_in(".circleci") && file.is_yaml())
    },
    Dialect {
        environment: &["variables"],
        scripts: &["script", "bash", "pwsh", "powershell", "inlinescript"],
        ..Dialect::new("azure-pipelines", |file| {
            file.is_yaml()
                && (memchr::memmem::find(file.name(), b"azure-pipelines").is_some()
                    || file.is_in(".azure-pipelines")
                    || file.is_in("azure-pipelines")
                    || file.is_in(".azuredevops"))
        })
    },
    Dialect {
        environment: &["variables"],
        scripts: &["script", "after-script"],
        calls: &[("variables", "pipe")],
        ..Dialect::new("bitbucket", |file| {
            file.is_named(&["bitbucket-pipelines.yml", "bitbucket-pipelines.yaml"])
        })
    },
    Dialect {
        scripts: &["command", "commands"],
        ..Dialect::new("buildkite", |file| file.is_in(".buildkite"))
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
        ..Dialect::new("travis", |file| file.is_named(&[".travis.yml", ".travis.yaml"]))
    },
    Dialect {
        scripts: &["commands"],
        ..Dialect::new("drone", |file| {
            file.is_named(&[".drone.yml", ".drone.yaml", ".woodpecker.yml", ".woodpecker.yaml"])
                || file.is_in(".woodpecker")
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
        ..Dialect::new("appveyor", |file| {
            file.is_named(&["appveyor.yml", ".appveyor.yml", "appveyor.yaml"])
        })
    },
    Dialect {
        environment: &["substitutions"],
        scripts: &["script"],
        commands: &[("entrypoint", "args")],
        ..Dialect::new("cloudbuild", |file| {
            file.name().starts_with(b"cloudbuild") && (file.is_yaml() || file.ends_in(&["json"]))
        })
    },
    Dialect {
        scripts: &["script", "test_script", "install_script", "setup_script", "build_script"],
        ..Dialect::new("cirrus", |file| file.is_named(&[".cirrus.yml", ".cirrus.yaml"]))
    },
    Dialect {
        environment: &["variables", "parameter-store", "exported-variables"],
        scripts: &["commands"],
        ..Dialect::new("codebuild", |file| file.name().starts_with(b"buildspec") && file.is_yaml())
    },
];

fn is_github_actions(file: &FileContext<'_>) -> bool {
    const WORKFLOWS: [&str; 3] = [".github/workflows", ".gitea/workflows", ".forgejo/workflows"];
    if !file.is_yaml() {
        return false;
    }
    // Files in subfolders, such as `disabled/`, are never run.
    if let Some(folder) = WORKFLOWS.into_iter().find(|folder| file.is_in(folder)) {
        return file.folder().ends_with(folder.as_bytes());
    }
    file.is_in(".github/actions")
        || file.is_named(&["action.yml", "action.yaml"])
        || file.has(&["on", "jobs"])
}
