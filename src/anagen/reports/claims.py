"""Claims of a trial and its dose-response, as tables of the report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from anagen.reports.amounts import effect_amounts
from anagen.reports.cells import Table, figure, words
from anagen.reports.numbers import DASH, is_number, p_text, percent
from anagen.reports.wording import EndpointName, endpoint_names, joined, pretty_unit, sentence_case

if TYPE_CHECKING:
    import pandas as pd

    from anagen.results.contents import ResultContents

NOTE = (
    "A claim is shown where its p value, adjusted where several claims share the level, is at or below the level; with "
    "interim looks the level is that of the look, and in a fixed sequence the claims before it must be shown as well. "
    "An estimate at which a trial stopped for success, or of an arm that was chosen for it, is too large on average; "
    "one at which it stopped as futile is too small."
)


def claims_of(study: Mapping[str, Any], claims: pd.DataFrame | None) -> list[str]:
    """What the first trial shows of its claims, in sentences; none where each contrast is tested by itself.

    Parameters
    ----------
    study : Mapping[str, Any]
        As plain data.
    claims : pd.DataFrame or None
        Table "claims".

    Returns
    -------
    list[str]
        What is claimed and for whom it is shown, and what stopped early.
    """
    if claims is None:
        return []
    first = claims[claims["replicate"] == 0]
    analysis = study.get("analysis") or {}
    hypothesis = analysis.get("hypothesis") or {}
    kind = str(hypothesis.get("type") or "superiority")
    margin = (hypothesis.get("margin") or {}).get("text")
    what = CLAIMS[kind].format(margin="" if margin is None else pretty_unit(margin))
    if kind == "superiority" and margin is not None:
        what = f"an effect beyond {pretty_unit(margin)}"
    several = first["family"].nunique() > 1 and (first.groupby("family").size() > 1).any()
    names = [f"{row['arm']}: {row['claim']}" if several else str(row["claim"]) for _, row in first.iterrows()]
    found = [name for name, shown in zip(names, first["shown"], strict=True) if shown]
    rest = [name for name, shown in zip(names, first["shown"], strict=True) if not shown]
    what = sentence_case(what)
    if found:
        ends = f" and not shown for {joined(rest)}" if rest else ""
        told = [f"{what} is shown for {joined(found)}{ends}."]
    else:
        told = [f"{what} is not shown for {joined(rest)}."]
    early = first[first["information"] < 1.0]
    for look in sorted(early["information"].unique()):
        for verdict, what_happened in STOPPED.items():
            chosen = (first["information"] == look) & (first["verdict"] == verdict)
            stopped = [name for name, here in zip(names, chosen, strict=True) if here]
            if stopped:
                told.append(f"At {percent(look)} of the patients {joined(stopped)} {what_happened}.")
    return told


CLAIMS = {
    "superiority": "an effect in the wanted direction",
    "non_inferiority": "non-inferiority by a margin of {margin}",
    "equivalence": "equivalence within {margin}",
    "dual_criterion": "a significant effect of {margin} or more",
}
STOPPED = {"futile": "stopped as futile", "dropped": "was dropped", "shown": "stopped with its claim shown"}
AS_IF = (
    "Effects, arms and pictures are of all patients to the last visit, as if nothing had stopped; the estimates on "
    "which decisions rest stand with the claims."
)
UNADJUSTED = "Each claim is tested at the full level; nothing is adjusted for their number."


def claim_notes(study: Mapping[str, Any], claims: pd.DataFrame | None) -> list[str]:
    """What a reader of effects has to know where a trial decides claims.

    Parameters
    ----------
    study : Mapping[str, Any]
        As plain data.
    claims : pd.DataFrame or None
        Table "claims".

    Returns
    -------
    list[str]
        None without claims.
    """
    if claims is None:
        return []
    analysis = study.get("analysis") or {}
    looks, several = analysis.get("interim") is not None, claims["family"].nunique() > 1
    free = analysis.get("multiplicity") is None and (analysis.get("interim") or {}).get("keep_arms") is None
    return [*([AS_IF] if looks else []), *([UNADJUSTED] if several and free else [])]


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
            words(name_of_claim(row)),
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


def name_of_claim(row: Mapping[str, Any] | pd.Series) -> str:
    """A claim with its control, where its name does not hold it."""
    name, against = str(row["claim"]), f"against {row['control']}"
    return name if against in name else f"{name} ({against})"


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
