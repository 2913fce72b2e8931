"""Injected into the scalp: a depot that decays, and the needle's own wound signal, whatever is injected."""

from anagen.delivery.kinetics import remaining
from anagen.delivery.route import Route
from anagen.therapies import Action

INTRADERMAL = Route(
    name="intradermal",
    title="injected into the scalp",
    exposure=remaining,
    exposure_unit="{dose} in the depot",
    actions=(Action("resting_clock", "needle.resting_clock", "needle.half_dose", "needle.rise", "needle.fall"),),
    act_half_life="needle.half_life",
    reading="reading.injection",
    source="Saline arms: Shapiro 2020, PMID 32653577; Amini 2025, doi:10.3390/life15030500",
)
