#!/usr/bin/env python3
"""Renders the terminal output of a command as an SVG picture.

    hfscan --color always DEMO | python3 tests/tools/terminal_svg.py '$ hfscan .' > picture.svg

Reads text with SGR colour codes from standard input; the argument is the line above it.
The picture has its own background, so it looks the same on light and dark pages.
"""

import re
import sys
from xml.sax.saxutils import escape

COLORS = {31: "#ff7b72", 32: "#7ee787", 33: "#f2cc60", 36: "#76e3ea", 94: "#79c0ff"}
WIDTH, LINE, LEFT, TOP = 8.43, 19, 20, 38
SIGNS = re.compile(r"(\x1b\[[0-9;]*m|\x1b\]8;;.*?\x1b\\)")


def pieces(line):
    """The texts of a line, each with its colour, and `True` if it is bold."""
    color, bold = None, False
    for part in SIGNS.split(line):
        if part.startswith("\x1b["):
            for code in map(int, part[2:-1].split(";") if part[2:-1] else ["0"]):
                bold = code == 1 or (bold and code != 0)
                color = COLORS.get(code, None if code == 0 else color)
        elif part and not part.startswith("\x1b]"):
            yield part, color, bold


def text_of(line, y):
    column, drawn = 0, []
    for text, color, bold in pieces(line):
        # Renderers differ in how they draw spaces at the ends.
        start, words = column + len(text) - len(text.lstrip()), text.strip()
        column += len(text)
        if words:
            style = (f' fill="{color}"' if color else "") + (' font-weight="600"' if bold else "")
            x, length = LEFT + start * WIDTH, len(words) * WIDTH
            drawn.append(f'<text x="{x:.1f}" y="{y}" textLength="{length:.1f}" lengthAdjust="spacingAndGlyphs"{style}>{escape(words)}</text>')
    return drawn


def draw(prompt, output):
    lines = [prompt, ""] + output.rstrip("\n").split("\n")
    width = max(len(SIGNS.sub("", line)) for line in lines) * WIDTH + 2 * LEFT
    height = len(lines) * LINE + TOP + 14
    svg = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height}" viewBox="0 0 {width:.0f} {height}" role="img">',
        f"<title>{escape(prompt)}</title>",
        f'<rect x="0.5" y="0.5" width="{width - 1:.0f}" height="{height - 1}" rx="9" fill="#161b22" stroke="#3d444d"/>',
    ]
    svg += [f'<circle cx="{x}" cy="20" r="5.5" fill="{color}"/>' for x, color in ((22, "#ff5f56"), (41, "#ffbd2e"), (60, "#27c93f"))]
    svg.append('<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, \'DejaVu Sans Mono\', monospace" font-size="14" fill="#d1d7e0" xml:space="preserve">')
    for number, line in enumerate(lines):
        svg += text_of(line, TOP + (number + 1) * LINE - 4)
    return "\n".join(svg + ["</g>", "</svg>"])


if __name__ == "__main__":
    print(draw(sys.argv[1] if len(sys.argv) > 1 else "$ hfscan .", sys.stdin.read()))
