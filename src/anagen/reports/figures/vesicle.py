"""The vesicle of a product: membrane, surface, what it carries, drawn from the product's file to scale."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from anagen.exosomes.fields import Figure as Amount
from anagen.exosomes.markers import MARKERS
from anagen.reports import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from anagen.exosomes.product import Product

WIDTH, PICTURE = 7.4, 4.0
BILAYER = 5.0
"""Thickness of a lipid bilayer [nm]."""
DRAWN_WITHOUT = 100.0
"""Diameter of the sketch where the file tells none [nm]; it has no scale bar then."""
REACH = 1.62
"""Half the width of the picture, in radii."""
SYMBOLS = 12
"""Symbols around the membrane, shared among the kinds."""
BARS = (10.0, 20.0, 50.0, 100.0, 200.0, 500.0)
HEAD, TAIL = "#D8A04C", "#F3E3C3"
LUMEN = "#FBF7EF"
SURFACE, INNER, RNA, ADDED = style.PALETTE[0], style.PALETTE[2], style.PALETTE[1], style.PALETTE[3]


@dataclass(frozen=True)
class Part:
    """One thing that the vesicle is said to bear.

    Attributes
    ----------
    name : str
        As in the file.
    place : str
        "surface", "inside", "rna" or "added".
    amount : str
        How many, in words; that nobody counted where that is so.
    """

    name: str
    place: str
    amount: str


def parts_of(product: Product) -> tuple[Part, ...]:
    """What a product's file says that its vesicles bear, with copies where they are known.

    Parameters
    ----------
    product : Product
        The product.

    Returns
    -------
    tuple[Part, ...]
        Surface first, then what is inside.
    """
    parts: list[Part] = []
    for marker in product.marker:
        category = MARKERS[marker.name].category
        if marker.result == "present" and category in ("membrane", "cytosolic"):
            parts.append(Part(marker.name, "surface" if category == "membrane" else "inside", "present"))
    engineering = product.engineering
    if engineering is not None and engineering.targeting is not None:
        parts.append(Part(engineering.targeting, "added", "targeting ligand"))
    for item in product.cargo:
        figure = item.copies or item.concentration or item.activity
        place = {"ligand": "surface", "mirna": "rna", "mrna": "rna", "lncrna": "rna"}.get(item.kind, "inside")
        parts.append(Part(item.name, place, "not counted" if figure is None else _amount(figure)))
    loaded = None if engineering is None else engineering.loaded
    for mirna in product.mirna:
        if mirna.name != loaded:
            counted = "not counted" if mirna.copies is None else _amount(mirna.copies)
            parts.append(Part(mirna.name, "rna", counted))
    if engineering is not None and loaded is not None and engineering.copies is not None:
        place = "rna" if "mir" in loaded.lower() or "rna" in loaded.lower() else "inside"
        parts.append(Part(loaded, place, f"{_amount(engineering.copies)}, loaded"))
    return tuple(parts)


def draw_vesicle(product: Product) -> Figure:
    """The vesicle with its cargo, a scale bar, and a list that says how much of each is known.

    Parameters
    ----------
    product : Product
        The product.

    Returns
    -------
    Figure
        In the style of the reports.
    """
    with style.styled():
        return _drawn(product)


def _drawn(product: Product) -> Figure:
    parts = parts_of(product)
    words = style.heading(product.title, _subtitle(product), WIDTH)
    figure = style.new_figure(WIDTH, words.height + PICTURE + 0.3)
    style.draw_heading(figure, words)
    axes = style.inch_axes(figure, style.MARGIN, words.height, PICTURE, PICTURE)
    told = product.particles.diameter
    radius = 0.5 * (DRAWN_WITHOUT if told is None else told.value)
    axes.set_xlim(-REACH * radius, REACH * radius)
    axes.set_ylim(-REACH * radius, REACH * radius)
    axes.set_aspect("equal")
    axes.set_axis_off()
    _membrane(axes, radius)
    _surface(axes, radius, [part for part in parts if part.place in ("surface", "added")])
    _lumen(axes, radius, [part for part in parts if part.place in ("inside", "rna")])
    if told is not None:
        spread = product.particles.diameter_sd
        if spread is not None:
            _sizes(axes, radius, 0.5 * spread.value)
        _scale_bar(axes, radius)
    _list(figure, product, parts, words.height)
    return figure


def _subtitle(product: Product) -> str:
    told, spread = product.particles.diameter, product.particles.diameter_sd
    if told is None:
        size = "No diameter is told, so the sketch has no scale."
    else:
        width = "" if spread is None else f" (SD {spread.value:g} nm between vesicles; dashed: one SD less and more)"
        size = f"Diameter {told.value:g} nm{width}, {told.basis}. Drawn to scale with a membrane of 5\u00a0nm."
    return (
        f"{size} From {product.source.title}. Symbols show kinds, not numbers: a vesicle need not bear all of them, "
        "and most bear few."
    )


def _amount(figure: Amount) -> str:
    unit = type(figure).unit
    low = "" if figure.low is None or figure.high is None else f" ({figure.low:g} to {figure.high:g})"
    return f"{figure.value:g}{low} {unit}, {figure.basis}"


def _at(radius: float, angle: float) -> tuple[float, float]:
    return radius * math.cos(angle), radius * math.sin(angle)


def _membrane(axes: Axes, radius: float) -> None:
    """Two leaflets of lipid heads with their tails between, and the lumen."""
    from matplotlib.collections import EllipseCollection
    from matplotlib.patches import Circle

    axes.add_patch(Circle((0.0, 0.0), radius, facecolor=TAIL, edgecolor="none"))
    axes.add_patch(Circle((0.0, 0.0), radius - BILAYER, facecolor=LUMEN, edgecolor="none"))
    head = 1.5
    for at in (radius - 0.5 * head, radius - BILAYER + 0.5 * head):
        count = max(int(2.0 * math.pi * at / (1.15 * head)), 8)
        places = [_at(at, 2.0 * math.pi * k / count) for k in range(count)]
        size = [head] * count
        heads = EllipseCollection(
            size, size, [0.0] * count, units="xy", offsets=places, offset_transform=axes.transData, facecolors=HEAD,
            edgecolors="none",
        )  # fmt: skip
        axes.add_collection(heads)


def _surface(axes: Axes, radius: float, parts: list[Part]) -> None:
    """Proteins through the membrane and ligands on it: every kind several times around, one of them with its name."""
    if not parts:
        return
    each = max(SYMBOLS // len(parts), 1)
    places = each * len(parts)
    named = {kind + len(parts) * (round(kind * each / len(parts)) % each): kind for kind in range(len(parts))}
    for place in range(places):
        part = parts[place % len(parts)]
        angle = math.pi / 2.0 - 2.0 * math.pi * (place + 0.5) / places
        colour = ADDED if part.place == "added" else SURFACE
        _protein(axes, radius, angle, colour)
        if place in named:
            at = _at(radius * 1.3, angle)
            ha = "center" if abs(math.cos(angle)) < 0.25 else "left" if math.cos(angle) > 0.0 else "right"
            va = "center" if abs(math.sin(angle)) < 0.6 else "bottom" if math.sin(angle) > 0.0 else "top"
            _name(axes, at, part.name, colour, ha, va, style.PAPER)


def _protein(axes: Axes, radius: float, angle: float, colour: str) -> None:
    """A protein through the membrane with its outer domains."""
    unit = radius / 12.0
    inner, outer = _at(radius - BILAYER - 0.3 * unit, angle), _at(radius + 1.2 * unit, angle)
    axes.plot([inner[0], outer[0]], [inner[1], outer[1]], color=colour, linewidth=2.4, solid_capstyle="round")
    for side in (-0.055, 0.055):
        tip = _at(radius + 2.4 * unit, angle + side)
        axes.plot([outer[0], tip[0]], [outer[1], tip[1]], color=colour, linewidth=1.8, solid_capstyle="round")


def _name(axes: Axes, at: tuple[float, float], name: str, colour: str, ha: str, va: str, behind: str) -> None:
    """A name on a ground of its own, so that no circle runs through it."""
    axes.text(
        *at, style.shorten(name, 1.1, style.SMALL_SIZE), ha=ha, va=va, fontsize=style.SMALL_SIZE, color=colour,
        parse_math=False, zorder=5, bbox={"facecolor": behind, "edgecolor": "none", "pad": 1.5},
    )  # fmt: skip


def _lumen(axes: Axes, radius: float, parts: list[Part]) -> None:
    """RNA as a wave, protein as a drop, each with its name below."""
    from matplotlib.patches import Circle

    inner = radius - BILAYER
    rows = max(len(parts), 1)
    step = min(0.34 * inner, 1.5 * inner / rows)
    for number, part in enumerate(parts):
        y = step * (0.5 * (len(parts) - 1) - number)
        room = math.sqrt(max((0.93 * inner) ** 2 - (abs(y) + 0.3 * step) ** 2, (0.3 * inner) ** 2))
        x = -0.62 * room
        if part.place == "rna":
            steps = [k / 60.0 for k in range(61)]
            across = [x + 0.2 * inner * (k - 0.3) for k in steps]
            axes.plot(across, [y + 0.03 * inner * math.sin(6.0 * math.pi * k) for k in steps], color=RNA, linewidth=1.8)
        else:
            axes.add_patch(Circle((x + 0.06 * inner, y), 0.055 * inner, facecolor=INNER, edgecolor="none"))
        colour = RNA if part.place == "rna" else INNER
        _name(axes, (x + 0.24 * inner, y), part.name, colour, "left", "center", LUMEN)


def _sizes(axes: Axes, radius: float, half: float) -> None:
    """Circles one standard deviation below and above the mean size."""
    from matplotlib.patches import Circle

    for size in (radius - half, radius + half):
        if size > BILAYER:
            axes.add_patch(
                Circle((0.0, 0.0), size, facecolor="none", edgecolor=style.RULE, linewidth=0.8, linestyle=(0, (4, 3)))
            )


def _scale_bar(axes: Axes, radius: float) -> None:
    length = max((bar for bar in BARS if bar <= 0.9 * radius), default=BARS[0])
    left, bottom = -REACH * radius + 0.05 * radius, -REACH * radius + 0.08 * radius
    axes.plot([left, left + length], [bottom, bottom], color=style.INK, linewidth=2.2, solid_capstyle="butt")
    axes.text(
        left + 0.5 * length, bottom + 0.05 * radius, f"{length:g} nm", ha="center", va="bottom",
        fontsize=style.SMALL_SIZE,
    )  # fmt: skip


def _list(figure: Figure, product: Product, parts: tuple[Part, ...], top: float) -> None:
    """What is told of every part, and what was shown to be absent."""
    left = style.MARGIN + PICTURE + 0.15
    room = WIDTH - left - style.MARGIN
    titles = {
        "surface": "On the surface",
        "added": "Added on purpose",
        "inside": "Inside, protein",
        "rna": "Inside, RNA",
    }
    colours = {"surface": SURFACE, "added": ADDED, "inside": INNER, "rna": RNA}
    place = top + 0.1
    for kind, title in titles.items():
        chosen = [part for part in parts if part.place == kind]
        if not chosen:
            continue
        style.inch_text(figure, left, place, title, fontweight="bold", color=colours[kind])
        place += style.line_height(style.TEXT_SIZE)
        for part in chosen:
            for line in style.wrap_text(f"{part.name}: {part.amount}", room, style.SMALL_SIZE):
                style.inch_text(figure, left, place, line, fontsize=style.SMALL_SIZE)
                place += style.line_height(style.SMALL_SIZE)
        place += 0.08
    for line in style.wrap_text(_not_there(product), room, style.SMALL_SIZE):
        style.inch_text(figure, left, place, line, fontsize=style.SMALL_SIZE, color=style.MUTED)
        place += style.line_height(style.SMALL_SIZE)


def _not_there(product: Product) -> str:
    absent = [marker.name for marker in product.marker if marker.result == "absent"]
    beside = [
        marker.name
        for marker in product.marker
        if marker.result == "present" and MARKERS[marker.name].category not in ("membrane", "cytosolic")
    ]
    words = f"Shown absent: {', '.join(absent)}. " if absent else "Nothing was shown to be absent. "
    if beside:
        words += f"Found beside the vesicles: {', '.join(beside)}. "
    return f"{words}Lipids are drawn as a plain bilayer; the file does not describe them."
