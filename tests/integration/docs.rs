//! The docs are correct: generated pages are up to date.

use crate::support::Workspace;
use std::path::Path;

/// The pages outside `docs/`.
const ROOT_PAGES: [&str; 4] = ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"];

/// Compares a file of `docs/` with its expected content, or with `HFSCAN_BLESS=1` writes it.
///
/// The name of the calling test contains `fresh`, by which the command in the message selects it.
pub fn assert_fresh(name: &str, expected: &str) {
    let test = std::thread::current().name().unwrap_or_default().to_string();
    assert!(test.contains("fresh"), "`{test}` needs `fresh` in its name");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(name);
    if std::env::var_os("HFSCAN_BLESS").is_some() {
        std::fs::write(&path, expected).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(found == expected, "docs/{name} is stale: `HFSCAN_BLESS=1 cargo test fresh` renews it");
}

#[test]
fn the_list_of_rules_is_fresh() {
    let run = Workspace::new().run(&["rules", "--format", "markdown"]);
    assert_fresh("rules.md", &run.stdout);
}

#[test]
fn the_command_line_page_is_fresh() {
    let workspace = Workspace::new();
    let mut page = String::from("# Command line\n\nMade from `--help`; do not edit.\n");
    // Each command, followed by its subcommands, in the order of the help.
    let mut commands = vec![String::new()];
    while let Some(command) = commands.pop() {
        let args: Vec<&str> = command.split_whitespace().chain(["--help"]).collect();
        let help = workspace.run(&args).stdout;
        let title = format!("hfscan {command}");
        page.push_str(&format!("\n## {}\n\n```text\n{}\n```\n", title.trim(), help.trim_end()));
        let below = subcommands(&help).map(|name| format!("{command} {name}").trim().to_string());
        let below: Vec<String> = below.collect();
        commands.extend(below.into_iter().rev());
    }
    assert!(page.contains("\n## hfscan baseline create\n"), "commands below commands are found");
    assert_fresh("cli.md", &page);
}

/// The commands that a help page lists.
fn subcommands(help: &str) -> impl Iterator<Item = &str> {
    let lines = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let names = lines.take_while(|line| !line.is_empty()).filter_map(|line| {
        let name = line.strip_prefix("  ").filter(|rest| !rest.starts_with(' '))?;
        name.split_whitespace().next()
    });
    names.filter(|name| *name != "help")
}

#[test]
fn the_json_schema_is_fresh() {
    let run = Workspace::new().run(&["config", "schema"]);
    assert_fresh("config.schema.json", &run.stdout);
}

#[test]
fn the_schemas_of_reports_and_rule_files_are_fresh() {
    for name in ["report", "rules"] {
        let run = Workspace::new().run(&["config", "schema", name]);
        assert_fresh(&format!("{name}.schema.json"), &run.stdout);
    }
}

#[test]
fn the_list_of_settings_is_fresh() {
    const MARK: &str = "<!-- made from the list of settings; do not edit below -->\n\n";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/configuration.md");
    let text = std::fs::read_to_string(path).unwrap();
    let (above, _) = text.split_once(MARK).expect("the page has the mark");
    assert_fresh(
        "configuration.md",
        &format!("{above}{MARK}{}", hfscan::internal::config::table()),
    );
}

#[test]
fn every_format_has_its_row_in_the_page_on_formats() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/formats.md");
    let page = std::fs::read_to_string(path).unwrap();
    let table = page.lines().skip_while(|line| !line.starts_with("| format |")).skip(2);
    let rows: Vec<&str> = table
        .map_while(|line| line.strip_prefix("| `")?.split_once("` |"))
        .map(|(name, _)| name)
        .collect();
    let formats: Vec<&str> =
        hfscan::internal::report::REPORTERS.iter().map(|one| one.name()).collect();
    assert_eq!(rows, formats, "the rows of docs/formats.md and `REPORTERS`");
}

#[test]
fn every_page_the_docs_link_to_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut pages: Vec<_> = ROOT_PAGES.iter().map(|name| root.join(name)).collect();
    pages.extend(std::fs::read_dir(root.join("docs")).unwrap().flatten().map(|entry| entry.path()));
    let mut broken = Vec::new();
    for page in pages.iter().filter(|page| page.extension().is_some_and(|ending| ending == "md")) {
        let text = std::fs::read_to_string(page).unwrap();
        for target in text.split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next()) {
            let is_local = !target.is_empty() && !target.contains("://") && !target.contains(' ');
            if is_local && !page.parent().unwrap().join(target).exists() {
                broken.push(format!("{}: {target}", page.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn the_readme_links_to_every_page() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = std::fs::read_to_string(root.join("README.md")).unwrap();
    let (_, foot) =
        readme.split_once("\n[Install](docs/install.md) · ").expect("the list of pages");
    let pages = std::fs::read_dir(root.join("docs")).unwrap().flatten();
    let names = pages.map(|page| page.file_name().to_string_lossy().into_owned());
    let is_missing =
        |name: &String| name.ends_with(".md") && !foot.contains(&format!("(docs/{name})"));
    let missing: Vec<String> =
        names.filter(|name| name != "install.md").filter(is_missing).collect();
    assert!(missing.is_empty(), "the foot of README.md misses {missing:?}");
}

#[test]
fn the_project_has_one_address_or_one_stand_in_for_it() {
    let address = env!("CARGO_PKG_REPOSITORY");
    let name = address.strip_prefix("https://github.com/").unwrap_or("OWNER/hfscan");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut pages: Vec<_> = ROOT_PAGES.iter().map(|page| root.join(page)).collect();
    pages.extend(std::fs::read_dir(root.join("docs")).unwrap().flatten().map(|one| one.path()));
    pages
        .extend(["action.yml", "pyproject.toml", "templates/gitlab.yml"].map(|one| root.join(one)));
    let pattern = regex::Regex::new(
        r"(?:uses: |--repo |github\.com/|^|[`\s])([A-Za-z0-9-]+/hfscan)(?:@|`|$|[\s#)])",
    )
    .unwrap();
    let mut found = 0;
    for page in pages.iter().filter(|page| page.is_file()) {
        let text = std::fs::read_to_string(page).unwrap();
        for line in text.lines() {
            for captures in pattern.captures_iter(line) {
                assert_eq!(&captures[1], name, "{}: {line}", page.display());
                found += 1;
            }
        }
    }
    assert!(found >= 2, "the action is shown with its address");
}

#[test]
fn the_practices_of_the_readme_name_rules_that_are_there() {
    let readme = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md"));
    let readme = readme.unwrap();
    let (_, table) = readme.split_once("| practice | rules |").expect("the table is there");
    let (table, _) = table.split_once("\n\n").unwrap();
    let list = Workspace::new().run(&["rules"]).stdout;
    let ids: Vec<&str> = list.lines().filter_map(|line| line.split(' ').next()).collect();
    let rows: Vec<&str> = table.lines().skip(2).collect();
    assert!(rows.len() >= 10, "{rows:?}");
    for row in rows {
        let rules = row.split(" | ").nth(1).expect(row);
        let named = rules.split('`').skip(1).step_by(2).filter(|name| !name.starts_with("--"));
        for name in named {
            let is_there = |id: &&str| match name.strip_suffix('*') {
                Some(start) => id.starts_with(start),
                None => *id == name,
            };
            assert!(ids.iter().any(is_there), "{name}: {row}");
        }
    }
}
