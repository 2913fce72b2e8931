"""Fractional Er:glass laser alone, not ablative: heated columns under a closed stratum corneum."""

from anagen.therapies.certainty import Certainty
from anagen.therapies.populations import Studied
from anagen.therapies.therapy import RegimenSchedule, Therapy

ERBIUM_GLASS = Therapy(
    name="erbium-glass",
    title="fractional Er:glass laser",
    routes=("erbium-glass",),
    default_schedule=RegimenSchedule(every=2.0, sessions=10),
    control="sham-procedure",
    source=(
        "Lee 2011, J Eur Acad Dermatol Venereol (27 women, no control); Kim 2011, "
        "doi:10.1111/j.1524-4725.2010.01833.x; Qu 2024, doi:10.1111/jocd.16173 (1565 nm against minoxidil, no "
        "numbers in the abstract)"
    ),
    evidence=(
        "Uncontrolled series (+57 % in 22 weeks, which is too large to be the laser) and one small comparison with "
        "minoxidil."
    ),
    grade="B",
    corrects=("Not in the review's table, which names the CO2 laser only."),
    cost_per_year=(800.0, 4500.0),
    studied=Studied(
        "aga",
        ("female", "male"),
        (20.0, 65.0),
        "not told",
        source="Lee 2011 (27 women); Kim 2011 (men)",
    ),
    certainty=Certainty("very low", ("no control", "imprecision"), 0, 0),
)
