"""Hostile texts and folders that try to exhaust a scanner, for `bounds.py`.

`deep` are endless or unstructured texts, each with a made-up token first, so that its language
is read; `crowds` have more findings than a person could read; `trees` are folders.
"""

import base64
import json
import os
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


def notebook(sources):
    """A notebook with a code cell for each source."""
    cell = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
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
