//! The texts of the built-in rule files.

/// The built-in rule files, with their names.
pub(super) const BUILT_IN: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/rules.rs"));

/// `true` if a built-in rule file has this name.
pub fn is_built_in_file(name: &str) -> bool {
    BUILT_IN.iter().any(|(file, _)| *file == name)
}
