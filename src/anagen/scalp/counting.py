"""Hairs that come off in a test: a share of those that are due, counted in whole hairs.

    mu = share * due                         due: what the endpoint's function of the hairs gives
    count ~ Poisson(person * mu)             person: log-normal of mean 1, stays with the patient

How hard somebody combs, washes or pulls differs between people and stays with them, so that a change within a patient
is known better than a difference between two.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.core.streams import Purpose, address_of, lognormals, uniforms
from anagen.scalp.judging import Look


@dataclass(frozen=True, slots=True)
class CountJudge:
    """Counts the hairs of a test; the fields name parameters.

    Attributes
    ----------
    share : str
        Of what is due, comes off: a share of the hairs shed, or days of shedding that come off at once.
    between : str
        Coefficient of variation of that between people.
    """

    share: str
    between: str

    def judge(self, look: Look, name: str) -> tuple[FloatArray, FloatArray, FloatArray]:
        """True and expected are the mean over people and counts; measured is one count, with the person in it."""
        session = look.session
        mean = session.values[self.share] * look.value
        patient, replicate = session.population.patient[:, None], session.population.replicate[:, None]
        person = lognormals(
            session.seed,
            Purpose.JUDGEMENT,
            cv=session.values[self.between],
            patient=patient,
            index=address_of(f"{name} person"),
            replicate=replicate,
        )
        u = uniforms(
            session.seed,
            Purpose.JUDGEMENT,
            patient=patient,
            item=session.hours,
            index=address_of(f"{name} {session.site}"),
            replicate=replicate,
        )
        return mean, mean, counted(person * mean, u)

    def parameter_names(self) -> tuple[str, ...]:
        """Names of the parameters read."""
        return self.share, self.between


def counted(mean: FloatArray, u: FloatArray) -> FloatArray:
    """Poisson counts by the inverse of their distribution; missing where the mean is.

    Parameters
    ----------
    mean : FloatArray
        Of the counts.
    u : FloatArray
        Uniform numbers, of the same shape.

    Returns
    -------
    FloatArray
        Whole numbers, of the shape of the means.

    Examples
    --------
    >>> counted(np.array([0.0, 10.0, np.nan]), np.array([0.9, 0.5, 0.5])).tolist()
    [0.0, 10.0, nan]
    """
    from scipy.special import pdtr, pdtrik

    some = np.where(mean > 0.0, mean, 1.0)
    count = np.ceil(pdtrik(u, some))
    count = np.where(pdtr(np.maximum(count - 1.0, 0.0), some) >= u, np.maximum(count - 1.0, 0.0), count)
    return np.where(np.isnan(mean), np.nan, np.where(mean > 0.0, count, 0.0))
