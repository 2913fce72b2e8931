"""Vehicle without the active substance, applied in sessions: the control of everything laid on opened skin."""

from anagen.therapies.therapy import RegimenSchedule, Therapy

VEHICLE = Therapy(
    name="vehicle",
    title="vehicle",
    routes=("microneedle", "topical", "radiofrequency", "fractional-co2", "erbium-glass"),
    default_schedule=RegimenSchedule(every=4.0, sessions=3),
    source="Definition; what the device does by itself belongs to its route",
    evidence="Whatever the needle or the laser does, it does with the vehicle as well.",
)
