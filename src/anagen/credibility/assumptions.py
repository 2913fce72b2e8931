"""The register of assumptions: of structure, from a file of the room; of numbers, from the parameters a study reads."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import files

import pandas as pd

from anagen.delivery import kinetics_of
from anagen.parameters.parameter import Grade
from anagen.trials.protocol import Protocol

WEAKEST_FIRST: tuple[Grade, ...] = ("C", "B", "A")


@dataclass(frozen=True, slots=True)
class Assumption:
    """A structural assumption.

    Attributes
    ----------
    name : str
        Of the entry.
    statement : str
        What is taken to be so.
    grade : Grade
        How well it is known.
    why : str
        What speaks for it.
    checks : tuple[str, ...]
        Tests and studies of the repository that check it.
    kinetics : tuple[str, ...], default ()
        Where it matters; empty: everywhere.
    conditions : tuple[str, ...], default ()
        Where it matters; empty: everywhere.
    """

    name: str
    statement: str
    grade: Grade
    why: str
    checks: tuple[str, ...]
    kinetics: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()


def structural_assumptions() -> tuple[Assumption, ...]:
    """Every structural assumption of the model, in the order of the file.

    Examples
    --------
    >>> structural_assumptions()[0].name
    'separate_follicles'
    """
    raw = tomllib.loads((files("anagen.credibility") / "assumptions.toml").read_text(encoding="utf-8"))
    return tuple(
        Assumption(
            name,
            statement=fields["statement"],
            grade=fields["grade"],
            why=fields["why"],
            checks=tuple(fields["checks"]),
            kinetics=tuple(fields.get("kinetics", ())),
            conditions=tuple(fields.get("conditions", ())),
        )
        for name, fields in raw.items()
    )


def assumptions_of(plan: Protocol) -> tuple[Assumption, ...]:
    """Structural assumptions that concern a study, the weakest first."""
    kinetics = kinetics_used(plan)
    condition = plan.study.population.condition
    concerned = [
        entry
        for entry in structural_assumptions()
        if (not entry.kinetics or kinetics.intersection(entry.kinetics))
        and (not entry.conditions or condition in entry.conditions)
    ]
    return tuple(sorted(concerned, key=lambda entry: WEAKEST_FIRST.index(entry.grade)))


def kinetics_used(plan: Protocol) -> frozenset[str]:
    """Names of the kinetics that the arms of a study use, of substances and of what their routes do."""
    names: set[str] = set()
    for prescription in (entry for arm in plan.courses for entry in arm):
        if prescription.therapy.actions:
            names.add(kinetics_of(prescription.therapy.kinetics[prescription.route.name]).name)
        if prescription.route.act is not None:
            names.add(prescription.route.act.kinetics)
    return frozenset(names)


def parameter_register(used: pd.DataFrame, screening: pd.DataFrame) -> pd.DataFrame:
    """Parameters that the study reads, C-graded first, within a grade by how far they move the effect.

    Parameters
    ----------
    used : pd.DataFrame
        Rows of the parameter table.
    screening : pd.DataFrame
        Name and mu_star of those that were moved.

    Returns
    -------
    pd.DataFrame
        Table name, value, unit, low, high, distribution, grade, hand_set, source, note, informed_by, mu_star (missing
        where a parameter was not moved).
    """
    columns = ["name", "value", "unit", "low", "high", "distribution", "grade", "hand_set", "source", "note"]
    columns.append("informed_by")
    table = used[columns].merge(screening[["name", "mu_star"]], on="name", how="left")
    order = table["grade"].map({grade: place for place, grade in enumerate(WEAKEST_FIRST)})
    keyed = table.assign(_order=order, _moved=table["mu_star"].fillna(-1.0))
    sorted_ = keyed.sort_values(["_order", "_moved", "name"], ascending=[True, False, True], ignore_index=True)
    return sorted_[[*columns, "mu_star"]]
