"""A trial without an effect: whatever differs between an arm and its control is made equal."""

from __future__ import annotations

from anagen.planning.simulating import without_effect
from anagen.study.conduct import Centres, Dropout, Intercurrent
from anagen.study.values import Quantity
from anagen.trials.protocol import protocol
from small_studies import FINASTERIDE, PLACEBO, small_study

FOUR = Quantity(value=4.0, unit="hairs/cm^2", text="4 hairs/cm^2")


def test_events_dropout_expectation_and_centres_are_those_of_the_control() -> None:
    study = small_study({"drug": [FINASTERIDE], "placebo": [PLACEBO]})
    design = study.design.model_copy(
        update={
            "dropout": Dropout(share=0.1, by_arm={"placebo": 0.3}),
            "placebo_response": {"drug": FOUR},
            "centres": Centres(number=4, sd=FOUR, effect_sd=FOUR),
        }
    )
    event = Intercurrent(event="stops_treatment", share=0.1, by_arm={"placebo": 0.4})
    plan = protocol(study.model_copy(update={"design": design, "intercurrent": (event,)}))
    null = without_effect(plan, [("drug", "placebo")])
    assert null.prescriptions[0] == null.prescriptions[1]
    assert null.study.design.leaving.of("drug") == null.study.design.leaving.of("placebo") == 0.3
    assert null.study.design.placebo_response == {}
    assert null.study.design.centres is not None and null.study.design.centres.effect_sd is None
    assert null.study.intercurrent[0].of("drug") == null.study.intercurrent[0].of("placebo") == 0.4


def test_a_study_in_which_arms_differ_by_treatment_alone_keeps_its_design() -> None:
    plan = protocol(small_study({"drug": [FINASTERIDE], "placebo": [PLACEBO]}))
    assert without_effect(plan, [("drug", "placebo")]).study == plan.study
