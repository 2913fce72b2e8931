"""`anagen therapies`: list every treatment and control, or explain one."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from anagen.cli.options import ANY_SOURCE, ParametersOption, chosen_source


def therapies(
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="A therapy, or one of its other names.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")] = False,
    source: ParametersOption = ANY_SOURCE,
) -> None:
    """List every treatment and control, or explain one: mechanism, regimen, effects, control, evidence, cost."""
    from anagen.cli.console import print_json, print_table
    from anagen.reports.guide import rows

    if name is not None:
        found = _explanation(name, source)
        if as_json:
            print_json(found)
        else:
            _print(found)
        return
    table = rows()
    if as_json:
        print_json(table)
        return
    header = ("name", "title", "routes", "grade", "control", "evidence")
    print_table(
        "",
        header,
        (
            (row["name"], row["title"], ", ".join(row["routes"]), row["grade"], row["control"], row["evidence"])
            for row in table
        ),
    )
    print("Grades say what is known of the effect: A randomised trials, B studies in people, C animals, D opinion.")


def _explanation(name: str, source: str) -> dict[str, Any]:
    from anagen.core.errors import InputError, Problem
    from anagen.core.registry import Registry
    from anagen.reports.guide import explanation
    from anagen.therapies import THERAPIES

    chosen = chosen_source(source)
    try:
        return explanation(name, chosen)
    except KeyError as error:
        names = {other: other for therapy in THERAPIES.values() for other in (therapy.name, *therapy.aliases)}
        nearest = Registry("therapy", names).nearest(name)
        message = f"unknown therapy {name!r}"
        raise InputError((Problem(None, None, None, "NAME", message, tuple(names), nearest),)) from error


def _print(found: dict[str, Any]) -> None:
    from anagen.cli.console import print_table

    print(f"{found['title']} ({found['name']})")
    for other, what in found["aliases"].items():
        print(f"Also called {other}: {what}.")
    print("\nMechanism")
    for sentence in found["mechanism"]:
        print(f"  {sentence}")
    print("\nHow it is given")
    for given in found["routes"]:
        print(f"  {given['title']} ({given['route']}): {', '.join(_regimen(given))}")
    if found["effects"]:
        print()
        several = any(effect["informed_by"] == "posterior" for effect in found["effects"])
        header = ["lever", "of", "greatest effect", "90 % prior", "unit", "grade", "source"]
        if several:
            header[3:4] = ["90 % prior", "posterior", "90 % posterior"]
        title = "Greatest effects, set by hand" if found["hand_set"] else "Greatest effects"
        print_table(title, header, [_effect(effect, several) for effect in found["effects"]])
    if found["adverse_events"]:
        print()
        told = (
            (
                e["title"],
                e["of"],
                f"{100.0 * e['value']:.3g} %",
                f"{100.0 * e['low']:.3g} to {100.0 * e['high']:.3g} %",
                e["within"],
                e["scenario"] or "",
                e["grade"],
                e["source"],
            )
            for e in found["adverse_events"]
        )
        header = ("event", "of", "patients", "90 % prior", "within", "scenario", "grade", "source")
        print_table("Adverse events", header, told)
    for entry in found["contraindications"]:
        print(f"{'Contraindicated' if entry['grade'] == 'error' else 'Bear in mind'}: {entry['message']}.")
    for form, why in found["refused"].items():
        print(f"Not to be chosen, {form}: {why}.")
    control = found["control"]
    print(f"Control: {control}" if control else "It is a control.")
    if found["grade"]:
        print(f"Evidence: {found['evidence']} Grade {found['grade']}: {found['grade_means']}.")
    else:
        print(f"Evidence: {found['evidence']}")
    if found["corrects"]:
        print(f"Corrected: {found['corrects']}")
    if found["cost_per_year_eur"] is not None:
        low, high = found["cost_per_year_eur"]
        print(f"Cost of a year: {low:,.0f} to {high:,.0f} EUR ({found['cost_source']})")
    print(f"Checked by: {', '.join(found['studies']) or 'no shipped study with published results'}")
    print(f"Source: {found['source']}")


def _effect(effect: dict[str, Any], several: bool) -> list[str]:
    """Row of one greatest effect; the posterior stands beside the prior where `several` asks for its columns."""
    from anagen.cli.console import interval, number

    row = [effect["lever"], effect["of"], number(effect["prior_value"])]
    row.append(interval(effect["prior_low"], effect["prior_high"]))
    if several and effect["informed_by"] == "posterior":
        row += [number(effect["value"]), interval(effect["low"], effect["high"])]
    elif several:
        row += ["", ""]
    return [*row, effect["unit"], effect["grade"], effect["source"]]


def _regimen(given: dict[str, Any]) -> list[str]:
    """Parts of a sentence on how a therapy is given by a route."""
    parts = [given["dose"]] if given["dose"] else []
    parts.append(given["rhythm"])
    parts += [f"{kind} {' / '.join(given[kind])}" for kind in ("formulations", "products") if given[kind]]
    parts += [f"control {given['control']}"] if given["control"] else []
    parts += [
        f"{choice['title']} {choice['default']:g} {choice['unit']}".removesuffix(" 1")
        for choice in given["settings"][:2]
    ]
    return parts
