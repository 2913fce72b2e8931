"""Responses of an arm -> levers over time of every patient.

    goal = maximum * response of the patient * response of the network        dL/dt = (goal - L) / tau(rise or fall)

The greatest effect is what trials can identify; its shape over time and dose, and how therapies meet, come from the
network (`anagen.signalling.response`). Effects of all that is given add up, on each lever.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np

from anagen.core.arrays import FloatArray, IntArray
from anagen.core.compiled import compiled
from anagen.patients import Population
from anagen.signalling.meeting import meeting_of_patients, patient_response
from anagen.signalling.patients import exposure_scale, patient_strength
from anagen.signalling.players import differs_between_patients
from anagen.signalling.response import Response
from anagen.signalling.sharing import weights
from anagen.signalling.solved import solved_weights
from anagen.signalling.times import FINE_PER_DAY, FinePlaces, fine_grid, places_of
from anagen.therapies import Action, Lever

GREATEST_ANDROGEN_EFFECT = 0.98
"""Androgen drive never falls to zero: bounds the sum of greatest effects and strong responses."""


@dataclass(frozen=True, slots=True)
class Levers:
    """Levers of each patient on a time grid; each value holds to the next point.

    Attributes
    ----------
    androgen_drive : FloatArray, shape (n_patients, n_points)
        Androgen drive of the follicles, 1 = untreated.
    anagen_extension : FloatArray, shape (n_patients, n_points)
        The anagen clock runs at exp(-value).
    telogen_exit : FloatArray, shape (n_patients, n_points)
        The clock of re-entry into anagen runs at exp(value).
    calibre_gain : FloatArray, shape (n_patients, n_points)
        A growing hair is exp(value) times as thick.
    immune_attack : FloatArray, shape (n_patients, n_points)
        Hazard of a premature end of anagen [1/day].
    attack_factor : FloatArray, shape (n_patients, n_points)
        What therapies leave of the condition's hazard, 1 = untreated.
    """

    androgen_drive: FloatArray
    anagen_extension: FloatArray
    telogen_exit: FloatArray
    calibre_gain: FloatArray
    immune_attack: FloatArray
    attack_factor: FloatArray

    @classmethod
    def untreated(cls, n_patients: int, n_points: int) -> Levers:
        """Levers where nothing is given.

        Parameters
        ----------
        n_patients : int
            Number of patients.
        n_points : int
            Number of grid points.

        Returns
        -------
        Levers
            Levers at their neutral values, shape [patient, grid point].
        """
        shape = (n_patients, n_points)
        return cls(np.ones(shape), np.zeros(shape), np.zeros(shape), np.zeros(shape), np.zeros(shape), np.ones(shape))

    @classmethod
    def each(cls, array: Callable[[str], FloatArray]) -> Levers:
        """Levers from a function of the name of a lever.

        Parameters
        ----------
        array : callable
            Takes the name of a lever; gives its course, shape (n_patients, n_points).

        Returns
        -------
        Levers
            All levers.

        Examples
        --------
        >>> rest = Levers.untreated(2, 3)
        >>> Levers.each(lambda name: getattr(rest, name)[:1]).immune_attack.shape
        (1, 3)
        """
        return cls(**{entry.name: array(entry.name) for entry in fields(cls)})


@compiled
def mean_effect(
    at_knots: FloatArray,
    places: FinePlaces,
    greatest: FloatArray,
    rise: float,
    fall: float,
    fine: float,
    ratio: int,
) -> FloatArray:
    """Effect of each patient averaged between grid points, for a response that is known on knots.

    goal = greatest * response, dL/dt = (goal - L) / tau with tau = rise while the goal lies further from zero than L
    and fall while it lies nearer; L starts at 0 and each fine interval is solved exactly. The response of a fine
    interval is that in its middle; before the first knot there is none.

    Parameters
    ----------
    at_knots : FloatArray, shape (n_patients, n_knots) or (1, n_knots)
        Response on the knots; one row where all patients share it.
    places : FinePlaces
        Of the fine intervals between the knots.
    greatest : FloatArray, shape (n_patients,)
        Effect at a response of 1, in the lever's unit.
    rise : float
        Time constant away from zero [day].
    fall : float
        Time constant back to zero [day].
    fine : float
        Spacing of the fine grid [day].
    ratio : int
        Fine intervals to one grid interval.

    Returns
    -------
    FloatArray, shape (n_patients, n_fine // ratio)
        Mean effect, in the lever's unit.
    """
    n_fine = places.first.shape[0]
    n_points = n_fine // ratio
    effect = np.zeros((greatest.shape[0], n_points))
    up, down = math.exp(-fine / rise), math.exp(-fine / fall)
    mean_up, mean_down = (1.0 - up) * rise / fine, (1.0 - down) * fall / fine
    response = np.zeros(n_fine)
    for i in range(greatest.shape[0]):
        # one patient at a time: written out for all, the fine response would leave the cache
        if i < at_knots.shape[0]:
            row = at_knots[i]
            for k in range(places.before, n_fine):
                first, part = places.first[k], places.part[k]
                response[k] = row[first] * (1.0 - part) + row[first + 1] * part
        level = 0.0
        for j in range(n_points):
            total = 0.0
            for k in range(j * ratio, (j + 1) * ratio):
                goal = greatest[i] * response[k]
                gap = level - goal
                if abs(goal) > abs(level):
                    total += goal + gap * mean_up
                    level = goal + gap * up
                else:
                    total += goal + gap * mean_down
                    level = goal + gap * down
            effect[i, j] = total / ratio
    return effect


def levers_of_arms(
    responses: Sequence[Response],
    population: Population,
    values: Mapping[str, float],
    *,
    seed: int,
    grid: FloatArray,
) -> list[Levers]:
    """Levers of every patient under several arms, each to the byte that of the arm alone.

    What arms share is worked out once: those of an explanation are one arm with some of its actions taken away.

    Parameters
    ----------
    responses : Sequence[Response]
        Of the arms.
    population : Population
        Patients.
    values : Mapping[str, float]
        Parameter values.
    seed : int
        Key of the draws.
    grid : FloatArray, shape (n_points,)
        Evenly spaced times [day].

    Returns
    -------
    list[Levers]
        One for each arm, see `levers_of_arm`.
    """
    known: _Known = {}
    return [_levers(response, population, values, seed, grid, known) for response in responses]


def levers_of_arm(
    response: Response, population: Population, values: Mapping[str, float], *, seed: int, grid: FloatArray
) -> Levers:
    """Levers of every patient under everything that an arm is given.

    Parameters
    ----------
    response : Response
        Of the arm, from `anagen.signalling.response.arm_response`, up to the end of the grid.
    population : Population
        Patients.
    values : Mapping[str, float]
        Parameter values.
    seed : int
        Key of the draws.
    grid : FloatArray, shape (n_points,)
        Evenly spaced times [day].

    Returns
    -------
    Levers
        On the grid. An exposure of zero leaves every lever exactly where the route alone puts it.

    Raises
    ------
    ValueError
        Where the response ends before the grid, or the grid does not fit the fine steps.
    """
    return _levers(response, population, values, seed, grid, {})


@dataclass(frozen=True, slots=True)
class _Shared:
    """What the arms have in common that differ only in which actions are taken away.

    Attributes
    ----------
    response : Response
        Of one of them, so that what is told apart by identity stays alive.
    people : Population
        Patients, or one of each trial where all of a trial share exposure.
    of : IntArray | None
        Place of each patient among these; None where they are all patients.
    share : list[FloatArray]
        Weights of each player's rungs.
    meeting : dict[Lever, list[FloatArray]]
        From `meeting_of_patients`.
    between : list[FinePlaces]
        Fine intervals between knots: of what the network does, and of what acts beside it.
    ratio : int
        Fine intervals to one grid interval.
    effects : dict[tuple[int, int, int, int], tuple[FloatArray, FloatArray, FloatArray | None]]
        Player, action and identity of its tables -> effect of each patient, and the tables, so that they stay alive.
    """

    response: Response
    people: Population
    of: IntArray | None
    share: list[FloatArray]
    meeting: dict[Lever, list[FloatArray]]
    between: list[FinePlaces]
    ratio: int
    effects: dict[tuple[int, int, int, int], tuple[FloatArray, FloatArray, FloatArray | None]]


_Known = dict[tuple[int, int, int], _Shared]
"""Identities of an arm's players, rungs and interplay -> what its parts have in common."""


def _levers(
    response: Response, population: Population, values: Mapping[str, float], seed: int, grid: FloatArray, known: _Known
) -> Levers:
    """Levers under one arm; adds to what is known."""
    levers = Levers.untreated(len(population), len(grid))
    if not response.players:
        return levers
    key = id(response.players), id(response.rungs), id(response.meeting)
    if key not in known:
        known[key] = _shared(response, population, values, seed, grid)
    shared = known[key]
    removed = np.zeros((len(population), len(grid)))
    for number, player in enumerate(response.players):
        for place, action in enumerate(player.actions):
            table, met = response.tables[number][place], response.met[number][place] if response.met else None
            if met is None and not table.any():
                continue
            at = number, place, id(table), id(met)
            if at not in shared.effects:
                shared.effects[at] = _effect(shared, response, population, values, seed, number, place), table, met
            add(levers, action, shared.effects[at][0], removed)
    np.subtract(1.0, np.minimum(removed, GREATEST_ANDROGEN_EFFECT), out=levers.androgen_drive)
    np.maximum(levers.attack_factor, 0.0, out=levers.attack_factor)
    return levers


def _shared(
    response: Response, population: Population, values: Mapping[str, float], seed: int, grid: FloatArray
) -> _Shared:
    fine, ratio = fine_grid(grid)
    if response.knots[-1] < fine[-1]:
        raise ValueError(f"the response ends on day {response.knots[-1]:g}, the grid on day {fine[-1]:g}")
    # mean_effect(strength * m) = strength * mean_effect(m): where a trial shares exposure, one course is enough for it
    people, of = population, None
    if not response.solved and not any(differs_between_patients(player) for player in response.players):
        _, first, of = np.unique(population.replicate, return_index=True, return_inverse=True)
        people = population.take(first)
    share = (
        solved_weights(response, people, values, seed)
        if response.solved
        else [
            weights(rungs, exposure_scale(player, people, values, seed, mixed))
            for player, rungs, mixed in zip(response.players, response.rungs, response.mixed, strict=True)
        ]
    )
    between = [places_of(response.knots, fine, held=held) for held in (False, True)]
    return _Shared(response, people, of, share, meeting_of_patients(response, share), between, ratio, {})


def _effect(
    shared: _Shared,
    response: Response,
    population: Population,
    values: Mapping[str, float],
    seed: int,
    number: int,
    place: int,
) -> FloatArray:
    """Effect of one action of one player on its lever [patient, grid point]."""
    player, of = response.players[number], shared.of
    action = player.actions[place]
    strength = patient_strength(player, population, values, seed)
    at_knots = patient_response(response, shared.share, shared.meeting, number, place)
    greatest = action.greatest(values) * (strength if of is None else np.ones(len(shared.people)))
    places = shared.between[action.half is not None]
    rise, fall = values[action.rise], values[action.fall]
    effect = mean_effect(at_knots, places, greatest, rise, fall, 1.0 / FINE_PER_DAY, shared.ratio)
    return effect if of is None else strength[:, None] * effect[of]


def add(levers: Levers, action: Action, effect: FloatArray, removed: FloatArray) -> None:
    """Add the effect of an action to its lever, in place; androgen drive removed is collected in `removed`.

    Parameters
    ----------
    levers : Levers
        Levers, changed in place.
    action : Action
        Which lever is moved.
    effect : FloatArray
        Its effect [patient, grid point].
    removed : FloatArray
        Share of the androgen drive removed so far, added to in place [patient, grid point].
    """
    if action.lever == "androgen_drive":
        np.add(removed, effect, out=removed)
    elif action.lever == "immune_attack":
        np.subtract(levers.attack_factor, effect, out=levers.attack_factor)
    elif action.lever == "anagen_extension":
        np.add(levers.anagen_extension, effect, out=levers.anagen_extension)
    elif action.lever == "telogen_exit":
        np.add(levers.telogen_exit, effect, out=levers.telogen_exit)
    else:
        np.add(levers.calibre_gain, effect, out=levers.calibre_gain)
