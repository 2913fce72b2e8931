"""Microneedling alone: what the needle does belongs to its route, so that nothing is added here."""

from anagen.therapies.certainty import Certainty
from anagen.therapies.populations import Studied
from anagen.therapies.therapy import Alias, RegimenSchedule, Therapy

MICRONEEDLING = Therapy(
    name="microneedling",
    title="microneedling",
    aliases={
        "dermaroller": Alias("a roller with needles"),
        "dermapen": Alias("a pen with needles"),
    },
    routes=("microneedle",),
    default_schedule=RegimenSchedule(every=1.0, sessions=12),
    control="sham-procedure",
    source=(
        "Gupta 2023, Skin Appendage Disord 9:397 (network of 27 trials); doi:10.1111/jocd.16186 (13 trials); Kumar "
        "2018, doi:10.4103/JCAS.JCAS_130_17"
    ),
    evidence=(
        "Many small trials of needling added to minoxidil, mean Jadad score 2: +13 hairs/cm2 over minoxidil alone. The "
        "two trials of one protocol differ 47-fold."
    ),
    grade="B",
    corrects=(
        "The review cites four men who also took finasteride and minoxidil; genes were not tested, and the largest "
        "published effect (Dhurat 2013) is an outlier."
    ),
    cost_per_year=(100.0, 2500.0),
    studied=Studied(
        "aga",
        ("male",),
        (18.0, 51.0),
        "Norwood III to VI",
        zones=("vertex",),
        source="Dhurat 2013; Kumar 2018",
        elsewhere="Women had it in trials with minoxidil, without an effect of its own",
    ),
    certainty=Certainty(
        "low", ("risk of bias (no sham)", "indirectness (always with minoxidil)", "imprecision"), 4, 324
    ),
)
