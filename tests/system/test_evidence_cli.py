"""`anagen evidence` and `anagen claims` from the outside: one JSON document, exit codes, files."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Protocol

import pytest

import cli_calls
from anagen.evidence.claims import load_claims
from anagen.evidence.table import TRIALS
from cli_calls import Finished


class Anagen(Protocol):
    def __call__(self, *arguments: str) -> Finished: ...


@pytest.fixture
def anagen(tmp_path: Path) -> Anagen:
    return partial(cli_calls.anagen, cwd=tmp_path)


def test_rows_are_filtered_and_one_study_is_told(anagen: Anagen) -> None:
    rows = json.loads(anagen("evidence", "list", "--therapy", "avodart", "--use", "calibrate", "--json").stdout)
    studies = {"olsen-2006", "stough-2007", "eun-2010-dutasteride", "harcha-2014-dutasteride"}
    assert {row["study"] for row in rows} == studies
    assert {row["use"] for row in rows} == {"calibrate"}
    told = anagen("evidence", "show", "lanzafame-2014")
    assert told.returncode == 0, told.stderr
    for words in ("printed as 100.3 hairs/2.85 cm2", "35.19 hairs/cm2", "read: abstract", "use: calibrate"):
        assert words in told.stdout


def test_a_wrong_filter_is_answered_with_the_nearest(anagen: Anagen) -> None:
    finished = anagen("evidence", "list", "--read", "abstracts", "--json")
    assert finished.returncode == 2
    assert json.loads(finished.stdout)["problems"][0]["suggestion"] == "abstract"


def test_a_file_is_checked_with_line_and_field(anagen: Anagen, tmp_path: Path) -> None:
    lines = TRIALS.read_text(encoding="utf-8").splitlines()
    header = lines[0].split(",")
    good = tmp_path / "good.csv"
    good.write_text("\n".join(lines[:14]) + "\n", encoding="utf-8")
    found = json.loads(anagen("evidence", "check", str(good), "--json").stdout)
    assert found == {"rows": 13, "findings": []}
    values = dict.fromkeys(header, "") | {
        "study": "mine", "arm": "drug", "kind": "arm", "therapy": "minoxidil", "endpoint": "salt", "measure": "value",
        "unit": "points", "mean": "140", "sd": "0", "read": "memory", "use": "calibrate",
    }  # fmt: skip
    odd = tmp_path / "odd.csv"
    odd.write_text(f"{lines[0]}\n{','.join(values.values())}\n", encoding="utf-8")
    finished = anagen("evidence", "check", str(odd), "--json")
    assert finished.returncode == 0
    assert {entry["field"] for entry in json.loads(finished.stdout)["findings"]} == {"source", "use", "sd", "mean"}
    odd.write_text(f"{lines[0]}\n{','.join((values | {'use': 'maybe'}).values())}\n", encoding="utf-8")
    refused = anagen("evidence", "check", str(odd))
    assert refused.returncode == 2
    assert "odd.csv:2: use: unknown use 'maybe'; allowed: calibrate, check, exclude" in refused.stderr


def test_a_forest_plot_is_written_once(anagen: Anagen, tmp_path: Path) -> None:
    asked = ("evidence", "forest", "--therapy", "minoxidil", "--endpoint", "nonvellus_density", "--json")
    finished = anagen(*asked)
    assert finished.returncode == 0, finished.stderr
    document = json.loads(finished.stdout)
    assert document["kind"] == "contrast"
    assert document["pooled"]["studies"] == len(document["estimates"]) >= 3
    assert all((tmp_path / name).stat().st_size > 1000 for name in document["files"])
    assert anagen(*asked).returncode == 2


def test_nothing_to_pool_is_said_and_nothing_written(anagen: Anagen, tmp_path: Path) -> None:
    finished = anagen("evidence", "forest", "--therapy", "ginseng")
    assert finished.returncode == 0, finished.stderr
    assert "No result can be pooled" in finished.stdout
    assert list(tmp_path.iterdir()) == []


def test_claims_are_one_document(anagen: Anagen) -> None:
    claims = load_claims().values()
    for arguments, wanted in (
        ((), list(claims)),
        (("--verdict", "wrong"), [c for c in claims if c.verdict == "wrong"]),
    ):
        rows = json.loads(anagen("claims", *arguments, "--json").stdout)
        assert [row["id"] for row in rows] == [claim.id for claim in wanted] != []


def test_one_claim_is_told_with_its_references(anagen: Anagen) -> None:
    told = json.loads(anagen("claims", "c31", "--json").stdout)
    assert told["id"] == "C31"
    assert told["references"][0]["status"] == "not found"
    refused = anagen("claims", "C99")
    assert refused.returncode == 2
    assert f"allowed: C01 to {load_claims().names()[-1]}" in refused.stderr
