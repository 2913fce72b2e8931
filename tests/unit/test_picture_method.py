"""Pictures read by software as an instrument of a study: what it misses, and that its numbers are no parameters."""

from __future__ import annotations

import tomllib
from importlib import resources

import numpy as np
import pytest

import anagen
from anagen.parameters import load_parameters
from anagen.scalp import METHODS, detection_curve
from anagen.scalp.methods import OWN, OWN_FILE

PICTURE = METHODS["picture"]
VALUES = load_parameters("prior").central()


def test_its_numbers_have_unit_source_and_grade_and_are_no_parameters() -> None:
    entries = tomllib.loads(resources.files("anagen.scalp").joinpath(OWN_FILE).read_text(encoding="utf-8"))
    for name, entry in entries.items():
        assert set(entry) == {"value", "unit", "source", "grade"}, name
        assert len(entry["source"]) > 20 and entry["grade"] in "ABC", name
    assert PICTURE.parameter_names() == ()
    assert not any(name.startswith(OWN) for name in load_parameters())


def test_it_sees_fine_black_hair_better_than_brown_and_a_mixed_study_in_between() -> None:
    black, brown, mixed = (
        detection_curve(PICTURE, VALUES, shares)
        for shares in ({"asian": 1.0}, {"caucasian": 1.0}, {"asian": 0.5, "caucasian": 0.5})
    )
    assert np.all(black >= brown) and black[20] > brown[20]
    assert mixed == pytest.approx(0.5 * (black + brown))


def test_other_methods_heed_no_pigment() -> None:
    method = METHODS["phototrichogram"]
    assert np.array_equal(
        detection_curve(method, VALUES), detection_curve(method, VALUES, {"asian": 0.5, "african": 0.5})
    )


def test_the_error_of_a_count_falls_with_the_root_of_the_area_for_pictures_alone() -> None:
    assert PICTURE.count_cv(VALUES, 0.25) == pytest.approx(2.0 * PICTURE.count_cv(VALUES, 1.0))
    other = METHODS["trichoscan"]
    assert other.count_cv(VALUES, 0.25) == other.count_cv(VALUES, 1.0) == VALUES[other.count_error]


def test_hairs_are_lost_where_they_cross_the_more_the_denser_they_stand() -> None:
    apart = PICTURE.apart(np.array([0.0, 100.0, 300.0, 1e6]), VALUES)
    assert apart[0] == 1.0 and np.all(np.diff(apart) < 0.0) and apart[-1] == 0.5
    assert np.all(METHODS["phototrichogram"].apart(np.array([0.0, 300.0]), VALUES) == 1.0)


def test_a_study_reads_what_the_curve_and_crossing_leave() -> None:
    study = anagen.Study.load("van-neste-2000-finasteride").set("measurement.method", "picture")
    visits = anagen.run(study, patients=4, draws=0, replicates=1).visits
    first = visits[(visits["endpoint"] == "total_density") & (visits["week"] == 0.0)]
    share = first["expected"] / first["true"]
    assert ((share > 0.5) & (share < 1.0)).all()
    counted = visits[(visits["endpoint"] == "total_density") & visits["measured"].notna()]
    assert (counted["measured"] - counted["expected"]).abs().max() > 0.0
