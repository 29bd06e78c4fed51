//! Puts the rule files of this folder into the program: as they are written, and in a form that
//! is read in a fraction of the time each time it starts.

use std::{error::Error, fmt::Write as _, fs, path::Path};
use toml::Table;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=rules");
    let root = std::env::var("CARGO_MANIFEST_DIR")?;
    let mut names = Vec::new();
    for entry in fs::read_dir(Path::new(&root).join("rules"))? {
        let name = entry?.file_name().into_string().map_err(|name| format!("{name:?}"))?;
        names.extend(name.strip_suffix(".toml").map(str::to_string));
    }
    names.sort_unstable();
    let mut files: Vec<(String, Table)> = Vec::new();
    let mut texts = String::from("&[\n");
    for name in names {
        let name = format!("rules/{name}.toml");
        let text = fs::read_to_string(Path::new(&root).join(&name))?;
        writeln!(texts, "    ({name:?}, {text:?}),")?;
        // What is wrong with it is told where it is read as it is written: by the tests.
        let mut file: Table = text.parse().map_err(|error| format!("{name}: {error}"))?;
        let rules = file.get_mut("rule").and_then(|rules| rules.as_array_mut());
        for rule in rules.into_iter().flatten() {
            // Examples are more than a quarter, and only for people and tests.
            rule.as_table_mut().and_then(|rule| rule.remove("example"));
        }
        files.push((name, file));
    }
    texts.push(']');
    let out = std::env::var("OUT_DIR")?;
    fs::write(Path::new(&out).join("rules.rs"), texts)?;
    fs::write(Path::new(&out).join("rules.msgpack"), rmp_serde::to_vec(&files)?)?;
    Ok(())
}
