"""A maker's own stability series in a product file: its rows and limits, and the losses that replace the priors."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Annotated, Literal, Self

from pydantic import Field
from pydantic.functional_validators import model_validator

from anagen.core.fields import broken
from anagen.exosomes.fields import Celsius, Days, Described, Flag, Line, in_unit
from anagen.exosomes.stability import Line as Regression
from anagen.exosomes.stability import Rate, Reading, fit_arrhenius, fit_line, loss_rate
from anagen.exosomes.storage import OwnRates, State, state_of
from anagen.parameters import Parameter

Attribute = Literal["particles", "potency"]
ATTRIBUTES: dict[Attribute, str] = {"particles": "particles/mL", "potency": "percent"}
"""Attributes of a series with their units; potency is that of the same volume, in percent of that at release."""
AS_NEAR: dict[State, float] = {"frozen": 10.0, "liquid": 3.0, "dry": 3.0}
"""Degrees within which a temperature is the one that was measured: a refrigerator is 5 C, give or take 3."""

Concentration = Annotated[float, in_unit("particles/mL"), Field(gt=0.0)]
Share = Annotated[float, in_unit("percent"), Field(gt=0.0, le=500.0)]
Limit = Annotated[float, in_unit("percent"), Field(gt=0.0, le=100.0)]


class StabilityRow(Described):
    """One reading of a stability series.

    Attributes
    ----------
    temperature : Celsius
        Of storage.
    time : Days
        Since the series began.
    batch : Annotated[str, Field(min_length=1, max_length=40)], default "1"
        Which batch.
    lyophilised : Flag, default False
        Whether it was stored dry.
    particles : Concentration, optional
        Particles per mL found.
    potency : Share, optional
        Potency found in the same volume, in percent of that at release.
    """

    temperature: Celsius
    time: Days
    batch: Annotated[str, Field(min_length=1, max_length=40)] = "1"
    lyophilised: Flag = False
    particles: Concentration | None = None
    potency: Share | None = None

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.particles is None and self.potency is None:
            raise broken(
                "particles", 'is missing; a reading has particles ("5e10 particles/mL"), potency ("95 %") or both'
            )
        return self

    @property
    def state(self) -> State:
        """Dry, frozen or liquid."""
        return state_of(self.temperature, lyophilised=self.lyophilised)


class ShelfLifeClaim(Described):
    """What the maker claims and holds the product to; limits left out are those of `anagen parameters storage`.

    Attributes
    ----------
    temperature : Celsius
        Storage on the label.
    claimed : Days
        Shelf life on the label.
    lyophilised : Flag, default False
        Whether it is stored dry.
    particles_least : Limit, optional
        Least particles, in percent of the label.
    potency_least : Limit, optional
        Least potency, in percent of that at release.
    source : Line, optional
        Where the claim stands.
    """

    temperature: Celsius
    claimed: Days
    lyophilised: Flag = False
    particles_least: Limit | None = None
    potency_least: Limit | None = None
    source: Line | None = None

    @property
    def state(self) -> State:
        """Dry, frozen or liquid."""
        return state_of(self.temperature, lyophilised=self.lyophilised)


Rows = tuple[StabilityRow, ...]
Condition = tuple[State, float]


@lru_cache(maxsize=64)
def readings_of(rows: Rows, attribute: Attribute) -> Mapping[Condition, tuple[Reading, ...]]:
    """Readings of an attribute by state and temperature, in order of the file."""
    found: dict[Condition, list[Reading]] = {}
    for row in rows:
        value = row.particles if attribute == "particles" else row.potency
        if value is not None:
            found.setdefault((row.state, row.temperature), []).append(Reading(row.batch, row.time, value))
    return {condition: tuple(readings) for condition, readings in found.items()}


@lru_cache(maxsize=64)
def rates_of(rows: Rows) -> Mapping[State, tuple[Attribute, tuple[tuple[Rate, Regression], ...]]]:
    """Slow loss by state: of potency where it was followed at as many temperatures as particles, else of particles."""
    rates: dict[State, tuple[Attribute, tuple[tuple[Rate, Regression], ...]]] = {}
    for attribute in ("particles", "potency"):
        fitted: dict[State, list[tuple[Rate, Regression]]] = {}
        for (state, temperature), readings in readings_of(rows, attribute).items():
            line = fit_line(readings)
            if line is not None:
                fitted.setdefault(state, []).append((loss_rate(line, temperature), line))
        for state, found in fitted.items():
            if state not in rates or len(found) >= len(rates[state][1]):
                rates[state] = (attribute, tuple(found))
    return rates


def rate_parameters(rows: Rows, product: str) -> dict[str, Parameter]:
    """Losses of a series as parameters "<product>.loss_rate_<state>_<temperature>", per day.

    Normal about the slope with the one-sided 95 % bounds of the regression; no draw gains.
    """
    parameters: dict[str, Parameter] = {}
    for state, (attribute, rates) in rates_of(rows).items():
        for rate, line in rates:
            name = _name(product, state, rate.temperature)
            value, width = max(rate.rate, 0.0), line.deviate * rate.error
            low, high = min(rate.rate - width, value), max(rate.rate + width, value)
            kind: Literal["fixed", "normal"] = "normal" if high > low else "fixed"
            source = f"The maker's stability series of {attribute}, {state}, {rate.temperature:g} C"
            parameters[name] = Parameter(name, value, "1/day", kind, low, high, source, "B", hand_set=False, lower=0.0)
    return parameters


def own_rates(rows: Rows, product: str, values: Mapping[str, float]) -> OwnRates:
    """Slow loss per day that a series tells, for one draw of its parameters.

    The nearest temperature that was measured, or the Arrhenius line where three or more were; None elsewhere.
    """
    drawn: dict[State, list[Rate]] = {}
    for state, (_, rates) in rates_of(rows).items():
        for rate, _line in rates:
            value = values.get(_name(product, state, rate.temperature), max(rate.rate, 0.0))
            error = rate.error * value / rate.rate if rate.rate > 0.0 else rate.error
            drawn.setdefault(state, []).append(Rate(rate.temperature, value, error))
    lines = {state: fit_arrhenius(rates) for state, rates in drawn.items()}

    def rate_at(state: State, temperature: float) -> float | None:
        measured = drawn.get(state, [])
        nearest = min(measured, key=lambda rate: abs(rate.temperature - temperature), default=None)
        if nearest is not None and abs(nearest.temperature - temperature) <= AS_NEAR[state]:
            return nearest.rate
        line = lines.get(state)
        return None if line is None else line.at(temperature)

    return rate_at


def followed(rows: Rows, state: State, temperature: float) -> float | None:
    """Longest time [days] that a series was followed at a temperature; None where it was not."""
    days = [row.time for row in rows if row.state == state and abs(row.temperature - temperature) <= AS_NEAR[state]]
    return max(days, default=None)


def _name(product: str, state: State, temperature: float) -> str:
    return f"{product}.loss_rate_{state}_{temperature:g}"
