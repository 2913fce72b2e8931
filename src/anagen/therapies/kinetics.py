"""Kinetics that a therapy's file describes by data, for `anagen.delivery` to compute.

What is no chain of compartments and no depot (vesicles, minoxidil, inhibitors of 5-alpha-reductase, light) has a
function of its own in `anagen.delivery.exposures`, which a therapy names in plain text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

DEVICES = ("radiofrequency", "fractional-co2", "erbium-glass")
"""Routes of devices that open the skin, other than needles; how freely their channels let particles pass is
`<device>.openness`, relative to a needle's.
"""


@dataclass(frozen=True, slots=True)
class Inhibitor:
    """A drug that blocks one target: a depot, the body, and one Emax curve; see `anagen.delivery.systemic.inhibitors`.

    Parameters
    ----------
    prefix : str
        Of its parameters: `<prefix>.absorption_half_life` and `.half_life` [h], `.maximum` [share of the target],
        `.half` [dose per day].
    target : str
        What it blocks, in words.
    slow : bool
        True where the effect outlasts the drug, because the target is bound for good; `<prefix>.effect_half_life` [h]
        says for how long.

    Examples
    --------
    >>> Inhibitor("cetirizine_kinetics", "prostaglandin D2").parameter_names()[0]
    'cetirizine_kinetics.absorption_half_life'
    """

    prefix: str
    target: str
    slow: bool = False

    @property
    def name(self) -> str:
        """Name of these kinetics."""
        return self.prefix.removesuffix("_kinetics")

    def parameter_names(self) -> tuple[str, ...]:
        """Names of every parameter that they read."""
        fields = ("absorption_half_life", "half_life", "maximum", "half", *(["effect_half_life"] if self.slow else []))
        return tuple(f"{self.prefix}.{field}" for field in fields)

    def units(self) -> dict[str, str]:
        """Units in which its half-lives are read, by the name of the parameter."""
        return {name: "h" for name in self.parameter_names() if name.endswith("half_life")}


@dataclass(frozen=True, slots=True)
class Depot:
    """A depot in the skin that empties with one half-life.

    Parameters
    ----------
    prefix : str
        Of its parameters: `<prefix>.half_life_intradermal` [day], and `<prefix>.share_<route>`, the share of a dose
        that gets into the skin, for every route but the injection.
    elsewhere : tuple of str
        Routes other than the injection by which it is given.
    device : str, optional
        One of DEVICES whose channels it passes. What gets in after it was not measured: the share after needling
        counts, times the openness of that device's channels.
    """

    prefix: str
    elsewhere: tuple[str, ...] = ()
    device: str | None = None

    @property
    def name(self) -> str:
        """Name of these kinetics."""
        return f"{self.prefix.replace('_', '-')}-depot" + ("" if self.device is None else "-through-channels")

    def shares(self, route: str) -> tuple[str, ...]:
        """Names of the parameters whose product is the share of a dose that gets into the skin by a route.

        Examples
        --------
        >>> Depot("prp").shares("intradermal"), Depot("prp").shares("microneedle")
        ((), ('prp.share_microneedle',))
        >>> Depot("prp", device="fractional-co2").shares("fractional-co2")
        ('prp.share_microneedle', 'fractional_co2.openness')
        """
        if self.device is not None:
            return (f"{self.prefix}.share_microneedle", f"{self.device.replace('-', '_')}.openness")
        return () if route == "intradermal" else (f"{self.prefix}.share_{route}",)

    def parameter_names(self) -> tuple[str, ...]:
        """Names of every parameter that they read."""
        own = [f"{self.prefix}.share_{route}" for route in self.elsewhere]
        if self.device is not None:
            own = list(self.shares(self.device))
        return (f"{self.prefix}.half_life_intradermal", *own)

    def units(self) -> dict[str, str]:
        """Unit in which its half-life is read, by the name of the parameter."""
        return {f"{self.prefix}.half_life_intradermal": "day"}


KineticsData = Inhibitor | Depot | str
"""Kinetics as a therapy's file gives them: by data, or by the name of a function of `anagen.delivery.exposures`."""


def depots(prefix: str, routes: Sequence[str]) -> dict[str, KineticsData]:
    """A depot by each route of a therapy that is injected, laid on, or laid on opened skin.

    Parameters
    ----------
    prefix : str
        Of its parameters, see `Depot`.
    routes : Sequence[str]
        Routes of the therapy.

    Returns
    -------
    dict of str to KineticsData
        Route -> its depot.

    Examples
    --------
    >>> {route: each.device for route, each in depots("prp", ("intradermal", "radiofrequency")).items()}
    {'intradermal': None, 'radiofrequency': 'radiofrequency'}
    """
    usual = Depot(prefix, tuple(route for route in routes if route not in ("intradermal", *DEVICES)))
    return {route: replace(usual, device=route) if route in DEVICES else usual for route in routes}
