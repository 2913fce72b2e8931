"""Follicle by follicle: phase, hair and growth on days, recorded by the kernel where it adds up the same hairs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from anagen.core.arrays import BoolArray, FloatArray, IntArray
from anagen.follicles.arguments import N_SUMS, SUMS, Follicles, Surgery
from anagen.follicles.board import COLUMNS
from anagen.follicles.cycle import ANAGEN as GROWS
from anagen.follicles.engine import FollowUp, LeverSource, TargetArea, block_rows, run_kernel, visits_of
from anagen.follicles.grafts import Healing, Planting, planted
from anagen.follicles.kernel import begin
from anagen.follicles.lanes import FOLLICLE, LANES
from anagen.follicles.process import FollicleParameters
from anagen.follicles.states import States, room_for
from anagen.follicles.tables import LeverRows

PHASES = ("anagen", "catagen", "telogen", "kenogen", "not planted")
"""Phases by their number; a graft is not planted until after its surgery."""
ANAGEN, CATAGEN, TELOGEN, KENOGEN, NOT_PLANTED = range(5)
CLASSES = ("none", "vellus", "intermediate", "terminal")
"""Classes of hair by their number, parted at the two thresholds of the reading."""
PHASES_EACH = 8
"""Phases of a follicle for which room is made first; where they are more, the kernel runs again with twice the room."""


@dataclass(frozen=True, slots=True)
class FollicleStates:
    """Follicles of one target area of one patient under one course of levers; a hair is one that can be counted.

    Attributes
    ----------
    days : FloatArray, shape (n_days,)
        Days from baseline.
    follicle : IntArray, shape (n_follicles,)
        Numbers, increasing; grafts count from the first of their session.
    phase : IntArray, shape (n_follicles, n_days)
        Number in PHASES. A follicle in early anagen may still hold its club hair, or be empty.
    diameter : FloatArray, shape (n_follicles, n_days)
        Of the hair; 0 where there is none [um].
    club : BoolArray, shape (n_follicles, n_days)
        Whether the hair is a club hair.
    growth : FloatArray, shape (n_follicles, n_days)
        Of the hair; 0 for a club hair and without hair [mm/day].
    length : FloatArray, shape (n_follicles, n_days)
        Of the hair if it was never cut, at its present rate of growth throughout; not a number where it began to grow
        before what the kernel remembers [mm].
    thresholds : FloatArray, shape (2,)
        Least diameter of a non-vellus and of a terminal hair [um].
    added : IntArray, shape (n_follicles,)
        Rows in the order in which the kernel adds them up.
    grafted : bool
        Whether they are grafts of one session.
    """

    days: FloatArray
    follicle: IntArray
    phase: IntArray
    diameter: FloatArray
    club: BoolArray
    growth: FloatArray
    length: FloatArray
    thresholds: FloatArray
    added: IntArray
    grafted: bool = False

    @property
    def shown(self) -> BoolArray:
        """Whether the follicle shows a hair, shape (n_follicles, n_days)."""
        return self.diameter > 0.0

    @property
    def hair_class(self) -> IntArray:
        """Number in CLASSES, shape (n_follicles, n_days)."""
        thicker = (self.diameter[..., None] >= self.thresholds).sum(axis=-1)
        return np.where(self.shown, 1 + thicker, 0)

    def sums(self, detection: FloatArray, into: FloatArray | None = None) -> FloatArray:
        """Add hairs up as the kernel does, in its order: the same bytes.

        Parameters
        ----------
        detection : FloatArray, shape (n_diameters,)
            Chance that a hair of 0, 1, 2, ... um is detected.
        into : FloatArray or None, shape (n_days, 2 * N_SUMS)
            Sums that are added to; None for new ones.

        Returns
        -------
        FloatArray, shape (n_days, 2 * N_SUMS)
            `arguments.SUMS`, first over all hairs, then over detected ones. Hairs shed fell between days and are no
            state of a follicle: they stand as not a number.
        """
        sums = np.zeros((len(self.days), 2 * N_SUMS)) if into is None else into
        d, growth, present = self.diameter, self.growth, self.shown * 1.0
        place = np.minimum(len(detection) - 2, d.astype(np.int64))
        chance = detection[place] + (detection[place + 1] - detection[place]) * np.minimum(1.0, d - place)
        terminal = present * (d >= self.thresholds[1])
        followed = present * ((d[:, :1] > 0.0) & (d[:, :1] >= self.thresholds[0]))
        of_all = {
            "hairs": present,
            "nonvellus": present * (d >= self.thresholds[0]),
            "terminal": terminal,
            "anagen": present * ~self.club,
            "diameter": d,
            "mass_rate": d * d * growth,
            "growth_rate": growth,
            "shed": np.full_like(d, np.nan),
            "terminal_diameter": terminal * d,
            "followed": followed,
            "followed_diameter": followed * d,
        }
        seen = present * chance
        # in the kernel's order of factors: the product of three numbers depends on it
        weighted = of_all | {name: seen * of_all[name] for name in SUMS if not name.endswith("_diameter")}
        weighted |= {"terminal_diameter": seen * terminal * d, "followed_diameter": seen * followed * d}
        values = np.stack([of_all[name] for name in SUMS] + [weighted[name] for name in SUMS], axis=-1)
        for first in range(0, len(self.added), LANES):
            group = values[self.added[first : first + LANES]]
            columns = np.zeros((COLUMNS, *group.shape[1:]))
            for start in range(0, len(group), COLUMNS):
                part = group[start : start + COLUMNS]
                columns[: len(part)] += part
            while len(columns) > 1:
                half = len(columns) // 2
                columns = columns[:half] + columns[half:]
            sums += columns[0]
        return sums


def follicle_states(target: TargetArea, levers: LeverSource, follow_up: FollowUp) -> list[list[FollicleStates]]:
    """States of the native follicles of patients on the visits of a follow-up: what `engine.hair_sums` adds up.

    Parameters
    ----------
    target : TargetArea
        The follicles; where their states at the start of the tables are kept they go on from there.
    levers : LeverSource
        Gives every patient the same number of twins.
    follow_up : FollowUp
        Process, visits, grid and seed.

    Returns
    -------
    list[list[FollicleStates]]
        For each patient, one for each twin.

    Raises
    ------
    ValueError
        Where a target area holds more follicles than the address allows.
    """
    rows = np.arange(len(target.population), dtype=np.int64)
    twins, counts = levers(target.population), target.counts(follow_up.reading.area)
    follicles = target.follicles(rows, counts, follow_up.grid, len(twins))
    treated = block_rows(twins, target.sensitivity, follow_up)
    return recorded(follicles, treated, follow_up, kept=target.states)


def graft_states(
    donor: TargetArea, plantings: Sequence[Planting], levers: LeverSource, healing: Healing, follow_up: FollowUp
) -> list[list[list[FollicleStates]]]:
    """States of grafts on the visits of a follow-up: what `grafts.graft_sums` adds up.

    Parameters
    ----------
    donor : TargetArea
        As in `grafts.graft_sums`.
    plantings : Sequence[Planting]
        Sessions.
    levers : LeverSource
        As in `grafts.graft_sums`.
    healing : Healing
        What follows surgery.
    follow_up : FollowUp
        Process, visits, grid and seed.

    Returns
    -------
    list[list[list[FollicleStates]]]
        For each session, patient and twin.

    Raises
    ------
    ValueError
        Where a session puts more follicles into the target area than can be addressed.
    """
    rows = np.arange(len(donor.population), dtype=np.int64)
    twins = levers(donor.population)
    treated = block_rows(twins, donor.sensitivity, follow_up)
    sessions: list[list[list[FollicleStates]]] = []
    for planting in plantings:
        follicles, surgery = planted(donor, planting, rows, healing, follow_up)
        # a twin stands as a patient of its own
        flat = [row[0] for row in recorded(follicles, treated, follow_up, surgery=surgery)]
        sessions.append([flat[i : i + len(twins)] for i in range(0, len(flat), len(twins))])
    return sessions


def recorded(
    follicles: Follicles,
    levers: LeverRows,
    follow_up: FollowUp,
    *,
    surgery: Surgery | None = None,
    kept: States | None = None,
) -> list[list[FollicleStates]]:
    """Run the kernel with both of its records and put them together.

    Parameters
    ----------
    follicles : Follicles
        Where they are and how they begin.
    levers : LeverRows
        Rows that the patients point to.
    follow_up : FollowUp
        Process, visits, grid and seed.
    surgery : Surgery or None
        The session in which they are planted; None for native follicles.
    kept : States or None
        Of the follicles where the tables start; None to work them out.

    Returns
    -------
    list[list[FollicleStates]]
        For each patient of `follicles`, one for each of its rows.
    """
    visits, process = visits_of(follow_up), follow_up.process
    if kept is None:
        sensitivity = levers.sensitivity[follicles.first_row]
        kept = room_for(follicles.counts, sensitivity.shape[1])
        with_hazard = surgery is None and bool(levers.attack[:, :-1].any())
        begin(follow_up.seed, follicles, surgery is not None, with_hazard, process.constants(), sensitivity, kept)
    n = int((follicles.counts * follicles.n_rows).sum())
    hairs, room = np.zeros((n, 2, len(visits.days))), PHASES_EACH * n + 1
    while True:
        events = np.zeros((room, 9))
        _sums, n_events = run_kernel(
            follicles,
            levers,
            process,
            visits,
            seed=follow_up.seed,
            surgery=surgery,
            states=kept,
            events=events,
            kept=hairs,
        )
        if n_events < room:
            break
        room *= 2
    events = events[:n_events]
    states: list[list[FollicleStates]] = []
    first = 0
    for q, count in enumerate(follicles.counts.tolist()):
        numbers = _in_order(kept, int(kept.first_place[q]), count)
        of_patient: list[FollicleStates] = []
        for row in range(int(follicles.first_row[q]), int(follicles.first_row[q] + follicles.n_rows[q])):
            ordered = np.argsort(numbers)
            of_row = events[np.searchsorted(events[:, 0], row) : np.searchsorted(events[:, 0], row, side="right")]
            record = Record(hairs[first : first + count][ordered], of_row, numbers[ordered])
            phase, length = record.followed(visits.days, process, float(follicles.growth_rate[q]), surgery)
            of_patient.append(
                FollicleStates(
                    days=follow_up.reading.visits,
                    follicle=record.follicle - follicles.first,
                    phase=phase,
                    diameter=np.abs(record.hairs[:, 0]),
                    club=record.hairs[:, 0] < 0.0,
                    growth=record.hairs[:, 1],
                    length=length,
                    thresholds=visits.thresholds,
                    added=np.argsort(ordered),
                    grafted=surgery is not None,
                )
            )
            first += count
        states.append(of_patient)
    return states


def _in_order(kept: States, place: int, count: int) -> IntArray:
    """Numbers of a patient's follicles in the order in which the kernel adds them up."""
    numbers = np.empty(count, dtype=np.int64)
    for start in range(0, count, LANES):
        stop = min(start + LANES, count)
        order = kept.order[place + start : place + stop]
        numbers[start:stop] = kept.marks[FOLLICLE, place + start + order]
    return numbers


@dataclass(frozen=True, slots=True)
class Record:
    """What the kernel wrote of the follicles of one row.

    Attributes
    ----------
    hairs : FloatArray, shape (n_follicles, 2, n_days)
        Diameter, less than 0 for a club hair [um], and growth [mm/day].
    events : FloatArray, shape (n_events, 9)
        Phases, ordered by follicle and time; see `kernel.go_on`.
    follicle : IntArray, shape (n_follicles,)
        Numbers, increasing.
    """

    hairs: FloatArray
    events: FloatArray
    follicle: IntArray

    def followed(
        self, days: FloatArray, process: FollicleParameters, terminal_rate: float, surgery: Surgery | None
    ) -> tuple[IntArray, FloatArray]:
        """Phase and length of hair on every day.

        A hair is `emergence_length` long on the day from which it counts; from there to the end of its anagen it has
        grown at the rate that goes with its diameter now.

        Parameters
        ----------
        days : FloatArray, shape (n_days,)
            Days after the start of the tables.
        process : FollicleParameters
            The follicle's parameters.
        terminal_rate : float
            Growth of a terminal hair [mm/day].
        surgery : Surgery or None
            For grafts.

        Returns
        -------
        phase : IntArray, shape (n_follicles, n_days)
            Number in PHASES.
        length : FloatArray, shape (n_follicles, n_days)
            [mm].
        """
        phase = np.full((len(self.follicle), len(days)), NOT_PLANTED, dtype=np.int64)
        length = np.zeros(phase.shape)
        rows = np.searchsorted(self.follicle, self.events[:, 1].astype(np.int64))
        starts = np.searchsorted(days, self.events[:, 4], side="left")
        ends = np.searchsorted(days, self.events[:, 5], side="left")
        span = process.terminal_growth_diameter - process.vellus_diameter
        faster = terminal_rate - process.vellus_growth_rate
        kind, start, end, fall, counted = (self.events[:, column] for column in (3, 4, 5, 7, 8))
        first = np.concatenate([[True], rows[1:] != rows[:-1]])[: len(rows)]
        # a hair that rests from the first has left no trace of its anagen where the follicle began with this rest, or
        # was planted in it
        known = np.where(first, (kind != GROWS) & (counted <= start) & (surgery is None), True)
        # while it grows a follicle holds the club of the rest before
        last = np.maximum.accumulate(np.where(first | (kind != GROWS), np.arange(len(rows)), 0))
        began, rested = (np.where(known, column, np.nan)[last] for column in (counted, start))
        # one entry for each event and day, in the order of events
        each = np.maximum(ends - starts, 0)
        of = np.repeat(np.arange(len(rows)), each)
        day = np.arange(len(of)) - np.repeat(np.cumsum(each) - each - starts, each)
        at, t = rows[of], days[day]
        signed = self.hairs[at, 0, day]
        share = (np.abs(signed) - process.vellus_diameter) / span
        rate = process.vellus_growth_rate + faster * np.clip(share, 0.0, 1.0)
        growing = process.emergence_length + (np.minimum(t, end[of]) - counted[of]) * rate
        resting = process.emergence_length + (rested[of] - began[of]) * rate
        length[at, day] = np.where(signed > 0.0, growing, np.where(signed < 0.0, resting, 0.0))
        held = np.where(fall[of] > t, TELOGEN, KENOGEN)
        ended = np.where(t < start[of] + process.catagen_duration, CATAGEN, held)
        phase[at, day] = np.where(kind[of] == GROWS, ANAGEN, ended)
        if surgery is not None:
            phase[:, days <= surgery.day] = NOT_PLANTED
        return phase, length
