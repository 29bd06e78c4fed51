//! `docs/fixes.md` is generated from the rows that define the fixes.

use crate::docs::assert_fresh;
use hfscan::internal::fix::ROWS;
use std::fmt::Write;

const HEAD: &str = "# Fixes

Generated from the program; do not edit below the table's head.

    hfscan fix --diff            # shows the changes, secrets masked; writes nothing
    hfscan fix                   # safe fixes
    hfscan fix --unsafe-fixes    # also unsafe fixes
    hfscan fix --keep .env       # saves secrets that are in no commit

**Safe** means: the program reads the same value once the variable is set, no side effect is removed, and
no other file or service has to change. **Unsafe** is every other fix that can be applied: it may change a
program's behaviour, or it needs a change outside the file. **Display-only** is shown and never applied. JSON
always lists the fixes of every finding with `applicability` and `reason`; SARIF those that only change
the file. rdjson suggests a safe fix with a single edit if its lines contain no other secret, since
reviewdog shows complete lines. The text report counts fixes, and an [editor](editors.md) applies them.

- Fixes are applied in rounds, at most 10. After each, the file must still parse (JSON and TOML are valid,
  brackets match, no entry is lost), must not contain the secret at that location, and must have no new finding
  except one of lower severity without a secret; otherwise the fix is undone and reported as withdrawn.
- A file is replaced atomically by rename in its folder. Mode, owner, byte order mark, line endings and
  the end of the last line are preserved. Links (symbolic, and hard links with several names), read-only files, files
  that change in the meantime, and files that are not UTF-8 are refused. So are git objects and standard input.
- **No secret is lost.** A secret that is neither in the index nor in the last commit is written to a file with
  `--keep FILE` (mode 0600, ignored by git: an entry is added if needed) or deleted with `--discard`; on a terminal,
  hfscan asks. Without an answer nothing is changed, and the status is 2.
- If several secrets would use one variable, the second gets `HF_TOKEN_2`, in the code and in the kept
  file, and these fixes are unsafe.
- Status: 0 no finding left at `--fail-on`, 1 findings left (with `--diff`: there are changes), 2 a fix was
  withdrawn or refused, or a file was unreadable.

The remaining steps are printed at the end: set the variable, create the secret in CI, **revoke** the token, and clean the
history, which still contains it.

Tested on 400 files of 32 public repositories with a placeholder for a token (`ci/fix-trial.py`, which replaces it by a
random token; at most 60 files of a repository; parsed by the languages' own parsers):

| kind | files | fixed safely | fixed in total | no findings afterwards | parsed before | parsed after |
|---|---:|---:|---:|---:|---:|---:|
| documents | 267 | 267 | 267 | 267 | 141 | 141 |
| Python | 68 | 57 | 57 | 57 | 68 | 68 |
| notebooks | 35 | 14 | 35 | 35 | 31 | 31 |
| YAML | 17 | 2 | 2 | 2 | 17 | 17 |
| JavaScript, TypeScript | 7 | 5 | 6 | 6 | 7 | 7 |
| shell, Go | 6 | 6 | 6 | 6 | 5 | 5 |
| all | 400 | 351 | 373 | 373 | 269 | 269 |

Only the code blocks of a document are parsed. The files without a fix are 11 marimo notebooks, values of Helm and of
programs that do not expand variables, and a page that a browser runs.

| row | where | fix | level | reason |
|---|---|---|---|---|
";

#[test]
fn the_page_on_fixes_is_fresh() {
    let mut page = HEAD.to_string();
    for row in ROWS {
        let cell = |text: &str| text.replace('|', "\\|");
        let _ = writeln!(
            page,
            "| `{}` | {} | {} | {} | {} |",
            row.id,
            cell(row.place),
            cell(row.does),
            row.applicability.as_str(),
            cell(row.why)
        );
    }
    assert_fresh("fixes.md", &page);
}
