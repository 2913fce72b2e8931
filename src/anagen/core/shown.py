"""What a notebook shows of an object: a card of HTML with its own style, without scripts and without a network."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from anagen.core.digits import DASH, is_number, significant

if TYPE_CHECKING:
    import pandas as pd

MOST_ROWS = 12
"""Rows of the table of a card."""
LONGEST = 90
"""Letters of a cell."""
STYLE = (
    ".anagen-card{max-width:60em;font:14px/1.45 system-ui,sans-serif;border:1px solid rgba(128,128,128,.35);"
    "border-radius:6px;padding:.7em 1em;margin:.3em 0;background:transparent;color:inherit}"
    ".anagen-card p{margin:.15em 0 .45em}"
    ".anagen-card .what,.anagen-card .note{font-size:12.5px;opacity:.78}"
    ".anagen-card .headline{font-weight:600}"
    ".anagen-card .wide{overflow-x:auto}"
    ".anagen-card table{border-collapse:collapse;margin:.2em 0 .5em;font-size:13px;background:transparent;"
    "color:inherit;border:0}"
    ".anagen-card th,.anagen-card td{padding:.18em .8em .18em 0;text-align:left!important;vertical-align:top;"
    "border:0;border-bottom:1px solid rgba(128,128,128,.25);background:transparent;color:inherit;max-width:34em;"
    "white-space:normal}"
    ".anagen-card thead th{border-bottom-color:rgba(128,128,128,.6);font-weight:600}"
    ".anagen-card tbody th{font-weight:400}"
    ".anagen-card tbody th[colspan]{padding-top:.6em;font-style:italic}"
    ".anagen-card .number{text-align:right!important;white-space:nowrap;font-variant-numeric:tabular-nums}"
    ".anagen-card code{font-size:12.5px;background:rgba(128,128,128,.16);color:inherit;border-radius:3px;"
    "padding:.05em .3em}"
)
"""Colours of the page around it show through, so that a card is light on light and dark on dark.

Sides are marked important: Jupyter sets cells of tables to the right by a stronger rule.
"""


@dataclass(frozen=True, slots=True)
class Shown:
    """What is shown of an object.

    Attributes
    ----------
    what : str
        What it is ("virtual trial").
    name : str
        Which one; empty where the headline says it.
    headline : str
        The most that it has to say, in a sentence, with its uncertainty.
    header : tuple[str, ...]
        Names of the columns of its table.
    rows : tuple[tuple[str, ...], ...]
        Cells, the first of a row heads it; a row of one cell heads those below it. The first `MOST_ROWS` are shown.
    note : str
        What a reader of the table must know.
    then : tuple[str, ...]
        What to call next, as code.
    """

    what: str
    name: str
    headline: str
    header: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    note: str = ""
    then: tuple[str, ...] = ()

    def html(self) -> str:
        """The card.

        Returns
        -------
        str
            HTML that stands by itself; the same for the same object.

        Examples
        --------
        >>> "&lt;b&gt;" in Shown("study", "<b>", "").html()
        True
        """
        name = f": {self.name}" if self.name else ""
        parts = [f"<style>{STYLE}</style>", _paragraph("what", f"{self.what}{name}")]
        if self.headline:
            parts.append(_paragraph("headline", self.headline))
        if self.rows:
            parts.append(self._table())
        left = len(self.rows) - MOST_ROWS
        more = f"{left} more rows are not shown." if left > 1 else "One more row is not shown." if left == 1 else ""
        if note := " ".join(filter(None, (more, self.note))):
            parts.append(_paragraph("note", note))
        if self.then:
            calls = ", ".join(f"<code>{html.escape(call)}</code>" for call in self.then)
            parts.append(f'<p class="note">Next: {calls}</p>')
        return f'<div class="anagen-card">{"".join(parts)}</div>'

    def _table(self) -> str:
        rows = self.rows[:MOST_ROWS]
        numeric = [
            any(_is_figure(row[place]) for row in rows if len(row) > 1) and place > 0
            for place in range(len(self.header))
        ]
        marks = [' class="number"' if each else "" for each in numeric]
        head = "".join(
            f'<th scope="col"{mark}>{html.escape(name)}</th>' for name, mark in zip(self.header, marks, strict=True)
        )
        body = "".join(f"<tr>{self._row(row, marks)}</tr>" for row in rows)
        return f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'

    def _row(self, row: tuple[str, ...], marks: Sequence[str]) -> str:
        first, *others = (html.escape(cell) for cell in row)
        if not others:
            return f'<th scope="colgroup" colspan="{len(self.header)}">{first}</th>'
        cells = (f"<td{mark}>{cell}</td>" for cell, mark in zip(others, marks[1:], strict=True))
        return f'<th scope="row">{first}</th>{"".join(cells)}'


def cells_of(
    table: pd.DataFrame, columns: Mapping[str, str] | None = None
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Header and rows of a table as a card shows them.

    Parameters
    ----------
    table : pandas.DataFrame
        Any table.
    columns : Mapping of str to str, optional
        Columns to show with what they are called; all under their own names where left out.

    Returns
    -------
    tuple
        Header and rows.

    Examples
    --------
    >>> import pandas as pd
    >>> cells_of(pd.DataFrame({"p_value": [0.04567891, None], "arm": ["a", "b"]}))
    (('p value', 'arm'), (('0.04568', 'a'), ('–', 'b')))
    """
    named = {name: name.replace("_", " ") for name in map(str, table.columns)} if columns is None else columns
    rows = zip(*(table[name] for name in named), strict=True)
    return tuple(named.values()), tuple(tuple(cell(value) for value in row) for row in rows)


def cell(value: object) -> str:
    """A value as a card shows it.

    Parameters
    ----------
    value : object
        Number, text, truth value or what holds these.

    Returns
    -------
    str
        Numbers to four digits, a dash for what is missing, lists with commas; long texts are cut.

    Examples
    --------
    >>> cell(-1234.567), cell(None), cell(True), cell(["a", 2])
    ('−1,235', '–', 'yes', 'a, 2')
    """
    if is_number(value):
        return significant(value)
    if value is None or value != value:
        return DASH
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        named = cast("Mapping[object, object]", value)
        words = "; ".join(f"{name} {cell(each)}" for name, each in named.items())
    elif isinstance(value, Iterable) and not isinstance(value, str):
        words = ", ".join(map(cell, cast("Iterable[object]", value)))
    else:
        words = str(value)
    return words if len(words) <= LONGEST else words[: LONGEST - 1].rstrip() + "…"


def _is_figure(text: str) -> bool:
    """Whether a cell is a number, perhaps with its error, range or unit sign."""
    bare = text.replace(" to ", "")
    return any(each.isdigit() for each in bare) and not any(each.isalpha() for each in bare)


def _paragraph(kind: str, words: str) -> str:
    return f'<p class="{kind}">{html.escape(words)}</p>'
