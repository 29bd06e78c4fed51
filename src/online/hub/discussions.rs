//! Texts on the Hub outside files: discussions, collections, variables.

use super::{
    api::{Api, HubError},
    listing::{Repository, quoted},
};
use serde_json::Value;

/// Texts with the names for their findings.
pub type Texts = Vec<(String, String)>;

/// Maximum number of discussions of one repository.
const MAX_DISCUSSIONS: u64 = 20_000;

/// Keys whose values are written by users.
const WRITTEN: [&str; 9] =
    ["raw", "title", "subject", "from", "to", "summary", "description", "text", "reason"];

/// The numbers of all discussions and pull requests. This list is paginated by page number, not by
/// `Link` headers.
///
/// # Errors
/// Returns an error if the request of a page fails.
pub fn numbers(api: &Api, repository: &Repository) -> Result<Vec<u64>, HubError> {
    let mut found: Vec<u64> = Vec::new();
    for page in 0.. {
        let path = format!("{}?p={page}", discussions(repository));
        let body = api.json(&path)?;
        let list = body["discussions"].as_array().map_or(&[][..], Vec::as_slice);
        found.extend(list.iter().filter_map(|one| one["num"].as_u64()));
        let count = body["count"].as_u64().unwrap_or(0).min(MAX_DISCUSSIONS);
        if list.is_empty() || found.len() as u64 >= count {
            break;
        }
    }
    Ok(found)
}

/// All texts of a discussion, including earlier versions of edited comments, one text per event;
/// and the changes of a pull request.
///
/// # Errors
/// Returns an error if the request fails.
pub fn discussion(api: &Api, repository: &Repository, number: u64) -> Result<Texts, HubError> {
    let body = api.json(&format!("{}/{number}?diff=1", discussions(repository)))?;
    let mut texts = Vec::new();
    let title = body["title"].as_str().unwrap_or_default();
    texts.push((format!("discussions/{number}/title.md"), title.to_string()));
    for (place, event) in
        body["events"].as_array().map_or(&[][..], Vec::as_slice).iter().enumerate()
    {
        let id = event["id"].as_str().map_or_else(|| place.to_string(), |id| id.to_string());
        let mut text = String::new();
        written(event, &mut text, 0);
        texts.push((format!("discussions/{number}/{}.md", quoted(&id, false)), text));
    }
    if let Some(diff) = body["diff"].as_str() {
        texts.push((format!("discussions/{number}/changes.diff"), diff.to_string()));
    }
    Ok(texts)
}

/// The title, the description and the notes of a collection.
///
/// # Errors
/// Returns an error if the request fails.
pub fn collection(api: &Api, slug: &str) -> Result<Texts, HubError> {
    let body = api.json(&format!("/api/collections/{}", quoted(slug, true)))?;
    let mut text = String::new();
    written(&body, &mut text, 0);
    Ok(vec![("notes.md".into(), text)])
}

/// The public variables of a Space, as a file of variables.
///
/// # Errors
/// Returns an error if the request fails.
pub fn variables(api: &Api, repository: &Repository) -> Result<Texts, HubError> {
    let body = api.json(&format!("/api/spaces/{}/variables", quoted(&repository.id, true)))?;
    let mut text = String::new();
    for (name, variable) in body.as_object().into_iter().flatten() {
        for line in variable["description"].as_str().unwrap_or_default().lines() {
            text.push_str(&format!("# {line}\n"));
        }
        let value = variable["value"].as_str().unwrap_or_default();
        text.push_str(&format!("{name}={}\n", value.replace('\n', "\\n")));
    }
    Ok(vec![("variables.env".into(), text)])
}

fn discussions(Repository { kind, id, .. }: &Repository) -> String {
    format!("/api/{}/{}/discussions", kind.segment(), quoted(id, true))
}

/// Appends all user-written values, at any depth, to `text`, one per line.
fn written(value: &Value, text: &mut String, depth: usize) {
    if depth > 16 {
        return;
    }
    match value {
        Value::Object(entries) => {
            for (name, value) in entries {
                match value.as_str() {
                    Some(one) if WRITTEN.contains(&name.as_str()) => {
                        text.push_str(one);
                        text.push('\n');
                    }
                    Some(_) => {}
                    None => written(value, text, depth + 1),
                }
            }
        }
        Value::Array(values) => values.iter().for_each(|value| written(value, text, depth + 1)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_earlier_versions_of_a_comment_are_read() {
        let event = serde_json::json!({
            "id": "x", "type": "comment",
            "data": {
                "latest": { "raw": "now", "html": "<p>now</p>" },
                "history": [{ "raw": "before", "date": "2026-01-01" }],
            }
        });
        let mut text = String::new();
        written(&event, &mut text, 0);
        assert!(text.contains("now\n") && text.contains("before\n"), "{text}");
        assert!(!text.contains("<p>") && !text.contains("2026"), "{text}");
    }
}
