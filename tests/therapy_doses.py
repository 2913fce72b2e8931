"""What an arm is given, from the defaults of the registry."""

from __future__ import annotations

import math

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.delivery import ROUTES, Prescription, daily, sessions
from anagen.patients import Population
from anagen.signalling import Levers, arm_response, levers_of_arm
from anagen.therapies import THERAPIES
from anagen.trials.observation import Scene
from anagen.trials.screening import candidates
from small_studies import column, observed, small_scene, small_study

LEVERS = ("androgen_drive", "anagen_extension", "telogen_exit", "calibre_gain", "immune_attack", "attack_factor")
WEEKS = 24.0
GRID: FloatArray = np.arange(-28.0, 7.0 * WEEKS)
CONTROLS = tuple(name for name, therapy in THERAPIES.items() if therapy.is_control)
TREATMENTS = tuple(name for name, therapy in THERAPIES.items() if not therapy.is_control)
GIVEN = tuple((name, route) for name, therapy in THERAPIES.items() for route in therapy.routes if route != "none")


def given(
    name: str,
    route: str | None = None,
    *,
    times: float = 1.0,
    until: float = WEEKS,
    formulation: str | None = None,
    every: float | None = None,
    number: int | None = None,
    settings: dict[str, float] | None = None,
) -> Prescription:
    """A therapy by one of its routes at `times` its usual dose, in its usual rhythm up to week `until`."""
    therapy = THERAPIES[name].by(route or THERAPIES[name].routes[0])
    route = route or therapy.routes[0]
    formulation = formulation or next(iter(therapy.formulations), None)
    amount = times * (therapy.default_dose or 1.0) * (therapy.formulations[formulation] if formulation else 1.0)
    usual = therapy.default_schedule
    if usual.per_day is not None and every is None:
        regimen = daily(start=0.0, until=until, amount_per_day=amount * usual.per_day, per_day=usual.per_day)
    else:
        gap = every or usual.every or 1.0
        count = number or min(usual.sessions or 10**6, math.ceil(until / gap))
        regimen = sessions(start=0.0, every=gap, number=count, amount=amount)
    return Prescription(therapy, ROUTES[route], regimen, formulation=formulation, settings=settings or {})


def as_control(treatment: Prescription) -> tuple[Prescription, ...]:
    """The control of a treatment in the same rhythm; nothing where the control is given by another route.

    No route but those of needles, lasers and threads does anything by itself, so that nothing stands for a sham.
    """
    control = THERAPIES[treatment.therapy.control or "none"]
    if treatment.route.name not in control.routes:
        return ()
    return (
        Prescription(
            control.by(treatment.route.name), treatment.route, treatment.doses, settings=dict(treatment.settings)
        ),
    )


def scene(*, source: str = "default", **values: float) -> Scene:
    """Men with androgenetic alopecia under central parameter values, some of them replaced."""
    return small_scene(small_study({"a": [], "b": []}, visits=(0.0, WEEKS)), source=source, **values)


def people(number: int = 6) -> Population:
    """The first patients of the scene."""
    return candidates(scene(), np.arange(number), 0)


def levers_under(
    *prescriptions: Prescription, condition: str = "aga", patients: int = 6, source: str = "default", **values: float
) -> Levers:
    """Levers of a few patients under an arm."""
    central = scene(source=source, **values).values
    response = arm_response(list(prescriptions), central, condition=condition, end=float(GRID[-1] + 1.0))
    return levers_of_arm(response, people(patients), central, seed=3, grid=GRID)


def gains(
    arm: tuple[Prescription, ...],
    control: tuple[Prescription, ...],
    weeks: tuple[float, ...],
    *,
    endpoint: str = "total_density",
    sex: str = "male",
    source: str = "default",
) -> FloatArray:
    """Mean expected gain of an arm over its control at each week, as twins [week]."""
    study = small_study({"a": [], "b": []}, visits=weeks, endpoint=endpoint, population={"sex": {sex: 1.0}})
    scene = small_scene(study, seed=5, threads=2, source=source)
    one, other = observed(scene, [arm, control], patients=256, weeks=weeks)
    at = column(scene, endpoint)
    found = (one.expected[:, :, at] - other.expected[:, :, at]).mean(axis=0)
    print([prescription.therapy.name for prescription in arm], dict(zip(weeks, found.round(1), strict=True)))
    return np.asarray(found)
