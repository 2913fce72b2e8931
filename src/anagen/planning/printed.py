"""The tables of power in words, for the terminal and the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from anagen.core.plain import records
from anagen.planning.wording import (
    main_rows,
    name_of_choice,
    per_arm,
    rows_of_outcome,
    share,
    short_outcome,
    unit_of,
)
from anagen.reports.numbers import DASH, decimals_for, is_number, number, percent, with_unit
from anagen.reports.wording import contrast_text, lower_first, measure_scale, measure_unit, titled, weeks

if TYPE_CHECKING:
    from anagen.planning.result import Power

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Printed:
    """A table in words.

    Attributes
    ----------
    title : str
        Above it.
    header : tuple[str, ...]
        Names of the columns.
    rows : tuple[tuple[str, ...], ...]
        Cells.
    note : str
        Below it.
    page_only : tuple[str, ...]
        Columns for which a terminal has no room.
    """

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    page_only: tuple[str, ...] = ()

    def for_terminal(self) -> Printed:
        """The table without the columns for which a terminal has no room."""
        return self.only([name for name in self.header if name not in self.page_only])

    def only(self, names: Sequence[str]) -> Printed:
        """The table with some of its columns."""
        places = [self.header.index(name) for name in names]
        return replace(self, header=tuple(names), rows=tuple(tuple(row[i] for i in places) for row in self.rows))


def printed_tables(result: Power) -> list[Printed]:
    """How often trials succeed, what their estimates are like, what the goal asks for, and scenarios."""
    found = [succeeding(result, pair) for pair in result.found.question.pairs]
    found += [estimating(result, pair) for pair in result.found.question.pairs]
    if result.claims is not None:
        found.append(claimed(result))
    found.append(needed(result))
    if result.scenarios is not None:
        found.append(scenarios(result))
    return found


def succeeding(result: Power, pair: tuple[str, str]) -> Printed:
    """Shares of success of the main outcome at every size."""
    rows = _of_pair(main_rows(result.table, result), pair)
    choice, with_margin = result.found.question.choices[0], is_number(rows[0]["margin"])
    fixed = is_number(rows[0]["power_fixed"])
    unit = name_of_choice(choice).unit
    stated = f"power at {with_unit(number(rows[0]['fixed_effect'], 1, signed=True), unit)}" if fixed else ""
    header = [
        f"patients {per_arm(result)}",
        "power",
        "closed form",
        stated,
        "type I error",
        "assurance",
        "its closed form",
    ]
    columns: list[list[str]] = [
        [f"{row['patients']:.0f}" for row in rows],
        [share(row, "power") for row in rows],
        [_percent(row["power_closed_form"]) for row in rows],
        [share(row, "power_fixed") for row in rows],
        [share(row, "type_one_error") for row in rows],
        [share(row, "assurance") for row in rows],
        [_percent(row["assurance_closed_form"]) for row in rows],
    ]
    if with_margin:
        header += ["beyond the margin", "beyond it, over draws"]
        columns += [[share(row, name) for row in rows] for name in ("power_margin", "assurance_margin")]
    what = lower_first(name_of_choice(choice).title)
    title = f"{contrast_text(*pair)}: trials that succeed (%), {what}, week {weeks(choice.week)}"
    note = ""
    if is_number(rows[0]["ceiling"]):
        note = f"Assurance cannot exceed {share(rows[0], 'ceiling')} %, the probability that there is an effect at all."
    return _without_empty(Printed(title, tuple(header), tuple(zip(*columns, strict=True)), note))


TRUTHS = {"null": "no effect", "central": "central values", "draws": "parameter draws"}


def claimed(result: Power) -> Printed:
    """What trials decide as a whole."""
    rows = [] if result.claims is None else records(result.claims)
    names = {
        "any": "any claim shown",
        "all": "all claims shown",
        "dose_response": "dose-response shown",
        "early": "a claim shown early",
        "futile": "all stopped as futile",
    }
    names = {name: words for name, words in names.items() if name in rows[0]}
    header = (f"patients {per_arm(result)}", "truth", *names.values(), "patients treated, mean")
    body = tuple(
        (
            f"{row['patients']:.0f}",
            TRUTHS[str(row["truth"])],
            *(share(row, name) for name in names),
            f"{row['treated']:.1f}",
        )
        for row in rows
    )
    note = "Without an effect, any claim shown is the error rate of the whole family of claims."
    if result.found.question.study.analysis.interim is not None:
        note += " Patients treated: those admitted by the look at which their arm stops; a control goes on to the last."
    return Printed("The trial as a whole (%)", header, body, note)


def estimating(result: Power, pair: tuple[str, str]) -> Printed:
    """What the estimates of the main outcome are like at every size, and who takes part."""
    rows, choice = _of_pair(main_rows(result.table, result), pair), result.found.question.choices[0]
    scale = measure_scale(choice.measure)
    decimals = max(decimals_for(max(float(row["estimate_sd"]) for row in rows) * scale), 1)

    def amount(value: object, *, signed: bool = True) -> str:
        return number(float(value) * scale, decimals, signed=signed) if is_number(value) else DASH  # type: ignore[arg-type]

    def errored(row: Row, name: str) -> str:
        if not is_number(row[name]):
            return DASH
        error = row[f"{name}_error"]
        told = is_number(error) and error > 0.0
        return f"{amount(row[name])} ± {number(error * scale, decimals + 1)}" if told else amount(row[name])

    header = (
        f"patients {per_arm(result)}", "mean", "SD", "bias", "interval covers (%)", "mean if significant",
        "not admitted", "drop out", "analysed",
    )  # fmt: skip
    body = tuple(
        (
            f"{row['patients']:.0f}",
            errored(row, "estimate_mean"),
            amount(row["estimate_sd"], signed=False),
            errored(row, "bias"),
            share(row, "coverage"),
            errored(row, "estimate_given_success"),
            number(row["screen_failures"], 1),
            number(row["dropouts"], 1),
            f"{number(row['analysed_arm'], 1)}, {number(row['analysed_control'], 1)}",
        )
        for row in rows
    )
    truth = rows[0]
    effect = f"True effect {with_unit(errored(truth, 'effect'), unit_of(choice))}."
    where = "at central values" if result.manifest["normal"] is None else "of the stated effect"
    title = titled(f"{contrast_text(*pair)}: estimates {where}", unit_of(choice))
    note = f"{effect} Numbers of patients are those of a whole trial, on average."
    return Printed(title, header, body, note, page_only=("analysed", "not admitted"))


def needed(result: Power) -> Printed:
    """Patients per arm for the goal, every outcome and contrast."""
    goal, body = percent(result.manifest["goal"]), list[tuple[str, ...]]()
    for place, choice in enumerate(result.found.question.choices):
        for row in rows_of_outcome(result.smallest, result, place):
            last = [
                each
                for each in rows_of_outcome(result.table, result, place)
                if (each["arm"], each["control"]) == (row["arm"], row["control"])
            ][-1]
            scale = measure_scale(choice.measure)
            effect = number(last["effect"] * scale, decimals_for(last["estimate_sd"] * scale), signed=True)
            body.append(
                (
                    short_outcome(choice),
                    weeks(choice.week),
                    contrast_text(str(row["arm"]), str(row["control"])),
                    with_unit(effect, unit_of(choice)),
                    _size(result, row, "power"),
                    _closed(row, "power"),
                    _size(result, row, "power_fixed"),
                    _size(result, row, "assurance"),
                    _percent(row["assurance_ceiling"], sign=True),
                )
            )
    header = (
        "outcome", "week", "contrast", "effect", "by power", "closed form", "at the fixed effect", "by assurance",
        "assurance at most",
    )  # fmt: skip
    note = "In brackets, if any: 95 % Monte-Carlo interval. Between simulated sizes numbers are interpolated."
    table = Printed(
        f"Patients {per_arm(result)} for {goal}", header, tuple(body), note, page_only=("at the fixed effect",)
    )
    return _without_empty(table)


def scenarios(result: Power) -> Printed:
    """Designs by truths."""
    assert result.scenarios is not None
    body: list[tuple[str, ...]] = []
    for row in records(result.scenarios):
        choice = result.found.question.choices[0]
        name = name_of_choice(choice.model_copy(update={"endpoint": row["endpoint"]}))
        unit, scale = measure_unit(row["measure"], name.unit, difference=True), measure_scale(row["measure"])
        decimals = max(decimals_for(row["estimate_sd"] * scale), 1)
        effect = with_unit(number(row["effect"], 1, signed=True), name.unit)
        mean = number(row["estimate_mean"] * scale, decimals, signed=True)
        body.append(
            (
                f"{row['design']}, {row['patients']:.0f} per arm, {row['patients_in_all']:.0f} in all",
                f"{row['truth']}: {effect}" if row["effect"] else str(row["truth"]),
                share(row, "success"),
                _percent(row["closed_form"]),
                with_unit(f"{mean} (SD {number(row['estimate_sd'] * scale, decimals)})", unit),
                share(row, "coverage"),
                number(row["screen_failures"], 1),
                number(row["dropouts"], 1),
            )
        )
    header = (
        "design", "truth", "significant (%)", "closed form", "estimate", "interval covers (%)", "not admitted",
        "drop out",
    )  # fmt: skip
    note = (
        "Without an effect: significant in either direction, the type I error. Other rows: significant in the wanted "
        "direction, with the effect added to the same trials, so that the luck of a design's trials is in all its rows."
    )
    return Printed("Scenarios", header, tuple(body), note, page_only=("not admitted", "drop out"))


def _size(result: Power, row: Row, which: str) -> str:
    sizes, size = result.found.question.sizes, row[which]
    if not is_number(row[f"{which}_least"]):
        return DASH
    if which == "assurance" and row["above_ceiling"]:
        return "none"
    if not is_number(size):
        return f"≤ {sizes[0]}" if row[f"{which}_least"] >= row["goal"] else f"> {sizes[-1]}"
    low, high = (row[f"{which}_{end}"] for end in ("low", "high"))
    ends = f"{low:.0f}" if is_number(low) else f"< {sizes[0]}", f"{high:.0f}" if is_number(high) else f"> {sizes[-1]}"
    return f"{size:.0f} ({ends[0]} to {ends[1]})"


def _closed(row: Row, which: str) -> str:
    size = row[f"{which}_closed_form"]
    return f"{size:,.0f}" if is_number(size) else "none"


def _percent(value: object, *, sign: bool = False) -> str:
    if not is_number(value):
        return DASH
    return percent(value) if sign else number(100.0 * float(value), 1)  # type: ignore[arg-type]


def _of_pair(rows: Sequence[dict[str, Any]], pair: tuple[str, str]) -> list[dict[str, Any]]:
    return [row for row in rows if (row["arm"], row["control"]) == pair]


def _without_empty(table: Printed) -> Printed:
    """The table without columns in which nothing stands."""
    kept = [
        name for i, name in enumerate(table.header) if name and (not i or any(row[i] != DASH for row in table.rows))
    ]
    return table.only(kept)
