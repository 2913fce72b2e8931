"""Published effects of a therapy, their pooled mean, and the model's number beside it, as rows of a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel

from anagen.core.words import counted
from anagen.evidence.beside import POOLED_ENDPOINTS
from anagen.evidence.effect import PooledEffect, pooled_effect
from anagen.evidence.estimates import Estimate
from anagen.reports.numbers import NBSP, interval, number
from anagen.reports.wording import endpoint_names, lower_first, pretty_unit, sentence_case, therapy_title
from anagen.statistics.shares import two_sided
from anagen.studio.evidence.filters import Asked, pooled_rows
from anagen.studio.strips import Axis, axis_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from anagen.comparative.gains import Gain
    from anagen.evidence.table import Published

Z95 = two_sided(0.05)
SEX_WORDS = {"male": "men", "female": "women"}
MODEL_LEGEND = (
    "Circle, dashed: the model's mean gain of a usual course over its own control, with 5 to 95 % of parameter draws."
)


class Line(BaseModel, frozen=True):
    """A row of a forest.

    Attributes
    ----------
    name : str
        Study, pooled mean or the model.
    note : str
        Who, and how the standard error was found.
    study : str
        Name of the study in the table; "" of what is no study.
    week : str
        Week.
    n : str
        Patients.
    value : float or None
        The effect; None of a prediction interval.
    low : float or None
        Lower end.
    high : float or None
        Upper end.
    numbers : str
        Effect and interval in words.
    weight : float or None
        Share in the pooled mean.
    look : {"study", "hollow", "pooled", "next", "model"}
        How it is drawn.
    """

    name: str
    note: str = ""
    study: str = ""
    week: str = ""
    n: str = ""
    value: float | None = None
    low: float | None = None
    high: float | None = None
    numbers: str = ""
    weight: float | None = None
    look: Literal["study", "hollow", "pooled", "next", "model"] = "study"


class Forest(BaseModel, frozen=True):
    """A forest as a table.

    Attributes
    ----------
    title : str
        What is pooled.
    therapy : str
        Name of the therapy.
    endpoint : str
        What was measured.
    axis_words : str
        What the axis shows, with its unit.
    answer : str
        The pooled mean and the model's number in a sentence; "" where nothing is pooled.
    lines : tuple of Line
        Studies, pooled mean, prediction, the model.
    axis : Axis
        What all strips share.
    says : tuple of str
        Sentences below.
    left_out : tuple of tuple
        Study, arm, week and reason of what is not pooled.
    """

    title: str
    therapy: str
    endpoint: str
    axis_words: str
    answer: str
    lines: tuple[Line, ...]
    axis: Axis
    says: tuple[str, ...]
    left_out: tuple[tuple[str, str, str, str], ...]


def effect_of(found: Asked) -> PooledEffect | None:
    """Published effects of the therapy that was asked for; None where none was.

    Parameters
    ----------
    found : Asked
        What was asked for. Without an endpoint that of most studies is taken.

    Returns
    -------
    PooledEffect or None
        With nothing pooled where nothing can be.
    """
    therapy = found.value("therapy")
    if not therapy:
        return None
    rows, endpoint = pooled_rows(found), found.value("endpoint")
    wanted = (endpoint,) if endpoint else POOLED_ENDPOINTS
    effects = [
        pooled_effect(rows, therapy, name, found.measure, week=found.week) for name in wanted if _known(rows, name)
    ]
    return max(effects, key=_worth, default=None)


def forest_of(effect: PooledEffect) -> Forest:
    """A forest as a table.

    Parameters
    ----------
    effect : PooledEffect
        Of one therapy.

    Returns
    -------
    Forest
        Without lines where nothing can be pooled.
    """
    question, selection, pooled = effect.question, effect.selection, effect.pooled
    lines = [] if pooled is None else [_study(*pair) for pair in zip(selection.estimates, pooled.weights, strict=True)]
    says: list[str] = []
    if pooled is not None and pooled.studies > 1:
        lines.append(_line("All studies, pooled", pooled.estimate, *pooled.ci, look="pooled"))
        if pooled.prediction is not None:
            low, high = pooled.prediction
            lines.append(Line(name="A new study", low=low, high=high, numbers=interval(low, high), look="next"))
        says.append(
            f"Between studies: SD {number(pooled.tau)} {_unit(effect)}, I² {100.0 * (pooled.i2 or 0.0):.0f}{NBSP}%."
        )
        if pooled.studies == 2:
            says.append("Two studies: the interval rests on one degree of freedom and says little.")
    elif pooled is not None:
        says.append("One study: nothing to pool.")
    gain = model_gain(effect)
    if pooled is not None and gain is not None:
        note = f"usual course, {SEX_WORDS[gain.sex]}; 5 to 95{NBSP}% of parameter draws"
        lines.append(_line("The model", gain.gain, gain.low, gain.high, note=note, week=f"{gain.week:g}", look="model"))
    elif pooled is not None:
        says.append(_no_number(effect))
    if any(line.look == "hollow" for line in lines):
        says.append("Hollow: no standard error was printed; it was worked out from n and a typical or printed spread.")
    axis = _axis(lines)
    title = endpoint_names([question.endpoint])[question.endpoint].title
    added = f" on top of {therapy_title(selection.background)}" if selection.background else ""
    return Forest(
        title=f"{sentence_case(therapy_title(question.therapy))}{added}: {lower_first(title)}",
        therapy=question.therapy,
        endpoint=question.endpoint,
        axis_words=f"{effect.axis} [{_unit(effect)}]" if lines else effect.axis,
        answer=_answer(effect, gain),
        lines=tuple(lines),
        axis=axis,
        says=tuple(says),
        left_out=tuple(
            (one.study, one.subject, "" if one.week is None else f"{one.week:g}", one.reason)
            for one in selection.left_out
        ),
    )


def overview(found: Asked) -> Forest:
    """Every therapy whose controlled trials can be pooled, each with the model's number below it.

    Parameters
    ----------
    found : Asked
        What was asked for, without a therapy.

    Returns
    -------
    Forest
        Two lines a therapy.
    """
    rows = pooled_rows(found)
    wanted = (found.value("endpoint"),) if found.value("endpoint") else POOLED_ENDPOINTS
    titles = endpoint_names(wanted)
    lines: list[Line] = []
    unit = ""
    for therapy in sorted({name for row in rows for name in row.treatments}, key=therapy_title):
        effect = _best_controlled(rows, therapy, wanted, found)
        if effect is None or effect.pooled is None:
            continue
        unit, pooled, gain = _unit(effect), effect.pooled, model_gain(effect)
        endpoint = lower_first(titles[effect.question.endpoint].title)
        note = f"{endpoint}; {counted(pooled.studies, 'study', 'studies')}, 95{NBSP}%"
        title = sentence_case(therapy_title(therapy))
        line = _line(title, pooled.estimate, *pooled.ci, look="pooled", note=note)
        lines.append(line.model_copy(update={"study": therapy}))
        if gain is not None:
            words = f"usual course, {SEX_WORDS[gain.sex]}, week {gain.week:g}; 5 to 95{NBSP}% of draws"
            lines.append(_line("the model", gain.gain, gain.low, gain.high, note=words, look="model"))
    what = titles[wanted[0]].title if len(wanted) == 1 else "Hair counts"
    return Forest(
        title=f"{what}: controlled trials pooled, and the model",
        therapy="",
        endpoint=wanted[0] if len(wanted) == 1 else "",
        axis_words=f"difference to control [{unit}]",
        answer="",
        lines=tuple(lines),
        axis=_axis(lines),
        says=(),
        left_out=(),
    )


def model_gain(effect: PooledEffect) -> Gain | None:
    """The model's number that can stand beside a pooled effect: of a difference to control, on top of nothing.

    Parameters
    ----------
    effect : PooledEffect
        Of one therapy.

    Returns
    -------
    Gain or None
        From the gains that come with the package, in the sex of most patients; None where they hold none.
    """
    from anagen.comparative.gains import shipped_gains

    question, selection = effect.question, effect.selection
    if selection.kind != "contrast" or selection.background or question.measure != "change":
        return None
    women = sum(entry.n or 1 for entry in selection.estimates if entry.sex == "female")
    others = sum(entry.n or 1 for entry in selection.estimates if entry.sex != "female")
    sex = "female" if women > others else "male"
    return shipped_gains().of(question.therapy, question.endpoint, question.week, sex=sex)


def draw(effect: PooledEffect) -> Figure:
    """The forest as a picture, with the model's number.

    Parameters
    ----------
    effect : PooledEffect
        With something pooled.

    Returns
    -------
    Figure
        In the style of the reports.
    """
    from anagen.reports.figures.forest import Beside, draw_forest

    gain = model_gain(effect)
    model = None if gain is None else Beside("the model", gain.gain, gain.low, gain.high, MODEL_LEGEND)
    assert effect.pooled is not None
    return draw_forest(effect.selection.estimates, effect.pooled, title=effect.title, effect=effect.axis, model=model)


def _best_controlled(
    rows: Sequence[Published], therapy: str, wanted: Sequence[str], found: Asked
) -> PooledEffect | None:
    """Controlled trials of a therapy on top of nothing, in the endpoint of most of them."""
    effects = [
        pooled_effect(rows, therapy, name, found.measure, week=found.week, kind="contrast", background="none")
        for name in wanted
        if _known(rows, name)
    ]
    return max(effects, key=_worth, default=None)


def _study(entry: Estimate, weight: float) -> Line:
    half = Z95 * entry.se
    look = "hollow" if entry.how.startswith("derived") else "study"
    line = _line(entry.label, entry.value, entry.value - half, entry.value + half, look=look, week=f"{entry.week:g}")
    note = ", ".join(filter(None, (SEX_WORDS.get(entry.sex, ""), f"SE {entry.how}")))
    found = {"note": note, "study": entry.study, "weight": weight, "n": "" if entry.n is None else str(entry.n)}
    return line.model_copy(update=found)


def _line(
    name: str,
    value: float,
    low: float,
    high: float,
    *,
    look: Literal["study", "hollow", "pooled", "model"],
    note: str = "",
    week: str = "",
) -> Line:
    numbers = f"{number(value, signed=True)} ({interval(low, high)})"
    return Line(name=name, note=note, week=week, value=value, low=low, high=high, numbers=numbers, look=look)


def _answer(effect: PooledEffect, gain: Gain | None) -> str:
    """Pooled mean and the model's number, in a sentence."""
    if effect.pooled is None:
        return ""
    pooled, unit = effect.pooled, _unit(effect)
    of = "One published study" if pooled.studies == 1 else f"{pooled.studies} published studies, pooled"
    over = "over control" if effect.selection.kind == "contrast" else "from baseline, without a control"
    found = f"{of}: {number(pooled.estimate, signed=True)} {unit} {over} ({interval(*pooled.ci)})"
    model = "" if gain is None else f"; the model: {number(gain.gain, signed=True)} ({interval(gain.low, gain.high)})"
    return f"{found}{model}."


def _axis(lines: Sequence[Line]) -> Axis:
    """From the studies' own intervals and the middles; what is pooled or predicted may widen it to a limit."""
    ends = [(line.look, end) for line in lines for end in (line.low, line.high) if end is not None]
    own = [end for look, end in ends if look in ("study", "hollow")]
    middles = [line.value for line in lines if line.value is not None]
    return axis_of([*own, *middles], [end for _, end in ends])


def _unit(effect: PooledEffect) -> str:
    return pretty_unit(effect.selection.estimates[0].unit) if effect.selection.estimates else ""


def _known(rows: Sequence[Published], endpoint: str) -> bool:
    return any(row.endpoint == endpoint for row in rows)


def _worth(effect: PooledEffect) -> tuple[bool, int]:
    """Controlled trials before single arms, then many before few."""
    return (False, 0) if effect.pooled is None else (effect.selection.kind == "contrast", effect.pooled.studies)


def _no_number(effect: PooledEffect) -> str:
    """Why the model has no number beside a pooled one."""
    if effect.selection.kind == "arm":
        return (
            "These are changes without a control, which hold expectation and regression to the mean; no gain of the "
            "model stands beside them."
        )
    if effect.selection.background:
        return "What a therapy adds to another is not among the model's gains that come with the package; see Compare."
    if effect.question.measure != "change":
        return "The model's gains that come with the package are changes, not changes in per cent."
    return "The package holds no gain of the model for this; see Compare."
