#!/usr/bin/env bash
# Scans with the inputs in the INPUT_… variables, and writes `findings`, `exit-code` and `sarif-file`
# to $GITHUB_OUTPUT. Always exits with 0, so that the next step can upload the report; the last step
# of the action exits with the scan's status.
set -euo pipefail

reports=$(mktemp -d "${RUNNER_TEMP:-/tmp}/hfscan.XXXXXX")
arguments=(
  --no-progress
  --format "${INPUT_FORMAT:-github}"
  --format "sarif=$reports/hfscan.sarif"
  --format "csv=$reports/hfscan.csv"
)
if [ -n "${INPUT_FAIL_ON:-}" ]; then arguments+=(--fail-on "$INPUT_FAIL_ON"); fi
if [ -n "${INPUT_CONFIG:-}" ]; then arguments+=(--config "$INPUT_CONFIG"); fi
# Split at spaces, tabs and newlines, without globbing or quote removal.
read -r -d '' -a more <<< "${INPUT_ARGS:-}" || true
arguments+=(${more[@]+"${more[@]}"} --)
while IFS= read -r path; do
  if [ -n "$path" ]; then arguments+=("$path"); fi
done <<< "${INPUT_PATHS:-.}"

code=0
cd "${INPUT_WORKING_DIRECTORY:-.}"
"${HFSCAN_BINARY:-hfscan}" "${arguments[@]}" || code=$?

sarif=
findings=
if [ -f "$reports/hfscan.sarif" ]; then
  sarif=$reports/hfscan.sarif
  # A finding's line ends with its fingerprint.
  findings=$(grep -Ec ',[0-9a-f]{32}[[:space:]]*$' "$reports/hfscan.csv" || true)
fi
{
  printf 'exit-code=%s\n' "$code"
  printf 'findings=%s\n' "$findings"
  printf 'sarif-file=%s\n' "$sarif"
} >> "$GITHUB_OUTPUT"
