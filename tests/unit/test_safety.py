"""Adverse events as data, contraindications in study files, the safety table, and what comes of them in a trial."""

from __future__ import annotations

import math
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import beta

from anagen.analysis.expected_safety import TOGETHER, expected_safety
from anagen.analysis.safety import SAFETY_COLUMNS, safety_table
from anagen.delivery import ROUTES
from anagen.evidence.events import compare_event
from anagen.parameters import load_parameters
from anagen.results.conforming import conform
from anagen.study.observed import Observed
from anagen.study.safety_rules import acceptable
from anagen.therapies import THERAPIES
from anagen.therapies.background import BACKGROUND_EVENTS
from anagen.therapies.contraindications import EXCLUSIONS
from anagen.therapies.safety import SCENARIOS, AdverseEvent, course
from anagen.trials.event_rows import no_events
from anagen.trials.protocol import protocol
from anagen.trials.simulation import scene_of
from anagen.trials.tables import simulate_trial
from faults import every_fault
from small_studies import EXOSOME, FINASTERIDE, PLACEBO, SALINE, small_scene, small_study

PARAMETERS = load_parameters()
ALL = [
    event
    for events in (
        *(entry.harms for entry in (*THERAPIES.values(), *ROUTES.values())),
        tuple(BACKGROUND_EVENTS.values()),
    )
    for event in events
]


# registries


def test_every_number_of_an_event_is_a_parameter_and_every_such_parameter_is_used() -> None:
    read = {name for event in ALL for name in event.parameter_names()}
    assert read <= PARAMETERS.keys()
    written = {name for name in PARAMETERS if name.partition(".")[0].endswith(("_events", "event_courses"))}
    assert written == read


def test_titles_and_scenarios_agree() -> None:
    titles: dict[str, str] = {}
    for event in ALL:
        assert titles.setdefault(event.name, event.title) == event.title
        assert event.name not in TOGETHER
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*", event.name)
    assert {event.scenario for event in ALL} - {None} == set(SCENARIOS)
    assert all("Scenario only" in PARAMETERS[event.rate].note for event in ALL if event.scenario is not None)


def test_a_placebo_has_no_event_of_its_own() -> None:
    for name in ("none", "placebo", "saline-injection"):
        assert THERAPIES[name].harms == ()


ZERO = [p for p in PARAMETERS.values() if re.match(r"0 of \d+", p.source)]


def test_where_nothing_was_seen_the_rule_of_three_bounds_the_rate() -> None:
    with every_fault() as row:
        for parameter in ZERO:
            with row(parameter.name):
                n = int(re.match(r"0 of (\d+)", parameter.source).group(1))
                assert parameter.value == pytest.approx(beta.median(0.5, n + 0.5), rel=1e-3)
                assert parameter.high == pytest.approx(3.0 / n, rel=1e-3)
                assert "rule of three" in parameter.note


def test_there_are_rates_by_the_rule_of_three() -> None:
    assert len(ZERO) >= 4


def test_an_event_must_make_sense() -> None:
    with pytest.raises(ValueError, match="reference exposure must be positive"):
        AdverseEvent("x", "x", "x.x", 0.0, "weeks", course("bruise"))
    with pytest.raises(ValueError, match="scenario 'never' is not one of"):
        AdverseEvent("x", "x", "x.x", 1.0, "weeks", course("bruise"), scenario="never")


# dose


def shares_of_hypertrichosis(dose: float, **schedule: float) -> float:
    """Expected share on minoxidil by mouth at week 26."""
    quantity = {"value": dose, "unit": "mg", "text": f"{dose:g} mg"}
    tablet = {**PLACEBO, "therapy": "minoxidil", "dose": quantity, "schedule": schedule or {"per_day": 1.0}}
    plan = protocol(small_study({"tablet": [tablet], "placebo": [PLACEBO]}, visits=(0.0, 26.0)))
    (hazard,) = (entry for entry in plan.hazards[0] if entry.event.name == "hypertrichosis")
    values = dict(PARAMETERS.draw(1, 0)) | {"event_courses.hair_growth_lag": 0.0}
    return float(-np.expm1(-hazard.cumulative(np.array([182.0]), values)[0]))


def test_hypertrichosis_rises_with_the_dose_of_oral_minoxidil() -> None:
    """Published: 15 % of 1,404 on 0.25 to 5 mg (Vano-Galvan 2021); 49 and 93 % of men on 5 mg."""
    shares = {dose: shares_of_hypertrichosis(dose) for dose in (0.25, 1.0, 1.7, 5.0)}
    print("share with hypertrichosis by dose:", shares)
    assert shares[0.25] < shares[1.0] < shares[5.0]
    assert 0.10 < shares[1.0] < 0.20
    assert shares[1.7] == pytest.approx(PARAMETERS["minoxidil_events.hypertrichosis_oral"].value, abs=1e-9)
    assert 0.49 < shares[5.0] < 0.93


def test_the_dose_of_a_day_counts_however_it_is_divided() -> None:
    assert shares_of_hypertrichosis(2.5, per_day=2.0) == pytest.approx(shares_of_hypertrichosis(5.0), rel=1e-9)


# trials


def test_scenarios_are_off_unless_asked() -> None:
    study = small_study({"exosome": [EXOSOME], "saline": [SALINE]})
    asked = study.model_copy(
        update={"safety": study.safety.model_copy(update={"scenarios": ("unregulated-vesicles",)})}
    )
    names = [{h.event.name for h in small_scene(s).protocol.hazards[0]} for s in (study, asked)]
    assert names[1] - names[0] == {"granuloma", "skin_necrosis", "systemic_infection"}
    saline = {h.event.name for h in small_scene(asked).protocol.hazards[1]}
    assert "granuloma" not in saline and "injection_pain" in saline


def test_a_trial_without_treatment_has_no_events() -> None:
    scene = scene_of(small_study({"a": [], "b": []}), PARAMETERS.draw(0, 0), seed=1)
    trial = simulate_trial(scene, replicate=0)
    assert len(trial.events) == 0
    assert conform("events", trial.events).shape[0] == 0
    table = safety_table(
        trial.events, trial.patients, expected_safety(scene.protocol, scene.values, draw=0), scene.protocol
    )
    assert table["event"].tolist() == [*TOGETHER, *TOGETHER]
    assert (table["with_event"] == 0).all()


@pytest.fixture(scope="module", params=["parallel", "split_scalp"])
def trial(request):
    study = small_study(
        {"exosome": [EXOSOME, FINASTERIDE], "saline": [SALINE, PLACEBO]}, layout=request.param, patients=40, dropout=0.2
    )
    values = {**PARAMETERS.draw(0, 0), "event_courses.procedure_pain_discontinuation": 0.3}
    scene = scene_of(study, values, seed=3)
    return scene, simulate_trial(scene, replicate=0)


def test_leaving_for_an_event_ends_visits_and_is_told(trial) -> None:
    _, tables = trial
    patients = tables.patients
    because = patients[patients["dropout_reason"] == "adverse event"]
    assert len(because) > 3
    assert sum(tables.flow["dropped_out_for_adverse_events"].values()) == len(because)
    assert sum(tables.flow["dropped_out"].values()) == patients["dropout_week"].notna().sum()
    assert ((patients["dropout_reason"] == "") == patients["dropout_week"].isna()).all()
    visits = tables.visits[tables.visits["assigned"]].merge(patients[["patient", "arm", "dropout_week"]])
    after = visits[(visits["week"] > 0) & (visits["week"] >= visits["dropout_week"])]
    assert len(after) and after["measured"].isna().all()
    conform("events", tables.events)
    conform("patients", tables.patients)


def test_the_safety_table_counts_what_the_events_say(trial) -> None:
    scene, tables = trial
    plan = scene.protocol
    expected = pd.concat([expected_safety(plan, PARAMETERS.draw(1, draw), draw=draw) for draw in range(3)])
    table = safety_table(tables.events, tables.patients, expected, plan)
    assert tuple(table.columns) == SAFETY_COLUMNS
    table = conform("safety", table)
    for _, row in table.iterrows():
        own = tables.events[tables.events["arm"] == row["arm"]]
        if row["event"] not in TOGETHER:
            own = own[own["event"] == row["event"]]
        elif row["event"] == "any_severe_event":
            own = own[own["severity"] == "severe"]
        elif row["event"] == "discontinuation":
            own = own[own["discontinued"]]
        assert row["with_event"] == own["patient"].nunique()
        assert row["share_low"] <= row["share"] <= row["share_high"]
        assert math.isnan(row["zero_upper"]) == (row["with_event"] > 0)
        assert 0.0 < row["patient_years"] <= row["n"] * 24 * 7 / 365.25 + 1e-9
        if row["arm"] == "exosome":
            assert row["control"] == "saline"
            assert row["difference_low"] <= row["difference"] + 0.02
            assert row["difference"] <= row["difference_high"] + 0.02
            assert ("paired" in row["method"]) == plan.split_scalp
        else:
            assert math.isnan(row["difference"])
        if row["event"] != "any_severe_event":
            assert row["parameter_low"] <= row["parameter_high"]


def test_events_follow_their_regimen(trial) -> None:
    _, tables = trial
    sessions = tables.events[tables.events["event"] == "injection_pain"]
    assert set(np.round(sessions["onset_week"] % 2.0, 9)) == {0.0}
    assert sessions["onset_week"].max() <= 10.0
    assert (tables.events["resolution_week"].dropna() >= tables.events["onset_week"][lambda s: s.index]).all()


def test_an_empty_events_table_has_its_schema() -> None:
    assert conform("events", no_events()).empty


# predicted against observed


def published(**row: object) -> Observed:
    base = {"measure": "share", "source": "doi:10.1000/x", "read": "abstract"}
    return Observed.model_validate(base | row)


def test_published_shares_of_adverse_events_are_compared() -> None:
    scene = small_scene(small_study({"drug": [FINASTERIDE], "placebo": [PLACEBO]}, visits=(0.0, 24.0, 52.0)))
    plan = scene.protocol
    expected = pd.concat([expected_safety(plan, PARAMETERS.draw(1, draw), draw=draw) for draw in range(21)])
    one = compare_event(
        published(arm="drug", endpoint="adverse_event:decreased_libido", mean=0.018, n=945), expected, plan
    )
    assert one["comparable"] and one["inside"]
    assert one["predicted"] == pytest.approx(0.018, abs=0.006)
    assert one["low90"] < one["predicted"] < one["high90"]
    placebo = compare_event(
        published(arm="placebo", endpoint="adverse_event:decreased_libido", mean=0.013, n=934), expected, plan
    )
    assert placebo["inside"] and placebo["predicted"] < one["predicted"]
    both = published(contrast=["drug", "placebo"], endpoint="adverse_event:decreased_libido", mean=0.005, n=1879)
    assert compare_event(both, expected, plan)["inside"]
    far = published(arm="drug", endpoint="adverse_event:decreased_libido", mean=0.4, n=945)
    assert not compare_event(far, expected, plan)["inside"]
    nothing = compare_event(published(arm="drug", endpoint="adverse_event:deafness", mean=0.1), expected, plan)
    assert nothing["remark"] == "no rate of this event is known for these arms"
    assert compare_event(published(arm="drug", endpoint="total_density", mean=0.1), expected, plan) == {}
    assert compare_event(far, None, plan) == {}


def test_the_page_names_every_scenario_and_exclusion() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "safety.md").read_text(encoding="utf-8")
    assert [name for name in (*SCENARIOS, *EXCLUSIONS, *acceptable()) if f"`{name}`" not in page] == []
