"""The mixed model for repeated measures against R 4.2.2 (reference/reference.txt), SAS and the R package mmrm.

fev.csv is the data set fev_data of mmrm (Apache-2.0, doi:10.32614/CRAN.package.mmrm), which it published with the
output of PROC MIXED. Satterthwaite's degrees of freedom are compared with these: section 3 of the R reference has an
approximation by simulation ("appx-satterthwaite"), of which the exact value at the first visit is known to be 136.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf

from anagen.statistics import reml, restricted_likelihood
from anagen.statistics.covariance_structures import STRUCTURES, Unstructured
from anagen.statistics.faults import DataFault
from anagen.statistics.mmrm import Mmrm, mmrm

REFERENCE = Path(__file__).parent / "reference"


@pytest.fixture(scope="module")
def long() -> pd.DataFrame:
    return pd.read_csv(REFERENCE / "trial_long.csv")


@pytest.fixture(scope="module")
def fev() -> pd.DataFrame:
    return pd.read_csv(REFERENCE / "fev.csv")


def of_fev(fev: pd.DataFrame, columns: list[str], structure: str) -> reml.Reml:
    seen = fev[fev["FEV1"].notna()]
    parts = {"1": np.ones(len(seen)), "TRT": seen["ARMCD"] == "TRT", "Female": seen["SEX"] == "Female"}
    x = np.column_stack([np.asarray(parts[name], dtype=float) for name in columns])
    visit = seen["AVISIT"].str[-1].astype(int).to_numpy() - 1
    data = restricted_likelihood.repeated(x, seen["FEV1"].to_numpy(float), pd.factorize(seen["USUBJID"])[0], visit, 4)
    made = reml.fit(data, STRUCTURES[structure](4))
    assert isinstance(made, reml.Reml)
    return made


def simulated(
    seed: int, n: int = 60, visits: int = 4, *, missing: float = 0.0, arms: tuple[str, ...] = ("a", "b")
) -> pd.DataFrame:
    generator = np.random.default_rng(seed)
    arm, base = generator.choice(arms, n), generator.normal(140, 20, n)
    y = generator.normal(0, 6, n)[:, None] + generator.normal(0, 4, (n, visits)) + 2.0 * (arm == "b")[:, None]
    y[generator.random(y.shape) < missing] = np.nan
    return pd.DataFrame(
        {
            "id": np.repeat(np.arange(n), visits),
            "arm": np.repeat(arm, visits),
            "sex": np.repeat(generator.choice(["f", "m"], n), visits),
            "week": np.tile(np.arange(visits) * 4 + 4, n),
            "baseline": np.repeat(base, visits),
            "change": y.ravel(),
        }
    )


def told(fit: Mmrm) -> np.ndarray:
    return np.array([[c.estimate, c.standard_error, c.df, c.ci_low, c.ci_high, c.p_value] for c in fit.contrasts()])


def test_unstructured_agrees_with_gls(long: pd.DataFrame) -> None:
    fit = mmrm(long, control="vehicle")
    # logLik REML -1537.435
    assert fit.log_likelihood == pytest.approx(-1537.435, abs=6e-4)
    # 231.81 132.17 114.47 / 284.88 110.23 / 244.77
    expected = [[231.81, 132.17, 114.47], [132.17, 284.88, 110.23], [114.47, 110.23, 244.77]]
    assert np.abs(fit.sigma - expected).max() < 0.011
    # (Intercept) 17.602755417 6.685345156; armdose2 -0.408142159 3.214434746; armdose2:week24 6.569140321 3.533799783;
    # baseline -0.116496821 0.048297994; week24:baseline 0.071198907 0.056827956
    for name, value, error in (
        ("(Intercept)", 17.602755417, 6.685345156),
        ("arm=dose2", -0.408142159, 3.214434746),
        ("arm=dose2:week=24", 6.569140321, 3.533799783),
        ("baseline", -0.116496821, 0.048297994),
        ("week=24:baseline", 0.071198907, 0.056827956),
    ):
        one = fit.coefficient(name)
        assert [one.estimate, one.standard_error] == pytest.approx([value, error], rel=1e-4)


def test_means_and_contrasts_agree_with_emmeans(long: pd.DataFrame) -> None:
    fit = mmrm(long, control="vehicle")
    # week 6: 1.856 2.28, 2.017 2.18, 1.448 2.25; 12: 0.729 2.64, 7.076 2.56, 5.901 2.55;
    # 24: 1.850 2.55, 5.747 2.47, 8.011 2.41
    means = [1.856, 2.017, 1.448, 0.729, 7.076, 5.901, 1.850, 5.747, 8.011]
    errors = [2.28, 2.18, 2.25, 2.64, 2.56, 2.55, 2.55, 2.47, 2.41]
    assert [one.estimate for one in fit.ls_means()] == pytest.approx(means, abs=6e-4)
    assert [one.standard_error for one in fit.ls_means()] == pytest.approx(errors, abs=5.1e-3)
    # 0.160 3.16, -0.408 3.21; 6.347 3.68, 5.172 3.67; 3.897 3.55, 6.161 3.52
    assert [one.estimate for one in fit.contrasts()] == pytest.approx(
        [0.160, -0.408, 6.347, 5.172, 3.897, 6.161], abs=6e-4
    )
    assert [one.standard_error for one in fit.contrasts()] == pytest.approx(
        [3.16, 3.21, 3.68, 3.67, 3.55, 3.52], abs=5.1e-3
    )
    # week 12, appx-satterthwaite 125 and 123
    assert [one.df for one in fit.contrasts()][2:4] == pytest.approx([125, 123], abs=3)


def test_degrees_of_freedom_at_the_first_visit_are_those_of_its_own_ancova(long: pd.DataFrame) -> None:
    # Missing visits are monotone, so that the likelihood of the first visit stands alone: 140 values, 4 coefficients.
    fit = mmrm(long, control="vehicle")
    first = long[(long["week"] == 6) & long["change"].notna()]
    alone = smf.ols("change ~ C(arm, Treatment('vehicle')) + baseline", first).fit()
    one = fit.contrast("dose2", visit=6)
    assert one.df == pytest.approx(alone.df_resid, abs=1e-6)
    assert one.estimate == pytest.approx(alone.params.iloc[2], rel=1e-7)
    assert one.standard_error == pytest.approx(alone.bse.iloc[2], rel=1e-6)


def test_satterthwaite_agrees_with_the_r_package_mmrm(fev: pd.DataFrame) -> None:
    # FEV1 ~ RACE + SEX + ARMCD * AVISIT, unstructured: estimate, error, df
    expected = {
        "RACE=Black or African American": (1.53050, 0.62448, 168.67),
        "RACE=White": (5.64357, 0.66561, 157.14),
        "ARMCD=TRT": (3.77423, 1.07415, 145.55),
        "AVISIT=VIS2": (4.83959, 0.80172, 143.88),
        "AVISIT=VIS3": (10.34211, 0.82269, 155.56),
        "AVISIT=VIS4": (15.05390, 1.31281, 138.47),
        "ARMCD=TRT:AVISIT=VIS2": (-0.04193, 1.12932, 138.56),
        "ARMCD=TRT:AVISIT=VIS3": (-0.69369, 1.18765, 158.17),
        "ARMCD=TRT:AVISIT=VIS4": (0.62423, 1.85085, 129.72),
    }
    fit = mmrm(
        fev, outcome="FEV1", patient="USUBJID", arm="ARMCD", visit="AVISIT", control="PBO", baseline=None,
        covariates=["RACE", "SEX"],
    )
    for name, (value, error, df) in expected.items():
        one = fit.coefficient(name)
        assert one.estimate == pytest.approx(value, abs=2e-4)
        assert one.standard_error == pytest.approx(error, rel=1e-4)
        assert one.df == pytest.approx(df, abs=0.02)


def test_structures_agree_with_proc_mixed(fev: pd.DataFrame) -> None:
    # FEV1 = ARMCD SEX / type=un: -2 Res Log Like 3666.96698281; TRT 3.8265 0.6421 df 161; Female -0.1404 0.6434 df 161
    fit = of_fev(fev, ["1", "TRT", "Female"], "unstructured")
    assert -2 * fit.log_likelihood == pytest.approx(3666.96698281, abs=2e-5)
    assert fit.satterthwaite(np.array([0.0, 1.0, 0.0])) == pytest.approx((3.8265, 0.6421, 161), rel=1e-3)
    # FEV1 = / type=toeph: 3722.38018329; 41.6726 0.3822 df 185;
    # variances 90.4041 38.5927 36.1518 175.78; 0.4295 0.0457 -0.3116
    fit = of_fev(fev, ["1"], "heterogeneous Toeplitz")
    assert -2 * fit.log_likelihood == pytest.approx(3722.38018329, abs=2e-6)
    estimate, error, df = fit.satterthwaite(np.ones(1))
    assert (estimate, error) == pytest.approx((41.6726, 0.3822), rel=1e-3)
    assert df == pytest.approx(185, abs=0.5)
    assert np.diag(fit.sigma) == pytest.approx([90.4041, 38.5927, 36.1518, 175.78], rel=1e-4)
    assert fit.theta[4:] == pytest.approx([0.4295, 0.0457, -0.3116], abs=1e-4)
    # type=arh(1): 3740.0; 41.6955 0.3947 df 191; 0.4130
    fit = of_fev(fev, ["1"], "heterogeneous AR(1)")
    assert -2 * fit.log_likelihood == pytest.approx(3740.0, abs=0.05)
    estimate, error, df = fit.satterthwaite(np.ones(1))
    assert (estimate, error) == pytest.approx((41.6955, 0.3947), rel=1e-3)
    assert df == pytest.approx(191, abs=0.5)
    assert fit.theta[4] == pytest.approx(0.4130, abs=3e-4)
    # type=cs: 3917.98183508; 42.2896 0.4285 df 187
    fit = of_fev(fev, ["1"], "compound symmetry")
    assert -2 * fit.log_likelihood == pytest.approx(3917.98183508, abs=1e-5)
    estimate, error, df = fit.satterthwaite(np.ones(1))
    assert (estimate, error) == pytest.approx((42.2896, 0.4285), rel=1e-3)
    assert df == pytest.approx(187, abs=0.5)


def test_kenward_roger_by_the_observed_information_agrees_with_proc_mixed(fev: pd.DataFrame) -> None:
    # FEV1 = ARMCD, ddfm=kr: un 3.81972492 0.66124382 160.7333;  cs 4.19663618 0.79646961 177.0385
    row = np.array([0.0, 1.0])
    unstructured = of_fev(fev, ["1", "TRT"], "unstructured").kenward_roger(row, observed=True)
    assert unstructured == pytest.approx((3.81972492, 0.66124382, 160.7333), rel=5e-4)
    symmetric = of_fev(fev, ["1", "TRT"], "compound symmetry").kenward_roger(row, observed=True)
    assert symmetric == pytest.approx((4.19663618, 0.79646961, 177.0385), rel=1e-5)


def test_compound_symmetry_agrees_with_lmer_and_pbkrtest(long: pd.DataFrame) -> None:
    # 3b  id 10.8862, residual 11.5855
    fit = mmrm(long, control="vehicle", covariance="compound symmetry", freedom="kenward-roger")
    residual, patient = np.sqrt(fit.fit.theta) * fit.fit.data.scale
    assert [patient, residual] == pytest.approx([10.8862, 11.5855], rel=1e-4)
    # Kenward-Roger: estimate, SE, df, limits
    expected = [
        [0.160, 3.30, 263, -6.332, 6.65], [-0.408, 3.36, 263, -7.017, 6.20], [6.521, 3.47, 284, -0.316, 13.36],
        [5.318, 3.47, 276, -1.507, 12.14], [4.152, 3.60, 301, -2.938, 11.24], [6.357, 3.57, 291, -0.671, 13.39],
    ]  # fmt: skip
    assert (np.abs(told(fit)[:, :5] - expected) < [6e-4, 5.1e-3, 0.51, 6e-4, 5.1e-3]).all()
    # Satterthwaite: df 262 262 283 275 300 290, lower limits -6.333 -7.017 -0.314 -1.505 -2.935 -0.668
    other = told(mmrm(long, control="vehicle", covariance="compound symmetry"))
    assert np.abs(other[:, 2] - [262, 262, 283, 275, 300, 290]).max() < 0.51
    assert np.abs(other[:, 3] - [-6.333, -7.017, -0.314, -1.505, -2.935, -0.668]).max() < 6e-4


@pytest.mark.parametrize("freedom", ["satterthwaite", "kenward-roger", "kenward-roger, observed information"])
def test_complete_data_give_the_ancova_of_each_visit(freedom: str) -> None:
    data = simulated(1)
    fit = mmrm(data, control="a", freedom=freedom)  # type: ignore[arg-type]
    for week in (4, 8, 12, 16):
        alone = smf.ols("change ~ arm + baseline", data[data["week"] == week]).fit()
        one = fit.contrast("b", visit=week)
        assert one.estimate == pytest.approx(alone.params["arm[T.b]"], rel=1e-8)
        assert one.standard_error == pytest.approx(alone.bse["arm[T.b]"], rel=1e-7)
        assert one.df == pytest.approx(alone.df_resid, rel=1e-7)


def test_one_visit_is_an_ancova() -> None:
    data = simulated(2, visits=1, missing=0.2)
    one = mmrm(data, control="a").contrasts()[0]
    alone = smf.ols("change ~ arm + baseline", data.dropna()).fit()
    assert [one.estimate, one.standard_error, one.df] == pytest.approx(
        [alone.params["arm[T.b]"], alone.bse["arm[T.b]"], alone.df_resid], rel=1e-8
    )


@pytest.mark.parametrize("structure", list(STRUCTURES))
def test_gradient_and_information_agree_with_differences(structure: str) -> None:
    data = mmrm(simulated(3, missing=0.25), control="a").fit.data
    made = STRUCTURES[structure](4)
    theta = made.start(np.diag([1.0, 2.0, 1.5, 0.7]) + 0.4)
    theta = theta + np.random.default_rng(1).normal(0, 0.03, len(theta))

    def value(at: np.ndarray) -> float:
        here = restricted_likelihood.at(data, made.sigma(at))
        assert here is not None
        return here.value

    def gradient(at: np.ndarray) -> np.ndarray:
        here = restricted_likelihood.at(data, made.sigma(at))
        assert here is not None
        return restricted_likelihood.score(here)[0].ravel() @ made.slopes(at)

    steps = 1e-5 * np.eye(len(theta))
    assert gradient(theta) == pytest.approx(
        [(value(theta + h) - value(theta - h)) / 2e-5 for h in steps], rel=1e-5, abs=1e-5
    )
    here = restricted_likelihood.at(data, made.sigma(theta))
    assert here is not None
    weight, hat = restricted_likelihood.score(here)
    slopes = made.slopes(theta)
    newton = 2 * restricted_likelihood.between(here, here.e, slopes)
    newton = newton - restricted_likelihood.expected(data, here, hat, slopes)
    newton = newton + made.curvature(theta, weight)
    numeric = np.array([(gradient(theta + h) - gradient(theta - h)) / 2e-5 for h in steps])
    assert np.abs(newton - numeric).max() < 1e-5 * np.abs(numeric).max()


def test_order_labels_units_and_constants_do_not_matter() -> None:
    data = simulated(4, missing=0.2, arms=("a", "b", "c"))
    first = told(mmrm(data, control="a", covariates=["sex"]))
    shuffled = data.sample(frac=1.0, random_state=1)
    renamed = data.replace({"arm": {"a": "z", "b": "y", "c": "x"}})
    renamed = renamed.assign(id=lambda d: "P" + (99 - d["id"]).astype(str))
    back = mmrm(renamed, control="z", covariates=["sex"])
    renamed_rows = np.array([told_one for week in (4, 8, 12, 16) for told_one in _rows(back, week, ("y", "x"))])
    assert np.allclose(told(mmrm(shuffled, control="a", covariates=["sex"])), first, rtol=1e-6, atol=1e-8)
    assert np.allclose(renamed_rows, first, rtol=1e-6, atol=1e-8)
    scaled = told(mmrm(data.assign(change=1e4 * data["change"] + 5e5), control="a", covariates=["sex"]))
    scaled[:, [0, 1, 3, 4]] /= 1e4
    assert np.allclose(scaled, first, rtol=1e-6, atol=1e-7)


def _rows(fit: Mmrm, week: int, arms: tuple[str, ...]) -> list[list[float]]:
    made = [fit.contrast(arm, visit=week) for arm in arms]
    return [[c.estimate, c.standard_error, c.df, c.ci_low, c.ci_high, c.p_value] for c in made]


def test_patients_without_any_value_change_nothing_and_are_counted() -> None:
    data = simulated(5, missing=0.2)
    data.loc[data["id"].isin([3, 7]), "change"] = np.nan
    fit = mmrm(data, control="a")
    without = mmrm(data[~data["id"].isin([3, 7])], control="a")
    assert np.array_equal(told(fit), told(without))
    assert sum(fit.left_out.values()) >= 2
    assert sum(fit.n.values()) + sum(fit.left_out.values()) == 60


def test_a_singular_covariance_falls_back_and_says_so() -> None:
    data = simulated(6)
    wide = data.pivot(index="id", columns="week", values="change")
    wide[16] = wide[4] + wide[8] - wide[12]  # the last visit follows from the others
    spoiled = data.drop(columns="change").merge(wide.stack().rename("change").reset_index(), on=["id", "week"])
    fit = mmrm(spoiled, control="a")
    assert fit.covariance_structure != "unstructured"
    assert "unstructured" in fit.refused
    assert f"{fit.covariance_structure} covariance (in place of unstructured" in fit.method
    with pytest.raises(DataFault, match=r"no covariance of the visits can be fitted .unstructured: "):
        mmrm(spoiled, control="a", fall_back=())


def test_visits_that_nobody_shares_fall_back() -> None:
    data = simulated(7, n=80)
    odd = (data["id"] // 2) % 2 == 1
    data.loc[odd & (data["week"] == 8), "change"] = np.nan
    data.loc[~odd & (data["week"] == 12), "change"] = np.nan
    fit = mmrm(data, control="a")
    assert fit.refused["unstructured"] == "no patient has values at both week 8 and week 12"


@pytest.mark.parametrize("visits", [2, 6, 12])
def test_many_visits_with_gaps_converge_to_a_stationary_point(visits: int) -> None:
    data = simulated(8, n=90, visits=visits, missing=0.2)
    fit = mmrm(data, control="a", covariates=["sex"])
    assert fit.covariance_structure == "unstructured"
    weight, _ = restricted_likelihood.score(fit.fit.here)
    slope = weight.ravel() @ fit.fit.structure.slopes(fit.fit.theta)
    assert np.abs(slope).max() < 1e-3
    assert np.isfinite(told(fit)).all()


def test_likelihood_never_falls(monkeypatch: pytest.MonkeyPatch, fev: pd.DataFrame) -> None:
    taken: list[float] = []
    plain = reml.score

    def noted(here: reml.At) -> tuple[np.ndarray, np.ndarray]:
        taken.append(here.value)
        return plain(here)

    monkeypatch.setattr(reml, "score", noted)
    of_fev(fev, ["1", "TRT"], "unstructured")
    assert len(taken) > 3
    assert (np.diff(taken) <= 0.0).all()


def test_faults_name_column_row_patient_and_what_to_do() -> None:
    data = simulated(9)
    with pytest.raises(DataFault, match=r"week: row 5 \(patient 0\) gives week 4 a second time; keep one"):
        mmrm(pd.concat([data.iloc[:4], data.iloc[:1], data.iloc[4:]], ignore_index=True), control="a")
    two = data.copy()
    two.loc[1, "arm"] = "b" if two.loc[0, "arm"] == "a" else "a"
    with pytest.raises(DataFault, match=r"arm: row \d \(patient 0\) gives arms a and b to one patient"):
        mmrm(two, control="a")
    moved = data.copy()
    moved.loc[2, "baseline"] += 1
    with pytest.raises(DataFault, match=r"baseline: row 3 \(patient 0\)"):
        mmrm(moved, control="a")
    with pytest.raises(DataFault, match=r"'again' of the model follows from .*baseline"):
        mmrm(data.assign(again=data["baseline"] * 2), control="a", covariates=["again"])
    empty = data.copy()
    empty.loc[(empty["arm"] == "b") & (empty["week"] == 8), "change"] = np.nan
    with pytest.raises(DataFault, match="change: has no value in arm 'b' at week 8"):
        mmrm(empty, control="a")
    with pytest.raises(DataFault, match="not linear in its parameters, so that Kenward-Roger is not available"):
        mmrm(data, control="a", covariance="heterogeneous Toeplitz", freedom="kenward-roger")
    with pytest.raises(DataFault, match="cannot be 'unstructurd'"):
        mmrm(data, control="a", covariance="unstructurd")


def test_a_fit_without_error_is_refused() -> None:
    data = simulated(10)
    with pytest.raises(DataFault, match="the model fits every value without error"):
        mmrm(data.assign(change=2.0 + 0.1 * data["baseline"]), control="a")


def test_parameters_of_the_unstructured_covariance_come_back_from_a_large_trial() -> None:
    generator = np.random.default_rng(12)
    true = np.array([[4.0, 2.0, 1.0], [2.0, 9.0, 3.0], [1.0, 3.0, 16.0]])
    n = 4000
    y = generator.multivariate_normal(np.zeros(3), true, n)
    y[generator.random((n, 3)) < 0.2] = np.nan
    seen = np.isfinite(y)
    person, visit = np.nonzero(seen)
    _, person = np.unique(person, return_inverse=True)
    x = (visit[:, None] == np.arange(3)).astype(float)
    made = reml.fit(restricted_likelihood.repeated(x, y[seen], person, visit, 3), Unstructured(3))
    assert isinstance(made, reml.Reml)
    errors = np.sqrt(np.diag(made.observed)) * made.data.scale**2
    gap = (made.sigma - true)[np.r_[0, 1, 2, 1, 2, 2], np.r_[0, 1, 2, 0, 0, 1]]
    assert np.abs(gap / errors).max() < 3.5
