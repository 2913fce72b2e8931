"""Power, assurance and error rates: the closed forms, smaller trials inside larger ones, the same bytes anywhere."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom, norm

from anagen.analysis.batch import batch_of
from anagen.analysis.effects import effects_of
from anagen.core.progress import Progress
from anagen.parameters import parameter_source
from anagen.planning.closed_form import normal_assurance, power_by_t
from anagen.planning.question import question_of
from anagen.planning.result import Power, power
from anagen.planning.simulating import Setting, simulated, without_effect
from anagen.runs.folders import FolderOptions, RunInterrupted, into_folder
from anagen.study import Study
from anagen.trials.protocol import protocol, study_parameters
from anagen.trials.simulation import in_batches, scene_of
from small_studies import MINOXIDIL, SALINE, VEHICLE, small_study

SIZES = (40, 80, 160)
DRUG, VEHICLE = ({**each, "per": "application"} for each in (MINOXIDIL, VEHICLE))


def tiny(layout: str = "parallel", **more: object) -> Study:
    arms = {"minoxidil": [DRUG], "vehicle": [VEHICLE]}
    study = small_study(arms, patients=8, visits=(0.0, 8.0, 16.0), area=0.1, layout=layout, dropout=0.1, **more)  # type: ignore[arg-type]
    return Study.from_dict(study.to_dict())


@pytest.fixture(scope="module")
def normal() -> Power:
    return power(tiny().set("design.dropout", 0.0), SIZES, effect=10.0, sd=20.0, correlation=0.0, margin=-8.0)


@pytest.fixture(scope="module")
def uncertain() -> Power:
    study = tiny().set("design.dropout", 0.0)
    return power(study, SIZES, effect=8.0, sd=20.0, effect_sd=9.0, correlation=0.0)


def test_power_of_a_normal_model_is_that_of_the_closed_form(normal: Power) -> None:
    """n = 40 per arm, a difference of 10, a standard deviation of 20: 0.598."""
    table = normal.table
    for row in table.to_dict(orient="records"):
        n = row["patients"]
        # one degree of freedom goes to the baseline, which is adjusted for; its chance costs 1 / (2 n - 4) of variance
        error = 20.0 * np.sqrt(2.0 / n * (1.0 + 1.0 / (2.0 * n - 4.0)))
        exact = float(power_by_t(10.0, error, 2.0 * n - 3.0, 0.05))
        print(n, row["power"], row["power_error"], exact)
        assert abs(row["power"] - exact) < 3.0 * row["power_error"]
        assert abs(row["power_closed_form"] - exact) < 0.005
        assert abs(row["bias"]) < 3.0 * row["bias_error"]
        assert abs(row["coverage"] - 0.95) < 3.0 * row["coverage_error"]
        assert abs(row["type_one_error"] - 0.05) < 3.0 * row["type_one_error_error"]
        assert row["adjusted_sd"] == pytest.approx(20.0, rel=0.01)
    first = table.iloc[0]
    assert abs(first["power"] - 0.598) < 3.0 * first["power_error"] + 0.005


def test_a_margin_is_met_by_the_whole_interval(normal: Power) -> None:
    """Non-inferiority is power of a larger effect: 10 + 8."""
    for row in normal.table.to_dict(orient="records"):
        exact = float(power_by_t(18.0, 20.0 * np.sqrt(2.0 / row["patients"]), 2.0 * row["patients"] - 3.0, 0.05))
        assert abs(row["power_margin"] - exact) < 3.0 * row["power_margin_error"] + 0.002


def test_the_smallest_size_of_a_normal_model_is_that_of_the_closed_form(normal: Power) -> None:
    (row,) = normal.smallest.to_dict(orient="records")
    assert 63 <= row["power_closed_form"] <= 66
    assert row["power_low"] <= row["power_closed_form"] <= row["power_high"]
    assert row["power_low"] <= row["power"] <= row["power_high"]


def test_assurance_of_a_normal_effect_is_that_of_the_closed_form(uncertain: Power) -> None:
    """N(8, 9), a standard deviation of 20: 0.465, 0.573, 0.651, and at most 0.813 (0.811 by simulation elsewhere)."""
    for row, known in zip(uncertain.table.to_dict(orient="records"), (0.465, 0.573, 0.651), strict=True):
        error = 20.0 * np.sqrt(2.0 / row["patients"])
        print(row["patients"], row["assurance"], row["assurance_error"], known)
        assert abs(row["assurance"] - known) < 3.0 * row["assurance_error"]
        assert row["assurance_closed_form"] == pytest.approx(normal_assurance(8.0, 9.0, error, 0.05), abs=0.02)
        assert row["assurance"] < row["ceiling"]
        assert abs(row["ceiling"] - norm.cdf(8.0 / 9.0)) < 1e-12
        assert row["sd_of_draws"] == pytest.approx(9.0, rel=0.03)
        # what is not known of the effect and who is recruited add up
        together = np.hypot(row["sd_of_draws"], row["estimate_sd"])
        assert row["sd_over_draws"] == pytest.approx(together, rel=0.03)
        assert row["draws_estimate_given_success"] > row["effect_given_success"] > row["effect_mean"]


def test_successes_tell_more_than_is_true_only_where_the_simulation_can_tell(uncertain: Power) -> None:
    told = " ".join(uncertain.document()["findings"])
    assert "what is published of successes is larger than what is true" in told
    sure = power(tiny(), [200], effect=30.0, sd=20.0, effect_sd=1.0, correlation=0.0, replicates=200)
    told = " ".join(sure.document()["findings"])
    assert "no further apart than the error of the simulation" in told and "larger than what is true" not in told


def test_a_goal_above_the_ceiling_is_answered_by_the_ceiling(uncertain: Power) -> None:
    high = power(tiny(), SIZES, effect=8.0, sd=20.0, effect_sd=9.0, correlation=0.0, goal=0.9, replicates=200)
    assert bool(high.smallest["above_ceiling"].all())
    assert np.isnan(high.smallest["assurance"].iloc[0])
    assert np.isnan(high.smallest["assurance_closed_form"].iloc[0])
    assert "out of reach" in high.headline()
    assert any("no size reaches it" in sentence for sentence in high.document()["findings"])
    assert not uncertain.smallest["above_ceiling"].any()


def test_the_baseline_that_is_adjusted_for_makes_an_estimate_more_precise() -> None:
    study = tiny().set("design.dropout", 0.25)
    loose, tight = (
        power(study, [80], effect=10.0, sd=20.0, correlation=r, replicates=2000).table.iloc[0] for r in (0.0, -0.6)
    )
    assert tight["adjusted_sd"] / loose["adjusted_sd"] == pytest.approx(0.8, rel=0.02)
    assert loose["analysed_arm"] == pytest.approx(60.0, rel=0.02)
    assert loose["dropouts"] == pytest.approx(40.0, rel=0.02)


def test_two_sides_of_a_normal_model_are_compared_within_patients() -> None:
    sides = {"saline": [SALINE], "other": [SALINE]}
    split = small_study(sides, patients=8, visits=(0.0, 8.0), area=0.1, layout="split_scalp")
    study = Study.from_dict(split.to_dict())
    row = power(study, [40], effect=8.0, sd=20.0, correlation=0.0, replicates=2000).table.iloc[0]
    exact = float(power_by_t(8.0, 20.0 / np.sqrt(40.0), 38, 0.05))
    assert abs(row["power"] - exact) < 3.0 * row["power_error"] + 0.005
    assert row["patients_in_all"] == 40


@pytest.mark.parametrize("strata", [[], ["severity"]], ids=["blocks", "strata"])
def test_a_smaller_trial_is_the_one_that_a_run_of_that_size_simulates(strata: list[str]) -> None:
    """The strata of a trial are those of its patients: with two grades both trials have both."""
    study = tiny(population={"severity": {"norwood": ("III", "IV")}})
    study = study.set("design.randomisation", {"method": "block", "block": 4, "strata": strata})
    question = question_of(study, [4, 8])
    setting = Setting(parameter_source("default"), 1)
    estimates = simulated(question, setting, trials=3)["estimates"]
    smaller = question_of(study, [4]).study
    values = study_parameters(smaller, setting.source.load()).draw(1, 0)
    scene = scene_of(smaller, values, seed=1)
    runs = pd.concat(
        [
            effects_of(batch_of(trials), scene.protocol)
            for trials in in_batches(scene, range(3))
        ]
    )
    first = estimates[(estimates["patients"] == 4) & (estimates["part"] == 0)].sort_values("trial")
    assert first["estimate"].tolist() == runs["estimate"].tolist()
    assert first["p_value"].tolist() == runs["p_value"].tolist()
    # and the largest holds two of them
    assert estimates[estimates["patients"] == 4].groupby("trial")["part"].nunique().tolist() == [2, 2, 2]


def test_without_an_effect_every_arm_is_given_what_its_control_is_given() -> None:
    study = tiny()
    plan = protocol(study)
    null = without_effect(plan, [("minoxidil", "vehicle")])
    assert null.prescriptions == (plan.prescriptions[1], plan.prescriptions[1])
    assert null.arms == plan.arms


def test_type_one_error_of_simulated_trials_is_five_per_cent() -> None:
    study = tiny()
    found = power(study, [8], replicates=300, draws=0)
    rejected = round(float(found.table["type_one_error"].iloc[0]) * 300)
    low, high = binom.interval(0.999, 300, 0.05)
    print(f"{rejected} of 300 trials without an effect are significant, 99.9 % interval {low:.0f} to {high:.0f}")
    assert low <= rejected <= high
    # an effect of stated size is added to the same trials, and is found as large as it is
    stated = power(study, [8], replicates=60, draws=0, truth="40 hairs/cm^2")
    trials = stated.trials.pivot_table(index="trial", columns="truth", values="estimate")
    assert np.allclose(trials["fixed"] - trials["null"], 40.0)
    assert stated.table["power_fixed"].iloc[0] > stated.table["type_one_error"].iloc[0]
    assert np.isnan(stated.table["assurance"].iloc[0])
    assert any("No assurance is told" in sentence for sentence in stated.document()["how_to_read"])


def test_results_do_not_depend_on_workers(tmp_path: Path) -> None:
    for workers in (1, 2):
        asked = {"replicates": 4, "draws": 20, "workers": workers}
        early = {"name": "early", "set": {"endpoints.primary.week": 8}}
        designs = {"truths": ["median"], "designs": [{"name": "as written"}, early]}
        found = power(tiny(), [4, 8], scenarios=designs, **asked)  # type: ignore[arg-type]
        found.save(tmp_path / str(workers))
    files = sorted(path.name for path in (tmp_path / "1").iterdir())
    assert {"power.csv", "sizes.csv", "scenarios.csv", "power.json", "report.html", "manifest.json"} <= set(files)
    assert {"power.svg", "power.png", "trials.parquet", "effects.parquet"} <= set(files)
    for name in files:
        assert (tmp_path / "1" / name).read_bytes() == (tmp_path / "2" / name).read_bytes(), name
    rows = pd.read_csv(tmp_path / "1" / "scenarios.csv")
    assert rows.groupby("design")["truth"].apply(list).tolist() == [["no effect", "median"] * 2] * 2
    assert (rows.loc[rows["truth"] == "no effect", "effect"] == 0.0).all()


def test_a_stopped_call_goes_on_to_the_same_bytes(tmp_path: Path) -> None:
    class Stopping(Progress):
        def advance(self, done: int, total: int) -> None:
            if done == 1:
                raise KeyboardInterrupt

    def asked(kept: Path, progress: Progress | None = None) -> Power:
        own = {"effect": 8.0, "sd": 20.0, "correlation": 0.0, "replicates": 1500}
        return power(tiny(), SIZES, work_dir=kept, progress=progress, **own)  # type: ignore[arg-type]

    out = tmp_path / "out"
    with pytest.raises(RunInterrupted):
        into_folder("power", FolderOptions(out), lambda kept: asked(kept, Stopping()), Power.save)
    assert not out.exists()
    into_folder("power", FolderOptions(out), asked, Power.save)
    fresh = asked(tmp_path / "fresh").table.to_csv(index=False, lineterminator="\n")
    assert (out / "power.csv").read_bytes() == fresh.encode()
    assert [path.name for path in tmp_path.iterdir() if path.name.endswith(".work")] == []


def test_several_controls_have_nulls_of_their_own() -> None:
    study = Study.from_dict(
        small_study(
            {"minoxidil": [DRUG], "saline": [SALINE], "vehicle": [VEHICLE]},
            patients=6,
            visits=(0.0, 8.0),
            area=0.1,
            block=6,
        ).to_dict()
    )
    found = power(study, [6], arm="minoxidil", controls=["vehicle", "saline"], replicates=4, draws=0)
    assert found.table[["arm", "control"]].to_numpy().tolist() == [["minoxidil", "vehicle"], ["minoxidil", "saline"]]
    null = found.trials[found.trials["truth"] == "null"]
    assert null.groupby("pair")["trial"].count().tolist() == [4, 4]


def test_a_seed_is_repeated_and_another_differs() -> None:
    asked = {"effect": 8.0, "sd": 20.0, "correlation": 0.0, "replicates": 50}
    one, same, other = (power(tiny(), [20], seed=seed, **asked).table for seed in (1, 1, 2))  # type: ignore[arg-type]
    pd.testing.assert_frame_equal(one, same)
    assert one["estimate_mean"].iloc[0] != other["estimate_mean"].iloc[0]


def test_the_correlation_with_the_baseline_is_that_of_the_simulated_controls() -> None:
    found = power(tiny(), [8], effect=8.0, sd=20.0, replicates=20)
    told = found.manifest["normal"]["correlation"]
    assert -0.9 < told < 0.0, "what was counted too high at baseline falls back"
    assert found.manifest["normal"]["dropout"] == 0.1
    again = replace(found, manifest={**found.manifest})
    assert again.headline() == found.headline()
