"""The study as answers read it: its description by heading, its names, and what is planned of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from anagen.parameters import ParameterSource
from anagen.study import Study
from anagen.study.claims import pairs_of
from anagen.study.describe import parts_of
from anagen.study.vocabulary import Vocabulary, vocabulary
from anagen.trials.protocol import Protocol, protocol

WARNED = "Bear in mind: "
"""Before what the description of a study says to whoever runs it, and not to whoever reads a protocol."""


@dataclass(frozen=True)
class Facts:
    """A study and what answers need of it.

    Attributes
    ----------
    study : Study
        Checked.
    source : ParameterSource
        Of the parameters.
    numbers : dict or None
        Sample size, power and assurance, see `sample.Numbers`; None where none were given.
    """

    study: Study
    source: ParameterSource
    numbers: Any = None

    @cached_property
    def words(self) -> Vocabulary:
        """Registered names."""
        return vocabulary()

    @cached_property
    def plan(self) -> Protocol:
        """The study ready to simulate."""
        return protocol(self.study)

    @cached_property
    def told(self) -> dict[str, str]:
        """The description of the study, by heading."""
        return dict(parts_of(self.study, self.source))

    @property
    def split(self) -> bool:
        """Whether the arms are sides of the same patients."""
        return self.study.design.layout == "split_scalp"

    @property
    def patients(self) -> int:
        """Patients to randomise."""
        return self.plan.n_patients

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Arm and control of every comparison; none in a study without a control."""
        return list(pairs_of(self.study))

    def sentences(self, heading: str) -> list[str]:
        """Sentences under a heading of the description that are not for whoever runs it."""
        text = self.told.get(heading, "").strip()
        return [part for part in _split(text) if not part.startswith(WARNED)]


def _split(text: str) -> list[str]:
    """Sentences of a paragraph; a full stop within a number or before a small letter ends none.

    Examples
    --------
    >>> _split("At week 4.5 it is read. Then it ends. See no. 3 for it.")
    ['At week 4.5 it is read.', 'Then it ends.', 'See no. 3 for it.']
    """
    found: list[str] = []
    start = 0
    for place in range(len(text) - 2):
        if text[place : place + 2] in (". ", ".\n") and text[place + 2 : place + 3].isupper():
            found.append(text[start : place + 1].strip())
            start = place + 2
    return [part for part in (*found, text[start:].strip()) if part]
