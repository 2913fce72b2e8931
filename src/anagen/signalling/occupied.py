"""Which inputs of the network an arm occupies, and how far: no network is needed to tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from anagen.delivery import Prescription
from anagen.signalling.exposed import MOST, exposed_to
from anagen.signalling.players import players_of
from anagen.signalling.times import FINE_PER_DAY, fine_days


def occupied_inputs(
    prescriptions: Sequence[Prescription], values: Mapping[str, float], *, end: float
) -> dict[str, Any]:
    """What an arm acts through, at its doses, up to day `end`.

    Parameters
    ----------
    prescriptions : Sequence[Prescription]
        Therapies of the arm.
    values : Mapping[str, float]
        Parameter values.
    end : float
        Last day.

    Returns
    -------
    dict
        `inputs`: the greatest occupancy, 0 to 1, of every input that is occupied at all; `beside`: levers moved beside
        the network.

    Examples
    --------
    >>> from anagen.delivery import ROUTES, sessions
    >>> from anagen.parameters import load_parameters
    >>> from anagen.therapies import THERAPIES
    >>> doses = sessions(start=0, every=2, number=3, amount=1e10)
    >>> vesicles = Prescription(THERAPIES["exosome"], ROUTES["intradermal"], doses)
    >>> sorted(occupied_inputs([vesicles], load_parameters().draw(1, 0), end=84.0)["inputs"])
    ['VESICLE_UPTAKE', 'VESICLE_WNT', 'WOUND']
    """
    fine = fine_days(max(end, 2.0 / FINE_PER_DAY))
    free: dict[str, float] = {}
    beside: list[str] = []
    for player in players_of(prescriptions):
        exposure = exposed_to(player, np.ones(1), fine, values, [])
        for entry in player.occupies:
            course = exposure.courses[entry.exposure][0]
            level = course if entry.half is None else course / (course + values[entry.half])
            greatest = min(float(level.max(initial=0.0)), MOST)
            if greatest > 0.0:
                free[entry.input] = free.get(entry.input, 1.0) * (1.0 - greatest)
        for action in player.actions:
            if action.half is not None and bool(exposure.courses[action.exposure].any()):
                beside.append(action.lever)
    inputs = {name: 1.0 - left for name, left in sorted(free.items())}
    return {"inputs": inputs, "beside": list(dict.fromkeys(beside))}
