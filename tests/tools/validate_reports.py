"""Checks reports against the schemas of the platforms that read them.

    validate_reports.py ENVIRONMENT SCHEMAS REPORTS

ENVIRONMENT is a virtual environment, created on first use; SCHEMAS the folder with the
schemas; REPORTS the folder with `report.sarif`, `report.junit` and so on. Exits with 1
if a report is invalid, and with 77 if the validators cannot be installed.
"""

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ["jsonschema==4.26.0", "rfc3986-validator==0.1.1", "xmlschema==4.3.1"]
UNAVAILABLE = 77

CHECKS = [
    ("sarif", "sarif-schema-2.1.0.json"),
    ("sarif", "sarif-schema-2.1.0.draft-07.schemastore.json"),
    ("gitlab", "gitlab-code-quality-issues.json"),
    ("gitlab-secrets", "gitlab-secret-detection-report-15.2.1.json"),
    ("rdjson", "reviewdog-rdjson-DiagnosticResult.json"),
    ("junit", "junit-10.xsd"),
    ("checkstyle", "checkstyle-report-1.0.0.xsd"),
]


def run_in(environment: Path) -> None:
    """Restarts in the virtual environment, which is created if it does not exist."""
    python = environment / "bin" / "python"
    ready = environment / "ready"
    if not ready.exists() or ready.read_text() != "\n".join(PACKAGES):
        commands = [
            [sys.executable, "-m", "venv", "--clear", str(environment)],
            [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *PACKAGES],
        ]
        for command in commands:
            done = subprocess.run(command, capture_output=True, text=True)
            if done.returncode != 0:
                print(f"the validators cannot be installed: {done.stderr.strip()[-500:]}")
                sys.exit(UNAVAILABLE)
        ready.write_text("\n".join(PACKAGES))
    os.execv(python, [str(python), *sys.argv])


def json_errors(report: Path, schema: Path) -> list[str]:
    import jsonschema

    loaded = json.loads(schema.read_text())
    cls = jsonschema.validators.validator_for(loaded)
    cls.check_schema(loaded)
    validator = cls(loaded, format_checker=cls.FORMAT_CHECKER)
    document = json.loads(report.read_text())
    return [f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(document)]


def strict(schema: object) -> object:
    """The schema, changed to reject unknown fields."""
    if isinstance(schema, dict):
        closed = {key: strict(value) for key, value in schema.items()}
        if closed.get("type") == "object" and "properties" in closed:
            closed.setdefault("additionalProperties", False)
        return closed
    return [strict(one) for one in schema] if isinstance(schema, list) else schema


def own_errors(document: object, name: str) -> list[str]:
    """Errors against a schema of hfscan itself, which must define every field."""
    import jsonschema

    schema = json.loads((ROOT / "docs" / f"{name}.schema.json").read_text())
    jsonschema.Draft7Validator.check_schema(schema)
    validator = jsonschema.Draft7Validator(strict(schema))
    return [f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(document)]


def xml_errors(report: Path, schema: Path) -> list[str]:
    import xmlschema

    return [str(error) for error in xmlschema.XMLSchema(schema).iter_errors(report)]


def uri_format_is_checked(schema: Path) -> list[str]:
    """Tests the validator itself: a URI with a space in it must be rejected."""
    import jsonschema

    cls = jsonschema.Draft7Validator
    validator = cls({"type": "string", "format": "uri-reference"}, format_checker=cls.FORMAT_CHECKER)
    return [] if list(validator.iter_errors("a b")) else ["formats of addresses are not checked"]


def main() -> None:
    environment, schemas, reports = (Path(argument) for argument in sys.argv[1:4])
    if Path(sys.prefix).resolve() != environment.resolve():
        run_in(environment)
    wrong = False
    results = [("addresses", uri_format_is_checked(schemas))]
    for name, schema in CHECKS:
        report = reports / f"report.{name}"
        errors = xml_errors if schema.endswith(".xsd") else json_errors
        results.append((f"{name} against {schema}", errors(report, schemas / schema)))
    results.append(("json against its schema", own_errors(json.loads((reports / "report.json").read_text()), "report")))
    for file in sorted((ROOT / "rules").glob("*.toml")):
        results.append((f"{file.name} against its schema", own_errors(tomllib.loads(file.read_text()), "rules")))
    for name, errors in results:
        print(f"{name}: {'ok' if not errors else 'WRONG'}", *errors[:10], sep="\n  ")
        wrong |= bool(errors)
    sys.exit(1 if wrong else 0)


main()
