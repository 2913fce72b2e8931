"""Questions of power are checked, sizes are parts of one another, and what is between them is interpolated."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.stats import nct, norm, t
from statsmodels.stats.power import TTestIndPower

from anagen.core.errors import InputError
from anagen.planning.characteristics import reached
from anagen.planning.closed_form import normal_assurance, power_by_t, smallest_size
from anagen.planning.parts import parts_of
from anagen.planning.question import effect_amount, question_of, sizes_in_ratio, wanted_direction
from anagen.planning.result import power
from anagen.planning.scenario_file import read_scenarios
from anagen.planning.smallest import reaching
from anagen.study import Study, parse_set
from anagen.study.models import EndpointChoice
from anagen.sweeps import study_sweep
from small_studies import EXOSOME, SALINE, small_study

STUDY = Study.load("exosome-vs-saline")
HAIRS = EndpointChoice(endpoint="total_density", week=24, measure="change")


def problem_of(error: pytest.ExceptionInfo[InputError]) -> str:
    return "\n".join(problem.text() for problem in error.value.problems)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"arm": "exosom"}, "arm: there is no arm 'exosom'; allowed: exosome, saline; did you mean 'exosome'?"),
        ({"controls": ["salin"]}, "controls: there is no arm 'salin'; allowed: exosome, saline; did you mean 'saline'"),
        ({"weeks": [13.0]}, "did you mean '12'?"),
        ({"endpoints": ["total_densty"]}, "did you mean 'total_density'?"),
        ({"patients": [20, 20]}, "patients: 20 is named twice"),
        ({"weeks": [4.0, 4.0]}, "weeks: 4 is named twice"),
        ({"endpoints": ["salt"]}, "endpoints: severity of alopecia (SALT) is not read in androgenetic alopecia"),
        ({"patients": [1]}, "patients: must be a whole number from 2 to 100000, got 1"),
        ({"patients": [2.5]}, "patients: must be a whole number from 2 to 100000, got 2.5"),
        ({"arm": "saline"}, "saline is compared with nothing here"),
    ],
)
def test_what_is_wrong_in_a_question_is_told_with_what_is_right(asked: dict[str, object], words: str) -> None:
    with pytest.raises(InputError) as error:
        question_of(STUDY, **{"patients": [20], **asked})  # type: ignore[arg-type]
    assert words in problem_of(error)


def test_all_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(InputError) as error:
        question_of(STUDY, [1], arm="exosom", weeks=[13.0], endpoints=["total_densty"])
    assert len(error.value.problems) == 4


@pytest.mark.parametrize("goal", [0.0, 1.0, -0.2, float("nan"), 80.0])
def test_a_goal_outside_0_and_1_is_refused(goal: float) -> None:
    with pytest.raises(InputError) as error:
        power(STUDY, [20], goal=goal)
    assert problem_of(error).startswith("goal: must")


def test_a_study_without_a_control_has_no_power() -> None:
    alone = small_study({"exosome": [EXOSOME]})
    data = alone.to_dict() | {"uncontrolled": "a test"}
    data["arms"][0]["control"] = False
    with pytest.raises(InputError) as error:
        question_of(Study.from_dict(data), [10])
    assert "has no control arm" in problem_of(error)


def test_an_effect_is_read_in_the_unit_of_the_outcome_or_refused() -> None:
    assert effect_amount("effect", "8 hairs/cm2", HAIRS) == effect_amount("effect", "8 hairs/cm^2", HAIRS) == 8.0
    responder = EndpointChoice(endpoint="total_density", week=24, measure="responder", threshold=10.0)
    assert effect_amount("margin", "5 %", responder) == 0.05
    diameter = EndpointChoice(endpoint="mean_diameter", week=24, measure="change")
    assert effect_amount("effect", "0.002 mm", diameter) == pytest.approx(2.0)
    for given in ("8 um", "many", "nan hairs/cm^2"):
        with pytest.raises(InputError) as error:
            effect_amount("effect", given, HAIRS)
        assert "effect: " in problem_of(error)


def test_the_wanted_direction_follows_endpoint_and_threshold() -> None:
    def choice(endpoint: str, measure: str, threshold: float | None = None) -> EndpointChoice:
        return EndpointChoice.model_validate(
            {"endpoint": endpoint, "week": 24, "measure": measure, "threshold": threshold}
        )

    assert wanted_direction(choice("salt", "change")) == -1.0
    assert wanted_direction(choice("salt", "responder_value", 20.0)) == 1.0
    assert wanted_direction(choice("salt", "responder_percent", -50.0)) == 1.0
    assert wanted_direction(choice("total_density", "responder", 10.0)) == 1.0
    assert wanted_direction(choice("total_density", "responder", -10.0)) == -1.0


def test_arms_keep_the_ratio_of_the_study() -> None:
    simple = STUDY.set("design.randomisation", {"method": "simple"})
    assert sizes_in_ratio(simple.set("arms.exosome.patients", 60), 20) == (40, 20)
    three_to_two = simple.set("arms.exosome.patients", 45)
    with pytest.raises(InputError) as error:
        sizes_in_ratio(three_to_two, 21)
    assert "multiples of 2 do" in problem_of(error)
    assert "did you mean" in problem_of(error)


def test_a_question_measures_only_what_is_asked_for() -> None:
    asked = question_of(STUDY, [20, 10], weeks=[12.0], endpoints=["mean_diameter", "hair_pull"])
    assert asked.sizes == (10, 20)
    assert [choice.endpoint for choice in asked.choices] == ["mean_diameter", "hair_pull"]
    assert [arm.patients for arm in asked.study.arms] == [20, 20]


@pytest.mark.parametrize("together", [False, True])
def test_parts_share_nobody_and_have_their_sizes(together: bool) -> None:
    generator = np.random.default_rng(1)
    arm = np.concatenate([generator.permuted(np.repeat([0, 0, 1], 4)[None], axis=1) for _ in range(5)])
    received = arm[None] == np.arange(2)[:, None, None]
    parts = parts_of(received, [4, 2], together=together)
    assert parts.shape == (2, 5, 12)
    assert parts.sum(axis=0).max() == 1
    assert (parts.sum(axis=2) == 6).all()
    if not together:
        assert ((parts[:, None] & received).sum(axis=-1) == np.array([4, 2])[:, None]).all()
        # the first of every arm in the order of admission
        first = [np.flatnonzero(received[0, trial])[:4].tolist() for trial in range(5)]
        assert [np.flatnonzero(parts[0, trial] & received[0, trial]).tolist() for trial in range(5)] == first


def test_power_by_the_noncentral_t_is_that_of_scipy_and_statsmodels() -> None:
    for n, effect in ((10, 0.8), (40, 0.5), (200, 0.2)):
        ours = float(power_by_t(effect, np.sqrt(2.0 / n), 2 * n - 2, 0.05))
        limit = t.ppf(0.975, 2 * n - 2)
        assert ours == pytest.approx(nct.sf(limit, 2 * n - 2, effect / np.sqrt(2.0 / n)), abs=1e-9)
        theirs = TTestIndPower().power(effect, n, 0.05)
        assert ours == pytest.approx(theirs, abs=2e-4)
    assert float(power_by_t(1000.0, 1.0, 78, 0.05)) == 1.0
    assert float(power_by_t(0.0, 1.0, 78, 0.05)) == pytest.approx(0.025)


def test_sizes_by_the_closed_form_are_those_of_statsmodels() -> None:
    for goal, patients in ((0.8, 64.0), (0.9, 86.0)):
        found = smallest_size(lambda n: float(power_by_t(0.5, np.sqrt(2.0 / n), 2 * n - 2, 0.05)), goal)
        assert found == patients == np.ceil(TTestIndPower().solve_power(0.5, power=goal, alpha=0.05))


def test_no_size_is_found_where_none_is_enough() -> None:
    assert np.isnan(smallest_size(lambda n: 0.7 - 1.0 / n, 0.8))


def test_normal_assurance_is_the_mean_of_power_over_the_effect() -> None:
    error = 20.0 * np.sqrt(2.0 / 80.0)
    effects = norm.ppf((np.arange(20_000) + 0.5) / 20_000, 8.0, 9.0)
    assert normal_assurance(8.0, 9.0, error, 0.05) == pytest.approx(
        float(norm.sf(norm.ppf(0.975) - effects / error).mean()), abs=1e-5
    )


def test_a_size_lies_between_those_that_were_simulated_or_is_missing() -> None:
    sizes = np.array([20.0, 40.0, 80.0])
    shares = norm.cdf(0.5 * np.sqrt(sizes / 2.0) - norm.ppf(0.975))
    exact = np.ceil(2.0 * ((norm.ppf(0.8) + norm.ppf(0.975)) / 0.5) ** 2)
    assert reaching(sizes, shares, 0.8) == exact
    assert reaching(sizes, shares, float(shares[1])) == 40.0
    assert np.isnan(reaching(sizes, shares, 0.99))
    assert np.isnan(reaching(sizes, shares, 0.1))
    # a fall is luck
    assert reaching(sizes, np.array([0.5, 0.4, 0.9]), 0.5) == 20.0


def test_a_share_of_none_or_all_has_an_error() -> None:
    for share in (reached(np.zeros(50, dtype=np.bool_)), reached(np.ones(50, dtype=np.bool_))):
        assert share[0] in (0.0, 1.0)
        assert 0.01 < share[1] < 0.05


def test_errors_of_shares_are_worked_out_between_studies() -> None:
    """Eight trials of one study that all succeed or all fail are worth one."""
    alike = np.repeat(np.arange(100) % 2 == 0, 8)
    study = np.repeat(np.arange(100), 8)
    assert reached(alike, study)[1] == pytest.approx(np.sqrt(0.25 / 99))
    assert reached(alike)[1] < 0.4 * reached(alike, study)[1]


FILES = {
    "yaml": ("truths: [null, medan]\ndesigns:\n  - name: a\n", ":1: truths[1]: there is no truth 'medan'"),
    "yaml key": ("designs:\n  - name: a\n    patient: 3\n", ":3: designs[0].patient: unknown key"),
    "yaml size": ("designs:\n  - name: a\n    patients: 1\n", ":3: designs[0].patients"),
    "yaml own truth": (
        "truths:\n  - {name: eight, efect: 8 hairs/cm^2}\ndesigns:\n  - name: a\n",
        ":2: truths[0].efect: unknown key; allowed: name, effect; did you mean 'effect'?",
    ),
    "yaml sizes": ("designs:\n  - name: a\n    patients: [20, 1]\n", ":3: designs[0].patients[1]: 1 is impossible"),
    "yaml twice": ("designs:\n  - name: a\n  - name: a\n", ":3: designs[1]: 'a' is named twice"),
    "nothing": ("truths: [null]\n", "designs: is missing"),
}


@pytest.mark.parametrize(("text", "words"), FILES.values(), ids=FILES)
def test_a_wrong_file_of_scenarios_is_told_with_its_line(text: str, words: str, tmp_path: Path) -> None:
    file = tmp_path / "scenarios.yaml"
    file.write_text(text)
    with pytest.raises(InputError) as error:
        read_scenarios(file)
    assert words in problem_of(error)


def test_scenarios_are_the_same_in_yaml_and_toml(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(
        "truths: [null, {name: ten, effect: 10}]\ndesigns:\n"
        "  - {name: a, patients: [10, 20], set: {design.dropout: 0.2}}\n"
    )
    (tmp_path / "a.toml").write_text(
        'truths = ["null", {name = "ten", effect = 10}]\n[[designs]]\nname = "a"\npatients = [10, 20]\n'
        '[designs.set]\n"design.dropout" = 0.2\n'
    )
    found = read_scenarios(tmp_path / "a.yaml"), read_scenarios(tmp_path / "a.toml")
    assert found[0] == found[1]
    assert found[0].designs[0].sizes == (10, 20)
    (tmp_path / "a.txt").write_text("")
    with pytest.raises(InputError) as error:
        read_scenarios(tmp_path / "a.txt")
    assert "allowed: .yaml, .yml, .toml" in problem_of(error)


def test_the_row_without_an_effect_is_always_there(tmp_path: Path) -> None:
    file = tmp_path / "scenarios.yaml"
    file.write_text("truths: [median]\ndesigns:\n  - name: a\n")
    assert read_scenarios(file).all_truths == ("null", "median")


def test_a_design_that_the_study_refuses_is_named() -> None:
    study = small_study({"exosome": [EXOSOME], "saline": [SALINE]})
    with pytest.raises(InputError) as error:
        power(study, [4], scenarios={"designs": [{"name": "odd", "set": {"design.dropuot": 0.1}}]})
    assert "designs[0] (odd)" in problem_of(error)
    assert "did you mean 'dropout'?" in problem_of(error)


def test_a_response_curve_over_patients_leads_to_power() -> None:
    with pytest.raises(InputError) as error:
        study_sweep("exosome-vs-saline", [parse_set("arms.exosome.patients=20,40,80")])
    assert "anagen power STUDY --patients 20,40,80" in problem_of(error)
    assert "every row would be the same" in problem_of(error)


def test_an_effect_of_ones_own_needs_its_standard_deviation_and_a_mean() -> None:
    with pytest.raises(InputError) as error:
        power(STUDY, [20], effect=8.0)
    assert problem_of(error).startswith("sd: is needed")
    responders = {"endpoint": "total_density", "week": 24, "measure": "responder", "threshold": 5}
    shares = STUDY.set("endpoints.primary", responders)
    with pytest.raises(InputError) as error:
        power(shares, [20], effect=8.0, sd=20.0)
    assert "the outcome here is a share of patients" in problem_of(error)
    both = small_study({"exosome": [EXOSOME], "saline": [SALINE]})
    with pytest.raises(InputError) as error:
        power(both, [20], effect=8.0, sd=-1.0)
    assert problem_of(error).startswith("sd: must be positive")
