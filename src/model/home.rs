//! The public address of hfscan.

/// The address of the repository, set when a release is built
/// (`HFSCAN_HOME_PAGE=https://… cargo build`). Without it, or if it is empty, nothing that hfscan
/// writes may depend on a release: links are left out.
pub const HOME_PAGE: Option<&str> = match option_env!("HFSCAN_HOME_PAGE") {
    Some(home) if !home.is_empty() => Some(home),
    _ => None,
};

/// The address of the section on a built-in rule, in the docs of this version; `None` without a
/// home page.
pub fn rule_page(id: &str) -> Option<String> {
    HOME_PAGE.map(|home| page_at(home, id))
}

/// The identifier of a JSON Schema: its address, or without a home page a URN. `version` is that of
/// the format.
pub fn schema_id(name: &str, version: u32) -> String {
    HOME_PAGE.map_or_else(
        || format!("urn:hfscan:schema:{name}:{version}"),
        |home| format!("{}/docs/{name}.schema.json", files_at(home, "raw")),
    )
}

fn page_at(home: &str, id: &str) -> String {
    format!("{}/docs/rules.md#{id}", files_at(home, "blob"))
}

/// The files of this version, in the form that GitHub and GitLab share.
fn files_at(home: &str, kind: &str) -> String {
    format!("{}/{kind}/v{}", home.trim_end_matches('/'), env!("CARGO_PKG_VERSION"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_has_an_address_in_the_docs_of_this_version() {
        let version = env!("CARGO_PKG_VERSION");
        assert_eq!(
            page_at("https://example.com/o/hfscan/", "hf-oauth-token"),
            format!("https://example.com/o/hfscan/blob/v{version}/docs/rules.md#hf-oauth-token")
        );
    }

    #[test]
    fn without_a_home_page_nothing_is_linked() {
        if HOME_PAGE.is_none() {
            assert_eq!(rule_page("a"), None);
            assert_eq!(schema_id("config", 1), "urn:hfscan:schema:config:1");
        }
    }
}
