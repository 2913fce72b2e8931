"""The page of an assessment: one self-contained HTML file, and the same content as plain values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd

from anagen.core.provenance import source_sha256
from anagen.core.words import counted
from anagen.credibility import phrasing, pictures, tables
from anagen.credibility.assess import SENSITIVITY_PATIENTS
from anagen.credibility.assessment import Assessment
from anagen.credibility.published import NEAREST, patients_behind
from anagen.credibility.sensitivity import STRONGEST
from anagen.credibility.validation_table import coverage
from anagen.reports.baseline import treatment_table
from anagen.reports.figures.predicted_observed import comparison_alt, comparison_data, comparison_figure
from anagen.reports.numbers import percent
from anagen.reports.outline import outline_of
from anagen.reports.page import DrawnFigure, draw_all, render
from anagen.reports.wording import endpoint_names

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SECTIONS: dict[str, str] = {
    "summary": "Summary",
    "question": "Question of interest and context of use",
    "risk": "Model influence, decision consequence, model risk",
    "assumptions": "Assumptions",
    "code": "Code verification",
    "calculation": "Calculation verification",
    "validation": "Validation",
    "sensitivity": "Uncertainty and sensitivity",
    "applicability": "Applicability",
    "limits": "Limits",
    "method": "To repeat this assessment",
}
"""Sections of the page by anchor, in order."""
MOST_DRAWN = 40
"""Published values drawn; the table holds all."""


def makers_of(
    assessment: Assessment,
) -> dict[str, tuple[Callable[[Assessment], Figure], Callable[[Assessment], str]]]:
    """What draws each picture and what describes it, by name; one is left out where there is nothing to draw."""
    makers: dict[str, tuple[Callable[[Assessment], Figure], Callable[[Assessment], str]]] = {
        "risk": (pictures.risk_figure, pictures.risk_alt),
        "convergence": (pictures.convergence_figure, pictures.convergence_alt),
        "screening": (pictures.screening_figure, pictures.screening_alt),
    }
    if len(assessment.sensitivity.indices):
        makers["shares"] = (pictures.shares_figure, pictures.shares_alt)
    if len(assessment.validation):
        makers["validation"] = (_validation_figure, _validation_alt)
    return makers


def draw_pictures(assessment: Assessment) -> dict[str, DrawnFigure]:
    """The pictures by name, as SVG, which is what a page holds."""

    def drawn(figure: Callable[[Assessment], Figure], alt: Callable[[Assessment], str]) -> tuple[Figure, str]:
        return figure(assessment), alt(assessment)

    return draw_all({name: partial(drawn, *pair) for name, pair in makers_of(assessment).items()}, png=False)


def build_page(assessment: Assessment, drawn: Mapping[str, DrawnFigure]) -> str:
    """HTML of the page with the pictures inside it."""
    names = ("risk", "convergence", "screening", "shares", "validation")
    return render(
        "credibility/templates/credibility.html.j2",
        styles=("credibility/templates/credibility.css",),
        sections=SECTIONS,
        title=outline_of(assessment.contents.study).title,
        question=assessment.study.question or "",
        verdict=phrasing.verdict(assessment),
        prediction=phrasing.prediction(assessment),
        facts=facts(assessment),
        context=phrasing.context_of_use(assessment),
        quantity=phrasing.quantity_of_interest(assessment),
        influence=phrasing.stated(assessment, "influence"),
        consequence=phrasing.stated(assessment, "consequence"),
        risk=assessment.stakes.risk,
        paragraphs=paragraphs(assessment),
        features=[feature.sentence for feature in assessment.features if feature.place != "inside"],
        limits=assessment.limits,
        method=method(assessment),
        pictures={name: drawn.get(name) for name in names},
        tables={
            "factors": tables.factors_table(assessment),
            "treatment": treatment_table(assessment.contents.study),
            "assumptions": tables.assumptions_table(assessment),
            "register": tables.register_table(assessment),
            "checks": tables.checks_table(assessment),
            "patients": tables.patients_table(assessment),
            "steps": tables.steps_table(assessment),
            "draws": tables.draws_table(assessment),
            "validation": tables.validation_table(assessment, nearest=True),
            "related": tables.validation_table(assessment, nearest=False),
            "indices": tables.indices_table(assessment),
            "features": tables.features_table(assessment),
        },
    )


def facts(assessment: Assessment) -> list[tuple[str, str]]:
    """The summary's facts, as (term, text)."""
    applied = [check for check in assessment.checks.values() if check.passed is not None]
    passed = sum(bool(check.passed) for check in applied)
    inside, of = coverage(assessment.validation)
    near = assessment.published[assessment.published["relation"] == NEAREST]
    if len(near):
        studies = counted(near["study"].nunique(), "study", "studies")
        published = f"{counted(len(near), 'published value')} from {studies}, "
        published += f"{patients_behind(near)} patients; " + (
            f"{inside} of {of} inside" if of else "none predicted here"
        )
    else:
        published = "no published value of this therapy by this route"
    weak = assessment.achieved["model_inputs"]
    return [
        ("Quantity of interest", phrasing.quantity_of_interest(assessment)),
        ("Prediction", phrasing.prediction(assessment)),
        ("Influence", phrasing.stated(assessment, "influence")),
        ("Consequence", phrasing.stated(assessment, "consequence")),
        ("Model risk", assessment.stakes.risk),
        ("Code verification", f"{passed} of {len(applied)} checks pass"),
        ("Validation", published),
        (
            "Rests on assumptions",
            f"{percent(weak)} of what moves the effect is of grade C" if weak is not None else "–",
        ),
    ]


def paragraphs(assessment: Assessment) -> dict[str, str]:
    """One sentence or two for each section, with numbers from the run."""
    sensitivity, amounts = assessment.sensitivity, phrasing.effect_amounts(assessment)
    weak = int((assessment.register["grade"] == "C").sum())
    near = assessment.published[assessment.published["relation"] == NEAREST]
    inside, of = coverage(assessment.validation)
    whole_inside, whole = coverage(assessment.validation, nearest=False)
    concern = "1 published value concerns" if len(near) == 1 else f"{len(near)} published values concern"
    validated = (
        f"{concern} this therapy by this route in this condition; {len(assessment.published) - len(near)} more share "
        "the "
        "therapy, the route or the condition. "
    )
    if whole:
        validated += (
            f"Of {of} that were predicted for this report {inside} lie inside their 90 % predictive interval; of all "
            f"{whole} related ones {whole_inside} do."
        )
    elif assessment.study.observed:
        validated += "None of this study's own published values can be compared with a prediction."
    else:
        validated += "None was predicted for this report: the study file holds no published results."
    return {
        "assumptions": (
            f"{len(assessment.assumptions)} assumptions of structure concern this study. It reads "
            f"{len(assessment.register)} "
            f"parameters, {weak} of them of grade C; those stand first, by how far they move the effect."
        ),
        "code": "Every number was computed when this report was made, by the program that made the prediction.",
        "calculation": (
            f"The Monte-Carlo error stands beside a spread from parameters of "
            f"{amounts.text(assessment.spread, signed=False)} (standard deviation over {len(assessment.drawn)} draws)."
        ),
        "validation": validated,
        "sensitivity": (
            f"{len(sensitivity.screening)} uncertain parameters were screened along {sensitivity.trajectories} "
            f"trajectories; the variance was divided among the {len(sensitivity.indices) or STRONGEST} strongest, "
            f"from {sensitivity.samples} base samples. That took {sensitivity.evaluations:,} expected effects, each of "
            f"{SENSITIVITY_PATIENTS} reference patients, the same ones each time: at central values it has a "
            f"Monte-Carlo standard error of {amounts.text(sensitivity.error, signed=False, finer=1)}, most of which "
            "all of them share and their differences do not have. "
            f"{sensitivity.harms} further parameters belong to adverse "
            "events and do not enter the expected effect."
            + (
                f" First-order indices add up to {sensitivity.explained():.2f}."
                if len(sensitivity.indices)
                else " No parameter moves the effect."
            )
        ),
    }


def method(assessment: Assessment) -> list[tuple[str, str]]:
    """Everything needed to repeat the assessment, as (term, text)."""
    manifest = assessment.contents.manifest
    commit = f", commit {manifest['git_commit']}" if manifest.get("git_commit") else ""
    return [
        ("Software", f"anagen {manifest['version']}{commit}, sources SHA-256 {source_sha256()}"),
        ("Study", f"{manifest['study']}, SHA-256 {manifest['study_sha256']}"),
        ("Parameters", f"{manifest['parameter_source']}, SHA-256 {manifest['parameters_sha256']}"),
        ("Seed", str(manifest["seed"])),
        ("Parameter draws", str(manifest["draws"])),
        (
            "Base samples",
            f"{assessment.sensitivity.samples}, screening {assessment.sensitivity.trajectories} trajectories",
        ),
        (
            "Reference patients",
            f"{assessment.outcome.patients} for the prediction, {SENSITIVITY_PATIENTS} for sensitivity",
        ),
        ("Framework", "ICH M15, General Principles for Model-Informed Drug Development; ASME V&V 40-2018"),
        ("Goals", "this project's choice by model risk, the same for every study; docs/credibility.md holds them"),
    ]


def document_of(assessment: Assessment) -> dict[str, Any]:
    """Everything that was found, as plain values: what `anagen credibility --json` prints."""
    judged = assessment.judgements()
    factors = [
        {
            "factor": name,
            "group": factor.group,
            "quantity": factor.quantity,
            "goal": factor.goals[assessment.stakes.risk],
            "achieved": assessment.achieved[name],
            "verdict": judged[name],
        }
        for name, factor in assessment.factors.items()
    ]
    checks = [
        {
            "check": name,
            "expected": check.expected,
            "found": check.actual,
            "error": check.error,
            "tolerance": check.tolerance,
            "unit": check.unit,
            "passed": check.passed,
        }
        for name, check in assessment.checks.items()
    ]
    low, high = assessment.interval

    def rows(table: pd.DataFrame) -> list[dict[str, Any]]:
        return [{str(key): value for key, value in row.items()} for row in table.to_dict(orient="records")]

    return {
        "study": assessment.study.study,
        "arm": assessment.outcome.arm,
        "control": assessment.outcome.control,
        "verdict": phrasing.verdict(assessment),
        "context": phrasing.context_of_use(assessment),
        "influence": assessment.stakes.influence,
        "consequence": assessment.stakes.consequence,
        "stated": list(assessment.stakes.stated),
        "risk": assessment.stakes.risk,
        "effect": {"central": assessment.central, "low90": low, "high90": high, "sd_parameters": assessment.spread},
        "factors": factors,
        "checks": checks,
        "patients": rows(assessment.patients),
        "steps": rows(assessment.steps),
        "draws": rows(assessment.draws),
        "screening": rows(assessment.sensitivity.screening),
        "indices": rows(assessment.sensitivity.indices),
        "evaluations": assessment.sensitivity.evaluations,
        "published": rows(assessment.published),
        "validation": rows(assessment.validation),
        "applicability": [
            {"feature": f.title, "here": f.here, "published": f.nearest, "place": f.place} for f in assessment.features
        ],
        "limits": list(assessment.limits),
        "provenance": dict(method(assessment)),
    }


def _drawn_values(assessment: Assessment) -> pd.DataFrame:
    rows = assessment.validation.head(MOST_DRAWN)
    here = rows["study"] == assessment.study.study
    subject = rows["subject"].where(here, rows["study"] + ": " + rows["subject"])
    return comparison_data(rows.assign(subject=subject, comparable=True, inside=rows["inside90"]))


def _validation_figure(assessment: Assessment) -> Figure:
    data = _drawn_values(assessment)
    return comparison_figure(data, endpoint_names(list(dict.fromkeys(data["endpoint"]))))


def _validation_alt(assessment: Assessment) -> str:
    data = _drawn_values(assessment)
    return comparison_alt(data, endpoint_names(list(dict.fromkeys(data["endpoint"]))))
