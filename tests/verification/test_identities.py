"""The same patients under the same treatment read the same, to the bit, whatever else stands in the study.

Every identity holds for every therapy by every route; hypothesis draws which is tried.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from functools import cache
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anagen.study import Study
from anagen.therapies import THERAPIES
from anagen.trials.simulation import scene_of
from anagen.trials.tables import simulate_trial
from small_studies import small_scene

Data = dict[str, Any]
GIVEN = [(name, route) for name, therapy in THERAPIES.items() for route in therapy.routes if name != "none"]
AREATA = frozenset({"baricitinib", "ritlecitinib", "excimer", "intralesional-steroid"})
GRAFTS = frozenset(name for name, therapy in THERAPIES.items() if therapy.moves_follicles)
KEY = ["patient", "arm", "week", "endpoint"]
SMALLER = {"mg": ("ug", 1.0e3), "mL": ("uL", 1.0e3), "ug": ("ng", 1.0e3), "particles": ("particles", 1.0)}


def study_data(name: str, route: str) -> Data:
    """A study of four patients an arm: a therapy against what the package takes as its control."""
    condition = {"condition": "aa", "severity": {"salt": {"min": 30}}} if name in AREATA else {"condition": "aga"}
    return {
        "study": "identity",
        "population": {
            **condition,
            "sex": {"male": 1.0},
            "age": {"mean": 40, "sd": 8, "min": 20, "max": 60},
            "ethnicity": {"caucasian": 0.5, "asian": 0.5},
        },
        "arms": [
            {"name": "tested", "patients": 4, "therapies": [{"therapy": name, "route": route}]},
            {"name": "control", "patients": 4, "control": True, "therapies": []},
        ],
        "measurement": {
            "zone": "vertex",
            "target_area": "0.5 cm^2",
            "method": "phototrichogram",
            "visits": [0, 16],
        },
        "endpoints": {
            "primary": {"endpoint": "total_density", "week": 16, "measure": "change"},
            "secondary": [{"endpoint": "mean_diameter", "week": 16, "measure": "change"}],
        },
        "safety": {"accepted": [c.name for t in THERAPIES.values() for c in t.contraindications if c.acceptable]},
    }


def readings(data: Data) -> pd.DataFrame:
    """True and expected readings of every patient under every arm."""
    study = Study.from_dict(data)
    visits = simulate_trial(scene_of(study, small_scene(study).values, seed=5), replicate=0, twins=True).visits
    return visits.astype({name: str for name in ("arm", "endpoint")}).set_index(KEY)[["true", "expected"]].sort_index()


@cache
def base(name: str, route: str) -> pd.DataFrame:
    return readings(study_data(name, route))


def renamed(data: Data) -> Data:
    data["arms"][0]["name"] = "another name"
    return data


def reversed_arms(data: Data) -> Data:
    return data | {"arms": data["arms"][::-1]}


def more_arms(data: Data) -> Data:
    third = {"name": "third", "patients": 4, "therapies": [{"therapy": "finasteride"}]}
    return data | {"arms": [third, *data["arms"]]}


def more_visits(data: Data) -> Data:
    data["measurement"]["visits"] = [0, 5, 11.5, 16]
    return data


def more_patients(data: Data) -> Data:
    for arm in data["arms"]:
        arm["patients"] = 6
    return data


def more_endpoints(data: Data) -> Data:
    data["endpoints"]["secondary"] += [{"endpoint": "hair_mass", "week": 16, "measure": "change"}]
    return data


def in_another_unit(data: Data) -> Data:
    """The usual dose written out, in a smaller unit."""
    use = data["arms"][0]["therapies"][0]
    therapy = THERAPIES[use["therapy"]].by(use["route"])
    if therapy.dose_unit is not None and therapy.default_dose is not None:
        unit, factor = SMALLER.get(therapy.dose_unit, (therapy.dose_unit, 1.0))
        use["dose"] = f"{therapy.default_dose * factor:.15g} {unit}"
    return data


def written_out(data: Data) -> Data:
    """Everything that the file leaves out, written."""
    return Study.from_dict(data).to_dict()


CHANGES: dict[str, Callable[[Data], Data]] = {
    change.__name__: change
    for change in (
        renamed,
        reversed_arms,
        more_arms,
        more_visits,
        more_patients,
        more_endpoints,
        in_another_unit,
        written_out,
    )
}


@settings(max_examples=60)
@given(st.sampled_from(GIVEN), st.sampled_from(sorted(CHANGES)))
def test_what_does_not_concern_a_patient_does_not_move_a_reading(pair: tuple[str, str], change: str) -> None:
    other = readings(CHANGES[change](copy.deepcopy(study_data(*pair)))).rename({"another name": "tested"}, level="arm")
    first = base(*pair)
    pd.testing.assert_frame_equal(other.loc[first.index], first, check_exact=True)


def lawful(one: str, two: str) -> bool:
    """Whether an arm may hold both: one transplantation, and none in alopecia areata."""
    return not ({one, two} <= GRAFTS or ({one, two} & GRAFTS and {one, two} & AREATA))


PAIRS = [(one, two) for one in GIVEN for two in GIVEN if lawful(one[0], two[0])]


@settings(max_examples=30)
@given(st.sampled_from(PAIRS))
def test_the_order_of_two_therapies_does_not_move_a_reading(pair: tuple[tuple[str, str], tuple[str, str]]) -> None:
    one, two = pair
    data = study_data(*one)
    uses = [{"therapy": name, "route": route} for name, route in (one, two)]
    if one[0] in AREATA or two[0] in AREATA:
        data = {**data, "population": study_data("baricitinib", "oral")["population"]}
    orders = [copy.deepcopy(data), copy.deepcopy(data)]
    for order, listed in zip(orders, (uses, uses[::-1]), strict=True):
        order["arms"][0]["therapies"] = listed
    first, second = (readings(order) for order in orders)
    pd.testing.assert_frame_equal(second, first, check_exact=False, rtol=1e-12)


DOSED = [
    (name, route)
    for name, route in GIVEN
    if THERAPIES[name].by(route).dose_unit is not None and THERAPIES[name].by(route).control not in (None, "none")
]


@pytest.mark.parametrize("pair", DOSED, ids="-".join)
def test_a_dose_of_nothing_reads_as_the_control(pair: tuple[str, str]) -> None:
    name, route = pair
    therapy = THERAPIES[name].by(route)
    data = study_data(name, route)
    data["arms"][0]["therapies"][0]["dose"] = f"0 {therapy.dose_unit}"
    data["arms"][1]["therapies"] = [{"therapy": therapy.control}]
    levels = readings(data)
    tested, control = (levels.xs(arm, level="arm") for arm in ("tested", "control"))
    pd.testing.assert_frame_equal(tested, control, check_exact=True)
