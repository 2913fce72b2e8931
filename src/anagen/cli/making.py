"""What `anagen product make` and `draw` print and write."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from anagen.exosomes import Making, Spread

MILLION = 1e6
MOST_DRIVERS, MOST_ALTERNATIVES = 10, 8


def print_making(making: Making) -> None:
    """Print the plant, one batch, the figures, what moves the cost, and what is impossible or doubtful.

    Parameters
    ----------
    making : Making
        From `make_product`.
    """
    from anagen.cli.console import number, print_table
    from anagen.core.words import counted
    from anagen.exosomes import PRODUCTION_SYSTEMS
    from anagen.exosomes.cost_drivers import words_of

    print(f"{making.product.title} ({making.product.name})\n{making.product.summary}\n")
    for question in making.questions:
        print(f"QUESTION {question}")
    _print_plant(making)
    if making.own:
        rows = (
            (words_of(value.name), "none" if value.default is None else number(value.default), number(value.own.value),
             value.unit, value.own.source)
            for value in making.own
        )  # fmt: skip
        print_table("The maker's own numbers", ("number", "default", "own", "unit", "source"), rows)
    rows = (
        (s.name, s.group, s.runs, f"{s.kept:.0%}", number(s.elapsed), s.devices, number(s.cost)) for s in making.stages
    )
    header = ("stage", "part", "runs", "particles kept", "days", "devices", "USD")
    print_table("One batch", header, rows)
    rows = ((name, *_row(spread), unit) for name, (spread, unit) in making.figures.items())
    print_table(counted(making.doses, "dose"), ("figure", "central", "5 to 95 %", "unit"), rows)
    rows = [(name, f"{share:.0%}") for name, share in making.cost_shares.items()]
    print_table(
        "Where the money goes",
        ("part", "of the cost"),
        [*rows, ("of it labour of making", f"{making.labour_share:.0%}")],
    )
    rows = (
        (d.title, f"{number(d.low)} to {number(d.high)}", number(d.cost_at_low), number(d.cost_at_high), d.grade)
        for d in making.drivers[:MOST_DRIVERS]
    )
    header = ("number", "5 to 95 %", "USD/dose at low end", "at high end", "grade")
    print_table("What moves the cost of a dose; the others at their centre, the plant as it is", header, rows)
    rows = (
        (PRODUCTION_SYSTEMS[a.system].title, a.vessel, a.pooled, a.lines, number(a.weeks), number(a.capital / MILLION),
         number(a.cost_per_dose), "yes" if a.within_limits else "no")
        for a in making.alternatives[:MOST_ALTERNATIVES]
    )  # fmt: skip
    header = ("system", "vessel", "pooled", "lines", "weeks", "million USD", "USD/dose", "within limits")
    print_table("Other systems and vessels, central values", header, rows)
    rows = ((PRODUCTION_SYSTEMS[name].title, *_row(spread)) for name, spread in making.doses_per_batch.items())
    print_table("Doses of one run in the usual vessel", ("system", "central", "5 to 95 %"), rows)
    print(f"Slowest stage but for waiting, devices side by side: {making.bottleneck}.")
    print(f"Largest loss: {making.largest_loss}. Dearest: {making.largest_cost}.")
    print("Prices and sizes are assumptions; read the range, not the number.")
    limits = (
        f"in {number(making.horizon)} weeks and with {number(making.capital_limit / MILLION)} million USD of capital"
    )
    print(f"Can be made by a listed process {limits}: {making.answer}")
    for flag in making.flags:
        print(f"  - {flag}")


def _print_plant(making: Making) -> None:
    from anagen.cli.console import number
    from anagen.core.words import counted

    plant, figures = making.plant, making.figures

    def told(name: str, scale: float = 1.0) -> str:
        spread, _ = figures[name]
        return f"{number(spread.central / scale)} ({number(spread.low / scale)} to {number(spread.high / scale)})"

    print(f"The plant for {counted(making.doses, 'dose')}")
    runs = "1 run is a batch" if plant.pooled == 1 else f"{counted(plant.pooled, 'run')} pooled into a batch"
    print(f"  {plant.system.title}, {plant.vessel.name}; {runs}; {counted(plant.lines, 'line')}")
    vessels = counted(plant.pooled * plant.lines, "vessel")
    print(f"  {vessels}, people {told('people')}, batches {told('batches started')}")
    print(f"  {told('time to the last dose')} weeks, capital {told('capital', MILLION)} million USD")
    print(f"  {told('cost per dose')} USD a dose, of which batches {told('cost per dose, batches only')}")
    print(f"  time and capital are kept in {making.kept_limits:.0%} of the draws\n")


def write_picture(out: Path, figure: Figure, overwrite: bool, *, quiet: bool = False) -> None:
    """Write a picture in the kind that its name ends in, and print where.

    Parameters
    ----------
    out : Path
        Ending in .svg or .png.
    figure : Figure
        The picture.
    overwrite : bool
        Whether a file there may be replaced.
    quiet : bool, default False
        Where a JSON document alone is printed.

    Raises
    ------
    InputError
        Where it ends otherwise, exists or cannot be written.
    """
    from anagen.core.files import Target
    from anagen.reports import style

    check_picture(out)
    data = style.to_svg(figure) if out.suffix == ".svg" else style.to_png(figure, dpi=200)
    written = Target(out, "--out", overwrite).write(data)
    if not quiet:
        print(written)


def check_picture(out: Path) -> None:
    """Refuse a name that does not say how the picture is written.

    Parameters
    ----------
    out : Path
        As --out takes it.

    Raises
    ------
    InputError
        With the endings that are known.
    """
    from anagen.core.errors import InputError, Problem

    if out.suffix not in (".svg", ".png"):
        message = f"{out.name!r} does not say how the picture is written"
        raise InputError([Problem(None, None, None, "--out", message, (".svg", ".png"))])


def _row(spread: Spread) -> tuple[str, str]:
    from anagen.cli.console import interval, number

    return number(spread.central), interval(spread.low, spread.high)
