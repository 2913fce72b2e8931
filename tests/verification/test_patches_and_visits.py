"""Alopecia areata: what is read today does not depend on how long is looked, and scalps without a hair are analysed."""

from __future__ import annotations

import numpy as np
import pytest

from anagen.patients import CONDITIONS
from anagen.runs.study import run_study
from anagen.study import Study
from anagen.trials.observation import observe
from anagen.trials.screening import baseline_readings, screen, with_severity
from anagen.trials.simulation import scene_of
from small_studies import small_scene, small_study

SEVERE = {"severity": {"salt": {"min": 1.0, "max": 5.0}}}


def test_a_later_visit_moves_no_earlier_reading_of_a_scalp_with_patches() -> None:
    study = small_study({"a": []}, condition="aa", endpoint="salt", population=SEVERE, area=0.3)
    scene = scene_of(study, small_scene(study).values, seed=1)
    people = screen(scene, n_patients=40, replicate=0, area=0.3).population
    graded = with_severity(scene)
    column = [endpoint.name for endpoint in graded.protocol.endpoints].index("salt")
    read = {
        last: observe(graded, people, [()], weeks=np.array([0.0, *last]), area=0.3)[0].true[:, 0, column]
        for last in ((), (6.0,), (52.0,))
    }
    assert np.array_equal(read[()], read[(6.0,)]) and np.array_equal(read[()], read[(52.0,)])
    assert read[()].min() >= 1.0 and read[()].max() <= 5.0
    assert baseline_readings(graded, people, 0.3).shape[0] == 40


@pytest.mark.parametrize("condition", ["aa", "chemotherapy", "te"])
def test_endpoints_that_a_bald_scalp_does_not_have_are_counted_out(condition: str) -> None:
    population = {"onset_week": -4.0} if CONDITIONS[condition].triggered else {"severity": {"salt": {"min": 90.0}}}
    data = small_study(
        {"a": []},
        condition=condition,
        endpoint="mean_diameter",
        secondary=("anagen_share", "growth_rate"),
        population=population,
        area=0.15,
        patients=20,
    ).to_dict()
    data["arms"][0]["control"] = False
    contents = run_study(Study.from_dict({**data, "uncontrolled": "one arm"}), draws=0).conformed()
    rows = contents.visits[contents.visits["endpoint"] == "mean_diameter"]
    bald = rows["true"].isna()
    assert rows.loc[bald, "measured"].isna().all()
    if condition == "aa":
        assert bald.any()
