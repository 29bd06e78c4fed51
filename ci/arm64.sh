#!/usr/bin/env bash
# Cross-compiles hfscan for 64-bit Arm, and runs the unit tests of the detector and of the languages in
# QEMU. With the argument `all` it runs every test, which takes long.
#
# On Debian or Ubuntu: apt-get install gcc git gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user, and
# for `all` also qemu-user-binfmt, since the tests start hfscan. Without systemd, as in a container, root
# registers QEMU in the kernel, which containers share:
#   mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc
#   cat /usr/lib/binfmt.d/qemu-aarch64.conf > /proc/sys/fs/binfmt_misc/register
# Rust is rustup's or, where that is missing or cannot fetch the target, the distribution's, if it is as
# new as Cargo.toml demands (Debian 14):
#   dpkg --add-architecture arm64 && apt-get update && apt-get install rustc cargo libstd-rust-dev:arm64
set -euo pipefail
cd "$(dirname "$0")/.."
target=aarch64-unknown-linux-gnu
export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER=aarch64-linux-gnu-gcc
export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUNNER=qemu-aarch64
# Static: the tests start hfscan in an environment that names no loader for Arm.
export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUSTFLAGS=-Ctarget-feature=+crt-static
# Optimised, since emulation is slow.
export CARGO_PROFILE_DEV_OPT_LEVEL=1

case "${1:-}" in
  "") tests=(--lib -- detect:: language::) ;;
  all)
    tests=(--no-fail-fast)
    if [[ ! -e /proc/sys/fs/binfmt_misc/qemu-aarch64 ]]; then
      echo "the kernel does not start programs for Arm: register QEMU, as $0 describes" >&2
      exit 2
    fi
    ;;
  *) echo "usage: ci/arm64.sh [all]" >&2; exit 2 ;;
esac
rustup target add "$target" || PATH=/usr/bin:$PATH
cargo test --locked --target "$target" "${tests[@]}"
