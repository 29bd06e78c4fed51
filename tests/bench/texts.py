"""Hostile files of kinds that a repository commonly contains, for `bounds.py`: packages of mail and of web
requests, notebooks, tables, model files, and archives with much beside their members.
"""

import base64
import bz2
import json
import lzma
import struct
import zlib

from bombs import bomb, tokens, zipped


def token():
    return tokens(1)[0]


@bomb("escapes.json", "JSON in JSON, 18 times, each backslash doubled")
def nested_json():
    text = json.dumps({"hf_token": token(), "a": '"' * 4})
    for _ in range(18):
        text = json.dumps({"hf_token": text})
    return text


@bomb("numbers.json", "JSON, a number of 10 MB, and 1,000,000 with huge exponents")
def numbers():
    return f'{{"hf_token": "{token()}", "a": {"9" * 10_000_000}, "b": [{"1e999999999," * 1_000_000}0]}}'


@bomb("key.json", "JSON, a key of 10 MB of escaped letters")
def escaped_key():
    return f'{{"hf_token": "{token()}", "' + "\\u0068\\u0066\\u005f" * 560_000 + '": 1}'


@bomb("log.har", "HAR, 20,000 requests with a body of JSON in base64")
def har():
    body = base64.b64encode(json.dumps({"hf_token": "x" * 40, "a": "hf_" * 40}).encode()).decode()
    entry = {"request": {"url": "https://a/?hf_=hf_", "headers": [{"name": "Authorization", "value": "Bearer hf_"}],
                         "postData": {"text": body}}, "response": {"content": {"text": body, "encoding": "base64"}}}
    return json.dumps({"log": {"entries": [entry] * 20_000}})


@bomb("mail.mbox", "mail, 200,000 nested boundaries")
def mbox():
    parts = "".join(f'--b{n}\nContent-Type: multipart/mixed; boundary="b{n + 1}"\n\n' for n in range(200_000))
    return f"From a@b Thu Jan  1 00:00:00 1970\nSubject: hf_token {token()}\n\n" + parts


@bomb("soft.eml", "mail, 10 MB of quoted-printable `h=`, `f=`, `_=`, a line each")
def quoted_printable():
    return "Content-Transfer-Encoding: quoted-printable\n\n" + "h=\nf=\n_=\n=68=66=5F" * 480_000


@bomb("attached.ipynb", "notebook, 40,000 attachments and metadata 400 deep")
def attachments():
    meta = {}
    for _ in range(400):
        meta = {"hf_token": meta}
    image = base64.b64encode(b"hf_" * 40).decode()
    attached = {f"{n}.png": {"image/png": image} for n in range(40_000)}
    cell = {"cell_type": "markdown", "metadata": meta, "source": ["![](attachment:0.png)"], "attachments": attached}
    code = {"cell_type": "code", "execution_count": 1, "metadata": {}, "source": f'login("{token()}")', "outputs": []}
    return json.dumps({"cells": [cell, code], "metadata": meta, "nbformat": 4, "nbformat_minor": 5})


@bomb("entities.xml", "XML, 100,000 entities that name each other")
def entities():
    lines = "".join(f'<!ENTITY e{n} "&e{n - 1};&e{n - 1};hf_">\n' for n in range(1, 100_000))
    return f'<!DOCTYPE a [<!ENTITY e0 "{token()}">\n{lines}]>\n<a hf_token="&e99999;">&e99999;</a>\n'


@bomb("merged.yaml", "YAML, 200,000 merges of anchors, and a text of 3 MB of escapes")
def merges():
    lines = "".join(f"k{n}: &k{n} {{<<: [*k{max(0, n - 1)}, *k{n // 2}], a: b}}\n" for n in range(200_000))
    escapes = "\\x68\\x66\\x5f" * 250_000
    return f'hf_token: {token()}\nk0: &k0 {{a: b}}\n{lines}t: "{escapes}"\n'


@bomb("columns.csv", "CSV, a row of 3,000,000 columns, and a quote that is never closed")
def columns():
    return "hf_token," * 1_000_000 + "\n" + f"{token()}," + "hf_," * 2_000_000 + '\n"' + "a,b\n" * 500_000


@bomb("rows.jsonl", "JSON Lines, 2,000,000 rows")
def rows():
    return f'{{"hf_token": "{token()}"}}\n' + '{"a":1}\n' * 2_000_000


@bomb("gap.zip", "zip, 16 MB of signatures of members before it")
def signatures():
    return b"PK\3\4" * 4_000_000 + zipped([("a.txt", b"text")])


@bomb("headers.zip", "zip, 400,000 headers of empty members before it")
def headers():
    header = b"PK\3\4" + struct.pack("<HHHHHIIIHH", 20, 0, 0, 0, 0, 0, 0, 0, 1, 0) + b"a"
    return header * 400_000 + zipped([("a.txt", b"text")])


@bomb("streamed.zip", "zip without a directory, 200,000 members whose size follows")
def streamed():
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = packer.compress(b"text") + packer.flush()
    header = b"PK\3\4" + struct.pack("<HHHHHIIIHH", 20, 8, 8, 0, 0, 0, 0, 0, 1, 0) + b"a"
    return (header + body) * 200_000


def skippable(data):
    return b"\x5a\x2a\x4d\x18" + struct.pack("<I", len(data)) + data


@bomb("beside.zst", "zstd, 500,000 skippable frames of text and one of 20 MB")
def beside():
    frame = b"\x28\xb5\x2f\xfd\x20\x01\x09\0\0a"
    many = b"".join(skippable(b"hf_token = hf_%014d" % number) for number in range(500_000))
    return frame + many + frame + skippable(b"hf_ " * 5_000_000) + frame


@bomb("tail.z", "zlib, a stream of a byte and 20 MB of streams after it")
def zlib_tail():
    return zlib.compress(b"a") * 2_000_000


@bomb("padding.xz", "xz, 10 streams with 5 MB of padding after each")
def xz_padding():
    return (lzma.compress(b"a") + b"\0" * 5_000_000) * 10


@bomb("repeats.bz2", "bzip2, 40 streams of 45 MB of runs")
def bzip2_runs():
    return bz2.compress(b"hf_ " * 250_000 + b"\0" * 44_000_000, 9) * 40


@bomb("log.db-wal", "SQLite, a log of 5,000 pages of text")
def wal():
    header = struct.pack(">IIIIIIII", 0x377F0682, 3007000, 4096, 0, 1, 2, 0, 0)
    page = (f"\nhf_token = {token()}\n" + "hf_" * 1400)[:4096].ljust(4096, "x").encode()
    return header + b"".join(struct.pack(">IIIIII", number + 1, 0, 1, 2, 0, 0) + page for number in range(5_000))


@bomb("lines.db", "SQLite, 10,000 pages that begin with a line feed")
def line_feeds():
    head = b"SQLite format 3\0" + struct.pack(">HBBBBBB", 4096, 1, 1, 0, 64, 32, 32) + bytes(76)
    page = b"\n\0\0\3\xe8\0\x08\0" + bytes(4088)
    return head.ljust(4096, b"\0") + page * 10_000


@bomb("arrays.gguf", "GGUF, arrays 1,000,000 deep")
def deep_gguf():
    head = b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + struct.pack("<Q", 1) + b"k" + struct.pack("<I", 9)
    return head + struct.pack("<IQ", 9, 1) * 1_000_000


@bomb("fields.onnx", "protobuf, 8,000,000 empty fields")
def empty_fields():
    return b"\x08\x07\x12\x04hf__" + b"\x3a\0" * 8_000_000


@bomb("dots.toml", "TOML, 3 MB of quoted keys with escapes")
def quoted_keys():
    return f'hf_token = "{token()}"\n' + '"\\u0068\\u0066"."\\u005f" = "hf_"\n' * 90_000
