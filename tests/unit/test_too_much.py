# ruff: noqa: E501  (tables of nonsense are read line by line)
"""A megabyte of nonsense is refused within two CPU seconds, and what is too long is cut in messages."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from anagen.core.errors import InputError, Problem
from anagen.core.texts import json_data, toml_data
from anagen.evidence.table import TRIALS, read_published
from anagen.exosomes import library, load_product
from anagen.signalling.network import load_network, network_from_file
from anagen.study import Study, parse_set
from anagen.study.shipped import shipped_studies
from fuzz import LONGEST_MESSAGE, MOST_CPU_SECONDS

STUDY = shipped_studies()["exosome-vs-saline"].read_text(encoding="utf-8")
PRODUCT = library()["adsc-native"].read_text(encoding="utf-8")
HEADER, *ROWS = TRIALS.read_text(encoding="utf-8").splitlines()
FULL = 900_000


def study(text: str) -> Callable[[], object]:
    return lambda: Study.parse(text, "mine.yaml")


def file_of(name: str, read: Callable[[Path], object], text: str) -> Callable[[Path], object]:
    def write_and_read(folder: Path) -> object:
        (folder / name).write_text(text, encoding="utf-8")
        return read(folder / name)

    return write_and_read


def network(path: Path) -> object:
    return network_from_file(path, load_network())


NONSENSE: dict[str, Callable[[Path], object]] = {
    "a study of 90,000 keys": file_of("a.yaml", Study.load, STUDY + "".join(f"k{i}: 1\n" for i in range(80_000))),
    "a study of 9,000 unknown keys": file_of("a.yaml", Study.load, STUDY + "".join(f"titel{i}: 1\n" for i in range(9_000))),
    "a list of 450,000 visits": file_of("a.yaml", Study.load, f"visits: [{'0,' * 449_000}1]"),
    "9,000 visits": file_of("a.yaml", Study.load, STUDY.replace("[0, 4, 8, 12, 16, 24]", str(list(range(9_000))))),
    "9,000 unknown names": file_of("a.yaml", Study.load, STUDY.replace("  ethnicity:", "  exclusions: [" + ", ".join(f"pregnant{i}" for i in range(9_000)) + "]\n  ethnicity:")),
    "a deep study": file_of("a.yaml", Study.load, "a: " + "[" * FULL),
    "deep keys of a study": file_of("a.yaml", Study.load, "\n".join(" " * i + "a:" for i in range(1_300))),
    "one long word": file_of("a.yaml", Study.load, "study: " + "x" * FULL),
    "a study of 900,000 empty lines": file_of("a.yaml", Study.load, "\n" * FULL),
    "a study of 900,000 empty lines as text": lambda _: Study.parse("\n" * FULL),
    "a study of 300,000 other ends of lines": file_of("a.yaml", Study.load, 'a: "' + "\u2028" * (FULL // 3)),
    "a quotation mark that is never closed": file_of("a.yaml", Study.load, 'a: "\n' + "a\n" * (FULL // 2)),
    "a product of 900,000 empty lines": file_of("a.toml", load_product, "\n" * FULL),
    "a table of 900,000 empty lines": file_of("a.csv", read_published, HEADER + "\n" * FULL),
    "a table with a quotation mark that is never closed": file_of("a.csv", read_published, HEADER + '\n"' + "a\n" * FULL),
    "a product of 90,000 keys": file_of("a.toml", load_product, PRODUCT + "".join(f"k{i} = 1\n" for i in range(70_000))),
    "a product of 9,000 unknown keys": file_of("a.toml", load_product, "".join(f"titel{i} = 1\n" for i in range(9_000)) + PRODUCT),
    "a deep product": file_of("a.toml", load_product, "a = " + "[" * FULL),
    "a product of dotted keys": file_of("a.toml", load_product, "a" + ".a" * (FULL // 2) + " = 1"),
    "a product with a long list": file_of("a.toml", load_product, f"unknown = [{'1,' * 440_000}1]"),
    "a product of 6,000 digits": file_of("a.toml", load_product, f"a = {'9' * 6_000}"),
    "a network of 4,000 inputs": file_of("a.toml", network, "".join(f'[input.I{i}]\ntitle = "x"\n' for i in range(4_000))),
    "a network of unknown names": file_of("a.toml", network, "".join(f'[[edge]]\nfrom = "A{i}"\nto = "B{i}"\nsign = "+"\nweight = 0\nn = 1\nec50 = 0.2\nnote = "x"\n' for i in range(1_000))),
    "a table of 60,000 rows": file_of("a.csv", read_published, HEADER + "\n" + (",".join(["x"] * 20) + "\n") * 24_000),
    "a table of wrong rows": file_of("a.csv", read_published, "\n".join([HEADER, *[row.replace("hair", "har") for row in ROWS] * 3])),
    "a table of 100,000 columns": file_of("a.csv", read_published, "a," * 400_000),
    "20,000 values of an option": lambda _: parse_set("measurement.visits=" + ",".join(map(str, range(20_000)))),
    "a deep JSON": lambda _: json_data("[" * FULL, "a.json"),
    "a deep TOML": lambda _: toml_data("a = " + "{b = " * 100_000, "a.toml"),
}  # fmt: skip


@pytest.mark.parametrize("case", NONSENSE)
def test_nonsense_is_refused_within_two_cpu_seconds(tmp_path: Path, case: str) -> None:
    load_network()
    began = time.process_time()
    with pytest.raises(InputError) as caught:
        NONSENSE[case](tmp_path)
    assert time.process_time() - began < MOST_CPU_SECONDS
    assert len(caught.value.problems) <= 250
    assert [p.text() for p in caught.value.problems if len(p.text()) >= LONGEST_MESSAGE] == []


LONG = "x" * 4_000
CONTRAST = f"observed:\n  - {{contrast: [{LONG}, b], endpoint: {LONG}, week: 24, measure: {LONG}, mean: 8, source: s, read: abstract}}\n"


@pytest.mark.parametrize(
    "text",
    [
        STUDY.replace("name: exosome", f"name: {LONG}"),
        STUDY.replace("name: exosome", f"name: exosome\n    comparator: {LONG}"),
        STUDY.replace("study: exosome-vs-saline", f"study: {LONG}"),
        STUDY.replace("condition: aga", f"condition: {LONG}"),
        STUDY.replace("zone: vertex", f"zone: {LONG}"),
        STUDY.replace("zone: vertex", f"{LONG}: vertex"),
        STUDY.replace("therapy: exosome", f"therapy: {LONG}"),
        STUDY + CONTRAST,
        STUDY + CONTRAST.replace("contrast: [", "arm: ").replace(", b]", ""),
    ],
)
def test_long_text_is_shortened_in_messages(text: str) -> None:
    assert LONG in text
    with pytest.raises(InputError) as caught:
        Study.parse(text, "mine.yaml")
    assert [problem.text() for problem in caught.value.problems if len(problem.text()) >= LONGEST_MESSAGE] == []


def test_a_problem_on_a_line_has_fewer_than_500_characters_whatever_it_holds() -> None:
    names = tuple(f"{name} {i}" for i in range(200) for name in ("short", "x" * 90))
    for count in (0, 1, 5, 200):
        for file in (None, "f" * 600):
            for field in ("", "a" * 300):
                for message in ("", "is wrong", "m" * 900):
                    for suggestion in (None, "s" * 80, "\u202e" * 40):
                        problem = Problem(file, 3, None, field, message, names[:count], suggestion)
                        assert len(problem.text()) < LONGEST_MESSAGE and problem.text().isprintable()
    listed = Problem(None, None, None, "a", "is wrong", names).text()
    assert listed.startswith("a: is wrong; allowed: short 0, xxx") and listed.endswith(" more")


def test_unknown_columns_and_therapies_are_told_in_fewer_than_500_characters(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("studdy,therapie\nx,y\n", encoding="utf-8")
    with pytest.raises(InputError) as columns:
        read_published(tmp_path / "a.csv")
    with pytest.raises(InputError) as therapy:
        Study.parse(STUDY.replace("therapy: exosome", f"therapy: {LONG}"), "mine.yaml")
    for problem in (*columns.value.problems, *therapy.value.problems):
        assert len(problem.text()) < LONGEST_MESSAGE
    assert columns.value.problems[0].text().endswith("did you mean 'study'?")
