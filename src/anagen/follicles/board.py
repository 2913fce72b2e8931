"""Adding up hairs at visits, several visits at a time.

The sums of one row of tables are collected on a board of shape [chunk of visits, N_BOARD, CHUNK]: for every visit the
sums, then the visit's day and smoothed calibre target, then a hair's diameter, growth, presence and detection chance.
All of it lies in one array so that the compiler sees that the rows do not overlap and uses vector instructions.
"""

from __future__ import annotations

from anagen.core.arrays import FloatArray
from anagen.core.compiled import inlined, merged
from anagen.core.elementary import exponential
from anagen.follicles.arguments import N_SUMS, Visits
from anagen.follicles.process import ProcessConstants

HAIRS, NONVELLUS, TERMINAL, IN_ANAGEN, DIAMETERS, MASS_RATES, GROWTH_RATES, SHED = 0, 1, 2, 3, 4, 5, 6, 7
SEEN = 8
"""Add this to the number of a sum for the one weighted by detection."""

CHUNK = 8
"""Visits read together."""
DAY, SMOOTHED, DIAMETER, GROWTH, PRESENT, DETECTED = 16, 17, 18, 19, 20, 21
N_BOARD = 22


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


@merged
def add_hair(
    begin: int,
    end: int,
    growing: float,
    shaft: float,
    gap: float,
    t_calibre: float,
    t_emerging: float,
    terminal_rate: float,
    p: ProcessConstants,
    visits: Visits,
    board: FloatArray,
) -> None:
    """Add a hair to the sums of some visits.

    Its calibre is `growing * W(t) + exp(-growing * calibre_rate * (t - t_calibre)) * gap`; its length is the time since
    `t_emerging` at the present growth rate.

    Parameters
    ----------
    begin : int
        First visit.
    end : int
        The visit behind the last.
    growing : float
        1 in anagen, 0 at rest.
    shaft : float
        Shaft diameter at calibre 1 [um].
    gap : float
        Calibre over its smoothed target at `t_calibre`.
    t_calibre : float
        Days after the start of the tables when the calibre was known.
    t_emerging : float
        Days after the start of the tables when the hair began to lengthen.
    terminal_rate : float
        Growth of a terminal hair [mm/day].
    p : ProcessConstants
        Of the follicle.
    visits : Visits
        Thresholds and detection.
    board : FloatArray, shape (n_chunks, N_BOARD, CHUNK)
        Sums that are added to.
    """
    thresholds, detection = visits.thresholds, visits.detection
    nonvellus_from, terminal_from = thresholds[0], thresholds[1]
    rate = growing * p.calibre_rate
    per_um = 1.0 / (p.terminal_growth_diameter - p.vellus_diameter)
    for chunk in range(begin // CHUNK, (end + CHUNK - 1) // CHUNK):
        for j in range(CHUNK):
            v = chunk * CHUNK + j
            t = board[chunk, DAY, j]
            d = shaft * (growing * board[chunk, SMOOTHED, j] + exponential(rate * (t_calibre - t)) * gap)
            growth = p.vellus_growth_rate + (terminal_rate - p.vellus_growth_rate) * min(
                1.0, max(0.0, (d - p.vellus_diameter) * per_um)
            )
            board[chunk, DIAMETER, j] = d
            board[chunk, GROWTH, j] = growth * growing
            board[chunk, PRESENT, j] = (
                1.0 if v >= begin and v < end and (t - t_emerging) * growth >= p.emergence_length else 0.0
            )
        for j in range(CHUNK):
            board[chunk, DETECTED, j] = chance_seen(detection, board[chunk, DIAMETER, j])
        for j in range(CHUNK):
            d, growth, present = board[chunk, DIAMETER, j], board[chunk, GROWTH, j], board[chunk, PRESENT, j]
            seen = present * board[chunk, DETECTED, j]
            nonvellus = 1.0 if d >= nonvellus_from else 0.0
            terminal = 1.0 if d >= terminal_from else 0.0
            mass_rate = d * d * growth
            board[chunk, HAIRS, j] += present
            board[chunk, NONVELLUS, j] += present * nonvellus
            board[chunk, TERMINAL, j] += present * terminal
            board[chunk, IN_ANAGEN, j] += present * growing
            board[chunk, DIAMETERS, j] += present * d
            board[chunk, MASS_RATES, j] += present * mass_rate
            board[chunk, GROWTH_RATES, j] += present * growth
            board[chunk, SEEN + HAIRS, j] += seen
            board[chunk, SEEN + NONVELLUS, j] += seen * nonvellus
            board[chunk, SEEN + TERMINAL, j] += seen * terminal
            board[chunk, SEEN + IN_ANAGEN, j] += seen * growing
            board[chunk, SEEN + DIAMETERS, j] += seen * d
            board[chunk, SEEN + MASS_RATES, j] += seen * mass_rate
            board[chunk, SEEN + GROWTH_RATES, j] += seen * growth


@merged
def clear_board(board: FloatArray) -> None:
    """Set every sum to zero.

    Parameters
    ----------
    board : FloatArray, shape (n_chunks, N_BOARD, CHUNK)
        Sums.
    """
    for chunk in range(board.shape[0]):
        for s in range(2 * N_SUMS):
            for j in range(CHUNK):
                board[chunk, s, j] = 0.0


@merged
def add_board(board: FloatArray, sums: FloatArray) -> None:
    """Add the sums on the board to those of a row.

    Parameters
    ----------
    board : FloatArray, shape (n_chunks, N_BOARD, CHUNK)
        Sums on the board.
    sums : FloatArray, shape (n_visits, 2 * N_SUMS)
        Sums of the row.
    """
    for v in range(sums.shape[0]):
        for s in range(2 * N_SUMS):
            sums[v, s] += board[v // CHUNK, s, v % CHUNK]


@inlined
def add_shed(begin: int, day: float, seen: float, visits: Visits, sums: FloatArray) -> int:
    """Count a shed hair at every visit whose window holds the day on which it fell.

    Parameters
    ----------
    begin : int
        Visit from which the search begins.
    day : float
        Days after the start of the tables when the hair fell.
    seen : float
        Chance that it is detected.
    visits : Visits
        Days and window.
    sums : FloatArray, shape (n_visits, 2 * N_SUMS)
        Sums that are added to.

    Returns
    -------
    int
        First visit on or after that day.
    """
    days, window = visits.days, visits.shed_window
    n_visits = days.shape[0]
    while begin < n_visits and days[begin] < day:
        begin += 1
    v = begin
    while v < n_visits and days[v] - window < day:
        sums[v, SHED] += 1.0
        sums[v, SEEN + SHED] += seen
        v += 1
    return begin
