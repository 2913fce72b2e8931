"""Claims of a trial and its dose-response, printed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from anagen.cli.console import print_table
from anagen.reports.amounts import effect_amounts
from anagen.reports.claims import name_of_claim
from anagen.reports.numbers import DASH, is_number, p_text, percent
from anagen.reports.wording import endpoint_names


def print_claims(summary: Mapping[str, Any]) -> None:
    """Print what the first trial decided, and in how many trials each claim is shown.

    Parameters
    ----------
    summary : Mapping[str, Any]
        From `summarise`.
    """
    claims, doses = summary["claims"], summary["dose_response"]
    several, looks = claims[0]["trials"] > 1, summary["looks"]
    header = ["claim", "estimate", "p", "adjusted p", "level"]
    header += [*(["patients at the look"] if looks else []), "decision", *(["shown in trials"] if several else [])]
    print_table("\nClaims of this trial", header, (_row(row, several=several, looks=looks) for row in claims))
    for sentence in (*summary["decided"], *summary["claim_notes"]):
        print(sentence)
    if doses:
        rows = (
            (
                row["shape"].replace("_", " "),
                f"{row['statistic']:.2f}" if is_number(row["statistic"]) else "none",
                _p(row["p_value"]),
                "shown" if row["shown"] else "not shown",
                f"{row['target_dose']:.3g}" if is_number(row["target_dose"]) else "none",
            )
            for row in doses
        )
        header = ["shape", "t", "adjusted p", "dose-response", "dose for the target"]
        print_table("Dose-response (MCP-Mod)", header, rows)


def _row(row: Mapping[str, Any], *, several: bool, looks: bool) -> tuple[object, ...]:
    unit = endpoint_names([row["endpoint"]])[row["endpoint"]].unit
    amounts = effect_amounts(row, unit)
    told = amounts.text(row["estimate"])
    return (
        name_of_claim(row),
        told,
        _p(row["p_value"]),
        _p(row["adjusted_p"]) if is_number(row["adjusted_p"]) else DASH,
        f"{row['level']:.3g}",
        *([f"{percent(row['information'])} (look {row['look']})"] if looks else []),
        row["verdict"],
        *([percent(row["shown_share"])] if several else []),
    )


def _p(value: object) -> str:
    return p_text(value).removeprefix("p = ").removeprefix("p ")
