"""The command `anagen size`: patients, power, looks and assurance by formula alone; nothing is simulated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from anagen.cli.options import JsonOption, emit
from anagen.core.numbers import MOST_PATIENTS

if TYPE_CHECKING:
    from anagen.core.errors import Problem
    from anagen.statistics.sample_size.answer import Asked, SizeAnswer


def size(
    difference: Annotated[
        float | None, typer.Option("--difference", help="True difference, treatment less control; benefit is positive.")
    ] = None,
    sd: Annotated[
        float | None,
        typer.Option("--sd", help="SD within an arm; with --paired that of differences, or of a side (--correlation)."),
    ] = None,
    shares: Annotated[
        tuple[float, float] | None,
        typer.Option("--shares", metavar="TREATMENT CONTROL", help="Shares of patients in place of means: 0.6 0.4."),
    ] = None,
    power: Annotated[float, typer.Option("--power", help="Wanted power.")] = 0.8,
    alpha: Annotated[float, typer.Option("--alpha", help="Type I error, of both sides unless --one-sided.")] = 0.05,
    one_sided: Annotated[bool, typer.Option("--one-sided", help="One-sided test.")] = False,
    allocation: Annotated[
        str, typer.Option("--allocation", metavar="A:B", help="Patients on treatment to those on control.")
    ] = "1:1",
    test: Annotated[
        str, typer.Option("--test", help="superiority, non-inferiority or equivalence; the two last with --margin.")
    ] = "superiority",
    margin: Annotated[float | None, typer.Option("--margin", help="Difference that is just not acceptable.")] = None,
    paired: Annotated[bool, typer.Option("--paired", help="Each patient is their own control (split scalp).")] = False,
    crossover: Annotated[bool, typer.Option("--crossover", help="Two periods in two orders.")] = False,
    correlation: Annotated[
        float | None,
        typer.Option("--correlation", help="Of baseline and outcome (ANCOVA); of both sides with --paired."),
    ] = None,
    dropout: Annotated[float, typer.Option("--dropout", help="Share of patients lost.")] = 0.0,
    looks: Annotated[
        str | None, typer.Option("--looks", metavar="T,T,1", help="Analyses at these fractions of patients: 0.5,1.")
    ] = None,
    spending: Annotated[
        str, typer.Option("--spending", help="How looks spend alpha: obrien-fleming, pocock, hwang-shih-decani.")
    ] = "obrien-fleming",
    patients: Annotated[
        int | None,
        typer.Option(
            "--patients",
            min=2,
            max=MOST_PATIENTS,
            help="Tell the power of so many per arm (of the control arm where unequal).",
        ),
    ] = None,
    prior_mean: Annotated[
        float | None, typer.Option("--prior-mean", help="Mean of what is believed of the difference: tells assurance.")
    ] = None,
    prior_sd: Annotated[float | None, typer.Option("--prior-sd", help="SD of that belief.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Tell by formula how many patients a trial needs, or what power it has; no study file, nothing simulated."""
    from anagen.core.errors import InputError
    from anagen.statistics.sample_size.answer import answer
    from anagen.statistics.sequential.boundaries import named_spending

    problems: list[Problem] = []
    if shares is None:
        problems += [_problem(name, "is needed, or --shares for shares of patients") for name in _missing(sd)]
        if difference is None and test.strip().lower() == "superiority":
            problems.append(_problem("--difference", "is needed, such as 8; or --shares for shares of patients"))
    else:
        given = {"--difference": difference, "--sd": sd, "--correlation": correlation}
        given |= {"--paired": paired or None, "--crossover": crossover or None}
        for name, value in given.items():
            if value is not None:
                problems.append(_problem(name, "is for means; leave it out with --shares"))
    if paired and crossover:
        problems.append(_problem("--crossover", "is given beside --paired; leave one of them out"))
    if (prior_mean is None) != (prior_sd is None):
        missing = "--prior-sd" if prior_sd is None else "--prior-mean"
        problems.append(_problem(missing, "is needed: a prior has a mean and an SD (--prior-mean 8 --prior-sd 9)"))
    if prior_sd is not None and not 0.0 < prior_sd < 1e12:
        problems.append(_problem("--prior-sd", f"must be a number above 0, got {prior_sd:g}"))
    if (paired or crossover) and allocation != "1:1":
        problems.append(
            _problem("--allocation", "is for two arms; leave it out where each patient is their own control")
        )
    if not 0.01 <= power <= 0.9999:
        problems.append(_problem("--power", f"must be a share from 0.01 to 0.9999, got {power:g}{_as_share(power)}"))
    if not 1e-6 <= alpha <= 0.5:
        problems.append(_problem("--alpha", f"must be a share from 0.000001 to 0.5, got {alpha:g}{_as_share(alpha)}"))
    if not 0.0 <= dropout <= 0.95:
        problems.append(_problem("--dropout", f"must be a share from 0 to 0.95, got {dropout:g}{_as_share(dropout)}"))
    if problems:
        raise InputError(problems)
    asked = _asked(
        difference or 0.0, sd, shares, alpha, one_sided, allocation, test, margin, paired, crossover, correlation
    )
    result = answer(
        asked,
        power,
        patients=patients,
        dropout=dropout,
        looks=None if looks is None else _looks(looks),
        spending=named_spending(spending),
        prior=None if prior_mean is None or prior_sd is None else (prior_mean, prior_sd),
    )
    emit(result.document(), as_json, lambda: _print(result, by_patients=patients is not None))


def _missing(sd: float | None) -> list[str]:
    return ["--sd"] if sd is None else []


def _problem(option: str, message: str) -> Problem:
    from anagen.core.errors import Problem

    return Problem(None, None, None, option, message)


def _as_share(value: float) -> str:
    """What a percentage would be as a share."""
    return f"; write {value:g} % as {value / 100.0:g}" if 1.0 <= value < 100.0 else ""


def _asked(
    difference: float,
    sd: float | None,
    shares: tuple[float, float] | None,
    alpha: float,
    one_sided: bool,
    allocation: str,
    test: str,
    margin: float | None,
    paired: bool,
    crossover: bool,
    correlation: float | None,
) -> Asked:
    """The comparison that options describe."""
    from anagen.core.errors import InputError
    from anagen.statistics.sample_size.answer import SharesAsked
    from anagen.statistics.sample_size.means import MeansPlan
    from anagen.statistics.sample_size.sizes import checked_test

    kind, ratio, sides = checked_test(test), _ratio(allocation), 1 if one_sided else 2
    if kind != "superiority" and margin is None:
        message = f"is needed for a test of {kind.replace('_', '-')}, such as --margin {'0.1' if shares else '8'}"
        raise InputError([_problem("--margin", message)])
    if shares is not None:
        for value in shares:
            if not 0.0 <= value <= 1.0:
                message = f"must be two shares from 0 to 1, got {shares[0]:g} {shares[1]:g}{_as_share(value)}"
                raise InputError([_problem("--shares", message)])
        asked = SharesAsked(*shares, alpha, sides, ratio, kind, margin or 0.0)
        asked.plan()
        return asked
    layout = "paired" if paired else "crossover" if crossover else "parallel"
    return MeansPlan(difference, sd or 0.0, alpha, sides, ratio, layout, kind, margin or 0.0, correlation)


def _ratio(text: str) -> float:
    from anagen.core.errors import InputError

    parts = text.split(":")
    try:
        values = [float(part) for part in parts]
    except ValueError:
        values = []
    if len(values) != 2 or not all(0.0 < value < 1e6 for value in values) or not 0.01 <= values[0] / values[1] <= 100.0:
        message = f"must be two numbers above 0 with a colon, from 1:100 to 100:1, such as 2:1; got {text!r}"
        raise InputError([_problem("--allocation", message)])
    return values[0] / values[1]


def _looks(text: str) -> tuple[float, ...]:
    from anagen.core.errors import InputError

    try:
        times = tuple(float(part) for part in text.split(","))
    except ValueError:
        message = f"must be fractions of the patients with commas, rising to 1, such as 0.5,1; got {text!r}"
        raise InputError([_problem("--looks", message)]) from None
    if len(times) == 1 and times[0] != 1.0:
        message = f"must rise to 1, such as {text},1; got {text!r}"
        raise InputError([_problem("--looks", message)])
    return times


def _print(result: SizeAnswer, *, by_patients: bool) -> None:
    from anagen.cli.console import number, print_table
    from anagen.statistics.sample_size.answer import SharesAsked

    arms = result.randomised
    single = len(arms) == 1
    half, odd = divmod(arms[0], 2)
    orders = f", {half} and {half + 1} in the two orders" if odd else f", {half} in each order"
    orders = orders if getattr(result.asked, "layout", "") == "crossover" else ""
    per_arm = (
        f"{arms[0]} patients, each their own control{orders}"
        if single
        else f"{arms[0]} per arm, {sum(arms)} in all"
        if arms[0] == arms[1]
        else f"{arms[0]} on treatment and {arms[1]} on control, {sum(arms)} in all"
    )
    most = "at most " if result.design is not None else ""
    lost = f" (to randomise; {100 * result.dropout:g} % will be lost)" if result.dropout else ""
    print(f"Patients: {most}{per_arm}{lost}")
    if not by_patients:
        exact = f"{result.needed.first:.5f}" + ("" if single else f" + {result.needed.second:.5f}")
        print(
            f"Exact: {exact}{'' if single else f' = {result.needed.total:.5f}'}{' measured' if result.dropout else ''}"
        )
    reached = f"Power: {100 * result.reached:.2f} %"
    print(reached if by_patients else f"{reached} with whole patients, {100 * result.wanted:g} % asked for")
    what = "difference" if result.asked.test == "superiority" else "margin"
    what = "share under treatment" if isinstance(result.asked, SharesAsked) else what
    print(f"Smallest {what} shown with {100 * result.wanted:g} % power: {number(result.detectable)}")
    if result.assurance is not None:
        told = result.assurance
        print(
            f"Assurance: {100 * told.chance:.2f} %; at most {100 * told.ceiling:.2f} % with any number of patients. "
            f"Expected difference where the trial succeeds: {number(told.effect_given_success)}"
        )
    print(result.formula())
    if result.design is not None:
        design = result.design
        columns = (design.times, design.efficacy, design.p_values(), result.boundary_effects, design.alpha_spent())
        header = ("fraction", "z", "p", "estimate", "alpha spent")
        print()
        print_table(
            "Stop for success at or beyond",
            header,
            [[float(value) for value in row] for row in zip(*columns, strict=True)],
        )
        fewer, none = result.expected["planned_effect"], result.expected["null_hypothesis"]
        print(f"Expected patients measured: {fewer:.1f} under the planned effect, {none:.1f} under the null hypothesis")
    _print_nearby(result)


def _print_nearby(result: SizeAnswer) -> None:
    """The table of sizes near the one asked for."""
    from anagen.cli.console import print_table

    if not result.nearby:
        return
    first = result.nearby[0]
    rows_are = "sd" if "sd" in first else "control"
    head = "SD" if rows_are == "sd" else "share on control"
    header = (head, *(f"{first['by']} {value}" for value in first["patients"]))
    print()
    rows = [
        [float(row[rows_are]), *("–" if n is None else n for n in row["patients"].values())] for row in result.nearby
    ]
    print_table(f"Patients in all to randomise for {100 * result.wanted:g} % power", header, rows)
