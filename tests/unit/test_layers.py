"""Folders import only downwards, as pyproject.toml lists them."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def test_rooms_import_only_downwards(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from importlinter.cli import lint_imports

    monkeypatch.chdir(ROOT)
    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), cache_dir=str(tmp_path)) == 0


def test_every_room_has_a_place() -> None:
    """The contract is exhaustive, so this holds as long as nobody switches that off."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(contract for contract in contracts if contract["id"] == "layers")
    assert layers["exhaustive"]
    assert layers["containers"] == ["anagen"]
