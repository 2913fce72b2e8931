"""`anagen therapies`: list every treatment and control, or explain one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Annotated, Any

import typer

from anagen.cli.options import ANY_SOURCE, JsonOption, ParametersOption, chosen_source, emit

WIDTH = 100


def therapies(
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="A therapy, a brand or an abbreviation of one.")
    ] = None,
    as_json: JsonOption = False,
    source: ParametersOption = ANY_SOURCE,
) -> None:
    """List every treatment and control, or explain one: mechanism, regimen, effects, harms, control, evidence, cost."""
    if name is not None:
        from anagen.reports.therapy import therapy

        guide = therapy(name, chosen_source(source)).guide
        emit(guide, as_json, lambda: print("\n".join(page(guide))))
        return
    from anagen.reports.guide import rows

    table = rows()
    emit(table, as_json, lambda: _print(table))


def _print(table: Sequence[Mapping[str, Any]]) -> None:
    from anagen.cli.console import print_table

    titles = {row["name"]: row["title"] for row in table}
    header = ("treatment or control", "in study files", "grade", "certainty", "control")
    print_table(
        "",
        header,
        ((row["title"], row["name"], row["grade"], row["certainty"], titles.get(row["control"], "")) for row in table),
    )
    print("Grades say what is known of the effect: A randomised trials, B studies in people, C animals, D opinion.")
    print("Certainty, after GRADE, says how far the size of the effect can be trusted.")
    for row in table:
        if not row["shipped"]:
            print(f"{row['title']} comes from {row['from']}.")
    print("`anagen therapies NAME` explains one, by its name, a brand or an abbreviation (FUE, PBM, Regaine).")


def page(of: Mapping[str, Any]) -> Iterator[str]:
    """What is known of one therapy, as lines of at most 100 columns."""
    also = [f"{other} ({what})" for other, what in of["aliases"].items()]
    yield f"{_capital(of['title'])} ({of['name']} in study files), from {of['from']}"
    yield from _sentences([f"Also called {'; '.join(also)}."] if also else [])
    yield from _section("Mechanism", of["mechanism"])
    yield from _section("How it is given", (_dosing(route) for route in of["routes"]))
    hand_set = ", set by hand" if of["hand_set"] else ""
    yield from _section(f"Greatest effects{hand_set}", (_effect(effect) for effect in of["effects"]))
    yield from _section("Harms", _harms(of))
    yield from _section("Evidence", _evidence(of))
    yield from _section("In whom it was studied", _studied(of))


def _section(title: str, sentences: Iterable[str]) -> Iterator[str]:
    lines = list(_sentences(sentences))
    if lines:
        yield from ("", title, *lines)


def _sentences(sentences: Iterable[str]) -> Iterator[str]:
    from textwrap import wrap

    first, other = "  ", "    "
    for sentence in sentences:
        yield from wrap(sentence, WIDTH, initial_indent=first, subsequent_indent=other, break_on_hyphens=False)


def _dosing(route: Mapping[str, Any]) -> str:
    """A sentence on how a therapy is given by a route."""
    from anagen.reports.guide import regimen

    how = regimen(route)
    parts = [f"{_capital(route['title'])} ({route['route']}){f': {how}' if how else ''}"]
    parts += [f"{kind} {', '.join(route[kind])}" for kind in ("formulations", "products") if route[kind]]
    parts += [f"{choice['title']} {_value(choice['default'], choice['unit'])}" for choice in route["settings"][:2]]
    parts += [f"its control is {route['control_title']}"] if route["control"] else []
    return "; ".join(parts) + "."


def _effect(effect: Mapping[str, Any]) -> str:
    """A sentence on one greatest effect, with its posterior and whether data moved it."""
    from anagen.cli.console import interval, number

    whose = " by the act of giving it" if effect["of"] != "therapy" else ""
    unit = "" if effect["unit"] == "1" else f" {effect['unit']}"
    prior = f"{number(effect['prior_value'])}{unit} (90 % prior {interval(effect['prior_low'], effect['prior_high'])})"
    if effect["by_data"]:
        prior += f", {effect['by_data']} {number(effect['value'])} ({interval(effect['low'], effect['high'])})"
    return f"{effect['lever']}{whose}: {prior}; grade {effect['grade']}. {effect['source']}."


def _harms(of: Mapping[str, Any]) -> Iterator[str]:
    """Sentences on adverse events and contraindications."""
    if not any(event["of"] == of["name"] for event in of["adverse_events"]):
        yield "No adverse event of its own is known."
    titles = {route["route"]: route["title"] for route in of["routes"]}
    for event in of["adverse_events"]:
        whose = "" if event["of"] == of["name"] else f", by the route {event['of']}"
        if event["of"] == of["name"] and len(event["routes"]) < len(of["routes"]):
            whose = f", {_either(titles[route] for route in event['routes'])}"
        scenario = f", only in the scenario {event['scenario']}" if event["scenario"] else ""
        share, low, high = (f"{100.0 * event[key]:.3g}" for key in ("value", "low", "high"))
        yield (
            f"{_capital(event['title'])} in {share} % of patients within {event['within']} "
            f"(90 % prior {low} to {high} %){whose}{scenario}; grade {event['grade']}. {event['source']}."
        )
    for entry in of["contraindications"]:
        yield f"{'Contraindicated' if entry['grade'] == 'error' else 'Bear in mind'}: {entry['message']}."
    for form, why in of["refused"].items():
        yield f"Not to be chosen, {form}: {why}."


def _either(words: Iterable[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} or {last}" if most else last


def _evidence(of: Mapping[str, Any]) -> Iterator[str]:
    """Sentences on evidence, control, cost and sources."""
    yield of["evidence"] + (f" Grade {of['grade']}: {of['grade_means']}." if of["grade"] else "")
    if of["measured"]:
        yield f"{_capital(of['measured'])}."
    if of["informed"]:
        yield f"{_capital(of['informed'])}."
    yield f"Its control is {of['control_title']}." if of["control"] else "It is a control."
    if of["corrects"]:
        yield f"Corrected: {of['corrects']}"
    if of["cost_per_year_eur"] is not None:
        low, high = of["cost_per_year_eur"]
        yield f"A year costs {low:,.0f} to {high:,.0f} EUR ({of['cost_source']})."
    studies = ", ".join(of["studies"])
    yield f"Checked by {studies or 'no shipped study with published results'}."
    yield f"Source: {of['source']}."


def _studied(of: Mapping[str, Any]) -> Iterator[str]:
    """Sentences on the patients of its studies, and on what is told of others."""
    studied = of["studied_in"]
    if not studied:
        if not of["is_control"]:
            yield "In nobody: no study of it was read."
        return
    yield f"{_capital(studied['people'])} ({studied['condition']} in study files); severity: {studied['severity']}."
    where = [f"measured in: {studied['zones']}"] if studied["zones"] else []
    where += [f"by the route: {studied['routes']}"] if studied["routes"] else []
    if where:
        yield f"{_capital('; '.join(where))}."
    if studied["elsewhere"]:
        yield f"Others: {studied['elsewhere']}."
    yield f"Source: {studied['source']}."


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _value(value: float, unit: str) -> str:
    return f"{value:g} {unit}".removesuffix(" 1")
