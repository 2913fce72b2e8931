"""Shares of the gain in the primary endpoint, in its own unit: therapies and acts, and within each its levers.

Reference patients live through the same follicles, with the same draws, under every coalition of the arm's actions: a
coalition is the arm with the responses of all other actions at zero. The arm and its control are each shared from the
untreated course up, and subtracted row by row, so that

    gain against the control = sum over rows of (share in the arm - share in the control)

exactly. Up to four players of an arm are shared in every order; beyond, in drawn orders, each with its reverse, with
the standard error of drawing them. What an arm does without touching a lever comes first, as a row of its own: shifts
of readings (vehicle, injection, expectation) and grafts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from anagen.analysis.expected import error_of_groups, mean_of
from anagen.analysis.measures import measure_of
from anagen.core.arrays import FloatArray
from anagen.core.measures import RESPONDERS
from anagen.explanation.case import Case, Treatment
from anagen.explanation.coalitions import Terms, lookup, masks_of, shares, terms_of
from anagen.follicles.states import States
from anagen.patients import Population
from anagen.scalp import Readings
from anagen.signalling import Response
from anagen.signalling.changes import rest_of
from anagen.signalling.response import response_of
from anagen.trials import reference
from anagen.trials.observation import begun_states, observe
from anagen.trials.reference import EXPECTED_AREA, GROUPS
from anagen.trials.screening import first_site

TWINS_AT_ONCE = 24
UNTREATED = "untreated course"
READING = "readings and grafts"
COURSE_ROWS = (UNTREATED, READING)
GAIN_COLUMNS = ("player", "lever", "arm", "control", "gain", "error", "order_error", "share")
ORDERS = 16
"""Orders of more than four players, each with its reverse: hairs are followed for every step of them."""


@dataclass(frozen=True, slots=True)
class People:
    """Patients, and their follicles where the tables start: all their twins go on from there."""

    population: Population
    states: States

    def __len__(self) -> int:
        """How many they are."""
        return len(self.population)


def reference_patients(case: Case, patients: int) -> People:
    """The patients who carry expected effects, the same as in a run of the study under this draw."""
    scene = case.scene
    population, states = reference.reference_patients(scene, patients, draw=case.draw)
    if states is None or case.plan.area != EXPECTED_AREA:
        states = begun_states(scene, population, area=EXPECTED_AREA, site=first_site(scene))
    return People(population, states)


Twin = tuple[Treatment | None, Response]
"""Whose readings shift (None: nobody's), and the response under which patients live."""


def outcomes(case: Case, people: People, twins: Sequence[Twin]) -> FloatArray:
    """The primary endpoint of every patient as its measure takes it, under every twin [twin, patient]."""
    choice = case.plan.study.endpoints.primary
    column = [endpoint.name for endpoint in case.plan.endpoints].index(choice.endpoint)
    rising = case.plan.endpoints[column].higher_is_better
    weeks = np.unique([0.0, float(choice.week)])

    def outcome_of(reading: Readings) -> FloatArray:
        # a share of responders is a share of what is measured, errors and all, as in a run
        seen = (reading.measured if choice.measure in RESPONDERS else reading.expected)[:, :, column]
        return measure_of(choice.measure, seen[:, -1], seen[:, 0], choice.threshold, rising=rising)

    values: list[FloatArray] = []
    for first in range(0, len(twins), TWINS_AT_ONCE):
        some = twins[first : first + TWINS_AT_ONCE]
        readings = observe(
            case.scene,
            people.population,
            [() if treatment is None else treatment.prescriptions for treatment, _ in some],
            weeks=weeks,
            area=EXPECTED_AREA,
            site=first_site(case.scene),
            study_offset=False,
            responses=[response for _, response in some],
            states=people.states,
        )
        values += [outcome_of(reading) for reading in readings]
    return np.stack(values)


def nothing(treatment: Treatment) -> Response:
    """The response of an arm that moves no lever."""
    return Response((), (), treatment.drive.knots, ())


def movers(treatment: Treatment, response: Response) -> list[tuple[int, int]]:
    """(player, action) of everything that moves a lever at all."""
    return [
        (player, number)
        for player, tables in enumerate(response.tables)
        for number, table in enumerate(tables)
        if bool(table.any())
    ]


def only(response: Response, kept: Sequence[tuple[int, int]]) -> Response:
    """The response with every other action at zero."""

    def chosen(player: int, number: int) -> tuple[FloatArray, FloatArray | None]:
        table = response.tables[player][number]
        return (table, response.met[player][number]) if (player, number) in kept else (np.zeros_like(table), None)

    pairs = [[chosen(player, number) for number in range(len(own))] for player, own in enumerate(response.tables)]
    return replace(
        response,
        tables=tuple(tuple(table for table, _ in own) for own in pairs),
        met=tuple(tuple(met for _, met in own) for own in pairs),
    )


def gain_shares(case: Case, people: People, *, by_group: bool = False) -> pd.DataFrame:
    """Shares of the arm, of its control, and of the gain, one row per player and lever.

    Returns
    -------
    pd.DataFrame
        Table with GAIN_COLUMNS: arm, control and gain in the unit of the primary measure, error: Monte-Carlo standard
        error of the gain, order_error: that of drawing orders, 0 where all were followed, share of the gain. The
        first two rows are the untreated course, and readings and grafts.
        With by_group also arm and gain in each group of the reference patients, arm_0, gain_0, arm_1, ...
    """
    games = games_of(case)
    return shared_gain(case, games, outcomes(case, people, twins_of(case, games)), by_group=by_group)


def games_of(case: Case) -> tuple[Game, ...]:
    """The games of the arm and, where there is one, of its control."""
    return tuple(Game.of(case, treatment) for treatment in (case.arm, case.control) if treatment is not None)


def twins_of(case: Case, games: Sequence[Game], some: slice = slice(None)) -> list[Twin]:
    """Twins whose outcome the shares need, or some of them: the untreated one, then those of the games."""
    places = [(game, mask) for game in games for mask in game.masks]
    chosen = [None, *places][some]
    return [(None, nothing(case.arm)) if place is None else place[0].twin(place[1]) for place in chosen]


def shared_gain(case: Case, games: Sequence[Game], values: FloatArray, *, by_group: bool = False) -> pd.DataFrame:
    """The table of `gain_shares` from the outcomes [twin, patient] of the twins."""
    untreated, rest = values[0], values[1:]
    parts: list[dict[tuple[str, str], FloatArray]] = []
    variance: dict[tuple[str, str], float] = {}
    for game in games:
        some, rest = rest[: len(game.masks)], rest[len(game.masks) :]
        parts.append(game.shared(untreated, some))
        for key, error in game.order_errors(some).items():
            variance[key] = variance.get(key, 0.0) + error**2
    keys = list(dict.fromkeys(key for part in parts for key in part))
    nobody = np.zeros(values.shape[1])
    of_arms = [np.stack([part.get(key, nobody) for key in keys]) for part in parts]
    arm, control = of_arms if case.control is not None else (of_arms[0], np.zeros_like(of_arms[0]))
    gain = arm - control
    in_groups = {name: in_each_group(rows) for name, rows in (("arm", arm), ("gain", gain))}
    table = pd.DataFrame(
        {
            "player": [key[0] for key in keys],
            "lever": [key[1] for key in keys],
            "arm": np.nanmean(arm, axis=1),
            "control": np.nanmean(control, axis=1),
            "gain": np.nanmean(gain, axis=1),
            "error": error_of_groups(in_groups["gain"]),
            "order_error": [variance.get(key, 0.0) ** 0.5 for key in keys],
        }
    )
    total = float(table["gain"].sum())
    table["share"] = table["gain"] / total if total != 0.0 else np.nan
    table = table[list(GAIN_COLUMNS)]
    if by_group:
        for name, groups in in_groups.items():
            table = table.assign(**dict(zip(group_columns(name), groups.T, strict=True)))
    return table


def in_each_group(rows: FloatArray) -> FloatArray:
    """Mean over each group of the reference patients [row, group], from values [row, patient]."""
    return mean_of(rows.reshape(len(rows), -1, GROUPS).swapaxes(1, 2))


def group_columns(column: str) -> list[str]:
    """Names of the columns that hold the value of a column in each group of the reference patients."""
    return [f"{column}_{number}" for number in range(GROUPS)]


@dataclass(frozen=True, slots=True)
class Game:
    """The coalitions of one arm's actions: (player, action) of each member, and how they are shared."""

    treatment: Treatment
    response: Response
    items: list[tuple[int, int]]
    terms: Terms
    masks: list[int]

    @classmethod
    def of(cls, case: Case, treatment: Treatment) -> Game:
        """The game of one arm."""
        rest = rest_of(case.network, case.condition)
        response = response_of(
            treatment.drive, case.scene.values, condition=case.condition, network=case.network, rest=rest
        )
        items = movers(treatment, response)
        groups = [
            [place for place, item in enumerate(items) if item[0] == player] for player in range(len(response.players))
        ]
        terms = terms_of(groups, seed=case.scene.seed, pairs=ORDERS)
        return cls(treatment, response, items, terms, masks_of(terms))

    def twin(self, mask: int) -> Twin:
        """The twin of one coalition."""
        kept = [item for place, item in enumerate(self.items) if mask >> place & 1]
        return self.treatment, only(self.response, kept) if kept else nothing(self.treatment)

    def shared(self, untreated: FloatArray, values: FloatArray) -> dict[tuple[str, str], FloatArray]:
        """Shares [patient] by (player, lever), which add up to the arm's outcome, from those of the twins."""
        value: Callable[[int], FloatArray] = lookup(self.masks, values)
        member_shares, _ = shares(self.terms, value)
        rows = {(UNTREATED, ""): untreated, (READING, ""): value(0) - untreated}
        for (player, number), share in zip(self.items, member_shares, strict=True):
            key = (self.treatment.labels[player], self.response.players[player].actions[number].lever)
            rows[key] = rows[key] + share if key in rows else share
        return rows

    def order_errors(self, values: FloatArray) -> dict[tuple[str, str], float]:
        """Standard error, from drawing orders, of the mean share of each (player, lever) that `shared` has."""
        _, errors = shares(self.terms, lookup(self.masks, np.nanmean(values, axis=1)))
        found: dict[tuple[str, str], float] = {}
        for (player, number), error in zip(self.items, errors, strict=True):
            key = (self.treatment.labels[player], self.response.players[player].actions[number].lever)
            # two actions on one lever are drawn in the same orders: their errors may add up
            found[key] = found.get(key, 0.0) + float(error)
        return found
