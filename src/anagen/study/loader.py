"""From the data of a study file to a study: fill in, check everything, report every problem at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeVar, cast

from pydantic import ValidationError

from anagen.core.errors import InputError, Problem
from anagen.core.reading import Key, nearest, shown
from anagen.study.analysis_rules import check_analysis
from anagen.study.arm_rules import check_arms
from anagen.study.conduct_rules import check_conduct
from anagen.study.content import in_one_order
from anagen.study.covariates import check_covariates
from anagen.study.crossover_rules import check_crossover
from anagen.study.document import Document, Position
from anagen.study.findings import Findings
from anagen.study.graft_rules import check_grafts
from anagen.study.models import StudyFields
from anagen.study.overrides import Override, overridden
from anagen.study.population_rules import check_population
from anagen.study.rescue_rules import check_rescues
from anagen.study.resolve import resolve
from anagen.study.safety_rules import check_safety
from anagen.study.therapy_rules import check_therapies
from anagen.study.trial_rules import check_trial
from anagen.study.vocabulary import vocabulary
from anagen.study.wording import add_model_errors

S = TypeVar("S", bound=StudyFields)


def checked(model: type[S], document: Document, file: str | None, overrides: Sequence[Override] = ()) -> S:
    """The study of a parsed file with overrides put in.

    Parameters
    ----------
    model : type
        Class of the study: `StudyFields` or a class made from it.
    document : Document
        Plain data with the keys of a study file, and the line of each key.
    file : str or None
        Name of the file in messages; paths in it start from its folder.
    overrides : sequence of Override
        Values that take the place of what the file says, put in before it is checked.

    Returns
    -------
    StudyFields
        The study, every default filled in.

    Raises
    ------
    InputError
        With every problem in the file, in the order of its lines.
    """
    written = document.data
    if not isinstance(written, dict):
        raise InputError([*document.problems, _not_a_study(written, file, document.positions)])
    words = vocabulary()
    data, options = overridden(cast("dict[str, object]", written), overrides, words)
    findings = Findings(file, document.positions, document.problems, options)
    resolved = resolve(data, words, findings, Path(file).parent if file is not None else Path())
    check_population(resolved, words, findings)
    check_arms(resolved, words, findings)
    check_therapies(resolved, words, findings)
    check_grafts(resolved, words, findings)
    check_rescues(resolved, words, findings)
    check_trial(resolved, words, findings)
    check_conduct(resolved, words, findings)
    check_crossover(resolved, words, findings)
    check_safety(resolved, findings)
    check_covariates(resolved, findings)
    study: S | None = None
    try:
        study = model.model_validate(in_one_order(resolved, words))
        check_analysis(study, words, findings)
    except ValidationError as error:
        add_model_errors(error, findings)
    problems = findings.problems()
    if problems or study is None:
        raise InputError(problems)
    return study


def _not_a_study(data: object, file: str | None, positions: Mapping[Key, Position]) -> Problem:
    """The problem of a file that does not hold keys at its top."""
    keys = tuple(StudyFields.model_fields)
    if data is None:
        return Problem(
            file,
            None,
            None,
            "",
            "the file is empty; a study file starts with its keys, e.g. study: my-first-trial",
            keys,
        )
    line = positions[()].line if () in positions else None
    message = f"the file holds {shown(data)} at its top; expected keys, e.g. study: my-first-trial"
    return Problem(file, line, None, "", message, keys, nearest(data, keys))
