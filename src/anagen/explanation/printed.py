"""The tables of an explanation as the terminal and the page print them."""

from __future__ import annotations

from anagen.explanation.explain import Explanation
from anagen.explanation.wording import WORTH_NAMING, amount, gain_text, largest, with_error
from anagen.reports.mechanism import LEVER_WORDS
from anagen.reports.numbers import has_band, is_number, percent
from anagen.reports.wording import therapy_title


def printed_gain(explanation: Explanation) -> list[list[object]]:
    """Rows of the table of the gain: who, lever, in the arm, in the control, difference, band, share."""
    rows: list[list[object]] = []
    for _, row in explanation.gain.iterrows():
        lever = LEVER_WORDS.get(str(row["lever"]), "")
        rows.append(
            [
                therapy_title(row["player"]), lever,
                amount(explanation.about, row["arm"]), amount(explanation.about, row["control"]),
                gain_text(explanation.about, row),
                band(explanation, row["low"], row["high"]),
                percent(row["share"]) if is_number(row["share"]) else "",
            ]
        )  # fmt: skip
    return rows


def band(explanation: Explanation, low: object, high: object) -> str:
    """Two ends of a band in the printed unit, empty where there are too few draws for one."""
    if not (is_number(low) and is_number(high) and has_band(explanation.about["draws"])):
        return ""
    return f"{amount(explanation.about, low)} to {amount(explanation.about, high)}"


def share_band(explanation: Explanation, low: object, high: object) -> str:
    """Two ends of the band of a share, empty where there are too few draws for one."""
    if not (is_number(low) and is_number(high) and has_band(explanation.about["draws"])):
        return ""
    return f"{percent(low)} to {percent(high)}"


def printed_levers(explanation: Explanation, most: int) -> list[list[object]]:
    """Rows of the table of entries, those that carry most first."""
    table = largest(explanation.levers, "carried", most)
    return [
        [
            row["entry"], therapy_title(row["player"]), LEVER_WORDS[row["lever"]], percent(row["share"], 1),
            share_band(explanation, row["share_low"], row["share_high"]),
            amount(explanation.about, row["carried"]), band(explanation, row["low"], row["high"]),
            row["grade"], row["system"],
        ]
        for _, row in table.iterrows()
    ]  # fmt: skip


def printed_paths(explanation: Explanation, most: int) -> list[list[object]]:
    """Rows of the table of paths, those that carry most first."""
    return [
        [
            row["path"], row["sign"], therapy_title(row["player"]), LEVER_WORDS[row["lever"]],
            amount(explanation.about, row["carried"]),
            row["weakest"], row["grade"], row["system"], row["source"],
        ]
        for _, row in largest(explanation.paths, "carried", most).iterrows()
    ]  # fmt: skip


def printed_ablation(explanation: Explanation, most: int) -> list[list[object]]:
    """Rows of the table of missing parts, those that change the gain most first."""
    table = explanation.ablation[explanation.ablation["change"].abs() > 0.0].head(most)
    moved = [lever for lever in LEVER_WORDS if explanation.ablation[f"{lever}_left"].notna().any()]
    return [
        [
            row["part"], f"{row['place']} {row['kind']}", amount(explanation.about, row["gain"]),
            with_error(explanation.about, row["change"], row["error"]),
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
SOURCE = "source of that link"
PATHS_HEADER = (
    "path", "sign", "of", "lever", "carries in the arm", "weakest link", "grade", "system", SOURCE,
)  # fmt: skip
ABLATION_HEADER = ("without", "kind", "gain left", "change", "left of the levers", "grade", "system")
