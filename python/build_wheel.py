"""Builds the wheel: the module with maturin, and the program as a separate binary.

pip and uv call the functions of PEP 517 and PEP 660 below. ``python python/build_wheel.py``
builds only the program, and copies it to maturin's input folder; run it before ``maturin build``.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from package_page import with_page

ROOT = Path(__file__).resolve().parent.parent
#: Files here are installed in the scripts folder of the environment (the `.data` of a wheel).
SCRIPTS = ROOT / "python" / "hfscan.data" / "scripts"


def build_program(profile="release") -> Path:
    """Builds the program with all command-line features, with a Cargo profile."""
    command = ["cargo", "build", "--profile", profile, "--locked", "--bin", "hfscan"]
    command += ["--features", "data"]
    subprocess.run(command, cwd=ROOT, check=True, stdout=sys.stderr)
    built = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    built /= os.environ.get("CARGO_BUILD_TARGET", "")
    built /= "debug" if profile == "dev" else profile
    name = "hfscan.exe" if os.name == "nt" else "hfscan"
    SCRIPTS.mkdir(parents=True, exist_ok=True)
    return Path(shutil.copy2(built / name, SCRIPTS / name))


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    """Builds a wheel with the program. The setting ``profile`` selects a Cargo profile other than
    release (``pip install -C profile=dev .``)."""
    name = _with_program("build_wheel", wheel_directory, config_settings, metadata_directory)
    with_page(Path(wheel_directory) / name, os.environ.get("HFSCAN_HOME_PAGE", ""))
    return name


def build_editable(wheel_directory, config_settings=None, metadata_directory=None):
    """Builds an editable wheel with the program; see ``build_wheel``."""
    return _with_program("build_editable", wheel_directory, config_settings, metadata_directory)


def build_sdist(sdist_directory, config_settings=None):
    """Builds a source distribution, without the compiled program."""
    shutil.rmtree(SCRIPTS, ignore_errors=True)
    return _maturin("build_sdist", sdist_directory, config_settings)


def prepare_metadata_for_build_wheel(metadata_directory, config_settings=None):
    """The metadata of the wheel."""
    return _maturin("prepare_metadata_for_build_wheel", metadata_directory, None)


def get_requires_for_build_wheel(config_settings=None):
    """Requires Cargo if it is not installed."""
    return _maturin("get_requires_for_build_wheel", None)


get_requires_for_build_editable = get_requires_for_build_wheel
get_requires_for_build_sdist = get_requires_for_build_wheel
prepare_metadata_for_build_editable = prepare_metadata_for_build_wheel


def _with_program(hook, wheel_directory, config_settings, metadata_directory):
    profile = (config_settings or {}).get("profile", "release")
    build_program(profile)
    arguments = {"build-args": f"--profile={profile}"}
    return _maturin(hook, wheel_directory, arguments, metadata_directory)


def _maturin(hook, *arguments):
    # Imported here, since building only the program does not need maturin.
    import maturin

    # maturin requires the folder even for metadata and source distributions.
    SCRIPTS.mkdir(parents=True, exist_ok=True)
    return getattr(maturin, hook)(*arguments)


if __name__ == "__main__":
    print(build_program())
