#!/bin/sh
# Checks a SARIF report with Microsoft's linter, by the standard's rules and GitHub's.
#
#     tests/tools/lint_sarif.sh REPORT
#
# The linter (a program of 104 MB for Linux on x86-64) is fetched with npm into `target/`
# on first use, so this stands outside of the test run. The linter ends with 0 whatever it
# finds: what it says decides.
set -eu

report=$(realpath "$1")
version=5.7.0
folder=$(dirname "$0")/../../target/sarif-multitool-$version
linter=$folder/package/Sarif.Multitool

if ! [ -x "$linter" ]; then
    mkdir -p "$folder"
    (cd "$folder" && npm pack --silent "@microsoft/sarif-multitool-linux@$version" >archive &&
        tar xzf "$(cat archive)" && rm "$(cat archive)" && chmod +x package/Sarif.Multitool)
fi

said=$("$linter" validate "$report" --rule-kind "Sarif;Gh" --level "Error;Warning" \
    --output "$folder/result.sarif" --log ForceOverwrite 2>&1)
echo "$said"
case $said in
*": error "* | *": warning "*) exit 1 ;;
*"Analysis completed successfully"*) exit 0 ;;
*) exit 2 ;;
esac
