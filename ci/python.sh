#!/usr/bin/env bash
# Builds the wheel from source as pip does, but with the dev profile, installs it with pip and with uv
# in clean environments, and tests the module, the type stubs and the examples of the docs. With the
# argument `engines` also the examples with the real engines, which needs Java and some minutes.
# Dependencies come from PyPI; without PyPI the tests are skipped.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=$(mktemp -d "${RUNNER_TEMP:-/tmp}/hfscan.XXXXXX")
trap 'rm -rf "$folder"' EXIT
# Builds the crates shared by program and module only once.
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$PWD/target}

python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
  echo "skipped: the module needs Python 3.11 or later"
  exit 0
}
python3 -m venv "$folder/environment"
bin=$folder/environment/bin
"$bin/pip" install --quiet uv || { echo "skipped: PyPI is unreachable"; exit 0; }

(cd python && cargo fmt --check && cargo clippy --locked -- -D warnings)
"$bin/pip" wheel --quiet --no-deps --config-settings profile=dev --wheel-dir "$folder/dist" .
wheel=$(echo "$folder"/dist/*.whl)

"$bin/uv" venv --quiet "$folder/uv"
"$bin/uv" pip install --quiet --offline --python "$folder/uv/bin/python" "$wheel"
"$folder/uv/bin/hfscan" --version
"$folder/uv/bin/python" -m hfscan --version

"$bin/pip" install --quiet --no-index "$wheel"
"$bin/pip" install --quiet pytest pyarrow polars nanoarrow mypy 'pyright[nodejs]' typing_extensions
tests=(python/tests/test_{module,arrow,files,docs}.py)
if [ "${1:-}" = engines ]; then
  "$bin/pip" install --quiet 'ray[data]' pyspark 'dask[dataframe]' duckdb datasets \
    'datatrove[io,processing]' numpy pandas regex
  tests+=(python/tests/test_engines.py)
fi
"$bin/python" -m pytest --quiet -p no:cacheprovider "${tests[@]}"
"$bin/python" -m mypy --strict --cache-dir "$folder/mypy" python/tests/typed.py
"$bin/python" -m mypy.stubtest hfscan._hfscan --ignore-missing-stub --allowlist python/tests/stubtest.txt
"$bin/python" -m pyright --pythonpath "$bin/python" python/tests/typed.py
