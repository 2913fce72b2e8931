"""Not ablative: heated columns under a stratum corneum that stays in place let little through."""

from anagen.delivery.route import Route, wounding
from anagen.delivery.settings import opened_skin

ERBIUM_GLASS = Route(
    name="erbium-glass",
    title="laid on after fractional Er:glass laser",
    act=wounding("erbium-glass-wound"),
    reading="reading.injection",
    settings=opened_skin("erbium_glass"),
    source="Non-ablative fractional laser; counts on scalp were not measured",
)
