//! Configurations of projects within a repository, and the files that they extend.

use super::{OWN_RULE, files, with_config};
use crate::support::Workspace;

/// A repository whose projects have their own settings.
fn monorepo() -> Workspace {
    let workspace =
        with_config("exclude = ['vendor/']\nselect = ['hardcoded-*', 'deprecated-*']\n");
    let leak = |path: &str| {
        let text = format!("login(token=\"hf_{{{{alpha:34:{path}}}}}\")\n");
        let habit = "x.push_to_hub(use_auth_token=True)\nk = 'acme-12345678'\n";
        workspace.write(path, &(text + habit));
    };
    for path in [
        "top.py",
        "vendor/v.py",
        "pk/a/m.py",
        "pk/a/tests/t.py",
        "pk/b/m.py",
        "pk/c/m.py",
        "pk/d/m.py",
    ] {
        leak(path);
    }
    workspace
        .write("shared.toml", "ignore = ['deprecated-use-auth-token']\nexclude = ['pk/**/x.*']\n");
    workspace.write(
        "pk/a/.hfscan.toml",
        "extends = '../../shared.toml'\nexclude = ['tests/']\n\
         severity.hardcoded-login-token = 'medium'\n",
    );
    workspace.write("pk/a/deep/x.py", "login(token=\"hf_{{alpha:34:deep}}\")\n");
    workspace.write(
        "pk/b/pyproject.toml",
        "[tool.hfscan]\nignore = ['hardcoded-login-token']\nfail-on = 'never'\n",
    );
    workspace.write("pk/c/hfscan.toml", "rules = ['own.toml']\nselect = ['acme-key']\n");
    workspace.write("pk/c/own.toml", OWN_RULE);
    workspace.write("pk/d/pyproject.toml", "[project]\nname = 'd'\n");
    std::fs::remove_file(workspace.path("app.py")).unwrap();
    std::fs::remove_file(workspace.path("tests/t.py")).unwrap();
    workspace
}

#[test]
fn the_nearest_configuration_counts_for_each_file_however_the_scan_is_asked_for() {
    let workspace = monorepo();
    let (a, b) =
        ("pk/a/m.py:1:14 hardcoded-login-token", "pk/b/m.py:2:15 deprecated-use-auth-token");
    let c = "pk/c/m.py:3:6 acme-key";
    let d = ["pk/d/m.py:1:14 hardcoded-login-token", "pk/d/m.py:2:15 deprecated-use-auth-token"];
    let all = [a, b, c, d[0], d[1], "top.py:1:14 hardcoded-login-token"];
    let all = [&all[..], &["top.py:2:15 deprecated-use-auth-token"]].concat();
    let places = |args: &[&str]| workspace.run(&[args, &["--format", "json"]].concat()).places();
    assert_eq!(places(&[]), all);
    assert_eq!(places(&["-j1", "pk/c", "pk/b", "pk/a", "pk/d", "top.py", "vendor"]), all);
    let files = ["top.py", "pk/a/m.py", "pk/b/m.py", "pk/c/m.py", "pk/d/m.py", "pk/a/tests/t.py"];
    assert_eq!(places(&files), all);
    let list = files.join("\n");
    let run = workspace.run_with_input(&["--files-from", "-", "-f", "json"], list.as_bytes());
    assert_eq!(run.places(), all);
    for (folder, expected) in [("pk/a", &[a][..]), ("pk/b", &[b]), ("pk/c", &[c]), ("pk/d", &d)] {
        assert_eq!(places(&[folder]), expected);
    }
    let name = ["-", "--stdin-filename", "pk/c/new.py", "-f", "json"];
    let run = workspace.run_with_input(&name, b"k = 'acme-12345678'\n");
    assert_eq!(run.places(), ["pk/c/new.py:1:6 acme-key"]);
    workspace.git(&["add", "-A"]);
    assert_eq!(places(&["--staged"]), all);
    workspace.git(&["commit", "-qm", "all"]);
    // In history a habit is one finding, regardless of its locations.
    let secrets = |mut places: Vec<String>| {
        places.retain(|place| !place.contains("deprecated"));
        places
    };
    let all = all.iter().map(|place| place.to_string()).collect();
    assert_eq!(secrets(places(&["--history"])), secrets(all));
    assert_eq!(places(&["pk/a/tests/t.py", "--isolated"]).len(), 2);
}

#[test]
fn severities_and_the_exit_status_are_those_of_the_nearest_configuration() {
    let workspace = monorepo();
    let run = workspace.run(&["-f", "json"]);
    assert_eq!(run.json()["findings"][0]["severity"], "medium");
    let code = |args: &[&str]| workspace.run(args).code;
    assert_eq!((code(&[]), code(&["pk/a"]), code(&["pk/b"])), (Some(1), Some(1), Some(0)));
    assert_eq!(code(&["pk/b/m.py", "pk/a/tests/t.py"]), Some(0));
    assert_eq!(code(&["pk/b", "--fail-on", "low"]), Some(1), "an option is for all projects");
}

#[test]
fn a_rule_that_only_one_project_has_is_listed_in_reports() {
    let workspace = monorepo();
    let sarif = workspace.run(&["-f", "sarif"]).json();
    let run = &sarif["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let results = run["results"].as_array().unwrap();
    assert!(results.iter().any(|result| result["ruleId"] == "acme-key"));
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
    }
}

#[test]
fn a_configuration_below_that_cannot_be_used_ends_the_run() {
    for (text, expected) in [
        ("fail_on = 1\n", "pk/a/.hfscan.toml:1: unknown setting"),
        ("ignore = ['hf-nothing']\n", "pk/a/.hfscan.toml:1: no rule is named"),
        ("rules = ['gone.toml']\n", "pk/a/.hfscan.toml:1: `gone.toml`: No such file"),
        ("extends = 'gone.toml'\n", "pk/a/gone.toml: No such file"),
        ("extends = '../../../tree.toml'\n", "is outside the repository"),
        ("extends = '.hfscan.toml'\n", "is a cycle"),
    ] {
        let workspace = monorepo();
        workspace.write("pk/a/.hfscan.toml", text);
        for args in [&[][..], &["pk/a"], &["pk/a/m.py"]] {
            let run = workspace.run(args);
            assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{text}");
            assert!(run.stderr.contains(expected), "{text}: {}", run.stderr);
        }
        assert_eq!(workspace.run(&["top.py"]).code, Some(1), "it is not of this project");
    }
}

#[test]
fn what_a_configuration_extends_comes_after_its_own_settings() {
    let workspace = with_config("extends = ['a.toml', 'b/b.toml']\nfail-on = 'never'\n");
    workspace.write("a.toml", "fail-on = 'low'\nselect = ['hf-*']\nexclude = ['from-a']\n");
    workspace
        .write("b/b.toml", "extends = 'c.toml'\nselect = ['hardcoded-*']\nexclude = ['/app.py']\n");
    workspace.write("b/c.toml", "require-reason = true\nselect = ['ci-*']\n");
    let shown = workspace.run(&["config", "show"]).stdout;
    for expected in [
        "fail-on = \"never\"  # .hfscan.toml:2",
        "select = [\"hardcoded-*\"]  # b/b.toml:2",
        "exclude = [\"from-a\", \"/app.py\"]  # a.toml:3, b/b.toml:3",
        "require-reason = true  # b/c.toml:1",
    ] {
        assert!(shown.contains(expected), "{expected}: {shown}");
    }
    assert_eq!(files(&workspace, &[]), ["app.py", "tests/t.py"], "the glob is of the folder `b`");
    let many: String = (0..20).map(|n| format!("'{n}.toml',")).collect();
    (0..20).for_each(|n| workspace.write(&format!("{n}.toml"), ""));
    workspace.write(".hfscan.toml", &format!("extends = [{many}]\n"));
    let run = workspace.run(&[]);
    assert!(
        run.code == Some(2) && run.stderr.contains("exceeds the maximum number of files"),
        "{run:?}"
    );
}

#[test]
fn configurations_without_end_are_refused() {
    let workspace = with_config("");
    let many: String = (0..150).map(|n| format!("'a{n}',")).collect();
    for n in 0..7 {
        workspace.write(&format!("p{n}/.hfscan.toml"), &format!("allow.patterns = [{many}]\n"));
        workspace.write(&format!("p{n}/a.py"), "x = 1\n");
    }
    let run = workspace.run(&[]);
    assert!(
        run.code == Some(2) && run.stderr.contains("more than 1000 `allow.patterns`"),
        "{run:?}"
    );
    let ids = workspace.run(&["rules"]).stdout;
    let ids = ids.lines().filter_map(|line| line.split(' ').next());
    for (n, id) in ids.take(40).enumerate() {
        workspace.write(&format!("p{n}/.hfscan.toml"), &format!("ignore = ['{id}']\n"));
        workspace.write(&format!("p{n}/a.py"), "x = 1\n");
    }
    let run = workspace.run(&[]);
    assert!(run.code == Some(2) && run.stderr.contains("more than 32 different"), "{run:?}");
}
