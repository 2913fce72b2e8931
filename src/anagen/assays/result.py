"""An assay fitted, in one call: tables, pictures, page, and draws that `anagen run` and `anagen explain` can use."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import pandas as pd

from anagen.assays.fit import AssayFit, Settings, fit_assay
from anagen.assays.folder import write_fit
from anagen.assays.page import headline
from anagen.assays.table import read_assays
from anagen.assays.tables import facts_of, predictive_table, trade_offs, weight_table
from anagen.core.plain import plain
from anagen.core.progress import Progress
from anagen.core.provenance import package_version, sha256_of_bytes
from anagen.core.result import Result
from anagen.core.shown import Shown
from anagen.parameters import ParameterSource, Source, parameter_source
from anagen.results.folder import write_folder
from anagen.signalling.network import Network
from anagen.signalling.network.coupling import without_model

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True, repr=False, eq=False)
class AssayResult(Result):
    """What an assay says of the weights and half-levels of the network.

    Attributes
    ----------
    fit : AssayFit
        Draws, rows and priors.
    files : dict[str, str]
        Name of each assay file -> its SHA-256.
    source : ParameterSource
        Where the parameters come from beside which the draws are written.
    weights : pd.DataFrame
        What the assay says of each parameter, the best informed first.
    pairs : pd.DataFrame
        Pairs of parameters that trade off.
    rows : pd.DataFrame
        Every row of the assay with what is expected of it before and after.
    """

    fit: AssayFit
    files: dict[str, str]
    source: ParameterSource
    weights: pd.DataFrame
    pairs: pd.DataFrame
    rows: pd.DataFrame

    _what: ClassVar[str] = "Network fitted to assays"
    _then: ClassVar[tuple[str, ...]] = ('.plot("rows")', ".table", '.save("folder")')

    @property
    def table(self) -> pd.DataFrame:
        """What the assay says of each parameter, the best informed first."""
        return self.weights

    @property
    def facts(self) -> dict[str, Any]:
        """How the fit went."""
        return facts_of(self.fit, self.weights, self.rows)

    def headline(self) -> str:
        """How many weights the assay informs, in a sentence.

        Returns
        -------
        str
            With how many stay as they were.
        """
        return headline(self.facts)

    def _shown(self) -> Shown:
        from anagen.assays.page import WEIGHT_HEADER, printed_weights

        header = ("of", "before", "90 % before", "after", "90 % after", *WEIGHT_HEADER[5:])
        rows = tuple(tuple(map(str, row)) for row in printed_weights(self.weights))
        return Shown(self._what, "", self.headline(), header, rows, "The most informed first.", self._then)

    def document(self) -> dict[str, Any]:
        """What `anagen network fit --json` prints, without the folder.

        Returns
        -------
        dict
            Plain values.
        """
        tables = {"weights": self.weights, "trade_offs": self.pairs, "rows": self.rows}
        return plain(
            {
                **self.manifest,
                "headline": self.headline(),
                **self.facts,
                **{name: table.to_dict(orient="records") for name, table in tables.items()},
            }
        )

    @property
    def manifest(self) -> dict[str, Any]:
        """What was fitted, with which seed, versions and hashes."""
        settings = self.fit.settings
        return {
            "kind": "assay of the network",
            "package": "anagen",
            "version": package_version(),
            "seed": settings.seed,
            "files": self.files,
            "network_sha256": self.fit.model.network.sha256(),
        }

    def figures(self) -> tuple[str, ...]:
        """Names of the pictures.

        Returns
        -------
        tuple of str
            The rows, and the weights.
        """
        return ("rows", "weights")

    def _figure(self, name: str) -> Figure:
        from anagen.assays.page import figure_of
        from anagen.reports.style import styled

        with styled():
            return figure_of(name, self.weights, self.rows)

    def save(self, path: str | os.PathLike[str], *, overwrite: bool = False) -> Path:
        """Write a folder with tables, pictures, page and draws, whole or not at all.

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
            Where it may not be written.
        """

        def fill(folder: Path) -> None:
            write_fit(self, folder)

        return write_folder(Path(path), fill, plain(self.manifest), overwrite=overwrite)


def fit(
    assays: Sequence[Path],
    network: Network,
    condition: str = "aga",
    settings: Settings | None = None,
    *,
    parameters: Source = "default",
    progress: Progress | None = None,
) -> AssayResult:
    """Let assays inform the weights and half-levels of a network.

    Parameters
    ----------
    assays : sequence of path
        CSV files, see `anagen.assays.table`.
    network : Network
        The network.
    condition : str
        Of rows that name none.
    settings : Settings, optional
        Seed, chains and draws.
    parameters : str, path or ParameterSource
        The source whose posterior, where it has one, is written beside the draws.
    progress : Progress, optional
        Shows what is done; a bar of its own in terminals and notebooks where left out.

    Returns
    -------
    AssayResult
        Tables, pictures, page and draws.

    Raises
    ------
    InputError
        With everything that is wrong in the files.
    """
    from anagen.assays.folder import without_assays

    without_model(network, "a fit of an assay")
    source = without_assays(parameter_source(parameters))
    table = read_assays(assays, network, condition)
    with progress or Progress() as bar:
        bar.stage("fitting the assay")
        fitted = fit_assay(network, table, settings, progress=bar.advance)
    files = {path.name: sha256_of_bytes(path.read_bytes()) for path in assays}
    return AssayResult(fitted, files, source, weight_table(fitted), trade_offs(fitted), predictive_table(fitted))
