"""Opens an HTML report in a real Chromium, with scripts blocked, on a phone and on a desktop.

    ci/html-check.py

Installs Debian's `chromium` if needed, and Playwright from PyPI in an environment below `target/`.
HFSCAN is the path of the program. Checks at 390 and 1280 pixels that nothing overflows horizontally, that all
findings are visible, and that each filter hides exactly the findings of its severity.
"""

import os
import random
import shutil
import string
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGE = "playwright==1.65.2"
WIDTHS = [390, 1280]


def browser() -> str:
    """The path of Chromium; installs it if needed."""
    if not shutil.which("chromium"):
        for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", "chromium"]):
            subprocess.run(["apt-get", *command], check=True, stdout=subprocess.DEVNULL)
    return shutil.which("chromium") or sys.exit("chromium is not installed")


def run_in(environment: Path) -> None:
    """Re-runs this script in the virtual environment; creates it if needed."""
    python = environment / "bin" / "python"
    if not (environment / PACKAGE).exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", environment], check=True)
        subprocess.run([python, "-m", "pip", "install", "-q", "--disable-pip-version-check", PACKAGE], check=True)
        (environment / PACKAGE).touch()
    os.execv(python, [str(python), *sys.argv])


def report(folder: Path) -> Path:
    """The report on a generated tree with findings of several severities and a very long line."""
    token = "hf_" + "".join(random.Random(1).choices(string.ascii_letters, k=34))
    tree = folder / "tree"
    tree.mkdir()
    (tree / "a.py").write_text(f'x = "{"long " * 200}"; login(token="{token}")\n')
    (tree / ("b" * 120 + ".py")).write_text("model.push_to_hub(use_auth_token=True)\n")
    (tree / "Dockerfile").write_text("FROM a\nARG HF_TOKEN\nRUN hf auth login --token $HF_TOKEN\n")
    program = os.environ.get("HFSCAN", ROOT / "target/debug/hfscan")
    done = subprocess.run([program, "--no-progress", "--isolated", "-f", "html=../report.html"], cwd=tree)
    assert done.returncode == 1, done
    return folder / "report.html"


def problems(page, width: int) -> list[str]:
    """The problems of the rendered report."""
    wrong = []
    needed = page.evaluate("document.documentElement.scrollWidth")
    if needed > width:
        wrong.append(f"is {needed} pixels wide")
    boxes = page.locator("fieldset.filters input")
    severities = [boxes.nth(at).get_attribute("id").removeprefix("show-") for at in range(boxes.count())]
    if len(severities) < 3:
        wrong.append(f"has filters for {severities} alone")

    def visible(severity: str) -> list[bool]:
        cards = page.locator(f"article.{severity}")
        return [cards.nth(at).is_visible() for at in range(cards.count())]

    for severity in severities:
        for other in severities:
            if not visible(other) or not all(visible(other)):
                wrong.append(f"does not show {other} findings")
        page.locator(f"#show-{severity}").uncheck()
        for other in severities:
            if any(visible(other)) != (other != severity):
                wrong.append(f"without {severity}, {other} findings are {'shown' if other == severity else 'hidden'}")
        page.locator(f"#show-{severity}").check()
    return wrong


def main() -> None:
    environment = ROOT / "target" / "html-check"
    if Path(sys.prefix).resolve() != environment.resolve():
        run_in(environment)
    from playwright.sync_api import sync_playwright

    wrong = False
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        address = report(Path(folder)).as_uri()
        chromium = playwright.chromium.launch(executable_path=browser(), args=["--no-sandbox"])
        for width in WIDTHS:
            context = chromium.new_context(
                java_script_enabled=False, viewport={"width": width, "height": 900}
            )
            requests: list[str] = []
            page = context.new_page()
            page.on("request", lambda request: requests.append(request.url))
            page.goto(address)
            found = problems(page, width)
            found += [f"requests {one}" for one in requests if one != address]
            print(f"{width} px: {'ok' if not found else 'WRONG'}", *found, sep="\n  ")
            wrong |= bool(found)
        chromium.close()
    sys.exit(1 if wrong else 0)


main()
