"""From a study file to a study: parse, fill in, check everything, report every problem at once."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from pydantic import ValidationError

from anagen.core.errors import InputError, Problem
from anagen.trials.study.arm_rules import check_arms
from anagen.trials.study.document import Document, Key, Position, parse, read_text
from anagen.trials.study.findings import Findings, nearest, shown
from anagen.trials.study.graft_rules import check_grafts
from anagen.trials.study.models import Study
from anagen.trials.study.population_rules import check_population
from anagen.trials.study.resolve import default_block, resolve
from anagen.trials.study.trial_rules import check_trial
from anagen.trials.study.vocabulary import vocabulary
from anagen.trials.study.wording import add_model_errors


@dataclass(frozen=True, slots=True)
class LoadedStudy:
    """A study with the file it came from.

    study: the checked study; path: the file; text: its text; sha256: hash of the content (see `content_sha256`).
    """

    study: Study
    path: Path
    text: str
    sha256: str


def load_study(path: str | os.PathLike[str]) -> LoadedStudy:
    """Read and check a study file.

    Args:
        path: a YAML file of at most 1 MB.

    Raises:
        InputError: with every problem found in the file, in the order of its lines.

    Example:
        >>> load_study("studies/exosome-vs-saline.yaml").study.arms[0].name  # doctest: +SKIP
        'exosome'
    """
    file = os.fspath(path)
    text = read_text(Path(file), file)
    study = parse_study(text, file)
    return LoadedStudy(study, Path(file), text, content_sha256(study))


def parse_study(text: str, file: str | None = None) -> Study:
    """Read and check the text of a study file.

    Args:
        text: YAML. file: name of the file in messages.

    Raises:
        InputError: with every problem found.
    """
    return _checked(parse(text, file), file)


def study_from_data(data: Mapping[str, object]) -> Study:
    """Check a study given as plain data with the keys of a study file, or as dumped by `Study.model_dump`.

    Raises:
        InputError: with every problem found; they have no line.
    """
    return _checked(Document(dict(data), {}, ()), None)


def with_patients(study: Study, patients: int) -> Study:
    """The same study with this number of patients in every arm, checked again.

    A block size that no longer fits the arms is replaced by the smallest that does.

    Raises:
        InputError: where the number is impossible.
    """
    data: dict[str, Any] = study.model_dump()
    for arm in data["arms"]:
        arm["patients"] = patients
    randomisation = data["design"]["randomisation"]
    if randomisation["method"] == "block" and randomisation["block"] % len(study.arms):
        randomisation["block"] = default_block([patients] * len(study.arms))
    return study_from_data(data)


def content_sha256(study: Study) -> str:
    """SHA-256 of what a study says: comments, line endings, order of keys and spelling of quantities do not matter.

    The hash is taken over the study with every default filled in, as JSON with sorted keys and without spaces.
    """
    dumped = _without_quantity_text(study.model_dump(mode="json"))
    canonical = json.dumps(dumped, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(canonical.encode("utf-8")).hexdigest()


def _checked(document: Document, file: str | None) -> Study:
    """The study of a parsed file, or every problem in it."""
    findings = Findings(file, document.positions, document.problems)
    data = document.data
    if not isinstance(data, dict):
        raise InputError([*document.problems, _not_a_study(data, file, document.positions)])
    words = vocabulary()
    resolved = resolve(cast("dict[str, object]", data), words, findings)
    check_population(resolved, words, findings)
    check_arms(resolved, words, findings)
    check_grafts(resolved, words, findings)
    check_trial(resolved, words, findings)
    study: Study | None = None
    try:
        study = Study.model_validate(resolved)
    except ValidationError as error:
        add_model_errors(error, findings)
    problems = findings.problems()
    if problems or study is None:
        raise InputError(problems)
    return study


def _not_a_study(data: object, file: str | None, positions: Mapping[Key, Position]) -> Problem:
    """The problem of a file that does not hold keys at its top."""
    keys = tuple(Study.model_fields)
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


def _without_quantity_text(value: Any) -> Any:
    """Dumped data without the spelling of quantities."""
    if isinstance(value, dict):
        items = cast("dict[str, Any]", value)
        return {
            key: _without_quantity_text(item) for key, item in items.items() if not (key == "text" and "unit" in items)
        }
    if isinstance(value, list):
        return [_without_quantity_text(item) for item in cast("list[Any]", value)]
    return value
