#!/bin/sh
# Checks a SARIF report with Microsoft's linter, by the standard's rules and GitHub's.
#
#     tests/tools/lint_sarif.sh REPORT
#
# The linter (a program of 104 MB for Linux on x86-64) is fetched with npm into `target/`
# on first use. Exits with 77 if that is not possible. The linter always exits with 0, so its
# output decides. A missing address of the tool (SARIF2005) is accepted as long as the project
# has none.
set -eu

report=$(realpath "$1")
version=5.7.0
folder=$(dirname "$0")/../../target/sarif-multitool-$version
linter=$folder/package/Sarif.Multitool

if ! [ -x "$linter" ]; then
    if [ "$(uname -sm)" != "Linux x86_64" ] || ! command -v npm >/dev/null; then
        echo "no npm, or no linter for this system"
        exit 77
    fi
    mkdir -p "$folder"
    (cd "$folder" && npm pack --silent "@microsoft/sarif-multitool-linux@$version" >archive &&
        tar xzf "$(cat archive)" && rm "$(cat archive)" && chmod +x package/Sarif.Multitool) || {
        echo "the linter cannot be fetched"
        exit 77
    }
fi

said=$("$linter" validate "$report" --rule-kind "Sarif;Gh" --level "Error;Warning" \
    --output "$folder/result.sarif" --log ForceOverwrite 2>&1)
echo "$said"
grep -q '^repository = ' "$(dirname "$0")/../../Cargo.toml" ||
    said=$(echo "$said" | grep -v ': warning SARIF2005: ')
case $said in
*": error "* | *": warning "*) exit 1 ;;
*"Analysis completed successfully"*) exit 0 ;;
*) exit 2 ;;
esac
