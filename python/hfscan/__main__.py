"""Runs the program hfscan installed with this package: ``python -m hfscan``."""

from ._program import main

if __name__ == "__main__":
    main()
