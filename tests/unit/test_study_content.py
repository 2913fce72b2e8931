"""The same study, however it is written, is one study with one hash; another study has another."""

from __future__ import annotations

import copy
import random
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from anagen.study import Study
from anagen.study.content import content_sha256
from anagen.study.shipped import prospective_folder
from anagen.validation.ledger import entries, shipped_ledger
from faults import every_fault

FOLDER = Path(__file__).parents[2] / "studies"
NAMES = ("exosome-vs-saline", "king-2022-alopecia-areata", "harcha-2014-dutasteride", "prospective/nct06697080")
SETS = ("norwood", "ludwig", "course", "exclusions", "scenarios", "accepted", "strata", "without")
"""Lists of a study file that are sets."""


def written(name: str) -> dict[str, Any]:
    return cast(
        "dict[str, Any]", YAML(typ="safe", pure=True).load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    )


WRITTEN = {name: written(name) for name in NAMES}
BASE = WRITTEN["exosome-vs-saline"]


def shuffled(value: Any, chance: random.Random, key: str = "") -> Any:
    """Plain data with every mapping, and every list that is a set, in another order."""
    if isinstance(value, dict):
        items = list(cast("dict[str, Any]", value).items())
        chance.shuffle(items)
        return {name: shuffled(item, chance, name) for name, item in items}
    if isinstance(value, list):
        listed = [shuffled(item, chance) for item in cast("list[Any]", value)]
        if key in SETS:
            chance.shuffle(listed)
        return listed
    return value


def changed(place: str, value: object, base: dict[str, Any] = BASE) -> Study:
    """The study with another value (or, with None, without one) at a place such as "arms.0.patients"."""
    data = copy.deepcopy(base)
    *parents, last = [int(part) if part.isdigit() else part for part in place.split(".")]
    target: Any = data
    for part in parents:
        target = target[part]
    if value is None:
        del target[last]
    else:
        target[last] = value
    return Study.from_dict(data)


@given(st.sampled_from(NAMES), st.randoms(use_true_random=False))
def test_the_order_of_keys_and_of_sets_moves_neither_the_study_nor_its_hash(name: str, chance: random.Random) -> None:
    study, other = Study.from_dict(WRITTEN[name]), Study.from_dict(shuffled(WRITTEN[name], chance))
    assert other.sha256 == study.sha256
    # What is simulated and written down depends on the order of mappings too, which equality does not see.
    assert other.model_dump_json() == study.model_dump_json()


def test_the_same_thing_said_in_another_way_has_the_same_hash() -> None:
    use = "arms.0.therapies.0"
    base = Study.from_dict(BASE).sha256
    again: dict[str, tuple[str, object]] = {
        "area in mm2": ("measurement.target_area", "100 mm^2"),
        "dose in other digits": (f"{use}.dose", "10000000000 particles"),
        "every week of the schedule counted": (f"{use}.schedule", {"every": 2, "until": 12}),
        "a share of nobody": ("population.sex", {"female": 0.0, "male": 1.0}),
        "the usual route": (f"{use}.route", "intradermal"),
        "the usual area": (f"{use}.treated_area", "1 dm^2"),
        "the usual layout": ("design.layout", "parallel"),
        "the usual analysis": ("analysis", {"method": "ancova", "alpha": 0.05}),
        "the first control": ("arms.0.comparator", "saline"),
    }
    with every_fault() as row:
        for name, (place, value) in again.items():
            with row(name):
                assert changed(place, value).sha256 == base
        with row("dose per area"):
            by_area = copy.deepcopy(BASE)
            by_area["arms"][0]["therapies"][0] |= {"dose": "1e8 particles", "per": "cm^2"}
            assert Study.from_dict(by_area).sha256 == base


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("measurement.target_area", "1.01 cm^2"),
        ("arms.0.therapies.0.dose", "1.000001e10 particles"),
        ("arms.0.therapies.0.schedule", {"every": 2, "sessions": 5}),
        ("arms.0.therapies.0.treated_area", "50 cm^2"),
        ("arms.0.name", "vesicles"),
        ("population.severity.norwood", ["III", "IV"]),
        ("population.ethnicity", {"asian": 0.5, "caucasian": 0.5}),
        ("design.dropout", 0.11),
        ("measurement.visits", [0, 4, 8, 12, 16, 23, 24]),
    ],
)
def test_another_study_has_another_hash(place: str, value: object) -> None:
    assert changed(place, value).sha256 != Study.from_dict(BASE).sha256


def test_a_converted_quantity_is_the_same_number_whatever_its_unit() -> None:
    with every_fault() as row:
        for text, same in (("0.3 cm^2", "30 mm^2"), ("0.7 cm^2", "70 mm^2"), ("1.1 cm^2", "1.1e-4 m^2")):
            with row(same):
                areas = [
                    changed("measurement.target_area", each).measurement.target_area.value for each in (text, same)
                ]
                assert areas[0] == areas[1]


def test_a_frozen_study_is_verified_under_the_version_of_its_hash() -> None:
    (first, *_) = entries(shipped_ledger())
    study = Study.load(prospective_folder() / first["file"])
    assert study.sha256_of(first.get("study_hash", 1)) == first["study_sha256"]
    assert study.sha256_of(1) != study.sha256_of(2) == study.sha256
    with pytest.raises(ValueError, match="versions 1 and 2, not 3"):
        content_sha256(study, 3)
