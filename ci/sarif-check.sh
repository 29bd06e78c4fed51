#!/usr/bin/env bash
# Validates the SARIF of a tree, of staged changes, of a range and of history, in a generated
# repository, against the given schemas.
#
#   ci/sarif-check.sh [SCHEMA…]
#
# Also runs Microsoft's linter, from npm. The schemas are in https://github.com/oasis-tcs/sarif-spec
# and at https://json.schemastore.org/sarif-2.1.0.json. HFSCAN is the path of the program.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
hfscan=${HFSCAN:-$root/target/debug/hfscan}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/env"
"$work/env/bin/pip" install --quiet --disable-pip-version-check \
  jsonschema==4.26.0 rfc3339-validator==0.1.4 rfc3986-validator==0.1.1
token() { python3 -c 'import random,string,sys; r=random.Random(sys.argv[1]); print("hf_"+"".join(r.choice(string.ascii_letters) for _ in range(34)))' "$1"; }
repository=$work/repository
git init --quiet "$repository"
cd "$repository"
git config user.name t && git config user.email t@example.com
echo "login(token=\"$(token a)\")" > 'a b é.py'
git add -A && git commit --quiet --message one
echo 'login()' > 'a b é.py'
echo "api_key = \"$(token b)\"" > b.py
git add -A && git commit --quiet --message "two $(token message)"
echo "HF_TOKEN=$(token c)" > .env
git add -A
for mode in tree staged range history; do
  case $mode in
    tree) set_of=() ;;
    staged) set_of=(--staged) ;;
    range) set_of=(--range HEAD~1..HEAD) ;;
    history) set_of=(--history) ;;
  esac
  status=0
  "$hfscan" --no-progress "${set_of[@]}" --format sarif="$work/$mode.sarif" || status=$?
  [ "$status" -eq 1 ] || { echo "$mode: status $status, not 1" >&2; exit 1; }
  status=0
  said=$(sh "$root/tests/tools/lint_sarif.sh" "$work/$mode.sarif") || status=$?
  # Expected: findings that are gone from HEAD or in messages have no location in a file (SARIF2017),
  # and a build without a home page has no URL (SARIF2005).
  wrong=$(grep -E ': (error|warning) ' <<<"$said" | grep -vE ': warning SARIF20(05|17): ' || true)
  case $status in
    0 | 1) [ -z "$wrong" ] || { echo "$mode, linter: $wrong" >&2; exit 1; } && echo "$mode, linter: ok" ;;
    77) echo "$mode, linter: not run: $said" ;;
    *) echo "$mode, linter: $said" >&2; exit 1 ;;
  esac
done
"$work/env/bin/python" - "$work" "$@" <<'CHECK'
import json, sys
import jsonschema
work, *schemas = sys.argv[1:]
wrong = False
for name in schemas:
    schema = json.load(open(name))
    kind = jsonschema.validators.validator_for(schema)
    kind.check_schema(schema)
    validator = kind(schema, format_checker=kind.FORMAT_CHECKER)
    for mode in ["tree", "staged", "range", "history"]:
        report = json.load(open(f"{work}/{mode}.sarif"))
        results = len(report["runs"][0]["results"])
        errors = [f"  {one.json_path}: {one.message[:200]}" for one in validator.iter_errors(report)]
        wrong |= bool(errors) or results == 0
        print(f"{mode}, {results} results, {name.rsplit('/', 1)[-1]}: {'ok' if not errors else 'WRONG'}", *errors[:5], sep="\n")
sys.exit(wrong)
CHECK
