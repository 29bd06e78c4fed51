//! The cells of a notebook are scanned as separate texts.

use crate::support::{Workspace, token};

/// A notebook as Jupyter writes it, with these cells.
fn notebook(cells: &str) -> String {
    format!(
        "{{\n \"cells\": [\n{cells}\n ],\n \"metadata\": {{}},\n \"nbformat\": 4,\n \"nbformat_minor\": 5\n}}\n"
    )
}

#[test]
fn a_finding_names_the_cell_the_output_and_the_line_in_it() {
    let workspace = Workspace::new();
    let (source, output) = (token("source"), token("output"));
    let cells = format!(
        r#"  {{"cell_type": "markdown", "metadata": {{}}, "source": ["nothing"]}},
  {{
   "cell_type": "code", "execution_count": 1, "metadata": {{}},
   "source": [
    "import os\n",
    "token = \"{source}\"\n"
   ],
   "outputs": [
    {{"name": "stdout", "output_type": "stream", "text": ["first\n", "Token: {output}\n"]}}
   ]
  }}"#
    );
    workspace.write_bytes("a.ipynb", notebook(&cells).as_bytes());
    let run = workspace.run(&["--format", "json"]);
    let report = run.json();
    let notes: Vec<_> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["location"]["note"].clone())
        .collect();
    assert_eq!(notes, ["cell 2, line 2", "cell 2, output 1, line 2"]);
    let lines: Vec<_> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["location"]["start"]["line"].clone())
        .collect();
    assert_eq!(lines, [8, 11]);
    assert!(workspace.run(&[]).stdout.contains("a.ipynb:11:"), "{:?}", workspace.run(&[]));
    assert!(workspace.run(&[]).stdout.contains("(cell 2, output 1, line 2)"));
}

#[test]
fn a_token_that_the_file_writes_in_several_strings_is_found() {
    let workspace = Workspace::new();
    let token = token("split");
    let (head, tail) = token.split_at(12);
    let cells = format!(
        r#"  {{"cell_type": "code", "metadata": {{}}, "source": [], "outputs": [
    {{"name": "stdout", "output_type": "stream", "text": ["a {head}", "{tail}\n"]}}]}}"#
    );
    workspace.write_bytes("a.ipynb", notebook(&cells).as_bytes());
    let run = workspace.run(&["--format", "json"]);
    assert_eq!(run.json()["summary"]["secrets"], 1, "{run:?}");
    assert_eq!(run.json()["findings"][0]["secret"]["length"], 37);
}

#[test]
fn the_data_of_an_image_is_not_searched() {
    let workspace = Workspace::new();
    let cells = format!(
        r#"  {{"cell_type": "code", "metadata": {{}}, "source": [], "outputs": [
    {{"output_type": "display_data", "metadata": {{}}, "data": {{"image/png": "iVBORw0KGgo+{}+AAAA"}}}}]}}"#,
        token("image")
    );
    workspace.write_bytes("a.ipynb", notebook(&cells).as_bytes());
    assert_eq!(workspace.run(&["--format", "json"]).places(), [] as [&str; 0]);
}
