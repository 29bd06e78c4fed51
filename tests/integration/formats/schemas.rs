//! The formats are valid by the schemas of their platforms.

use super::bench::Bench;
use std::{
    path::{Path, PathBuf},
    process::Command,
};

/// The folder with the schemas: `HFSCAN_SCHEMAS`, or the one beside the checkout.
fn schemas() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/schemas");
    let asked = std::env::var_os("HFSCAN_SCHEMAS").map(PathBuf::from);
    asked.or_else(|| beside.is_dir().then_some(beside))
}

#[test]
#[allow(clippy::print_stderr)]
fn every_format_that_has_a_schema_keeps_it() {
    let Some(schemas) = schemas() else {
        eprintln!("skipped: no schemas; HFSCAN_SCHEMAS names the folder that holds them");
        return;
    };
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let environment = Path::new(env!("CARGO_TARGET_TMPDIR")).join("validators");
    let output = Command::new("python3")
        .arg(root.join("tests/tools/validate_reports.py"))
        .args([&environment, &schemas, Bench::shared().folder.path()])
        .output();
    let Ok(output) = output else {
        eprintln!("skipped: no python3");
        return;
    };
    let said = String::from_utf8_lossy(&output.stdout).into_owned()
        + &String::from_utf8_lossy(&output.stderr);
    if output.status.code() == Some(77) {
        eprintln!("skipped: {said}");
        return;
    }
    assert!(output.status.success(), "{said}");
    let rules = std::fs::read_dir(root.join("rules")).unwrap().flatten();
    let rules = rules.filter(|one| one.path().extension().is_some_and(|end| end == "toml")).count();
    assert_eq!(said.matches(": ok").count(), 9 + rules, "{said}");
}

#[test]
#[allow(clippy::print_stderr)]
fn a_linter_of_sarif_finds_nothing_to_say() {
    if std::env::var_os("HFSCAN_NO_SARIF_LINTER").is_some() {
        eprintln!("skipped: HFSCAN_NO_SARIF_LINTER is set");
        return;
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tools/lint_sarif.sh");
    let report = Bench::shared().folder.path().join("report.sarif");
    let output = Command::new("sh").arg(script).arg(report).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned()
        + &String::from_utf8_lossy(&output.stderr);
    if output.status.code() == Some(77) {
        eprintln!("skipped: {said}");
        return;
    }
    assert!(output.status.success(), "{said}");
    assert!(said.contains("1 files scanned"), "{said}");
}
