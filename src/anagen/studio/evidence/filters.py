"""Filters of published results: their controls, what they leave, and which of them removed the last rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from anagen.core.words import counted
from anagen.evidence.published import published
from anagen.evidence.table import USES, Published
from anagen.reports.wording import endpoint_names, lower_first, therapy_title
from anagen.studio.forms.field import CHOICE, RANGE, Choice, Field, read
from anagen.therapies.names import meant_by

FILTERS = ("therapy", "condition", "endpoint", "use")
"""In the order in which they are laid on."""
ANY = Choice("", "any")
USE_WORDS = {
    "calibrate": "may inform parameters",
    "check": "is compared only",
    "exclude": "is shown only",
}
POOLED_MEASURES = {"change": "change", "percent_change": "change in per cent"}
WEEK, WEEK_NOTE = 24, "The nearest week of each study, at most 28 weeks away."
MOST_NAMED = 6


@dataclass(frozen=True)
class Asked:
    """What was asked for and what is left of the table.

    Attributes
    ----------
    fields : dict of str to Field
        Controls by name, with what they hold.
    rows : tuple of Published
        Rows that every filter lets through.
    emptied_by : str
        The filter that removed the last rows; "" where some are left.
    before : int
        Rows before that filter.
    """

    fields: dict[str, Field]
    rows: tuple[Published, ...]
    emptied_by: str = ""
    before: int = 0

    def value(self, name: str) -> str:
        """What a control holds, "" where that cannot be used.

        Parameters
        ----------
        name : str
            Of the control.

        Returns
        -------
        str
            As it stands in the address.
        """
        field = self.fields[name]
        return "" if field.problem else field.value

    @property
    def week(self) -> float:
        """The week whose effects are pooled."""
        field = self.fields["week"]
        return float(field.offer or WEEK) if field.problem else field.number

    @property
    def measure(self) -> str:
        """What is pooled."""
        return self.value("measure") or next(iter(POOLED_MEASURES))

    def emptied(self) -> str:
        """Which filter removed the last rows, in a sentence; "" where some are left.

        Returns
        -------
        str
            With the number of rows that there were before it.
        """
        if not self.emptied_by:
            return ""
        field = self.fields[self.emptied_by]
        label = next(choice.label for choice in field.choices if choice.value == field.value)
        left = [self.fields[name] for name in FILTERS[: FILTERS.index(self.emptied_by)] if self.value(name)]
        of = f" that {' and '.join(each.label.lower() for each in left)} leave{'s' * (len(left) == 1)}" if left else ""
        rows = counted(self.before, "row")
        return f"No result. Of the {rows}{of}, none is of {lower_first(field.label)} “{label}”."


def controls(rows: Sequence[Published]) -> list[Field]:
    """Controls of the page, with every value that the rows hold.

    Parameters
    ----------
    rows : Sequence of Published
        All published results.

    Returns
    -------
    list of Field
        The filters, then what is pooled.
    """
    therapies = sorted({part for row in rows for part in row.therapy.split("+")}, key=therapy_title)
    endpoints = sorted({row.endpoint for row in rows})
    titles = {name: title.title for name, title in endpoint_names(endpoints).items()}
    conditions = sorted({row.condition for row in rows if row.condition})
    return [
        _choice("therapy", "Therapy", {name: therapy_title(name) for name in therapies}),
        _choice("condition", "Condition", {name: _condition(name) for name in conditions}),
        _choice("endpoint", "Endpoint", dict(sorted(titles.items(), key=lambda pair: pair[1].lower()))),
        _choice("use", "Use", {name: f"{name}: {USE_WORDS[name]}" for name in USES}),
        Field("week", "Week of the forest", RANGE, str(WEEK), low=4, high=104, step=4, note=WEEK_NOTE),
        Field("measure", "What is pooled", CHOICE, "change", tuple(Choice(*pair) for pair in POOLED_MEASURES.items())),
    ]


def asked(query: Mapping[str, str]) -> Asked:
    """Controls as the address has them, and the rows that they leave.

    Parameters
    ----------
    query : Mapping of str to str
        Of the address. A therapy may go by any of its names.

    Returns
    -------
    Asked
        A control with a problem filters nothing.
    """
    rows = published().rows
    given = dict(query)
    known = meant_by(given.get("therapy", ""))
    if known is not None:
        given["therapy"] = known.therapy.name
    fields = {name: _short(field) for name, field in read(controls(rows), given).items()}
    wanted = {name: fields[name].value for name in FILTERS if fields[name].value and not fields[name].problem}
    laid: dict[str, Any] = {}
    left = rows
    for name, value in wanted.items():
        before, laid[name] = left, value
        left = published(**laid).rows
        if not left:
            return Asked(fields, (), name, len(before))
    return Asked(fields, left)


def pooled_rows(found: Asked) -> tuple[Published, ...]:
    """Rows that may be pooled: as filtered by condition and use, with the controls of every therapy.

    Parameters
    ----------
    found : Asked
        What was asked for.

    Returns
    -------
    tuple of Published
        Of all therapies and endpoints.
    """
    laid: dict[str, Any] = {name: found.value(name) or None for name in ("condition", "use")}
    return published(**laid).rows


def _short(field: Field) -> Field:
    """A control whose problem does not list a hundred names."""
    if field.problem and len(field.choices) > MOST_NAMED:
        return replace(field, problem=f"“{field.value}” is none of those that were published")
    return field


def _choice(name: str, label: str, values: Mapping[str, str]) -> Field:
    choices = (ANY, *(Choice(value, words) for value, words in values.items()))
    return Field(name, label, CHOICE, "", choices, required=False)


def _condition(name: str) -> str:
    from anagen.patients import CONDITIONS

    return CONDITIONS[name].title if name in CONDITIONS else name
