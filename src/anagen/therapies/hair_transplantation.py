"""Hair transplantation: follicular units of the safe donor area, harvested as a strip (FUT) or one by one (FUE)."""

from anagen.therapies.certainty import Certainty
from anagen.therapies.contraindications import warning
from anagen.therapies.populations import Studied
from anagen.therapies.safety import sessions
from anagen.therapies.therapy import Alias, RegimenSchedule, Therapy

HAIR_TRANSPLANTATION = Therapy(
    name="hair-transplantation",
    title="hair transplantation",
    aliases={
        "FUE": Alias("follicular unit extraction, one of two ways of harvesting", formulation="fue"),
        "FUT": Alias("follicular unit transplantation, the harvest of a strip", formulation="fut"),
        "strip": Alias("the harvest of a strip, FUT", formulation="fut"),
        "hair transplant": Alias("another word for it"),
    },
    routes=("graft",),
    dose_unit="FU/cm^2",
    default_dose=30.0,
    formulations={"fue": 1.0, "fut": 1.0},
    default_schedule=RegimenSchedule(sessions=1),
    control="none",
    grade="B",
    cost_per_year=(3000.0, 15000.0),
    cost_source="Assumption: usual price of one operation, not collected; wide",
    moves_follicles=True,
    reads=(
        "graft.safe_donor_area",
        "graft.donor_density",
        "graft.donor_density_cv",
        "graft.harvest_limit",
        "graft.hairs_per_unit_african",
        "graft.hairs_per_unit_asian",
        "graft.hairs_per_unit_caucasian",
        "graft.transection_fue",
        "graft.transection_fut",
        "graft.survival",
        "graft.survival_factor_fue",
        "graft.crowding_from",
        "graft.crowding_slope",
        "graft.shedding_median",
        "graft.shedding_spread",
        "graft.rest_median",
        "graft.rest_spread",
    ),
    source=(
        "Limmer 1994, Dermatol Surg 20:789 (strip and stereoscopic dissection); Rassman 2002, Dermatol Surg 28:720 "
        "(follicular unit extraction); Beehner 2005, meeting of the ISHRS (survival by density planted)"
    ),
    evidence=(
        "Moves follicles and makes none. Its control is no surgery: a sham operation is not possible, and nobody can "
        "be blinded. Survival by density planted rests on two patients."
    ),
    corrects=(
        "The review lists hair transplantation and FUT as two treatments; FUT (strip) and FUE are two ways of "
        "harvesting for one."
    ),
    harms=(
        sessions("hair_transplantation_events.oedema", 1, "postoperative_oedema", "swelling after surgery", "surgical"),
        sessions(
            "hair_transplantation_events.sterile_folliculitis",
            1,
            "sterile_folliculitis",
            "sterile folliculitis",
            "infection",
        ),
        sessions(
            "hair_transplantation_events.bacterial_folliculitis",
            1,
            "bacterial_folliculitis",
            "bacterial folliculitis",
            "infection",
        ),
        sessions("hair_transplantation_events.numbness", 1, "numbness", "numbness", "skin_atrophy"),
        sessions(
            "hair_transplantation_events.wide_donor_scar",
            1,
            "wide_donor_scar",
            "wide donor scar",
            "scar",
            formulations=("fut",),
            resolution="never",
        ),
        sessions(
            "hair_transplantation_events.donor_hypopigmentation",
            1,
            "donor_hypopigmentation",
            "pale dots in the donor area",
            "scar",
            formulations=("fue",),
            resolution="never",
        ),
    ),
    contraindications=(
        warning("hair-transplantation-in-keloids", "surgery in patients who form keloids scars badly", "keloids"),
    ),
    studied=Studied(
        "aga",
        ("male",),
        (30.0, 65.0),
        "Norwood VI",
        zones=("vertex",),
        source="Beehner 2005",
    ),
    certainty=Certainty("low", ("no control", "imprecision"), 0, 0),
)
