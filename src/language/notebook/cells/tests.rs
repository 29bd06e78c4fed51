use super::*;

fn kinds(text: &str) -> Vec<(usize, CellKind, String)> {
    cells(text.as_bytes())
        .into_iter()
        .map(|cell| (cell.index, cell.kind, String::from_utf8_lossy(&cell.text).into_owned()))
        .collect()
}

fn output(index: usize, mime: &str) -> CellKind {
    CellKind::Output { index, mime: mime.into() }
}

#[test]
fn every_part_of_a_notebook_is_a_text_of_its_own() {
    let text = r##"{
 "cells": [
  {"cell_type": "markdown", "metadata": {}, "source": ["# Title\n", "text"],
   "attachments": {"a.png": {"image/png": "iVBORw0KGgo="}}},
  {"cell_type": "code", "metadata": {"tags": ["parameters"]}, "source": "login(\"x\")",
   "outputs": [
    {"output_type": "stream", "name": "stdout", "text": ["a\n", "b"]},
    {"output_type": "execute_result", "data": {"text/plain": ["'r'"], "image/png": "iVBOR=",
      "application/json": {"k": "v", "n": 1}}},
    {"output_type": "error", "ename": "E", "evalue": "bad", "traceback": ["l1", "\u001b[31ml2"]}
   ]}
 ],
 "metadata": {"kernelspec": {"language": "Python", "name": "python3"},
  "widgets": {"state": {"w": {"value": "typed", "buffers": [{"data": "AAAA", "encoding": "base64"}]}}}}
}"##;
    assert_eq!(
        kinds(text),
        [
            (1, CellKind::Markdown, "# Title\ntext".into()),
            (1, CellKind::Attachment { mime: "image/png".into() }, String::new()),
            (2, CellKind::Metadata, "parameters\n".into()),
            (2, CellKind::Source { language: "python".into() }, "login(\"x\")".into()),
            (2, output(1, "stdout"), "a\nb".into()),
            (2, output(2, "text/plain"), "'r'".into()),
            (2, output(2, "image/png"), String::new()),
            (2, output(2, "application/json"), "k: v\n".into()),
            (2, output(3, "error"), "bad".into()),
            (2, output(3, "error"), "l1\n\u{1b}[31ml2".into()),
            (0, CellKind::Metadata, "language: Python\nname: python3\n".into()),
            (0, CellKind::WidgetState, "value: typed\nencoding: base64\n".into()),
        ]
    );
}

#[test]
fn stream_outputs_of_one_name_that_follow_each_other_are_one_text() {
    let text = r#"{"cells": [{"cell_type": "code", "source": [], "outputs": [
            {"output_type": "stream", "name": "stdout", "text": ["hf_ab"]},
            {"output_type": "stream", "name": "stdout", "text": ["cd\n"]},
            {"output_type": "stream", "name": "stderr", "text": ["warn"]},
            {"output_type": "stream", "name": "stdout", "text": ["end"]}]}]}"#;
    assert_eq!(
        kinds(text),
        [
            (1, output(1, "stdout"), "hf_abcd\n".into()),
            (1, output(3, "stderr"), "warn".into()),
            (1, output(4, "stdout"), "end".into()),
        ]
    );
    let cell = &cells(text.as_bytes())[0];
    let place = cell.map.to_source(Span::new(0, 7));
    assert!(place.slice(text.as_bytes()).starts_with(b"hf_ab\"]}"));
    assert!(place.slice(text.as_bytes()).ends_with(b"[\"cd"));
}

#[test]
fn a_cut_notebook_is_read_as_far_as_it_goes() {
    let text = r#"{"cells": [{"cell_type": "code", "source": ["a = 1\n", "b = 2"#;
    let language = "python".into();
    assert_eq!(kinds(text), [(1, CellKind::Source { language }, "a = 1\nb = 2".into())]);
}

#[test]
fn the_third_format_of_notebooks_is_read_too() {
    let text = r#"{"worksheets": [{"cells": [{"cell_type": "code", "language": "python",
            "input": ["x"], "outputs": [{"output_type": "pyout", "text": ["y"], "png": "iVBO"}]}]}]}"#;
    assert_eq!(
        kinds(text),
        [
            (1, CellKind::Source { language: "python".into() }, "x".into()),
            (1, output(1, "text/plain"), "y".into()),
            (1, output(1, "image/png"), String::new()),
        ]
    );
}
