"""Dutasteride: inhibits 5-alpha-reductase types I and II (Avodart is a brand of it, not another drug)."""

from anagen.therapies.action import Occupancy, actions
from anagen.therapies.certainty import Certainty
from anagen.therapies.contraindications import (
    DUTASTERIDE_LABEL,
    harms_a_fetus,
    of_five_alpha_reductase_inhibitor,
)
from anagen.therapies.finasteride import sexual_events
from anagen.therapies.populations import ANTIANDROGEN_IN_WOMEN, Studied
from anagen.therapies.safety import ORAL, weeks
from anagen.therapies.therapy import Alias, RegimenSchedule, Therapy

DUTASTERIDE = Therapy(
    name="dutasteride",
    title="dutasteride",
    aliases={
        "Avodart": Alias("a brand of dutasteride, not another drug"),
    },
    routes=("oral",),
    occupies=(Occupancy("DHT_BLOCK", reference_occupancy="dutasteride.reference_occupancy"),),
    actions=actions("dutasteride", "androgen_drive", "telogen_exit", reference=True),
    kinetics={"oral": "dutasteride"},
    dose_unit="mg",
    default_dose=0.5,
    per=("day",),
    default_schedule=RegimenSchedule(per_day=1.0),
    control="placebo",
    response="dutasteride.response_cv",
    source=(
        "Olsen 2006, doi:10.1016/j.jaad.2006.05.007; Gubelin Harcha 2014, doi:10.1016/j.jaad.2013.10.049; Eun 2010, "
        "doi:10.1016/j.jaad.2009.09.018; Gisleskog 1999, doi:10.1046/j.1365-2125.1999.00843.x"
    ),
    grade="A",
    cost_per_year=(100.0, 600.0),
    evidence=(
        "Randomised, double blind: +25, +19 and +7.5 hairs/cm2 against placebo at 24 weeks with 0.5 mg, in trials of "
        "416, 917 and 153 men."
    ),
    corrects=(
        "The review lists Avodart as a drug of its own that inhibits type II only; it is dutasteride and "
        "inhibits both types."
    ),
    harms=(
        *sexual_events("dutasteride", 24, 29),
        weeks("dutasteride_events.dyspepsia", 29, "dyspepsia", "dyspepsia", "systemic", **ORAL),
        weeks("dutasteride_events.fatigue", 29, "fatigue", "fatigue", "systemic", **ORAL),
    ),
    contraindications=(
        harms_a_fetus("dutasteride"),
        *of_five_alpha_reductase_inhibitor(
            "dutasteride",
            "suicidal thoughts are a side effect of finasteride, which acts in the same way; a direct link was not "
            "found for dutasteride: as a precaution, ask about mood before and during treatment",
            months=6,
            label=DUTASTERIDE_LABEL,
        ),
    ),
    studied=Studied(
        "aga",
        ("male",),
        (18.0, 50.0),
        "Norwood III vertex to V",
        zones=("vertex",),
        source="Olsen 2006, doi:10.1016/j.jaad.2006.05.007; Eun 2010; Gubelin Harcha 2014",
        other_sex=ANTIANDROGEN_IN_WOMEN,
    ),
    certainty=Certainty("moderate", ("inconsistency (+7.5 to +25 hairs/cm2)",), 4, 1520),
)
