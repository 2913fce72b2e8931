"""What a run achieved for every credibility factor: one function per factor, from the assessment's tables."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from anagen.core.provenance import package_version
from anagen.credibility.applicability import share_inside
from anagen.credibility.assessment import Assessment
from anagen.credibility.published import NEAREST, patients_behind
from anagen.credibility.validation_table import coverage
from anagen.trials.cost import EXPECTED_PATIENTS

UNKNOWN_VERSION = "0+unknown"
FULL_TEXT = "full text"


def achieved_by(assessment: Assessment) -> dict[str, float | None]:
    """What was achieved per factor; None where there is no evidence."""
    return {name: measure(assessment) for name, measure in MEASURES.items()}


def software_quality(assessment: Assessment) -> float | None:
    """1 where the version of the program is known."""
    del assessment
    return float(package_version() != UNKNOWN_VERSION)


def code_verification(assessment: Assessment) -> float | None:
    """Share of the checks that apply and pass."""
    applied = [check.passed for check in assessment.checks.values() if check.passed is not None]
    return sum(applied) / len(applied) if applied else None


def discretisation(assessment: Assessment) -> float | None:
    """Change of the effect on the first halving of the table step, over its spread from parameters."""
    return _over_spread(abs(float(assessment.steps["change"].iloc[1])), assessment)


def numerical_error(assessment: Assessment) -> float | None:
    """Monte-Carlo standard error of the effect at the number of patients that a run uses, over its spread."""
    row = assessment.patients[assessment.patients["patients"] == EXPECTED_PATIENTS]
    return _over_spread(float(row["standard_error"].iloc[0]), assessment)


def use_error(assessment: Assessment) -> float | None:
    """Number of implausible results that the run flagged."""
    return float(len(assessment.contents.manifest.get("flags") or ()))


def model_form(assessment: Assessment) -> float | None:
    """Share of the structural assumptions concerned that a test or a study checks."""
    return sum(bool(entry.checks) for entry in assessment.assumptions) / len(assessment.assumptions)


def model_inputs(assessment: Assessment) -> float | None:
    """Share of the summed screening effects that falls to parameters of grade C."""
    moved = assessment.register[assessment.register["mu_star"].notna()]
    whole = float(moved["mu_star"].sum())
    return float(moved.loc[moved["grade"] == "C", "mu_star"].sum()) / whole if whole > 0.0 else None


def test_samples(assessment: Assessment) -> float | None:
    """Patients behind published values of the therapy by this route."""
    rows = _nearest(assessment)
    return float(patients_behind(rows)) if len(rows) else None


def test_conditions(assessment: Assessment) -> float | None:
    """Share of those values that was read in the full text."""
    rows = _nearest(assessment)
    return float((rows["read"] == FULL_TEXT).mean()) if len(rows) else None


def input_equivalence(assessment: Assessment) -> float | None:
    """Share of those values whose study file matches the published baseline."""
    rows = _nearest(assessment)
    return float(rows["matched"].astype(bool).mean()) if len(rows) else None


def output_comparison(assessment: Assessment) -> float | None:
    """Share of the scored values of the therapy by this route inside their 90 % predictive interval."""
    inside, of = coverage(assessment.validation)
    return inside / of if of else None


def quantity_relevance(assessment: Assessment) -> float | None:
    """Number of those values for the primary endpoint at its week or later."""
    rows = _nearest(assessment)
    primary = assessment.study.endpoints.primary
    chosen = rows[(rows["endpoint"] == primary.endpoint) & (rows["week"] >= primary.week)]
    return float(len(chosen)) if len(rows) else None


def context_relevance(assessment: Assessment) -> float | None:
    """Share of the study's features that lie inside what was published."""
    return share_inside(assessment.features)


MEASURES: dict[str, Callable[[Assessment], float | None]] = {
    "software_quality": software_quality,
    "code_verification": code_verification,
    "discretisation": discretisation,
    "numerical_error": numerical_error,
    "use_error": use_error,
    "model_form": model_form,
    "model_inputs": model_inputs,
    "test_samples": test_samples,
    "test_conditions": test_conditions,
    "input_equivalence": input_equivalence,
    "output_comparison": output_comparison,
    "quantity_relevance": quantity_relevance,
    "context_relevance": context_relevance,
}
"""How each factor of criteria.toml is measured."""


def _nearest(assessment: Assessment) -> pd.DataFrame:
    return assessment.published[assessment.published["relation"] == NEAREST]


def _over_spread(error: float, assessment: Assessment) -> float | None:
    """An error over the standard deviation of the effect over parameter draws; None where the effect has no spread."""
    if assessment.spread > 0.0:
        return error / assessment.spread
    return 0.0 if error == 0.0 else None
