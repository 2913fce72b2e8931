"""What the peers are handed of a study: values, matched population and courses of the levers, worked out by Anagen."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from anagen.follicles import FollicleParameters, time_grid
from anagen.parameters import parameter_source
from anagen.scalp import detection_curve
from anagen.signalling import Response, arm_response, levers_of_arm
from anagen.study import Study
from anagen.trials.observation import Scene, arm_shift
from anagen.trials.protocol import study_parameters
from anagen.trials.screening import candidates
from anagen.trials.simulation import scene_of
from peers.scenario import Floats
from peers.trial import Plan


def plan_of(study: Study, trials: int, seed: int) -> Plan:
    """The study at central values, and the levers of so many trials."""
    parameters = study_parameters(study, parameter_source("default").load())
    scene = scene_of(study, parameters.draw(seed, 0), seed=seed)
    protocol, values = scene.protocol, scene.values
    if len(set(protocol.sizes)) > 1 or len(protocol.sizes) != 2:
        raise ValueError("the peers know trials of two arms of one size")
    limits = study.population.inclusion["total_density"]
    visits = np.rint(protocol.weeks * 7.0).astype(np.int64)
    grid = time_grid(float(visits[-1]))
    responses = [
        arm_response(arm, values, condition="aga", end=float(grid[-1] + 1.0)) for arm in protocol.prescriptions
    ]
    return Plan(
        process=FollicleParameters.from_values(values),
        values=values,
        spec=scene.spec,
        limits=(float(limits.min or 0.0), float(np.inf if limits.max is None else limits.max)),
        size=protocol.sizes[0],
        dropout=study.design.dropout,
        visits=visits,
        endpoints=tuple(endpoint.name for endpoint in protocol.endpoints),
        detection=detection_curve(protocol.method, values),
        shift=np.stack([arm_shift(arm, values, visits.astype(float)) for arm in protocol.prescriptions]),
        courses=np.stack([courses_of(scene, responses, grid, number) for number in range(trials)]),
    )


def courses_of(scene: Scene, responses: list[Response], grid: Floats, number: int) -> Floats:
    """Levers of a patient of average response in one trial, shape [arm, 2, 3, day]: by the route, by the substance."""
    therapies = [use.therapy for arm in scene.protocol.prescriptions for use in arm]
    average = {therapy.response: 0.0 for therapy in therapies if therapy.response is not None}
    nothing = {action.maximum: 0.0 for therapy in therapies for action in therapy.actions}
    both, route = (
        replace(scene, values={**scene.values, **average, **changed}) for changed in (dict[str, float](), nothing)
    )
    anyone = candidates(scene, np.arange(1), number)

    def of(response: Response, under: Scene) -> Floats:
        levers = levers_of_arm(response, anyone, under.values, seed=scene.seed, grid=grid)
        if (levers.androgen_drive != 1.0).any():
            raise ValueError("the peers know no lever that acts on androgens")
        return np.stack([levers.anagen_extension[0], levers.telogen_exit[0], levers.calibre_gain[0]])[:, grid >= 0.0]

    return np.stack([[of(response, route), of(response, both) - of(response, route)] for response in responses])
