"""A maker's assay as a CSV file: read, checked, evaluated, and written as a figure for a product file."""

from __future__ import annotations

import csv
import io
import json
import math
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, cast, get_args

import numpy as np

from anagen.core.errors import InputError, Problem
from anagen.core.reading import nearest
from anagen.core.texts import read_text
from anagen.exosomes.bioassay import Assay, Dilutions, Method, RelativePotency, relative_potencies

COLUMNS = ("preparation", "dose", "response")
FIGURE_LEVEL = 0.9
"""Figures of product files hold 5 and 95 %, so limits at this level."""


@dataclass(frozen=True, slots=True)
class AssayResult:
    """What an assay file says.

    Attributes
    ----------
    file : str
        As the user named it.
    assay : Assay
        With 95 % limits.
    figures : tuple[RelativePotency, ...]
        The same with the 5 and 95 % limits of product files.
    """

    file: str
    assay: Assay
    figures: tuple[RelativePotency, ...]

    def document(self) -> dict[str, Any]:
        """What `anagen product potency --json` prints; a limit that the assay does not give is null."""
        return {
            "ok": True,
            "file": self.file,
            "method": self.assay.method,
            "reference": self.assay.reference,
            "level": self.assay.level,
            "valid": self.assay.valid,
            "tests": [_plain(asdict(test)) for test in self.assay.tests],
            "residual_sd": self.assay.residual_sd,
            "observations": self.assay.observations,
            "potencies": [_plain(asdict(entry)) for entry in self.assay.potencies],
            "figures": {entry.name: self.toml(entry) for entry in self.figures if _bounded(entry)},
        }

    def toml(self, figure: RelativePotency) -> str:
        """A potency as a table to paste into a product file.

        Parameters
        ----------
        figure : RelativePotency
            One of `figures`.
        """
        source = f"{Path(self.file).name}: {self.assay.method} assay against {self.assay.reference}"
        grade = "B" if self.assay.valid else "C"
        return (
            f"[potency.relative_potency]\nvalue = {figure.value:.4g}\n"
            f"low = {figure.low:.4g}\nhigh = {figure.high:.4g}\n"
            f'basis = "measured"\nsource = {json.dumps(source, ensure_ascii=False)}\ngrade = "{grade}"'
        )


def assay_of_file(path: Path, reference: str | None = None, method: str = "parallel-line") -> AssayResult:
    """Relative potencies of an assay file.

    Parameters
    ----------
    path : Path
        CSV with the columns preparation, dose and response.
    reference : str or None
        Preparation of potency 1; the first of the file where None.
    method : str, default "parallel-line"
        "parallel-line" or "four-parameter".

    Raises
    ------
    InputError
        With everything that is wrong.
    """
    name = str(path)
    if method not in get_args(Method):
        raise InputError(
            [
                Problem(
                    None,
                    None,
                    None,
                    "--method",
                    f"{method!r} is no method",
                    get_args(Method),
                    nearest(method, get_args(Method)),
                )
            ]
        )
    preparations = parse_assay(read_text(path, "assay table"), name)
    names = tuple(entry.name for entry in preparations)
    chosen = names[0] if reference is None else reference
    if chosen not in names:
        message = f"{chosen!r} is no preparation of {name}"
        raise InputError([Problem(None, None, None, "--reference", message, names, nearest(chosen, names))])
    kind = cast("Method", method)
    try:
        assay = relative_potencies(preparations, chosen, method=kind)
        narrower = relative_potencies(preparations, chosen, method=kind, level=FIGURE_LEVEL)
    except ValueError as error:
        raise InputError([Problem(name, None, None, "", str(error))]) from None
    return AssayResult(name, assay, narrower.potencies)


def parse_assay(text: str, file: str) -> tuple[Dilutions, ...]:
    """Preparations of an assay table, in the order in which they first stand in it.

    Parameters
    ----------
    text : str
        CSV.
    file : str
        Its name in messages.

    Raises
    ------
    InputError
        With every line that cannot be read.

    Examples
    --------
    >>> [entry.name for entry in parse_assay("preparation,dose,response\\nref,1e9,2.0\\nown,1e9,3.0", "a.csv")]
    ['ref', 'own']
    """
    reader = csv.DictReader(io.StringIO(text))
    columns = [name.strip() for name in reader.fieldnames or []]
    missing = [name for name in COLUMNS if name not in columns]
    if missing:
        raise InputError(
            [
                Problem(file, 1, None, name, "is no column of the file", COLUMNS, nearest(name, columns))
                for name in missing
            ]
        )
    reader.fieldnames = columns
    problems: list[Problem] = []
    rows: dict[str, list[tuple[float, float]]] = {}
    for row in reader:
        if None in row:
            message = f"has more fields than the {len(columns)} columns; write decimals with a point, not a comma"
            problems.append(Problem(file, reader.line_num, None, "", message))
            continue
        preparation = (row["preparation"] or "").strip()
        if not preparation and not (row["dose"] or "").strip():
            continue
        dose, response = (_number(row[key], key, file, reader.line_num, problems) for key in ("dose", "response"))
        if not preparation:
            problems.append(Problem(file, reader.line_num, None, "preparation", "is empty"))
        if dose is not None and dose <= 0.0:
            message = f"{dose:g} has no logarithm; leave controls without a dose out"
            problems.append(Problem(file, reader.line_num, None, "dose", message))
        elif dose is not None and response is not None:
            rows.setdefault(preparation, []).append((dose, response))
    if problems:
        raise InputError(problems)
    if not rows:
        raise InputError([Problem(file, None, None, "", "holds no responses")])
    return tuple(Dilutions(name, *np.array(pairs, dtype=np.float64).T) for name, pairs in rows.items())


def _number(text: str | None, column: str, file: str, line: int, problems: list[Problem]) -> float | None:
    try:
        number = float(text or "")
    except ValueError:
        number = math.nan
    if math.isfinite(number):
        return number
    problems.append(Problem(file, line, None, column, f"{text!r} is no number; write it as 1.5e9, with a point"))
    return None


def _bounded(entry: RelativePotency) -> bool:
    return 0.0 < entry.low < entry.high < math.inf


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {key: None if value in (math.inf, -math.inf) else value for key, value in values.items()}
