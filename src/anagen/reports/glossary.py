"""Words of a report that a reader may not know, each in a sentence: the glossary at its head."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from anagen.study.standing import INFORMED


@dataclass(frozen=True, slots=True)
class Word:
    """A term and what it means.

    Attributes
    ----------
    term : str
        As the page prints it.
    meaning : str
        In a sentence.
    """

    term: str
    meaning: str


GLOSSARY: tuple[Word, ...] = (
    Word("Virtual trial", "A trial of simulated patients; no person was treated."),
    Word("Control", "What the other patients get: placebo, vehicle, sham or saline by the same needle."),
    Word("Difference", "What a treated arm has more than its control: the effect of the therapy."),
    Word(
        "Expected",
        "What the model gives on average over very many patients, without the chance of one trial.",
    ),
    Word("Confidence interval", "How far the luck of who was in the trial can move the measured difference."),
    Word(
        "90 % range over parameters",
        "How far what is not known of the biology and of the therapy can move the expected difference.",
    ),
    Word("Parameter draw", "One possible set of values of all that is not known exactly."),
    Word("Prior", "What was written down of a number before it was compared with trials, with its range."),
    Word("Calibrated", "The range of a number was narrowed together with others so that published trials come out."),
    Word(
        "Informed, little informed, assumed",
        f"Published trials took at least {100 * INFORMED:.0f} % of the variance of the prior of an effect; less than "
        "that; or were not used for it at all.",
    ),
    Word(
        "Evidence grade",
        "A randomised trials; B controlled or several uncontrolled studies in people; C animals or cells; D opinion. "
        "It says what kind of study there is.",
    ),
    Word(
        "GRADE certainty",
        "High, moderate, low or very low: how far the size of an effect can be trusted, after risk of bias, "
        "inconsistency, indirectness, imprecision and publication bias. It is this project's judgement.",
    ),
    Word(
        "Anagen extension, telogen exit, calibre gain, androgen drive, attack",
        "What a therapy moves: how long hair grows, how soon resting hair grows again, how thick the shaft becomes, "
        "how strongly androgens shrink follicles, and how strongly hair is attacked.",
    ),
    Word("Act of the route", "What needle, laser or sham do by themselves; the control has it too."),
    Word("Responder", "A patient whose own measured value improves by at least the stated threshold."),
    Word(
        "Number needed to treat",
        "Patients to treat for one more responder than under the control, from changes as they are measured.",
    ),
    Word("SALT", "Severity of Alopecia Tool: per cent of the scalp without hair, 0 to 100; less is better."),
)
"""Terms in the order in which reports use them."""


def glossary(*left_out: str, terms: Iterable[Word] = GLOSSARY) -> list[tuple[str, str]]:
    """Terms and meanings for the head of a page.

    Parameters
    ----------
    *left_out : str
        Terms that the page does not use.
    terms : iterable of Word, default GLOSSARY
        All there are.

    Returns
    -------
    list of tuple
        (term, meaning).

    Examples
    --------
    >>> "SALT" in dict(glossary("SALT"))
    False
    """
    return [(word.term, word.meaning) for word in terms if word.term not in left_out]
