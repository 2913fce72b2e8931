"""The page of a calibration: sentences, pictures and tables in one self-contained HTML file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from anagen.calibration.further import Further
from anagen.calibration.picture import draw_emulators, draw_pairs, draw_parameters, draw_published, draw_ranks
from anagen.calibration.records import Calibration
from anagen.core.disk import write_durably
from anagen.core.provenance import package_version
from anagen.reports.cells import plain_table
from anagen.reports.page import draw_all, render, write_figures

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PAGE, FIGURES = "report.html", "figures"
ALT = {
    "parameters": "Prior and posterior intervals of the parameters of which published values say most.",
    "published": "Published values against predictions of new trials, before and after calibration.",
    "pairs": "Posterior draws of the most correlated pairs of parameters.",
    "emulators": "Emulated against simulated values at posterior draws.",
    "ranks": "Histograms of the ranks of known truths among posterior draws.",
}
NOTICE = (
    "Agreement with values that informed the parameters is no validation: studies left out tell how far predictions "
    "hold. Anagen is research software. Its results are not medical advice."
)
PARAMETER_HEADER = ("parameter", "unit", "prior", "90 %", "posterior", "90 %", "contraction", "verdict", "informed by")
TARGET_HEADER = ("study", "what", "week", "published", "before", "90 %", "after", "90 %", "z", "weight", "R2")


def write_page(
    calibration: Calibration,
    further: Further,
    facts: Mapping[str, Any],
    tables: Mapping[str, pd.DataFrame],
    folder: Path,
) -> Path:
    """Write pictures and page into an existing folder, the same bytes each time; gives the page."""
    makers: dict[str, Callable[[], Figure]] = {
        "parameters": lambda: draw_parameters(tables["parameters"]),
        "published": lambda: draw_published(tables["targets"]),
        "pairs": lambda: draw_pairs(calibration, tables["correlations"]),
        "emulators": lambda: draw_emulators(calibration),
    }
    if further.ranks:
        makers["ranks"] = lambda: draw_ranks(further.ranks)

    def drawn(name: str) -> tuple[Figure, str]:
        return makers[name](), ALT[name]

    pictures = draw_all({name: partial(drawn, name) for name in makers})
    write_figures(pictures, folder / FIGURES)
    text = render(
        "calibration/templates/calibration.html.j2",
        title="What published results say of the parameters",
        sentences=sentences(facts),
        notice=NOTICE,
        pictures=pictures,
        tables=[
            plain_table("Parameters", PARAMETER_HEADER, printed_parameters(tables["parameters"])),
            plain_table("Published values", TARGET_HEADER, printed_targets(tables["targets"])),
        ],
        method=_method(calibration, facts),
    )
    page = folder / PAGE
    write_durably(page, text.encode())
    return page


def sentences(facts: Mapping[str, Any]) -> list[str]:
    """What was found, in a few sentences; see `tables.diagnostics` and `folder.write_further` for the facts."""
    verdicts, sampler = facts["verdicts"], facts["posterior"]
    lines = [
        f"{facts['targets']} published values of {facts['studies']} studies inform {verdicts['data inform']} of "
        f"{facts['parameters']} parameters and say something of {verdicts['some']}; {verdicts['prior']} stay as "
        "their priors.",
        f"{facts['inside_90_prior']} of the values lay in the 90 % interval of a new trial before, "
        f"{facts['inside_90_posterior']} after.",
        f"Emulators leave over {facts['check_rmse_over_error_median']:.2f} of the published error at posterior draws "
        f"(median; {facts['check_rmse_over_error_worst']:.2f} for the worst value); R-hat at most "
        f"{sampler['worst_rhat']:.3f}, effective draws at least {sampler['least_ess']:.0f}, "
        f"{sampler['divergences']} divergences.",
    ]
    if "leave_one_out" in facts:
        left = facts["leave_one_out"]
        lines.append(
            f"Each study predicted by the others: {left['inside_90']} of {left['values']} values lie in their 90 % "
            f"interval, {left['inside_50']} in their 50 % interval."
        )
    if "information" in facts:
        information = facts["information"]
        lines.append(
            f"A trial of exosomes with {information['patients']} patients is expected to say "
            f"{information['eig']:.2f} nats of the "
            f"mean effect of the product: its standard deviation would fall from {information['sd_before']:.1f} to "
            f"{information['sd_after']:.1f} hairs/cm²."
        )
    return lines


def printed_parameters(table: pd.DataFrame) -> list[tuple[str, ...]]:
    """Rows of the table of parameters in words, those of which data say something."""
    return [
        (
            str(row.name),
            str(row.unit),
            f"{row.prior_median:.3g}",
            f"{row.prior_low90:.3g} to {row.prior_high90:.3g}",
            f"{row.posterior_median:.3g}",
            f"{row.posterior_low90:.3g} to {row.posterior_high90:.3g}",
            f"{row.contraction:.2f}",
            str(row.verdict),
            str(row.informed_by),
        )
        for row in table[table["verdict"] != "prior"].itertuples(index=False)
    ]


def printed_targets(table: pd.DataFrame) -> list[tuple[str, ...]]:
    """Rows of the table of published values in words."""
    return [
        (
            str(row.study),
            f"{row.subject}: {row.endpoint}, {row.measure}",
            f"{row.week:g}",
            f"{row.observed:.3g}",
            f"{row.prior_predictive:.3g}",
            f"{row.prior_low90:.3g} to {row.prior_high90:.3g}",
            f"{row.posterior_predictive:.3g}",
            f"{row.posterior_low90:.3g} to {row.posterior_high90:.3g}",
            f"{row.posterior_z:+.1f}",
            f"{row.weight:.2f}",
            f"{row.r2_loo:.3f}",
        )
        for row in table.itertuples(index=False)
    ]


def _method(calibration: Calibration, facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    sampler, seconds = facts["posterior"], facts["seconds"]
    return [
        ("Software", f"anagen {package_version()}"),
        ("Seed", str(calibration.settings.seed)),
        ("Simulations", f"{facts['simulations']}: {facts['points_prior']} points from the priors and "
         f"{facts['points_posterior']} from the first posterior, every study at each"),
        ("Sampler", f"no-U-turn, {sampler['chains']} chains, {sampler['draws']} draws"),
        ("Dimensions", f"{sampler['dimensions']}: parameters, studies and arms"),
        ("Seconds", ", ".join(f"{part} {value:.0f}" for part, value in seconds.items())),
    ]  # fmt: skip
