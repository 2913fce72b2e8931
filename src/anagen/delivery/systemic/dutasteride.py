"""Dutasteride by mouth: blood, both isoenzymes of 5-alpha-reductase, DHT of serum and scalp.

Absorption, two compartments with linear and saturable elimination, irreversible inhibition of enzymes that are made
anew, and turnover of DHT:

    dA1/dt = -ka A1                                             (after a lag)
    dA2/dt = ka A1 - CL C - Vmax C / (Km + C) - Q (C - A3 / Vp),    dA3/dt = Q (C - A3 / Vp),    C = A2 / Vc
    dEi/dt = ki (1 - Ei) - bi C Ei,    dDHT/dt = kout (s E2 + (1 - s) E1 - DHT)


A biopsy of scalp holds sebaceous glands, whose enzyme is type 1, and is not what the follicle senses: the papilla makes
DHT mostly by type 2. Both are tissues that meet a share of the concentration in serum, see `Tissue`.

References
----------
.. [1] Gisleskog 1999, Br J Clin Pharmacol 47:53 (blood)
.. [2] Olsson Gisleskog 1998, doi:10.1016/S0009-9236(98)90054-6 (enzymes and DHT)
.. [3] Scalp: fitted here to Olsen 2006, doi:10.1016/j.jaad.2006.05.007.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.delivery.doses import Doses

HOURS = 24.0
MICROGRAMS = 1000.0
BLOOD = (
    "absorption",
    "clearance",
    "central_volume",
    "exchange",
    "peripheral_volume",
    "saturable_rate",
    "saturable_half",
)
ENZYMES = ("turnover_type1", "turnover_type2", "binding_type1", "binding_type2")
Tissue = Literal["scalp", "papilla"]
"""Where DHT is made: the scalp as a biopsy has it, or the dermal papilla, which is what the follicle senses."""


@dataclass(frozen=True, slots=True)
class DutasterideCourse:
    """What dutasteride does over time; every array has shape [patient, time].

    Attributes
    ----------
    concentration : FloatArray
        In serum [ng/mL].
    type1 : FloatArray
        Active enzyme, 1 = untreated.
    type2 : FloatArray
        Active enzyme, 1 = untreated.
    serum_dht : FloatArray
        1 = untreated.
    tissue_dht : FloatArray
        1 = untreated.
    in_body : FloatArray
        Amount in gut, blood and tissues [mg].
    eliminated : FloatArray
        Amount that has left [mg]; with what is in the body, and doses before their lag, every dose.
    """

    concentration: FloatArray
    type1: FloatArray
    type2: FloatArray
    serum_dht: FloatArray
    tissue_dht: FloatArray
    in_body: FloatArray
    eliminated: FloatArray


def typical(values: Mapping[str, float], patients: int = 1, *, tissue: Tissue = "scalp") -> FloatArray:
    """Constants of the average patient and a tissue, one row per patient, for `dutasteride_course`."""
    row = [values[f"dutasteride_kinetics.{name}"] for name in BLOOD]
    row += [values[f"five_alpha_reductase.{name}"] for name in ENZYMES]
    row += [values["five_alpha_reductase.dht_elimination"], values["five_alpha_reductase.serum_type2_share"]]
    row += [values[f"dutasteride_kinetics.{tissue}_penetration"], values["dutasteride_kinetics.lag"]]
    return np.tile(np.array(row, dtype=np.float64), (patients, 1))


def dutasteride_course(
    doses: Doses, times: FloatArray, constants: FloatArray, *, type2_share: float, rtol: float = 1e-7
) -> DutasterideCourse:
    """Serum concentration, enzymes and DHT at given times.

    Parameters
    ----------
    doses : Doses
        In mg.
    times : FloatArray
        [day], not decreasing.
    constants : FloatArray
        Shape (n_patients, n_constants), as `typical` orders them.
    type2_share : float
        Share of the tissue's DHT made by type 2.
    rtol : float
        Relative tolerance.

    Returns
    -------
    DutasterideCourse
        Arrays of shape (n_patients, n_times).

    Raises
    ------
    ValueError
        Where times run backwards or doses and constants are of different numbers of patients.
    ArithmeticError
        Where the integration did not reach the end.

    Examples
    --------
    >>> from anagen.delivery.doses import repeated
    >>> from anagen.parameters import load_parameters
    >>> values = load_parameters().draw(1, 0)
    >>> course = dutasteride_course(
    ...     repeated(0.5, start=0, every=1, until=28), np.array([28.0]), typical(values), type2_share=0.41
    ... )
    >>> round(100 * (1 - float(course.serum_dht[0, 0])), 1)
    87.3
    """
    from anagen.delivery.systemic import dutasteride_kernel as kernel

    if not np.all(np.diff(times) >= 0.0):
        raise ValueError("times must not run backwards")
    patients = len(constants)
    state = np.zeros((kernel.STATES, patients, len(times)))
    failed = kernel.course(
        doses.days * HOURS,
        doses.for_patients(patients) * MICROGRAMS,
        np.ascontiguousarray(constants[:, -1]),
        np.asarray(times, dtype=np.float64) * HOURS,
        np.ascontiguousarray(constants[:, :-1]),
        rtol,
        state,
    )
    if failed:
        raise ArithmeticError(f"the course of dutasteride could not be integrated for {failed} patients")
    body = state[kernel.GUT] + state[kernel.CENTRAL] + state[kernel.PERIPHERAL]
    tissue = type2_share * state[kernel.TISSUE_TYPE2] + (1.0 - type2_share) * state[kernel.TISSUE_TYPE1]
    return DutasterideCourse(
        concentration=state[kernel.CENTRAL] / constants[:, kernel.VOLUME, None],
        type1=state[kernel.TYPE1],
        type2=state[kernel.TYPE2],
        serum_dht=state[kernel.DHT],
        tissue_dht=tissue,
        in_body=body / MICROGRAMS,
        eliminated=state[kernel.ELIMINATED] / MICROGRAMS,
    )
