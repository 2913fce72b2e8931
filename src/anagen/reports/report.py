"""The report of a result folder: one self-contained HTML file and the figures as files of their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from anagen.analysis.bands import LEAST_DRAWS
from anagen.analysis.plausibility import flag_text
from anagen.core.disk import write_durably
from anagen.core.measures import how_compared
from anagen.parameters import load_parameters, standing
from anagen.reports.claims import claim_notes, claims_table, doses_table
from anagen.reports.numbers import BAND_COLUMNS, for_people, has_band
from anagen.reports.outline import Outline, is_crossover, is_split_scalp, outline_of, thresholds_of
from anagen.reports.page import DrawnFigure, render, write_figures
from anagen.reports.wording import EndpointName, endpoint_names, name_of, pretty_unit, sentence_case
from anagen.study.conduct_words import estimand_words
from anagen.study.standing import trust_lines
from anagen.study.strength import strength_remarks
from anagen.study.unreported import unreported_remarks

if TYPE_CHECKING:
    import pandas as pd

    from anagen.results.contents import ResultContents

REPORT_NAME = "report.html"
USUAL = {"method", "estimand", "worst", "alpha"}
"""Keys of the analysis that its usual words hold."""
FIGURES_FOLDER = "figures"


@dataclass(frozen=True)
class Drawn:
    """What a report is made of beside the tables.

    Attributes
    ----------
    names : Mapping of str to EndpointName
        Printed names of endpoints.
    figures : Mapping of str to DrawnFigure
        Every figure, or why it is not drawn.
    scalps : DrawnFigure
        Three patients before and after.
    """

    names: Mapping[str, EndpointName]
    figures: Mapping[str, DrawnFigure]
    scalps: DrawnFigure


def write_report(
    contents: ResultContents, folder: Path, names: Mapping[str, EndpointName] | None = None
) -> tuple[Path, ...]:
    """Draw the figures and write report.html, figures/*.svg and figures/*.png into an existing folder.

    The same contents give the same bytes.

    Parameters
    ----------
    contents : ResultContents
        The result.
    folder : Path
        An existing folder.
    names : Mapping of str to EndpointName, optional
        Printed names of endpoints; looked up in the registry of endpoints where None.

    Returns
    -------
    tuple of Path
        Files written, the report first.
    """
    return write_drawn(contents, drawn_of(contents, names), folder)


def drawn_of(contents: ResultContents, names: Mapping[str, EndpointName] | None = None) -> Drawn:
    """Draw what a report shows.

    Parameters
    ----------
    contents : ResultContents
        The result.
    names : Mapping of str to EndpointName, optional
        As in `write_report`.

    Returns
    -------
    Drawn
        Figures and scalps.
    """
    from anagen.reports.gallery import draw_figures, endpoints_named
    from anagen.reports.typical import typical_scalps

    words = endpoint_names(endpoints_named(contents)) if names is None else names
    outline = outline_of(contents.study)
    scalps = typical_scalps(contents, outline, name_of(outline.primary.endpoint, words))
    return Drawn(words, draw_figures(contents, words), scalps)


def write_drawn(contents: ResultContents, drawn: Drawn, folder: Path) -> tuple[Path, ...]:
    """Write the report and its figures into an existing folder.

    Parameters
    ----------
    contents : ResultContents
        The result.
    drawn : Drawn
        From `drawn_of`.
    folder : Path
        An existing folder.

    Returns
    -------
    tuple of Path
        Files written, the report first.
    """
    scalps, report = drawn.scalps, folder / REPORT_NAME
    write_durably(report, build_report(contents, drawn.figures, drawn.names, scalps).encode())
    written = write_figures(drawn.figures, folder / FIGURES_FOLDER)
    if scalps.reason is not None:
        return (report, *written)
    picture = folder / FIGURES_FOLDER / f"{scalps.name}.svg"
    write_durably(picture, scalps.svg)
    return (report, *written, picture)


def build_report(
    contents: ResultContents,
    figures: Mapping[str, DrawnFigure],
    names: Mapping[str, EndpointName] | None = None,
    scalps: DrawnFigure | None = None,
) -> str:
    """HTML of the report, with `figures` from `gallery.draw_figures` and the scalps of three patients inside it.

    Everything that comes from the study file is escaped; the page fetches nothing and needs no script.
    """
    from anagen.reports import baseline, tables
    from anagen.reports.answer import answer_of, patients_phrase
    from anagen.reports.gallery import distinct_secondary, endpoints_named
    from anagen.reports.glossary import glossary
    from anagen.reports.mechanism import mechanism_of
    from anagen.reports.safety_tables import safety_paragraphs, safety_table

    outline = outline_of(contents.study)
    words = endpoint_names(endpoints_named(contents)) if names is None else names
    endpoints = list(dict.fromkeys(choice.endpoint for choice in (outline.primary, *outline.secondary)))
    draws = int(contents.manifest.get("draws") or 0)
    thresholds = thresholds_of(contents.study)
    compared = contents.comparison is not None and not contents.comparison.empty
    return render(
        "reports/templates/report.html.j2",
        title=outline.title,
        question=outline.question,
        patients=patients_phrase(outline, contents.flow),
        answer=answer_of(contents, words),
        notice=notice_paragraphs(contents.manifest, counts_used(contents.parameters)),
        glossary=glossary("Responder", "Number needed to treat"),
        trust=trust_of(contents.study, contents.parameters),
        mechanism=mechanism_of(contents.manifest, contents.study),
        figures=figures,
        scalps=scalps,
        notes=[*(contents.flow.get("notes") or ()), *claim_notes(contents.study, contents.claims)],
        replicates=int(contents.manifest.get("replicates") or 1),
        has_secondary=bool(distinct_secondary(outline)),
        tables={
            "treatment": baseline.treatment_table(contents.study, contents.flow),
            "effects": tables.effects_table(contents.effects, words, outline),
            "claims": claims_table(contents, words),
            "doses": doses_table(contents),
            "baseline": baseline.baseline_table(contents.first("patients"), outline.arms, words, endpoints),
            "safety": safety_table(for_people(contents.safety, draws, *BAND_COLUMNS), outline),
            "comparison": tables.comparison_table(contents.comparison, words, thresholds) if compared else None,
            "arms": tables.arms_table(contents.arms, words, outline, draws, contents.first("visits")),
            "parameters": tables.parameters_table(contents.parameters),
        },
        safety=safety_paragraphs(contents, outline),
        method=method_terms(contents, outline),
        limits=limits(contents, outline),
    )


def trust_of(study: Mapping[str, Any], parameters: pd.DataFrame) -> list[str]:
    """How far to trust each therapy of a study, by the parameters as the run used them.

    Parameters
    ----------
    study : Mapping[str, Any]
        As plain data.
    parameters : pd.DataFrame
        Of the run, with name, low, high and informed_by.

    Returns
    -------
    list of str
        One paragraph for each therapy that is no control.
    """
    rows = parameters[parameters["informed_by"] == "posterior"]
    ends = {str(row["name"]): (float(row["low"]), float(row["high"])) for _, row in rows.iterrows()}
    return trust_lines(study, load_parameters("prior"), ends)


def counts_used(parameters: pd.DataFrame) -> tuple[int, int]:
    """How many parameters that a run used are calibrated, and how many have their priors only."""
    used = parameters[parameters["used"].astype(bool)]
    calibrated = int((used["informed_by"] == "posterior").sum())
    return calibrated, len(used) - calibrated


def notice_paragraphs(manifest: Mapping[str, Any], used: tuple[int, int] | None = None) -> list[str]:
    """What a reader must know before using the numbers: where the parameters come from, and what this is not.

    Parameters
    ----------
    manifest : Mapping[str, Any]
        Of the result.
    used : tuple[int, int], optional
        How many parameters that it used are calibrated, and how many are not; those of the whole model, as the manifest
        counts them, where left out.
    """
    source = str(manifest.get("parameter_source") or "unknown source")
    posterior = manifest.get("posterior")
    if posterior is not None:
        counts = (int(posterior["calibrated"]), int(posterior["prior_only"])) if used is None else used
        what = "parameters" if used is None else "parameters that this run used"
        first = (
            f"{standing(*counts, what=what)} The size of a therapy's effect rests on published trials only as far as "
            "data moved its own parameters."
        )
    elif "hand-set" in source:
        first = (
            "Hand-set parameters: priors, not fitted. The size of every therapy's effect in this report is an "
            "assumption set by hand from the literature, not calibrated against published trials; the parameter ranges "
            "say how far those assumptions reach."
        )
    else:
        first = f"Parameters: {source}."
    flags = [flag_text(flag) for flag in manifest.get("flags") or ()]
    return [*flags, first, "Anagen is research software. Its results are not medical advice."]


def method_terms(contents: ResultContents, outline: Outline) -> list[tuple[str, str]]:
    """Everything needed to repeat the run, as (term, text)."""
    manifest, study = contents.manifest, contents.study
    design = study.get("design") or {}
    measurement = study.get("measurement") or {}
    draws = int(manifest.get("draws") or 0)
    area = measurement.get("target_area")
    replicates = int(manifest.get("replicates") or 1)
    version = f"{manifest.get('package', 'anagen')} {manifest.get('version', '')}".strip()
    terms = [
        ("Software", version),
        ("Study", f"{manifest.get('study')}, SHA-256 {manifest.get('study_sha256')}"),
        *_changes(contents),
        ("Seed", str(manifest.get("seed"))),
        ("Replicates", f"{replicates:,}, each with its own patients" if replicates > 1 else "1"),
        ("Parameters of trials", str(manifest.get("trials_at") or "central values")),
        *([("Kept", str(manifest["kept"]))] if manifest.get("kept") else []),
        ("Parameter draws", f"{draws}, each with the same reference patients under every arm" if draws else "none"),
        ("Parameters", f"{manifest.get('parameter_source')}, SHA-256 {manifest.get('parameters_sha256')}"),
        ("Measured", _measured(measurement.get("method"), outline.zone, area)),
        ("Design", _design(design)),
        (
            "Analysis",
            _analysis(contents, outline),
        ),
        (
            "Two uncertainties",
            "Patients: confidence intervals from the measured values of one trial. Parameters: the spread of the "
            "expected effect when all parameters are drawn (calibrated ones together from their posterior, the others "
            "each from its prior) and the same reference patients are "
            "simulated under every arm. Measured values also carry an offset shared by all arms of a study, so the "
            "arms of one trial may lie together above or below what the model expects.",
        ),
    ]
    return terms


def _changes(contents: ResultContents) -> list[tuple[str, str]]:
    """What the command line put in place of the file's values, and how the signalling network was edited."""
    sentences: list[tuple[str, str]] = []
    if contents.manifest.get("options"):
        sentences.append(("Options", f"{contents.manifest['options']}, in place of what the study file says"))
    mechanism = contents.study.get("mechanism")
    if mechanism:
        file, without = mechanism.get("network"), list(mechanism.get("without") or ())
        words = [f"extended by {file['file']}, SHA-256 {file['sha256']}"] if file else []
        words += [f"silenced in every arm: {', '.join(without)}"] if without else []
        sentences.append(("Signalling network", "; ".join(words)))
    return sentences


def _analysis(contents: ResultContents, outline: Outline) -> str:
    """Method, estimand, level and claims, as `check` says them where the study states more than a level."""
    from anagen.study.analysis_words import analysis_sentences
    from anagen.study.models import StudyFields

    stated = {key for key, value in (contents.study.get("analysis") or {}).items() if value not in (None, [], {})}
    design = contents.study.get("design") or {}
    usual = (contents.study.get("analysis") or {}).get("method", "ancova") == "ancova" and not stated - USUAL
    by_centre = (design.get("randomisation") or {}).get("method") == "cluster"
    layout = design.get("layout") or "parallel"
    if not usual or layout == "crossover" or by_centre:
        return " ".join(analysis_sentences(StudyFields.model_validate(contents.study)))
    halved = layout == "split_scalp"
    means = "paired ANCOVA of the sides' difference, that at baseline" if halved else "ANCOVA with the baseline"
    said = f"{means} as covariate, {_estimand(contents.study)}, alpha {outline.alpha:g}"
    pairwise = how_compared(len(outline.arms))
    return f"{said}. {pairwise}" if pairwise else said


def _estimand(study: Mapping[str, Any]) -> str:
    """What the effect means, in words that say no more than was done."""
    estimand = str((study.get("analysis") or {}).get("estimand") or "treatment_policy")
    return estimand_words(estimand, events=bool(study.get("intercurrent")) or estimand != "treatment_policy")


def _measured(method: object, zone: str, area: object) -> str:
    text = area if isinstance(area, str) else area.get("text") if isinstance(area, Mapping) else None
    return ", ".join(str(part) for part in (method, zone, f"target area {pretty_unit(text)}" if text else None) if part)


def _design(design: Mapping[str, Any]) -> str:
    randomisation = design.get("randomisation") or {}
    parts = [str(design.get("layout") or "parallel").replace("_", " ")]
    if randomisation.get("method"):
        strata = ", ".join(map(str, randomisation.get("strata") or ()))
        varying = strata and randomisation["method"] == "block" and not randomisation.get("exact")
        parts.append(
            f"{randomisation['method']} randomisation"
            + (f" stratified by {strata}" if strata else "")
            + (", so that numbers of patients per arm vary from plan by part of a block per stratum" if varying else "")
        )
    if design.get("blinding"):
        blinding = str(design["blinding"])
        parts.append({"none": "open", "assessor": "assessor blind", "double": "double blind"}.get(blinding, blinding))
    if design.get("dropout"):
        lost = design["dropout"]
        share = lost["share"] if isinstance(lost, Mapping) else lost
        parts.append(f"planned dropout {100 * float(share):.0f} %")
    return ", ".join(parts)


def limits(contents: ResultContents, outline: Outline) -> list[str]:
    """What the result cannot say, as sentences."""
    sentences = [
        "Virtual patients follow a model of the follicle cycle; what the model leaves out, the trial cannot show. No "
        "new follicle is formed: a gain in density is hair that becomes visible.",
        "A confidence interval over patients says nothing about wrong parameters, and the range over parameters says "
        "nothing about a wrong structure of the model.",
    ]
    if not outline.controls:
        sentences.append("Without a control arm the course of the untreated scalp is not subtracted.")
    if is_split_scalp(outline):
        sentences.append(
            "Sides of one scalp share a patient; an agent that spreads to the other side would shrink the difference."
        )
    if is_crossover(outline):
        sentences.append(
            "Patients of a crossover begin their second period with the hair that the first one left them: what of it "
            "has not gone in the wash-out is told below the flow of patients."
        )
    told = (*unreported_remarks(contents.study), *strength_remarks(contents.study))
    sentences += [f"{sentence_case(remark)}." for remark in told]
    draws = int(contents.manifest.get("draws") or 0)
    if not has_band(draws):
        few = f"Fewer than {LEAST_DRAWS} parameter draws were run" if draws else "No parameter draws were run"
        sentences.append(
            f"{few}: expected values are those of the central parameter values, and their uncertainty is not shown."
        )
    if contents.comparison is None or contents.comparison.empty:
        sentences.append(
            "The study file holds no published results, so this prediction has not been set against data here."
        )
    if len(outline.secondary) > 0 or len(outline.treated) > 1:
        sentences.append(
            "Several endpoints or contrasts are tested without adjustment: without any true difference, one test in "
            "twenty gives p < 0.05."
        )
    return sentences
