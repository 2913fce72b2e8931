"""Product files: what is wrong is told with file, line, field, allowed values and the nearest right spelling."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anagen.core.errors import InputError, Problem
from anagen.core.tables import toml_lines
from anagen.exosomes import library, load_product, parse_product

TEXT = library()["adsc-native"].read_text(encoding="utf-8")


def problems(old: str, new: str, text: str = TEXT) -> tuple[Problem, ...]:
    """Problems of the native product with one piece of text replaced."""
    assert text.count(old) >= 1, old
    with pytest.raises(InputError) as caught:
        parse_product(text.replace(old, new, 1), "x.toml")
    return caught.value.problems


@pytest.mark.parametrize(
    ("old", "new", "field", "words", "suggestion"),
    [
        ('source_cell = "adsc"', 'source_cell = "ADSCs"', "source_cell", "unknown source cell", "adsc"),
        (
            '"size-exclusion"]',
            '"size-exclusoin"]',
            "preparation.isolation[1]",
            "unknown isolation method",
            "size-exclusion",
        ),
        (
            'system = "cell_factory"',
            'system = "cell-factory"',
            "preparation.system",
            "production system",
            "cell_factory",
        ),
        ('name = "CD63"', 'name = "cd63"', "marker[0].name", "unknown marker", "CD63"),
        ('result = "present"', 'result = "presnt"', "marker[0].result", "not one of the allowed", "present"),
        ('counting = "nta"', 'counting = "NTA"', "particles.counting", "not one of the allowed", "nta"),
        ("depleted = true", "depletd = true", "preparation.depletd", "unknown key", "depleted"),
        ("[dose]", "[dosis]", "dosis", "unknown key", "dose"),
        ('vial_volume = "5 mL"', 'vial_volume = "5 mg"', "particles.vial_volume", "is a mass", None),
        ('vial_volume = "5 mL"', "vial_volume = 5", "particles.vial_volume", "has no unit", "5 mL"),
        ('value = "1e10 particles"', 'value = "1e10"', "dose.value", "has no unit", "1e10 particles"),
        ('days = "28 days"', 'days = "28 dayz"', "storage[0].days", "unknown unit", "28 day"),
        ('temperature = "-80 C"', 'temperature = "-400 C"', "storage[0].temperature", "at least -200", None),
        ('temperature = "-80 C"', 'temperature = "3 mL"', "storage[0].temperature", "is a volume", None),
        ("cv = 0.4", "cv = -1.0", "batch.cv", "at least 0", None),
        ("cv = 0.4", 'cv = "0.4"', "batch.cv", "a number without quotes", None),
        ("depleted = true", 'depleted = "yes"', "preparation.depleted", "true or false", None),
        ("passage = 4", "passage = 4.5", "preparation.passage", "a whole number", None),
        ('low = "1e9 particles/mL"', 'low = "3e9 particles/mL"', "particles.concentration.value", "does not lie", None),
        ('low = "1e9 particles/mL"\n', "", "particles.concentration.low", "is missing", None),
        ('value = "1e10 particles"', 'value = "-1 particles"', "dose.value", "at least 0", None),
        ('value = "1e10 particles"', 'value = "0 particles"', "dose", "holds no particles", None),
        ('name = "miR-122-5p"', 'name = "mir122"', "mirna[0].name", "mir122", None),
        ('name = "TSG101"', 'name = "CD63"', "marker", "lists CD63 more than once", None),
        ('system = "cell_factory"', 'system = "milk"', "preparation.system", "cannot be used with adipose", None),
        ('counting = "nta"', 'counting = "NanoSight"', "particles.counting", "not one of the allowed", "nta"),
        ('result = "present"', 'result = "yes"', "marker[0].result", "not one of the allowed", "present"),
        ('title = "Vesicles of adipose stem cells, not engineered"\n', "", "title", "is missing", None),
        ('grade = "C"', 'grade = "D"', "particles.concentration.grade", "not one of the allowed", None),
        ('basis = "assumed"', 'basis = "asumed"', "particles.concentration.basis", "not one of the allowed", "assumed"),
    ],
)
def test_one_mistake_is_told_with_its_place(old: str, new: str, field: str, words: str, suggestion: str | None) -> None:
    found = problems(old, new)
    told = next((problem for problem in found if problem.field == field), None)
    assert told is not None, [problem.text() for problem in found]
    assert words in told.message
    assert told.suggestion == suggestion
    assert told.file == "x.toml"
    if "unknown" in words and "unit" not in words:
        assert len(told.allowed) > 1


@pytest.mark.parametrize("source", ['"adcs"', '"wharton jelly"'])
def test_a_system_that_the_likely_source_does_not_have_is_told_in_the_same_pass(source: str) -> None:
    text = TEXT.replace('system = "cell_factory"', 'system = "milk"').replace("cv = 0.4", "cv = 9.0")
    told = {problem.field: problem for problem in problems('"adsc"', source, text)}
    assert list(told) == ["source_cell", "preparation.system", "batch.cv"]
    assert "cannot be used with" in told["preparation.system"].message


def test_a_system_of_a_source_that_nobody_can_guess_is_left_alone() -> None:
    text = TEXT.replace('system = "cell_factory"', 'system = "milk"')
    assert [problem.field for problem in problems('"adsc"', '"zzz"', text)] == ["source_cell"]


def test_nothing_unknown_is_refused_in_plain_words() -> None:
    start = TEXT.index("unknown = [")
    whole = TEXT[start : TEXT.index("]", start) + 1]
    (problem,) = problems(whole, "unknown = []")
    assert problem.field == "unknown" and "what is not known" in problem.message


@pytest.mark.parametrize("name", ["hsa-miR-122-5p", "miR-122-5p"])
def test_a_microrna_is_read_by_its_name_in_mirbase(name: str) -> None:
    product = parse_product(TEXT.replace('name = "miR-122-5p"', f'name = "{name}"'))
    assert product.mirna[0].name == "miR-122-5p"


def test_a_microrna_of_another_species_is_told_with_ours() -> None:
    (problem,) = problems('name = "miR-122-5p"', 'name = "mmu-miR-122-5p"')
    assert problem.suggestion == "miR-122-5p"


def test_a_diameter_in_micrometres_is_questioned() -> None:
    found = problems('value = "120 nm"\nlow = "90 nm"\nhigh = "160 nm"', 'value = "0.12 nm"')
    told = next(problem for problem in found if problem.field == "particles.diameter.value")
    assert told.suggestion == "0.12 um"


def test_the_line_is_the_line_of_the_field() -> None:
    (problem,) = problems('name = "TSG101"', 'name = "TSG-101"')
    assert problem.line == TEXT.splitlines().index('name = "TSG101"') + 1
    assert problem.text().startswith(f"x.toml:{problem.line}: marker[1].name: unknown marker 'TSG-101'; allowed: CD9")


def test_all_mistakes_are_told_at_once_in_order() -> None:
    text = TEXT.replace('"adsc"', '"adcs"').replace("cv = 0.4", "cv = 9.0").replace('"TSG101"', '"TSG"')
    found = problems('vial_volume = "5 mL"', 'vial_volume = "5 days"', text)
    assert [problem.field for problem in found] == [
        "source_cell",
        "particles.vial_volume",
        "batch.cv",
        "marker[1].name",
    ]


def test_text_that_is_no_toml_is_told_with_its_line() -> None:
    (problem,) = problems("cv = 0.4", "cv = = 0.4")
    assert problem.line == TEXT.splitlines().index("cv = 0.4") + 1
    assert "not readable as TOML" in problem.message


def test_a_bad_engineering_table_is_told() -> None:
    loaded = library()["adsc-mir-122-5p"].read_text(encoding="utf-8")
    assert problems('loaded = "miR-122-5p"\n', "", loaded)[0].field == "engineering.loaded"
    assert (
        problems("value = 0.5, low = 0.3, high = 0.8", "value = 1.5", loaded)[0].field
        == "engineering.kept_after_loading"
    )


def test_files_and_names_are_found_and_others_told(tmp_path: Path) -> None:
    copy = tmp_path / "mine.toml"
    shutil.copy(library()["milk"], copy)
    assert load_product(copy) == load_product("milk")
    for wrong, words in ((str(tmp_path), "is a folder"), ("adsc-nativ", "neither a file nor a product")):
        with pytest.raises(InputError, match=words) as caught:
            load_product(wrong)
        assert "adsc-native" in caught.value.problems[0].allowed
    assert caught.value.problems[0].suggestion == "adsc-native"
    copy.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="UTF-8"):
        load_product(copy)
    copy.write_text("#" * 1_000_001)
    with pytest.raises(InputError, match="1 MB"):
        load_product(copy)


@pytest.mark.parametrize("text", ["-80 C", "-80 degC", "-80C", "-80 °C", "193.15 K"])
def test_temperatures_are_read_as_people_write_them(text: str) -> None:
    product = parse_product(TEXT.replace('"-80 C"', f'"{text}"'))
    assert product.storage[0].temperature == pytest.approx(-80.0)


def test_quantities_are_converted() -> None:
    changed = TEXT.replace('"28 days"', '"4 weeks"').replace('vial_volume = "5 mL"', 'vial_volume = "5000 uL"')
    product = parse_product(changed)
    assert product.storage[0].days == pytest.approx(28.0)
    assert product.particles.vial_volume == pytest.approx(5.0)


def test_lines_of_nested_tables() -> None:
    text = "a = 1\n[b]\nc = 2\n[[d]]\ne = 3\n[[d]]\ne = 4\n[d.f]\ng = 5\n"
    lines = toml_lines(text)
    assert lines[("a",)] == 1 and lines[("b", "c")] == 3
    assert lines[("d", 0, "e")] == 5 and lines[("d", 1, "e")] == 7 and lines[("d", 1, "f", "g")] == 9


@settings(max_examples=150)
@given(
    at=st.integers(0, len(TEXT) - 1),
    length=st.integers(0, 12),
    text=st.text(alphabet=st.characters(codec="utf-8", max_codepoint=0x2FF), max_size=8),
)
def test_a_damaged_file_is_read_or_told(at: int, length: int, text: str) -> None:
    """Whatever is typed into a file, the answer is a product or problems that name something."""
    try:
        parse_product(TEXT[:at] + text + TEXT[at + length :], "x.toml")
    except InputError as error:
        assert all(problem.message for problem in error.problems)
