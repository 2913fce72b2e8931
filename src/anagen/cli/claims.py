"""`anagen claims`: the claims of the review of exosome therapy, all, by verdict, or one in full."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from anagen.evidence.claims import Claim


def claims(
    claim: Annotated[str | None, typer.Argument(metavar="ID", help="A claim, such as C09.")] = None,
    verdict: Annotated[
        str | None, typer.Option("--verdict", help="Only these: true, partly, not-shown, wrong or not-checked.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")] = False,
) -> None:
    """List the claims of the review with their verdicts, or tell one: what is held here, where, and what checks it."""
    from anagen.cli.console import print_json, print_table
    from anagen.core.errors import InputError, Problem
    from anagen.core.registry import Registry
    from anagen.evidence.claims import VERDICTS, load_claims

    known = load_claims()
    if verdict is not None and verdict not in VERDICTS:
        nearest = Registry("verdict", VERDICTS).nearest(verdict)
        message = f"unknown verdict {verdict!r}"
        raise InputError((Problem(None, None, None, "--verdict", message, tuple(VERDICTS), nearest),))
    if claim is not None:
        name = claim.upper()
        if name not in known:
            nearest = Registry("claim", {entry.lower(): entry for entry in known}).nearest(name)
            message = f"no claim {claim!r}"
            allowed = (f"{known.names()[0]} to {known.names()[-1]}",)
            raise InputError((Problem(None, None, None, "ID", message, allowed, nearest and nearest.upper()),))
        if as_json:
            print_json(known[name].document())
        else:
            _print(known[name])
        return
    claims = [entry for entry in known.values() if verdict in (None, entry.verdict)]
    if as_json:
        print_json([entry.document() for entry in claims])
        return
    rows = ((entry.id, entry.says, entry.verdict, entry.strength, entry.held) for entry in claims)
    print_table("", ("id", "the review says", "verdict", "strength", "held here"), rows)
    print("; ".join(f"{name}: {means}" for name, means in VERDICTS.items()) + ".")


def _print(entry: Claim) -> None:
    from anagen.evidence.claims import STRENGTHS, VERDICTS, load_references

    beside = "" if entry.in_review else " (not in the review)"
    print(f"{entry.id}{beside}: {entry.says}")
    print(f"Verdict: {entry.verdict} ({VERDICTS[entry.verdict]})")
    print(f"Strength of what was read: {entry.strength} ({STRENGTHS[entry.strength]})")
    print(f"Held here: {entry.held}")
    print(f"Sources: {', '.join(entry.sources)}")
    print(f"Where: {', '.join(entry.where)}")
    print(f"Checked by: {', '.join(entry.checked)}")
    references = load_references()
    for number in entry.cited:
        reference = references[number]
        cited = f"The review cites {number}: {reference.cited_as}: {reference.status}"
        print(f"{cited}; supports the claim: {reference.supports}.")
        if reference.better:
            print(f"  Better: {reference.better} {reference.better_doi}".rstrip())
