"""Rules of a published baseline: one that is read, that its patients can have, and that the criteria admit."""

from __future__ import annotations

import math
from collections.abc import Mapping

from anagen.core.reading import Key, number, shown
from anagen.parameters import load_parameters
from anagen.patients import Condition
from anagen.patients.limits import (
    LEAST_FOLLICLES,
    attainable_diameters,
    attainable_means,
    least_target_area,
    mean_follicle_density,
)
from anagen.scalp import Endpoint
from anagen.scalp.methods import Method, least_spread
from anagen.study.findings import Findings, mapping
from anagen.study.vocabulary import MATCHABLE, Vocabulary

SHARES_TOLERANCE = 1e-6


def check_target_area(data: dict[str, object], words: Vocabulary, findings: Findings) -> None:
    """Adds the problem of a target area that holds too few follicles to count."""
    measurement = mapping(data.get("measurement"))
    place = _place(data, words)
    if place is None:
        return
    ethnicity, zone, area = place
    least = least_target_area(mean_follicle_density(ethnicity, zone, load_parameters("prior").draw(0, 0)))
    if area < least:
        findings.add(
            ("measurement", "target_area"),
            f"{shown(mapping(measurement['target_area']).get('text'))} holds too few follicles to count; the least "
            f"area in this zone is {least:.2g} cm^2, which holds {LEAST_FOLLICLES:g}",
            suggestion=f"{least:.1g} cm^2" if float(f"{least:.1g}") >= least else f"{1.1 * least:.2g} cm^2",
        )


def check_baseline(data: dict[str, object], condition: Condition | None, words: Vocabulary, findings: Findings) -> None:
    """Adds every problem of the published baseline of a population."""
    population = mapping(data.get("population"))
    matched = [name for name in mapping(population.get("baseline")) if name in words.endpoints]
    for name in matched:
        path: Key = ("population", "baseline", name)
        endpoint = words.endpoints[name]
        if name not in MATCHABLE:
            findings.add(
                path,
                "this baseline cannot be matched; a hair density, a mean diameter or SALT can",
                MATCHABLE,
                at_key=True,
            )
        elif endpoint.whole_scalp and condition is not None and not condition.extents:
            findings.add(
                path,
                f"{endpoint.title} is not read in {condition.title}; match a hair density",
                [known for known in MATCHABLE if not words.endpoints[known].whole_scalp],
                at_key=True,
            )
        else:
            _check_mean_and_sd(data, endpoint, words, findings)
    if len(matched) > 1:
        findings.add(
            ("population", "baseline", matched[1]), "only one baseline can be matched; keep one of them", at_key=True
        )


def _check_mean_and_sd(data: dict[str, object], endpoint: Endpoint, words: Vocabulary, findings: Findings) -> None:
    """Mean and standard deviation are ones that patients can have and that the criteria leave."""
    population = mapping(data.get("population"))
    target = mapping(mapping(population.get("baseline")).get(endpoint.name))
    path: Key = ("population", "baseline", endpoint.name)
    mean, sd, unit = number(target.get("mean")), number(target.get("sd")), endpoint.unit
    method = words.methods.get(str(mapping(data.get("measurement")).get("method")))
    within = _attainable(data, endpoint, method, words)
    if mean is not None and within is not None and not within[0] <= mean <= within[1]:
        findings.add((*path, "mean"), _outside(mean, within, endpoint, data))
        return
    if mean is not None:
        _check_criteria(population, endpoint, mean, (*path, "mean"), findings)
    if sd is None or findings.known((*path, "mean")):
        return
    floor, ceiling = _spreads(endpoint, method, mean, within)
    if sd <= 0.0:
        least = f"; at this mean it is at least {floor:.2g} {unit}" if floor > 0.0 else ""
        findings.add(
            (*path, "sd"),
            f"{sd:g} is impossible; the standard deviation between patients is more than 0{least}. "
            "Leave it out where none is printed",
        )
    elif sd < floor:
        findings.add(
            (*path, "sd"),
            f"{sd:g} is less than {_twice(endpoint)} gives: at this mean at least {floor:.2g} {unit}; "
            "a standard error, perhaps? It is the deviation between patients",
        )
    elif mean is not None and within is not None and sd > ceiling:
        findings.add(
            (*path, "sd"),
            f"{sd:g} is impossible; values between {within[0]:.3g} and {within[1]:.3g} {unit} with a mean of {mean:g} "
            f"deviate by at most {ceiling:.3g} {unit}",
        )


def _check_criteria(
    population: Mapping[str, object], endpoint: Endpoint, mean: float, path: Key, findings: Findings
) -> None:
    """The mean lies inside the inclusion criteria, and inside the severity where that is a range of the same."""
    name = endpoint.name
    for section, stated in (("inclusion", "the inclusion criteria for"), ("severity", "the severity stated by")):
        limits = mapping(mapping(population.get(section)).get(name))
        least, greatest = number(limits.get("min")), number(limits.get("max"))
        if (least is not None and mean < least) or (greatest is not None and mean > greatest):
            low, high = endpoint.possible
            ends = f"{low if least is None else least:g} to {high if greatest is None else greatest:g} {endpoint.unit}"
            findings.add(
                path,
                f"{shown(mean)} lies outside {stated} {name} ({ends}), so nobody like that is admitted; "
                f"change it or population.{section}.{name}",
            )
            return


def _attainable(
    data: dict[str, object], endpoint: Endpoint, method: Method | None, words: Vocabulary
) -> tuple[float, float] | None:
    """Least and greatest mean that patients can have; None where what it depends on cannot be read."""
    values = load_parameters("prior").draw(0, 0)
    if endpoint.count_power:
        place = _place(data, words)
        if place is None:
            return None
        low, high = attainable_means(*place, values)
    elif endpoint.diameter_power:
        if method is None:
            return None
        low, high = attainable_diameters(method.number(method.midpoint, values), values)
    else:
        low, high = endpoint.possible
    return max(low, endpoint.possible[0]), min(high, endpoint.possible[1])


def _spreads(
    endpoint: Endpoint, method: Method | None, mean: float | None, within: tuple[float, float] | None
) -> tuple[float, float]:
    """Least standard deviation, that of reading the same scalp twice, and the greatest of values with that mean.

    Greatest: sqrt((mean - low) (high - mean)), as if everybody lay at one of the ends (Bhatia and Davis 2000,
    doi:10.1080/00029890.2000.12005203); hair counts, which are skewed, are held to it elsewhere.
    """
    if mean is None:
        return 0.0, math.inf
    values = load_parameters("prior").draw(0, 0)
    if endpoint.count_power:
        if method is None:
            return 0.0, math.inf
        errors = method.number(method.count_error, values), method.number(method.rater_error, values)
        return least_spread(mean, count_error=errors[0], rater_error=errors[1]), math.inf
    floor = 0.0
    if method is not None and endpoint.diameter_power:
        floor = mean * method.number(method.diameter_error, values)
    return floor, math.inf if within is None else math.sqrt((mean - within[0]) * (within[1] - mean))


def _outside(mean: float, within: tuple[float, float], endpoint: Endpoint, data: dict[str, object]) -> str:
    """Why a mean is impossible, with the means that are possible."""
    high = endpoint.possible[1]
    if mean > high:
        return f"{shown(mean)} is impossible; {endpoint.title} is at most {high:g} {endpoint.unit}"
    means = f"means lie between {within[0]:.3g} and {within[1]:.3g} {endpoint.unit}"
    measurement = mapping(data.get("measurement"))
    if endpoint.count_power:
        where = f"in this area of the {measurement.get('zone')} zone "
    elif endpoint.diameter_power:
        where = f"the {measurement.get('method')} does not see finer hairs, and healthy ones are not thicker: "
    else:
        where = ""
    return f"{shown(mean)} is impossible; {where}{means}"


def _twice(endpoint: Endpoint) -> str:
    return "counting the same scalp twice" if endpoint.count_power else "measuring the same hairs twice"


def _place(data: dict[str, object], words: Vocabulary) -> tuple[dict[str, float], str, float] | None:
    """Shares of ethnicities, zone and target area [cm2]; None where one of them cannot be read."""
    population, measurement = mapping(data.get("population")), mapping(data.get("measurement"))
    area = number(mapping(measurement.get("target_area")).get("value"))
    shares = {name: number(share) for name, share in mapping(population.get("ethnicity")).items()}
    ethnicity = {name: share for name, share in shares.items() if share is not None and name in words.ethnicities}
    zone = str(measurement.get("zone"))
    if area is None or area <= 0.0 or zone not in words.zones or abs(sum(ethnicity.values()) - 1.0) > SHARES_TOLERANCE:
        return None
    return ethnicity, zone, area
