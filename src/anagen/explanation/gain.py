"""Shares of the gain in the primary endpoint, in its own unit: therapies and acts, and within each its levers.

Reference patients live through the same follicles, with the same draws, under every coalition of the arm's actions: a
coalition is the arm with the responses of all other actions at zero. The arm and its control are each shared from the
untreated course up, and subtracted row by row, so that

    gain against the control = sum over rows of (share in the arm - share in the control)

exactly. What an arm does without touching a lever comes first, as a row of its own: shifts of readings (vehicle,
injection, expectation) and grafts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from anagen.analysis.measures import measure_of
from anagen.core.arrays import FloatArray
from anagen.core.measures import RESPONDERS
from anagen.explanation.case import Case, Treatment
from anagen.explanation.coalitions import lookup, masks_of, shares, terms_of
from anagen.patients import Population
from anagen.scalp import Readings
from anagen.signalling import Response
from anagen.signalling.response import response_of
from anagen.trials import reference
from anagen.trials.observation import observe
from anagen.trials.reference import EXPECTED_AREA

TWINS_AT_ONCE = 24
UNTREATED = "untreated course"
READING = "readings and grafts"
COURSE_ROWS = (UNTREATED, READING)
GAIN_COLUMNS = ("player", "lever", "arm", "control", "gain", "error", "share")


def reference_patients(case: Case, patients: int) -> Population:
    """The patients who carry expected effects, the same as in a run of the study."""
    return reference.reference_patients(case.scene, patients)[0]


Twin = tuple[Treatment | None, Response]
"""Whose readings shift (None: nobody's), and the response under which patients live."""


def outcomes(case: Case, people: Population, twins: Sequence[Twin]) -> FloatArray:
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
            people,
            [() if treatment is None else treatment.prescriptions for treatment, _ in some],
            weeks=weeks,
            area=EXPECTED_AREA,
            site=1 if case.plan.split_scalp else 0,
            study_offset=False,
            responses=[response for _, response in some],
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
    flat = np.zeros((1,) * len(response.players) + (len(response.knots),))
    tables = tuple(
        tuple(table if (player, number) in kept else flat for number, table in enumerate(of_player))
        for player, of_player in enumerate(response.tables)
    )
    return replace(response, tables=tables)


def gain_shares(case: Case, people: Population) -> pd.DataFrame:
    """Shares of the arm, of its control, and of the gain, one row per player and lever.

    Returns
    -------
    pd.DataFrame
        Table with GAIN_COLUMNS: arm, control and gain in the unit of the primary measure, error: standard error of the
        gain over patients, share of the gain. The first two rows are the untreated course, and readings and grafts.
    """
    parts: list[tuple[list[tuple[str, str]], FloatArray]] = []
    for treatment in (case.arm, case.control):
        if treatment is not None:
            parts.append(_shared(case, people, treatment))
    keys = list(dict.fromkeys(key for part_keys, _ in parts for key in part_keys))
    arm, control = (
        np.stack([values[part_keys.index(key)] if key in part_keys else np.zeros(len(people)) for key in keys])
        for part_keys, values in (parts if case.control is not None else [*parts, ([], np.zeros((0, len(people))))])
    )
    gain = arm - control
    with np.errstate(invalid="ignore"):
        error = np.nanstd(gain, axis=1, ddof=1) / np.sqrt(np.isfinite(gain).sum(axis=1))
    table = pd.DataFrame(
        {
            "player": [key[0] for key in keys],
            "lever": [key[1] for key in keys],
            "arm": np.nanmean(arm, axis=1),
            "control": np.nanmean(control, axis=1),
            "gain": np.nanmean(gain, axis=1),
            "error": error,
        }
    )
    total = float(table["gain"].sum())
    table["share"] = table["gain"] / total if total != 0.0 else np.nan
    return table[list(GAIN_COLUMNS)]


def _shared(case: Case, people: Population, treatment: Treatment) -> tuple[list[tuple[str, str]], FloatArray]:
    """Keys (player, lever) and shares of every patient [row, patient] of one arm; they add up to its outcome."""
    response = response_of(treatment.drive, case.scene.values, condition=case.condition, network=case.network)
    items = movers(treatment, response)
    groups = [
        [place for place, item in enumerate(items) if item[0] == player] for player in range(len(response.players))
    ]
    terms = terms_of(groups)
    masks = masks_of(terms)
    if not items:
        masks = [0]

    def of(mask: int) -> Twin:
        kept = [item for place, item in enumerate(items) if mask >> place & 1]
        return treatment, only(response, kept) if kept else nothing(treatment)

    values = outcomes(case, people, [(None, nothing(treatment)), *(of(mask) for mask in masks)])
    untreated, rest = values[0], values[1:]
    value: Callable[[int], FloatArray] = lookup(masks, rest)
    member_shares, _ = shares(terms, value)
    keys = [(UNTREATED, ""), (READING, "")]
    rows = [untreated, value(0) - untreated]
    for (player, number), share in zip(items, member_shares, strict=True):
        key = (treatment.labels[player], response.players[player].actions[number].lever)
        if key in keys:
            rows[keys.index(key)] = rows[keys.index(key)] + share
        else:
            keys.append(key)
            rows.append(share)
    return keys, np.stack(rows)
