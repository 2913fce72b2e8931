"""Runs commands one after the other in one process that has the core alone: libraries of extras cannot be imported.

`python core_only.py FILE`: FILE holds a list of commands as JSON; printed is a list of (exit code, output, errors).
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

EXTRAS = frozenset(
    {
        "PIL", "SALib", "alembic", "argon2", "arviz", "arviz_stats", "distributed", "docx", "duckdb", "emcee",
        "fastapi", "libsbml", "libsedml", "matplotlib", "nutpie", "optuna", "pyarrow", "skimage", "sqlalchemy",
        "uvicorn",
    }
)  # fmt: skip
"""What the extras bring, and pyarrow, which only tests need."""


class Absent:
    """A finder before all others that finds nothing of an extra, as where it is not installed."""

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        if name.partition(".")[0] in EXTRAS:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return None


def ran(arguments: Sequence[str]) -> tuple[int, str, str]:
    from anagen.cli.app import main

    output, errors = io.StringIO(), io.StringIO()
    sys.argv = ["anagen", *arguments]
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(errors):
        try:
            code = main()
        except SystemExit as stop:
            code = int(stop.code or 0)
    return code or 0, output.getvalue(), errors.getvalue()


if __name__ == "__main__":
    sys.meta_path.insert(0, Absent())
    commands = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    print(json.dumps([ran(command) for command in commands]))
