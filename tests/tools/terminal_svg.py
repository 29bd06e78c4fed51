#!/usr/bin/env python3
"""Draws what a command writes to a terminal as an SVG picture.

    hfscan --color always DEMO | python3 tests/tools/terminal_svg.py '$ hfscan .' > docs/terminal.svg

Reads text with SGR colour codes from standard input; the argument is the line above it.
"""

import re
import sys
from xml.sax.saxutils import escape

COLORS = {31: "#ff6b6b", 32: "#69db7c", 33: "#ffd43b", 36: "#66d9e8", 94: "#74a9ff"}
WIDTH, LINE, LEFT, TOP = 8.4, 19, 16, 40


def pieces(line):
    color, bold = None, False
    for part in re.split(r"(\x1b\[[0-9;]*m|\x1b\]8;;.*?\x1b\\)", line):
        if part.startswith("\x1b["):
            for code in map(int, filter(None, part[2:-1].split(";"))):
                bold = True if code == 1 else False if code == 0 else bold
                color = COLORS.get(code, None if code == 0 else color)
            if part in ("\x1b[m", "\x1b[0m"):
                color, bold = None, False
        elif part and not part.startswith("\x1b]"):
            yield part, color, bold


def main():
    prompt = sys.argv[1] if len(sys.argv) > 1 else "$ hfscan ."
    lines = [prompt] + sys.stdin.read().rstrip("\n").split("\n")
    plain = [re.sub(r"\x1b\[[0-9;]*m|\x1b\]8;;.*?\x1b\\", "", line) for line in lines]
    width = max(len(line) for line in plain) * WIDTH + 2 * LEFT
    height = len(lines) * LINE + TOP + 16
    print(f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height}" viewBox="0 0 {width:.0f} {height}" role="img">')
    print(f"<title>{escape(prompt)}</title>")
    print(f'<rect width="100%" height="100%" rx="8" fill="#1e1e2e"/>')
    for x, color in ((20, "#ff5f56"), (40, "#ffbd2e"), (60, "#27c93f")):
        print(f'<circle cx="{x}" cy="18" r="6" fill="{color}"/>')
    print('<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace" font-size="14" fill="#cdd6f4" xml:space="preserve">')
    for number, line in enumerate(lines):
        y, column = TOP + (number + 1) * LINE - 4, 0
        for text, color, bold in pieces(line):
            style = (f' fill="{color}"' if color else "") + (' font-weight="bold"' if bold else "")
            x = LEFT + column * WIDTH
            if text.strip():
                print(f'<text x="{x:.1f}" y="{y}" textLength="{len(text) * WIDTH:.1f}"{style}>{escape(text)}</text>')
            column += len(text)
    print("</g>\n</svg>")


if __name__ == "__main__":
    main()
