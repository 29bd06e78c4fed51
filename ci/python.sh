#!/usr/bin/env bash
# Builds the wheel as it is for development, installs it in a clean environment, and tests it:
# the module, the types, the examples of the docs. With `engines` as an argument also the examples
# with the real engines, which takes Java and some minutes.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=$(mktemp -d "${RUNNER_TEMP:-/tmp}/hfscan.XXXXXX")
trap 'rm -rf "$folder"' EXIT

python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "error: Python 3.11 or later is needed" >&2; exit 2; }
python3 -m venv "$folder/tools"
"$folder/tools/bin/pip" install --quiet 'maturin>=1.9,<2'

cargo build --locked --features data --bin hfscan
mkdir -p python/hfscan.data/scripts
cp "${CARGO_TARGET_DIR:-target}/debug/hfscan" python/hfscan.data/scripts/
(cd python && cargo fmt --check && CARGO_TARGET_DIR=../target/python cargo clippy --locked -- -D warnings)
CARGO_TARGET_DIR=target/python "$folder/tools/bin/maturin" build --quiet --locked --out "$folder/dist"

python3 -m venv "$folder/environment"
bin=$folder/environment/bin
"$bin/pip" install --quiet --no-index "$folder"/dist/*.whl
"$bin/pip" install --quiet pytest pyarrow polars nanoarrow mypy pyright typing_extensions
tests=(python/tests/test_{module,arrow,files,docs}.py)
if [ "${1:-}" = engines ]; then
  "$bin/pip" install --quiet 'ray[data]' pyspark 'dask[dataframe]' duckdb datasets 'datatrove[io,processing]' numpy pandas regex
  tests+=(python/tests/test_engines.py)
fi
"$bin/python" -m pytest --quiet "${tests[@]}"
"$bin/python" -m mypy --strict python/tests/typed.py
"$bin/python" -m mypy.stubtest hfscan._hfscan --ignore-missing-stub --allowlist python/tests/stubtest.txt
"$bin/python" -m pyright --pythonpath "$bin/python" python/tests/typed.py
