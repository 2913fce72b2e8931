"""Responses of all arms of a study under one draw against those of each arm alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain

import pytest

from anagen.delivery import Exposure, Kinetics, Prescription, kinetics_of
from anagen.parameters import load_parameters
from anagen.signalling import Response, arm_response, arm_responses, exposed, response
from anagen.therapies.kinetics import KineticsData
from therapy_doses import GIVEN, as_control, given

VALUES = load_parameters("prior").draw(1, 1)
END = 70.0


def of_arms(arms: Sequence[Sequence[Prescription]]) -> list[Response]:
    return arm_responses(arms, VALUES, condition="aga", end=END)


def contents(found: Response) -> tuple[list[str], list[bytes]]:
    arrays = chain(found.rungs, [found.knots], *found.tables)
    return [player.name for player in found.players], [array.tobytes() for array in arrays]


@pytest.mark.parametrize(("therapy", "route"), GIVEN)
def test_each_arm_responds_as_if_it_were_alone(therapy: str, route: str) -> None:
    treatment = given(therapy, route, until=8.0)
    beside = given("finasteride", "oral", until=8.0)
    stronger = given(therapy, route, times=2.0, until=8.0)
    arms = [(treatment,), as_control(treatment), (stronger,), (treatment,), (beside, treatment), (beside,), ()]
    alone = [arm_response(arm, VALUES, condition="aga", end=END) for arm in arms]
    assert [contents(each) for each in of_arms(arms)] == [contents(each) for each in alone]


def test_what_arms_share_is_followed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    followed: list[KineticsData] = []

    def counted(kinetics: KineticsData) -> Kinetics:
        found = kinetics_of(kinetics)

        def amounts(*arguments: object) -> Exposure:
            followed.append(kinetics)
            return found.amounts(*arguments)  # pyright: ignore[reportArgumentType]

        return replace(found, amounts=amounts)

    monkeypatch.setattr(exposed, "kinetics_of", counted)
    vesicles = given("exosome", "intradermal")
    of_arms([(vesicles,), as_control(vesicles), (given("exosome", "intradermal"),)])
    assert sorted(map(str, followed)) == ["injection-wound", "vesicles"]


def test_the_network_rests_once_for_all_arms(monkeypatch: pytest.MonkeyPatch) -> None:
    rested: list[int] = []
    rest_of = response.rest_of
    monkeypatch.setattr(response, "rest_of", lambda *a: rested.append(1) or rest_of(*a))
    of_arms([(given("finasteride", "oral"),), (given("dutasteride", "oral"),), ()])
    assert rested == [1]
