"""What `anagen product stability` does: the verdict, a table, and a picture where one is asked for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from anagen.cli.options import emit

if TYPE_CHECKING:
    from anagen.exosomes.stability_result import StabilityResult
    from anagen.parameters import ParameterSource


def tell_stability(
    product: str, scale: str, out: Path | None, overwrite: bool, as_json: bool, source: ParameterSource
) -> None:
    """Print how long a product keeps and write what `out` names.

    Parameters
    ----------
    product : str
        A product file, or a name of the library.
    scale : str
        "log" or "linear".
    out : Path or None
        File; its ending says what is written.
    overwrite : bool
        Whether it may be replaced.
    as_json : bool
        Whether one JSON document is printed.
    source : ParameterSource
        Where parameter values come from.

    Raises
    ------
    InputError
        With what is wrong of the product, the scale or the file.
    """
    from anagen.exosomes.result import product as vesicle_product

    if out is not None:
        _check(out, overwrite)
    result = vesicle_product(product, source).stability(scale)
    if out is not None:
        _write(result, out, overwrite)
    emit(result.document(), as_json, lambda: _print(result, out))


def _writers(result: StabilityResult) -> dict[str, Callable[[], bytes]]:
    """Bytes of a picture by ending."""
    from anagen.reports import style
    from anagen.reports.figures.stability import draw_stability

    def drawn(render: Callable[..., bytes]) -> bytes:
        with style.styled():
            figure = draw_stability(result.stability)
        return render(figure, software=style.SIGNATURE)

    return {".svg": lambda: drawn(style.to_svg), ".png": lambda: drawn(style.to_png)}


ENDINGS = (".svg", ".png", ".csv", ".parquet", ".json")


def _check(out: Path, overwrite: bool) -> None:
    from anagen.core.errors import InputError, Problem
    from anagen.core.files import Target

    if out.suffix not in ENDINGS:
        message = f"{out.name} has no ending that says what to write"
        raise InputError([Problem(None, None, None, "--out", message, ENDINGS)])
    Target(out, "--out", overwrite).check()


def _write(result: StabilityResult, out: Path, overwrite: bool) -> None:
    from anagen.core.files import Target

    writers = _writers(result) if out.suffix in (".svg", ".png") else {}
    if out.suffix in writers:
        Target(out, "--out", overwrite).write(writers[out.suffix]())
    else:
        result.save(out, overwrite=overwrite)


def _print(result: StabilityResult, out: Path | None) -> None:
    from anagen.cli.console import print_table

    stability = result.stability
    linear = any(entry.line is not None and entry.line.scale == "linear" for entry in stability.conditions)
    loss, per = ("loss a month", 1.0) if linear else ("% lost a month", 100.0)
    print(f"{stability.product.title} ({stability.product.name})\n")
    for line in stability.verdict:
        print(f"  - {line}")
    print()
    rows = result.document()["conditions"]
    if rows:
        header = (
            "series",
            "readings",
            "batches",
            "pooled",
            "p slopes, intercepts",
            loss,
            "limit met",
            "reached",
            "supported",
        )
        print_table("Stability series after ICH Q1E; times in days", header, [_cells(row, per) for row in rows])
        for row in rows:
            if row["remarks"]:
                print(f"  - {row['attribute']}, {row['state']}, {row['temperature_c']:g} C: {row['remarks']}")
    if out is not None:
        print(out)


def _cells(row: dict[str, Any], per: float) -> tuple[object, ...]:
    """A condition as a row of the terminal."""
    from anagen.reports.numbers import DASH, p_text, significant

    series = f"{row['attribute']}, {row['state']}, {row['temperature_c']:g} C"
    if row["pooled"] is None:
        return series, row["readings"], row["batches"], "too few readings", *([DASH] * 5)
    tests = ", ".join(
        DASH if row[key] is None else p_text(row[key]).removeprefix("p ").removeprefix("= ")
        for key in ("p_slopes", "p_intercepts")
    )
    crossing = row["bound_meets_limit_day"]
    met = "not in ten years" if crossing is None else f"{crossing:.0f}"
    loss = significant(per * row["loss_per_month"], 2)
    days = [DASH if row[key] is None else f"{row[key]:.0f}" for key in ("reached_days", "supported_days")]
    return series, row["readings"], row["batches"], row["pooled"], tests, loss, met, *days
