"""Reads the shipped parameter files and draws values from their priors."""

from __future__ import annotations

import hashlib
import json
import math
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any, cast

from anagen.core.streams import TRIAL_LEVEL, Purpose, address_of, normals
from anagen.parameters.parameter import Distribution, Grade, Parameter

ENTRY_KEYS = frozenset(
    {"value", "unit", "distribution", "interval_90", "source", "grade", "hand_set", "note", "lower", "upper"}
)


class ParameterSet(Mapping[str, Parameter]):
    """All parameters of the model, by name.

    Example:
        >>> parameters = load_parameters()
        >>> parameters["follicle.catagen_duration"].unit
        'day'
    """

    def __init__(self, parameters: Mapping[str, Parameter]) -> None:
        self._parameters = dict(sorted(parameters.items()))

    def __getitem__(self, name: str) -> Parameter:
        return self._parameters[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._parameters)

    def __len__(self) -> int:
        return len(self._parameters)

    def draw(self, seed: int, index: int) -> dict[str, float]:
        """Values of draw `index`: 0 is the central value of every parameter, 1 and above are draws from the priors.

        A draw is addressed by (seed, parameter name, index), so that a new parameter changes no other draw.

        Example:
            >>> load_parameters().draw(1, 0)["follicle.catagen_duration"]
            18.0
        """
        if index == 0:
            return {name: parameter.value for name, parameter in self._parameters.items()}
        items = [address_of(name) for name in self._parameters]
        deviates = normals(seed, Purpose.PARAMETER, patient=TRIAL_LEVEL, item=items, index=index)
        return {name: p.quantile(float(z)) for (name, p), z in zip(self._parameters.items(), deviates, strict=True)}

    def sha256(self) -> str:
        """Hash of every value, prior, source and grade."""
        return hashlib.sha256(json.dumps(self.rows(), sort_keys=True).encode()).hexdigest()

    def rows(self) -> list[dict[str, Any]]:
        """One mapping per parameter, ready for a table."""
        return [
            {
                key: (None if isinstance(value, float) and math.isinf(value) else value)
                for key, value in asdict(parameter).items()
            }
            for parameter in self._parameters.values()
        ]


def read_parameters(text: str, prefix: str) -> dict[str, Parameter]:
    """Parameters of one TOML text; names become "<prefix>.<entry>".

    Raises:
        ValueError: naming the entry, where a key is unknown or missing or values contradict one another.
    """
    parameters: dict[str, Parameter] = {}
    for entry, raw in tomllib.loads(text).items():
        name = f"{prefix}.{entry}"
        if not isinstance(raw, dict):
            raise ValueError(f"{name}: expected a table with value, unit, source and grade")
        fields = cast("dict[str, Any]", raw)
        unknown = fields.keys() - ENTRY_KEYS
        missing = {"value", "unit", "source", "grade"} - fields.keys()
        if unknown or missing:
            raise ValueError(f"{name}: unknown keys {sorted(unknown)}, missing keys {sorted(missing)}")
        value = float(fields["value"])
        low, high = (float(bound) for bound in fields.get("interval_90", (value, value)))
        parameters[name] = Parameter(
            name=name,
            value=value,
            unit=str(fields["unit"]),
            distribution=cast("Distribution", fields.get("distribution", "fixed")),
            low=low,
            high=high,
            source=str(fields["source"]),
            grade=cast("Grade", fields["grade"]),
            hand_set=bool(fields.get("hand_set", True)),
            note=str(fields.get("note", "")),
            lower=float(fields.get("lower", -math.inf)),
            upper=float(fields.get("upper", math.inf)),
        )
    return parameters


def load_parameters() -> ParameterSet:
    """The shipped parameters, from every TOML file of this folder and its subfolders.

    Example:
        >>> len(load_parameters()) > 50
        True
    """
    parameters: dict[str, Parameter] = {}
    for path in _toml_files(resources.files("anagen.parameters")):
        parameters.update(read_parameters(path.read_text(encoding="utf-8"), path.name.removesuffix(".toml")))
    return ParameterSet(parameters)


def _toml_files(folder: Traversable) -> Iterator[Traversable]:
    for path in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if path.is_dir():
            yield from _toml_files(path)
        elif path.name.endswith(".toml"):
            yield path
