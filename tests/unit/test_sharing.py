"""Sharing what is changed together: first and last in, whole, nothing for nothing, and cheap."""

from __future__ import annotations

import numpy as np
import pytest

from anagen.signalling.sharing import RUNGS, followed, ladder, shares_of


@pytest.mark.parametrize("players", [2, 3, 7])
def test_shares_add_up_to_the_joint_change_and_nothing_gets_nothing(players: int) -> None:
    """Of a bounded sum, where each of many adds little to the others; the last of them does nothing."""
    steps = [np.array([0.0, 0.5, 1.0])] * players
    rows = followed(steps).rungs
    size = np.linspace(1.0, 0.0, players) if players > 2 else np.array([0.3, 0.7])
    change = 1.0 - np.prod(1.0 - 0.8 * size * np.array([0.0, 0.5, 1.0])[rows], axis=1)
    shares = shares_of(change[:, None], steps)
    given = [float((own + shares.between * met)[2, 0]) for own, met in zip(shares.first, shares.met, strict=True)]
    assert sum(given) == pytest.approx(change.max(), abs=1e-12)
    assert 0.0 <= shares.between[0] <= 1.0
    if players > 2:
        assert given[-1] == 0.0


@pytest.mark.parametrize("players", range(1, 10))
def test_combinations_that_are_followed_are_at_most_twice_those_of_each_alone(players: int) -> None:
    steps = [ladder(RUNGS) if player % 2 else np.array([0.0, 1.0]) for player in range(players)]
    rows = followed(steps)
    assert len(rows.rungs) <= 2 * sum(len(scales) for scales in steps)
    assert not rows.rungs[0].any()
    assert np.array_equal(rows.rungs, np.unique(rows.rungs, axis=0))
