"""Predictive distributions of published values: what they hold, and that they hold it exactly."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from anagen.analysis.expected import OF_GROUPS
from anagen.evidence.between import Between
from anagen.evidence.comparison import compare_row, comparison_table
from anagen.evidence.predictive import crps, judged, predictive
from anagen.parameters import load_parameters
from anagen.study import Study
from anagen.study.observed import Observed
from anagen.trials.protocol import Protocol, protocol

CENTRAL = load_parameters().draw(1, 0)
Z_90 = 1.6448536269514722


def plan_of(*observed: dict[str, object]) -> Protocol:
    """Forty patients each on saline injections and on plasma, with published values."""
    source = {"source": "doi:10.1000/x", "read": "abstract"}
    return protocol(
        Study.from_dict(
            {
                "study": "small",
                "title": "A small trial",
                "population": {
                    "condition": "aga",
                    "sex": {"male": 1.0},
                    "age": {"mean": 35, "sd": 8, "min": 20, "max": 50},
                    "ethnicity": {"caucasian": 1.0},
                    "severity": {"norwood": ["III", "IV"]},
                },
                "arms": [
                    {"name": "plasma", "patients": 40, "therapies": [plasma("prp")]},
                    {"name": "saline", "patients": 40, "control": True, "therapies": [plasma("saline-injection")]},
                ],
                "measurement": {
                    "zone": "vertex",
                    "target_area": "1 cm^2",
                    "method": "phototrichogram",
                    "visits": [0, 24],
                },
                "endpoints": {"primary": {"endpoint": "total_density", "week": 24, "measure": "change"}},
                "design": {"layout": "parallel"},
                "observed": [{**source, **row} for row in observed],
            }
        )
    )


def plasma(name: str) -> dict[str, object]:
    return {"therapy": name, "route": "intradermal", "schedule": {"sessions": 3, "every": 4}}


def row(**given: object) -> dict[str, object]:
    return {"endpoint": "total_density", "week": 24, "measure": "change", "mean": 20.0, **given}


def tables(draws: int = 1) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Measured changes that spread by 8 hairs/cm2, and expected changes of 12 (plasma) and 2 (saline)."""
    changes = np.tile([-8.0, 8.0], 20)
    visits = pd.DataFrame(
        [
            {"replicate": 0, "assigned": True, "arm": arm, "endpoint": "total_density", "patient": i, "week": week,
             "measured": 180.0 + (change if week else 0.0)}
            for arm in ("plasma", "saline")
            for i, change in enumerate(changes)
            for week in (0.0, 24.0)
        ]
    )  # fmt: skip
    expected = pd.DataFrame(
        [
            {"draw": draw, "arm": arm, "endpoint": "total_density", "week": week, "measure": measure,
             "threshold": np.nan, "expected": 180.0 if measure == "value" else gain * (week > 0.0)}
            for draw in range(draws)
            for arm, gain in (("plasma", 12.0), ("saline", 2.0))
            for week in (0.0, 24.0)
            for measure in ("value", "change")
        ]
    )  # fmt: skip
    return visits, expected.assign(**{name: expected["expected"] for name in OF_GROUPS})


def compared(given: dict[str, object], values: dict[str, float] | None = None, *others: dict[str, object]) -> dict:
    plan = plan_of(given, *others)
    published: Observed = plan.study.observed[0]
    return compare_row(published, *tables(), plan, {0: values or CENTRAL})


def changed(**values: float) -> dict[str, float]:
    given = {"selection_bias": 0.0, "unblinded_bias": 0.0, **values}
    return {**CENTRAL, **{f"heterogeneity.{name}": value for name, value in given.items()}}


CONTRAST = row(contrast=["plasma", "saline"])


def test_interval_of_a_contrast_holds_the_spread_between_trials() -> None:
    narrow = compared(CONTRAST, changed(procedure=0.0, small_study_bias=0.0))
    wide = compared(CONTRAST, changed(procedure=9.0, small_study_bias=0.0))
    assert narrow["sd_gain"] == 0.0 and wide["sd_gain"] == 9.0
    for found, sd in ((narrow, narrow["se_patients"]), (wide, math.hypot(wide["se_patients"], 9.0))):
        assert found["predicted"] == pytest.approx(10.0)
        assert found["high90"] - found["low90"] == pytest.approx(2.0 * Z_90 * sd, rel=0.01)
    assert narrow["sd_study"] == 0.0
    assert not narrow["inside"] and wide["inside"]


def test_small_trials_of_procedures_are_expected_to_say_too_much() -> None:
    found = compared(CONTRAST, changed(small_study_bias=4.0))
    assert found["bias"] == pytest.approx(4.0 * 20.0 / 40.0)
    assert found["predicted"] == pytest.approx(12.0)
    reversed_ = compared(row(contrast=["saline", "plasma"]), changed(small_study_bias=4.0))
    assert reversed_["bias"] == pytest.approx(-2.0)
    assert reversed_["predicted"] == pytest.approx(-12.0)


def test_what_is_published_because_it_worked_says_too_much_as_its_error_does() -> None:
    found = compared(CONTRAST, changed(small_study_bias=0.0, selection_bias=1.5))
    assert found["bias"] == pytest.approx(1.5 * math.sqrt(20.0 / 40.0))


def test_an_arm_without_its_control_is_expected_to_say_too_much() -> None:
    values = changed(uncontrolled_bias=12.0, small_study_bias=0.0)
    alone = compared(row(arm="plasma"), values)
    beside = compared(row(arm="plasma"), values, row(arm="saline"))
    assert alone["predicted"] == pytest.approx(24.0) and alone["bias"] == pytest.approx(12.0)
    assert beside["predicted"] == pytest.approx(12.0) and beside["bias"] == 0.0
    assert beside["sd_study"] == CENTRAL["measurement.study_offset"]
    assert compared(row(arm="saline"), values)["sd_gain"] == 0.0


def test_each_draw_has_its_own_spread() -> None:
    plan = plan_of(CONTRAST)
    values = {draw: changed(procedure=sd, small_study_bias=0.0) for draw, sd in enumerate((99.0, 3.0, 4.0))}
    table = comparison_table(*tables(3), plan, values_by_draw=values)
    assert table["sd_gain"].tolist() == pytest.approx([math.sqrt((9.0 + 16.0) / 2.0)])


def test_excluded_values_are_shown_with_their_reason() -> None:
    found = compared({**CONTRAST, "use": "exclude", "reason": "another unit"})
    assert (found["use"], found["reason"], found["comparable"]) == ("exclude", "another unit", True)


def test_shares_stay_between_their_bounds() -> None:
    spread = Between(0.0, "drug", 1.0, "heterogeneity.responder")
    found = predictive(np.array([0.02]), 0.1, spread, [CENTRAL], bounds=(0.0, 1.0))
    assert found.samples.min() == 0.0 and judged(found.samples, 0.0)["inside50"]


def test_crps_agrees_with_the_reference_implementation() -> None:
    from scoringrules import crps_ensemble, crps_normal

    samples = np.sort(np.sin(np.arange(500.0) ** 2) * 7.0)
    for value in (-9.0, 0.3, 5.0):
        assert crps(samples, value) == pytest.approx(float(crps_ensemble(value, samples, backend="numpy")), rel=1e-12)
    spread = Between(0.0, "none", 0.0, None)
    normal = predictive(np.full(3, 4.0), 2.0, spread, [CENTRAL] * 3).samples
    assert crps(normal, 5.0) == pytest.approx(float(crps_normal(5.0, 4.0, 2.0)), rel=0.01)


def test_crps_of_samples_is_never_negative_and_grows_with_distance() -> None:
    samples = np.linspace(-1.0, 1.0, 99)
    scores = [crps(samples, value) for value in (0.0, 1.0, 2.0, 4.0)]
    assert scores == sorted(scores) and scores[0] > 0.0
