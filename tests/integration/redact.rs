//! `hfscan redact` over files of every format.

use crate::support::Workspace;

#[cfg(not(feature = "data"))]
#[test]
fn a_build_without_it_says_where_to_get_it() {
    let run = Workspace::with("a.jsonl", "{}\n").run(&["redact", "a.jsonl"]);
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("--features data"), "{}", run.stderr);
}

#[cfg(feature = "data")]
mod with_data {
    use super::*;
    use crate::support::token;
    use serde_json::{Value, json};

    fn lines(run: &crate::support::Run) -> Vec<Value> {
        run.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    #[test]
    fn the_rest_of_each_line_of_json_stays_byte_for_byte() {
        let workspace = Workspace::new();
        let (one, other) = (token("one"), token("other"));
        let inner = json!({ "env": { "HF_TOKEN": other } }).to_string();
        let quoted = serde_json::to_string(&inner).unwrap();
        let text = format!(
            "{{ \"id\" : 1.50,\"text\":\"caf\\u00e9 {one} \\ud83d\\ude00\" , \"n\":[ ]}}\r\n\
             \n{{\"text\": \"nothing\", \"log\": {quoted}}}\n{{\"text\": {one}\n"
        );
        workspace.write_bytes("a.jsonl", text.as_bytes());
        let run = workspace.run(&["redact", "a.jsonl", "--to", "b.jsonl"]);
        assert_eq!(run.code, Some(0), "{run:?}");
        let expected =
            text.replace(&one, "<hf-user-access-token>").replace(&other, "<config-file-token>");
        let redacted = std::fs::read_to_string(workspace.path("b.jsonl")).unwrap();
        let plain = redacted.replace("<config-file-token>", "<hf-user-access-token>");
        assert_eq!(plain, expected.replace("<config-file-token>", "<hf-user-access-token>"));
        assert_eq!(std::fs::read_to_string(workspace.path("a.jsonl")).unwrap(), text);
        for line in redacted.lines().filter(|line| line.ends_with('}')) {
            assert!(serde_json::from_str::<Value>(line).is_ok(), "{line}");
        }
        let again = workspace.run(&["redact", "b.jsonl"]);
        assert_eq!(again.code, Some(0), "{again:?}");
    }

    #[test]
    fn only_the_columns_that_are_meant_change() {
        let workspace = Workspace::new();
        let token = token("one");
        let line = json!({ "a": token, "b": [{ "c": token, "d": token }], "n": 1 });
        workspace.write_bytes("a.jsonl", format!("{line}\n").as_bytes());
        let run = workspace.run(&[
            "redact",
            "a.jsonl",
            "--columns",
            "b[].c",
            "--places",
            "-",
            "--in-place",
        ]);
        assert_eq!(run.code, Some(0), "{run:?}");
        let after: Value =
            serde_json::from_str(&std::fs::read_to_string(workspace.path("a.jsonl")).unwrap())
                .unwrap();
        assert_eq!(after["b"][0]["c"], "<hf-user-access-token>");
        assert_eq!((&after["a"], &after["b"][0]["d"]), (&json!(token), &json!(token)));
        let places = lines(&run);
        assert_eq!(places.len(), 1);
        assert_eq!((&places[0]["column"], &places[0]["row"]), (&json!("b[].c"), &json!(0)));
        assert_eq!((&places[0]["start"], &places[0]["end"]), (&json!(0), &json!(37)));
        assert!(!run.stdout.contains(&token[8..20]));
        let wrong = workspace.run(&["redact", "a.jsonl", "--columns", "x", "--to", "c.jsonl"]);
        assert_eq!(wrong.code, Some(2));
        assert!(wrong.stderr.contains("there are: a, b[].c, b[].d"), "{}", wrong.stderr);
        assert!(!workspace.path("c.jsonl").exists());
    }

    #[test]
    fn a_name_that_is_a_secret_is_told_masked() {
        let workspace = Workspace::new();
        let (name, value) = (token("name"), token("value"));
        let file = format!("{}.jsonl", token("file"));
        workspace.write_bytes(&file, format!("{{\"{name}\":{{\"x\":\"{value}\"}}}}\n").as_bytes());
        let places = ["redact", &file, "--columns", "*.x", "--places", "-"];
        for args in [&places[..], &places[..4], &["redact", &file, "--to", "b"]] {
            let run = workspace.run(args);
            assert!(matches!(run.code, Some(0 | 1)) && run.stdout.contains("hf_"), "{run:?}");
            for secret in [&name, &value, &file] {
                assert!(!run.stdout.contains(&secret[8..20]), "{run:?}");
            }
        }
        let run = workspace.run(&["redact", &file, "--columns", "y"]);
        assert_eq!(run.code, Some(2), "{run:?}");
        assert!(!run.stderr.contains(&name[8..20]), "{run:?}");
    }

    #[test]
    fn fields_of_csv_change_and_nothing_else() {
        let workspace = Workspace::new();
        let token = token("one");
        let text = format!(
            "\u{feff}id,\"the text\",note\r\n1,\"say \"\"hi\"\"\n{token}\",x\r\n2,{token},\"{token}\"\r\n3,,"
        );
        workspace.write_bytes("a.csv", text.as_bytes());
        let with = "a \"b\", c";
        let run = workspace.run(&[
            "redact",
            "a.csv",
            "--columns",
            "the text",
            "--with",
            with,
            "--to",
            "b.csv",
        ]);
        assert_eq!(run.code, Some(0), "{run:?}");
        let redacted = std::fs::read_to_string(workspace.path("b.csv")).unwrap();
        let expected = format!(
            "\u{feff}id,\"the text\",note\r\n1,\"say \"\"hi\"\"\na \"\"b\"\", c\",x\r\n\
             2,\"a \"\"b\"\", c\",\"{token}\"\r\n3,,"
        );
        assert_eq!(redacted, expected);
    }

    #[test]
    fn a_text_is_read_in_pieces_and_no_secret_falls_between_them() {
        let workspace = Workspace::new();
        let mut text = String::new();
        let mut count = 0;
        while text.len() < 9 << 20 {
            text.push_str(&"a line of a log without a secret in it\n".repeat(997));
            text.push_str(&format!("key {} end\n", token(&count.to_string())));
            count += 1;
        }
        workspace.write_bytes("a.log", text.as_bytes());
        let run = workspace.run(&["redact", "a.log", "--with", "same-length", "--to", "b.log"]);
        assert_eq!(run.code, Some(0), "{run:?}");
        let redacted = std::fs::read_to_string(workspace.path("b.log")).unwrap();
        let mut expected = text;
        for number in 0..count {
            expected = expected.replacen(&token(&number.to_string()), &"*".repeat(37), 1);
        }
        assert!(redacted == expected, "the texts differ");
        let columns = workspace.run(&["redact", "a.log", "--columns", "x", "--to", "c.log"]);
        assert_eq!((columns.code, workspace.path("c.log").exists()), (Some(2), false));
    }

    #[test]
    fn without_a_place_to_write_it_lists_what_it_found() {
        let workspace = Workspace::with("a.jsonl", "{\"t\": \"hf_{{alpha:34}}\"}\n{}\n");
        let before = std::fs::read(workspace.path("a.jsonl")).unwrap();
        let run = workspace.run(&["redact", "a.jsonl"]);
        assert_eq!(run.code, Some(1), "{run:?}");
        assert!(run.stdout.contains("a.jsonl: row 0, bytes 7 to 44: "), "{}", run.stdout);
        assert!(run.stdout.contains("2 rows, 1 credential found"), "{}", run.stdout);
        assert_eq!(std::fs::read(workspace.path("a.jsonl")).unwrap(), before);
    }

    #[test]
    fn many_files_go_into_a_folder_and_two_of_one_name_do_not() {
        let workspace = Workspace::new();
        workspace.write("x/a.txt", "hf_{{alpha:34}}\n");
        workspace.write("y/a.txt", "nothing\n");
        workspace.write("y/b.txt", "hf_{{alpha:34:b}}\n");
        let run = workspace.run(&["redact", "x/a.txt", "y/b.txt", "--to", "out"]);
        assert_eq!(run.code, Some(0), "{run:?}");
        for name in ["out/a.txt", "out/b.txt"] {
            let text = std::fs::read_to_string(workspace.path(name)).unwrap();
            assert_eq!(text, "<hf-user-access-token>\n");
        }
        let run = workspace.run(&["redact", "x/a.txt", "--to", "one/"]);
        assert_eq!(run.code, Some(0), "{run:?}");
        assert!(workspace.path("one/a.txt").is_file());
        let run = workspace.run(&["redact", "x/a.txt", "y/a.txt", "--to", "other"]);
        assert_eq!(run.code, Some(2));
        assert!(run.stderr.contains("would both be written to"), "{}", run.stderr);
    }

    #[test]
    fn the_same_key_gives_the_same_replacement_in_every_file() {
        let workspace = Workspace::new();
        workspace.write("key", "a key of more than sixteen bytes\n");
        workspace.write("a.jsonl", "{\"t\": \"hf_{{alpha:34}}\"}\n");
        workspace.write("a.csv", "t\nhf_{{alpha:34}}\n");
        for file in ["a.jsonl", "a.csv"] {
            let run = workspace.run(&["redact", file, "--key-file", "key", "--in-place"]);
            assert_eq!(run.code, Some(0), "{run:?}");
        }
        let digest = |file: &str| {
            let text = std::fs::read_to_string(workspace.path(file)).unwrap();
            let at = text.find("<secret:").unwrap();
            text[at..at + 17].to_string()
        };
        assert_eq!(digest("a.jsonl"), digest("a.csv"));
        workspace.write("short", "short\n");
        let run = workspace.run(&["redact", "a.csv", "--key-file", "short"]);
        assert!(run.code == Some(2) && run.stderr.contains("at least 16"), "{run:?}");
    }

    #[cfg(unix)]
    #[test]
    fn a_redacted_file_keeps_its_permissions() {
        use std::os::unix::fs::PermissionsExt;
        let workspace = Workspace::with("a.txt", "hf_{{alpha:34}}\n");
        let path = workspace.path("a.txt");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
        assert_eq!(workspace.run(&["redact", "a.txt", "--in-place"]).code, Some(0));
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_not_replaced_in_place_since_its_target_would_keep_the_credentials() {
        let workspace = Workspace::with("blobs/a", "hf_{{alpha:34}}\n");
        workspace.write("b.txt", "hf_{{alpha:34:b}}\n");
        std::os::unix::fs::symlink("blobs/a", workspace.path("a.txt")).unwrap();
        std::fs::hard_link(workspace.path("b.txt"), workspace.path("c.txt")).unwrap();
        for (file, why) in [("a.txt", "symbolic link; use `--to`"), ("c.txt", "hard links")] {
            let run = workspace.run(&["redact", "blobs/a", file, "--in-place"]);
            assert_eq!(run.code, Some(2), "{run:?}");
            assert!(run.stderr.contains(why), "{}", run.stderr);
            assert!(std::fs::read_to_string(workspace.path("blobs/a")).unwrap().starts_with("hf_"));
            let run = workspace.run(&["redact", file, "--to", "out.txt"]);
            assert_eq!(run.code, Some(0), "{run:?}");
        }
        assert!(workspace.path("a.txt").is_symlink());
    }

    #[test]
    fn a_file_that_is_not_what_its_name_says_is_an_error_and_stays() {
        let workspace = Workspace::with("a.parquet", "no Parquet at all\n");
        workspace.write("a.arrow", "no Arrow\n");
        for file in ["a.parquet", "a.arrow"] {
            let run = workspace.run(&["redact", file, "--in-place"]);
            assert_eq!(run.code, Some(2), "{run:?}");
            assert!(run.stderr.contains(file), "{}", run.stderr);
        }
        let text = std::fs::read_to_string(workspace.path("a.parquet")).unwrap();
        assert_eq!(text, "no Parquet at all\n");
    }
}
