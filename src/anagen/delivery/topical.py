"""On the scalp: a reservoir in the horny layer and the follicle, emptied with one half-life; the vehicle shifts
readings.
"""

from anagen.delivery.kinetics import dose_rate
from anagen.delivery.route import Route

TOPICAL = Route(
    name="topical",
    title="applied to the scalp",
    exposure=dose_rate,
    exposure_unit="{dose}/day",
    reading="reading.topical_vehicle",
    source="Reservoir kinetics; vehicle arms +3.9 to +9.4 hairs/cm2 (Olsen 2002, Lucky 2004)",
)
