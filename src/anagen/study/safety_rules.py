"""Rules of safety: contraindications of what the arms are given, and the names that answer them."""

from __future__ import annotations

from collections.abc import Sequence

from anagen.core.reading import Key, number
from anagen.study.findings import Findings, every_use, mapping, sequence
from anagen.study.release_rules import release_warnings_of
from anagen.therapies import THERAPIES
from anagen.therapies.contraindications import CHILDBEARING, EXCLUSIONS, MENOPAUSE, MIMICS, Contraindication
from anagen.therapies.safety import SCENARIOS


def acceptable() -> tuple[str, ...]:
    """Names of the contraindications that a study may depart from on purpose."""
    return tuple(c.name for therapy in THERAPIES.values() for c in therapy.contraindications if c.acceptable)


def check_safety(data: dict[str, object], findings: Findings) -> None:
    """Adds unknown names and every contraindication that the study does not answer; `data` has its defaults."""
    population, safety = mapping(data.get("population")), mapping(data.get("safety"))
    _check_names(population.get("exclusions"), ("population", "exclusions"), "exclusion", tuple(EXCLUSIONS), findings)
    _check_names(safety.get("scenarios"), ("safety", "scenarios"), "scenario", tuple(SCENARIOS), findings)
    _check_names(safety.get("accepted"), ("safety", "accepted"), "contraindication", acceptable(), findings)
    for path, contraindication in unanswered(data):
        if contraindication.grade == "error":
            findings.add((*path, "therapy"), f"{contraindication.message}; {remedy(contraindication)}")


def warnings_of(data: dict[str, object]) -> tuple[str, ...]:
    """What a reader should know of a study's therapies: unanswered warnings, errors accepted, release tests missing.

    Parameters
    ----------
    data : dict[str, object]
        The study as plain data.

    Returns
    -------
    tuple of str
        Messages, each once: what the study accepts, then the warnings, then what vesicle products do not show.

    Examples
    --------
    >>> arm = {"therapies": [{"therapy": "minoxidil", "route": "oral"}]}
    >>> warnings_of({"arms": [arm]})
    ('oral minoxidil lowers blood pressure, raises heart rate and causes fluid retention',)
    >>> warnings_of({"arms": [arm], "population": {"exclusions": ["cardiac_disease"]}})
    ()
    """
    named = sequence(mapping(data.get("safety")).get("accepted"))
    warnings = [c.message for _, c in unanswered(data) if c.grade == "warning"]
    accepted = [
        f"{c.message} (accepted by the study)"
        for therapy in THERAPIES.values()
        for c in therapy.contraindications
        if c.name in named
    ]
    return tuple(dict.fromkeys((*accepted, *warnings, *release_warnings_of(data))))


def exclusions_in_words(data: dict[str, object]) -> tuple[str, ...]:
    """Who is not admitted, and of each exclusion whether it means anybody and changes who is simulated.

    An exclusion states eligibility and answers contraindications. Nothing is known of patients' hearts or kidneys, and
    women of child-bearing age are admitted by trials that require contraception; so nobody is left out for it.

    Parameters
    ----------
    data : dict[str, object]
        The study as plain data.

    Returns
    -------
    tuple of str
        Sentences; empty where nobody is excluded.

    Examples
    --------
    >>> men = {"sex": {"male": 1.0}, "age": {"min": 20}, "exclusions": ["pregnancy_potential"]}
    >>> exclusions_in_words({"population": men})[1]
    'Warning: population.exclusions names pregnancy_potential, which excludes nobody: no women are under 50 years.'
    """
    population = mapping(data.get("population"))
    named = [name for name in sequence(population.get("exclusions")) if isinstance(name, str) and name in EXCLUSIONS]
    if not named:
        return ()
    sentences = [f"The study excludes {'; '.join(EXCLUSIONS[name] for name in named)}."]
    asked = {contraindication.unless for _, contraindication in unanswered(data, exclusions=())}
    youngest = number(mapping(population.get("age")).get("min"))
    sexes = [sex for sex, share in mapping(population.get("sex")).items() if number(share) != 0.0]
    fertile = CHILDBEARING.applies(sexes=sexes, youngest=youngest, condition=None, route=None)
    for name in named:
        warned = f"Warning: population.exclusions names {name}, which"
        if name == "pregnancy_potential" and not fertile:
            sentences.append(f"{warned} excludes nobody: no women are under {MENOPAUSE:g} years.")
        elif name not in asked and name not in MIMICS:
            sentences.append(f"{warned} changes nothing: nothing given here asks for it.")
    if any(name in MIMICS for name in named):
        sentences.append(
            "Nobody who is simulated has another cause of hair loss: excluding one states who the trial is for and "
            "changes no patient."
        )
    if "pregnancy_potential" in named and fertile:
        sentences.append(
            f"Women under {MENOPAUSE:g} years are simulated all the same, as users of contraception; to leave them "
            f"out, set population.age.min to {MENOPAUSE:g} or population.sex to men."
        )
    return tuple(sentences)


def unanswered(
    data: dict[str, object], exclusions: Sequence[object] | None = None
) -> list[tuple[Key, Contraindication]]:
    """Contraindications that hold for a use of a therapy and that neither an exclusion nor an acceptance answers.

    The exclusions are the study's own where they are None.
    """
    population = mapping(data.get("population"))
    sexes = [sex for sex, share in mapping(population.get("sex")).items() if number(share) != 0.0]
    youngest = number(mapping(population.get("age")).get("min"))
    exclusions = sequence(population.get("exclusions")) if exclusions is None else exclusions
    accepted = sequence(mapping(data.get("safety")).get("accepted"))
    contraindications: list[tuple[Key, Contraindication]] = []
    for path, use in every_use(data):
        therapy = THERAPIES.get(str(use.get("therapy")))
        for contraindication in therapy.contraindications if therapy is not None else ():
            holds = contraindication.when.applies(
                sexes=sexes,
                youngest=youngest,
                condition=_text(population.get("condition")),
                route=_text(use.get("route")),
            )
            answered = contraindication.unless in exclusions or (
                contraindication.acceptable and contraindication.name in accepted
            )
            if holds and not answered:
                contraindications.append((path, contraindication))
    return contraindications


def remedy(contraindication: Contraindication) -> str:
    """What a study file can do about a contraindication."""
    ways: list[str] = []
    if contraindication.unless is not None:
        ways.append(
            f"if it does not admit {EXCLUSIONS[contraindication.unless]}, say so: "
            f"population.exclusions: [{contraindication.unless}]"
        )
    if contraindication.when.sex is not None:
        ways.append(f"leave {'women' if contraindication.when.sex == 'female' else 'men'} out of population.sex")
    if contraindication.acceptable:
        ways.append(f"if that is the question, accept it: safety: {{accepted: [{contraindication.name}]}}")
    return "; or ".join(ways)


def _check_names(value: object, path: Key, kind: str, names: tuple[str, ...], findings: Findings) -> None:
    seen: set[str] = set()
    for i, name in enumerate(sequence(value)):
        if not isinstance(name, str):
            continue
        if name not in names:
            findings.add_unknown((*path, i), kind, name, names)
        elif name in seen:
            findings.add((*path, i), f"{name!r} is named twice")
        seen.add(name)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
