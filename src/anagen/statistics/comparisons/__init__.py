"""Ways to compare arms with their controls: one file each, or an installed package."""

from functools import partial

from anagen.core import plugins
from anagen.core.registry import Registry
from anagen.statistics.comparisons.comparison import Comparison, Covariate, Options, TrialData

COMPARISONS: Registry[Comparison] = Registry(
    "method of analysis", partial(plugins.entries_of, Comparison, plugins.ANALYSES, folder=__name__)
)

__all__ = ["COMPARISONS", "Comparison", "Covariate", "Options", "TrialData"]
