//! The Python wheel.

use crate::support::Workspace;
use std::{
    path::Path,
    process::{Command, Output},
};

fn run(command: &mut Command) -> Output {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    output
}

/// Builds the wheel with maturin from PyPI and runs it in clean environments, which takes
/// minutes: `cargo test --test integration packages -- --ignored --nocapture`.
#[test]
#[ignore = "builds a release"]
#[allow(clippy::print_stderr)]
fn the_wheel_runs_where_pip_and_uv_install_it() {
    let project = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = tempfile::tempdir().unwrap();
    let tools = folder.path().join("tools");
    run(Command::new("python3").args(["-m", "venv"]).arg(&tools));
    run(Command::new(tools.join("bin/pip")).args(["install", "-q", "uv"]));
    let dist = folder.path().join("dist");
    let mut build = Command::new(tools.join("bin/pip"));
    let started = std::time::Instant::now();
    run(build.args(["wheel", "-q", "--no-deps", "--wheel-dir"]).arg(&dist).arg(project));
    let wheel = std::fs::read_dir(&dist).unwrap().flatten().next().unwrap().path();
    let size = std::fs::metadata(&wheel).unwrap().len();
    eprintln!("{size} bytes, built in {} s", started.elapsed().as_secs());
    assert!(size < 40 << 20, "the wheel has {size} bytes");

    let workspace = Workspace::with("app.py", "login(token=\"hf_{{alpha:34}}\")\n");
    let by_pip = folder.path().join("by-pip");
    run(Command::new("python3").args(["-m", "venv"]).arg(&by_pip));
    run(Command::new(by_pip.join("bin/pip")).args(["install", "-q", "--no-index"]).arg(&wheel));
    let mut uvx = Command::new(tools.join("bin/uvx"));
    uvx.arg("--offline").arg("--from").arg(&wheel).arg("hfscan");
    let mut module = Command::new(by_pip.join("bin/python"));
    module.args(["-m", "hfscan"]);
    for mut command in [Command::new(by_pip.join("bin/hfscan")), module, uvx] {
        let output = command.arg(".").current_dir(workspace.root()).output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert_eq!(output.status.code(), Some(1), "{command:?}: {output:?}");
        assert!(text.contains("app.py:1:14"), "{text}");
    }
    let mut import = Command::new(by_pip.join("bin/python"));
    import.args(["-c", "import hfscan; print(len(hfscan.scan(open('app.py').read())))"]);
    let output = run(import.current_dir(workspace.root()));
    assert_eq!(output.stdout, b"1\n");
}
