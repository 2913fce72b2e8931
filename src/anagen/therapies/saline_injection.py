"""Saline injected into the scalp: the control of everything that is injected. What it does is what the route does."""

from anagen.therapies.therapy import RegimenSchedule, Therapy

SALINE_INJECTION = Therapy(
    name="saline-injection",
    title="saline injection",
    routes=("intradermal",),
    default_schedule=RegimenSchedule(every=4.0, sessions=3),
    source=(
        "Saline side of split-scalp trials: Shapiro 2020, PMID 32653577 (+15.7 hairs/cm2); Amini 2025, "
        "doi:10.3390/life15030500 (+1.5)"
    ),
    cost_per_year=(300.0, 2000.0),
    evidence="The two controlled trials differ widely; needle and expectation cannot be told apart.",
)
