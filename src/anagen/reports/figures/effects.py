"""Forest-style plot of every contrast: the trial's estimate and the model's expectation, each with its own interval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from anagen.analysis.bands import LEAST_DRAWS, QUARTERS, band
from anagen.reports import style
from anagen.reports.amounts import ARM_BASELINE, Amounts, effect_amounts
from anagen.reports.numbers import NBSP, is_number
from anagen.reports.wording import (
    EndpointName,
    contrast_text,
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
#: Height at the top of a row that is kept free for the name of its contrast [inches].
_NAME_HEIGHT = 0.21
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


def row_measure(row: pd.Series, name: EndpointName) -> str:
    """Measure in words; of a share, who is counted in it."""
    return measure_words(str(row["measure"]), row["threshold"], name)


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
            return f"{titled_share(row, name)} at week {row['week']:g}: {size} on {row['arm']}, with no control arm"
        sign = float(row["estimate"])
        size = amounts.text(abs(sign), signed=False)
        way = "above" if sign >= 0 else "below"
        seen = _excludes_zero(row)
        clear = "" if seen is None else "" if seen else f", but the {confidence_text} interval includes no difference"
        return f"{titled_share(row, name)} at week {row['week']:g}: {row['arm']} {size} {way} {row['control']}{clear}"
    if len(primary) > 1 and not (primary["control"] == ARM_BASELINE).all():
        clear = [float(row["estimate"]) for _, row in primary.iterrows() if _excludes_zero(row)]
        ways = {"above" if estimate > 0.0 else "below" for estimate in clear}
        did = f"lie {ways.pop()}" if len(ways) == 1 else "differ from"
        name = name_of(str(primary["endpoint"].iloc[0]), names)
        title = lower_first(titled_share(primary.iloc[0], name))
        return f"{len(clear)} of {len(primary)} arms {did} control in {title} at week {primary['week'].iloc[0]:g}"
    return "Results at the primary and secondary endpoints"


def titled_share(row: pd.Series, name: EndpointName) -> str:
    """Title of the endpoint, followed by who is counted where a share of patients is compared."""
    return f"{name.title}, {row_measure(row, name)}," if is_share(str(row["measure"])) else name.title


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
    texts = [text for _, row in data.iterrows() for text in row_texts(row, name_of(str(row["endpoint"]), names).unit)]
    right = max(1.2, 0.22 + max(style.text_width(text, style.SMALL_SIZE) for text in texts))
    left, above, below = 0.9, 0.30, 0.50
    per_row = 0.58 if named else 0.46
    titles = [
        style.wrap_text(
            _panel_title(group.iloc[0], name_of(str(group["endpoint"].iloc[0]), names)),
            style.WIDTH - 2 * style.MARGIN,
            style.TEXT_SIZE,
            "bold",
        )
        for _, group in panels
    ]
    extra = [(len(lines) - 1) * style.line_height(style.TEXT_SIZE) for lines in titles]
    heights = [more + above + per_row * len(group) + below for more, (_, group) in zip(extra, panels, strict=True)]
    figure = style.new_figure(style.WIDTH, words.height + sum(heights) + 0.05)
    style.draw_heading(figure, words)
    top = words.height
    for (_, group), lines, more, height in zip(panels, titles, extra, heights, strict=True):
        for number, line in enumerate(lines):
            below_top = top + number * style.line_height(style.TEXT_SIZE)
            style.inch_text(figure, style.MARGIN, below_top, line, fontweight="bold")
        name = name_of(str(group["endpoint"].iloc[0]), names)
        _draw_panel(figure, group, name, looks, top + more, (left, right), per_row, named=named)
        top += height
    return figure


def _panel_title(row: pd.Series, name: EndpointName) -> str:
    role = "Primary" if row["role"] == "primary" else "Secondary"
    return f"{role}: {lower_first(name.title)}, {row_measure(row, name)}, week{NBSP}{row['week']:g}"


def _draw_panel(
    figure: Figure,
    group: pd.DataFrame,
    name: EndpointName,
    looks: Mapping[str, style.ArmLook],
    top: float,
    sides: tuple[float, float],
    per_row: float,
    *,
    named: bool,
) -> None:
    left, right = sides
    rows = len(group)
    axes = style.inch_axes(figure, left, top + 0.27, style.WIDTH - left - right, per_row * rows)
    scale = measure_scale(str(group["measure"].iloc[0]))
    for position, (_, row) in enumerate(group.iterrows()):
        drop = 0.09 if named else 0.0  # room above the marks for the name of the contrast
        base = rows - position - 0.5 - drop / per_row
        look = looks.get(str(row["arm"]), style.ArmLook(style.INK, "o"))
        _draw_marks(axes, row, base, 0.1 / per_row, scale, look)
        middle = top + 0.27 + per_row * (position + 0.5) + drop
        if named:
            text = style.shorten(row_name(row), style.WIDTH - 0.3, style.SMALL_SIZE)
            style.inch_text(figure, style.MARGIN, middle - 0.19, text, fontsize=style.SMALL_SIZE, va="bottom")
        _write_row(figure, row_texts(row, name.unit), middle, left, right)
    axes.set_ylim(0, rows)
    _widen(axes)
    _draw_uprights(axes, rows, _NAME_HEIGHT / per_row if named else 0.0)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    for edge in range(1, rows):
        axes.axhline(edge, color="#EEEEEE", linewidth=0.8, zorder=0)
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


def row_texts(row: pd.Series, unit: str) -> tuple[str, str]:
    """Numbers of this trial and of the model, each with its interval, as they stand beside the marks."""
    amounts = effect_amounts(row, unit)
    trial, expected = amounts.bare(row["estimate"]), amounts.with_error(row["expected"], row["expected_error"], finer=0)
    return (
        _with_ends(trial, row["ci_low"], row["ci_high"], amounts),
        _with_ends(expected, row["low90"], row["high90"], amounts),
    )


def _with_ends(text: str, low: object, high: object, amounts: Amounts) -> str:
    return f"{text} ({amounts.interval(low, high)})" if is_number(low) and is_number(high) else text


def _write_row(figure: Figure, texts: tuple[str, str], middle: float, left: float, right: float) -> None:
    text_x = style.WIDTH - right + 0.1
    for offset, kind, text in zip((-0.1, 0.1), ("this trial", "expected"), texts, strict=True):
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
        style.inch_text(figure, text_x, middle + offset, text, fontsize=style.SMALL_SIZE, va="center")


def _draw_uprights(axes: object, rows: int, free: float) -> None:
    """Zero line and grid, broken at the top of every row over the share `free`, where its contrast is named."""
    low, high = axes.get_xlim()  # type: ignore[attr-defined]
    feet = np.arange(rows, dtype=float)
    for tick in axes.get_xticks():  # type: ignore[attr-defined]
        if low <= tick <= high:
            axes.vlines([tick] * rows, feet, feet + 1.0 - free, color=style.GRID, linewidth=0.7, zorder=0)  # type: ignore[attr-defined]
    axes.vlines([0.0] * rows, feet, feet + 1.0 - free, color=style.INK, linewidth=0.9, zorder=1)  # type: ignore[attr-defined]


def _widen(axes: object) -> None:
    low, *_, high = sorted((*axes.get_xlim(), 0.0))  # type: ignore[attr-defined]
    pad = 0.04 * (high - low)
    axes.set_xlim(low - pad, high + pad)  # type: ignore[attr-defined]


def contrasts_of(data: pd.DataFrame) -> Sequence[tuple[str, str]]:
    """Pairs (arm, control) in the order of the table."""
    return list(dict.fromkeys(zip(data["arm"].astype(str), data["control"].astype(str), strict=True)))
