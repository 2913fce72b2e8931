"""Fractional CO2 laser alone: its wound signal and its channels are two mechanisms with a switch each."""

from anagen.therapies.certainty import Certainty
from anagen.therapies.populations import Studied
from anagen.therapies.therapy import RegimenSchedule, Therapy

FRACTIONAL_CO2 = Therapy(
    name="fractional-co2",
    title="fractional CO2 laser",
    routes=("fractional-co2",),
    default_schedule=RegimenSchedule(every=2.0, sessions=6),
    control="sham-procedure",
    source=(
        "Split-scalp study in 30 women against injected saline (Egypt J Dermatol Venerol 2024, abstract without "
        "numbers); Wnt after the laser in mice, doi:10.1097/cm9.0000000000000220"
    ),
    evidence=(
        "One split-scalp study in women without numbers that could be read; the mechanism is known from mice only."
    ),
    grade="C",
    corrects=(
        "The review says that Wnt rises 'by enhancing drug delivery': two mechanisms in one. A wound signal (mice) and "
        "open channels have a switch each here. Its source is about acne scars."
    ),
    cost_per_year=(800.0, 4500.0),
    studied=Studied(
        "aga",
        ("female",),
        (18.0, 60.0),
        "not told",
        source="split-scalp study of 30 women, 2024",
    ),
    certainty=Certainty("very low", ("risk of bias", "imprecision"), 1, 30),
)
