"""A published value says itself whom it is about, how large it is and how exactly it is known."""

from __future__ import annotations

import math
from typing import Any

import pytest
from pydantic import ValidationError

from anagen.study.observed import Observed


def observed(**fields: Any) -> Observed:
    usual = {"endpoint": "total_density", "week": 24.0, "measure": "change", "source": "here", "read": "abstract"}
    return Observed.model_validate(
        {**usual, "mean": 10.0, **({} if "contrast" in fields else {"arm": "drug"}), **fields}
    )


def test_an_arm_and_a_contrast_name_their_arms() -> None:
    arm, contrast = observed(), observed(contrast=("drug", "placebo"))
    assert (arm.arms, arm.subject, arm.is_contrast) == (("drug",), "drug", False)
    assert (contrast.arms, contrast.subject, contrast.is_contrast) == (("drug", "placebo"), "drug - placebo", True)


def test_the_value_is_the_mean_and_the_median_only_where_there_is_no_mean() -> None:
    both, median = observed(median=8.0), observed(mean=None, median=8.0)
    assert (both.value, both.is_median) == (10.0, False)
    assert (median.value, median.is_median) == (8.0, True)


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"se": 2.0, "sd": 30.0, "n": 25}, 2.0),
        ({"sd": 30.0, "n": 25, "ci": (9.0, 11.0)}, 6.0),
        ({"ci": (10.0 - 1.959964, 10.0 + 1.959964)}, 1.0),
        ({"contrast": ("drug", "placebo"), "mean": -1.959964, "p": 0.05}, 1.0),
        ({"contrast": ("drug", "placebo"), "mean": 2.2281388519649385, "p": 0.05, "n": 12}, 1.0),
        ({"mean": 2.0, "p_below": 0.05, "n": 11}, 2.0 / 2.2281388519649385),
        ({"mean": 2.0, "p_above": 0.05, "n": 11}, math.nan),
        ({"sd": 30.0}, math.nan),
        ({"iqr": 30.0, "n": 25}, math.nan),
    ],
)
def test_the_standard_error_is_printed_or_follows_from_what_is(fields: dict[str, Any], error: float) -> None:
    assert observed(**fields).standard_error == pytest.approx(error, nan_ok=True)


@pytest.mark.parametrize(
    ("fields", "unit", "share"),
    [
        ({}, "hairs/cm2", False),
        ({"measure": "percent_change"}, "%", False),
        ({"measure": "responder", "threshold": 10.0, "mean": 0.4}, "1", True),
        ({"endpoint": "adverse_event:shedding", "measure": "share", "mean": 0.1}, "1", True),
    ],
)
def test_the_unit_is_that_of_the_measure(fields: dict[str, Any], unit: str, share: bool) -> None:
    row = observed(**fields)
    assert (row.unit, row.is_share) == (unit, share)
    assert row.is_event == row.endpoint.startswith("adverse_event:")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"contrast": ("a", "a")}, "compared with itself"),
        ({"contrast": ("a", "b"), "arm": "a"}, "one arm or to one contrast"),
        ({"arm": None}, "needs `arm`"),
        ({"mean": None}, "needs `mean` or `median`"),
        ({"ci": (12.0, 9.0)}, "above the upper limit"),
        ({"ci": (11.0, 12.0)}, "outside its confidence interval"),
        ({"measure": "share", "mean": 12.0}, "write 12 % as 0.12"),
        ({"measure": "responder", "mean": 0.5}, "needs the least change that counts"),
        ({"threshold": 10.0}, "belongs to measure responder only"),
        ({"p": 0.03, "measure": "value"}, "or a change from baseline; measure is value"),
        ({"contrast": ("drug", "placebo"), "mean": 0.0, "p": 0.5}, "the error of a difference that is not 0"),
        ({"contrast": ("drug", "placebo"), "p": 0.05, "p_below": 0.05}, "has one p value"),
        ({"mean": None, "p": 0.03, "sd": 3.0}, "the spread of a number that is missing"),
        ({"mean": None, "result": "not_significant", "p_below": 0.05}, "is significant, and the result is not_sig"),
        ({"mean": None, "result": "significant", "p_above": 0.05}, "is not significant, and the result is significant"),
        ({"mean": None, "p_above": 1.0}, "says nothing; a bound of p"),
        ({"mean": None, "p_above": 0.05, "use": "calibrate"}, "nothing is fitted to a result in words"),
        (
            {"mean": None, "result": "not_significant", "endpoint": "adverse_event:pain", "measure": "share"},
            "print the shares of patients who had it",
        ),
        ({"contrast": ("drug", "placebo"), "p": 0.04, "n": 2}, "2 in two arms leave a t test no degree"),
        ({"p": 0.04, "n": 1}, "1 in one arm leave a t test no degree"),
        ({"contrast": ("drug", "placebo"), "p": 1e-300}, "where it tells an error"),
        ({"contrast": ("drug", "placebo"), "p": 0.999999}, "where it tells an error"),
        ({"contrast": ("drug", "placebo"), "p": 0.05, "se": 2.0}, "the printed error counts"),
        ({"use": "check"}, "so the file says why"),
        ({"use": "calibrate", "read": "memory"}, "recalled, not read"),
    ],
)
def test_what_cannot_be_is_refused(fields: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        observed(**fields)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"result": "not_significant"}, "no significant difference (p > 0.01)"),
        ({"result": "not_significant", "p_above": 0.05}, "no significant difference (p > 0.05)"),
        ({"p_below": 0.001}, "a significant difference (p < 0.001)"),
        ({"p": 0.03}, "no significant difference (p > 0.01)"),
        ({"p": 0.003}, "a significant difference (p < 0.01)"),
    ],
)
def test_a_result_without_a_number_says_on_which_side_of_which_p_it_lies(fields: dict[str, Any], words: str) -> None:
    row = observed(mean=None, **fields)
    stated = row.stated(0.01)
    assert stated is not None
    assert (stated.words, row.has_number, math.isnan(row.value)) == (words, False, True)
    assert observed().stated(0.01) is None


def test_an_error_from_a_p_value_is_said_to_be_derived() -> None:
    assert observed(se=2.0).error_from == ""
    assert "Student's t with 11 degrees" in observed(p=0.03, n=12).error_from
    assert "the greatest there can be" in observed(p_below=0.001).error_from
