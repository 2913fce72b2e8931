"""Rules of a study's population against the registries: condition, shares, severity, inclusion and baseline."""

from __future__ import annotations

import math
from collections.abc import Sequence

from anagen.core.reading import Key, is_list, is_mapping, number
from anagen.patients import Condition
from anagen.patients.limits import impossible_ages, least_age
from anagen.patients.naming import long_names
from anagen.study.baseline_rules import SHARES_TOLERANCE, check_baseline, check_target_area
from anagen.study.empirical import check_empirical
from anagen.study.findings import Findings, mapping, sequence
from anagen.study.resolve import last_visit
from anagen.study.vocabulary import Vocabulary, grades_of

NUMBER_SCALE = (0.0, 100.0)
"""Ends of the grading scales that are numbers (the share of scalp without hair, in per cent)."""
OLDEST = 100.0
"""Greatest age of a patient [years]: nothing is known of hair beyond it."""
LEAST_EXTENT = 1.0
"""Least number on such a scale that anybody has."""


def check_population(data: dict[str, object], words: Vocabulary, findings: Findings) -> None:
    """Adds every problem of the section `population`."""
    population = mapping(data.get("population"))
    name = population.get("condition")
    condition = words.conditions.get(name) if isinstance(name, str) else None
    if isinstance(name, str) and condition is None:
        names = (*words.conditions.names(), *long_names(words.conditions))
        findings.add_unknown(("population", "condition"), "condition", name, names)
    sexes = condition.sexes if condition is not None else words.sexes
    _check_sexes(population.get("sex"), condition, sexes, words, findings)
    _check_shares(
        ("population", "ethnicity"), population.get("ethnicity"), words.ethnicities.names(), "ethnicity", findings
    )
    _check_severity(population, condition, words, findings)
    for section in ("inclusion", "baseline"):
        for endpoint in mapping(population.get(section)):
            if endpoint not in words.endpoints:
                findings.add_unknown(
                    ("population", section, endpoint), "endpoint", endpoint, words.endpoints.names(), at_key=True
                )
            elif section == "inclusion" and words.endpoints[endpoint].judge is not None:
                findings.add(
                    ("population", section, endpoint),
                    f"{words.endpoints[endpoint].title} cannot be an inclusion criterion: it is judged, not measured; "
                    "choose one that an instrument reads",
                    [name for name, known in words.endpoints.items() if known.judge is None],
                    at_key=True,
                )
    _check_limits(population, words, findings)
    check_target_area(data, words, findings)
    check_baseline(data, condition, words, findings)
    _check_age(population, condition, findings)
    check_empirical(population, condition, words, findings)
    _check_onset(population, condition, findings)
    _check_start(population, condition, last_visit(data), findings)


def _check_sexes(
    value: object, condition: Condition | None, sexes: tuple[str, ...], words: Vocabulary, findings: Findings
) -> None:
    for sex in mapping(value):
        if condition is not None and sex in words.sexes and sex not in sexes:
            findings.add(
                ("population", "sex", sex), f"{condition.title} is not simulated in this sex", sexes, at_key=True
            )
    _check_shares(("population", "sex"), value, words.sexes, "sex", findings)


def _check_shares(path: Key, value: object, names: Sequence[str], kind: str, findings: Findings) -> None:
    """Known names, and shares that add up to one."""
    if not is_mapping(value):
        return
    shares = value
    if not shares:
        findings.add(path, f"names no {kind}; expected shares that add up to 1, e.g. {{{names[0]}: 1.0}}", names)
        return
    for name in shares:
        if name not in names:
            findings.add_unknown((*path, name), kind, name, names, at_key=True)
    numbers = [number(share) for share in shares.values()]
    known = [share for share in numbers if share is not None]
    if (
        len(known) == len(numbers)
        and all(0.0 <= share <= 1.0 for share in known)
        and abs(sum(known) - 1.0) > SHARES_TOLERANCE
    ):
        findings.add(path, f"the shares add up to {sum(known):g}; they must add up to 1")


def _check_severity(
    population: dict[str, object], condition: Condition | None, words: Vocabulary, findings: Findings
) -> None:
    if condition is None:
        return
    present = [sex for sex, share in mapping(population.get("sex")).items() if number(share) != 0.0]
    scales = condition.scales()
    named = mapping(population.get("severity"))
    for scale, value in mapping(population.get("severity")).items():
        path: Key = ("population", "severity", scale)
        if not scales:
            findings.add(path, f"{condition.title} is not graded; leave severity out", at_key=True)
        elif scale not in scales:
            if scale in words.scales():
                findings.add(path, f"the scale {scale!r} does not grade {condition.title}", scales, at_key=True)
            else:
                findings.add_unknown(path, "severity scale", scale, scales, at_key=True)
        else:
            graded = [sex for sex in condition.sexes if scale in condition.scales_of(sex)]
            if present and not any(sex in present for sex in graded):
                fitting = tuple(condition.severity_scale[sex] for sex in present if sex in condition.severity_scale)
                findings.add(
                    path,
                    f"the scale {scale!r} grades {' and '.join(graded)} patients, and there are none",
                    fitting,
                    at_key=True,
                )
            others = [
                other for sex in graded for other in condition.scales_of(sex) if other in named and other != scale
            ]
            if others and scale != condition.severity_scale[graded[0]]:
                findings.add(path, f"{others[0]!r} grades the same patients; keep one of the two", at_key=True)
            _check_grades(path, value, grades_of(condition, scale), findings)


def _check_grades(path: Key, value: object, grades: tuple[str, ...], findings: Findings) -> None:
    if grades and is_mapping(value):
        findings.add(path, f"expected a list of grades, e.g. [{grades[0]}]", grades)
    elif not grades and is_list(value):
        findings.add(path, "expected a range on this scale of numbers, e.g. {min: 50, max: 100}")
    elif grades:
        seen: set[str] = set()
        for i, grade in enumerate(sequence(value)):
            if not isinstance(grade, str) and str(grade) in grades:
                findings.add((*path, i), f"the grade {grade} is a number; write it as text: {str(grade)!r}")
            elif not isinstance(grade, str) or grade not in grades:
                findings.add_unknown((*path, i), "grade", grade, grades)
            elif grade in seen:
                findings.add((*path, i), f"the grade {grade!r} is named twice")
            else:
                seen.add(grade)
    else:
        for key in ("min", "max"):
            limit = number(mapping(value).get(key))
            least = number(mapping(value).get("min"))
            nobody = limit is not None and 0.0 <= limit <= LEAST_EXTENT and (least is None or least < LEAST_EXTENT)
            if key == "max" and limit is not None and nobody:
                findings.add(
                    (*path, key),
                    f"{limit:g} leaves nobody; patients have more than {LEAST_EXTENT:g} on this scale from "
                    f"{NUMBER_SCALE[0]:g} to {NUMBER_SCALE[1]:g}",
                    suggestion=f"{100.0 * limit:g}" if limit > 0.0 else None,
                )
            if limit is not None and not NUMBER_SCALE[0] <= limit <= NUMBER_SCALE[1]:
                findings.add(
                    (*path, key),
                    f"{limit:g} is impossible; the scale runs from {NUMBER_SCALE[0]:g} to {NUMBER_SCALE[1]:g}",
                )


def _check_limits(population: dict[str, object], words: Vocabulary, findings: Findings) -> None:
    """Inclusion limits must leave possible values."""
    for name, limits in mapping(population.get("inclusion")).items():
        endpoint = words.endpoints.get(name)
        if endpoint is None:
            continue
        low, high = endpoint.possible
        least, greatest = number(mapping(limits).get("min")), number(mapping(limits).get("max"))
        if least is not None and least > high:
            findings.add(
                ("population", "inclusion", name, "min"),
                f"{least:g} is impossible; {endpoint.title} is at most {high:g}",
            )
        if greatest is not None and greatest < low:
            findings.add(
                ("population", "inclusion", name, "max"),
                f"{greatest:g} is impossible; {endpoint.title} is at least {low:g}",
            )


def _check_age(population: dict[str, object], condition: Condition | None, findings: Findings) -> None:
    """Nobody is older than people get, and nobody has a condition before it can begin."""
    limits = mapping(population.get("age"))
    youngest, oldest = number(limits.get("min")), number(limits.get("max"))
    if oldest is not None and oldest > OLDEST:
        findings.add(("population", "age", "max"), f"{oldest:g} years; hair is simulated up to an age of {OLDEST:g}")
    if condition is None or youngest is None:
        return
    week = number(population.get("onset_week")) if condition.triggered else None
    for field, message in impossible_ages(condition, youngest=youngest, onset_week=week).items():
        path: Key = ("population", *field.split("."))
        suggestion = f"{math.ceil(least_age(condition)):g}" if field == "age.min" else None
        findings.add(path, message, suggestion=suggestion)


def _check_onset(population: dict[str, object], condition: Condition | None, findings: Findings) -> None:
    onset, age = mapping(population.get("years_since_onset")), mapping(population.get("age"))
    least, oldest = number(onset.get("min")), number(age.get("max"))
    earliest = 0.0 if condition is None else condition.earliest_age
    if least is None or oldest is None or oldest > OLDEST:
        return
    if least > oldest:
        findings.add(
            ("population", "years_since_onset", "min"),
            f"{least:g} years is longer than the oldest patient has lived ({oldest:g})",
        )
    elif condition is not None and least > oldest - earliest:
        findings.add(
            ("population", "years_since_onset", "min"),
            f"{least:g} years ago the oldest patient ({oldest:g}) was younger than {earliest:g}, "
            f"the age from which {condition.title} begins",
        )


def _check_start(
    population: dict[str, object], condition: Condition | None, last: float | None, findings: Findings
) -> None:
    """A week of onset belongs to a condition with a trigger, stands alone, and lies before the last visit."""
    if population.get("onset_week") is None or condition is None:
        return
    week = number(population.get("onset_week"))
    if not condition.triggered:
        findings.add(
            ("population", "onset_week"),
            f"{condition.title} has no trigger; use years_since_onset, or leave it out",
            at_key=True,
        )
    elif population.get("years_since_onset") is not None:
        findings.add(
            ("population", "onset_week"), "cannot stand together with years_since_onset; keep one of them", at_key=True
        )
    elif week is not None and last is not None and week >= last > 0.0:
        findings.add(
            ("population", "onset_week"),
            f"week {week:g} is not before the last visit (week {last:g}), so nothing would be seen of the disease",
        )
