"""Rules of measurement, endpoints, design and published results, across the sections of a study."""

from __future__ import annotations

import re
from collections import Counter

from anagen.core.measures import RESPONDERS, two_sided_level
from anagen.core.reading import Key, number, shown
from anagen.study.arm_rules import arm_names, check_arm_name
from anagen.study.findings import Findings, mapping, sequence, whole
from anagen.study.resolve import patients_of, smallest_block
from anagen.study.values import MOST_PATIENTS
from anagen.study.vocabulary import ADVERSE_EVENT, MEASURE_NAMES, Vocabulary

MOST_VISITS = 400
_EVENT = re.compile(r"[a-z0-9]+([_-][a-z0-9]+)*")


def check_trial(data: dict[str, object], words: Vocabulary, findings: Findings) -> None:
    """Adds every problem of measurement, endpoints, design and observed that needs other sections or registries."""
    measurement = mapping(data.get("measurement"))
    for key, kind, names in (("zone", "zone", words.zones.names()), ("method", "method", words.methods.names())):
        value = measurement.get(key)
        if isinstance(value, str) and value not in names:
            findings.add_unknown(("measurement", key), kind, value, names)
    visits = _check_visits(measurement, findings)
    _check_endpoints(mapping(data.get("endpoints")), visits, words, findings)
    _check_whole_scalp(data, words, findings)
    _check_design(data, words, findings)
    names = arm_names(data)
    alpha = two_sided_level(mapping(data.get("analysis")))
    for i, row in enumerate(sequence(data.get("observed"))):
        _check_zone(mapping(row), ("observed", i), measurement.get("zone"), words, findings)
        _check_verdict(mapping(row), ("observed", i), alpha, findings)
    for i, row in enumerate(sequence(data.get("observed"))):
        _check_observed(mapping(row), ("observed", i), names, visits, words, findings)
        _check_among(mapping(mapping(row).get("among")), ("observed", i, "among"), visits, words, findings)


def _check_visits(measurement: dict[str, object], findings: Findings) -> tuple[float, ...]:
    """Checks that visits start at 0 and increase; returns them, or nothing where they cannot be read."""
    weeks = [number(week) for week in sequence(measurement.get("visits"))]
    visits = [week for week in weeks if week is not None]
    if len(visits) != len(weeks) or not 0 < len(visits) <= MOST_VISITS:
        return ()
    if visits[0] != 0.0:
        findings.add(
            ("measurement", "visits", 0),
            f"the first visit is the baseline, week 0; this one is week {visits[0]:g}",
            suggestion="0",
        )
    for i in range(1, len(visits)):
        if visits[i] <= visits[i - 1]:
            findings.add(
                ("measurement", "visits", i),
                f"week {visits[i]:g} does not come after week {visits[i - 1]:g}; visits must increase",
            )
    return tuple(visits)


def _check_week(value: object, path: Key, visits: tuple[float, ...], findings: Findings, *, baseline: bool) -> None:
    """A week must be that of a visit, and of one after baseline unless `baseline`."""
    week = number(value)
    if week is None or not visits or (week <= 0.0 and not baseline) or week < 0.0:
        return
    if week not in visits:
        possible = [visit for visit in visits if baseline or visit > 0.0]
        closest = min(possible, key=lambda visit: abs(visit - week), default=None)
        fault = f"is after the last visit (week {visits[-1]:g})" if week > max(visits) else "is not the week of a visit"
        suggestion = None if closest is None else f"{closest:g}"
        findings.add(path, f"week {week:g} {fault}", [f"{visit:g}" for visit in possible], suggestion)


def _check_endpoints(
    section: dict[str, object], visits: tuple[float, ...], words: Vocabulary, findings: Findings
) -> None:
    choices: list[tuple[Key, dict[str, object]]] = [(("endpoints", "primary"), mapping(section.get("primary")))]
    choices += [
        (("endpoints", "secondary", i), mapping(item)) for i, item in enumerate(sequence(section.get("secondary")))
    ]
    seen: Counter[tuple[object, ...]] = Counter()
    for path, choice in choices:
        name = choice.get("endpoint")
        if isinstance(name, str) and name not in words.endpoints:
            findings.add_unknown((*path, "endpoint"), "endpoint", name, words.endpoints.names())
        _check_week(choice.get("week"), (*path, "week"), visits, findings, baseline=False)
        _check_score(name, choice.get("measure"), (*path, "measure"), words, findings)
        _check_threshold(choice, path, words, findings)
        same = (str(name), number(choice.get("week")), str(choice.get("measure")), number(choice.get("threshold")))
        seen[same] += 1
        if seen[same] > 1 and name is not None:
            findings.add(path, "the same endpoint, week and measure are named twice")


def _check_score(name: object, measure: object, path: Key, words: Vocabulary, findings: Findings) -> None:
    """A score of change is 0 at baseline, so that it has no change in per cent."""
    endpoint = words.endpoints.get(name) if isinstance(name, str) else None
    if endpoint is not None and endpoint.score and measure == "percent_change":
        findings.add(
            path,
            f"{name} is 0 at baseline and has no change in per cent; use value, or responder with threshold: 1",
            ("value", "change", "responder"),
            "value",
        )


def _check_threshold(choice: dict[str, object], path: Key, words: Vocabulary, findings: Findings) -> None:
    """A responder must be possible: the threshold lies within what the endpoint can be, or can change by."""
    threshold, measure, name = number(choice.get("threshold")), choice.get("measure"), choice.get("endpoint")
    endpoint = words.endpoints.get(name) if isinstance(name, str) else None
    if threshold is None or endpoint is None:
        return
    low, high = endpoint.possible
    unit = "" if endpoint.unit == "1" else f" {endpoint.unit}"
    fault: str | None = None
    if measure == "responder_value" and not low <= threshold <= high:
        fault = f"{endpoint.title} lies between {low:g} and {high:g}{unit}"
    elif measure == "responder" and abs(threshold) > high - low:
        fault = f"{endpoint.title} changes by at most {high - low:g}{unit}"
    elif measure == "responder_percent" and threshold < -100.0:
        fault = f"{endpoint.title} falls by at most 100 %"
    if fault is not None:
        findings.add((*path, "threshold"), f"{threshold:g} cannot be a threshold: {fault}")


def _check_whole_scalp(data: dict[str, object], words: Vocabulary, findings: Findings) -> None:
    """What is read on the whole scalp needs a condition with patches, and patients that are not halved."""
    population, endpoints = mapping(data.get("population")), mapping(data.get("endpoints"))
    condition = words.conditions.get(str(population.get("condition")))
    places: list[tuple[Key, object]] = [(("endpoints", "primary"), mapping(endpoints.get("primary")).get("endpoint"))]
    for i, item in enumerate(sequence(endpoints.get("secondary"))):
        places.append((("endpoints", "secondary", i), mapping(item).get("endpoint")))
    for i, row in enumerate(sequence(data.get("observed"))):
        places.append((("observed", i), mapping(row).get("endpoint")))
        places.append((("observed", i, "among", "endpoint"), mapping(mapping(row).get("among")).get("endpoint")))
    for section in ("inclusion", "baseline"):
        places += [(("population", section, name), name) for name in mapping(population.get(section))]
    halved = mapping(data.get("design")).get("layout") == "split_scalp"
    for path, name in places:
        endpoint = words.endpoints.get(name) if isinstance(name, str) else None
        if endpoint is None or not endpoint.whole_scalp or condition is None:
            continue
        if condition.patches is None:
            fitting = tuple(other.name for other in words.conditions.values() if other.patches is not None)
            findings.add(path, f"{endpoint.title} is not read in {condition.title}; conditions in which it is", fitting)
        elif halved:
            findings.add(path, f"{endpoint.title} is read on the whole scalp, not on a side of it")


def _check_design(data: dict[str, object], words: Vocabulary, findings: Findings) -> None:
    design = mapping(data.get("design"))
    patients = patients_of(data)
    if design.get("layout") == "split_scalp":
        count = len(sequence(data.get("arms")))
        if count != 2:
            findings.add(
                ("design", "layout"),
                f"a split-scalp trial has exactly 2 arms, the sides of the same patients; this one has {count}",
            )
        elif len(set(patients)) > 1:
            findings.add(
                ("arms", 1, "patients"),
                f"in a split-scalp trial both arms are the same patients; expected {patients[0]}",
                suggestion=str(patients[0]),
            )
        _check_sides(data, words, findings)
    _check_block(mapping(design.get("randomisation")), patients, findings)
    strata = [item for item in sequence(mapping(design.get("randomisation")).get("strata")) if isinstance(item, str)]
    for i, item in enumerate(strata):
        if item in strata[:i]:
            findings.add(("design", "randomisation", "strata", i), f"{item!r} is named twice")


def _check_sides(data: dict[str, object], words: Vocabulary, findings: Findings) -> None:
    """What reaches the whole body is the same on both sides of a scalp."""
    arms = [sequence(mapping(arm).get("therapies")) for arm in sequence(data.get("arms"))]
    for i, uses in enumerate(arms):
        others = [use for j, other in enumerate(arms) if j != i for use in other]
        for j, use in enumerate(uses):
            route = words.routes.get(str(mapping(use).get("route")))
            if route is not None and route.systemic and use not in others:
                findings.add(
                    ("arms", i, "therapies", j, "route"),
                    f"what is given {route.title} reaches both sides of the scalp; give the other arm the same, "
                    "or use design.layout parallel",
                )


def _check_block(randomisation: dict[str, object], patients: list[int], findings: Findings) -> None:
    """A block must hold the arms in the ratio of their patients."""
    path: Key = ("design", "randomisation", "block")
    block = whole(randomisation.get("block"))
    if block is None or block < 1 or not patients:
        return
    method = randomisation.get("method")
    if method in ("simple", "minimisation", "cluster"):
        if block != 1:
            what = {"simple": "simple randomisation", "cluster": "randomisation of centres"}.get(method, "minimisation")
            findings.add(path, f"{what} has no blocks; leave block out, or write method: block", at_key=True)
        return
    if max(patients) > MOST_PATIENTS:
        # the numbers are refused in their own line, and the block may follow from them
        return
    smallest = smallest_block(patients)
    if block % smallest:
        ratio = ":".join(str(n * smallest // sum(patients)) for n in patients)
        sizes = [smallest * k for k in (1, 2, 3, 4)] if smallest > 1 else []
        best = min(sizes, key=lambda size: abs(size - block), default=smallest)
        hint = "" if smallest <= 60 else "; with such numbers, write method: simple and leave block out"
        findings.add(
            path,
            f"blocks of {block} cannot hold the arms in the ratio {ratio}; multiples of {smallest} can{hint}",
            [str(s) for s in sizes],
            str(best),
        )


def _check_zone(row: dict[str, object], path: Key, measured: object, words: Vocabulary, findings: Findings) -> None:
    """A zone beside the measured one is a zone, has hair to be counted, and informs no parameter."""
    zone, endpoint = row.get("zone"), row.get("endpoint")
    if not isinstance(zone, str):
        return
    if zone not in words.zones:
        findings.add_unknown((*path, "zone"), "zone", zone, words.zones.names())
        return
    whole = isinstance(endpoint, str) and endpoint in words.endpoints and words.endpoints[endpoint].whole_scalp
    if whole or (isinstance(endpoint, str) and endpoint.startswith(ADVERSE_EVENT)):
        findings.add((*path, "zone"), f"{endpoint} belongs to no zone; leave the key out", at_key=True)
    if zone != measured and row.get("use") == "calibrate":
        findings.add(
            (*path, "use"),
            f"is calibrate, but parameters are informed by the zone that is measured ({measured}); write use: check "
            "with a reason, or a file of its own for this zone",
            ("check", "exclude"),
        )


def _check_among(
    among: dict[str, object], path: Key, visits: tuple[float, ...], words: Vocabulary, findings: Findings
) -> None:
    """What decides is measured at a visit, and can be met."""
    name, measure = among.get("endpoint"), among.get("measure")
    if isinstance(name, str) and name not in words.endpoints:
        findings.add_unknown((*path, "endpoint"), "endpoint", name, words.endpoints.names())
    meant = next((key for key, compared in RESPONDERS.items() if compared == measure), None)
    if meant is not None:
        message = f"{measure!r} is a value of each patient; who is chosen is a responder"
        findings.add((*path, "measure"), message, tuple(RESPONDERS), meant)
    of_value = measure in ("responder_value", "value")
    _check_week(among.get("week"), (*path, "week"), visits, findings, baseline=of_value)
    if number(among.get("week")) == 0.0 and not of_value:
        possible = [f"{visit:g}" for visit in visits if visit > 0.0]
        findings.add((*path, "week"), "a change from baseline at week 0 means nothing", possible)
    _check_threshold(among, path, words, findings)


def _check_verdict(row: dict[str, object], path: Key, alpha: float, findings: Findings) -> None:
    """What is said of a result fits its p value at the significance level of the study."""
    p, result = number(row.get("p")), row.get("result")
    if p is None or result not in ("significant", "not_significant"):
        return
    if (p < alpha) != (result == "significant"):
        side, meant = ("below", "significant") if p < alpha else ("not below", "not_significant")
        findings.add(
            (*path, "p"),
            f"{p:g} is {side} the significance level {alpha:g} (analysis.alpha), and the result is {result}; "
            f"write result: {meant}, or leave result out",
        )


def _check_observed(
    row: dict[str, object],
    path: Key,
    arms: tuple[str, ...],
    visits: tuple[float, ...],
    words: Vocabulary,
    findings: Findings,
) -> None:
    check_arm_name(row.get("arm"), (*path, "arm"), arms, findings)
    for i, name in enumerate(sequence(row.get("contrast"))):
        check_arm_name(name, (*path, "contrast", i), arms, findings)
    endpoint, measure = row.get("endpoint"), row.get("measure")
    if not isinstance(endpoint, str):
        return
    event = endpoint.startswith(ADVERSE_EVENT)
    if event and not _EVENT.fullmatch(endpoint.removeprefix(ADVERSE_EVENT)):
        findings.add(
            (*path, "endpoint"),
            f"{shown(endpoint)} names no event; write {ADVERSE_EVENT}<name> in lower case, e.g. {ADVERSE_EVENT}pain",
        )
    elif not event and endpoint not in words.endpoints:
        findings.add_unknown(
            (*path, "endpoint"), "endpoint", endpoint, (*words.endpoints.names(), f"{ADVERSE_EVENT}<name>")
        )
    if event and measure != "share" and isinstance(measure, str):
        findings.add((*path, "measure"), "an adverse event is reported as the share of patients who had it", ("share",))
    if not event and measure == "share":
        findings.add((*path, "measure"), "a share belongs to adverse events", MEASURE_NAMES)
    if not event and row.get("week") is None:
        findings.add(
            (*path, "week"),
            "is missing: a result without its week cannot be compared",
            [f"{visit:g}" for visit in visits],
        )
    _check_score(endpoint, measure, (*path, "measure"), words, findings)
    if number(row.get("week")) == 0.0 and measure in ("change", "percent_change", "responder", "responder_percent"):
        findings.add(
            (*path, "week"),
            "a change from baseline at week 0 means nothing",
            [f"{visit:g}" for visit in visits if visit > 0.0],
        )
    _check_week(row.get("week"), (*path, "week"), visits, findings, baseline=True)
