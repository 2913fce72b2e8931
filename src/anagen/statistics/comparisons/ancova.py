"""Each arm against its control alone, adjusted for the baseline."""

from __future__ import annotations

from collections.abc import Sequence

from anagen.statistics.comparisons.comparison import Comparison, Options, TrialData
from anagen.statistics.estimates import Estimates
from anagen.statistics.two_arms import ancova_many


def _compare(data: TrialData, pairs: Sequence[tuple[int, int]], options: Options) -> list[Estimates]:
    return [
        ancova_many(data.outcome, data.baseline, data.arm == arm, data.arm == control, alpha=options.alpha)
        for arm, control in pairs
    ]


ANCOVA = Comparison(
    name="ancova",
    title="Analysis of covariance (ANCOVA) with the baseline as covariate",
    compare=_compare,
)
