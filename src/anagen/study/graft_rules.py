"""Rules of transplantation in a study: where it can be planted, in whom, how densely."""

from __future__ import annotations

from anagen.core.reading import Key
from anagen.study.findings import Findings, mapping, sequence
from anagen.study.vocabulary import Vocabulary

DENSEST = 80.0
"""Follicular units per cm2 of a natural scalp: nobody plants more."""
DONOR_ZONE = "occipital"
SUITED = ("aga",)
"""Conditions in which the donor area is spared; elsewhere grafts would be lost as native hair is."""


def check_grafts(data: dict[str, object], words: Vocabulary, findings: Findings) -> None:
    """Adds every problem of a transplantation that other sections decide; `data` has its defaults filled in."""
    condition = mapping(data.get("population")).get("condition")
    zone = mapping(data.get("measurement")).get("zone")
    for i, arm in enumerate(sequence(data.get("arms"))):
        paths: list[Key] = []
        for j, item in enumerate(sequence(mapping(arm).get("therapies"))):
            use = mapping(item)
            name = use.get("therapy")
            therapy = words.therapies.get(name) if isinstance(name, str) else None
            if therapy is None or not therapy.moves_follicles:
                continue
            path: Key = ("arms", i, "therapies", j)
            paths.append(path)
            if isinstance(condition, str) and condition in words.conditions and condition not in SUITED:
                findings.add(
                    (*path, "therapy"),
                    f"{therapy.title} is for androgenetic alopecia, whose donor area is spared; "
                    f"it is not done in {words.conditions[condition].title}",
                )
            if zone == DONOR_ZONE:
                findings.add(
                    (*path, "therapy"),
                    f"{therapy.title} takes follicles from the occipital zone, where this study measures",
                    [name for name in words.zones if name != DONOR_ZONE],
                )
            if use.get("adherence") is not None:
                findings.add((*path, "adherence"), f"{therapy.title} is surgery, which is not missed", at_key=True)
            dose = mapping(use.get("dose")).get("value")
            if isinstance(dose, float) and dose > DENSEST:
                findings.add(
                    (*path, "dose"), f"{dose:g} FU/cm^2 is denser than a natural scalp; at most {DENSEST:g} are planted"
                )
        for path in paths[1:]:
            findings.add((*path, "therapy"), "an arm has one transplantation; give it several sessions instead")
