"""CONSORT flow diagram: who was screened, excluded, randomised, lost and analysed.

Layout first, as plain boxes and lines in inches, then drawing: so that tests can check that no text leaves its box
and no boxes overlap. Form after the CONSORT 2010 statement, doi:10.1136/bmj.c332.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from anagen.reports import style
from anagen.reports.numbers import NBSP, is_number
from anagen.reports.wording import pretty_unit

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PADDING = 0.08
GAP = 0.30
RANDOMISED = {"side": "Randomised by side", "period": "Randomised to a sequence"}
GIVEN = {"side": "Side given", "period": "Period with"}
BETWEEN = 0.14
SMALLEST_COLUMN = 1.0


@dataclass(frozen=True)
class Line:
    """One line of text in a box."""

    text: str
    bold: bool = False


@dataclass(frozen=True)
class Box:
    """Rectangle by its upper left corner, inches from the upper left corner of the figure, with its text."""

    left: float
    top: float
    width: float
    height: float
    lines: tuple[Line, ...]
    centred: bool = True
    arm: str | None = None

    @property
    def middle(self) -> float:
        """Horizontal centre [inches]."""
        return self.left + self.width / 2

    @property
    def bottom(self) -> float:
        """Lower edge [inches]."""
        return self.top + self.height


@dataclass(frozen=True)
class Flow:
    """Boxes and connecting lines; an arrow has its head at the last point."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    arrows: tuple[tuple[tuple[float, float], ...], ...]
    plain_lines: tuple[tuple[tuple[float, float], ...], ...]


def flow_data(flow: Mapping[str, Any], arms: Sequence[str]) -> dict[str, Any]:
    """Numbers of the diagram, with the sum of exclusions; a number that was not recorded is None.

    Returns
    -------
    dict[str, Any]
        Screened, excluded_total, excluded [(reason, n)], randomised_total, arms as [(arm, randomised, lost, analysed)].
    """
    excluded = [(pretty_unit(str(reason)), int(n)) for reason, n in (flow.get("excluded") or {}).items()]
    per_arm = [
        (arm, *(_count((flow.get(key) or {}).get(arm)) for key in ("randomised", "dropped_out", "analysed")))
        for arm in arms
    ]
    counts = [_count((flow.get("randomised") or {}).get(arm)) for arm in arms]
    return {
        "screened": _count(flow.get("screened")),
        "excluded_total": sum(n for _, n in excluded),
        "excluded": sorted(excluded, key=lambda pair: (-pair[1], pair[0])),
        "randomised_total": None if any(n is None for n in counts) else sum(n for n in counts if n is not None),
        "arms": per_arm,
    }


def _count(value: object) -> int | None:
    return int(value) if is_number(value) else None  # type: ignore[call-overload]


def _n(count: int | None) -> str:
    return "n not recorded" if count is None else f"n = {count:,}"


def flow_layout(data: Mapping[str, Any], *, same_patients: str = "", top: float = 0.0) -> Flow:
    """Boxes and lines of the diagram, starting `top` inches below the upper edge.

    Parameters
    ----------
    data : Mapping[str, Any]
        From `flow_data`.
    same_patients : {"", "side", "period"}, default ""
        What of the same patients the arms are, in a split scalp or a crossover.
    top : float, default 0.0
        Distance from the upper edge [inch].
    """
    arms = data["arms"]
    width = max(style.WIDTH, len(arms) * (SMALLEST_COLUMN + BETWEEN) + 2 * style.MARGIN)
    room = width - 2 * style.MARGIN
    column = min(2.6, (room - BETWEEN * (len(arms) - 1)) / max(len(arms), 1))
    used = column * len(arms) + BETWEEN * (len(arms) - 1)
    lefts = [style.MARGIN + (room - used) / 2 + index * (column + BETWEEN) for index in range(len(arms))]
    axis = width / 2
    boxes: list[Box] = []
    arrows: list[tuple[tuple[float, float], ...]] = []

    screened = _box(axis - 1.0, top, 2.0, [Line("Assessed for eligibility", True), Line(_n(data["screened"]))])
    reasons = [Line(f"Excluded (n = {data['excluded_total']:,})", True)]
    reasons += [Line(f"{count:,}{NBSP}{reason}") for reason, count in data["excluded"]]
    out_left = axis + 0.3
    excluded = _box(out_left, screened.bottom + 0.22, width - style.MARGIN - out_left, reasons, centred=False)
    patients = data["randomised_total"]
    if same_patients and arms:
        patients = max((entry[1] for entry in arms if entry[1] is not None), default=None)
    label = RANDOMISED[same_patients] if same_patients else "Randomised" if len(arms) > 1 else "Enrolled"
    randomised = _box(axis - 1.0, excluded.bottom + 0.22, 2.0, [Line(label, True), Line(_n(patients))])
    boxes += [screened, excluded, randomised]
    elbow = excluded.top + excluded.height / 2
    arrows.append(((axis, screened.bottom), (axis, randomised.top)))
    arrows.append(((axis, elbow), (excluded.left, elbow)))

    bus = randomised.bottom + GAP * 0.6
    level = bus + GAP * 0.75
    stages: list[list[Box]] = []
    for stage in _stages(arms, same_patients):
        row = [
            _box(left, level, column, lines, arm=entry[0] if not stages else None)
            for left, entry, lines in zip(lefts, arms, stage, strict=True)
        ]
        tallest = max((box.height for box in row), default=0.0)
        row = [_with_height(box, tallest) for box in row]
        stages.append(row)
        boxes += row
        level += tallest + GAP
    if arms:
        for box in stages[0]:
            arrows.append(((box.middle, bus), (box.middle, box.top)))
        for above, below in pairwise(stages):
            arrows += [((a.middle, a.bottom), (b.middle, b.top)) for a, b in zip(above, below, strict=True)]
    lines = (((axis, randomised.bottom), (axis, bus)),)
    if len(arms) > 1:
        lines += (((stages[0][0].middle, bus), (stages[0][-1].middle, bus)),)
    bottom = max(box.bottom for box in boxes)
    return Flow(width, bottom + style.MARGIN, tuple(boxes), tuple(arrows), lines)


def _stages(arms: Sequence[tuple[Any, ...]], same_patients: str) -> list[list[list[Line]]]:
    allocated = GIVEN.get(same_patients, "Allocated to")
    return [
        [[Line(allocated), Line(str(arm), True), Line(_n(randomised))] for arm, randomised, _, _ in arms],
        [[Line("Lost to follow-up"), Line(_n(lost))] for _, _, lost, _ in arms],
        [[Line("Analysed"), Line(_n(analysed))] for _, _, _, analysed in arms],
    ]


def _box(
    left: float, top: float, width: float, lines: Sequence[Line], *, centred: bool = True, arm: str | None = None
) -> Box:
    wrapped: list[Line] = []
    for line in lines:
        weight = "bold" if line.bold else "normal"
        pieces = style.wrap_text(line.text, width - 2 * PADDING, style.SMALL_SIZE, weight)
        wrapped += [Line(piece, line.bold) for piece in pieces]
    height = len(wrapped) * style.line_height(style.SMALL_SIZE) + 2 * PADDING
    return Box(left, top, width, height, tuple(wrapped), centred, arm)


def _with_height(box: Box, height: float) -> Box:
    return Box(box.left, box.top, box.width, height, box.lines, box.centred, box.arm)


def consort_alt(data: Mapping[str, Any]) -> str:
    """Text alternative: every number of the diagram."""
    reasons = ", ".join(f"{reason} {n}" for reason, n in data["excluded"])
    arms = "; ".join(
        f"{arm}: allocated {_text(randomised)}, lost {_text(lost)}, analysed {_text(analysed)}"
        for arm, randomised, lost, analysed in data["arms"]
    )
    return (
        f"Flow diagram. Assessed {_text(data['screened'])}, excluded {data['excluded_total']}"
        f"{f' ({reasons})' if reasons else ''}. {arms}."
    )


def _text(count: int | None) -> str:
    return "not recorded" if count is None else str(count)


def consort_figure(data: Mapping[str, Any], looks: Mapping[str, style.ArmLook], *, same_patients: str = "") -> Figure:
    """Flow diagram of one trial, from `flow_data`."""
    screened = data["screened"]
    lost = [entry[2] for entry in data["arms"] if entry[2] is not None]
    title = "Patients through the trial"
    if screened is not None and data["randomised_total"] is not None:
        total, randomised = sum(lost), data["randomised_total"]
        what = "enrolled" if len(data["arms"]) < 2 else "randomised"
        if same_patients:
            total, randomised, what = (
                max(lost, default=0),
                max(entry[1] for entry in data["arms"]),
                RANDOMISED[same_patients].lower(),
            )
        title = f"{screened:,} virtual patients assessed, {randomised:,} {what}"
        # of a crossover the same patient can be lost to both arms
        title += "" if same_patients == "period" else f", {total:,} lost before the last visit"
    words = style.heading(title)
    flow = flow_layout(data, same_patients=same_patients, top=words.height)
    figure = style.new_figure(flow.width, flow.height)
    style.draw_heading(figure, words)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set_xlim(0, flow.width)
    axes.set_ylim(flow.height, 0)
    for path in flow.plain_lines:
        axes.plot(*zip(*path, strict=True), color=style.MUTED, linewidth=0.9, solid_capstyle="butt")
    for path in flow.arrows:
        start, end = path
        axes.annotate(
            "",
            end,
            start,
            arrowprops={"arrowstyle": "-|>", "color": style.MUTED, "linewidth": 0.9, "shrinkA": 0, "shrinkB": 0},
        )
    for box in flow.boxes:
        _draw_box(axes, box, looks)
    return figure


def _draw_box(axes: Any, box: Box, looks: Mapping[str, style.ArmLook]) -> None:
    from matplotlib.patches import Rectangle

    axes.add_patch(
        Rectangle((box.left, box.top), box.width, box.height, facecolor="#FAFAFA", edgecolor="#8A8A8A", linewidth=0.8)
    )
    if box.arm is not None and box.arm in looks:
        axes.add_patch(Rectangle((box.left, box.top), box.width, 0.045, facecolor=looks[box.arm].colour, linewidth=0))
    tall = len(box.lines) * style.line_height(style.SMALL_SIZE)
    start = box.top + (box.height - tall) / 2
    for index, line in enumerate(box.lines):
        y = start + (index + 0.5) * style.line_height(style.SMALL_SIZE)
        axes.text(
            box.middle if box.centred else box.left + PADDING,
            y,
            line.text,
            ha="center" if box.centred else "left",
            va="center",
            fontsize=style.SMALL_SIZE,
            fontweight="bold" if line.bold else "normal",
            parse_math=False,
        )
