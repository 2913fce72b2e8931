"""Who is not admitted to a comparison and why, and how far evidence of others speaks for the patients in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from anagen.comparative.design import Comparison, Part
from anagen.patients import CONDITIONS
from anagen.study import Study
from anagen.study.safety_rules import unanswered
from anagen.therapies.certainty import LEVELS, Level
from anagen.therapies.contraindications import CHILDBEARING, EXCLUSIONS, MENOPAUSE
from anagen.therapies.populations import PEOPLE, Studied, outside

GRADES = ("error", "warning")
OTHER_DISEASE, OTHER_ROUTE = "another hair disease", "another route"


@dataclass(frozen=True, slots=True)
class Transfer:
    """How far what was measured of a treatment speaks for the patients compared.

    Attributes
    ----------
    level : Level or None
        GRADE certainty of its effect in them, the lowest of a combination; None where none of it has one.
    studied : str
        In whom its grade was earned, where that is somebody else ("in men"); empty where they are alike.
    not_known : str
        In whom the size of the effect is not known ("not known in women"); empty where it is.
    """

    level: Level | None
    studied: str
    not_known: str


def reasons(comparison: Comparison, arm: str, *, grades: Sequence[str] = GRADES) -> dict[str, tuple[str, ...]]:
    """Exclusions of a comparison that answer contraindications of a treatment, each with these in words.

    Parameters
    ----------
    comparison : Comparison
        What is compared.
    arm : str
        Name of the treatment.
    grades : Sequence of str
        Grades of contraindications: "error" where it must not be given, "warning" where not without thought.

    Examples
    --------
    >>> from anagen.comparative.design import comparison
    >>> reasons(comparison(["finasteride"], sex="female"), "finasteride")
    {'pregnancy_potential': ('finasteride harms a male fetus, and the population admits women under 50 years',)}
    >>> reasons(comparison(["finasteride"]), "finasteride")
    {}
    """
    given = comparison.study.model_dump()
    one = {**given, "arms": [each for each in given["arms"] if each["name"] == arm]}
    found = [each for _, each in unanswered(one, exclusions=())]
    return {
        name: messages
        for name in comparison.study.population.exclusions
        if (
            messages := tuple(
                dict.fromkeys(each.message for each in found if each.unless == name and each.grade in grades)
            )
        )
    }


def not_admitted(comparison: Comparison) -> str:
    """Who is not admitted to a comparison, and what contraindicates the treatments in them, in sentences.

    Examples
    --------
    >>> from anagen.comparative.design import comparison
    >>> not_admitted(comparison(["finasteride"], sex="female")).partition(":")[0]
    'The comparison excludes patients who can become pregnant (or contraception is required)'
    >>> not_admitted(comparison(["finasteride"]))
    ''
    """
    asked = [reasons(comparison, name) for name in comparison.treatments]
    sentences: list[str] = []
    for name in comparison.study.population.exclusions:
        because = dict.fromkeys(message for answers in asked for message in answers.get(name, ()))
        sentences.append(f"The comparison excludes {EXCLUSIONS[name]}: {'; '.join(because) or 'asked for'}.")
    if "pregnancy_potential" in comparison.study.population.exclusions and _fertile(comparison.study):
        sentences.append(
            f"Women under {MENOPAUSE:g} years are simulated all the same, as users of contraception; to leave them "
            "out, compare women after the menopause."
        )
    return " ".join(sentences)


def _fertile(study: Study) -> bool:
    sexes = [sex for sex, share in study.population.sex.items() if share > 0.0]
    return CHILDBEARING.applies(sexes=sexes, youngest=study.population.age.min, condition=None, route=None)


def transfer_of_evidence(parts: Sequence[Part], study: Study) -> Transfer:
    """How far what was measured of a treatment speaks for the patients of a study.

    An effect in patients of a sex or disease that was not studied is known with very low certainty; another age, zone
    or route lowers the certainty by a level, as indirectness does in GRADE [1]_.

    Parameters
    ----------
    parts : Sequence of Part
        What is given.
    study : Study
        Whom.

    References
    ----------
    .. [1] GRADE: Guyatt 2008, doi:10.1136/bmj.39489.470347.AD.

    Examples
    --------
    >>> from anagen.comparative.design import comparison
    >>> asked = comparison(["finasteride"], sex="female")
    >>> transfer_of_evidence(asked.parts["finasteride"], asked.study)
    Transfer(level='very low', studied='in men', not_known='not known in women')
    """
    each = [_transfer(part, study) for part in parts]
    levels: list[Level] = [one.level for one in each if one.level is not None]
    lowest = max(levels, key=lambda level: tuple(LEVELS).index(level)) if levels else None
    named = [part.therapy.title if len(parts) > 1 else "" for part in parts]

    def together(words: Sequence[str]) -> str:
        return "; ".join(f"{name} {told}".strip() for name, told in zip(named, words, strict=True) if told)

    return Transfer(lowest, together([one.studied for one in each]), together([one.not_known for one in each]))


def _transfer(part: Part, study: Study) -> Transfer:
    therapy, people = part.therapy.by(part.route), study.population
    certainty, studied = therapy.certainty, therapy.studied
    differences = outside(
        therapy,
        part.route,
        condition=people.condition,
        sexes=[sex for sex, share in people.sex.items() if share > 0.0],
        age=people.age.mean,
        zone=study.measurement.zone,
    )
    if not differences or studied is None or certainty is None:
        return Transfer(None if certainty is None else certainty.level, "", "")
    levels = tuple(LEVELS)
    far = any(words in (OTHER_DISEASE, *PEOPLE.values()) for words in differences)
    level = levels[-1] if far else levels[min(levels.index(certainty.level) + 1, len(levels) - 1)]
    where = " and ".join(f"{'by' if words == OTHER_ROUTE else 'in'} {words}" for words in differences)
    return Transfer(level, _of_whom(studied, differences), f"not known {where}")


def _of_whom(studied: Studied, differences: Sequence[str]) -> str:
    """In whom a therapy was studied, as far as the patients differ from them."""
    if OTHER_DISEASE in differences:
        return f"in {CONDITIONS[studied.condition].title}"
    if any(words in PEOPLE.values() for words in differences):
        return f"in {' and '.join(PEOPLE[sex] for sex in studied.sexes)}"
    if OTHER_ROUTE in differences:
        return f"by the route {' or '.join(studied.routes)}"
    if any(words.endswith("zone") for words in differences):
        return f"at the {' and '.join(studied.zones)}"
    return f"in {studied.people}"
