#!/usr/bin/env bash
# Checks and tests `hfscan redact`, which the default build excludes, and the library's features.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo clippy --all-targets --locked --features data -- -D warnings
cargo test --locked --features data -- redact redaction texts parquet
