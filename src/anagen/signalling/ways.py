"""Ways in which a substance is given: a route with its settings, product, form and adherence, with all its doses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from anagen.core.arrays import FloatArray, IntArray
from anagen.delivery import Doses, Prescription
from anagen.therapies import Action, Occupancy
from anagen.therapies.kinetics import KineticsData

ROUNDED = 9
"""Digits of a day that tell two doses apart."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way in which a player is given: a route with its settings, product, form and adherence, and all its doses.

    Attributes
    ----------
    prescription : Prescription
        The therapy, or what is done through the route; every dose that the arm gives in this way.
    kinetics : KineticsData
        Its kinetics, by name or as data.
    occupies : tuple[Occupancy, ...]
        Inputs of the network, see `Therapy`.
    actions : tuple[Action, ...]
        Levers moved, see `Therapy`.
    """

    prescription: Prescription
    kinetics: KineticsData
    occupies: tuple[Occupancy, ...]
    actions: tuple[Action, ...]


def ways_given(entries: Sequence[Prescription]) -> list[Prescription]:
    """Entries of one therapy, those that are given in the same way as one entry with the doses of all.

    Doses of one day and hour are one dose of their sum.

    Parameters
    ----------
    entries : Sequence[Prescription]
        Entries of one therapy, in any order.

    Returns
    -------
    list[Prescription]
        One for each way, in the order of their first doses, then of the therapy's routes.

    Examples
    --------
    >>> from anagen.delivery import ROUTES, sessions
    >>> from anagen.therapies import THERAPIES
    >>> halves = [sessions(start=week, every=4, number=3, amount=1.0) for week in (12, 0)]
    >>> (course,) = ways_given([Prescription(THERAPIES["prp"], ROUTES["intradermal"], half) for half in halves])
    >>> (course.doses.days / 7).tolist()
    [0.0, 4.0, 8.0, 12.0, 16.0, 20.0]
    """
    together: dict[tuple[object, ...], list[Prescription]] = {}
    for entry in entries:
        together.setdefault(_way_key(entry), []).append(entry)
    ways = [(key, _as_one(of_one)) for key, of_one in together.items()]
    ways.sort(key=lambda way: (way[1].doses.days[0] if len(way[1].doses.days) else np.inf, repr(way[0])))
    return [prescription for _, prescription in ways]


def one_of_each_day(days: FloatArray) -> tuple[FloatArray, IntArray]:
    """Each day once, increasing, and the place of every day among them; what rounding makes of a day is that day.

    Parameters
    ----------
    days : FloatArray, shape (n_days,)
        Days in any order.

    Returns
    -------
    days : FloatArray, shape (n_different,)
        Increasing.
    place : IntArray, shape (n_days,)
        Where each of the given days stands among them.

    Examples
    --------
    >>> one_of_each_day(np.array([2.1, 0.0, 0.7 * 3.0]))[0].tolist()
    [0.0, 2.1]
    """
    _, first, place = np.unique(np.round(days, ROUNDED), return_index=True, return_inverse=True)
    return days[first], place.reshape(-1)


def same_exposure(way: Way, other: Way, values: Mapping[str, float], *, therapy: bool) -> bool:
    """Whether two ways have the same exposure at each rung, as the same needle or therapy of two arms has.

    Parameters
    ----------
    way : Way
        How something is given.
    other : Way
        How it is given in another arm.
    values : Mapping[str, float]
        Parameter values, which some settings are.
    therapy : bool
        False for acts of a route, whatever is given through it.

    Returns
    -------
    bool
        True for acts with the same settings on the same days, and for therapies of which all that decides exposure is
        the same.
    """
    one, two = way.prescription, other.prescription
    if (way.kinetics, one.route) != (other.kinetics, two.route):
        return False
    if any(one.setting(entry.name, values) != two.setting(entry.name, values) for entry in one.route.settings):
        return False
    days = np.array_equal(one.doses.days, two.doses.days) and one.doses.daily == two.doses.daily
    if not (days and np.array_equal(one.doses.amounts, two.doses.amounts)):
        return False
    what = one.therapy, one.product, one.reference, one.formulation
    return not therapy or what == (two.therapy, two.product, two.reference, two.formulation)


def misses_doses(prescription: Prescription) -> bool:
    """Whether patients miss daily doses.

    Parameters
    ----------
    prescription : Prescription
        What is given.

    Returns
    -------
    bool
        False where everybody takes every dose.
    """
    full = prescription.adherence_mean == 1.0 and prescription.adherence_sd == 0.0
    return prescription.doses.daily and not full


def _way_key(prescription: Prescription) -> tuple[object, ...]:
    """What two entries of one therapy must share to be one way, in the order of the therapy's routes."""
    therapy = prescription.therapy
    missed = misses_doses(prescription)
    return (
        therapy.routes.index(prescription.route.name),
        tuple(sorted(prescription.settings.items())),
        "" if prescription.product is None else prescription.product.model_dump_json(),
        prescription.formulation if prescription.formulation in therapy.strengths else "",
        (prescription.adherence_mean, prescription.adherence_sd) if missed else (1.0, 0.0),
    )


def _as_one(entries: Sequence[Prescription]) -> Prescription:
    """Entries that are given in the same way as one, with the doses of all."""
    if len(entries) == 1:
        return entries[0]
    first = min(entries, key=lambda entry: (entry.doses.days.tobytes(), entry.doses.amounts.tobytes()))
    days, place = one_of_each_day(np.concatenate([entry.doses.days for entry in entries]))
    amounts = np.zeros_like(days)
    np.add.at(amounts, place, np.concatenate([entry.doses.amounts for entry in entries]))
    return replace(first, doses=Doses(days, amounts, first.doses.daily))
