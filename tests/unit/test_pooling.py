"""Pooled effects agree with statsmodels and with closed forms; only what answers one question is pooled."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import t
from statsmodels.stats.meta_analysis import combine_effects

from anagen.evidence.estimates import Estimate, Question, Selection, select
from anagen.evidence.means import TYPICAL_SD
from anagen.evidence.pooling import pool
from anagen.evidence.table import Published, published_trials
from anagen.reports.figures.forest import draw_forest
from anagen.reports.style import styled, to_png, to_svg

EFFECTS = [12.0, 18.5, 3.0, 25.0, 9.0, 15.5]
ERRORS = [2.0, 3.5, 2.5, 4.0, 3.0, 1.5]


@pytest.mark.filterwarnings("ignore:.*use_t=True.*")
def test_tau_mean_and_interval_are_those_of_statsmodels() -> None:
    ours = pool(EFFECTS, ERRORS)
    theirs = combine_effects(np.array(EFFECTS), np.array(ERRORS) ** 2, method_re="iterated", use_t=True, atol=1e-13)
    assert ours.tau is not None and ours.q is not None and ours.i2 is not None
    assert ours.tau**2 == pytest.approx(theirs.tau2, rel=1e-10)
    assert ours.estimate == pytest.approx(theirs.mean_effect_re, rel=1e-10)
    assert ours.se == pytest.approx(theirs.sd_eff_w_re_hksj, rel=1e-10)
    assert ours.q == pytest.approx(theirs.q, rel=1e-9)
    assert ours.i2 == pytest.approx(theirs.i2, rel=1e-9)
    frame = theirs.summary_frame()
    low, high = frame.loc["random effect wls", ["ci_low", "ci_upp"]]
    assert ours.ci == pytest.approx((low, high), rel=1e-10)


def test_equal_errors_have_a_closed_form() -> None:
    effects, error = [4.0, 10.0, 16.0, 22.0], 2.0
    found = pool(effects, [error] * 4)
    spread = float(np.var(effects, ddof=1))
    assert found.tau == pytest.approx(math.sqrt(spread - error**2))
    assert found.estimate == pytest.approx(13.0)
    assert found.se == pytest.approx(math.sqrt(spread / 4))
    reach = float(t.ppf(0.975, 2)) * math.sqrt(spread - error**2 + spread / 4)
    assert found.prediction == pytest.approx((13.0 - reach, 13.0 + reach))
    assert found.weights == pytest.approx((0.25,) * 4)


def test_studies_that_agree_too_well_do_not_narrow_the_interval() -> None:
    found = pool([10.0, 10.1, 9.9], [2.0, 2.0, 2.0])
    assert found.tau == 0.0
    assert found.i2 == 0.0
    assert found.se == pytest.approx(2.0 / math.sqrt(3.0))


def test_one_study_is_given_back_and_two_predict_nothing() -> None:
    one = pool([8.0], [2.0])
    assert (one.estimate, one.tau, one.prediction, one.weights) == (8.0, None, None, (1.0,))
    assert one.ci == pytest.approx((8.0 - 3.92, 8.0 + 3.92), abs=0.001)
    assert pool([8.0, 9.0], [2.0, 2.0]).prediction is None


@pytest.mark.parametrize(("effects", "errors"), [([], []), ([1.0], [0.0]), ([1.0, 2.0], [1.0]), ([math.nan], [1.0])])
def test_what_cannot_be_pooled_is_refused(effects: list[float], errors: list[float]) -> None:
    with pytest.raises(ValueError):
        pool(effects, errors)


BASE = Published(
    study="a-2000",
    source="doi:10.1/x",
    sex="male",
    arm="drug",
    control="placebo",
    kind="arm",
    therapy="minoxidil",
    endpoint="total_density",
    measure="change",
    unit="hairs/cm2",
    week=24.0,
    n=25,
    mean=12.0,
    sd=20.0,
    read="abstract",
    use="check",
    reason="an example",
)
PLACEBO = replace(BASE, arm="placebo", control="", therapy="placebo", mean=2.0)
ASKED = Question("minoxidil", "total_density")


def chosen(*rows: Published, question: Question = ASKED) -> Selection:
    return select(rows, question)


def only(selection: Selection) -> Estimate:
    (found,) = selection.estimates
    return found


def test_arms_are_turned_into_a_contrast() -> None:
    found = only(chosen(BASE, PLACEBO))
    assert (found.kind, found.value, found.n) == ("contrast", 10.0, 50)
    assert found.se == pytest.approx(20.0 * math.sqrt(2.0 / 25.0))
    assert found.how == "from the SDs"


def test_doses_that_share_a_control_are_put_together() -> None:
    more = replace(BASE, arm="more", mean=18.0, n=75)
    found = only(chosen(BASE, more, PLACEBO))
    assert found.value == pytest.approx(0.25 * 12.0 + 0.75 * 18.0 - 2.0)
    assert found.se == pytest.approx(20.0 * math.sqrt(1.0 / 100.0 + 1.0 / 25.0))
    one = only(chosen(replace(BASE, dose="5"), replace(more, dose="2"), PLACEBO, question=replace(ASKED, dose="5")))
    assert one.value == 10.0


def test_a_missing_error_is_derived_and_marked() -> None:
    found = only(chosen(replace(BASE, sd=None), replace(PLACEBO, sd=None)))
    assert found.how == f"derived: SD of {TYPICAL_SD:g} and n"
    assert found.se == pytest.approx(TYPICAL_SD * math.sqrt(2.0 / 25.0))
    unknown = chosen(replace(BASE, sd=None, n=None), PLACEBO)
    assert unknown.estimates == ()
    assert "neither standard error nor number of patients" in {entry.reason for entry in unknown.left_out}


def test_a_share_has_its_binomial_error() -> None:
    share = replace(BASE, endpoint="response rate", measure="share", unit="1", mean=0.4, sd=None, control="")
    found = only(chosen(share, question=Question("minoxidil", "response rate", measure="share")))
    assert found.se == pytest.approx(math.sqrt(0.4 * 0.6 / 25.0))


def test_a_printed_contrast_with_its_error_comes_first() -> None:
    printed = replace(BASE, arm="net", kind="contrast", control="", versus="placebo", mean=11.0, sd=None, se=1.0)
    assert only(chosen(BASE, PLACEBO, printed)).value == 11.0
    interval = replace(printed, se=None, ci_low=9.0, ci_high=13.0)
    assert only(chosen(interval)).se == pytest.approx(4.0 / (2 * 1.959964))


def test_single_arms_and_contrasts_are_never_pooled_together() -> None:
    alone = replace(BASE, study="b-2001", control="")
    selection = chosen(BASE, PLACEBO, alone)
    assert [entry.study for entry in selection.estimates] == ["a-2000"]
    assert ("b-2001", "a single arm, not a contrast") in {(entry.study, entry.reason) for entry in selection.left_out}
    arms = chosen(BASE, PLACEBO, alone, question=replace(ASKED, kind="arm"))
    assert [(entry.study, entry.kind) for entry in arms.estimates] == [("a-2000", "arm"), ("b-2001", "arm")]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"use": "exclude", "reason": "an outlier"}, "excluded: an outlier"),
        ({"kind": "pooled_contrast", "versus": "placebo"}, "pooled already"),
        ({"read": "memory"}, "from memory"),
        ({"week": 200.0}, "further than 28 weeks from week 24"),
        ({"week_from": "last session"}, "weeks from the last session"),
        ({"mean": None}, "no number was seen"),
        (
            {"kind": "contrast", "versus": "finasteride"},
            "against an active treatment (finasteride), not its own background",
        ),
    ],
)
def test_what_stays_out_is_told_with_its_reason(changes: dict[str, object], reason: str) -> None:
    selection = chosen(replace(BASE, **changes))  # type: ignore[arg-type]
    assert selection.estimates == ()
    assert reason in {entry.reason for entry in selection.left_out}


def test_backgrounds_are_kept_apart() -> None:
    both = replace(BASE, therapy="microneedling+minoxidil", control="minoxidil")
    minoxidil = replace(BASE, arm="minoxidil", control="", mean=5.0)
    selection = chosen(both, minoxidil, question=Question("microneedling", "total_density"))
    assert (selection.background, only(selection).value) == ("minoxidil", 7.0)


def test_shipped_minoxidil_trials_pool_to_what_they_print() -> None:
    selection = select(published_trials(), Question("minoxidil", "nonvellus_density"))
    olsen = next(entry for entry in selection.estimates if entry.study == "olsen-2002")
    assert olsen.value == pytest.approx((139 * 18.6 + 141 * 12.7) / 280 - 3.9)
    found = pool([entry.value for entry in selection.estimates], [entry.se for entry in selection.estimates])
    assert found.ci[0] > 0.0
    assert "dhurat-2013" not in {entry.study for entry in selection.estimates}


def test_the_picture_is_the_same_every_time_and_keeps_a_long_prediction_on_the_page() -> None:
    selection = chosen(
        *(replace(row, study=f"s-{number}", mean=(row.mean or 0.0) + 9.0 * number * (row.arm == "drug"))
          for number in range(3) for row in (BASE, PLACEBO))
    )  # fmt: skip
    pooled = pool([entry.value for entry in selection.estimates], [entry.se for entry in selection.estimates])
    assert pooled.prediction is not None
    with styled():
        pictures = [
            draw_forest(selection.estimates, pooled, title="Minoxidil", effect="difference to control")
            for _ in range(2)
        ]
        low, high = pictures[0].axes[0].get_xlim()
        svgs = [to_svg(picture) for picture in pictures]
        assert to_png(pictures[0])[:4] == b"\x89PNG"
    assert svgs[0] == svgs[1]
    assert low > pooled.prediction[0]
    assert high < pooled.prediction[1]
    with pytest.raises(ValueError):
        draw_forest((), pooled, title="", effect="")
