"""Predictions that were made before results were known: frozen with date, version, seed and hashes in a file.

An entry is never changed. What it says is hashed, each entry also holds the hash of the one before it, and the study
file is hashed as it was; so a changed number, a changed study, or an entry taken out or put in between shows. A tail
that was cut off and a chain that was hashed anew show against the count and the last hash, the head, which stand in
`<ledger>.head.toml` and are published.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from anagen.analysis.bands import band
from anagen.core.disk import mode_of
from anagen.core.errors import InputError, Problem
from anagen.core.files import Target
from anagen.core.numbers import MOST_DRAWS, whole
from anagen.core.provenance import package_version
from anagen.core.reading import is_list, is_mapping, shown
from anagen.execution import Workers, workers_of
from anagen.parameters import Source, parameter_source, source_facts
from anagen.results import Estimates
from anagen.study import Study
from anagen.study.content import HASH_VERSION
from anagen.study.shipped import prospective_folder
from anagen.study.values import Attachment
from anagen.validation.ledger_file import FORMS, HASH, START, Head, head_file, head_text, read_head
from anagen.validation.ledger_file import read_ledger as entries

LEDGER = "frozen.toml"
FIRST_LINES = (
    "# Predictions frozen before results were known. Entries are added at the end and never changed;\n"
    "# `anagen ledger verify` recomputes every hash.\n"
)


def shipped_ledger() -> Path:
    """File of the predictions that come with the package."""
    return prospective_folder() / LEDGER


def digest(entry: Mapping[str, Any]) -> str:
    """SHA-256 of everything an entry says, beside its own hash.

    Examples
    --------
    >>> digest({"study": "a", "sha256": "x"}) == digest({"study": "a"})
    True
    """
    content = {key: value for key, value in entry.items() if key != "sha256"}
    return sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def head_of(frozen: list[dict[str, Any]]) -> Head:
    """Count and last hash of the entries of a ledger."""
    return Head(predictions=len(frozen), head=frozen[-1]["sha256"] if frozen else START)


def verify(ledger: Path, *, head: str | None = None, count: int | None = None) -> list[Problem]:
    """Everything in a ledger that is not as it was frozen; study files are looked for beside it.

    Parameters
    ----------
    ledger : Path
        The file.
    head : str, optional
        The last hash as it was published; that of `<ledger>.head.toml` where left out.
    count : int, optional
        The number of predictions as it was published.

    Returns
    -------
    list of Problem
        Empty where all is as it was frozen.

    Raises
    ------
    InputError
        Where the ledger, or the file of its head, cannot be read.
    """
    frozen = entries(ledger)
    beside, found = head_file(ledger), head_of(frozen)
    problems = _broken_links(ledger, frozen)
    if head is None or beside.exists():
        problems += _other_head(ledger, str(beside), found, read_head(beside, found))
    if head is not None:
        if not re.fullmatch(HASH, head):
            raise InputError([Problem(None, None, None, "head", f"{shown(head)} is no head; expected {FORMS[HASH]}")])
        published = Head(predictions=found.predictions if count is None else count, head=head)
        problems += _other_head(ledger, "what was published", found, published)
    elif count is not None and count != found.predictions:
        problems.append(_wrong(ledger, "count", f"holds {found.predictions} predictions; {count} were published"))
    return problems


def _broken_links(ledger: Path, frozen: list[dict[str, Any]]) -> list[Problem]:
    """Entries that were changed, added or taken out, and studies that are not those that were frozen."""
    problems: list[Problem] = []
    before = START
    for number, entry in enumerate(frozen):
        field = f"prediction[{number}]"
        if digest(entry) != entry["sha256"]:
            problems.append(_wrong(ledger, f"{field}.sha256", "the entry was changed after it was frozen"))
        if entry["before"] != before:
            message = "an entry before this one was changed, added or taken out"
            problems.append(_wrong(ledger, f"{field}.before", message))
        before = entry["sha256"]
        file = ledger.parent / entry["file"]
        if not file.is_file():
            problems.append(_wrong(ledger, f"{field}.file", f"{file} is missing"))
            continue
        try:
            study = Study.load(file)
        except InputError as error:
            problems += error.problems
            continue
        if study.sha256_of(entry.get("study_hash", 1)) != entry["study_sha256"]:
            named = ", ".join(dict.fromkeys(_named_files(study.model_dump(mode="json"))))
            cause = f": it was changed, or a file that it names ({named})" if named else ""
            problems.append(_wrong(ledger, f"{field}.study_sha256", f"{file} is not the study that was frozen{cause}"))
    return problems


def _named_files(content: object) -> Iterator[str]:
    """Names of the files that a study keeps with it: products and networks."""
    if is_mapping(content) and content.keys() == Attachment.model_fields.keys():
        yield str(content["file"])
    elif is_mapping(content) or is_list(content):
        for part in content.values() if is_mapping(content) else content:
            yield from _named_files(part)


def _other_head(ledger: Path, where: str, found: Head, told: Head) -> list[Problem]:
    """What the head of a ledger says against one that was told."""
    if found == told:
        return []
    if found.predictions != told.predictions:
        message = f"holds {found.predictions} predictions; {where} tells of {told.predictions}"
        return [_wrong(ledger, "prediction", f"{message}: entries were cut off or added")]
    message = f"ends with the hash {found.head}; {where} tells of {told.head}: the chain was written anew"
    return [_wrong(ledger, f"prediction[{found.predictions - 1}].sha256", message)]


def predict(
    study: Study,
    file: str,
    *,
    seed: int,
    draws: int,
    workers: Workers = 1,
    work_dir: Path | None = None,
    progress: Callable[[int, int], None] | None = None,
    source: Source = "default",
) -> dict[str, Any]:
    """What the package predicts for a study now: expected effects with their range over draws from a source."""
    from anagen.runs.study import run_study

    draws, workers = whole("draws", draws, 0, MOST_DRAWS), workers_of(workers)
    source = parameter_source(source)
    parameters = source.load()
    contents = run_study(
        study, seed=seed, draws=draws, workers=workers, work_dir=work_dir, progress=progress, source=source
    )
    keys = ["endpoint", "week", "measure", "arm", "control"]
    effects: list[dict[str, Any]] = []
    for _, group in contents.expected().rows.groupby(keys, sort=False, observed=True):
        central = Estimates(group).expected(draw=0).values[0]
        low, high = band(Estimates(group).drawn().values)
        names = group[keys].to_numpy(dtype=object)[0]
        effect = {key: float(name) if key == "week" else str(name) for key, name in zip(keys, names, strict=True)}
        effects.append(effect | {"central": _short(central), "low90": _short(low), "high90": _short(high)})
    return {
        "study": study.study,
        "file": file,
        "source": study.source or "",
        "date": datetime.now(UTC).date().isoformat(),
        "version": package_version(),
        "study_hash": HASH_VERSION,
        "study_sha256": study.sha256,
        "parameters_sha256": parameters.sha256(),
        **_posterior_of(source_facts(source, parameters)),
        "seed": seed,
        "draws": draws,
        "effect": effects,
    }


def check_can_freeze(ledger: Path, study: str, parameters: str) -> list[dict[str, Any]]:
    """The entries of a ledger to which a prediction for a study can be added; none where there is no file yet.

    A model with other parameters may predict a study again. The earlier prediction stays, and stays the one that is
    judged: what comes later tells what a change of the model moved.

    Parameters
    ----------
    ledger : Path
        The file.
    study : str
        Name of the study.
    parameters : str
        Hash of the parameters from which it is predicted.

    Returns
    -------
    list of dict
        The entries.

    Raises
    ------
    InputError
        Where the study is frozen there already with these parameters, the ledger is not intact, or the file of its
        head is another's.
    """
    beside = head_file(ledger)
    stands = mode_of(beside, "ledger") is not None
    if mode_of(ledger, "ledger") is None:
        if stands:
            message = (
                f"stands where the head of a new ledger would be written, and there is no {ledger}: put that ledger "
                f"back, or choose another ledger"
            )
            raise InputError([Problem(str(beside), None, None, "ledger", message)])
        return []
    known = entries(ledger)
    if stands:
        Target(beside, "ledger", overwrite=True).check()
    told = head_of(known[:-1]) if not stands and len(known) == 1 else read_head(beside, head_of(known))
    if told == head_of(known[:-1]):
        # the freeze of the last entry was stopped before it wrote the head
        problems = _broken_links(ledger, known)
        if not problems:
            _write(beside, head_text(head_of(known)))
    else:
        problems = verify(ledger)
    if problems:
        raise InputError(problems)
    if any(other["study"] == study and other["parameters_sha256"] == parameters for other in known):
        message = (
            "is frozen already with these parameters; a model predicts a study once, give a changed design another name"
        )
        raise InputError([_wrong(ledger, study, message)])
    return known


def freeze(ledger: Path, entry: dict[str, Any]) -> dict[str, Any]:
    """Add a prediction to the end of a ledger, and tell the new count and head beside it.

    Parameters
    ----------
    ledger : Path
        The file; it is made where there is none.
    entry : dict
        As `predict` gives it.

    Returns
    -------
    dict
        The entry with its hash and that of the one before it.

    Raises
    ------
    InputError
        Where the study is frozen there already with these parameters, or the ledger is not intact.
    """
    known = check_can_freeze(ledger, str(entry["study"]), str(entry["parameters_sha256"]))
    whole = entry | {"before": head_of(known).head}
    whole["sha256"] = digest(whole)
    text = ledger.read_text(encoding="utf-8") if known else FIRST_LINES
    _write(ledger, text + toml_of(whole))
    _write(head_file(ledger), head_text(head_of([*known, whole])))
    return whole


def _write(file: Path, text: str) -> None:
    Target(file, "ledger", overwrite=True).write(text.encode())


def _wrong(ledger: Path, field: str, message: str) -> Problem:
    return Problem(str(ledger), None, None, field, message)


def _posterior_of(facts: Mapping[str, Any]) -> dict[str, Any]:
    """What an entry says of the posterior that was drawn from; nothing where there was none."""
    posterior = facts.get("posterior")
    if posterior is None:
        return {}
    return {"parameter_source": facts["parameter_source"], "posterior_sha256": posterior["sha256"]}


def _short(value: float) -> float:
    return float(f"{value:.4g}")


def toml_of(entry: Mapping[str, Any]) -> str:
    """Text of an entry, as it stands in the file."""

    def row(key: str, value: object) -> str:
        return f"{key} = {json.dumps(value, ensure_ascii=False)}\n"

    lines = ["\n[[prediction]]\n", *(row(key, value) for key, value in entry.items() if key != "effect")]
    for effect in entry["effect"]:
        lines += ["\n[[prediction.effect]]\n", *(row(key, value) for key, value in effect.items())]
    return "".join(lines)
