#!/usr/bin/env bash
# Downloads the release INPUT_VERSION and verifies it against INPUT_SHA256, or if empty against the
# release's own checksums. Writes the path of the binary to $GITHUB_OUTPUT, as `binary`.
set -euo pipefail

if [ "${INPUT_VERSION:-}" = system ]; then
  binary=$(command -v hfscan) || { echo "error: hfscan is not installed" >&2; exit 2; }
  printf 'binary=%s\n' "$binary" >> "$GITHUB_OUTPUT"
  exit 0
fi

version=${INPUT_VERSION:-$(sed -n 's/^version = "\(.*\)"$/\1/p' "$ACTION_PATH/Cargo.toml" | head -n 1)}
version=${version#v}
if ! [[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+([-+][0-9A-Za-z.-]+)?$ ]]; then
  echo "error: the version is not of the form 1.2.3" >&2
  exit 2
fi

case "$(uname -s)-$(uname -m)" in
  Linux-x86_64) target=x86_64-unknown-linux-musl ;;
  Linux-aarch64 | Linux-arm64) target=aarch64-unknown-linux-musl ;;
  Darwin-x86_64) target=x86_64-apple-darwin ;;
  Darwin-arm64) target=aarch64-apple-darwin ;;
  MINGW*-x86_64 | MSYS*-x86_64) target=x86_64-pc-windows-msvc ;;
  *) echo "error: there is no release for $(uname -s) on $(uname -m)" >&2; exit 2 ;;
esac
case $target in
  *windows*) archive=hfscan-$target.zip name=hfscan.exe ;;
  *) archive=hfscan-$target.tar.gz name=hfscan ;;
esac

base=${HFSCAN_RELEASES:-${GITHUB_SERVER_URL:-https://github.com}/$ACTION_REPOSITORY/releases/download}/v$version
folder=$(mktemp -d "${RUNNER_TEMP:-/tmp}/hfscan.XXXXXX")
cd "$folder"
fetch() {
  curl --fail --silent --show-error --location --retry 3 --output "$1" "$base/$1"
}
fetch "$archive"
if [ -n "${INPUT_SHA256:-}" ]; then
  # An attacker who can replace the archive can also replace the checksums beside it, but not this.
  printf '%s  %s\n' "$INPUT_SHA256" "$archive" > expected
else
  fetch SHA256SUMS
  # Exactly the line of this archive.
  grep -E "^[0-9a-f]{64} [ *]$archive\$" SHA256SUMS > expected || {
    echo "error: SHA256SUMS does not name $archive" >&2
    exit 2
  }
fi
if command -v sha256sum > /dev/null; then sha256sum --check --quiet expected
else shasum -a 256 --check --quiet expected; fi
case $archive in
  *.zip) unzip -q "$archive" ;;
  *) tar -xzf "$archive" ;;
esac
printf 'binary=%s\n' "$folder/hfscan-$target/$name" >> "$GITHUB_OUTPUT"
