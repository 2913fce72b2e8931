"""An explanation in sentences, with what its numbers mean and how weak their evidence is."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import pandas as pd

from anagen.analysis.bands import LEAST_DRAWS
from anagen.explanation.explain import Explanation
from anagen.explanation.gain import COURSE_ROWS
from anagen.explanation.outputs import BESIDE, GRADES
from anagen.parameters import standing
from anagen.reports.amounts import MONTE_CARLO, Amounts
from anagen.reports.mechanism import LEVER_WORDS
from anagen.reports.numbers import decimals_for, has_band, interval, is_number, no_band, number, percent, with_unit
from anagen.reports.wording import endpoint_names, joined, lower_first, measure_scale, measure_unit, therapy_title
from anagen.signalling.listening import added_inputs

WORTH_NAMING = 0.005
"""Part of the largest contribution below which a contribution is not named in a sentence."""
MOST_TAUGHT = 6
"""Weights told of an assay in a sentence."""
NO_GAIN = (
    "There is no gain to share: what the parts of the arm do, and what its control does, are in the tables, but the "
    "difference is zero within the error of the simulation. More --patients make the error smaller."
)
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
    return number(scaled, decimals_for(_precision(about), scaled) if digits is None else digits, signed=True)


def with_error(about: dict[str, Any], value: object, error: object) -> str:
    """A contribution with the Monte-Carlo standard error of its simulation."""
    scaled = float(value) * scale_of(about) if is_number(value) else None  # type: ignore[arg-type]
    return Amounts("", scale_of(about), decimals_for(_precision(about), scaled)).with_error(value, error, finer=0)


def _precision(about: dict[str, Any]) -> float:
    """What decides the decimals: a tenth of the gain, or the error where there is no gain."""
    size = abs(about["gain_total"]) / 10.0 if about["gain_told"] else about["gain_error"]
    return size * scale_of(about)


def gain_text(about: dict[str, Any], row: pd.Series) -> str:
    """A row of the gain with what patients and drawn orders leave open."""
    return with_error(about, row["gain"], math.hypot(row["error"], row["order_error"]))


def headline(explanation: Explanation) -> str:
    """How much there is to explain."""
    about = explanation.about
    primary = about["primary"]
    name = endpoint_names([primary["endpoint"]])[primary["endpoint"]]
    text = (
        f"{_moves(about, lower_first(name.title))} at week {float(primary['week']):g}, as the model expects at central "
        "parameter values"
    )
    band = about["gain_band"]
    if band is None or not has_band(about["draws"]):
        return f"{text} ({no_band(about['draws'])})."
    scale = scale_of(about)
    ends = interval(band[0] * scale, band[1] * scale)
    return f"{text} (5 to 95 % over {about['draws']} parameter draws: {ends})."


def _moves(about: dict[str, Any], endpoint: str) -> str:
    """What an arm does to the endpoint, by direction: who gains hair gains, who lowers a score lowers it."""
    size, error = about["gain_total"], about["gain_error"]
    control = about["control"]
    if not about["gain_told"]:
        gain = with_unit(with_error(about, size, error), unit_of(about))
        against = f"from {control}" if control else "from its own baseline"
        return f"{about['arm']} does not differ {against} beyond the error of the simulation ({gain}) in {endpoint}"
    if about["more_is_better"]:
        over = f"over {control}" if control else "against its own baseline"
        behind = f"against {control}" if control else "against its own baseline"
        gain = with_unit(with_error(about, size, error), unit_of(about))
        lost = with_unit(_unsigned(about, size, error), unit_of(about))
        return f"{about['arm']} gains {gain} {over} in {endpoint}" if size > 0.0 else (
            f"{about['arm']} loses {lost} {behind} in {endpoint}"
        )  # fmt: skip
    moved, better = ("lowers", "better") if size < 0.0 else ("raises", "worse")
    than = f"against {control}" if control else "from its own baseline"
    by = with_unit(_unsigned(about, size, error), unit_of(about))
    return f"{about['arm']} {moved} {endpoint} by {by} {than}, which is {better},"


def _unsigned(about: dict[str, Any], size: float, error: float) -> str:
    """The size of a gain whose direction is told in words, with its error."""
    return with_error(about, abs(size), error).lstrip("+")


def sentences(explanation: Explanation) -> list[str]:
    """What carries the gain, the largest way, its weakest link, and the part that is missed most."""
    untested = _untested(explanation.about)
    if not explanation.about["acts"]:
        return [*untested, nothing_sentence(explanation)]
    first = _players(explanation) if explanation.about["gain_told"] else NO_GAIN
    lines = [*untested, first, *_way(explanation), *_missed(explanation), *_added(explanation), *_taught(explanation)]
    idle = explanation.about["without_effect"]
    if idle:
        names = joined([therapy_title(name) for name in idle])
        lines.append(f"Given, but without any effect on a lever: {names} (nothing of it reaches the follicle).")
    return lines


def nothing_sentence(explanation: Explanation) -> str:
    """Why there is nothing to explain."""
    idle = explanation.about["without_effect"]
    names = joined([therapy_title(name) for name in idle])
    why = f"nothing of {names} reaches the follicle" if idle else "nothing that it is given acts through one"
    return (
        f"{explanation.about['arm']} moves no lever: {why}. Any difference in readings is the untreated course, what "
        "the "
        "route does to the count itself, and grafts."
    )


def _players(explanation: Explanation) -> str:
    gain = explanation.gain[~explanation.gain["player"].isin(COURSE_ROWS)]
    parts: list[str] = []
    for player, rows in gain.groupby("player", sort=False):
        levers = rows.sort_values("gain", key=abs, ascending=False, kind="stable")
        named = levers[levers["gain"].abs() > WORTH_NAMING * gain["gain"].abs().max()]
        text = f"{therapy_title(str(player))} {amount(explanation.about, rows['gain'].sum())}"
        if len(named) > 1:
            text += (
                " ("
                + ", ".join(
                    f"{LEVER_WORDS[row['lever']]} {amount(explanation.about, row['gain'])}"
                    for _, row in named.iterrows()
                )
                + ")"
            )
        elif len(named) == 1:
            text += f" through the {LEVER_WORDS[str(named['lever'].iloc[0])]}"
        if abs(float(rows["control"].sum())) > 0.0:
            text += (
                f" (it does {amount(explanation.about, rows['arm'].sum())} in the arm and "
                f"{amount(explanation.about, rows['control'].sum())} in the control, where it is given as well)"
            )
        parts.append(text)
    rest = explanation.gain[explanation.gain["player"].isin(COURSE_ROWS) & (explanation.gain["gain"] != 0.0)]
    parts += [f"{therapy_title(row['player'])} {amount(explanation.about, row['gain'])}" for _, row in rest.iterrows()]
    return f"Of this, {'; '.join(parts)}."


def _way(explanation: Explanation) -> list[str]:
    lines: list[str] = []
    if len(explanation.paths) and is_number(explanation.paths["carried"].iloc[0]):
        row = explanation.paths.iloc[0]
        lines.append(
            f"Of the ways through the network, {row['path']} on the {LEVER_WORDS[str(row['lever'])]} carries most in "
            f"the arm ({amount(explanation.about, row['carried'])}). Its weakest link is {row['weakest']}, "
            f"grade {row['grade']} ({row['system']}): {row['source']}."
        )
        worst = max(explanation.paths["grade"], key=GRADES.index)
        by_grade = explanation.paths.assign(size=explanation.paths["carried"].abs()).groupby("grade")["size"].sum()
        if float(by_grade.sum()) > 0.0:
            lines.append(
                f"The weakest grade on any of its ways is {worst} ({GRADE_WORDS[worst]}); ways whose weakest link has "
                f"this grade carry {percent(by_grade[worst] / by_grade.sum())} of all that ways carry."
            )
    beside = explanation.levers[(explanation.levers["entry"] == BESIDE) & explanation.levers["carried"].notna()]
    if len(beside):
        rows = beside.assign(size=beside["carried"].abs()).sort_values("size", ascending=False, kind="stable")
        named = [
            f"{therapy_title(row['player'])} on the {LEVER_WORDS[row['lever']]} "
            f"({amount(explanation.about, row['carried'])})"
            for _, row in rows.iterrows()
        ]
        lines.append(f"Beside the network, because no way through it has a source: {joined(named)}.")
    return lines


def _missed(explanation: Explanation) -> list[str]:
    edges = explanation.ablation[
        (explanation.ablation["kind"] == "edge") & (explanation.ablation["change"].abs() > 0.0)
    ]
    if edges.empty:
        return []
    row = edges.iloc[0]
    return [
        f"The edge whose absence changes the gain most is {row['part']} ({amount(explanation.about, row['change'])}; "
        "grade "
        f"{row['grade']}, {row['system']})."
    ]


def _added(explanation: Explanation) -> list[str]:
    """What inputs that the study's network file adds carry, however little, so that one's own cargo is never unseen."""
    lines: list[str] = []
    for name in added_inputs(explanation.network):
        paths = largest(explanation.paths[explanation.paths["path"].str.startswith(f"{name}->")], "carried", 1)
        if paths.empty:
            lines.append(f"{name}, an input of the study's network file, carries nothing in this arm.")
            continue
        row = paths.iloc[0]
        edge = explanation.ablation[explanation.ablation["part"] == row["entry"]]
        without = "" if edge.empty else f"; without {row['entry']} the gain changes by "
        change = "" if edge.empty else amount(explanation.about, edge.iloc[0]["change"], 2)
        lines.append(
            f"Of {name}, an input of the study's network file, {row['path']} carries most "
            f"({amount(explanation.about, row['carried'], 2)} through {LEVER_WORDS[row['lever']]}{without}{change})."
        )
    return lines


def _taught(explanation: Explanation) -> list[str]:
    """Which weights and half-levels assays informed, and which of these the arm's ways run over."""
    taught = (explanation.about.get("posterior") or {}).get("assays")
    if taught is None:
        return []
    files, readouts = joined(list(taught["files"])), joined([name.replace("_", " ") for name in taught["readouts"]])
    if not taught["informed"]:
        return [f"The assay {files} ({readouts}) informed no weight of the network beyond its prior."]
    named = [f"{row['what']} (contraction {row['contraction']:.2f}, by {row['by']})" for row in taught["informed"]]
    more = f" and {len(named) - MOST_TAUGHT} more" if len(named) > MOST_TAUGHT else ""
    ways = {f"{a}->{b}" for path in explanation.paths["path"] for a, b in pairwise(str(path).split("->"))}
    used = sorted({row["what"].split(" of ", 1)[1] for row in taught["informed"]} & ways)
    where = f" Ways of this arm run over {joined(used)}." if used else " No way of this arm runs over these."
    listed = f"{', '.join(named[:MOST_TAUGHT])}{more}" if more else joined(named)
    return [f"Informed by the assay {files} ({readouts}): {listed}; all other weights are priors.{where}"]


def notes(explanation: Explanation) -> list[str]:
    """What the numbers mean and what they cannot say."""
    about = explanation.about
    lines = [
        "Shares are shares of a model whose edge weights, half-levels and most basal levels are assumptions: only the "
        "signs of edges have sources. A share says what this model does with its assumptions, not what was measured.",
        _size(about),
        "Readings and grafts: what vehicle, needle, tablet and expectation shift in counts without moving a follicle, "
        "and hairs that were planted. It cancels between arms that share it.",
        "What an edge or a path carries is its player's part of the gain through a lever, split in proportion to the "
        "lever's mean over the course; follicles do not answer in strict proportion. Missing parts are simulated and "
        "need no such rule.",
        "A path alone is what the lever would do if only that path responded. Paths meet in products, so these do not "
        "add up to the whole; what an entry edge carries is split among its paths in proportion to them.",
        MONTE_CARLO,
    ]
    if has_band(about["draws"]):
        lines.append(
            "Bands are over parameter draws, weights and half-levels of edges included. These have wide priors, since "
            "nobody measured them."
        )
    else:
        lines.append(f"Fewer than {LEAST_DRAWS} parameter draws: nothing is said of how uncertain these shares are.")
    if about["paths_left_out"]:
        lines.append(f"{about['paths_left_out']} longer paths are not listed.")
    lines.append(f"{_parameters(about)} Research software, not medical advice.")
    return lines


def _untested(about: dict[str, Any]) -> list[str]:
    """That the size of an effect comes from another condition, where it does: before anything else."""
    without = about.get("without_data") or []
    if not without:
        return []
    condition = str(about["condition"]).replace("_", " ")
    return [
        f"No data in {condition}: the size of the effect of {joined([therapy_title(name) for name in without])} is "
        "carried over from trials in another condition, and what the network makes of it here was never tested. Read "
        "every number below as a question, not as an answer."
    ]


def _size(about: dict[str, Any]) -> str:
    if about.get("without_data"):
        return "What no trial measured in this condition cannot be told larger or smaller than it is in another."
    return (
        "The size of every therapy's effect is its greatest effect, set by hand or calibrated on trials; the network "
        "decides only how that effect is shared, how fast it comes and what is left without a part."
    )


def _parameters(about: dict[str, Any]) -> str:
    posterior = about.get("posterior")
    if posterior is None:
        return f"Parameters: {about['parameter_source']}."
    return standing(posterior["calibrated"], posterior["prior_only"])


def largest(table: pd.DataFrame, column: str, most: int) -> pd.DataFrame:
    """Rows that carry anything, the largest first."""
    size = table[column].abs().fillna(0.0)
    order = size.sort_values(ascending=False, kind="stable").index
    return table.loc[order][size.loc[order] > 0.0].head(most)
