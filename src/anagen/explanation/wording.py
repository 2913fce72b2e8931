"""An explanation in sentences, with what its numbers mean and how weak their evidence is."""

from __future__ import annotations

from typing import Any

import pandas as pd

from anagen.explanation.explain import Explanation
from anagen.explanation.gain import COURSE_ROWS
from anagen.explanation.outputs import BESIDE, GRADES
from anagen.parameters import standing
from anagen.reports.mechanism import LEVER_WORDS
from anagen.reports.wording import (
    decimals_for,
    endpoint_names,
    interval,
    is_number,
    joined,
    lower_first,
    measure_scale,
    measure_unit,
    number,
    percent,
    with_unit,
)

WORTH_NAMING = 0.005
"""Part of the largest contribution below which a contribution is not named in a sentence."""
GRADE_WORDS = {
    "A": "established in people, or across cells, animals and models",
    "B": "human tissue, or human cells in more than one report",
    "C": "one report, an animal or a model, or a hypothesis",
    "none": "no source",
}


def scale_of(about: dict[str, Any]) -> float:
    """Factor from numbers of the tables to those printed: shares of responders are printed in per cent."""
    return measure_scale(str(about["primary"]["measure"]))


def unit_of(about: dict[str, Any]) -> str:
    """Printed unit of the gain."""
    name = endpoint_names([about["primary"]["endpoint"]])[about["primary"]["endpoint"]]
    return measure_unit(str(about["primary"]["measure"]), name.unit, difference=about["control"] is not None)


def amount(about: dict[str, Any], value: object, digits: int | None = None) -> str:
    """A contribution with its sign, in the printed unit."""
    if not is_number(value):
        return number(value)
    scaled = float(value) * scale_of(about)  # type: ignore[arg-type]
    whole = about["gain_total"] * scale_of(about)
    return number(scaled, decimals_for(abs(whole) / 10.0, scaled) if digits is None else digits, signed=True)


def headline(found: Explanation) -> str:
    """How much there is to explain."""
    about = found.about
    primary = about["primary"]
    name = endpoint_names([primary["endpoint"]])[primary["endpoint"]]
    against = f"over {about['control']}" if about["control"] else "against its own baseline"
    text = (
        f"{about['arm']} gains {with_unit(amount(about, about['gain_total']), unit_of(about))} {against} in "
        f"{lower_first(name.title)} at week {float(primary['week']):g}, as the model expects"
    )
    band = about["gain_band"]
    if band is None:
        return text + "."
    scale = scale_of(about)
    low, high = band[0] * scale, band[1] * scale
    return f"{text} (5 to 95 % over {about['draws']} parameter draws: {interval(low, high)})."


def sentences(found: Explanation) -> list[str]:
    """What carries the gain, the largest way, its weakest link, and the part that is missed most."""
    if not found.about["acts"]:
        return [nothing_sentence(found)]
    said = [_players(found), *_way(found), *_missed(found)]
    idle = found.about["without_effect"]
    if idle:
        said.append(f"Given, but without any effect on a lever: {joined(idle)} (nothing of it reaches the follicle).")
    return said


def nothing_sentence(found: Explanation) -> str:
    """Why there is nothing to explain."""
    idle = found.about["without_effect"]
    why = f"nothing of {joined(idle)} reaches the follicle" if idle else "nothing that it is given acts through one"
    return (
        f"{found.about['arm']} moves no lever: {why}. Any difference in readings is the untreated course, what the "
        "route does to the count itself, and grafts."
    )


def _players(found: Explanation) -> str:
    gain = found.gain[~found.gain["player"].isin(COURSE_ROWS)]
    parts: list[str] = []
    for player, rows in gain.groupby("player", sort=False):
        levers = rows.sort_values("gain", key=abs, ascending=False, kind="stable")
        named = levers[levers["gain"].abs() > WORTH_NAMING * gain["gain"].abs().max()]
        text = f"{player} {amount(found.about, rows['gain'].sum())}"
        if len(named) > 1:
            text += (
                " ("
                + ", ".join(
                    f"{LEVER_WORDS[row['lever']]} {amount(found.about, row['gain'])}" for _, row in named.iterrows()
                )
                + ")"
            )
        elif len(named) == 1:
            text += f" through the {LEVER_WORDS[str(named['lever'].iloc[0])]}"
        if abs(float(rows["control"].sum())) > 0.0:
            text += (
                f" (it does {amount(found.about, rows['arm'].sum())} in the arm and "
                f"{amount(found.about, rows['control'].sum())} in the control, where it is given as well)"
            )
        parts.append(text)
    rest = found.gain[found.gain["player"].isin(COURSE_ROWS) & (found.gain["gain"] != 0.0)]
    parts += [f"{row['player']} {amount(found.about, row['gain'])}" for _, row in rest.iterrows()]
    return f"Of this, {'; '.join(parts)}."


def _way(found: Explanation) -> list[str]:
    said: list[str] = []
    if len(found.paths) and is_number(found.paths["carried"].iloc[0]):
        row = found.paths.iloc[0]
        said.append(
            f"Of the ways through the network, {row['path']} on the {LEVER_WORDS[str(row['lever'])]} carries most in "
            f"the arm ({amount(found.about, row['carried'])}). Its weakest link is {row['weakest']}, "
            f"grade {row['grade']} ({row['system']}): {row['source']}."
        )
        worst = max(found.paths["grade"], key=GRADES.index)
        by_grade = found.paths.assign(size=found.paths["carried"].abs()).groupby("grade")["size"].sum()
        if float(by_grade.sum()) > 0.0:
            said.append(
                f"The weakest grade on any of its ways is {worst} ({GRADE_WORDS[worst]}); ways whose weakest link has "
                f"this grade carry {percent(by_grade[worst] / by_grade.sum())} of all that ways carry."
            )
    beside = found.levers[(found.levers["entry"] == BESIDE) & found.levers["carried"].notna()]
    if len(beside):
        rows = beside.assign(size=beside["carried"].abs()).sort_values("size", ascending=False, kind="stable")
        named = [
            f"{row['player']} on the {LEVER_WORDS[row['lever']]} ({amount(found.about, row['carried'])})"
            for _, row in rows.iterrows()
        ]
        said.append(f"Beside the network, because no way through it has a source: {joined(named)}.")
    return said


def _missed(found: Explanation) -> list[str]:
    edges = found.ablation[(found.ablation["kind"] == "edge") & (found.ablation["change"].abs() > 0.0)]
    if edges.empty:
        return []
    row = edges.iloc[0]
    return [
        f"The edge whose absence changes the gain most is {row['part']} ({amount(found.about, row['change'])}; grade "
        f"{row['grade']}, {row['system']})."
    ]


def notes(found: Explanation) -> list[str]:
    """What the numbers mean and what they cannot say."""
    about = found.about
    said = [
        "Shares are shares of a model whose edge weights, half-levels and most basal levels are assumptions: only the "
        "signs of edges have sources. A share says what this model does with its assumptions, not what was measured.",
        "The size of every therapy's effect is its greatest effect, set by hand or calibrated on trials; the network "
        "decides only how that effect is shared, how fast it comes and what is left without a part.",
        "What an edge or a path carries is its player's part of the gain through a lever, split in proportion to the "
        "lever's mean over the course; follicles do not answer in strict proportion. Missing parts are simulated and "
        "need no such rule.",
        "A path alone is what the lever would do if only that path responded. Paths meet in products, so these do not "
        "add up to the whole; what an entry edge carries is split among its paths in proportion to them.",
    ]
    if about["draws"] >= 2:
        said.append(
            "Bands are over parameter draws. Edge weights have no prior and are not drawn, so the bands of shares "
            "among edges are too narrow."
        )
    else:
        said.append("No parameter draws: nothing is said of how uncertain these shares are.")
    if about["paths_left_out"]:
        said.append(f"{about['paths_left_out']} longer paths are not listed.")
    said.append(f"{_parameters(about)} Research software, not medical advice.")
    return said


def _parameters(about: dict[str, Any]) -> str:
    posterior = about.get("posterior")
    if posterior is None:
        return f"Parameters: {about['parameter_source']}."
    return standing(posterior["calibrated"], posterior["prior_only"])


def printed_gain(found: Explanation) -> list[list[object]]:
    """Rows of the table of the gain: who, lever, in the arm, in the control, difference, band, share."""
    rows: list[list[object]] = []
    for _, row in found.gain.iterrows():
        lever = LEVER_WORDS.get(str(row["lever"]), "")
        rows.append(
            [
                row["player"], lever, amount(found.about, row["arm"]), amount(found.about, row["control"]),
                amount(found.about, row["gain"]), band(found, row["low"], row["high"]),
                percent(row["share"]) if is_number(row["share"]) else "",
            ]
        )  # fmt: skip
    return rows


def band(found: Explanation, low: object, high: object) -> str:
    """Two ends of a band in the printed unit, empty where there are no draws."""
    if not (is_number(low) and is_number(high)):
        return ""
    return f"{amount(found.about, low)} to {amount(found.about, high)}"


def printed_levers(found: Explanation, most: int) -> list[list[object]]:
    """Rows of the table of entries, those that carry most first."""
    table = _largest(found.levers, "carried", most)
    return [
        [
            row["entry"], row["player"], LEVER_WORDS[row["lever"]], percent(row["share"], 1),
            f"{percent(row['share_low'])} to {percent(row['share_high'])}" if is_number(row["share_low"]) else "",
            amount(found.about, row["carried"]), band(found, row["low"], row["high"]), row["grade"], row["system"],
        ]
        for _, row in table.iterrows()
    ]  # fmt: skip


def printed_paths(found: Explanation, most: int) -> list[list[object]]:
    """Rows of the table of paths, those that carry most first."""
    return [
        [
            row["path"], row["sign"], row["player"], LEVER_WORDS[row["lever"]], amount(found.about, row["carried"]),
            row["weakest"], row["grade"], row["system"], row["source"],
        ]
        for _, row in _largest(found.paths, "carried", most).iterrows()
    ]  # fmt: skip


def printed_ablation(found: Explanation, most: int) -> list[list[object]]:
    """Rows of the table of missing parts, those that change the gain most first."""
    table = found.ablation[found.ablation["change"].abs() > 0.0].head(most)
    moved = [lever for lever in LEVER_WORDS if found.ablation[f"{lever}_left"].notna().any()]
    return [
        [
            row["part"], f"{row['place']} {row['kind']}", amount(found.about, row["gain"]),
            amount(found.about, row["change"]),
            ", ".join(
                f"{LEVER_WORDS[lever]} {percent(row[f'{lever}_left'])}"
                for lever in moved
                if abs(row[f"{lever}_left"] - 1.0) > WORTH_NAMING
            ),
            row["grade"], row["system"],
        ]
        for _, row in table.iterrows()
    ]  # fmt: skip


GAIN_HEADER = ("what", "lever", "in the arm", "in the control", "gain", "5-95 % of the gain", "share")
LEVERS_HEADER = (
    "entry", "of", "lever", "share of the lever", "5-95 %", "carries in the arm", "5-95 % of it", "grade", "system",
)  # fmt: skip
PATHS_HEADER = (
    "path", "sign", "of", "lever", "carries in the arm", "weakest link", "grade", "system", "source of that link",
)  # fmt: skip
ABLATION_HEADER = ("without", "kind", "gain left", "change", "left of the levers", "grade", "system")


def _largest(table: pd.DataFrame, column: str, most: int) -> pd.DataFrame:
    """Rows that carry anything, the largest first."""
    size = table[column].abs().fillna(0.0)
    order = size.sort_values(ascending=False, kind="stable").index
    return table.loc[order][size.loc[order] > 0.0].head(most)
