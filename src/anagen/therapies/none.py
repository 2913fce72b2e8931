"""No treatment: the natural course."""

from anagen.therapies.therapy import RegimenSchedule, Therapy

NONE = Therapy(
    name="none",
    title="no treatment",
    routes=("none",),
    default_schedule=RegimenSchedule(),
    source="Natural course of untreated hair loss: Rushton 1991, PMID 1934570; Price 2006, PMID 16781295",
    cost_per_year=(0.0, 0.0),
    cost_source="Definition",
    evidence="Untreated men lose 5 to 6.5 % of their hairs in the first year and about 13 % in four.",
)
