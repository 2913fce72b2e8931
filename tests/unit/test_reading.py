"""Errors of models are told in plain words, whatever file the models describe."""

from __future__ import annotations

from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, ValidationError

from anagen.core.reading import ErrorReader, Fault

CODE = r"^[A-Z]{3}$"


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid")
    size: Annotated[float, Field(gt=0.0, strict=True, description="How large it is.", examples=[3])]
    colour: Literal["red", "green"] = "red"


class Weight(BaseModel):
    grams: float


def kind(value: object) -> str:
    return "weight" if isinstance(value, dict) else "words"


class Thing(BaseModel):
    model_config = ConfigDict(extra="forbid")
    code: Annotated[str, Field(pattern=CODE)] = "ABC"
    parts: Annotated[tuple[Part, ...], Field(min_length=1)]
    notes: dict[
        str, Annotated[Annotated[Weight, Tag("weight")] | Annotated[tuple[str, ...], Tag("words")], Discriminator(kind)]
    ] = {}


READER = ErrorReader(Thing, forms={CODE: "three capital letters"})


def faults(**data: object) -> list[Fault]:
    with pytest.raises(ValidationError) as caught:
        Thing.model_validate({"parts": [{"size": 1.0}], **data})
    return list(READER.faults(caught.value))


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (
            {"parts": [{"size": 1.0, "color": "red"}]},
            Fault(("parts", 0, "color"), "unknown key", ("size", "colour"), "colour", at_key=True),
        ),
        ({"parts": [{}]}, Fault(("parts", 0, "size"), "is missing (how large it is, e.g. 3)")),
        (
            {"parts": [{"size": 1.0, "colour": "Grean"}]},
            Fault(("parts", 0, "colour"), "'Grean' is not one of the allowed values", ("red", "green"), "green"),
        ),
        ({"parts": [{"size": 0.0}]}, Fault(("parts", 0, "size"), "0 is impossible; it must be more than 0")),
        (
            {"parts": [{"size": "3"}]},
            Fault(("parts", 0, "size"), "'3' is text; expected a number without quotes or unit, e.g. 3"),
        ),
        (
            {"parts": [3]},
            Fault(("parts", 0), "3 is a number; expected keys with values", ("size", "colour"), "{size: 3}"),
        ),
        ({"parts": []}, Fault(("parts",), "the list is too short: it needs at least 1")),
        ({"code": "x"}, Fault(("code",), "'x' cannot be used; expected three capital letters")),
        ({"code": ""}, Fault(("code",), "is empty text")),
    ],
)
def test_a_fault_is_told_with_field_allowed_values_and_nearest_spelling(data: dict[str, object], fault: Fault) -> None:
    assert faults(**data) == [fault]


def test_the_member_of_a_union_is_no_part_of_the_field() -> None:
    assert [fault.path for fault in faults(notes={"weight": {"grams": "much"}, "words": ["a", 1]})] == [
        ("notes", "weight", "grams"),
        ("notes", "words", 1),
    ]


def test_a_fault_has_the_line_of_the_nearest_field_that_stands_in_the_file() -> None:
    problem = Fault(("parts", 0, "size"), "is missing").problem("thing.toml", {("parts",): 2, ("parts", 0): 3})
    assert problem.text() == "thing.toml:3: parts[0].size: is missing"
    assert Fault(("code",), "is missing").problem(None, {}).line is None
