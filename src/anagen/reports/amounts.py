"""How an estimate and its intervals are printed, the same in the terminal, on a page and in a picture."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from anagen.reports.numbers import DASH, decimals_for, has_band, interval, is_number, no_band, number, with_unit
from anagen.reports.wording import measure_scale, measure_unit

if TYPE_CHECKING:
    import pandas as pd

ARM_BASELINE = "baseline"
"""Control of an arm that is compared with its own baseline."""
MONTE_CARLO = "Expected values stand with the Monte-Carlo standard error of their simulation (±)."


@dataclass(frozen=True, slots=True)
class Amounts:
    """How the numbers of one estimate are printed.

    Parameters
    ----------
    unit : str
        Printed unit, empty where there is none.
    scale : float
        Factor from the number in a table to the number printed.
    decimals : int
        Decimals of all of them.
    signed : bool
        Whether they carry a plus sign: differences and changes do, an arm's own values and shares do not.
    """

    unit: str
    scale: float
    decimals: int
    signed: bool = True

    def bare(self, value: object, *, signed: bool | None = None, finer: int = 0) -> str:
        """A number without its unit, with `finer` more decimals; a dash where it is missing."""
        if not is_number(value):
            return DASH
        sign = self.signed if signed is None else signed
        return number(float(value) * self.scale, self.decimals + finer, signed=sign)  # type: ignore[arg-type]

    def text(self, value: object, *, signed: bool | None = None, finer: int = 0) -> str:
        """A number with its unit."""
        return with_unit(self.bare(value, signed=signed, finer=finer), self.unit)

    def with_error(self, value: object, error: object, *, finer: int = 1) -> str:
        """A number without its unit, and the Monte-Carlo standard error of its simulation where there is one.

        The error has `finer` more decimals than the number.
        """
        known = is_number(value) and is_number(error)
        return f"{self.bare(value)} ± {self.bare(error, signed=False, finer=finer)}" if known else self.bare(value)

    def interval(self, low: object, high: object) -> str:
        """Two ends without their unit; a dash where one is missing."""
        if not (is_number(low) and is_number(high)):
            return DASH
        first, last = (float(end) * self.scale for end in (low, high))  # type: ignore[arg-type]
        return interval(first, last, self.decimals, signed=self.signed)

    def band(self, low: object, high: object, draws: int) -> str:
        """The ends of a band of parameter draws, or that there are too few draws for one."""
        return self.interval(low, high) if has_band(draws) else no_band(draws)


def amounts_of(measure: str, unit: str, uncertainty: object, value: object, *, control: str | None) -> Amounts:
    """How an estimate is printed: as many decimals as give two significant digits of its uncertainty.

    Parameters
    ----------
    measure : str
        What is made of the endpoint's readings, such as "change".
    unit : str
        Printed unit of the endpoint.
    uncertainty : object
        Standard error, or a spread like it; where it is no number, a third of `value` stands for it.
    value : object
        The estimate.
    control : str or None
        The arm it is compared with, "baseline" for its own, None for a number of the arm alone.

    Returns
    -------
    Amounts
        Prints the estimate and all that stands beside it with the same decimals.

    Examples
    --------
    >>> words = amounts_of("change", "hairs/cm²", 2.1, 8.1, control="saline")
    >>> words.bare(8.14), words.interval(4.0, 12.2)
    ('+8.1', '+4.0 to +12.2')
    """
    between = control is not None and control != ARM_BASELINE
    scale = measure_scale(measure)
    decimals = decimals_for(
        *(float(x) * scale if is_number(x) else None for x in (uncertainty, value))  # type: ignore[arg-type]
    )
    return Amounts(measure_unit(measure, unit, difference=between), scale, decimals, between or "change" in measure)


def effect_amounts(row: Mapping[str, Any] | pd.Series, unit: str) -> Amounts:
    """How a contrast is printed: the estimate by its standard error, or the expected effect by its band.

    Parameters
    ----------
    row : Mapping
        measure, control, standard_error, estimate, and where there was no trial low90, high90, expected.
    unit : str
        Printed unit of the endpoint.
    """
    spread, value = row["standard_error"], row["estimate"]
    if not is_number(spread) and is_number(row.get("low90")):
        spread, value = (row["high90"] - row["low90"]) / 3.3, row["expected"]
    return amounts_of(str(row["measure"]), unit, spread, value, control=str(row["control"]))


def arm_amounts(row: Mapping[str, Any] | pd.Series, unit: str) -> Amounts:
    """How the mean of an arm is printed: by its standard error.

    Parameters
    ----------
    row : Mapping
        measure, se, mean.
    unit : str
        Printed unit of the endpoint.
    """
    return amounts_of(str(row["measure"]), unit, row["se"], row["mean"], control=None)


def published_amounts(row: Mapping[str, Any] | pd.Series, unit: str) -> Amounts:
    """How a published value and its prediction are printed: by the published standard error, without plus signs.

    Parameters
    ----------
    row : Mapping
        measure, observed_se, observed.
    unit : str
        Printed unit of the endpoint.
    """
    amounts = amounts_of(str(row["measure"]), unit, row["observed_se"], row["observed"], control=None)
    return replace(amounts, signed=False)
