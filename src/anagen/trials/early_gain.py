"""A hidden visit on day 45 for arms that are given vesicles, with the same arm once more without them.

A trial does not get this visit: only the reference patients who carry expected effects are looked at then, so that no
measured value, draw or result of the trial changes. What vesicles do by then is the difference between the arm and its
twin whose vesicles are dead, whatever else both are given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from anagen.core.calendar import DAYS_PER_WEEK
from anagen.delivery import Prescription
from anagen.scalp import ENDPOINTS, Readings
from anagen.signalling.players import players_of
from anagen.trials.attendance import misses_sessions
from anagen.trials.expectation import first_days
from anagen.trials.observation import Scene
from anagen.trials.protocol import Protocol

DAY = 45.0
VESICLES = "vesicles"
"""Name of the kinetics of everything that is given as vesicles."""
COUNTED = "total_density"


@dataclass(frozen=True, slots=True)
class WatchedArm:
    """An arm with vesicles. arm: its place. without: that of the same arm without them. alone: nothing else acts."""

    arm: int
    without: int
    alone: bool


@dataclass(frozen=True, slots=True)
class Watched:
    """A study with the hidden visit.

    Attributes
    ----------
    scene : Scene
        With the visit, total density and the arms without vesicles added.
    plan : Protocol
        The study as it is.
    week : float
        Of the hidden visit; the last visit where that is earlier.
    arms : tuple[WatchedArm, ...]
        Those with vesicles.
    """

    scene: Scene
    plan: Protocol
    week: float
    arms: tuple[WatchedArm, ...]

    def as_planned(self, readings: Sequence[Readings]) -> list[Readings]:
        """Readings of the study's own arms, visits and endpoints."""
        visits = np.searchsorted(self.scene.protocol.weeks, self.plan.weeks)
        kept = len(self.plan.endpoints)

        def cut(reading: Readings) -> Readings:
            return Readings(*(part[:, visits, :kept] for part in (reading.true, reading.expected, reading.measured)))

        return [cut(reading) for reading in readings[: len(self.plan.arms)]]

    def counts(self, reading: Readings) -> tuple[float, float]:
        """Mean expected total density of an arm at baseline and at the hidden visit [hairs/cm2]."""
        column = [endpoint.name for endpoint in self.scene.protocol.endpoints].index(COUNTED)
        visit = int(np.searchsorted(self.scene.protocol.weeks, self.week))
        return float(reading.expected[:, 0, column].mean()), float(reading.expected[:, visit, column].mean())


def watched(scene: Scene) -> Watched | None:
    """The scene with the hidden visit, or None where no arm is given vesicles."""
    plan = scene.protocol
    week = min(DAY / DAYS_PER_WEEK, float(plan.weeks[-1]))
    known = [what_acts(entries) for entries in plan.prescriptions]
    names, prescriptions = list(plan.arms), list(plan.prescriptions)
    watched_arms: list[WatchedArm] = []
    for arm, entries in enumerate(plan.prescriptions):
        if not any(is_vesicles(prescription) for prescription in entries):
            continue
        rest = tuple(dead(prescription) if is_vesicles(prescription) else prescription for prescription in entries)
        acts = what_acts(rest)
        if acts not in known:
            # most often the control is the same without vesicles, and nothing needs to be simulated again
            known.append(acts)
            names.append(f"{plan.arms[arm]} without vesicles")
            prescriptions.append(rest)
        alone = all(prescription.therapy.is_control or is_vesicles(prescription) for prescription in entries)
        watched_arms.append(WatchedArm(arm, known.index(acts), alone))
    if not watched_arms:
        return None
    counted = () if any(endpoint.name == COUNTED for endpoint in plan.endpoints) else (ENDPOINTS[COUNTED],)
    larger = replace(
        plan,
        arms=tuple(names),
        prescriptions=tuple(prescriptions),
        endpoints=(*plan.endpoints, *counted),
        weeks=np.union1d(plan.weeks, [week]),
    )
    return Watched(replace(scene, protocol=larger), plan, week, tuple(watched_arms))


def is_vesicles(prescription: Prescription) -> bool:
    """Whether a therapy is given as vesicles."""
    therapy = prescription.therapy
    return bool(therapy.actions) and therapy.kinetics.get(prescription.route.name) == VESICLES


def dead(prescription: Prescription) -> Prescription:
    """The same act, with nothing in it that acts."""
    return replace(prescription, therapy=replace(prescription.therapy, actions=(), occupies=()))


def what_acts(prescriptions: Sequence[Prescription]) -> tuple[object, ...]:
    """Everything that decides what a patient under these prescriptions reads: equal for arms that read the same."""
    acting = [
        (
            player.name,
            player.therapy,
            way.kinetics,
            way.prescription.route.name,
            way.prescription.product.name if way.prescription.product is not None else None,
            way.prescription.doses.days.tobytes(),
            way.prescription.doses.amounts.tobytes(),
            way.prescription.adherence_mean,
            way.prescription.adherence_sd,
            tuple(sorted(way.prescription.settings.items())),
        )
        for player in players_of(prescriptions)
        for way in player.ways
    ]
    routes = tuple(first_days(prescriptions, lambda prescription: prescription.route.reading).items())
    # what moves follicles and no lever is no player
    moved = tuple(
        (p.therapy.name, p.formulation, p.doses.days.tobytes(), p.doses.amounts.tobytes())
        for p in prescriptions
        if p.therapy.moves_follicles
    )
    missed = tuple((p.route.name, p.adherence_mean, p.adherence_sd) for p in prescriptions if misses_sessions(p))
    return (tuple(acting), tuple(sorted(routes)), moved, missed)
