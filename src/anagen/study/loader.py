"""From a study file to a study: parse, fill in, check everything, report every problem at once."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from pydantic import ValidationError

from anagen.core.errors import InputError, Problem
from anagen.delivery.prescription import REFERENCE_AREA
from anagen.study.arm_rules import check_arms
from anagen.study.document import Document, Key, Position, parse, read_text
from anagen.study.dosing import PER_AREA
from anagen.study.findings import Findings, nearest, shown
from anagen.study.graft_rules import check_grafts
from anagen.study.models import Study
from anagen.study.overrides import Override, overridden
from anagen.study.population_rules import check_population
from anagen.study.resolve import default_block, resolve
from anagen.study.safety_rules import check_safety
from anagen.study.trial_rules import check_trial
from anagen.study.vocabulary import vocabulary
from anagen.study.wording import add_model_errors

_SILENT: Mapping[str, tuple[Any, ...]] = {
    "settings": ({},),
    "product_file": (None,),
    "treated_area": (None, {"value": REFERENCE_AREA, "unit": PER_AREA}),
    "mechanism": (None,),
    "cohort": (None,),
    "comparator": (None,),
    "use": (None,),
    "reason": (None,),
    "credibility": (None, {"influence": None, "consequence": None, "context": None}),
}
"""Keys of the format that came after its first version, with the values that mean the same as leaving them out."""


@dataclass(frozen=True, slots=True)
class LoadedStudy:
    """A study with the file it came from.

    study: the checked study; path: the file; text: its text; sha256: hash of the content (see `content_sha256`).
    options: command-line options that changed what the file says, as they were given.
    """

    study: Study
    path: Path
    text: str
    sha256: str
    options: tuple[str, ...] = ()


def load_study(path: str | os.PathLike[str], overrides: Sequence[Override] = ()) -> LoadedStudy:
    """Read and check a study file.

    Args:
        path: a YAML file of at most 1 MB.
        overrides: values that take the place of what the file says, put in before it is checked.

    Raises:
        InputError: with every problem found in the file, in the order of its lines.

    Example:
        >>> load_study("studies/exosome-vs-saline.yaml").study.arms[0].name  # doctest: +SKIP
        'exosome'
    """
    return load_variants(path, [overrides])[0]


def load_variants(path: str | os.PathLike[str], variants: Sequence[Sequence[Override]]) -> list[LoadedStudy]:
    """The study of one file once per set of overrides; the file is read once.

    Raises:
        InputError: with every problem found in any of them, each once.
    """
    file = os.fspath(path)
    text = read_text(Path(file), file)
    document = parse(text, file)
    found: list[LoadedStudy] = []
    problems: dict[Problem, None] = {}
    for overrides in variants:
        try:
            study = _checked(document, file, overrides)
        except InputError as error:
            problems.update(dict.fromkeys(error.problems))
        else:
            options = tuple(override.option for override in overrides)
            found.append(LoadedStudy(study, Path(file), text, content_sha256(study), options))
    if problems:
        raise InputError(problems)
    return found


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

    The hash is taken over the study with every default filled in, as JSON with sorted keys and without spaces; of a
    file that the study names it holds the hash of what the file says.
    """
    dumped = _said(study.model_dump(mode="json"))
    canonical = json.dumps(dumped, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(canonical.encode("utf-8")).hexdigest()


def _checked(document: Document, file: str | None, overrides: Sequence[Override] = ()) -> Study:
    """The study of a parsed file with overrides put in, or every problem in it."""
    written = document.data
    if not isinstance(written, dict):
        raise InputError([*document.problems, _not_a_study(written, file, document.positions)])
    words = vocabulary()
    data, options = overridden(cast("dict[str, object]", written), overrides, words)
    findings = Findings(file, document.positions, document.problems, options)
    resolved = resolve(data, words, findings, Path(file).parent if file is not None else Path())
    check_population(resolved, words, findings)
    check_arms(resolved, words, findings)
    check_grafts(resolved, words, findings)
    check_trial(resolved, words, findings)
    check_safety(resolved, findings)
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


def _said(value: Any) -> Any:
    """Dumped data without spelling, and without keys that say nothing beyond their default.

    The latter keeps the hash of a study that was written before the format had the key. The other name of a therapy is
    a spelling.
    """
    if isinstance(value, dict):
        items = cast("dict[str, Any]", value)
        spelling = {"text"} if "unit" in items else {"text", "file"} if "sha256" in items else set[str]()
        spelling |= {"called"} if "therapy" in items else set[str]()
        said = {key: _said(item) for key, item in items.items() if key not in spelling}
        return {key: item for key, item in said.items() if key not in _SILENT or item not in _SILENT[key]}
    if isinstance(value, list):
        return [_said(item) for item in cast("list[Any]", value)]
    return value
