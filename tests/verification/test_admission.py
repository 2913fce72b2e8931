"""Admission on a measured baseline: expected means of arms are those of trials, and differences hold none of it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from anagen.analysis.admission import ADMITTED
from anagen.analysis.effects import contrasts_of
from anagen.analysis.expected import GROUPS, OF_GROUPS, expected_effects, expected_table, over_draws, rows_of
from anagen.evidence.comparison import expected_of
from anagen.scalp import ENDPOINTS
from anagen.study import Study
from anagen.study.observed import Observed
from anagen.study.shipped import shipped_studies
from anagen.trials.observation import Scene
from anagen.trials.reference import expected_readings
from anagen.trials.simulation import in_batches
from small_studies import SALINE, small_scene, small_study

INCLUSION: dict[str, object] = {"inclusion": {"total_density": {"min": 200.0}}}
TRIALS = 40
PLACE = {"arm": "saline", "endpoint": "total_density", "week": 12.0, "source": "x", "read": "memory"}


def scene_of(population: dict[str, object] | None) -> Scene:
    study = small_study(
        {"nothing": [], "saline": [SALINE]}, patients=40, area=0.3, visits=(0.0, 12.0), population=population
    )
    return small_scene(study, measurement__study_offset=0.0, measurement__phototrichogram_count_error=0.25)


@pytest.fixture(scope="module")
def scene() -> Scene:
    return scene_of(INCLUSION)


@pytest.fixture(scope="module")
def table(scene: Scene) -> pd.DataFrame:
    return expected_table(expected_readings(scene, n_patients=800), scene.protocol, draw=0)


def test_expected_means_of_arms_are_those_of_trials(scene: Scene, table: pd.DataFrame) -> None:
    measured = np.concatenate([batch.measured()[..., 0] for batch in in_batches(scene, range(TRIALS))], axis=1)
    start, end = measured[1, :, :, 0], measured[1, :, :, 1]
    of_trials = {
        ("change", 12.0): end - start,
        ("percent_change", 12.0): 100.0 * (end / start - 1.0),
        ("value", 0.0): start,
        ("value", 12.0): end,
    }
    gaps: list[float] = []
    for (measure, week), values in of_trials.items():
        means = np.nanmean(values, axis=1)
        here = table[(table["arm"] == "saline") & (table["week"] == week)]
        row, plain = (here[here["measure"] == name].iloc[0] for name in (ADMITTED + measure, measure))
        spread = row[list(OF_GROUPS)].to_numpy(dtype=np.float64).std(ddof=1) / np.sqrt(GROUPS)
        error = np.hypot(means.std(ddof=1) / np.sqrt(TRIALS), spread)
        assert abs(means.mean() - row["expected"]) < 3.0 * error, measure
        gaps.append((means.mean() - plain["expected"]) / error)
    assert gaps[0] < -4.0 and gaps[2] > 4.0  # what expected values without it would miss


def test_differences_of_arms_hold_none_of_it(scene: Scene, table: pd.DataFrame) -> None:
    plain = table[~table["measure"].str.startswith(ADMITTED)]
    assert len(plain) == len(table) / 2
    assert contrasts_of(scene.protocol) == [("nothing", "saline")]
    pd.testing.assert_frame_equal(expected_effects(table, scene.protocol), expected_effects(plain, scene.protocol))


def test_a_published_mean_of_an_arm_is_predicted_with_it_and_a_difference_without(
    scene: Scene, table: pd.DataFrame
) -> None:
    row = Observed.model_validate({**PLACE, "measure": "change", "mean": 1.0})
    both = row.model_copy(update={"arm": None, "contrast": ("nothing", "saline")})
    choice = scene.protocol.study.endpoints.primary
    alone, difference = expected_of(row, table), expected_of(both, table)
    assert alone is not None and difference is not None
    admitted = over_draws(rows_of(choice, table, alone=True), "saline")["expected"]
    plain = over_draws(rows_of(choice, table), "saline")["expected"]
    assert alone.equals(admitted) and not alone.equals(plain)
    assert difference.equals(over_draws(rows_of(choice, table), "nothing", "saline")["expected"])


def test_who_is_not_selected_does_not_regress() -> None:
    everybody = scene_of(None)
    table = expected_table(expected_readings(everybody, n_patients=8), everybody.protocol, draw=0)
    assert not table["measure"].str.startswith(ADMITTED).any()


def test_no_shipped_study_of_the_calibration_is_touched() -> None:
    """Else targets of the posterior would be simulated in another way than they were."""
    studies = [Study.load(path) for path in shipped_studies().values()]
    selected = [study for study in studies if study.population.inclusion]
    assert len(selected) > 5
    means = [
        row
        for study in selected
        for row in study.observed
        if row.arm and row.endpoint in ENDPOINTS and row.measure in ("change", "percent_change")
    ]
    assert not means
