"""`anagen network`: one JSON document, parts silenced, pictures and SBML written once, mistakes named."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest


def anagen(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "anagen", "network", *arguments], capture_output=True, text=True, check=False
    )


def test_show_tells_edges_and_rest_and_silences_parts() -> None:
    whole, part = (json.loads(anagen("show", "--json", *extra).stdout) for extra in ((), ("--without", "AR->DKK1")))
    weight = {row["edge"]: row["weight"] for row in whole["edges"]}
    assert weight["AR->DKK1"] > 0.0
    assert {row["edge"]: row["weight"] for row in part["edges"]} == weight | {"AR->DKK1": 0.0}
    assert part["rest"]["aga"]["DKK1"] < whole["rest"]["aga"]["DKK1"]
    assert part["sha256"] != whole["sha256"]


@pytest.mark.parametrize("kind", ["draw", "sbml"])
def test_files_are_written_whole_and_never_over_another(kind: str, tmp_path: Path) -> None:
    out = tmp_path / "network.xml"
    assert anagen(kind, "--out", str(out)).returncode == 0
    written = out.read_bytes()
    assert ElementTree.fromstring(written).tag.endswith("svg" if kind == "draw" else "sbml")
    again = anagen(kind, "--out", str(out))
    assert again.returncode == 2 and "exists already" in again.stderr and out.read_bytes() == written


def test_mistakes_are_named_with_the_nearest_spelling(tmp_path: Path) -> None:
    edge = anagen("show", "--without", "AR->DKK")
    assert edge.returncode == 2 and "AR->DKK1" in edge.stderr
    condition = anagen("sbml", "--condition", "agaa", "--out", str(tmp_path / "x.xml"))
    assert condition.returncode == 2 and "did you mean 'aga'" in condition.stderr
    assert list(tmp_path.iterdir()) == []
