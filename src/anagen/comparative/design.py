"""What is compared: treatments and combinations by name -> a study with each of them and each one's own control."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from anagen.core.errors import InputError, Problem
from anagen.patients import CONDITIONS
from anagen.study import Study
from anagen.therapies import THERAPIES, Therapy
from anagen.therapies.contraindications import EXCLUSIONS, MENOPAUSE
from anagen.therapies.controls import control_by
from anagen.therapies.names import meant_by

UNTREATED = "no treatment"
TOGETHER, BY = "+", "@"
VISIT_EVERY = 8.0
SHORTEST, LONGEST = 4.0, 520.0
"""Last visit [week]."""
AGE = {"mean": 40.0, "sd": 10.0, "min": 18.0, "max": 65.0}
MENOPAUSES = {
    "before": {"mean": 38.0, "sd": 8.0, "min": 18.0, "max": MENOPAUSE - 0.01},
    "after": {"mean": 58.0, "sd": 6.0, "min": MENOPAUSE, "max": 75.0},
}
"""Ages of women before and after the menopause."""
SEXES = {"male": {"male": 1.0}, "female": {"female": 1.0}, "both": {"male": 0.5, "female": 0.5}}


@dataclass(frozen=True, slots=True)
class Part:
    """One therapy of a treatment, the route by which it is given, and its formulation where the name stands for one."""

    therapy: Therapy
    route: str
    formulation: str | None = None

    @property
    def label(self) -> str:
        """Name, with the route where it is not the usual one."""
        name = self.therapy.name if self.formulation is None else f"{self.therapy.name} ({self.formulation})"
        return name if self.route == self.therapy.routes[0] else f"{name}{BY}{self.route}"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Treatments to compare.

    Attributes
    ----------
    study : Study
        One arm per treatment and per control, and one without treatment.
    treatments : tuple[str, ...]
        Names of the arms to rank, in the order asked for.
    own_control : dict[str, str]
        Arm -> the arm that differs from it by the active substances alone.
    parts : dict[str, tuple[Part, ...]]
        Arm -> what it is given.
    """

    study: Study
    treatments: tuple[str, ...]
    own_control: dict[str, str]
    parts: dict[str, tuple[Part, ...]]


def parts_of(words: str) -> tuple[Part, ...]:
    """Therapies of a treatment as a user writes it: "minoxidil", "exosome@microneedle", "minoxidil+finasteride".

    Raises
    ------
    InputError
        Where a therapy or route is unknown, or the same therapy stands twice.

    Examples
    --------
    >>> [part.label for part in parts_of("minoxidil+exosome@topical")]
    ['minoxidil', 'exosome@topical']
    """
    parts: list[Part] = []
    for word in words.split(TOGETHER):
        name, _, route = word.strip().partition(BY)
        synonym = meant_by(name)
        if synonym is None:
            message = f"no therapy is called {name!r}"
            raise InputError([Problem(None, None, None, words, message, THERAPIES.names(), THERAPIES.nearest(name))])
        therapy = synonym.therapy
        if route and route not in therapy.routes:
            message = f"{therapy.title} is not given by the route {route!r}"
            raise InputError([Problem(None, None, None, words, message, therapy.routes)])
        if any(part.therapy is therapy for part in parts):
            raise InputError([Problem(None, None, None, words, f"{name} stands twice")])
        parts.append(Part(therapy, route or therapy.routes[0], synonym.formulation))
    return tuple(parts)


def own_control(part: Part) -> Part | None:
    """What differs from a therapy by its active substance alone; None is no treatment. See `control_by`.

    Examples
    --------
    >>> [own_control(part).label for part in parts_of("exosome+minoxidil")]
    ['saline-injection', 'placebo@topical']
    """
    control, route = control_by(part.therapy, part.route)
    return None if control.name == "none" else Part(control, route)


def comparison(
    treatments: Sequence[str],
    *,
    condition: str = "aga",
    sex: str = "male",
    weeks: float = 48.0,
    endpoint: str = "total_density",
    zone: str = "vertex",
    keep_up: bool = False,
    exclude: Sequence[str] = (),
    menopause: str | None = None,
) -> Comparison:
    """A comparison of treatments in the same patients.

    Parameters
    ----------
    treatments : Sequence[str]
        Names as `parts_of` reads them.
    condition : str, default "aga"
        Who and where.
    sex : str, default "male"
        Who and where.
    weeks : float, default 48.0
        Last visit [week].
    endpoint : str, default "total_density"
        What is ranked.
    zone : str, default "vertex"
        Who and where.
    keep_up : bool, default False
        Sessions go on at their interval until the last visit in place of one course.
    exclude : Sequence[str], default ()
        Exclusions of `population.exclusions`, beside those without which a treatment must not be given.
    menopause : str, optional
        "before" or "after": women of that age only.

    Returns
    -------
    Comparison
        A study with an arm per treatment and control.

    Raises
    ------
    InputError
        Where a name is unknown, fewer than one treatment is named, one is named twice, or the menopause is asked for
        of men.

    Examples
    --------
    >>> compared = comparison(["finasteride", "minoxidil"], weeks=24)
    >>> compared.own_control["finasteride"]
    'placebo'
    """
    problems = [
        Problem(None, None, None, option, f"{value!r} is not known", tuple(allowed))
        for option, value, allowed in (("condition", condition, CONDITIONS.names()), ("sex", sex, tuple(SEXES)))
        if value not in allowed
    ]
    named = tuple(dict.fromkeys(plain_name(name) for name in exclude))
    problems += [
        Problem(None, None, None, "exclude", f"{name!r} is not known", tuple(EXCLUSIONS))
        for name in named
        if name not in EXCLUSIONS
    ]
    if menopause is not None and menopause not in MENOPAUSES:
        problems.append(Problem(None, None, None, "menopause", f"{menopause!r} is not known", tuple(MENOPAUSES)))
    if menopause is not None and sex != "female":
        message = "is of women; compare women only (sex female)"
        problems.append(Problem(None, None, None, "menopause", message))
    if problems:
        raise InputError(problems)
    arms: dict[str, tuple[Part, ...]] = {}
    for words in treatments:
        parts = parts_of(words)
        name = TOGETHER.join(part.label for part in parts)
        if name in arms:
            raise InputError([Problem(None, None, None, words, "is named twice")])
        arms[name] = parts
    if not arms:
        raise InputError([Problem(None, None, None, "THERAPY", "name at least one treatment", THERAPIES.names())])
    wanted = tuple(arms)
    schedules = {name: [_schedule(part, keep_up, weeks) for part in parts] for name, parts in arms.items()}
    controls: dict[str, str] = {}
    for name in wanted:
        uses: list[tuple[Part, dict[str, object]]] = []
        for part, schedule in zip(arms[name], schedules[name], strict=True):
            control = own_control(part)
            if control is not None:
                uses.append((control, schedule))
        controls[name] = _control_arm(uses, arms, schedules)
    # A clinic gives each treatment to those who may have it; who is left out changes no covariate of the others.
    ages = AGE if menopause is None else MENOPAUSES[menopause]
    exclusions = sorted(
        {
            contraindication.unless
            for parts in arms.values()
            for part in parts
            for contraindication in part.therapy.contraindications
            if contraindication.unless is not None
            and contraindication.grade == "error"
            and contraindication.when.applies(
                sexes=tuple(SEXES[sex]), youngest=ages["min"], condition=condition, route=part.route
            )
        }
        | set(named)
    )
    study = {
        "study": "comparison",
        "title": f"{', '.join(wanted)} in the same patients",
        "population": {
            "condition": condition,
            "sex": SEXES[sex],
            "age": ages,
            "ethnicity": {"caucasian": 1.0},
            "exclusions": exclusions,
        },
        "arms": [
            {
                "name": name,
                "patients": 2,
                "control": name == UNTREATED,
                "therapies": [
                    {"therapy": part.therapy.name, "route": part.route, "schedule": schedule}
                    | ({} if part.formulation is None else {"formulation": part.formulation})
                    for part, schedule in zip(parts, schedules.get(name, []), strict=True)
                ],
            }
            for name, parts in {**arms, UNTREATED: ()}.items()
        ],
        "measurement": {
            "zone": zone,
            "target_area": "1 cm^2",
            "method": "phototrichogram",
            "visits": _visits(weeks),
        },
        "endpoints": {"primary": {"endpoint": endpoint, "week": weeks, "measure": "change"}},
    }
    return Comparison(Study.from_dict(study), wanted, controls, {**arms, UNTREATED: ()})


def plain_name(exclusion: str) -> str:
    """Name of an exclusion as study files give it, of one with hyphens or spaces.

    Examples
    --------
    >>> plain_name("pregnancy-potential")
    'pregnancy_potential'
    """
    return exclusion.strip().replace("-", "_").replace(" ", "_")


def _schedule(part: Part, keep_up: bool, weeks: float) -> dict[str, object]:
    usual = part.therapy.by(part.route).default_schedule
    if usual.per_day is not None:
        return {"start": usual.start, "per_day": usual.per_day}
    schedule: dict[str, object] = {"start": usual.start}
    if usual.every is not None:
        schedule["every"] = usual.every
        if usual.sessions is not None and not keep_up:
            inside = int((weeks - usual.start - 1e-9) // usual.every) + 1
            schedule["sessions"] = min(usual.sessions, inside)
    elif usual.sessions is not None:
        schedule["sessions"] = usual.sessions
    return schedule


def _control_arm(
    uses: list[tuple[Part, dict[str, object]]],
    arms: dict[str, tuple[Part, ...]],
    schedules: dict[str, list[dict[str, object]]],
) -> str:
    """Name of the arm that is given these controls; a new arm where none is yet."""
    distinct = list(
        {(part.therapy.name, part.route, str(schedule)): (part, schedule) for part, schedule in uses}.values()
    )
    if not distinct:
        return UNTREATED
    parts, when = tuple(part for part, _ in distinct), [schedule for _, schedule in distinct]
    label = TOGETHER.join(part.label for part in parts)
    for number in range(1, 1000):
        name = label if number == 1 else f"{label} ({number})"
        if name not in arms:
            arms[name], schedules[name] = parts, when
            return name
        if arms[name] == parts and schedules[name] == when:
            return name
    raise ValueError("too many arms")


def _visits(weeks: float) -> list[float]:
    """Visits every eight weeks up to the last one."""
    return [*(VISIT_EVERY * i for i in range(int(-(-weeks // VISIT_EVERY)))), weeks]
