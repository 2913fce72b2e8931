"""Published values of responders are those of simulated patients whose own measured value met the condition."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from anagen.analysis.expected import expected_table
from anagen.evidence.comparison import expected_of
from anagen.parameters import load_parameters
from anagen.scalp import Readings
from anagen.study import Study
from anagen.study.observed import Observed
from anagen.trials.protocol import Protocol, protocol
from anagen.trials.reference import expected_readings, reference_scene

DRUG = {"therapy": "baricitinib", "dose": "4 mg"}
AT_24: dict[str, Any] = {"endpoint": "salt", "week": 24, "measure": "responder_value", "threshold": 30}
PRINTED: dict[str, Any] = {"endpoint": "salt", "mean": 0.5, "n": 40, "source": "none: a test", "read": "derived"}
VALUE = {"measure": "responder_value", "threshold": 30}


def study() -> Study:
    """Responders at week 24 who go on, or stop: each arm is a whole course."""
    arms = {"on": [DRUG], "off": [DRUG | {"schedule": {"until": 24}}]}
    rows = [
        {"arm": arm, "week": week, **of, **who, **PRINTED}
        for arm in arms
        for week in (24, 48)
        for of in (VALUE, {"measure": "value"})
        for who in ({"among": AT_24}, {})
    ]
    for row in rows:
        row["mean"] = 0.5 if "threshold" in row else 20
    return Study.from_dict(
        {
            "study": "withdrawal",
            "title": "Withdrawal",
            "uncontrolled": "a test",
            "population": {
                "condition": "aa",
                "sex": {"female": 1.0},
                "age": {"mean": 35, "sd": 5, "min": 20, "max": 50},
                "ethnicity": {"caucasian": 1.0},
                "severity": {"salt": {"min": 50, "max": 95}},
            },
            "arms": [{"name": name, "patients": 40, "therapies": given} for name, given in arms.items()],
            "measurement": {
                "zone": "vertex",
                "target_area": "1 cm^2",
                "method": "phototrichogram",
                "visits": [0, 24, 48],
            },
            "endpoints": {"primary": {"endpoint": "salt", "week": 24, "measure": "change"}},
            "design": {"layout": "parallel"},
            "observed": rows,
        }
    )


@pytest.fixture(scope="module")
def simulated() -> tuple[Protocol, list[Readings]]:
    plan = protocol(study())
    values = load_parameters("prior").draw(1, 0)
    return plan, expected_readings(reference_scene(plan, values, seed=5, draw=1), draw=1, n_patients=128)


def expected(row: Observed, simulated: tuple[Protocol, list[Readings]]) -> float:
    found = expected_of(row, expected_table(simulated[1], simulated[0], draw=1))
    assert found is not None
    return float(found.iloc[0])


def row_of(arm: str, week: float, measure: str, *, chosen: bool) -> Observed:
    rows = study().observed
    return next(r for r in rows if (r.arm, r.week, r.measure, r.among is not None) == (arm, week, measure, chosen))


def test_expected_values_are_means_over_the_patients_who_met_the_condition(
    simulated: tuple[Protocol, list[Readings]],
) -> None:
    plan, readings = simulated
    salt = [endpoint.name for endpoint in plan.endpoints].index("salt")
    for number, arm in enumerate(plan.arms):
        measured = readings[number].measured[:, :, salt]
        chosen = measured[:, 1] <= 30.0
        assert 10 <= chosen.sum() <= 118
        for week, at in ((24.0, 1), (48.0, 2)):
            share = expected(row_of(arm, week, "responder_value", chosen=True), simulated)
            level = expected(row_of(arm, week, "value", chosen=True), simulated)
            assert share == pytest.approx((measured[chosen, at] <= 30.0).mean(), rel=1e-12)
            assert level == pytest.approx(measured[chosen, at].mean(), rel=1e-12)


def test_all_who_were_chosen_meet_their_own_condition_and_some_lose_it_when_they_stop(
    simulated: tuple[Protocol, list[Readings]],
) -> None:
    at_once = [expected(row_of(arm, 24, "responder_value", chosen=True), simulated) for arm in ("on", "off")]
    assert at_once == [1.0, 1.0], "both arms are given the same until then"
    kept, lost = (expected(row_of(arm, 48, "responder_value", chosen=True), simulated) for arm in ("on", "off"))
    everyone = expected(row_of("on", 48, "responder_value", chosen=False), simulated)
    print("kept on the drug", kept, "after stopping", lost, "of all on the drug", everyone)
    assert kept > everyone, "those who responded are not as all are"
    assert lost < kept - 0.2


def test_arms_that_are_given_the_same_until_then_choose_the_same_patients(
    simulated: tuple[Protocol, list[Readings]],
) -> None:
    on, off = (readings.measured[:, 1] for readings in simulated[1])
    assert np.array_equal(on, off, equal_nan=True), "twins: a re-randomisation would take them from one arm"
