"""A report shows three patients of the treated arm before and after, chosen by what was measured, or says why not."""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import anagen
from anagen.reports.outline import outline_of
from anagen.reports.typical import FEWEST, NAME, typical_patients, typical_scalps
from anagen.reports.wording import EndpointName
from anagen.results import Rows
from anagen.scalp.picture.page import WARNING
from small_studies import EXOSOME, SALINE, small_study

DENSITY = EndpointName("Total hair density", "hairs/cm\u00b2")


@pytest.fixture(scope="module")
def result() -> anagen.TrialResult:
    """Twelve patients to an arm."""
    return anagen.run(small_study({"vesicles": [EXOSOME], "saline": [SALINE]}, patients=12), draws=0, seed=3)


def test_patients_stand_at_the_tenths_of_the_measured_change(result: anagen.TrialResult) -> None:
    outline = outline_of(result.contents.study)
    chosen = typical_patients(result.contents, outline, rising=True)
    assert not isinstance(chosen, str)
    visits = result.visits.query("arm == 'vesicles' and assigned and endpoint == 'total_density'")
    measured = visits.pivot(index="patient", columns="week", values="measured")
    changes = (measured[24.0] - measured[0.0]).dropna()
    for (_, row, change), share in zip(chosen, (0.9, 0.5, 0.1), strict=True):
        assert change == pytest.approx(changes[int(row["patient"])], abs=1e-3)
        below = (changes < change - 1e-6).mean()
        assert abs(below - share) <= 1.0 / len(changes) + 0.05
    falling = typical_patients(result.contents, outline, rising=False)
    assert not isinstance(falling, str)
    assert falling[0][2] < falling[1][2] < falling[2][2]


def test_the_report_holds_the_picture_and_its_counts(result: anagen.TrialResult, tmp_path: Path) -> None:
    folder = result.save(tmp_path / "run")
    svg = (folder / "figures" / f"{NAME}.svg").read_bytes()
    page = (folder / "report.html").read_text()
    assert WARNING in svg.decode()
    assert base64.b64encode(svg).decode() in page
    assert len(svg) < 250_000
    alt = re.search(r'alt="(Simulated scalps of three patients[^"]*)"', page)
    assert alt is not None
    true = result.visits.query("arm == 'vesicles' and endpoint == 'total_density' and week == 24")
    true = true.set_index("patient")["true"].to_dict()
    patients = [int(number) for number in re.findall(r"patient (\d+), measured", alt[1])]
    after = [float(number) for number in re.findall(r"before, (\d+) hairs", alt[1])]
    assert len(patients) == 3
    assert after == [true[patient] for patient in patients]
    anagen.load(folder)


def test_nobody_is_drawn_who_is_not_what_the_run_holds(result: anagen.TrialResult) -> None:
    outline, contents = outline_of(result.contents.study), result.contents
    visits = contents.first("visits")
    changed = visits.assign(true=visits["true"] + np.float32(1.0))
    other = replace(contents, rows={**contents.rows, "visits": Rows("visits", (changed,))})
    drawn = typical_scalps(other, outline, DENSITY)
    assert drawn.svg == b""
    assert drawn.reason is not None and "is not what the run holds" in drawn.reason
    few = visits[visits["patient"].isin(sorted(set(visits["patient"]))[: FEWEST - 1])]
    drawn = typical_scalps(
        replace(contents, rows={**contents.rows, "visits": Rows("visits", (few,))}), outline, DENSITY
    )
    assert drawn.reason is not None and "none is typical" in drawn.reason
