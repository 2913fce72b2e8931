"""All arms in one analysis of covariance, adjusted for the baseline and further covariates."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from anagen.core.arrays import IntArray
from anagen.statistics.ancova_trials import ancova_of_trials
from anagen.statistics.comparisons.comparison import Comparison, Options, TrialData, joined
from anagen.statistics.estimates import Estimates

WORDS = "ANCOVA of all arms"
FOLLOW = "covariates follow from each other, or too few patients measured"


def _compare(data: TrialData, pairs: Sequence[tuple[int, int]], options: Options) -> list[Estimates]:
    used = (data.arm >= 0) & np.isfinite(data.outcome) & np.isfinite(data.baseline)
    for covariate in data.covariates:
        used &= np.isfinite(covariate.values)
    cube, held = data.columns(used)
    patterns, number = np.unique(held, axis=0, return_inverse=True)
    number = number.ravel()
    found: list[list[tuple[IntArray, Estimates]]] = [[] for _ in pairs]
    names = ", ".join(covariate.name for covariate in data.covariates)
    beside = f" and {names}" if names else ""
    errors = ", HC3 standard errors" if options.variance == "hc3" else ""
    words = f"{WORDS}, baseline{beside} as covariate{'s' if names else ''}, complete cases{errors}"
    for group, pattern in enumerate(patterns):
        rows = np.flatnonzero(number == group)
        outcome = np.where(used[rows], data.outcome[rows], np.nan)
        for control in dict.fromkeys(pair[1] for pair in pairs):
            of_all = ancova_of_trials(
                outcome,
                data.arm[rows],
                cube[rows][:, :, pattern],
                control=control,
                n_arms=data.n_arms,
                variance=options.variance,
                alpha=options.alpha,
            )
            others = [arm for arm in range(data.n_arms) if arm != control]
            for place, (arm, against) in enumerate(pairs):
                if against != control:
                    continue
                column = others.index(arm)
                there = np.isfinite(of_all.estimate[:, column])
                told = np.where(there, words, f"{words}; not estimable: {FOLLOW}")
                estimates = Estimates(
                    of_all.estimate[:, column],
                    of_all.standard_error[:, column],
                    of_all.ci_low[:, column],
                    of_all.ci_high[:, column],
                    of_all.p_value[:, column],
                    of_all.n[:, arm].astype(np.int64),
                    of_all.n[:, control].astype(np.int64),
                    np.where(there, of_all.df, np.nan),
                    told,
                )
                found[place].append((rows, estimates))
    return [joined(parts, len(data.outcome)) for parts in found]


ANCOVA_ALL_ARMS = Comparison(
    name="ancova_all_arms",
    title="One analysis of covariance (ANCOVA) of all arms with the baseline as covariate",
    compare=_compare,
    takes=frozenset({"covariates", "variance"}),
)
