"""The file of scenarios: what might be true, by designs that might be run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, cast

from pydantic import Discriminator, Field, StrictStr, Tag, ValidationError, field_validator

from anagen.core.errors import InputError, Problem
from anagen.core.reading import ErrorReader, Key, nearest
from anagen.core.tables import toml_lines
from anagen.core.texts import read_text, toml_data
from anagen.study.document import parse
from anagen.study.values import Model

NULL, MEDIAN, OPTIMISTIC = "null", "median", "optimistic"
NAMED_TRUTHS = (NULL, MEDIAN, OPTIMISTIC)
MOST_DESIGNS, MOST_TRUTHS = 24, 8
Whole = Annotated[int, Field(ge=2, le=100_000)]


def _effect_kind(value: object) -> str:
    """Which of the two forms of an effect is meant: text with a unit, or a number."""
    return "text" if isinstance(value, str) else "number"


Effect = Annotated[Annotated[StrictStr, Tag("text")] | Annotated[float, Tag("number")], Discriminator(_effect_kind)]


class OwnTruth(Model):
    """An effect of a stated size."""

    name: StrictStr = Field(description="Name of the row.", examples=["ten hairs"], min_length=1, max_length=60)
    effect: Effect = Field(description="Effect on the main endpoint.", examples=["10 hairs/cm^2"])


def _truth_kind(value: object) -> str:
    """Which of the two forms of a truth is meant: a name, or an effect of a stated size."""
    return "own" if isinstance(value, dict | OwnTruth) else "name"


Truth = Annotated[Annotated[StrictStr, Tag("name")] | Annotated[OwnTruth, Tag("own")], Discriminator(_truth_kind)]


def _sizes_kind(value: object) -> str:
    """Which of the two forms of sizes is meant: several numbers, or one."""
    return "several" if isinstance(value, list | tuple) else "one"


Sizes = Annotated[
    Annotated[Whole, Tag("one")] | Annotated[tuple[Whole, ...], Tag("several")], Discriminator(_sizes_kind)
]


class Design(Model):
    """A way to run the trial."""

    name: StrictStr = Field(description="Name of the row.", examples=["as written"], min_length=1, max_length=60)
    patients: Sizes | None = Field(
        default=None, description="Patients per arm, one number or several; those of the command where left out."
    )
    set: dict[str, Any] = Field(
        default_factory=dict,
        description="Values in place of the study's, as --set names them.",
        examples=[{"measurement.method": "macrophotograph"}],
    )

    @property
    def sizes(self) -> tuple[int, ...]:
        """Patients per arm; empty where the design states none."""
        if self.patients is None:
            return ()
        return self.patients if isinstance(self.patients, tuple) else (self.patients,)


class Scenarios(Model):
    """Truths by designs; the truth without an effect is always among them."""

    truths: tuple[Truth, ...] = Field(
        default=(NULL, MEDIAN, OPTIMISTIC), description="What might be true.", min_length=1, max_length=MOST_TRUTHS
    )
    designs: tuple[Design, ...] = Field(
        description="How the trial might be run", examples=[[{"name": "as written"}]], min_length=1,
        max_length=MOST_DESIGNS,
    )  # fmt: skip

    @field_validator("truths", mode="before")
    @classmethod
    def _null_by_its_word(cls, value: object) -> object:
        # YAML reads the word null as nothing
        if isinstance(value, list | tuple):
            return tuple(NULL if each is None else each for each in cast("list[object]", value))
        return value

    @property
    def all_truths(self) -> tuple[str | OwnTruth, ...]:
        """Truths with the one without an effect, which stands first."""
        return (NULL, *(truth for truth in self.truths if truth != NULL))


_ERRORS = ErrorReader(Scenarios)


def read_scenarios(path: Path) -> Scenarios:
    """The scenarios of a YAML or TOML file.

    Parameters
    ----------
    path : Path
        Ending in .yaml, .yml or .toml.

    Returns
    -------
    Scenarios
        Checked; the values that designs set are checked with the study.

    Raises
    ------
    InputError
        With every problem in the file and its line.
    """
    file = str(path)
    if path.suffix not in (".yaml", ".yml", ".toml"):
        message = "is no file of scenarios; its name says how it is written"
        raise InputError([Problem(file, None, None, "", message, (".yaml", ".yml", ".toml"))])
    text = read_text(path, "scenario file", file)
    data: object
    lines: dict[Key, int]
    if path.suffix == ".toml":
        data, lines = toml_data(text, file), toml_lines(text)
    else:
        document = parse(text, file)
        if document.problems:
            raise InputError(document.problems)
        data = document.data
        lines = {key: position.key_line for key, position in document.positions.items()}
    return scenarios_of(data, file, lines)


def scenarios_of(data: object, file: str | None = None, lines: dict[Key, int] | None = None) -> Scenarios:
    """Scenarios of plain data.

    Parameters
    ----------
    data : object
        The keys of a file of scenarios.
    file : str or None
        Its name, for messages.
    lines : dict[Key, int] or None
        Line of every key.

    Returns
    -------
    Scenarios
        Checked.

    Raises
    ------
    InputError
        With every problem.

    Examples
    --------
    >>> scenarios_of({"truths": ["null"], "designs": [{"name": "small", "patients": 20}]}).designs[0].sizes
    (20,)
    """
    places = lines or {}
    try:
        found = Scenarios.model_validate(data)
    except ValidationError as error:
        raise InputError(dict.fromkeys(fault.problem(file, places) for fault in _ERRORS.faults(error))) from None
    problems: list[Problem] = []
    for i, truth in enumerate(found.truths):
        if isinstance(truth, str) and truth not in NAMED_TRUTHS:
            message = f"there is no truth {truth!r}; a size of your own is written {{name: ..., effect: ...}}"
            place = places.get(("truths", i))
            suggestion = nearest(truth, NAMED_TRUTHS)
            problems.append(Problem(file, place, None, f"truths[{i}]", message, NAMED_TRUTHS, suggestion))
    names = [truth if isinstance(truth, str) else truth.name for truth in found.truths]
    for kind, named in (("truths", names), ("designs", [design.name for design in found.designs])):
        for i, name in enumerate(named):
            if name in named[:i]:
                place = places.get((kind, i))
                problems.append(Problem(file, place, None, f"{kind}[{i}]", f"{name!r} is named twice"))
    if problems:
        raise InputError(problems)
    return found
