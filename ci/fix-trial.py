#!/usr/bin/env python3
"""Tests `hfscan fix` on files of public repositories with a placeholder for a token.

    python3 ci/fix-trial.py --hfscan target/release/hfscan FOLDER...

Each FOLDER contains one repository. A file counts if it has a placeholder for a Hugging Face token
(`token="hf_xxx"`, `HF_TOKEN=<your token>`, `Bearer YOUR_HF_TOKEN`), and `hfscan` finds a random token
that replaces the placeholder in a copy. The copies are fixed with the safe fixes only, and fresh
copies with the unsafe ones too. The script prints, by kind of file, the numbers of files that were
fixed, that parse before and after (with the parsers of Python, Node, bash, json and nbformat, PyYAML,
tomllib, TypeScript, rustfmt and javac, as far as installed; code blocks of documents and cells of
notebooks separately), and that no longer contain the token or any finding.

The status is 1 if a file no longer parses, or if the token remains although no fix was refused.
`--keep DIR` keeps the copies (`planted`, `safe`, `unsafe`) for manual comparison.
"""

import argparse
import ast
import collections
import json
import os
import pathlib
import random
import re
import shutil
import string
import subprocess
import sys
import tempfile

try:
    import tomllib
except ImportError:
    tomllib = None
try:
    import yaml
except ImportError:
    yaml = None
try:
    import nbformat
except ImportError:
    nbformat = None

KINDS = {
    ".py": "Python", ".ipynb": "notebook", ".md": "Markdown", ".mdx": "Markdown",
    ".rst": "reStructuredText", ".yaml": "YAML", ".yml": "YAML", ".json": "JSON", ".toml": "TOML",
    ".sh": "shell", ".bash": "shell", ".js": "JavaScript", ".mjs": "JavaScript",
    ".cjs": "JavaScript", ".jsx": "JavaScript", ".ts": "TypeScript", ".tsx": "TypeScript",
    ".go": "Go", ".java": "Java", ".kt": "Kotlin", ".rs": "Rust", ".rb": "Ruby", ".php": "PHP",
    ".cs": "C#", ".r": "R", ".swift": "Swift", ".tf": "Terraform", ".ps1": "PowerShell",
    ".bat": "Batch", ".env": "dotenv", ".example": "dotenv", ".template": "dotenv",
    ".cpp": "C++", ".c": "C", ".scala": "Scala", ".jl": "Julia", ".dart": "Dart", ".lua": "Lua",
    ".properties": "properties",
}

WORD = r"(?i:your|my|insert|enter|replace|put|add|paste|user|personal|the)"
# A placeholder without its quotes. Unquoted, it contains no blank.
PLACEHOLDER = rf"""(?:
    hf_(?:[xX*.…_]{{2,}}|…|{WORD}[-_][\w-]*|[xX]{{3}}\w*|[A-Z_]{{4,}}|<[\w -]+>)
  | <[^<>"'`\n$]*(?i:token|key|hf_)[^<>"'`\n$]*>
  | \[{WORD}[^\[\]"'`\n$]*(?i:token)[^\[\]"'`\n$]*\]
  | (?<![\w-]){WORD}[-_ ][\w -]*(?i:token|key)[\w-]*
  | [xX]{{3,}} | \*{{3,}} | \.{{3}} | …
)"""
NAME = r"""(?:
    (?:HF|HUGGING_?FACE(?:_?HUB)?)_(?:\w*_)?(?:TOKEN|KEY)
  | hf_(?:\w*_)?token | hub_token | hugging_?face(?:hub)?_(?:\w*_)?(?:token|key)
  | use_auth_token | token | hfToken | accessToken | access_token
)"""
PLACES = [
    # name = "…", name: …, "name": "…", NAME=…
    rf"""(?<![\w$.{{-])(?i:{NAME})\\?["']?\]?\s*(?::\s*\w+\s*)?(?:=|:|=>|:=|,)\s*[fbru]?\\?["'](?P<t>{PLACEHOLDER})\\?["']""",
    rf"""(?<![\w$.{{-])(?i:{NAME})\\?["']?\s?[=:]\s?(?P<t>{PLACEHOLDER})(?=[\s\\"',;&)]|$)""",
    rf"""\bBearer\s+(?P<t>{PLACEHOLDER})(?=[\s\\"'`,]|$)""",
    rf"""--?(?:hf[-_]|hub[-_])?token[\s=]\\?["']?(?P<t>{PLACEHOLDER})(?=[\s\\"'`,]|$)""",
    rf"""(?:login|HfInference|InferenceClient|HfApi)\(\\?["'](?P<t>{PLACEHOLDER})\\?["']""",
    rf"""\\?["'](?P<t>hf_(?:[xX*.…]{{2,}}|…|[xX*]+))\\?["']""",
]
PLACES = [re.compile(one, re.VERBOSE | re.MULTILINE) for one in PLACES]
ABOUT = re.compile(r"hugging.?face|\bhf_|\bHF_", re.IGNORECASE)
# Searched lines, and the text in them that identifies a placeholder.
NEAR = re.compile(r"^.*(?:[tT]oken|TOKEN|hf_|_key|_KEY|Bearer|login|Client|HfApi).*$", re.MULTILINE)
HINT = re.compile(r"hf_[xX*.…<\[_a-zA-Z]|<|\[|(?i:your|my|insert|enter|replace|put|add|paste|user|personal|the)[-_]|[xX*.]{3}|…")
LONGEST = 2000
MOST = 1 << 20


def kind_of(path):
    name = path.name.lower()
    if name.startswith("dockerfile") or name.endswith(".dockerfile"):
        return "Dockerfile"
    if name.startswith(".env"):
        return "dotenv"
    if name == "makefile":
        return "Makefile"
    return KINDS.get(path.suffix.lower())


def token(chance):
    return "hf_" + "".join(chance.choices(string.ascii_letters, k=34))


def places(text):
    """The placeholders of a text, without overlaps."""
    if not ABOUT.search(text):
        return []
    spans = set()
    for line in NEAR.finditer(text):
        if len(line[0]) < LONGEST and HINT.search(line[0]):
            for place in PLACES:
                found = place.finditer(text, *line.span())
                spans.update(one.span("t") for one in found)
    apart = []
    for span in sorted(spans):
        if not apart or span[0] >= apart[-1][1]:
            apart.append(span)
    return apart


def planted(text, secret):
    parts, at = [], 0
    for start, end in places(text):
        parts += [text[at:start], secret]
        at = end
    return "".join(parts) + text[at:]


def candidates(folder):
    for base, folders, files in os.walk(folder):
        folders[:] = sorted(one for one in folders if one != ".git")
        for name in sorted(files):
            path = pathlib.Path(base, name)
            if kind_of(path) is None or path.is_symlink() or path.stat().st_size > MOST:
                continue
            try:
                text = path.read_bytes().decode()
            except (UnicodeDecodeError, OSError):
                continue
            if places(text):
                yield path, text


def run(hfscan, *args, cwd):
    return subprocess.run([hfscan, *args], cwd=cwd, capture_output=True, text=True)


def findings(hfscan, folder):
    """The findings with a secret, by path."""
    done = run(hfscan, "-f", "json", "--isolated", "--no-ignore", ".", cwd=folder)
    found = collections.defaultdict(list)
    for one in json.loads(done.stdout)["findings"]:
        if one.get("secret"):
            found[one["location"]["path"]].append(one)
    return found


# Parsers: each returns `True` if it can parse a piece of a text. A piece is broken if it is missing
# afterwards, or no longer parses.


def python_reads(code):
    code = re.sub(r"^(\s*)[%!].*$", r"\1pass", code, flags=re.MULTILINE)
    try:
        ast.parse(code)
        return True
    except (SyntaxError, ValueError):
        return False


def tool_reads(program, ending, *options):
    if not shutil.which(program):
        return None

    def reads(code):
        with tempfile.NamedTemporaryFile("w", suffix=ending, encoding="utf-8") as file:
            file.write(code)
            file.flush()
            done = subprocess.run([program, *options, file.name], capture_output=True)
            return done.returncode == 0

    return reads


def typescript_reads(module, name):
    if not shutil.which("node") or not module:
        return None
    script = (
        "const ts=require(process.argv[1]);const t=require('fs').readFileSync(0,'utf8');"
        "const f=ts.createSourceFile(process.argv[2],t,99,true);"
        "process.exit(f.parseDiagnostics.length?1:0)"
    )
    return lambda code: subprocess.run(
        ["node", "-e", script, module, name], input=code.encode(), capture_output=True
    ).returncode == 0


def quiet(parse):
    def reads(code):
        try:
            parse(code)
            return True
        except Exception:
            return False

    return reads


def readers(typescript):
    bash = tool_reads("bash", ".sh", "-n")
    node = tool_reads("node", ".mjs", "--check")
    javascript = typescript_reads(typescript, "a.jsx") or node
    return {
        "Python": python_reads,
        "shell": bash,
        "JavaScript": javascript,
        "TypeScript": typescript_reads(typescript, "a.tsx"),
        "Rust": tool_reads("rustfmt", ".rs", "--edition=2024", "--emit=stdout"),
        "Java": tool_reads("javac", ".java", "-proc:none", "-XDshould-stop.at=PARSE", "-XDshould-stop.ifError=PARSE"),
        "JSON": quiet(json.loads),
        "YAML": quiet(lambda code: list(yaml.compose_all(code))) if yaml else None,
        "TOML": quiet(tomllib.loads) if tomllib else None,
    }


FENCES = {
    "python": "Python", "py": "Python", "bash": "shell", "sh": "shell", "shell": "shell",
    "js": "JavaScript", "javascript": "JavaScript", "ts": "TypeScript", "typescript": "TypeScript",
    "json": "JSON", "yaml": "YAML", "yml": "YAML", "toml": "TOML", "rust": "Rust",
}


def pieces(kind, text, readers):
    """For each piece of a text with an installed parser: `True` if it parses."""
    text = text.removeprefix("\ufeff")
    if kind == "Markdown":
        found = []
        for block in re.finditer(r"^( *)(`{3,})\s*(\w+)[^\n]*\n(.*?)^ *\2`*\s*$", text, re.M | re.S):
            reads = readers.get(FENCES.get(block[3].lower()))
            if reads:
                indent = block[1]
                lines = block[4].split("\n")
                code = "\n".join(line.removeprefix(indent) for line in lines)
                found.append(reads(code))
        return found
    if kind == "notebook":
        try:
            book = json.loads(text)
            found = [True]
        except ValueError:
            return [False]
        if nbformat:
            try:
                nbformat.validate(book)
                found.append(True)
            except Exception:
                found.append(False)
        for cell in book.get("cells", []):
            if cell.get("cell_type") == "code":
                source = "".join(cell.get("source", []))
                found.append(source.startswith("%%") or python_reads(source))
        return found
    reads = readers.get(kind)
    return [reads(text)] if reads else []


def broken(before, after):
    """`True` if a piece that parsed is missing or no longer parses."""
    if len(after) < len(before):
        return True
    return any(old and not new for old, new in zip(before, after))


def trial(args):
    chance = random.Random(args.seed)
    root = pathlib.Path(args.keep or tempfile.mkdtemp(prefix="fix-trial-"))
    # One token for all, since other rows apply to several tokens with the same variable.
    secret = token(chance)
    texts, kinds = {}, {}
    for folder in map(pathlib.Path, args.folders):
        taken = 0
        files = list(candidates(folder))
        chance.shuffle(files)
        for path, text in files:
            name = f"{folder.resolve().name}/{path.relative_to(folder)}"
            kind = kind_of(path)
            if taken >= args.most:
                break
            taken += 1
            texts[name], kinds[name] = planted(text, secret), kind
    trees = {one: root / one for one in ("planted", "safe", "unsafe")}
    for tree in trees.values():
        for name, text in texts.items():
            file = tree / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text.encode())
    found = findings(args.hfscan, trees["planted"])
    seen = [name for name in texts if name in found]
    options = ["--isolated", "--no-ignore", "--discard", "."]
    said = {"safe": run(args.hfscan, "fix", *options, cwd=trees["safe"])}
    said["unsafe"] = run(args.hfscan, "fix", "--unsafe-fixes", *options, cwd=trees["unsafe"])
    left = {one: findings(args.hfscan, trees[one]) for one in said}
    rows = collections.defaultdict(collections.Counter)
    wrong, shown = [], []
    parsers = readers(args.typescript)
    for name in seen:
        row = rows[kinds[name]]
        row["files"] += 1
        old = texts[name]
        before = pieces(kinds[name], old, parsers)
        row["parsed"] += bool(before) and all(before)
        for level in said:
            new = (trees[level] / name).read_bytes().decode()
            is_gone = secret not in new
            row[level] += is_gone
            row[f"clean {level}"] += is_gone and name not in left[level]
            if level == "unsafe":
                after = pieces(kinds[name], new, parsers)
                row["parse after"] += bool(after) and all(after)
            else:
                after = pieces(kinds[name], new, parsers) if new != old else before
            if broken(before, after):
                row["broken"] += 1
                wrong.append(f"{level}: {name}: no longer parses")
            if level == "unsafe" and not is_gone:
                rest = left[level].get(name, [])
                why = {fix["row"] if "row" in fix else fix["title"] for one in rest for fix in one.get("fixes", [])}
                shown.append(f"{name}: {', '.join(sorted(one['rule'] for one in rest)) or 'NOT SEEN'}: {'; '.join(sorted(why))}")
                if not rest:
                    wrong.append(f"{name}: the token is left, and not seen")
    withdrawn = [line for one in said.values() for line in one.stdout.splitlines() if "withdrawn" in line or ": not fixed" in line]
    return rows, wrong, shown, withdrawn, len(texts), len(seen), root


def table(rows):
    heads = ["files", "safe", "unsafe", "clean unsafe", "parsed", "parse after", "broken"]
    titles = ["files", "fixed, safe", "fixed, all", "scan clean", "parse before", "parse after", "broken"]
    print("| kind | " + " | ".join(titles) + " |")
    print("|---|" + "---:|" * len(heads))
    total = collections.Counter()
    for kind, row in sorted(rows.items(), key=lambda one: -one[1]["files"]):
        total.update(row)
        print(f"| {kind} | " + " | ".join(str(row[head]) for head in heads) + " |")
    print("| all | " + " | ".join(str(total[head]) for head in heads) + " |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", metavar="FOLDER")
    parser.add_argument("--hfscan", default="hfscan")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--most", type=int, default=60, help="files of one repository [default: 60]")
    parser.add_argument("--typescript", help="folder of the `typescript` package")
    parser.add_argument("--keep", help="folder for the copies")
    args = parser.parse_args()
    if os.path.dirname(args.hfscan):
        args.hfscan = os.path.abspath(args.hfscan)
    rows, wrong, shown, withdrawn, tried, seen, root = trial(args)
    print(f"{tried} files show a placeholder; in {seen} of them the token is found\n")
    table(rows)
    for title, lines in (("left to a person", shown), ("withdrawn or refused", withdrawn), ("WRONG", wrong)):
        if lines:
            print(f"\n{title}:")
            print("\n".join(lines))
    if not args.keep:
        shutil.rmtree(root)
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
