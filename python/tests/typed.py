"""Code that uses the module and must pass the type checkers."""

from typing import assert_type

import hfscan

scanner = hfscan.Scanner(select=["hf-*"], min_confidence="high", now=0)
found = scanner.scan("text")
assert_type(found, list[hfscan.Finding])
assert_type(found[0].start if found else 0, int)
assert_type(found[0].masked if found else None, str | None)
assert_type(scanner.scan_many(["a", b"b"], threads=2), list[list[hfscan.Finding]])
assert_type(scanner.redact("text"), str)
assert_type(scanner.redact(b"text", "hmac", key=b"0" * 16), bytes)
assert_type(scanner.redact("text", lambda rule, masked: rule), str)
assert_type(hfscan.redact("text"), str)
assert_type(hfscan.redact(bytearray(b"text")), bytes)
assert_type(hfscan.scan(memoryview(b"text")), list[hfscan.Finding])
assert_type(scanner.rules_version, str)
counts = hfscan.Counts()
assert_type(counts.by_rule, dict[str, int])
report = hfscan.scan_path("src", args=["--isolated"], check=False)
assert_type(report.complete, bool)
assert_type(hfscan.check_upload("."), hfscan.Report)
error: type[Exception] = hfscan.HfscanError
