"""The joint model: parameters, spread between trials, and what was published, as one density.

    y_i = f_i(z) + offset_i o u_study + gain_i h_kind v_arm + bias_i(z) + e_i,   e_i ~ N(0, se_i^2 / w_i + emulator_i)

z, u and v are standard normal a priori. o (`measurement.study_offset`), the spreads h and the biases
(`heterogeneity.*`) are functions of z as every other parameter is, so that the published results inform them too.
Deviates of studies and arms are kept apart from their spread (the non-centred form), which is what a gradient sampler
needs where a trial says little about its own deviate.

References
----------
.. [1] Betancourt & Girolami 2015, arXiv:1312.0906.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from anagen.calibration.density import LOGNORMAL, NORMAL, log_density
from anagen.calibration.emulator import Emulator, predictions
from anagen.calibration.targets import Target, errors_of
from anagen.core.arrays import FloatArray
from anagen.parameters import Parameter
from anagen.parameters.parameter import Z_90

OFFSET = "measurement.study_offset"
STUDY, ARM = "study ", "arm "


@dataclass(frozen=True, slots=True)
class Term:
    """One part of a value's mean beside the emulator: factor times parameter `hyper` times `deviate` (1 where None)."""

    hyper: str
    deviate: str | None
    factor: float


def terms_of(target: Target) -> tuple[Term, ...]:
    """Offset of its study, spread of its arm's gain, and biases of a value."""
    spread, sign = target.spread, target.sign
    terms = [Term(OFFSET, STUDY + target.study, spread.offset)]
    if spread.spread_of is not None:
        terms.append(Term(spread.spread_of, ARM + (target.arm or target.label), sign * spread.gain))
    terms += [Term(name, None, sign * factor) for name, factor in spread.biases]
    return tuple(term for term in terms if term.factor != 0.0)


@dataclass(frozen=True, eq=False)
class Joint:
    """The joint model of some published values.

    The deviates x are those of the parameters, then those of studies and arms (`deviates`).

    Attributes
    ----------
    names : tuple[str, ...]
        Parameters, in the order of z.
    parameters : Mapping[str, Parameter]
        Their priors.
    targets : tuple[Target, ...]
        Published values.
    emulators : tuple[Emulator, ...]
        One for each.
    variances : FloatArray
        Of each emulator [value].
    """

    names: tuple[str, ...]
    parameters: Mapping[str, Parameter]
    targets: tuple[Target, ...]
    emulators: tuple[Emulator, ...]
    variances: FloatArray

    @cached_property
    def deviates(self) -> tuple[str, ...]:
        """Names of the deviates of studies and arms."""
        names = [term.deviate for terms in self.terms for term in terms]
        return tuple(sorted({name for name in names if name is not None}))

    @cached_property
    def terms(self) -> tuple[tuple[Term, ...], ...]:
        """Terms of each value beside its emulator."""
        return tuple(terms_of(target) for target in self.targets)

    @property
    def size(self) -> int:
        """Number of deviates x."""
        return len(self.names) + len(self.deviates)

    @cached_property
    def error(self) -> FloatArray:
        """Standard deviation of e [value]: error widened by the weight, and the emulator's."""
        return np.sqrt(errors_of(self.targets) ** 2 + self.variances)

    @cached_property
    def observed(self) -> FloatArray:
        """Published values [value]."""
        return np.array([target.observed for target in self.targets], dtype=np.float64)

    def only(self, keep: Sequence[int]) -> Joint:
        """The same model of some of the values."""
        return Joint(
            self.names,
            self.parameters,
            tuple(self.targets[i] for i in keep),
            tuple(self.emulators[i] for i in keep),
            self.variances[list(keep)],
        )

    def observing(self, values: FloatArray) -> Any:
        """The compiled density with other values in place of the published ones."""
        packed = (values, *self.packed[1:])

        def density(x: FloatArray) -> tuple[float, FloatArray]:
            gradient = np.empty(len(x))
            return log_density(x, gradient, *packed), gradient

        return density

    def density(self, x: FloatArray) -> tuple[float, FloatArray]:
        """Log density (but for a constant) at x, and its gradient."""
        gradient = np.empty(self.size)
        return log_density(np.ascontiguousarray(x, dtype=np.float64), gradient, *self.packed), gradient

    def means(self, x: FloatArray) -> FloatArray:
        """Means m [draw, value] of all values at deviates x [draw, deviate]."""
        z = x[:, : len(self.names)]
        emulated = predictions(self.emulators, z)
        places = {name: len(self.names) + i for i, name in enumerate(self.deviates)}
        return emulated + self.spread(z, {name: x[:, place] for name, place in places.items()})

    def spread(self, z: FloatArray, deviates: Mapping[str, FloatArray]) -> FloatArray:
        """What studies, arms and biases add [draw, value], at deviates z [draw, parameter] and those named."""
        hyper = {name: self.values(name, z) for name in {term.hyper for terms in self.terms for term in terms}}
        added = np.zeros((len(z), len(self.targets)))
        for i, terms in enumerate(self.terms):
            for term in terms:
                by = 1.0 if term.deviate is None else deviates[term.deviate]
                added[:, i] += term.factor * hyper[term.hyper] * by
        return added

    def values(self, name: str, z: FloatArray) -> FloatArray:
        """Values [draw] of a parameter, in its unit, at deviates z [draw, parameter]."""
        parameter = self.parameters[name]
        return np.array([parameter.quantile(float(at)) for at in z[:, self.names.index(name)]])

    @cached_property
    def packed(self) -> tuple[Any, ...]:
        """Arguments of `log_density` after x and its gradient."""
        emulators = self.emulators
        terms = self.terms
        hyper = sorted({term.hyper for of_value in terms for term in of_value})
        place = {name: len(self.names) + i for i, name in enumerate(self.deviates)}
        flat = [term for of_value in terms for term in of_value]
        priors = [self.parameters[name] for name in hyper]
        scales = [
            np.log(p.high / p.low) / (2.0 * Z_90) if p.distribution == "lognormal" else (p.high - p.low) / (2.0 * Z_90)
            for p in priors
        ]
        return (
            self.observed,
            self.error,
            np.array([e.constant for e in emulators]),
            _ends([len(e.linear) for e in emulators]),
            _joined([e.linear for e in emulators], np.int64),
            _joined([e.slopes for e in emulators], np.float64),
            _ends([len(e.first) for e in emulators]),
            _joined([e.first for e in emulators], np.int64),
            _joined([e.second for e in emulators], np.int64),
            _joined([e.products for e in emulators], np.float64),
            _ends([len(of_value) for of_value in terms]),
            np.array([hyper.index(term.hyper) for term in flat], dtype=np.int64),
            np.array([-1 if term.deviate is None else place[term.deviate] for term in flat], dtype=np.int64),
            np.array([term.factor for term in flat], dtype=np.float64),
            np.array([self.names.index(name) for name in hyper], dtype=np.int64),
            np.array([LOGNORMAL if p.distribution == "lognormal" else NORMAL for p in priors], dtype=np.int64),
            np.array([p.value for p in priors], dtype=np.float64),
            np.array(scales, dtype=np.float64),
            np.array([p.lower for p in priors], dtype=np.float64),
            np.array([p.upper for p in priors], dtype=np.float64),
        )


def _ends(lengths: list[int]) -> Any:
    return np.cumsum(np.array(lengths, dtype=np.int64))


def _joined(parts: list[Any], kind: Any) -> Any:
    return np.concatenate([*(np.asarray(part, dtype=kind) for part in parts), np.empty(0, dtype=kind)])
