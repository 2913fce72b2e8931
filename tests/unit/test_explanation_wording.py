"""What an explanation says of its gain: by direction, nothing shared of nothing, what has no data first."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from anagen.explanation import wording
from anagen.explanation.explain import told


def about(**changed: Any) -> dict[str, Any]:
    return {
        "arm": "drug", "control": "placebo", "primary": {"endpoint": "salt", "measure": "change", "week": 24.0},
        "gain_total": -12.0, "gain_error": 1.0, "gain_told": True, "more_is_better": False, "gain_band": None,
        "draws": 0, "acts": False, "without_effect": [], "without_data": [], "condition": "alopecia_areata",
    } | changed  # fmt: skip


def headline(**changed: Any) -> str:
    return wording.headline(SimpleNamespace(about=about(**changed)))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({}, "drug lowers severity of alopecia (SALT) by 12.0 ± 1.0\u00a0points against placebo, which is better,"),
        ({"gain_total": 13.0}, "drug raises severity of alopecia (SALT) by 13.0 ± 1.0"),
        ({"gain_total": 18.0, "more_is_better": True}, "drug gains +18.0 ± 1.0"),
        ({"gain_total": -18.0, "more_is_better": True}, "drug loses 18.0 ± 1.0"),
        ({"gain_total": -0.1, "gain_error": 0.4, "gain_told": False}, "does not differ from placebo beyond the error"),
    ],
)
def test_what_is_better_decides_the_words(changed: dict[str, Any], words: str) -> None:
    assert words in headline(**changed)
    assert "gains -" not in headline(**changed) and "gains −" not in headline(**changed)


def test_a_gain_within_its_error_is_none() -> None:
    assert not told(0.1, 0.2) and not told(-0.39, 0.2) and told(0.41, 0.2)
    assert not told(0.0, 0.0) and told(1e-3, 0.0), "what is exact is told however small"


def test_of_no_gain_nothing_is_shared() -> None:
    empty = pd.DataFrame({"player": [], "lever": [], "gain": []})
    table = pd.DataFrame({"path": pd.Series(dtype=str), "carried": pd.Series(dtype=float)})
    levers = pd.DataFrame({"entry": pd.Series(dtype=str), "carried": pd.Series(dtype=float)})
    ablation = pd.DataFrame({"kind": pd.Series(dtype=str), "change": pd.Series(dtype=float)})
    network = SimpleNamespace(input_names=(), model=None)
    explained = SimpleNamespace(
        about=about(acts=True, gain_told=False, gain_total=0.1, gain_error=0.4), gain=empty, paths=table,
        levers=levers, ablation=ablation, network=network,
    )  # fmt: skip
    (first, *_) = wording.sentences(explained)  # type: ignore[arg-type]
    assert first == wording.NO_GAIN


def test_that_there_are_no_data_in_the_condition_is_told_before_anything_else() -> None:
    said = wording.sentences(SimpleNamespace(about=about(without_data=["exosome"])))  # type: ignore[arg-type]
    assert said[0].startswith("No data in alopecia areata: the size of the effect of exosomes is carried over")
