"""Studies of every layout for exports of a trial, and their runs, each simulated once."""

from __future__ import annotations

from functools import cache

from anagen.formats.cdisc.datasets import Standard, datasets_of
from anagen.formats.cdisc.trial import Trial, trial_of
from anagen.formats.subject import Subject
from anagen.results import ResultContents
from anagen.runs.study import run_study
from anagen.study import Study
from rescues import RESCUE, written

PEOPLE = """
population:
  condition: aga
  sex: {male: 1.0}
  age: {mean: 30, sd: 6, min: 18, max: 41}
  ethnicity: {caucasian: 0.5, asian: 0.5}
"""
FULL = f"""
study: full
title: "Minoxidil à 5 % – three arms, µm and ≥ 10 hairs"
{PEOPLE}
arms:
  - name: drug
    patients: 12
    therapies:
      - {{therapy: minoxidil, formulation: solution-5%, dose: "1 mL", per: application, schedule: {{per_day: 2}}}}
  - name: needled
    patients: 12
    therapies:
      - therapy: microneedling
        route: microneedle
        schedule: {{every: 2, sessions: 10}}
        adherence: {{mean: 0.7, sd: 0.1}}
  - {{name: control, patients: 12, control: true, therapies: [{{therapy: placebo, route: topical}}]}}
measurement: {{zone: vertex, target_area: "0.3 cm^2", method: phototrichogram, visits: [0, 12, 24]}}
endpoints:
  primary: {{endpoint: total_density, week: 24, measure: change}}
  secondary:
    - {{endpoint: total_density, week: 24, measure: responder, threshold: 5}}
    - {{endpoint: mean_diameter, week: 12, measure: percent_change}}
design:
  dropout: 0.3
  wash_in: 4
  centres: {{number: 3, sd: "4 hairs/cm^2"}}
  enrolment: {{per_month: 10}}
"""
EVENTS = f"""
study: events
{PEOPLE}
arms:
  - {{name: drug, patients: 14, therapies: [{{therapy: finasteride}}]}}
  - {{name: control, patients: 14, control: true, therapies: [{{therapy: placebo}}]}}
measurement: {{zone: vertex, target_area: "0.3 cm^2", method: phototrichogram, visits: [0, 12, 24, 48]}}
endpoints:
  primary: {{endpoint: total_density, week: 48, measure: change}}
  secondary: [{{endpoint: total_density, week: 24, measure: responder, threshold: 5}}]
intercurrent:
  - {{event: stops_treatment, share: 0.3, because: other}}
  - {{event: switch, share: 0.25, because: no_effect, therapies: [{{therapy: dutasteride}}]}}
  - {{event: transplant, share: 0.15, because: other}}
design: {{dropout: 0.15}}
analysis: {{estimand: hypothetical}}
"""
CROSSOVER = f"""
study: crossing
{PEOPLE}
arms:
  - name: minoxidil
    patients: 10
    therapies:
      - {{therapy: minoxidil, formulation: solution-5%, dose: "1 mL", per: application, schedule: {{per_day: 2}}}}
  - {{name: vehicle, patients: 10, control: true, therapies: [{{therapy: placebo, route: topical}}]}}
measurement: {{zone: vertex, target_area: "0.3 cm^2", method: phototrichogram, visits: [0, 6, 12]}}
endpoints: {{primary: {{endpoint: total_density, week: 12, measure: change}}}}
design: {{layout: crossover, washout: 8, dropout: 0.4}}
"""
CLINICS = f"""
study: clinics
{PEOPLE}
arms:
  - {{name: drug, patients: 20, therapies: [{{therapy: minoxidil}}]}}
  - {{name: control, patients: 20, control: true, therapies: [{{therapy: placebo}}]}}
measurement: {{zone: vertex, target_area: "0.3 cm^2", method: phototrichogram, visits: [0, 12]}}
endpoints: {{primary: {{endpoint: total_density, week: 12, measure: change}}}}
design: {{randomisation: {{method: cluster}}, centres: {{number: 6, sd: "4 hairs/cm^2"}}}}
"""
SHEDDING = """
study: shedding
population:
  condition: te
  sex: {female: 1.0}
  age: {mean: 35, sd: 8, min: 18, max: 60}
  ethnicity: {caucasian: 1.0}
  season: september
uncontrolled: natural history
arms: [{name: untreated, patients: 8}]
measurement: {zone: mid, target_area: "0.3 cm^2", method: phototrichogram, visits: [0, 12, 24]}
endpoints: {primary: {endpoint: shed_per_day, week: 24, measure: change}}
"""
TWICE = ("full", "composite")
"""Studies of which two trials are run."""


def study_of(name: str) -> Study:
    """A study by the name of its layout."""
    match name:
        case "full":
            return Study.parse(FULL)
        case "crossover":
            return Study.parse(CROSSOVER)
        case "cluster":
            return Study.parse(CLINICS)
        case "shedding":
            return Study.parse(SHEDDING)
        case "rescue":
            return Study.parse(written(RESCUE))
        case "split scalp":
            return Study.load("radiofrequency-split-scalp").with_patients(8)
        case "alopecia areata":
            return Study.load("king-2022-alopecia-areata").with_patients(8)
        case _:
            changed = EVENTS.replace("hypothetical", name)
            return Study.parse(changed.replace("estimand: composite", "estimand: composite, worst: {total_density: 0}"))


@cache
def run_of(name: str) -> ResultContents:
    """The run of a study, of some two trials, with the types of a folder."""
    return run_study(study_of(name), draws=0, seed=3, replicates=2 if name in TWICE else 1).conformed()


def subject(name: str, replicate: int = 0) -> Subject:
    """What is exported."""
    contents = run_of(name)
    return Subject(Study.from_dict(contents.study), None, contents, replicate=replicate)


@cache
def exported(name: str, replicate: int = 0) -> tuple[Trial, tuple[Standard, Standard]]:
    """A trial and its datasets."""
    trial = trial_of(subject(name, replicate))
    return trial, datasets_of(trial)
