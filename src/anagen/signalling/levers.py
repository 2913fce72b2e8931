"""Responses of an arm -> levers over time of every patient.

    goal = maximum * response of the patient * response of the network        dL/dt = (goal - L) / tau(rise or fall)

The greatest effect is what trials can identify; its shape over time and dose, and how therapies meet, come from the
network (`anagen.signalling.response`). Effects of all that is given add up, on each lever.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.core.compiled import compiled
from anagen.core.streams import TRIAL_LEVEL, Purpose, address_of, lognormals, uniforms
from anagen.delivery import Prescription, kinetics_of
from anagen.delivery.adherence import shares_taken
from anagen.patients import Population
from anagen.signalling.exposed import Mixed, scales_of_patients
from anagen.signalling.meeting import patient_responses
from anagen.signalling.players import Player, differs_between_patients
from anagen.signalling.response import Response
from anagen.signalling.sharing import weights
from anagen.signalling.times import FINE_PER_DAY, FinePlaces, fine_grid, places_of
from anagen.therapies import Action
from anagen.therapies.populations import transfer_of

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


def exposure_scale(
    player: Player,
    population: Population,
    values: Mapping[str, float],
    seed: int,
    mixed: Mixed | None = None,
) -> FloatArray:
    """Factor on exposure of each patient: doses taken, clearance, batch, and activation of a prodrug.

    Parameters
    ----------
    player : Player
        Who acts.
    population : Population
        Patients.
    values : Mapping[str, float]
        Parameter values.
    seed : int
        Key of the draws.
    mixed : Mixed or None
        What each way brings; None for a single way.

    Returns
    -------
    FloatArray, shape (n_patients,) or (n_patients, n_knots)
        1 for the act of a route; one for each knot where ways differ in it.
    """
    if not player.therapy:
        return np.ones(len(population))
    kept = (1.0,) * len(player.ways) if mixed is None else mixed.kept
    by_way = [
        share * _scale_of_way(way.prescription, population, values, seed)
        for way, share in zip(player.ways, kept, strict=True)
    ]
    if mixed is None or all(np.array_equal(scale, by_way[0]) for scale in by_way):
        return by_way[0]
    return scales_of_patients(player, mixed, by_way, values)


def _scale_of_way(
    prescription: Prescription, population: Population, values: Mapping[str, float], seed: int
) -> FloatArray:
    """Factor on exposure of each patient to what is given in one way."""
    scale = np.ones(len(population))
    therapy = prescription.therapy
    if prescription.doses.daily and (prescription.adherence_mean < 1.0 or prescription.adherence_sd > 0.0):
        u = uniforms(
            seed,
            Purpose.ADHERENCE,
            patient=population.patient,
            item=address_of(therapy.name),
            replicate=population.replicate,
        )
        scale = scale * shares_taken(prescription.adherence_mean, prescription.adherence_sd, u)
    spread = kinetics_of(therapy.kinetics[prescription.route.name]).spread
    if spread is not None:
        # one draw for all ways: who clears a substance slowly does so however it came
        scale = scale * lognormals(
            seed,
            Purpose.PHARMACOKINETICS,
            cv=values[spread],
            patient=population.patient,
            item=address_of(therapy.name),
            replicate=population.replicate,
        )
    if therapy.batch is not None:
        scale = scale * lognormals(
            seed,
            Purpose.BATCH,
            cv=values[therapy.batch],
            patient=TRIAL_LEVEL,
            item=address_of(therapy.name),
            replicate=population.replicate,
        )
    if prescription.route.name in therapy.activation:
        column, power = therapy.activation[prescription.route.name]
        scale = scale * np.asarray(getattr(population, column), dtype=np.float64) ** values[power]
    return scale


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
    levers = Levers.untreated(len(population), len(grid))
    if not response.players:
        return levers
    fine, ratio = fine_grid(grid)
    if response.knots[-1] < fine[-1]:
        raise ValueError(f"the response ends on day {response.knots[-1]:g}, the grid on day {fine[-1]:g}")
    # mean_effect(strength * m) = strength * mean_effect(m): where a trial shares exposure, one course is enough for it
    people, of = population, None
    if not any(differs_between_patients(player) for player in response.players):
        _, first, of = np.unique(population.replicate, return_index=True, return_inverse=True)
        people = population.take(first)
    share = [
        weights(rungs, exposure_scale(player, people, values, seed, mixed))
        for player, rungs, mixed in zip(response.players, response.rungs, response.mixed, strict=True)
    ]
    removed = np.zeros((len(population), len(grid)))
    between = [places_of(response.knots, fine, held=held) for held in (False, True)]
    for player, at_knots_of in zip(response.players, patient_responses(response, share), strict=True):
        strength = patient_response(player, population, values, seed)
        for action, at_knots in zip(player.actions, at_knots_of, strict=True):
            greatest = values[action.maximum] * (strength if of is None else np.ones(len(people)))
            rise, fall, places = values[action.rise], values[action.fall], between[action.half is not None]
            effect = mean_effect(at_knots, places, greatest, rise, fall, 1.0 / FINE_PER_DAY, ratio)
            effect = effect if of is None else strength[:, None] * effect[of]
            add(levers, action, effect, removed)
    np.subtract(1.0, np.minimum(removed, GREATEST_ANDROGEN_EFFECT), out=levers.androgen_drive)
    np.maximum(levers.attack_factor, 0.0, out=levers.attack_factor)
    return levers


def patient_response(player: Player, population: Population, values: Mapping[str, float], seed: int) -> FloatArray:
    """Factor on the effects of a therapy in each patient, log-normal with mean 1.

    Parameters
    ----------
    player : Player
        Who acts.
    population : Population
        Patients.
    values : Mapping[str, float]
        Parameter values.
    seed : int
        Key of the draws.

    Returns
    -------
    FloatArray, shape (n_patients,)
        1 for the act of a route; times the factor of patients unlike those in whom the therapy was studied.
    """
    given = player.ways[0].prescription
    spread = _spread_of(player, population, values, seed)
    if not player.therapy or not given.transfer:
        return spread
    return spread * transfer_of(given.transfer, population.sex, values)


def _spread_of(player: Player, population: Population, values: Mapping[str, float], seed: int) -> FloatArray:
    therapy = player.ways[0].prescription.therapy
    if not player.therapy or therapy.response is None:
        return np.ones(len(population))
    return lognormals(
        seed,
        Purpose.THERAPY_RESPONSE,
        cv=values[therapy.response],
        patient=population.patient,
        item=address_of(therapy.name),
        replicate=population.replicate,
    )


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
