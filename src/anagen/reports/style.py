"""The one look of every figure: palette, sizes, text measuring and byte-identical output.

Lengths are in inches and text sizes in points. Figures are laid out in inches rather than by an automatic
layout engine, so that the same numbers always give the same bytes and text never meets a box by chance.
matplotlib is imported inside the functions, because importing it costs a third of a second.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from anagen.core.extras import require_pictures

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: Okabe and Ito's colour-blind-safe hues, strongest contrast on white first; yellow and black are left out because
#: yellow lines vanish on white and black is the colour of text. https://jfly.uni-koeln.de/color/
PALETTE: tuple[str, ...] = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00")
#: Control arms are always grey.
CONTROL_GREYS: tuple[str, ...] = ("#6E6E6E", "#A3A3A3", "#454545", "#8A8A8A")
MARKERS: tuple[str, ...] = ("o", "^", "D", "v", "p", "h")
CONTROL_MARKERS: tuple[str, ...] = ("s", "X", "d", "P")
INK = "#222222"
MUTED = "#5A5A5A"
RULE = "#C9C9C9"
GRID = "#E6E6E6"
PAPER = "#FFFFFF"
INSIDE = PALETTE[0]
OUTSIDE = PALETTE[1]

WIDTH = 6.6
MARGIN = 0.12
TITLE_SIZE = 11.0
TEXT_SIZE = 9.0
SMALL_SIZE = 8.0
LINE_HEIGHT = 1.28
PNG_DPI = 130
SIGNATURE, SIGNED = "anagen, an in-silico clinic for hair-loss therapies", 4096
"""Software that a picture which stands alone names, and within how many of its first bytes."""

#: Applied around drawing and saving only; the caller's own matplotlib settings are never changed.
SETTINGS: Any = {
    "font.family": ["DejaVu Sans"],
    "font.size": TEXT_SIZE,
    "axes.labelsize": TEXT_SIZE,
    "axes.titlesize": TEXT_SIZE,
    "xtick.labelsize": SMALL_SIZE,
    "ytick.labelsize": SMALL_SIZE,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": "#8A8A8A",
    "axes.linewidth": 0.8,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.unicode_minus": True,
    "axes.axisbelow": True,
    "grid.color": GRID,
    "grid.linewidth": 0.7,
    "lines.linewidth": 1.8,
    "figure.facecolor": PAPER,
    "savefig.facecolor": PAPER,
    "svg.fonttype": "path",
    "svg.hashsalt": "anagen",
    "path.simplify": True,
}


@dataclass(frozen=True)
class ArmLook:
    """Colour and marker of one arm."""

    colour: str
    marker: str


def arm_looks(arms: Sequence[str], controls: Iterable[str] = ()) -> dict[str, ArmLook]:
    """Colour and marker of every arm: greys for controls, Okabe-Ito hues for the others, in order of `arms`.

    >>> arm_looks(["exosome", "saline"], ["saline"])["saline"].colour
    '#6E6E6E'
    >>> len(set(arm_looks([f"arm {i}" for i in range(20)]).values()))
    20
    """
    control_names = set(controls)
    looks: dict[str, ArmLook] = {}
    treated = greys = 0
    for arm in arms:
        if arm in control_names:
            looks[arm] = ArmLook(
                CONTROL_GREYS[greys % len(CONTROL_GREYS)], CONTROL_MARKERS[greys % len(CONTROL_MARKERS)]
            )
            greys += 1
        else:
            # a colour that comes back does so with another marker
            turn = treated // len(PALETTE)
            looks[arm] = ArmLook(PALETTE[treated % len(PALETTE)], MARKERS[(treated + turn) % len(MARKERS)])
            treated += 1
    return looks


def styled() -> AbstractContextManager[None]:
    """Context in which figures are made and saved; restores matplotlib's settings afterwards.

    Raises
    ------
    MissingExtra
        Where matplotlib is not installed.
    """
    require_pictures()
    import matplotlib

    return matplotlib.rc_context(SETTINGS)


def new_figure(width: float, height: float) -> Figure:
    """Empty figure of `width` x `height` [inches], not registered with pyplot, which a notebook shows once."""
    require_pictures()
    from anagen.core.figure import ShownFigure

    return ShownFigure(figsize=(width, height))


def inch_axes(figure: Figure, left: float, top: float, width: float, height: float, **options: Any) -> Axes:
    """Axes placed by its upper left corner, `left` from the left edge and `top` from the top edge [inches]."""
    full_width, full_height = figure.get_size_inches()
    return figure.add_axes(
        (left / full_width, 1.0 - (top + height) / full_height, width / full_width, height / full_height), **options
    )


def inch_text(figure: Figure, left: float, top: float, text: str, **options: Any) -> None:
    """Text with its upper left corner `left` and `top` [inches] from the upper left corner of the figure."""
    width, height = figure.get_size_inches()
    settings: dict[str, Any] = {"ha": "left", "va": "top", "parse_math": False, **options}
    figure.text(left / width, 1.0 - top / height, text, **settings)


def text_width(text: str, size: float = TEXT_SIZE, weight: str = "normal") -> float:
    """Width of one line of text [inches].

    >>> text_width("wider text") > text_width("text")
    True
    """
    return size / 72.0 * sum(_letter_width(letter, weight) for letter in text)


@lru_cache(maxsize=4096)
def _letter_width(letter: str, weight: str) -> float:
    """Width of a letter in ems, without kerning; measured once, because measuring whole lines is slow."""
    require_pictures()
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    font = FontProperties(family="DejaVu Sans", size=100.0, weight=weight)
    pair, single = (
        float(text_to_path.get_text_width_height_descent(text, font, False)[0]) for text in (f"x{letter}x", "xx")
    )
    return (pair - single) / 100.0


def wrap_text(text: str, width: float, size: float = TEXT_SIZE, weight: str = "normal") -> list[str]:
    """Lines of `text`, none wider than `width` [inches]; a word that is too long by itself is cut.

    Lines break at ordinary spaces only, so that a number stays with its unit.

    >>> wrap_text("one two", 10.0)
    ['one two']
    """
    lines: list[str] = []
    current = ""
    for word in filter(None, text.split(" ")):
        candidate = f"{current} {word}" if current else word
        if text_width(candidate, size, weight) <= width:
            current = candidate
            continue
        if current:
            lines.append(current)
        pieces = _cut_word(word, width, size, weight)
        lines.extend(pieces[:-1])
        current = pieces[-1]
    if current or not lines:
        lines.append(current)
    return lines


def _cut_word(word: str, width: float, size: float, weight: str) -> list[str]:
    pieces = [""]
    for letter in word:
        if pieces[-1] and text_width(pieces[-1] + letter, size, weight) > width:
            pieces.append("")
        pieces[-1] += letter
    return pieces


def shorten(text: str, width: float, size: float = TEXT_SIZE, weight: str = "normal") -> str:
    """`text`, cut with an ellipsis where it is wider than `width` [inches]."""
    if text_width(text, size, weight) <= width:
        return text
    kept = text
    while kept and text_width(kept + "…", size, weight) > width:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def line_height(size: float) -> float:
    """Distance between two baselines of text of `size` points [inches]."""
    return size * LINE_HEIGHT / 72.0


@dataclass(frozen=True)
class Heading:
    """Wrapped title and subtitle of a figure, and the height they take [inches]."""

    title: tuple[str, ...]
    subtitle: tuple[str, ...]

    @property
    def height(self) -> float:
        """Height including the space below [inches]."""
        return (
            MARGIN
            + len(self.title) * line_height(TITLE_SIZE)
            + len(self.subtitle) * line_height(SMALL_SIZE)
            + (0.04 if self.subtitle else 0.0)
            + 0.12
        )


def heading(title: str, subtitle: str = "", width: float = WIDTH) -> Heading:
    """Title and subtitle wrapped to a figure of `width` [inches]."""
    room = width - 2 * MARGIN
    title, subtitle = (text.replace(" %", "\u00a0%") for text in (title, subtitle))
    return Heading(
        tuple(wrap_text(title, room, TITLE_SIZE, "bold")),
        tuple(wrap_text(subtitle, room, SMALL_SIZE)) if subtitle else (),
    )


def draw_heading(figure: Figure, words: Heading) -> None:
    """Write title and subtitle at the top left of the figure."""
    top = MARGIN
    for line in words.title:
        inch_text(figure, MARGIN, top, line, fontsize=TITLE_SIZE, fontweight="bold")
        top += line_height(TITLE_SIZE)
    top += 0.04
    for line in words.subtitle:
        inch_text(figure, MARGIN, top, line, fontsize=SMALL_SIZE, color=MUTED)
        top += line_height(SMALL_SIZE)


def arm_key_rows(arms: Sequence[str], width: float) -> list[list[tuple[str, float]]]:
    """Rows of (arm name, left edge [inches]) that fit into `width` [inches], for `draw_arm_key`."""
    rows: list[list[tuple[str, float]]] = [[]]
    left = 0.0
    for arm in arms:
        name = shorten(arm, width - 0.2, TEXT_SIZE)
        needed = 0.18 + text_width(name) + 0.25
        if rows[-1] and left + needed - 0.25 > width:
            rows.append([])
            left = 0.0
        rows[-1].append((name, left))
        left += needed
    return rows


def arm_key_height(arms: Sequence[str], width: float = WIDTH) -> float:
    """Height of the arm key [inches]."""
    return len(arm_key_rows(arms, width - 2 * MARGIN)) * line_height(TEXT_SIZE) + 0.08


def draw_arm_key(figure: Figure, looks: Mapping[str, ArmLook], top: float) -> None:
    """Marker and name of every arm in a row below the heading; used where several panels share the arms."""
    from matplotlib.lines import Line2D

    width, height = (float(side) for side in figure.get_size_inches())
    names = iter(looks.values())
    for number, row in enumerate(arm_key_rows(list(looks), width - 2 * MARGIN)):
        middle = top + (number + 0.5) * line_height(TEXT_SIZE)
        for name, left in row:
            look = next(names)
            figure.add_artist(
                Line2D(
                    [(MARGIN + left + 0.06) / width],
                    [1 - middle / height],
                    marker=look.marker,
                    color=look.colour,
                    markersize=6,
                    linestyle="none",
                )
            )
            inch_text(figure, MARGIN + left + 0.18, middle, name, va="center", color=INK)


def spread_labels(positions: Sequence[float], gap: float) -> list[float]:
    """Positions moved apart so that neighbours are at least `gap` away, as little as possible and in order.

    >>> spread_labels([0.0, 0.0], 1.0)
    [-0.5, 0.5]
    """
    order = sorted(range(len(positions)), key=lambda index: (positions[index], index))
    groups: list[tuple[float, int]] = []  # centre and size of runs of labels that touch
    for index in order:
        centre, size = float(positions[index]), 1
        while groups and groups[-1][0] + gap * groups[-1][1] / 2 > centre - gap * size / 2:
            before, count = groups.pop()
            centre, size = (before * count + centre * size) / (count + size), count + size
        groups.append((centre, size))
    placed = [centre + gap * (k - (size - 1) / 2) for centre, size in groups for k in range(size)]
    moved = [0.0] * len(positions)
    for index, value in zip(order, placed, strict=True):
        moved[index] = value
    return moved


def to_svg(figure: Figure, *, software: str | None = None) -> bytes:
    """Figure as SVG; the same figure gives the same bytes (no date, no software unless named, salted identifiers)."""
    stream = io.BytesIO()
    with styled():
        metadata = {"Date": None, "Creator": software, "Format": None, "Type": None}
        figure.savefig(stream, format="svg", metadata=metadata)
    return stream.getvalue()


def to_png(figure: Figure, dpi: int = PNG_DPI, *, software: str | None = None) -> bytes:
    """Figure as PNG at `dpi` dots per inch, without the software tag unless it is named."""
    stream = io.BytesIO()
    with styled():
        figure.savefig(stream, format="png", dpi=dpi, metadata={"Software": software})
    return stream.getvalue()


def is_ours(picture: bytes) -> bool:
    """Whether a picture names this package as its software, as one does that stands alone in a folder of the user's."""
    return SIGNATURE.encode() in picture[:SIGNED]
