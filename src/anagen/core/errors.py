"""What can be wrong with what a user gave us, said so that it can be put right."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

MOST_PROBLEMS = 200
LONGEST_MESSAGE, LONGEST_FIELD, LONGEST_NAME, MOST_NAMES = 450, 120, 80, 100
LONGEST_TEXT, LONGEST_FILE = 499, 160
"""Characters of a problem on one line, whatever it quotes, and of the file in it."""


class AnagenError(Exception):
    """Any error that this package raises on purpose."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong in an input, and where.

    Attributes
    ----------
    file : str or None
        The file as the user named it, None where the input is not a file.
    line : int or None
        Line in the file, counted from 1, None where it is not known.
    column : int or None
        Column in that line, counted from 1, None where it is not known.
    field : str
        Path of the field, for example "arms[1].therapies[0].dose"; empty for the whole input.
    message : str
        What is wrong, in plain words.
    allowed : tuple[str, ...]
        The values or keys that would be right, where they can be listed.
    suggestion : str or None
        The nearest right spelling or value, None where nothing is near.

    Examples
    --------
    >>> Problem("a.yaml", 3, 7, "zone", "unknown zone 'vertx'", ("mid", "vertex"), "vertex").text()
    "a.yaml:3: zone: unknown zone 'vertx'; allowed: mid, vertex; did you mean 'vertex'?"
    """

    file: str | None
    line: int | None
    column: int | None
    field: str
    message: str
    allowed: tuple[str, ...] = ()
    suggestion: str | None = None

    def __post_init__(self) -> None:
        """Cuts what is too long to be read, and shows what cannot be seen, as a message may quote any input."""
        object.__setattr__(self, "field", readable(self.field, LONGEST_FIELD))
        # a message may be laid out in lines; what it quotes has its line breaks written out
        lines = (readable(line, LONGEST_MESSAGE) for line in self.message.split("\n"))
        object.__setattr__(self, "message", _cut("\n".join(lines), LONGEST_MESSAGE))
        allowed = (*self.allowed[:MOST_NAMES], "...") if len(self.allowed) > MOST_NAMES else self.allowed
        object.__setattr__(self, "allowed", tuple(readable(name, LONGEST_NAME) for name in allowed))
        if self.suggestion is not None and len(self.suggestion) > LONGEST_NAME:
            object.__setattr__(self, "suggestion", None)

    def text(self) -> str:
        """The problem on one line.

        Returns
        -------
        str
            Place, field, what is wrong, what is allowed, the nearest right spelling; at most LONGEST_TEXT characters.
        """
        file = None if self.file is None else readable(self.file, LONGEST_FILE)
        place = ":".join(str(part) for part in (file, self.line) if part is not None)
        head = "".join(f"{part}: " for part in (place, self.field) if part)
        end = "" if self.suggestion is None else f"; did you mean {readable(self.suggestion, LONGEST_NAME)!r}?"
        words = head + _cut(self.message, LONGEST_TEXT - len(head) - len(end)) if self.message else head[:-2]
        return words + _listed(self.allowed, LONGEST_TEXT - len(words) - len(end)) + end


def readable(text: str, longest: int) -> str:
    """Text as a terminal can show it: control and direction marks written out, the middle cut where it is long.

    Parameters
    ----------
    text : str
        Any text.
    longest : int
        Most characters.

    Returns
    -------
    str
        The text itself where nothing had to be done.

    Examples
    --------
    >>> print(readable("arm\\u202e", 80), readable("a" * 30, 21))
    arm\\u202e aaaaaaaa ... aaaaaaaa
    """
    if not text.isprintable():
        text = "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)
    return _cut(text, longest)


def _cut(text: str, longest: int) -> str:
    if len(text) <= longest:
        return text
    end = (longest - 5) // 2
    return f"{text[: longest - 5 - end]} ... {text[-end:]}"


def _listed(names: tuple[str, ...], room: int) -> str:
    """What is allowed, in the room that is left; names that find none are counted."""
    words, more = "; allowed: ", f" and {len(names)} more"
    if not names or len(words) + len(names[0]) + len(more) > room:
        return ""
    if len(words) + len(", ".join(names)) <= room:
        return words + ", ".join(names)
    fitting = 1
    while len(words) + len(", ".join(names[: fitting + 1])) + len(more) <= room:
        fitting += 1
    return f"{words}{', '.join(names[:fitting])} and {len(names) - fitting} more"


class InputError(AnagenError):
    """An input that cannot be used; holds every problem found in it (of hundreds the first), in the order of the file.

    Parameters
    ----------
    problems : Iterable[Problem]
        At least one problem.

    Raises
    ------
    ValueError
        Where there is no problem to report.

    Examples
    --------
    >>> error = InputError([Problem(None, None, None, "seed", "must be a whole number")])
    >>> str(error), len(error.problems)
    ('seed: must be a whole number', 1)
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        if len(self.problems) > MOST_PROBLEMS:
            untold = len(self.problems) - MOST_PROBLEMS
            message = f"{untold:,} more problems are not told; mend these first"
            last = Problem(self.problems[0].file, None, None, "", message)
            self.problems = (*self.problems[:MOST_PROBLEMS], last)
        if not self.problems:
            raise ValueError("an InputError needs at least one problem")
        super().__init__("\n".join(problem.text() for problem in self.problems))

    def __reduce__(self) -> tuple[type[InputError], tuple[tuple[Problem, ...]]]:
        """Let the error travel between processes, which plain exceptions with other arguments do not.

        Returns
        -------
        tuple
            The class and its arguments.
        """
        return (type(self), (self.problems,))
