"""The page of what is wrong is that of the tests that are known to fail and of the figures of validation."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any

from anagen.parameters import load_parameters
from faults import every_fault

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "roadmap.md").read_text(encoding="utf-8")
WORDS = " ".join(PAGE.split())


def known_to_fail() -> list[str]:
    """Names of tests with a mark that they fail, on themselves or on one of their cases."""
    found = []
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        text = path.read_text(encoding="utf-8")
        for mark in re.finditer(r"pytest\.mark\.xfail\(", text):
            following = re.search(r"^def (test_\w+)", text[mark.start() :], re.MULTILINE)
            if following:
                found.append(following[1])
    return found


def test_every_test_that_is_known_to_fail_is_named() -> None:
    names = known_to_fail()
    assert names
    assert [name for name in names if f"`{name}`" not in PAGE] == []
    assert sorted(set(names)) == sorted(re.findall(r"`(test_\w+)`", PAGE)), "one that passes now is named no longer"


def left_out(by: str, group: str, unit: str) -> dict[str, str]:
    with (ROOT / "docs" / "left-out" / "totals.csv").open(encoding="utf-8") as file:
        return next(row for row in csv.DictReader(file) if (row["by"], row["group"], row["unit"]) == (by, group, unit))


def interval(row: dict[str, str], share: int) -> str:
    middle, low, high = (f"{100 * float(row[f'coverage{share}{end}']):.0f}" for end in ("", "_low", "_high"))
    return f"{middle} % ({low} to {high})"


def test_figures_of_validation_are_those_that_were_found() -> None:
    whole, drugs = left_out("all", "all", "several"), left_out("kind", "drug", "%")
    expected = [
        f"{whole['n']} values of",
        f"90 % intervals hold {interval(whole, 90)}, 50 % intervals {interval(whole, 50)}",
        f"90 % intervals hold {interval(drugs, 90)} of {drugs['n']} values",
        f"median error {float(drugs['median_absolute_error']):.1f} points",
    ]
    net = (ROOT / "docs" / "left-out" / "net_change.csv").read_text(encoding="utf-8").splitlines()
    rows: list[dict[str, Any]] = list(csv.DictReader(net))
    errors = {row["kind"]: f"{float(row['median_absolute_error']):.1f}" for row in rows}
    expected.append(
        f"median error {errors['both']} hairs/cm² of {rows[0]['n']} values; drugs {errors['drug']}, procedures"
    )
    with every_fault() as row:
        for words in expected:
            with row(words):
                assert words in WORDS


def test_counts_of_parameters_are_those_of_the_parameters() -> None:
    values = list(load_parameters().values())
    graded = sum(value.grade == "C" for value in values)
    assumed = sum(value.source.lower().startswith("assumption") for value in values)
    assert f"{graded} of {len(values):,} parameters have the grade C, and {assumed} name an assumption" in WORDS
    facts = json.loads((ROOT / "docs" / "calibration" / "facts.json").read_text(encoding="utf-8"))
    assert facts, "the calibration that the page tells of"
    told = (ROOT / "docs" / "calibration.md").read_text(encoding="utf-8")
    informed, reached, some, kept = re.findall(
        r"inform (\d+) of (\d+) parameters and say something of (\d+); (\d+) stay", told
    )[0]
    assert f"inform {informed} of the {reached} that they reach and say something of {some}; {kept} stay" in WORDS


def test_what_misses_its_target_stands_with_the_figure_of_its_page() -> None:
    rows = re.findall(r"^\| (.+?) \| (\S+) .*? \| (\S+) \| \[\w+\]\((benchmarks[/\w]*\.md)\) \|$", PAGE, re.MULTILINE)
    pages = [ROOT / "docs" / "benchmarks.md", *(ROOT / "docs" / "benchmarks").glob("*.md")]
    told = [re.findall(r"^(?:[|-].*[:,] )?missed\b", page.read_text(encoding="utf-8"), re.MULTILINE) for page in pages]
    assert len(rows) == sum(map(len, told)) > 0, "a figure that is met now leaves, one that is missed comes"
    with every_fault() as row:
        for what, found, asked, page in rows:
            with row(what):
                text = (ROOT / "docs" / page).read_text(encoding="utf-8")
                missed = [part for part in re.split(r"\n(?=\n|[|-])", text) if re.search(r"\bmissed\b", part)]
                assert any(re.search(rf"(?<![\d.]){re.escape(found)}\b", part) and asked in part for part in missed)


def test_what_follows_edges_refuses_a_network_with_an_imported_model() -> None:
    following = {"explanation/result.py", "assays/result.py", "signalling/sensitivity.py", "signalling/tracing.py"}
    following.add("formats/sbml/model.py")
    refusing = {
        path.relative_to(ROOT / "src/anagen").as_posix()
        for path in (ROOT / "src/anagen").rglob("*.py")
        if re.search(r"^ +without_model\(", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert following <= refusing
