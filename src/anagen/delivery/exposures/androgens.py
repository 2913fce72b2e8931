"""Share of the papilla's DHT removed by finasteride and dutasteride."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.delivery.exposures.exposure import Exposure, Kinetics, ends
from anagen.delivery.prescription import Prescription
from anagen.delivery.systemic.dutasteride import BLOOD, ENZYMES, dutasteride_course, typical

LOG2 = float(np.log(2.0))


def seen_by_enzyme(prescription: Prescription, grid: FloatArray, values: Mapping[str, float]) -> FloatArray:
    """Finasteride that the enzyme has seen of late [mg/day], see `anagen.delivery.systemic.finasteride`."""
    from anagen.delivery.kinetics import dose_rate

    doses = prescription.doses
    return dose_rate(doses.days, doses.amounts, grid, LOG2 / values["finasteride_kinetics.enzyme_turnover"])


def finasteride_oral(
    prescription: Prescription, scales: FloatArray, grid: FloatArray, values: Mapping[str, float]
) -> Exposure:
    """Finasteride of tablets that the enzyme has seen of late [mg/day]."""
    return Exposure({"main": np.multiply.outer(scales, seen_by_enzyme(prescription, grid, values))})


def finasteride_topical(
    prescription: Prescription, scales: FloatArray, grid: FloatArray, values: Mapping[str, float]
) -> Exposure:
    """The same of finasteride applied to the scalp: what blood brings and a local share on top."""
    share = values["finasteride_kinetics.topical_systemic"] + values["finasteride_kinetics.topical_local"]
    return Exposure({"main": np.multiply.outer(scales, share * seen_by_enzyme(prescription, grid, values))})


def dht_removed(courses: Mapping[str, FloatArray], values: Mapping[str, float]) -> Mapping[str, FloatArray]:
    """Share of the papilla's DHT removed by all finasteride that the enzyme sees: maximum * x / (x + half)."""
    from anagen.delivery.systemic.finasteride import steady_fall

    return {"main": steady_fall(courses["main"], values).papilla}


def dutasteride(
    prescription: Prescription, scales: FloatArray, grid: FloatArray, values: Mapping[str, float]
) -> Exposure:
    """Share of the papilla's DHT removed, mean of both ends of each interval; blood and enzymes follow within days."""
    doses = prescription.doses
    course = dutasteride_course(
        doses.scaled(scales),
        ends(grid),
        typical(values, len(scales), tissue="papilla"),
        type2_share=values["five_alpha_reductase.papilla_type2_share"],
    )
    fall = 1.0 - course.tissue_dht
    # before the first dose the enzymes rest, exactly
    fall[:, ends(grid) <= (doses.days[0] if len(doses.days) else np.inf)] = 0.0
    return Exposure({"main": np.clip(0.5 * (fall[:, 1:] + fall[:, :-1]), 0.0, 1.0)})


TYPE2_FALL = (
    "finasteride_kinetics.enzyme_turnover",
    "finasteride_kinetics.serum_maximum",
    "finasteride_kinetics.scalp_half",
    "five_alpha_reductase.serum_type2_share",
    "five_alpha_reductase.papilla_type2_share",
)
"""What decides how far finasteride lowers the papilla's DHT; what a biopsy of scalp holds does not."""
FINASTERIDE_ORAL = Kinetics(
    "finasteride-oral",
    finasteride_oral,
    (*TYPE2_FALL, "finasteride_kinetics.oral_cv"),
    "Fitted to Drake 1999, J Am Acad Dermatol 41:550",
    dht_removed,
    spread="finasteride_kinetics.oral_cv",
)
FINASTERIDE_TOPICAL = Kinetics(
    "finasteride-topical",
    finasteride_topical,
    (*TYPE2_FALL, "finasteride_kinetics.topical_"),
    "Caserini 2014 (areas under the curve)",
    dht_removed,
    spread="finasteride_kinetics.topical_cv",
)
DUTASTERIDE = Kinetics(
    "dutasteride",
    dutasteride,
    (
        *(f"dutasteride_kinetics.{name}" for name in (*BLOOD, "lag", "papilla_penetration", "exposure_cv")),
        *(f"five_alpha_reductase.{name}" for name in (*ENZYMES, "dht_elimination", "serum_type2_share")),
        "five_alpha_reductase.papilla_type2_share",
    ),
    "Gisleskog 1999; Olsson Gisleskog 1998, doi:10.1016/S0009-9236(98)90054-6",
    in_proportion=False,
    spread="dutasteride_kinetics.exposure_cv",
)
