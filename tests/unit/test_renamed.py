"""Names that changed: an old one is answered with the present one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from anagen.core.errors import InputError
from anagen.core.renamed import LEVERS as RENAMED
from anagen.core.renamed import present_name
from anagen.parameters import load_parameters
from anagen.parameters.posterior import Posterior, check_posterior
from anagen.parameters.result import priors
from anagen.therapies import THERAPIES
from anagen.therapies.action import LEVERS, Action


def test_every_old_name_leads_to_a_lever() -> None:
    assert set(RENAMED.values()) <= set(LEVERS)
    assert not set(RENAMED) & set(LEVERS)


def with_lever(lever: Any) -> None:
    """The vesicles of the registry with one action, on this lever."""
    replace(THERAPIES["exosome"], actions=(Action(lever, "x.y", "x.rise", "x.fall"),))


@pytest.mark.parametrize("old", RENAMED)
def test_an_action_with_an_old_lever_says_the_new_one(old: str) -> None:
    with pytest.raises(ValueError, match=f"'{old}' is no lever; it is called '{RENAMED[old]}' now"):
        with_lever(old)


def test_an_action_with_no_lever_says_what_there_is() -> None:
    with pytest.raises(ValueError, match="'speed' is no lever; levers are androgen_drive, "):
        with_lever("speed")


def test_a_posterior_with_old_names_says_the_new_ones() -> None:
    posterior = Posterior(("exosome.resting_clock",), np.full((3, 1), 0.2), {}, "mine.parquet")
    with pytest.raises(InputError, match=r"mine.parquet: exosome.resting_clock: .*did you mean 'exosome.telogen_exit'"):
        check_posterior(posterior, load_parameters("prior"))


@pytest.mark.parametrize("name", ["minoxidil.calibre_boost", "baricitinib.attack", "wound.resting_clock"])
def test_asking_for_an_old_parameter_says_the_new_one(name: str) -> None:
    with pytest.raises(InputError, match=f"did you mean '{present_name(name)}'"):
        priors(name)
