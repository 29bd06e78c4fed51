#!/usr/bin/env python3
"""Measures the edits per second of `hfscan lsp`, and the delay of an answer after them.

    python3 tests/bench/lsp.py --hfscan target/release/hfscan --edits 20000 --lines 2000

The edits are single characters at random positions of a document, one message each, sent as fast
as they are read. At the end a request for diagnostics confirms that all of them were applied.
"""

import argparse
import json
import pathlib
import random
import string
import subprocess
import tempfile
import threading
import time


class Client:
    """Sends requests to a server, and records its messages."""

    def __init__(self, program):
        self.process = subprocess.Popen([program, "lsp"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.answers, self.arrived, self.last = {}, threading.Condition(), 0
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        out = self.process.stdout
        while header := out.readline():
            out.readline()
            message = json.loads(out.read(int(header.split(b":")[1])))
            with self.arrived:
                self.answers[message.get("id")] = message
                self.arrived.notify_all()

    def send(self, message):
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))

    def notify(self, method, params):
        self.send({"method": method, "params": params})

    def request(self, method, params):
        self.last += 1
        self.send({"id": self.last, "method": method, "params": params})
        self.process.stdin.flush()
        with self.arrived:
            self.arrived.wait_for(lambda: self.last in self.answers)
            return self.answers.pop(self.last)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--hfscan", default="target/release/hfscan")
    parser.add_argument("--edits", type=int, default=20_000)
    parser.add_argument("--lines", type=int, default=2_000)
    args = parser.parse_args()
    rng = random.Random(1)
    token = "hf_" + "".join(rng.choice(string.ascii_letters) for _ in range(34))
    line = "value = compute(first, second)  # ✓ a line of code\n"
    lines = [line] * args.lines
    lines[args.lines // 2] = f'client = InferenceClient(token="{token}")\n'
    with tempfile.TemporaryDirectory() as folder:
        uri = pathlib.Path(folder, "a.py").as_uri()
        client = Client(args.hfscan)
        capabilities = {"textDocument": {"diagnostic": {}}}
        client.request("initialize", {"capabilities": capabilities})
        client.notify("initialized", {})
        item = {"uri": uri, "languageId": "python", "version": 0, "text": "".join(lines)}
        client.notify("textDocument/didOpen", {"textDocument": item})
        pull = ("textDocument/diagnostic", {"textDocument": {"uri": uri}})
        before = client.request(*pull)["result"]["items"]
        edits = []
        for version in range(1, args.edits + 1):
            number = rng.randrange(args.lines)
            if number == args.lines // 2:
                number = 0
            place = {"line": number, "character": rng.randrange(8)}
            change = {"range": {"start": place, "end": place}, "text": rng.choice("xyz")}
            document = {"uri": uri, "version": version}
            edits.append({"textDocument": document, "contentChanges": [change]})
        started = time.perf_counter()
        for edit in edits:
            client.notify("textDocument/didChange", edit)
        after = client.request(*pull)["result"]["items"]
        seconds = time.perf_counter() - started
        assert [one["code"] for one in before] == [one["code"] for one in after], (before, after)
        waits = []
        for edit in edits[:200]:
            client.notify("textDocument/didChange", edit)
            asked = time.perf_counter()
            client.request(*pull)
            waits.append(time.perf_counter() - asked)
        waits.sort()
        size = len(item["text"].encode()) / 1024
        print(f"{args.edits} edits of {size:.0f} KiB in {seconds:.2f} s: {args.edits / seconds:.0f} a second")
        print(f"diagnostics after an edit: median {waits[100] * 1e3:.1f} ms, slowest {waits[-1] * 1e3:.1f} ms")
        client.request("shutdown", None)
        client.notify("exit", None)
        client.process.stdin.close()
        assert client.process.wait() == 0


if __name__ == "__main__":
    main()
