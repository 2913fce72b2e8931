"""A question about the size of a trial, answered by a formula: patients, power, looks, assurance, a table of what
lies near.

References
----------
.. [1] ICH E9, Statistical Principles for Clinical Trials, 1998, section 3.5.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, replace
from typing import Any

from anagen.core.errors import InputError, Problem
from anagen.core.numbers import real
from anagen.statistics.assurance import Assurance, with_normal_prior
from anagen.statistics.sample_size import means, normal
from anagen.statistics.sample_size.means import MeansPlan
from anagen.statistics.sample_size.normal import NormalPlan
from anagen.statistics.sample_size.shares import detectable_share, shares_plan
from anagen.statistics.sample_size.sizes import Size, Test, with_dropout
from anagen.statistics.sequential.boundaries import spending_design
from anagen.statistics.sequential.design import SequentialDesign

NEAR_SD = (0.8, 0.9, 1.0, 1.1, 1.25)
NEAR_DIFFERENCE = (0.75, 1.0, 1.25)
NEAR_SHARE = (-0.1, -0.05, 0.0, 0.05, 0.1)
NEAR_GAP = (-0.05, 0.0, 0.05)


@dataclass(frozen=True, slots=True)
class SharesAsked:
    """Two shares that are compared.

    Attributes
    ----------
    first : float
        Under treatment.
    second : float
        Under control.
    alpha : float
        Type I error.
    sides : int
        1 or 2.
    allocation : float
        Patients of the first arm for each of the second.
    test : {"superiority", "non_inferiority", "equivalence"}
        What is to be shown.
    margin : float
        0 for superiority.
    """

    first: float
    second: float
    alpha: float = 0.05
    sides: int = 2
    allocation: float = 1.0
    test: Test = "superiority"
    margin: float = 0.0

    def plan(self) -> NormalPlan:
        """The normal test of these shares.

        Returns
        -------
        NormalPlan
            Checked.
        """
        return shares_plan(**asdict(self))


Asked = MeansPlan | SharesAsked


@dataclass(frozen=True, slots=True)
class SizeAnswer:
    """What a formula says of the size of a trial.

    Attributes
    ----------
    asked : MeansPlan or SharesAsked
        The comparison.
    needed : Size
        Patients who have to be measured, exact; as given where power was asked for.
    randomised : tuple of int
        Whole patients per arm to randomise, those who will be lost among them; with looks at most so many.
    wanted : float
        Power asked for.
    reached : float
        Power with whole patients.
    detectable : float
        Smallest difference (margin, share under treatment) that they show with the power asked for.
    dropout : float
        Share lost.
    design : SequentialDesign or None
        Looks.
    expected : dict of str to float
        Expected patients measured, under the planned effect and under none; empty without looks.
    boundary_effects : tuple of float
        Smallest estimates that stop the trial for success at each look; empty without looks.
    assurance : Assurance or None
        Where a prior was given.
    nearby : tuple of dict
        Rows of the table of sizes: one value and whole patients in all to randomise by the other.
    """

    asked: Asked
    needed: Size
    randomised: tuple[int, ...]
    wanted: float
    reached: float
    detectable: float
    dropout: float
    design: SequentialDesign | None
    expected: dict[str, float]
    boundary_effects: tuple[float, ...]
    assurance: Assurance | None
    nearby: tuple[dict[str, Any], ...]

    @property
    def in_all(self) -> int:
        """Whole patients to randomise in all."""
        return sum(self.randomised)

    def formula(self) -> str:
        """The formula in words.

        Returns
        -------
        str
            One or two sentences.
        """
        asked = self.asked
        level = asked.alpha / asked.sides
        claim = {
            "superiority": f"superiority, {'two' if asked.sides == 2 else 'one'}-sided alpha {asked.alpha:g}",
            "non_inferiority": f"non-inferiority with margin {asked.margin:g}, one-sided alpha {level:g}",
            "equivalence": f"equivalence within {asked.margin:g} either way, two tests at alpha {level:g} each",
        }[asked.test]
        if isinstance(asked, SharesAsked):
            how = "Score test of two shares without continuity correction: n = ((z_alpha s0 + z_beta s1) / effect)^2, "
            how += "s0 under the null hypothesis, s1 under the alternative"
        elif asked.layout == "parallel":
            how = (
                "t test of two means, power by the noncentral t distribution, SE = SD sqrt(1/n1 + 1/n2), n1 + n2 - 2 df"
            )
            if asked.correlation is not None:
                factor = 1.0 - asked.correlation**2
                how += f"; adjusted for baseline, which multiplies the variance by 1 - r^2 = {factor:.3g}"
        else:
            df = "n - 1" if asked.layout == "paired" else "n - 2"
            how = "t test of differences within patients, power by the noncentral t distribution, "
            how += f"SE = SD / sqrt(n), {df} df"
            if asked.correlation is not None:
                how += f"; the SD of a difference is SD sqrt(2 (1 - r)) = {asked.spread:.4g}"
        words = f"{how}; {claim}."
        if self.dropout:
            words += f" Divided by 1 - dropout = {1.0 - self.dropout:.4g}."
        if self.design is not None:
            words += f" Multiplied by the inflation factor of {self.design.name}."
        return words

    def document(self) -> dict[str, Any]:
        """Everything as plain values.

        Returns
        -------
        dict
            Text, numbers, lists and dicts.
        """
        looks = None
        if self.design is not None:
            looks = {
                "times": list(self.design.times),
                "z": list(self.design.efficacy),
                "p": self.design.p_values().tolist(),
                "effect": list(self.boundary_effects),
                "cumulative_alpha": self.design.alpha_spent().tolist(),
                "inflation": self.design.inflation(self.wanted),
                "boundaries": self.design.name,
                "expected_patients": self.expected,
            }
        return {
            "asked": asdict(self.asked) | {"power": self.wanted, "dropout": self.dropout},
            "exact": {
                "total": self.needed.total,
                "arms": [n for n in (self.needed.first, self.needed.second) if n > 0],
            },
            "randomised": {"total": self.in_all, "arms": list(self.randomised)},
            "power": self.reached,
            "detectable": self.detectable,
            "formula": self.formula(),
            "looks": looks,
            "assurance": None if self.assurance is None else asdict(self.assurance),
            "nearby": list(self.nearby),
        }


def answer(
    asked: Asked,
    power: float = 0.8,
    *,
    patients: int | None = None,
    dropout: float = 0.0,
    looks: tuple[float, ...] | None = None,
    spending: str = "obrien_fleming",
    prior: tuple[float, float] | None = None,
) -> SizeAnswer:
    """Patients for a power, or power for patients.

    Parameters
    ----------
    asked : MeansPlan or SharesAsked
        The comparison.
    power : float
        Wanted.
    patients : int, optional
        Patients randomised to the second arm (or in all, where each is their own control), for which power is told.
    dropout : float
        Share lost, 0 to 0.95.
    looks : tuple of float, optional
        Information fractions of interim and final analyses.
    spending : str
        Spending function of the looks.
    prior : tuple of float, optional
        Mean and SD of what is believed of the difference.

    Returns
    -------
    SizeAnswer
        By formula.

    Raises
    ------
    InputError
        Where the question has no answer.

    Examples
    --------
    >>> answer(MeansPlan(difference=10.0, sd=20.0)).randomised
    (64, 64)
    """
    lost = real("dropout", dropout, 0.0, 0.95)
    real("power", power, 0.01, 0.9999)
    design = None if looks is None else _design(asked, looks, spending)
    if patients is None:
        needed = _needed(asked, power, design)
        randomised = _randomised(asked, needed, lost)
    else:
        ratio = _allocation(asked)
        arms = (float(patients),) if ratio is None else (math.ceil(patients * ratio - 1e-9), float(patients))
        randomised = tuple(int(n) for n in arms)
        needed = _measured(randomised, lost)
    measured = needed if patients is not None else Size(*_whole(asked, needed))
    return SizeAnswer(
        asked,
        needed,
        randomised,
        power,
        _power(asked, measured, design),
        _detectable(asked, measured, power, design),
        lost,
        design,
        {} if design is None else _expected(asked, measured, design),
        () if design is None else _boundary_effects(asked, measured, design),
        None if prior is None else _assurance(asked, measured, prior, design),
        tuple(_nearby(asked, power, lost, design)),
    )


def _allocation(asked: Asked) -> float | None:
    return None if isinstance(asked, MeansPlan) and asked.layout != "parallel" else asked.allocation


def _measured(randomised: tuple[int, ...], lost: float) -> Size:
    left = [n * (1.0 - lost) for n in randomised]
    return Size(sum(left), left[0], left[1] if len(left) > 1 else 0.0)


def _randomised(asked: Asked, needed: Size, lost: float) -> tuple[int, ...]:
    """Whole patients per arm; the two orders of a crossover hold equally many."""
    arms = with_dropout(needed, lost).arms
    two_orders = isinstance(asked, MeansPlan) and asked.layout == "crossover"
    return tuple(n + n % 2 for n in arms) if two_orders else arms


def _whole(asked: Asked, size: Size) -> tuple[float, float, float]:
    arms = _randomised(asked, size, 0.0)
    return float(sum(arms)), float(arms[0]), float(arms[1]) if len(arms) > 1 else 0.0


def _needed(asked: Asked, power: float, design: SequentialDesign | None) -> Size:
    fixed = (
        means.patients_for(asked, power) if isinstance(asked, MeansPlan) else normal.patients_for(asked.plan(), power)
    )
    return fixed if design is None else fixed.times(design.inflation(power))


def _fixed_power(asked: Asked, size: Size) -> float:
    return means.power_of(asked, size) if isinstance(asked, MeansPlan) else normal.power_of(asked.plan(), size)


def _drift(asked: Asked, size: Size) -> float:
    """Expected z at full information: the one with which a normal test has the power of the test without looks."""
    from scipy.special import ndtri

    power = min(_fixed_power(asked, size), 1.0 - 1e-12)
    return float(ndtri(power) - ndtri(asked.alpha / asked.sides))


def _power(asked: Asked, size: Size, design: SequentialDesign | None) -> float:
    return _fixed_power(asked, size) if design is None else design.power(_drift(asked, size))


def _detectable(asked: Asked, size: Size, power: float, design: SequentialDesign | None) -> float:
    reduced = size if design is None else size.times(1.0 / design.inflation(power))
    if isinstance(asked, MeansPlan):
        return means.detectable(asked, reduced, power)
    return detectable_share(reduced, power, **{k: v for k, v in asdict(asked).items() if k != "first"})


def _design(asked: Asked, looks: tuple[float, ...], spending: str) -> SequentialDesign:
    if asked.test == "equivalence":
        message = "are not planned for equivalence; leave them out or test superiority or non-inferiority"
        raise InputError([Problem(None, None, None, "looks", message)])
    if asked.test == "non_inferiority" and asked.sides == 2:
        return spending_design(looks, spending, asked.alpha / 2.0, 1)
    return spending_design(looks, spending, asked.alpha, asked.sides)


def _expected(asked: Asked, size: Size, design: SequentialDesign) -> dict[str, float]:
    drift = _drift(asked, size)
    return {
        "planned_effect": size.total * design.expected_information(drift),
        "null_hypothesis": size.total * design.expected_information(0.0),
    }


def _boundary_effects(asked: Asked, size: Size, design: SequentialDesign) -> tuple[float, ...]:
    """Estimates at the boundaries, on the scale of the difference."""
    if isinstance(asked, MeansPlan):
        se, df = asked.se_and_df(size)
        lost = size.total - df
        dfs = [max(size.total * time - lost, 1.0) for time in design.times]
        effects = design.effects(se, dfs)
    else:
        effects = design.effects(asked.plan().null_sd / math.sqrt(size.total))
    return tuple((effects - (asked.margin if asked.test == "non_inferiority" else 0.0)).tolist())


def _assurance(asked: Asked, size: Size, prior: tuple[float, float], design: SequentialDesign | None) -> Assurance:
    if not isinstance(asked, MeansPlan):
        message = "is for a difference of means; leave it out with --shares"
        raise InputError([Problem(None, None, None, "prior-mean", message)])
    if design is not None:
        message = "is for a trial without looks; leave out --looks or the prior"
        raise InputError([Problem(None, None, None, "prior-mean", message)])
    return with_normal_prior(asked, size, *prior)


def _nearby(asked: Asked, power: float, lost: float, design: SequentialDesign | None) -> list[dict[str, Any]]:
    """Whole patients in all to randomise at values near those asked for; None where no trial is large enough."""

    def total(near: Asked) -> int | None:
        try:
            return sum(_randomised(near, _needed(near, power, design), lost))
        except InputError:
            return None

    if isinstance(asked, SharesAsked):
        rows: list[dict[str, Any]] = []
        for step in NEAR_SHARE:
            second = round(asked.second + step, 10)
            if not 0.0 < second < 1.0:
                continue
            gaps = [round(asked.first - asked.second + gap, 10) for gap in NEAR_GAP]
            cells = {
                f"{gap:+g}": total(replace(asked, first=second + gap, second=second)) if 0 < second + gap < 1 else None
                for gap in gaps
            }
            rows.append({"control": second, "by": "difference", "patients": cells})
        return rows
    by = "difference" if asked.difference != 0.0 and asked.test == "superiority" else "margin"
    centre = asked.difference if by == "difference" else asked.margin
    return [
        {
            "sd": asked.sd * factor,
            "by": by,
            "patients": {
                f"{centre * near:.4g}": total(replace(asked, sd=asked.sd * factor, **{by: centre * near}))
                for near in NEAR_DIFFERENCE
            },
        }
        for factor in NEAR_SD
    ]
