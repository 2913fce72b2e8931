"""Design, participants, interventions, outcomes and harms, as far as the study file answers them."""

from __future__ import annotations

from anagen.analysis.expected_safety import ANY, DISCONTINUATION, TOGETHER, expected_safety
from anagen.planning.printed import Printed
from anagen.planning.synopsis.answer import Answer, capital
from anagen.planning.synopsis.facts import WARNED, Facts
from anagen.planning.synopsis.introduction import kind_of_trial
from anagen.planning.wording import name_of_choice
from anagen.reports.numbers import DASH, percent
from anagen.reports.wording import measure_words, weeks
from anagen.study.given import listed, use_in_words
from anagen.study.safety_rules import warnings_of
from anagen.study.treatment import TherapyUse
from anagen.study.values import Range
from anagen.therapies.contraindications import EXCLUSIONS
from anagen.therapies.safety import SCENARIOS
from anagen.trials.protocol import study_parameters

PEOPLE = {"male": "men", "female": "women"}
LEAST_SHARE = 0.005
"""Expected share of patients below which an adverse event has no row."""
AGGREGATED = {
    "change": "mean", "percent_change": "mean", "value": "mean", "responder": "share of patients",
    "responder_percent": "share of patients", "responder_value": "share of patients",
}  # fmt: skip


def trial_design(facts: Facts) -> Answer:
    """Item 12."""
    study = facts.study
    sizes = [arm.patients for arm in study.arms]
    ratio = "every patient has both arms, one on each side" if facts.split else ":".join(map(str, _reduced(sizes)))
    analysis = facts.study.analysis
    claim = "superiority" if analysis.hypothesis is None else analysis.hypothesis.type.replace("_", " ")
    stated = None if analysis.hypothesis is None else analysis.hypothesis.margin
    margin = "" if stated is None else f" with a margin of {stated.text}"
    framework = f"{claim}{margin}, {'one' if analysis.sided == 1 else 'two'}-sided"
    text = (
        f"{kind_of_trial(facts)}.",
        f"Allocation ratio ({' : '.join(arm.name for arm in study.arms)}): {ratio}.",
        f"Framework: {framework}.",
    )
    return Answer(text)


def _reduced(sizes: list[int]) -> list[int]:
    """A ratio in its lowest terms.

    Examples
    --------
    >>> _reduced([60, 30])
    [2, 1]
    """
    from math import gcd

    common = gcd(*sizes)
    return [size // common for size in sizes]


def setting(facts: Facts) -> Answer:
    """Item 13."""
    centres = facts.study.design.centres
    text = () if centres is None else (f"{centres.number} centres.",)
    missing = "kind of setting, countries and sites"
    return Answer(text, open=(missing if centres is not None else f"{missing}; the study file names no centres",))


def eligibility(facts: Facts) -> Answer:
    """Item 14a."""
    population = facts.study.population
    condition = facts.words.conditions[population.condition]
    people = [PEOPLE[sex] for sex, share in population.sex.items() if share > 0.0]
    points = [
        f"{capital(listed(people))} with {condition.title}, aged {population.age.min:g} to {population.age.max:g} years"
    ]
    for scale, grades in population.severity.items():
        name = scale.upper() if not condition.grades(scale) else scale.capitalize()
        points.append(f"Severity by {name}: {_limits(grades) if isinstance(grades, Range) else ', '.join(grades)}")
    for name, limits in population.inclusion.items():
        endpoint = facts.words.endpoints[name]
        unit = "" if endpoint.unit == "1" else f" {endpoint.unit}"
        points.append(f"Measured {endpoint.title} at screening: {_limits(limits)}{unit}")
    excluded = [f"Not admitted: {EXCLUSIONS[name]}" for name in population.exclusions if name in EXCLUSIONS]
    text = ["Inclusion and exclusion as the study file states them:"]
    if facts.study.design.wash_in is not None:
        points.append(f"{facts.study.design.wash_in:g} weeks without treatment between enrolment and baseline")
    missing = ["treatments before the trial and how long they must have been stopped, and further criteria"]
    missing += [f"whether to exclude, or how to watch: {warning}" for warning in _contraindications(facts)]
    return Answer(tuple(text), (*points, *excluded), open=tuple(missing))


def _contraindications(facts: Facts) -> list[str]:
    """What the study file accepts or leaves unanswered of contraindications, but what products do not show."""
    return [
        told for told in warnings_of(facts.study.model_dump()) if not told.startswith(("release tests", "the product"))
    ]


def _limits(limits: Range) -> str:
    if limits.min is None:
        return f"at most {limits.max:g}"
    return f"at least {limits.min:g}" if limits.max is None else f"{limits.min:g} to {limits.max:g}"


def interventions(facts: Facts) -> Answer:
    """Item 15a, without the specification of products."""
    study, last = facts.study, facts.study.measurement.visits[-1]
    rows: list[tuple[str, ...]] = []
    for arm in study.arms:
        size = "one side of each patient" if facts.split else f"{arm.patients:,}"
        for place, use in enumerate(arm.therapies or (None,)):
            first = (arm.name, "control" if arm.control else "tested", size) if not place else ("", "", "")
            given = "no treatment" if use is None else capital(use_in_words(use, last, facts.words, study.arms))
            rows.append((*first, DASH if use is None else _doses(use), given))
    table = Printed("Arms", ("arm", "role", "patients", "dose", "what is given, how and when"), tuple(rows))
    text = [f"{part}." for part in _rescues(facts)]
    missing = (
        "who gives each treatment, with which training and manual",
        "labelling, storage at the site and accounting",
    )
    return Answer(tuple(text), tables=(table,), open=missing)


def _doses(use: TherapyUse) -> str:
    """Doses of a therapy, each once."""
    phases = use.schedule.parts
    doses = [each.text for phase in phases for each in (phase.doses or (phase.dose or use.dose,)) if each is not None]
    if not doses:
        return DASH
    per = "time" if use.per in ("application",) else use.per
    return f"{listed(dict.fromkeys(doses))} per {per}"


def _rescues(facts: Facts) -> list[str]:
    return [
        f"{arm.name} has a rescue in week {arm.rescue.week:g} for those without enough response: "
        + "; ".join(use_in_words(use, facts.study.measurement.visits[-1], facts.words) for use in arm.rescue.therapies)
        for arm in facts.study.arms
        if arm.rescue is not None
    ]


def stopping(facts: Facts) -> Answer:
    """Item 15b."""
    from anagen.study.conduct_words import event_words

    text = [f"{part}." for part in _rescues(facts)]
    if facts.study.intercurrent:
        events = "; ".join(event_words(event) for event in facts.study.intercurrent)
        text.append(f"Planned for, as shares of patients: {events}.")
    text.append("An adverse event can make a patient stop (item 17).")
    missing = ("criteria to stop or change the treatment of a participant: harms, request, worsening",)
    return Answer(tuple(text), open=missing)


def adherence(facts: Facts) -> Answer:
    """Item 15c."""
    told = [
        f"{arm.name}: {percent(use.adherence.mean)} of the doses of {use.therapy} are taken on average, as is assumed"
        for arm in facts.study.arms
        for use in arm.therapies
        if use.adherence is not None
    ]
    sessions = any(use.schedule.session_weeks() and not use.taken for arm in facts.study.arms for use in arm.therapies)
    text = ("Sessions are given in the clinic, so that attendance is adherence.",) if sessions else ()
    return Answer(
        text, tuple(told), open=("how adherence is helped and monitored (returned packs, sessions attended)",)
    )


def concomitant(facts: Facts) -> Answer:
    """Item 15d."""
    del facts
    return Answer(
        open=("other treatments of hair that are permitted or prohibited, hair cutting and dyeing among them",)
    )


def outcomes(facts: Facts) -> Answer:
    """Item 16."""
    study = facts.study
    rows: list[tuple[str, ...]] = []
    for role, choice in (
        ("primary", study.endpoints.primary),
        *(("secondary", each) for each in study.endpoints.secondary),
    ):
        name = name_of_choice(choice)
        rows.append(
            (role, name.title, measure_words(choice.measure, choice.threshold, name), AGGREGATED[choice.measure],
             weeks(choice.week), name.unit or "1")
        )  # fmt: skip
    header = ("outcome", "variable", "metric", "aggregated as", "week", "unit")
    table = Printed("Outcomes", header, tuple(rows))
    return Answer((" ".join(facts.sentences("Measurement")),), tables=(table,))


def harms(facts: Facts) -> Answer:
    """Item 17, with the rules of safety that the study states."""
    study = facts.study
    values = study_parameters(study, facts.source.load()).central()
    rescues = [0.0] * len(facts.plan.rescues)
    expected = expected_safety(facts.plan, values, draw=0, below=rescues)
    last = expected[expected["week"] == expected["week"].max()]
    share = last.pivot(index="event", columns="arm", values="share")[list(facts.plan.arms)]
    ends = {ANY: 2.0, DISCONTINUATION: -1.0}
    order = sorted(share.index, key=lambda event: (-ends.get(str(event), float(share.loc[event].max())), str(event)))
    share = share.loc[order]
    rows = [
        (TOGETHER.get(str(event), str(event).replace("_", " ")), *(percent(value, 1) for value in values_of))
        for event, values_of in zip(share.index, share.to_numpy(), strict=True)
        if event in (ANY, DISCONTINUATION) or float(values_of.max()) >= LEAST_SHARE
    ]
    table = Printed(
        f"Expected share of patients with an adverse event by week {study.measurement.visits[-1]:g}",
        ("event", *facts.plan.arms),
        tuple(rows),
        "By the model at central parameter values, for planning; most rates are assumptions (docs/safety.md). Events "
        f"below {percent(LEAST_SHARE, 1)} in every arm are left out.",
    )
    points = [f"To watch: {warning}" for warning in warnings_of(study.model_dump())]
    points += [f"Accepted contraindication: {name.replace('_', ' ')}" for name in study.safety.accepted]
    points += [f"Rare event without a known rate: {name} ({SCENARIOS[name]})" for name in study.safety.scenarios]
    text = [
        "As it is simulated, adverse events are noted in every arm with their onset, severity and whether the patient "
        "stopped because of them."
    ]
    text += ["Safety rules of the study file:"] if points else []
    missing = (
        "definitions and grading of adverse events, whether they are asked for, and time limits of reporting",
        "rules to stop treatment of a participant, or the trial, for harm",
    )
    return Answer(tuple(text), tuple(points), (table,), missing)


def recruitment(facts: Facts) -> Answer:
    """Item 20."""
    rule, text = facts.study.design.enrolment, list[str]()
    if rule is not None:
        ramp = f", reached in {rule.ramp.text}" if rule.ramp.value else ""
        months = facts.patients / rule.per_month
        text.append(
            f"{rule.per_month:g} patients are enrolled a month{ramp}: about {months:.0f} months for {facts.patients:,} "
            "patients once that rate is reached."
        )
    missing = ["how enough participants are reached and enrolled"]
    if rule is None:
        missing.append("how many are enrolled a month (design.enrolment of the study file)")
    return Answer(tuple(text), open=tuple(missing))


def blinding_remarks(facts: Facts) -> list[str]:
    """What the study file's controls say against blinding."""
    controls = facts.told.get("Controls", "")
    return [part.removeprefix(WARNED) for part in controls.split(". ") if part.startswith(WARNED)]
