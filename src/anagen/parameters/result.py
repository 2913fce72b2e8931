"""The numbers of the model as a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from anagen.core.errors import InputError, Problem
from anagen.core.registry import Registry
from anagen.core.renamed import present_name
from anagen.core.result import TableResult
from anagen.parameters.sets import ParameterSet
from anagen.parameters.sources import (
    POSTERIOR,
    PRIOR,
    Source,
    parameter_source,
    source_facts,
    standing,
)

if TYPE_CHECKING:
    import pandas as pd

SUMMARY = ("name", "value", "unit", "low", "high", "grade", "informed_by")


@dataclass(frozen=True, repr=False)
class ParameterTable(TableResult):
    """Parameters of the model with value, unit, prior, posterior, source and grade.

    Attributes
    ----------
    parameters : ParameterSet
        The parameters; `draw(seed, index)` gives values of one draw.
    source : str
        Where the values come from, in words.
    """

    parameters: ParameterSet
    source: str

    _what: ClassVar[str] = "Parameters"
    _then: ClassVar[tuple[str, ...]] = (".table", '.save("parameters.csv")')

    @property
    def table(self) -> pd.DataFrame:
        """One row per parameter: value and 90 % range as used, prior, distribution, grade, source, note."""
        import pandas as pd

        return pd.DataFrame(self.parameters.rows())

    def summary(self) -> pd.DataFrame:
        """The essential columns of the table.

        Returns
        -------
        DataFrame
            One row per parameter.
        """
        return self.table[list(SUMMARY)]

    def headline(self) -> str:
        """How many parameters there are and how far they are known.

        Returns
        -------
        str
            Where values come from, and how many are calibrated.
        """
        calibrated = len(self.parameters.calibrated)
        words = standing(calibrated, len(self.parameters) - calibrated)
        return f"{len(self.parameters)} parameters from {self.source}. {words}"


def parameter_rows(parameters: Source = "default", name: str | None = None) -> ParameterTable:
    """Parameters of a source, all or those of one name or group.

    Parameters
    ----------
    parameters : str, path or ParameterSource
        "prior", "posterior", or a posterior file; the shipped posterior where left out.
    name : str, optional
        A parameter such as "follicle.anagen_duration", or a group such as "follicle".

    Returns
    -------
    ParameterTable
        The parameters.

    Raises
    ------
    InputError
        Where there is no such source, parameter or group.
    """
    source = parameter_source(parameters)
    whole = source.load()
    words = source_facts(source, whole)["parameter_source"]
    names = [each for each in whole if name is None or each == name or each.startswith(f"{name}.")]
    if not names:
        nearest = present_name(name or "") or Registry("parameter", dict.fromkeys(whole)).nearest(name or "")
        groups = tuple(sorted({each.partition(".")[0] for each in whole}))
        raise InputError([Problem(None, None, None, "NAME", f"no parameter or group {name!r}", groups, nearest)])
    return ParameterTable(whole if name is None else whole.only(names), words)


def priors(name: str | None = None) -> ParameterTable:
    """What was written down of the parameters before any published result informed them.

    Parameters
    ----------
    name : str, optional
        A parameter or group; all where left out.

    Returns
    -------
    ParameterTable
        Value, unit, prior, source and grade of each.

    Raises
    ------
    InputError
        Where there is no such parameter or group.

    Examples
    --------
    >>> priors("follicle.catagen_duration").table["unit"].item()
    'day'
    """
    return parameter_rows(PRIOR, name)


def posterior(source: Source = POSTERIOR, name: str | None = None) -> ParameterTable:
    """The parameters with joint draws from a posterior of published results.

    Parameters
    ----------
    source : str, path or ParameterSource
        The shipped posterior, or the path of another one.
    name : str, optional
        A parameter or group; all where left out.

    Returns
    -------
    ParameterTable
        Posterior beside prior; a parameter that the posterior does not hold keeps its prior.

    Raises
    ------
    InputError
        Where the posterior cannot be used, or there is no such parameter or group.

    Examples
    --------
    >>> posterior().table["informed_by"].isin(["prior", "posterior"]).all()
    np.True_
    """
    return parameter_rows(source, name)
