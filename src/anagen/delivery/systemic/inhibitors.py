"""Other drugs that block a target in proportion to their dose: one chain of compartments, one Emax curve.

A dose passes a depot (gut or scalp) into the body and leaves it. The drug per day that would sustain what is there is
the exposure, and the share of the target that is blocked follows it:

    R(t) = k A(t) / F [dose per day],   blocked = maximum * R / (R + half)

R equals the daily dose at steady state, so that `half` is a dose. How much of the target the usual dose blocks in human
scalp was not found for any of these drugs: `half` and `maximum` are wide priors of grade C.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.delivery.compartments import Compartments, join, mean_amounts
from anagen.delivery.doses import Doses
from anagen.therapies.kinetics import Inhibitor

HOURS = 24.0


def body(drug: Inhibitor, values: Mapping[str, float]) -> Compartments:
    """Depot, body, bound target where the effect is slow, and what has left.

    Examples
    --------
    >>> from anagen.parameters import load_parameters
    >>> slow = Inhibitor("ritlecitinib_kinetics", "JAK3", slow=True)
    >>> body(slow, load_parameters().draw(1, 0)).names
    ('depot', 'body', 'effect', 'gone')
    """
    absorbed = np.log(2.0) * HOURS / values[f"{drug.prefix}.absorption_half_life"]
    cleared = np.log(2.0) * HOURS / values[f"{drug.prefix}.half_life"]
    if drug.slow:
        lasting = np.log(2.0) * HOURS / values[f"{drug.prefix}.effect_half_life"]
        flows = {("depot", "body"): absorbed, ("body", "effect"): cleared, ("effect", "gone"): lasting}
        return join(("depot", "body", "effect", "gone"), flows)
    return join(("depot", "body", "gone"), {("depot", "body"): absorbed, ("body", "gone"): cleared})


def exposure(drug: Inhibitor, doses: Doses, times: FloatArray, values: Mapping[str, float]) -> FloatArray:
    """Dose per day that would sustain what is there, mean from each time to the next, shape [patient, time - 1]."""
    system = body(drug, values)
    where = len(system.names) - 2
    held = mean_amounts(system, doses, times, into="depot")[:, :, where]
    return np.asarray(system.matrix[0, -1, where] * held, dtype=np.float64)
