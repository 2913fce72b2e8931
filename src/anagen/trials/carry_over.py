"""What the first period of a crossover leaves behind: twins under both arms, who then wash out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from anagen.scalp import ENDPOINTS
from anagen.trials.crossover import within_period
from anagen.trials.observation import Scene, observe
from anagen.trials.protocol import Protocol
from anagen.trials.recruited import population_spec
from anagen.trials.screening import candidates

CARRY_OVER_PATIENTS = 64
CARRY_OVER_REPLICATE = 2**32 - 7
"""Number of the pseudo-trial in whose patients carry-over is looked at; no replicate of a study can have it."""
NEGLIGIBLE = 0.1
"""Share of an effect that may be left after the wash-out without a warning."""


@dataclass(frozen=True, slots=True)
class CarryOver:
    """How far the arm lies above its control when treatment ends, and after the wash-out.

    Attributes
    ----------
    at_end, after : float
        Expected differences in change from baseline [unit of the endpoint].
    error : float
        Standard error of the second.
    """

    at_end: float
    after: float
    error: float


def carry_over(plan: Protocol, values: Mapping[str, float], *, seed: int) -> CarryOver:
    """Carry-over of the primary endpoint in a crossover, in twins under both arms who then wash out.

    Parameters
    ----------
    plan : Protocol
        A crossover.
    values : Mapping[str, float]
        Parameter values.
    seed : int
        Key of the draws.

    Returns
    -------
    CarryOver
        First arm that is no control less the other.
    """
    scene = Scene(plan, population_spec(plan.study), values, seed)
    people = candidates(scene, np.arange(CARRY_OVER_PATIENTS), CARRY_OVER_REPLICATE)
    last = float(plan.weeks[-1])
    weeks = np.unique([0.0, last, plan.second])
    courses = [within_period(prescriptions, last) for prescriptions in plan.prescriptions]
    twins = observe(scene, people, courses, weeks=weeks, area=plan.area, study_offset=False)
    column = [endpoint.name for endpoint in plan.endpoints].index(plan.study.endpoints.primary.endpoint)
    tested = next((i for i, arm in enumerate(plan.study.arms) if not arm.control), 0)
    difference = (twins[tested].expected - twins[1 - tested].expected)[:, :, column]
    at_end, after = difference[:, np.searchsorted(weeks, last)], difference[:, np.searchsorted(weeks, plan.second)]
    n = np.sqrt(np.isfinite(after).sum())
    return CarryOver(float(np.nanmean(at_end)), float(np.nanmean(after)), float(np.nanstd(after, ddof=1) / n))


def carry_over_notes(plan: Protocol, values: Mapping[str, float], *, seed: int) -> tuple[str, ...]:
    """What is left of the first period at the baseline of the second, in a sentence or two.

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
        Empty for another layout.
    """
    if not plan.crossover:
        return ()
    found, endpoint = carry_over(plan, values, seed=seed), ENDPOINTS[plan.study.endpoints.primary.endpoint]
    tested = next((arm.name for arm in plan.study.arms if not arm.control), plan.arms[0])
    other = next(name for name in plan.arms if name != tested)
    unit = "" if endpoint.unit == "1" else f" {endpoint.unit}"
    washout = plan.study.design.washout or 0.0
    told = (
        f"Carry-over at central parameter values: {tested} lies {found.at_end:+.3g}{unit} from {other} in "
        f"{endpoint.title} after {plan.weeks[-1]:g} weeks, and {found.after:+.3g} (standard error {found.error:.2g}) "
        f"after {washout:g} weeks of wash-out, from which the second period starts."
    )
    if abs(found.after) <= NEGLIGIBLE * abs(found.at_end):
        return (told,)
    warning = (
        "Bear in mind: hair answers longer than this wash-out, so that the second period is no fresh start and the "
        "effect is estimated wrongly; give a longer washout, or use design.layout parallel."
    )
    return (f"{told} {warning}",)
