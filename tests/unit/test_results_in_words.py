"""Results that a paper printed in words are predicted: how probable a test is that finds them."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from anagen.core.errors import InputError
from anagen.evidence.between import Between
from anagen.evidence.from_studies import rows_of_study
from anagen.evidence.significance import Probability, probability_of
from anagen.evidence.uses import use_of
from anagen.study import Study
from anagen.study.p_values import Stated, deviate
from anagen.validation.result import ValidationResult, validate

EXAMPLES = Path(__file__).parents[1] / "examples"
NOTHING = Between(0.0, "none", 0.0, None)
VALUES = {"measurement.study_offset": 8.0}


@pytest.fixture(scope="module")
def found() -> ValidationResult:
    return validate([EXAMPLES / "null-result.yaml"], draws=4)


def test_without_an_effect_the_probability_is_that_of_a_true_null() -> None:
    for level in (0.05, 0.001):
        for freedom in (math.inf, 22.0):
            found = probability_of(Stated(True, level), np.zeros(3), 2.0, NOTHING, [VALUES] * 3, freedom=math.inf)
            assert found.value == pytest.approx(level)
            assert (
                probability_of(Stated(False, level), np.zeros(3), 2.0, NOTHING, [VALUES] * 3, freedom=freedom).value
                >= 1.0 - level - 1e-12
            )


def test_the_probability_is_the_share_of_trials_that_are_simulated_one_by_one() -> None:
    rng = np.random.default_rng(1)
    spread = Between(1.0, "none", 0.0, None)
    expected, patients = np.array([4.0, 12.0]), 5.0
    found = probability_of(Stated(False, 0.05), expected, patients, spread, [VALUES] * 2, freedom=20.0)
    trials = expected[:, None] + math.hypot(patients, 8.0) * rng.standard_normal((2, 200_000))
    share = float((np.abs(trials) / patients <= deviate(0.05, 20.0)).mean())
    assert found.value == pytest.approx(share, abs=4.0 * math.sqrt(share * (1.0 - share) / trials.size))
    assert found.low90 < found.value < found.high90
    assert found.brier == pytest.approx((1.0 - found.value) ** 2)


def test_stated_and_its_opposite_add_up_to_one() -> None:
    one, other = (
        probability_of(Stated(which, 0.05), np.array([3.0, 9.0]), 4.0, NOTHING, [VALUES] * 2) for which in (True, False)
    )
    assert one.value + other.value == pytest.approx(1.0)
    assert one.error == pytest.approx(other.error) and one.error > 0.0


def test_validation_tells_the_probability_and_counts_numbers_only(found: ValidationResult) -> None:
    said = found.statements
    assert list(said["stated"]) == ["no significant difference (p > 0.05)", "a significant difference (p < 0.001)"]
    assert said["probability"].between(0.0, 1.0).all()
    assert (said["probability_error"] > 0.0).all()
    everything = found.totals[found.totals["by"] == "all"].iloc[0]
    assert (len(found.table), int(everything["n"])) == (3, 1)
    assert not found.table.iloc[:2]["comparable"].any()
    assert "2 published without a number" in found.headline()


def test_a_standard_error_from_a_p_value_is_said_to_be_derived(found: ValidationResult) -> None:
    row = found.validation.comparisons["null-result"].iloc[2]
    assert row["observed_se"] == pytest.approx(12.0 / deviate(0.04, 22.0))
    assert "derived from p = 0.04 by Student's t with 22 degrees" in row["remark"]


def test_the_folder_holds_them_and_json_is_plain(found: ValidationResult, tmp_path: Path) -> None:
    folder = found.save(tmp_path / "validation")
    assert list(pd.read_csv(folder / "statements.csv")["row"]) == [0, 1]
    document = json.loads(json.dumps(found.document()))
    assert [row["significant"] for row in document["statements"]] == [False, True]


def test_they_are_rows_of_the_published_table_and_inform_no_parameter() -> None:
    study = Study.load(EXAMPLES / "null-result.yaml")
    rows = rows_of_study("null-result", study)
    assert [(row.mean, row.p) for row in rows] == [(None, ">0.05"), (None, "<0.001"), (12.0, "0.04")]
    assert [use_of(row, study).use for row in study.observed] == ["check", "check", "calibrate"]


def test_check_says_what_is_compared() -> None:
    words = str(Study.load(EXAMPLES / "null-result.yaml").check())
    assert "no significant difference (p > 0.05), without a number: compared is how probable that is" in words


def test_a_misspelt_result_is_answered_with_the_nearest() -> None:
    text = (EXAMPLES / "null-result.yaml").read_text().replace("not_significant", "not_significnt")
    with pytest.raises(InputError, match=r"observed\[0\]\.result.*did you mean 'not_significant'"):
        Study.parse(text)


def test_an_exact_p_must_fit_what_is_said() -> None:
    text = (EXAMPLES / "null-result.yaml").read_text().replace("p_above: 0.05", "p: 0.03")
    with pytest.raises(InputError, match=r"observed\[0\]\.p.*below the significance level"):
        Study.parse(text)


def test_one_draw_has_no_error() -> None:
    found = probability_of(Stated(True, 0.05), np.array([1.0]), 1.0, NOTHING, [VALUES])
    assert math.isnan(found.error)
    assert Probability(1.0, 0.0, 1.0, 1.0).brier == 0.0
