"""Zones of the scalp and the peoples whose densities were measured: names only, the numbers are parameters."""

from __future__ import annotations

from dataclasses import dataclass

from anagen.core.registry import Registry


@dataclass(frozen=True, slots=True)
class Zone:
    """A zone of the scalp; `density_factor` names the parameter that scales mean scalp density to the zone."""

    name: str
    density_factor: str


@dataclass(frozen=True, slots=True)
class Ethnicity:
    """A population with measured density and growth; the fields name parameters."""

    name: str
    density: str
    density_cv: str
    growth_rate: str


ZONES: Registry[Zone] = Registry(
    "zone",
    {
        name: Zone(name, f"population.density_factor_{name}")
        for name in ("vertex", "frontal", "mid", "hairline", "temporal", "occipital")
    },
)
ETHNICITIES: Registry[Ethnicity] = Registry(
    "ethnicity",
    {
        name: Ethnicity(
            name, f"population.density_{name}", f"population.density_cv_{name}", f"population.growth_rate_{name}"
        )
        for name in ("african", "asian", "caucasian")
    },
)
