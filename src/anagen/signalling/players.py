"""Who acts in an arm: each therapy, and the act of each route (a needle), whatever is given through it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from anagen.delivery import Doses, Prescription
from anagen.signalling.sharing import MOST_VARYING
from anagen.therapies import Action, Occupancy, Therapy
from anagen.therapies.kinetics import KineticsData


@dataclass(frozen=True, slots=True)
class Player:
    """One thing that acts: a therapy, or the act of a route.

    Attributes
    ----------
    name : str
        Of the therapy, or of the route for its act.
    prescription : Prescription
        The therapy, or what is done through the route.
    kinetics : KineticsData
        Its kinetics, by name or as data.
    occupies : tuple[Occupancy, ...]
        Inputs of the network, see `Therapy`.
    actions : tuple[Action, ...]
        Levers moved, see `Therapy`.
    therapy : bool
        False for the act of a route.
    varies : bool
        Whether patients differ in exposure.
    """

    name: str
    prescription: Prescription
    kinetics: KineticsData
    occupies: tuple[Occupancy, ...]
    actions: tuple[Action, ...]
    therapy: bool
    varies: bool


def players_of(prescriptions: Sequence[Prescription]) -> tuple[Player, ...]:
    """Everything in an arm that acts.

    Parameters
    ----------
    prescriptions : Sequence[Prescription]
        Therapies of the arm, in any order.

    Returns
    -------
    tuple[Player, ...]
        The act of each route once for each choice of settings, on all its days, then each therapy, by name: so the
        order in the study file changes no byte.
    """
    acts = [act_of(through) for through in same_act(prescriptions)]
    therapies = [therapy_of(prescription) for prescription in prescriptions if prescription.therapy.actions]
    return tuple(sorted([*acts, *therapies], key=lambda p: (p.therapy, p.name, p.prescription.route.name)))


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
    days = np.unique(np.concatenate([prescription.doses.days for prescription in through]))
    once_a_day = Doses(days, np.ones_like(days), first.doses.daily)
    done = replace(first, doses=once_a_day, adherence_mean=1.0, adherence_sd=0.0)
    return Player(first.route.name, done, act.kinetics, act.occupies, act.actions, therapy=False, varies=False)


def therapy_of(prescription: Prescription) -> Player:
    """A therapy; patients differ in exposure by adherence, by the batch, or by how far they activate a prodrug."""
    therapy, route = prescription.therapy, prescription.route.name
    full = prescription.adherence_mean == 1.0 and prescription.adherence_sd == 0.0
    varies = exposure_varies(therapy, route, missed=prescription.doses.daily and not full)
    return Player(therapy.name, prescription, therapy.kinetics[route], therapy.occupies, therapy.actions, True, varies)


def same_exposure(player: Player, other: Player, values: Mapping[str, float]) -> bool:
    """Whether two players have the same exposure at each rung, as the same needle or therapy of two arms has.

    Parameters
    ----------
    player : Player
        Who acts.
    other : Player
        Who acts in another arm.
    values : Mapping[str, float]
        Parameter values, which some settings are.

    Returns
    -------
    bool
        True for acts of a route with the same settings on the same days, whatever is given through it, and for
        therapies of which all that is prescribed is the same.
    """
    one, two = player.prescription, other.prescription
    alike = (player.therapy, player.kinetics, one.route) == (other.therapy, other.kinetics, two.route)
    if not alike or any(one.setting(e.name, values) != two.setting(e.name, values) for e in one.route.settings):
        return False
    days = np.array_equal(one.doses.days, two.doses.days) and one.doses.daily == two.doses.daily
    if not (days and np.array_equal(one.doses.amounts, two.doses.amounts)):
        return False
    what = one.therapy, one.product, one.reference, one.formulation
    return not player.therapy or what == (two.therapy, two.product, two.reference, two.formulation)


def exposure_varies(therapy: Therapy, route: str, *, missed: bool) -> bool:
    """Whether patients differ in exposure to a therapy: by the batch, by how far they activate a prodrug, by adherence.

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
    ...  (("minoxidil", "topical"), ("finasteride", "oral"), ("exosome", "intradermal"))]
    [True, False, True]
    """
    return bool(therapy.actions) and (missed or therapy.batch is not None or route in therapy.activation)


def differs_between_patients(player: Player) -> bool:
    """Whether the patients of one trial differ in exposure to a player: by missed doses or by activating a prodrug.

    Parameters
    ----------
    player : Player
        Who acts.

    Returns
    -------
    bool
        False where the batch alone makes a difference, which is one for a trial.
    """
    prescription = player.prescription
    missed = prescription.doses.daily and not (prescription.adherence_mean == 1.0 and prescription.adherence_sd == 0.0)
    return player.therapy and (missed or prescription.route.name in prescription.therapy.activation)


def too_many(arm: str, varying: int) -> str | None:
    """What is wrong with an arm of so many therapies that differ in exposure between patients; None where it can be.

    Parameters
    ----------
    arm : str
        Its name.
    varying : int
        Entries of the arm for which `exposure_varies`.

    Returns
    -------
    str or None
        A message that names the arm, the number and the limit.

    Examples
    --------
    >>> too_many("taper", 4), too_many("taper", 5)[:69]
    (None, "5 entries of the arm 'taper' differ in exposure between patients, by ")
    """
    if varying <= MOST_VARYING:
        return None
    return (
        f"{varying} entries of the arm {arm!r} differ in exposure between patients, by batch, activation of a prodrug "
        f"or missed doses; at most {MOST_VARYING} can"
    )
