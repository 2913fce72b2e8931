"""One patient followed at the doses given, and what each edge carries of that."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np
import pytest

from anagen.delivery import ROUTES, Prescription, sessions
from anagen.delivery.doses import daily
from anagen.parameters import load_parameters
from anagen.signalling.carrying import carried_shares, edges_on_the_way, reached_levers
from anagen.signalling.changes import changes, rest_of
from anagen.signalling.network import Network, load_network
from anagen.signalling.response import arm_response
from anagen.signalling.sharing import planned_rung
from anagen.signalling.tracing import Trace, followed_levels, planned_drive, trace_of
from anagen.therapies import THERAPIES

END = 84.0
VESICLES = Prescription(THERAPIES["exosome"], ROUTES["intradermal"], sessions(start=0, every=2, number=3, amount=1e10))
FINASTERIDE = Prescription(THERAPIES["finasteride"], ROUTES["oral"], daily(start=0.0, until=12.0, amount_per_day=1.0))


@lru_cache(maxsize=1)
def values() -> Mapping[str, float]:
    return load_parameters().draw(1, 0)


def traced(*given: Prescription, network: Network | None = None) -> Trace:
    drive = planned_drive(given, values(), end=END)
    return trace_of(drive, values(), condition="aga", network=network or load_network(), sex="male")


def test_the_doses_given_alone_have_the_response_that_they_have_on_the_ladder() -> None:
    given = (VESICLES, FINASTERIDE)
    from anagen.signalling.response import response_of

    ladder = arm_response(given, values(), condition="aga", end=END)
    alone = response_of(planned_drive(given, values(), end=END), values(), condition="aga", network=load_network())
    assert [player.name for player in alone.players] == [player.name for player in ladder.players]
    for whole, own, rungs in zip(ladder.tables, alone.tables, ladder.rungs, strict=True):
        for of_ladder, of_dose in zip(whole, own, strict=True):
            np.testing.assert_allclose(of_dose[-1], of_ladder[planned_rung(rungs)], atol=2e-4)


def test_somebody_who_gets_nothing_rests() -> None:
    rest = traced()
    assert rest.through == rest.beside == ()
    assert (rest.levels == rest.rest).all()
    assert (rest.levers.androgen_drive == 1.0).all() and (rest.levers.anagen_extension == 0.0).all()
    assert carried_shares(rest, values()) == {}


def test_levers_follow_the_response_to_their_greatest_effect_and_back() -> None:
    found = traced(VESICLES)
    course = found.effect("telogen_exit")
    action = next(a for a in THERAPIES["exosome"].actions if a.lever == "telogen_exit")
    assert course[0] < 0.5 * course.max() and course[-1] < 0.25 * course.max()
    # what the needle does comes on top of the therapy's own greatest effect
    assert 0.1 * action.greatest(values()) < course.max() < 3.0 * action.greatest(values())
    assert 0.0 < traced(FINASTERIDE).effect("androgen_drive")[-1] < 1.0


def test_occupancies_and_levels_are_means_of_the_days_asked_for() -> None:
    found = traced(VESICLES)
    early, late = found.occupied(0.0, 7.0), found.occupied(70.0, 77.0)
    assert set(early) == {"VESICLE_UPTAKE", "VESICLE_WNT", "WOUND"}
    assert all(late[name] < early[name] < 1.0 for name in early)
    assert found.levels_between(0.0, 7.0)["WNT"] > found.levels_between(77.0, END)["WNT"]
    with pytest.raises(ValueError, match="outside"):
        found.occupied(90.0, 97.0)


def test_a_chain_carries_all_of_the_lever_at_its_end() -> None:
    shares = carried_shares(traced(FINASTERIDE), values())
    assert shares["DHT_BLOCK->DHT"]["androgen_drive"] == pytest.approx(1.0)
    assert shares["DHT->AR"]["androgen_drive"] == pytest.approx(1.0)
    assert "VESICLE_WNT->WNT" not in shares and "androgen_drive" not in shares["AR->DKK1"]


def test_what_an_edge_carries_is_what_following_the_network_without_it_loses() -> None:
    found = traced(VESICLES)
    shares = carried_shares(found, values())
    for name in ("WNT->GSK3B", "VESICLE_UPTAKE->AKT", "VESICLE_UPTAKE->TGFB1"):
        edited = load_network().without(name)
        rest = rest_of(edited, "aga")
        levels = followed_levels(found.drive, condition="aga", network=edited, rest=rest)
        left = changes(edited, levels, rest, values())
        for lever, share in shares[name].items():
            whole = np.trapezoid(found.changed[lever], found.drive.knots)
            lost = 1.0 - np.trapezoid(left[lever], found.drive.knots) / whole
            assert share == pytest.approx(lost, abs=0.03), (name, lever)


def test_where_everything_that_is_given_is_silenced_nothing_reaches_a_lever() -> None:
    silent = traced(VESICLES, network=load_network().without("VESICLE_UPTAKE", "VESICLE_WNT", "WOUND"))
    assert reached_levers(silent) == ()
    assert carried_shares(silent, values()) == {}
    assert not silent.effect("telogen_exit").any()


def test_edges_on_the_way_begin_at_what_is_given_and_end_behind_the_lever() -> None:
    names = {edge.name for edge in edges_on_the_way(load_network(), ["WOUND"], ["telogen_exit"])}
    assert {"WOUND->WNT", "WNT->GSK3B", "BCATENIN->STEM_CELLS"} <= names
    assert not any(name.startswith(("MINOXIDIL", "DHT")) for name in names)
