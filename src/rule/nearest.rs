//! Which known name a misspelt one was probably meant to be.

/// The name that is nearest to `wanted` in spelling, if it is near enough to be meant:
/// a Jaro-Winkler similarity of 0.8 or more.
pub fn nearest<'a>(wanted: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    names
        .into_iter()
        .map(|name| (strsim::jaro_winkler(wanted, name), name))
        .filter(|(similarity, _)| *similarity >= 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}
