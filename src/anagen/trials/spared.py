"""Hairs shed where the condition spares the scalp: a second look beside the target area, at a zone like the donor's.

What is given by mouth acts there as well; what is put on or into the target area does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.follicles import FollowUp, TargetArea, hair_sums
from anagen.follicles.arguments import SUMS
from anagen.patients import Population
from anagen.signalling import Levers, Response, levers_of_arm
from anagen.signalling.disease import Disease

SPARED_SITE = 24
"""Number of the spared area on the scalp, for draws; target areas come before it, plots of the map behind it."""


def elsewhere(response: Response) -> Response:
    """The response of scalp that nothing local reaches: its players are at an exposure of zero.

    Parameters
    ----------
    response : Response
        Of an arm, in the target area.

    Returns
    -------
    Response
        With the same players; tables of those that are given locally alone hold their first rung throughout, and of one
        that is given by mouth as well only what is swallowed is kept.
    """
    swallowed = [[way.prescription.route.systemic for way in player.ways] for player in response.players]
    local = [not any(ways) for ways in swallowed]

    def at_zero(table: FloatArray, here: bool) -> FloatArray:
        return np.broadcast_to(table[:1], table.shape).copy() if here else table

    return replace(
        response,
        mixed=tuple(
            None if mixed is None else replace(mixed, kept=tuple(float(by_mouth) for by_mouth in ways))
            for mixed, ways in zip(response.mixed, swallowed, strict=True)
        ),
        tables=tuple(
            tuple(at_zero(table, here) for table in own) for own, here in zip(response.tables, local, strict=True)
        ),
        met=tuple(
            tuple(None if met is None else at_zero(met, here) for met in own)
            for own, here in zip(response.met, local, strict=False)
        ),
        meeting={
            lever: tuple(at_zero(of_player, here) for of_player, here in zip(tables, local, strict=True))
            for lever, tables in response.meeting.items()
        },
    )


def spared_shed(
    donor: TargetArea, responses: Sequence[Response], disease: Disease, follow_up: FollowUp, grid: FloatArray
) -> FloatArray:
    """Hairs shed per area of spared scalp in the window before each visit.

    Parameters
    ----------
    donor : TargetArea
        Follicles of a spared area of the patients.
    responses : Sequence[Response]
        Of each arm, in the target area.
    disease : Disease
        The condition and the seasons.
    follow_up : FollowUp
        On the table times of the disease.
    grid : FloatArray, shape (n_points,)
        Times of the levers of therapies [day].

    Returns
    -------
    FloatArray, shape (n_patients, n_arms, n_visits)
        [1/cm2].
    """
    away = [elsewhere(response) for response in responses]

    def levers(patients: Population) -> list[Levers]:
        plain = [levers_of_arm(each, patients, disease.values, seed=disease.seed, grid=grid) for each in away]
        return [disease.levers(twin, patients, follow_up.grid) for twin in plain]

    sums = hair_sums(replace(donor, site=SPARED_SITE, states=None), levers, follow_up)
    return sums[..., SUMS.index("shed")] / follow_up.reading.area
