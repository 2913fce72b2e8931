"""JSON Schema of study files, for editors and other programs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from anagen.core.units import CANONICAL_UNITS, quantity_example
from anagen.delivery import Route
from anagen.patients.naming import long_names
from anagen.statistics.comparisons import COMPARISONS
from anagen.statistics.dose_finding.models import SHAPES
from anagen.study.counted_weeks import EVENTS
from anagen.study.dosing import PER_AREA
from anagen.study.models import StudyFields
from anagen.study.phases import INTERVAL
from anagen.study.strength import FORM_PATTERN, scales
from anagen.study.treatment import WEEKDAYS
from anagen.study.unreported import NOT_REPORTED, TIMING
from anagen.study.vocabulary import ADVERSE_EVENT, MATCHABLE, Vocabulary, grades_of, vocabulary
from anagen.therapies import Therapy
from anagen.therapies.names import meant_by, spellings

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_FILLED_IN = {
    "Study": ("title", "design"),
    "TherapyUse": ("route", "per"),
    "Randomisation": ("block",),
    "Design": ("randomisation",),
    "Attachment": ("file", "sha256"),
}
"""Keys that the models need and the loader fills in, so that a file can leave them out."""
_NULL = {"type": "null"}
_PATH = r"[/\\]|\.toml$"
"""What tells a product file from a name of the library."""


def study_json_schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of a study file, with the names that the registries know as enumerations.

    A file that fits the schema can still be refused by `Study.load`, which also knows the rules between fields.

    Examples
    --------
    >>> study_json_schema()["$schema"]
    'https://json-schema.org/draft/2020-12/schema'
    """
    words = vocabulary()
    generated = StudyFields.model_json_schema(mode="validation")
    definitions: dict[str, Any] = generated.pop("$defs")
    definitions["Study"] = generated
    for model, keys in _FILLED_IN.items():
        required = [key for key in definitions[model].get("required", []) if key not in keys]
        definitions[model].pop("required", None)
        if required:
            definitions[model]["required"] = required
    definitions["Quantity"] = _quantity()
    _name_registries(definitions, words)
    study = definitions.pop("Study")
    return {"$schema": DIALECT, **study, "title": "Anagen study file", "$defs": definitions}


def _quantity() -> dict[str, Any]:
    """A quantity as it stands in a file: text with a unit."""
    return {
        "title": "Quantity",
        "description": "A number with its unit, as text.",
        "type": "string",
        "pattern": r"^\s*[+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d{1,3})?\s*\D.*$",
        "examples": [quantity_example(unit) for unit in CANONICAL_UNITS[:4]],
    }


def _name_registries(definitions: dict[str, Any], words: Vocabulary) -> None:
    """Puts the registered names where a file uses them."""
    population = definitions["Population"]["properties"]
    population["condition"]["enum"] = [*words.conditions.names(), *long_names(words.conditions)]
    population["sex"]["propertyNames"] = {"enum": list(words.sexes)}
    population["ethnicity"]["propertyNames"] = {"enum": list(words.ethnicities.names())}
    population["inclusion"]["propertyNames"] = {"enum": list(words.endpoints.names())}
    population["baseline"] |= {"propertyNames": {"enum": list(MATCHABLE)}, "maxProperties": 1}
    population["severity"] = _severity(population["severity"], words)
    definitions["Analysis"]["properties"]["method"]["enum"] = list(COMPARISONS)
    for key, model, field in (("multiplicity", "Multiplicity", "method"), ("hypothesis", "Hypothesis", "type")):
        # a name alone stands for the section
        names = {"enum": definitions[model]["properties"][field]["enum"]}
        stated = definitions["Analysis"]["properties"][key]
        stated["anyOf"] = [names, *stated["anyOf"]]
    definitions["Shape"]["properties"]["shape"]["enum"] = list(SHAPES)
    measurement = definitions["Measurement"]["properties"]
    measurement["zone"]["enum"] = list(words.zones.names())
    measurement["method"]["enum"] = list(words.methods.names())
    for model in ("EndpointChoice", "Rescue", "Among"):
        definitions[model]["properties"]["endpoint"]["enum"] = list(words.endpoints.names())
    definitions["Observed"]["properties"]["zone"]["anyOf"][0]["enum"] = list(words.zones.names())
    observed = definitions["Observed"]["properties"]["endpoint"]
    observed.pop("type")
    observed["anyOf"] = [
        {"enum": list(words.endpoints.names())},
        {"type": "string", "pattern": f"^{ADVERSE_EVENT}[a-z0-9_-]+$"},
    ]
    use = definitions["TherapyUse"]
    for key in ("called", "unreported"):
        use["properties"].pop(key)
    use["properties"]["dose"]["anyOf"].append({"const": NOT_REPORTED})
    use["properties"]["therapy"]["enum"] = _as_written(
        {name: None for word in spellings() for name in (word, word.lower())}
    )
    use["properties"]["route"]["enum"] = list(words.routes.names())
    setting: dict[str, Any] = {"anyOf": [{"$ref": "#/$defs/Quantity"}, {"type": "number"}]}
    use["properties"]["settings"]["additionalProperties"] = setting
    use["allOf"] = [
        *(_of_therapy(therapy) for therapy in words.therapies.values()),
        *(_of_route(route) for route in words.routes.values()),
    ]
    _name_phases(definitions)
    _name_weeks(definitions)
    for attached in (definitions["Mechanism"]["properties"]["network"], population["empirical"]):
        attached["anyOf"] = [{"type": "string", "minLength": 1}, *attached["anyOf"]]


def _name_phases(definitions: dict[str, Any]) -> None:
    """Schedules as a file writes them: a list of phases, `from`, intervals in words, one day or several."""
    named = [spelling for day in WEEKDAYS for spelling in (day, day.title(), day[:3], day[:3].title())]
    for form in ("Phase", "Schedule"):
        keys = definitions[form]["properties"]
        keys["from"] = keys["start"] | {"description": "The same as start."}
        keys["every"]["anyOf"] = [*keys["every"]["anyOf"], {"type": "string", "pattern": INTERVAL}]
        days = {"enum": named}
        keys["days"]["anyOf"] = [{"type": "array", "items": days, "minItems": 1}, days, _NULL]
    phases = {"type": "array", "items": {"$ref": "#/$defs/Phase"}, "minItems": 1}
    schedule = definitions["TherapyUse"]["properties"]["schedule"]
    reference = {"$ref": schedule.pop("$ref")}
    schedule["anyOf"] = [reference, phases, {"const": NOT_REPORTED}]
    for key in TIMING:
        definitions["Schedule"]["properties"][key]["anyOf"].append({"const": NOT_REPORTED})


def _name_weeks(definitions: dict[str, Any]) -> None:
    """Weeks as a file writes them: from baseline, or from the last session or the end of treatment of an arm."""
    definitions.pop("Counted")
    for model in ("Observed", "EndpointChoice", "Measurement"):
        definitions[model]["properties"].pop("counted")
    weeks = {"type": "number", "minimum": 0}
    definitions["CountedWeek"] = {
        "type": "object",
        "description": "A week counted from the last session or from the end of treatment.",
        "properties": {event: weeks | {"description": f"Weeks {event.replace('_', ' ')}."} for event in EVENTS}
        | {"arm": {"type": "string", "description": "Arm whose treatment counts, where arms end in different weeks."}},
        "oneOf": [{"required": [event]} for event in EVENTS],
        "additionalProperties": False,
    }
    reference = {"$ref": "#/$defs/CountedWeek"}
    definitions["Observed"]["properties"]["week"]["anyOf"].append(reference)
    week = definitions["EndpointChoice"]["properties"]["week"]
    rules = {key: week.pop(key) for key in list(week) if key not in ("title", "description", "examples")}
    week["anyOf"] = [rules, reference]
    visits = definitions["Measurement"]["properties"]["visits"]
    visits["items"] = {"anyOf": [visits["items"], reference]}


def _severity(field: dict[str, Any], words: Vocabulary) -> dict[str, Any]:
    """Grades of every scale of every condition."""
    scales: dict[str, Any] = {}
    for condition in words.conditions.values():
        for scale in condition.scales():
            grades = grades_of(condition, scale)
            listed = {"type": "array", "items": {"enum": list(grades)}, "minItems": 1, "uniqueItems": True}
            scales[scale] = listed if grades else {"$ref": "#/$defs/Range"}
    kept = {key: value for key, value in field.items() if key != "additionalProperties"}
    return kept | {"properties": scales, "additionalProperties": False}


def _of_therapy(therapy: Therapy) -> dict[str, Any]:
    """What may stand beside the name of one therapy."""
    every = therapy.by_every_route()
    per = tuple(dict.fromkeys(name for form in every for name in form.per))
    formulations = tuple(dict.fromkeys(name for form in every for name in form.formulations))
    allowed: dict[str, Any] = {"route": {"enum": list(therapy.routes)}, "per": {"enum": list(per)}}
    for key, names in (("product", therapy.products), ("formulation", formulations)):
        allowed[key] = {"enum": [*names, None]} if names else _NULL
    if any(scales(form) for form in every):
        allowed["formulation"] = {"anyOf": [allowed["formulation"], {"type": "string", "pattern": FORM_PATTERN}]}
    else:
        allowed["strength"] = _NULL
    if therapy.products:
        allowed["product"] = {"anyOf": [allowed["product"], {"type": "string", "pattern": _PATH}]}
    else:
        allowed["product_file"] = _NULL
    if PER_AREA not in per:
        allowed["treated_area"] = _NULL
    if all(form.dose_unit is None for form in every):
        allowed["dose"] = _NULL
    called = [name for name in spellings() if (synonym := meant_by(name)) is not None and synonym.therapy is therapy]
    condition = {"properties": {"therapy": {"enum": _as_written(called)}}, "required": ["therapy"]}
    return cast("dict[str, Any]", {"if": condition, "then": {"properties": allowed}})


def _as_written(names: Iterable[str]) -> list[str]:
    """Names as they are printed and in small letters; the loader minds neither capitals nor hyphens."""
    return list(dict.fromkeys(spelt for name in names for spelt in (name, name.lower())))


def _of_route(route: Route) -> dict[str, Any]:
    """Settings that may stand beside the name of one route."""
    names = [setting.name for setting in route.settings]
    settings: dict[str, Any] = {"propertyNames": {"enum": names}} if names else {"maxProperties": 0}
    condition = {"properties": {"route": {"const": route.name}}, "required": ["route"]}
    return {"if": condition, "then": {"properties": {"settings": settings}}}
