"""A procedure that is only acted: nothing pierces the skin, and expectation shifts counts as after the real one."""

from anagen.delivery.route import Route

SHAM = Route(
    name="sham",
    title="a procedure that is only acted",
    reading="reading.injection",
    source="Definition; no trial of scalp procedures with a sham was read",
)
