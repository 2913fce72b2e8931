"""A person and what is given, as a study of people alike: so that every rule and word of study files holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from anagen.core.arrays import IntArray
from anagen.core.errors import InputError, Problem
from anagen.delivery import Prescription
from anagen.parameters import ParameterSet
from anagen.patients import Population, PopulationSpec
from anagen.patients.sampling import sample_population
from anagen.prognoses.person import Person, spec_of
from anagen.prognoses.visible import judged_by
from anagen.study import Study
from anagen.study.findings import mapping, sequence
from anagen.study.safety_rules import unanswered
from anagen.study.treatment import TherapyUse
from anagen.therapies import THERAPIES
from anagen.therapies.names import meant_by
from anagen.trials.observation import Scene
from anagen.trials.protocol import Protocol, protocol, study_parameters
from anagen.trials.recruited import population_spec
from anagen.trials.rescue import until

WITH, WITHOUT, STOPPED = "with", "without", "stopped"
MOST_THERAPIES = 3
LEAST_WEEKS, MOST_WEEKS = 4, 104
AREA = 1.0
"""Skin that is looked at [cm2]."""
LIKE = 2**20
"""Number of the pseudo-trial of the first person who is like the one asked for, who is in trial 0."""
Therapy = str | Mapping[str, object]
"""A therapy by its name, "exosome@microneedle" for a route of it, or with the keys of a study file."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: who, what is given, how long.

    Attributes
    ----------
    person : Person
        Who.
    study : Study
        Of people alike, with an arm that is given the therapies and one that is given nothing.
    plan : Protocol
        The study, ready to simulate.
    spec : PopulationSpec
        Whom it recruits.
    parameters : ParameterSet
        That the study reads.
    weeks : IntArray, shape (n_weeks,)
        From 0 to the last.
    stop : float or None
        Week from which nothing is given any more in the third course; None for no such course.
    """

    person: Person
    study: Study
    plan: Protocol
    spec: PopulationSpec
    parameters: ParameterSet
    weeks: IntArray
    stop: float | None

    @property
    def treated(self) -> bool:
        """Whether anything is given."""
        return bool(self.plan.prescriptions[0])

    def courses(self) -> dict[str, tuple[Prescription, ...]]:
        """What is given in each course, by name."""
        given = self.plan.prescriptions[0]
        found: dict[str, tuple[Prescription, ...]] = {WITHOUT: ()}
        if self.treated:
            found = {WITH: given, WITHOUT: ()}
        if self.treated and self.stop is not None:
            cut = [until(prescription, self.stop) for prescription in given]
            found[STOPPED] = tuple(part for part in cut if len(part.doses.days))
        return found

    def scene(self, draw: int) -> Scene:
        """The study under a parameter draw; 0 are the central values.

        Parameters
        ----------
        draw : int
            Its number. Draws are the same whoever is asked for.

        Returns
        -------
        Scene
            For the person and people alike.
        """
        return Scene(self.plan, self.spec, self.parameters.draw(1, draw), self.person.seed)

    def people(self, scene: Scene, first: int = 0, number: int = 0) -> Population:
        """The person, and people alike behind.

        Parameters
        ----------
        scene : Scene
            Of a parameter draw.
        first : int
            Number of the first of these.
        number : int
            How many.

        Returns
        -------
        Population
            One row for each; every row is a trial of its own, so that batches of a product differ between people.
        """
        trials = np.concatenate([[0], LIKE + first + np.arange(number, dtype=np.int64)])
        return sample_population(
            scene.spec,
            scene.values,
            seed=scene.seed,
            patients=np.zeros(len(trials), dtype=np.int64),
            replicate=trials,
            alike=True,
            responsiveness=self.person.deviate,
        )


def asked_of(
    person: Person | Mapping[str, object],
    therapies: Sequence[Therapy] = (),
    *,
    weeks: int = MOST_WEEKS,
    stop: float | None = None,
    parameters: ParameterSet,
) -> Asked:
    """A question, checked.

    Parameters
    ----------
    person : Person or mapping
        Who.
    therapies : Sequence[Therapy]
        Up to three, each by name or with the keys of a study file.
    weeks : int
        Last week.
    stop : float or None
        Week from which nothing is given any more in a third course.
    parameters : ParameterSet
        Of the model.

    Returns
    -------
    Asked
        Ready to be simulated.

    Raises
    ------
    InputError
        With every problem, in the words of a study file; fields are those of a person, or `therapies[i]...`; also
        where a therapy stands twice in the same way, and where nothing is given that could be stopped.
    """
    who = Person.of(person)
    if len(therapies) > MOST_THERAPIES:
        message = f"{len(therapies)} therapies are more than {MOST_THERAPIES}; leave some out"
        raise InputError([Problem(None, None, None, "therapies", message)])
    if stop is not None and not 0.0 < stop < weeks:
        message = f"must be a week after 0 and before the last ({weeks}), got {stop:g}"
        raise InputError([Problem(None, None, None, "stop", message)])
    given = [use_of(therapy, place) for place, therapy in enumerate(therapies)]
    study = _study(who, given, weeks)
    _check_twice(study.arms[0].therapies)
    plan = protocol(study)
    if stop is not None and not plan.prescriptions[0]:
        message = "nothing is given that could be stopped; name a therapy, or leave stop out"
        raise InputError([Problem(None, None, None, "stop", message)])
    return Asked(
        person=who,
        study=study,
        plan=plan,
        spec=spec_of(who, population_spec(study)),
        parameters=study_parameters(study, parameters),
        weeks=np.arange(weeks + 1),
        stop=stop,
    )


def use_of(therapy: Therapy, place: int = 0) -> dict[str, object]:
    """A therapy with the keys of a study file.

    Parameters
    ----------
    therapy : Therapy
        By name, or with keys.
    place : int
        Its place among the therapies, for messages.

    Returns
    -------
    dict
        Keys of a study file.

    Raises
    ------
    InputError
        Where it is neither text nor a mapping.

    Examples
    --------
    >>> use_of("exosome@microneedle")
    {'therapy': 'exosome', 'route': 'microneedle'}
    """
    if isinstance(therapy, Mapping):
        return dict(therapy)
    if not isinstance(therapy, str):  # pyright: ignore[reportUnnecessaryIsInstance]
        message = 'is a name, such as "minoxidil", or has the keys of a study file'
        raise InputError([Problem(None, None, None, f"therapies[{place}]", message)])
    name, _, route = therapy.strip().partition("@")
    meant = meant_by(name)
    use: dict[str, object] = {"therapy": name if meant is None else meant.therapy.name}
    if meant is not None and meant.formulation is not None:
        use["formulation"] = meant.formulation
    return use | ({"route": route} if route else {})


def _check_twice(uses: Sequence[TherapyUse]) -> None:
    """Refuses two entries that say the same, under whatever names: a study adds their doses up."""
    plain = [use.model_copy(update={"called": None}) for use in uses]
    problems = [
        Problem(
            None,
            None,
            None,
            f"therapies[{i}]",
            f"is the same as therapies[{first}] ({THERAPIES[use.therapy].title}, given in the same way), and two doses "
            "of one therapy add up; leave one out, or give one with the larger dose, such as "
            "{therapy: minoxidil, dose: 2 mL}",
        )
        for i, use in enumerate(plain)
        if (first := plain.index(use)) < i
    ]
    if problems:
        raise InputError(problems)


def _study(person: Person, given: Sequence[Mapping[str, object]], weeks: int) -> Study:
    """The study of a person; contraindications are answered, as they are told beside the result."""
    data: dict[str, object] = {
        "study": "prognosis",
        "title": f"What to expect: {person.words()}",
        "population": person.population(last_week=float(weeks)),
        "arms": [
            {"name": WITH, "patients": 2, "therapies": list(given)},
            {"name": WITHOUT, "patients": 2, "control": True, "therapies": []},
        ],
        "measurement": {
            "zone": person.zone,
            "target_area": f"{AREA:g} cm^2",
            "method": "phototrichogram",
            "visits": list(range(weeks + 1)),
        },
        "endpoints": {
            "primary": {"endpoint": "total_density", "week": weeks, "measure": "change"},
            "secondary": [{"endpoint": judged_by(person.condition), "week": weeks, "measure": "value"}],
        },
    }
    try:
        return Study.from_dict(_answered(data))
    except InputError as error:
        raise InputError([_of_person(problem) for problem in error.problems]) from None


def _answered(data: dict[str, object]) -> dict[str, object]:
    """The study with every contraindication answered that can be: by an exclusion, or by accepting it."""
    asked = [contraindication for _, contraindication in unanswered(_by_route(data))]
    exclusions = sorted({each.unless for each in asked if each.unless is not None})
    accepted = sorted({each.name for each in asked if each.unless is None and each.acceptable})
    population = mapping(data["population"]) | {"exclusions": exclusions}
    return data | {"population": population, "safety": {"accepted": accepted}}


def _by_route(data: dict[str, object]) -> dict[str, object]:
    """The study with names and usual routes of therapies filled in, on which contraindications depend."""
    arms: list[dict[str, object]] = []
    for arm in sequence(data["arms"]):
        uses: list[dict[str, object]] = []
        for use in sequence(mapping(arm).get("therapies")):
            meant = meant_by(str(mapping(use).get("therapy")))
            usual = {} if meant is None else {"therapy": meant.therapy.name, "route": meant.therapy.routes[0]}
            given = {key: value for key, value in mapping(use).items() if key != "therapy" or meant is None}
            uses.append(usual | given)
        arms.append(mapping(arm) | {"therapies": uses})
    return data | {"arms": arms}


_FIELDS = (
    ("arms[0].therapies", "therapies"),
    ("population.severity", "grade"),
    ("population.years_since_onset", "years_since_onset"),
    ("population.onset_week", "years_since_onset"),
    ("population.age", "age"),
    ("population.", ""),
    ("measurement.zone", "zone"),
)
"""Where a problem of the study stands, and where in what the user gave."""


def _of_person(problem: Problem) -> Problem:
    """A problem of the study as one of what the user gave."""
    for study, own in _FIELDS:
        if problem.field.startswith(study):
            rest = problem.field.removeprefix(study)
            return replace(problem, field=own + rest if own in ("therapies", "") else own)
    return problem
