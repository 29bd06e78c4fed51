//! Tools for people and agents.

use super::definition::Dialect;
use crate::model::CommandPlace;

/// The dialects of tools.
pub const DIALECTS: &[Dialect] = &[
    Dialect {
        commands: &[("command", "args")],
        place: CommandPlace::Subprocess,
        ..Dialect::new("mcp", |place| {
            place.is_named(&[
                ".mcp.json",
                "mcp.json",
                "mcp_config.json",
                "claude_desktop_config.json",
                "mcp_settings.json",
                "cline_mcp_settings.json",
            ]) || place.has(&["mcpServers"])
                || place.has(&["mcp_servers"])
                || place.is_named(&["agent.json"]) && place.has(&["servers"])
        })
    },
    Dialect {
        environment: &["containerenv", "remoteenv"],
        build_arguments: &["args"],
        scripts: &[
            "postcreatecommand",
            "poststartcommand",
            "postattachcommand",
            "oncreatecommand",
            "updatecontentcommand",
            "initializecommand",
        ],
        place: CommandPlace::ContainerStart,
        ..Dialect::new("devcontainer", |place| {
            place.is_named(&["devcontainer.json", ".devcontainer.json"])
                || place.is_in(".devcontainer") && place.ends_in(&["json"])
        })
    },
    Dialect {
        scripts: &["scripts"],
        place: CommandPlace::Recipe,
        ..Dialect::new("package-json", |place| place.is_named(&["package.json", "composer.json"]))
    },
    Dialect {
        environment: &[
            "terminal.integrated.env.linux",
            "terminal.integrated.env.osx",
            "terminal.integrated.env.windows",
        ],
        scripts: &["command"],
        place: CommandPlace::Shell,
        ..Dialect::new("vscode", |place| {
            place.is_in(".vscode") && place.ends_in(&["json"]) || place.ends_in(&["code-workspace"])
        })
    },
    Dialect {
        environment: &["environment_variables"],
        ..Dialect::new("litellm", |place| place.has(&["model_list"]))
    },
    Dialect {
        environment: &["variables"],
        ..Dialect::new("conda", |place| {
            place.is_yaml()
                && (place.has(&["dependencies", "channels"])
                    || place.name().starts_with(b"environment") && place.has(&["dependencies"]))
        })
    },
    Dialect {
        scripts: &["cmds", "cmd"],
        place: CommandPlace::Recipe,
        environment: &["vars"],
        ..Dialect::new("taskfile", |place| {
            place.name().starts_with(b"taskfile.") && place.is_yaml()
        })
    },
    Dialect {
        scripts: &["cmd"],
        place: CommandPlace::Recipe,
        ..Dialect::new("dvc-pipeline", |place| place.is_named(&["dvc.yaml"]))
    },
    Dialect::new("dvc", |place| place.is_in(".dvc")),
    Dialect {
        environment: &["vars"],
        ..Dialect::new("wrangler", |place| place.name().starts_with(b"wrangler."))
    },
    Dialect::new("pulumi", |place| place.name().starts_with(b"pulumi.") && place.is_yaml()),
    Dialect::new("hydra", |place| place.is_in(".hydra")),
    Dialect::new("git", |place| {
        place.is_named(&[".gitconfig", ".gitmodules", "gitconfig", ".gitconfig.local"])
            || place.is_in(".git")
    }),
    Dialect::new("aws", |place| place.is_in(".aws")),
    Dialect {
        scripts: &["commands", "commands_pre", "commands_post"],
        place: CommandPlace::Recipe,
        ..Dialect::new("tox", |place| place.is_named(&["tox.ini"]))
    },
    Dialect {
        scripts: &["execstart", "execstartpre", "execstartpost", "execstop", "execreload"],
        place: CommandPlace::Shell,
        ..Dialect::new("systemd", |place| {
            place.ends_in(&["service", "timer", "socket", "container", "mount"])
        })
    },
    Dialect {
        scripts: &["command"],
        place: CommandPlace::Shell,
        ..Dialect::new("supervisor", |place| place.name().starts_with(b"supervisor"))
    },
];
