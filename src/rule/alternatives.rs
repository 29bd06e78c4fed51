//! The alternatives of a glob of names.

/// The globs that a glob of names with `{a,b}` expands to, none of which has a special character
/// except `*`; empty if that is not possible, or for more than 256.
pub fn alternatives(glob: &str) -> Vec<String> {
    const MOST: usize = 256;
    if !glob.is_ascii() || glob.contains(['?', '[', ']', '\\']) {
        return Vec::new();
    }
    let mut all = vec![String::new()];
    let mut rest = glob;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((choices, after)) = after.split_once('}') else { return Vec::new() };
        if before.contains('}') || choices.contains('{') || choices.split(',').any(str::is_empty) {
            return Vec::new();
        }
        let longer = |start: &String| {
            let start = format!("{start}{before}");
            choices.split(',').map(move |choice| format!("{start}{choice}"))
        };
        all = all.iter().flat_map(longer).collect();
        if all.len() > MOST {
            return Vec::new();
        }
        rest = after;
    }
    if rest.contains('}') {
        return Vec::new();
    }
    all.iter_mut().for_each(|one| one.push_str(rest));
    all
}
