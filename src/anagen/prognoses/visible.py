"""When a change is seen: the definitions by which people are counted as gaining, staying or losing.

Density and calibre: what a panel that compares photographs calls a gain or a loss (the endpoint `gpa`, Kaufman 1998).
It sees scalp hidden by hair, and hair lies across the scalp that has grown for the last T days:

    hidden(t) = 1 - exp(-integral of R from t - T to t),      R = share of its area that growing hair covers in a day

so that new hair is seen once it has grown out. Patchy loss: SALT falls by half (SALT50) or rises by RISE points. Shares
of people hold the error of the panel or rater, as published shares do; when a gain comes is told without it.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from anagen.core.arrays import FloatArray, IntArray
from anagen.core.calendar import DAYS_PER_WEEK
from anagen.patients import CONDITIONS, Population
from anagen.scalp.judging import COVERING_DAYS, Look, Session, coverage, grade, noise

COVERED, MAP = "coverage", "salt"
PANEL = ("outcomes.panel_gain", "outcomes.panel_loss", "outcomes.score_step")
"""Parameters of the panel: least change called a gain and a loss, step to the next grade [points of coverage]."""
HALF = 0.5
"""Share of SALT at the start to which it has to fall: SALT50, as trials of alopecia areata count responders."""
RISE = 10.0
"""Points by which SALT has to rise to be called a loss. Assumption: more than twice the error of a rater."""
LASTS = 12.0
"""Weeks for which a gain has to last to be the first that is seen; to the last week where fewer are left."""
GAINS, STAYS, LOSES = 1, 0, -1
BOUNDS = {"hairs": (0.0, np.inf), COVERED: (0.0, 1.0), MAP: (0.0, 100.0)}
"""Least and greatest value that can be."""


def judged_by(condition: str) -> str:
    """Endpoint by which a change is seen in a condition.

    Parameters
    ----------
    condition : str
        Its name.

    Returns
    -------
    str
        COVERED or MAP.

    Examples
    --------
    >>> judged_by("aga"), judged_by("aa")
    ('coverage', 'salt')
    """
    return MAP if CONDITIONS[condition].patches is not None else COVERED


def grown_out(covered: FloatArray, weeks: FloatArray, days: float) -> FloatArray:
    """Share of the scalp hidden by the hair of the last days, from the share that its present growth would hide.

    Before the first week growth is taken as in that week.

    Parameters
    ----------
    covered : FloatArray, shape (..., n_weeks)
        1 - exp(-days * R), the endpoint `coverage`.
    weeks : FloatArray, shape (n_weeks,)
        Evenly spaced, from 0.
    days : float
        Growth that lies across the scalp [day].

    Returns
    -------
    FloatArray, shape (..., n_weeks)
        0 to 1.

    Examples
    --------
    >>> grown_out(np.array([0.0, 0.5, 0.5]), np.array([0.0, 4.0, 8.0]), 56.0).round(2).tolist()
    [0.0, 0.16, 0.41]
    """
    rate = -np.log1p(-np.minimum(covered, 1.0 - 1e-12)) / days
    day = weeks * DAYS_PER_WEEK
    step = np.diff(day)
    grown = np.concatenate(
        [np.zeros_like(rate[..., :1]), np.cumsum(0.5 * (rate[..., 1:] + rate[..., :-1]) * step, axis=-1)], axis=-1
    )
    flat, rates = grown.reshape(-1, len(day)), rate.reshape(-1, len(day))
    start = day - days
    before = np.stack([np.interp(start, day, row) for row in flat]) + np.minimum(start, 0.0) * rates[:, :1]
    return coverage((flat - before) / days, days).reshape(covered.shape)


def seen_change(
    values: FloatArray,
    endpoint: str,
    weeks: FloatArray,
    parameters: Mapping[str, float],
    error: FloatArray | float = 0.0,
) -> IntArray:
    """Whether a change since the first week is seen.

    Parameters
    ----------
    values : FloatArray, shape (..., n_weeks)
        Of the endpoint.
    endpoint : str
        COVERED or MAP.
    weeks : FloatArray, shape (n_weeks,)
        Evenly spaced, from 0.
    parameters : Mapping[str, float]
        Parameter values.
    error : FloatArray or float
        Of the panel, from `panel_error` [points of coverage]; none where left out.

    Returns
    -------
    IntArray, shape (..., n_weeks)
        GAINS, STAYS or LOSES; STAYS in the first week.

    Examples
    --------
    >>> seen_change(np.array([60.0, 40.0, 30.0, 71.0]), MAP, np.arange(4.0), {}).tolist()
    [0, 0, 1, -1]
    """
    if endpoint == COVERED:
        hidden = grown_out(values, weeks, parameters[COVERING_DAYS])
        gain, loss, step = (parameters[name] for name in PANEL)
        called = grade(100.0 * (hidden - hidden[..., :1]) + error, gain, loss, step)
        return np.where(weeks > 0.0, np.sign(called), 0.0).astype(np.int64)
    start = values[..., :1]
    gains = (values <= HALF * start) & (start > 0.0)
    return gains.astype(np.int64) - (values >= start + RISE).astype(np.int64)


def panel_error(people: Population, weeks: FloatArray, parameters: Mapping[str, float], *, seed: int) -> FloatArray:
    """Error with which a panel sees the change of each person in each week: that of the endpoint `gpa`.

    Parameters
    ----------
    people : Population
        Whom it looks at.
    weeks : FloatArray, shape (n_weeks,)
        When.
    parameters : Mapping[str, float]
        Parameter values.
    seed : int
        Key of the draws.

    Returns
    -------
    FloatArray, shape (n_people, n_weeks)
        [percentage points of coverage].
    """
    nothing = np.zeros((len(people), len(weeks)))
    look = Look(Session(people, weeks * DAYS_PER_WEEK, parameters, seed, 0), nothing, nothing)
    return parameters["outcomes.panel_noise"] * noise(look, "gpa", parameters["outcomes.panel_persistence"])


def definition(endpoint: str, parameters: Mapping[str, float]) -> str:
    """What counts as seen, in a sentence or two.

    Parameters
    ----------
    endpoint : str
        COVERED or MAP.
    parameters : Mapping[str, float]
        Central values.

    Returns
    -------
    str
        With its source.
    """
    if endpoint == COVERED:
        gain, loss, _ = (parameters[name] for name in PANEL)
        return (
            "A gain is seen where a panel that compares photographs with those of the start calls it at least slightly "
            f"better: to its eye hair hides {gain:.1f} percentage points more of the scalp (a loss: {loss:.0f} fewer; "
            f"seven points, Kaufman 1998). Panels err, so that some are called better who are not treated. Hair counts "
            f"once it has grown out, after {parameters[COVERING_DAYS]:.0f} days."
        )
    return (
        "A gain is seen where SALT, the percentage of the scalp that is bare, falls to half of that at the start "
        f"(SALT50); a loss where it rises by {RISE:g} points or more (an assumption: more than twice a rater's error)."
    )


def first_seen(change: IntArray, weeks: FloatArray) -> FloatArray:
    """First week from which on a gain is seen for LASTS weeks; infinity where none is.

    Parameters
    ----------
    change : IntArray, shape (..., n_weeks)
        From `seen_change`.
    weeks : FloatArray, shape (n_weeks,)
        Their weeks.

    Returns
    -------
    FloatArray, shape (...)
        [week].

    Examples
    --------
    >>> first_seen(np.array([[0, 1, 0, 1], [0, -1, 0, 0]]), np.array([0.0, 8.0, 16.0, 24.0])).tolist()
    [24.0, inf]
    """
    gains = change == GAINS
    lasting = np.stack(
        [gains[..., (weeks >= week) & (weeks <= week + LASTS)].all(axis=-1) for week in weeks.tolist()], axis=-1
    )
    return np.where(lasting.any(axis=-1), weeks[lasting.argmax(axis=-1)], np.inf)
