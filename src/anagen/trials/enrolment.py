"""The calendar of a trial: when each patient is enrolled, when the last one is out, what is known at a time.

Patients arrive by a Poisson process with the intensity

    lambda(t) = r t / R  for t < R,  r afterwards

with r patients a week and a ramp of R weeks; the k-th arrives where the cumulated intensity reaches the sum of k unit
exponentials.

References
----------
.. [1] Anisimov & Fedorov 2007, doi:10.1002/sim.2956.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from anagen.core.arrays import BoolArray, FloatArray, IntArray
from anagen.core.streams import Purpose, uniforms
from anagen.study.conduct import WEEKS, Enrolment
from anagen.trials.protocol import Protocol


def enrolled_weeks(rule: Enrolment, n_patients: int, replicates: IntArray, *, seed: int) -> FloatArray:
    """Week of enrolment of every patient, counted from the opening of recruitment.

    Parameters
    ----------
    rule : Enrolment
        Rate and ramp.
    n_patients : int
        Of each trial.
    replicates : IntArray, shape (n_trials,)
        Numbers of the trials.
    seed : int
        Key of the draws.

    Returns
    -------
    FloatArray, shape (n_trials, n_patients)
        Increasing in each trial [week].

    Examples
    --------
    >>> weeks = enrolled_weeks(Enrolment(per_month=10), 200, np.arange(50), seed=1)
    >>> error = 200**0.5 / 10 * WEEKS["month"] / 50**0.5
    >>> bool(abs(weeks[:, -1].mean() - 20 * WEEKS["month"]) < 3.0 * error)
    True
    """
    u = uniforms(seed, Purpose.ENROLMENT, patient=np.arange(n_patients), replicate=np.asarray(replicates)[:, None])
    arrivals = np.cumsum(-np.log(u), axis=1)
    rate, ramp = rule.per_month / WEEKS["month"], rule.ramp.value
    early = np.sqrt(2.0 * ramp * arrivals / rate)
    return np.where(early < ramp, early, arrivals / rate + 0.5 * ramp)


@dataclass(frozen=True, slots=True)
class Calendar:
    """When what happens in trials, in weeks from the opening of recruitment.

    Attributes
    ----------
    enrolled : FloatArray, shape (n_trials, n_patients)
        Enrolment.
    visits : FloatArray, shape (n_trials, n_patients, n_visits)
        Visits as they take place, attended or not.
    weeks : FloatArray, shape (n_visits,)
        Nominal weeks of the visits.
    """

    enrolled: FloatArray
    visits: FloatArray
    weeks: FloatArray

    @property
    def last_in(self) -> FloatArray:
        """Last patient in [trial]."""
        return self.enrolled.max(axis=1)

    @property
    def last_out(self) -> FloatArray:
        """Last visit of the last patient [trial]."""
        return self.visits[:, :, -1].max(axis=1)

    def at_fraction(self, fraction: float, at: float, has: BoolArray) -> FloatArray:
        """Time at which a share of the outcomes that come to be measured is known [trial].

        Parameters
        ----------
        fraction : float
            Information fraction, above 0 and at most 1.
        at : float
            Nominal week of the outcome.
        has : BoolArray, shape (n_trials, n_patients)
            Who comes to have it.

        Returns
        -------
        FloatArray, shape (n_trials,)
            [week]; NaN where nobody has one.
        """
        times = np.sort(np.where(has, self.visits[:, :, self._visit(at)], np.inf), axis=1)
        n = has.sum(axis=1)
        place = np.maximum(np.ceil(fraction * n - 1e-9).astype(np.int64), 1) - 1
        found = times[np.arange(len(times)), place]
        return np.where(n > 0, found, np.nan)

    def known_at(self, time: float | FloatArray, at: float, has: BoolArray | None = None) -> BoolArray:
        """Whose outcome is known at a time of the calendar, for an interim look.

        Parameters
        ----------
        time : float or FloatArray, shape (n_trials,)
            Weeks from the opening of recruitment.
        at : float
            Nominal week of the outcome.
        has : BoolArray or None, shape (n_trials, n_patients)
            Who comes to have it; None for everybody.

        Returns
        -------
        BoolArray, shape (n_trials, n_patients)
            True where it is known.
        """
        then = np.broadcast_to(np.asarray(time, dtype=np.float64), (len(self.enrolled),))
        known = self.visits[:, :, self._visit(at)] <= then[:, None]
        return known if has is None else known & has

    def _visit(self, at: float) -> int:
        return int(np.flatnonzero(self.weeks == at)[0])


def calendar_of(plan: Protocol, replicates: IntArray, *, seed: int) -> Calendar | None:
    """The calendar of trials; None in a study that does not say how fast patients are enrolled.

    Parameters
    ----------
    plan : Protocol
        The study.
    replicates : IntArray, shape (n_trials,)
        Numbers of the trials.
    seed : int
        Key of the draws.

    Returns
    -------
    Calendar or None
        Of the trials.
    """
    design, measurement = plan.study.design, plan.study.measurement
    if design.enrolment is None:
        return None
    numbers = np.asarray(replicates, dtype=np.int64)
    enrolled = enrolled_weeks(design.enrolment, plan.n_patients, numbers, seed=seed)
    window = 0.0 if measurement.window is None else measurement.window.value
    u = uniforms(
        seed,
        Purpose.ENROLMENT,
        patient=np.arange(plan.n_patients)[:, None],
        item=1 + np.arange(len(plan.weeks)),
        replicate=numbers[:, None, None],
    )
    early = np.where(plan.weeks > 0.0, window * (2.0 * u - 1.0), 0.0)
    # of a crossover the visits of the second period, which end it and complete an outcome
    start = enrolled + (design.wash_in or 0.0) + (plan.second if plan.crossover else 0.0)
    return Calendar(enrolled, start[:, :, None] + plan.weeks + early, plan.weeks)
