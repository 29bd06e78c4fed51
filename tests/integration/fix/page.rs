//! `docs/fixes.md` is generated from the rows that define the fixes.

use crate::docs::assert_fresh;
use hfscan::internal::fix::ROWS;
use std::fmt::Write;

const HEAD: &str = "# Fixes

Made from the program; do not edit below the table's head.

    hfscan fix --diff            # what would change, secrets masked; changes nothing
    hfscan fix                   # safe fixes
    hfscan fix --unsafe-fixes    # the others too
    hfscan fix --keep .env       # keeps the secrets that no commit has

**Safe** means: the same program reads the same value once the variable is set, no side effect is dropped, and
no other file or service has to change. **Unsafe** is everything else that can be applied: it may change what a
program does, or something outside of the file must follow. **Display-only** is shown and never applied. JSON
lists the fixes of every finding with `applicability` and `reason`, whatever the options; SARIF those that change
nothing but the file. rdjson suggests a safe one that is a single edit, if no other secret stands on its lines:
reviewdog shows these whole. The text report counts them, and an [editor](editors.md) applies them.

- Fixes are applied in rounds, at most 10. After each, the file must still be read as before (JSON and TOML
  parse, brackets match, no entry is lost), hold the secret there no more, and have no new finding but a weaker
  one that shows no secret; otherwise it is put back, and the fix is reported as withdrawn.
- A file is replaced by rename in its folder, whole or not at all. Mode, owner, byte order mark, line ends and
  the last line's end stay. Links (symbolic, and hard ones with several names), read-only files, files that
  change meanwhile, and files that are not UTF-8 are refused. So are git's objects and standard input.
- **No secret is lost.** What neither the index nor the last commit has of a file is kept with `--keep FILE`
  (mode 0600, ignored by git: ignored first, if it is not) or thrown away with `--discard`; a terminal is asked.
  Without an answer nothing is changed, and the status is 2.
- If several secrets would become one variable, the second becomes `HF_TOKEN_2`, in the code and in the kept
  file alike, and these fixes are unsafe.
- Status: 0 nothing left at `--fail-on`, 1 findings left (with `--diff`: something would change), 2 something was
  withdrawn, refused or unreadable.

What remains is said at the end: set the variable, create the secret in CI, **revoke** the token, and clean the
history, which still has it.

| row | where | what is done | level | why |
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
