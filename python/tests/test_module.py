"""The module: texts in, findings and redacted texts out."""

from __future__ import annotations

import array
import copy
import gc
import json
import mmap
import multiprocessing
import os
import pickle
import subprocess
import sys
import threading
import time

import hfscan
import pytest
from made import texts, token

KEY = b"sixteen bytes or more of a key"
SCANNER = hfscan.Scanner(now=1_800_000_000)


def test_a_finding_says_what_stands_where():
    text = f"é first\nlogin(token=\"{token(1)}\")"
    (found,) = SCANNER.scan(text, name="row.py")
    assert text[found.start : found.end] == token(1)
    assert (found.line, found.column) == (2, 14)
    assert (found.severity, found.confidence) == ("critical", "high")
    assert found.rule == "hardcoded-login-token"
    assert found.masked and found.masked.startswith("hf_") and len(found.secret_id) == 8


def test_offsets_are_code_points_of_str_and_bytes_of_bytes():
    for text in texts(300, every=2):
        for one in SCANNER.scan(text):
            assert 0 <= one.start < one.end <= len(text)
        raw = text.encode()
        as_bytes = [raw[one.start : one.end].decode() for one in SCANNER.scan(raw)]
        assert as_bytes == [text[one.start : one.end] for one in SCANNER.scan(text)]


def test_every_kind_of_buffer_is_read():
    raw = f"x {token(2)} y".encode()
    expected = SCANNER.scan(raw)
    assert len(expected) == 1
    with mmap.mmap(-1, len(raw)) as mapped:
        mapped.write(raw)
        kinds = [bytearray(raw), memoryview(raw), memoryview(bytearray(raw)),
                 memoryview(bytearray(raw)).toreadonly(), array.array("B", raw), mapped]
        for kind in kinds:
            assert SCANNER.scan(kind) == expected, type(kind)
            assert SCANNER.redact(kind) == b"x <hf-user-access-token> y"
        del kind, kinds
        gc.collect()
    with pytest.raises(TypeError, match="not int"):
        SCANNER.scan(1)
    with pytest.raises(ValueError, match="not contiguous"):
        SCANNER.scan(memoryview(raw)[::2])


def test_lone_surrogates_are_read_and_kept():
    text = f"\ud800 {token(3)} \udfff end"
    (found,) = SCANNER.scan(text)
    assert text[found.start : found.end] == token(3)
    assert SCANNER.redact(text) == "\ud800 <hf-user-access-token> \udfff end"


def test_empty_and_huge_texts():
    assert SCANNER.scan("") == [] and SCANNER.scan(b"") == []
    assert SCANNER.redact("") == "" and SCANNER.scan_many([]) == []
    huge = "nothing to see here. " * 3_000_000 + token(4)
    (found,) = SCANNER.scan(huge)
    assert (found.start, found.end) == (len(huge) - 37, len(huge))


def test_many_texts_are_scanned_as_one_by_one_with_any_number_of_threads():
    many = texts(3_000)
    expected = [SCANNER.scan(text) for text in many]
    assert sum(map(len, expected)) >= 300
    for threads in (1, 2, 5):
        assert SCANNER.scan_many(iter(many), threads=threads) == expected


def test_redaction_is_complete_and_changes_nothing_else():
    for with_, key in [(None, None), ("same-length", None), ("hmac", KEY), ("[{severity}]", None)]:
        for text in texts(300, every=2):
            redacted = SCANNER.redact(text, with_, key=key)
            assert not [one for one in SCANNER.scan(redacted) if one.masked]
            assert SCANNER.redact(redacted, with_, key=key) is redacted
            if with_ == "same-length":
                assert len(redacted) == len(text)
            assert SCANNER.redact(text.encode(), with_, key=key) == redacted.encode()


def test_the_same_object_comes_back_if_there_is_nothing_to_redact():
    text = "nothing here"
    assert SCANNER.redact(text) is text


def test_a_key_gives_the_same_secret_the_same_replacement():
    one, other = token("one"), token("other")
    first = SCANNER.redact(f"it is {one}", key=KEY)
    assert first.startswith("it is <secret:")
    assert SCANNER.redact(f"it is {one}", "hmac", key=KEY) == first
    assert SCANNER.redact(f"it is {other}", key=KEY) != first
    assert SCANNER.redact(f"it is {one}", key=KEY[::-1]) != first
    for wrong in [{"key": b"short"}, {"with_": "hmac"}, {"with_": "{digest}"}, {"with_": "{x}"}]:
        with pytest.raises(ValueError):
            SCANNER.redact("x", **wrong)


def test_a_function_makes_the_replacement_from_the_rule_and_the_mask():
    def name(rule, masked):
        assert masked.startswith("hf_") and len(masked) < 10
        return f"${{{rule.upper()}}}"

    assert SCANNER.redact(f"x {token(5)}", name) == "x ${HF-USER-ACCESS-TOKEN}"

    def fail(rule, masked):
        raise KeyError(rule)

    with pytest.raises(KeyError):
        SCANNER.redact(f"x {token(5)}", fail)
    with pytest.raises(hfscan.HfscanError, match="must return a str"):
        SCANNER.redact(f"x {token(5)}", lambda rule, masked: 1)
    with pytest.raises(TypeError):
        SCANNER.redact("x", 1)


def test_json_in_json_stays_json():
    inner = json.dumps({"env": {"HF_TOKEN": token(6)}, "é": "\n"})
    text = json.dumps([{"role": "tool", "content": inner}])
    redacted = SCANNER.redact(text)
    assert token(6) not in redacted
    assert json.loads(json.loads(redacted)[0]["content"])["é"] == "\n"


def test_rules_are_selected_and_wrong_ones_refused(tmp_path):
    assert hfscan.Scanner(ignore=["*"]).scan(f"x {token(7)}") == []
    assert len(hfscan.Scanner(select=["tag:huggingface"]).scan(f"x {token(7)}")) == 1
    with pytest.raises(hfscan.HfscanError, match="no rule is named `hf-user-acces-token`"):
        hfscan.Scanner(select=["hf-user-acces-token"])
    with pytest.raises(ValueError):
        hfscan.Scanner(min_severity="dreadful")
    with pytest.raises(FileNotFoundError):
        hfscan.Scanner(rules=[tmp_path / "none.toml"])


def test_a_secret_is_revealed_only_on_purpose():
    scanner = hfscan.Scanner(reveal=True)
    (found,) = scanner.scan(f"x {token(8)}")
    assert found.secret == token(8)
    assert scanner.scan(f"x {token(8)}".encode())[0].secret == token(8).encode()
    assert SCANNER.scan(f"x {token(8)}")[0].secret is None
    assert pickle.loads(pickle.dumps(found)).secret is None


def test_nothing_that_is_shown_or_pickled_holds_a_secret():
    secret = token(9)
    scanner = hfscan.Scanner(reveal=True)
    found = scanner.scan(f"x {secret}")
    shown = [repr(found), str(found), repr(scanner), str(found[0].as_dict()), pickle.dumps(found),
             pickle.dumps(scanner), copy.copy(found[0]), found[0].message]
    try:
        scanner.redact(f"x {secret}", lambda rule, masked: 1 / 0)
    except ZeroDivisionError as error:
        shown.append(f"{error!r}")
    for one in shown:
        text = one if isinstance(one, bytes) else str(one).encode()
        assert not any(secret[at : at + 8].encode() in text for at in range(3, 28)), one


def test_a_function_that_writes_to_the_buffer_changes_nothing_that_is_read():
    raw = bytearray(f"x {token(9)} y".encode())

    def scribble(rule, masked):
        raw[:] = b"?" * len(raw)
        return "gone"

    assert SCANNER.redact(raw, scribble) == b"x gone y"


def test_an_error_quotes_no_secret(tmp_path):
    secret = token(10)
    rules = tmp_path / "rules.toml"
    rules.write_text(f'[[rule]]\nid = "a"\nkey = "{secret}"\n')
    table = pytest.importorskip("pyarrow").table({secret: ["x"]})
    for call in [
        lambda: hfscan.Scanner(rules=[rules]),
        lambda: hfscan.Scanner(rule_texts=[("x.toml", f"{secret} = ")]),
        lambda: hfscan.Scanner(select=[secret]),
        lambda: SCANNER.scan_arrow(table, columns=["y"]),
        lambda: hfscan.scan_path(tmp_path / secret),
    ]:
        with pytest.raises(hfscan.HfscanError) as error:
            call()
        assert str(error.value)
        assert secret[8:20] not in f"{error.value!r} {error.value}"


def test_a_scanner_is_pickled_by_its_arguments():
    scanner = hfscan.Scanner(select=["hf-*"], min_confidence="medium", name="row.py", now=5)
    again = pickle.loads(pickle.dumps(scanner))
    assert again == scanner and hash(again) == hash(scanner)
    assert pickle.dumps(again) == pickle.dumps(scanner)
    assert again.scan(f"x {token(10)}") == scanner.scan(f"x {token(10)}")
    assert scanner != hfscan.Scanner(select=["hf-*"])


def test_a_rule_file_travels_with_the_scanner(tmp_path):
    rules = tmp_path / "acme.toml"
    rules.write_text(
        '[[rule]]\nid = "acme-key"\ntitle = "Acme key"\nseverity = "high"\n'
        'confidence = "high"\ncwe = [798]\ntags = ["credential"]\nvariable = "ACME_KEY"\n'
        'why = "It opens Acme."\nreferences = ["https://acme.example/keys"]\n'
        "pattern = ['acme_(?<secret>[A-Za-z0-9]{32})']\n"
        '[rule.judge]\nboundary = "token"\nrandomness = "mixed"\n'
    )
    scanner = hfscan.Scanner(rules=[rules])
    rules.unlink()
    again = pickle.loads(pickle.dumps(scanner))
    assert again == scanner and again.rules_version == scanner.rules_version
    assert again.rules_version != SCANNER.rules_version


def _in_child(queue):
    queue.put(len(SCANNER.scan_many(texts(3_000), threads=2)))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
def test_a_scanner_that_has_used_threads_works_after_a_fork():
    SCANNER.scan_many(texts(3_000), threads=2)
    context = multiprocessing.get_context("fork")
    queue = context.Queue()
    child = context.Process(target=_in_child, args=(queue,))
    child.start()
    assert queue.get(timeout=60) == 3_000
    child.join(timeout=60)
    assert child.exitcode == 0


def test_other_threads_of_python_run_while_a_text_is_scanned():
    text = "a quiet text without anything to find in it. " * 4_000_000
    counted = 0
    done = threading.Event()

    def count():
        nonlocal counted
        while not done.is_set():
            counted += 1
            time.sleep(0.0005)

    counter = threading.Thread(target=count)
    counter.start()
    before = counted
    SCANNER.scan(text)
    during = counted - before
    done.set()
    counter.join()
    assert during >= 3


def test_the_import_takes_milliseconds():
    run = subprocess.run([sys.executable, "-X", "importtime", "-c", "import hfscan"],
                         capture_output=True, text=True, check=True)
    (line,) = [line for line in run.stderr.splitlines() if line.endswith(" hfscan")]
    microseconds = int(line.split("|")[1])
    assert microseconds < 100_000, line


def test_the_program_scans_paths(tmp_path):
    (tmp_path / "app.py").write_text(f'login(token="{token(11)}")\n')
    report = hfscan.scan_path(tmp_path)
    assert report.complete and len(report.findings) == 1
    assert report.findings[0]["location"]["path"] == "app.py"
    assert token(11) not in str(report)
    with pytest.raises(hfscan.HfscanError):
        hfscan.scan_path(tmp_path / "missing")


def test_an_upload_is_looked_at(tmp_path):
    (tmp_path / "README.md").write_text("---\nlicense: mit\n---\n")
    (tmp_path / ".env").write_text(f"HF_TOKEN={token(12)}\n")
    report = hfscan.check_upload(tmp_path, to="me/model", args=["--isolated"])
    assert any(one["location"]["path"] == ".env" for one in report.findings)


def test_the_module_and_the_program_are_of_one_version():
    run = subprocess.run([sys.executable, "-m", "hfscan", "--version"],
                         capture_output=True, text=True, check=True)
    assert run.stdout.split()[1] == hfscan.__version__
