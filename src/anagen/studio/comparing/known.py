"""What is known of treatments before a run: control, adverse events, cost, grade, what to bear in mind."""

from __future__ import annotations

import pandas as pd
from pydantic import BaseModel

from anagen.comparative.admission import not_admitted
from anagen.comparative.design import Comparison
from anagen.comparative.facts import with_facts
from anagen.comparative.page import bear_in_mind, blinding_of, certainty_words, ended_of, grade_words
from anagen.core.plain import records
from anagen.parameters import load_parameters
from anagen.reports.wording import sentence_case
from anagen.studio.comparing.asked import Asked
from anagen.studio.comparing.words import arm_words, group_words
from anagen.trials.protocol import study_parameters


class Known(BaseModel, frozen=True):
    """What is known of a treatment.

    Attributes
    ----------
    arm : str
        Its name.
    title : str
        In words.
    control : str
        Its own control, in words.
    adverse_events : str
        Expected share with any, and the largest excesses.
    cost : str
        Over the weeks compared.
    grade : str
        What kind of studies there are.
    certainty : str
        How far the size of its effect can be trusted in these patients.
    evidence : str
        In sentences.
    bear_in_mind : str
        Contraindications, warnings, how the patients are unlike those studied.
    """

    arm: str
    title: str
    control: str
    adverse_events: str
    cost: str
    grade: str
    certainty: str
    evidence: str
    bear_in_mind: str


class Plan(BaseModel, frozen=True):
    """A comparison before it is run.

    Attributes
    ----------
    about : str
        Whom and what it is about.
    known : tuple of Known
        One per treatment.
    says : tuple of str
        Who is not admitted, and what no blinded trial could show.
    seconds : float or None
        How long a run takes on one core [s].
    """

    about: str
    known: tuple[Known, ...]
    says: tuple[str, ...]
    seconds: float | None


def plan_view(found: Asked, seconds: float | None = None) -> Plan | None:
    """What is known of the treatments that were asked for.

    Parameters
    ----------
    found : Asked
        What was asked for.
    seconds : float or None
        How long a run takes [s].

    Returns
    -------
    Plan or None
        None where something is wrong or nothing is chosen.
    """
    plan = found.plan
    if plan is None:
        return None
    return Plan(
        about=sentence_case(group_words(found.spec())),
        known=facts_of(plan),
        says=tuple(filter(None, (not_admitted(plan), ended_of(plan), blinding_of(plan)))),
        seconds=seconds,
    )


def facts_of(plan: Comparison) -> tuple[Known, ...]:
    """What is known of each treatment, in words.

    Parameters
    ----------
    plan : Comparison
        What is compared.

    Returns
    -------
    tuple of Known
        In the order asked for.
    """
    return tuple(_known(plan, row) for row in records(facts(plan)))


def facts(plan: Comparison) -> pd.DataFrame:
    """What is known of each treatment, at central values of the parameters.

    Parameters
    ----------
    plan : Comparison
        What is compared.

    Returns
    -------
    pd.DataFrame
        One row per treatment; see `with_facts`.
    """
    parameters = study_parameters(plan.study, load_parameters())
    table = pd.DataFrame({"arm": plan.treatments, "control": [plan.own_control[name] for name in plan.treatments]})
    return with_facts(table, plan, parameters, weeks=plan.study.measurement.visits[-1])


def _known(plan: Comparison, row: dict[str, object]) -> Known:
    return Known(
        arm=str(row["arm"]),
        title=arm_words(plan, str(row["arm"])),
        control=arm_words(plan, str(row["control"])),
        adverse_events=str(row["adverse_events"]),
        cost=str(row["cost"]),
        grade=grade_words(row),
        certainty=certainty_words(row),
        evidence=str(row["evidence"]),
        bear_in_mind=bear_in_mind(row),
    )
