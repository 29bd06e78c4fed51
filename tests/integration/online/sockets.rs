//! A scan opens no socket.

use crate::support::Workspace;
use std::process::{Command, Stdio};

fn exists(program: &str) -> bool {
    Command::new(program).arg("-V").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok()
}

#[test]
#[allow(clippy::print_stderr)]
fn a_scan_opens_no_socket() {
    if !exists("strace") {
        return eprintln!("skipped: there is no strace");
    }
    let workspace = Workspace::with("app.py", "login(token=\"hf_{{alpha:34}}\")\n");
    workspace.git(&["init", "-q"]);
    workspace.write(".env", "HF_ENDPOINT=http://127.0.0.1:9\n");
    let trace = workspace.path("../trace");
    for (args, code) in [
        (&["--format", "json"][..], 1),
        (&["--staged"], 0),
        (&["--history"], 0),
        (&["upload", "--to", "o/r"], 1),
        (&["explain", "hf-user-access-token"], 0),
        (&["rules"], 0),
        (&["--version"], 0),
    ] {
        let scan = workspace.command(args);
        let mut command = Command::new("strace");
        command.args(["-f", "-qq", "-e", "trace=%network", "-o"]).arg(&trace);
        command.arg(scan.get_program()).args(scan.get_args()).current_dir(workspace.root());
        command.env("HF_ENDPOINT", "http://127.0.0.1:9").env("HTTPS_PROXY", "http://127.0.0.1:9");
        command.env("HOME", workspace.path("../home"));
        let output = command.stdin(Stdio::null()).output().unwrap();
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        if errors.contains("ptrace") {
            return eprintln!("skipped: strace may not trace here");
        }
        assert_eq!(output.status.code(), Some(code), "{args:?}: {errors}");
        let calls = std::fs::read_to_string(&trace).unwrap();
        // `socketpair` and the like only connect a process with itself.
        let opened =
            calls.lines().find(|line| line.contains("socket(") || line.contains("connect("));
        assert_eq!(opened, None, "{args:?}");
    }
}
