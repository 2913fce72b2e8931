"""Strength of what is laid on the scalp: any concentration, not only those that are registered.

    amount of a dose [mg] = volume [mL] * strength [mg/mL],   1 % (weight in volume) = 10 mg/mL

The effect follows the dose response of the therapy. Beyond the strengths that were registered it rests on that curve
and on no trial, and every output says so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from anagen.core.reading import Key, number, shown
from anagen.study.findings import Findings, mapping, sequence, uses_of
from anagen.therapies import THERAPIES, Therapy

UNIT = "mg/mL"
PER_CENT = 10.0
"""mg/mL of one per cent."""
MOST = 500.0
"""Greatest strength that is read [mg/mL]; what is stronger is a slip."""
VOLUME = "mL"
_STRENGTH = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(%|mg/mL)\s*")
_FORM = re.compile(r"\s*([a-z]+(?:-[a-z]+)*)[\s-]*(\d+(?:\.\d+)?)\s*%\s*")
FORM_PATTERN = r"^\s*[a-z]+(-[a-z]+)*[\s-]*\d+(\.\d+)?\s*%\s*$"
"""A formulation with a strength of its own, such as "solution 7 %"."""


def scales(therapy: Therapy) -> bool:
    """Whether the amount that a therapy gives is a volume times a strength.

    Parameters
    ----------
    therapy : Therapy
        As it is given by the route.

    Examples
    --------
    >>> scales(THERAPIES["minoxidil"]), scales(THERAPIES["minoxidil"].by("oral"))
    (True, False)
    """
    return therapy.dose_unit == VOLUME and bool(therapy.formulations) and not therapy.strengths


def resolve_strength(section: dict[str, object], therapy: Therapy, path: Key, findings: Findings) -> dict[str, object]:
    """A therapy use with its strength in mg/mL, and the registered formulation nearest to it.

    Parameters
    ----------
    section : dict
        The therapy use as the file gives it.
    therapy : Therapy
        As it is given by the route.
    path : Key
        Place of the use.
    findings : Findings
        Takes problems.

    Returns
    -------
    dict
        The use; a strength that is registered becomes its formulation.
    """
    filled = dict(section)
    written, form = filled.get("strength"), filled.get("formulation")
    named = _FORM.fullmatch(form) if isinstance(form, str) and form not in therapy.formulations else None
    if named is not None and scales(therapy):
        text = f"{float(named[2]):g} %"
        known = [name for name in therapy.formulations if name.startswith(f"{named[1]}-")]
        if known and written is not None:
            findings.add((*path, "strength"), f"stands beside {shown(form)}; say the strength once", at_key=True)
        if known:
            filled["formulation"], written = _nearest(known, therapy, PER_CENT * float(named[2])), text
    if written is None:
        filled.pop("strength", None)
        return filled
    if not scales(therapy):
        findings.add(
            (*path, "strength"),
            f"{therapy.title} is not given as a volume of some strength by this route; leave the key out, and give "
            "the amount as `dose`",
            at_key=True,
        )
        filled.pop("strength", None)
        return filled
    strength = _read(written, (*path, "strength"), findings)
    filled.pop("strength", None)
    if strength is None:
        return filled
    amount = number(strength["value"]) or 0.0
    same = [name for name, registered in therapy.formulations.items() if abs(registered - amount) < 1e-9]
    form = filled.get("formulation")
    if form is None or form in same:
        kept = form if form in same else next(iter(same), None)
        if kept is not None:
            return filled | {"formulation": kept}
        return filled | {"formulation": _nearest(list(therapy.formulations), therapy, amount), "strength": strength}
    return filled | {"strength": strength}


def strength_words(formulation: str | None, strength: Mapping[str, object]) -> str:
    """Form and strength of what is given, where it has a strength of its own.

    Parameters
    ----------
    formulation : str or None
        The registered formulation that it is taken for.
    strength : mapping
        As a quantity is dumped.

    Returns
    -------
    str
        Words such as "solution 7 %".

    Examples
    --------
    >>> strength_words("solution-5%", {"value": 70.0, "unit": "mg/mL", "text": "7 %"})
    'solution 7 %'
    """
    form = "" if formulation is None else formulation.rpartition("-")[0].replace("-", " ")
    return f"{form} {strength['text']}".strip()


def beyond_strengths(therapy: Therapy, amount: float) -> str:
    """That a strength lies outside those that are registered, in words; empty where it lies between them.

    Parameters
    ----------
    therapy : Therapy
        As it is given by the route.
    amount : float
        Strength [mg/mL].

    Returns
    -------
    str
        Words without a full stop.

    Examples
    --------
    >>> beyond_strengths(THERAPIES["minoxidil"], 40.0)
    ''
    """
    low, high = min(therapy.formulations.values()), max(therapy.formulations.values())
    if low <= amount <= high:
        return ""
    range_of = f"{low / PER_CENT:g} %" if low == high else f"{low / PER_CENT:g} to {high / PER_CENT:g} %"
    side = "stronger" if amount > high else "weaker"
    return (
        f"{side} than what was studied ({range_of}): its effect follows the dose response alone, and harms are those "
        "of the strengths that were studied"
    )


def strength_remarks(data: Mapping[str, object]) -> tuple[str, ...]:
    """One sentence per therapy whose strength lies outside those that were studied.

    Parameters
    ----------
    data : mapping
        A checked study as plain data.

    Returns
    -------
    tuple of str
        Sentences without a full stop, each once.
    """
    told: dict[str, None] = {}
    for i, arm in enumerate(sequence(data.get("arms"))):
        for _, use in uses_of(arm, ("arms", i)):
            strength = mapping(use.get("strength"))
            if strength:
                therapy = THERAPIES[str(use["therapy"])].by(str(use["route"]))
                words = beyond_strengths(therapy, float(number(strength.get("value")) or 0.0))
                if words:
                    told[f"{therapy.title} {strength['text']} in {mapping(arm)['name']} is {words}"] = None
    return tuple(told)


def _read(value: object, path: Key, findings: Findings) -> dict[str, object] | None:
    """A strength of text, or as it was dumped, in mg/mL; None, with a finding, where it cannot be read."""
    dumped = mapping(value)
    amount = number(dumped.get("value"))
    if amount is not None and dumped.get("unit") == UNIT:
        return {"value": amount, "unit": UNIT, "text": str(dumped.get("text", f"{amount:g} {UNIT}"))}
    found = _STRENGTH.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        plain = number(value)
        near = None if plain is None else f'"{plain:g} %"'
        findings.add(path, f'{shown(value)} is no strength; write text such as "7 %" or "70 mg/mL"', (), near)
        return None
    amount = float(found[1]) * (PER_CENT if found[2] == "%" else 1.0)
    if not 0.0 < amount <= MOST:
        findings.add(path, f"{shown(value)} is impossible; a strength lies above 0 and up to {MOST / PER_CENT:g} %")
        return None
    return {"value": float(f"{amount:.12g}"), "unit": UNIT, "text": " ".join(str(value).split())}


def _nearest(names: list[str], therapy: Therapy, amount: float) -> str:
    return min(names, key=lambda name: abs(therapy.formulations[name] - amount))
