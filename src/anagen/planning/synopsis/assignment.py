"""Randomisation, blinding, data collection and monitoring, as far as the study file answers them."""

from __future__ import annotations

from anagen.planning.synopsis.answer import Answer
from anagen.planning.synopsis.conduct import blinding_remarks
from anagen.planning.synopsis.facts import Facts
from anagen.study.conduct_words import dropout_words
from anagen.study.given import listed

BLIND = {
    "none": "Nobody is blinded.",
    "assessor": "The outcome assessor is blinded; participants and those who give the treatments are not.",
    "double": "Participants and outcome assessor are blinded.",
}


def sequence(facts: Facts) -> Answer:
    """Item 21a."""
    method = facts.study.design.randomisation.method
    if facts.split:
        text = "Every patient is given both arms; which side is given which is decided at random."
    elif facts.plan.crossover:
        text = "A random list of the two sequences, drawn before patients are enrolled, as it is simulated."
    elif method == "cluster":
        text = "A random list of the centres, drawn before patients are enrolled, as it is simulated."
    elif method == "minimisation":
        text = "Patients are assigned by minimisation with a random element."
    else:
        text = "A random list, drawn before patients are enrolled, as it is simulated."
    return Answer((text,), open=("who makes the random sequence, with which program, and who keeps it",))


def restriction(facts: Facts) -> Answer:
    """Item 21b; the size of blocks is kept out of it, as the item asks."""
    rule = facts.study.design.randomisation
    if facts.split:
        return Answer(("Simple randomisation of the sides within each patient.",))
    if rule.method == "cluster":
        text = "Whole centres are randomised, in the ratio of the arms; every participant has that of his centre."
        return Answer((text,))
    kinds = {"block": "Restricted", "simple": "Simple", "minimisation": "Restricted (minimisation)"}
    strata = f", stratified by {listed(rule.strata)}" if rule.strata else ", not stratified"
    text = [f"{kinds[rule.method]} randomisation{strata}."]
    if "age" in rule.strata:
        bands = rule.age_bands or (facts.study.population.age.mean,)
        text.append(f"Age bands begin at {listed(f'{age:g}' for age in bands)} years.")
    if rule.method == "block":
        text.append(
            "How it is restricted is left out here. It stands in the study file and in the manifest of this folder "
            "(design.randomisation), which those who enrol participants or assign treatments are not to see."
        )
    return Answer(tuple(text))


def blinded(facts: Facts) -> Answer:
    """Item 24a."""
    missing = "whether those who give the treatments and data analysts are blinded"
    return Answer((BLIND[facts.study.design.blinding],), open=(missing,))


def how_blinded(facts: Facts) -> Answer:
    """Item 24b."""
    if facts.study.design.blinding == "none":
        return Answer(("Not applicable: nobody is blinded.",))
    remarks = blinding_remarks(facts)
    alike = (
        []
        if remarks
        else ["Every arm is given something in the same ways as its control, so that none tells by the way."]
    )
    similar = "how alike the treatments are to see, feel and smell, and who prepares them"
    return Answer(tuple(alike), open=(similar, *(f"blinding is in doubt: {remark}" for remark in remarks)))


def unblinding(facts: Facts) -> Answer:
    """Item 24c."""
    if facts.study.design.blinding == "none":
        return Answer(("Not applicable: nobody is blinded.",))
    return Answer(open=("when unblinding is permitted, and how an allocation is revealed",))


def collection(facts: Facts) -> Answer:
    """Item 25a."""
    measurement = facts.study.measurement
    text = (
        " ".join(facts.sentences("Measurement")),
        f"The same target area of {measurement.target_area.text} in the {measurement.zone} zone is read at every "
        "visit, as it is simulated.",
    )
    missing = (
        "how the target area is found again, training of assessors, repeated readings, and where forms can be read"
    )
    return Answer(text, open=(missing, "reliability and validity of the instrument at the sites"))


def retention(facts: Facts) -> Answer:
    """Item 25b."""
    rule, last = facts.study.design.leaving, facts.plan.duration
    text = [f"Planned for: {dropout_words(rule, last)}."]
    if facts.study.intercurrent:
        text.append("Participants who stop their treatment stay in follow-up and are measured at every visit.")
    missing = "how participants are kept, and what is collected of those who stop or deviate"
    return Answer(tuple(text), open=(missing,))
