#!/usr/bin/env bash
# Packages the program for a target with completions, manual page and licences in dist/.
set -euo pipefail

target=$1
name=hfscan-$target
binary=target/$target/release/hfscan
case $target in *windows*) binary=$binary.exe ;; esac

rm -rf "dist/$name"
mkdir -p "dist/$name/completions"
cp "$binary" README.md CHANGELOG.md LICENSE-APACHE LICENSE-MIT "dist/$name/"
for shell in bash zsh fish elvish powershell; do
  "$binary" completions "$shell" > "dist/$name/completions/hfscan.$shell"
done
"$binary" man > "dist/$name/hfscan.1"

cd dist
case $target in
  *windows*) 7z a -bso0 "$name.zip" "$name" ;;
  *) tar --owner=0 --group=0 -czf "$name.tar.gz" "$name" 2> /dev/null || tar -czf "$name.tar.gz" "$name" ;;
esac
rm -r "$name"
