"""Fractional radiofrequency through needles: wound and channels belong to its route."""

from anagen.therapies.certainty import Certainty
from anagen.therapies.populations import Studied
from anagen.therapies.therapy import Alias, RegimenSchedule, Therapy

RADIOFREQUENCY = Therapy(
    name="radiofrequency",
    title="fractional radiofrequency microneedling",
    aliases={
        "RF microneedling": Alias("needles that heat"),
    },
    routes=("radiofrequency",),
    default_schedule=RegimenSchedule(every=4.0, sessions=5),
    control="sham-procedure",
    source=(
        "Split-scalp trial of 19 men with minoxidil on both sides, doi:10.1111/ced.13551 (author, year and DOI from "
        "memory)"
    ),
    evidence=(
        "One split-scalp trial: +29 against +17 hairs in a field of unstated size at five months, both with minoxidil."
    ),
    grade="B",
    corrects=("The review's source is about skin; 'ultra-high-frequency' is wrong, these are about 1 MHz."),
    cost_per_year=(600.0, 4000.0),
    studied=Studied(
        "aga",
        ("male",),
        (20.0, 50.0),
        "Norwood III to V",
        zones=("vertex", "frontal"),
        source="Yu 2018",
    ),
    certainty=Certainty("very low", ("risk of bias", "indirectness (with minoxidil)", "imprecision"), 1, 19),
)
