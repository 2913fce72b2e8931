"""A therapy and an endpoint that the package does not have, as the text of the files that somebody would write."""

from __future__ import annotations

THERAPY = '''"""Latanoprost on the scalp, of a test: no number in it is meant."""

from anagen.therapies import Alias, Occupancy, RegimenSchedule, Therapy
from anagen.therapies.kinetics import Inhibitor
from anagen.therapies.safety import weeks
from anagen.therapies.action import direct

LATANOPROST = Therapy(
    name="latanoprost",
    title="latanoprost",
    aliases={"Xalatan": Alias("a brand of latanoprost, for the eye")},
    routes=("topical",),
    occupies=(Occupancy("PGD2_BLOCK"),),
    actions=direct("latanoprost", "anagen_extension"),
    kinetics={"topical": Inhibitor("latanoprost_kinetics", "prostaglandin F receptor")},
    dose_unit="mL",
    default_dose=1.0,
    per=("application",),
    default_schedule=RegimenSchedule(per_day=1.0),
    control="placebo",
    response="latanoprost.response_cv",
    harms=(weeks("latanoprost_events.erythema", 24, "erythema", "redness", "skin_irritation", local=True),),
    source="Of this test",
    evidence="Of this test.",
    grade="C",
    cost_per_year=(100.0, 200.0),
)
'''
ENDPOINT = '''"""Share of fine hairs, of a test."""

import numpy as np

from anagen.scalp import Endpoint


def thin(hairs):
    """Hairs finer than 30 um over all hairs; not a number where there is none."""
    fine, out = hairs.hairs - hairs.nonvellus, np.full_like(hairs.hairs, np.nan)
    return np.divide(fine, hairs.hairs, out=out, where=hairs.hairs > 0.0)


THIN_SHARE = Endpoint(
    "thin_share", "share of thin hairs", "1", thin, "Of this test", own_error="thin.error", bounds=(0.0, 1.0)
)
'''
ENTRY = """
[{name}]
value = {value}
unit = "{unit}"
source = "Of this test"
grade = "C"
"""
NUMBERS = {
    "latanoprost.anagen_extension": (0.3, "1"),
    "latanoprost.half_dose": (0.3, "share"),
    "latanoprost.rise": (30, "day"),
    "latanoprost.fall": (60, "day"),
    "latanoprost.response_cv": (0.3, "1"),
    "latanoprost_kinetics.absorption_half_life": (6, "h"),
    "latanoprost_kinetics.half_life": (8, "h"),
    "latanoprost_kinetics.half": (20, "mL/day"),
    "latanoprost_kinetics.maximum": (0.8, "share"),
    "latanoprost_events.erythema": (0.05, "share of patients"),
}
THIN = {"thin.error": (0.02, "1")}
STUDY = """study: latanoprost-vs-vehicle
population:
  condition: aga
  sex: {male: 1}
  age: {mean: 38, sd: 9, min: 20, max: 60}
  ethnicity: {caucasian: 1}
arms:
  - {name: latanoprost, patients: 6, therapies: [{therapy: Xalatan}]}
  - {name: vehicle, patients: 6, control: true, therapies: [{therapy: placebo, route: topical}]}
measurement: {zone: vertex, target_area: "1 cm^2", method: phototrichogram, visits: [0, 12]}
endpoints:
  primary: {endpoint: total_density, week: 12, measure: change}
"""
WITH_ENDPOINT = "  secondary: [{endpoint: thin_share, week: 12, measure: value}]\n"


def toml(numbers: dict[str, tuple[float, str]]) -> str:
    """Parameters in groups, as one file."""
    return "".join(ENTRY.format(name=name, value=value, unit=unit) for name, (value, unit) in numbers.items())
