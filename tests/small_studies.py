"""Small studies for tests, made from the same models that a study file is read into."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.delivery import Prescription
from anagen.parameters import load_parameters
from anagen.patients import Population
from anagen.scalp import ENDPOINTS, Readings
from anagen.signalling import Levers, arm_response, levers_of_arm
from anagen.study import Study
from anagen.trials.observation import Scene, observe
from anagen.trials.protocol import protocol, study_parameters
from anagen.trials.recruited import population_spec
from anagen.trials.screening import candidates

UNITS = {
    "exosome": "particles",
    "finasteride": "mg",
    "dutasteride": "mg",
    "minoxidil": "mL",
    "hair-transplantation": "FU/cm^2",
}
DAILY = {"per_day": 1.0}
COURSE = {"every": 2.0, "sessions": 6}


def levers_of(
    prescriptions: Sequence[Prescription],
    people: Population,
    values: Mapping[str, float],
    *,
    seed: int,
    grid: FloatArray,
) -> Levers:
    """Levers of patients with androgenetic alopecia under an arm."""
    response = arm_response(prescriptions, values, condition="aga", end=float(2.0 * grid[-1] - grid[-2]))
    return levers_of_arm(response, people, values, seed=seed, grid=grid)


def use(
    therapy: str, route: str, *, dose: float | None = None, schedule: dict[str, Any] | None = None, **more: Any
) -> dict[str, Any]:
    """One therapy of an arm, every default written out."""
    quantity = None if dose is None else {"value": dose, "unit": UNITS[therapy], "text": f"{dose:g} {UNITS[therapy]}"}
    return {
        "therapy": therapy,
        "route": route,
        "dose": quantity,
        "per": "session",
        "schedule": schedule or COURSE,
        **more,
    }


SALINE = use("saline-injection", "intradermal")
EXOSOME = use("exosome", "intradermal", dose=1.0e10, product="adsc-native")
PLACEBO = use("placebo", "oral", schedule=DAILY)
VEHICLE = use("placebo", "topical", schedule={"per_day": 2.0})
FINASTERIDE = use("finasteride", "oral", dose=1.0, schedule=DAILY)
MINOXIDIL = use("minoxidil", "topical", dose=1.0, formulation="solution-5%", schedule={"per_day": 2.0})

FUT = use("hair-transplantation", "graft", dose=30.0, formulation="fut", schedule={"sessions": 1})
FUE = use("hair-transplantation", "graft", dose=30.0, formulation="fue", schedule={"sessions": 1})


def small_study(
    arms: dict[str, list[dict[str, Any]]],
    *,
    condition: str = "aga",
    patients: int = 12,
    visits: tuple[float, ...] = (0.0, 12.0, 24.0),
    area: float = 1.0,
    layout: str = "parallel",
    block: int = 4,
    endpoint: str = "total_density",
    ethnicity: dict[str, float] | None = None,
    zone: str = "vertex",
    method: str = "phototrichogram",
    dropout: float = 0.0,
    secondary: tuple[str, ...] = (),
    population: dict[str, Any] | None = None,
) -> Study:
    """A study whose last arm is the control; men, 40 (10) years old."""
    names = list(arms)
    return Study.model_validate(
        {
            "study": "small-study",
            "title": "A small study",
            "population": {
                "condition": condition,
                "sex": {"male": 1.0},
                "age": {"mean": 40.0, "sd": 10.0, "min": 18.0, "max": 65.0},
                "ethnicity": ethnicity or {"caucasian": 1.0},
                **(population or {}),
            },
            "arms": [
                {"name": name, "patients": patients, "control": name == names[-1], "therapies": arms[name]}
                for name in names
            ],
            "measurement": {
                "zone": zone,
                "target_area": {"value": area, "unit": "cm^2", "text": f"{area:g} cm^2"},
                "method": method,
                "visits": visits,
            },
            "endpoints": {
                "primary": {"endpoint": endpoint, "week": visits[-1], "measure": "change"},
                "secondary": [{"endpoint": name, "week": visits[-1], "measure": "change"} for name in secondary],
            },
            "design": {"layout": layout, "randomisation": {"method": "block", "block": block}, "dropout": dropout},
        }
    )


def small_scene(study: Study, *, seed: int = 1, threads: int = 1, source: str = "default", **values: float) -> Scene:
    """A study under central parameter values, some of them replaced (dots in names written as two underscores)."""
    changed = {name.replace("__", "."): value for name, value in values.items()}
    central = study_parameters(study, load_parameters(source)).draw(0, 0)
    assert changed.keys() <= central.keys()
    return Scene(protocol(study), population_spec(study), {**central, **changed}, seed, threads)


def observed(
    scene: Scene,
    arms: list[tuple[Prescription, ...]],
    *,
    patients: int,
    weeks: tuple[float, ...],
    area: float | None = None,
) -> list[Readings]:
    """The first patients of a scene, unselected, under every arm."""
    people = candidates(scene, np.arange(patients), 0)
    return observe(scene, people, arms, weeks=np.array(weeks), area=scene.protocol.area if area is None else area)


def column(scene: Scene, endpoint: str) -> int:
    """Place of an endpoint on the last axis of readings."""
    return [e.name for e in scene.protocol.endpoints].index(endpoint)


def mean_and_error(values: FloatArray) -> tuple[float, float]:
    """Mean over patients and its standard error."""
    return float(values.mean()), float(values.std(ddof=1) / np.sqrt(len(values)))


EVERY_ENDPOINT = tuple(name for name in ENDPOINTS if name != "total_density")
"""All endpoints but the primary one, to be measured as secondary ones."""
