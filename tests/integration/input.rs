//! Input that is large, unusual or missing.

use crate::support::{Workspace, token};
use std::io::{Seek, SeekFrom, Write};

#[test]
fn a_secret_is_found_wherever_the_windows_of_a_large_file_cut() {
    const WINDOW: usize = 256 << 10;
    let workspace = Workspace::new();
    let mut text = vec![b'x'; 40 * WINDOW];
    let token = token("large");
    let places = [
        0,
        WINDOW - 37,
        WINDOW * 2 - 20,
        WINDOW * 3 - 1,
        WINDOW * 4,
        WINDOW * 5 + 1,
        40 * WINDOW - 39,
    ];
    for place in places {
        text[place..place + 39].copy_from_slice(format!(" {token} ").as_bytes());
    }
    workspace.write_bytes("one-line.txt", &text);
    let run = workspace.run(&["--format", "json"]);
    let expected: Vec<String> = places
        .iter()
        .map(|place| format!("one-line.txt:1:{} hf-user-access-token", place + 2))
        .collect();
    assert_eq!(run.places(), expected);
    assert_eq!(run.json()["summary"]["bytes"], text.len());
    assert_eq!(run.json()["summary"]["secrets"], 1);
}

#[test]
fn several_large_files_are_all_scanned_whatever_one_of_them_costs() {
    let workspace = Workspace::new();
    let mut text = vec![b'x'; 5 << 20];
    for number in 0..5 {
        text.truncate(5 << 20);
        text.extend_from_slice(format!("\n{}\n", token(&number.to_string())).as_bytes());
        workspace.write_bytes(format!("{number}.txt"), &text);
    }
    workspace.write_bytes("panic-for-the-tests.txt", &text);
    for threads in ["1", "2", "3", "8"] {
        let run = workspace.run(&["--format", "json", "--threads", threads]);
        let mut places = run.places();
        // Without debug assertions, there is no panic to observe.
        if cfg!(debug_assertions) {
            assert_eq!(run.skipped(), ["panic-for-the-tests.txt crashed"], "{threads} threads");
        } else {
            assert!(places.pop().is_some_and(|last| last.starts_with("panic")));
        }
        let expected: Vec<String> =
            (0..5).map(|number| format!("{number}.txt:2:1 hf-user-access-token")).collect();
        assert_eq!(places, expected, "{threads} threads");
    }
}

#[test]
fn lines_of_a_large_file_are_counted() {
    let workspace = Workspace::new();
    let line = format!("{}\n", "é".repeat(50));
    let text = format!("{}  {}\n", line.repeat(100_000), token("line"));
    workspace.write_bytes("lines.txt", text.as_bytes());
    assert_eq!(
        workspace.run(&["--format", "json"]).places(),
        ["lines.txt:100001:3 hf-user-access-token"]
    );
}

#[test]
fn a_large_utf_16_file_is_read_in_windows_as_well() {
    let workspace = Workspace::new();
    let text = format!("{}\n  {}\n", "é😀".repeat(1_000_000), token("wide"));
    let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    workspace.write_bytes("wide.txt", &[vec![0xff, 0xfe], bytes].concat());
    assert_eq!(
        workspace.run(&["--format", "json"]).places(),
        ["wide.txt:2:3 hf-user-access-token"]
    );
}

#[test]
fn a_line_of_500_mb_is_scanned_to_its_end() {
    let workspace = Workspace::new();
    let mut file = std::fs::File::create(workspace.path("sparse.txt")).unwrap();
    file.seek(SeekFrom::Start(500_000_000)).unwrap();
    file.write_all(token("far").as_bytes()).unwrap();
    let run = workspace.run(&["--format", "json"]);
    assert_eq!(run.places(), ["sparse.txt:1:500000001 hf-user-access-token"]);
}

#[test]
fn standard_input_is_scanned_under_the_name_it_is_given() {
    let workspace = Workspace::new();
    let text = format!("a\nb = '{}'\n", token("stdin"));
    let run = workspace
        .run_with_input(&["-", "--stdin-filename", "x.py", "--format", "json"], text.as_bytes());
    assert_eq!(run.places(), ["x.py:2:6 hardcoded-token-assignment"]);
    let large = format!("{}\n{text}", "y".repeat(6 << 20));
    let run = workspace.run_with_input(&["-", "--format", "json"], large.as_bytes());
    assert_eq!(run.places(), ["stdin:3:6 hf-user-access-token"]);
}

#[test]
fn files_over_the_users_own_limit_are_left_out_and_said_so() {
    let workspace = Workspace::new();
    workspace.write("small.txt", "hf_{{alpha:34}}");
    workspace.write_bytes("large.txt", &[token("a").into_bytes(), vec![b' '; 2000]].concat());
    let run = workspace.run(&["--format", "json", "--max-file-size", "1K"]);
    assert_eq!(run.places(), ["small.txt:1:1 hf-user-access-token"]);
    assert_eq!(run.skipped(), ["large.txt too-large"]);
    assert_eq!(run.code, Some(1));
}

#[test]
fn a_path_that_is_not_there_is_named_and_ends_with_2() {
    let run = Workspace::new().run(&["no/such/path"]);
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.starts_with("error: no/such/path: "), "{run:?}");
}

#[test]
fn an_empty_tree_is_not_clean() {
    let run = Workspace::new().run(&[]);
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("error: nothing was scanned\nhelp: "), "{run:?}");
}

#[test]
fn files_deleted_under_the_walk_are_noted_and_do_no_harm() {
    let workspace = Workspace::new();
    for number in 0..3000 {
        workspace.write_bytes(format!("d{}/{number}.txt", number % 50), b"clean");
    }
    let deleting = workspace.root();
    let run = std::thread::scope(|scope| {
        scope.spawn(move || {
            for folder in (0..50).rev() {
                // Parts of it may already be deleted, or be read at this moment.
                let _ = std::fs::remove_dir_all(deleting.join(format!("d{folder}")));
            }
        });
        workspace.run(&["--format", "json"])
    });
    // If files were not scanned, the result cannot be trusted.
    let expected = if run.skipped().is_empty() { 0 } else { 2 };
    assert!(run.code == Some(expected) || run.stderr.contains("nothing was scanned"), "{run:?}");
    assert!(run.skipped().iter().all(|one| one.ends_with(" vanished")), "{run:?}");
}

#[test]
fn broken_rule_files_are_named_with_line_and_rule() {
    let valid = "[[rule]]\nid = \"my-rule\"\ntitle = \"t\"\nseverity = \"low\"\nconfidence = \"low\"\ncwe = [1]\n\
                 message = \"m\"\nwhy = \"w\"\nhint = \"h\"\nreferences = []\nkeywords = [\"abc\"]\npattern = ['abc']\n";
    let cases = [
        ("[[rule]\n", "rules.toml:1: "),
        (&valid.replace("title", "tilte"), "rules.toml:3: rule `my-rule`: unknown field `tilte`"),
        (
            &valid.replace("['abc']", "['ab[c']"),
            "rules.toml:12: rule `my-rule`: bad pattern: unclosed character class",
        ),
        (
            &valid.replace("\"low\"\nconf", "\"lwo\"\nconf"),
            "rules.toml:4: rule `my-rule`: unknown variant `lwo`",
        ),
        (
            &valid.replace("[\"abc\"]\npattern = ['abc']", "[]\npattern = ['[a-z]+']"),
            "rules.toml:1: rule `my-rule`: `keywords` is missing",
        ),
        (
            &valid.replace("[\"abc\"]", "[\"ab\"]"),
            "rules.toml:11: rule `my-rule`: keyword \"ab\" must have 3 to 128 bytes",
        ),
        (
            &valid.replace("my-rule", "hf-user-access-token"),
            "is already defined in rules/huggingface.toml",
        ),
        (&valid.replace("my-rule", "My Rule"), "`id` must be lower-case words"),
        (&valid.replace("pattern", "views"), "rules.toml:12: rule `my-rule`: "),
    ];
    for (text, expected) in cases {
        let workspace = Workspace::with("a.txt", "abc");
        workspace.write_bytes("rules.toml", text.as_bytes());
        let run = workspace.run(&["--rules", "rules.toml"]);
        assert_eq!(run.code, Some(2), "{run:?}");
        assert!(
            run.stderr.starts_with("error: ") && run.stderr.contains(expected),
            "{expected}: {run:?}"
        );
    }
    let workspace = Workspace::with("a.txt", "abc");
    workspace.write_bytes("rules.toml", valid.as_bytes());
    let run = workspace.run(&["--rules", "rules.toml", "--format", "json", "a.txt"]);
    assert_eq!(run.places(), ["a.txt:1:1 my-rule"]);
}

#[test]
fn a_name_that_a_rule_misspells_is_an_error_that_says_what_was_meant() {
    let head = "[[rule]]\nid = \"my-rule\"\ntitle = \"t\"\nseverity = \"low\"\nconfidence = \"low\"\ncwe = [1]\n\
                message = \"m\"\nwhy = \"w\"\nhint = \"h\"\nreferences = []\nkeywords = [\"abc\"]\n";
    for (rest, error, help) in [
        (
            "[[rule.binding]]\nlanguage = [\n  \"json\",\n  \"pyhton\",\n]\n",
            "rules.toml:15: rule `my-rule`: no language or dialect is named `pyhton`",
            "did you mean `python`?",
        ),
        (
            "[[rule.command]]\nlanguage = [\"github-action\"]\n",
            "rules.toml:13: rule `my-rule`: no language or dialect is named `github-action`",
            "did you mean `github-actions`?",
        ),
        (
            "pattern = ['abc']\n[rule.hints]\ndokcerfile = \"x\"\n",
            "rule `my-rule`: no language or dialect is named `dokcerfile`",
            "did you mean `dockerfile`?",
        ),
        (
            "pattern = ['abc']\nkeyword-word = \"named-secret\"\n",
            "rule `my-rule`: `keyword-word` is only for rules whose every `value`",
            "is [\"named-secret\"]",
        ),
        (
            "pattern = ['abc']\nparts = [\"ouput\"]\n",
            "rules.toml:13: rule `my-rule`: no part of a file is named `ouput`",
            "did you mean `output`?",
        ),
        (
            "pattern = ['abc']\ncontainer = [\"qqq\"]\n",
            "rules.toml:13: rule `my-rule`: no container is named `qqq`",
            "expected one of zip, gzip, ",
        ),
        (
            "[[rule.binding]]\nvalue = [\"litteral\"]\n",
            "rules.toml:13: rule `my-rule`: unknown variant `litteral`",
            "did you mean `literal`?",
        ),
        (
            "pattern = ['abc']\nexclude-path = []\n",
            "rules.toml:13: rule `my-rule`: unknown field `exclude-path`",
            "did you mean `exclude-paths`?",
        ),
    ] {
        let workspace = Workspace::with("a.txt", "abc");
        workspace.write_bytes("rules.toml", format!("{head}{rest}").as_bytes());
        let run = workspace.run(&["--rules", "rules.toml"]);
        assert_eq!(run.code, Some(2), "{run:?}");
        assert!(run.stderr.contains(error) && run.stderr.contains(help), "{error}: {run:?}");
    }
}

#[test]
fn a_word_that_is_or_was_meant_as_a_command_is_pointed_out() {
    let workspace = Workspace::with("a.py", "x = 1\n");
    for words in [&["scan", "."][..], &["check", "."], &["scan"]] {
        assert_eq!(workspace.run(words).code, Some(0), "{words:?}");
    }
    let run = workspace.run(&["import", "."]);
    assert_eq!(run.code, Some(2));
    assert!(
        run.stderr.contains("`import` is reserved") && run.stderr.contains("`./import`"),
        "{run:?}"
    );
    workspace.write("import", "x = 1\n");
    assert_eq!(workspace.run(&["import"]).code, Some(2));
    assert_eq!(workspace.run(&["./import"]).code, Some(0));
    assert_eq!(workspace.run(&["--", "import"]).code, Some(0), "a hook names files so");
    for (word, meant) in [
        ("expalin", "hfscan explain"),
        ("rule", "hfscan rules"),
        ("detect", "needs no command: `hfscan .`"),
        ("git", "needs no command: `hfscan --history`"),
    ] {
        let run = workspace.run(&[word]);
        assert!(run.code == Some(2) && run.stderr.contains(meant), "{run:?}");
    }
}

#[test]
fn overlapping_and_repeated_paths_are_scanned_once() {
    let workspace = Workspace::with("src/a.py", "login(token=\"hf_{{alpha:34}}\")\n");
    workspace.git(&["init", "-q"]);
    for paths in [&[".", "src"][..], &["src", "./src"], &["src", "src/a.py"], &["src/a.py", "."]] {
        let run = workspace.run(&[paths, &["--format", "json"]].concat());
        assert_eq!(run.places().len(), 1, "{paths:?}");
        let files = run.json()["summary"]["files"].as_u64();
        assert!(files.is_some_and(|files| files <= 2), "{paths:?}: {files:?}");
    }
    let list = b"src/a.py\n./src/a.py\nsrc/a.py\n";
    let run = workspace.run_with_input(&["--files-from", "-", "--format", "json"], list);
    assert_eq!(run.places().len(), 1);
}

#[test]
fn isolated_obeys_no_ignore_file_but_for_what_git_does_not_track() {
    let workspace = Workspace::with("a.py", "login(token=\"hf_{{alpha:34}}\")\n");
    for name in [".ignore", ".hfscanignore"] {
        workspace.write_bytes(name, b"a.py\n");
    }
    assert_eq!(workspace.run(&["--isolated"]).code, Some(1));
    for name in [".ignore", ".hfscanignore"] {
        std::fs::remove_file(workspace.path(name)).unwrap();
    }
    workspace.write_bytes(".gitignore", b"a.py\n");
    assert_eq!(workspace.run(&["--isolated"]).code, Some(1), "outside of a repository");
    workspace.git(&["init", "-q"]);
    assert_eq!(workspace.run(&["--isolated"]).code, Some(0), "git leaves it untracked");
}

#[test]
fn an_excluded_path_may_be_written_with_a_dot_or_backslashes() {
    let workspace = Workspace::with("tests/a.py", "login(token=\"hf_{{alpha:34}}\")\n");
    workspace.write("b.py", "x = 1\n");
    for glob in ["./tests/**", r"tests\**", r".\tests\a.py"] {
        assert_eq!(workspace.run(&["--exclude", glob]).code, Some(0), "{glob}");
    }
}

#[test]
fn many_occurrences_of_one_token_in_a_file_are_counted_and_not_kept() {
    let token = token("alike");
    let many = |count: usize| format!("{token}\n").repeat(count);
    // A file read whole, and one read in windows.
    for (count, threads) in [(1_000, "1"), (150_000, "1"), (150_000, "4")] {
        let workspace = Workspace::new();
        workspace.write_bytes("a.txt", many(count).as_bytes());
        let report = workspace.run(&["--format", "json", "--threads", threads]).json();
        let findings = report["findings"].as_array().unwrap();
        assert_eq!(findings.len(), 200);
        let note = format!("{} more times", count - 200);
        let last = &findings[199];
        assert!(last["notes"].to_string().contains(&note), "{last}");
        assert_eq!(last["location"]["start"]["line"], 200);
    }
    let workspace = Workspace::new();
    workspace.write_bytes("a.txt", many(199).as_bytes());
    assert_eq!(workspace.run(&["--format", "json"]).places().len(), 199);
}

#[test]
fn each_token_of_a_long_line_is_shown_with_what_stands_near_it() {
    let tokens: Vec<String> = (0..500).map(|number| token(&format!("line{number}"))).collect();
    let workspace = Workspace::new();
    workspace.write_bytes("a.txt", tokens.join(" ").as_bytes());
    let report = workspace.run(&["--format", "json"]).json();
    let findings = report["findings"].as_array().unwrap();
    assert_eq!(findings.len(), tokens.len());
    for (number, finding) in findings.iter().enumerate() {
        let text = finding["excerpt"]["text"].as_str().unwrap();
        let shown = text.chars().count();
        let expected = if (100..400).contains(&number) { 470..=481 } else { 230..=481 };
        assert!(expected.contains(&shown), "{number}: {shown}: {text}");
        assert!(tokens.iter().all(|token| !text.contains(&token[6..20])), "{text}");
        let from = finding["excerpt"]["highlight"]["start"].as_u64().unwrap() as usize;
        assert!(text[from..].starts_with(&format!("hf_{}", &tokens[number][3..5])), "{text}");
    }
}

#[test]
fn what_exclude_leaves_out_is_counted_and_a_glob_without_a_match_is_reported() {
    let workspace = Workspace::with("tests/a.py", "login(token=\"hf_{{alpha:34}}\")\n");
    workspace.write("tests/deep/b.py", "x = 1\n");
    workspace.write("src/c.py", "x = 1\n");
    let globs = ["--exclude", "tests/", "--exclude", "test/**", "--exclude", "*.png"];
    let report = workspace.run(&[&globs[..], &["--format", "json"]].concat()).json();
    assert_eq!(report["summary"]["excluded"], 2);
    let warnings = report["warnings"].to_string();
    assert!(warnings.contains("`test/**`") && warnings.contains("`*.png`"), "{warnings}");
    assert!(!warnings.contains("`tests/`"), "{warnings}");
    let text = workspace.run(&globs).stdout;
    assert!(text.contains("2 paths excluded"), "{text}");
    // A scan of a part of the tree cannot judge globs for other parts.
    let report = workspace.run(&[&globs[..], &["src", "--format", "json"]].concat()).json();
    assert_eq!(report["warnings"].as_array().unwrap().len(), 0, "{report}");
    workspace.git(&["init", "-q"]);
    workspace.git(&["add", "."]);
    let report = workspace.run(&[&globs[..], &["--staged", "--format", "json"]].concat()).json();
    assert_eq!(report["summary"]["skipped"]["excluded"], 2, "{report}");
    assert_eq!(report["complete"], true);
}

#[test]
fn ignore_files_hide_nothing_where_the_git_folder_is_gone() {
    let workspace = Workspace::with("a.py", "login(token=\"hf_{{alpha:34}}\")\n");
    workspace.write("deep/b.log", "hf_{{alpha:34:b}}\n");
    workspace.write_bytes(".gitignore", b"a.py\n*.log\n");
    for content in ["gitdir: /nonexistent/modules/x\n", "gitdir: .git\n", "", "garbage\n"] {
        workspace.write_bytes(".git", content.as_bytes());
        for args in [&[][..], &["deep"]] {
            let run = workspace.run(&[args, &["--format", "json"]].concat());
            assert_eq!(run.code, Some(1), "{content}{args:?}");
            let found = if args.is_empty() { 2 } else { 1 };
            assert_eq!(run.places().len(), found, "{content}{args:?}");
            assert_eq!(run.json()["complete"], false);
        }
    }
}

#[test]
#[cfg(unix)]
fn ignore_files_hide_nothing_that_git_tracks_where_the_git_folder_is_a_link() {
    let workspace = Workspace::with("a.log", "HF_TOKEN=hf_{{alpha:34}}\n");
    workspace.write_bytes(".gitignore", b"*.log\n");
    workspace.git(&["init", "-q"]);
    workspace.git(&["add", "-f", "."]);
    let kept = tempfile::tempdir().expect("a folder");
    let (git, kept) = (workspace.path(".git"), kept.path().join("kept"));
    std::fs::rename(&git, &kept).expect("one file system");
    std::os::unix::fs::symlink(&kept, &git).expect("a link");
    let run = workspace.run(&["--format", "json"]);
    let places = run.places();
    assert!(places.iter().any(|place| place.starts_with("a.log:1")), "{places:?}");
}
