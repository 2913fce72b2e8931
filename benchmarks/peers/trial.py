"""A two-arm trial as one would write it around an automaton of follicles: NumPy, and statsmodels for the analysis.

Screening on a measured baseline, permuted blocks within severity, treatment, readings with every error of measurement,
dropout, analysis of covariance of each endpoint. The peers are handed, at no cost in time, what Anagen works out once
for a study: parameter values, the population matched to its published baseline, and the course of every lever for a
patient of average response in each arm and trial. Of the trial they leave out adverse events and single missed visits.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from anagen.core.calendar import DAYS_PER_YEAR
from anagen.follicles import N_CLASSES, FollicleParameters
from anagen.patients import PopulationSpec
from anagen.patients.conditions.aga import AGA, NORWOOD, NORWOOD_REFERENCE
from anagen.patients.sampling import ONSET_AGE
from peers.scenario import DailyRates, Floats, Start, lognormal, started, thickening_of

SLOTS = N_CLASSES + 2
"""Slots of a patient in the daily rates: the classes of growing follicles, then catagen and the rest after it."""
CANDIDATES = 1.2
"""Candidates screened at first for each patient needed."""
BLOCK = 4
RATERS = 2
CONTRAST = 1
"""Place of the arm in the columns of the design matrix."""


@dataclass(frozen=True)
class Plan:
    """What a peer is handed.

    Attributes
    ----------
    process : FollicleParameters
        Of the follicles.
    values : Mapping[str, float]
        Parameter values.
    spec : PopulationSpec
        Whom to recruit, matched to the published baseline.
    limits : tuple[float, float]
        Total density that admits [hairs/cm2].
    size : int
        Patients of each of two arms, the control second.
    dropout : float
        Share of patients who leave.
    visits : NDArray[np.int64]
        Days of visits from baseline.
    endpoints : tuple[str, ...]
        Analysed at the last visit.
    detection : Floats
        Chance that a hair of 0, 1, 2, ... um is detected.
    shift : Floats
        Shift of counts of each arm, shape [arm, visit].
    courses : Floats
        Brake of the anagen clock, speed-up of re-entry and gain of calibre, shape [trial, arm, 2, 3, day]: first what
        the route does to everybody, then what the substance does to a patient of average response.
    """

    process: FollicleParameters
    values: Mapping[str, float]
    spec: PopulationSpec
    limits: tuple[float, float]
    size: int
    dropout: float
    visits: NDArray[np.int64]
    endpoints: tuple[str, ...]
    detection: Floats
    shift: Floats
    courses: Floats


@dataclass(frozen=True)
class People:
    """Candidates of a trial, the longest ill first; arrays of shape [patient].

    Attributes
    ----------
    severity : NDArray[np.int64]
        Number of the grade.
    years : Floats
        Since onset.
    follicles : NDArray[np.int64]
        In the target area of 1 cm2.
    shaft : Floats
        Mean diameter at full calibre [um].
    sensitivity : Floats
        Of each class of follicles, shape [patient, class].
    growth : Floats
        Of a terminal hair [mm/day].
    response : Floats
        Factor on the effect of the substance.
    """

    severity: NDArray[np.int64]
    years: Floats
    follicles: NDArray[np.int64]
    shaft: Floats
    sensitivity: Floats
    growth: Floats
    response: Floats

    def __len__(self) -> int:
        return len(self.years)


class Engine(Protocol):
    """Follicles of candidates, run to baseline and then, for those admitted, to the last visit."""

    def run(self, trial: Trial) -> Floats:
        """Sums of hairs [patient, visit, 4]; calls `trial.admit` with those of the baseline."""
        ...


@dataclass
class Trial:
    """One trial: its candidates, and from baseline on the patients and their arms."""

    plan: Plan
    number: int
    people: People
    rng: np.random.Generator
    rater: Floats
    offset: float
    rows: NDArray[np.intp]
    arm: NDArray[np.int64]
    baseline: Floats

    def start(self) -> Start:
        """Follicles of every candidate on the day on which the disease began, patient by patient."""
        people = self.people
        owner = np.repeat(np.arange(len(people)), people.follicles)
        n, values = len(owner), self.plan.values
        spread = values["population.shaft_diameter_within_patient"]
        return started(
            self.plan.process,
            growing=owner * SLOTS + self.rng.integers(0, N_CLASSES, n),
            resting=owner * SLOTS + N_CLASSES,
            shaft=np.maximum(self.rng.normal(people.shaft[owner], spread), 1.0),
            terminal_growth=people.growth[owner],
            begin=np.rint(-people.years * DAYS_PER_YEAR)[owner],
            rng=self.rng,
        )

    def untreated(self) -> DailyRates:
        """Rates of candidates on every day before baseline."""
        return rates_of(self.plan, self.people, np.zeros((len(self.people), 3, 1)))

    def admit(self, sums: Floats) -> bool:
        """Admit and randomise on what is measured at baseline; False where too few fulfil the criteria."""
        plan = self.plan
        everyone = np.arange(len(self.people))
        read = measured(self, sums[:, None], np.zeros((len(everyone), 1)), np.zeros(1))
        density = read[:, 0, plan.endpoints.index("total_density")]
        # candidates come in random order but for the years since onset, by which they are sorted
        order = self.rng.permutation(everyone)
        fits = order[(density[order] >= plan.limits[0]) & (density[order] <= plan.limits[1])][: 2 * plan.size]
        if len(fits) < 2 * plan.size:
            return False
        self.rows = np.sort(fits)
        self.baseline = read[self.rows]
        self.arm = randomised(self.people.severity[self.rows], self.rng)
        return True

    def treated(self, *, everyone: bool = False) -> DailyRates:
        """Rates of the patients admitted from baseline on; of all candidates, those turned away untreated."""
        plan, people = self.plan, self.people
        course = plan.courses[self.number]
        response = people.response[self.rows, None, None]
        levers = course[self.arm, 0] + response * course[self.arm, 1]
        if not everyone:
            return rates_of(plan, take(people, self.rows), levers)
        of_all = np.zeros((len(people), *levers.shape[1:]))
        of_all[self.rows] = levers
        return rates_of(plan, people, of_all)


def take(people: People, rows: NDArray[np.intp]) -> People:
    """Some of the people."""
    return People(**{name: column[rows] for name, column in vars(people).items()})


def recruited(plan: Plan, number: int, share: float) -> Trial:
    """A trial with its candidates drawn, `share` of them for each patient needed."""
    rng = np.random.default_rng([7, number])
    values = plan.values
    return Trial(
        plan=plan,
        number=number,
        people=candidates(plan, int(2 * plan.size * share) + 8, rng),
        rng=rng,
        rater=lognormal(rng, values["measurement.rater_error"], RATERS),
        offset=rng.normal(0.0, values["measurement.study_offset"]),
        rows=np.zeros(0, dtype=np.intp),
        arm=np.zeros(0, dtype=np.int64),
        baseline=np.zeros((0, 1, 4)),
    )


def candidates(plan: Plan, n: int, rng: np.random.Generator) -> People:
    """Draw men with androgenetic alopecia, with the correlations of their traits."""
    from scipy.special import ndtr, ndtri

    values, spec = plan.values, plan.spec
    # age, onset, density, diameter, sensitivity, growth
    correlation = np.eye(6)
    for i, j, name in ((0, 2, "age_density"), (1, 4, "onset_sensitivity"), (2, 3, "density_diameter")):
        correlation[i, j] = correlation[j, i] = values[f"population.correlation_{name}"]
    z = rng.standard_normal((n, 6)) @ np.linalg.cholesky(correlation).T
    low, high = (ndtr((edge - spec.age.mean) / spec.age.sd) for edge in (spec.age.minimum, spec.age.maximum))
    age = spec.age.mean + spec.age.sd * ndtri(low + (high - low) * ndtr(z[:, 0]))
    grades = tuple(spec.severity["norwood"])
    severity = rng.integers(0, len(grades), n)
    # matched to the published baseline: how severe, and how far apart
    apart = spec.severity_stretch
    steps = np.array([NORWOOD[grade] - NORWOOD_REFERENCE for grade in grades])
    step = steps.mean() + apart * (steps - steps.mean())[severity]
    years = values["aga.onset_years"] * np.exp(
        apart * values["aga.onset_spread"] * z[:, 1] + values["population.severity_on_onset"] * step
    )
    since = np.maximum(age - AGA.earliest_age, AGA.least_years)
    years = years * (since / (ONSET_AGE - AGA.earliest_age)) ** values["aga.onset_on_age"]
    years = np.clip(years, AGA.least_years, np.maximum(age - AGA.earliest_age, AGA.least_years))
    cv = values["population.density_cv_asian"] if spec.density_cv is None else spec.density_cv
    spread = math.sqrt(math.log1p(cv**2))
    density = (
        values["population.density_asian"]
        * values["population.density_factor_vertex"]
        / values["population.counted_per_follicle_healthy"]
        * spec.density_scale
        * np.exp(spread * z[:, 2] - 0.5 * spread**2)
    )
    between = apart * values["population.sensitivity_between_patients"]
    own = np.exp(
        between * z[:, 4] - 0.5 * between**2 + values["population.severity_on_sensitivity"] * step + spec.severity_shift
    )
    classes = np.exp(values["aga.sensitivity_spread"] * ndtri((np.arange(N_CLASSES) + 0.5) / N_CLASSES))
    growth = values["population.growth_rate_asian"] * values["population.growth_factor_aga"]
    people = People(
        severity=severity,
        years=years,
        follicles=np.rint(density).astype(np.int64),
        shaft=np.maximum(
            values["population.shaft_diameter"] + values["population.shaft_diameter_between_patients"] * z[:, 3], 30.0
        ),
        sensitivity=values["aga.sensitivity_men"] * own[:, None] * classes,
        growth=growth * np.maximum(1.0 + values["population.growth_rate_cv"] * z[:, 5], 0.2),
        response=lognormal(rng, values["exosome.response_cv"], n),
    )
    return take(people, np.argsort(-years))


def rates_of(plan: Plan, people: People, levers: Floats) -> DailyRates:
    """Rates by day of patients under levers of shape [patient, 3, day]; no lever of this study acts on androgens."""
    p, n = plan.process, len(people)
    brake, speed, gain = np.moveaxis(levers, (1, 2), (0, 1))[..., None]
    shape = (len(brake), n, N_CLASSES)
    clock = np.concatenate([np.broadcast_to(np.exp(-brake), shape), np.ones_like(speed), np.exp(speed)], axis=2)
    target = np.clip(1.0 / (1.0 + people.sensitivity**p.calibre_hill), p.calibre_minimum, 1.0)
    goal = np.concatenate([target, np.zeros((n, 2))], axis=1).ravel()
    return DailyRates(
        clock=clock.reshape(len(brake), -1),
        goal=np.broadcast_to(goal, (len(brake), len(goal))),
        thickening=np.repeat(thickening_of(gain[..., 0], p.emergence_lag), SLOTS, axis=1),
        gain=np.tile(np.repeat([-math.expm1(-p.calibre_rate), 0.0], [N_CLASSES, 2]), n),
    )


def summed(
    plan: Plan, owner: NDArray[np.intp], n: int, diameter: Floats, visible: NDArray[np.bool_], growing: Floats
) -> Floats:
    """Detected hairs of each patient at a visit: number, terminal, in anagen, sum of diameters; shape [patient, 4]."""
    rows = np.flatnonzero(visible)
    d, own = diameter[rows], owner[rows]
    seen = np.interp(d, np.arange(len(plan.detection)), plan.detection)
    weights = (seen, seen * (d >= plan.values["measurement.terminal_threshold"]), seen * growing[rows], seen * d)
    return np.stack([np.bincount(own, weight, minlength=n) for weight in weights], axis=-1).astype(
        np.float64, copy=False
    )


def values_of(sums: Floats, shift: Floats) -> dict[str, Floats]:
    """Endpoints without errors, shape [patient, visit] each, with counts shifted [hairs/cm2]."""
    hairs = np.maximum(sums[..., 0], 1e-9)
    factor = np.maximum(1.0 + shift / hairs, 0.0)
    return {
        "total_density": sums[..., 0] * factor,
        "terminal_density": sums[..., 1] * factor,
        "mean_diameter": sums[..., 3] / hairs,
        "anagen_share": sums[..., 2] / hairs,
    }


def measured(trial: Trial, sums: Floats, shift: Floats, days: Floats) -> Floats:
    """What is read off pictures, shape [patient, visit, endpoint]: counting, raters, diameters, study, shares."""
    plan, rng = trial.plan, trial.rng
    values, shape = plan.values, sums.shape[:2]
    true = values_of(sums, shift + np.where(days > 0.0, trial.offset, 0.0))
    count = lognormal(rng, values["measurement.phototrichogram_count_error"], shape)
    count = count * trial.rater[rng.integers(0, RATERS, shape)]
    read = {
        "total_density": true["total_density"] * count,
        "terminal_density": true["terminal_density"] * count,
        "mean_diameter": true["mean_diameter"] * lognormal(rng, values["measurement.diameter_error"], shape),
        "anagen_share": np.clip(
            true["anagen_share"] + rng.normal(0.0, values["measurement.anagen_share_error"], shape), 0.0, 1.0
        ),
    }
    return np.stack([read[name] for name in plan.endpoints], axis=-1)


def randomised(severity: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.int64]:
    """Arm of each patient, in permuted blocks within the grades of severity."""
    arm = np.empty(len(severity), dtype=np.int64)
    for grade in np.unique(severity):
        rows = np.flatnonzero(severity == grade)
        blocks = np.tile(np.repeat([0, 1], BLOCK // 2), (-(-len(rows) // BLOCK), 1))
        arm[rows] = rng.permuted(blocks, axis=1).ravel()[: len(rows)]
    return arm


def effects(trial: Trial, read: Floats) -> list[dict[str, float]]:
    """Analysis of covariance of every endpoint at the last visit, complete cases."""
    from statsmodels.regression.linear_model import OLS

    rows: list[dict[str, float]] = []
    stayed = trial.rng.random(len(read)) >= trial.plan.dropout
    group = (trial.arm == 0)[stayed].astype(float)
    for e in range(read.shape[-1]):
        before, after = read[stayed, 0, e], read[stayed, -1, e]
        design = np.column_stack([np.ones(len(before)), group, before - before.mean()])
        fit = OLS(after - before, design).fit()
        low, high = fit.conf_int(0.05)[CONTRAST]
        rows.append(
            {"estimate": fit.params[CONTRAST], "standard_error": fit.bse[CONTRAST], "p_value": fit.pvalues[CONTRAST],
             "ci_low": low, "ci_high": high}
        )  # fmt: skip
    return rows


def simulated(plan: Plan, number: int, engine: Engine) -> tuple[list[dict[str, float]], dict[str, NDArray[Any]]]:
    """A trial: its effects, and the endpoints of each patient without errors, with `arm`."""
    share = CANDIDATES
    while True:
        trial = recruited(plan, number, share)
        sums = engine.run(trial)
        if len(trial.rows):
            break
        share *= 2.0  # too few fulfilled the criteria
    shift = plan.shift[trial.arm]
    later = measured(trial, sums[:, 1:], shift[:, 1:], plan.visits[1:].astype(float))
    read = np.concatenate([trial.baseline, later], axis=1)
    return effects(trial, read), values_of(sums, shift) | {"arm": trial.arm}
