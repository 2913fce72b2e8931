"""What a check of the program finds: expected against found, with the error that was allowed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from anagen.study import Study
from anagen.trials.protocol import Protocol


@dataclass(frozen=True, slots=True)
class Case:
    """What a check may use: the study, its protocol, central values of its parameters, and the seed of the run."""

    study: Study
    plan: Protocol
    values: Mapping[str, float]
    seed: int


@dataclass(frozen=True, slots=True)
class Finding:
    """One check.

    Attributes
    ----------
    title : str
        What is checked.
    expected : str
        In words with numbers.
    actual : str
        In words with numbers.
    error : float | None
        Distance between them, None where the check does not apply to the study.
    tolerance : float
        Largest error that passes.
    unit : str
        Of both.
    source : str
        Of what is expected.

    Examples
    --------
    >>> Finding("sum", "4", "4", 0.0, 1e-9, "1", "arithmetic").passed
    True
    """

    title: str
    expected: str
    actual: str
    error: float | None
    tolerance: float
    unit: str
    source: str

    @property
    def passed(self) -> bool | None:
        """Whether the error lies within the tolerance; None where the check does not apply."""
        return None if self.error is None else bool(self.error <= self.tolerance)


Check = Callable[[Case], Finding]
