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
    name = "network.svg" if kind == "draw" else "network.xml"
    out = tmp_path / name
    wrong = network(kind, "--out", "network.png", cwd=tmp_path)
    assert wrong.returncode == 2 and out.suffix in wrong.stderr and not list(tmp_path.iterdir())
    assert network(kind, "--out", name, cwd=tmp_path).returncode == 0
    written = out.read_bytes()
    assert ElementTree.fromstring(written).tag.endswith("svg" if kind == "draw" else "sbml")
    again = network(kind, "--out", name, cwd=tmp_path)
    assert again.returncode == 2 and "exists already" in again.stderr and out.read_bytes() == written
    out.write_text("earlier")
    assert network(kind, "--out", name, "--overwrite", cwd=tmp_path).returncode == 0
    assert out.read_bytes() == written
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_mistakes_are_named_with_the_nearest_spelling(tmp_path: Path) -> None:
    edge = network("show", "--without", "AR->DKK", cwd=tmp_path)
    assert edge.returncode == 2 and "AR->DKK1" in edge.stderr
    condition = network("sbml", "--condition", "agaa", "--out", "x.xml", cwd=tmp_path)
    assert condition.returncode == 2 and "did you mean 'aga'" in condition.stderr
    assert list(tmp_path.iterdir()) == []
    assert network("sbml", "--condition", "aa", "--out", "x.xml", cwd=tmp_path).returncode == 0


ASSAY = """readout,condition,VESICLE_UPTAKE [particles/mL],time,value,error
ERK,aga,1e8,24 h,1.12,0.06
ERK,aga,1e9,24 h,1.55,0.08
papilla_proliferation,aga,1e9,48 h,1.30,0.10
"""


def test_fit_writes_a_page_tables_and_draws_that_explain_takes(tmp_path: Path) -> None:
    (tmp_path / "erk.csv").write_text(ASSAY, encoding="utf-8")
    done = network("fit", "erk.csv", "--draws", "100", "--out", "fit", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert document["rows"][0]["prior_low90"] < document["rows"][0]["value"]
    names = {path.name for path in (tmp_path / "fit").iterdir()}
    assert {"report.html", "fit.json", "weights.csv", "trade_offs.csv", "rows.csv", "posterior.parquet"} <= names
    assert (tmp_path / "fit/figures/rows.png").read_bytes().startswith(b"\x89PNG")
    page = (tmp_path / "fit/report.html").read_text(encoding="utf-8")
    assert "proliferation of dermal papilla cells follows CYCLIN is an assumption" in page
    why = anagen(
        "explain", "exosome-vs-saline", "--draws", "0", "--patients", "4", "--parameters", "fit/posterior.parquet",
        "--json", "--out", "why", cwd=tmp_path,
    )  # fmt: skip
    assert why.returncode == 0, why.stderr
    told = json.loads(why.stdout)["findings"]
    assert any(line.startswith("Informed by the assay erk.csv") and "VESICLE_UPTAKE->ERK" in line for line in told)


def test_what_is_wrong_with_an_assay_is_told_and_nothing_written(tmp_path: Path) -> None:
    (tmp_path / "erk.csv").write_text(ASSAY.replace("ERK", "EKR"), encoding="utf-8")
    wrong = network("fit", "erk.csv", "--out", "fit", cwd=tmp_path)
    assert wrong.returncode == 2 and wrong.stderr.count("did you mean 'ERK'?") == 2
    assert [path.name for path in tmp_path.iterdir()] == ["erk.csv"]
    both = network("fit", "erk.csv", "--study", "exosome-vs-saline", "--network", "x.toml", cwd=tmp_path)
    assert both.returncode == 2 and "beside --study" in both.stderr


def test_show_says_what_a_file_takes_the_place_of(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text('[[edge]]\nfrom = "AR"\nto = "DKK1"\nsign = "+"\nweight = 0.1\n')
    shown = network("show", "--file", "mine.toml", cwd=tmp_path)
    assert "mine.toml takes the place of the edge AR->DKK1 (weight 0.6 becomes 0.1)." in shown.stdout
