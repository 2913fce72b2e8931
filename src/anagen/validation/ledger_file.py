"""The two files of a ledger as they stand on disk: the entries, and beside them their count and last hash."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, Strict, StringConstraints

from anagen.core.errors import InputError, Problem
from anagen.core.fields import ONE_LINE, Whole
from anagen.core.reading import ErrorReader
from anagen.core.tables import model_of_toml
from anagen.core.texts import read_text, toml_data

START = "0" * 64
HASH, DATE, FILE = r"^[0-9a-f]{64}$", r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$", r"^[A-Za-z0-9][^\\:]*$"
Line = Annotated[str, StringConstraints(max_length=300), ONE_LINE]
Hash = Annotated[str, StringConstraints(pattern=HASH)]
Number = Annotated[float, Strict(), Field(allow_inf_nan=False)]
FORMS = {
    HASH: "64 hexadecimal digits in lower case",
    DATE: "a date in quotes, e.g. '2026-11-23'",
    FILE: "the path of a file in the folder of the ledger, with slashes",
}
HEAD_LINES = (
    "# How many predictions the ledger beside this file holds, and the hash of the last one. Publish both: they show\n"
    "# a ledger that was cut short or written anew. `anagen ledger freeze` keeps this file.\n"
)


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Effect(_Table):
    """One predicted effect with its 90 % range over parameters."""

    endpoint: Line
    week: Number
    measure: Line
    arm: Line
    control: Line
    central: Number
    low90: Number
    high90: Number


class Prediction(_Table):
    """One entry of a ledger."""

    study: Line
    file: Annotated[Line, StringConstraints(pattern=FILE)]
    source: Line
    date: Annotated[str, StringConstraints(pattern=DATE)]
    version: Line
    study_hash: Literal[1, 2] = 1
    study_sha256: Hash
    parameters_sha256: Hash
    parameter_source: Line | None = None
    posterior_sha256: Hash | None = None
    seed: Annotated[Whole, Field(ge=0)]
    draws: Annotated[Whole, Field(ge=0)]
    before: Hash
    sha256: Hash
    effect: Annotated[tuple[Effect, ...], Field(min_length=1)]


class Ledger(_Table):
    """The file of a ledger."""

    prediction: Annotated[tuple[Prediction, ...], Field(min_length=1)]


class Head(_Table):
    """How many predictions a ledger holds, and the hash of the last one."""

    predictions: Annotated[Whole, Field(ge=0)]
    head: Hash


def read_ledger(ledger: Path) -> list[dict[str, Any]]:
    """Entries of a ledger as they are written.

    Parameters
    ----------
    ledger : Path
        The file.

    Returns
    -------
    list of dict
        At least one.

    Raises
    ------
    InputError
        Where it is missing or empty, or with every line that no ledger has.
    """
    text = read_text(ledger, "ledger")
    if "prediction" not in toml_data(text, str(ledger)):
        message = "holds no frozen prediction; `anagen ledger freeze STUDY` adds one to a new file"
        raise InputError([Problem(str(ledger), None, None, "", message)])
    model_of_toml(text, str(ledger), Ledger, ErrorReader(Ledger, forms=FORMS))
    return list(toml_data(text, str(ledger))["prediction"])


def head_file(ledger: Path) -> Path:
    """The file that tells the head of a ledger.

    Examples
    --------
    >>> head_file(Path("frozen.toml")).name
    'frozen.head.toml'
    """
    return ledger.with_name(f"{ledger.stem}.head.toml")


def read_head(file: Path, found: Head) -> Head:
    """Count and head as they are told beside a ledger.

    Parameters
    ----------
    file : Path
        The file of the head.
    found : Head
        What the ledger ends with, for the message where there is no such file.

    Returns
    -------
    Head
        As it is told.

    Raises
    ------
    InputError
        Where the file is missing or wrong.
    """
    if not file.exists():
        message = (
            f"is missing, so that nothing tells whether the ledger was cut short or written anew: give the published "
            f"head with --head (in Python head=); the ledger holds {found.predictions} and ends with {found.head}"
        )
        raise InputError([Problem(str(file), None, None, "", message)])
    return model_of_toml(read_text(file, "ledger"), str(file), Head, ErrorReader(Head, forms=FORMS))


def head_text(head: Head) -> str:
    """Text of the file of a head.

    Examples
    --------
    >>> head_text(Head(predictions=1, head=START)).splitlines()[-2]
    'predictions = 1'
    """
    return f'{HEAD_LINES}predictions = {head.predictions}\nhead = "{head.head}"\n'
