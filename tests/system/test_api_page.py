"""The page about the Python interface: every line runs in a fresh process, before and after all rooms were imported."""

from __future__ import annotations

import json
import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import pytest

import anagen

PAGE = Path(__file__).resolve().parents[2] / "docs" / "api.md"
IMPORT_EVERYTHING = """
import importlib, pkgutil, anagen
for module in pkgutil.walk_packages(anagen.__path__, "anagen."):
    if not module.name.endswith("__main__"):
        importlib.import_module(module.name)
"""
KEPT = """
from anagen.core.result import Result
made = []
Result.__new__ = lambda kind, *given, **named: made.append(object.__new__(kind)) or made[-1]
"""
SHOWN = """
import json
last = {type(each).__name__: each for each in made}
print(json.dumps({name: [repr(each), each._repr_html_(), each._repr_html_()] for name, each in last.items()}))
"""
LAZY = """
import json, sys, anagen
heavy = ("numba", "numpy", "pandas", "pydantic", "matplotlib", "scipy", "typer", "rich", "pint")
print(json.dumps([name for name in heavy if name in sys.modules]))
"""


def run(code: str, folder: Path) -> str:
    """Standard output of a fresh interpreter."""
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_line_of_the_page_runs(tmp_path: Path) -> None:
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.S)
    assert len(blocks) >= 5
    lines = [line for block in blocks for line in block.splitlines() if line.strip()]
    cards = json.loads(run("\n".join([KEPT, *lines, SHOWN]), tmp_path).splitlines()[-1])
    assert (tmp_path / "results" / "mine" / "report.html").is_file()
    asked = {"Power", "DesignSearch", "Prognosis", "CurveResult", "Ranking", "ExplanationResult", "ValidationResult"}
    assert asked | {"AssessmentResult", "TrialResult", "ProtocolSynopsis", "CheckResult"} <= set(cards)
    for name, (line, card, again) in cards.items():
        assert "\n" not in line and len(line) < 500, name
        assert card == again, name
        assert "<table>" in card and "<script" not in card and card.count("<tr>") <= 13, name


def test_public_names_stay_functions_after_every_room_was_imported(tmp_path: Path) -> None:
    code = IMPORT_EVERYTHING + (
        "import types, json\n"
        "print(json.dumps([n for n in anagen.__all__ if isinstance(getattr(anagen, n), types.ModuleType)]))\n"
    )
    assert json.loads(run(code, tmp_path).splitlines()[-1]) == []


def test_no_public_name_is_that_of_a_room() -> None:
    rooms = {module.name for module in pkgutil.iter_modules(anagen.__path__)}
    assert rooms.isdisjoint(anagen.__all__)


def test_importing_the_package_loads_nothing_heavy(tmp_path: Path) -> None:
    assert json.loads(run(LAZY, tmp_path)) == []


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'nonsense'"):
        _ = anagen.nonsense


def test_every_public_name_is_listed_and_reachable() -> None:
    assert set(anagen.__all__) <= set(dir(anagen))
    assert all(getattr(anagen, name) is not None for name in anagen.__all__)
