"""Runs hfscan as ``hf scan``, an extension of the ``hf`` command."""

import os
import runpy
import shutil
import sys

SHORT = """hf scan [PATH]...          find tokens and the habits that leak them
hf scan upload PATH        scan the files that `hf upload` would send
hf scan hf-upload ARGS...  scan an upload, then run it

The options are those of hfscan:
"""


def main():
    """Runs hfscan from this environment or from PATH, with the arguments of this process."""
    if sys.argv[1:] in (["--help"], ["-h"]):
        print(SHORT, flush=True)
    try:
        runpy.run_module("hfscan", run_name="__main__", alter_sys=True)
    except ImportError:
        program = shutil.which("hfscan")
        if program is None:
            sys.exit("error: hfscan is not installed: pip install hfscan")
        os.execv(program, [program, *sys.argv[1:]])


if __name__ == "__main__":
    main()
