"""A device that looks like the real one and does not act: the control of everything that shines."""

from anagen.therapies.therapy import RegimenSchedule, Therapy

SHAM_LIGHT = Therapy(
    name="sham-light",
    title="sham light",
    routes=("light",),
    default_schedule=RegimenSchedule(every=1.0 / 3.0),
    source="Sham arms: Lanzafame 2014, PMC4265291 (+8.4 hairs/cm2); pooled, doi:10.2351/1.5131551 (+8.9)",
    evidence="Sham arms gain in most trials; as a measurement term, like a vehicle.",
)
