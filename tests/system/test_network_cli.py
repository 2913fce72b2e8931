"""`anagen network`: one JSON document, parts silenced, pictures and SBML written once, mistakes named."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from cli_calls import Finished, anagen


def network(*arguments: str, cwd: Path) -> Finished:
    return anagen("network", *arguments, cwd=cwd)


def test_show_tells_edges_and_rest_and_silences_parts(tmp_path: Path) -> None:
    whole, part = (
        json.loads(network("show", "--json", *extra, cwd=tmp_path).stdout) for extra in ((), ("--without", "AR->DKK1"))
    )
    weight = {row["edge"]: row["weight"] for row in whole["edges"]}
    assert weight["AR->DKK1"] > 0.0
    assert {row["edge"]: row["weight"] for row in part["edges"]} == weight | {"AR->DKK1": 0.0}
    assert part["rest"]["aga"]["DKK1"] < whole["rest"]["aga"]["DKK1"]
    assert part["sha256"] != whole["sha256"]


@pytest.mark.parametrize("kind", ["draw", "sbml"])
def test_files_are_written_whole_and_never_over_another(kind: str, tmp_path: Path) -> None:
    out = tmp_path / "network.xml"
    assert network(kind, "--out", "network.xml", cwd=tmp_path).returncode == 0
    written = out.read_bytes()
    assert ElementTree.fromstring(written).tag.endswith("svg" if kind == "draw" else "sbml")
    again = network(kind, "--out", "network.xml", cwd=tmp_path)
    assert again.returncode == 2 and "exists already" in again.stderr and out.read_bytes() == written
    out.write_text("earlier")
    assert network(kind, "--out", "network.xml", "--overwrite", cwd=tmp_path).returncode == 0
    assert out.read_bytes() == written
    assert [path.name for path in tmp_path.iterdir()] == ["network.xml"]


def test_mistakes_are_named_with_the_nearest_spelling(tmp_path: Path) -> None:
    edge = network("show", "--without", "AR->DKK", cwd=tmp_path)
    assert edge.returncode == 2 and "AR->DKK1" in edge.stderr
    condition = network("sbml", "--condition", "agaa", "--out", "x.xml", cwd=tmp_path)
    assert condition.returncode == 2 and "did you mean 'aga'" in condition.stderr
    assert list(tmp_path.iterdir()) == []
    assert network("sbml", "--condition", "aa", "--out", "x.xml", cwd=tmp_path).returncode == 0
