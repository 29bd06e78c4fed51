//! Tools for people and agents.

use super::definition::Dialect;
use crate::model::CommandPlace;

/// The dialects of tools.
pub const DIALECTS: &[Dialect] = &[
    // Requests that editors send.
    Dialect::new("http-request", |file| file.ends_in(&["http", "rest"])),
    Dialect {
        commands: &[("command", "args")],
        place: CommandPlace::Subprocess,
        ..Dialect::new("mcp", |file| {
            file.is_named(&[
                ".mcp.json",
                "mcp.json",
                "mcp_config.json",
                "claude_desktop_config.json",
                "mcp_settings.json",
                "cline_mcp_settings.json",
            ]) || file.has(&["mcpServers"])
                || file.has(&["mcp_servers"])
                || file.is_named(&["agent.json"]) && file.has(&["servers"])
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
        ..Dialect::new("devcontainer", |file| {
            file.is_named(&["devcontainer.json", ".devcontainer.json"])
                || file.is_in(".devcontainer") && file.ends_in(&["json"])
        })
    },
    Dialect {
        scripts: &["scripts"],
        place: CommandPlace::Recipe,
        ..Dialect::new("package-json", |file| file.is_named(&["package.json", "composer.json"]))
    },
    Dialect {
        environment: &[
            "terminal.integrated.env.linux",
            "terminal.integrated.env.osx",
            "terminal.integrated.env.windows",
        ],
        scripts: &["command"],
        place: CommandPlace::Shell,
        ..Dialect::new("vscode", |file| {
            file.is_in(".vscode") && file.ends_in(&["json"]) || file.ends_in(&["code-workspace"])
        })
    },
    Dialect {
        environment: &["environment_variables"],
        ..Dialect::new("litellm", |file| file.has(&["model_list"]))
    },
    Dialect {
        environment: &["variables"],
        ..Dialect::new("conda", |file| {
            file.is_yaml()
                && (file.has(&["dependencies", "channels"])
                    || file.name().starts_with(b"environment") && file.has(&["dependencies"]))
        })
    },
    Dialect {
        scripts: &["cmds", "cmd"],
        place: CommandPlace::Recipe,
        environment: &["vars"],
        ..Dialect::new("taskfile", |file| file.name().starts_with(b"taskfile.") && file.is_yaml())
    },
    Dialect {
        scripts: &["cmd"],
        place: CommandPlace::Recipe,
        ..Dialect::new("dvc-pipeline", |file| file.is_named(&["dvc.yaml"]))
    },
    Dialect::new("dvc", |file| file.is_in(".dvc")),
    Dialect {
        environment: &["vars"],
        ..Dialect::new("wrangler", |file| file.name().starts_with(b"wrangler."))
    },
    Dialect::new("pulumi", |file| file.name().starts_with(b"pulumi.") && file.is_yaml()),
    Dialect::new("hydra", |file| file.is_in(".hydra")),
    Dialect::new("git", |file| {
        file.is_named(&[".gitconfig", ".gitmodules", "gitconfig", ".gitconfig.local"])
            || file.is_in(".git")
    }),
    Dialect::new("aws", |file| file.is_in(".aws")),
    Dialect {
        scripts: &["commands", "commands_pre", "commands_post"],
        place: CommandPlace::Recipe,
        ..Dialect::new("tox", |file| file.is_named(&["tox.ini"]))
    },
    Dialect {
        scripts: &["execstart", "execstartpre", "execstartpost", "execstop", "execreload"],
        place: CommandPlace::Shell,
        ..Dialect::new("systemd", |file| {
            file.ends_in(&["service", "timer", "socket", "container", "mount"])
        })
    },
    Dialect {
        scripts: &["command"],
        place: CommandPlace::Shell,
        ..Dialect::new("supervisor", |file| file.name().starts_with(b"supervisor"))
    },
];
