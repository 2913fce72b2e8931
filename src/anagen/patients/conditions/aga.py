"""Androgenetic alopecia: male (Norwood-Hamilton) and female pattern hair loss (Ludwig, Sinclair or Savin)."""

from __future__ import annotations

from anagen.patients.condition import Condition

NORWOOD = {"I": 1.0, "II": 1.6, "IIv": 2.0, "III": 2.2, "IIIv": 2.6, "IV": 4.6, "V": 5.3, "VI": 6.0, "VII": 6.5}
"""Grades at the distances at which counts of the vertex fall: little until III vertex, most between it and IV
(doi:10.1159/000051807)."""
LUDWIG = {"I": 1.0, "II": 2.0, "III": 3.0}
SINCLAIR = {"1": 0.5, "2": 1.0, "3": 1.7, "4": 2.3, "5": 3.0}
SAVIN = {"I-1": 0.5, "I-2": 0.8, "I-3": 1.0, "I-4": 1.5, "II-1": 1.8, "II-2": 2.2, "III": 3.0}
"""Grades of women on the scale of Ludwig. Savin's Roman numbers are Ludwig's and I-1 is a normal parting; Sinclair 1 is
normal and 5 as Ludwig III. What lies between is an assumption: no table of counts by these grades was read."""
NORWOOD_REFERENCE = 3.675
LUDWIG_REFERENCE = 1.5
LUDWIG_STEP = 2.0
"""Norwood grades to a Ludwig grade: three grades span what seven do. On one scale of hair mass Ludwig I is still like
healthy scalp, as Norwood I and II are, and Ludwig III like the bald grades of men (Van Neste 2021,
doi:10.20517/2347-9264.2020.220, figure 8)."""

AGA = Condition(
    name="aga",
    title="androgenetic alopecia",
    network="aga",
    sexes=("male", "female"),
    severity_scale={"male": "norwood", "female": "ludwig"},
    severities={
        "norwood": {grade: (1.0 if grade in ("III", "IIIv", "IV", "V") else 0.0) for grade in NORWOOD},
        "ludwig": {"I": 1.0, "II": 1.0, "III": 0.0},
        "sinclair": {grade: (1.0 if grade in ("2", "3", "4") else 0.0) for grade in SINCLAIR},
        "savin": {grade: (0.0 if grade in ("I-1", "III") else 1.0) for grade in SAVIN},
    },
    severity_steps={
        "norwood": {grade: number - NORWOOD_REFERENCE for grade, number in NORWOOD.items()},
    }
    | {
        scale: {grade: LUDWIG_STEP * (number - LUDWIG_REFERENCE) for grade, number in grades.items()}
        for scale, grades in {"ludwig": LUDWIG, "sinclair": SINCLAIR, "savin": SAVIN}.items()
    },
    other_scales={"female": ("sinclair", "savin")},
    affected_zones=frozenset({"vertex", "frontal", "mid", "hairline", "temporal"}),
    zone_factors={
        "male": {zone: (f"aga.zone_{zone}_men",) for zone in ("frontal", "hairline", "temporal")}
        # the band behind the front is told by what the front keeps, which is counted
        | {"mid": ("aga.zone_frontal_men", "aga.zone_mid_men")},
        "female": {zone: (f"aga.zone_{zone}_women",) for zone in ("vertex", "frontal", "hairline", "temporal")},
    },
    sensitivity={"male": "aga.sensitivity_men", "female": "aga.sensitivity_women"},
    sensitivity_spread="aga.sensitivity_spread",
    onset_years="aga.onset_years",
    onset_spread="aga.onset_spread",
    starts_terminal=True,
    reads=("aga.", "healthy."),
    growth_factor="population.growth_factor_aga",
    onset_on_age="aga.onset_on_age",
    source=(
        "Norwood 1975; Ludwig 1977, doi:10.1111/j.1365-2133.1977.tb15179.x; Sinclair and Savin scales from memory, "
        "placed on that of Ludwig"
    ),
)
