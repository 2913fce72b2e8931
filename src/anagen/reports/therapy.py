"""What a therapy is and does, in one call."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from anagen.core.digits import significant
from anagen.core.errors import InputError, Problem
from anagen.core.plain import plain
from anagen.core.registry import Registry
from anagen.core.result import TableResult
from anagen.core.shown import Shown
from anagen.parameters import Source, parameter_source
from anagen.reports.guide import explanation
from anagen.reports.numbers import interval
from anagen.therapies import THERAPIES
from anagen.therapies.names import meant_by, spellings

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, repr=False)
class TherapyGuide(TableResult):
    """What a therapy is given as, acts on and is known to do.

    Attributes
    ----------
    guide : dict
        Plain values: title, mechanism, routes, effects, adverse events, control, evidence, cost, studies.
    """

    guide: dict[str, Any]

    _what: ClassVar[str] = "Therapy"
    _then: ClassVar[tuple[str, ...]] = (".table", ".guide", '.save("effects.csv")')

    @property
    def table(self) -> pd.DataFrame:
        """One row per lever of the follicle's cycle that the therapy acts on: greatest effect, prior, source, grade."""
        import pandas as pd

        return pd.DataFrame(self.guide["effects"])

    def headline(self) -> str:
        """Title and name.

        Returns
        -------
        str
            One line.
        """
        return f"{self.guide['title']} ({self.guide['name']})"

    def _shown(self) -> Shown:
        guide = self.guide
        rows = tuple(
            (
                f"{effect['lever']}{'' if effect['of'] == 'therapy' else ' by the act of giving it'}",
                f"{significant(effect['prior_value'])} "
                f"({interval(effect['prior_low'], effect['prior_high'], None, signed=False)})",
                f"{significant(effect['value'])} ({interval(effect['low'], effect['high'], None, signed=False)})",
                "" if effect["unit"] == "1" else str(effect["unit"]),
                str(effect["grade"]),
            )
            for effect in guide["effects"]
        )
        header = ("moves", "prior (90 %)", "used (90 %)", "unit", "grade")
        control = f"Its control is {guide['control_title']}." if guide.get("control_title") else ""
        return Shown(self._what, self.headline(), str(guide["evidence"]), header, rows, control, self._then)

    def document(self) -> dict[str, Any]:
        """What `anagen therapies NAME --json` prints.

        Returns
        -------
        dict
            Plain values.
        """
        return plain(self.guide)


def therapy(name: str, parameters: Source = "default") -> TherapyGuide:
    """A therapy by its name or another name of it.

    Parameters
    ----------
    name : str
        Such as "minoxidil", "Regaine" or "PRP".
    parameters : str, path or ParameterSource
        "prior", "posterior", or a posterior file; the shipped posterior where left out.

    Returns
    -------
    TherapyGuide
        Mechanism, regimen, greatest effects with priors, control, evidence, cost, studies that check it.

    Raises
    ------
    InputError
        Where there is no such therapy.

    Examples
    --------
    >>> therapy("minoxidil").guide["name"]
    'minoxidil'
    """
    if meant_by(str(name)) is None:
        nearest = Registry("therapy", {words.lower(): words for words in spellings()}).nearest(str(name).lower())
        message = f"unknown therapy {name!r}"
        raise InputError([Problem(None, None, None, "NAME", message, THERAPIES.names(), nearest)])
    return TherapyGuide(explanation(name, parameter_source(parameters)))
