"""How much was measured of a therapy, and how certain the size of its effect is, after GRADE.

The grade of the evidence (A to D) says of what kind the best study is. The certainty says how far the estimate can be
trusted: one randomised trial of 20 men and thirteen of them have the same grade and not the same certainty.

References
----------
.. [1] GRADE: Guyatt 2008, doi:10.1136/bmj.39489.470347.AD.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Level = Literal["high", "moderate", "low", "very low"]
LEVELS: dict[Level, str] = {
    "high": "the true effect lies close to the estimate",
    "moderate": "the true effect is probably close to the estimate, and may be substantially different",
    "low": "the true effect may be substantially different from the estimate",
    "very low": "the true effect is likely to be substantially different from the estimate",
}
REASONS = (
    "risk of bias",
    "inconsistency",
    "indirectness",
    "imprecision",
    "publication bias",
    "no control",
    "nothing published",
)
"""Why certainty is less than high; the first five are those of GRADE."""


@dataclass(frozen=True, slots=True)
class Certainty:
    """Controlled trials of a therapy in the disease that it is for, and the certainty of its effect.

    Attributes
    ----------
    level : Level
        High, moderate, low or very low, as this project judges it.
    reasons : tuple[str, ...]
        Why not high, each of REASONS, perhaps with what is meant in brackets.
    trials : int
        Controlled trials in people that were read for this project, whole, as an abstract or through others.
    patients : int
        Patients in them, as far as their number was read; 0 where it was not.

    Raises
    ------
    ValueError
        Where the level or a reason is unknown, or a level below high has no reason.

    Examples
    --------
    >>> Certainty("very low", ("risk of bias", "imprecision"), 1, 20).words()
    'very low, because of risk of bias, imprecision'
    >>> Certainty("very low", ("risk of bias", "imprecision"), 1, 20).measured()
    'measured in 1 controlled trial of 20 patients'
    """

    level: Level
    reasons: tuple[str, ...]
    trials: int
    patients: int

    def __post_init__(self) -> None:
        """Refuses what is no judgement after GRADE."""
        if self.level not in LEVELS:
            raise ValueError(f"certainty {self.level!r} is none; write one of {', '.join(LEVELS)}")
        if unknown := [reason for reason in self.reasons if not reason.startswith(REASONS)]:
            raise ValueError(f"{', '.join(unknown)} is no reason; reasons begin with {', '.join(REASONS)}")
        if (self.level == "high") == bool(self.reasons):
            raise ValueError("a certainty below high needs a reason, and a high one has none")
        if self.trials < 0 or self.patients < 0 or (self.patients and not self.trials):
            raise ValueError(f"{self.trials} trials of {self.patients} patients cannot be")

    def words(self) -> str:
        """Level and reasons in a phrase."""
        return self.level + (f", because of {', '.join(self.reasons)}" if self.reasons else "")

    def measured(self) -> str:
        """In how many trials and patients it was measured, in a phrase."""
        if not self.trials:
            return "measured in no controlled trial that was read"
        trials = f"measured in {self.trials} controlled trial{'s' if self.trials > 1 else ''}"
        if not self.patients:
            return f"{trials}, patients not counted"
        of = "of at least" if self.trials > 1 else "of"
        return f"{trials} {of} {self.patients:,} patients"
