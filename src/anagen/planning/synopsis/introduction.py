"""Administrative items, open science and introduction, as far as the study file answers them."""

from __future__ import annotations

from anagen.core.provenance import package_version
from anagen.planning.printed import Printed
from anagen.planning.synopsis.answer import Answer, capital
from anagen.planning.synopsis.facts import Facts
from anagen.reports.wording import contrast_text
from anagen.study.given import listed
from anagen.therapies import THERAPIES

BLINDED = {"none": "open-label", "assessor": "assessor-blind", "double": "double-blind"}


def title(facts: Facts) -> Answer:
    """Item 1a."""
    return Answer((f"{kind_of_trial(facts)}: {facts.study.title}. Trial protocol (synopsis).",))


def kind_of_trial(facts: Facts) -> str:
    """Type of the trial, for the middle of a title."""
    study = facts.study
    if len(study.arms) == 1 or study.uncontrolled is not None:
        return "Trial without a control group"
    kinds = {"split_scalp": "within-patient (split-scalp)", "crossover": "two-period crossover"}
    layout = kinds.get(study.design.layout, "parallel-group")
    layout = "cluster-randomised" if facts.plan.of_centres else layout
    return f"Randomised, {BLINDED[study.design.blinding]}, controlled, {layout} trial"


def summary(facts: Facts) -> Answer:
    """Item 1b."""
    study = facts.study
    condition = facts.words.conditions[study.population.condition]
    tested = [arm.name for arm in study.arms if not arm.control]
    control = [arm.name for arm in study.arms if arm.control]
    rows = [
        ("Public title", study.title),
        ("Question", study.question or "not stated in the study file"),
        ("Condition", capital(condition.title)),
        ("Study type", kind_of_trial(facts)),
        ("Tested", listed(tested) if tested else "none"),
        ("Control", listed(control) if control else "none"),
        ("Primary outcome", " ".join(facts.sentences("Primary endpoint")).rstrip(".")),
        ("Target sample size", f"{facts.patients:,} patients"),
        ("Length of follow-up", f"{facts.plan.duration:g} weeks from baseline"),
        ("Study file", study.study),
    ]
    missing = (
        "the other items of the WHO Trial Registration Data Set: registry and number, dates, sources of support, "
        "sponsors, contacts, countries of recruitment, ethics review, completion date, data sharing statement"
    )
    table = Printed("Summary", ("item", "content"), tuple(rows))
    return Answer(tables=(table,), open=(missing,))


def version(facts: Facts) -> Answer:
    """Item 2."""
    text = (
        f"Made from the study {facts.study.study}, whose content has the SHA-256 {facts.study.sha256}, by Anagen "
        f"{package_version()}. Another content has another hash."
    )
    return Answer((text,), open=("number and date of this version of the protocol, and its history",))


def registration(facts: Facts) -> Answer:
    """Item 4."""
    source = facts.study.source
    text = () if source is None else (f"The study file describes a trial on record: {source}.",)
    return Answer(text, open=("registry, number with address, and date of registration (or the intended registry)",))


def access(facts: Facts) -> Answer:
    """Item 5."""
    text = (
        "The study file holds design and analysis in a form that can be run: the same file, seed and version of Anagen "
        "give the same simulated trial."
    )
    del facts
    return Answer((text,), open=("where the full protocol and the statistical analysis plan can be read",))


def background(facts: Facts) -> Answer:
    """Item 9a."""
    study = facts.study
    text = [] if study.question is None else [f"Question: {study.question}"]
    points: list[str] = []
    for name in dict.fromkeys(use.therapy for arm in study.arms for use in arm.uses):
        therapy = THERAPIES[name]
        if therapy.control is None and not therapy.actions and not therapy.occupies and therapy.studied is None:
            continue
        measured = "" if therapy.certainty is None else f" {capital(therapy.certainty.measured())}."
        harms = [harm.title for harm in therapy.harms if harm.scenario is None]
        known = f" Adverse events of the substance that are known: {listed(harms)}." if harms else ""
        grade = "" if therapy.grade == "none" else f" (grade {therapy.grade})"
        points.append(f"{capital(therapy.title)}{grade}: {therapy.evidence}{measured}{known} Source: {therapy.source}.")
    if study.observed:
        points.append(f"The study file holds {len(study.observed)} published results of this trial.")
    open_points = ["a systematic summary of published and unpublished studies, of benefits and harms, to date"]
    if study.question is None:
        open_points.insert(0, "the rationale: the study file states no question")
    return Answer(tuple(text), tuple(points), open=tuple(open_points))


def comparator(facts: Facts) -> Answer:
    """Item 9b."""
    return Answer(tuple(facts.sentences("Controls")))


def objectives(facts: Facts) -> Answer:
    """Item 10."""
    study = facts.study
    against = listed(contrast_text(*pair) for pair in facts.pairs) if facts.pairs else "before and after treatment"
    points = [f"Primary (benefit): {' '.join(facts.sentences('Primary endpoint'))} Compared: {against}."]
    if study.endpoints.secondary:
        points.append(f"Secondary (benefit): {' '.join(facts.sentences('Secondary endpoints'))}")
    points.append(
        "Harms: the share of patients with each adverse event in every arm, and of those who stop because of one."
    )
    return Answer(points=tuple(points))
