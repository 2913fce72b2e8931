"""Where a study lies inside or outside what was published: from the shipped study files, feature by feature."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from anagen.credibility.published import NEAREST, Reported, active_uses, relation_of
from anagen.scalp import ENDPOINTS
from anagen.study import Study
from anagen.study.treatment import Arm, TherapyUse
from anagen.study.values import Range

Place = Literal["inside", "outside", "no evidence"]
NOTHING = "nothing published"
HORIZON = "Week of the primary endpoint"


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature of a study beside what published values cover.

    Attributes
    ----------
    title : str
        The feature.
    here : str
        What the study has.
    nearest : str
        What values of the same therapy by the same route cover.
    condition : str
        What values of the same condition cover.
    place : Place
        Where the study lies among the nearest.
    sentence : str
        That in words.
    """

    title: str
    here: str
    nearest: str
    condition: str
    place: Place
    sentence: str


Cover = Callable[[Sequence[Reported]], tuple[str, bool]]
"""What some published values cover, in words, and whether the study lies inside."""


def features_of(study: Study, arm: Arm, reported: Sequence[Reported]) -> tuple[Feature, ...]:
    """Features of a study for the arm under assessment, each beside what was published.

    Parameters
    ----------
    study : Study
        The study.
    arm : Arm
        Under assessment.
    reported : Sequence[Reported]
        Published values, from `reported_values`.

    Returns
    -------
    tuple[Feature, ...]
        In the order of the report.
    """
    nearest = [entry for entry in reported if relation_of(study, arm, entry) == NEAREST]
    alike = [entry for entry in reported if entry.study.population.condition == study.population.condition]
    what = " and ".join(f"{use.therapy} ({use.route})" for use in active_uses(arm)) or "no treatment"
    features: list[Feature] = []
    for title, here, cover in _covers(study, arm):
        near, inside = cover(nearest) if nearest else (NOTHING, False)
        far = cover(alike)[0] if alike else NOTHING
        place: Place = "no evidence" if not nearest else "inside" if inside else "outside"
        tells = {
            "inside": f"{title}: {here} lies inside what was published for {what} ({near}).",
            "outside": f"{title}: {here} is beyond the {near} for {what}."
            if title == HORIZON
            else f"{title}: {here} lies outside what was published for {what} ({near}).",
            "no evidence": f"{title}: {here}; no published value of {what} is in the set.",
        }
        features.append(Feature(title, here, near, far, place, tells[place]))
    return tuple(features)


def share_inside(features: Sequence[Feature]) -> float | None:
    """Share of the features that lie inside; None where nothing was published for the therapy by this route."""
    if all(feature.place == "no evidence" for feature in features):
        return None
    return sum(feature.place == "inside" for feature in features) / len(features)


def _covers(study: Study, arm: Arm) -> list[tuple[str, str, Cover]]:
    population, primary = study.population, study.endpoints.primary
    age = population.age
    grades = sorted(grade for scale in population.severity.values() if not isinstance(scale, Range) for grade in scale)
    covers: list[tuple[str, str, Cover]] = [
        ("Sex", _listed(population.sex), _subset(set(population.sex), lambda e: e.study.population.sex)),
        (
            "Mean age",
            f"{age.mean:g} years",
            _between(age.mean, lambda e: (e.study.population.age.mean - _sd(e), e.study.population.age.mean + _sd(e))),
        ),
        (
            "Ethnicity",
            _listed(population.ethnicity),
            _subset(set(population.ethnicity), lambda e: e.study.population.ethnicity),
        ),
        ("Zone", study.measurement.zone, _subset({study.measurement.zone}, lambda e: [e.study.measurement.zone])),
        (
            "Instrument",
            study.measurement.method,
            _subset({study.measurement.method}, lambda e: [e.study.measurement.method]),
        ),
        (
            "Primary endpoint",
            ENDPOINTS[primary.endpoint].title,
            _subset({ENDPOINTS[primary.endpoint].title}, lambda e: [ENDPOINTS[e.row.endpoint].title]),
        ),
        (HORIZON, f"week {primary.week:g}", _horizon(primary.week)),
    ]
    if grades:
        covers.insert(3, ("Severity", ", ".join(grades), _subset(set(grades), _grades_of)))
    for use in active_uses(arm):
        covers += _of_use(use)
    return covers


def _of_use(use: TherapyUse) -> list[tuple[str, str, Cover]]:
    def same(entry: Reported) -> list[TherapyUse]:
        return [other for other in active_uses(entry.arm) if other.therapy == use.therapy and other.route == use.route]

    covers: list[tuple[str, str, Cover]] = []
    if use.product is not None:
        products = _subset({use.product}, lambda e: [other.product for other in same(e) if other.product is not None])
        covers.append((f"Product of {use.therapy}", use.product, products))
    if use.formulation is not None:
        forms = _subset({use.formulation}, lambda e: [o.formulation for o in same(e) if o.formulation is not None])
        covers.append((f"Formulation of {use.therapy}", use.formulation, forms))
    if use.dose is not None:
        unit, per = use.dose.unit, use.per

        def doses(entry: Reported) -> list[float]:
            return [o.dose.value for o in same(entry) if o.dose is not None and (o.dose.unit, o.per) == (unit, per)]

        title = f"Dose of {use.therapy}"
        covers.append((title, f"{use.dose.value:g} {unit} per {per}", _within(use.dose.value, doses)))
    if use.schedule.sessions is not None:
        count = float(use.schedule.sessions)

        def sessions(entry: Reported) -> list[float]:
            return [float(o.schedule.sessions) for o in same(entry) if o.schedule.sessions is not None]

        covers.append((f"Sessions of {use.therapy}", f"{count:g}", _within(count, sessions)))
    return covers


def _subset(names: set[str], of: Callable[[Reported], Iterable[str]]) -> Cover:
    def cover(entries: Sequence[Reported]) -> tuple[str, bool]:
        there = {name for entry in entries for name in of(entry)}
        return _listed(sorted(there)) or NOTHING, names <= there

    return cover


def _between(value: float, of: Callable[[Reported], tuple[float, float]]) -> Cover:
    def cover(entries: Sequence[Reported]) -> tuple[str, bool]:
        ends = [of(entry) for entry in entries]
        low, high = min(end[0] for end in ends), max(end[1] for end in ends)
        return f"{low:.0f} to {high:.0f} years, means and their standard deviations", low <= value <= high

    return cover


def _within(value: float, of: Callable[[Reported], list[float]]) -> Cover:
    def cover(entries: Sequence[Reported]) -> tuple[str, bool]:
        there = [value for entry in entries for value in of(entry)]
        if not there:
            return NOTHING, False
        low, high = min(there), max(there)
        return (f"{low:g}" if low == high else f"{low:g} to {high:g}"), low <= value <= high

    return cover


def _horizon(week: float) -> Cover:
    def cover(entries: Sequence[Reported]) -> tuple[str, bool]:
        last = max(float(entry.row.week) for entry in entries if entry.row.week is not None)
        return f"last observed week {last:g}", week <= last

    return cover


def _grades_of(entry: Reported) -> list[str]:
    scales = entry.study.population.severity.values()
    return [grade for scale in scales if not isinstance(scale, Range) for grade in scale]


def _sd(entry: Reported) -> float:
    return entry.study.population.age.sd


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)
