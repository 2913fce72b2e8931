"""Needles that heat: channels partly sealed by heat, and a wound."""

from anagen.delivery.route import Route, wounding
from anagen.delivery.settings import opened_skin

RADIOFREQUENCY = Route(
    name="radiofrequency",
    title="laid on after fractional radiofrequency",
    act=wounding("radiofrequency-wound"),
    reading="reading.injection",
    settings=opened_skin("radiofrequency"),
    source="Assumption: channels like those of needles, partly sealed",
)
