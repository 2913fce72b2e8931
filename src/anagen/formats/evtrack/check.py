"""Checks an EV-TRACK form: its columns, the answers to EV-METRIC, and the score that follows from them."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import get_args

from anagen.core.errors import Problem
from anagen.core.reading import nearest
from anagen.formats.evtrack import CSV_HEADER, ENDING
from anagen.formats.evtrack.form import NOT_TOLD, EvMetric, EvTrackForm, Fulfilled
from anagen.formats.format import Checked
from anagen.formats.texts import text_of

METRIC, SCORE = "EV-METRIC", "score"
ANSWERS: dict[str, Fulfilled] = {answer: answer for answer in get_args(Fulfilled)}


def check(path: Path) -> Checked:
    """What a form tells, and what is wrong in it.

    Parameters
    ----------
    path : Path
        The table of a form, or a folder of forms.

    Returns
    -------
    Checked
        How much is told and the score; rows, answers and a score that do not fit, each with its line.
    """
    files = sorted(path.glob(f"*{ENDING}")) if path.is_dir() else [path]
    found = [_of_form(file) for file in files]
    lines = tuple(line for each in found for line in each.lines)
    return Checked(lines, tuple(problem for each in found for problem in each.problems))


def _of_form(path: Path) -> Checked:
    file, problems = str(path), list[Problem]()
    reader = csv.reader(io.StringIO(text_of(path)))
    told, fields, metric, score = 0, 0, list[EvMetric](), ("", 0)
    try:
        rows = [(reader.line_num, cells) for cells in reader]
    except csv.Error as error:
        words = f"cannot be read as a table: {error}; is a quotation mark left open?"
        return Checked((), (Problem(file, reader.line_num, None, "", words),))
    for line, cells in rows:
        if line == 1 or not cells:
            continue
        if len(cells) != len(CSV_HEADER):
            words = f"has {len(cells)} cells; expected {len(CSV_HEADER)}: {', '.join(CSV_HEADER)}"
            problems.append(Problem(file, line, None, "", words))
            continue
        section, name, value, asks = cells
        if section != METRIC:
            fields += 1
            told += value != NOT_TOLD
        elif name == SCORE:
            score = (value, line)
        else:
            answer, _, found = value.partition(": ")
            known = ANSWERS.get(answer)
            if known is None:
                words = f"unknown answer {answer!r}"
                problems.append(Problem(file, line, None, name, words, tuple(ANSWERS), nearest(answer, ANSWERS)))
            else:
                metric.append(EvMetric("", name, asks, known, found))
    if not any(entry.fulfilled != "does not apply" for entry in metric):
        problems.append(Problem(file, None, None, METRIC, "has no component that applies, so that there is no score"))
    if problems:
        return Checked((), tuple(problems))
    expected = f"{EvTrackForm('', (), tuple(metric)).score:.0f} %"
    if score[0] != expected:
        words = f"is {score[0] or 'missing'}; its {len(metric)} components make {expected}"
        return Checked((), (Problem(file, score[1] or None, None, SCORE, words),))
    return Checked((f"{path.name}: {told} of {fields} fields told, EV-METRIC {expected}.",))
