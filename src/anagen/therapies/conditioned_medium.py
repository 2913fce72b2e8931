"""Medium in which stem cells have grown (secretome): what cells release, vesicles and proteins alike."""

from anagen.therapies.action import by_effect, direct
from anagen.therapies.certainty import Certainty
from anagen.therapies.contraindications import of_growth_signals
from anagen.therapies.kinetics import DEVICES, depots
from anagen.therapies.populations import Studied
from anagen.therapies.safety import weeks
from anagen.therapies.therapy import Alias, Form, RegimenSchedule, Therapy

ROUTES = ("intradermal", "microneedle", "topical", *DEVICES)

CONDITIONED_MEDIUM = Therapy(
    name="conditioned-medium",
    title="stem-cell conditioned medium",
    aliases={
        "secretome": Alias("what stem cells release, which is what their medium holds"),
    },
    routes=ROUTES,
    actions=by_effect(
        "conditioned_medium",
        direct("conditioned_medium", "anagen_extension", "telogen_exit", "calibre_gain"),
        family="cell_products",
    ),
    kinetics=depots("conditioned_medium", ROUTES),
    dose_unit="mL",
    default_dose=2.0,
    default_schedule=RegimenSchedule(every=4.0, sessions=6),
    forms={
        **dict.fromkeys(("microneedle", *DEVICES), Form(control="vehicle")),
        "topical": Form(per=("application",), default_schedule=RegimenSchedule(per_day=2.0), control="placebo"),
    },
    control="saline-injection",
    response="conditioned_medium.response_cv",
    batch="conditioned_medium.batch_cv",
    source=(
        "Legiawati 2023, doi:10.1186/s13287-023-03440-2 (added to minoxidil: no difference from saline); Tak 2020, "
        "doi:10.1002/sctm.19-0410 (an extract of the cells); Korean J Dermatol 2019, 57:251"
    ),
    evidence=(
        "Injected in men on minoxidil it did not differ from saline; one small trial of an extract as a lotion gained "
        "over vehicle. Three randomised trials pooled by others: +9.2 (1.8 to 16.7) hairs/cm2 (Chien 2024, "
        "doi:10.1016/j.bjps.2023.10.060). Centred on 0, wide."
    ),
    grade="B",
    corrects="Studies of medium and of cells are read as studies of exosomes in the review; they are not.",
    cost_per_year=(300.0, 6000.0),
    harms=(
        weeks(
            "conditioned_medium_events.adverse_reaction",
            16,
            "adverse_reaction",
            "adverse reaction to the product",
            "skin_irritation",
            local=True,
        ),
    ),
    contraindications=of_growth_signals("conditioned-medium", "media of stem cells"),
    studied=Studied(
        "aga",
        ("female", "male"),
        (20.0, 65.0),
        "Norwood II, Ludwig I and more",
        source="Tak 2020, doi:10.1002/sctm.19-0410; Legiawati 2023; Oh 2020",
    ),
    certainty=Certainty("very low", ("risk of bias", "inconsistency", "imprecision"), 3, 64),
)
