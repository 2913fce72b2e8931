"""Rules of a crossover: two arms that the same patients are given one after the other, with a wash-out between."""

from __future__ import annotations

from anagen.core.reading import Key, number
from anagen.study.findings import Findings, mapping, sequence, whole
from anagen.study.resolve import patients_of
from anagen.study.values import MOST_WEEKS
from anagen.study.vocabulary import Vocabulary

LAYOUT: Key = ("design", "layout")


def check_crossover(data: dict[str, object], words: Vocabulary, findings: Findings) -> None:
    """Adds every problem of a crossover that other sections decide; `data` has its defaults filled in."""
    design = mapping(data.get("design"))
    if design.get("layout") != "crossover":
        if design.get("washout") is not None:
            message = "belongs to layout: crossover; weeks without treatment before baseline are design.wash_in"
            findings.add(("design", "washout"), message, at_key=True)
        return
    if design.get("washout") is None:
        message = "needs design.washout: weeks without treatment between the two periods, 0 for none"
        findings.add(LAYOUT, message)
    _check_arms(data, words, findings)
    weeks = [week for visit in sequence(mapping(data.get("measurement")).get("visits")) if (week := number(visit))]
    whole_length = 2.0 * max(weeks, default=0.0) + (number(design.get("washout")) or 0.0)
    if whole_length > MOST_WEEKS:
        message = f"two periods and the wash-out take {whole_length:g} weeks; at most {MOST_WEEKS:g} are simulated"
        findings.add(("design", "washout"), message)
    rule = mapping(design.get("dropout"))
    for key in ("by_arm", "depends_on"):
        if rule.get(key):
            message = "is not simulated in a crossover, whose patients are in both arms; leave it out"
            findings.add(("design", "dropout", key), message, at_key=True)
    if data.get("intercurrent"):
        message = "events are not simulated in a crossover; use design.layout parallel, or leave the key out"
        findings.add(("intercurrent",), message, ("parallel",), at_key=True)
    if mapping(data.get("analysis")).get("estimand", "treatment_policy") != "treatment_policy":
        message = "of a crossover only treatment_policy is simulated"
        findings.add(("analysis", "estimand"), message, ("treatment_policy",))
    _check_scores(mapping(data.get("endpoints")), words, findings)


def _check_arms(data: dict[str, object], words: Vocabulary, findings: Findings) -> None:
    arms, patients = sequence(data.get("arms")), patients_of(data)
    if len(arms) != 2:
        findings.add(LAYOUT, f"a crossover has exactly 2 arms, given one after the other; this study has {len(arms)}")
    elif len(set(patients)) > 1:
        message = f"in a crossover both arms are the same patients; expected {patients[0]}"
        findings.add(("arms", 1, "patients"), message, suggestion=str(patients[0]))
    for i, arm in enumerate(arms):
        size = whole(mapping(arm).get("patients"))
        if size is not None and size % 2:
            message = f"{size} patients cannot be halved: as many begin with one arm as with the other"
            findings.add(("arms", i, "patients"), message, (), str(size + 1))
        if mapping(arm).get("rescue"):
            message = "is not simulated in a crossover; use design.layout parallel, or leave it out"
            findings.add(("arms", i, "rescue"), message, at_key=True)
        for j, use in enumerate(sequence(mapping(arm).get("therapies"))):
            therapy = words.therapies.get(str(mapping(use).get("therapy")))
            if therapy is not None and therapy.moves_follicles:
                message = f"{therapy.title} cannot be taken back, so that nobody crosses over from it"
                findings.add(("arms", i, "therapies", j, "therapy"), message)


def _check_scores(section: dict[str, object], words: Vocabulary, findings: Findings) -> None:
    """A score of change compares with the first picture of the trial, not with that of a period."""
    places: list[tuple[Key, object]] = [(("endpoints", "primary"), mapping(section.get("primary")).get("endpoint"))]
    for i, item in enumerate(sequence(section.get("secondary"))):
        places.append((("endpoints", "secondary", i), mapping(item).get("endpoint")))
    for path, name in places:
        endpoint = words.endpoints.get(name) if isinstance(name, str) else None
        if endpoint is not None and endpoint.score:
            message = f"{name} is judged against the first picture of the trial, not of a period; take a count"
            findings.add((*path, "endpoint"), message)
