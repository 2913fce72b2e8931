"""The study file of a user's own trial: YAML, with a comment on where every part comes from."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from anagen.core.errors import InputError
from anagen.core.reading import is_list, is_mapping
from anagen.formats.trial.computing import FEW, Result, kept, missing_visits, pooled, results
from anagen.formats.trial.facts import (
    REQUIRED,
    age_of,
    control_of,
    primary_of,
    required,
    shares_of,
    therapies_of,
    threshold_of,
    without_file,
)
from anagen.formats.trial.patients import Cohort, Person
from anagen.formats.trial.roles import SCALES
from anagen.formats.trial.summary import Summary
from anagen.formats.trial.table import Meaning
from anagen.study import Study
from anagen.study.empirical import FEWEST
from anagen.study.findings import mapping
from anagen.study.vocabulary import MATCHABLE
from anagen.study.yaml_text import data_text

SECTIONS = ("population", "arms", "measurement", "endpoints", "design", "observed")
PATIENTS = "patients.csv"
MOST_HELD = 10_000
"""Patients that a study file can hold."""
REASON = "own trial; it informed no parameter"
MOST_WHOLE = 1e6
"""Whole numbers up to this are written without a point."""


@dataclass(frozen=True, slots=True)
class Written:
    """A study file.

    Attributes
    ----------
    text : str
        YAML.
    study : Study
        What it says, checked.
    told : tuple[str, ...]
        What was computed, in sentences.
    """

    text: str
    study: Study
    told: tuple[str, ...]


def study_of_patients(cohort: Cohort, meaning: Meaning, source: str, name: str) -> Written:
    """The study file of patients.

    Parameters
    ----------
    cohort : Cohort
        The patients.
    meaning : Meaning
        What the table says beside them.
    source : str
        File and hash, for comments and sources.
    name : str
        Name of the study where the table gives none.

    Returns
    -------
    Written
        Checked.

    Raises
    ------
    InputError
        Where the table lacks what a study needs, or the study that it makes is refused.
    """
    said = required(meaning, (*REQUIRED, "primary"))
    weeks = {endpoint: [week for week in cohort.weeks(endpoint) if week > 0.0] for endpoint in cohort.endpoints}
    primary, last, measure = primary_of(meaning, weeks)
    control, comments = control_of(meaning, cohort.arms), dict[str, str]()
    rows = list(results(cohort, control, primary, threshold_of(meaning)))
    population = _population(cohort, meaning, primary, comments)
    visits = sorted({0.0, *(week for known in weeks.values() for week in known)})
    sizes = {arm: len(cohort.of(arm)) for arm in cohort.arms}
    comments["arms"] = "patients: with a value at any visit, counted by arm"
    comments["measurement"] = "visits: weeks with a value, and baseline"
    everybody = len(cohort.people)
    stayed = sum(last in person.values.get(primary, {}) for person in cohort.people)
    comments["design"] = f"dropout: {everybody - stayed} of {everybody} patients have no {primary} at week {last:g}"
    comments["observed"] = "computed from the patients' own values, of those with baseline and visit; none is filled in"
    data = _data(meaning, said, name, population, sizes, visits, (primary, last, measure), control)
    data["design"] = {"dropout": kept(1.0 - stayed / everybody, FEW)} if stayed < everybody else {}
    told = [f"{len(cohort.people)} patients: {', '.join(f'{arm} {n}' for arm, n in sizes.items())}."]
    told += [f"{part[0].upper()}{part[1:]}." for part in comments["population"].split("; ") if "left out" in part]
    told += missing_visits(cohort)
    return _written(data, rows, comments, meaning, source, told)


def study_of_summary(summary: Summary, meaning: Meaning, source: str, name: str) -> Written:
    """The study file of printed results; as `study_of_patients`."""
    said = required(meaning, (*REQUIRED, "primary"))
    first = str(summary.results[0].row["measure"])
    primary = primary_of(meaning, summary.weeks, first)
    arms = [arm for arm in meaning.words("arm") if any(result.row["arm"] == arm for result in summary.results)]
    without = [
        meaning.wrong("arm", arm, "has no row with its number of patients (n)")
        for arm in arms
        if arm not in summary.patients
    ]
    if without:
        raise InputError(without)
    control, comments = control_of(meaning, arms), dict[str, str]()
    population: dict[str, object] = {
        "condition": said["condition"], "sex": shares_of(meaning, "sex"), "age": age_of(meaning),
        "ethnicity": shares_of(meaning, "ethnicity"),
    }  # fmt: skip
    comments["population"] = "condition, sex, age and ethnicity: as the table says them"
    matched = next((name for name in (primary[0], *MATCHABLE) if name in summary.baseline and name in MATCHABLE), None)
    if matched is not None:
        mean, sd = summary.baseline[matched]
        population["baseline"] = {matched: {"mean": mean} | ({} if sd is None else {"sd": sd})}
        comments["population"] += f"; baseline: rows at week 0 of {matched}, all arms together"
    comments["arms"] = "patients: the most behind a row of the arm"
    comments["measurement"] = "visits: weeks of the rows, and baseline"
    comments["observed"] = "as the table of results has them"
    visits = sorted({0.0, *(week for weeks in summary.weeks.values() for week in weeks)})
    sizes = {arm: summary.patients[arm] for arm in arms}
    data = _data(meaning, said, name, population, sizes, visits, primary, control)
    data["design"] = {}
    return _written(
        data, list(summary.results), comments, meaning, source, [f"{len(summary.results)} printed results."]
    )


def _population(cohort: Cohort, meaning: Meaning, primary: str, comments: dict[str, str]) -> dict[str, object]:
    """Who the patients were: shares, age, grades, baseline, and themselves to draw from."""
    people = cohort.people
    whole = [person for person in people if "age" in person.facts and "sex" in person.facts]
    population: dict[str, object] = {"condition": meaning.words("study")["condition"]}
    told: list[str] = []
    for key in ("sex", "ethnicity"):
        known = Counter(person.facts[key] for person in people if key in person.facts)
        if known:
            total = sum(known.values())
            shares = {each: kept(number / total) for each, number in known.items()}
            population[key] = shares
            told.append(f"{key}: of {total} patients")
        else:
            population[key] = shares_of(meaning, key)
            told.append(f"{key}: as the table says it")
    ages = [float(person.facts["age"]) for person in people if "age" in person.facts]
    if ages:
        mean, sd = pooled(ages)
        population["age"] = {"mean": mean, "sd": sd or 0.0, "min": min(ages), "max": max(ages)}
        told.append(f"age: of {len(ages)} patients")
    else:
        population["age"] = age_of(meaning)
        told.append("age: as the table says it")
    order = ("condition", "sex", "age", "ethnicity")
    population = {key: population[key] for key in order}
    scales = [scale for scale in SCALES if any(scale in person.facts for person in people)]
    if scales:
        population["severity"] = {
            scale: sorted({person.facts[scale] for person in people if scale in person.facts}) for scale in scales
        }
        told.append(f"severity: grades that occur ({', '.join(scales)})")
    matched = next((name for name in (primary, *MATCHABLE) if name in MATCHABLE and 0.0 in cohort.weeks(name)), None)
    if matched is not None:
        values = [person.values[matched][0.0] for person in people if 0.0 in person.values.get(matched, {})]
        mean, sd = pooled(values)
        population["baseline"] = {matched: {"mean": mean} | ({} if sd is None else {"sd": sd})}
        told.append(f"baseline: {matched} at week 0 of {len(values)} patients, all arms together")
    if FEWEST <= len(whole) <= MOST_HELD:
        population["empirical"] = {"file": PATIENTS, "text": _patients_text(whole, scales)}
        told.append(f"empirical: {len(whole)} patients with age and sex, from whom simulated ones are drawn")
    else:
        told.append(_not_drawn(len(whole)))
    comments["population"] = "; ".join(told)
    return population


def _not_drawn(number: int) -> str:
    """Why simulated patients are not drawn from those of the trial."""
    held = f"a study file holds at most {MOST_HELD:,}" if number > MOST_HELD else f"at least {FEWEST} are needed"
    return f"empirical: left out, as {number:,} patients have age and sex and {held}"


def _patients_text(people: Sequence[Person], scales: Sequence[str]) -> str:
    """The patients to draw from, in an order that does not tell who they are."""
    columns = ["age", "sex"]
    columns += [key for key in ("ethnicity", "years_since_onset", *scales) if any(key in each.facts for each in people)]
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(sorted([person.facts.get(key, "") for key in columns] for person in people))
    return stream.getvalue()


def _data(
    meaning: Meaning, said: Mapping[str, str], name: str, population: Mapping[str, object], sizes: Mapping[str, int],
    visits: Sequence[float], primary: tuple[str, float, str], control: str,
) -> dict[str, object]:  # fmt: skip
    """Everything but the results."""
    endpoint, week, measure = primary
    called = said.get("name", name)
    data: dict[str, object] = {"study": called, "title": said.get("title", called)}
    if "blinding" in said:
        data["blinding"] = said["blinding"]
    if not control:
        data["uncontrolled"] = "The trial had no control arm."
    arms = [
        {"name": arm, "patients": n}
        | ({"control": True} if arm == control else {})
        | {"therapies": therapies_of(meaning, arm)}
        for arm, n in sizes.items()
    ]
    measurement = {key: said[key] for key in ("zone", "target_area", "method")} | {"visits": list(visits)}
    chosen = {"primary": {"endpoint": endpoint, "week": week, "measure": measure}}
    return data | {"population": population, "arms": arms, "measurement": measurement, "endpoints": chosen}


def _written(
    data: dict[str, object], rows: Sequence[Result], comments: Mapping[str, str], meaning: Meaning, source: str,
    told: Sequence[str],
) -> Written:  # fmt: skip
    """The text, and the study that it says."""
    cited = meaning.words("study").get("source", f"own trial, {source.partition('; table')[0]}")
    data = {key: value for key, value in data.items() if value not in ({}, None)}
    if "blinding" in data:
        data["source"] = cited
    text = _text(data, rows, comments, source, cited)
    try:
        study = Study.parse(text)
    except InputError as error:
        named = _impossible(error, data)
        if not named:
            raise without_file(error, meaning.file) from None
        # what no simulated patients can have cannot be matched; it is said, and the rest stands
        return _written(data, rows, comments, meaning, source, [*told, *named])
    return Written(text, study, (*told, f"{len(rows)} results in observed."))


def _impossible(error: InputError, data: dict[str, object]) -> list[str]:
    """Takes out of the population what of its baseline cannot be matched, and says so; nothing for other problems."""
    population = mapping(data["population"])
    wrong = [problem for problem in error.problems if problem.field.startswith("population.baseline.")]
    if len(wrong) < len(error.problems):
        return []
    target = {name: dict(mapping(held)) for name, held in mapping(population["baseline"]).items()}
    spread_alone = all(problem.field.endswith(".sd") for problem in wrong)
    kept_target = {name: {"mean": held["mean"]} for name, held in target.items()} if spread_alone else None
    rest = {key: value for key, value in population.items() if key != "baseline"}
    data["population"] = rest if kept_target is None else population | {"baseline": kept_target}
    return [f"Not matched: {problem.field}: {problem.message}." for problem in wrong]


def _text(
    data: Mapping[str, object], rows: Sequence[Result], comments: Mapping[str, str], source: str, cited: str
) -> str:
    head = {key: value for key, value in data.items() if key not in SECTIONS}
    blocks = [
        "# Written by `anagen import trial`; what stands here can be changed by hand.",
        f"# Data: {source}",
        data_text(head).rstrip(),
    ]
    for key in SECTIONS[:-1]:
        if key in data:
            blocks += ["", *_comment(comments.get(key, "")), data_text(_shown({key: data[key]})).rstrip()]
    blocks += ["", *_comment(comments["observed"]), "observed:"]
    read = "derived" if "computed" in comments["observed"] else "full text"
    for result in rows:
        row = result.row | {"source": cited, "read": read, "use": "check", "reason": REASON}
        blocks += [f"  # {result.told}", _flow(row)]
    return "\n".join(blocks) + "\n"


def _comment(text: str) -> list[str]:
    return [f"# {part[0].upper()}{part[1:]}." for part in re.split(r"; (?=\w+: )", text) if part]


def _flow(row: Mapping[str, object]) -> str:
    """One result as an entry of a list, a key a line."""
    lines = data_text(_shown(row)).rstrip().split("\n")
    return "\n".join(f"  {'- ' if not place else '  '}{line}" for place, line in enumerate(lines))


def _shown(value: object) -> object:
    """Plain data with whole numbers without a point, as people write them."""
    if is_mapping(value):
        return {key: _shown(item) for key, item in value.items()}
    if is_list(value):
        return [_shown(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < MOST_WHOLE else value
