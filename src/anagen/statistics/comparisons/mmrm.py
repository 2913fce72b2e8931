"""All visits of all arms in one mixed model for repeated measures."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from anagen.core.arrays import BoolArray, FloatArray, IntArray
from anagen.core.errors import InputError
from anagen.statistics.comparisons.comparison import Comparison, Options, TrialData, joined, none_estimated, one_trial
from anagen.statistics.contrast import student
from anagen.statistics.estimates import Estimates
from anagen.statistics.fall_back import FREEDOMS, fitted_in_order, structures_in_order
from anagen.statistics.restricted_likelihood import repeated

WORDS = "MMRM, REML"
NOBODY = "a visit has no value in an arm"
FOLLOW = "covariates follow from each other, or too few patients measured"


def _compare(data: TrialData, pairs: Sequence[tuple[int, int]], options: Options) -> list[Estimates]:
    structures_in_order(options.covariance, None, options.freedom)  # a wrong name is an error of the caller
    seen = (data.arm[..., None] >= 0) & np.isfinite(data.visits) & np.isfinite(data.baseline)[..., None]
    for covariate in data.covariates:
        seen &= np.isfinite(covariate.values)[..., None]
    cube, held = data.columns(np.asarray(seen.any(axis=2)))
    found: list[list[Estimates]] = [
        _of_trial(data, trial, seen[trial], cube[trial][:, held[trial]], bool(held[trial, 0]), pairs, options)
        for trial in range(len(data.outcome))
    ]
    count = len(found)
    return [
        joined([(np.array([trial]), found[trial][place]) for trial in range(count)], count)
        for place in range(len(pairs))
    ]


def _of_trial(
    data: TrialData,
    trial: int,
    seen: BoolArray,
    columns: FloatArray,
    by_baseline: bool,
    pairs: Sequence[tuple[int, int]],
    options: Options,
) -> list[Estimates]:
    """One trial: outcome ~ arm * visit + baseline * visit + covariates."""
    arm, n_visits = data.arm[trial], len(data.weeks)
    patient, visit = np.nonzero(seen)
    present = np.asarray(seen.any(axis=1))
    member = (arm[:, None] == np.arange(data.n_arms)) & present[:, None]
    n = member.sum(axis=0)
    cells = np.zeros((data.n_arms, n_visits), dtype=np.int64)
    np.add.at(cells, (arm[patient], visit), 1)
    if (cells == 0).any():
        return [_none(n, pair, NOBODY) for pair in pairs]
    first = int(by_baseline)
    x = np.zeros((len(patient), data.n_arms * n_visits + first * n_visits + columns.shape[1] - first))
    rows = np.arange(len(patient))
    x[rows, arm[patient] * n_visits + visit] = 1.0
    centred = columns - columns[present].mean(axis=0)
    place = data.n_arms * n_visits
    if by_baseline:
        x[rows, place + visit] = centred[patient, 0]
        place += n_visits
    x[:, place:] = centred[patient, first:]
    if len(x) <= x.shape[1] or np.linalg.matrix_rank(x) < x.shape[1]:
        return [_none(n, pair, FOLLOW) for pair in pairs]
    values = repeated(x, data.visits[trial][patient, visit], _numbered(patient), visit, n_visits)
    weeks = [f"{week:g}" for week in data.weeks]
    try:
        fitted, refused = fitted_in_order(values, weeks, covariance=options.covariance, freedom=options.freedom)
    except InputError as error:
        return [_none(n, pair, error.problems[0].message) for pair in pairs]
    instead = f" (in place of {', '.join(refused)})" if refused else ""
    names = ", ".join(covariate.name for covariate in data.covariates)
    beside = f", {names} as covariates" if names else ""
    words = (
        f"{WORDS}, baseline by visit{beside}, {fitted.structure.name} covariance{instead}, "
        f"{FREEDOMS[options.freedom]} degrees of freedom"
    )
    made: list[Estimates] = []
    for one, other in pairs:
        row = np.zeros(x.shape[1])
        row[one * n_visits + data.visit], row[other * n_visits + data.visit] = 1.0, -1.0
        if options.freedom == "satterthwaite":
            estimate, error, df = fitted.satterthwaite(row)
        else:
            estimate, error, df = fitted.kenward_roger(row, observed=options.freedom != "kenward-roger")
        told = student("", estimate, error, df, alpha=options.alpha, method=words, n={})
        made.append(one_trial(told, n=int(n[one]), n_control=int(n[other]), method=words))
    return made


def _none(n: IntArray, pair: tuple[int, int], why: str) -> Estimates:
    return none_estimated(n[[pair[0]]].astype(np.int64), n[[pair[1]]].astype(np.int64), WORDS, why)


def _numbered(patient: IntArray) -> IntArray:
    return np.unique(patient, return_inverse=True)[1].ravel()


MMRM = Comparison(
    name="mmrm",
    title="Mixed model for repeated measures (MMRM) of all visits and arms, the baseline as covariate by visit",
    compare=_compare,
    takes=frozenset({"covariates", "covariance", "freedom"}),
    seconds=0.05,
)
