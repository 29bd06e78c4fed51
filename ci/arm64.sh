#!/usr/bin/env bash
# Cross-compiles hfscan for 64-bit Arm, and runs the unit tests of the detector and of the languages in
# QEMU. With the argument `all` it runs every test, which takes hours and needs `qemu-user-binfmt`,
# since the tests start hfscan.
#
# Needs rustup and, on Debian or Ubuntu: apt-get install gcc-aarch64-linux-gnu qemu-user
set -euo pipefail
cd "$(dirname "$0")/.."
target=aarch64-unknown-linux-gnu
export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER=aarch64-linux-gnu-gcc
export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUNNER=qemu-aarch64
export QEMU_LD_PREFIX=/usr/aarch64-linux-gnu

case "${1:-}" in
  "") tests=(--lib -- detect:: language::) ;;
  all) tests=() ;;
  *) echo "usage: ci/arm64.sh [all]" >&2; exit 2 ;;
esac
rustup target add "$target"
cargo test --locked --target "$target" "${tests[@]}"
