"""Ablative columns: open channels with coagulated walls, and a wound."""

from anagen.delivery.route import Route, wounding
from anagen.delivery.settings import opened_skin

FRACTIONAL_CO2 = Route(
    name="fractional-co2",
    title="laid on after fractional CO2 laser",
    act=wounding("fractional-co2-wound"),
    reading="reading.injection",
    settings=opened_skin("fractional_co2"),
    source="Channels of ablative fractional lasers; counts on scalp were not measured",
)
