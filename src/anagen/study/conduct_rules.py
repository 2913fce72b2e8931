"""Rules of how a trial is carried out, across the sections of a study: what is accepted here can be simulated."""

from __future__ import annotations

from itertools import pairwise

from anagen.core.measures import RESPONDERS
from anagen.core.reading import Key, number
from anagen.study.arm_rules import arm_names, check_arm_name
from anagen.study.conduct import hairs_in, weeks_in
from anagen.study.findings import Findings, mapping, sequence, whole
from anagen.study.resolve import patients_of, smallest_block
from anagen.study.vocabulary import Vocabulary

MOST_SHIFT = 100.0
"""Hairs/cm2 by which centres, or what is expected, can be said to move counts: more than any treatment does."""
COUNTED = "hairs/cm2"
"""Unit of the endpoints that centres and expectation move."""


def check_conduct(data: dict[str, object], words: Vocabulary, findings: Findings) -> None:
    """Adds every problem of intercurrent events, dropout, centres and estimands; `data` has its defaults filled in."""
    design, names = mapping(data.get("design")), arm_names(data)
    _check_shares(mapping(design.get("dropout")), ("design", "dropout"), names, findings)
    rule = mapping(design.get("dropout"))
    if design.get("layout") == "split_scalp":
        for key in ("by_arm", "depends_on"):
            if rule.get(key):
                message = "has no meaning where both arms are sides of the same patients; leave it out"
                findings.add(("design", "dropout", key), message, at_key=True)
        for key in ("centres", "placebo_response"):
            if design.get(key):
                message = "is not simulated on a split scalp; use layout parallel, or leave it out"
                findings.add(("design", key), message, ("parallel",), at_key=True)
    for name in mapping(design.get("placebo_response")):
        check_arm_name(name, ("design", "placebo_response", name), names, findings)
    _check_unblinding(data, design, names, findings)
    _check_sizes(data, design, findings)
    _check_randomisation(data, design, findings)
    _check_counted(data, design, words, findings)
    _check_events(data, names, words, findings)
    _check_estimand(data, words, findings)


def _check_unblinding(
    data: dict[str, object], design: dict[str, object], names: tuple[str, ...], findings: Findings
) -> None:
    """Who notices what he was given answers another patient's score, in a trial that blinded him."""
    stated = mapping(design.get("unblinding"))
    path: Key = ("design", "unblinding")
    given = {
        str(mapping(arm).get("name")): sequence(mapping(arm).get("therapies")) for arm in sequence(data.get("arms"))
    }
    for name in stated:
        check_arm_name(name, (*path, name), names, findings)
        if name in given and all(mapping(use).get("therapy") == "none" for use in given[name]):
            findings.add((*path, name), f"patients of {name!r} are given nothing that they could notice", at_key=True)
    if not stated:
        return
    if design.get("blinding", "none") != "double":
        message = "belongs to blinding: double; otherwise patients know what they are given"
        findings.add(path, message, at_key=True)
    if design.get("layout", "parallel") != "parallel":
        findings.add(path, "is simulated in parallel arms alone; leave it out", at_key=True)
    if "patient_score" not in _measured(data):
        message = "moves what patients say of themselves; name patient_score among the endpoints"
        findings.add(path, message, at_key=True)


def _check_sizes(data: dict[str, object], design: dict[str, object], findings: Findings) -> None:
    """Shifts that hair can have, and windows in which visits do not overlap."""
    centres: Key = ("design", "centres")
    shifts: list[tuple[Key, object]] = [((*centres, key), mapping(design.get("centres")).get(key)) for key in APART]
    stated = mapping(design.get("placebo_response"))
    shifts += [(("design", "placebo_response", name), value) for name, value in stated.items()]
    for path, value in shifts:
        size = hairs_in(value)
        if size is not None and size > MOST_SHIFT:
            findings.add(path, f"{size:g} hairs/cm^2 is more than any treatment moves counts; at most {MOST_SHIFT:g}")
    measurement = mapping(data.get("measurement"))
    weeks = [week for visit in sequence(measurement.get("visits")) if (week := number(visit)) is not None]
    window = weeks_in(measurement.get("window"))
    gap = min((after - before for before, after in pairwise(weeks)), default=None)
    if window is not None and gap is not None and window > gap / 2.0:
        message = f"is wider than half of the {gap:g} weeks between two visits, so that they could change places"
        findings.add(("measurement", "window"), message, (), f"{gap / 2.0:g} weeks")


APART = ("sd", "effect_sd", "change_sd")
"""Keys of centres that say how far they lie apart."""


def _check_shares(section: dict[str, object], path: Key, names: tuple[str, ...], findings: Findings) -> None:
    for name in mapping(section.get("by_arm")):
        check_arm_name(name, (*path, "by_arm", name), names, findings)


def _check_clusters(data: dict[str, object], design: dict[str, object], findings: Findings) -> None:
    """Whole centres are randomised in the ratio of the arms, at least two to each."""
    path: Key = ("design", "randomisation")
    if design.get("layout", "parallel") != "parallel":
        findings.add((*path, "method"), "whole centres are randomised in layout: parallel alone", ("block",))
    if sequence(mapping(design.get("randomisation")).get("strata")):
        message = "has no meaning where whole centres are randomised; leave it out"
        findings.add((*path, "strata"), message, at_key=True)
    centres, sizes = mapping(design.get("centres")), patients_of(data)
    if not centres:
        message = (
            'randomises whole centres; write design.centres: {number: 8, sd: "4 hairs/cm^2", change_sd: "3 hairs/cm^2"}'
        )
        findings.add((*path, "method"), message)
        return
    number, least = whole(centres.get("number")), smallest_block(sizes)
    if number is None or not sizes:
        return
    if number % least or number * min(sizes) < 2 * sum(sizes):
        fitting = [k * least for k in range(1, 40) if k * least * min(sizes) >= 2 * sum(sizes)][:3]
        message = (
            f"{number} centres cannot be given to the arms in the ratio of their patients, two or more to each; "
            f"multiples of {least} can, from {fitting[0] if fitting else least} on"
        )
        nearest = min(fitting, key=lambda other: abs(other - number), default=least)
        findings.add(("design", "centres", "number"), message, [str(k) for k in fitting], str(nearest))


def _check_randomisation(data: dict[str, object], design: dict[str, object], findings: Findings) -> None:
    section = mapping(design.get("randomisation"))
    path: Key = ("design", "randomisation")
    strata = sequence(section.get("strata"))
    if "centre" in strata and not mapping(design.get("centres")):
        message = 'is a stratum of one centre; write design.centres: {number: 8, sd: "4 hairs/cm^2"}, or leave it out'
        findings.add((*path, "strata", strata.index("centre")), message)
    if section.get("age_bands") and "age" not in strata:
        findings.add((*path, "age_bands"), "belongs to age among the strata", at_key=True)
    bands = [number(age) for age in sequence(section.get("age_bands"))]
    known = [age for age in bands if age is not None]
    if known != sorted(set(known)):
        findings.add((*path, "age_bands"), "ages at which bands begin must increase, e.g. [30, 45]")
    if section.get("method") == "cluster":
        _check_clusters(data, design, findings)
    minimised = section.get("method") == "minimisation"
    if minimised and not strata:
        message = "balances strata, and the study names none; write strata: [severity, sex], or method: block"
        findings.add((*path, "method"), message)
    if section.get("exact") is True:
        blocks = section.get("method", "block") == "block" and design.get("layout") != "split_scalp"
        if not (strata and blocks):
            message = "belongs to method: block with strata; otherwise every arm gets exactly its patients anyhow"
            findings.add((*path, "exact"), message, at_key=True)
    if section.get("probability") is not None and not minimised:
        findings.add((*path, "probability"), "belongs to method: minimisation", at_key=True)


def _check_counted(data: dict[str, object], design: dict[str, object], words: Vocabulary, findings: Findings) -> None:
    """Centres and a stated placebo response move densities of hairs, so that one must be measured."""
    if any(words.endpoints[name].unit == COUNTED for name in _measured(data) if name in words.endpoints):
        return
    for key in ("centres", "placebo_response"):
        if design.get(key):
            message = "moves densities of hairs, and the study measures none; name one among the endpoints"
            findings.add(("design", key), message, at_key=True)


def _measured(data: dict[str, object]) -> list[str]:
    """Endpoints that the study analyses."""
    return [str(choice.get("endpoint")) for _, choice in _choices(data)]


def _choices(data: dict[str, object]) -> list[tuple[Key, dict[str, object]]]:
    section = mapping(data.get("endpoints"))
    first: list[tuple[Key, dict[str, object]]] = [(("endpoints", "primary"), mapping(section.get("primary")))]
    others = enumerate(sequence(section.get("secondary")))
    return first + [(("endpoints", "secondary", i), mapping(item)) for i, item in others]


def _check_events(data: dict[str, object], names: tuple[str, ...], words: Vocabulary, findings: Findings) -> None:
    events = [mapping(event) for event in sequence(data.get("intercurrent"))]
    halved = mapping(data.get("design")).get("layout") == "split_scalp"
    if events and halved:
        message = "events of one side of a scalp are not simulated; use design.layout parallel, or leave the key out"
        findings.add(("intercurrent",), message, ("parallel",), at_key=True)
    visits = sequence(mapping(data.get("measurement")).get("visits"))
    for i, event in enumerate(events):
        path: Key = ("intercurrent", i)
        _check_shares(event, path, names, findings)
        at_visit = event.get("because") == "no_effect" or event.get("event") in ("switch", "transplant")
        if at_visit and 0 < len(visits) < 3:
            message = "is decided at a visit between the first and the last; add one to measurement.visits"
            findings.add((*path, "event"), message)
        for j, use in enumerate(sequence(event.get("therapies"))):
            therapy = words.therapies.get(str(mapping(use).get("therapy")))
            if therapy is not None and therapy.moves_follicles:
                message = f"{therapy.title} is no switch; write event: transplant, after which counts are not used"
                findings.add((*path, "therapies", j, "therapy"), message)
    first: dict[object, int] = {}
    for i, event in enumerate(events):
        if event.get("because") == "adverse_event" and first.setdefault("adverse_event", i) != i:
            message = f"adverse_event is named already in intercurrent[{first['adverse_event']}]"
            findings.add(("intercurrent", i, "because"), message)
    _check_sums(events, names, findings)
    _check_grafts(data, events, words, findings)


def _check_sums(events: list[dict[str, object]], names: tuple[str, ...], findings: Findings) -> None:
    """A patient has one event that others do not bring, so that shares of an arm add up to at most 1."""
    drawn = [event for event in events if event.get("because") != "adverse_event"]
    for name in names:
        shares = [number(mapping(event.get("by_arm")).get(name, event.get("share"))) or 0.0 for event in drawn]
        if sum(shares) > 1.0:
            message = f"shares of events in {name!r} add up to {sum(shares):g}; a patient has at most one of them"
            findings.add(("intercurrent",), message, at_key=True)
            return


def _check_grafts(
    data: dict[str, object], events: list[dict[str, object]], words: Vocabulary, findings: Findings
) -> None:
    if not events:
        return
    for i, arm in enumerate(sequence(data.get("arms"))):
        for j, use in enumerate(sequence(mapping(arm).get("therapies"))):
            therapy = words.therapies.get(str(mapping(use).get("therapy")))
            if therapy is not None and therapy.moves_follicles:
                message = f"{therapy.title} cannot be stopped, so that such an arm has no intercurrent events"
                findings.add(("arms", i, "therapies", j, "therapy"), message)


def _check_estimand(data: dict[str, object], words: Vocabulary, findings: Findings) -> None:
    analysis = mapping(data.get("analysis"))
    estimand, worst = analysis.get("estimand", "treatment_policy"), mapping(analysis.get("worst"))
    path: Key = ("analysis", "estimand")
    events = [mapping(event).get("event") for event in sequence(data.get("intercurrent"))]
    if estimand != "treatment_policy" and mapping(data.get("design")).get("layout") == "split_scalp":
        findings.add(path, "of a split scalp only treatment_policy is simulated", ("treatment_policy",))
    if estimand == "treatment_policy" and "transplant" in events:
        message = "counts after a transplantation show grafts, so that treatment_policy is not estimated; write "
        if "estimand" in analysis:
            findings.add(path, message + "another", ("hypothetical", "composite", "while_on_treatment"))
        else:
            # nobody wrote the estimand, so that the event is what asks for another
            message += "analysis.estimand: hypothetical, composite or while_on_treatment"
            findings.add(("intercurrent", events.index("transplant"), "event"), message)
    if estimand != "composite":
        if worst:
            findings.add(("analysis", "worst"), "belongs to estimand: composite", at_key=True)
        return
    for name in worst:
        if name not in words.endpoints:
            findings.add_unknown(("analysis", "worst", name), "endpoint", name, words.endpoints.names(), at_key=True)
            continue
        value, (low, high) = number(worst[name]), words.endpoints[name].possible
        percent = any(choice.get("endpoint") == name and choice.get("measure") == "percent_change"
                      for _, choice in _choices(data))  # fmt: skip
        most = 100.0 if percent else high - low
        if value is not None and abs(value) > most:
            findings.add(("analysis", "worst", name), f"{value:g} is no outcome: it lies within {most:g} of 0")
    for place, choice in _choices(data):
        name = choice.get("endpoint")
        if choice.get("measure") not in RESPONDERS and isinstance(name, str) and name not in worst:
            message = (
                f"composite needs the outcome of a patient with an event; write analysis.worst: {{{name}: 0}} "
                "(in the measure's unit), or a share of responders"
            )
            findings.add((*place, "measure"), message)
