"""Estimand, statistical methods and looks at the data, as far as the study file answers them."""

from __future__ import annotations

from anagen.core.measures import RESPONDERS
from anagen.planning.printed import Printed
from anagen.planning.synopsis.answer import Answer, capital
from anagen.planning.synopsis.conduct import eligibility
from anagen.planning.synopsis.facts import Facts
from anagen.planning.wording import outcome_words
from anagen.reports.wording import contrast_text
from anagen.study.analysis_words import interim_sentences, missing_sentences
from anagen.study.conduct_words import LEFT_OUT, WORDS, event_words
from anagen.study.given import listed

ESTIMANDS = "ICH E9(R1)"


def methods(facts: Facts) -> Answer:
    """Item 27a."""
    text = [" ".join(facts.sentences("Analysis"))]
    points = ("Harms: numbers and shares of patients in every arm, with exact intervals, without a test.",)
    return Answer(tuple(text), points, (estimand(facts),), ("the full statistical analysis plan",))


def estimand(facts: Facts) -> Printed:
    """The five attributes of the primary estimand after ICH E9(R1)."""
    study, primary = facts.study, facts.study.endpoints.primary
    against = listed(contrast_text(*pair) for pair in facts.pairs) if facts.pairs else "one group, before and after"
    population = "; ".join(eligibility(facts).points[:2])
    events = [event_words(event) for event in study.intercurrent]
    strategy = WORDS[study.analysis.estimand]
    handled = f"{strategy}. {_events(events)}"
    if study.analysis.worst:
        worst = ", ".join(f"{name} {value:g}" for name, value in study.analysis.worst.items())
        handled += f" Outcome with an event: {worst}."
    shares = primary.measure in RESPONDERS
    covariates = listed(["the baseline", *study.analysis.covariates])
    summary = "difference in the share of patients" if shares else f"difference in means, adjusted for {covariates}"
    if study.design.layout == "crossover":
        summary = "mean difference within patients, adjusted for the period"
    if not facts.pairs:
        summary = "share of patients" if shares else "mean"
    rows = (
        ("Treatment", f"{against}, as allocated"),
        ("Population", population),
        ("Variable", outcome_words(primary)),
        ("Intercurrent events", capital(handled)),
        ("Population-level summary", summary),
    )
    return Printed(f"Primary estimand ({ESTIMANDS})", ("attribute", "of this trial"), rows)


def _events(events: list[str]) -> str:
    if events:
        return f"Planned for: {'; '.join(events)}."
    return "The study file names no intercurrent events; stopping because of an adverse event ends follow-up."


def population(facts: Facts) -> Answer:
    """Item 27b."""
    kept = "whatever happens after an intercurrent event" if facts.study.intercurrent else "in follow-up"
    text = (
        f"All randomised patients with a value at the visit, in the arm that they were randomised to, {kept}. "
        f"Estimand: {WORDS[facts.study.analysis.estimand]}."
    )
    return Answer((text,))


def missing(facts: Facts) -> Answer:
    """Item 27c."""
    said = missing_sentences(facts.study.analysis)
    if said:
        return Answer(tuple(said), open=("analyses under other assumptions on missing values",))
    rule = facts.study.design.leaving
    assumed = {
        "mcar": "completely at random",
        "mar": "at random, given what was measured before",
        "mnar": "not at random",
    }[rule.missing]
    text = f"{capital(LEFT_OUT)}. Planned for: values are missing {assumed}."
    return Answer((text,), open=("analyses under other assumptions on missing values",))


def further(facts: Facts) -> Answer:
    """Item 27d."""
    del facts
    return Answer(open=("subgroup and sensitivity analyses, or that there are none",))


def interim(facts: Facts) -> Answer:
    """Item 28b."""
    stated = facts.study.analysis.interim
    if stated is not None:
        text = " ".join(interim_sentences(stated, facts.study.analysis.sided))
        return Answer((text,), open=("who sees interim results, and who decides to stop",))
    return Answer(("None is planned: the study file states no look before the end.",))
