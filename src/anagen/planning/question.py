"""What is asked of a trial that is planned: sizes, outcomes and contrasts, checked before anything is simulated."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from anagen.analysis.complete import NO_CONTROL
from anagen.analysis.decisions import margin_of, wanted_direction
from anagen.analysis.effects import choices_of, contrasts_of
from anagen.core.arrays import FloatArray
from anagen.core.errors import InputError, Problem
from anagen.core.measures import RESPONDERS
from anagen.core.numbers import whole
from anagen.core.reading import nearest
from anagen.core.units import parse_quantity
from anagen.reports.wording import measure_unit
from anagen.scalp import ENDPOINTS
from anagen.study import Study
from anagen.study.models import EndpointChoice
from anagen.study.overrides import override_of
from anagen.trials.protocol import Protocol, protocol

SECONDARY = "endpoints.secondary"
LEAST_PATIENTS, MOST_PATIENTS, MOST_SIZES = 2, 100_000, 20


@dataclass(frozen=True, slots=True)
class Question:
    """A study at its largest size, and what is asked of it.

    Attributes
    ----------
    study : Study
        The study with the largest number of patients; its endpoints are those asked for.
    sizes : tuple[int, ...]
        Patients of the smallest arm, increasing; the other arms keep the ratio of the study.
    choices : tuple[EndpointChoice, ...]
        Outcomes; the first is the main one.
    pairs : tuple[tuple[str, str], ...]
        Contrasts: arm and control.
    margin : float or None
        What the effect on the main outcome has to exceed, in the wanted direction and in the unit of the effect.
    """

    study: Study
    sizes: tuple[int, ...]
    choices: tuple[EndpointChoice, ...]
    pairs: tuple[tuple[str, str], ...]
    margin: float | None = None

    @property
    def plan(self) -> Protocol:
        """The study ready to simulate."""
        return protocol(self.study)

    def arm_sizes(self, patients: int) -> tuple[int, ...]:
        """Patients of every arm where the smallest has so many."""
        return sizes_in_ratio(self.study, patients)

    def beyond(self, choice: EndpointChoice) -> float:
        """What the effect on an outcome has to exceed for the study's claim, in the wanted direction.

        Minus the margin for non-inferiority, the margin of a superiority that states one, else 0; not a number where
        it is no single bound: of equivalence, and of a dual criterion.
        """
        hypothesis = self.study.analysis.hypothesis
        if hypothesis is None or choice != self.study.endpoints.primary:
            return 0.0
        margin = margin_of(hypothesis, choice)
        return {"superiority": margin, "non_inferiority": -margin}.get(hypothesis.type, math.nan)

    def margin_of(self, choice: EndpointChoice) -> float | None:
        """The margin of an outcome: of the main endpoint and measure alone."""
        main = self.choices[0]
        return self.margin if (choice.endpoint, choice.measure) == (main.endpoint, main.measure) else None


def null_effects(question: Question) -> FloatArray:
    """Effects at which the study's claims are just not true, in the unit of the endpoints; shape (n_pairs, n_choices).

    0, but for non-inferiority and equivalence the margin on the unwanted side. A share of patients or a change in per
    cent cannot be moved to its margin by an effect in the unit of the endpoint: there it is 0.

    Parameters
    ----------
    question : Question
        What is asked.

    Returns
    -------
    FloatArray
        What is added to trials without an effect.
    """
    effects = np.zeros((len(question.pairs), len(question.choices)))
    hypothesis, primary = question.study.analysis.hypothesis, question.study.endpoints.primary
    if hypothesis is not None and hypothesis.type in ("non_inferiority", "equivalence"):
        for c, choice in enumerate(question.choices):
            if choice == primary and choice.measure in ("change", "value"):
                effects[:, c] = -wanted_direction(choice) * margin_of(hypothesis, choice)
    return effects


def question_of(
    study: Study,
    patients: Sequence[int] | int = (),
    *,
    weeks: Sequence[float] = (),
    endpoints: Sequence[str] | str = (),
    arm: str | None = None,
    controls: Sequence[str] = (),
    margin: float | str | None = None,
) -> Question:
    """The question that options ask.

    Parameters
    ----------
    study : Study
        What is planned.
    patients : Sequence[int]
        Sizes per arm; half, once, twice and four times those of the study where none are given.
    weeks : Sequence[float]
        Visits at which outcomes are compared; those of the study where none are given.
    endpoints : Sequence[str]
        What is compared; the endpoints of the study where none are given.
    arm : str or None
        The arm; every one that is not a control where left out.
    controls : Sequence[str]
        What it is compared with; the study's own control where none are given.
    margin : float or str or None
        What the effect has to exceed, a number or a quantity in the unit of the effect.

    Returns
    -------
    Question
        Checked.

    Raises
    ------
    InputError
        With every name and number that is wrong, what would be right, and the nearest spelling.

    Examples
    --------
    >>> asked = question_of(Study.load("exosome-vs-saline"), [20, 40], weeks=[12, 24], endpoints=["total_density"])
    >>> [(choice.endpoint, choice.week) for choice in asked.choices], asked.pairs
    ([('total_density', 24.0), ('total_density', 12.0)], (('exosome', 'saline'),))
    """
    patients = [patients] if isinstance(patients, int) else patients
    endpoints = [endpoints] if isinstance(endpoints, str) else endpoints
    problems: list[Problem] = []
    if study.design.layout == "crossover":
        message = (
            "crossover trials are run and not planned by simulation: anagen run --replicates 200 tells how often they "
            "succeed, anagen size --crossover gives their size by formula"
        )
        problems.append(Problem(None, None, None, "design.layout", message, ("parallel", "split_scalp")))
    if study.design.randomisation.method == "cluster":
        message = (
            "trials that randomise centres are run and not planned by simulation: anagen run --replicates 200 tells "
            "how often they succeed; anagen check tells their design effect"
        )
        problems.append(Problem(None, None, None, "design.randomisation.method", message, ("block", "minimisation")))
    visits = tuple(float(week) for week in study.measurement.visits[1:])
    listed = [f"{week:g}" for week in visits]
    for week in weeks:
        if week not in visits:
            closest = min(visits, key=lambda visit: abs(visit - week), default=None)
            meant = None if closest is None else f"{closest:g}"
            message = f"week {week:g} is not the week of a visit after baseline; visits are in measurement.visits"
            problems.append(Problem(None, None, None, "weeks", message, tuple(listed), meant))
    for name in endpoints:
        if name not in ENDPOINTS:
            known = tuple(ENDPOINTS)
            problems.append(_unknown("endpoints", "endpoint", name, known))
    pairs, wrong = _pairs(study, arm, controls)
    problems += wrong
    for field, values in (("weeks", weeks), ("endpoints", endpoints), ("controls", controls), ("patients", patients)):
        twice = next((value for i, value in enumerate(values) if value in values[:i]), None)
        if twice is not None:
            name = f"{twice:g}" if isinstance(twice, float) else f"{twice}"
            problems.append(Problem(None, None, None, field, f"{name} is named twice"))
    sizes: list[int] = []
    try:
        sizes = _sizes(study, patients)
    except InputError as error:
        problems += error.problems
    problems += _other_claims(study, weeks=weeks, endpoints=endpoints, controls=controls)
    if problems:
        raise InputError(problems)
    choices = _choices(study, weeks, endpoints)
    try:
        largest = study_of(study, sizes[-1], choices)
    except InputError as error:
        # what was asked for is put in as secondary endpoints, which nobody wrote
        option = "endpoints" if endpoints else "weeks"
        raise InputError(
            [
                replace(problem, field=option) if SECONDARY in (problem.field or "") else problem
                for problem in error.problems
            ]
        ) from None
    asked = Question(largest, tuple(sizes), choices, pairs)
    return asked if margin is None else replace(asked, margin=effect_amount("margin", margin, choices[0]))


def _other_claims(study: Study, **options: Sequence[object]) -> list[Problem]:
    """Options that would ask for other claims than the study's analysis states."""
    if not study.analysis.decides:
        return []
    message = "asks for other comparisons than those that analysis in the study tests together; leave it out, or take "
    message += "hypothesis, multiplicity, interim and dose_response out of the study"
    return [Problem(None, None, None, name, message) for name, given in options.items() if given]


def study_of(study: Study, patients: int, choices: Sequence[EndpointChoice]) -> Study:
    """The study with so many patients in its smallest arm, that measures what is asked for and nothing else."""
    primary = study.endpoints.primary
    secondary = [choice.model_dump(mode="json", exclude_none=True) for choice in choices if choice != primary]
    overrides = [
        *(override_of(f"arms.{i}.patients", n) for i, n in enumerate(sizes_in_ratio(study, patients))),
        override_of(SECONDARY, secondary),
        override_of("observed", []),
    ]
    return Study.variants(study, [overrides])[0]


def sizes_in_ratio(study: Study, patients: int) -> tuple[int, ...]:
    """Patients of every arm where the smallest has so many and the arms keep the ratio of the study.

    Raises
    ------
    InputError
        Where an arm would not have a whole number.

    Examples
    --------
    >>> sizes_in_ratio(Study.load("exosome-vs-saline"), 40)
    (40, 40)
    """
    least = min(arm.patients for arm in study.arms)
    parts = [Fraction(arm.patients, least) * patients for arm in study.arms]
    if any(part.denominator > 1 for part in parts):
        step = math.lcm(*(part.denominator for part in (Fraction(arm.patients, least) for arm in study.arms)))
        ratio = ":".join(str(arm.patients) for arm in study.arms)
        message = f"{patients} in the smallest arm does not keep the ratio {ratio} of the study; multiples of {step} do"
        fitting = str(max(round(patients / step), 1) * step)
        raise InputError([Problem(None, None, None, "patients", message, (), fitting)])
    return tuple(int(part) for part in parts)


def effect_unit(choice: EndpointChoice) -> str:
    """Unit of an effect on an outcome, as the package writes units; "percent" for shares and percentages."""
    if choice.measure == "percent_change" or choice.measure in RESPONDERS:
        return "percent"
    return ENDPOINTS[choice.endpoint].unit


def effect_amount(field: str, given: float | str, choice: EndpointChoice, *, endpoint_unit: bool = False) -> float:
    """An effect, standard deviation or margin as a number in the unit of the effect; a share of 1 for shares.

    Parameters
    ----------
    field : str
        Argument or option that gives it, for messages.
    given : float or str
        A number in that unit, or a quantity such as "8 hairs/cm^2".
    choice : EndpointChoice
        The outcome.
    endpoint_unit : bool
        Whether it is in the unit of the endpoint whatever the measure.

    Returns
    -------
    float
        The number.

    Raises
    ------
    InputError
        Where it cannot be read or has another unit.

    Examples
    --------
    >>> hairs = EndpointChoice(endpoint="total_density", week=24, measure="change")
    >>> effect_amount("effect", "8 hairs/cm^2", hairs), effect_amount("effect", 8, hairs)
    (8.0, 8.0)
    """
    unit = ENDPOINTS[choice.endpoint].unit if endpoint_unit else effect_unit(choice)
    scale = 0.01 if choice.measure in RESPONDERS and not endpoint_unit else 1.0
    if isinstance(given, str):
        text = given.strip()
        number, _, written = text.partition(" ")
        same = written.strip().replace("²", "2").replace("^", "") == unit.replace("^", "")
        percent = unit == "percent" and written.strip() in ("%", "percent", "percentage points")
        try:
            if not written or same or percent:
                value = float(number)
            elif unit in ("percent", "um", "cm^2", "mm/day"):
                value = parse_quantity(text, unit)
            else:
                raise ValueError(text)
        except InputError as error:
            raise InputError([replace(problem, field=field) for problem in error.problems]) from None
        except ValueError:
            shown = measure_unit(choice.measure, unit, difference=True) if not endpoint_unit else unit
            message = f"{given!r} is not an amount of {ENDPOINTS[choice.endpoint].title}; expected a number of {shown}"
            suggestion = f"{number} {unit}" if _is_number(number) else None
            raise InputError([Problem(None, None, None, field, message, (), suggestion)]) from None
    else:
        value = float(given)
    if not math.isfinite(value):
        raise InputError([Problem(None, None, None, field, f"must be a finite number, got {given}")])
    return scale * value


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def _sizes(study: Study, patients: Sequence[int]) -> list[int]:
    if not patients:
        least = min(arm.patients for arm in study.arms)
        patients = sorted({max(least // 2, LEAST_PATIENTS), least, 2 * least, 4 * least})
        patients = [n for n in patients if n >= least or _fits(study, n)]
    if len(patients) > MOST_SIZES:
        message = f"{len(patients)} sizes; at most {MOST_SIZES} are told at once"
        raise InputError([Problem(None, None, None, "patients", message)])
    sizes = sorted(whole("patients", size, LEAST_PATIENTS, MOST_PATIENTS) for size in patients)
    for size in sizes:
        sizes_in_ratio(study, size)
    return sizes


def _fits(study: Study, patients: int) -> bool:
    least = min(arm.patients for arm in study.arms)
    return all((arm.patients * patients) % least == 0 for arm in study.arms)


def _pairs(study: Study, arm: str | None, controls: Sequence[str]) -> tuple[tuple[tuple[str, str], ...], list[Problem]]:
    """Contrasts that are asked for, and what is wrong with the names."""
    names = tuple(each.name for each in study.arms)
    problems = [_unknown("arm", "arm", arm, names)] if arm is not None and arm not in names else []
    problems += [_unknown("controls", "arm", name, names) for name in controls if name not in names]
    if problems:
        return (), problems
    own = contrasts_of(protocol(study))
    treated = {each.name for each in study.arms if not each.control} if arm is None else {arm}
    if controls:
        pairs = tuple((each, control) for each in names for control in controls if each in treated and each != control)
    else:
        pairs = tuple(pair for pair in own if pair[0] in treated)
    if any(control == NO_CONTROL for _, control in pairs):
        message = "the study has no control arm; power is that of a comparison with a control"
        return (), [Problem(None, None, None, "arms", message)]
    if not pairs:
        others = tuple(each.name for each in study.arms if not each.control)
        message = f"{arm or 'no arm'} is compared with nothing here; name an arm and what it is compared with"
        return (), [Problem(None, None, None, "arm", message, others)]
    return pairs, []


def _choices(study: Study, weeks: Sequence[float], endpoints: Sequence[str]) -> tuple[EndpointChoice, ...]:
    """Outcomes that are asked for: every endpoint at every week, or those of the study."""
    own = [choice for _, choice in choices_of(protocol(study))]
    if not weeks and not endpoints:
        return tuple(own)
    found: list[EndpointChoice] = []
    for name in endpoints or (own[0].endpoint,):
        like = next((choice for choice in own if choice.endpoint == name), None)
        for week in weeks or (own[0].week,):
            if like is None:
                found.append(EndpointChoice(endpoint=name, week=float(week), measure="change"))
            else:
                found.append(like.model_copy(update={"week": float(week)}))
    # the study's primary outcome is the main one wherever it is asked for
    return tuple(sorted(found, key=lambda choice: choice != own[0]))


def _unknown(field: str, kind: str, name: str, known: tuple[str, ...]) -> Problem:
    return Problem(None, None, None, field, f"there is no {kind} {name!r}", known, nearest(name, known))
