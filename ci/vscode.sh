#!/usr/bin/env bash
# Packages the extension for VS Code as target/vscode/hfscan.vsix. Needs Node.js 20 and the npm registry.
set -euo pipefail
cd "$(dirname "$0")/.."
build=target/vscode/build
rm -rf "$build" && mkdir -p "$build"
cp editors/vscode/{package.json,extension.js,README.md,.vscodeignore} "$build"
cat LICENSE-MIT LICENSE-APACHE > "$build/LICENSE.txt"
cd "$build"
npm install --no-audit --no-fund --silent
npx vsce package --no-dependencies --allow-missing-repository --out ../hfscan.vsix
