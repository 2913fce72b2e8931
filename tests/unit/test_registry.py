"""Registries: lookup, order, nearest spelling; and that what is registered fits together."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from anagen.core.registry import Registry
from anagen.delivery import KINETICS, ROUTES, kinetics_of
from anagen.exosomes import library
from anagen.parameters import load_parameters
from anagen.patients import CONDITIONS, ETHNICITIES, ZONES
from anagen.scalp import ENDPOINTS, METHODS
from anagen.signalling.network import load_network
from anagen.therapies import THERAPIES

REGISTRIES = {
    registry.kind: registry for registry in (THERAPIES, ROUTES, ENDPOINTS, METHODS, CONDITIONS, ZONES, ETHNICITIES)
}


def test_is_a_mapping_in_listing_order() -> None:
    registry = Registry("fruit", {"pear": 1, "apple": 2})
    assert isinstance(registry, Mapping)
    assert registry.names() == tuple(registry) == ("pear", "apple")
    assert len(registry) == 2
    assert registry["apple"] == 2 and "plum" not in registry
    assert repr(registry) == "Registry('fruit', pear, apple)"


def test_unknown_name() -> None:
    with pytest.raises(KeyError, match="plum"):
        Registry("fruit", {"pear": 1})["plum"]


@pytest.mark.parametrize(
    ("wrong", "right"),
    [("topcal", "topical"), ("ORAL", "oral"), ("intradermall", "intradermal"), ("zzz", None), ("", None)],
)
def test_nearest(wrong: str, right: str | None) -> None:
    assert ROUTES.nearest(wrong) == right


def test_does_not_follow_the_mapping_it_was_made_from() -> None:
    entries = {"a": 1}
    registry = Registry("letter", entries)
    entries["b"] = 2
    assert registry.names() == ("a",)


@pytest.mark.parametrize("registry", REGISTRIES.values(), ids=REGISTRIES)
def test_entries_are_filed_under_their_own_name(registry: Registry) -> None:
    assert len(registry) > 0
    for name, entry in registry.items():
        assert entry.name == name


def test_therapies_name_routes_controls_and_parameters_that_exist() -> None:
    parameters = load_parameters()
    for therapy in THERAPIES.values():
        assert set(therapy.routes) <= set(ROUTES), therapy.name
        assert set(therapy.parameter_names()) <= set(parameters), therapy.name
        assert therapy.control is None or THERAPIES[therapy.control].is_control, therapy.name
        assert set(therapy.products) in (set(), set(library())), therapy.name
        acts = bool(therapy.actions)
        assert set(therapy.kinetics) == (set(therapy.routes) if acts else set()), therapy.name
        assert all(kinetics_of(data).reads for data in therapy.kinetics.values()), therapy.name
        assert all(entry.input in load_network().input_names for entry in therapy.occupies), therapy.name
        assert therapy.source.strip() and therapy.evidence.strip(), therapy.name
        assert (therapy.dose_unit is None) == (therapy.default_dose is None), therapy.name


def test_other_entries_name_parameters_that_exist() -> None:
    parameters = load_parameters()
    for entry in (*ROUTES.values(), *METHODS.values()):
        assert set(entry.parameter_names()) <= set(parameters), entry.name
    for route in ROUTES.values():
        assert route.act is None or route.act.kinetics in KINETICS, route.name
    described = [kinetics_of(data) for therapy in THERAPIES.values() for data in therapy.kinetics.values()]
    for kinetics in (*KINETICS.values(), *described):
        assert all(any(name.startswith(prefix) for name in parameters) for prefix in kinetics.reads), kinetics.name
    for zone in ZONES.values():
        assert zone.density_factor in parameters
    for people in ETHNICITIES.values():
        assert {people.density, people.density_cv, people.growth_rate} <= set(parameters)
    for condition in CONDITIONS.values():
        assert {condition.sensitivity_spread, condition.onset_years, condition.onset_spread} <= set(parameters)
        assert set(condition.sensitivity.values()) <= set(parameters)
        assert condition.affected_zones <= set(ZONES)
        for scale in condition.severity_scale.values():
            assert set(condition.severities[scale]) == set(condition.severity_steps[scale])
    for endpoint in ENDPOINTS.values():
        assert set(endpoint.parameter_names()) <= set(parameters), endpoint.name
