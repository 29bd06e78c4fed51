"""Runs the hfscan that was installed with this package: ``python -m hfscan``."""

import os
import subprocess
import sys
import sysconfig


def find():
    """Returns the path of the program beside this interpreter or in the user's scripts."""
    name = "hfscan" + (".exe" if os.name == "nt" else "")
    schemes = [None, "nt_user" if os.name == "nt" else "posix_user"]
    folders = [
        sysconfig.get_path("scripts", scheme) if scheme else sysconfig.get_path("scripts")
        for scheme in schemes
    ]
    # `pip install --target FOLDER` puts programs into FOLDER/bin.
    folders.append(os.path.join(os.path.dirname(os.path.dirname(__file__)), "bin"))
    for folder in folders:
        path = os.path.join(folder, name)
        if os.path.isfile(path):
            return path
    sys.exit("error: the hfscan program is not installed beside this package")


def main():
    """Runs the program with the arguments of this process and its exit status."""
    command = [find(), *sys.argv[1:]]
    if os.name == "nt":
        sys.exit(subprocess.call(command))
    os.execv(command[0], command)


if __name__ == "__main__":
    main()
