"""Forest-style plot of every contrast: the trial's estimate and the model's expectation, each with its own interval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from anagen.analysis.bands import LEAST_DRAWS, QUARTERS, band
from anagen.reports import style
from anagen.reports.amounts import ARM_BASELINE, Amounts, effect_amounts
from anagen.reports.wording import (
    MINUS,
    EndpointName,
    contrast_text,
    is_number,
    is_share,
    lower_first,
    measure_scale,
    measure_unit,
    measure_words,
    name_of,
    titled,
)
from anagen.results import Estimates

if TYPE_CHECKING:
    from matplotlib.figure import Figure

KEYS = ["role", "endpoint", "week", "measure", "threshold", "arm", "control"]
#: What the control is called where a study has none and every arm is compared with its own baseline.
#: White behind a label that crosses grid lines.
_BEHIND = {"facecolor": "#FFFFFF", "edgecolor": "none", "pad": 0.8}
COLUMNS = (
    *KEYS,
    "estimate",
    "standard_error",
    "ci_low",
    "ci_high",
    "p_value",
    "n_arm",
    "n_control",
    "expected",
    "expected_error",
    "low90",
    "low50",
    "high50",
    "high90",
    "draws",
)


def effect_data(effects: pd.DataFrame) -> pd.DataFrame:
    """One row per contrast and endpoint: the trial's estimate and the expected effect with its parameter interval.

    The trial's estimate is that of the first replicate; the expected effect is that of draw 0 and its intervals are
    quantiles over draws 1 to D (NaN where these are too few for a band).

    Parameters
    ----------
    effects : pandas.DataFrame
        The table of effects.

    Returns
    -------
    pandas.DataFrame
        Columns `COLUMNS`, primary endpoint first, in the order of the table.
    """
    rows: list[dict[str, object]] = []
    first = effects.loc[(effects["replicate"] == 0).to_numpy()]
    if "threshold" not in first.columns:
        first = first.assign(threshold=np.nan)
    for values, group in first.groupby(KEYS, sort=False, observed=True, dropna=False):
        row: dict[str, object] = dict(zip(KEYS, map(_plain, values), strict=True))
        contrast = Estimates(group)
        trial = contrast.trials().rows
        for column in ("estimate", "standard_error", "ci_low", "ci_high", "p_value", "n_arm", "n_control"):
            row[column] = float(trial[column].iloc[0]) if len(trial) and column in trial else np.nan
        centre = contrast.expected(draw=0).rows
        row["expected"] = float(centre["estimate"].iloc[0]) if len(centre) else np.nan
        row["expected_error"] = float(centre["standard_error"].iloc[0]) if len(centre) else np.nan
        draws = contrast.drawn().values
        row["low90"], row["high90"] = band(draws, least=LEAST_DRAWS)
        row["low50"], row["high50"] = band(draws, QUARTERS, least=LEAST_DRAWS)
        row["draws"] = int(np.isfinite(draws).sum())
        rows.append(row)
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    return table.sort_values("role", key=lambda role: role != "primary", kind="stable", ignore_index=True)


def _plain(value: object) -> object:
    return value.item() if isinstance(value, np.generic) else value


def row_name(row: pd.Series) -> str:
    """Name of a contrast; of the arm alone where it is compared with its own baseline."""
    return str(row["arm"]) if row["control"] == ARM_BASELINE else contrast_text(row["arm"], row["control"])


def row_unit(row: pd.Series, unit: str) -> str:
    """Printed unit of a contrast between arms, or of an arm's own result."""
    return measure_unit(str(row["measure"]), unit, difference=row["control"] != ARM_BASELINE)


def row_measure(row: pd.Series) -> str:
    """Measure in words, with the threshold of a responder."""
    words = measure_words(str(row["measure"]))
    limit = row["threshold"]
    if not is_number(limit):
        return words
    if row["measure"] == "responder_value":
        return f"{words} (limit {limit:g})".replace("-", MINUS)
    percent = " %" if row["measure"] == "responder_percent" else ""
    return f"{words} (change of {limit:+g}{percent} or {'more' if limit >= 0 else 'below'})".replace("-", MINUS)


def _axis_words(row: pd.Series, unit: str) -> str:
    if row["control"] != ARM_BASELINE:
        what = "Difference from control"
    else:
        what = "Mean change from baseline" if "change" in str(row["measure"]) else "Result of the arm"
    return titled(what, row_unit(row, unit))


def effect_title(data: pd.DataFrame, names: Mapping[str, EndpointName], confidence_text: str = "95 %") -> str:
    """Title: the primary result where there is one contrast, the content where there are several."""
    primary = data.loc[data["role"] == "primary"]
    if len(primary) == 1 and is_number(primary["estimate"].iloc[0]):
        row = primary.iloc[0]
        name = name_of(str(row["endpoint"]), names)
        amounts = effect_amounts(row, name.unit)
        if row["control"] == ARM_BASELINE:
            size = amounts.text(row["estimate"])
            what = f", {measure_words(str(row['measure']))}" if is_share(str(row["measure"])) else ""
            return f"{name.title}{what} at week {row['week']:g}: {size} on {row['arm']}, with no control arm"
        sign = float(row["estimate"])
        size = amounts.text(abs(sign), signed=False)
        way = "above" if sign >= 0 else "below"
        seen = _excludes_zero(row)
        clear = "" if seen is None else "" if seen else f", but the {confidence_text} interval includes no difference"
        return f"{name.title} at week {row['week']:g}: {row['arm']} {size} {way} {row['control']}{clear}"
    if len(primary) > 1 and not (primary["control"] == ARM_BASELINE).all():
        seen = sum(bool(_excludes_zero(row)) for _, row in primary.iterrows())
        title = lower_first(name_of(str(primary["endpoint"].iloc[0]), names).title)
        return f"{seen} of {len(primary)} arms differ from control in {title} at week {primary['week'].iloc[0]:g}"
    return "Results at the primary and secondary endpoints"


def _excludes_zero(row: pd.Series) -> bool | None:
    if not (is_number(row["ci_low"]) and is_number(row["ci_high"])):
        return None
    return bool(row["ci_low"] > 0 or row["ci_high"] < 0)


def effect_alt(data: pd.DataFrame, names: Mapping[str, EndpointName]) -> str:
    """Text alternative: estimate, interval and expected effect of every row."""
    sentences: list[str] = []
    for _, row in data.iterrows():
        name = name_of(str(row["endpoint"]), names)
        amounts = effect_amounts(row, name.unit)
        expected = amounts.with_error(row["expected"], row["expected_error"], finer=0)
        sentences.append(
            f"{name.title}, {row_name(row)}: {amounts.bare(row['estimate'])} "
            f"({amounts.interval(row['ci_low'], row['ci_high'])}), expected {expected}"
        )
    return "Estimates with their intervals. " + ". ".join(sentences) + "."


def effect_figure(
    data: pd.DataFrame, names: Mapping[str, EndpointName], looks: Mapping[str, style.ArmLook], confidence_text: str
) -> Figure:
    """One panel per endpoint with its own unit; one pair of lines per contrast.

    Parameters
    ----------
    data : pd.DataFrame
        From `effect_data`, not empty.
    names : Mapping[str, EndpointName]
        Endpoint -> its printed name.
    looks : Mapping[str, style.ArmLook]
        Arm -> how it is drawn.
    confidence_text : str
        Confidence level as printed.
    """
    drawn = any(is_number(value) for value in data["low90"])
    about = (
        f"Upper mark: this trial, with its {confidence_text} interval over patients. Lower mark: expected by the model"
    )
    about += (
        "; its bars are the 50 % and 90 % range over parameter values that are not known."
        if drawn
        else f". Fewer than {LEAST_DRAWS} parameter draws were run, so it has no bar."
    )
    about += " ±: its Monte-Carlo standard error." if data["expected_error"].notna().any() else ""
    words = style.heading(effect_title(data, names, confidence_text), about)
    named = len(contrasts_of(data)) > 1  # one contrast is named in the title, several above their lines
    panels = list(data.groupby(["role", "endpoint", "week", "measure", "threshold"], sort=False, dropna=False))
    left, right, above, below = 0.9, 2.1, 0.30, 0.50
    per_row = 0.58 if named else 0.46
    heights = [above + per_row * len(group) + below for _, group in panels]
    figure = style.new_figure(style.WIDTH, words.height + sum(heights) + 0.05)
    style.draw_heading(figure, words)
    top = words.height
    for ((role, endpoint, _, measure, _), group), height in zip(panels, heights, strict=True):
        _draw_panel(
            figure,
            group,
            name_of(str(endpoint), names),
            looks,
            top,
            (left, right),
            per_row,
            named,
            f"{'Primary' if role == 'primary' else 'Secondary'}: ",
            float(group["week"].iloc[0]),
            str(measure),
        )
        top += height
    return figure


def _draw_panel(
    figure: Figure,
    group: pd.DataFrame,
    name: EndpointName,
    looks: Mapping[str, style.ArmLook],
    top: float,
    sides: tuple[float, float],
    per_row: float,
    named: bool,
    role: str,
    week: float,
    measure: str,
) -> None:
    left, right = sides
    title = f"{role}{lower_first(name.title)}, {row_measure(group.iloc[0])}, week {week:g}"
    room = style.WIDTH - 2 * style.MARGIN
    style.inch_text(figure, style.MARGIN, top, style.shorten(title, room, weight="bold"), fontweight="bold")
    rows = len(group)
    axes = style.inch_axes(figure, left, top + 0.27, style.WIDTH - left - right, per_row * rows)
    scale = measure_scale(measure)
    for position, (_, row) in enumerate(group.iterrows()):
        drop = 0.09 if named else 0.0  # room above the marks for the name of the contrast
        base = rows - position - 0.5 - drop / per_row
        look = looks.get(str(row["arm"]), style.ArmLook(style.INK, "o"))
        _draw_marks(axes, row, base, 0.1 / per_row, scale, look)
        middle = top + 0.27 + per_row * (position + 0.5) + drop
        if named:
            text = style.shorten(row_name(row), style.WIDTH - 0.3, style.SMALL_SIZE)
            style.inch_text(
                figure, style.MARGIN, middle - 0.19, text, fontsize=style.SMALL_SIZE, va="bottom", bbox=_BEHIND
            )
        _write_row(figure, row, middle, left, right, effect_amounts(row, name.unit))
    axes.axvline(0.0, color=style.INK, linewidth=0.9, zorder=1)
    axes.set_ylim(0, rows)
    _widen(axes)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    for edge in range(1, rows):
        axes.axhline(edge, color="#EEEEEE", linewidth=0.8, zorder=0)
    axes.grid(axis="x")
    axes.set_xlabel(_axis_words(group.iloc[0], name.unit), fontsize=style.SMALL_SIZE)


def _draw_marks(axes: object, row: pd.Series, base: float, apart: float, scale: float, look: style.ArmLook) -> None:
    upper, lower = base + apart, base - apart
    colour = look.colour
    line = axes.plot  # type: ignore[attr-defined]
    if is_number(row["estimate"]):
        if is_number(row["ci_low"]) and is_number(row["ci_high"]):
            line([row["ci_low"] * scale, row["ci_high"] * scale], [upper, upper], color=style.INK, linewidth=1.4)
        line(row["estimate"] * scale, upper, marker="o", markersize=6, color=style.INK, linestyle="none", zorder=4)
    for low, high, width, alpha in (("low90", "high90", 7.0, 0.28), ("low50", "high50", 7.0, 0.55)):
        if is_number(row[low]) and is_number(row[high]):
            line(
                [row[low] * scale, row[high] * scale],
                [lower, lower],
                color=colour,
                linewidth=width,
                alpha=alpha,
                solid_capstyle="butt",
                zorder=2,
            )
    if is_number(row["expected"]):
        line(
            row["expected"] * scale,
            lower,
            marker="D",
            markersize=5.5,
            color=colour,
            markeredgecolor=style.PAPER,
            linestyle="none",
            zorder=4,
        )


def _write_row(figure: Figure, row: pd.Series, middle: float, left: float, right: float, amounts: Amounts) -> None:
    text_x = style.WIDTH - right + 0.1
    for offset, kind, value, low, high in (
        (-0.1, "this trial", "estimate", "ci_low", "ci_high"),
        (0.1, "expected", "expected", "low90", "high90"),
    ):
        style.inch_text(
            figure,
            left - 0.08,
            middle + offset,
            kind,
            fontsize=style.SMALL_SIZE,
            color=style.MUTED,
            ha="right",
            va="center",
        )
        expected = value == "expected"
        text = amounts.with_error(row[value], row["expected_error"], finer=0) if expected else amounts.bare(row[value])
        if is_number(row[low]) and is_number(row[high]):
            text += f" ({amounts.interval(row[low], row[high])})"
        style.inch_text(figure, text_x, middle + offset, text, fontsize=style.SMALL_SIZE, va="center")


def _widen(axes: object) -> None:
    low, high = axes.get_xlim()  # type: ignore[attr-defined]
    pad = 0.04 * (high - low)
    axes.set_xlim(low - pad, high + pad)  # type: ignore[attr-defined]


def contrasts_of(data: pd.DataFrame) -> Sequence[tuple[str, str]]:
    """Pairs (arm, control) in the order of the table."""
    return list(dict.fromkeys(zip(data["arm"].astype(str), data["control"].astype(str), strict=True)))
