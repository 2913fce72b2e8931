"""Androgenetic alopecia: male (Norwood-Hamilton) and female pattern hair loss (Ludwig)."""

from __future__ import annotations

from anagen.patients.condition import Condition

NORWOOD = {"I": 1.0, "II": 2.0, "IIv": 2.3, "III": 3.0, "IIIv": 3.3, "IV": 4.0, "V": 5.0, "VI": 6.0, "VII": 7.0}
LUDWIG = {"I": 1.0, "II": 2.0, "III": 3.0}
NORWOOD_REFERENCE = 3.825
LUDWIG_REFERENCE = 1.5

AGA = Condition(
    name="aga",
    title="androgenetic alopecia",
    network="aga",
    sexes=("male", "female"),
    severity_scale={"male": "norwood", "female": "ludwig"},
    severities={
        "norwood": {grade: (1.0 if grade in ("III", "IIIv", "IV", "V") else 0.0) for grade in NORWOOD},
        "ludwig": {"I": 1.0, "II": 1.0, "III": 0.0},
    },
    severity_steps={
        "norwood": {grade: number - NORWOOD_REFERENCE for grade, number in NORWOOD.items()},
        "ludwig": {grade: number - LUDWIG_REFERENCE for grade, number in LUDWIG.items()},
    },
    affected_zones=frozenset({"vertex", "frontal", "mid", "temporal"}),
    sensitivity={"male": "aga.sensitivity_men", "female": "aga.sensitivity_women"},
    sensitivity_spread="aga.sensitivity_spread",
    onset_years="aga.onset_years",
    onset_spread="aga.onset_spread",
    starts_terminal=True,
    reads=("aga.", "healthy."),
    growth_factor="population.growth_factor_aga",
    source="Norwood 1975; Ludwig 1977, doi:10.1111/j.1365-2133.1977.tb15179.x",
)
