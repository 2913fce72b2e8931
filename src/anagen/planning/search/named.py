"""What somebody names to vary, from options, files and mappings: names with their values, and where they stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from anagen.core.errors import InputError, Problem
from anagen.core.plain import unpacked
from anagen.core.reading import Key, is_list, is_mapping, nearest
from anagen.core.tables import toml_lines
from anagen.core.texts import read_text, toml_data
from anagen.study import parse_set
from anagen.study.document import parse

DOSE, SESSIONS, INTERVAL = "dose", "sessions", "interval"
ARMS, ALLOCATION, WEEK, LAYOUT, PATIENTS = "arms", "allocation", "week", "layout", "patients"
SHORT = (DOSE, SESSIONS, INTERVAL, ARMS, ALLOCATION, WEEK, LAYOUT, PATIENTS)
"""Names that are no path."""
OPTION = "--vary"
EXAMPLE = "e.g. --vary dose=1e9,1e10 or --vary arms.exosome.schedule.sessions=3,6"
ENDINGS = (".yaml", ".yml", ".toml")


@dataclass(frozen=True, slots=True)
class Named:
    """Values that somebody names.

    Attributes
    ----------
    labels : tuple[str, ...]
        As they were written.
    values : tuple[object, ...]
        Plain data.
    file : str or None
        In which they stand; None for an option.
    line : int or None
        In that file.
    """

    labels: tuple[str, ...]
    values: tuple[object, ...]
    file: str | None = None
    line: int | None = None


def named_values(vary: Sequence[str] | Mapping[str, object]) -> dict[str, Named]:
    """What varies, by name, each name once.

    Parameters
    ----------
    vary : Sequence[str] or Mapping[str, object]
        "NAME=A,B" each, or the name of a file of such; or names with lists of values.

    Returns
    -------
    dict[str, Named]
        In the order in which they were named.

    Raises
    ------
    InputError
        Where it cannot be read, or a name comes twice.

    Examples
    --------
    >>> named_values(["dose=1e9,1e10"])["dose"].labels
    ('1e9', '1e10')
    """
    if isinstance(vary, Mapping):
        return {str(name): _listed(str(name), values) for name, values in vary.items()}
    found: dict[str, Named] = {}
    for text in [vary] if isinstance(vary, str) else vary:
        for name, values in _of_text(text).items():
            if name in found:
                raise wrong(name, "is varied twice; write all its values in one place")
            found[name] = values
    return found


def _of_text(text: str) -> dict[str, Named]:
    """One option: a name with its values, or a file."""
    if "=" not in text:
        if Path(text).suffix in ENDINGS:
            return _read(Path(text))
        raise wrong(text, f"is neither NAME=A,B nor a file ({', '.join(ENDINGS)}); {EXAMPLE}", nearest(text, SHORT))
    try:
        options = parse_set(text)
    except InputError as error:
        problems = [replace(each, field=each.field.replace("--set", OPTION, 1)) for each in error.problems]
        raise InputError(problems) from None
    return {str(options[0].path): Named(tuple(o.text for o in options), tuple(o.value for o in options))}


def _read(path: Path) -> dict[str, Named]:
    """The keys of a file of what varies."""
    file, data = str(path), object()
    lines: dict[Key, int]
    text = read_text(path, "search file", file)
    if path.suffix == ".toml":
        data, lines = toml_data(text, file), toml_lines(text)
    else:
        document = parse(text, file)
        if document.problems:
            raise InputError(document.problems)
        data, lines = document.data, {key: place.key_line for key, place in document.positions.items()}
    if not is_mapping(data):
        message = (
            f"holds no names with values; expected lines such as dose: [1e9, 1e10] ({', '.join(SHORT)}, or a path)"
        )
        raise InputError([Problem(file, None, None, "", message)])
    return {str(name): _listed(str(name), values, file, lines.get((str(name),))) for name, values in data.items()}


def _listed(name: str, values: object, file: str | None = None, line: int | None = None) -> Named:
    """Values of a file or a mapping with their labels; one value stands for a list of one."""
    plain = unpacked(values)
    each = plain if is_list(plain) else [plain]
    if not each or plain is None:
        raise InputError([Problem(file, line, None, name, "has no value; leave it out, or list what is searched")])
    labels = tuple(f"{value:g}" if isinstance(value, float) else str(value) for value in each)
    return Named(labels, tuple(each), file, line)


def placed(problems: Iterable[Problem], named: Mapping[str, Named]) -> list[Problem]:
    """Problems of values that stand in a file, with the file and the line."""
    found: list[Problem] = []
    for each in problems:
        name = next((n for n in named if each.field in (n, f"{OPTION} {n}") or each.field.startswith(_set(n))), "")
        stands = named.get(name)
        if stands is None or stands.file is None:
            found.append(each)
        else:
            found.append(replace(each, file=stands.file, line=stands.line, field=each.field.removeprefix(f"{OPTION} ")))
    return found


def _set(name: str) -> str:
    return f"{OPTION} {name}="


def wrong(name: str, message: str, suggestion: str | None = None, allowed: tuple[str, ...] = ()) -> InputError:
    """What is wrong with what varies under a name."""
    return InputError([Problem(None, None, None, f"{OPTION} {name}", message, allowed, suggestion)])
