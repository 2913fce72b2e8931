"""Who people are: conditions, covariates, natural history as data."""

from anagen.patients.condition import SEXES, Condition
from anagen.patients.conditions import CONDITIONS
from anagen.patients.empirical import Empirical
from anagen.patients.population import Population, PopulationSpec, Spread
from anagen.patients.sampling import sample_population
from anagen.patients.zones import ETHNICITIES, ZONES, Ethnicity, Zone

__all__ = [
    "CONDITIONS",
    "ETHNICITIES",
    "SEXES",
    "ZONES",
    "Condition",
    "Empirical",
    "Ethnicity",
    "Population",
    "PopulationSpec",
    "Spread",
    "Zone",
    "sample_population",
]
