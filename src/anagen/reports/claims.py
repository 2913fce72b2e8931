"""Claims of a trial and its dose-response, as tables of the report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from anagen.reports.amounts import effect_amounts
from anagen.reports.cells import Table, figure, words
from anagen.reports.numbers import DASH, is_number, p_text, percent
from anagen.reports.wording import EndpointName, endpoint_names, pretty_unit

if TYPE_CHECKING:
    from anagen.results.contents import ResultContents

NOTE = (
    "A claim is shown where its p value, adjusted where several claims share the level, is at or below the level, or "
    "at an interim look where it crosses that look's boundary. An estimate at which a trial stopped early, or of an "
    "arm that was chosen for it, is too large on average."
)


def claims_table(contents: ResultContents, names: Mapping[str, EndpointName]) -> Table | None:
    """What trial 0 decided, and how often trials decide so; None where each contrast is tested by itself."""
    claims = contents.claims
    if claims is None:
        return None
    rows = []
    trials = claims["replicate"].nunique()
    looks = (contents.study.get("analysis") or {}).get("interim") is not None
    for _, row in claims[claims["replicate"] == 0].iterrows():
        same = claims[(claims["claim"] == row["claim"]) & (claims["family"] == row["family"])]
        name = names.get(str(row["endpoint"])) or endpoint_names([str(row["endpoint"])])[str(row["endpoint"])]
        amounts = effect_amounts(row, name.unit)
        cells = [
            words(f"{row['claim']} (against {row['control']})"),
            figure(f"{amounts.text(row['estimate'])}"),
            figure(_plain(row["p_value"])),
            figure(_plain(row["adjusted_p"]) if is_number(row["adjusted_p"]) else DASH),
            figure(f"{row['level']:.3g}"),
            *([figure(f"{int(row['look'])}, {percent(row['information'])}")] if looks else []),
            words(str(row["verdict"])),
            *([figure(percent(same["shown"].mean()))] if trials > 1 else []),
        ]
        rows.append(tuple(cells))
    header = ["Claim", "Estimate", "p", "Adjusted p", "Level"]
    header += ["Look, share of patients"] if looks else []
    header += ["Decision"] + ([f"Shown in {trials:,} trials"] if trials > 1 else [])
    return Table("Claims", tuple(header), tuple(rows), NOTE)


def doses_table(contents: ResultContents) -> Table | None:
    """Candidate shapes of trial 0; None without a dose-response."""
    doses = contents.dose_response
    if doses is None:
        return None
    section = contents.study["analysis"]["dose_response"]
    unit = pretty_unit(next(iter(section["doses"].values()))["unit"])
    rows = []
    for _, row in doses[doses["replicate"] == 0].iterrows():
        ends = _dose(row["target_low"]), _dose(row["target_high"])
        interval = f" ({' to '.join(ends)})" if is_number(row["target_low"]) else ""
        cells = (
            words(str(row["shape"]).replace("_", " ")),
            figure(f"{row['statistic']:.2f}" if is_number(row["statistic"]) else DASH),
            figure(_plain(row["p_value"])),
            words("shown" if row["shown"] else "not shown"),
            figure(f"{_dose(row['target_dose'])}{interval}" if is_number(row["target_dose"]) else DASH),
        )
        rows.append(cells)
    target = "" if section.get("target") is None else f" for {pretty_unit(section['target']['text'])}"
    header = ("Shape", "t", "Adjusted p, one-sided", "Dose-response", f"Dose{target} ({unit}, 95 % interval)")
    note = (
        "Each candidate shape has a contrast of its own (MCP-Mod); p values are adjusted for their number. A dose is "
        "told where the shape is significant and its curve reaches the effect."
    )
    return Table("Dose-response", header, tuple(rows), note)


def _plain(p: float) -> str:
    return p_text(p).removeprefix("p = ").removeprefix("p ")


def _dose(value: float) -> str:
    return f"{value:.3g}"
