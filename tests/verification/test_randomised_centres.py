"""Trials that randomise whole centres: who has which arm, what centres add, and an analysis that counts centres."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import ttest_ind

from anagen.analysis.batch import batch_of
from anagen.analysis.clusters import CLUSTERS, TOO_FEW_CENTRES, clusters_many, one_trial
from anagen.analysis.effects import effects_of
from anagen.core.arrays import FloatArray, IntArray
from anagen.core.errors import InputError
from anagen.planning.question import question_of
from anagen.study import Study, describe
from anagen.study.conduct import Centres
from anagen.trials.centres import centre_of
from anagen.trials.design_effect import design_effect, design_effect_notes
from anagen.trials.randomisation import arms_of_centres
from anagen.trials.simulation import simulate_trials
from small_studies import SALINE, small_scene, small_study

CENTRES, EACH = 8, 12


def clustered(change_sd: float | None = None, patients: int = 40) -> Study:
    study = small_study({"saline": [SALINE], "nothing": []}, patients=patients, area=0.3, visits=(0.0, 12.0))
    apart = {} if change_sd is None else {"change_sd": f"{change_sd} hairs/cm^2"}
    centres = Centres.model_validate({"number": CENTRES, "sd": "2 hairs/cm^2", **apart})
    design = study.design.model_dump() | {"randomisation": {"method": "cluster", "block": 1}}
    return Study.model_validate(study.model_dump() | {"design": design | {"centres": centres.model_dump()}})


def test_centres_are_given_to_arms_in_their_ratio_and_none_is_preferred() -> None:
    numbers = np.arange(3000)
    arms = arms_of_centres([40, 20], 6, seed=2, replicates=numbers)
    assert ((arms == 0).sum(axis=1) == 4).all()
    assert np.abs((arms == 0).mean(axis=0) - 2 / 3).max() < 4.5 * np.sqrt(2 / 9 / 3000)
    assert np.array_equal(arms_of_centres([40, 20], 6, seed=2, replicates=numbers[7:9]), arms[7:9])


def test_every_patient_has_the_arm_of_his_centre() -> None:
    scene = small_scene(clustered())
    trials = simulate_trials(scene, [0, 1, 4])
    centre = trials.centres()
    assert centre is not None
    arm = trials.received.argmax(axis=0).reshape(3, -1)
    for here, there in zip(centre, arm, strict=True):
        of_centre = {number: set(there[here == number].tolist()) for number in set(here.tolist())}
        assert all(len(arms) == 1 for arms in of_centre.values())
        assert len(of_centre) == CENTRES
    assert len({tuple(row) for row in arm.tolist()}) == 3
    assert (trials.received.sum(axis=1) != 3 * 40).any()  # numbers per arm are what centres recruit


def test_centres_differ_in_the_change_that_they_measure_as_much_as_is_stated() -> None:
    plain, apart = (simulate_trials(small_scene(clustered(sd)), range(40)) for sd in (None, 6.0))
    added = apart.readings[0].measured - plain.readings[0].measured
    assert not added[:, 0].any()
    seen = added[:, 1, 0][apart.readings[0].measured[:, 1, 0] > 0.0]
    centre = apart.centres()
    assert centre is not None
    assert np.unique(np.round(seen, 9)).size == 40 * CENTRES
    assert added[:, 1, 0].std() == pytest.approx(6.0, rel=0.15)
    assert np.array_equal(apart.readings[0].expected, plain.readings[0].expected)


def outcomes(trials: int, between: float, seed: int) -> tuple[FloatArray, FloatArray, FloatArray, IntArray]:
    """Outcome and baseline of trials without an effect, and arm and centre of each patient."""
    random = np.random.default_rng(seed)
    centre = np.tile(np.repeat(np.arange(CENTRES), EACH), (trials, 1))
    baseline = random.normal(100.0, 30.0, centre.shape)
    of_centre = random.normal(0.0, between, (trials, CENTRES))
    outcome = np.take_along_axis(of_centre, centre, 1) + random.normal(0.0, 12.0, centre.shape) - 0.2 * baseline
    return outcome, baseline, (centre < CENTRES // 2).astype(np.float64), centre


def split(values: FloatArray, arm: FloatArray) -> tuple[FloatArray, FloatArray]:
    return np.where(arm > 0.0, values, np.nan), np.where(arm > 0.0, np.nan, values)


def test_the_mixed_model_is_that_of_statsmodels() -> None:
    mixed = pytest.importorskip("statsmodels.regression.mixed_linear_model")
    outcome, baseline, arm, centre = outcomes(1, 6.0, 5)
    lost = np.random.default_rng(1).random(outcome.shape) < 0.1
    one = split(np.where(lost, np.nan, outcome), arm)
    found = clusters_many(*one, split(baseline, arm), centre, alpha=0.05).of(0)
    used = ~lost[0]
    x = np.column_stack([np.ones(used.sum()), arm[0, used], baseline[0, used] - 100.0])
    known = mixed.MixedLM(outcome[0, used], x, groups=centre[0, used]).fit(reml=True, method="powell")
    assert found.estimate == pytest.approx(known.fe_params[1], rel=1e-5)
    # sizes differ a little, so that the adjustment of Kenward and Roger is small and not zero
    assert found.standard_error == pytest.approx(known.bse_fe[1], rel=0.02)
    assert found.n_arm + found.n_control == used.sum()
    assert found.method == CLUSTERS


def test_of_equal_centres_it_is_the_t_test_of_their_means() -> None:
    """Without a covariate and with a positive covariance, K - 2 degrees of freedom and all."""
    outcome, _, arm, centre = outcomes(1, 15.0, 3)
    found = one_trial(*(side[0] for side in split(outcome, arm)), None, centre[0], alpha=0.05).of(0)
    means = outcome[0].reshape(CENTRES, EACH).mean(axis=1)
    known = ttest_ind(means[: CENTRES // 2], means[CENTRES // 2 :])
    assert found.p_value == pytest.approx(known.pvalue, rel=1e-5)
    low, high = known.confidence_interval(0.95)
    assert (found.ci_low, found.ci_high) == pytest.approx((low, high), rel=1e-5)


def test_without_an_effect_it_rejects_as_often_as_it_says_where_an_ancova_of_patients_does_not() -> None:
    from anagen.statistics.two_arms import ancova_many

    number = 150
    outcome, baseline, arm, centre = outcomes(number, 6.0, 8)
    found = clusters_many(*split(outcome, arm), split(baseline, arm), centre, alpha=0.05)
    naive = ancova_many(outcome, baseline, arm > 0.0, arm == 0.0, alpha=0.05)
    assert np.isfinite(found.p_value).all()
    assert (found.p_value < 0.05).mean() < 0.05 + 3.0 * np.sqrt(0.05 * 0.95 / number)
    assert (naive.p_value < 0.05).mean() > 0.2


def test_what_cannot_be_estimated_says_why() -> None:
    outcome, baseline, arm, centre = outcomes(1, 0.0, 4)
    together = np.where(arm > 0.0, 0, centre)
    found = clusters_many(*split(outcome, arm), split(baseline, arm), together, alpha=0.05).of(0)
    assert np.isnan(found.estimate) and TOO_FEW_CENTRES in found.method


def test_a_run_analyses_by_centre_and_says_the_design_effect() -> None:
    scene = small_scene(clustered(5.0))
    trials = simulate_trials(scene, [0, 1])
    effects = effects_of(batch_of(trials), scene.protocol)
    assert effects["method"].str.startswith(CLUSTERS.partition(", Kenward")[0]).all()
    assert effects["p_value"].notna().all()
    assert centre_of(trials.population, Centres.model_validate({"number": 8, "sd": "1 hairs/cm^2"}), seed=1).max() == 7
    (note,) = design_effect_notes(scene.protocol, scene.values, seed=1)
    assert "a design effect of" in note and "5 hairs/cm2 (standard deviation, as stated)" in note
    assert design_effect(0.0, 10.0, 20.0).factor == 1.0
    # Donner and Klar: 1 + (m - 1) ICC
    assert design_effect(1.0, 3.0, 21.0).factor == pytest.approx(1.0 + 20.0 * 0.1)
    with pytest.raises(InputError, match="randomise centres are run and not planned"):
        question_of(clustered(), [20])


FILE = """
study: clinics
population:
  condition: aga
  sex: {male: 1.0}
  age: {mean: 30, sd: 6, min: 18, max: 41}
  ethnicity: {caucasian: 1.0}
arms:
  - {name: drug, patients: 40, therapies: [{therapy: minoxidil}]}
  - {name: control, patients: 20, control: true, therapies: [{therapy: placebo}]}
measurement: {zone: vertex, target_area: "0.3 cm^2", method: phototrichogram, visits: [0, 12]}
endpoints: {primary: {endpoint: total_density, week: 12, measure: change}}
design: {randomisation: {method: cluster}, centres: {number: 6, sd: "4 hairs/cm^2"}}
"""


def test_check_says_that_whole_centres_are_randomised() -> None:
    text = describe(Study.parse(FILE))
    assert "allocation of whole centres" in text and "what its centres recruit" in text
    assert "Mixed model with the centre as random effect" in text


@pytest.mark.parametrize(
    ("old", "new", "field", "says"),
    [
        ("number: 6", "number: 8", "design.centres.number", "multiples of 3 can, from 6 on"),
        ("number: 6", "number: 3", "design.centres.number", "two or more to each"),
        (', centres: {number: 6, sd: "4 hairs/cm^2"}', "", "design.randomisation.method", "write design.centres"),
        ("method: cluster", "method: cluster, strata: [sex]", "design.randomisation.strata", "no meaning"),
        ("method: cluster", "method: cluster, block: 4", "design.randomisation.block", "has no blocks"),
        ("design:", "cluster: true\ndesign:", "cluster", "write design.randomisation: {method: cluster}"),
    ],
)
def test_what_cannot_be_randomised_is_refused_with_the_reason(old: str, new: str, field: str, says: str) -> None:
    with pytest.raises(InputError) as caught:
        Study.parse(FILE.replace(old, new))
    found = {problem.field: problem.message for problem in caught.value.problems}
    assert field in found, found
    assert says in found[field]


def test_centres_that_agree_more_than_by_chance_have_a_result_and_no_gain_from_it() -> None:
    """Where the variance between centres would be negative, errors are those of patients, with the centres' freedom."""
    centre = np.repeat(np.arange(8), 6)
    treated = centre % 2 == 0
    # the same values in every centre of an arm, so that their means agree to the last digit
    values = np.tile(np.array([-5.0, -3.0, -1.0, 1.0, 3.0, 5.0]), 8) + np.where(treated, 2.0, 0.0)
    arm, control = np.where(treated, values, np.nan), np.where(treated, np.nan, values)
    found = clusters_many(arm[None], control[None], None, centre[None], alpha=0.05)
    pooled = np.sqrt(values[treated].var(ddof=0) * 24 * 2 / 46 * (2 / 24))
    assert found.estimate[0] == pytest.approx(2.0) and found.degrees_of_freedom[0] == 6.0
    assert found.standard_error[0] == pytest.approx(pooled)
    assert "variance between centres 0" in found.method[0]
