"""A procedure that is acted and pierces nothing: the control of needles, lasers and threads by themselves."""

from anagen.therapies.therapy import RegimenSchedule, Therapy

SHAM_PROCEDURE = Therapy(
    name="sham-procedure",
    title="sham procedure",
    routes=("sham",),
    default_schedule=RegimenSchedule(every=4.0, sessions=3),
    source="Definition; no scalp trial with a sham procedure was read",
    evidence="Expectation shifts counts as after the real procedure, as a measurement term.",
)
