"""Joint draws of parameters from a posterior: the file, its manifest, and what is checked when it is read.

A posterior is two files with one stem: `<stem>.parquet`, one column per parameter and one row per draw (float64, in the
unit of the parameter), and `<stem>.json`, the manifest, which says what the draws were computed from and by what.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from anagen.core.arrays import FloatArray, IntArray
from anagen.core.errors import InputError, Problem
from anagen.core.files import Target
from anagen.core.parquet import ColumnFaults, ParquetError, numbers_to_parquet, read_numbers
from anagen.core.provenance import package_version, sha256_of_bytes, sha256_of_json
from anagen.core.renamed import present_name
from anagen.core.streams import TRIAL_LEVEL, Purpose, uniforms
from anagen.parameters.balance import balanced_order
from anagen.parameters.manifest import FORMAT, VERSION, read_manifest
from anagen.parameters.parameter import Parameter

FAR = 1.0e6
"""A draw so many times the prior is a slip of the unit or of the exponent."""
SUFFIX, MANIFEST_SUFFIX = ".parquet", ".json"
OF_EDGES = ("edge_weight.", "edge_ec50.")
"""How names of parameters begin that a study's network brings, so that they are known only where a study is."""
POSTERIORS_KEPT = 4
"""Files whose content is kept in memory, so that a process reads the posterior once and not once per task."""


@dataclass(frozen=True, eq=False)
class Posterior:
    """Joint draws of some parameters.

    Attributes
    ----------
    names : tuple[str, ...]
        Parameters, in the order of the columns.
    matrix : FloatArray
        Draws, shape (draws, parameters), each column in the unit of its parameter; read only.
    manifest : Mapping[str, Any]
        What the draws were computed from and by what; see MANIFEST_KEYS.
    file : str, default ""
        Where it was read, for messages; empty where it was not.
    whole : Posterior, optional
        The posterior of which this one holds some columns; rows are taken in its order.

    Raises
    ------
    ValueError
        Where names and columns do not match, a name stands twice, or there is no draw.

    Examples
    --------
    >>> Posterior(("x.y",), np.array([[1.0], [2.0], [9.0]]), {}).central
    {'x.y': 2.0}
    """

    names: tuple[str, ...]
    matrix: FloatArray
    manifest: Mapping[str, Any]
    file: str = ""
    whole: Posterior | None = None

    def __post_init__(self) -> None:
        """Refuses a table that is none, and closes it to changes."""
        if self.matrix.ndim != 2 or self.matrix.shape[1] != len(self.names) or not self.matrix.size:
            raise ValueError(f"{len(self.names)} parameters do not go with a table of shape {self.matrix.shape}")
        if len(set(self.names)) != len(self.names):
            raise ValueError("a parameter stands twice")
        self.matrix.setflags(write=False)

    @property
    def draws(self) -> int:
        """Number of draws."""
        return len(self.matrix)

    @property
    def sha256(self) -> str:
        """Hash of the file of draws."""
        return str(self.manifest["parquet_sha256"])

    @cached_property
    def central(self) -> dict[str, float]:
        """Median of every parameter over the draws (of each alone, not a joint mode)."""
        return dict(zip(self.names, np.median(self.matrix, axis=0).tolist(), strict=True))

    @cached_property
    def interval_90(self) -> dict[str, tuple[float, float]]:
        """5 and 95 % points of every parameter over the draws."""
        low, high = np.quantile(self.matrix, [0.05, 0.95], axis=0).tolist()
        return dict(zip(self.names, zip(low, high, strict=True), strict=True))

    def row_of(self, seed: int, index: int) -> int:
        """Row that parameter draw `index` (1 and above) of a seed takes.

        Rows are taken in their balanced order, from a place addressed by the seed on, without repetition until all were
        taken.

        Raises
        ------
        ValueError
            For an index below 1.

        Examples
        --------
        >>> joint = Posterior(("x.y",), np.arange(3.0)[:, None], {})
        >>> sorted(joint.row_of(7, index) for index in (1, 2, 3))
        [0, 1, 2]
        """
        if index < 1:
            raise ValueError(f"draws of a posterior are counted from 1, got {index}")
        first = uniforms(seed, Purpose.POSTERIOR_ROW, patient=TRIAL_LEVEL)
        return int(self.order[(int(first * self.draws) + index - 1) % self.draws])

    @cached_property
    def order(self) -> IntArray:
        """Order in which rows are taken: that of the whole posterior where this one holds some of its columns."""
        return balanced_order(self.matrix) if self.whole is None else self.whole.order

    def row(self, seed: int, index: int) -> dict[str, float]:
        """Values of parameter draw `index` (1 and above) of a seed: one row, so that they belong together."""
        return dict(zip(self.names, self.matrix[self.row_of(seed, index)].tolist(), strict=True))

    def only(self, names: Iterable[str]) -> Posterior | None:
        """The columns of those parameters that are among `names`; None where there are none."""
        wanted = set(names)
        places = [i for i, name in enumerate(self.names) if name in wanted]
        if len(places) == len(self.names):
            return self
        if not places:
            return None
        names = tuple(self.names[i] for i in places)
        return Posterior(names, self.matrix[:, places], self.manifest, self.file, self.whole or self)


def manifest_path(path: Path) -> Path:
    """The manifest beside a file of draws.

    Examples
    --------
    >>> manifest_path(Path("a/posterior.parquet")).name
    'posterior.json'
    """
    return path.with_suffix(MANIFEST_SUFFIX)


def prior_sha256(priors: Mapping[str, Parameter], names: Iterable[str]) -> str:
    """Hash of the priors of some parameters: name, unit, distribution and numbers.

    Who said so, how well it is known and what to bear in mind moves no draw, and so it is left out; so are parameters
    that a posterior does not hold, and those of edges, of which the manifest says itself what they were.

    Parameters
    ----------
    priors : Mapping[str, Parameter]
        Parameters by name.
    names : iterable of str
        Those that count, in any order.

    Raises
    ------
    KeyError
        Where a name is unknown.

    Examples
    --------
    >>> brake = Parameter("x.y", 2.0, "day", "lognormal", 1.0, 4.0, "assumed", "C")
    >>> reread = Parameter("x.y", 2.0, "day", "lognormal", 1.0, 4.0, "a trial", "A", note="read again")
    >>> prior_sha256({"x.y": brake}, ["x.y"]) == prior_sha256({"x.y": reread}, ["x.y"])
    True
    """
    chosen = [priors[name] for name in sorted(names) if not name.startswith(OF_EDGES)]
    # as text, because a physical bound may be infinite, which JSON does not have
    rows = [[p.name, p.unit, p.distribution, *map(repr, (p.value, p.low, p.high, p.lower, p.upper))] for p in chosen]
    return sha256_of_json(rows)


def write_posterior(
    path: Path,
    names: Sequence[str],
    matrix: ArrayLike,
    *,
    priors: Mapping[str, Parameter],
    sampler: str,
    chains: int,
    seed: int,
    studies: Sequence[str],
    note: str = "",
    diagnostics: Mapping[str, Any] | None = None,
    created: str | None = None,
    overwrite: bool = False,
) -> Posterior:
    """Write a posterior and its manifest, and give it back.

    Parameters
    ----------
    path : Path
        File of draws, ending in .parquet; the manifest is put beside it.
    names : Sequence[str]
        Parameters.
    matrix : ArrayLike
        Draws, shape (draws, parameters), in the units of the parameters.
    priors : Mapping[str, Parameter]
        The parameters that it was computed from.
    sampler : str
        How it was drawn.
    chains : int
        How it was drawn.
    seed : int
        How it was drawn.
    studies : Sequence[str]
        Names of the studies whose results informed it.
    note : str, default ""
        What a reader should know.
    diagnostics : Mapping[str, Any], optional
        Plain values, such as worst_rhat and least_ess.
    created : str, optional
        Time in ISO 8601; now where left out.
    overwrite : bool, default False
        Whether an earlier posterior there may be replaced; a manifest beside it only where it is one of a posterior.

    Raises
    ------
    InputError
        Where a name is unknown, a value not finite or outside its parameter's physical bounds, or a file exists or
        cannot be written.
    ValueError
        Where names and columns do not match.
    """
    if path.suffix != SUFFIX:
        raise InputError([Problem(str(path), None, None, "", f"a posterior is written to a file ending in {SUFFIX}")])
    values = np.array(matrix, dtype=np.float64)
    draft = Posterior(tuple(names), values, {}, str(path))
    check_posterior(draft, priors)
    data = numbers_to_parquet(draft.names, draft.matrix)
    manifest: dict[str, Any] = {
        "format": FORMAT,
        "version": VERSION,
        "created": created or datetime.now(UTC).isoformat(timespec="seconds"),
        "package_version": package_version(),
        "prior_sha256": prior_sha256(priors, names),
        "parquet_sha256": sha256_of_bytes(data),
        "draws": draft.draws,
        "parameters": list(names),
        "sampler": sampler,
        "chains": chains,
        "seed": seed,
        "studies": list(studies),
        "note": note,
        "diagnostics": dict(diagnostics or {}),
    }
    text = json.dumps(manifest, indent=2, ensure_ascii=False, allow_nan=False)
    beside = Target(manifest_path(path), overwrite=overwrite, ours=_is_manifest)
    beside.check()
    Target(path, overwrite=overwrite).write(data)
    beside.write(f"{text}\n".encode())
    return Posterior(tuple(names), values, manifest, str(path))


def read_posterior(path: Path) -> Posterior:
    """Read a posterior; whether it fits the parameters of the model is asked by `check_posterior`.

    The same file is read once per process, as long as neither it nor its manifest changes.

    Raises
    ------
    InputError
        Where a file is missing or of another format, the manifest does not belong to the draws, or a value is not
        finite.
    """
    beside = manifest_path(path)
    for file in (path, beside):
        if not file.is_file():
            message = f"there is no such file; a posterior is draws in {path.name} and a manifest in {beside.name}"
            raise _wrong(file, "", message)
    return _read(path, path.stat().st_mtime_ns, beside.stat().st_mtime_ns)


@lru_cache(maxsize=POSTERIORS_KEPT)
def _read(path: Path, draws_time: int, manifest_time: int) -> Posterior:
    """The content of a posterior; the times are there so that a changed file is read again."""
    del draws_time, manifest_time
    manifest = read_manifest(manifest_path(path))
    data = path.read_bytes()
    if sha256_of_bytes(data) != manifest["parquet_sha256"]:
        message = f"is not the file that {manifest_path(path).name} describes: its SHA-256 is another; copy both again"
        raise _wrong(path, "parquet_sha256", message)
    names, matrix = _table(path, data)
    if list(names) != manifest["parameters"] or len(matrix) != manifest["draws"]:
        message = f"tells of other draws or parameters than {path.name} holds: {len(matrix)} draws of {len(names)}"
        raise _wrong(manifest_path(path), "parameters", message)
    posterior = Posterior(names, matrix, manifest, str(path))
    _raise_any(_not_finite(posterior))
    return posterior


def check_posterior(posterior: Posterior, priors: Mapping[str, Parameter]) -> None:
    """Ask whether a posterior can be put in place of the priors of its parameters.

    Parameters of edges are looked at where a study brings them.

    Raises
    ------
    InputError
        With every parameter that is unknown, not finite, or outside its physical bounds.
    """
    problems = _not_finite(posterior)
    for name, column in zip(posterior.names, posterior.matrix.T, strict=True):
        prior = priors.get(name)
        if prior is None and name.startswith(OF_EDGES):
            continue
        if prior is None:
            message = "is no parameter of the model; `anagen parameters` lists them"
            problems.append(Problem(posterior.file or None, None, None, name, message, (), present_name(name)))
            continue
        outside = int(((column < prior.lower) | (column > prior.upper)).sum())
        if outside:
            bounds = f"{prior.lower:g} to {prior.upper:g} {prior.unit}".removesuffix(" 1")
            message = f"{outside} of {len(column)} draws lie outside its physical bounds, {bounds}"
            problems.append(Problem(posterior.file or None, None, None, name, message))
            continue
        widest = max(abs(end) for end in (prior.value, prior.low or 0.0, prior.high or 0.0))
        slips = int((np.abs(column) > FAR * widest).sum()) if widest > 0.0 else 0
        if slips:
            message = (
                f"{slips} of {len(column)} draws are over a million times the prior's {prior.value:g} {prior.unit}"
            )
            problems.append(Problem(posterior.file or None, None, None, name, message))
    _raise_any(problems)


def _not_finite(posterior: Posterior) -> list[Problem]:
    bad = (~np.isfinite(posterior.matrix)).sum(axis=0).tolist()
    return [
        Problem(posterior.file or None, None, None, name, f"{count} of {posterior.draws} draws are not finite numbers")
        for name, count in zip(posterior.names, bad, strict=True)
        if count
    ]


def _raise_any(problems: list[Problem]) -> None:
    if problems:
        raise InputError(problems)


def _is_manifest(data: bytes) -> bool:
    return f'"format": "{FORMAT}"'.encode() in data


def _table(path: Path, data: bytes) -> tuple[tuple[str, ...], FloatArray]:
    try:
        columns = read_numbers(data)
    except ColumnFaults as error:
        raise InputError([_problem(path, name, what) for name, what in error.faults]) from error
    except ParquetError as error:
        raise _wrong(path, "", "is no Parquet file, or a damaged one") from error
    if not columns or not len(next(iter(columns.values()))):
        raise _wrong(path, "", "holds no draws")
    return tuple(columns), np.column_stack(list(columns.values()))


def _problem(file: Path, field: str, message: str) -> Problem:
    return Problem(str(file), None, None, field, message)


def _wrong(file: Path, field: str, message: str) -> InputError:
    return InputError([_problem(file, field, message)])
