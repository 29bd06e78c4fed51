//! Containers, clusters and machines.

use super::definition::{Dialect, Place};
use crate::model::CommandPlace;

/// The dialects of containers, clusters and machines. Those recognised by their content come last.
pub const DIALECTS: &[Dialect] = &[
    Dialect {
        build_arguments: &["args"],
        commands: &[("entrypoint", "command")],
        place: CommandPlace::ContainerStart,
        ..Dialect::new("compose", is_compose)
    },
    Dialect {
        commands: &[("command", "args")],
        scripts: &["script"],
        place: CommandPlace::ContainerStart,
        ..Dialect::new("kubernetes", |place| place.has(&["apiVersion", "kind"]))
    },
    Dialect {
        commands: &[("command", "args")],
        environment: &["extraenv", "extraenvvars", "envvars"],
        place: CommandPlace::ContainerStart,
        ..Dialect::new("helm", |place| {
            place.is_yaml()
                && (place.name().starts_with(b"values") || place.is_named(&["helmfile.yaml"]))
                || place.name().ends_with(b"-values.yaml")
                || place.name().ends_with(b".values.yaml")
        })
    },
    Dialect {
        environment: &["secrets"],
        scripts: &["run", "setup"],
        place: CommandPlace::Shell,
        ..Dialect::new("skypilot", is_skypilot)
    },
    Dialect {
        scripts: &[
            "shell",
            "command",
            "raw",
            "ansible.builtin.shell",
            "ansible.builtin.command",
            "ansible.builtin.raw",
            "cmd",
        ],
        place: CommandPlace::Shell,
        ..Dialect::new("ansible", is_ansible)
    },
    Dialect {
        environment: &["variables"],
        commands: &[("EntryPoint", "Command")],
        place: CommandPlace::ContainerStart,
        ..Dialect::new("cloudformation", |place| {
            place.has(&["AWSTemplateFormatVersion"])
                || place.has(&["Resources"]) && place.holds("Resources", &["Properties"])
        })
    },
    Dialect {
        commands: &[("entryPoint", "command")],
        place: CommandPlace::ContainerStart,
        ..Dialect::new("ecs", |place| place.has(&["containerDefinitions"]))
    },
    Dialect {
        ..Dialect::new("serverless", |place| {
            place.is_named(&["serverless.yml", "serverless.yaml", "serverless.json"])
        })
    },
    Dialect {
        environment: &["variables"],
        scripts: &[
            "user_data",
            "custom_data",
            "startup_script",
            "metadata_startup_script",
            "inline",
        ],
        place: CommandPlace::Shell,
        ..Dialect::new("terraform", |place| {
            place.ends_in(&["tf", "tfvars", "tofu"])
                || place.name().ends_with(b".tf.json")
                || place.name().ends_with(b".tfvars.json")
        })
    },
    Dialect {
        environment: &["environment_vars"],
        scripts: &["inline"],
        place: CommandPlace::ImageBuild,
        ..Dialect::new("packer", |place| {
            place.name().ends_with(b".pkr.hcl") || place.name().ends_with(b".pkrvars.hcl")
        })
    },
    Dialect {
        build_arguments: &["args"],
        ..Dialect::new("bake", |place| place.name().starts_with(b"docker-bake."))
    },
    Dialect { environment: &["env"], ..Dialect::new("fly", |place| place.is_named(&["fly.toml"])) },
    // A model that is packed for Baseten.
    Dialect::new("truss", |place| {
        place.is_named(&["config.yaml", "config.yml"])
            && (place.has(&["model_name", "secrets"]) || place.has(&["model_metadata"]))
    }),
    Dialect::new("android", |place| {
        place.is_named(&["androidmanifest.xml"])
            || place.is_in("res/values") && place.ends_in(&["xml"])
    }),
    Dialect::new("apple", |place| place.ends_in(&["plist"])),
    Dialect {
        commands: &[("command", "args")],
        place: CommandPlace::ContainerStart,
        ..Dialect::new("nomad", |place| {
            place.ends_in(&["nomad"]) || place.name().ends_with(b".nomad.hcl")
        })
    },
    Dialect::new("tfstate", |place| {
        place.ends_in(&["tfstate"]) || place.name().ends_with(b".tfstate.backup")
    }),
];

fn is_compose(place: &Place<'_>) -> bool {
    let name = place.name();
    if !place.is_yaml() {
        return false;
    }
    [b"compose".as_slice(), b"docker-compose", b"podman-compose", b"docker-stack"]
        .iter()
        .any(|start| name.starts_with(start))
        || place.holds("services", &["image", "build", "env_file"])
            && !place.has(&["apiVersion"])
            && !place.has(&["jobs"])
}

fn is_skypilot(place: &Place<'_>) -> bool {
    let mark = ["resources", "setup", "envs", "num_nodes", "file_mounts", "workdir"];
    place.is_yaml()
        && (place.name().ends_with(b".sky.yaml")
            || mark.iter().any(|mark| place.has(&["run", mark]))
            || place.has(&["service", "resources"]))
}

fn is_ansible(place: &Place<'_>) -> bool {
    let folders = ["tasks", "handlers", "playbooks", "group_vars", "host_vars", "roles"];
    place.is_yaml()
        && (place.lists(&["hosts", "tasks"])
            || place.lists(&["hosts", "roles"])
            || place.lists(&["hosts", "vars"])
            || place.name().starts_with(b"playbook")
            || place.is_named(&["site.yml"])
            || folders.iter().any(|folder| place.is_in(folder)))
}
