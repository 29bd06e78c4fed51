"""Hostile repositories for `bounds.py`: git's own files in sizes, circles and shapes that git never writes."""

import hashlib
import os
import struct
import zlib

from bombs import tokens
from hostile import committed, git, write

CODE = f'login(token="{tokens(1)[0]}")\n'


def start(folder):
    """A repository with one commit. Returns its name."""
    committed(folder, {"a.py": CODE})
    return git(folder, "rev-parse", "HEAD")


def imported(folder, text):
    git(folder, "init", "--quiet")
    git(folder, "fast-import", "--quiet", "--force", text=text.encode())
    git(folder, "symbolic-ref", "HEAD", "refs/heads/main")
    git(folder, "reset", "--quiet")


def commit(number, parents="", text=""):
    content = f"data {len(text)}\n{text}\nM 100644 inline a.py\ndata {len(CODE) + 9}\n{CODE}{number:08}\n\n"
    return f"commit refs/heads/main\nmark :{number}\ncommitter a <a@b> {number} +0000\n" + content.replace(
        "\nM 100644", f"\n{parents}M 100644", 1
    )


def long_chain(folder):
    imported(folder, "".join(commit(number) for number in range(1, 50_000)))


def many_parents(folder):
    roots = "".join(commit(n).replace("refs/heads/main", f"refs/heads/{n}") for n in range(1, 5_001))
    merge = "".join(f"merge :{n}\n" for n in range(2, 5_001))
    imported(folder, roots + commit(5_001, "from :1\n" + merge))


def long_header(folder):
    tree = git(folder, "rev-parse", f"{start(folder)}^{{tree}}")
    lines = "".join(f"x-header hf_{n}\n" for n in range(1_000_000))
    text = f"tree {tree}\nauthor a <a@b> 1 +0000\ncommitter a <a@b> 1 +0000\n{lines}\nmessage\n"
    name = git(folder, "hash-object", "-t", "commit", "-w", "--stdin", "--literally", text=text.encode())
    write(folder, ".git/refs/heads/x", name + "\n")


def tag_chain(folder):
    name, kind, new = start(folder), "commit", []
    for number in range(5_000):
        text = f"object {name}\ntype {kind}\ntag t\ntagger a <a@b> 1 +0000\n\n{number}\n".encode()
        text = b"tag %d\0" % len(text) + text
        name, kind = hashlib.sha1(text).hexdigest(), "tag"
        new.append((name, text))
    for oid, text in new:
        write(folder, f".git/objects/{oid[:2]}/{oid[2:]}", zlib.compress(text, 1))
    write(folder, ".git/refs/tags/t", name + "\n")


def packed_refs(folder):
    head = start(folder)
    write(folder, ".git/packed-refs", "".join(f"{head} refs/tags/{n:07}\n" for n in range(1_000_000)))


def stash_log(folder):
    head = start(folder)
    git(folder, "update-ref", "refs/stash", head)
    write(folder, ".git/logs/refs/stash", f"{head} {head} a <a@b> 1 +0000\thf_\n" * 300_000)


def work_trees(folder):
    start(folder)
    for number in range(5_000):
        other = f"{folder}/.git/worktrees/{(number + 1) % 5_000}"
        write(folder, f".git/worktrees/{number}/gitdir", other + "\n")
        write(folder, f".git/worktrees/{number}/commondir", f"../{(number + 7) % 5_000}\n")
        write(folder, f".git/worktrees/{number}/HEAD", f"ref: refs/heads/{number}\n")


def alternates(folder):
    start(folder)
    for number in range(2_000):
        store = f"store/{number}/objects/info/alternates"
        write(folder, store, f"../../{(number + 1) % 2_000}/objects\n../../{number // 2}/objects\n" * 20)
    write(folder, ".git/objects/info/alternates", f"{folder}/store/0/objects\n")


def graphs(folder):
    start(folder)
    git(folder, "repack", "-adq")
    huge = struct.pack(">I", 0xFFFFFFFF)
    for name, magic in (("info/commit-graph", b"CGPH\1\1\xff\0"), ("pack/multi-pack-index", b"MIDX\1\1\xff\0")):
        write(folder, f".git/objects/{name}", magic + huge + (b"OIDF" + huge * 2) * 1_000_000)


def index_extension(folder):
    start(folder)
    path = os.path.join(folder, ".git/index")
    with open(path, "rb") as file:
        data = file.read()[:-20]
    for name in (b"UNTR", b"FSMN", b"REUC", b"EOIE", b"IEOT"):
        data += name + struct.pack(">I", 8_000_000) + b"\xff" * 8_000_000
    write(folder, ".git/index", data + hashlib.sha1(data).digest())


def submodules(folder):
    start(folder)
    write(folder, ".gitmodules", "".join(
        f'[submodule "{n}"]\n\tpath = m/{n}\n\turl = https://a/{n}\n' for n in range(200_000)))
    path = ".git"
    for number in range(60):
        path = f"{path}/modules/{number}"
        write(folder, f"{path}/HEAD", "ref: refs/heads/main\n")
        write(folder, f"{path}/config", f"[core]\n\tworktree = {'../' * 40}m\n")
        write(folder, f"{path}/objects/info/alternates", "../..\n")
        write(folder, f"{path}/refs/heads/main", "1" * 40 + "\n")


def replacements(folder):
    head = start(folder)
    names = [hashlib.sha1(b"%d" % number).hexdigest() for number in range(100_000)]
    lines = [f"{names[number - 1]} refs/replace/{name}\n" for number, name in enumerate(sorted(names))]
    write(folder, ".git/packed-refs", "# pack-refs with: peeled fully-peeled sorted \n" + "".join(lines))
    write(folder, f".git/refs/replace/{head}", head + "\n")
    write(folder, ".git/info/grafts", f"{head} {head}\n" * 300_000)


def names(folder):
    git(folder, "init", "--quiet")
    for number, mark in enumerate(("\n", "\x1b[2J", "\u202e", "\x7f", "::error::", "\r", "$(id)", "`id`", "\u2028")):
        for count in range(500):
            write(folder, f"{mark}{count}/{mark * 20}.py", CODE)
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "\x1b]0;x\7")


def attributes(folder):
    start(folder)
    write(folder, ".gitattributes", "".join(f"**/*{n}*/**/[a-z]* filter=lfs diff=x\n" for n in range(400_000)))
    write(folder, ".git/config", "[core]\n\tbare = false\n" + "[filter \"x\"]\n\tclean = touch /tmp/x\n" * 25_000)


def pack_of_lies(folder):
    """An index of a pack whose table of first bytes goes down and whose offsets are outside."""
    start(folder)
    git(folder, "repack", "-adq")
    packs = os.path.join(folder, ".git/objects/pack")
    index = next(name for name in os.listdir(packs) if name.endswith(".idx"))
    table = b"".join(struct.pack(">I", (255 - number) << 20) for number in range(256))
    data = b"\xfftOc\0\0\0\2" + table + b"\xff" * 20_000_000
    os.remove(os.path.join(packs, index))
    write(folder, f".git/objects/pack/{index}", data + hashlib.sha1(data).digest())


def repositories():
    """For each repository its name, the arguments of hfscan, and the function that fills it."""
    for what, fill, modes in (
        ("50,000 commits in a row", long_chain, "history range"),
        ("a merge of 5,000 commits", many_parents, "history range"),
        ("a commit with 1,000,000 header lines", long_header, "history"),
        ("5,000 tags of tags", tag_chain, "history"),
        ("packed-refs of 1,000,000 lines", packed_refs, "history staged tree"),
        ("300,000 stashes that are one", stash_log, "history"),
        ("5,000 work trees that lead to each other", work_trees, "history tree"),
        ("2,000 object stores that name each other", alternates, "history staged"),
        ("a commit-graph and a multi-pack-index of 2^32", graphs, "history staged"),
        ("an index with 40 MB of extensions", index_extension, "staged tree"),
        ("200,000 submodules, and stores 60 deep", submodules, "history staged tree"),
        ("100,000 replacements and 300,000 grafts", replacements, "history staged"),
        ("4,500 names with line breaks, escapes and marks", names, "history tree"),
        ("attributes of 400,000 wildcards, a configuration of 25,000 filters", attributes, "history staged tree"),
        ("an index of a pack that lies", pack_of_lies, "history staged"),
    ):
        arguments = {"history": ["--history"], "staged": ["--staged"], "tree": ["."], "range": ["--range", "HEAD~1..HEAD"]}
        for mode in modes.split():
            yield f"{what}: {mode}", arguments[mode], fill
