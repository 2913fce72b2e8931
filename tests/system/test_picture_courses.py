"""Patients who went over to another course are drawn as they went on, byte for byte, or refused with the reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd
import pytest

import anagen
from anagen.core.errors import InputError
from anagen.study import Study
from rescues import RESCUE, rescue_study

EVENTS = """
study: events
population:
  condition: aga
  sex: {male: 1.0}
  age: {mean: 30, sd: 6, min: 18, max: 41}
  ethnicity: {caucasian: 1.0}
arms:
  - {name: drug, patients: 14, therapies: [{therapy: finasteride}]}
  - {name: control, patients: 14, control: true, therapies: [{therapy: placebo}]}
measurement: {zone: vertex, target_area: "0.3 cm^2", method: phototrichogram, visits: [0, 12, 24, 48]}
endpoints: {primary: {endpoint: total_density, week: 48, measure: change}}
intercurrent:
  - {event: stops_treatment, share: 0.3, because: other}
  - {event: switch, share: 0.4, because: no_effect, therapies: [{therapy: dutasteride}]}
  - {event: transplant, share: 0.15, because: other}
design: {dropout: 0.15}
analysis: {estimand: hypothetical}
"""
CROSSOVER = """
study: crossing
population:
  condition: aga
  sex: {male: 1.0}
  age: {mean: 30, sd: 6, min: 18, max: 41}
  ethnicity: {caucasian: 1.0}
arms:
  - name: minoxidil
    patients: 6
    therapies: [{therapy: minoxidil, formulation: solution-5%, dose: "1 mL", per: application, schedule: {per_day: 2}}]
  - {name: vehicle, patients: 6, control: true, therapies: [{therapy: placebo, route: topical}]}
measurement: {zone: vertex, target_area: "0.3 cm^2", method: phototrichogram, visits: [0, 6, 12]}
endpoints: {primary: {endpoint: total_density, week: 12, measure: change}}
design: {layout: crossover, washout: 8}
"""


def drawn_hairs(result: anagen.TrialResult, row: pd.Series, weeks: Sequence[float], *, twins: bool = False) -> bool:
    """Whether the hairs drawn are the true ones of the run, in every arm and week that it holds."""
    drawn = result.picture(int(row["patient"]), weeks, days=(0,), twins=twins).counts
    visits = result.visits
    stored = visits[(visits["patient"] == row["patient"]) & (visits["endpoint"] == "total_density")]
    true = stored.set_index(["arm", "week"])["true"].to_dict()
    found = drawn.set_index(["arm", "week"])["hairs"].to_dict()
    held = set(found) & set(true)
    assert len(held) >= len(weeks)
    return all(found[key] == pytest.approx(true[key], rel=1e-6) for key in held)


@pytest.fixture(scope="module")
def events() -> anagen.TrialResult:
    return anagen.run(Study.parse(EVENTS), draws=0, seed=3)


def test_after_an_event_patients_and_their_twins_are_drawn_as_they_went_on(events: anagen.TrialResult) -> None:
    seen: dict[str, int] = {}
    for _, row in events.patients.iterrows():
        name = str(row["event"])
        if name == "transplant" or seen.get(name, 0) == 2:
            continue
        seen[name] = seen.get(name, 0) + 1
        assert drawn_hairs(events, row, [0, 24, 48], twins=True)
    assert {"", "switch", "stops_treatment"} <= set(seen)


def test_after_a_transplantation_outside_the_trial_nobody_is_drawn(events: anagen.TrialResult) -> None:
    patients = events.patients
    row = patients[patients["event"] == "transplant"].iloc[0]
    with pytest.raises(InputError, match="hair was transplanted by week"):
        events.picture(int(row["patient"]), [48], days=(0,))
    assert drawn_hairs(events, row, [0])


def test_an_event_that_the_tables_do_not_tell_of_is_found_in_the_readings(events: anagen.TrialResult) -> None:
    contents = events.contents
    patients = contents.rows["patients"].first
    row = patients[patients["event"] == "switch"].iloc[0]
    silent = patients.assign(event="", event_week=float("nan"))
    rows = {**contents.rows, "patients": type(contents.rows["patients"])("patients", (silent,))}
    blind = type(events)(replace(contents, rows=rows))
    assert drawn_hairs(blind, row, [0, 24, 48])


def test_the_rescued_and_their_twins_are_drawn_on_their_second_course() -> None:
    result = anagen.run(rescue_study(RESCUE), draws=0, seed=3)
    rescued = result.patients[result.patients["rescued"]]
    others = result.patients[~result.patients["rescued"]]
    assert len(rescued) >= 2
    for _, row in pd.concat([rescued.head(2), others.tail(2)]).iterrows():
        assert drawn_hairs(result, row, [0, 24, 48], twins=True)


def test_both_periods_of_a_crossover_are_drawn() -> None:
    result = anagen.run(Study.parse(CROSSOVER), draws=0, seed=3)
    both = result.patients[result.patients["period"] == 2]
    assert set(both["arm"]) == {"minoxidil", "vehicle"}
    for arm in ("minoxidil", "vehicle"):
        assert drawn_hairs(result, both[both["arm"] == arm].iloc[0], [0, 6, 12], twins=True)
