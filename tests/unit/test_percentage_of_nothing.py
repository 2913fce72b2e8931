"""A patient with nothing at baseline has no percentage change: counted out in flow, effects, arms and words."""

from __future__ import annotations

import io
from contextlib import redirect_stdout

import pytest

from anagen.analysis.response import Axis
from anagen.cli.summary import print_summary
from anagen.core.measures import PAIRWISE
from anagen.reports.gallery import FIGURES
from anagen.reports.page import DrawnFigure
from anagen.reports.report import build_report
from anagen.results import ResultContents
from anagen.runs.study import run_study
from anagen.runs.summary import summarise
from anagen.study import Study
from anagen.sweeps.plan import Point, Sweep
from anagen.sweeps.running import run_sweep
from small_studies import FINASTERIDE, PLACEBO, small_study


def bald() -> Study:
    """Three arms of patients with hardly any hair, whose counts are judged in per cent."""
    study = small_study(
        {"tablet": [FINASTERIDE], "nothing": [], "placebo": [PLACEBO]},
        condition="aa",
        patients=20,
        block=3,
        area=0.08,
        visits=(0.0, 12.0),
        population={"severity": {"salt": {"min": 98.0, "max": 100.0}}},
        secondary=("mean_diameter", "salt"),
    )
    primary = study.endpoints.primary.model_copy(update={"measure": "percent_change"})
    return study.model_copy(update={"endpoints": study.endpoints.model_copy(update={"primary": primary})})


@pytest.fixture(scope="module")
def contents() -> ResultContents:
    return run_study(bald(), draws=0)


def page_of(contents: ResultContents) -> str:
    """The report with frames in place of figures."""
    return build_report(contents, {name: DrawnFigure(name, f"figure {name}") for name in FIGURES})


def test_the_flow_counts_those_who_have_the_outcome_as_effects_and_arms_do(contents: ResultContents) -> None:
    trial = contents.effects[contents.effects["kind"] == "trial"]
    outcomes = {(o["endpoint"], o["measure"]): o for o in contents.flow["outcomes"]}
    assert contents.flow["analysed"] == outcomes["total_density", "percent_change"]["analysed"]
    assert sum(contents.flow["analysed"].values()) < sum(outcomes["salt", "change"]["analysed"].values())
    for (endpoint, measure), outcome in outcomes.items():
        for _, row in trial[trial["endpoint"] == endpoint].iterrows():
            assert row["n_arm"] == outcome["analysed"][row["arm"]]
            assert row["n_control"] == outcome["analysed"][row["control"]]
        arms = contents.arms
        rows = arms[(arms["endpoint"] == endpoint) & (arms["measure"] == measure) & (arms["week"] == 12.0)]
        assert dict(zip(rows["arm"], rows["n"], strict=True)) == outcome["analysed"]


def test_who_has_no_percentage_change_is_told_in_summary_and_report(contents: ResultContents) -> None:
    outcome = contents.flow["outcomes"][0]
    seen, analysed = sum(outcome["seen"].values()), sum(outcome["analysed"].values())
    told = f"{seen - analysed} of {seen} patients ("
    summary = summarise(contents)
    assert any(note.startswith(told) and "have no percentage change at week 12" in note for note in summary["notes"])
    assert any("are means over those of 128 reference patients who have one" in note for note in summary["notes"])
    printed = io.StringIO()
    with redirect_stdout(printed):
        print_summary({**summary, "folder": "there", "report": None})
    assert told in printed.getvalue()
    assert told in page_of(contents)


def test_a_curve_says_how_many_reference_patients_its_means_leave_out() -> None:
    study = bald()
    axis = Axis("setting", "setting", "", (1.0,), ("1",))
    curve = run_sweep(Sweep("small", "A small curve", (axis,), (Point((0,), study),), ("tablet",)), draws=0)
    assert any("are means over those of 128 reference patients who have one" in note for note in curve.notes)


def test_three_arms_are_said_to_be_compared_two_by_two(contents: ResultContents) -> None:
    assert PAIRWISE in summarise(contents)["notes"]
    assert PAIRWISE in page_of(contents)
