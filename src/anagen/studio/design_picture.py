"""The design of a trial as a picture: arms as rows, weeks from left to right, sessions, daily courses and visits."""

from __future__ import annotations

from collections.abc import Iterator

from markupsafe import Markup, escape

from anagen.reports.wording import endpoint_names, therapy_title
from anagen.study.models import StudyFields
from anagen.study.treatment import Arm, Phase

LEFT, RIGHT, TOP, ROW, WIDTH = 166.0, 14.0, 58.0, 52.0, 448.0
BELOW = 44.0
LAYOUTS = {
    "parallel": "every patient is in one arm",
    "split_scalp": "every patient has all arms, side by side on one scalp",
    "crossover": "every patient has both arms, one after the other; weeks count anew",
}
LONGEST = 18
"""Characters of the name of an arm or therapy."""
MOST_MARKS = 60
"""Sessions of one therapy that are drawn one by one."""


def design_svg(study: StudyFields) -> Markup:
    """Draw the design of a trial.

    Parameters
    ----------
    study : StudyFields
        A checked study.

    Returns
    -------
    Markup
        SVG without style of its own; its classes are in the style sheet. Its text alternative is a title inside it.
    """
    last = float(study.measurement.visits[-1])
    height = TOP + ROW * len(study.arms) + BELOW
    parts = [
        f'<svg class="design" viewBox="0 0 {WIDTH:g} {height:g}" width="{WIDTH:g}" height="{height:g}" role="img"'
        f' aria-labelledby="design-title"><title id="design-title">{escape(_in_words(study))}</title>'
    ]
    parts += _weeks(study, last, height - BELOW)
    for place, arm in enumerate(study.arms):
        parts += _arm(arm, TOP + ROW * place, last)
    parts.append(f'<text x="0" y="{height - 24:g}" class="quiet">weeks from baseline; {_legend(study)}</text>')
    parts.append(f'<text x="0" y="{height - 6:g}" class="quiet">{LAYOUTS[study.design.layout]}</text>')
    return Markup("".join(parts) + "</svg>")


def _x(week: float, last: float) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * min(week / last, 1.0)


def _weeks(study: StudyFields, last: float, bottom: float) -> Iterator[str]:
    """Visits as lines, the week of the primary endpoint as a heavy one."""
    primary, told = study.endpoints.primary.week, -99.0
    for week in study.measurement.visits:
        x = _x(week, last)
        kind = "primary" if week == primary else "visit"
        yield f'<line x1="{x:.1f}" y1="{TOP - 12:g}" x2="{x:.1f}" y2="{bottom:g}" class="{kind}"/>'
        if kind == "primary":
            yield f'<text x="{x:.1f}" y="14" text-anchor="{"end" if x > WIDTH - 60 else "middle"}">decides</text>'
        if x - told >= 26 or kind == "primary":
            yield f'<text x="{x:.1f}" y="{TOP - 20:g}" text-anchor="middle" class="quiet">{week:g}</text>'
            told = x


def _arm(arm: Arm, top: float, last: float) -> Iterator[str]:
    control = " (control)" if arm.control and "control" not in arm.name.lower() else ""
    name = _cut(arm.name, LONGEST - len(control)) + control
    yield f'<text x="0" y="{top + 14:g}" class="name">{escape(name)}</text>'
    given = " + ".join(therapy_title(use.therapy) for use in arm.therapies) or "nothing"
    yield f'<text x="0" y="{top + 31:g}" class="quiet">{arm.patients:,} × {escape(_cut(given, LONGEST))}</text>'
    yield f'<line x1="{LEFT:g}" y1="{top + 20:g}" x2="{WIDTH - RIGHT:g}" y2="{top + 20:g}" class="rail"/>'
    step = 0.0 if len(arm.therapies) < 2 else 22.0 / (len(arm.therapies) - 1)
    for place, use in enumerate(arm.therapies):
        y = top + 20 if not step else top + 9 + step * place
        if use.therapy == "none":
            continue
        kind = "control" if arm.control else "treated"
        for phase in use.schedule.parts:
            yield from _phase(phase, y, last, kind)


def _phase(phase: Phase, y: float, last: float, kind: str) -> Iterator[str]:
    if phase.pause:
        return
    if phase.per_day is not None:
        end = last if phase.until is None else min(phase.until, last)
        width = max(_x(end, last) - _x(phase.start, last), 1.0)
        yield (
            f'<rect x="{_x(phase.start, last):.1f}" y="{y - 4:.1f}" width="{width:.1f}" height="8" rx="2"'
            f' class="{kind}"/>'
        )
        return
    weeks = phase.session_weeks() or (phase.start,)
    for week in weeks[:MOST_MARKS]:
        if week > last:
            break
        x = _x(week, last)
        yield f'<path d="M{x:.1f} {y - 7:.1f}l6 7-6 7-6-7z" class="{kind}"/>'


def _legend(study: StudyFields) -> str:
    phases = [phase for arm in study.arms for use in arm.therapies for phase in use.schedule.parts if not phase.pause]
    words = []
    if any(phase.per_day is None for phase in phases):
        words.append("◆ a session")
    if any(phase.per_day is not None for phase in phases):
        words.append("▬ every day")
    return ", ".join([*words, "lines are visits"])


def _in_words(study: StudyFields) -> str:
    arms = ", ".join(f"{arm.name} ({arm.patients} patients)" for arm in study.arms)
    choice = study.endpoints.primary
    title = endpoint_names([choice.endpoint])[choice.endpoint].title
    visits = ", ".join(f"{week:g}" for week in study.measurement.visits)
    return f"Design: arms {arms}; visits in weeks {visits}; {title} at week {choice.week:g} decides."


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"
