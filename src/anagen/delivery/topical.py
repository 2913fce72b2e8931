"""On intact scalp: stratum corneum and follicle for a small molecule, nearly nothing for a vesicle; the vehicle shifts
readings.
"""

from anagen.delivery.route import Route, Setting

TOPICAL = Route(
    name="topical",
    title="applied to the scalp",
    reading="reading.topical_vehicle",
    settings=(Setting("iontophoresis", "time for which a current flows after each session", "min", 0.0, 0.0, 120.0),),
    source="Reservoir kinetics; vehicle arms +3.9 to +9.4 hairs/cm2 (Olsen 2002, Lucky 2004)",
)
