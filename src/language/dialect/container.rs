//! Containers, clusters and machines.

use super::definition::{Dialect, FileContext};
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
        environment: &["literals"],
        scripts: &["script"],
        place: CommandPlace::ContainerStart,
        ..Dialect::new("kubernetes", |file| {
            file.has(&["apiVersion", "kind"])
                || file.is_named(&["kustomization.yaml", "kustomization.yml", "kustomization"])
        })
    },
    Dialect {
        commands: &[("command", "args")],
        environment: &["extraenv", "extraenvvars", "envvars"],
        place: CommandPlace::ContainerStart,
        ..Dialect::new("helm", |file| {
            file.is_yaml()
                && (file.name().starts_with(b"values") || file.is_named(&["helmfile.yaml"]))
                || file.name().ends_with(b"-values.yaml")
                || file.name().ends_with(b".values.yaml")
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
        ..Dialect::new("cloudformation", |file| {
            file.has(&["AWSTemplateFormatVersion"])
                || file.has(&["Resources"]) && file.holds("Resources", &["Properties"])
        })
    },
    Dialect {
        commands: &[("entryPoint", "command")],
        place: CommandPlace::ContainerStart,
        ..Dialect::new("ecs", |file| file.has(&["containerDefinitions"]))
    },
    Dialect {
        ..Dialect::new("serverless", |file| {
            file.is_named(&["serverless.yml", "serverless.yaml", "serverless.json"])
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
        ..Dialect::new("terraform", |file| {
            file.ends_in(&["tf", "tfvars", "tofu"])
                || file.name().ends_with(b".tf.json")
                || file.name().ends_with(b".tfvars.json")
        })
    },
    Dialect {
        environment: &["environment_vars"],
        scripts: &["inline"],
        place: CommandPlace::ImageBuild,
        ..Dialect::new("packer", |file| {
            file.name().ends_with(b".pkr.hcl") || file.name().ends_with(b".pkrvars.hcl")
        })
    },
    Dialect {
        build_arguments: &["args"],
        ..Dialect::new("bake", |file| file.name().starts_with(b"docker-bake."))
    },
    Dialect { environment: &["env"], ..Dialect::new("fly", |file| file.is_named(&["fly.toml"])) },
    // A model packaged for Baseten.
    Dialect::new("truss", |file| {
        file.is_named(&["config.yaml", "config.yml"])
            && (file.has(&["model_name", "secrets"]) || file.has(&["model_metadata"]))
    }),
    Dialect::new("android", |file| {
        file.is_named(&["androidmanifest.xml"])
            || file.is_in("res/values") && file.ends_in(&["xml"])
    }),
    Dialect::new("apple", |file| file.ends_in(&["plist"])),
    Dialect {
        commands: &[("command", "args")],
        place: CommandPlace::ContainerStart,
        ..Dialect::new("nomad", |file| {
            file.ends_in(&["nomad"]) || file.name().ends_with(b".nomad.hcl")
        })
    },
    Dialect::new("tfstate", |file| {
        file.ends_in(&["tfstate"]) || file.name().ends_with(b".tfstate.backup")
    }),
];

fn is_compose(file: &FileContext<'_>) -> bool {
    let name = file.name();
    if !file.is_yaml() {
        return false;
    }
    [b"compose".as_slice(), b"docker-compose", b"podman-compose", b"docker-stack"]
        .iter()
        .any(|start| name.starts_with(start))
        || file.holds("services", &["image", "build", "env_file"])
            && !file.has(&["apiVersion"])
            && !file.has(&["jobs"])
}

fn is_skypilot(file: &FileContext<'_>) -> bool {
    let mark = ["resources", "setup", "envs", "num_nodes", "file_mounts", "workdir"];
    file.is_yaml()
        && (file.name().ends_with(b".sky.yaml")
            || mark.iter().any(|mark| file.has(&["run", mark]))
            || file.has(&["service", "resources"]))
}

fn is_ansible(file: &FileContext<'_>) -> bool {
    let folders = ["tasks", "handlers", "playbooks", "group_vars", "host_vars", "roles"];
    file.is_yaml()
        && (file.lists(&["hosts", "tasks"])
            || file.lists(&["hosts", "roles"])
            || file.lists(&["hosts", "vars"])
            || file.name().starts_with(b"playbook")
            || file.is_named(&["site.yml"])
            || folders.iter().any(|folder| file.is_in(folder)))
}
