"""What is exported: a study or that of a run, one of its arms, and what the arm's delivery does to the network."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias, cast

from anagen.core.calendar import DAYS_PER_WEEK
from anagen.core.errors import InputError, Problem
from anagen.core.foreign import kind_of
from anagen.core.reading import nearest
from anagen.exosomes import Product, library, load_product
from anagen.formats.format import Sample
from anagen.parameters import ParameterSet, ParameterSource, parameter_source
from anagen.patients import CONDITIONS
from anagen.results import ResultContents, is_result_folder, read_results
from anagen.study import Study, StudyLike
from anagen.study.shipped import shipped_studies

if TYPE_CHECKING:
    from anagen.exosomes.result import VesicleProduct
    from anagen.runs.result import TrialResult
    from anagen.signalling.network import Course, Network
    from anagen.signalling.response import Drive
    from anagen.trials.protocol import Protocol

Exportable: TypeAlias = "StudyLike | TrialResult | Product | VesicleProduct"
"""What is exported: a study or run; of some formats a vesicle product."""
CENTRAL = 0
"""Draw of the parameters that holds their central values."""


@dataclass(frozen=True)
class Subject:
    """A study or a run, as writers of formats take it.

    Attributes
    ----------
    study : Study
        Read and checked.
    run : Path or None
        Result folder that it comes from.
    contents : ResultContents or None
        What that folder holds, verified.
    chosen : str or None
        Arm that was asked for.
    source : ParameterSource
        Of the parameters.
    tables : tuple of Path
        Files of measurements that go with it.
    replicate : int
        Number of the trial of a run that is meant, from 0.
    """

    study: Study
    run: Path | None = None
    contents: ResultContents | None = None
    chosen: str | None = None
    source: ParameterSource = field(default_factory=lambda: parameter_source("default"))
    tables: tuple[Path, ...] = ()
    replicate: int = 0

    @cached_property
    def arm(self) -> str:
        """The arm that is meant: the one asked for, or the first that is no control."""
        names = tuple(arm.name for arm in self.study.arms)
        if self.chosen is None:
            return next((arm.name for arm in self.study.arms if not arm.control), names[0])
        if self.chosen not in names:
            message = f"the study has no arm {self.chosen!r}"
            raise InputError([Problem(None, None, None, "--arm", message, names, nearest(self.chosen, names))])
        return self.chosen

    @cached_property
    def protocol(self) -> Protocol:
        """The study, ready to simulate."""
        from anagen.trials.protocol import protocol

        return protocol(self.study)

    @cached_property
    def parameters(self) -> ParameterSet:
        """Parameters with those of the study's products and network."""
        from anagen.trials.protocol import study_parameters

        return study_parameters(self.study, self.source.load())

    @cached_property
    def values(self) -> Mapping[str, float]:
        """Central parameter values.

        Raises
        ------
        InputError
            Where a run took other parameters than those that are meant.
        """
        if self.contents is not None and self.contents.manifest["parameters_sha256"] != self.parameters.sha256():
            took = self.contents.manifest["parameter_source"]
            message = f"are not those of the run, which took: {took}; name that source, or export the study file"
            raise InputError([Problem(str(self.run), None, None, "--parameters", message)])
        return self.parameters.draw(1, CENTRAL)

    @cached_property
    def network(self) -> Network:
        """The signalling network of the study at central parameter values."""
        from anagen.signalling.changes import network_at

        return network_at(self.values, self.protocol.network)

    @property
    def condition(self) -> str:
        """Condition of the study as the network names it."""
        return CONDITIONS[self.study.population.condition].network

    @property
    def days(self) -> float:
        """Days from baseline to the last visit."""
        return self.protocol.duration * DAYS_PER_WEEK

    @cached_property
    def drive(self) -> Drive:
        """What the arm does to the inputs of the network at the doses given, by its own delivery."""
        from anagen.signalling.tracing import planned_drive

        given = self.protocol.prescriptions[self.protocol.arms.index(self.arm)]
        return planned_drive(given, self.values, end=self.days)

    @cached_property
    def courses(self) -> tuple[Course, ...]:
        """Occupancy of every input that the arm moves, from one knot to the next; one patient."""
        from anagen.signalling.network import Course
        from anagen.signalling.tracing import occupied_together

        return tuple(
            Course.from_levels(name, self.drive.knots[:-1], level[None])
            for name, level in occupied_together(self.drive).items()
            if name in self.network.input_names
        )


def subject_of(
    named: Exportable,
    *,
    arm: str | None = None,
    source: ParameterSource | None = None,
    tables: tuple[Path, ...] = (),
    replicate: int = 0,
) -> Subject:
    """What is exported, from what a command line or a caller names.

    Parameters
    ----------
    named : Study, TrialResult, mapping, str or path
        A study, a run, a study file, the name of a shipped study, or a result folder of a run.
    arm : str, optional
        An arm of the study.
    source : ParameterSource, optional
        Of the parameters; the usual one where left out.
    tables : tuple of Path
        Files of measurements.
    replicate : int
        Number of the trial of a run that is meant.

    Returns
    -------
    Subject
        With its study read and checked; a run's files have the hashes of its manifest.

    Raises
    ------
    InputError
        Where it is neither, or is damaged.

    Examples
    --------
    >>> subject_of("exosome-vs-saline").arm
    'exosome'
    """
    chosen = parameter_source("default") if source is None else source
    held: object = getattr(named, "contents", None)
    folder = Path(named) if isinstance(named, str | os.PathLike) and is_result_folder(Path(named)) else None
    if isinstance(held, ResultContents):
        contents = held
    elif folder is not None:
        contents = read_results(folder)
    else:
        return Subject(_study_of(named), None, None, arm, chosen, tables, replicate)
    return Subject(Study.from_dict(contents.study), folder, contents, arm, chosen, tables, replicate)


def products_of(named: Exportable) -> tuple[Product, ...]:
    """Vesicle products that are exported: the one that is named, or those that a study or run gives.

    Parameters
    ----------
    named : Product, VesicleProduct, Study, TrialResult, mapping, str or path
        A product, its name in the library or its file; or what `subject_of` takes.

    Returns
    -------
    tuple of Product
        Each once, in the order of the study.

    Raises
    ------
    InputError
        Where it is none of these, or the study gives no product.

    Examples
    --------
    >>> [product.name for product in products_of("exosome-vs-saline")]
    ['adsc-native']
    """
    from anagen.trials.protocol import product_of

    one: object = getattr(named, "product", named)
    if isinstance(one, Product):
        return (one,)
    if isinstance(named, str | os.PathLike) and _is_product(os.fspath(named)):
        return (load_product(named),)
    if isinstance(named, str) and not Path(named).exists() and named not in shipped_studies():
        message = "is neither a file nor the name of a product or a shipped study"
        near = library().nearest(named) or shipped_studies().nearest(named)
        raise InputError([Problem(named, None, None, "PRODUCT", message, library().names(), near)])
    study = subject_of(named).study
    found = {product.name: product for product in (product_of(use) for use in study.uses if use.product is not None)}
    if not found:
        message = f"the study {study.study} gives no vesicle product; name a product"
        raise InputError([Problem(None, None, None, "STUDY", message, library().names())])
    return tuple(found.values())


def _is_product(named: str) -> bool:
    """Whether a name or file is a product and no study."""
    path = Path(named)
    if path.is_file():
        return kind_of(Sample(path).head) != "a study file"
    return named in library()


def _study_of(named: Exportable) -> Study:
    if isinstance(named, Product) or isinstance(getattr(named, "product", None), Product):
        message = "is a vesicle product, which this format does not hold; name a study or a run"
        raise InputError([Problem(None, None, None, "STUDY-OR-RUN", message)])
    return Study.of(cast("StudyLike", named))
