"""Finasteride, by mouth or on the scalp: how far DHT of serum and scalp falls.

The fall follows the dose that the enzyme has seen of late, not the concentration in blood, which is gone within a day:

    x(t) = sum over doses of dose * k exp(-k (t - day)),    fall = maximum * x / (x + half)

x is a dose per day [mg/day] and equals the daily dose at steady state; k is the turnover of the enzyme. Maximum and
half were fitted to Drake 1999. A model with linear kinetics of blood and the published binding constant falls short
below 1 mg (24 % against 69 % at 0.2 mg) and is not used. Check that was not fitted: one dose of 1 mg lowers serum DHT
by 65 % after 24 h; so does product information say.

Topical: a share of what is applied reaches blood, measured as an area under the curve relative to 1 mg by mouth
(Caserini 2014); the scalp sees a local share on top, which nobody has measured in man.

The papilla's DHT falls by the share that type 2 makes there, times the share of type 2 that is inhibited. The latter is
the fall in serum over the share of serum DHT that type 2 makes: the biopsies of Drake 1999 hold sebaceous glands.

    papilla = papilla_type2_share * min(1, serum_maximum / serum_type2_share) * x / (x + scalp_half)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from anagen.core.arrays import FloatArray


@dataclass(frozen=True, slots=True)
class AndrogenFall:
    """Share of DHT removed, 0 to 1, in serum, scalp and papilla; the fall on placebo is not part of it."""

    serum: FloatArray
    scalp: FloatArray
    papilla: FloatArray


def steady_fall(daily_mg: FloatArray, values: Mapping[str, float]) -> AndrogenFall:
    """Share of DHT removed by a lasting dose per day: maximum * x / (x + half).

    Parameters
    ----------
    daily_mg : FloatArray
        Dose per day that the enzyme sees [mg], of any shape.
    values : Mapping[str, float]
        Parameter values.

    Returns
    -------
    AndrogenFall
        Falls of the shape of the doses.

    Examples
    --------
    >>> import numpy as np
    >>> from anagen.parameters import load_parameters
    >>> fall = steady_fall(np.array([1.0]), load_parameters("prior").draw(1, 0))
    >>> round(100 * float(fall.serum[0]), 1), round(100 * float(fall.scalp[0]), 1)
    (71.9, 57.9)
    """

    def emax(maximum: float, half: str) -> FloatArray:
        return maximum * daily_mg / (daily_mg + values[f"finasteride_kinetics.{half}"])

    serum_maximum = values["finasteride_kinetics.serum_maximum"]
    type2_inhibited = min(1.0, serum_maximum / values["five_alpha_reductase.serum_type2_share"])
    return AndrogenFall(
        serum=emax(serum_maximum, "serum_half"),
        scalp=emax(values["finasteride_kinetics.scalp_maximum"], "scalp_half"),
        papilla=emax(values["five_alpha_reductase.papilla_type2_share"] * type2_inhibited, "scalp_half"),
    )
