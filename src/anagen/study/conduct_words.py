"""How a trial is carried out, in sentences that say no more than what is simulated."""

from __future__ import annotations

from anagen.study.conduct import Dropout, Intercurrent
from anagen.study.given import listed
from anagen.study.models import StudyFields

WORDS = {
    "treatment_policy": "treatment policy: values after an intercurrent event count as they were measured",
    "hypothetical": "hypothetical: values after an intercurrent event are missing, as if it had not happened",
    "composite": "composite: an intercurrent event is an outcome of its own",
    "while_on_treatment": "while on treatment: the last value before an intercurrent event counts",
}
LEFT_OUT = "those without a value are left out"
IN_FOLLOW_UP = "complete cases, while in follow-up"


def estimand_words(estimand: str, *, events: bool) -> str:
    """What an effect means, in words that say no more than was done.

    Parameters
    ----------
    estimand : str
        Of the study.
    events : bool
        Whether intercurrent events were simulated, or an estimand other than the usual one was asked for.

    Returns
    -------
    str
        A sentence part.

    Examples
    --------
    >>> estimand_words("treatment_policy", events=False)
    'complete cases, while in follow-up'
    """
    return f"{WORDS[estimand]}; {LEFT_OUT}" if events else IN_FOLLOW_UP


def estimand_sentence(study: StudyFields) -> str:
    """What the effect of a study means.

    Parameters
    ----------
    study : StudyFields
        A checked study.

    Returns
    -------
    str
        As `estimand_words` has it.
    """
    estimand, analysis = study.analysis.estimand, study.analysis
    words = estimand_words(estimand, events=bool(study.intercurrent) or estimand != "treatment_policy")
    instead = ""
    if analysis.method == "mmrm":
        instead = "every value that was measured counts"
    elif analysis.missing != "complete_cases" and analysis.missing != "non_response":
        instead = "missing values are filled in as said"
    if not instead:
        return words
    return words.replace(LEFT_OUT, instead).replace("complete cases", instead)


def dropout_words(rule: Dropout, last: float) -> str:
    """Who is lost, in a sentence part.

    Parameters
    ----------
    rule : Dropout
        Of the study.
    last : float
        Week of the last visit.

    Returns
    -------
    str
        Words.

    Examples
    --------
    >>> dropout_words(Dropout(share=0.1), 24.0)
    '10 % of patients are lost by week 24 for reasons other than an adverse event'
    >>> dropout_words(Dropout(share=0.1, depends_on="change"), 24.0).partition(': ')[2]
    'odds ratio 2 per standard deviation of less change at the last visit attended'
    """
    lost = f"{100.0 * rule.share:g} % of patients are lost by week {last:g}" if rule.share else "no patient is lost"
    for arm, share in rule.by_arm.items():
        lost += f" ({100.0 * share:g} % in {arm})"
    lost += " for reasons other than an adverse event"
    if rule.depends_on is None:
        return lost
    per = {
        "change": "per standard deviation of less change "
        + ("at the last visit attended" if rule.missing == "mar" else "at the visit that is then missed"),
        "baseline": "per standard deviation of a worse baseline",
        "adverse_event": "after an adverse event",
    }[rule.depends_on]
    name = {"mar": "missing at random", "mnar": "missing not at random", "mcar": ""}[rule.missing]
    return f"{lost}, {name}: odds ratio {rule.odds_ratio:g} {per}"


def event_words(event: Intercurrent) -> str:
    """An intercurrent event, in a sentence part.

    Parameters
    ----------
    event : Intercurrent
        Of the study.

    Returns
    -------
    str
        Words.
    """
    shares = [] if event.share is None else [f"{100.0 * event.share:g} %"]
    shares += [f"{100.0 * share:g} % in {arm}" for arm, share in event.by_arm.items()]
    if event.because == "adverse_event":
        return f"of those whom an adverse event makes stop, {listed(shares)} stay in follow-up without treatment"
    what = {
        "stops_treatment": "stop treatment and stay in follow-up",
        "switch": "switch to " + " and ".join(use.therapy for use in event.therapies),
        "transplant": "have hair transplanted",
    }[event.event]
    why = {
        "other": "whoever they are",
        "no_effect": f"more of those who have gained less (odds ratio {event.odds_ratio:g} per standard deviation)",
    }[event.because]
    return f"{listed(shares)} {what}, {why}"


def conduct_sentences(study: StudyFields) -> list[str]:
    """Sentences on centres, enrolment and the other keys of the design that came later; none where none is stated.

    Parameters
    ----------
    study : StudyFields
        A checked study.

    Returns
    -------
    list[str]
        One or two sentences for each key.
    """
    design, sentences = study.design, list[str]()
    if study.intercurrent:
        events = "; ".join(event_words(event) for event in study.intercurrent)
        sentences.append(f"Intercurrent events: {events}. A patient has the first of several.")
    if design.centres is not None:
        centres = design.centres
        apart = "" if centres.effect_sd is None else f", and their effects by {centres.effect_sd.text}"
        if centres.change_sd is not None:
            apart += f", the change that they measure by {centres.change_sd.text}"
        sentences.append(
            f"{centres.number} centres, whose measurements differ by {centres.sd.text} (standard deviation){apart}; "
            "patients are screened before that is added."
        )
    if design.randomisation.method == "cluster":
        sentences.append(
            "Patients have the arm of their centre, so that numbers of patients per arm are what its centres recruit."
        )
    if design.enrolment is not None:
        ramp = design.enrolment.ramp
        slowly = f", reached in {ramp.text}" if ramp.value else ""
        sentences.append(f"{design.enrolment.per_month:g} patients are enrolled a month{slowly}.")
    if design.wash_in is not None:
        sentences.append(
            f"{design.wash_in:g} weeks without treatment pass between enrolment and baseline; as patients are "
            "untreated until baseline anyhow, they move the calendar alone."
        )
    if study.measurement.window is not None:
        sentences.append(
            f"Visits take place up to {study.measurement.window.text} early or late; values are those of the nominal "
            "day, and the calendar that of the true one."
        )
    for arm, shift in design.placebo_response.items():
        sentences.append(f"In {arm}, {shift.text} more are counted after baseline because they are expected.")
    sentences += unblinding_sentences(study)
    if design.randomisation.strata and design.randomisation.method == "block" and design.layout != "split_scalp":
        sentences.append(list_words(study))
    return sentences


def unblinding_sentences(study: StudyFields) -> list[str]:
    """Who notices what was given, as a scenario of the study; a sentence an arm, none without one."""
    told: list[str] = []
    for arm, rule in study.design.unblinding.items():
        whom = "those with an adverse event of it" if rule.because == "adverse_event" else "patients"
        told.append(
            f"In {arm} {100.0 * rule.share:g} % of {whom} notice what they were given and expect {rule.expectation:g} "
            "times as much of it, which moves their own score (a scenario: nobody has measured it)."
        )
    return told


def crossover_words(study: StudyFields) -> str:
    """The periods of a crossover, in a sentence part; empty text for another layout.

    Parameters
    ----------
    study : StudyFields
        A checked study.

    Returns
    -------
    str
        Words.
    """
    if study.design.layout != "crossover":
        return ""
    last, washout = study.measurement.visits[-1], study.design.washout or 0.0
    between = f"{washout:g} weeks without treatment" if washout else "nothing"
    return (
        f"crossover, both arms in the same patients: two periods of {last:g} weeks with {between} between them, half "
        "of the patients beginning with each arm; weeks count from the baseline of its period, from which change "
        "is measured"
    )


def list_words(study: StudyFields) -> str:
    """How far numbers per arm can be from plan where each stratum has a list of its own, in a sentence.

    Parameters
    ----------
    study : StudyFields
        A checked study with blocks within strata.

    Returns
    -------
    str
        A sentence.
    """
    if study.design.randomisation.exact:
        return (
            "Each stratum has its own list; patients of incomplete blocks are dealt together, so that every arm gets "
            "exactly its patients."
        )
    sizes, block = [arm.patients for arm in study.arms], study.design.randomisation.block
    shares = [size / sum(sizes) for size in sizes]
    away = max(block * share * (1.0 - share) for share in shares)
    return (
        "Each stratum has its own list, so that numbers of patients per arm vary from plan: an arm by up to "
        f"{away:.2g} in each stratum that ends within a block (randomisation.exact: true makes them exact)."
    )
