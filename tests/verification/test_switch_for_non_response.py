"""A switch for non-response decides patient by patient, by what was measured, and changes nothing before it."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest

from anagen.analysis.expected_safety import expected_safety
from anagen.core.arrays import FloatArray
from anagen.parameters import load_parameters
from anagen.runs.study import run_study
from anagen.study import Study
from anagen.trials.flow import flow_of
from anagen.trials.observation import Scene, observe
from anagen.trials.protocol import study_parameters
from anagen.trials.reference import expected_readings, reference_patients
from anagen.trials.rescue import shares_below, with_rescues
from anagen.trials.simulation import Trials, scene_of, simulate_trials
from anagen.trials.tables import TrialTables, tables_of
from rescues import FINASTERIDE, RESCUE, SWITCH, rescue_study, written

MORE = RESCUE.replace("{therapy: dutasteride}", '{therapy: finasteride, dose: "5 mg"}')
"""It can bring no event that the arm has not: an event of a study has a background in every arm."""
NOBODY, EVERYBODY = MORE.replace("below: 5", "below: -1000"), RESCUE.replace("5", "1000", 1)
COMBINED = (
    "[{therapy: finasteride}, {therapy: minoxidil, route: topical}]",
    "rescue: {week: 24, endpoint: total_density, change_below: 20, therapies: "
    '[{therapy: finasteride, dose: "5 mg"}, {therapy: minoxidil, route: oral}, {therapy: exosome}]}',
)
"""One substance at another dose, one in another way, and one that is new."""
VISIT, SEED = 2, 3


def scene(study: Study) -> Scene:
    """A study under central values."""
    return scene_of(study, study_parameters(study, load_parameters("prior")).draw(SEED, 0), seed=SEED)


@cache
def trials(rescue: str, own: str = FINASTERIDE, *, twins: bool = False, patients: int = 12) -> Trials:
    """Two trials of the small study, or the first with twins."""
    study = rescue_study(rescue, own).with_patients(patients)
    return simulate_trials(scene(study), [0] if twins else [0, 1], twins=twins)


def without_column(tables: TrialTables) -> list[pd.DataFrame]:
    """Its tables, but for who was rescued."""
    return [tables.visits, tables.patients.drop(columns="rescued", errors="ignore"), tables.events]


def assert_same(first: Trials, second: Trials) -> None:
    """Every row of every table is the same to the last bit."""
    pairs = zip(without_column(tables_of(first)), without_column(tables_of(second)), strict=True)
    for one, other in pairs:
        pd.testing.assert_frame_equal(one, other, check_exact=True)


@pytest.mark.parametrize(("own", "rescue", "ladders"), [(FINASTERIDE, RESCUE, 0.0), (*COMBINED, 1e-5)])
def test_both_courses_of_a_patient_are_the_same_up_to_the_week(own: str, rescue: str, ladders: float) -> None:
    """`ladders`: relative difference where more therapies are followed on a ladder of fewer exposures."""
    place = scene(rescue_study(rescue, own))
    people, _ = reference_patients(place, 8)
    first, _, second = observe(place, people, place.protocol.courses, weeks=place.protocol.weeks, area=1.0)
    for name in ("true", "expected", "measured"):
        one, other = getattr(first, name), getattr(second, name)
        np.testing.assert_allclose(one[:, : VISIT + 1], other[:, : VISIT + 1], rtol=ladders, atol=0.0)
        assert (np.abs(one / other - 1.0)[:, VISIT + 1 :] > 0.01).any()
    decided = with_rescues([first, first, second], place.protocol)[0]
    np.testing.assert_array_equal(decided.measured[:, : VISIT + 1], first.measured[:, : VISIT + 1])


@pytest.mark.parametrize("twins", [False, True])
def test_where_nobody_is_rescued_the_arm_is_the_one_without_a_rescue(twins: bool) -> None:
    nobody, none = trials(NOBODY, twins=twins), trials("", twins=twins)
    assert nobody.rescued is not None and not nobody.rescued.any()
    assert none.rescued is None
    assert_same(nobody, none)


@pytest.mark.parametrize("twins", [False, True])
def test_where_everybody_is_rescued_the_arm_is_one_that_switches_at_that_week(twins: bool) -> None:
    one, other = trials(EVERYBODY, twins=twins), trials("", SWITCH, twins=twins)
    came = one.seen[:, VISIT] | ~one.received[0]
    assert one.rescued is not None
    np.testing.assert_array_equal(one.rescued, came & one.received[0])
    arm = one.readings[0].measured[came], other.readings[0].measured[came]
    np.testing.assert_array_equal(*arm)
    whole, switched = tables_of(one), tables_of(other)
    kept = whole.patients.loc[whole.patients["rescued"], ["replicate", "patient"]]
    for first, second in ((whole.visits, switched.visits), (whole.events, switched.events)):
        found, wanted = (
            table[table["arm"] == "switching"].merge(kept, on=["replicate", "patient"]) for table in (first, second)
        )
        pd.testing.assert_frame_equal(found, wanted, check_exact=True)


@pytest.mark.parametrize("twins", [False, True])
def test_rescued_are_those_below_who_came_and_nobody_else(twins: bool) -> None:
    some, own, switched = (trials(*case, twins=twins) for case in ((RESCUE,), ("",), ("", SWITCH)))
    assert some.rescued is not None
    measured = own.readings[0].measured[:, :, 0]
    below = measured[:, VISIT] - measured[:, 0] < 5.0
    received = some.received[0]
    np.testing.assert_array_equal(some.rescued, below & own.seen[:, VISIT] & received)
    assert 0 < some.rescued.sum() < received.sum()
    went_on = some.rescued | (below & ~received) if twins else some.rescued
    for name in ("true", "expected", "measured"):
        parts = (getattr(one.readings[0], name) for one in (some, own, switched))
        found, stayed, other = parts
        np.testing.assert_array_equal(found, np.where(went_on[:, None, None], other, stayed))
    np.testing.assert_array_equal(some.left, np.where(some.rescued, switched.left, own.left))
    patients = tables_of(some).patients
    assert int(patients["rescued"].sum()) == int(some.rescued.sum())
    assert not patients.loc[patients["arm"] == "control", "rescued"].any()
    number = int(some.rescued[some.rows_of(0)].sum())
    assert f"{number} of 12 patients in switching were rescued in week 24." in flow_of(some)["notes"]
    assert list(tables_of(own).patients).count("rescued") == 0


def test_who_missed_the_visit_or_left_stays_on_what_he_has() -> None:
    everybody = trials(EVERYBODY, patients=100)
    assert everybody.rescued is not None
    received = everybody.received[0]
    stayed = received & ~everybody.rescued
    assert stayed.any()
    np.testing.assert_array_equal(stayed, received & ~everybody.seen[:, VISIT])
    own = trials("", patients=100)
    np.testing.assert_array_equal(everybody.readings[0].true[stayed], own.readings[0].true[stayed])
    np.testing.assert_array_equal(everybody.left[stayed], own.left[stayed])


@pytest.mark.parametrize("twins", [False, True])
def test_who_leaves_because_of_too_little_change_before_the_visit_is_not_rescued(twins: bool) -> None:
    """Leaving that hangs on the change is decided after the course is, which the rescue is a part of."""
    leaving = "dropout: {share: 0.6, depends_on: change, strength: 6}"
    study = Study.parse(written(EVERYBODY).replace("dropout: 0.2", leaving)).with_patients(100)
    here = scene(study)
    found = simulate_trials(here, [0], twins=twins)
    assert found.rescued is not None
    received = found.received[0]
    gone = received & (found.left <= 24.0)
    assert gone.sum() > 10
    assert not found.rescued[gone].any()
    np.testing.assert_array_equal(found.rescued, received & found.seen[:, VISIT])
    plan = here.protocol
    (own,) = observe(here, found.population, [plan.prescriptions[0]], weeks=plan.weeks, area=plan.area)
    np.testing.assert_array_equal(found.readings[0].true[gone], own.true[gone])
    later = found.rescued
    assert not np.array_equal(found.readings[0].true[later], own.true[later])


def expected(rescue: str, own: str = FINASTERIDE) -> FloatArray:
    """Expected total density of the reference patients in the first arm [patient, visit]."""
    return expected_readings(scene(rescue_study(rescue, own)), n_patients=16)[0].expected[:, :, 0]


def test_expected_values_are_means_over_patients_who_are_each_decided_by_their_own_measurement() -> None:
    place = scene(rescue_study(RESCUE))
    people = reference_patients(place, 16)
    found = expected_readings(place, n_patients=16, people=people)[0]
    change = found.measured[:, VISIT, 0] - found.measured[:, 0, 0]
    own, switched = expected(""), expected("", SWITCH)
    assert 0 < (change < 5.0).sum() < 16
    np.testing.assert_array_equal(found.expected[:, :, 0], np.where((change < 5.0)[:, None], switched, own))
    np.testing.assert_array_equal(expected(NOBODY), own)
    np.testing.assert_array_equal(expected(EVERYBODY), switched)
    assert shares_below([found, found], place.protocol) == [float((change < 5.0).mean())]


def test_expected_adverse_events_are_those_of_both_courses_by_who_is_in_them() -> None:
    own = "[{therapy: minoxidil, route: topical}]"
    rescue = RESCUE.replace("{therapy: dutasteride}", "{therapy: minoxidil, route: oral}")
    switch = SWITCH.replace("finasteride", "minoxidil, route: topical").replace("dutasteride", "minoxidil, route: oral")
    place = scene(rescue_study(rescue, own))
    missed = place.values["measurement.missed_visit"]

    def shares(below: float) -> pd.Series:
        table = expected_safety(place.protocol, place.values, draw=0, below=[below])
        return table[table["arm"] == "switching"].set_index(["event", "week"])["share"]

    never, some = shares(0.0), shares(0.4)
    switching = scene(rescue_study("", switch))
    table = expected_safety(switching.protocol, switching.values, draw=0)
    always = table[table["arm"] == "switching"].set_index(["event", "week"])["share"].reindex(never.index)
    share = 0.4 * (1.0 - missed)
    np.testing.assert_allclose(some, (1.0 - share) * never + share * always, atol=1e-12)
    assert (always - never).abs().max() > 0.01
    early = never.index.get_level_values("week") <= 24.0
    np.testing.assert_allclose(never[early], always[early], atol=1e-12)


def test_one_substance_is_one_course_where_the_rescue_goes_on_with_it() -> None:
    own, rescue = COMBINED
    place = scene(rescue_study(rescue.replace("20", "1000"), own))
    course = place.protocol.rescues[0].prescriptions
    people, _ = reference_patients(place, 4)
    once, again = observe(place, people, [course, tuple(reversed(course))], weeks=place.protocol.weeks, area=1.0)
    np.testing.assert_allclose(once.true, again.true, rtol=1e-9)
    readings = observe(place, people, place.protocol.courses, weeks=place.protocol.weeks, area=1.0)
    np.testing.assert_array_equal(with_rescues(readings, place.protocol)[0].true, readings[2].true)


def test_any_number_of_workers_and_of_trials_at_once_gives_the_same_bytes() -> None:
    study = rescue_study(RESCUE).with_patients(6)
    one, two = (run_study(study, draws=1, replicates=3, workers=workers, source="prior") for workers in (1, 2))
    for name in ("visits", "patients", "events"):
        pd.testing.assert_frame_equal(one.first(name), two.first(name), check_exact=True)
    pd.testing.assert_frame_equal(one.effects, two.effects, check_exact=True)
    pd.testing.assert_frame_equal(one.arms, two.arms, check_exact=True)
    pd.testing.assert_frame_equal(one.safety, two.safety, check_exact=True)
    together = simulate_trials(scene(study), [0, 1, 2])
    alone = [tables_of(simulate_trials(together.scene, [number])) for number in range(3)]
    for name in ("visits", "patients", "events"):
        parts = pd.concat([getattr(tables, name) for tables in alone], ignore_index=True)
        pd.testing.assert_frame_equal(getattr(tables_of(together), name), parts, check_exact=True, check_dtype=False)
