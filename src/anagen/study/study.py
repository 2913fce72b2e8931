"""A study as users hold it: read, changed, checked, written."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

from pydantic import PrivateAttr

from anagen.core.errors import InputError, Problem
from anagen.core.plain import unpacked
from anagen.parameters import Source
from anagen.study.card import card_of
from anagen.study.content import content_sha256
from anagen.study.controls import as_left_out
from anagen.study.describe import StudyDescription, describe
from anagen.study.document import Document, parse, read_text
from anagen.study.loader import checked
from anagen.study.models import StudyFields
from anagen.study.overrides import Override, override_of, without_edge
from anagen.study.resolve import default_block
from anagen.study.shipped import find_study
from anagen.study.yaml_text import yaml_text

StudyLike = StudyFields | Mapping[str, object] | str | os.PathLike[str]
"""What functions take for a study: a study, the keys of a study file, the name of a shipped study, or a path."""


class Study(StudyFields):
    """A virtual trial: question, population, arms, measurement, endpoints, design, analysis, published results.

    It cannot be changed; `set`, `without` and `with_patients` give changed studies, checked again.

    Examples
    --------
    >>> study = Study.load("exosome-vs-saline")
    >>> [arm.name for arm in study.arms]
    ['exosome', 'saline']
    >>> study.set("arms.exosome.dose", "2e9 particles").arms[0].therapies[0].dose.value
    2000000000.0
    """

    _options: tuple[str, ...] = PrivateAttr(default=())

    @property
    def options(self) -> tuple[str, ...]:
        """What changed the study after it was read, as options of the command line; a manifest holds them."""
        return self._options

    @property
    def sha256(self) -> str:
        """SHA-256 of what the study says: two studies that say the same have the same hash."""
        return content_sha256(self)

    def sha256_of(self, version: int) -> str:
        """SHA-256 of what the study says, by the rules of one version of the hash.

        Parameters
        ----------
        version : int
            1 or 2; `sha256` is the latest.

        Returns
        -------
        str
            64 hexadecimal digits.

        Raises
        ------
        ValueError
            Where there is no such version.

        Examples
        --------
        >>> study = Study.load("exosome-vs-saline")
        >>> study.sha256_of(2) == study.sha256
        True
        """
        return content_sha256(self, version)

    @classmethod
    def load(cls, study: str | os.PathLike[str], overrides: Sequence[Override] = ()) -> Self:
        """Read and check a study file.

        Parameters
        ----------
        study : str or path
            Name of a shipped study, or a YAML file of at most 1 MB.
        overrides : sequence of Override
            Values that take the place of what the file says, put in before it is checked.

        Returns
        -------
        Study
            The study, every default filled in.

        Raises
        ------
        InputError
            With every problem in the file, in the order of its lines.

        Examples
        --------
        >>> Study.load("olsen-2002-minoxidil").population.condition
        'aga'
        """
        return cls.variants(study, [overrides])[0]

    @classmethod
    def variants(cls, study: StudyLike, variants: Sequence[Sequence[Override]]) -> list[Self]:
        """One study once per set of overrides; a file is read once.

        Parameters
        ----------
        study : Study, mapping, str or path
            As in `of`.
        variants : sequence of sequences of Override
            Values put in, per variant.

        Returns
        -------
        list of Study
            One per variant.

        Raises
        ------
        InputError
            With every problem in any of them, each once.
        """
        document, file, before = cls._document(study)
        studies: list[Self] = []
        problems: dict[Problem, None] = {}
        for overrides in variants:
            try:
                studies.append(checked(cls, document, file, overrides)._with_options(overrides, before))
            except InputError as error:
                problems.update(dict.fromkeys(error.problems))
        if problems:
            raise InputError(problems)
        return studies

    @classmethod
    def parse(cls, text: str, file: str | None = None) -> Self:
        """Read and check the text of a study file.

        Parameters
        ----------
        text : str
            YAML.
        file : str, optional
            Name of the file in messages.

        Returns
        -------
        Study
            The study, every default filled in.

        Raises
        ------
        InputError
            With every problem in the text.
        """
        return checked(cls, parse(text, file), file)

    @classmethod
    def from_dict(cls, data: Mapping[str, object]) -> Self:
        """Check a study that is given as plain data.

        Parameters
        ----------
        data : mapping
            The keys of a study file, or a dumped study (`model_dump`).

        Returns
        -------
        Study
            The study, every default filled in.

        Raises
        ------
        InputError
            With every problem in the data; they have no line.
        """
        return cls.variants(data, [()])[0]

    @classmethod
    def of(cls, study: StudyLike) -> Self:
        """The study that a user means: a study, plain data, the name of a shipped study, or a path.

        Parameters
        ----------
        study : Study, mapping, str or path
            What is meant.

        Returns
        -------
        Study
            A study stands for itself.

        Raises
        ------
        InputError
            Where it cannot be read or is wrong.
        TypeError
            Where it is none of these.
        """
        return study if isinstance(study, cls) else cls.variants(study, [()])[0]

    def set(self, path: str, value: object) -> Self:
        """The study with another value in one field, checked again.

        Parameters
        ----------
        path : str
            The field as in `anagen run --set`, such as "arms.exosome.dose" or "population.age.mean".
        value : object
            Plain data as in a study file; text with a unit, or a bare number in the unit of the field.

        Returns
        -------
        Study
            The changed study.

        Raises
        ------
        InputError
            Where there is no such field or the value is wrong.

        Examples
        --------
        >>> Study.load("exosome-vs-saline").set("design.dropout", 0.2).design.dropout
        0.2
        """
        return self._changed(override_of(path, value))

    def without(self, *edges: str) -> Self:
        """The study with edges, nodes or inputs of the signalling network silenced in all arms.

        Parameters
        ----------
        *edges : str
            An edge such as "AR->DKK1", a node, or an input.

        Returns
        -------
        Study
            The changed study.

        Raises
        ------
        InputError
            Where the network has no such part.
        """
        return self._changed(*(without_edge(edge) for edge in edges))

    def with_patients(self, patients: int) -> Self:
        """The study with this number of patients in every arm, checked again.

        A block size that no longer fits the arms is replaced by the smallest that does.

        Parameters
        ----------
        patients : int
            Patients per arm.

        Returns
        -------
        Study
            The changed study.

        Raises
        ------
        InputError
            Where the number is impossible.
        """
        data: dict[str, Any] = as_left_out(self.model_dump())
        for arm in data["arms"]:
            arm["patients"] = patients
        randomisation = data["design"]["randomisation"]
        if randomisation["method"] == "block" and randomisation["block"] % len(self.arms):
            randomisation["block"] = default_block([patients] * len(self.arms))
        return type(self).from_dict(data)._with_options((), self._options)

    def check(self, parameters: Source = "default") -> StudyDescription:
        """What will be simulated, in plain words.

        Parameters
        ----------
        parameters : str, path or ParameterSource
            Where parameter values come from; see `anagen.parameters.parameter_source`.

        Returns
        -------
        StudyDescription
            Text, one paragraph per part of the study.
        """
        return StudyDescription(describe(self, parameters))

    def to_dict(self) -> dict[str, Any]:
        """The study as plain values, every default filled in.

        Returns
        -------
        dict
            What `from_dict` reads.
        """
        return self.model_dump(mode="json")

    def to_yaml(self) -> str:
        """Text of a study file that says the same.

        Returns
        -------
        str
            YAML; read again it makes an equal study.

        Examples
        --------
        >>> study = Study.load("exosome-vs-saline")
        >>> Study.parse(study.to_yaml()).sha256 == study.sha256
        True
        """
        return yaml_text(self)

    def __repr__(self) -> str:
        """The study in one line.

        Returns
        -------
        str
            Name, arms with their sizes, title.
        """
        arms = ", ".join(f"{arm.name} ({arm.patients})" for arm in self.arms)
        return f"<Study {self.study}: {arms}; {self.title}>"

    def _repr_html_(self) -> str:
        return card_of(self).html()

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        """Whether another study says the same, however it was changed to say so.

        Parameters
        ----------
        other : object
            Anything.

        Returns
        -------
        bool
            True for a study with equal fields.
        """
        return isinstance(other, Study) and self.__dict__ == other.__dict__

    def __hash__(self) -> int:
        """Hash of what the study says.

        Returns
        -------
        int
            The same for equal studies.
        """
        return hash(self.sha256)

    @classmethod
    def _document(cls, study: StudyLike) -> tuple[Document, str | None, tuple[str, ...]]:
        """Data of a study with the line of each key, its file, and the options that changed it before."""
        if isinstance(study, str | os.PathLike):
            path = find_study(study) if isinstance(study, str) else Path(study)
            return parse(read_text(path, str(path)), str(path)), str(path), ()
        if isinstance(study, StudyFields):
            before = study._options if isinstance(study, Study) else ()
            return Document(as_left_out(study.model_dump(mode="json")), {}, ()), None, before
        if isinstance(study, Mapping):  # pyright: ignore[reportUnnecessaryIsInstance]
            return Document(unpacked(study), {}, ()), None, ()
        raise TypeError(f"a study is a Study, a dict, a name or a path, not {type(study).__name__}")

    def _changed(self, *overrides: Override) -> Self:
        return type(self).variants(self, [overrides])[0]

    def _with_options(self, overrides: Sequence[Override], before: tuple[str, ...] = ()) -> Self:
        self._options = (*before, *(override.option for override in overrides))
        return self
