"""Who acts in an arm: each substance, and the act of each route (a needle), whatever is given through it.

All entries of one therapy in an arm (titration, holiday, loading dose, second course, two routes) are one substance
and one player: its doses add up before anything saturates.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.delivery import Doses, Prescription, kinetics_of, own_occupancies
from anagen.signalling.additive import never_one
from anagen.signalling.ways import Way, misses_doses, one_of_each_day, ways_given
from anagen.therapies import Action, Occupancy, Therapy


@dataclass(frozen=True, slots=True)
class Player:
    """One thing that acts: a substance, however many entries of an arm give it, or the act of a route.

    Attributes
    ----------
    name : str
        Of the therapy, or of the route for its act.
    ways : tuple[Way, ...]
        Ways in which it is given; its exposures add up over them (`anagen.signalling.exposed`).
    therapy : bool
        False for the act of a route.
    varies : bool
        Whether patients differ in exposure.
    """

    name: str
    ways: tuple[Way, ...]
    therapy: bool
    varies: bool

    @property
    def occupies(self) -> tuple[Occupancy, ...]:
        """Inputs of the network, with the exposures of the first way at half occupancy."""
        return self.ways[0].occupies

    @property
    def actions(self) -> tuple[Action, ...]:
        """Levers moved, with the exposures of the first way at half the effect."""
        return self.ways[0].actions

    @property
    def days(self) -> FloatArray:
        """Days of all its doses, each once, shape (n_days,)."""
        return one_of_each_day(np.concatenate([way.prescription.doses.days for way in self.ways]))[0]


def players_of(prescriptions: Sequence[Prescription]) -> tuple[Player, ...]:
    """Everything in an arm that acts.

    Parameters
    ----------
    prescriptions : Sequence[Prescription]
        Entries of the arm, in any order.

    Returns
    -------
    tuple[Player, ...]
        The act of each route once for each choice of settings, on all its days, then each substance once, by name: so
        neither the order in the study file nor the number of entries changes a byte.

    Raises
    ------
    ValueError
        Where entries of one substance cannot be added up, see `never_one`.
    """
    acts = [act_of(through) for through in same_act(prescriptions)]
    given: dict[str, list[Prescription]] = {}
    for prescription in prescriptions:
        if prescription.therapy.actions:
            given.setdefault(prescription.therapy.name, []).append(prescription)
    substances = [substance_of(entries) for entries in given.values()]
    return tuple(sorted([*acts, *substances], key=lambda p: (p.therapy, p.name, p.ways[0].prescription.route.name)))


def same_act(prescriptions: Sequence[Prescription]) -> list[list[Prescription]]:
    """Prescriptions that share a route and its settings: whatever is given through one needle, skin is pierced once."""
    shared: dict[tuple[str, tuple[tuple[str, float], ...]], list[Prescription]] = {}
    for prescription in prescriptions:
        if prescription.route.act is not None:
            key = prescription.route.name, tuple(sorted(prescription.settings.items()))
            shared.setdefault(key, []).append(prescription)
    return [shared[key] for key in sorted(shared)]


def act_of(through: Sequence[Prescription]) -> Player:
    """The act of a route, on all days of the prescriptions given through it."""
    first = through[0]
    act = first.route.act
    assert act is not None
    days, _ = one_of_each_day(np.concatenate([prescription.doses.days for prescription in through]))
    once_a_day = Doses(days, np.ones_like(days), first.doses.daily)
    done = replace(first, doses=once_a_day, adherence_mean=1.0, adherence_sd=0.0)
    way = Way(done, act.kinetics, act.occupies, act.actions)
    return Player(first.route.name, (way,), therapy=False, varies=False)


def substance_of(entries: Sequence[Prescription]) -> Player:
    """A substance with all that an arm gives of it.

    Patients differ in exposure by adherence, by the batch, by clearance, or by how far they activate a prodrug.

    Parameters
    ----------
    entries : Sequence[Prescription]
        All entries of one therapy in an arm, in any order.

    Returns
    -------
    Player
        With one way for each route, settings, product, form and adherence.

    Raises
    ------
    ValueError
        Where the ways cannot be added up, see `never_one`.
    """
    given = ways_given(entries)
    own = _own_of(given)
    ways = tuple(way_of(prescription, own) for prescription in given)
    fault = never_one([(way.prescription.therapy, way.prescription.route.name) for way in ways])
    if fault is not None:
        raise ValueError(fault)
    first = entries[0].therapy
    varies = any(
        exposure_varies(way.prescription.therapy, way.prescription.route.name, missed=misses_doses(way.prescription))
        for way in ways
    )
    return Player(first.name, ways, therapy=True, varies=varies)


def way_of(prescription: Prescription, own: Sequence[Occupancy] = ()) -> Way:
    """A therapy as it is given by its route, with what the products given occupy by their own cargo."""
    therapy = prescription.therapy
    beside = tuple(entry for entry in own if entry not in therapy.occupies)
    return Way(prescription, therapy.kinetics[prescription.route.name], (*therapy.occupies, *beside), therapy.actions)


def _own_of(prescriptions: Sequence[Prescription]) -> tuple[Occupancy, ...]:
    """What the cargo of all products together occupies, each once: every way of a substance names the same inputs."""
    found = {entry.exposure: entry for given in prescriptions for entry in own_occupancies(given)}
    return tuple(found[name] for name in sorted(found))


def exposure_varies(therapy: Therapy, route: str, *, missed: bool) -> bool:
    """Whether patients differ in exposure to a therapy: by the batch, by what their body does with it, by adherence.

    Parameters
    ----------
    therapy : Therapy
        What is given.
    route : str
        How it is given.
    missed : bool
        Whether patients miss daily doses.

    Returns
    -------
    bool
        False for what moves no lever.

    Examples
    --------
    >>> from anagen.therapies import THERAPIES
    >>> [exposure_varies(THERAPIES[name], route, missed=False) for name, route in
    ...  (("minoxidil", "topical"), ("finasteride", "oral"), ("spironolactone", "oral"))]
    [True, True, False]
    """
    return bool(therapy.actions) and (missed or therapy.batch is not None or _handled_differently(therapy, route))


def differs_between_patients(player: Player) -> bool:
    """Whether the patients of one trial differ in exposure to a player: by missed doses or by their kinetics.

    Parameters
    ----------
    player : Player
        Who acts.

    Returns
    -------
    bool
        False where the batch alone makes a difference, which is one for a trial.
    """
    return player.therapy and any(
        misses_doses(way.prescription) or _handled_differently(way.prescription.therapy, way.prescription.route.name)
        for way in player.ways
    )


def _handled_differently(therapy: Therapy, route: str) -> bool:
    """Whether bodies differ in what they make of a dose: by activating a prodrug, or by clearance and uptake."""
    return route in therapy.activation or kinetics_of(therapy.kinetics[route]).spread is not None
