"""Routes that a study file can name: a table, to which installed packages add rows.

A route says what giving something does by itself: its act, its shift of readings, its adverse events. The same holds
for its control, whatever is given.
"""

from __future__ import annotations

from functools import partial

from anagen.core import plugins
from anagen.core.registry import Registry
from anagen.delivery.route import Route, Setting, wounding
from anagen.therapies.safety import sessions, weeks

WOUND_SWITCH = Setting("wound", "1 where the wound's own signal acts, 0 where it is switched off", "1", 1.0, 0.0, 1.0)
CHANNEL_SWITCH = Setting(
    "channels", "1 where something passes the channels, 0 where they are switched off", "1", 1.0, 0.0, 1.0
)


def opened_skin(device: str) -> tuple[Setting, ...]:
    """Depth and density of the channels of a device, whether they are kept covered, for how long a current flows, how
    long after opening something is laid on; and two switches, because a wound and open channels are two mechanisms.

    Parameters
    ----------
    device : str
        Prefix of the device's parameters.
    """
    return (
        Setting("depth", "depth of the channels", "mm", f"{device}.depth", 0.05, 3.0),
        Setting("density", "channels per area", "1/cm2", f"{device}.density", 1.0, 2000.0),
        Setting("occluded", "1 where the skin is covered afterwards, 0 where not", "1", 0.0, 0.0, 1.0),
        Setting("iontophoresis", "time for which a current flows after each session", "min", 0.0, 0.0, 120.0),
        Setting("delay", "time from opening the skin to laying something on", "h", 0.0, 0.0, 168.0),
        WOUND_SWITCH,
        CHANNEL_SWITCH,
    )


TABLE = (
    # Nothing is given.
    Route(name="none", title="nothing is given", source="Definition"),
    # By mouth: blood, then the follicle; the kinetics belong to each drug.
    Route(
        name="oral",
        title="by mouth",
        reading="reading.oral",
        source="Kinetics by drug: docs/delivery.md",
        systemic=True,
    ),
    # On intact scalp: stratum corneum and follicle for a small molecule, nearly nothing for a vesicle; the
    # vehicle shifts readings.
    Route(
        name="topical",
        title="applied to the scalp",
        reading="reading.topical_vehicle",
        settings=(
            Setting("iontophoresis", "time for which a current flows after each session", "min", 0.0, 0.0, 120.0),
        ),
        source="Reservoir kinetics; vehicle arms +3.9 to +9.4 hairs/cm2 (Olsen 2002, Lucky 2004)",
        harms=(
            weeks("topical_events.pruritus", 48, "pruritus", "itching", "skin_irritation", local=True),
            weeks("topical_events.dryness", 48, "dryness", "dryness or scaling", "skin_irritation", local=True),
            weeks("topical_events.erythema", 48, "erythema", "redness", "skin_irritation", local=True),
        ),
    ),
    # Injected into the scalp on a grid: a depot that reaches some of the follicles, and the needle's own wound
    # signal.
    Route(
        name="intradermal",
        title="injected into the scalp",
        act=wounding("injection-wound"),
        reading="reading.injection",
        settings=(
            Setting("spacing", "distance between injection points", "mm", "injection_grid.spacing", 2.0, 50.0),
            Setting("bleb_volume", "volume injected at each point", "mL", "injection_grid.bleb_volume", 0.005, 1.0),
            Setting("depth", "depth of the needle", "mm", "injection_grid.needle_depth", 0.5, 10.0),
        ),
        source="Saline arms: Shapiro 2020, PMID 32653577; Amini 2025, doi:10.3390/life15030500",
        harms=(
            sessions(
                "intradermal_events.injection_pain", 3, "injection_pain", "pain at the injection", "procedure_pain"
            ),
            sessions(
                "intradermal_events.injection_erythema",
                3,
                "injection_erythema",
                "redness at the injection",
                "skin_after_procedure",
            ),
            sessions("intradermal_events.bruising", 3, "bruising", "bruising", "bruise"),
            sessions("intradermal_events.headache", 3, "headache", "headache", "systemic", local=False),
            sessions(
                "intradermal_events.injection_infection",
                3,
                "injection_infection",
                "infection at the injection",
                "infection",
            ),
        ),
    ),
    # Needles of a roller or pen: channels that close within hours, and a wound.
    Route(
        name="microneedle",
        title="laid on after microneedling",
        act=wounding("microneedle-wound"),
        reading="reading.injection",
        settings=opened_skin("microneedle"),
        source="doi:10.2147/IJN.S249751; Gupta 2011, J Control Release 154:148",
        harms=(
            sessions(
                "microneedling_events.procedure_pain", 4, "procedure_pain", "pain of the procedure", "procedure_pain"
            ),
            sessions("microneedling_events.erythema", 4, "erythema", "redness", "skin_after_procedure"),
            sessions(
                "microneedling_events.serious_adverse_event",
                4,
                "serious_adverse_event",
                "serious adverse event",
                "serious",
            ),
        ),
    ),
    # Needles that heat: channels partly sealed by heat, and a wound.
    Route(
        name="radiofrequency",
        title="laid on after fractional radiofrequency",
        act=wounding("radiofrequency-wound"),
        reading="reading.injection",
        settings=opened_skin("radiofrequency"),
        source="Assumption: channels like those of needles, partly sealed",
        harms=(
            sessions(
                "radiofrequency_events.procedure_pain", 4, "procedure_pain", "pain of the procedure", "procedure_pain"
            ),
            sessions("radiofrequency_events.erythema", 4, "erythema", "redness", "skin_after_procedure"),
            sessions("radiofrequency_events.burn", 4, "burn", "burn", "surgical"),
        ),
    ),
    # Ablative columns: open channels with coagulated walls, and a wound.
    Route(
        name="fractional-co2",
        title="laid on after fractional CO2 laser",
        act=wounding("fractional-co2-wound"),
        reading="reading.injection",
        settings=opened_skin("fractional_co2"),
        source="Channels of ablative fractional lasers; counts on scalp were not measured",
        harms=(
            sessions("laser_events.co2_erythema", 5, "erythema", "redness", "skin_after_procedure"),
            sessions("laser_events.co2_pain", 5, "procedure_pain", "pain of the procedure", "procedure_pain"),
            sessions("laser_events.co2_crusting", 5, "crusting", "crusting", "surgical"),
            sessions("laser_events.co2_hyperpigmentation", 5, "hyperpigmentation", "hyperpigmentation", "skin_atrophy"),
        ),
    ),
    # Not ablative: heated columns under a stratum corneum that stays in place let little through.
    Route(
        name="erbium-glass",
        title="laid on after fractional Er:glass laser",
        act=wounding("erbium-glass-wound"),
        reading="reading.injection",
        settings=opened_skin("erbium_glass"),
        source="Non-ablative fractional laser; counts on scalp were not measured",
        harms=(
            sessions("laser_events.erbium_pruritus", 5, "pruritus", "itching", "procedure_pain"),
            sessions("laser_events.erbium_erythema", 5, "erythema", "redness", "skin_after_procedure"),
        ),
    ),
    # Grafted into the scalp: follicles are moved and no substance is given; what is planted where is set here.
    Route(
        name="graft",
        title="grafted into the balding zone",
        settings=(
            Setting("recipient_area", "area planted", "cm^2", "graft.recipient_area", 0.1, 400.0),
            Setting(
                "shock_loss", "share of native growing hairs lost around the grafts", "1", "graft.shock_loss", 0.0, 0.9
            ),
        ),
        source="Donor dominance: Orentreich 1959, Ann N Y Acad Sci 83:463",
    ),
    # Light on the scalp from a comb, helmet or lamp; expectation shifts counts as it does in sham-controlled
    # trials.
    Route(
        name="light",
        title="light on the scalp",
        reading="reading.light",
        settings=(Setting("wavelength", "wavelength of the light", "nm", "light.best_wavelength", 280.0, 1200.0),),
        source="Sham arms: Lanzafame 2014, PMC4265291; pooled, Meng 2020, doi:10.2351/1.5131551",
    ),
    # Threads laid under the scalp: nothing is delivered, and the thread's own wound signal lasts until it is
    # absorbed.
    Route(
        name="thread",
        title="threads laid under the scalp",
        act=wounding("thread-wound"),
        reading="reading.injection",
        settings=(
            Setting("density", "threads per area", "1/cm2", "thread.density", 0.01, 10.0),
            Setting("depth", "length of each thread under the skin", "mm", "thread.length", 1.0, 60.0),
            WOUND_SWITCH,
        ),
        source=(
            "Series of men and women with polydioxanone monofilaments; counts against an untouched scalp were not read"
        ),
    ),
    # A cap that cools the scalp while a drug flows: nothing is delivered and nothing pierces the skin.
    Route(
        name="cooling",
        title="cooling of the scalp",
        source="SCALP, doi:10.1001/jama.2016.20939; Rugo 2017, doi:10.1001/jama.2016.21038 (scalp at 3 degrees)",
    ),
    # A procedure that is only acted: nothing pierces the skin, and expectation shifts counts as after the real
    # one.
    Route(
        name="sham",
        title="a procedure that is only acted",
        reading="reading.injection",
        source="Definition; no trial of scalp procedures with a sham was read",
    ),
)

ROUTES: Registry[Route] = Registry("route", partial(plugins.entries_of, Route, plugins.ROUTES, table=TABLE))
