"""Runs the command line as `python -m anagen`."""

from __future__ import annotations

import sys

from anagen.cli.app import main

if __name__ == "__main__":
    sys.exit(main())
