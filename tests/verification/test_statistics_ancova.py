"""The analysis of covariance of all arms against R 4.2.2 (reference/reference.txt), and its properties."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf

from anagen.statistics.ancova import Ancova, ancova
from anagen.statistics.ancova_trials import ancova_of_trials
from anagen.statistics.contrast import Contrast, table
from anagen.statistics.faults import DataFault

REFERENCE = Path(__file__).parent / "reference"


@pytest.fixture(scope="module")
def wide() -> pd.DataFrame:
    return pd.read_csv(REFERENCE / "trial_wide.csv")


def fitted(wide: pd.DataFrame, **more: object) -> Ancova:
    return ancova(wide, **{"outcome": "change24", "control": "vehicle", "patient": "id", **more})  # type: ignore[arg-type]


def numbers(one: Contrast) -> list[float]:
    return [one.estimate, one.standard_error, one.ci_low, one.ci_high, one.p_value]


def test_all_arms_agree_with_lm(wide: pd.DataFrame) -> None:
    # 1  armdose1  4.982555763 3.636959811  (-2.22432289, 12.189434421)  p 0.173458455
    #    armdose2  6.984860929 3.579869449  (-0.10888937, 14.078611224)  p 0.053559344;  n 115, df 111
    fit = fitted(wide)
    assert sum(fit.n.values()) == 115
    assert fit.df == 111
    one, two = fit.contrasts()
    assert numbers(one) == pytest.approx([4.982555763, 3.636959811, -2.22432289, 12.189434421, 0.173458455], rel=1e-7)
    assert numbers(two) == pytest.approx([6.984860929, 3.579869449, -0.10888937, 14.078611224, 0.053559344], rel=1e-7)


def test_least_squares_means_agree_with_emmeans(wide: pd.DataFrame) -> None:
    # vehicle 1.77 2.61 (-3.39, 6.94); dose1 6.76 2.53 (1.73, 11.78); dose2 8.76 2.44 (3.92, 13.60)
    told = [[m.estimate, m.standard_error, m.ci_low, m.ci_high] for m in fitted(wide).ls_means()]
    expected = [[1.77, 2.61, -3.39, 6.94], [6.76, 2.53, 1.73, 11.78], [8.76, 2.44, 3.92, 13.60]]
    assert np.abs(np.array(told) - expected).max() < 0.0051


def test_two_arms_agree_with_lm(wide: pd.DataFrame) -> None:
    # 1b  armdose2 7.197545115 3.543129630  p 0.045805042  (0.13770522, 14.257385012)
    one = fitted(wide[wide["arm"] != "dose1"]).contrast("dose2")
    assert numbers(one) == pytest.approx([7.197545115, 3.543129630, 0.13770522, 14.257385012, 0.045805042], rel=1e-7)


def test_strata_as_factors_agree_with_lm(wide: pd.DataFrame) -> None:
    # 1c  armdose1 4.973503290 3.713647577; armdose2 7.062321361 3.655296478; centrec5 -3.264746373 4.780593254
    fit = fitted(wide, covariates=["severity", "centre"])
    told = [*fit.contrasts(), fit.coefficient("centre=c5")]
    assert [one.estimate for one in told] == pytest.approx([4.973503290, 7.062321361, -3.264746373], rel=1e-7)
    assert [one.standard_error for one in told] == pytest.approx([3.713647577, 3.655296478, 4.780593254], rel=1e-7)


def test_robust_errors_agree_with_sandwich(wide: pd.DataFrame) -> None:
    # 1d  HC3 3.751270571 3.628990569;  HC0 3.620748963 3.498100598
    hc3 = [one.standard_error for one in fitted(wide, variance="hc3").contrasts()]
    hc0 = [one.standard_error for one in fitted(wide, variance="hc0").contrasts()]
    assert hc3 == pytest.approx([3.751270571, 3.628990569], rel=1e-7)
    assert hc0 == pytest.approx([3.620748963, 3.498100598], rel=1e-7)


def test_slopes_by_arm_agree_with_lm_and_with_the_mean_of_predictions(wide: pd.DataFrame) -> None:
    # 1e  armdose1 5.1023507880 3.649635465; armdose2 7.1970836973 3.591136180; bc -0.0739694544 0.097762263
    fit = fitted(wide, interaction=True)
    told = [*fit.contrasts(), fit.coefficient("baseline")]
    assert [one.estimate for one in told] == pytest.approx([5.1023507880, 7.1970836973, -0.0739694544], rel=1e-7)
    assert [one.standard_error for one in told] == pytest.approx([3.649635465, 3.591136180, 0.097762263], rel=1e-7)
    whole = wide.dropna(subset=["change24"])
    model = smf.ols("change24 ~ arm * baseline", whole).fit()
    by_arm = {arm: model.predict(whole.assign(arm=arm)).mean() for arm in ("vehicle", "dose1", "dose2")}
    assert told[1].estimate == pytest.approx(by_arm["dose2"] - by_arm["vehicle"], rel=1e-9)


def test_chance_of_covariate_means_widens_only_where_slopes_differ(wide: pd.DataFrame) -> None:
    plain, whole = (fitted(wide, interaction=True, variance=v) for v in ("hc3", "hc3 and covariate means"))
    slopes = [plain.coefficient(f"arm={arm}:baseline").estimate for arm in ("dose1", "dose2")]
    spread = wide.dropna(subset=["change24"])["baseline"]
    for a, b, slope in zip(plain.contrasts(), whole.contrasts(), slopes, strict=True):
        expected = a.standard_error**2 + slope**2 * spread.var(ddof=1) / len(spread)
        assert b.standard_error**2 == pytest.approx(expected, rel=1e-9)


def test_order_labels_and_constants_do_not_matter(wide: pd.DataFrame) -> None:
    first = [numbers(one) for one in fitted(wide, covariates=["severity"]).contrasts()]
    shuffled = wide.sample(frac=1.0, random_state=3)
    shifted = wide.assign(change24=wide["change24"] + 1e3, baseline=wide["baseline"] * 10 - 7)
    renamed = wide.replace({"arm": {"vehicle": "z", "dose1": "a", "dose2": "b"}})
    for data, control in ((shuffled, "vehicle"), (shifted, "vehicle"), (renamed, "z")):
        again = [numbers(one) for one in fitted(data, control=control, covariates=["severity"]).contrasts()]
        assert np.allclose(again, first, rtol=1e-8, atol=1e-9)


def test_a_pair_of_arms_is_the_difference_of_their_contrasts(wide: pd.DataFrame) -> None:
    fit = fitted(wide)
    one, two = fit.contrasts()
    assert fit.contrast("dose2", "dose1").estimate == pytest.approx(two.estimate - one.estimate, rel=1e-9)
    assert fit.contrast("dose1", "dose2").estimate == pytest.approx(one.estimate - two.estimate, rel=1e-9)
    assert list(table(fit.contrasts())["name"]) == ["dose1 - vehicle", "dose2 - vehicle"]


def test_faults_name_column_row_patient_and_what_to_do(wide: pd.DataFrame) -> None:
    spoiled = wide.astype({"change24": object, "baseline": float})
    spoiled.loc[4, "change24"] = "n/a?"
    with pytest.raises(DataFault, match=r"change24: row 5 \(patient 4\) is not a number, 'n/a\?'; write numbers"):
        fitted(spoiled)
    with pytest.raises(DataFault, match=r"chnge24: is not a column of the table; name.*did you mean 'change24'"):
        fitted(wide, outcome="chnge24")
    with pytest.raises(DataFault, match="did you mean 'vehicle'"):
        fitted(wide, control="vehicel")
    gap = wide.copy()
    gap.loc[2, "baseline"] = np.nan  # the row before it has no outcome
    with pytest.raises(DataFault, match=r"baseline: row 3 \(patient 2\) has no value"):
        fitted(gap)
    with pytest.raises(DataFault, match=r"'twice' of the model follows from .Intercept., baseline; leave one"):
        fitted(wide.assign(twice=2.0 * wide["baseline"] + 1.0), covariates=["twice"])
    with pytest.raises(DataFault, match=r"group=y.*follows from"):
        fitted(wide.assign(group=np.where(wide["arm"] == "vehicle", "x", "y")), covariates=["group"])
    with pytest.raises(DataFault, match="has 1 values in arm 'dose1'"):
        few = wide[(wide["arm"] != "dose1") | (wide["id"] == wide[wide["arm"] == "dose1"].dropna()["id"].iloc[0])]
        fitted(few)


@pytest.mark.parametrize("variance", ["classical", "hc3"])
def test_many_trials_agree_with_one_at_a_time(variance: str) -> None:
    generator = np.random.default_rng(11)
    trials, patients = 25, 60
    arm = generator.integers(0, 3, (trials, patients))
    x = np.stack([generator.normal(140, 30, arm.shape), generator.integers(0, 2, arm.shape).astype(float)], axis=2)
    y = 4.0 * arm - 0.2 * x[:, :, 0] + generator.normal(0, 15, arm.shape)
    y[generator.random(arm.shape) < 0.2] = np.nan
    many = ancova_of_trials(y, arm, x, control=1, variance=variance)  # type: ignore[arg-type]
    for i in range(trials):
        data = pd.DataFrame({"arm": arm[i], "baseline": x[i, :, 0], "s": x[i, :, 1], "y": y[i]})
        fit = ancova(data, outcome="y", control="1", covariates=["s"], variance=variance)  # type: ignore[arg-type]
        for j, one in enumerate((fit.contrast("0"), fit.contrast("2"))):
            got = [many.estimate[i, j], many.standard_error[i, j], many.ci_low[i, j], many.ci_high[i, j]]
            assert [*got, many.p_value[i, j]] == pytest.approx(numbers(one), abs=1e-9)
        assert many.df[i] == fit.df
    alone = ancova_of_trials(y[3:4], arm[3:4], x[3:4], control=1, n_arms=3, variance=variance)  # type: ignore[arg-type]
    assert alone.estimate[0].tobytes() == many.estimate[3].tobytes()
    assert alone.standard_error[0].tobytes() == many.standard_error[3].tobytes()


def test_trials_that_cannot_be_analysed_are_missing_and_spoil_no_other() -> None:
    generator = np.random.default_rng(2)
    arm = np.tile(np.arange(30) % 2, (4, 1))
    x = generator.normal(100, 10, (4, 30, 2))
    y = generator.normal(0, 1, (4, 30))
    x[1, :, 1] = 3.0 * x[1, :, 0] + 2.0  # covariates follow from each other
    x[2, :, 1] = arm[2]  # a covariate follows from the arm
    y[3, arm[3] == 1] = np.nan  # an arm without values
    made = ancova_of_trials(y, arm, x)
    assert made.usable.tolist() == [True, False, False, True]
    assert np.isfinite(made.estimate[0]).all()
    assert np.isnan(made.estimate[1:]).all()
    assert np.isnan(made.p_value[1:]).all()


def test_values_that_do_not_differ_and_impossible_errors_are_refused() -> None:
    rows = {"arm": ["a", "b"] * 10, "change": [5.0] * 20, "baseline": [float(i) for i in range(20)]}
    with pytest.raises(DataFault, match="without error"):
        ancova(pd.DataFrame(rows), outcome="change", control="b")
    rows["change"] = [float(i % 7) for i in range(20)]
    with pytest.raises(DataFault, match="alpha"):
        ancova(pd.DataFrame(rows), outcome="change", control="b", alpha=2.0)
