"""The synopsis of a protocol in one call."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import pandas as pd

from anagen.core.errors import InputError, Problem
from anagen.core.plain import plain
from anagen.core.progress import Progress
from anagen.core.provenance import package_version
from anagen.core.result import Result
from anagen.core.shown import Shown
from anagen.core.words import counted
from anagen.execution import Workers
from anagen.parameters import Source, parameter_source, source_facts
from anagen.planning.result import Power
from anagen.planning.result import power as power_of
from anagen.planning.synopsis.answer import ANSWERED, IN_PART, OPEN, Answered
from anagen.planning.synopsis.answers import answers_of
from anagen.planning.synopsis.facts import Facts
from anagen.planning.synopsis.items import SOURCE, TOP_ITEMS
from anagen.planning.synopsis.sample import POWER, Numbers, numbers_in
from anagen.planning.synopsis.word import needs_docx
from anagen.results.folder import write_folder
from anagen.study import Study
from anagen.study.study import StudyLike
from anagen.trials.protocol import study_parameters


@dataclass(frozen=True, repr=False, eq=False)
class ProtocolSynopsis(Result):
    """A trial protocol after SPIRIT 2025, as far as a study file answers it.

    Attributes
    ----------
    study : Study
        The trial.
    answers : tuple of Answered
        Every item with what is said of it and what is open.
    manifest : dict
        What is needed to repeat it.
    """

    study: Study
    answers: tuple[Answered, ...]
    manifest: dict[str, Any]

    _what: ClassVar[str] = "Synopsis of a trial protocol"
    _then: ClassVar[tuple[str, ...]] = (".open_points()", ".table", '.save("folder")')

    @property
    def title(self) -> str:
        """The page in a line."""
        return f"Trial protocol: {self.study.title}"

    @property
    def table(self) -> pd.DataFrame:
        """One row per item: number, section, title, state (answered, in part, open) and how many points are open."""
        return pd.DataFrame(
            [
                {
                    "item": each.item.number,
                    "section": each.item.section,
                    "title": each.item.title,
                    "state": each.answer.state,
                    "open_points": len(each.answer.open),
                }
                for each in self.answers
            ]
        )

    def headline(self) -> str:
        """How much of the checklist is answered.

        Returns
        -------
        str
            One line.
        """
        states = [each.answer.state for each in self.answers]
        return (
            f"Of the {len(self.answers)} parts of the {TOP_ITEMS} items the study file answers {states.count(ANSWERED)}"
            f" and {states.count(IN_PART)} in part; {states.count(OPEN)} are open, with "
            f"{counted(len(self.open_points()), 'open point')} in all."
        )

    def open_points(self) -> list[tuple[str, str, str]]:
        """What has to be filled in.

        Returns
        -------
        list of tuple of str
            Number and title of the item, and the point.
        """
        return [(each.item.number, each.item.title, point) for each in self.answers for point in each.answer.open]

    def method(self) -> list[tuple[str, str]]:
        """How it was made.

        Returns
        -------
        list of tuple of str
            Names and texts.
        """
        manifest = self.manifest
        return [
            ("Software", f"{manifest['package']} {manifest['version']}"),
            ("Checklist", SOURCE),
            ("Study", f"{self.study.study}, SHA-256 {manifest['study_sha256']}"),
            ("Parameters", f"{manifest['parameter_source']}, SHA-256 {manifest['parameters_sha256']}"),
            ("Sample size", manifest["numbers"] or "no result was given"),
            *((("Options", manifest["options"]),) if "options" in manifest else ()),
        ]

    def _shown(self) -> Shown:
        rows = tuple(self.open_points())
        header, note = ("item", "title", "to be filled in"), "What a study file cannot know of a protocol."
        return Shown(self._what, self.study.title, self.headline(), header, rows, note, self._then)

    def document(self) -> dict[str, Any]:
        """What `anagen protocol --json` prints, without the folder.

        Returns
        -------
        dict
            Plain values.
        """
        return {
            "title": self.title,
            "headline": self.headline(),
            "items": [
                {
                    "item": each.item.number,
                    "section": each.item.section,
                    "title": each.item.title,
                    "state": each.answer.state,
                    "text": list(each.answer.text),
                    "points": list(each.answer.points),
                    "tables": [
                        {"title": table.title, "header": list(table.header), "rows": [list(row) for row in table.rows]}
                        for table in each.answer.tables
                    ],
                    "open": list(each.answer.open),
                }
                for each in self.answers
            ],
            "open_points": [
                {"item": number, "title": title, "point": point} for number, title, point in self.open_points()
            ],
            "manifest": plain(self.manifest),
        }

    def save(self, path: str | os.PathLike[str], *, overwrite: bool = False) -> Path:
        """Write a folder with the protocol as HTML, DOCX and JSON, whole or not at all.

        Parameters
        ----------
        path : str or path
            The folder.
        overwrite : bool
            Whether an earlier result folder may be replaced.

        Returns
        -------
        Path
            The folder.

        Raises
        ------
        InputError
            Where it may not be written, or python-docx is not installed.
        """
        from anagen.planning.synopsis.folder import write_protocol

        needs_docx()

        def fill(folder: Path) -> None:
            write_protocol(self, folder)

        return write_folder(Path(path), fill, plain(self.manifest), overwrite=overwrite)


def protocol(
    study: StudyLike,
    *,
    numbers: str | os.PathLike[str] | Power | None = None,
    power: bool = False,
    replicates: int | None = None,
    draws: int = 200,
    seed: int = 1,
    workers: Workers = 1,
    parameters: Source = "default",
    work_dir: Path | None = None,
    progress: Progress | None = None,
) -> ProtocolSynopsis:
    """The synopsis of a trial protocol after SPIRIT 2025 from a study.

    Parameters
    ----------
    study : Study, mapping, str or path
        A study, the keys of a study file, the name of a shipped study, or a file.
    numbers : str, path or Power, optional
        Result of `power`, or folder of `anagen power` or `anagen run`, of the same study.
    power : bool
        Works power and assurance out at the study's own number of patients.
    replicates : int, optional
        Trials with `power`; 200 where left out.
    draws : int
        Parameter draws with `power`.
    seed : int
        Seed of every random number with `power`.
    workers : int or str
        Processes, or the place of a Dask scheduler, with `power`.
    parameters : str, path or ParameterSource
        "prior", "posterior", or a posterior file; the shipped posterior where left out.
    work_dir : Path, optional
        Folder that keeps finished parts.
    progress : Progress, optional
        Shows what is done.

    Returns
    -------
    ProtocolSynopsis
        Every item with its answer and its open points; `.save(folder)` writes HTML, DOCX and JSON.

    Raises
    ------
    InputError
        Where the study or a result cannot be read, or the result is of another study.

    Examples
    --------
    >>> synopsis = protocol("exosome-vs-saline")
    >>> synopsis.table.set_index("item").loc[["12", "19", "30"], "state"].tolist()
    ['answered', 'in part', 'open']
    """
    subject, source = Study.of(study), parameter_source(parameters)
    if power and numbers is not None:
        message = "works the numbers out, and a result is given as well; leave one of them out"
        raise InputError([Problem(None, None, None, "power", message)])
    found: Numbers | None = None
    if isinstance(numbers, Power):
        found = _of_power(numbers, "a result of anagen.power")
    elif numbers is not None:
        found = numbers_in(Path(numbers), subject)
    elif power:
        least = min(arm.patients for arm in subject.arms)
        result = power_of(
            subject,
            [least],
            replicates=replicates,
            draws=draws,
            seed=seed,
            workers=workers,
            parameters=source,
            work_dir=work_dir,
            progress=progress,
        )
        found = _of_power(result, f"anagen power at {least} patients in the smallest arm")
    with progress or Progress() as bar:
        bar.stage("writing the items")
        answers = answers_of(Facts(subject, source, found))
    content = study_parameters(subject, source.load())
    manifest: dict[str, Any] = {
        "kind": "protocol",
        "package": "anagen",
        "version": package_version(),
        "checklist": SOURCE,
        "numbers": None if found is None else found.place,
        "numbers_manifest": None if found is None else _told(found),
        **source_facts(source, content),
        "parameters_sha256": content.sha256(),
        "study_sha256": subject.sha256,
        "study": subject.model_dump(mode="json"),
        **({"options": " ".join(subject.options)} if subject.options else {}),
    }
    return ProtocolSynopsis(subject, answers, manifest)


def _of_power(result: Power, place: str) -> Numbers:
    return Numbers(POWER, result.document(), result.manifest, place)


def _told(numbers: Numbers) -> dict[str, Any]:
    """What made the numbers."""
    named = ("seed", "replicates", "draws", "goal", "sizes", "study_sha256", "parameters_sha256", "version")
    return {name: numbers.manifest[name] for name in named if name in numbers.manifest}
