"""Treatments, patients and depth of a comparison as an address or a form holds them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from starlette.datastructures import ImmutableMultiDict

from anagen.comparative.design import BY, MENOPAUSES, SEXES, TOGETHER, Comparison, comparison, parts_of
from anagen.core.errors import InputError, Problem
from anagen.patients import CONDITIONS
from anagen.reports.wording import endpoint_names, sentence_case
from anagen.scalp import ENDPOINTS
from anagen.studio.addresses import address
from anagen.studio.comparing.words import MENOPAUSE_WORDS, SEX_WORDS, part_words
from anagen.studio.forms.field import CHOICE, NUMBER, RANGE, TICK, Choice, Field, read
from anagen.studio.kinds.compare import FEWEST, MOST
from anagen.therapies import THERAPIES
from anagen.therapies.contraindications import EXCLUSIONS

TREATMENT, ADD, WITH, DROP = "t", "add", "with", "drop"
"""Names in the address: a treatment, one to add, one to give with it, one to take out."""
NONE = Choice("", "nothing else")
DEPTHS = {
    "quick": ("Quick: 20 draws, 40 patients", 20, 40),
    "usual": ("Usual: 100 draws, 200 patients", 100, 200),
    "full": ("Full: 200 draws, 200 patients", 200, 200),
}
DEPTH = "Draws of the parameters besides their central values, and virtual patients."
RESPONDER = "In the unit of what is ranked; for the number needed to treat."
GROUP = ("condition", "sex", "menopause", "exclude")
QUESTION = ("endpoint", "weeks", "keep_up", "responder", "depth", "seed")


@dataclass(frozen=True)
class Asked:
    """What was asked for.

    Attributes
    ----------
    treatments : tuple of str
        Names as `parts_of` reads them, none twice.
    fields : dict of str to Field
        Controls by name, with what they hold.
    problems : tuple of Problem
        What is wrong with treatments, each by the name of its control.
    """

    treatments: tuple[str, ...]
    fields: dict[str, Field]
    problems: tuple[Problem, ...]

    @property
    def query(self) -> list[tuple[str, str]]:
        """Names and words of the address that holds all this; defaults are left out."""
        defaults = {field.name: field.value for field in controls()}
        kept = [(name, field.value) for name, field in self.fields.items() if name not in (ADD, WITH)]
        return [
            *((TREATMENT, name) for name in self.treatments),
            *((name, words) for name, words in kept if words != defaults[name]),
        ]

    def spec(self) -> dict[str, Any]:
        """What a job is asked for; see `kinds/compare.py`.

        Returns
        -------
        dict
            Plain values. A control with a problem gives its nearest allowed value.
        """
        held = {name: field.offer if field.problem else field.value for name, field in self.fields.items()}
        _, draws, patients = DEPTHS.get(held["depth"], DEPTHS["usual"])
        return {
            "treatments": list(self.treatments),
            "condition": held["condition"],
            "sex": held["sex"],
            "weeks": float(held["weeks"] or 48),
            "endpoint": held["endpoint"],
            "keep_up": held["keep_up"] == "on",
            "exclude": [held["exclude"]] if held["exclude"] else [],
            "menopause": held["menopause"] or None,
            "responder": float(held["responder"] or 10),
            "patients": patients,
            "draws": draws,
            "seed": int(float(held["seed"] or 1)),
        }

    @cached_property
    def plan(self) -> Comparison | None:
        """What would be compared; None where something is wrong or nothing is chosen."""
        return None if self.wrong or not self.treatments else plan_of(self.spec())

    @cached_property
    def wrong(self) -> tuple[Problem, ...]:
        """Everything that is wrong, of treatments, controls and of both together."""
        fields = [
            Problem(None, None, None, field.name, f"{field.label} {field.problem}")
            for field in self.fields.values()
            if field.problem
        ]
        found = (*self.problems, *fields)
        if found or not self.treatments:
            return found
        try:
            plan_of(self.spec())
        except InputError as error:
            return tuple(error.problems)
        return ()

    @property
    def can_run(self) -> bool:
        """Whether this can be compared."""
        return FEWEST <= len(self.treatments) <= MOST and not self.wrong


def query_of(spec: Mapping[str, Any], path: str = "/compare") -> str:
    """Address that asks for what a job was asked.

    Parameters
    ----------
    spec : Mapping of str to Any
        Of a job.
    path : str
        Of the page, or of a file of it.

    Returns
    -------
    str
        Path and query.
    """
    size = spec.get("draws"), spec.get("patients")
    depth = next((name for name, (_, *numbers) in DEPTHS.items() if tuple(numbers) == size), "")
    words = {
        **{name: str(spec.get(name) or "") for name in ("condition", "sex", "menopause", "endpoint")},
        **{name: f"{spec[name]:g}" for name in ("weeks", "responder") if name in spec},
        "keep_up": "on" if spec.get("keep_up") else "",
        "exclude": next(iter(spec.get("exclude") or ()), ""),
        "depth": depth,
        "seed": str(spec.get("seed", 1)),
    }
    defaults = {field.name: field.value for field in controls()}
    kept = [(name, value) for name, value in words.items() if value != defaults[name]]
    return address(path, [*((TREATMENT, name) for name in spec["treatments"]), *kept])


def plan_of(spec: Mapping[str, Any]) -> Comparison:
    """What a job compares.

    Parameters
    ----------
    spec : Mapping of str to Any
        From `Asked.spec`.

    Returns
    -------
    Comparison
        A study with an arm per treatment and control.

    Raises
    ------
    InputError
        Where it cannot be compared.
    """
    names = ("condition", "sex", "weeks", "endpoint", "keep_up", "exclude", "menopause")
    return comparison(spec["treatments"], **{name: spec[name] for name in names if name in spec})


def controls() -> list[Field]:
    """Controls of the page with their defaults.

    Returns
    -------
    list of Field
        What to add, whom to treat, what is asked.
    """
    treatments = therapy_choices()
    endpoints = sorted(ENDPOINTS.names(), key=lambda name: ENDPOINTS[name].title)
    titles = endpoint_names(endpoints)
    shown = [Choice(name, titles[name].title) for name in endpoints]
    sexes = [Choice(name, SEX_WORDS[name]) for name in SEXES]
    ages = [Choice("", "of any age"), *(Choice(name, MENOPAUSE_WORDS[name]) for name in MENOPAUSES)]
    others = [Choice("", "nobody else"), *(Choice(name, words) for name, words in EXCLUSIONS.items())]
    depths = tuple(Choice(name, depth[0]) for name, depth in DEPTHS.items())
    return [
        Field(ADD, "Treatment", CHOICE, "", (Choice("", "choose one"), *treatments), required=False),
        Field(WITH, "Given together with", CHOICE, "", (NONE, *treatments), required=False),
        Field("condition", "Condition", CHOICE, "aga", tuple(Choice(c.name, c.title) for c in CONDITIONS.values())),
        Field("sex", "Patients", CHOICE, "male", tuple(sexes)),
        Field("menopause", "Women", CHOICE, "", tuple(ages), required=False),
        Field("exclude", "Also not admitted", CHOICE, "", tuple(others), required=False),
        Field("endpoint", "What is ranked", CHOICE, "total_density", tuple(shown)),
        Field("weeks", "Last visit", RANGE, "48", low=4, high=156, step=4, unit="weeks"),
        Field("keep_up", "Sessions go on until the last visit", TICK),
        Field("responder", "Least change of a responder", NUMBER, "10", low=-1000, high=1000, note=RESPONDER),
        Field("depth", "How thorough", CHOICE, "usual", depths, note=DEPTH),
        Field("seed", "Seed", NUMBER, "1", low=0, high=2**32 - 1, step=1, note="The same seed gives the same numbers."),
    ]


def therapy_choices() -> tuple[Choice, ...]:
    """Every treatment, by each of its routes.

    Returns
    -------
    tuple of Choice
        The usual route first; controls are left out.
    """
    found: list[Choice] = []
    for therapy in sorted((each for each in THERAPIES.values() if not each.is_control), key=lambda each: each.title):
        usual, *others = therapy.routes
        found.append(Choice(therapy.name, sentence_case(part_words(therapy, usual))))
        found += [Choice(f"{therapy.name}{BY}{route}", sentence_case(part_words(therapy, route))) for route in others]
    return tuple(found)


def asked(given: ImmutableMultiDict[str, Any]) -> Asked:
    """What an address or a form asks for, with a treatment added or taken out where that was pressed.

    Parameters
    ----------
    given : ImmutableMultiDict
        Query or form.

    Returns
    -------
    Asked
        What was asked for.
    """
    plain = {name: words for name, words in given.items() if isinstance(words, str)}
    fields = read(controls(), plain)
    named = [words for words in given.getlist(TREATMENT) if isinstance(words, str)]
    if fields[ADD].value:
        named.append(TOGETHER.join(filter(None, (fields[ADD].value, fields[WITH].value))))
    problems: list[Problem] = []
    treatments: list[str] = []
    for words in filter(None, (name.strip() for name in named)):
        try:
            name = TOGETHER.join(part.label for part in parts_of(words))
        except InputError as error:
            problems += error.problems
            continue
        # a formulation stands in the label in words, which no address can name again
        name = words if "(" in name else name
        if name not in treatments and name != plain.get(DROP):
            treatments.append(name)
    if len(treatments) > MOST:
        left_out = ", ".join(treatments[MOST:])
        message = f"at most {MOST} treatments are compared; take out {left_out}, or others"
        problems.append(Problem(None, None, None, ADD, message))
    fields[ADD], fields[WITH] = (_empty(fields[name]) for name in (ADD, WITH))
    return Asked(tuple(treatments), fields, tuple(problems))


def changes(given: ImmutableMultiDict[str, Any]) -> bool:
    """Whether a treatment is added or taken out, so that the address is to be written anew.

    Parameters
    ----------
    given : ImmutableMultiDict
        Query or form.

    Returns
    -------
    bool
        True for what a button of the form sent.
    """
    return any(name in given for name in (ADD, WITH, DROP))


def problem_links(problems: Sequence[Problem], fields: Mapping[str, Field]) -> list[tuple[str, str]]:
    """What is wrong in words, each with the address of its control.

    Parameters
    ----------
    problems : Sequence of Problem
        What is wrong.
    fields : Mapping of str to Field
        Controls.

    Returns
    -------
    list of tuple
        Words and "#identifier", or "" where no control is meant.
    """
    links: list[tuple[str, str]] = []
    for problem in problems:
        field = fields.get(problem.field)
        near = f" Is {problem.suggestion} meant?" if problem.suggestion else ""
        words = problem.message if field is not None else f"{problem.field} {problem.message}".strip()
        links.append((f"{sentence_case(words)}.{near}", "" if field is None else f"#{field.id}"))
    return links


def _empty(field: Field) -> Field:
    return Field(field.name, field.label, field.kind, "", field.choices, required=False)
