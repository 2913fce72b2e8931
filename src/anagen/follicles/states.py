"""Follicles where the tables start, kept: what screening has simulated, the trial goes on from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from anagen.core.arrays import FloatArray, IntArray
from anagen.follicles.lanes import AHEAD, LANES, N_DRAWS, N_MARKS, N_STATE


class States(NamedTuple):
    """States of the follicles of some patients.

    A patient's follicles stand side by side, in groups of at most LANES; rows are those of `lanes.Lanes`.

    Attributes
    ----------
    state : FloatArray, shape (N_STATE, n_places)
        Rows PHASE_START to RECOVERY.
    marks : IntArray, shape (N_MARKS, n_places)
        Rows FOLLICLE to LIVE.
    draws : FloatArray, shape (AHEAD, N_DRAWS, n_places)
        Rows EXOGEN_FACTOR to HAZARD_EXPOSURE of the present cycle and the next ones.
    order : IntArray, shape (n_places,)
        Places within the group, ordered by sensitivity class and follicle.
    ends : IntArray, shape (n_groups, n_classes + 1)
        Those of class k are order[ends[k]:ends[k + 1]].
    first_place : IntArray, shape (n_patients,)
        First place of each patient.
    first_group : IntArray, shape (n_patients,)
        First group of each patient.
    places : int
        Places dealt out so far, of these patients and of those before them.
    groups : int
        Groups dealt out so far.
    """

    state: FloatArray
    marks: IntArray
    draws: FloatArray
    order: IntArray
    ends: IntArray
    first_place: IntArray
    first_group: IntArray
    places: int
    groups: int

    def of(self, rows: IntArray) -> States:
        """The states of some patients, by their rows; nothing is copied."""
        return self._replace(first_place=self.first_place[rows], first_group=self.first_group[rows])


def room_for(counts: IntArray, n_classes: int, *, behind: States | None = None, spare: float = 0.0) -> States:
    """Room for the states of patients, to be filled by `kernel.begin`.

    Parameters
    ----------
    counts : IntArray, shape (n_patients,)
        Follicles of each.
    n_classes : int
        Sensitivity classes.
    behind : States or None
        Of other patients; the room behind theirs is used where there is enough of it.
    spare : float
        Further room for patients to come, over that for these.

    Returns
    -------
    States
        With places and groups dealt out.

    Examples
    --------
    >>> room_for(np.array([3, 400]), 16).first_group.tolist()
    [0, 1]
    """
    groups = -(-counts // LANES)
    n_places, n_groups = int(counts.sum()), int(groups.sum())
    if behind is None or behind.places + n_places > len(behind.order) or behind.groups + n_groups > len(behind.ends):
        places, rows = int(n_places * (1.0 + spare)), int(n_groups * (1.0 + spare))
        behind = States(
            state=np.empty((N_STATE, places)),
            marks=np.empty((N_MARKS, places), dtype=np.int64),
            draws=np.zeros((AHEAD, N_DRAWS, places)),
            order=np.empty(places, dtype=np.int64),
            ends=np.empty((rows, n_classes + 1), dtype=np.int64),
            first_place=np.zeros(0, dtype=np.int64),
            first_group=np.zeros(0, dtype=np.int64),
            places=0,
            groups=0,
        )
    return behind._replace(
        first_place=behind.places + np.cumsum(counts) - counts,
        first_group=behind.groups + np.cumsum(groups) - groups,
        places=behind.places + n_places,
        groups=behind.groups + n_groups,
    )


def joined(parts: Sequence[States]) -> States:
    """States of several groups of patients as one, patients of the first part first.

    Parameters
    ----------
    parts : Sequence[States]
        One or more.

    Returns
    -------
    States
        Nothing is copied where the parts stand in one room.
    """
    rooms = list({id(part.order): part for part in parts}.values())
    places, groups, n_places, n_groups = dict[int, int](), dict[int, int](), 0, 0
    for room in rooms:
        places[id(room.order)], groups[id(room.order)] = n_places, n_groups
        n_places, n_groups = n_places + len(room.order), n_groups + len(room.ends)

    def together(name: str, axis: int) -> Any:
        arrays = [getattr(room, name) for room in rooms]
        return arrays[0] if len(arrays) == 1 else np.concatenate(arrays, axis=axis)

    return States(
        state=together("state", 1),
        marks=together("marks", 1),
        draws=together("draws", 2),
        order=together("order", 0),
        ends=together("ends", 0),
        first_place=np.concatenate([part.first_place + places[id(part.order)] for part in parts]),
        first_group=np.concatenate([part.first_group + groups[id(part.order)] for part in parts]),
        places=n_places,
        groups=n_groups,
    )
