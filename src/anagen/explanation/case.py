"""The arm that is explained, its control, and under which values: everything else starts from here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from anagen.analysis.complete import NO_CONTROL
from anagen.analysis.effects import contrasts_of
from anagen.core.calendar import DAYS_PER_WEEK
from anagen.core.errors import InputError, Problem
from anagen.core.registry import Registry
from anagen.delivery import Prescription
from anagen.follicles import time_grid
from anagen.parameters import Source, load_parameters
from anagen.patients import CONDITIONS
from anagen.signalling.changes import network_at
from anagen.signalling.drive import Drive, drive_of
from anagen.signalling.exposed import Known
from anagen.signalling.network import Network
from anagen.signalling.players import Player, players_of
from anagen.study import Study
from anagen.trials.attendance import misses_sessions
from anagen.trials.observation import Scene
from anagen.trials.protocol import Protocol, protocol, study_parameters
from anagen.trials.reference import reference_scene


@dataclass(frozen=True, slots=True)
class Treatment:
    """What an arm is given and what that occupies. labels: a name for each player, no two alike."""

    name: str
    prescriptions: tuple[Prescription, ...]
    drive: Drive
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """One arm under one set of parameter values.

    Attributes
    ----------
    arm : Treatment
        What is given; control is None where the arm is compared with its own baseline.
    control : Treatment | None
        What is given; control is None where the arm is compared with its own baseline.
    network : Network
        Of the study.
    condition : str
        Of the network.
    draw : int
        Number of the parameter draw; 0 for the central values.
    """

    scene: Scene
    arm: Treatment
    control: Treatment | None
    network: Network
    condition: str
    draw: int = 0

    @property
    def plan(self) -> Protocol:
        """The study, resolved."""
        return self.scene.protocol

    @property
    def day(self) -> float:
        """Day of the visit of the primary endpoint."""
        return float(self.plan.study.endpoints.primary.week) * DAYS_PER_WEEK

    @property
    def window(self) -> tuple[float, float]:
        """First and last day over which levers are averaged: from the first dose to the primary visit."""
        starts = [float(p.days[0]) for p in self.arm.drive.players]
        return min([*starts, self.day]), self.day


def arm_named(names: Sequence[str], wanted: str) -> str:
    """The name of an arm as the study spells it, in capitals or not.

    Raises
    ------
    InputError
        With the names of the arms, where it is not one of them.

    Examples
    --------
    >>> arm_named(("PRP", "saline"), "prp")
    'PRP'
    """
    same = [name for name in names if name == wanted] or [n for n in names if n.lower() == wanted.lower()]
    if len(same) == 1:
        return same[0]
    nearest = Registry("arm", {name: name for name in names}).nearest(wanted)
    raise InputError((Problem(None, None, None, "arm", f"unknown arm {wanted!r}", tuple(names), nearest),))


def case_of(study: Study, arm: str, *, seed: int, draw: int = 0, threads: int = 1, source: Source = "default") -> Case:
    """An arm of a study under central parameter values (draw 0) or drawn ones.

    Parameters
    ----------
    study : Study
        What is explained.
    arm : str
        What is explained.
    seed : int
        Of the values.
    draw : int, default 0
        Of the values.
    threads : int, default 1
        Of one process.
    source : Source, default "default"
        Of the parameters.

    Returns
    -------
    Case
        The arm with its control.

    Raises
    ------
    InputError
        Where the study has no such arm.
    """
    parameters = study_parameters(study, load_parameters(source))
    plan = protocol(study)
    scene = reference_scene(plan, parameters.draw(seed, draw), seed=seed, draw=draw, threads=threads)
    arm = arm_named(plan.arms, arm)
    for number, one in enumerate(study.arms):
        if one.name == arm and one.rescue is not None:
            message = (
                f"{arm} has a rescue, so that its patients are given different things and have no one explanation; "
                "explain another arm, or leave the rescue out"
            )
            raise InputError([Problem(None, None, None, f"arms[{number}].rescue", message)])
    control = dict(contrasts_of(plan)).get(arm, NO_CONTROL)
    for name in {arm, control} - {NO_CONTROL}:
        if any(map(misses_sessions, plan.prescriptions[plan.arms.index(name)])):
            message = (
                f"patients of {name} miss sessions, so that they are given different things and have no one "
                "explanation; explain another arm, or leave adherence out"
            )
            raise InputError([Problem(None, None, None, f"arms[{plan.arms.index(name)}].therapies", message)])
    last = float(plan.study.endpoints.primary.week) * DAYS_PER_WEEK
    end = float(time_grid(last, scene.table_step)[-1]) + scene.table_step

    known: Known = []

    def treatment_of(name: str) -> Treatment:
        prescriptions = plan.prescriptions[plan.arms.index(name)]
        drive = drive_of(players_of(prescriptions), scene.values, end=end, known=known)
        return Treatment(name, prescriptions, drive, labels_of(drive.players))

    return Case(
        scene=scene,
        arm=treatment_of(arm),
        control=None if control == NO_CONTROL else treatment_of(control),
        network=network_at(scene.values, plan.network),
        condition=CONDITIONS[scene.spec.condition].network,
        draw=draw,
    )


def labels_of(players: Sequence[Player]) -> tuple[str, ...]:
    """A name for each player, numbered where two share one: "exosome", "act of intradermal"."""
    names = [player.name if player.therapy else f"act of {player.name}" for player in players]
    return tuple(
        name if names.count(name) == 1 else f"{name} ({names[:place].count(name) + 1})"
        for place, name in enumerate(names)
    )


def without_effect(treatment: Treatment) -> tuple[str, ...]:
    """Therapies and acts of an arm that could act by their description and occupy nothing (dead, none given)."""
    acting = list(labels_of(treatment.drive.players))
    return tuple(name for name in labels_of(players_of(treatment.prescriptions)) if name not in acting)
