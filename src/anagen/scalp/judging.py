"""How an eye judges: scalp hidden by hair, and scores of change on seven points with the noise of whoever judges.

    coverage C = 1 - exp(-days * R)                  R: covering rate [1/day], area that growing hairs cover in a day
    latent   y = 100 (C(t) - C(0)) + expectation + noise                                         [percentage points]
    score    number of gains cut by y, minus number of losses cut:
             gains at gain, gain + step, gain + 2 step; losses at -loss, -loss - step, -loss - 2 step

Noise is normal: a part belongs to the patient (the baseline picture, the person) and stays, the rest to the visit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from anagen.core.arrays import FloatArray, IntArray
from anagen.core.streams import Purpose, address_of, normals
from anagen.patients import Population

CATEGORIES = 3
"""Grades of gain and of loss; with "no change" they make the seven-point scale from -3 to +3."""
COVERING_DAYS = "outcomes.covering_days"


@dataclass(frozen=True, slots=True)
class Session:
    """Patients looked at in one target area on visits: what every reading of them shares.

    Attributes
    ----------
    population : Population
        The patients.
    visits : FloatArray, shape (n_visits,)
        Days from baseline.
    values : Mapping[str, float]
        Parameter values.
    seed : int
        Key of the draws.
    site : int
        Number of the target area on the scalp, for draws.
    """

    population: Population
    visits: FloatArray
    values: Mapping[str, float]
    seed: int
    site: int = 0

    @property
    def hours(self) -> IntArray:
        """Hours from baseline to each visit, which address its draws, shape (1, n_visits)."""
        return np.rint(self.visits * 24.0).astype(np.int64)[None, :]


@dataclass(frozen=True, slots=True)
class Look:
    """What is judged.

    Attributes
    ----------
    session : Session
        Of whom, and when; the first visit is the baseline.
    value : FloatArray, shape (n_patients, n_visits)
        What the endpoint's function makes of all hairs, such as the covering rate [1/day].
    expectation : FloatArray, shape (n_patients, n_visits)
        Points that a patient adds for being treated.
    """

    session: Session
    value: FloatArray
    expectation: FloatArray


class Judge(Protocol):
    """Turns what is to be seen of all hairs into readings."""

    def judge(self, look: Look, name: str) -> tuple[FloatArray, FloatArray, FloatArray]:
        """True, expected and measured reading [patient, visit]; the endpoint's name is part of the draws' address."""
        ...

    def parameter_names(self) -> tuple[str, ...]:
        """Names of the parameters read."""
        ...


def coverage(rate: FloatArray, days: float) -> FloatArray:
    """Share of scalp hidden by hairs that lie at random: 1 - exp(-days * rate).

    Parameters
    ----------
    rate : FloatArray
        Sum of diameter * growth of growing hairs over the area [1/day], of any shape.
    days : float
        Growth that lies across the scalp [day].

    Returns
    -------
    FloatArray
        Share, 0 to 1, of the shape of the rate.

    References
    ----------
    Boolean model of random cover, Hall 1988, ISBN 978-0-471-85702-0; its one constant after Van Neste 2021,
    doi:10.20517/2347-9264.2020.220.

    Examples
    --------
    >>> coverage(np.array([0.0, 0.02]), 50.0).round(3).tolist()
    [0.0, 0.632]
    """
    return -np.expm1(-days * rate)


def noise(look: Look, name: str, persistence: float) -> FloatArray:
    """Standard normal noise, of which a part of the variance stays with the patient.

    Parameters
    ----------
    look : Look
        What is judged.
    name : str
        Of the endpoint, part of the draws' address.
    persistence : float
        Share of the variance that stays.

    Returns
    -------
    FloatArray, shape (n_patients, n_visits)
        One number for each visit.
    """
    session = look.session
    index = address_of(f"{name} {session.site}")
    patient, replicate = session.population.patient[:, None], session.population.replicate[:, None]
    # nothing is judged at baseline, so that hour 0 is free to address what stays
    lasting = normals(session.seed, Purpose.JUDGEMENT, patient=patient, item=0, index=index, replicate=replicate)
    passing = normals(
        session.seed, Purpose.JUDGEMENT, patient=patient, item=session.hours, index=index, replicate=replicate
    )
    return np.sqrt(persistence) * lasting + np.sqrt(1.0 - persistence) * passing


def grade(latent: FloatArray, gain: float, loss: float, step: float) -> FloatArray:
    """Score of a latent change: gain cuts reached minus loss cuts reached.

    Parameters
    ----------
    latent : FloatArray
        Change as it is perceived [percentage points of coverage], of any shape.
    gain : float
        Least change called a gain.
    loss : float
        Least fall called a loss.
    step : float
        Further points to the next grade.

    Returns
    -------
    FloatArray
        Scores, -3 to +3, of the shape of the changes.

    Examples
    --------
    >>> grade(np.array([-40.0, 0.0, 5.0, 14.0, 60.0]), 4.0, 14.0, 9.0).tolist()
    [-3.0, 0.0, 1.0, 2.0, 3.0]
    """
    steps = step * np.arange(CATEGORIES)
    up = (latent[..., None] >= gain + steps).sum(axis=-1)
    down = (latent[..., None] <= -(loss + steps)).sum(axis=-1)
    return (up - down).astype(np.float64)


def mean_grade(latent: FloatArray, sd: float, gain: float, loss: float, step: float) -> FloatArray:
    """Mean score over normal noise: sum of the chances to reach each cut.

    Parameters
    ----------
    latent : FloatArray
        Change as it is perceived without noise [percentage points of coverage], of any shape.
    sd : float
        Standard deviation of the noise [percentage points].
    gain : float
        Least change called a gain.
    loss : float
        Least fall called a loss.
    step : float
        Further points to the next grade.

    Returns
    -------
    FloatArray
        Mean scores, -3 to +3, of the shape of the changes.
    """
    from scipy.special import ndtr

    steps = step * np.arange(CATEGORIES)
    up = ndtr((latent[..., None] - gain - steps) / sd).sum(axis=-1)
    down = ndtr((-latent[..., None] - loss - steps) / sd).sum(axis=-1)
    return np.asarray(up - down, dtype=np.float64)


@dataclass(frozen=True, slots=True)
class CoverageJudge:
    """Reads the share of scalp hidden; `error` names the parameter of its standard deviation between visits."""

    error: str

    def judge(self, look: Look, name: str) -> tuple[FloatArray, FloatArray, FloatArray]:
        """True and expected coverage are the same; the measured one has an error beside."""
        values = look.session.values
        hidden = coverage(look.value, values[COVERING_DAYS])
        measured = np.clip(hidden + values[self.error] * noise(look, name, 0.0), 0.0, 1.0)
        return hidden, hidden, measured

    def parameter_names(self) -> tuple[str, ...]:
        """Names of the parameters read."""
        return COVERING_DAYS, self.error


@dataclass(frozen=True, slots=True)
class ScoreJudge:
    """Scores change since baseline on seven points; the fields name parameters.

    Attributes
    ----------
    gain : str
        Least change called a gain [percentage points of coverage].
    loss : str
        Least change called a loss [percentage points of coverage].
    step : str
        Further points to the next grade.
    noise : str
        Standard deviation [percentage points].
    persistence : str
        Share of its variance that stays with the patient.
    expects : bool, default False
        True where the expectation of being treated is felt.
    """

    gain: str
    loss: str
    step: str
    noise: str
    persistence: str
    expects: bool = False

    def judge(self, look: Look, name: str) -> tuple[FloatArray, FloatArray, FloatArray]:
        """True: the score of a judge without noise and expectation; expected: mean over noise; measured: one score."""
        values = look.session.values
        hidden = coverage(look.value, values[COVERING_DAYS])
        change = 100.0 * (hidden - hidden[..., :1])
        cuts = (values[self.gain], values[self.loss], values[self.step])
        felt = change + look.expectation if self.expects else change
        sd = values[self.noise]
        readings = (
            grade(change, *cuts),
            mean_grade(felt, sd, *cuts),
            grade(felt + sd * noise(look, name, values[self.persistence]), *cuts),
        )
        follow_up = look.session.visits > 0.0
        true, expected, measured = (np.where(follow_up, reading, 0.0) for reading in readings)
        return true, expected, measured

    def parameter_names(self) -> tuple[str, ...]:
        """Names of the parameters read."""
        return COVERING_DAYS, self.gain, self.loss, self.step, self.noise, self.persistence
