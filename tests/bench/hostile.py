#!/usr/bin/env python3
"""Time and peak memory of hfscan over hostile texts: deep, endless, never closed, repeated.

    cargo build --release
    python3 tests/bench/hostile.py

Each text holds a made-up token, so that its language is read, and says so if it is not
found. Nothing is asserted: the table is for people.
"""

import argparse
import os
import pathlib
import random
import string
import tempfile
import time

MB = 1_000_000


def token():
    letters = random.Random(7).choices(string.ascii_letters, k=34)
    return "hf" + "_" + "".join(letters)


def aliases():
    lines = ["a0: &a0 [x, x]"]
    for level in range(1, 60):
        lines.append(f"a{level}: &a{level} [*a{level - 1}, *a{level - 1}]")
    return "\n".join(lines) + "\n"


def cases(size):
    """Name of the file and its text: about `size` bytes, with the token first."""
    secret = token()
    yaml = f"hf_token: {secret}\n"
    js = f'login({{ accessToken: "{secret}" }});\n'
    python = f'login(token="{secret}")\n'
    toml = f'hf_token = "{secret}"\n'
    json = f'{{"hf_token": "{secret}"}}\n'
    xml = f'<r hf_token="{secret}">'

    def much(unit):
        return unit * (size // len(unit))

    yield "deep.xml", xml + much("<a>")
    yield "deep-closed.xml", xml + "<a>" * (size // 7) + "</a>" * (size // 7)
    yield "wide.xml", xml + much('<a b="cdefghij"/>')
    yield "unclosed.xml", xml + much('<a b="')
    yield "flow-maps.yaml", yaml + "a: " + much("{a: ")
    yield "flow-lists.yaml", yaml + "a: " + much("[")
    yield "lists.yaml", yaml + "a:\n" + much("- ")
    yield "steps.yaml", yaml + "".join(" " * n + "a:\n" for n in range(int((2 * size) ** 0.5)))
    yield "entries.yaml", yaml + much("ab: cd\n")
    yield "unclosed.yaml", yaml + much('a: "\n')
    yield "aliases.yaml", yaml + aliases()
    yield "anchors.yaml", yaml + much("- &a *a\n")
    yield "lists.json", json + much("[")
    yield "maps.json", json + much('{"a":')
    yield "entries.json", json + "{" + much('"ab":"cdefghij",')
    yield "unclosed.json", json + much('"\n')
    yield "lists.toml", toml + "a = " + much("[")
    yield "tables.toml", toml + much("[[a]]\n")
    yield "dots.toml", toml + much("a.") + "b = 1\n"
    yield "blocks.tf", toml + much("a {\n")
    yield "calls.tf", toml + "a = " + much("f(")
    for name, start in (("a.js", js), ("a.py", python)):
        for kind, unit in (("open", "("), ("mixed", "[{("), ("pairs", "()"), ("quotes", "'\n"), ("backquotes", "`${")):
            yield f"{kind}.{name[2:]}", start + much(unit)


def run(hfscan, path):
    """Seconds, peak memory in MiB, and whether the token was found."""
    command = [hfscan, "--exit-zero", "--no-progress", "--format", "json", path]
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.dup2(writer, 1)
        os.close(reader)
        os.execvp(command[0], command)
    os.close(writer)
    start = time.monotonic()
    with os.fdopen(reader, "rb") as output:
        found = b'"location"' in output.read()
    _, _, usage = os.wait4(child, 0)
    return time.monotonic() - start, usage.ru_maxrss / 1024, found


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hfscan", default="target/release/hfscan")
    parser.add_argument("--size", type=float, default=3, help="of each text, in MB")
    parser.add_argument("--brackets", type=float, default=100, help="of the large ones, in MB; 0 for none")
    args = parser.parse_args()
    print("| text | MB | seconds | peak MiB | |")
    print("| --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as folder:
        sizes = [(args.size, lambda name: True)]
        if args.brackets:
            sizes.append((args.brackets, lambda name: name.endswith((".js", ".py"))))
        for size, is_wanted in sizes:
            for name, text in cases(int(size * MB)):
                if not is_wanted(name):
                    continue
                path = pathlib.Path(folder) / name
                path.write_text(text)
                length = len(text) / MB
                # A child begins with the memory that its parent has.
                del text
                seconds, peak, found = run(args.hfscan, str(path))
                lost = "" if found else "not found"
                print(f"| {name} | {length:.1f} | {seconds:.2f} | {peak:.0f} | {lost} |", flush=True)
                path.unlink()


if __name__ == "__main__":
    main()
