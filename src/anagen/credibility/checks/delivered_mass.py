"""Mass balance: what was given is somewhere, by every kind of delivery."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.core.calendar import DAYS_PER_WEEK
from anagen.credibility.checks.finding import Case, Finding
from anagen.delivery.compartments import amounts
from anagen.delivery.doses import Doses
from anagen.delivery.prescription import REFERENCE_AREA
from anagen.delivery.skin.topical import topical_course
from anagen.delivery.systemic import minoxidil
from anagen.delivery.systemic.inhibitors import body
from anagen.delivery.vesicles.disposition import vesicle_course, vesicle_rates
from anagen.reports.numbers import significant
from anagen.therapies.kinetics import Inhibitor

STANDARD_DAYS: FloatArray = np.array([0.0, 14.0, 28.0, 42.0, 56.0, 70.0])
MOST_DOSES = 200
"""Doses followed; a daily drug repeats itself long before."""


def check_delivered_mass(case: Case) -> Finding:
    """Largest relative difference between what was given and what the courses hold, on the study's own days of dosing.

    Vesicles in the dermis and on the skin, minoxidil on the skin and in the blood, an inhibitor by mouth.
    """
    doses, whose = _doses(case)
    times = np.arange(0.0, float(case.plan.weeks[-1]) * DAYS_PER_WEEK + 1.0, 1.0)
    dosed = doses.rows @ (doses.days[:, None] <= times[None, :])
    scale = float(dosed.max())
    errors = {name: float(np.abs(held - dosed).max()) / scale for name, held in _held(doses, times, case.values)}
    worst = max(errors, key=lambda name: errors[name])
    return Finding(
        title="Mass balance of delivery",
        expected=f"all that was given, on {whose}",
        actual=f"{len(errors)} kinds of delivery; largest difference {significant(errors[worst], 2)} of it ({worst})",
        error=errors[worst],
        tolerance=1e-6,
        unit="relative",
        source="conservation of mass",
    )


def _doses(case: Case) -> tuple[Doses, str]:
    """The days and amounts of the study's first dosed therapy, or six fortnightly doses of one."""
    for arm, prescriptions in zip(case.plan.arms, case.plan.prescriptions, strict=True):
        for prescription in prescriptions:
            doses = prescription.doses
            total = float(np.sum(doses.amounts))
            if prescription.therapy.actions and total > 0.0:
                first = Doses(doses.days[:MOST_DOSES], doses.amounts[:MOST_DOSES])
                return first, f"the days of {prescription.therapy.title} in {arm}"
    return Doses(STANDARD_DAYS, np.ones(len(STANDARD_DAYS))), "six fortnightly doses"


def _held(doses: Doses, times: FloatArray, values: Mapping[str, float]) -> list[tuple[str, FloatArray]]:
    rates = vesicle_rates(
        values,
        diameter=values["vesicle_delivery.reference_diameter"],
        volume=REFERENCE_AREA * values["vesicle.skin_depth"],
    )
    bicalutamide = body(Inhibitor("bicalutamide_kinetics", "androgen receptor"), values)
    swallowed = minoxidil.blood(values, route="oral")
    return [
        ("vesicles injected", vesicle_course(doses, times, rates, into="depot").total()),
        ("vesicles on the skin", vesicle_course(doses, times, rates, into="surface").total()),
        ("minoxidil on the skin", topical_course("minoxidil", doses, times, values).total()),
        ("minoxidil by mouth", amounts(swallowed, doses, times, into="depot").sum(axis=2)),
        ("bicalutamide by mouth", amounts(bicalutamide, doses, times, into="depot").sum(axis=2)),
    ]
