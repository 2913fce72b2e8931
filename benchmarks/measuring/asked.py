"""The options that every benchmark takes, and where what it found goes: the terminal, one JSON document, a page."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

DOCS = Path(__file__).resolve().parents[2] / "docs"
QUICK = "\nA short run: sizes are small, and the figures say little.\n"


def parser(description: str | None, page: str, quick: str) -> argparse.ArgumentParser:
    """Options `--quick`, `--json` and `--write`, for a program described by its docstring."""
    made = argparse.ArgumentParser(description=(description or "").splitlines()[0])
    made.add_argument("--quick", action="store_true", help=quick)
    made.add_argument("--json", action="store_true", help="one JSON document on standard output")
    made.add_argument("--write", action="store_true", help=f"write docs/{page}")
    return made


def hand_over(
    found: dict[str, Any], options: argparse.Namespace, page: str, text: Callable[[dict[str, Any]], str]
) -> None:
    """Print what was found as it was asked for, and write the page where it was."""
    written = text(found)
    if found["quick"]:
        title, _, rest = written.partition("\n")
        written = f"{title}\n{QUICK}{rest}"
    print(json.dumps(found, indent=2, allow_nan=False) if options.json else written)
    if options.write:
        target = DOCS / page
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(written, encoding="utf-8")


def verdict(value: float, target: float, *, at_least: bool = False) -> str:
    """Whether a target is met, in words.

    Examples
    --------
    >>> verdict(9.0, 10.0), verdict(12.0, 30.0, at_least=True)
    ('met', 'missed')
    """
    return "met" if (value >= target if at_least else value <= target) else "missed"
