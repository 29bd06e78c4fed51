"""Hostile texts and folders that try to exhaust a scanner, for `bounds.py`.

`deep` are endless or unstructured texts, each with a made-up token first, so that its language
is read; `crowds` have more findings than a person could read; `trees` are folders.
"""

import base64
import hashlib
import json
import os
import struct
import subprocess

from bombs import tokens


def token():
    return tokens(1)[0]


def aliases():
    lines = ["a0: &a0 [x, x]"]
    for level in range(1, 60):
        lines.append(f"a{level}: &a{level} [*a{level - 1}, *a{level - 1}]")
    return "\n".join(lines) + "\n"


def deep(size):
    """Name of each file and its text: about `size` bytes, with the token first."""
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
    shell = f"hf auth login --token {secret}\n"
    for name, unit in (
        ("words.sh", "x\n"),
        ("heredocs.sh", "cat <<EOF\n"),
        ("substitutions.sh", "$(a "),
        ("quotes.sh", "'\n"),
        ("assignments.sh", "A=b c\n"),
        ("words.bat", "x\r\n"),
        ("words.ps1", "x\n"),
        ("blocks.ps1", "@(\n"),
    ):
        yield name, shell + much(unit)
    yield "script.yaml", yaml + "jobs:\n  a:\n    steps:\n    - run: |\n" + much("        x y\n")
    yield "steps.workflow.yaml", yaml + "jobs:\n  a:\n    steps:\n" + much("    - run: x y\n")
    yield "Dockerfile", f"FROM x\nENV HF_TOKEN={secret}\n" + much("RUN a && b\n")
    yield "long.Dockerfile", f"FROM x\nENV HF_TOKEN={secret}\nRUN " + much("a && \\\n")
    yield "Makefile", f"HF_TOKEN = {secret}\na:\n" + much("\tx $(y)\n")
    yield "Jenkinsfile", f'env.HF_TOKEN = "{secret}"\n' + much("sh 'x y'\n")
    yield "fences.md", f"```sh\n{shell}```\n" + much("```sh\nx y\n```\n")
    yield "calls.ipynb", notebook([python + much("f(x)\\n")])
    yield "shells.ipynb", notebook(["!" + shell] + ["!x y\n"] * (size // 90))
    # Halves of tokens, each with a second half of other letters and names that are never joined.
    yield "halves.txt", f"{secret}\n" + much('p x z="hf_xx"\nu v w="' + "x" * 32 + '"\n')
    yield "calls.rb", f'token = "{secret}"\n' + much('system("x y")\n')
    yield "functions.go", f'token := "{secret}"\n' + much("func f() {\n")
    yield "ignores.py", python + much("x = 1  # hfscan: ignore\n")
    yield "ignores-open.py", python + much("# hfscan: ignore[")
    yield "keys.pem", secret + "\n" + much("-----BEGIN RSA PRIVATE KEY-----\n")
    yield "keys-in-line.txt", secret + much(" -----BEGIN OPENSSH PRIVATE KEY----- AAAA")
    yield "signed.txt", secret + much(" eyJhbGciOiJIUzI1NiJ9.")
    yield "signed-in-one.txt", secret + " eyJhbGciOiJIUzI1NiJ9." + much("eyJh.")
    yield "headers.txt", secret + "\n" + much("Authorization: Bearer \n")
    yield "headers-in-line.txt", secret + much(" Authorization: Bearer")
    yield "addresses-open.txt", secret + much(" https://user:")
    yield "addresses-at.txt", secret + " https://" + much("a:b@")
    yield "databases.txt", secret + much(" postgres://a:b@c/")
    yield "names-only.env", f"HF_TOKEN={secret}\n" + much("HF_TOKEN=\n")
    yield "long-value.env", f"HF_TOKEN={secret}\nAPI_KEY=" + much("aB3")
    yield "passwords.ini", yaml + much("password = x y\n")
    yield "references.env", f"HF_TOKEN={secret}\n" + much("A=${A:-${A}}\n")
    yield "minified.js", js + much("var a=function(b){return c.token||d['api_key']};")
    yield "laughs.xml", '<!DOCTYPE a [<!ENTITY a "b">' + much('<!ENTITY a "&a;&a;">') + "]>" + xml
    yield "tags.html", xml + much("<script><![CDATA[<!--")
    yield "fences-open.md", f"```sh\n{shell}```\n" + much("~~~\n````\n")
    yield "quotes.md", f"```sh\n{shell}```\n" + much("> " * 50 + "- " * 50 + "`\n")
    yield "columns.csv", "token" + much(",token") + f"\n{secret}" + much(",")
    yield "f-strings.py", python + "x = " + much("f'{f\"{")
    yield "comprehensions.py", python + "x = " + much("[x for x in ")
    yield "functions.py", python + much("def f(token=") + "1"
    yield "templates.js", js + much("`${a}`+")
    yield "expressions.js", js + "x = " + much("/[/]/+")
    yield "nested.groovy", f'token = "{secret}"\n' + much("a { b(")
    yield "heredocs.rb", f'token = "{secret}"\n' + much("x <<~A + <<~B\n")
    yield "dollars.sql", f"SET token = '{secret}';\n" + much("$a$ $b$ ")
    yield "raw.rs", f'let token = "{secret}";\n' + much('r##"')
    yield "outputs.ipynb", notebook([python], outputs=size // 90)
    yield "empty-cells.ipynb", notebook([python] + [""] * (size // 90))
    yield "utf-16.txt", (secret + "\n" + much("hf_ ")[:size // 2]).encode("utf-16-le")
    yield "utf-32.txt", (secret + "\n" + much("hf_ ")[:size // 4]).encode("utf-32-be")
    yield "quoted-printable.eml", secret + "\n" + much("=68=66=5F=\n")
    yield "percent-twice.txt", secret + "\n" + much("%2568%2566%255f")


def notebook(sources, outputs=0):
    """A notebook with a code cell for each source, each with this number of outputs."""
    output = {"output_type": "stream", "name": "stdout", "text": ["hf_"]}
    cell = {"cell_type": "code", "metadata": {}, "outputs": [output] * outputs, "execution_count": None}
    cells = [{**cell, "source": [source]} for source in sources]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def crowds(count):
    """Name of each file and its text, with `count` tokens, all different unless the name says so."""
    all_tokens = tokens(count)

    def each(form):
        return "".join(form.format(number, one) for number, one in enumerate(all_tokens))

    yield "line.txt", " ".join(all_tokens)
    yield "lines.txt", "\n".join(all_tokens)
    yield "same.txt", (all_tokens[0] + "\n") * count
    yield "calls.py", each('login(token="{1}")\n')
    yield "names.py", each('TOKEN_{0} = "{1}"\n')
    yield "joined.py", each('t = "{1}"[:9] + "x"\n')
    yield "calls.js", each('new HfInference("{1}");\n')
    yield "exports.sh", each("export HF_TOKEN={1}\n")
    yield "logins.sh", each("hf auth login --token {1}\n")
    yield "many.env", each("TOKEN_{0}={1}\n")
    yield "many.yaml", each("token{0}: {1}\n")
    yield "many.toml", each('token{0} = "{1}"\n')
    yield "many.ini", each("token{0} = {1}\n")
    yield "many.tf", each('token{0} = "{1}"\n')
    yield "many.json", "{" + each('"token{0}":"{1}",') + '"end":0}'
    yield "rows.jsonl", each('{{"id":{0},"token":"{1}"}}\n')
    yield "rows.csv", "id,token\n" + each("{0},{1}\n")
    yield "many.xml", "<a>" + each('<b token="{1}"/>') + "</a>"
    yield "many.md", each("`{1}`\n\n")
    yield "arguments.Dockerfile", "FROM x\n" + each("ENV T{0}={1}\n")
    yield "addresses.txt", each("https://user:{1}@huggingface.co/a/b\n")
    yield "ignored.py", each('login(token="{1}")  # hfscan: ignore\n')
    yield "encoded.txt", "".join(base64.b64encode(one.encode()).decode() + "\n" for one in all_tokens)
    yield "one-cell.ipynb", notebook([each('login("{1}")\n')])
    yield "cells.ipynb", notebook([f'login("{one}")' for one in all_tokens[:count // 4]])
    yield "wide.txt", "\n".join(all_tokens).encode("utf-16")


def write(folder, name, text):
    path = os.path.join(folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(text if isinstance(text, bytes) else text.encode())


def git(folder, *arguments, text=None):
    quiet = ["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "gc.auto=0"]
    done = subprocess.run(["git", *quiet, *arguments], cwd=folder, input=text, check=True, stdout=subprocess.PIPE)
    return done.stdout.decode().strip()


def committed(folder, *files):
    """A repository with a commit for each set of files."""
    git(folder, "init", "--quiet")
    for number, contents in enumerate(files):
        for name, text in contents.items():
            write(folder, name, text)
        git(folder, "add", "--all")
        git(folder, "commit", "--quiet", "--message", f"{number}")


def index(entries, trees):
    """An index of git of version 4: of each entry the bytes removed from the path before, and those added."""
    data = bytearray(b"DIRC" + struct.pack(">II", 4, len(entries)))
    for removed, added in entries:
        data += bytes(24) + struct.pack(">I", 0o100644) + bytes(12) + b"\1" * 20 + bytes(2)
        data += bytes([removed]) + added.encode() + b"\0"
    data += b"TREE" + struct.pack(">I", len(trees)) + trees
    return bytes(data) + hashlib.sha1(data).digest()


def trees():
    """For each folder its name, the arguments of hfscan, and the function that fills it."""
    code = f'login(token="{token()}")\n'

    def ignoring(text):
        return lambda folder: (write(folder, "a.py", code), write(folder, ".gitignore", text))

    def linked(folder):
        write(folder, "a.py", code)
        os.symlink("/dev/zero", os.path.join(folder, ".gitignore"))

    def waiting(folder):
        write(folder, "a.py", code)
        os.mkfifo(os.path.join(folder, ".gitignore"))

    def same_trees(folder):
        committed(folder, {"a.py": code})
        tree = git(folder, "rev-parse", "HEAD^{tree}")
        for _ in range(40):
            entries = "".join(f"040000 tree {tree}\t{number}\n" for number in range(10))
            tree = git(folder, "mktree", text=entries.encode())
        git(folder, "reset", "--soft", git(folder, "commit-tree", "-p", "HEAD", tree, text=b"many"))

    def versions(folder):
        lines = [f"x = {number}\n" for number in range(20_000)]
        crowd = [f'login(token="{one}")\n' for one in tokens(1_000)]
        files = [{"a.py": "".join(lines + crowd + [f"y = {number}\n"])} for number in range(20)]
        committed(folder, *files)

    def message(folder):
        committed(folder, {"a.py": code})
        git(folder, "commit", "--quiet", "--allow-empty", "--file", "-", text=b"hf_ " * 2_500_000)

    def branches(folder):
        committed(folder, {"a.py": code})
        head = git(folder, "rev-parse", "HEAD")
        lines = "".join(f"create refs/heads/{number} {head}\n" for number in range(50_000))
        git(folder, "update-ref", "--stdin", text=lines.encode())

    def index_of(*contents):
        """An index of git of version 4 with these entries and extensions."""

        def fill(folder):
            committed(folder, {"a.py": code})
            write(folder, ".git/index", index(*contents))

        return fill

    def deltas(folder):
        committed(folder, {"a.py": code}, *({"a.py": code + "x = 1\n" * number} for number in range(1, 300)))
        git(folder, "repack", "-adfq", "--depth=4000", "--window=300")

    def large_object(folder):
        committed(folder, {"a.py": code, "zeros.bin": b"\0" * (1 << 30)})

    def wide_tree(folder):
        committed(folder, {"a.py": code})
        blob = git(folder, "rev-parse", "HEAD:a.py")
        entries = "".join(f"100644 blob {blob}\t{number}.py\n" for number in range(200_000))
        tree = git(folder, "mktree", text=entries.encode())
        git(folder, "reset", "--soft", git(folder, "commit-tree", "-p", "HEAD", tree, text=b"many"))

    def nested_folders(folder):
        for top in range(20):
            path = folder
            for _ in range(300):
                path = os.path.join(path, "a")
            os.makedirs(path.replace(folder, os.path.join(folder, str(top))))
        write(folder, "a.py", code)

    def extending(folder):
        for number in range(2_000):
            write(folder, f"{number}.toml", f'extends = ["{number + 1}.toml", "{number // 2}.toml"]\n')
        write(folder, ".hfscan.toml", 'extends = ["0.toml"]\n')
        write(folder, "a.py", code)

    shared = [(0, "a" * 100_000), *((4, f"{number:04}") for number in range(10_000))]
    nests = b"".join(b"a" * 100 + b"\x001 1\n" + b"\2" * 20 for _ in range(8_000))
    yield "an index whose 10,000 paths share 100 kB", ["."], index_of(shared, b"")
    yield "the same, staged changes", ["--staged"], index_of(shared, b"")
    yield "an index with 8,000 folders in each other", ["."], index_of([(0, "a.py")], nests)
    yield "a chain of 300 deltas", ["--history"], deltas
    yield "a blob of 1 GiB of zeros", ["--history"], large_object
    yield "200,000 names of one blob in a tree", ["--history"], wide_tree
    yield "20 folders, 300 deep", ["."], nested_folders
    yield "100,000 empty files", ["."], lambda folder: [write(folder, f"{n % 300}/{n}.py", "") for n in range(100_000)]
    yield "5,000 folders with an ignore file of 20 kB", ["."], lambda folder: [
        write(folder, f"{number}/{name}", text)
        for number in range(5_000)
        for name, text in ((".gitignore", "*.pyc[a-z]*\n" * 1_700), ("a.txt", "x"))
    ]
    yield "2,000 configurations that extend each other", ["."], extending
    yield "a baseline of 30 MB", ["."], lambda folder: [
        write(folder, "a.py", code),
        write(folder, ".hfscan-baseline.json", '{"version": 1, "findings": [' + '{"path": "a"},' * 2_000_000 + "{}]}"),
    ]
    yield "a configuration of 10 MB of tables", ["."], lambda folder: [
        write(folder, "a.py", code), write(folder, ".hfscan.toml", "".join(f"[a.b{number}]\n" for number in range(900_000))),
    ]

    globs = "".join("*" * 20 + f"{number}**/a[a-z]*b\n" for number in range(300_000))
    yield "a link .gitignore to /dev/zero", ["."], linked
    yield "a FIFO .gitignore", ["."], waiting
    yield ".gitignore of 300,000 wildcards", ["."], ignoring(globs)
    yield ".gitignore of 200 MB of zeros", ["."], ignoring(b"\0" * 200_000_000)
    yield "twelve shell scripts of short lines", ["."], lambda folder: [
        write(folder, f"{number}.sh", f"hf auth login --token {token()}\n" + "x\n" * 1_900_000)
        for number in range(12)
    ]
    yield "20,000 files with a token", ["."], lambda folder: [
        write(folder, f"{number % 100}/{number}.py", f'login("{one}")\n')
        for number, one in enumerate(tokens(20_000))
    ]
    yield "10^40 files of git in 41 trees", ["--history"], same_trees
    yield "the same, a range", ["--range", "HEAD~1..HEAD"], same_trees
    yield "a message of 10 MB", ["--history"], message
    yield "20 versions with 1,000 tokens", ["--history"], versions
    yield "the same, a range", ["--range", "HEAD~10..HEAD"], versions
    yield "50,000 branches", ["--history"], branches
