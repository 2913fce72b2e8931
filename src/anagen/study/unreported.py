"""What a paper does not say of a therapy: its dose, the number of its sessions, the weeks between them.

A file says so by `not_reported` in place of the value. What is usual by that route is then simulated, and every output
says that it was not reported: the spread of a prediction holds no other dose or rhythm.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from anagen.core.reading import Key, is_mapping, number, shown
from anagen.delivery.prescription import REFERENCE_AREA
from anagen.study.findings import Findings, mapping, sequence, uses_of
from anagen.therapies import Therapy

NOT_REPORTED = "not_reported"
"""What stands in a file in place of a value that was not reported."""
UNREPORTED = "unreported"
"""Key under which a therapy keeps what its file says was not reported."""
TIMING = ("sessions", "every")
"""Keys of a schedule that can be left to what is usual in this way, beside the whole of it."""
WORDS = {"dose": "dose", "schedule": "schedule", "sessions": "number of sessions", "every": "interval"}
_NEAR = frozenset({"notreported", "unreported", "unknown", "notstated", "nr", "na"})


def without_unreported(
    section: dict[str, object], therapy: Therapy, path: Key, findings: Findings
) -> dict[str, object]:
    """A therapy use with the usual value in place of what was not reported, and a list of that under `unreported`.

    Parameters
    ----------
    section : dict
        The therapy use as the file gives it, or as it was dumped.
    therapy : Therapy
        As it is given by the route.
    path : Key
        Place of the use.
    findings : Findings
        Takes problems.

    Returns
    -------
    dict
        The use, with the keys that were not reported left out or filled in.
    """
    filled = dict(section)
    dumped = [str(key) for key in sequence(filled.pop(UNREPORTED, ()))]
    for key in dumped:
        absent = key not in WORDS or (key in ("dose", "schedule") and not is_mapping(filled.get(key)))
        if absent and filled.get(key) is None:
            message = f"is filled in by the loader; write {NOT_REPORTED} in place of the value instead"
            findings.add((*path, UNREPORTED), message, at_key=True)
    found = [key for key in dumped if key in WORDS and _still_usual(filled, key, therapy)]
    for key in ("dose", "schedule"):
        _suggest(filled.get(key), (*path, key), findings)
        if filled.get(key) == NOT_REPORTED:
            del filled[key]
            found.append(key)
    if "dose" in found and therapy.dose_unit is None:
        findings.add((*path, "dose"), f"{therapy.title} takes no dose; leave the key out", at_key=True)
    timing = mapping(filled.get("schedule"))
    for key in TIMING:
        _suggest(timing.get(key), (*path, "schedule", key), findings)
        if timing.get(key) != NOT_REPORTED:
            continue
        usual = getattr(therapy.default_schedule, key)
        if usual is None:
            findings.add(
                (*path, "schedule", key),
                f"{therapy.title} has no usual {WORDS[key]} that could be simulated; write one, with a note",
            )
        timing = timing | {key: usual}
        found.append(key)
    if is_mapping(filled.get("schedule")):
        filled["schedule"] = timing
    return filled | ({UNREPORTED: [key for key in WORDS if key in found]} if found else {})


def as_not_reported(use: Mapping[str, object]) -> dict[str, object]:
    """A dumped therapy use with `not_reported` in place of what was filled in, as a file writes it.

    Parameters
    ----------
    use : mapping
        As `model_dump` gives it.

    Returns
    -------
    dict
        The same, without the key `unreported`.
    """
    kept = {key: value for key, value in use.items() if key != UNREPORTED}
    for key in map(str, sequence(use.get(UNREPORTED))):
        if key in TIMING:
            kept["schedule"] = mapping(kept.get("schedule")) | {key: NOT_REPORTED}
        else:
            kept[key] = NOT_REPORTED
    return kept


def unreported_words(keys: Iterable[str], usual: str = "") -> str:
    """What was not reported and what was simulated in its place.

    Parameters
    ----------
    keys : iterable of str
        Keys of `WORDS`.
    usual : str, default ""
        The usual dose as text, where it is told.

    Returns
    -------
    str
        Words without a full stop; empty where everything was reported.

    Examples
    --------
    >>> unreported_words(["dose"])
    'dose not reported; the usual dose was simulated'
    """
    told = f" ({usual})" if usual else ""
    return "; ".join(
        f"{WORDS[key]} not reported; the usual {WORDS[key]}{told if key == 'dose' else ''} was simulated"
        for key in keys
    )


def unreported_remarks(data: Mapping[str, object]) -> tuple[str, ...]:
    """One sentence per therapy of which something was not reported.

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
            keys = [str(key) for key in sequence(use.get(UNREPORTED))]
            if keys:
                words = unreported_words(keys, str(mapping(use.get("dose")).get("text", "")))
                told[f"{use['therapy']} in {mapping(arm)['name']}: {words}, and no prediction holds another"] = None
    return tuple(told)


def _still_usual(section: Mapping[str, object], key: str, therapy: Therapy) -> bool:
    """Whether what was filled in for a key that was not reported is still there, so that nobody has changed it."""
    usual, schedule = therapy.default_schedule, mapping(section.get("schedule"))
    if key in TIMING:
        return schedule.get(key) == getattr(usual, key)
    if key == "schedule":
        return all(schedule.get(name) == getattr(usual, name) for name in ("every", "per_day"))
    if section.get("dose") is None or therapy.default_dose is None:
        return section.get("dose") is None
    share = REFERENCE_AREA if section.get("per") == "cm^2" else 1.0
    return number(mapping(section["dose"]).get("value")) == therapy.default_dose / share


def _suggest(value: object, path: Key, findings: Findings) -> None:
    """Answers another spelling of `not_reported`."""
    if isinstance(value, str) and value != NOT_REPORTED:
        word = "".join(letter for letter in value.lower() if letter.isalpha())
        if word in _NEAR and not any(letter.isdigit() for letter in value):
            findings.add(path, f"{shown(value)} is not read", (NOT_REPORTED,), NOT_REPORTED)
