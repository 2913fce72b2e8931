"""Drawings put on a light plate: what they are, a title that no picture is without, captions and a scale bar."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from anagen.scalp.picture.shapes import Drawing

WARNING = "SIMULATED, not a patient"
"""Stands on every picture and in its metadata."""
PLATE, INK, MUTED = "#F4F4F1", "#222222", "#5A5A5A"
BARS = ((100.0, 50.0, "5 cm"), (3.0, 1.0, "1 mm"), (0.0, 0.1, "0.1 mm"))
"""Scale bars: least side of a drawing, length [mm], in words."""
GRAINS = ((100.0, 5, 0.5), (0.0, 100, 8.0))
"""Least side of a drawing [mm], units of an SVG to a millimetre, millimetres on paper to one."""
LETTER = 0.56
"""Mean width of a letter in its size, to break lines by."""


@dataclass(frozen=True, slots=True)
class Text:
    """A line of text; x and y are the start of its base line.

    Attributes
    ----------
    x : float
        [mm].
    y : float
        Downwards [mm].
    size : float
        [mm].
    words : str
        The line.
    bold : bool
        Weight.
    colour : str
        As in SVG.
    """

    x: float
    y: float
    size: float
    words: str
    bold: bool = False
    colour: str = INK


@dataclass(frozen=True, slots=True)
class Panel:
    """A drawing with what stands over and under it.

    Attributes
    ----------
    drawing : Drawing
        The skin.
    head : str
        Over it.
    foot : str
        Under it.
    number : int
        Of the patient's skin; panels of one number show the same.
    """

    drawing: Drawing
    head: str
    foot: str
    number: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    """Everything on one sheet; lengths are millimetres of skin.

    Attributes
    ----------
    width : float
        [mm].
    height : float
        [mm].
    panels : tuple[tuple[float, float, Drawing], ...]
        Left and upper edge of each drawing.
    texts : tuple[Text, ...]
        Lines.
    bar : tuple[float, float, float]
        Left end, height and length of the scale bar.
    about : str
        For the metadata.
    units : int
        Units of an SVG to a millimetre.
    magnified : float
        Millimetres on paper to a millimetre.
    plate : str
        Colour of the sheet.
    """

    width: float
    height: float
    panels: tuple[tuple[float, float, Drawing], ...]
    texts: tuple[Text, ...]
    bar: tuple[float, float, float]
    about: str
    units: int = 100
    magnified: float = 8.0
    plate: str = PLATE

    @property
    def bar_width(self) -> float:
        """Thickness of the scale bar [mm]."""
        return 0.012 * self.panels[0][2].side


def page(rows: Sequence[tuple[str, Sequence[Panel]]], title: str, about: str) -> Page:
    """Lay drawings out: a row for each arm, a column for each day.

    Parameters
    ----------
    rows : Sequence[tuple[str, Sequence[Panel]]]
        Name and drawings of each row, equally many in each.
    title : str
        What is shown, in words.
    about : str
        What the metadata says beside WARNING.

    Returns
    -------
    Page
        Ready to be written.
    """
    side = rows[0][1][0].drawing.side
    columns = max(len(panels) for _, panels in rows)
    size, gap = 0.042 * side, 0.05 * side
    width = gap + columns * (side + gap)
    texts: list[Text] = []
    y = gap

    def lines_of(words: str, size: float, room: float) -> list[str]:
        return textwrap.wrap(words, max(12, int(room / (LETTER * size))))

    def write(words: str, size: float, *, bold: bool = False, colour: str = INK) -> None:
        nonlocal y
        for line in lines_of(words, size, width - 2.0 * gap):
            y += 1.3 * size
            texts.append(Text(gap, y, size, line, bold, colour))

    write(WARNING, 1.35 * size, bold=True)
    write(title, size, colour=MUTED)
    placed: list[tuple[float, float, Drawing]] = []
    for name, panels in rows:
        y += 0.6 * size
        write(name, 1.1 * size, bold=True)
        y += 1.5 * size
        below = [lines_of(panel.foot, size, side) for panel in panels]
        for column, panel in enumerate(panels):
            x = gap + column * (side + gap)
            texts.append(Text(x, y, size, panel.head))
            placed.append((x, y + 0.5 * size, panel.drawing))
            for number, line in enumerate(below[column]):
                texts.append(Text(x, y + side + (1.8 + 1.3 * number) * size, size, line, colour=MUTED))
        y += side + (1.0 + 1.3 * max(1, *map(len, below))) * size
    bar, words = next((length, words) for least, length, words in BARS if side >= least)
    y += 1.6 * size
    texts.append(Text(gap + bar + size, y + 0.35 * size, size, words))
    units, magnified = next((units, magnified) for least, units, magnified in GRAINS if side >= least)
    about = f"{WARNING}. {about}"
    return Page(width, y + 1.6 * size, tuple(placed), tuple(texts), (gap, y, bar), about, units, magnified)
