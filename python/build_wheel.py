"""Builds the wheel: the module by maturin, and beside it the program, as a binary of its own.

pip and uv call the functions of PEP 517 below. ``python python/build_wheel.py`` builds the
program alone and puts it where maturin takes it from; do so before ``maturin build``.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from package_page import with_page

ROOT = Path(__file__).resolve().parent.parent
#: What lies here is installed among the scripts of the environment (the `.data` of a wheel).
SCRIPTS = ROOT / "python" / "hfscan.data" / "scripts"


def build_program() -> Path:
    """Builds the program in release, with every feature of the command line."""
    target = os.environ.get("CARGO_BUILD_TARGET", "")
    command = ["cargo", "build", "--release", "--locked", "--bin", "hfscan", "--features", "data"]
    subprocess.run(command, cwd=ROOT, check=True, stdout=sys.stderr)
    built = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / target / "release"
    name = "hfscan.exe" if os.name == "nt" else "hfscan"
    SCRIPTS.mkdir(parents=True, exist_ok=True)
    return Path(shutil.copy2(built / name, SCRIPTS / name))


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    """Builds a wheel with the program in it."""
    import maturin

    build_program()
    name = maturin.build_wheel(wheel_directory, config_settings, metadata_directory)
    with_page(Path(wheel_directory) / name, os.environ.get("HFSCAN_HOME_PAGE", ""))
    return name


def build_sdist(sdist_directory, config_settings=None):
    """Builds a source distribution."""
    import maturin

    return maturin.build_sdist(sdist_directory, config_settings)


def get_requires_for_build_wheel(config_settings=None):
    """What maturin needs besides itself."""
    import maturin

    return maturin.get_requires_for_build_wheel(config_settings)


def get_requires_for_build_sdist(config_settings=None):
    """What maturin needs besides itself."""
    import maturin

    return maturin.get_requires_for_build_sdist(config_settings)


def prepare_metadata_for_build_wheel(metadata_directory, config_settings=None):
    """Writes the metadata of the wheel."""
    import maturin

    return maturin.prepare_metadata_for_build_wheel(metadata_directory, config_settings)


if __name__ == "__main__":
    print(build_program())
