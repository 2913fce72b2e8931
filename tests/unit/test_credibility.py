"""The credibility assessment: known sensitivities, registers that hold, goals and verdicts, and a whole report."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtr
from typer.testing import CliRunner

from anagen.cli.app import app
from anagen.core.errors import InputError
from anagen.credibility.achieved import MEASURES, achieved_by
from anagen.credibility.assess import assess
from anagen.credibility.assessment import Assessment
from anagen.credibility.assumptions import structural_assumptions
from anagen.credibility.checks import CHECKS, Case
from anagen.credibility.convergence import interval_table, order_interval
from anagen.credibility.criteria import LEVELS, load_factors, model_risk, stakes_of
from anagen.credibility.limits import DISCLAIMER, limits_of
from anagen.credibility.outcome import Evaluation, Outcome, chosen_contrast, evaluate_at
from anagen.credibility.page import SECTIONS, build_page, document_of, draw_pictures
from anagen.credibility.phrasing import verdict
from anagen.credibility.published import published_table, reported_values
from anagen.credibility.sampling import morris_screening, sobol_indices, sobol_points
from anagen.credibility.validation_table import COLUMNS, coverage, validation_rows
from anagen.delivery import KINETICS, kinetics_of
from anagen.parameters import load_parameters
from anagen.parameters.parameter import Z_90
from anagen.patients import CONDITIONS
from anagen.runs.study import run_study
from anagen.signalling import Response
from anagen.study import Study
from anagen.study.shipped import shipped_studies
from anagen.therapies import THERAPIES
from anagen.trials.observation import arm_responses
from anagen.trials.protocol import protocol, study_parameters
from anagen.trials.reference import reference_patients
from small_studies import FINASTERIDE, PLACEBO, small_study

ROOT = Path(__file__).resolve().parents[2]


def ishigami(z: np.ndarray) -> np.ndarray:
    """Ishigami & Homma 1990 with a = 7, b = 0.1, as a function of standard normal deviates."""
    x = np.pi * (2.0 * ndtr(z) - 1.0)
    return np.sin(x[:, 0]) + 7.0 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def test_sobol_indices_of_the_ishigami_function() -> None:
    """First order 0.3139, 0.4424, 0 and total 0.5576, 0.4424, 0.2437 in closed form."""
    names = ["first", "second", "third"]
    points = sobol_points(names, samples=2048, seed=3)
    table = sobol_indices(names, ishigami(points), seed=3).set_index("name").loc[names]
    assert table["first"].to_numpy() == pytest.approx([0.3139, 0.4424, 0.0], abs=0.02)
    assert table["total"].to_numpy() == pytest.approx([0.5576, 0.4424, 0.2437], abs=0.02)


def test_screening_of_a_linear_function_is_exact() -> None:
    """Over its 90 % range a parameter of slope a moves the outcome by 2 x 1.645 a, without spread; order by size."""
    slopes = np.array([0.5, -3.0, 0.0, 1.0])
    table = morris_screening(list("abcd"), lambda z: z @ slopes, trajectories=3, seed=5)
    assert table["name"].tolist() == ["b", "d", "a", "c"]
    assert table["mu"].to_numpy() == pytest.approx(2.0 * Z_90 * slopes[[1, 3, 0, 2]])
    assert table["sigma"].to_numpy() == pytest.approx(0.0, abs=1e-12)


def test_screening_tells_interaction() -> None:
    table = morris_screening(list("abc"), lambda z: z[:, 0] * z[:, 1] + z[:, 2], trajectories=20, seed=5)
    found = table.set_index("name")
    sigma, mu_star = found["sigma"].to_dict(), found["mu_star"].to_dict()
    assert sigma["a"] > 0.5 * mu_star["a"] and sigma["c"] < 1e-9


def test_samples_must_be_a_power_of_two_and_outcomes_must_vary() -> None:
    with pytest.raises(ValueError, match="power of 2"):
        sobol_points(["a"], samples=12, seed=1)
    with pytest.raises(ValueError, match="does not vary"):
        sobol_indices(["a"], np.ones(12), seed=1)


def test_every_structural_assumption_names_files_that_exist() -> None:
    kinetics = {kinetics_of(data).name for therapy in THERAPIES.values() for data in therapy.kinetics.values()}
    kinetics |= set(KINETICS)
    for entry in structural_assumptions():
        for path in entry.checks:
            assert (ROOT / path).is_file(), f"{entry.name}: {path}"
            assert path.startswith(("tests/", "studies/")), f"{entry.name}: {path}"
        assert entry.grade in "ABC" and entry.statement.endswith(".") and entry.why.endswith(".")
        assert set(entry.kinetics) <= kinetics, entry.name
        assert set(entry.conditions) <= set(CONDITIONS), entry.name


def test_every_factor_is_measured_and_goals_rise_with_risk() -> None:
    factors = load_factors()
    assert list(factors) == list(MEASURES)
    for factor in factors.values():
        goals = [factor.goals[level] for level in LEVELS]
        assert goals == sorted(goals, reverse=not factor.rising), factor.name
        assert factor.judge("high", None) == "no evidence"
        assert factor.judge("high", factor.goals["high"]) == "met"


def test_the_page_of_goals_is_that_of_the_file() -> None:
    page = (ROOT / "docs" / "credibility.md").read_text(encoding="utf-8")
    for factor in load_factors().values():
        goals = " | ".join(factor.goal_text(level).replace("\u00a0", " ") for level in LEVELS)
        assert f"| {factor.title} | {factor.quantity} | {goals} |" in page


def test_model_risk_is_symmetric_and_rises() -> None:
    table = [[LEVELS.index(model_risk(a, b)) for b in LEVELS] for a in LEVELS]
    assert np.array_equal(table, np.transpose(table))
    assert (np.diff(table, axis=0) >= 0).all() and table[0][0] == 0 and table[2][2] == 2


def test_the_block_of_the_study_file_counts_only_where_it_says_something() -> None:
    text = shipped_studies()["exosome-vs-saline"].read_text(encoding="utf-8")
    silent, empty = Study.parse(text), Study.parse(text + "\ncredibility: {}\n")
    said = Study.parse(text + "\ncredibility: {influence: low, consequence: high, context: To size a pilot trial.}\n")
    assert silent.sha256 == empty.sha256 != said.sha256
    assert stakes_of(silent).stated == () and stakes_of(silent).risk == "medium"
    assert stakes_of(said).stated == ("influence", "consequence", "context") and stakes_of(said).risk == "medium"
    with pytest.raises(InputError, match="influence"):
        Study.parse(text + "\ncredibility: {influence: huge}\n")


def test_interval_of_a_quantile_covers_it() -> None:
    """Order statistics: over 400 samples the interval of the 5 % quantile holds it in 95 % or a little more."""
    true = 0.05
    samples = np.sort(np.random.Generator(np.random.Philox(7)).random((400, 100)), axis=1)
    held = [(low != low or low <= true) and true <= high for low, high in (order_interval(s, 0.05) for s in samples)]
    assert 0.93 <= np.mean(held) <= 0.995
    assert interval_table(samples[0])["draws"].tolist() == [25, 50, 100]


@pytest.fixture(scope="module")
def case() -> Case:
    study = small_study({"finasteride": [FINASTERIDE], "placebo": [PLACEBO]}, visits=(0.0, 8.0))
    return Case(study, protocol(study), study_parameters(study, load_parameters()).draw(1, 0), 1)


@pytest.mark.parametrize(
    ("name", "target", "broken"),
    [
        ("skin-lag", "skin_lag.lag_time", lambda *_: 1.0),
        ("skin-flux", "skin_flux.flux_out", lambda times: 1.001 * np.ones_like(times)),
        ("activation", "activation.resting_state", lambda *_: np.array([[0.25, 0.3]])),
    ],
)
def test_a_check_fails_where_the_program_is_wrong(
    case: Case, name: str, target: str, broken: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert CHECKS[name](case).passed is True
    monkeypatch.setattr(f"anagen.credibility.checks.{target}", broken)
    assert CHECKS[name](case).passed is False


def test_rows_do_not_depend_on_how_they_are_cut(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    parameters = study_parameters(case.study, load_parameters())
    outcome = Outcome(case.study, *chosen_contrast(case.study, None), 1, 8)
    names, deviates = ["follicle.exogen_mean", "follicle.reentry_mean"], np.array([[0.0, 0.0], [1.5, -1.0]])
    whole = evaluate_at(outcome, parameters, names, deviates)
    monkeypatch.setattr("anagen.credibility.outcome.PER_TASK", 1)
    assert np.array_equal(whole, evaluate_at(outcome, parameters, names, deviates))
    assert whole[0] == Evaluation(outcome, case.plan).at(case.values) != whole[1]


def test_what_does_not_read_a_moved_value_is_not_worked_out_again(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    outcome = Outcome(case.study, *chosen_contrast(case.study, None), 1, 4)
    names = ("follicle.exogen_mean", "finasteride_kinetics.scalp_half", "population.shaft_diameter")
    moved = ({}, *({name: 0.9 * case.values[name]} for name in names))
    fresh = [Evaluation(outcome, case.plan).at({**case.values, **change}) for change in moved]
    done: list[str] = []

    def followed(*given: Any) -> list[Response]:
        done.append("network")
        return arm_responses(*given)

    def admitted(*given: Any, **named: Any) -> Any:
        done.append("patients")
        return reference_patients(*given, **named)

    monkeypatch.setattr("anagen.credibility.outcome.arm_responses", followed)
    monkeypatch.setattr("anagen.credibility.outcome.reference_patients", admitted)
    kept = Evaluation(outcome, case.plan)
    assert [kept.at({**case.values, **change}) for change in moved] == fresh
    assert len(set(fresh)) == len(moved)
    assert sorted(done) == ["network", "network", "patients", "patients"]


def scores_table(study: str, subject: str, *, inside: bool) -> pd.DataFrame:
    row = dict.fromkeys(COLUMNS, 0.0)
    row |= {"study": study, "subject": subject, "therapies": "exosome", "endpoint": "total_density", "week": 16.0}
    return pd.DataFrame([row | {"measure": "change", "inside90": inside}])


def test_scores_of_related_studies_enter_and_others_stay_out() -> None:
    study = Study.load(shipped_studies()["exosome-vs-saline"])
    reported = reported_values()
    table = published_table(study, study.arms[0], reported)
    amini = table[table["study"] == "amini-2025-exosome"].iloc[0]
    scores = pd.concat(
        [
            scores_table("amini-2025-exosome", str(amini["subject"]), inside=False),
            scores_table("al-hamzawi-2019-excimer", "excimer", inside=True),
        ],
        ignore_index=True,
    )
    none = scores.iloc[:0]
    rows = validation_rows(none, table, scores)
    assert rows["study"].tolist() == ["amini-2025-exosome"]
    assert rows["relation"].tolist() == ["same therapy, same route"]
    assert coverage(rows) == (0, 1)
    with pytest.raises(ValueError, match="crps"):
        validation_rows(none, table, scores.drop(columns="crps"))


@pytest.fixture(scope="module")
def found() -> Assessment:
    study = small_study({"finasteride": [FINASTERIDE], "placebo": [PLACEBO]}, condition="healthy", visits=(0.0, 8.0))
    stages: list[str] = []
    made = assess(study, draws=20, samples=2, stage=stages.append)
    assert len(stages) >= 5
    return made


def test_the_report_has_every_section_and_fetches_nothing(found: Assessment) -> None:
    drawn = draw_pictures(found)
    assert list(drawn) == ["risk", "convergence", "screening", "shares"]
    page = build_page(found, drawn)
    assert page.count("data:image/svg+xml;base64,") == len(drawn)
    for anchor in SECTIONS:
        assert f'id="{anchor}"' in page and f'href="#{anchor}"' in page
    assert "<script" not in page and 'src="http' not in page
    assert page.count(DISCLAIMER) == 1
    assert "not stated by the author of the study; medium assumed" in page
    for factor in found.factors.values():
        assert factor.title in page


def test_numbers_of_the_report_are_those_of_the_run(found: Assessment) -> None:
    said = document_of(found)
    assert said["effect"]["central"] == found.central
    at_128 = next(row for row in said["patients"] if row["patients"] == 128)
    # patients are counted at central values, which a run without draws tells
    central = run_study(found.study, draws=0).primary().expected(draw=0).values[0]
    assert at_128["effect"] == pytest.approx(central, rel=1e-12)
    assert said["evaluations"] == found.sensitivity.evaluations > len(found.sensitivity.screening)
    assert all(check["passed"] is True for check in said["checks"])
    moved = found.register["mu_star"].dropna()
    assert len(moved) == len(found.sensitivity.screening)
    grades = found.register["grade"].tolist()
    assert grades == sorted(grades, reverse=True), "the weakest first"


def test_a_failing_check_is_shown_as_failing(found: Assessment) -> None:
    name = "renewal"
    checks = {**found.checks, name: replace(found.checks[name], error=9.0)}
    broken = replace(found, checks=checks)
    broken = replace(broken, achieved=achieved_by(broken))
    assert broken.judgements()["code_verification"] == "not met" and found.judgements()["code_verification"] == "met"
    assert "fails 1 of its own checks" in " ".join(limits_of(broken))
    assert ">failed<" in build_page(broken, {}) and ">failed<" not in build_page(found, {})
    assert verdict(broken) != verdict(found)


def test_the_command_writes_one_file_and_one_document(
    found: Assessment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("anagen.credibility.result.assess_study", lambda *_, **__: found)
    monkeypatch.setattr("anagen.credibility.result.draw_pictures", lambda _: {})
    out = tmp_path / "folder" / "report.html"
    arguments = ["credibility", "exosome-vs-saline", "--out", str(out), "--json"]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["report"] == str(out)
    assert [path.name for path in out.parent.iterdir()] == ["report.html"]
    again = CliRunner().invoke(app, arguments)
    assert isinstance(again.exception, InputError) and "exists already" in str(again.exception)


@pytest.mark.parametrize(("option", "value"), [("--samples", "12"), ("--arm", "salin"), ("--arm", "saline")])
def test_impossible_requests_are_refused_before_any_work(option: str, value: str, tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    result = CliRunner().invoke(app, ["credibility", "exosome-vs-saline", "--out", str(out), option, value])
    assert isinstance(result.exception, InputError) and option.removeprefix("--") in str(result.exception)
    assert not list(tmp_path.iterdir())
