"""`anagen explain` from the outside: what it prints and writes, and what it says to mistakes."""

from __future__ import annotations

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from cli_calls import Finished, anagen, files_of

STUDY = "exosome-vs-saline"
SMALL = ("--patients", "8", "--draws", "2")
FILES = {
    "explain.html", "explain.json", "gain.csv", "levers.csv", "paths.csv", "ablation.csv", "gain.svg", "gain.png",
    "network.svg", "network.png", "manifest.json",
}  # fmt: skip
NOTHING = """
study: dead
title: Dead vesicles against no treatment
population: {condition: aga, sex: {male: 1.0}, age: {mean: 35, sd: 6, min: 20, max: 50}, ethnicity: {asian: 1.0}}
arms:
  - name: shampoo
    patients: 10
    therapies: [{therapy: placebo, route: topical, schedule: {per_day: 1}}]
  - {name: untreated, patients: 10, control: true, therapies: [{therapy: none}]}
measurement: {zone: vertex, target_area: "1 cm^2", method: phototrichogram, visits: [0, 12]}
endpoints: {primary: {endpoint: total_density, week: 12, measure: change}}
design: {layout: parallel, randomisation: {method: block, block: 4}}
"""


def explain(*arguments: str, cwd: Path) -> Finished:
    return anagen("explain", *arguments, cwd=cwd)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Finished]:
    folder = tmp_path_factory.mktemp("explained")
    return folder, explain(STUDY, "--arm", "exosome", *SMALL, cwd=folder)


def test_it_prints_shares_the_weakest_link_and_what_they_are_not(told: tuple[Path, Finished]) -> None:
    folder, finished = told
    assert finished.returncode == 0, finished.stderr
    assert finished.stderr == ""
    for words in (
        "hairs/cm² over saline",
        "telogen exit",
        "weakest link",
        "grade C",
        "assumptions",
        "VESICLE_WNT->WNT",
    ):
        assert words in finished.stdout
    assert set(files_of(folder / "results" / f"{STUDY}-explain-exosome")) == FILES


def test_page_and_pictures_are_whole_and_fetch_nothing(told: tuple[Path, Finished]) -> None:
    result = told[0] / "results" / f"{STUDY}-explain-exosome"
    page = (result / "explain.html").read_text(encoding="utf-8")
    assert all(source.startswith("data:") for source in re.findall(r'src="([^"]+)"', page))
    assert "<script" not in page and "Why exosome does what it does" in page
    for name in ("gain.svg", "network.svg"):
        assert ElementTree.fromstring((result / name).read_bytes()).tag.endswith("svg")
    document = json.loads((result / "explain.json").read_text(encoding="utf-8"))
    assert sum(row["gain"] for row in document["gain"]) == pytest.approx(document["gain_total"], abs=1e-9)
    assert document["notes"] and document["network_sha256"]


def test_the_headline_and_every_row_of_the_gain_carry_their_monte_carlo_error(told: tuple[Path, Finished]) -> None:
    result = told[0] / "results" / f"{STUDY}-explain-exosome"
    document = json.loads((result / "explain.json").read_text(encoding="utf-8"))
    assert document["gain_error"] > 0.0
    assert all(row["error"] >= 0.0 for row in document["gain"])
    headline = told[1].stdout.splitlines()[2]
    assert re.search(r"[+−][\d.]+ ± [\d.]+\xa0hairs/cm²", headline), headline
    assert document["headline"] == headline
    page = (result / "explain.html").read_text(encoding="utf-8")
    assert "Monte-Carlo standard error" in page and headline.split(" in total")[0] in page


def test_workers_change_no_byte(told: tuple[Path, Finished], tmp_path: Path) -> None:
    finished = explain(STUDY, "--arm", "exosome", *SMALL, "--workers", "2", "--out", "again", "--json", cwd=tmp_path)
    assert finished.returncode == 0, finished.stderr
    document = json.loads(finished.stdout)
    assert document["folder"] == "again"
    assert files_of(tmp_path / "again") == files_of(told[0] / "results" / f"{STUDY}-explain-exosome")


def test_mistakes_are_named_before_anything_is_done(tmp_path: Path) -> None:
    wrong = explain(STUDY, "--arm", "exosom", cwd=tmp_path)
    assert wrong.returncode == 2
    assert "allowed: exosome, saline; did you mean 'exosome'?" in wrong.stderr
    (tmp_path / "there").mkdir()
    taken = explain(STUDY, "--arm", "exosome", "--out", "there", cwd=tmp_path)
    assert taken.returncode == 2 and "exists already" in taken.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["there"]


def test_an_arm_that_moves_nothing_is_told_plainly(tmp_path: Path) -> None:
    (tmp_path / "nothing.yaml").write_text(NOTHING, encoding="utf-8")
    finished = explain("nothing.yaml", "--arm", "shampoo", *SMALL, "--out", "out", cwd=tmp_path)
    assert finished.returncode == 0, finished.stderr
    assert "shampoo moves no lever" in finished.stdout
    assert {path.name for path in (tmp_path / "out").iterdir()} == FILES - {
        "gain.svg", "gain.png", "network.svg", "network.png",
    }  # fmt: skip
