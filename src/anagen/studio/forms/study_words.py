"""Words of the study form: its five steps, which keys each shows at once, and what controls are called."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from anagen.reports.wording import sentence_case, therapy_title
from anagen.study.vocabulary import vocabulary


@dataclass(frozen=True)
class Step:
    """A step of the form.

    Attributes
    ----------
    name : str
        In the address.
    title : str
        Its words.
    about : str
        What it asks, in a sentence.
    shown : tuple of str
        Keys of the file that it shows at once.
    more : tuple of str
        Keys that it shows under "More".
    """

    name: str
    title: str
    about: str
    shown: tuple[str, ...]
    more: tuple[str, ...] = ()


STEPS = (
    Step(
        "question",
        "Question",
        "What the trial is called and what it is to answer.",
        ("title", "question", "study"),
        ("source", "cohort", "sponsor", "blinding", "sham", "add_on", "uncontrolled", "credibility"),
    ),
    Step("people", "People", "Who is screened and who is admitted.", ("population",)),
    Step(
        "arms",
        "Arms",
        "What each group of patients is given, and which group is the control.",
        ("arms",),
        ("safety", "mechanism"),
    ),
    Step(
        "measurement",
        "Measurement",
        "Where and when hair is measured, and which measure decides.",
        ("measurement", "endpoints"),
        ("observed",),
    ),
    Step(
        "design",
        "Design",
        "How patients are allocated, who is lost, and how the trial is analysed.",
        ("design", "analysis"),
        ("intercurrent",),
    ),
)
SHOWN: Mapping[str, tuple[str, ...]] = {
    "Population": ("condition", "sex", "age", "ethnicity", "severity"),
    "Arm": ("name", "patients", "control", "therapies"),
    "TherapyUse": ("therapy", "product", "formulation", "route", "dose", "per", "schedule"),
    "Schedule": ("per_day", "every", "sessions", "until"),
    "Phase": ("start", "from", "until", "per_day", "every", "sessions", "pause"),
    "Measurement": ("zone", "method", "target_area", "visits"),
    "Design": ("layout", "blinding", "randomisation", "dropout"),
    "Randomisation": ("method", "block", "strata"),
    "Dropout": ("share",),
    "Analysis": ("method", "estimand", "alpha", "hypothesis", "multiplicity"),
    "Multiplicity": ("method",),
    "Interim": ("at", "efficacy", "futility"),
    "Observed": ("arm", "contrast", "endpoint", "week", "measure", "mean", "sd", "n", "source", "read"),
    "Intercurrent": ("event", "share", "because"),
}
"""Keys of a section that are shown at once, in this order; where a section is not named all of them are."""
HIDDEN = ("sha256", "follows", "called", "counted", "unreported")
"""Keys that nobody writes."""
LABELS: Mapping[str, str] = {
    "study": "Short name",
    "title": "Title",
    "add_on": "Therapy added to one that both arms had",
    "blinding": "Blinding",
    "study.blinding": "Blinding of the published trial",
    "Spread.sd": "Standard deviation",
    "sd": "Standard deviation",
    "se": "Standard error",
    "min": "Least",
    "max": "Greatest",
    "n": "Patients behind it",
    "p": "p value",
    "p_below": "p value less than",
    "p_above": "p value more than",
    "ci": "Confidence interval (low, high)",
    "iqr": "Interquartile range",
    "control": "This arm is a control",
    "patients": "Patients",
    "per_day": "Times a day",
    "every": "Weeks between sessions",
    "sessions": "Number of sessions",
    "until": "Until week",
    "start": "From week",
    "from": "From week",
    "days": "Days of the week",
    "doses": "Dose of each session",
    "DoseResponse.doses": "Dose of each arm",
    "Centres.sd": "Standard deviation of what they measure",
    "effect_sd": "Standard deviation of the effect",
    "change_sd": "Standard deviation of the change",
    "per": "Dose is per",
    "pause": "A pause: nothing is given",
    "product_file": "Product file of your own",
    "empirical": "Patients of a trial of your own",
    "text": "Text of the file",
    "file": "Name of the file",
    "visits": "Weeks of the visits",
    "target_area": "Area in which hairs are counted",
    "method": "Method",
    "Measurement.method": "Instrument",
    "layout": "Layout",
    "alpha": "Significance level",
    "sided": "Sides of the test",
    "block": "Size of a block",
    "by_arm": "Share by arm",
    "at": "Looks at these shares of patients",
    "type": "Claim",
    "within": "Within",
    "per_month": "Patients a month",
    "measure": "As",
    "EndpointChoice.week": "At week",
    "Dropout.share": "Share of patients lost",
    "Adherence.mean": "Mean share taken or attended",
    "without": "Silenced edges, nodes or inputs",
    "scenarios": "Rare adverse events to add",
    "accepted": "Contraindications departed from on purpose",
    "inclusion": "Measured at baseline, admitted between",
    "baseline": "Published baseline to match",
    "severity": "Severity",
    "sex": "Sex (shares)",
    "ethnicity": "Ethnicity (shares)",
    "age": "Age in years",
    "uncontrolled": "Why there is no control arm",
    "use": "Used to",
    "hypothesis": "Claim",
    "endpoints": "Endpoints",
    "primary": "Primary endpoint",
    "secondary": "Secondary endpoints",
    "intercurrent": "Events after randomisation",
    "observed": "Published results",
    "rescue": "Rescue of those who do not respond",
}
"""By key, or by model and key where that differs."""
CHOICES: Mapping[str, Mapping[object, str]] = {
    "layout": {"parallel": "parallel groups", "split_scalp": "two sides of one scalp", "crossover": "crossover"},
    "Design.blinding": {"none": "open", "assessor": "the assessor is blinded", "double": "double-blind"},
    "measure": {
        "change": "change from baseline",
        "percent_change": "change in per cent",
        "value": "value at the visit",
        "responder": "share with at least this change",
        "responder_percent": "share with at least this change in per cent",
        "responder_value": "share that reach this value",
        "share": "share of patients",
    },
    "Analysis.method": {"ancova": "ANCOVA", "ancova_all_arms": "ANCOVA over all arms", "mmrm": "MMRM"},
    "Randomisation.method": {
        "block": "permuted blocks",
        "simple": "one shuffled list",
        "minimisation": "minimisation",
        "cluster": "whole centres",
    },
    "sided": {1: "one side", 2: "both sides"},
    "season": {True: "a start in any month", False: "no seasons"},
}
"""Words of what may be chosen, by key, or by model and key."""
LONG = ("question", "context", "note", "reason", "text", "uncontrolled")
"""Keys of text that has several lines."""
ADDED: Mapping[str, str] = {
    "arms": "Add an arm",
    "therapies": "Add a therapy",
    "secondary": "Add an endpoint",
    "observed": "Add a published result",
    "intercurrent": "Add an event",
    "schedule": "Add a phase",
    "phases": "Add a phase",
    "shapes": "Add a shape",
    "inclusion": "Add a criterion",
    "baseline": "Add a baseline",
    "severity": "Add a scale",
}
ONE: Mapping[str, str] = {
    "arms": "Arm",
    "therapies": "Therapy",
    "secondary": "Endpoint",
    "observed": "Result",
    "intercurrent": "Event",
    "schedule": "Phase",
    "phases": "Phase",
    "shapes": "Shape",
}


def label_of(model: str, key: str) -> str:
    """What the control of a key is called.

    Parameters
    ----------
    model : str
        Definition that the key belongs to; "study" at the top of a file.
    key : str
        The key.

    Returns
    -------
    str
        Its words.

    Examples
    --------
    >>> label_of("Measurement", "method"), label_of("Measurement", "zone")
    ('Instrument', 'Zone')
    """
    return LABELS.get(f"{model}.{key}") or LABELS.get(key) or sentence_case(key)


def plain_note(text: str) -> str:
    """A description of the schema without the marks of a file: names of values as the form calls them.

    Parameters
    ----------
    text : str
        The description.

    Returns
    -------
    str
        The same in plain words.

    Examples
    --------
    >>> plain_note("non_inferiority: not worse; `sided` is 1; arm -> share")
    'non-inferiority: not worse; sided is 1; arm → share'
    """
    text = text.replace("`", "").replace("->", "→").replace("non_inferiority", "non-inferiority")
    return re.sub(r"(?<=[a-z])_(?=[a-z])", " ", text)


def choice_label(model: str, key: str, value: object) -> str:
    """What one of the values to choose is called.

    Parameters
    ----------
    model : str
        Definition that the key belongs to.
    key : str
        The key.
    value : object
        As in a file.

    Returns
    -------
    str
        Its words.

    Examples
    --------
    >>> choice_label("TherapyUse", "therapy", "prp"), choice_label("Design", "layout", "split_scalp")
    ('platelet-rich plasma', 'two sides of one scalp')
    """
    told = {**CHOICES.get(key, {}), **CHOICES.get(f"{model}.{key}", {})}
    if value in told and not (isinstance(value, bool) and key not in ("season",)):
        return told[value]
    if isinstance(value, bool):
        return "yes" if value else "no"
    if not isinstance(value, str):
        return str(value)
    words = vocabulary()
    registries = {
        "endpoint": words.endpoints,
        "condition": words.conditions,
        "route": words.routes,
        "method": words.methods,
    }
    entry = registries[key].get(value) if key in registries else None
    if entry is not None:
        return str(getattr(entry, "title", value))
    if key == "therapy":
        return therapy_title(value)
    return value.replace("non_inferiority", "non-inferiority").replace("_", " ")


KEPT: frozenset[tuple[str | int, ...]] = frozenset(
    {
        ("population",),
        ("population", "sex"),
        ("population", "age"),
        ("population", "ethnicity"),
        ("measurement",),
        ("endpoints",),
        ("endpoints", "primary"),
    }
)
"""Mappings that stay in a file though they are empty, because it has to have them."""
