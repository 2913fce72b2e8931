"""What a trial claims: each arm over its control, at each endpoint, with names by which a file says an order."""

from __future__ import annotations

from dataclasses import dataclass

from anagen.study.controls import compared
from anagen.study.models import EndpointChoice, StudyFields


@dataclass(frozen=True, slots=True)
class Claim:
    """An arm over its control at an endpoint.

    Attributes
    ----------
    name : str
        Within its family: the arm, the endpoint with its week, or both.
    arm : str
        The arm.
    control : str
        What it is compared with.
    choice : EndpointChoice
        The endpoint.
    """

    name: str
    arm: str
    control: str
    choice: EndpointChoice


def families_of(study: StudyFields) -> tuple[tuple[Claim, ...], ...]:
    """Claims that share a significance level; each family keeps it.

    Parameters
    ----------
    study : StudyFields
        With a control arm.

    Returns
    -------
    tuple[tuple[Claim, ...], ...]
        In the order of the arms and endpoints, or in that which the study states. Without an adjustment each claim
        at the primary endpoint is a family by itself.
    """
    section = study.analysis.multiplicity
    first = study.endpoints.primary
    choices = (first, *study.endpoints.secondary)
    pairs = pairs_of(study)
    several = {arm for arm, _ in pairs if sum(other == arm for other, _ in pairs) > 1}
    names = {(arm, control): f"{arm} against {control}" if arm in several else arm for arm, control in pairs}
    if section is None:
        return tuple((Claim(names[pair], *pair, first),) for pair in pairs)
    if section.over == "arms":
        families = [[Claim(names[pair], *pair, first) for pair in pairs]]
    elif section.over == "endpoints":
        families = [
            [Claim(name, arm, control, choice) for name, choice in zip(endpoint_names(choices), choices, strict=True)]
            for arm, control in pairs
        ]
    else:
        families = [
            [
                Claim(f"{names[arm, control]}: {name}", arm, control, choice)
                for name, choice in zip(endpoint_names(choices), choices, strict=True)
                for arm, control in pairs
            ]
        ]
    if section.order:
        place = {name: i for i, name in enumerate(section.order)}
        families = [sorted(family, key=lambda claim: place[claim.name]) for family in families]
    return tuple(tuple(family) for family in families)


def pairs_of(study: StudyFields) -> tuple[tuple[str, str], ...]:
    """Names (arm, control) of what is claimed; none in a study without a control arm."""
    return tuple((arm.name, other.name) for arm, other in compared(study))


def endpoint_names(choices: tuple[EndpointChoice, ...]) -> tuple[str, ...]:
    """Name and week of each endpoint, with the measure where two share them.

    Parameters
    ----------
    choices : tuple[EndpointChoice, ...]
        Of a study.

    Returns
    -------
    tuple[str, ...]
        As a file names them in an order.

    Examples
    --------
    >>> endpoint_names((EndpointChoice(endpoint="total_density", week=24, measure="change"),))
    ('total_density 24',)
    """
    short = [f"{choice.endpoint} {choice.week:g}" for choice in choices]
    return tuple(
        name if short.count(name) == 1 else f"{name} {choice.measure}"
        for name, choice in zip(short, choices, strict=True)
    )
