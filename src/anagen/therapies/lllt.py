"""Low-level light (photobiomodulation), 655 nm.

That it acts in people is shown; how is not. The way from light over nitric oxide and vessels to growth factors is a
hypothesis, so that only the longer anagen, which is what growth factors do, goes through the network; the other levers
go beside it and stay where an edge of the hypothesis is silenced.
"""

from anagen.therapies.action import Occupancy, actions, by_effect, direct
from anagen.therapies.certainty import Certainty
from anagen.therapies.populations import Studied
from anagen.therapies.safety import weeks
from anagen.therapies.therapy import Alias, RegimenSchedule, Therapy

LLLT = Therapy(
    name="lllt",
    title="low-level light",
    aliases={
        "PBM": Alias("photobiomodulation, another word for low-level light"),
        "photobiomodulation": Alias("another word for low-level light"),
        "low-level laser therapy": Alias("low-level light from lasers"),
    },
    routes=("light",),
    occupies=(Occupancy("LIGHT", "lllt.half_dose", reference_occupancy="lllt.reference_occupancy"),),
    actions=by_effect(
        "lllt", (*actions("lllt", "anagen_extension", reference=True), *direct("lllt", "telogen_exit", "calibre_gain"))
    ),
    kinetics={"light": "light-sessions"},
    dose_unit="J/cm^2",
    default_dose=67.0,
    default_schedule=RegimenSchedule(every=1.0 / 3.0),
    control="sham-light",
    response="lllt.response_cv",
    source=(
        "Meng 2020, doi:10.2351/1.5131551 (9 randomised trials); Jimenez 2014, doi:10.1007/s40257-013-0060-6; "
        "Lanzafame 2014, PMC4265291; mechanism: Avci 2014, doi:10.1002/lsm.22170"
    ),
    evidence=(
        "Sham-controlled randomised trials, most of them paid by makers: +18.6 (13.2 to 23.9) hairs/cm2 over sham, "
        "pooled. Dose and wavelength were never compared."
    ),
    grade="A",
    corrects=(
        "The review gives 600 to 1000 nm, the window of photobiomodulation in general; hair trials used 650 to 655 nm. "
        "Nitric oxide and cytochrome c oxidase are hypotheses; sham light gains as well."
    ),
    cost_per_year=(150.0, 1500.0),
    harms=(
        weeks("light_events.lllt_pruritus", 24, "pruritus", "itching", "skin_irritation", local=True),
        weeks("light_events.lllt_headache", 24, "headache", "headache", "systemic"),
    ),
    studied=Studied(
        "aga",
        ("female", "male"),
        (18.0, 60.0),
        "Norwood IIa to V, Ludwig-Savin I-2 to II-2",
        zones=("vertex", "mid"),
        source="Lanzafame 2014, PMC4265291; Jimenez 2014; Leavitt 2009",
    ),
    certainty=Certainty("low", ("risk of bias (paid by makers)", "inconsistency", "publication bias"), 10, 276),
)
