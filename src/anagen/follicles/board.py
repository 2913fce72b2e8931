"""Adding up hairs at visits, several follicles at a time.

What the follicles of a group show is first put on a board, the diameter of a hair for every visit and follicle: below
zero for a club hair, 0 for none. Then the hairs of a visit are added up in COLUMNS columns, several in one instruction,
and the columns in a fixed order. So a sum does not depend on what else is read or simulated.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from anagen.core.arrays import FloatArray, IntArray
from anagen.core.compiled import inlined, merged
from anagen.core.elementary import exponential
from anagen.follicles.arguments import N_SUMS, Visits
from anagen.follicles.clocks import value_at
from anagen.follicles.lanes import LANES, whole_vectors
from anagen.follicles.process import ProcessConstants
from anagen.follicles.tables import LeverRows, RowTables, untreated_target

HAIRS, NONVELLUS, TERMINAL, IN_ANAGEN, DIAMETERS, MASS_RATES, GROWTH_RATES, SHED = range(8)
TERMINAL_DIAMETERS, FOLLOWED, FOLLOWED_DIAMETERS = range(8, N_SUMS)
SEEN = N_SUMS
"""Add this to the number of a sum for the one weighted by detection."""

DIAMETER, GROWING, DETECTED = range(2 * N_SUMS, 2 * N_SUMS + 3)
N_COLUMNS = 2 * N_SUMS + 3
"""Rows of `columns`: the sums, then diameter, growth, share in anagen and detection chance of the present hairs."""
COLUMNS = 16
"""Follicles that are added up side by side: a power of 2."""
STEEPEST = 700.0
"""The calibre's distance from its target fades by exp(-rate * t); up to this exponent it is tabulated for visits."""


class Board(NamedTuple):
    """Hairs of a group of follicles at visits, and what they are worked out from.

    Attributes
    ----------
    hairs : FloatArray, shape (n_visits, LANES)
        Diameter of a growing hair, less than 0 for a club hair, 0 for none [um].
    columns : FloatArray, shape (N_COLUMNS, COLUMNS)
        Sums of a visit by column, and the hairs that are being added.
    thickening : FloatArray, shape (n_visits,)
        Of growing hairs.
    smoothed : FloatArray, shape (n_classes, n_visits)
        Smoothed calibre target.
    fading : FloatArray, shape (n_visits,)
        exp(-calibre_rate * day).
    first_visit : IntArray, shape (n_days,)
        First visit not before each whole day.
    """

    hairs: FloatArray
    columns: FloatArray
    thickening: FloatArray
    smoothed: FloatArray
    fading: FloatArray
    first_visit: IntArray


@merged
def room_for_board(n_classes: int, visits: Visits, p: ProcessConstants) -> Board:
    """A board for some visits.

    Parameters
    ----------
    n_classes : int
        Sensitivity classes.
    visits : Visits
        When hairs are read.
    p : ProcessConstants
        Of the follicles.

    Returns
    -------
    Board
        Empty.
    """
    n_visits = visits.days.shape[0]
    n_days = max(0, int(visits.days[n_visits - 1])) + 2 if n_visits > 0 else 1
    board = Board(
        np.zeros((n_visits, LANES)),
        np.zeros((N_COLUMNS, COLUMNS)),
        np.zeros(n_visits),
        np.zeros((n_classes, n_visits)),
        np.zeros(n_visits),
        np.zeros(n_days, dtype=np.int64),
    )
    v = 0
    for day in range(n_days):
        while v < n_visits and visits.days[v] < day:
            v += 1
        board.first_visit[day] = v
    for v in range(n_visits):
        board.fading[v] = exponential(-p.calibre_rate * visits.days[v])
    return board


@merged
def prepare_row(
    row: int, levers: LeverRows, p: ProcessConstants, tables: RowTables, per_day: float, visits: Visits, board: Board
) -> None:
    """Look up what all hairs of a row share at the visits.

    Parameters
    ----------
    row : int
        Row of the levers.
    levers : LeverRows
        Of all rows.
    p : ProcessConstants
        Of the follicles.
    tables : RowTables
        Of the row.
    per_day : float
        Grid points to a day.
    visits : Visits
        When hairs are read.
    board : Board
        Filled here.
    """
    for v in range(visits.days.shape[0]):
        board.thickening[v] = value_at(tables.thickening, 0, 1.0, visits.days[v], per_day)
    for k in range(levers.sensitivity.shape[1]):
        before = untreated_target(levers.sensitivity[row, k], p)
        for v in range(visits.days.shape[0]):
            board.smoothed[k, v] = value_at(tables.smoothed, k, before, visits.days[v], per_day)


@merged
def clear_board(n: int, board: Board) -> None:
    """Take away every hair.

    Parameters
    ----------
    n : int
        Number of follicles to come.
    board : Board
        Cleared here.
    """
    for v in range(board.hairs.shape[0]):
        for i in range(whole_vectors(n)):
            board.hairs[v, i] = 0.0


@inlined
def chance_seen(detection: FloatArray, diameter: float) -> float:
    """Chance that a hair is detected, linear between whole micrometres.

    Parameters
    ----------
    detection : FloatArray, shape (n_diameters,)
        Chance for 0, 1, 2, ... um.
    diameter : float
        Of the hair [um].

    Returns
    -------
    float
        0 to 1.
    """
    i = min(detection.shape[0] - 2, int(diameter))
    return float(detection[i] + (detection[i + 1] - detection[i]) * min(1.0, diameter - i))


@inlined
def visit_from(least: int, day: float, days: FloatArray, board: Board) -> int:
    """First visit that is not before a day.

    Parameters
    ----------
    least : int
        No earlier visit counts.
    day : float
        [day].
    days : FloatArray, shape (n_visits,)
        Of the visits, increasing.
    board : Board
        Knows where to begin.

    Returns
    -------
    int
        n_visits where there is none.
    """
    whole = int(min(max(day, 0.0), float(board.first_visit.shape[0] - 1)))
    v = board.first_visit[whole]
    while v < days.shape[0] and days[v] < day:
        v += 1
    return max(least, v)


@inlined
def growth_shown(diameter: float, per_um: float, terminal_rate: float, p: ProcessConstants) -> float:
    """Growth that a hair of a diameter has in anagen; `cycle.growth_rate` with the division made once.

    Parameters
    ----------
    diameter : float
        Of the hair [um].
    per_um : float
        1 / (terminal_growth_diameter - vellus_diameter) [1/um].
    terminal_rate : float
        Growth of a terminal hair [mm/day].
    p : ProcessConstants
        Of the follicle.

    Returns
    -------
    float
        [mm/day].
    """
    return p.vellus_growth_rate + (terminal_rate - p.vellus_growth_rate) * min(
        1.0, max(0.0, (diameter - p.vellus_diameter) * per_um)
    )


@merged
def keep_hairs(n: int, first: int, terminal_rate: float, p: ProcessConstants, board: Board, kept: FloatArray) -> None:
    """Copy what is on the board, follicle by follicle: what `add_hairs` adds up.

    Parameters
    ----------
    n : int
        Number of follicles.
    first : int
        First place in the record.
    terminal_rate : float
        Growth of a terminal hair [mm/day].
    p : ProcessConstants
        Of the follicles.
    board : Board
        With hairs.
    kept : FloatArray, shape (n_follicles, 2, n_visits)
        Diameter as on the board [um] and growth [mm/day], filled here.
    """
    per_um = 1.0 / (p.terminal_growth_diameter - p.vellus_diameter)
    for v in range(board.hairs.shape[0]):
        for i in range(n):
            diameter = board.hairs[v, i]
            kept[first + i, 0, v] = diameter
            kept[first + i, 1, v] = growth_shown(diameter, per_um, terminal_rate, p) if diameter > 0.0 else 0.0


@merged
def add_hairs(
    n: int, terminal_rate: float, p: ProcessConstants, visits: Visits, board: Board, sums: FloatArray
) -> None:
    """Add the hairs on the board to the sums of a row.

    Parameters
    ----------
    n : int
        Number of follicles.
    terminal_rate : float
        Growth of a terminal hair [mm/day].
    p : ProcessConstants
        Of the follicles.
    visits : Visits
        Thresholds and detection.
    board : Board
        With hairs.
    sums : FloatArray, shape (n_visits, 2 * N_SUMS)
        Sums that are added to.
    """
    hairs, columns = board.hairs, board.columns
    nonvellus_from, terminal_from = visits.thresholds[0], visits.thresholds[1]
    per_um = 1.0 / (p.terminal_growth_diameter - p.vellus_diameter)
    for v in range(sums.shape[0]):
        for s in range(2 * N_SUMS):
            for j in range(COLUMNS):
                columns[s, j] = 0.0
        for first in range(0, n, COLUMNS):
            # not a fixed number: a compiler writes short loops of known length out, follicle by follicle
            there = min(COLUMNS, whole_vectors(n) - first)
            for j in range(there):
                columns[DIAMETER, j] = abs(hairs[v, first + j])
                columns[GROWING, j] = 1.0 if hairs[v, first + j] > 0.0 else 0.0
            for j in range(there):
                columns[DETECTED, j] = chance_seen(visits.detection, columns[DIAMETER, j])
            for j in range(there):
                d, growing, begun = columns[DIAMETER, j], columns[GROWING, j], abs(hairs[0, first + j])
                present = 1.0 if d > 0.0 else 0.0
                seen = present * columns[DETECTED, j]
                nonvellus = present if d >= nonvellus_from else 0.0
                terminal = present if d >= terminal_from else 0.0
                followed = present if begun > 0.0 and begun >= nonvellus_from else 0.0
                growth = growing * growth_shown(d, per_um, terminal_rate, p)
                mass_rate = d * d * growth
                columns[HAIRS, j] += present
                columns[NONVELLUS, j] += nonvellus
                columns[TERMINAL, j] += terminal
                columns[IN_ANAGEN, j] += growing
                columns[DIAMETERS, j] += d
                columns[TERMINAL_DIAMETERS, j] += terminal * d
                columns[FOLLOWED, j] += followed
                columns[FOLLOWED_DIAMETERS, j] += followed * d
                columns[MASS_RATES, j] += mass_rate
                columns[GROWTH_RATES, j] += growth
                columns[SEEN + HAIRS, j] += seen
                columns[SEEN + NONVELLUS, j] += seen * nonvellus
                columns[SEEN + TERMINAL, j] += seen * terminal
                columns[SEEN + IN_ANAGEN, j] += seen * growing
                columns[SEEN + DIAMETERS, j] += seen * d
                columns[SEEN + TERMINAL_DIAMETERS, j] += seen * terminal * d
                columns[SEEN + FOLLOWED, j] += seen * followed
                columns[SEEN + FOLLOWED_DIAMETERS, j] += seen * followed * d
                columns[SEEN + MASS_RATES, j] += seen * mass_rate
                columns[SEEN + GROWTH_RATES, j] += seen * growth
        for s in range(2 * N_SUMS):
            half = COLUMNS // 2
            while half > 0:
                for j in range(half):
                    columns[s, j] += columns[s, j + half]
                half //= 2
            sums[v, s] += columns[s, 0]


@inlined
def add_shed(least: int, day: float, seen: float, visits: Visits, board: Board, sums: FloatArray) -> None:
    """Count a shed hair at every visit whose window holds the day on which it fell.

    Parameters
    ----------
    least : int
        No earlier visit counts.
    day : float
        Days after the start of the tables when the hair fell.
    seen : float
        Chance that it is detected.
    visits : Visits
        Days and window.
    board : Board
        Knows where to begin.
    sums : FloatArray, shape (n_visits, 2 * N_SUMS)
        Sums that are added to.
    """
    days, window = visits.days, visits.shed_window
    v = visit_from(least, day, days, board)
    while v < days.shape[0] and days[v] - window < day:
        sums[v, SHED] += 1.0
        sums[v, SEEN + SHED] += seen
        v += 1
