"""What the pages of docs/reference/ hold of the program as it is: commands, functions, keys, numbers, tables.

Each is Markdown, and stands in place of a comment `<!-- generated: NAME -->` when the site is built (conf.py).
"""

from __future__ import annotations

import inspect
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

MARKED = re.compile(r"([\\`*_{}\[\]<>#|$~])")
DOI = re.compile(r"\bdoi:(10\.\d{4,9}/[^\s,;)\]]*[^\s,;).\]])")


def plain(text: object) -> str:
    """Words as they are, in one line: what stands between backticks as code, DOIs as links, no other markup."""
    parts = " ".join(str(text).split()).split("`")
    if len(parts) % 2 == 0:
        parts = ["`".join(parts)]
    words = "".join(MARKED.sub(r"\\\1", part) if place % 2 == 0 else code(part) for place, part in enumerate(parts))
    return DOI.sub(lambda found: f"[doi:{found[1]}](<https://doi.org/{found[1].replace(chr(92), '')}>)", words)


def code(text: object) -> str:
    """Text as code, in a table too."""
    words = str(text).replace("|", "\\|")
    return f"`` {words} ``" if "`" in words else f"`{words}`"


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of Markdown, whose cells are Markdown already."""
    lines = [f"| {' | '.join(header)} |", f"|{'---|' * len(header)}", *(f"| {' | '.join(row)} |" for row in rows)]
    return "\n".join(lines) + "\n"


def commands() -> Iterator[tuple[str, Any]]:
    """Every command with its words, such as "product check", in the order of `--help`."""
    import typer

    from anagen.cli.app import app

    def below(command: Any, words: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
        parts: Mapping[str, Any] = getattr(command, "commands", {})
        if words and (not parts or getattr(command, "invoke_without_command", False)):
            yield " ".join(words), command
        for name, part in parts.items():
            yield from below(part, (*words, name))

    yield from below(typer.main.get_command(app), ())


def cli() -> str:
    """Every command: what it does, its arguments and options."""
    parts = []
    for words, command in commands():
        context = command.context_class(command, info_name=f"anagen {words}")
        told = inspect.cleandoc(command.help or "")
        parts.append(f"### anagen {words}\n\n{plain(told)}\n\n")
        usage = " ".join(["anagen", words, *command.collect_usage_pieces(context)])
        parts.append(f"```text\n{usage}\n```\n\n")
        rows = [record for each in command.get_params(context) if (record := each.get_help_record(context))]
        if rows:
            parts.append(table(("", "meaning"), ((code(name), plain(meaning)) for name, meaning in rows)) + "\n")
    return "".join(parts)


def functions() -> str:
    """Every public function with its docstring."""
    return _described("autofunction", inspect.isfunction)


def classes() -> str:
    """Every public class with its docstring and members."""
    return _described("autoclass", inspect.isclass)


def _described(directive: str, is_one: Callable[[object], bool]) -> str:
    import anagen

    options = "   :members:\n" if directive == "autoclass" else ""
    names = [name for name in anagen.__all__ if is_one(getattr(anagen, name))]
    return "\n".join(f"```{{eval-rst}}\n.. {directive}:: anagen.{name}\n{options}```\n" for name in names)


def study_keys() -> str:
    """Every key of a study file, from its JSON Schema, a section for each table of keys."""
    from anagen.study import study_json_schema

    schema = study_json_schema()
    parts = [_keys("Top level", schema)]
    parts += [_keys(name, found) for name, found in _reached(schema) if found.get("properties")]
    return "\n".join(parts)


def _reached(schema: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Definitions in the order in which a reader of the file comes upon them."""
    waiting, seen = list(_references(schema.get("properties", {}))), set()
    while waiting:
        name = waiting.pop(0)
        if name not in seen:
            seen.add(name)
            found = schema["$defs"][name]
            yield name, found
            waiting = list(_references(found.get("properties", {}))) + waiting


def _references(part: object) -> Iterator[str]:
    if isinstance(part, Mapping):
        for key, value in part.items():
            if key == "$ref":
                yield str(value).rpartition("/")[2]
            else:
                yield from _references(value)
    elif isinstance(part, list):
        for value in part:
            yield from _references(value)


def _keys(name: str, found: Mapping[str, Any]) -> str:
    required = set(found.get("required", ()))
    rows = [
        (
            code(key),
            "required" if key in required else _default(entry),
            _type(entry),
            plain(entry.get("description", "")) + _example(entry),
        )
        for key, entry in found["properties"].items()
    ]
    told = found.get("description", "")
    return f"## {name}\n\n{plain(told)}\n\n" + table(("key", "left out", "value", "meaning"), rows)


def _default(entry: Mapping[str, Any]) -> str:
    default = entry.get("default")
    return "" if default in (None, [], {}) else code(str(default).lower() if isinstance(default, bool) else default)


def _example(entry: Mapping[str, Any]) -> str:
    found = entry.get("examples")
    return f" For example {code(_yaml(found[0]))}." if found else ""


def _yaml(value: object) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_yaml(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_yaml, value)) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    text = f"{value:g}" if isinstance(value, float) else str(value)
    return f'"{text}"' if isinstance(value, str) and re.search(r"[\d^%]\s|[:#{}\[\],]", text) else text


MOST_NAMES = 12
"""Names of a list that stand in a cell; of a longer one the number is told."""


def _type(entry: Mapping[str, Any]) -> str:
    """What may stand there, in words."""
    if "$ref" in entry:
        name = str(entry["$ref"]).rpartition("/")[2]
        return f"[{name}](#{name.lower()})" if name != "Quantity" else "text with a unit"
    for several in ("anyOf", "oneOf"):
        if several in entry:
            kinds = [_type(each) for each in entry[several] if each != {"type": "null"}]
            return " or ".join(dict.fromkeys(kind for kind in kinds if kind))
    if "enum" in entry:
        names = [name for name in entry["enum"] if name is not None]
        shown = ", ".join(map(code, names[:MOST_NAMES]))
        return shown if len(names) <= MOST_NAMES else f"one of {len(names)} names, such as {code(names[0])}"
    if "const" in entry:
        return code(entry["const"])
    kind = entry.get("type", "")
    if kind == "array":
        return f"list of {_type(entry['items'])}" if entry.get("items") else "list"
    if kind == "object":
        inner = entry.get("additionalProperties")
        return f"name: {_type(inner)}" if isinstance(inner, Mapping) and inner else "table"
    words = {"string": "text", "integer": "whole number", "number": "number", "boolean": "`true` or `false`"}
    return words.get(kind, "") + _limits(entry)


def _limits(entry: Mapping[str, Any]) -> str:
    low = entry.get("minimum", entry.get("ge"))
    high = entry.get("maximum", entry.get("le"))
    beyond = 1e9
    low, high = (None if value is None or abs(value) >= beyond else f"{value:,.12g}" for value in (low, high))
    if low is not None and high is not None:
        return f", {low} to {high}"
    return f", from {low}" if low is not None else f", up to {high}" if high is not None else ""


def endpoints() -> str:
    """Every registered endpoint."""
    from anagen.scalp import ENDPOINTS

    def limits(bounds: tuple[float, float]) -> str:
        low, high = bounds
        return f"{low:g} to {high:g}" if math.isfinite(high) else f"from {low:g}"

    rows = [
        (
            code(each.name),
            plain(each.title),
            plain(each.unit),
            limits(each.bounds),
            "more" if each.higher_is_better else "less",
            "judged" if each.judge else "collected" if each.collected else "instrument",
            plain(each.source),
        )
        for each in ENDPOINTS.values()
    ]
    return table(("endpoint", "what", "unit", "possible", "better", "read by", "definition"), rows)


ROOMS = MappingProxyType(
    {
        ".": "Follicle, patients, measurement",
        "delivery": "Delivery",
        "therapies": "Therapies",
        "adverse_events": "Adverse events",
        "exosomes": "Vesicle products",
    }
)
"""Folder of parameter files -> heading."""


def parameters() -> str:
    """Every parameter with its prior, its source and its grade, a section for each file."""
    import anagen.parameters
    from anagen.parameters.files import read_parameters

    root = Path(anagen.parameters.__file__).parent
    parts = []
    for folder, title in ROOMS.items():
        parts.append(f"\n## {title}\n")
        for path in sorted((root / folder).glob("*.toml")):
            rows = read_parameters(path.read_text(encoding="utf-8"), path.stem, path.name).values()
            parts.append(f"\n### {path.stem}.toml\n\n")
            cells = (
                (code(each.name), f"{each.value:.6g}", plain(each.unit), *_prior(each), each.grade, _source(each))
                for each in rows
            )
            parts.append(table(("parameter", "value", "unit", "5 %", "95 %", "prior", "grade", "source"), cells))
    return "".join(parts)


def _prior(parameter: Any) -> tuple[str, str, str]:
    if parameter.distribution == "fixed":
        return "", "", "fixed"
    return f"{parameter.low:.6g}", f"{parameter.high:.6g}", parameter.distribution


def _source(parameter: Any) -> str:
    return plain(f"{parameter.source}. {parameter.note}" if parameter.note else parameter.source)


def result_tables() -> str:
    """Columns of every table of a result folder."""
    from anagen.results.schema import TABLES

    parts = []
    for each in TABLES.values():
        parts.append(f"\n### {each.name}.{each.format}\n\n{plain(each.description)}")
        parts.append(" Where the study asks for it." if each.optional else "")
        parts.append(" Further columns may follow.\n\n" if each.extra else "\n\n")
        rows = (
            (code(column.name), column.kind, "yes" if column.missing else "", plain(column.description))
            for column in each.columns
        )
        parts.append(table(("column", "type", "may be missing", "holds"), rows))
    return "".join(parts)


PAGES: Mapping[str, Callable[[], str]] = MappingProxyType(
    {
        "cli": cli,
        "functions": functions,
        "classes": classes,
        "study-keys": study_keys,
        "endpoints": endpoints,
        "parameters": parameters,
        "result-tables": result_tables,
    }
)
