"""The table [release] of a product file as a form to fill in, and the items of the specification as rows."""

from __future__ import annotations

from dataclasses import dataclass

from anagen.exosomes.release.items import SPECIFICATION, USES, ReleaseItem, Values
from anagen.exosomes.release.judge import as_asked
from anagen.exosomes.release.limits import Limit, written_as

HEAD = """\
## Results of a batch against the specification of `anagen product release`; put it at the end of a product file.
## Lines with ## are words. Take the # from the lines that you fill in; an item without a result is "not shown".
## A number carries its unit; "< 0.05 EU/mL" is a result below what the method can tell. Several containers stand in a
## list. A limit of your own takes the place of the one that is named here, and a looser one is told on the certificate.
## The numbers agree with one another, for a dose of 1e10 particles in a vial of 5 mL: put yours in their place.
"""
TOP = (
    ("batch", '"B-001"', "number of the batch"),
    ("date", "2026-03-31", "day of the results"),
    ("use", '"injected"', f"one of {', '.join(USES)}; the first asks for most"),
    ("label", '"1e10 particles"', "particles that the label of a container names"),
    ("dose_volume", '"5 mL"', "volume of a dose; dose over concentration where left out"),
)
READ_FROM = {
    "batch": "the key batch above",
    "identity": "[[marker]]: proteins of membrane and cytosol that are present",
    "negative markers": "[[marker]]: proteins of other compartments that are absent",
    "dose uniformity": "the list of containers of 'particles per container'",
    "passage": "preparation.passage",
}
"""Items that take no result, and where they are read from."""
ALSO_READ_FROM = {
    "size peak": "particles.diameter",
    "particle:protein": "particles.particle_to_protein",
    "protein per dose": "dose over particles.particle_to_protein",
    "cell viability": "preparation.viability",
    "potency": "potency.relative_potency with its limits",
    "endotoxin per dose": "'endotoxin per mL' times the volume of a dose",
    "stability": "[shelf_life] and [[stability]], which decide where they are told",
}
"""Items that other tables of the file tell as well, where the table [release] has no result."""
_EXAMPLES = {
    "size": "96 %",
    "size peak": "115 nm",
    "particle:protein": "5e9 particles/ug",
    "protein per dose": "2 ug/dose",
    "endotoxin per mL": "< 0.05 EU/mL",
    "endotoxin per dose": "< 0.25 EU/dose",
    "microbial count": "< 10 CFU/mL",
    "residual albumin": "12 ng/mL",
    "residual DNA": "< 1 ng/dose",
    "pH": "7.2",
    "osmolality": "305 mOsm/kg",
    "subvisible particles 10 um": "240 particles/container",
    "subvisible particles 25 um": "12 particles/container",
    "potency": "105 %",
    "cell viability": "96 %",
}
_CONTAINERS = ("1.0e10", "9.8e9", "1.03e10", "9.6e9", "1.01e10", "9.9e9", "1.05e10", "9.7e9", "1.02e10", "1.0e10")
"""Particles of ten containers, as many as uniformity asks for."""
_OWN_LIMITS = {
    "lipids or RNA": "phosphatidylserine present",
    "appearance": "clear to opalescent, colourless",
    "cell bank": "working cell bank, characterised",
    "pesticides and heavy metals": "Ph. Eur. 2.8.13 and 2.4.27",
    "stability": "12 months at -80 C",
    "protein per dose": "<= 20 ug/dose",
    "residual albumin": "<= 50 ng/mL",
}


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One item of the specification, as a maker has to write it.

    Attributes
    ----------
    item : ReleaseItem
        The item.
    result : str
        Outcomes that are allowed, or units of the number; empty where it takes no result.
    limit : str
        What it is held against where the file sets no limit; empty where it needs one from the maker.
    told_by : str
        Other places of the file that tell it.
    """

    item: ReleaseItem
    result: str
    limit: str
    told_by: str


def item_rows(values: Values) -> tuple[ItemRow, ...]:
    """Every item of the specification with what may be written for it.

    Parameters
    ----------
    values : Mapping[str, float]
        Values of the group "release" of the parameters.

    Examples
    --------
    >>> from anagen.parameters import load_parameters
    >>> rows = {row.item.name: row for row in item_rows(load_parameters("prior").draw(1, 0))}
    >>> rows["osmolality"].result, rows["osmolality"].limit
    ('a number in mOsm/kg or mosmol/kg', '250 to 350 mOsm/kg')
    """
    told_by = READ_FROM | ALSO_READ_FROM
    return tuple(
        ItemRow(item, _result_words(item), _limit_words(item, values), told_by.get(item.name, ""))
        for item in SPECIFICATION.values()
    )


def template(values: Values) -> str:
    """A table [release] with every item, commented, to be filled in.

    Parameters
    ----------
    values : Mapping[str, float]
        Values of the group "release" of the parameters, for the limits that it names.

    Returns
    -------
    str
        TOML that says nothing until its lines are taken out of their comments.
    """
    lines = [HEAD, "# [release]"]
    lines += [f"{f'# {key} = {value}':34}## {words}" for key, value, words in TOP]
    group = ""
    for row in item_rows(values):
        if row.item.group != group:
            group = row.item.group
            lines += ["", f"## ---- {group} ----"]
        lines += ["", *_entry(row)]
    return "\n".join(lines) + "\n"


def _entry(row: ItemRow) -> list[str]:
    """The lines of one item."""
    item = row.item
    asked = f"asked for by {', '.join(item.lists)}" if item.lists else "on none of the three public lists"
    words = [f"## {item.name}: {item.asks}; {asked}."]
    if item.told_by_tables:
        return [*words, f"## Takes no result; read from {row.told_by}. Held against: {row.limit or 'it is told'}."]
    if row.told_by:
        words.append(f"## Read from {row.told_by}, where there is no result here.")
    words.append(f"## Result: {row.result}. Limit: {row.limit or 'none; give yours'}.")
    own = _OWN_LIMITS.get(item.name)
    return [
        *words,
        "# [[release.result]]",
        f'# test = "{item.name}"',
        f"# result = {_example(item)}",
        '# method = "as validated"',
        *([f'# limit = "{own}"'] if own is not None else []),
    ]


def _example(item: ReleaseItem) -> str:
    if item.name == "particles per container":
        counts = ", ".join(f'"{count} particles"' for count in _CONTAINERS)
        return f"[{counts}]"
    return f'"{_EXAMPLES.get(item.name) or item.passes[0]}"'


def _result_words(item: ReleaseItem) -> str:
    if item.unit is not None:
        units = " or ".join(written_as(item.unit))
        return units if units.startswith("a ") else f"a number in {units}"
    return ", ".join(item.outcomes)


def _limit_words(item: ReleaseItem, values: Values) -> str:
    """The limit where the file sets none, in words; the label counts where it is told."""
    width, least = values["release.label_tolerance"], values["release.containers_least"]
    if item.name == "particles per container":
        return f"the label within {width:.0%}"
    if item.name == "dose uniformity":
        return f"each of {least:g} containers within {width:.0%} of their mean"
    if item.name == "batch":
        return "named"
    if item.name == "identity":
        return f"at least {values['release.identity_proteins']:g} proteins"
    if item.name == "negative markers":
        return "absent"
    if item.name == "passage":
        return f"at most {values['manufacture.last_passage']:g}"
    if item.name == "endotoxin per dose":
        return Limit("EU/dose", high=values["release.endotoxin_per_kg"] * values["release.body_weight"]).text()
    limit = item.limit(values)
    if limit is not None:
        return limit.text()
    return "" if item.to_what or not item.passes else as_asked(item)
