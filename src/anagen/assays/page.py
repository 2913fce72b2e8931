"""The page of a fitted assay: what it taught in sentences, pictures and tables."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd

from anagen.assays.picture import MOST_SHOWN, draw_rows
from anagen.assays.readouts import CULTURES
from anagen.calibration.picture import draw_parameters
from anagen.core.provenance import package_version
from anagen.reports.cells import plain_table
from anagen.reports.numbers import MINUS
from anagen.reports.page import DrawnFigure, draw_all, render
from anagen.reports.wording import joined

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from anagen.assays.result import AssayResult

PAGE = "report.html"
ALT = {
    "rows": "Measured values over what the network expects of them before and after the assay.",
    "weights": "Prior and posterior intervals of the weights and half-levels of which the assay says most.",
}
NOTICE = (
    "Signs and shape of the network are taken as given; only how strong its edges are is informed. An assay of cells "
    "in a dish says nothing of how large an effect is in people: that stays with the trials. Anagen is research "
    "software. Its results are not medical advice."
)
WEIGHT_HEADER = ("of", "before", "90 %", "after", "90 %", "contraction", "verdict", "informed by")
ROW_HEADER = ("readout", "given", "condition", "time", "measured", "before", "90 %", "after", "90 %", "z")
PAIR_HEADER = ("one", "other", "correlation")


def headline(facts: Mapping[str, Any]) -> str:
    """How many parameters an assay informs."""
    verdicts = facts["verdicts"]
    return (
        f"{facts['rows']} measurements inform {verdicts['data inform']} of {facts['parameters']} parameters that they "
        f"depend on and say something of {verdicts['some']}; {verdicts['prior']} stay as their priors."
    )


def sentences(result: AssayResult) -> list[str]:
    """What was found, in a few sentences."""
    facts, pairs, rows = result.facts, result.pairs, result.rows
    lines = [headline(facts)]
    told = result.weights[result.weights["verdict"] == "data inform"]
    if len(told):
        parts = [
            f"{row['what']} {row['prior_median']:.2g} becomes {row['posterior_median']:.2g} "
            f"({row['posterior_low90']:.2g} to {row['posterior_high90']:.2g})"
            for row in told.head(5).to_dict(orient="records")
        ]
        lines.append(f"Informed most: {joined(parts)}.")
    if len(pairs):
        what = dict(zip(result.weights["name"], result.weights["what"], strict=True))
        parts = [
            f"{what[row['first']]} with {what[row['second']]} ({_signed(row['correlation'])})"
            for row in pairs.head(3).to_dict(orient="records")
        ]
        lines.append(f"Only together known, because they trade off (correlation): {joined(parts)}.")
    lines.append(
        f"{facts['inside_90_prior']} of {facts['rows']} values lay in the 90 % interval of a repetition before, "
        f"{facts['inside_90_posterior']} after."
    )
    cultures = [CULTURES[name] for name in dict.fromkeys(rows["readout"]) if name in CULTURES]
    lines += [
        f"That {culture.title} follows {culture.follows} is an assumption (grade C); how steeply is fitted as well."
        for culture in cultures
    ]
    sampled = facts["sampler"]
    lines.append(
        f"{'The draws have converged' if facts['converged'] else 'THE DRAWS HAVE NOT CONVERGED; take more --draws'}: "
        f"R-hat at most {sampled['worst_rhat']:.3f}, effective draws at least {sampled['least_ess']:.0f} "
        f"(of {sampled['draws']} in {sampled['chains']} chains)."
    )
    return lines


def figure_of(name: str, weights: pd.DataFrame, rows: pd.DataFrame) -> Figure:
    """One of the pictures, "rows" or "weights"."""
    if name == "rows":
        return draw_rows(rows)
    named = weights.assign(name=weights["what"])
    return draw_parameters(named, "What the assay says of weights and half-levels")


def draw_pictures(weights: pd.DataFrame, rows: pd.DataFrame) -> dict[str, DrawnFigure]:
    """The pictures as SVG and PNG."""

    def drawn(name: str) -> tuple[Figure, str]:
        return figure_of(name, weights, rows), ALT[name]

    return draw_all({name: partial(drawn, name) for name in ALT})


def build_page(result: AssayResult, pictures: Mapping[str, DrawnFigure]) -> str:
    """HTML of the page."""
    note = f"The picture shows the first {MOST_SHOWN}." if len(result.rows) > MOST_SHOWN else ""
    what = dict(zip(result.weights["name"], result.weights["what"], strict=True))
    pairs = [
        (what[row["first"]], what[row["second"]], _signed(row["correlation"]))
        for row in result.pairs.to_dict(orient="records")
    ]
    settings = result.fit.settings
    return render(
        "assays/templates/assay.html.j2",
        title="What the assay says of the network",
        sentences=sentences(result),
        notice=NOTICE,
        pictures=pictures,
        tables=[
            plain_table("Weights and half-levels", WEIGHT_HEADER, printed_weights(result.weights)),
            plain_table("Trading off: known only together", PAIR_HEADER, pairs or [("none", "", "")]),
            plain_table("Measurements", ROW_HEADER, printed_rows(result.rows), note),
        ],
        method=[
            ("Software", f"anagen {package_version()}"),
            ("Seed", str(settings.seed)),
            ("Assay", "; ".join(f"{name}, SHA-256 {digest}" for name, digest in result.files.items())),
            ("Network", f"SHA-256 {result.fit.model.network.sha256()}"),
            ("Error", f"as measured, and {settings.discrepancy:.0%} of the value that the network may miss (assumed)"),
            ("Sampler", f"elliptical slice sampling, {settings.chains} chains, {settings.draws} draws each"),
        ],
    )


def printed_weights(weights: pd.DataFrame) -> list[tuple[str, ...]]:
    """Rows of the table of weights in words."""
    return [
        (
            str(row["what"]) + (f" [{row['unit']}]" if row["unit"] != "1" else ""),
            f"{row['prior_median']:.3g}",
            f"{row['prior_low90']:.3g} to {row['prior_high90']:.3g}",
            f"{row['posterior_median']:.3g}",
            f"{row['posterior_low90']:.3g} to {row['posterior_high90']:.3g}",
            f"{row['contraction']:.2f}".replace("-", MINUS),
            str(row["verdict"]),
            str(row["informed_by"]),
        )
        for row in weights.to_dict(orient="records")
    ]


def printed_rows(rows: pd.DataFrame) -> list[tuple[str, ...]]:
    """Rows of the table of measurements in words."""
    return [
        (
            str(row["readout"]),
            str(row["given"]),
            str(row["condition"]).replace("_", " "),
            "at rest" if row["day"] is None or row["day"] != row["day"] else f"{row['day'] * 24.0:g} h",
            f"{row['value']:.3g}",
            f"{row['prior_median']:.3g}",
            f"{row['prior_low90']:.3g} to {row['prior_high90']:.3g}",
            f"{row['posterior_median']:.3g}",
            f"{row['posterior_low90']:.3g} to {row['posterior_high90']:.3g}",
            _signed(row["z"], 1),
        )
        for row in rows.to_dict(orient="records")
    ]


def _signed(value: float, digits: int = 2) -> str:
    return f"{value:+.{digits}f}".replace("-", MINUS)
