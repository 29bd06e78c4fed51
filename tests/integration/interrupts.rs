//! Signals terminate a run early.

use crate::support::Workspace;

#[test]
fn an_interrupted_scan_reports_what_it_found_and_ends_with_2() {
    let workspace = Workspace::with("a.txt", "hf_{{alpha:34}}");
    // A sparse file takes no space, but longer to read than the test waits.
    std::fs::File::create(workspace.path("huge.bin")).unwrap().set_len(1 << 40).unwrap();
    let mut command = workspace.command(&["--no-progress"]);
    command.stdout(std::process::Stdio::piped());
    let child = command.spawn().unwrap();
    std::thread::sleep(std::time::Duration::from_millis(700));
    let pid = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(2), "{text}");
    assert!(
        text.contains("--> a.txt:1:1") && text.contains("interrupted: not everything was scanned"),
        "{text}"
    );
}

#[test]
fn one_signal_ends_a_run_that_waits_or_works_within_a_second() {
    use rustix::process::{Pid, Signal, kill_process};
    use std::{
        process::Stdio,
        thread::sleep,
        time::{Duration, Instant},
    };
    let workspace = Workspace::new();
    workspace.git(&["init", "--quiet"]);
    // One text, which cannot be divided and takes seconds to search without optimisation.
    workspace.write("long.txt", &"hf_{{alpha:34}} ".repeat(100_000));
    let modes: [&[&str]; 4] = [
        &["-"],
        &["--files-from", "-"],
        &["--pre-push"],
        &["long.txt", "--format", "json", "--output", "report.json"],
    ];
    for (arguments, signal) in
        modes.iter().flat_map(|one| [Signal::INT, Signal::TERM].map(|signal| (one, signal)))
    {
        let mut command = workspace.command(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        sleep(Duration::from_millis(500));
        if child.try_wait().unwrap().is_some() {
            assert_eq!(arguments[0], "long.txt", "it waits for its input");
            continue;
        }
        let sent = Instant::now();
        kill_process(Pid::from_child(&child), signal).unwrap();
        let status = loop {
            if let Some(status) = child.try_wait().unwrap() {
                break status;
            }
            // On a busy machine a process needs some time to exit.
            let waited = sent.elapsed();
            assert!(waited < Duration::from_secs(3), "{arguments:?} runs on after {waited:?}");
            sleep(Duration::from_millis(20));
        };
        assert!(status.code().is_none_or(|code| code == 2), "{arguments:?}: {status}");
    }
}
