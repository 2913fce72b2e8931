"""What a study needs beside numbers, as the table of meanings says it: therapies, people, place, method, endpoints."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from anagen.core.errors import InputError, Problem
from anagen.core.reading import is_list, is_mapping, nearest
from anagen.formats.trial.roles import is_control
from anagen.formats.trial.table import Meaning
from anagen.scalp import ENDPOINTS
from anagen.study.document import parse

REQUIRED = ("condition", "zone", "target_area", "method")
AGE = ("mean", "sd", "min", "max")
_NUMBER = r"[+-]?\d+(?:\.\d+)?"


def required(meaning: Meaning, names: Sequence[str]) -> dict[str, str]:
    """What the rows of the part `study` say.

    Parameters
    ----------
    meaning : Meaning
        The table.
    names : Sequence[str]
        Rows that have to be filled in.

    Returns
    -------
    dict[str, str]
        Name -> what is said.

    Raises
    ------
    InputError
        Naming every row that is blank.
    """
    said = meaning.words("study")
    words = "is blank and cannot be told from the data; docs/own-trial.md says what it may be"
    blank = [meaning.wrong("study", name, words) for name in names if name not in said]
    if blank:
        raise InputError(blank)
    return said


def therapies_of(meaning: Meaning, arm: str) -> list[object]:
    """What an arm is given, as a study file writes it.

    Parameters
    ----------
    meaning : Meaning
        The table.
    arm : str
        Name of an arm.

    Returns
    -------
    list[object]
        Mappings with a therapy each; empty for no treatment.

    Raises
    ------
    InputError
        Where it is neither names of therapies nor a mapping or list of a study file.
    """
    text = meaning.of("arm")[arm].means
    if text[:1] in "{[":
        try:
            document = parse(f"therapies: {text}\n", None)
        except InputError as error:
            raise InputError([meaning.wrong("arm", arm, problem.message) for problem in error.problems]) from None
        if document.problems:
            raise InputError([meaning.wrong("arm", arm, document.problems[0].message)])
        held = document.data["therapies"] if is_mapping(document.data) else None
        uses = held if is_list(held) else [held]
        if all(is_mapping(use) for use in uses):
            return list(uses)
        words = f"{text!r} is no therapy; write its name, or as in a study file: {{therapy: minoxidil, dose: 1 mL}}"
        raise InputError([meaning.wrong("arm", arm, words)])
    return [{"therapy": name.strip()} for name in text.split("+") if name.strip()]


def control_of(meaning: Meaning, arms: Sequence[str]) -> str:
    """The arm that the others are compared with; "" where none is named.

    Parameters
    ----------
    meaning : Meaning
        The table.
    arms : Sequence[str]
        Names of the arms.

    Returns
    -------
    str
        That of the row `control`, else the first arm that is given a control.

    Raises
    ------
    InputError
        Where the row names no arm.
    """
    named = meaning.words("study").get("control", "")
    if named and named not in arms:
        raise InputError([meaning.wrong("study", "control", f"unknown arm {named!r}", arms, nearest(named, arms))])
    return named or next((arm for arm in arms if is_control(meaning.of("arm")[arm].means)), "")


def shares_of(meaning: Meaning, name: str) -> dict[str, float]:
    """Shares that a row says: `male`, or `male 0.8, female 0.2`.

    Parameters
    ----------
    meaning : Meaning
        The table.
    name : str
        Row of the part `study`.

    Returns
    -------
    dict[str, float]
        Name -> share.

    Raises
    ------
    InputError
        Where it is blank or written otherwise.
    """
    text = required(meaning, (name,))[name]
    shares: dict[str, float] = {}
    for part in text.split(","):
        match = re.fullmatch(rf"\s*([a-z]+)\s*:?\s*({_NUMBER})?\s*", part)
        if match is None or (match[2] is None and "," in text):
            words = f"{text!r}: expected one name, or names with their shares: one 0.8, other 0.2"
            raise InputError([meaning.wrong("study", name, words)])
        shares[match[1]] = float(match[2] or 1.0)
    return shares


def age_of(meaning: Meaning) -> dict[str, float]:
    """Age that a row says: `mean 36 sd 7 min 18 max 50`.

    Raises
    ------
    InputError
        Where it is blank or written otherwise.
    """
    text = required(meaning, ("age",))["age"]
    found = {key: float(value) for key, value in re.findall(rf"\b(mean|sd|min|max)\b\s*:?\s*({_NUMBER})", text)}
    if set(found) != set(AGE):
        raise InputError([meaning.wrong("study", "age", f"{text!r}: expected, e.g., mean 36 sd 7 min 18 max 50")])
    return {key: found[key] for key in AGE}


def primary_of(meaning: Meaning, weeks: Mapping[str, Sequence[float]], measure: str = "") -> tuple[str, float, str]:
    """Endpoint, week and measure of the primary endpoint: of the row `primary`, `total_density week 24 change`.

    Parameters
    ----------
    meaning : Meaning
        The table.
    weeks : Mapping[str, Sequence[float]]
        Endpoint -> weeks after baseline at which it was measured.
    measure : str
        Of the results, where the table does not say it.

    Returns
    -------
    endpoint : str
        Registered name.
    week : float
        Of a visit.
    measure : str
        As in a study file.

    Raises
    ------
    InputError
        Where it is blank, written otherwise or was not measured.
    """
    text = required(meaning, ("primary",))["primary"]
    match = re.fullmatch(rf"(\w+)\s+week\s+({_NUMBER})(?:\s+(change|percent_change|value))?", text)
    if match is None:
        raise InputError([meaning.wrong("study", "primary", f"{text!r}: expected, e.g., total_density week 24 change")])
    endpoint, week = match[1], float(match[2])
    if endpoint not in weeks:
        names = tuple(weeks)
        words = f"{endpoint!r} has no values in the data"
        raise InputError([meaning.wrong("study", "primary", words, names, nearest(endpoint, names))])
    if week not in weeks[endpoint]:
        known = tuple(f"{each:g}" for each in weeks[endpoint])
        raise InputError([meaning.wrong("study", "primary", f"{endpoint} has no values at week {week:g}", known)])
    return endpoint, week, match[3] or measure or ("value" if ENDPOINTS[endpoint].score else "change")


def threshold_of(meaning: Meaning) -> tuple[str, float] | None:
    """Endpoint and change from which a patient is a responder: `total_density 10`; None where the row is blank.

    Raises
    ------
    InputError
        Where it is written otherwise.
    """
    text = meaning.words("study").get("responder", "")
    if not text:
        return None
    match = re.fullmatch(rf"(\w+)\s+({_NUMBER})", text)
    if match is None or match[1] not in ENDPOINTS:
        words = f"{text!r}: expected an endpoint and a change, e.g. total_density 10"
        raise InputError([meaning.wrong("study", "responder", words, tuple(ENDPOINTS.names()))])
    return match[1], float(match[2])


def without_file(error: InputError, file: str) -> InputError:
    """Problems of the study that was made, told under the table that it was made from."""
    return InputError(
        Problem(file, None, None, problem.field, problem.message, problem.allowed, problem.suggestion)
        for problem in error.problems
    )
