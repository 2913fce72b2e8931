"""What `anagen check` says of a study is what a run does: comparisons, analysis, doses, doses taken, units."""

from __future__ import annotations

from typing import Any

import pytest

from anagen.core.errors import InputError
from anagen.delivery import ROUTES
from anagen.study import Study, describe
from anagen.therapies import THERAPIES
from faults import every_fault

BASE = Study.load("olsen-2002-minoxidil").to_dict() | {"observed": []}
TABLET = {"therapy": "finasteride"}
PLACEBO = {"therapy": "placebo", "route": "oral"}


def study_of(*arms: dict[str, Any], **more: Any) -> Study:
    named = [{"name": f"arm {i}", "patients": 6, **arm} for i, arm in enumerate(arms)]
    return Study.from_dict({**BASE, "arms": named, "design": {}, **more})


def test_arms_are_compared_as_is_said() -> None:
    one = describe(study_of({"therapies": [TABLET]}, {"therapies": [PLACEBO], "control": True}))
    assert "Every other arm is compared with arm 1." in one
    two = describe(
        study_of(
            {"therapies": [TABLET]},
            {"therapies": [PLACEBO], "control": True},
            {"therapies": [{"therapy": "minoxidil"}], "comparator": "arm 3"},
            {"therapies": [{"therapy": "placebo", "route": "topical"}], "control": True},
        )
    )
    assert "Comparisons: arm 0 with arm 1; arm 2 with arm 3." in two


def test_the_analysis_that_is_said_is_that_of_layout_and_measure() -> None:
    arms = ({"therapies": [TABLET]}, {"therapies": [PLACEBO], "control": True})
    share = {"endpoint": "total_density", "week": 48, "measure": "responder", "threshold": 10}
    assert "Analysis: Analysis of covariance" in describe(study_of(*arms))
    assert "Newcombe interval" not in describe(study_of(*arms))
    responders = describe(study_of(*arms, endpoints={"primary": share}))
    assert "Newcombe interval" in responders and "covariance" not in responders
    sides = ({"therapies": [{"therapy": "prp"}]}, {"therapies": [{"therapy": "saline-injection"}], "control": True})
    assert "Paired analysis of covariance" in describe(study_of(*sides, design={"layout": "split_scalp"}))
    assert "Student's t" in describe(study_of({"therapies": [TABLET]}, uncontrolled="one arm"))


def test_doses_that_may_be_slips_and_doses_not_taken_are_said() -> None:
    taken = {"adherence": {"mean": 0.8, "sd": 0.1}}
    text = describe(
        study_of(
            {"therapies": [TABLET | taken | {"dose": "1000 mg", "schedule": {"per_day": 1, "until": 96}}]},
            {"therapies": [PLACEBO | {"adherence": {"mean": 0.5}}], "control": True},
        )
    )
    assert "1000 mg per day (1,000 times the usual 1 mg: is the unit right?)" in text
    assert "to week 96 (seen until the last visit in week 48)" in text
    assert "80 % of doses taken on average (standard deviation 10 %)" in text
    assert "differ in adherence as well" in text


def test_a_setting_per_area_is_read_in_every_spelling() -> None:
    per_area = [
        (route.name, setting)
        for route in ROUTES.values()
        for setting in route.settings
        if setting.unit.startswith("1/") and setting.maximum > 100.0
    ]
    assert len(per_area) >= 4
    with every_fault() as row:
        for route, setting in per_area:
            therapy = next(name for name, each in THERAPIES.items() if route in each.routes and not each.is_control)
            for text in ("150 /cm^2", "150/cm2", "150 per cm^2", "150 /cm²", "1.5 /mm^2", "150 1/cm^2"):
                with row(f"{route} {text}"):
                    use = {"therapy": therapy, "route": route, "settings": {setting.name: text}}
                    study = study_of({"therapies": [use]}, uncontrolled="one arm")
                    assert study.arms[0].therapies[0].settings[setting.name].value == pytest.approx(150.0, rel=1e-12)


def test_a_severity_written_as_a_share_is_refused() -> None:
    aa = Study.load("king-2022-alopecia-areata")
    with pytest.raises(InputError, match="leaves nobody") as caught:
        aa.set("population.severity", {"salt": {"min": 0.5, "max": 1}})
    assert caught.value.problems[0].suggestion == "100"
