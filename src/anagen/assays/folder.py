"""The folder of a fitted assay: tables, pictures, page, and a posterior that other commands take."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from anagen.assays.page import PAGE, build_page, draw_pictures
from anagen.assays.tables import VERDICTS
from anagen.assays.unknowns import HALF_DOSE, SLOPE
from anagen.core.disk import write_durably
from anagen.core.errors import InputError, Problem
from anagen.core.plain import json_text
from anagen.parameters import ParameterSource, read_posterior, write_posterior
from anagen.parameters.posterior import OF_EDGES
from anagen.parameters.sources import ASSAYS
from anagen.reports.page import write_figures
from anagen.signalling.network.priors import parameter_names_of
from anagen.signalling.network.taught import edge_record

if TYPE_CHECKING:
    from anagen.assays.result import AssayResult

DOCUMENT, POSTERIOR, FIGURES = "fit.json", "posterior.parquet", "figures"
SAMPLER = "elliptical slice sampling"
ROWS_KEPT = 1000
"""Draws in the posterior where it holds edges alone; beside other parameters it has as many as these."""
PRIOR_ONLY = "only the edges of the network are informed; other parameters keep their priors"
BESIDE = "edges of the network are informed by an assay, the other parameters as before, independently"


def without_assays(source: ParameterSource) -> ParameterSource:
    """The source, refused where its posterior holds what other assays taught.

    Raises
    ------
    InputError
        Where it does: two fits after one another would take the first for a prior, of which only draws are known.
    """
    if source.path is not None and ASSAYS in read_posterior(source.path).manifest["diagnostics"]:
        message = "holds what another assay taught already; name all assays in one `anagen network fit` instead"
        raise InputError([Problem(str(source.path), None, None, "parameters", message)])
    return source


def write_fit(result: AssayResult, folder: Path) -> None:
    """Write everything into an existing folder.

    fit.json, weights.csv, trade_offs.csv, rows.csv, report.html, figures/, posterior.parquet and .json.

    Parameters
    ----------
    result : AssayResult
        What was fitted.
    folder : Path
        An existing folder.
    """
    for name, table in (("weights", result.weights), ("trade_offs", result.pairs), ("rows", result.rows)):
        write_durably(folder / f"{name}.csv", table.to_csv(index=False, lineterminator="\n").encode())
    write_durably(folder / DOCUMENT, f"{json_text(result.document())}\n".encode())
    pictures = draw_pictures(result.weights, result.rows)
    write_figures(pictures, folder / FIGURES)
    write_durably(folder / PAGE, build_page(result, pictures).encode())
    _write_posterior(result, folder / POSTERIOR)


def taught(result: AssayResult) -> dict[str, Any]:
    """What a manifest keeps of the assay: files, readouts, and of which edges it says something, and how much."""
    weights = result.weights
    own = weights[~weights["name"].str.startswith((HALF_DOSE, SLOPE))]
    told = own[own["verdict"] != VERDICTS[-1]]
    names = set(own["name"])
    edges = [edge for edge in result.fit.model.network.edges if names & set(parameter_names_of(edge))]
    return {
        "files": result.files,
        "readouts": list(dict.fromkeys(row.readout for row in result.fit.model.table.rows)),
        "rows": len(result.fit.model.table.rows),
        "edges": edge_record(edges),
        "informed": [
            {"what": row["what"], "contraction": round(row["contraction"], 3), "by": row["informed_by"]}
            for row in told.to_dict(orient="records")
        ],
    }


def _write_posterior(result: AssayResult, path: Path) -> None:
    """Draws of the edges beside those of the source's posterior, where it has one."""
    model, source = result.fit.model, result.source
    before = None if source.path is None else read_posterior(source.path)
    draws = ROWS_KEPT if before is None else before.draws
    places = [place for place, name in enumerate(model.names) if name.startswith(OF_EDGES)]
    names = tuple(model.names[place] for place in places)
    flat = result.fit.chains.flat
    # more rows than draws are those draws again
    rows = flat[np.linspace(0, len(flat) - 1, draws).round().astype(np.int64)]
    matrix = model.values(rows)[:, places]
    priors = dict(source.load()) | model.unknowns.edges
    if before is not None:
        names, matrix = (*before.names, *names), np.concatenate([before.matrix, matrix], axis=1)
    write_posterior(
        path,
        names,
        matrix,
        priors=priors,
        sampler=SAMPLER if before is None else f"{before.manifest['sampler']}; {SAMPLER} for edges of the network",
        chains=result.fit.settings.chains,
        seed=result.fit.settings.seed,
        studies=[] if before is None else before.manifest["studies"],
        note=PRIOR_ONLY if before is None else BESIDE,
        diagnostics={**result.facts["sampler"], ASSAYS: taught(result)},
    )
