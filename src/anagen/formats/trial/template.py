"""The table to fill in, with every guess that can be made; what cannot be guessed is blank, and says what it may be."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from anagen.core.errors import InputError
from anagen.formats.trial.grid import FORMULA, Grid, refused
from anagen.formats.trial.numbers import DECIMALS, ORDERS, is_missing, order_of
from anagen.formats.trial.roles import (
    ETHNICITY_WORDS,
    GRADED,
    SCALES,
    SEX_WORDS,
    guessed_columns,
    guessed_endpoint,
    guessed_factor,
    guessed_grade,
    guessed_scale,
    guessed_therapy,
    guessed_week,
    is_control,
    plain,
)
from anagen.formats.trial.rows import style_in
from anagen.formats.trial.table import Meaning, role_of, table_text
from anagen.patients import CONDITIONS, ETHNICITIES, ZONES
from anagen.scalp import ENDPOINTS
from anagen.scalp.methods import METHODS

MOST_NAMES = 60
"""Different words of a column that are listed; more are no arms, visits or parameters."""
Line = tuple[str, str, str, str, str]


def guessed_roles(grid: Grid) -> dict[str, str]:
    """Column -> probable role, by its name and, of grades, by its words.

    Parameters
    ----------
    grid : Grid
        The cells.

    Returns
    -------
    dict[str, str]
        As the table of meanings has it.
    """
    roles = guessed_columns(grid.header)
    sex = next((name for name, role in roles.items() if role == "sex"), None)
    sexes = {SEX_WORDS.get(plain(word), "") for word in _seen(grid, sex)}
    graded = next((name for name in grid.header if plain(name) in GRADED and name not in roles), None)
    scale = guessed_scale(_seen(grid, graded), sexes)
    return roles | ({graded: scale} if graded is not None and scale and scale not in roles.values() else {})


def recognised(grid: Grid) -> tuple[list[str], list[Line]]:
    """What the numbers and dates of a table show: sentences, and rows of the table where they do not tell.

    Parameters
    ----------
    grid : Grid
        The cells.

    Returns
    -------
    told : list[str]
        Sentences.
    lines : list of tuples
        Rows to fill in.
    """
    columns = {name: role for name, means in guessed_roles(grid).items() if (role := role_of(means))}
    told: list[str] = []
    lines: list[Line] = []
    try:
        told += style_in(grid, columns, Meaning("")).told
    except InputError as error:
        told.append(f"Not told by the data: {error}")
        lines.append(("file", "decimal", "", "", f"required: {' or '.join(DECIMALS)}"))
    for name in (name for name, (role, _) in columns.items() if role == "date"):
        try:
            told += order_of([(line, text) for line, text in grid.column(name) if not is_missing(text)], grid.file)[1]
        except InputError as error:
            told.append(f"Not told by the data: {error}")
            lines.append(("file", "dates", "", "", f"required: {', '.join(ORDERS)}"))
    return told, lines


def template(grid: Grid) -> str:
    """A table of meanings with best guesses.

    Parameters
    ----------
    grid : Grid
        The cells.

    Returns
    -------
    str
        CSV, to be read over, filled in and given as --table.

    Raises
    ------
    InputError
        Where a column that seems to be one of arms, visits or parameters holds far too many words.
    """
    roles = guessed_roles(grid)
    columns = {role: name for name, role in roles.items()}
    lines = recognised(grid)[1]
    for name in grid.header:
        role = roles.get(name, "")
        endpoint = role.partition(" week ")[0]
        factor = ""
        note = grid.labels.get(name, "")
        if endpoint in ENDPOINTS:
            number, unit = guessed_factor(endpoint, f"{name} {note}")
            factor = f"{number:.6g}"
            told = _unit(endpoint, unit)
            note = f"{note}; {told}" if note else told
        lines.append(("column", name, role, factor, note or ("" if role else "blank: not read")))
    lines += _endpoints(grid, columns)
    arms = _arms(grid, columns)
    lines += arms
    weeks = _weeks(grid, roles, columns)
    lines += [line for line in weeks[1]]
    lines += _words(grid, columns)
    lines += _study(grid, roles, columns, arms, weeks[0], lines)
    return table_text(lines)


def _unit(endpoint: str, unit: str) -> str:
    """What values have to be in, and which unit a name shows."""
    return f"in {ENDPOINTS[endpoint].unit} after the factor" + (f", from {unit}" if unit else "")


def _seen(grid: Grid, name: str | None) -> Counter[str]:
    """Words of a column, missing ones left out, with their number."""
    if name is None:
        return Counter()
    found = Counter(text for _, text in grid.column(name) if not is_missing(text))
    if len(found) > MOST_NAMES:
        return Counter()
    for word in found:
        if word[0] in FORMULA:
            line = next(line for line, text in grid.column(name) if text == word)
            raise refused(grid.file, f"{word!r} begins as a formula does; rename it", line, name)
    return found


def _endpoints(grid: Grid, columns: dict[str, str]) -> list[Line]:
    name = columns.get("endpoint")
    labels: dict[str, str] = {}
    if name == "PARAMCD" and "PARAM" in grid.header:
        labels = dict(zip((t for _, t in grid.column("PARAMCD")), (t for _, t in grid.column("PARAM")), strict=True))
    lines: list[Line] = []
    for word in _seen(grid, name):
        label = labels.get(word, "")
        endpoint = guessed_endpoint(label) or guessed_endpoint(word)
        factor, unit = guessed_factor(endpoint, f"{label} {word}") if endpoint else (1.0, "")
        note = _unit(endpoint, unit) if endpoint else "blank: not read"
        lines.append(
            ("endpoint", word, endpoint, f"{factor:.6g}" if endpoint else "", f"{label}; {note}" if label else note)
        )
    return lines


def _arms(grid: Grid, columns: dict[str, str]) -> list[Line]:
    note = "what is given: a therapy (`anagen therapies`), several with +, or as in a study file; blank: arm not read"
    return [("arm", word, guessed_therapy(word), "", note) for word in _seen(grid, columns.get("arm"))]


def _weeks(grid: Grid, roles: dict[str, str], columns: dict[str, str]) -> tuple[list[float], list[Line]]:
    """Weeks after baseline, and rows for visits with names."""
    found: set[float] = set()
    lines: list[Line] = []
    for word in _seen(grid, columns.get("visit")):
        week = guessed_week(word)
        lines.append(("visit", word, week, "", "week from baseline, which is 0; blank: not read"))
        found |= {float(week)} if week else set()
    if "visit" not in columns and "week" in columns:
        found |= {
            float(week) for word in _seen(grid, columns["week"]) if (week := guessed_week(word.replace(",", ".")))
        }
    found |= {float(role.partition(" week ")[2]) for role in roles.values() if " week " in role}
    return sorted(week for week in found if week > 0.0), lines


def _words(grid: Grid, columns: dict[str, str]) -> list[Line]:
    lines: list[Line] = []
    for word in _seen(grid, columns.get("sex")):
        lines.append(("sex", word, SEX_WORDS.get(plain(word), ""), "", "male, female; blank: not known"))
    for word in _seen(grid, columns.get("ethnicity")):
        note = f"{', '.join(ETHNICITIES)}; blank: not known"
        lines.append(("ethnicity", word, ETHNICITY_WORDS.get(plain(word), ""), "", note))
    for scale in SCALES:
        for word in _seen(grid, columns.get(scale)) if scale not in ENDPOINTS else ():
            grades = next(known.grades(scale) for known in CONDITIONS.values() if scale in known.scales())
            lines.append(
                ("grade", word, guessed_grade(word, scale), "", f"{scale}: {', '.join(grades)}; blank: not known")
            )
    return lines


def _study(
    grid: Grid, roles: dict[str, str], columns: dict[str, str], arms: list[Line], weeks: list[float], before: list[Line]
) -> list[Line]:
    """Facts of the trial; what the data tell is filled in."""
    people = "subject" in columns
    known = [line[2] for line in before if line[0] == "endpoint" and line[2]]
    known += [role.partition(" week ")[0] for role in roles.values() if role.partition(" week ")[0] in ENDPOINTS]
    alone = not known
    graded = next(
        (condition.name for condition in CONDITIONS.values() if any(scale in columns for scale in condition.scales())),
        "",
    )
    if "salt" in known:
        graded = "aa"
    control = next((line[1] for line in arms if is_control(line[2])), "")
    name = re.sub(r"[^a-z0-9]+", "-", Path(grid.file).stem.lower()).strip("-") or "own-trial"
    first = known[0] if known else ""
    # a visit whose week is not guessed can be the last one
    told = all(line[2] for line in before if line[0] == "visit")
    last = f"{weeks[-1]:g}" if weeks and told else ""
    primary = f"{first} week {last}" if first and last else ""
    lines: list[Line] = [
        ("study", "name", name, "", "small letters, digits, hyphens"),
        ("study", "title", "", "", "the trial in one line"),
        ("study", "condition", graded, "", f"required: {', '.join(CONDITIONS.names())}"),
        ("study", "zone", "", "", f"required: {', '.join(ZONES.names())}"),
        ("study", "target_area", "", "", "required: area in which hairs were counted, e.g. 1 cm^2"),
        ("study", "method", "", "", f"required: {', '.join(METHODS.names())}"),
    ]
    if alone:
        lines.append(("study", "endpoint", "", "1", "required: what the values are, e.g. total_density"))
    if "sex" not in columns or not people:
        lines.append(("study", "sex", "", "", "required: male, or male 0.8, female 0.2"))
    if "age" not in columns or not people:
        lines.append(("study", "age", "", "", "required: years, e.g. mean 36 sd 7 min 18 max 50"))
    if "ethnicity" not in columns or not people:
        lines.append(("study", "ethnicity", "", "", "required: caucasian, or caucasian 0.7, asian 0.3"))
    if "date" in columns or "day" in columns:
        lines.append(
            ("study", "visits", "", "", "required where days are read: weeks of the planned visits, e.g. 0 12 24")
        )
    lines += [
        (
            "study",
            "control",
            control,
            "",
            "arm that the others are compared with; blank: the first that is given a control",
        ),
        ("study", "primary", primary, "", "required: endpoint and week, and measure where it is not change"),
    ]
    if people:
        lines.append(
            ("study", "responder", "", "", "endpoint and change of a responder, e.g. total_density 10; blank: none")
        )
    return [
        *lines,
        ("study", "blinding", "", "", "double, single, assessor, open; blank: not said"),
        ("study", "source", "", "", "DOI, registry number or words; blank: name and hash of the file"),
    ]
