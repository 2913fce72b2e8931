"""A dose of zero is the control, bit for bit, in this very study."""

from __future__ import annotations

from typing import Any

import numpy as np

from anagen.credibility.checks.finding import Case, Finding
from anagen.study import Study
from anagen.therapies import THERAPIES
from anagen.trials.expectation import expectation_names
from anagen.trials.reference import expected_readings
from anagen.trials.simulation import scene_of

PATIENTS = 16
HOPED = "patient_score"
"""What patients say of themselves; where the control is no treatment at all they know that nothing was done."""
TITLE = "A dose of zero equals its control bit for bit"
SOURCE = "identity"


def check_zero_dose(case: Case) -> Finding:
    """Readings of every dosed arm at dose zero against those of the arm that gets the controls of its therapies.

    Where the control of a therapy is no treatment, the patient's own score is not compared.
    """
    whole = case.study.model_dump()
    dosed = [arm for arm in whole["arms"] if any(use["dose"] is not None for use in arm["therapies"])]
    if not dosed:
        return Finding(
            TITLE, "a dose to set to zero", "no therapy of this study has a dose", None, 0.0, "values", SOURCE
        )
    differing = compared = 0
    for arm in dosed:
        study = _paired(whole, arm)
        scene = scene_of(study, case.values, seed=case.seed)
        zero, control = expected_readings(scene, n_patients=PATIENTS)
        first, second = (expectation_names(prescriptions) for prescriptions in scene.protocol.prescriptions)
        kept = [i for i, e in enumerate(scene.protocol.endpoints) if e.name != HOPED or first == second]
        for one, other in ((zero.expected, control.expected), (zero.measured, control.measured)):
            one, other = one[:, :, kept], other[:, :, kept]
            same = (one == other) | (np.isnan(one) & np.isnan(other))
            differing += int((~same).sum())
            compared += same.size
    names = ", ".join(str(arm["name"]) for arm in dosed)
    return Finding(
        title=TITLE,
        expected="no value differs",
        actual=f"{differing} of {compared:,} values differ ({names}; {PATIENTS} patients each)",
        error=float(differing),
        tolerance=0.0,
        unit="values",
        source=SOURCE,
    )


def _paired(whole: dict[str, Any], arm: dict[str, Any]) -> Study:
    """The study with two arms: this arm at dose zero, and the same arm with controls in place of dosed therapies."""

    def arm_of(name: str, uses: list[dict[str, Any]], control: bool) -> dict[str, Any]:
        return {**arm, "name": name, "therapies": uses, "control": control, "comparator": None}

    zero = [_emptied(use) for use in arm["therapies"]]
    control = [_control(use) for use in arm["therapies"]]
    return Study.model_validate(
        {**whole, "arms": [arm_of("zero", zero, False), arm_of("control", control, True)], "observed": ()}
    )


def _emptied(use: dict[str, Any]) -> dict[str, Any]:
    if use["dose"] is None:
        return use
    return {**use, "dose": {**use["dose"], "value": 0.0, "text": f"0 {use['dose']['unit']}"}}


def _control(use: dict[str, Any]) -> dict[str, Any]:
    if use["dose"] is None:
        return use
    bare = {"product": None, "product_file": None, "formulation": None, "dose": None, "treated_area": None}
    return {**use, **bare, "therapy": THERAPIES[use["therapy"]].by(use["route"]).control}
