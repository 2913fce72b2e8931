"""The page of an assessment: one self-contained HTML file, and the same content as plain values."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pandas as pd

from anagen.core.provenance import source_sha256
from anagen.credibility import phrasing, pictures, tables
from anagen.credibility.assess import SENSITIVITY_PATIENTS
from anagen.credibility.assessment import Assessment
from anagen.credibility.limits import DISCLAIMER
from anagen.credibility.published import NEAREST, patients_behind
from anagen.credibility.sensitivity import STRONGEST
from anagen.credibility.validation_table import coverage
from anagen.reports import style
from anagen.reports.figures.predicted_observed import comparison_alt, comparison_data, comparison_figure
from anagen.reports.gallery import DrawnFigure
from anagen.reports.outline import outline_of
from anagen.reports.tables import treatment_table
from anagen.reports.wording import endpoint_names, percent

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


def draw_pictures(found: Assessment) -> dict[str, DrawnFigure]:
    """The pictures by name, as SVG and PNG."""
    drawn: dict[str, DrawnFigure] = {}
    with style.styled():
        for name, (draw, tell) in makers_of(found).items():
            made = draw(found)
            drawn[name] = DrawnFigure(name, tell(found), style.to_svg(made), style.to_png(made))
    return drawn


def build_page(found: Assessment, drawn: Mapping[str, DrawnFigure]) -> str:
    """HTML of the page with the pictures inside it; everything that comes from the study file is escaped."""
    from jinja2 import Environment, StrictUndefined
    from markupsafe import Markup

    environment = Environment(autoescape=True, undefined=StrictUndefined)
    environment.filters["base64"] = lambda data: base64.b64encode(data).decode("ascii")
    own = files("anagen.credibility") / "templates"
    css = (files("anagen.reports") / "templates" / "report.css").read_text(encoding="utf-8")
    css += (own / "credibility.css").read_text(encoding="utf-8")
    template = (own / "credibility.html.j2").read_text(encoding="utf-8")
    names = ("risk", "convergence", "screening", "shares", "validation")
    return environment.from_string(template).render(
        css=Markup(css),
        sections=SECTIONS,
        title=outline_of(found.contents.study).title,
        question=found.study.question or "",
        verdict=phrasing.verdict(found),
        prediction=phrasing.prediction(found),
        facts=facts(found),
        context=phrasing.context_of_use(found),
        quantity=phrasing.quantity_of_interest(found),
        influence=phrasing.stated(found, "influence"),
        consequence=phrasing.stated(found, "consequence"),
        risk=found.stakes.risk,
        paragraphs=paragraphs(found),
        features=[feature.sentence for feature in found.features if feature.place != "inside"],
        limits=found.limits,
        method=method(found),
        disclaimer=DISCLAIMER,
        pictures={name: drawn.get(name) for name in names},
        tables={
            "factors": tables.factors_table(found),
            "treatment": treatment_table(found.contents.study),
            "assumptions": tables.assumptions_table(found),
            "register": tables.register_table(found),
            "checks": tables.checks_table(found),
            "patients": tables.patients_table(found),
            "steps": tables.steps_table(found),
            "draws": tables.draws_table(found),
            "validation": tables.validation_table(found, nearest=True),
            "related": tables.validation_table(found, nearest=False),
            "indices": tables.indices_table(found),
            "features": tables.features_table(found),
        },
    )


def facts(found: Assessment) -> list[tuple[str, str]]:
    """The summary's facts, as (term, text)."""
    applied = [check for check in found.checks.values() if check.passed is not None]
    passed = sum(bool(check.passed) for check in applied)
    inside, of = coverage(found.validation)
    near = found.published[found.published["relation"] == NEAREST]
    if len(near):
        values = "value" if len(near) == 1 else "values"
        studies = near["study"].nunique()
        told = f"{len(near)} published {values} from {studies} {'study' if studies == 1 else 'studies'}, "
        told += f"{patients_behind(near)} patients; " + (f"{inside} of {of} inside" if of else "none predicted here")
    else:
        told = "no published value of this therapy by this route"
    weak = found.achieved["model_inputs"]
    return [
        ("Quantity of interest", phrasing.quantity_of_interest(found)),
        ("Prediction", phrasing.prediction(found)),
        ("Influence", phrasing.stated(found, "influence")),
        ("Consequence", phrasing.stated(found, "consequence")),
        ("Model risk", found.stakes.risk),
        ("Code verification", f"{passed} of {len(applied)} checks pass"),
        ("Validation", told),
        (
            "Rests on assumptions",
            f"{percent(weak)} of what moves the effect is of grade C" if weak is not None else "–",
        ),
    ]


def paragraphs(found: Assessment) -> dict[str, str]:
    """One sentence or two for each section, with numbers from the run."""
    sensitivity, words = found.sensitivity, phrasing.effect_words(found)
    weak = int((found.register["grade"] == "C").sum())
    near = found.published[found.published["relation"] == NEAREST]
    inside, of = coverage(found.validation)
    whole_inside, whole = coverage(found.validation, nearest=False)
    concern = "1 published value concerns" if len(near) == 1 else f"{len(near)} published values concern"
    validated = (
        f"{concern} this therapy by this route in this condition; {len(found.published) - len(near)} more share the "
        "therapy, the route or the condition. "
    )
    if whole:
        validated += (
            f"Of {of} that were predicted for this report {inside} lie inside their 90 % predictive interval; of all "
            f"{whole} related ones {whole_inside} do."
        )
    elif found.study.observed:
        validated += "None of this study's own published values can be compared with a prediction."
    else:
        validated += "None was predicted for this report: the study file holds no published results."
    return {
        "assumptions": (
            f"{len(found.assumptions)} assumptions of structure concern this study. It reads {len(found.register)} "
            f"parameters, {weak} of them of grade C; those stand first, by how far they move the effect."
        ),
        "code": "Every number was computed when this report was made, by the program that made the prediction.",
        "calculation": (
            f"The Monte-Carlo error stands beside a spread from parameters of "
            f"{words.text(found.spread, signed=False)} (standard deviation over {len(found.drawn)} draws)."
        ),
        "validation": validated,
        "sensitivity": (
            f"{len(sensitivity.screening)} uncertain parameters were screened along {sensitivity.trajectories} "
            f"trajectories; the variance was divided among the {len(sensitivity.indices) or STRONGEST} strongest, "
            f"from {sensitivity.samples} base samples. That took {sensitivity.evaluations:,} expected effects, each of "
            f"{SENSITIVITY_PATIENTS} reference patients. {sensitivity.harms} further parameters belong to adverse "
            "events and do not enter the expected effect."
            + (
                f" First-order indices add up to {sensitivity.explained():.2f}."
                if len(sensitivity.indices)
                else " No parameter moves the effect."
            )
        ),
    }


def method(found: Assessment) -> list[tuple[str, str]]:
    """Everything needed to repeat the assessment, as (term, text)."""
    manifest = found.contents.manifest
    commit = f", commit {manifest['git_commit']}" if manifest.get("git_commit") else ""
    return [
        ("Software", f"anagen {manifest['version']}{commit}, sources SHA-256 {source_sha256()}"),
        ("Study", f"{manifest['study']}, SHA-256 {manifest['study_sha256']}"),
        ("Parameters", f"{manifest['parameter_source']}, SHA-256 {manifest['parameters_sha256']}"),
        ("Seed", str(manifest["seed"])),
        ("Parameter draws", str(manifest["draws"])),
        ("Base samples", f"{found.sensitivity.samples}, screening {found.sensitivity.trajectories} trajectories"),
        ("Reference patients", f"{found.outcome.patients} for the prediction, {SENSITIVITY_PATIENTS} for sensitivity"),
        ("Framework", "ICH M15, General Principles for Model-Informed Drug Development; ASME V&V 40-2018"),
        ("Goals", "this project's choice by model risk, the same for every study; docs/credibility.md holds them"),
    ]


def document_of(found: Assessment) -> dict[str, Any]:
    """Everything that was found, as plain values: what `anagen credibility --json` prints."""
    judged = found.judgements()
    factors = [
        {
            "factor": name,
            "group": factor.group,
            "quantity": factor.quantity,
            "goal": factor.goals[found.stakes.risk],
            "achieved": found.achieved[name],
            "verdict": judged[name],
        }
        for name, factor in found.factors.items()
    ]
    checks = [
        {
            "check": name,
            "expected": check.expected,
            "found": check.found,
            "error": check.error,
            "tolerance": check.tolerance,
            "unit": check.unit,
            "passed": check.passed,
        }
        for name, check in found.checks.items()
    ]
    low, high = found.interval

    def rows(table: pd.DataFrame) -> list[dict[str, Any]]:
        return [{str(key): value for key, value in row.items()} for row in table.to_dict(orient="records")]

    return {
        "study": found.study.study,
        "arm": found.outcome.arm,
        "control": found.outcome.control,
        "verdict": phrasing.verdict(found),
        "context": phrasing.context_of_use(found),
        "influence": found.stakes.influence,
        "consequence": found.stakes.consequence,
        "stated": list(found.stakes.stated),
        "risk": found.stakes.risk,
        "effect": {"central": found.central, "low90": low, "high90": high, "sd_parameters": found.spread},
        "factors": factors,
        "checks": checks,
        "patients": rows(found.patients),
        "steps": rows(found.steps),
        "draws": rows(found.draws),
        "screening": rows(found.sensitivity.screening),
        "indices": rows(found.sensitivity.indices),
        "evaluations": found.sensitivity.evaluations,
        "published": rows(found.published),
        "validation": rows(found.validation),
        "applicability": [
            {"feature": f.title, "here": f.here, "published": f.nearest, "place": f.place} for f in found.features
        ],
        "limits": list(found.limits),
        "provenance": dict(method(found)),
    }


def _drawn_values(found: Assessment) -> pd.DataFrame:
    rows = found.validation.head(MOST_DRAWN)
    own = rows["study"] == found.study.study
    subject = rows["subject"].where(own, rows["study"] + ": " + rows["subject"])
    return comparison_data(rows.assign(subject=subject, comparable=True, inside=rows["inside90"]))


def _validation_figure(found: Assessment) -> Figure:
    data = _drawn_values(found)
    return comparison_figure(data, endpoint_names(list(dict.fromkeys(data["endpoint"]))))


def _validation_alt(found: Assessment) -> str:
    data = _drawn_values(found)
    return comparison_alt(data, endpoint_names(list(dict.fromkeys(data["endpoint"]))))
