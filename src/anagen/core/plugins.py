"""What can be named is found where it lies: a file of this package, or an installed package with an entry point.

An installed package adds to a kind of entry by an entry point of that kind's group, which names a module (every entry
in it counts) or one entry. The folder of that module may hold TOML files of parameters, or, for products, the product
files.
"""

from __future__ import annotations

import pkgutil
import re
import traceback
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Protocol, TypeVar

from anagen.core.errors import InputError, Problem
from anagen.core.provenance import package_version

PACKAGE = "anagen"
THERAPIES, ROUTES, ENDPOINTS = "anagen.therapies", "anagen.routes", "anagen.endpoints"
CONDITIONS, PRODUCTS, ANALYSES = "anagen.conditions", "anagen.products", "anagen.analyses"
FORMATS = "anagen.formats"
GROUPS = (THERAPIES, ROUTES, ENDPOINTS, CONDITIONS, PRODUCTS, ANALYSES, FORMATS)
"""Groups of entry points by which installed packages add entries."""
WITH_PARAMETERS = (THERAPIES, ROUTES, ENDPOINTS, CONDITIONS)
"""Groups whose entries bring parameters: TOML files in the folder of the module that the entry point names."""


class Named(Protocol):
    """What a registry can hold: something with a name."""

    @property
    def name(self) -> str:
        """Name in study files."""
        ...


T = TypeVar("T")
N = TypeVar("N", bound=Named)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an entry comes from: a distribution as it is installed, its version, and the module or file."""

    distribution: str
    version: str
    place: str

    @property
    def is_shipped(self) -> bool:
        """True where it comes with this package."""
        return self.distribution == PACKAGE

    def text(self) -> str:
        """Distribution and version in words.

        Examples
        --------
        >>> Origin("anagen-latanoprost", "1.0", "anagen_latanoprost.therapy").text()
        'anagen-latanoprost 1.0'
        """
        return f"{self.distribution} {self.version}"


def shipped(place: str) -> Origin:
    """The origin of what comes with this package."""
    return Origin(PACKAGE, package_version(), place)


def entries_of(
    kind: type[N], group: str, *, folder: str | None = None, table: Iterable[N] = (), packages: bool = False
) -> dict[str, tuple[N, Origin]]:
    """Every entry of one kind: of this package and of installed packages, by name.

    Parameters
    ----------
    kind : type
        Class of the entries.
    group : str
        Entry points of installed packages.
    folder : str, optional
        Package whose modules hold the shipped entries, one file each or a few.
    table : iterable
        Shipped entries that are rows of a table.
    packages : bool
        Whether the entries lie in folders of that package, each in its `__init__.py`, not in its files.

    Returns
    -------
    dict
        Name -> (entry, origin); the shipped ones first, by file.

    Raises
    ------
    InputError
        Where an installed package cannot be loaded, holds no such entry, or uses a name that is taken.
    """
    pairs: list[tuple[N, Origin]] = [(entry, shipped(kind.__module__)) for entry in table]
    if folder is not None:
        for module in _modules(folder, packages=packages):
            pairs += [(entry, shipped(module.__name__)) for entry in _instances(module, kind)]
    for point in installed(group):
        pairs += [(entry, origin_of(point)) for entry in _loaded(point, kind)]
    return by_name([(entry.name, entry, origin) for entry, origin in pairs], group)


def by_name(entries: Iterable[tuple[str, T, Origin]], group: str) -> dict[str, tuple[T, Origin]]:
    """Entries by name, where no two share one.

    Raises
    ------
    InputError
        Naming both distributions.
    """
    registered: dict[str, tuple[T, Origin]] = {}
    for name, entry, origin in entries:
        other = registered.setdefault(name, (entry, origin))
        if other[0] is not entry:
            message = f"{name!r} in {origin.place} is a name that {other[1].text()} has already; give it another name"
            raise InputError([Problem(None, None, None, f"{group} of {origin.text()}", message)])
    return registered


@cache
def installed(group: str) -> tuple[EntryPoint, ...]:
    """Entry points of a group, by distribution and name."""
    return tuple(sorted(entry_points(group=group), key=lambda point: (origin_of(point).text(), point.name)))


def origin_of(point: EntryPoint) -> Origin:
    """The distribution that an entry point came with."""
    if point.dist is None:
        return Origin("a package without a name", "0", point.value)
    return Origin(point.dist.name, point.dist.version, point.value)


def folders(groups: Iterable[str]) -> Mapping[Path, Origin]:
    """Folders of the modules that entry points name, each once; a module outside a package has none.

    Raises
    ------
    InputError
        Where a package cannot be found.
    """
    origins: dict[Path, Origin] = {}
    for point in (point for group in groups for point in installed(group)):
        # the module is not imported: finding the package at its top is enough
        first, *rest = point.module.split(".")
        spec = find_spec(first)
        if spec is None:
            raise broken(point, f"there is no package {first!r}")
        for location in spec.submodule_search_locations or ():
            inside = Path(location, *rest)
            origins.setdefault(inside if inside.is_dir() else inside.parent, origin_of(point))
    return origins


def broken(point: EntryPoint, why: str, error: Exception | None = None) -> InputError:
    """The error of an entry point that cannot be used; it names the distribution and how to get rid of it."""
    origin = origin_of(point)
    message = f"the entry point {point.name} = {point.value} cannot be used: {why}; mend or uninstall it"
    file, line = (None, None) if error is None else _place_of(point, error)
    return InputError([Problem(file, line, None, f"{point.group} of {origin.text()}", message)])


def _place_of(point: EntryPoint, error: Exception) -> tuple[str | None, int | None]:
    """The file of an installed package, and the line in it, at which an error was raised."""
    package = point.module.partition(".")[0]
    if isinstance(error, SyntaxError) and error.filename is not None:
        return error.filename, error.lineno
    frames = traceback.extract_tb(error.__traceback__)
    inside = [frame for frame in frames if f"/{package}/" in frame.filename.replace("\\", "/")]
    return (inside[-1].filename, inside[-1].lineno) if inside else (None, None)


def _modules(package: str, *, packages: bool) -> list[ModuleType]:
    path = import_module(package).__path__
    names = sorted(entry.name for entry in pkgutil.iter_modules(path) if entry.ispkg is packages)
    modules: list[ModuleType] = []
    problems: list[Problem] = []
    for name in names:
        try:
            modules.append(import_module(f"{package}.{name}"))
        except InputError:
            raise
        except Exception as error:  # whatever goes wrong in a file that somebody adds is theirs to read
            file = str(Path(path[0]) / name / "__init__.py" if packages else Path(path[0]) / f"{name}.py")
            problems.append(Problem(file, _line_in(file, error), None, "", f"cannot be used: {_reason(error)}"))
    if problems:
        raise InputError(problems)
    return modules


def _line_in(file: str, error: Exception) -> int | None:
    """The line of a file at which an error was raised."""
    if isinstance(error, SyntaxError):
        return error.lineno
    frames = traceback.extract_tb(error.__traceback__)
    return next((frame.lineno for frame in reversed(frames) if frame.filename == file), None)


def _reason(error: Exception) -> str:
    """What an author did wrong, in words where they can be found."""
    words = str(error)
    left_out = re.search(r"__init__\(\) missing \d+ required (?:keyword-only |positional )?arguments?: (.*)", words)
    unknown = re.search(r"__init__\(\) got an unexpected keyword argument '(\w+)'", words)
    if left_out is not None:
        fields = re.findall(r"'(\w+)'", left_out[1])
        return f"{', '.join(fields)} left out; write {', '.join(f'{field}=...' for field in fields)}"
    if unknown is not None:
        return f"there is no field {unknown[1]!r}; take it out or spell it as docs/extending.md does"
    if isinstance(error, SyntaxError):
        return f"it is not Python: {error.msg}"
    return words if isinstance(error, ValueError) else f"{type(error).__name__}: {words}"


def _instances(module: ModuleType, kind: type[T]) -> list[T]:
    return [value for value in vars(module).values() if isinstance(value, kind)]


def _loaded(point: EntryPoint, kind: type[T]) -> list[T]:
    try:
        loaded: object = point.load()
    except Exception as error:  # whatever goes wrong in somebody else's module is theirs to read
        raise broken(point, _reason(error), error) from error
    entries = [loaded] if isinstance(loaded, kind) else []
    if isinstance(loaded, ModuleType):
        entries = _instances(loaded, kind)
    if not entries:
        what = f"the module holds no {kind.__name__}" if isinstance(loaded, ModuleType) else f"it is no {kind.__name__}"
        raise broken(point, what)
    return entries
