"""What a run prints says everything once, and its JSON is plain."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from result_samples import printed_document, sample_contents

from anagen.cli.console import print_frame, print_json
from anagen.cli.summary import print_summary
from anagen.core.plain import plain


@pytest.fixture
def run() -> dict[str, Any]:
    return printed_document(sample_contents().conformed(), "results/sample", "results/sample/report.html")


def test_summary_keeps_the_two_uncertainties_apart(run: dict[str, Any]) -> None:
    effect = run["effects"][0]
    assert (effect["estimate"], effect["ci_low"], effect["ci_high"]) == (8.1, 4.0, 12.2)
    assert effect["expected"] == 7.0
    # 5 and 95 % points of the draws 7.1, 7.2, 7.3; the central value is no draw.
    assert effect["parameter_low"] == pytest.approx(7.11)
    assert effect["parameter_high"] == pytest.approx(7.29)


def test_summary_is_plain_json(run: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    print_json(run)
    back = json.loads(capsys.readouterr().out)
    assert back["arms"][1] == {
        "arm": "saline", "control": True, "patients": 2, "randomised": 2, "n": 2, "mean": 1.0, "sd": 3.0,
        "expected": 0.5, "expected_error": 0.05, "parameter_low": 0.1, "parameter_high": 0.9,
    }  # fmt: skip
    assert back["comparison"][1]["inside"] is None
    assert back["report"] == "results/sample/report.html"


def test_printed_summary(run: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    print_summary(run)
    text = capsys.readouterr().out
    for words in (
        "saline (control)",
        "Effect of exosome against saline",
        "95 % interval from the patients: +4.0 to +12.2",
        "no band: 3 draws",
        "Published results beside the prediction",
        "comparable",
        "hand-set",
        "results/sample/report.html",
    ):
        assert words in text


def test_expected_and_predicted_are_told_apart_and_the_bias_is_shown(
    run: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    run = {**run, "comparison": [{**run["comparison"][0], "bias": 2.5}, *run["comparison"][1:]]}
    print_summary(run)
    text = capsys.readouterr().out
    assert "bias" in text.partition("published")[2].partition("inside")[0], "a column of its own"
    assert re.search(r"\+2\.\d", text)
    assert "expected value and a bias" in " ".join(text.split())


def test_a_run_without_draws_published_values_or_report(capsys: pytest.CaptureFixture[str]) -> None:
    contents = sample_contents()
    bare = replace(
        contents, comparison=contents.comparison.iloc[:0], effects=contents.effects[contents.effects["draw"] == 0]
    )
    print_summary(printed_document(bare.conformed()))
    text = capsys.readouterr().out
    assert "5-95 % of them" not in text
    assert "Published" not in text
    assert "Report" not in text


def test_replicates_are_summed_up(capsys: pytest.CaptureFixture[str]) -> None:
    contents = sample_contents()
    trial = contents.effects[contents.effects["kind"] == "trial"]
    second = trial.assign(replicate=1, estimate=4.1, p_value=0.2)
    both = replace(contents, effects=pd.concat([contents.effects, second], ignore_index=True))
    summary = printed_document(both.conformed())
    effect = summary["effects"][0]
    assert len(summary["effects"]) == 1
    assert (effect["replicates"], effect["significant"]) == (2, 0.5)
    assert effect["replicate_mean"] == pytest.approx(6.1)
    print_summary(summary)
    assert "2 trials" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (np.float64("nan"), None),
        (np.int32(3), 3),
        (np.bool_(True), True),
        (pd.NA, None),
        (pd.NaT, None),
        (np.array([1.0, np.inf]), [1.0, None]),
        (Path("a"), "a"),
        ({1: (2,)}, {"1": [2]}),
    ],
)
def test_plain_values(value: object, expected: object) -> None:
    assert plain(value) == expected


def test_long_tables_are_cut_and_say_so(capsys: pytest.CaptureFixture[str]) -> None:
    print_frame(pd.DataFrame({"x": range(300)}))
    text = capsys.readouterr().out
    assert "300 rows, the first 200 shown" in text
    assert "299" not in text
