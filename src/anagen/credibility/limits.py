"""Limits of a prediction as sentences, made from what the assessment found."""

from __future__ import annotations

from anagen.credibility.assessment import Assessment
from anagen.credibility.published import NEAREST
from anagen.credibility.validation_table import coverage

DISCLAIMER = "Anagen is research software, not medical advice."


def limits_of(assessment: Assessment) -> tuple[str, ...]:
    """What the prediction cannot carry, each sentence from a number of the run."""
    register, screened = assessment.register, assessment.sensitivity.screening
    sentences: list[str] = []
    if failed := [check.title for check in assessment.checks.values() if check.passed is False]:
        sentences.append(f"The program fails {len(failed)} of its own checks: {'; '.join(failed)}.")
    weak = int((register["grade"] == "C").sum())
    prior_only = int((register["informed_by"] == "prior").sum())
    sentences.append(
        f"{weak} of the {len(register)} parameters that this study reads are assumptions of grade C "
        f"({weak / len(register):.0%}); {prior_only} rest on their priors alone, without a joint fit to "
        "published results."
    )
    if (share := assessment.achieved.get("model_inputs")) is not None:
        sentences.append(f"{share:.0%} of what moves the expected effect rests on parameters of grade C.")
    unchecked = [entry.statement for entry in assessment.assumptions if not entry.checks]
    if unchecked:
        sentences.append(f"Structural assumptions that nothing checks: {' '.join(unchecked)}")
    if not (assessment.published["relation"] == NEAREST).any():
        arm = assessment.outcome.arm
        sentences.append(f"No published value of {arm} by this route in this condition is in the set.")
    inside, of = coverage(assessment.validation)
    if not of:
        sentences.append(
            "No prediction of this therapy by this route was set against a published value in this report."
        )
    if inside < of:
        sentences.append(f"{of - inside} of {of} published values of this therapy lie outside their 90 % interval.")
    checked = coverage(assessment.validation, independent=True)
    if of:
        sentences.append(
            f"{checked[1]} of these {of} published values inform no parameter ({checked[0]} of them inside); beside "
            "the others the prediction is a comparison and not a validation."
        )
    if not assessment.scored:
        sentences.append(
            "Of all studies only this one was predicted for this report; how well the model predicts the published "
            "values of the shipped studies stands in docs/predicted-against-observed.md and enters no verdict."
        )
    if not assessment.study.observed:
        sentences.append("The study file holds no published results of its own.")
    outside = [feature.title for feature in assessment.features if feature.place == "outside"]
    if outside:
        sentences.append(f"Outside what was published for this therapy: {', '.join(outside).lower()}.")
    if assessment.sensitivity.sd > 0.0:
        explained = assessment.sensitivity.explained()
        sentences.append(
            f"The {len(assessment.sensitivity.indices)} strongest of {len(screened)} uncertain parameters were "
            f"followed in full; their first-order indices add up to {explained:.2f}, and the difference from 1 is "
            "interaction and error of the estimate."
        )
    sentences.append(
        "The spread over parameters holds the structure of the model fixed and takes what is not known of two "
        "parameters as independent."
    )
    sentences.append(DISCLAIMER)
    return tuple(sentences)
