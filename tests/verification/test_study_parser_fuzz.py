"""Random damage to valid study files ends in a study or in a clear error, never in another exception."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anagen.core.errors import InputError
from anagen.study import Study, describe, parse_set, study_json_schema
from anagen.study.document import decode, parse

STUDIES = sorted((Path(__file__).parents[2] / "studies").rglob("*.yaml"))
TEXTS = [path.read_text(encoding="utf-8") for path in STUDIES]
BYTES = [text.encode("utf-8") for text in TEXTS]
DATA = [parse(text, None).data for text in TEXTS]
WORDS = sorted({word for text in TEXTS for word in text.replace(":", " ").replace(",", " ").split() if word.isalnum()})
KEYS = sorted({key for definition in study_json_schema()["$defs"].values() for key in definition.get("properties", {})})

fuzz = settings(
    max_examples=120,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(min_value=-(10**30), max_value=10**30),
    st.sampled_from(
        [0, -1, 1, 2, 3, 10**400, -(10**400), 1e308, -0.0, 5e-324, float("nan"), float("inf"), float("-inf")]
    ),
    st.floats(),
    st.text(max_size=12),
    st.sampled_from(WORDS),
    st.sampled_from(
        ["1e10 mg", "1 cm", "1e999 particles", "%", "1e10particles", "9**9**9 mg", "5 °C", "1 mg/0", "0 mg"]
    ),
)
values = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)


def assert_study_or_clear_error(read: Callable[[], Study]) -> bool:
    """Asserts a study that can be described, hashed and read back (True), or complete problems (False)."""
    try:
        study = read()
    except InputError as error:
        assert error.problems
        for problem in error.problems:
            assert problem.message.strip()
            assert "\n" not in problem.message
            assert "Input should" not in problem.message
            assert problem.line is None or problem.line >= 1
            assert problem.text()
        return False
    assert describe(study)
    assert len(study.sha256) == 64
    assert Study.from_dict(study.model_dump(mode="json")) == study
    return True


def places(data: Any) -> list[tuple[Any, Any]]:
    """Every (container, key) of nested data, outermost first."""
    found: list[tuple[Any, Any]] = []
    waiting = [data]
    while waiting:
        holder = waiting.pop(0)
        keys = list(holder) if isinstance(holder, dict) else range(len(holder)) if isinstance(holder, list) else []
        for key in keys:
            found.append((holder, key))
            waiting.append(holder[key])
    return found


@st.composite
def damaged_data(draw: st.DrawFn) -> dict[str, Any]:
    data: Any = copy.deepcopy(draw(st.sampled_from(DATA)))
    for _ in range(draw(st.integers(1, 4))):
        options = places(data)
        if not options:
            break
        holder, key = options[draw(st.integers(0, len(options) - 1))]
        action = draw(st.sampled_from(["replace", "delete", "rename", "copy", "add", "wrap"]))
        if action == "replace":
            holder[key] = draw(values)
        elif action == "delete":
            del holder[key]
        elif action == "wrap":
            holder[key] = draw(st.sampled_from([[holder[key]], {"x": holder[key]}]))
        elif action == "copy":
            source, other = options[draw(st.integers(0, len(options) - 1))]
            holder[key] = copy.deepcopy(source[other])
        elif isinstance(holder, list):
            holder.append(draw(values) if action == "add" else copy.deepcopy(holder[key]))
        elif action == "rename":
            holder[draw(st.sampled_from(KEYS))] = holder.pop(key)
        else:
            holder[draw(st.sampled_from(KEYS) | st.text(max_size=6))] = draw(values)
    return data


@st.composite
def damaged_text(draw: st.DrawFn) -> str:
    lines = draw(st.sampled_from(TEXTS)).splitlines()
    for _ in range(draw(st.integers(1, 4))):
        i = draw(st.integers(0, len(lines) - 1))
        action = draw(st.sampled_from(["delete", "double", "indent", "outdent", "word", "insert", "swap", "cut"]))
        if action == "delete" and len(lines) > 1:
            del lines[i]
        elif action == "double":
            lines.insert(i, lines[i])
        elif action == "indent":
            lines[i] = draw(st.sampled_from([" ", "  ", "\t", "- "])) + lines[i]
        elif action == "outdent":
            lines[i] = lines[i][1:]
        elif action == "word":
            head, colon, _ = lines[i].partition(":")
            lines[i] = head + colon + " " + draw(st.sampled_from(WORDS) | st.text(max_size=10))
        elif action == "insert":
            at = draw(st.integers(0, len(lines[i])))
            lines[i] = (
                lines[i][:at]
                + draw(st.text(alphabet="{}[]&*!|>'\"%@`:#,-?~\t\\ 0a", min_size=1, max_size=3))
                + lines[i][at:]
            )
        elif action == "swap":
            j = draw(st.integers(0, len(lines) - 1))
            lines[i], lines[j] = lines[j], lines[i]
        elif action == "cut":
            lines[i] = lines[i][: draw(st.integers(0, len(lines[i])))]
    return "\n".join(lines)


@st.composite
def damaged_bytes(draw: st.DrawFn) -> bytes:
    raw = bytearray(draw(st.sampled_from(BYTES)))
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(raw) - 1))
        raw[at : at + draw(st.integers(0, 3))] = draw(st.binary(max_size=3))
        if not raw:
            break
    return bytes(raw[: draw(st.integers(0, len(raw)))])


@fuzz
@given(damaged_data())
def test_damaged_data(data: dict[str, Any]) -> None:
    assert_study_or_clear_error(lambda: Study.from_dict(data))


@fuzz
@given(damaged_data())
def test_damaged_data_written_as_a_file(data: dict[str, Any]) -> None:
    # JSON with these settings is YAML, apart from the names of numbers that are not finite.
    assert_study_or_clear_error(lambda: Study.parse(json.dumps(data, indent=1, ensure_ascii=False), "damaged.yaml"))


@fuzz
@given(damaged_text())
def test_damaged_text(text: str) -> None:
    assert_study_or_clear_error(lambda: Study.parse(text, "damaged.yaml"))


@fuzz
@given(damaged_bytes())
def test_damaged_bytes(raw: bytes) -> None:
    assert_study_or_clear_error(lambda: Study.parse(decode(raw, "damaged.yaml"), "damaged.yaml"))


@settings(fuzz, max_examples=60)
@given(st.text(max_size=200) | st.text(alphabet="{}[]&*!|>'\"%@`:#,-?~\t\\\n 0a", max_size=60))
def test_any_text(text: str) -> None:
    assert_study_or_clear_error(lambda: Study.parse(text, "any.yaml"))


def test_undamaged_files_are_studies() -> None:
    for path in STUDIES:
        assert assert_study_or_clear_error(lambda path=path: Study.load(path))


PATHS = st.lists(
    st.sampled_from([*KEYS, "exosome", "saline", "0", "1", "9", "", "x y", "1e9 particles"]), min_size=1, max_size=5
).map(".".join)
SETS = st.sampled_from(["1e9", "0", "-1", "x", "[0, 24]", "{mean: 3}", "null", "true", "1e9 particles", "a/b", "[", ""])


@fuzz
@given(path=st.sampled_from(STUDIES), given_paths=st.lists(PATHS, min_size=1, max_size=3), data=st.data())
def test_any_value_of_the_command_line_is_a_study_or_a_clear_error(
    path: Path, given_paths: list[str], data: st.DataObject
) -> None:
    arguments = [f"{prefix}={data.draw(SETS)}" for prefix in given_paths]
    assert_study_or_clear_error(lambda: Study.load(path, [parse_set(argument)[0] for argument in arguments]))


@fuzz
@given(index=st.integers(0, len(DATA) - 1), edits=values, file=values)
def test_any_mechanism_and_product_file_is_a_study_or_a_clear_error(index: int, edits: Any, file: Any) -> None:
    changed = copy.deepcopy(DATA[index])
    assert isinstance(changed, dict)
    changed["mechanism"] = edits if not isinstance(edits, list) else {"without": edits, "network": file}
    # the first arm of a study of natural history is untreated
    for entry in changed["arms"][0]["therapies"][:1]:
        entry["product_file"] = file
        entry["settings"] = edits
    assert_study_or_clear_error(lambda: Study.from_dict(changed))
