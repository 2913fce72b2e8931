"""How much less patients tell where their centres were randomised: the design effect.

    ICC = t^2 / (t^2 + s^2),    design effect = 1 + ((1 + c^2) m - 1) ICC

t is the standard deviation between centres of the outcome as the study states it, s that between patients of a centre
as they are simulated, m the mean number of patients of a centre and c the coefficient of variation of that number.

References
----------
.. [1] Eldridge, Ashby & Kerry 2006, doi:10.1093/ije/dyl129.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from anagen.scalp import ENDPOINTS
from anagen.study.conduct import Centres
from anagen.trials.observation import Scene, observe
from anagen.trials.protocol import Protocol
from anagen.trials.recruited import population_spec
from anagen.trials.screening import candidates

PATIENTS = 128
REPLICATE = 2**32 - 9
"""Number of the pseudo-trial whose patients tell how much they differ; no replicate of a study can have it."""


@dataclass(frozen=True, slots=True)
class DesignEffect:
    """What randomising centres costs.

    Attributes
    ----------
    between : float
        Standard deviation between centres [hairs/cm2].
    within : float
        Standard deviation between patients of a centre [hairs/cm2].
    correlation : float
        Intracluster correlation.
    factor : float
        Design effect.
    """

    between: float
    within: float
    correlation: float
    factor: float


def design_effect(between: float, within: float, size: float, variation: float = 0.0) -> DesignEffect:
    """The design effect of centres.

    Parameters
    ----------
    between : float
        Standard deviation between centres.
    within : float
        Standard deviation between patients of a centre, in the same unit.
    size : float
        Mean number of patients of a centre.
    variation : float
        Coefficient of variation of that number.

    Returns
    -------
    DesignEffect
        With the intracluster correlation.

    Examples
    --------
    >>> round(design_effect(3.0, 9.0, 11.0).factor, 3)
    2.0
    """
    total = between**2 + within**2
    correlation = between**2 / total if total > 0.0 else 0.0
    return DesignEffect(between, within, correlation, 1.0 + ((1.0 + variation**2) * size - 1.0) * correlation)


def spread_between(plan: Protocol, centres: Centres) -> float:
    """Standard deviation between centres of the primary outcome, mean of the arms [hairs/cm2].

    Parameters
    ----------
    plan : Protocol
        The study.
    centres : Centres
        As it states them.

    Returns
    -------
    float
        Of a change, or with what centres measure at every visit of a value.
    """
    of_change = 0.0 if centres.change_sd is None else centres.change_sd.value
    of_effect = 0.0 if centres.effect_sd is None else centres.effect_sd.value
    tested = np.mean([not arm.control for arm in plan.study.arms])
    always = centres.sd.value if plan.study.endpoints.primary.measure == "value" else 0.0
    return float(np.sqrt(of_change**2 + tested * of_effect**2 + always**2))


def design_effect_notes(plan: Protocol, values: Mapping[str, float], *, seed: int) -> tuple[str, ...]:
    """The design effect on the primary outcome, in a sentence or two.

    Parameters
    ----------
    plan : Protocol
        The study.
    values : Mapping[str, float]
        Parameter values.
    seed : int
        Key of the draws.

    Returns
    -------
    tuple of str
        Empty where patients are randomised.
    """
    design, choice = plan.study.design, plan.study.endpoints.primary
    if design.randomisation.method != "cluster" or design.centres is None:
        return ()
    if choice.measure not in ("change", "value"):
        return (f"The design effect of a {choice.measure.replace('_', ' ')} is not told: centres differ in hairs/cm2.",)
    scene = Scene(plan, population_spec(plan.study), values, seed)
    people = candidates(scene, np.arange(PATIENTS), REPLICATE)
    control = next((i for i, arm in enumerate(plan.study.arms) if arm.control), 0)
    weeks = np.array([0.0, choice.week])
    (reading,) = observe(scene, people, [plan.prescriptions[control]], weeks=weeks, area=plan.area, study_offset=False)
    measured = reading.measured[:, :, [endpoint.name for endpoint in plan.endpoints].index(choice.endpoint)]
    outcome = measured[:, 1] - measured[:, 0] if choice.measure == "change" else measured[:, 1]
    centres, n = design.centres, plan.n_patients
    size = n / centres.number
    shares = np.ones(centres.number) if centres.sizes == "equal" else np.asarray(centres.sizes, dtype=np.float64)
    # numbers that centres recruit vary by chance as well
    variation = float(np.sqrt((shares.std() / shares.mean()) ** 2 + 1.0 / size))
    found = design_effect(spread_between(plan, centres), float(np.nanstd(outcome, ddof=1)), size, variation)
    unit = ENDPOINTS[choice.endpoint].unit
    told = (
        f"Centres are randomised: {centres.number} of about {size:.3g} patients. Between them the outcome differs by "
        f"{found.between:.3g} {unit} (standard deviation, as stated), between patients of one by {found.within:.3g}: "
        f"an intracluster correlation of {found.correlation:.2g} and a design effect of {found.factor:.2f}, so that "
        f"{n} patients tell as much as {n / found.factor:.0f} who are randomised one by one."
    )
    if found.between == 0.0:
        told += " The study states no change_sd or effect_sd between centres, so that nothing is lost."
    return (told,)
