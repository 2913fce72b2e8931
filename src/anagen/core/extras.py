"""Libraries that only some commands need: which extra brings them, and the one sentence where they are missing."""

from __future__ import annotations

from importlib.util import find_spec

from anagen.core.errors import InputError, Problem

PICTURES = ("matplotlib", "PIL")
"""What draws."""


class MissingExtra(InputError):
    """A library is not installed that a command or method needs."""


def installed(*modules: str) -> bool:
    """Whether modules are there; none is loaded.

    Parameters
    ----------
    *modules : str
        Names to import.

    Examples
    --------
    >>> installed("json"), installed("json", "no_such_library")
    (True, False)
    """
    return not _missing(modules)


def require(extra: str, what: str, *modules: str, field: str = "") -> None:
    """Refuse where a library is not installed.

    Parameters
    ----------
    extra : str
        That brings it.
    what : str
        What cannot be done without, as the beginning of a sentence.
    *modules : str
        Names to import.
    field : str, default ""
        Argument that asked for it.

    Raises
    ------
    MissingExtra
        Naming the extra.

    Examples
    --------
    >>> require("pictures", "drawing", "json")
    """
    missing = _missing(modules)
    if missing:
        names = f"{', '.join(missing)} {'is' if len(missing) == 1 else 'are'} not installed here"
        raise MissingExtra([Problem(None, None, None, field, f"{_sentence(extra, what)} ({names})")])


def pictures_there() -> bool:
    """Whether pictures can be drawn."""
    return installed(*PICTURES)


def without_pictures(what: str) -> str:
    """What a page or a command says in place of a picture.

    Parameters
    ----------
    what : str
        What is not drawn.

    Examples
    --------
    >>> without_pictures("this picture")
    "this picture needs the extra pictures: pip install 'anagen[pictures]'"
    """
    return _sentence("pictures", what)


def require_pictures(what: str = "drawing") -> None:
    """Refuse to draw where the library of pictures is not installed.

    Parameters
    ----------
    what : str, default "drawing"
        What is drawn.

    Raises
    ------
    MissingExtra
        Naming the extra.
    """
    require("pictures", what, *PICTURES)


def _sentence(extra: str, what: str) -> str:
    return f"{what} needs the extra {extra}: pip install 'anagen[{extra}]'"


def _missing(modules: tuple[str, ...]) -> list[str]:
    return [module for module in modules if not _there(module)]


def _there(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:  # of a package around it
        return False
