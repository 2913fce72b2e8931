"""Parameters by name: draws from their priors and from a posterior, hashes, rows for tables."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from typing import Any

from anagen.core.streams import TRIAL_LEVEL, Purpose, address_of, normals
from anagen.parameters.parameter import Parameter
from anagen.parameters.posterior import Posterior, check_posterior


class ParameterSet(Mapping[str, Parameter]):
    """All parameters of the model by name, each with its prior; some of them with joint draws from a posterior.

    As a mapping it gives every parameter as it was written down, with its prior; `draw` and `rows` give what is used.

    Parameters
    ----------
    parameters : Mapping[str, Parameter]
        By name.
    posterior : Posterior, optional
        Joint draws of some of them, which are used in place of their priors.

    Raises
    ------
    InputError
        Where the posterior does not fit the parameters; see `check_posterior`.

    Examples
    --------
    >>> from anagen.parameters import load_parameters
    >>> load_parameters()["follicle.catagen_duration"].unit
    'day'
    """

    def __init__(self, parameters: Mapping[str, Parameter], posterior: Posterior | None = None) -> None:
        self._parameters = dict(sorted(parameters.items()))
        if posterior is not None:
            check_posterior(posterior, self._parameters)
        self._posterior = posterior

    def __getitem__(self, name: str) -> Parameter:
        return self._parameters[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._parameters)

    def __len__(self) -> int:
        return len(self._parameters)

    @property
    def posterior(self) -> Posterior | None:
        """Joint draws of those parameters that are calibrated; None where all have their priors only."""
        return self._posterior

    @property
    def calibrated(self) -> frozenset[str]:
        """Names of the parameters that take posterior draws."""
        return frozenset(() if self._posterior is None else self._posterior.names) & self._parameters.keys()

    def with_posterior(self, posterior: Posterior | None) -> ParameterSet:
        """The same parameters with another posterior, or with none.

        Raises
        ------
        InputError
            Where a parameter of the posterior is unknown or a draw outside its physical bounds.
        """
        return ParameterSet(self._parameters, posterior)

    def with_entries(self, entries: Mapping[str, Parameter], *, informed: Iterable[str] = ()) -> ParameterSet:
        """The set with further parameters, or others in place of those of the same name.

        What is put in place of a calibrated parameter wins over the posterior in every draw: its column is left out.
        The other columns stay as they are, so that what they owe to the one left out (conditional correlation) is
        ignored. `informed` names entries that keep their columns, since these were computed from the same priors.
        """
        posterior, replaced = self._posterior, entries.keys() - set(informed)
        if posterior is not None and replaced & set(posterior.names):
            posterior = posterior.only(set(posterior.names) - replaced)
        return ParameterSet({**self._parameters, **entries}, posterior)

    def only(self, names: Iterable[str]) -> ParameterSet:
        """The set of some of the parameters; calibrated ones keep the rows that they have in the whole set."""
        kept = {name: self._parameters[name] for name in names}
        return ParameterSet(kept, None if self._posterior is None else self._posterior.only(kept))

    def central(self) -> dict[str, float]:
        """Central values: medians of the posterior where a parameter is calibrated, of the prior where it is not."""
        values = {name: parameter.value for name, parameter in self._parameters.items()}
        if self._posterior is None:
            return values
        return values | {name: value for name, value in self._posterior.central.items() if name in values}

    def draw(self, seed: int, index: int) -> dict[str, float]:
        """Values of draw `index`: 0 is the central value of every parameter, 1 and above are draws.

        Calibrated parameters take one row of the posterior together (`Posterior.row_of`), the others are drawn from
        their priors, independently. A draw from a prior is addressed by (seed, parameter name, index), so that neither
        a new parameter nor a posterior changes any other draw.

        Examples
        --------
        >>> from anagen.parameters import load_parameters
        >>> load_parameters("prior").draw(1, 0)["follicle.catagen_duration"]
        18.0
        """
        if index == 0:
            return self.central()
        row = {} if self._posterior is None else self._posterior.row(seed, index)
        drawn = [name for name in self._parameters if name not in row]
        items = [address_of(name) for name in drawn]
        deviates = normals(seed, Purpose.PARAMETER, patient=TRIAL_LEVEL, item=items, index=index).tolist()
        values = {name: self._parameters[name].quantile(z) for name, z in zip(drawn, deviates, strict=True)} | row
        return {name: values[name] for name in self._parameters}

    def sha256(self) -> str:
        """Hash of everything that is written down: every prior with its source and, where there is one, the posterior
        and its names.
        """
        priors = hashlib.sha256(json.dumps(self._prior_rows(), sort_keys=True).encode()).hexdigest()
        if self._posterior is None:
            return priors
        named = {"priors": priors, "posterior": self._posterior.sha256, "calibrated": list(self._posterior.names)}
        return hashlib.sha256(json.dumps(named, sort_keys=True).encode()).hexdigest()

    def rows(self) -> list[dict[str, Any]]:
        """One mapping per parameter, ready for a table.

        value, low and high are those used: median, 5 and 95 % points of the posterior where the parameter is
        calibrated, which `informed_by` tells ("prior" or "posterior"), else those of the prior. The prior is always
        there as prior_value, prior_low and prior_high. A calibrated parameter is not `hand_set`.
        """
        rows = self._prior_rows()
        for row in rows:
            row |= {f"prior_{key}": row[key] for key in ("value", "low", "high")} | {"informed_by": "prior"}
        if self._posterior is not None:
            of_name = {row["name"]: row for row in rows}
            for name, (low, high) in self._posterior.interval_90.items():
                if name not in of_name:
                    continue
                used = {"value": self._posterior.central[name], "low": low, "high": high}
                of_name[name] |= used | {"hand_set": False, "informed_by": "posterior"}
        return rows

    def _prior_rows(self) -> list[dict[str, Any]]:
        keys = [field.name for field in fields(Parameter)]
        return [{key: _finite(getattr(parameter, key)) for key in keys} for parameter in self._parameters.values()]


def _finite(value: Any) -> Any:
    """The value, or None for an infinite bound, which JSON does not know."""
    return None if isinstance(value, float) and math.isinf(value) else value
