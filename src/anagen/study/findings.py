"""What was found wrong in a study so far, with the line each finding points to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from anagen.core.errors import InputError, Problem
from anagen.core.reading import MOST_TOLD, Key, field_text, is_list, is_mapping, nearest, shown
from anagen.study.document import Position

PHASES = ("schedule", "phases")
"""How the place of the phases of a schedule ends."""
SAID_BY = {"start": "from", "sessions": "doses"}
"""Keys of a schedule or phase -> the other key by which a file may say the same."""


class Findings:
    """Collects problems, so that all of them can be reported at once.

    Parameters
    ----------
    file : str | None
        Name of the file in messages, None where the study is not a file.
    positions : Mapping[Key, Position]
        Where each key and value stands; empty where the study is not a file.
    problems : Iterable[Problem], default ()
        What was found before.
    options : Mapping[Key, str], optional
        Command-line options that put a value into the study, by its place; they are named in its problems.
    """

    def __init__(
        self,
        file: str | None,
        positions: Mapping[Key, Position],
        problems: Iterable[Problem] = (),
        options: Mapping[Key, str] | None = None,
    ) -> None:
        self._file = file
        self._positions = positions
        self._problems = list(problems)
        self._options = dict(options or {})
        self._paths: set[Key] = set()
        self._untold = 0

    def add(
        self,
        path: Key,
        message: str,
        allowed: Iterable[str] = (),
        suggestion: str | None = None,
        *,
        at_key: bool = False,
    ) -> None:
        """Adds a problem of the value (or, with `at_key`, of the key) at `path`."""
        given, path = path, self._written(path)
        self._paths.add(path)
        if len(self._problems) >= MOST_TOLD:
            self._untold += 1
            return
        option = self._option(path) or self._option(given)
        if option is not None:
            self._problems.append(Problem(None, None, None, option, message, tuple(allowed), suggestion))
            return
        line, column = self._place(path, at_key)
        self._problems.append(Problem(self._file, line, column, field_text(path), message, tuple(allowed), suggestion))

    def add_unknown(self, path: Key, kind: str, value: object, allowed: Iterable[str], *, at_key: bool = False) -> None:
        """Adds the problem that a name is not one of those allowed, with the nearest one."""
        names = tuple(allowed)
        near = nearest(value, names) if len(self._problems) < MOST_TOLD else None
        self.add(path, f"unknown {kind} {shown(value)}", names, near, at_key=at_key)

    def add_from(self, path: Key, error: InputError) -> None:
        """Adds the problems of an error that did not know its place."""
        for problem in error.problems:
            self.add(path, problem.message, problem.allowed, problem.suggestion)

    def told(self, path: Key) -> None:
        """Makes a field known of which a problem was told at another."""
        self._paths.add(self._written(path))

    def known(self, path: Key) -> bool:
        """True where a problem of exactly this field was found."""
        return self._written(path) in self._paths

    def problems(self) -> tuple[Problem, ...]:
        """Every problem once, in the order of the file."""
        unique = dict.fromkeys(self._problems)
        told = sorted(unique, key=lambda p: (p.line is None, p.line or 0, p.column or 0))
        if self._untold:
            message = f"{self._untold:,} more problems are not told; mend these first"
            told.append(Problem(self._file, None, None, "", message))
        return tuple(told)

    def _written(self, path: Key) -> Key:
        """A place as the file has it: `schedule` is the list of its phases, unless it is dumped; with its keys."""
        for end in range(len(PHASES), len(path) + 1):
            if path[end - len(PHASES) : end] == PHASES and path[:end] not in self._positions:
                path = path[: end - 1] + path[end:]
                break
        said = SAID_BY.get(str(path[-1])) if PHASES[0] in path else None
        other = path if said is None else (*path[:-1], said)
        return other if self._stands(other) and not self._stands(path) else path

    def _stands(self, path: Key) -> bool:
        """True where a field is in the file, or was put into it."""
        return path in self._positions or path in self._options

    def _option(self, path: Key) -> str | None:
        """The option that put the value at `path`, or one that holds it, into the study."""
        places = (path[:length] for length in range(len(path), 0, -1))
        return next((self._options[place] for place in places if place in self._options), None)

    def _place(self, path: Key, at_key: bool) -> tuple[int | None, int | None]:
        """Line and column of a field, or of the nearest one that holds it and stands in the file."""
        for length in range(len(path), -1, -1):
            position = self._positions.get(path[:length])
            if position is not None:
                # What is missing is missing under the key of the mapping, not in its first value.
                named = at_key or length < len(path)
                return (position.key_line, position.key_column) if named else (position.line, position.column)
        return None, None


def uses_of(arm: object, path: Key) -> list[tuple[Key, dict[str, object]]]:
    """Therapy uses of an arm's data with their places: its own, then those of its rescue."""
    section = mapping(arm)
    own = [((*path, "therapies", j), mapping(use)) for j, use in enumerate(sequence(section.get("therapies")))]
    rescue = sequence(mapping(section.get("rescue")).get("therapies"))
    return own + [((*path, "rescue", "therapies", j), mapping(use)) for j, use in enumerate(rescue)]


def every_use(data: Mapping[str, object]) -> list[tuple[Key, dict[str, object]]]:
    """Therapy uses of a study's data with their places: of every arm, then those that patients switch to."""
    arms = [place for i, arm in enumerate(sequence(data.get("arms"))) for place in uses_of(arm, ("arms", i))]
    for i, event in enumerate(sequence(data.get("intercurrent"))):
        uses = enumerate(sequence(mapping(event).get("therapies")))
        arms += [(("intercurrent", i, "therapies", j), mapping(use)) for j, use in uses]
    return arms


def mapping(value: object) -> dict[str, object]:
    """`value` if it is a mapping, else an empty one: rules look past wrong shapes, which are reported elsewhere."""
    return value if is_mapping(value) else {}


def sequence(value: object) -> list[object]:
    """`value` as a list if it is a list, else an empty one."""
    return list(value) if is_list(value) else []


def whole(value: object) -> int | None:
    """`value` if it is a whole number, else None; 12.0 is one."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None
