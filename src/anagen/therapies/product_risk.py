"""How a vesicle product, its dose and its route move the rates of what it does, as data.

The published rates are those of products with release tests, at the usual dose, injected; factors are relative to that.
None was measured: every one is an assumption with a wide interval.
"""

from __future__ import annotations

from dataclasses import dataclass

from anagen.exosomes.release_summary import ReleaseSummary

IRRITATION, GRANULOMA, NECROSIS, INFECTION = "adverse_reaction", "granuloma", "skin_necrosis", "systemic_infection"
DOSE_POWER = "exosome_risk.dose_power"
DOSE_DEPENDENT = (IRRITATION, GRANULOMA, NECROSIS)
"""Events that grow with the dose; infection follows what is in the vial, not how many vesicles are."""


@dataclass(frozen=True, slots=True)
class RiskFactor:
    """A factor on the hazard of some events.

    Attributes
    ----------
    parameter : str
        Name of its parameter.
    events : tuple[str, ...]
        Names of the events that it moves.
    """

    parameter: str
    events: tuple[str, ...]


def _factor(name: str, *events: str) -> RiskFactor:
    return RiskFactor(f"exosome_risk.{name}", events)


NOT_STERILE = {
    None: _factor("sterility_not_told", INFECTION),
    False: _factor("sterility_not_shown", INFECTION),
}
ENDOTOXIN = {
    None: _factor("endotoxin_not_told", IRRITATION),
    False: _factor("endotoxin_not_shown", IRRITATION, NECROSIS),
}
SERUM = {
    None: _factor("serum_not_told", IRRITATION, GRANULOMA),
    False: _factor("serum_left", IRRITATION, GRANULOMA),
}
ORIGIN = {
    "bovine": _factor("bovine", IRRITATION, GRANULOMA),
    "plant": _factor("plant", IRRITATION, GRANULOMA),
}
ROUTE = {"topical": _factor("intact_skin", IRRITATION, GRANULOMA, NECROSIS, INFECTION)} | dict.fromkeys(
    ("microneedle", "radiofrequency", "fractional-co2", "erbium-glass"),
    _factor("opened_skin", GRANULOMA, NECROSIS, INFECTION),
)
"""What is laid on enters less than what is injected; other routes have no factor."""


def risk_factors(summary: ReleaseSummary, route: str) -> tuple[RiskFactor, ...]:
    """What moves the rates of a product given by a route, over those of a released product that is injected.

    Parameters
    ----------
    summary : ReleaseSummary
        Release tests, residual serum and origin.
    route : str
        How it is given.

    Examples
    --------
    >>> released = ReleaseSummary("human", sterility=True, endotoxin=True, serum_free=True)
    >>> risk_factors(released, "intradermal")
    ()
    >>> [factor.parameter for factor in risk_factors(ReleaseSummary("bovine", True, True, True), "topical")]
    ['exosome_risk.bovine', 'exosome_risk.intact_skin']
    """
    found = (
        None if summary.sterility else NOT_STERILE[summary.sterility],
        None if summary.endotoxin else ENDOTOXIN[summary.endotoxin],
        None if summary.serum_free else SERUM[summary.serum_free],
        ORIGIN.get(summary.origin),
        ROUTE.get(route),
    )
    return tuple(factor for factor in found if factor is not None)
