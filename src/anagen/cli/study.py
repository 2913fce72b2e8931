"""The commands about study files: `anagen check`, `studies` and `schema`."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from anagen.cli.copies import CopyOption, CopyToOption, refuse_without_copy, write_copy
from anagen.cli.options import (
    ANY_SOURCE,
    DRAWS,
    JsonOption,
    OverwriteFileOption,
    ParametersOption,
    SetOption,
    StudyArgument,
    WithoutOption,
    chosen_source,
    emit,
    single_overrides,
    working,
)

HEAD = 20_000
"""Bytes of a file by which it is told what it is."""


def check(
    study: StudyArgument,
    as_json: JsonOption = False,
    sets: SetOption = None,
    without: WithoutOption = None,
    source: ParametersOption = ANY_SOURCE,
) -> None:
    """Check a study file and tell what will be simulated, or check a file of another program; nothing is written."""
    if _of_another_program(Path(study)):
        from anagen.cli.formats import checked_as_format

        if checked_as_format(Path(study), as_json):
            return
    from anagen.study import Study

    subject, parameters = Study.load(study, single_overrides(sets, without)), chosen_source(source)
    description = str(subject.check(parameters))
    with working() as progress:
        from anagen.runs.rehearsal import design_notes, rehearse, room_for
        from anagen.trials.cost import cost_in_words, estimated_memory, estimated_seconds

        size = room_for(subject, parameters, trials=1, draws=DRAWS)
        progress.stage("screening some patients")
        rehearsal = rehearse(subject, parameters)
        notes = design_notes(subject, parameters)
    if notes:
        description += f"\n\nBefore it is run: {' '.join(notes)}"
    if rehearsal is not None:
        description += f"\n\nScreening: {rehearsal.text()}"
    description += f"\n\nA run takes {cost_in_words(size)}."
    document = {
        "ok": True,
        "sha256": subject.sha256,
        "description": description,
        "screening": None if rehearsal is None else asdict(rehearsal),
        "run": {"seconds": estimated_seconds(size), "bytes": estimated_memory(size), "draws": size.draws},
        "study": subject.to_dict(),
    }
    emit(document, as_json, lambda: print(description))


def _of_another_program(path: Path) -> bool:
    """Whether what is named is there and is not clearly a study file: a folder, or a file that begins otherwise."""
    from anagen.core.foreign import kind_of

    if path.is_dir():
        return True
    if not path.is_file():
        return False
    with path.open("rb") as stream:
        return kind_of(stream.read(HEAD)) != "a study file"


def schema() -> None:
    """Print the JSON Schema of study files, for editors."""
    from anagen.cli.console import print_json
    from anagen.study import study_json_schema

    print_json(study_json_schema())


def studies(
    as_json: JsonOption = False,
    copy: CopyOption = None,
    out: CopyToOption = None,
    overwrite: OverwriteFileOption = False,
) -> None:
    """List the shipped studies, or copy the file of one, to begin your own from."""
    from anagen.cli.console import print_table
    from anagen.study import Study
    from anagen.study.shipped import shipped_studies

    if copy is not None:
        written = write_copy(shipped_studies(), copy, out, overwrite, _text_of_a_study)
        emit({"file": str(written)}, as_json, lambda: print(written))
        return
    refuse_without_copy(out)
    rows = [
        {"name": name, "title": study.title, "source": study.source, "file": str(path)}
        for name, path in shipped_studies().items()
        for study in [Study.load(path)]
    ]
    header = ("name", "title")
    emit(rows, as_json, lambda: print_table("", header, ([row[key] for key in header] for row in rows)))


def _text_of_a_study(path: Path) -> str:
    """The file as it stands, or, where it names files that lie beside it, one that holds what these say."""
    from anagen.core.texts import read_text
    from anagen.study import Study

    study = Study.load(path)
    beside = [use.product_file for arm in study.arms for use in arm.therapies if use.product_file is not None]
    if beside or (study.mechanism is not None and study.mechanism.network is not None):
        return study.to_yaml()
    return read_text(path, "study file")
