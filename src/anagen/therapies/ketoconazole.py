"""Ketoconazole shampoo: less yeast and less inflammation of the scalp; what it does to a hair count is hardly known."""

from anagen.therapies.action import by_effect, direct
from anagen.therapies.certainty import Certainty
from anagen.therapies.kinetics import Depot
from anagen.therapies.populations import Studied
from anagen.therapies.safety import weeks
from anagen.therapies.therapy import Alias, RegimenSchedule, Therapy

KETOCONAZOLE = Therapy(
    name="ketoconazole",
    title="ketoconazole shampoo",
    aliases={
        "Nizoral": Alias("a brand of ketoconazole shampoo"),
    },
    routes=("topical",),
    actions=by_effect("ketoconazole", direct("ketoconazole", "anagen_extension", "telogen_exit", "calibre_gain")),
    kinetics={"topical": Depot("ketoconazole", elsewhere=("topical",))},
    per=("application",),
    default_schedule=RegimenSchedule(per_day=3.0 / 7.0),
    control="placebo",
    response="ketoconazole.response_cv",
    source=(
        "Pierard-Franchimont 1998, Dermatology 196:474 (39 men, not blinded; abstract); a comparison with minoxidil in "
        "40 women, doi:10.1186/s41702-019-0046-y (abstract)"
    ),
    evidence=(
        "27 men against 12 on a shampoo without it, not blinded: density and share of growing hair rose about as on "
        "2 % minoxidil; in 40 women it was slower than 2 % minoxidil. No number could be read, so the prior holds zero."
    ),
    grade="B",
    corrects="The review lists shampoo without a substance; this one has been counted.",
    cost_per_year=(30.0, 150.0),
    harms=(weeks("ketoconazole_events.pruritus", 24, "pruritus", "itching", "skin_irritation", local=True),),
    studied=Studied(
        "aga",
        ("female", "male"),
        (20.0, 50.0),
        "Norwood III vertex; women not told",
        zones=("vertex", "mid", "frontal"),
        source="Pierard-Franchimont 1998 (men of 21 to 33 years); doi:10.1186/s41702-019-0046-y (women)",
    ),
    certainty=Certainty("very low", ("risk of bias", "imprecision"), 1, 39),
)
