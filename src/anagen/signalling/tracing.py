"""One patient under what is given: levels of every node, and every lever, over time.

Followed are the doses given, for somebody whose exposure and response are the planned ones, so that nothing of the
ladder of exposures is needed (`anagen.signalling.response`): with n that act, 2 n + 2 combinations, which are one block
of the solver up to seven.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.delivery import Prescription
from anagen.signalling.changes import changes, rest_of
from anagen.signalling.exposed import MOST
from anagen.signalling.levers import GREATEST_ANDROGEN_EFFECT, Levers, add, mean_effect
from anagen.signalling.network import Course, Network, basal_levels, solve
from anagen.signalling.network.coupling import without_model
from anagen.signalling.players import Player, players_of
from anagen.signalling.response import Drive, Response, drive_of, response_of
from anagen.signalling.sharing import planned_rung
from anagen.signalling.times import FINE_PER_DAY, fine_grid, places_of
from anagen.therapies import LEVERS, Lever
from anagen.therapies.populations import transfer_of


@dataclass(frozen=True, slots=True)
class Trace:
    """What follows from what is given, at the doses given.

    Attributes
    ----------
    network : Network
        That was followed.
    condition : str
        Of the network.
    drive : Drive
        Who acts and what that occupies, at the doses given alone.
    rest : FloatArray, shape (n_nodes,)
        Levels where nothing is given.
    levels : FloatArray, shape (n_knots, n_nodes)
        Levels on the knots of the drive.
    changed : Mapping[Lever, FloatArray]
        Change from rest of the network's output behind each lever, shape (n_knots,).
    days : FloatArray, shape (n_days,)
        Days from 0.
    levers : Levers
        Of this one patient, shape (1, n_days): means over each day.
    """

    network: Network
    condition: str
    drive: Drive
    rest: FloatArray
    levels: FloatArray
    changed: Mapping[Lever, FloatArray]
    days: FloatArray
    levers: Levers

    @property
    def through(self) -> tuple[Lever, ...]:
        """Levers that somebody moves through the network."""
        return _levers_of(self.drive.players, beside=False)

    @property
    def beside(self) -> tuple[Lever, ...]:
        """Levers that somebody moves beside the network."""
        return _levers_of(self.drive.players, beside=True)

    def effect(self, lever: Lever) -> FloatArray:
        """How far a lever is moved on each day, as `anagen.therapies.LEVERS` tells it; 0 where it is not.

        Parameters
        ----------
        lever : Lever
            The lever.

        Returns
        -------
        FloatArray, shape (n_days,)
            A share removed of androgen drive and immune attack, the logarithm of a factor of the others.
        """
        if lever == "androgen_drive":
            return 1.0 - self.levers.androgen_drive[0]
        if lever == "immune_attack":
            return 1.0 - self.levers.attack_factor[0]
        course: FloatArray = getattr(self.levers, lever)[0]
        return course

    def occupied(self, first: float, last: float) -> dict[str, float]:
        """Mean occupancy of each input of the network between two days, of those that are occupied at all.

        Parameters
        ----------
        first : float
            Day.
        last : float
            Day after it.

        Returns
        -------
        dict[str, float]
            Input -> 0 to 1.
        """
        share = _share_of_days(self.drive.knots, first, last)
        return {name: float(level @ share) for name, level in occupied_together(self.drive).items()}

    def levels_between(self, first: float, last: float) -> dict[str, float]:
        """Mean level of each node between two days.

        Parameters
        ----------
        first : float
            Day.
        last : float
            Day after it.

        Returns
        -------
        dict[str, float]
            Node -> 0 to 1.
        """
        share = _share_of_days(self.drive.knots, first, last)
        mean = share @ (0.5 * (self.levels[:-1] + self.levels[1:]))
        return dict(zip(self.network.node_names, mean.tolist(), strict=True))


def planned_drive(prescriptions: Sequence[Prescription], values: Mapping[str, float], *, end: float) -> Drive:
    """What is given does to the inputs of the network, at the doses given and without the ladder.

    Parameters
    ----------
    prescriptions : Sequence[Prescription]
        What is given.
    values : Mapping[str, float]
        Parameter values.
    end : float
        Last day.

    Returns
    -------
    Drive
        With the rungs 0 and 1 of everybody who acts.
    """
    drive = drive_of(players_of(prescriptions), values, end=end)
    kept = [[0, planned_rung(scales)] for scales in drive.rungs]
    return replace(
        drive,
        rungs=tuple(scales[rows] for scales, rows in zip(drive.rungs, kept, strict=True)),
        levels=tuple(
            {name: level[rows] for name, level in levels.items()}
            for levels, rows in zip(drive.levels, kept, strict=True)
        ),
        direct=tuple(
            tuple(table[rows] if len(table) > 1 else table for table in tables)
            for tables, rows in zip(drive.direct, kept, strict=True)
        ),
        mixed=(None,) * len(drive.players),
    )


def trace_of(drive: Drive, values: Mapping[str, float], *, condition: str, network: Network, sex: str) -> Trace:
    """Levels and levers of one patient.

    Parameters
    ----------
    drive : Drive
        From `planned_drive`.
    values : Mapping[str, float]
        Parameter values.
    condition : str
        Condition of the network.
    network : Network
        Followed as it is, at the weights that it has.
    sex : str
        Of the patient.

    Returns
    -------
    Trace
        From day 0 to the end of the drive.

    Examples
    --------
    >>> from anagen.delivery import ROUTES, sessions
    >>> from anagen.parameters import load_parameters
    >>> from anagen.signalling.network import load_network
    >>> from anagen.therapies import THERAPIES
    >>> values = load_parameters().draw(1, 0)
    >>> doses = sessions(start=0, every=2, number=3, amount=1e10)
    >>> drive = planned_drive([Prescription(THERAPIES["exosome"], ROUTES["intradermal"], doses)], values, end=84.0)
    >>> traced = trace_of(drive, values, condition="aga", network=load_network(), sex="male")
    >>> traced.through, traced.beside
    (('anagen_extension', 'telogen_exit', 'calibre_gain'), ())
    """
    without_model(network, "a trace of what is given")
    rest = rest_of(network, condition)
    levels = followed_levels(drive, condition=condition, network=network, rest=rest)
    response = response_of(drive, values, condition=condition, network=network, rest=rest)
    days = np.arange(float(drive.knots[-1]))
    return Trace(
        network, condition, drive, rest, levels, changes(network, levels, rest, values), days,
        lever_courses(response, values, days=days, sex=sex),
    )  # fmt: skip


def followed_levels(drive: Drive, *, condition: str, network: Network, rest: FloatArray) -> FloatArray:
    """Levels of nodes where everybody acts at the doses given.

    Parameters
    ----------
    drive : Drive
        From `planned_drive`.
    condition : str
        Condition of the network.
    network : Network
        The network.
    rest : FloatArray, shape (n_nodes,)
        Its levels where nothing is given.

    Returns
    -------
    FloatArray, shape (n_knots, n_nodes)
        0 to 1.
    """
    courses = [
        Course.from_levels(name, drive.knots[:-1], level[None])
        for name, level in occupied_together(drive).items()
        if name in network.input_names
    ]
    basal = basal_levels(network, condition)[None]
    found = solve(network, basal, courses, drive.knots, start=rest[None], at_rest=True)
    return np.asarray(found[0], dtype=np.float64)


def occupied_together(drive: Drive) -> dict[str, FloatArray]:
    """Occupancy of each input by everybody at the doses given; several do so independently of one another (Bliss).

    Parameters
    ----------
    drive : Drive
        From `planned_drive`.

    Returns
    -------
    dict[str, FloatArray]
        Input -> level from each knot to the next, shape (n_knots - 1,); those that are never occupied are left out.
    """
    free: dict[str, FloatArray] = {}
    for levels in drive.levels:
        for name, level in levels.items():
            left = 1.0 - level[-1]
            free[name] = free[name] * left if name in free else left
    return {name: np.clip(1.0 - left, 0.0, MOST) for name, left in free.items() if bool((left < 1.0).any())}


def lever_courses(response: Response, values: Mapping[str, float], *, days: FloatArray, sex: str) -> Levers:
    """Levers of one patient whose exposure and response are the planned ones.

    Parameters
    ----------
    response : Response
        Of what is given; its tables are read at the doses given.
    values : Mapping[str, float]
        Parameter values.
    days : FloatArray, shape (n_days,)
        Days from 0.
    sex : str
        Of the patient: a therapy that was studied in others has another effect.

    Returns
    -------
    Levers
        Of shape (1, n_days).
    """
    fine, ratio = fine_grid(days)
    levers = Levers.untreated(1, len(days))
    removed = np.zeros((1, len(days)))
    between = [places_of(response.knots, fine, held=held) for held in (False, True)]
    for player, scales, tables in zip(response.players, response.rungs, response.tables, strict=True):
        transfer = player.ways[0].prescription.transfer
        factor = float(transfer_of(transfer, (sex,), values)[0]) if player.therapy else 1.0
        for action, table in zip(player.actions, tables, strict=True):
            row = np.ascontiguousarray(table[[planned_rung(scales)]])
            greatest = np.array([factor * action.greatest(values)])
            rise, fall = values[action.rise], values[action.fall]
            places = between[action.half is not None]
            add(levers, action, mean_effect(row, places, greatest, rise, fall, 1.0 / FINE_PER_DAY, ratio), removed)
    np.subtract(1.0, np.minimum(removed, GREATEST_ANDROGEN_EFFECT), out=levers.androgen_drive)
    np.maximum(levers.attack_factor, 0.0, out=levers.attack_factor)
    return levers


def effect_band(traces: Sequence[Trace], lever: Lever) -> tuple[FloatArray, FloatArray]:
    """Between which effects on a lever 90 % of parameter draws lie on each day.

    Parameters
    ----------
    traces : Sequence of Trace
        One for each draw, over the same days.
    lever : Lever
        The lever.

    Returns
    -------
    low : FloatArray, shape (n_days,)
        5 % over draws.
    high : FloatArray, shape (n_days,)
        95 %.
    """
    low, high = np.quantile(np.stack([traced.effect(lever) for traced in traces]), [0.05, 0.95], axis=0)
    return low, high


def _levers_of(players: Sequence[Player], *, beside: bool) -> tuple[Lever, ...]:
    found = {a.lever for player in players for a in player.actions if (a.half is not None) == beside}
    return tuple(lever for lever in LEVERS if lever in found)


def _share_of_days(knots: FloatArray, first: float, last: float) -> FloatArray:
    """Share that each interval between knots has in the days from `first` to `last`, shape (n_knots - 1,)."""
    inside = np.clip(np.minimum(knots[1:], last) - np.maximum(knots[:-1], first), 0.0, None)
    whole = float(inside.sum())
    if whole <= 0.0:
        raise ValueError(f"the days {first:g} to {last:g} lie outside 0 to {knots[-1]:g}")
    return inside / whole
