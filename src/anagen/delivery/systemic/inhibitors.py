"""Other drugs that block a target in proportion to their dose: one chain of compartments, one Emax curve.

A dose passes a depot (gut or scalp) into the body and leaves it. The drug per day that would sustain what is there is
the exposure, and the share of the target that is blocked follows it:

    R(t) = k A(t) / F [dose per day],   blocked = maximum * R / (R + half)

R equals the daily dose at steady state, so that `half` is a dose. How much of the target the usual dose blocks in human
scalp was not found for any of these drugs: `half` and `maximum` are wide priors of grade C.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.core.registry import Registry
from anagen.delivery.compartments import Compartments, join, mean_amounts
from anagen.delivery.doses import Doses

Target = Literal["androgen receptor", "prostaglandin D2", "JAK1 and JAK2", "JAK3"]
HOURS = 24.0


@dataclass(frozen=True, slots=True)
class Inhibitor:
    """A drug that blocks one target.

    Args:
        name: as in a study file; parameters are `<name>_kinetics.*`. route: how it is given. target: what it blocks.
        dose_unit: of doses and of `half` (per day). slow: True where the effect outlasts the drug, because the target
        is bound for good, and `effect_half_life` says for how long.
    """

    name: str
    route: Literal["oral", "topical"]
    target: Target
    dose_unit: str = "mg"
    slow: bool = False


INHIBITORS: Registry[Inhibitor] = Registry(
    "inhibitor",
    {
        drug.name: drug
        for drug in (
            Inhibitor("bicalutamide", "oral", "androgen receptor"),
            Inhibitor("spironolactone", "oral", "androgen receptor"),
            Inhibitor("clascoterone", "topical", "androgen receptor"),
            Inhibitor("cetirizine", "topical", "prostaglandin D2"),
            Inhibitor("baricitinib", "oral", "JAK1 and JAK2"),
            Inhibitor("ritlecitinib", "oral", "JAK3", slow=True),
        )
    },
)


def body(drug: Inhibitor, values: Mapping[str, float]) -> Compartments:
    """Depot, body, bound target where the effect is slow, and what has left.

    Example:
        >>> from anagen.parameters import load_parameters
        >>> body(INHIBITORS["ritlecitinib"], load_parameters().draw(1, 0)).names
        ('depot', 'body', 'effect', 'gone')
    """
    absorbed = np.log(2.0) * HOURS / values[f"{drug.name}_kinetics.absorption_half_life"]
    cleared = np.log(2.0) * HOURS / values[f"{drug.name}_kinetics.half_life"]
    if drug.slow:
        lasting = np.log(2.0) * HOURS / values[f"{drug.name}_kinetics.effect_half_life"]
        flows = {("depot", "body"): absorbed, ("body", "effect"): cleared, ("effect", "gone"): lasting}
        return join(("depot", "body", "effect", "gone"), flows)
    return join(("depot", "body", "gone"), {("depot", "body"): absorbed, ("body", "gone"): cleared})


def exposure(drug: Inhibitor, doses: Doses, times: FloatArray, values: Mapping[str, float]) -> FloatArray:
    """Dose per day that would sustain what is there, mean from each time to the next, shape [patient, time - 1]."""
    system = body(drug, values)
    where = len(system.names) - 2
    held = mean_amounts(system, doses, times, into="depot")[:, :, where]
    return np.asarray(system.matrix[0, -1, where] * held, dtype=np.float64)
