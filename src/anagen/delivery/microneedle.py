"""Needles of a roller or pen: channels that close within hours, and a wound."""

from anagen.delivery.route import Route, wounding
from anagen.delivery.settings import opened_skin

MICRONEEDLE = Route(
    name="microneedle",
    title="laid on after microneedling",
    act=wounding("microneedle-wound"),
    reading="reading.injection",
    settings=opened_skin("microneedle"),
    source="doi:10.2147/IJN.S249751; Gupta 2011, J Control Release 154:148",
)
