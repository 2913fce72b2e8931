"""Studies with a switch for non-response, as a file gives them."""

from __future__ import annotations

from anagen.study import Study

STUDY = """
study: rescue
population:
  condition: aga
  sex: {male: 1.0}
  age: {mean: 30, sd: 6, min: 18, max: 41}
  ethnicity: {caucasian: 1.0}
arms:
  - name: switching
    patients: 12
    therapies: OWN
    RESCUE
  - {name: control, patients: 12, control: true, therapies: [{therapy: placebo}]}
measurement: {zone: vertex, target_area: "0.3 cm^2", method: phototrichogram, visits: [0, 12, 24, 36, 48]}
endpoints: {primary: {endpoint: total_density, week: 48, measure: change}}
design: {dropout: 0.2}
"""
FINASTERIDE = "[{therapy: finasteride}]"
SWITCH = "[{therapy: finasteride, schedule: {until: 24}}, {therapy: dutasteride, schedule: {start: 24}}]"
"""What everybody who is rescued is given, written as an arm of its own."""
RESCUE = "rescue: {week: 24, endpoint: total_density, change_below: 5, therapies: [{therapy: dutasteride}]}"


def written(rescue: str, own: str = FINASTERIDE) -> str:
    """A study file whose first arm has a rescue, or none."""
    return STUDY.replace("OWN", own).replace("RESCUE", rescue)


def rescue_study(rescue: str, own: str = FINASTERIDE) -> Study:
    """The same, read."""
    return Study.parse(written(rescue, own), "study.yaml")
