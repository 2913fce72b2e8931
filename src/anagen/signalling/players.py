"""Who acts in an arm: each substance, and the act of each route (a needle), whatever is given through it.

All entries of one therapy in an arm (titration, holiday, loading dose, second course, two routes) are one substance
and one player: its doses add up before anything saturates.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from anagen.core.arrays import FloatArray, IntArray
from anagen.delivery import Doses, Prescription, kinetics_of, own_occupancies
from anagen.therapies import Action, Occupancy, Therapy
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


def never_one(forms: Sequence[tuple[Therapy, str]]) -> str | None:
    """Why ways of giving one substance cannot be added up; None where they can.

    Parameters
    ----------
    forms : Sequence[tuple[Therapy, str]]
        The therapy as it is given in each way, with the route.

    Returns
    -------
    str or None
        What keeps them apart, with what to do.

    Examples
    --------
    >>> from anagen.therapies import THERAPIES
    >>> by_mouth, on_scalp = THERAPIES["minoxidil"].by("oral"), THERAPIES["minoxidil"]
    >>> never_one([(by_mouth, "oral"), (on_scalp, "topical")]) is None
    True
    >>> never_one([(THERAPIES["dutasteride"], "oral"), (THERAPIES["dutasteride"], "oral")])[:54]
    'dutasteride is not in proportion to its dose, so that '
    """
    if len(forms) == 1:
        return None
    name = forms[0][0].name
    data = [form.kinetics[route] for form, route in forms]
    kinds = [kinetics_of(each) for each in data]
    if not all(kind.in_proportion for kind in kinds):
        return (
            f"{name} is not in proportion to its dose, so that its entries add up only where all are given in one way: "
            "give them the same route, settings and adherence"
        )
    alike = all(kind.saturates is kinds[0].saturates or each == data[0] for kind, each in zip(kinds, data, strict=True))
    pairs = [dict(zip(_exposures_at_half(forms[0][0]), _exposures_at_half(form), strict=False)) for form, _ in forms]
    one_for_one = all(len({first for first, _ in of}) == len(of) for of in pairs)
    if alike and one_for_one and len({_what_moves(form) for form, _ in forms}) == 1:
        return None
    return f"what {name} does differs between its routes, so that their doses cannot be added up; give it by one route"


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


def _handled_differently(therapy: Therapy, route: str) -> bool:
    """Whether bodies differ in what they make of a dose: by activating a prodrug, or by clearance and uptake."""
    return route in therapy.activation or kinetics_of(therapy.kinetics[route]).spread is not None


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


def _what_moves(therapy: Therapy) -> tuple[object, ...]:
    """What a therapy occupies and moves, apart from the exposures at half of it."""
    occupies = tuple((entry.input, entry.half is None, entry.exposure, entry.reference) for entry in therapy.occupies)
    actions = tuple((replace(action, half=None), action.half is None) for action in therapy.actions)
    return occupies, actions


def _exposures_at_half(therapy: Therapy) -> list[tuple[str, str]]:
    """(exposure, parameter of the exposure at half) of every input and action that has one."""
    return [(e.exposure, e.half) for e in (*therapy.occupies, *therapy.actions) if e.half is not None]
