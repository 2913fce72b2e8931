"""What can be asked of a finished calibration: studies left out, the sampler's recovery, the worth of a new trial."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from anagen.calibration.information import Information, expected_information
from anagen.calibration.joint import Joint
from anagen.calibration.leave_one_out import HeldOut, leave_one_out
from anagen.calibration.records import Calibration
from anagen.calibration.simulation_based import Ranks, recover, reduced
from anagen.calibration.simulations import Progress
from anagen.calibration.tables import information_of
from anagen.core.numbers import MOST_DATA_SETS, whole
from anagen.execution import Workers

SMALL_PARAMETERS = 8
"""Parameters of the reduced problem on which samplers are compared, beside those of the spread between trials."""
SMALL_STUDY = "van-neste-2000-finasteride"
"""The study of the reduced problem; the first where it is not among the targets."""
ENSEMBLE_WARMUP, ENSEMBLE_DRAWS = 1500, 1500


@dataclass(frozen=True, slots=True)
class FurtherOptions:
    """What is asked. leave_one_out, information: whether; data_sets: how many are recovered, 0 for none."""

    leave_one_out: bool = False
    data_sets: int = 0
    information: bool = False

    def __post_init__(self) -> None:
        """Refuses a number of data sets that nobody means."""
        object.__setattr__(self, "data_sets", whole("data_sets", self.data_sets, 0, MOST_DATA_SETS))


@dataclass(frozen=True, eq=False)
class Further:
    """Answers: None where not asked. ranks: by name of the problem and the sampler."""

    held_out: HeldOut | None
    ranks: dict[str, Ranks]
    information: Information | None


def ask(
    calibration: Calibration,
    options: FurtherOptions,
    *,
    workers: Workers = 1,
    work_dir: Path | None = None,
    progress: Progress | None = None,
    stage: Callable[[str], None] = lambda _: None,
) -> Further:
    """Answers to what is asked of a calibration; arguments as in `calibrate`."""
    work: dict[str, Any] = {"workers": workers, "work_dir": work_dir, "progress": progress}
    held_out, information = None, None
    ranks: dict[str, Ranks] = {}
    if options.leave_one_out:
        stage("leaving out one study at a time")
        held_out = leave_one_out(calibration, **work)
    if options.information:
        stage("simulating the trial to be planned")
        information = expected_information(calibration, **work)
    if options.data_sets:
        seed, small = calibration.settings.seed, small_problem(calibration)
        stage("recovering known truths: all parameters")
        ranks["whole problem, no-U-turn"] = recover(calibration.joint, options.data_sets, seed=seed, **work)
        stage("recovering known truths: few parameters, no-U-turn")
        ranks["reduced problem, no-U-turn"] = recover(small, options.data_sets, seed=seed, **work)
        stage("recovering known truths: few parameters, ensemble")
        ranks["reduced problem, ensemble"] = recover(
            small,
            options.data_sets,
            seed=seed,
            sampler="ensemble",
            warmup=ENSEMBLE_WARMUP,
            draws=ENSEMBLE_DRAWS,
            **work,
        )
    return Further(held_out, ranks, information)


def small_problem(calibration: Calibration) -> Joint:
    """The values of one study, with the parameters that they say most of; the others held at their prior medians."""
    joint = calibration.joint
    studies = [target.study for target in joint.targets]
    study = SMALL_STUDY if SMALL_STUDY in studies else studies[0]
    places = [i for i, name in enumerate(studies) if name == study]
    study_joint = joint.only(places)
    total = information_of(study_joint, calibration.chains.thinned(200)[:, : len(joint.names)]).sum(axis=0)
    most = [joint.names[j] for j in (-total).argsort(kind="stable")[:SMALL_PARAMETERS] if total[j] > 0.0]
    spread = {term.hyper for terms in study_joint.terms for term in terms}
    return reduced(joint, places, sorted({*most, *spread}))
