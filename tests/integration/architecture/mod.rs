//! The folders depend on each other as `docs/architecture.md` describes.

mod comments;
mod graph;
mod lists;
mod page;

use graph::Graph;
use page::floors;
use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

fn floor_of(floors: &[Vec<String>], module: &str) -> Option<usize> {
    floors.iter().position(|floor| floor.iter().any(|name| name == module))
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            files.push(path);
        }
    }
    files
}

/// The modules that a file refers to, in `use crate::…` or in a path, without its tests.
fn named(text: &str) -> Vec<String> {
    let code = text.split("#[cfg(test)]").next().unwrap_or(text);
    let code: String = code
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n");
    let mut names = Vec::new();
    for rest in code.split("crate::").skip(1) {
        let group = rest.strip_prefix('{').map(|group| group.split(';').next().unwrap_or(""));
        match group {
            Some(group) => names.extend(top_names(group)),
            None => names.extend(
                rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().map(str::to_string),
            ),
        }
    }
    names
}

/// `model::{a, b}, rule::c` names `model` and `rule`.
fn top_names(group: &str) -> Vec<String> {
    let (mut names, mut depth, mut word) = (Vec::new(), 0, String::new());
    for character in group.chars() {
        match character {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => names.push(std::mem::take(&mut word)),
            c if depth == 0 => word.push(c),
            _ => {}
        }
    }
    names.push(word);
    names
        .iter()
        .filter_map(|name| name.trim().split("::").next())
        .map(str::to_string)
        .filter(|n| !n.is_empty())
        .collect()
}

#[test]
fn modules_name_only_modules_on_lower_floors() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (floors, mut wrong) = (floors(), Vec::new());
    for file in rust_files(&source) {
        let inside = file.strip_prefix(&source).unwrap();
        let own = inside.components().next().unwrap().as_os_str().to_string_lossy();
        let own = own.trim_end_matches(".rs");
        let Some(own_floor) = floor_of(&floors, own) else { continue };
        for name in named(&std::fs::read_to_string(&file).unwrap()) {
            let allowed =
                name == own || floor_of(&floors, &name).is_some_and(|floor| floor < own_floor);
            if !allowed {
                wrong.push(format!("{}: names {name}", inside.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_folder_of_the_source_has_a_floor_and_every_floor_its_folders() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let names = std::fs::read_dir(source)
        .unwrap()
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().trim_end_matches(".rs").to_string());
    let found: BTreeSet<String> = names.filter(|name| name != "lib").collect();
    assert_eq!(floors().into_iter().flatten().collect::<BTreeSet<_>>(), found);
}

#[test]
fn no_files_name_each_other_in_a_circle() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let graph = Graph::read(&source);
    let circles = graph.circles();
    let circles: Vec<String> = circles.iter().map(|circle| graph.describe(circle)).collect();
    assert!(circles.is_empty(), "{} circles:\n{}", circles.len(), circles.join("\n"));
}
