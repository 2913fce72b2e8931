"""TS and TI: what the trial is, that it was simulated, and who was to take part."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

import pandas as pd

from anagen.core.provenance import package_version
from anagen.formats.cdisc.letters import in_ascii
from anagen.formats.cdisc.trial import Trial
from anagen.formats.cdisc.variables import Made, made
from anagen.patients import CONDITIONS
from anagen.scalp import ENDPOINTS
from anagen.study.models import EndpointChoice

LONGEST = 200
SYNTHETIC = (
    "SYNTHETIC: every subject and value was simulated by Anagen; nobody was treated. Research software, not medical "
    "advice."
)
BLINDING = {"none": "OPEN LABEL", "assessor": "SINGLE BLIND", "double": "DOUBLE BLIND"}
MODELS = {"parallel": "PARALLEL", "split_scalp": "SPLIT SCALP", "crossover": "CROSSOVER"}


def trial_summary(trial: Trial) -> Made:
    """TS.

    Parameters
    ----------
    trial : Trial
        Exported.

    Returns
    -------
    Made
        One record per value; what is longer than 200 characters goes on in TSVAL1, TSVAL2, ...
    """
    rows: list[dict[str, object]] = []
    for code, name, value in _parameters(trial):
        sequence = 1 + sum(row["TSPARMCD"] == code for row in rows)
        parts = textwrap.wrap(in_ascii(value, name), LONGEST, break_on_hyphens=False)
        row: dict[str, object] = {"STUDYID": trial.identifier, "DOMAIN": "TS", "TSSEQ": sequence}
        row |= {"TSPARMCD": code, "TSPARM": name, "TSVAL": parts[0]}
        rows.append(row | {f"TSVAL{number}": part for number, part in enumerate(parts[1:], 1)})
    return made("TS", pd.DataFrame(rows), trial.number)


def _parameters(trial: Trial) -> Iterator[tuple[str, str, str]]:
    study, plan, manifest = trial.study, trial.plan, trial.manifest
    people, endpoints = study.population, study.endpoints
    yield "TITLE", "Trial Title", study.title
    yield "SYNTHETC", "Synthetic Data", SYNTHETIC
    yield "SIMTRIAL", "Number of the Trial in its Run", f"{trial.number} of {manifest['replicates']}, from 0"
    yield "SIMDRAW", "Parameter Draw", str(trial.draw) if trial.draw else "0 (central values)"
    yield "SIMSEED", "Seed of the Run", str(manifest["seed"])
    yield "SIMVERSN", "Version of Anagen that Simulated It", f"{manifest['version']}; exported by {package_version()}"
    yield "SIMSTUDY", "SHA-256 of the Study", str(manifest["study_sha256"])
    if study.question:
        yield "OBJPRIM", "Trial Primary Objective", study.question
    yield "INDIC", "Trial Disease/Condition Indication", CONDITIONS[people.condition].title
    for arm in study.arms:
        for use in arm.therapies:
            if not arm.control and use.therapy != "none":
                yield "TRT", "Investigational Therapy or Treatment", f"{use.therapy} ({arm.name})"
    yield "STYPE", "Study Type", "INTERVENTIONAL"
    yield "INTMODEL", "Intervention Model", MODELS[study.design.layout]
    yield "RANDOM", "Trial is Randomized", "Y" if len(plan.arms) > 1 else "N"
    yield "TBLIND", "Trial Blinding Schema", BLINDING[study.design.blinding]
    yield "NARMS", "Planned Number of Arms", str(len(plan.arms))
    yield "PLANSUB", "Planned Number of Subjects", str(plan.n_patients)
    yield "ACTSUB", "Actual Number of Subjects", str(len(trial.people))
    yield "LENGTH", "Trial Length", f"P{trial.end_day}D"
    yield "AGEMIN", "Planned Minimum Age of Subjects", f"P{people.age.min:g}Y"
    yield "AGEMAX", "Planned Maximum Age of Subjects", f"P{people.age.max:g}Y"
    sexes = sorted(sex for sex, share in people.sex.items() if share > 0.0)
    yield "SEXPOP", "Sex of Participants", "BOTH" if len(sexes) > 1 else {"male": "M", "female": "F"}[sexes[0]]
    yield "OUTMSPRI", "Primary Outcome Measure", outcome_name(endpoints.primary)
    for choice in endpoints.secondary:
        yield "OUTMSSEC", "Secondary Outcome Measure", outcome_name(choice)
    yield "SSTDTC", "Study Start Date", str(trial.people["enrolled"].min().date())
    yield (
        "SENDTC",
        "Study End Date",
        str(trial.date_at(trial.people.index.to_series(), trial.people["end"]).max().date()),
    )


def outcome_name(choice: EndpointChoice) -> str:
    """An outcome in words."""
    endpoint = ENDPOINTS[choice.endpoint]
    limit = "" if choice.threshold is None else f" (threshold {choice.threshold:g})"
    return f"{endpoint.title}, {choice.measure.replace('_', ' ')}{limit}, week {choice.week:g}"


def trial_criteria(trial: Trial) -> Made:
    """TI.

    Parameters
    ----------
    trial : Trial
        Exported.

    Returns
    -------
    Made
        One record per criterion.
    """
    rows: list[dict[str, str]] = []
    counts = {"INCLUSION": 0, "EXCLUSION": 0}
    for kind, words in _criteria(trial):
        counts[kind] += 1
        text = in_ascii(words, "population")
        code = f"{kind[:4]}{counts[kind]:02d}"
        rows.append({"STUDYID": trial.identifier, "DOMAIN": "TI", "IETESTCD": code, "IETEST": text, "IECAT": kind})
    return made("TI", pd.DataFrame(rows), trial.number)


def _criteria(trial: Trial) -> Iterator[tuple[str, str]]:
    people = trial.study.population
    yield "INCLUSION", f"Condition: {CONDITIONS[people.condition].title}"
    yield "INCLUSION", f"Age from {people.age.min:g} to {people.age.max:g} years"
    yield "INCLUSION", f"Sex: {', '.join(sex for sex, share in people.sex.items() if share > 0.0)}"
    for scale, admitted in people.severity.items():
        grades = ", ".join(admitted) if isinstance(admitted, tuple) else _between(admitted.min, admitted.max)
        yield "INCLUSION", f"Severity on the scale {scale}: {grades}"
    for name, limits in people.inclusion.items():
        endpoint = ENDPOINTS[name]
        unit = "" if endpoint.unit == "1" else f" {endpoint.unit}"
        yield "INCLUSION", f"{endpoint.title} at baseline {_between(limits.min, limits.max)}{unit}"
    for name in people.exclusions:
        yield "EXCLUSION", name.replace("_", " ").capitalize()


def _between(low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return f"at most {high:g}" if low is None else f"at least {low:g}"
    return f"from {low:g} to {high:g}"
