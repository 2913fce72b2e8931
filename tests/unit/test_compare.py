"""Treatments in the same patients: what is compared with what, and what the ranking says."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm
from typer.testing import CliRunner

from anagen.analysis.bands import LEAST_DRAWS
from anagen.analysis.expected import OF_GROUPS
from anagen.cli.app import app
from anagen.comparative.admission import not_admitted, transfer_of_evidence
from anagen.comparative.design import UNTREATED, comparison, own_control, parts_of
from anagen.comparative.folder import result_of
from anagen.comparative.page import arm_title, ended_of, headline, needed_words, standing_of, taken_over
from anagen.comparative.ranking import best_of, needed, next_trials, ranked, simulate_gains
from anagen.core.errors import InputError
from anagen.parameters import parameter_source
from anagen.therapies import THERAPIES
from faults import every_fault
from small_posterior import NAMES, small_posterior

WOMEN = ("bicalutamide", "spironolactone")
"""Not given to men."""


def test_every_treatment_has_a_control_that_is_one() -> None:
    with every_fault() as row:
        for name in (name for name, therapy in THERAPIES.items() if not therapy.is_control):
            with row(name):
                for part in (part for route in THERAPIES[name].routes for part in parts_of(f"{name}@{route}")):
                    control = own_control(part)
                    assert control is None or control.therapy.is_control
                    if control is not None and part.therapy.by(part.route).actions:
                        assert control.route == part.route, f"{part.label} is not compared by the same route"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["minoxidl"], "no therapy is called 'minoxidl'"),
        (["finasteride@light"], "is not given by the route 'light'"),
        (["prp+prp"], "prp stands twice"),
        (["prp", "prp"], "is named twice"),
        ([], "at least one treatment"),
    ],
)
def test_what_cannot_be_compared_is_explained(words: list[str], says: str) -> None:
    with pytest.raises(InputError, match=says):
        comparison(words)


def test_controls_are_given_when_the_treatment_is() -> None:
    found = comparison(["exosome", "prp", "minoxidil+finasteride"], weeks=24)
    arms = {arm.name: arm for arm in found.study.arms}
    for name in ("exosome", "prp"):
        assert arms[found.own_control[name]].therapies[0].schedule == arms[name].therapies[0].schedule
    assert found.own_control["exosome"] != found.own_control["prp"], "their sessions differ"
    both = arms[found.own_control["minoxidil+finasteride"]]
    assert [(use.therapy, use.route) for use in both.therapies] == [("placebo", "topical"), ("placebo", "oral")]
    assert [arm.name for arm in found.study.arms if arm.control] == [UNTREATED]


def test_a_therapy_keeps_the_rhythm_of_the_route_by_which_it_is_given() -> None:
    with every_fault() as row:
        for name, therapy in THERAPIES.items():
            for route in (route for route in therapy.routes if not therapy.is_control):
                with row(f"{name} {route}"):
                    who = {"condition": "aa"} if name == "excimer" else {"sex": "female"} if name in WOMEN else {}
                    study = comparison([f"{name}@{route}"], weeks=52, **who).study
                    given, usual = study.arms[0].therapies[0].schedule, therapy.by(route).default_schedule
                    assert (given.per_day, given.every) == (usual.per_day, usual.every)


def test_sessions_go_on_where_asked() -> None:
    course, kept = (comparison(["exosome"], weeks=48, keep_up=keep).study.arms[0] for keep in (False, True))
    assert course.therapies[0].schedule.sessions == 6
    assert kept.therapies[0].schedule.sessions == 24


def test_courses_that_are_over_before_the_last_visit_are_named() -> None:
    told = ended_of(comparison(["minoxidil", "exosome"], weeks=48))
    assert told.startswith("Over before week 48,") and "exosomes, the last of 6 sessions is in week 10" in told
    assert "minoxidil" not in told
    assert ended_of(comparison(["minoxidil", "exosome"], weeks=48, keep_up=True)) == ""
    assert ended_of(comparison(["minoxidil", "exosome"], weeks=12)) == ""


def test_best_and_needed() -> None:
    assert best_of(np.array([[1.0, 2.0, 3.0], [2.0, 2.0, 1.0]])).tolist() == pytest.approx([0.5, 0.5])
    assert needed(0.25, 5.0) == 4.0 and np.isnan(needed(0.0, 5.0)) and np.isnan(needed(-0.2, 5.0))
    assert np.isnan(needed(0.01, -0.4)), "who gains nothing is no more often a responder"


@pytest.mark.parametrize(
    ("gains", "more", "words"),
    [
        ((1.0, 5.0), (0.05, 0.25), r"\d+\.\d \(\d\.\d to \d\d\)"),
        ((-0.4, 6.0), (0.003, 0.05), r"\d\d \(\d\d to none\)"),
        ((1.0, 5.0), (-0.02, 0.25), r"\d+\.\d \(\d\.\d to none\)"),
        ((-2.0, 0.5), (-0.03, 0.02), r"none \(\d\d to none\)"),
        ((-2.0, -0.5), (0.01, 0.02), "none"),
    ],
)
def test_an_nnt_goes_through_infinity_where_its_range_holds_no_difference(
    gains: tuple[float, float], more: tuple[float, float], words: str
) -> None:
    asked, draws = comparison(["finasteride"], weeks=24), 100
    at = np.concatenate([[0.5], np.linspace(0.0, 1.0, draws)])
    of_draws = pd.DataFrame({"draw": np.arange(draws + 1), "arm": "finasteride"})
    share = more[0] + (more[1] - more[0]) * at
    courses = of_draws.assign(week=24.0, gain=gains[0] + (gains[1] - gains[0]) * at, error=0.0)
    shares = of_draws.assign(responders=0.5, control_responders=0.4, best=1.0, between_sd=0.0, more=share)
    row = ranked(asked, {"courses": courses, "shares": shares.assign(**dict.fromkeys(OF_GROUPS, share))}).iloc[0]
    told = needed_words(row["nnt"], row["nnt_low"], row["nnt_high"], draws)
    print(told, row[["gain_low", "gain_high", "more_low", "more_high"]].to_dict())
    assert re.fullmatch(words, told)
    assert row["more_low"] <= row["more"] <= row["more_high"], "the share itself has no gap"
    assert np.isfinite(row["nnt_high"]) == (row["gain_low"] > 0.0 and row["more_low"] > 0.0)


def test_what_contraindicates_a_treatment_is_said_of_those_whom_it_means(tmp_path: Path) -> None:
    few = ["--weeks", "16", "--patients", "12", "--draws", "0", "--out", str(tmp_path / "out")]
    women = ["compare", "finasteride", "spironolactone", "--sex", "female", "--menopause", "before", *few]
    shown = CliRunner().invoke(app, women)
    assert shown.exit_code == 0, shown.output
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    document = json.loads(CliRunner().invoke(app, [*women, "--overwrite", "--json"]).stdout)
    for text in (shown.output, page, json.dumps(document)):
        assert "The comparison excludes patients who can become pregnant" in text
        for drug in ("finasteride", "spironolactone"):
            assert f"{drug} harms a male fetus" in text
    for row in document["ranking"]:
        assert "harms a male fetus" in row["contraindicated"]
    assert f"needs {LEAST_DRAWS} parameter draws" in shown.output and "are ranked" not in shown.output
    for who in ({"sex": "male"}, {"sex": "female", "menopause": "after"}):
        asked = comparison(["finasteride"], **who)
        assert not asked.study.population.exclusions and not not_admitted(asked)
    assert not_admitted(comparison(["prp"], exclude=["keloids"])).endswith("keloids: asked for.")


@pytest.mark.parametrize(
    ("words", "who", "level", "studied", "not_known"),
    [
        ("finasteride", {}, "moderate", "", ""),
        ("finasteride", {"sex": "female"}, "very low", "in men", "not known in women"),
        ("finasteride", {"sex": "both"}, "very low", "in men", "not known in women"),
        ("exosome", {"sex": "female"}, "very low", "in men", "not known in women"),
        (
            "minoxidil+finasteride",
            {"sex": "female"},
            "very low",
            "finasteride in men",
            "finasteride not known in women",
        ),
        ("finasteride", {"condition": "te"}, "very low", "in", "not known in another hair disease"),
        ("finasteride", {"zone": "frontal"}, "low", "at the vertex", "not known in the frontal zone"),
    ],
)
def test_evidence_of_others_is_not_certain_here(
    words: str, who: dict[str, str], level: str, studied: str, not_known: str
) -> None:
    asked = comparison([words], **who)
    found = transfer_of_evidence(asked.parts[asked.treatments[0]], asked.study)
    print(found)
    assert (found.level, found.not_known) == (level, not_known)
    assert found.studied.startswith(studied) and bool(found.studied) == bool(studied)


def test_ranking_of_a_small_comparison(tmp_path: Path) -> None:
    """Workers find the same posterior as one process does."""
    small_posterior(tmp_path / "joint.parquet")
    source = parameter_source(tmp_path / "joint.parquet")
    asked = comparison(["ginseng", "finasteride", "dutasteride"], weeks=24)
    one, two = (simulate_gains(asked, patients=24, draws=2, workers=workers, source=source) for workers in (1, 2))
    found = result_of(asked, one, seed=1, patients=24, draws=2, threshold=10.0, source=source)
    assert found.manifest["posterior"]["sha256"] == source.sha256
    assert standing_of(found.manifest).startswith(f"{len(NAMES)} of ")
    assert re.search(r"over placebo\. The chance that no other here gains more is \d+\s%\.$", headline(found))
    for name in ("courses", "shares"):
        pd.testing.assert_frame_equal(one[name], two[name], check_exact=True)
    table = ranked(asked, one)
    assert table["arm"].tolist() == ["dutasteride", "finasteride", "ginseng"]
    assert table.set_index("arm").loc["ginseng", "gain"] == 0.0, "what does nothing gains exactly nothing"
    assert np.isnan(table.set_index("arm").loc["ginseng", "nnt"])
    assert table["best"].sum() == pytest.approx(1.0) and table["best_patients"].sum() == pytest.approx(1.0)
    assert np.all(table["gain_low"] <= table["gain_high"])


def test_a_fall_is_a_gain_where_less_is_better() -> None:
    asked = comparison(["baricitinib"], condition="aa", weeks=36, endpoint="salt")
    table = ranked(asked, simulate_gains(asked, patients=40, draws=0))
    assert table["gain"][0] > 1.0


def test_the_command_writes_a_folder_and_prints_json(tmp_path: Path) -> None:
    words = ["compare", "finasteride", "minoxidil", "--weeks", "16", "--patients", "12", "--draws", "1", "--json"]
    done = CliRunner().invoke(app, [*words, "--out", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    document = json.loads(done.stdout)
    assert document["ranking"] and document["how_to_read"] == taken_over(1)
    written = {path.name for path in (tmp_path / "out").iterdir()}
    assert {"ranking.csv", "courses.parquet", "report.html", "comparison.png", "manifest.json"} <= written
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert taken_over(1) in page
    assert re.search(r"Largest expected gain: [^.]*\d\.\d ± \d+\.\d", page), "the headline has its Monte-Carlo error"
    assert "not medical advice" in page and "http" not in page.replace("http://www.w3.org", "")


@pytest.mark.parametrize(
    ("draws", "words"),
    [(0, "central parameter values"), (19, "central parameter values"), (20, "over 20 parameter draws")],
)
def test_a_comparison_says_what_is_over_draws_and_what_is_at_central_values(draws: int, words: str) -> None:
    assert words in taken_over(draws)
    if draws >= LEAST_DRAWS:
        assert "NNT" in taken_over(draws) and "responders" in taken_over(draws).partition("; ")[2]


def test_people_read_titles_of_therapies() -> None:
    asked = comparison(["lllt", "exosome@microneedle", "prp"])
    assert [arm_title(asked, name) for name in asked.treatments] == [
        "low-level light", "exosomes (microneedle)", "platelet-rich plasma",
    ]  # fmt: skip
    assert arm_title(asked, UNTREATED) == UNTREATED


def test_standing_in_the_next_trials_holds_the_spread_between_trials() -> None:
    """Two treatments that differ by d, each spread by s: P = Phi(d / (s sqrt 2)); without a spread the larger wins."""
    gains = pd.DataFrame({"a": np.full(200, 3.0), "b": np.zeros(200)})
    alone = next_trials(gains, 0.0 * gains, seed=4)
    assert alone["best"].to_dict() == alone["beats"].to_dict() == {"a": 1.0, "b": 0.0}
    spread = next_trials(gains, gains * 0.0 + 5.0, seed=4)
    print("with spread:", spread)
    assert spread["best"]["a"] == pytest.approx(norm.cdf(3.0 / (5.0 * np.sqrt(2.0))), abs=0.01)
    assert spread["best"].sum() == pytest.approx(1.0)
    pd.testing.assert_frame_equal(spread, next_trials(gains, gains * 0.0 + 5.0, seed=4))
    assert spread["best"]["a"] != next_trials(gains, gains * 0.0 + 5.0, seed=5)["best"]["a"]


def test_little_known_is_often_best_and_stands_behind_what_is_known() -> None:
    """One with no effect and a wide range is best more often than a good second, and beats fewer others."""
    flat = np.ones(400)
    wide = 12.0 * norm.ppf((np.arange(400) + 0.5) / 400)
    gains = pd.DataFrame(
        {"first": 15.0 * flat, "second": 11.0 * flat, "unknown": np.random.default_rng(1).permutation(wide)}
    )
    found = next_trials(gains, 0.0 * gains, seed=1)
    print(found)
    assert found["best"]["unknown"] > found["best"]["second"] == 0.0
    assert found["beats"].sort_values(ascending=False).index.tolist() == ["first", "second", "unknown"]
    assert found["beats"].sum() == pytest.approx(1.5), "each pair is won once"


def test_responders_are_those_of_measured_changes() -> None:
    """Errors of counting make responders in a control arm, so that more patients are needed than without errors."""
    asked = comparison(["finasteride"], weeks=24)
    tables = simulate_gains(asked, patients=200, draws=0)
    table = ranked(asked, tables)
    row = table.iloc[0]
    print(row[["gain", "responders", "control_responders", "nnt"]].to_dict())
    assert 0.1 < row["control_responders"] < row["responders"] < 0.9
    assert row["nnt"] > 2.5
