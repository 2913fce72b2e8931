"""A protocol answers what its study file says, leaves open what it cannot know, and is the same bytes each time."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import Any

import docx
import pytest

from anagen.core.errors import InputError
from anagen.parameters import parameter_source
from anagen.planning.result import power
from anagen.planning.synopsis.answers import SAID
from anagen.planning.synopsis.facts import Facts
from anagen.planning.synopsis.items import ITEMS, TOP_ITEMS
from anagen.planning.synopsis.page import build_page
from anagen.planning.synopsis.result import ProtocolSynopsis, protocol
from anagen.planning.synopsis.timetable import MOST_COLUMNS, schedule
from anagen.planning.synopsis.word import word_file
from anagen.runs.result import run
from anagen.study import Study
from anagen.study.shipped import shipped_studies
from faults import every_fault
from planned import QUICK

NEVER_KNOWN = ("3a", "3b", "3c", "3d", "6", "7a", "7b", "8", "11", "22", "23", "26", "28a", "29", "30", "31", "34")
"""Items of which no study file says anything."""


@pytest.fixture(scope="module")
def synopsis() -> ProtocolSynopsis:
    return protocol("exosome-vs-saline")


def answer(result: ProtocolSynopsis, number: str) -> Any:
    return next(each.answer for each in result.answers if each.item.number == number)


def test_the_items_are_the_34_of_the_statement_in_its_order() -> None:
    numbers = [item.number for item in ITEMS]
    assert list(dict.fromkeys(int(re.sub(r"\D", "", number)) for number in numbers)) == list(range(1, TOP_ITEMS + 1))
    assert len(numbers) == len(set(numbers)) == 53
    assert set(SAID) < set(numbers)


def test_what_no_study_file_can_know_is_open_and_listed(synopsis: ProtocolSynopsis) -> None:
    states = synopsis.table.set_index("item")["state"]
    assert set(states[list(NEVER_KNOWN)]) == {"open"}
    listed = {number for number, _, _ in synopsis.open_points()}
    assert set(NEVER_KNOWN) <= listed
    assert listed == set(states[states != "answered"].index)


def test_what_the_study_file_says_is_in_the_answers(synopsis: ProtocolSynopsis) -> None:
    arms = answer(synopsis, "15a").tables[0]
    assert [row[0] for row in arms.rows] == ["exosome", "saline"]
    assert arms.rows[0][3] == "1e10 particles per session"
    assert "1:1" in " ".join(answer(synopsis, "12").text)
    assert "60 to 190 hairs/cm²" in " ".join(answer(synopsis, "14a").points)
    assert [row[4] for row in answer(synopsis, "16").tables[0].rows] == ["24"] * 4
    assert "stratified by severity" in answer(synopsis, "21b").text[0]
    attributes = [row[0] for row in answer(synopsis, "27a").tables[0].rows]
    assert attributes == ["Treatment", "Population", "Variable", "Intercurrent events", "Population-level summary"]
    assert any("sterility" in row for table in answer(synopsis, "15a").tables for row in table.rows)


def test_the_size_of_blocks_is_in_no_document(synopsis: ProtocolSynopsis) -> None:
    told = protocol(synopsis.study.set("design.randomisation.block", 34))
    text = " ".join(each for item in told.answers for each in (*item.answer.text, *item.answer.points))
    assert not re.search(r"\b34\b|block", text)
    assert "34" not in {
        cell for item in told.answers for table in item.answer.tables for row in table.rows for cell in row
    }


def test_sessions_and_visits_stand_in_their_weeks(synopsis: ProtocolSynopsis) -> None:
    table = answer(synopsis, "18").tables[0]
    rows = {row[0]: dict(zip(table.header, row, strict=True)) for row in table.rows}
    given = rows["exosome: exosome"]
    assert [name for name in table.header if given[name] == "X"] == [f"week {week}" for week in (0, 2, 4, 6, 8, 10)]
    counted = rows["Total hair density (primary)"]
    assert counted["week 24"] == "X*"
    assert [name for name in table.header[1:] if counted[name]] == [f"week {week}" for week in (0, 4, 8, 12, 16, 24)]
    assert rows["Allocation"]["allocation"] == "X"


def test_many_sessions_are_counted_between_visits() -> None:
    study = (
        Study.load("exosome-vs-saline").set("arms.exosome.schedule.every", 1).set("arms.exosome.schedule.sessions", 20)
    )
    facts = Facts(study, parameter_source("default"))
    table = schedule(facts)
    assert len(table.header) - 3 == len(study.measurement.visits) <= MOST_COLUMNS
    row = next(row for row in table.rows if row[0] == "exosome: exosome")
    assert [int(cell) for cell in row[3:] if cell] == [4, 4, 4, 4, 4]


def test_sample_size_is_open_without_a_result_and_that_of_power_with_one(tmp_path: Path) -> None:
    study = Study.from_dict(QUICK)
    without = protocol(study)
    assert any("--power" in point for point in answer(without, "19").open)
    found = power(study, [20], replicates=2, draws=20)
    saved = found.save(tmp_path / "planned")
    with_result, with_folder = protocol(study, numbers=found), protocol(study, numbers=saved)
    row = found.table.iloc[0]
    printed = answer(with_folder, "19").tables[0].rows[0]
    assert printed[4] == f"{100 * row['assurance']:.1f} ± {100 * row['assurance_error']:.1f}"
    assert answer(with_result, "19") == answer(with_folder, "19")
    assert not any("--power" in point for point in answer(with_folder, "19").open)


def test_a_result_of_another_study_or_kind_is_refused(tmp_path: Path) -> None:
    study = Study.from_dict(QUICK)
    saved = power(study, [20], replicates=2, draws=0, effect=8, sd=20, correlation=0).save(tmp_path / "planned")
    with pytest.raises(InputError, match="design differ from quick"):
        protocol(study.set("design.dropout", 0.2), numbers=saved)
    with pytest.raises(InputError, match="is not a folder"):
        protocol(study, numbers=tmp_path / "nothing")
    (saved / "power.json").write_text("{}")
    with pytest.raises(InputError):
        protocol(study, numbers=saved)


def test_a_run_tells_its_effect_and_leaves_power_open(tmp_path: Path) -> None:
    study = Study.from_dict(QUICK)
    saved = run(study, patients=4, draws=0).save(tmp_path / "run", report=False)
    said = answer(protocol(study, numbers=saved), "19")
    assert "minoxidil − vehicle" in " ".join(said.text)
    assert said.open


def test_the_same_study_gives_the_same_bytes_without_a_clock(synopsis: ProtocolSynopsis) -> None:
    first, second = word_file(synopsis), word_file(protocol("exosome-vs-saline"))
    assert first == second
    with zipfile.ZipFile(io.BytesIO(first)) as parts:
        assert {part.date_time for part in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = parts.read("docProps/core.xml").decode()
    assert "created" not in core and "modified>" not in core.replace("lastModifiedBy>", "")
    assert build_page(synopsis) == build_page(protocol("exosome-vs-saline"))


def test_both_documents_hold_every_item_and_every_open_point(synopsis: ProtocolSynopsis) -> None:
    document = docx.Document(io.BytesIO(word_file(synopsis)))
    paragraphs = [paragraph.text for paragraph in document.paragraphs]
    headings = [paragraph.text for paragraph in document.paragraphs if paragraph.style.name == "Heading 2"]
    assert headings == [f"{item.number}  {item.title}" for item in ITEMS]
    number = len(synopsis.open_points())
    assert sum(text.startswith("OPEN POINT") for text in paragraphs) == 2 * number
    assert len(document.tables) == sum(len(each.answer.tables) for each in synopsis.answers)
    page = build_page(synopsis)
    assert page.count("<b>OPEN POINT</b>") == number
    assert "http://" not in page.replace("http://www.w3.org", "") and "<script" not in page


def test_every_shipped_study_has_a_protocol() -> None:
    paths = list(shipped_studies().items())
    with every_fault() as row:
        for name, path in paths[::7]:
            with row(name):
                made = protocol(path)
                assert len(made.answers) == len(ITEMS)
                assert build_page(made)


def test_a_crossover_and_randomised_centres_are_named_for_what_they_are() -> None:
    study = Study.load("olsen-2002-minoxidil").to_dict()
    study |= {"observed": [], "intercurrent": []}
    study["arms"] = [arm | {"patients": 40} for arm in study["arms"] if arm["name"] in ("minoxidil 5 %", "vehicle")]
    assert len(study["arms"]) == 2
    study["design"] = {"layout": "crossover", "washout": 24, "dropout": 0.1}
    two = protocol(Study.from_dict(study))
    last = study["measurement"]["visits"][-1]
    assert "two-period crossover trial" in " ".join(answer(two, "12").text)
    assert f"lost by week {2 * last + 24:g}" in " ".join(answer(two, "25b").text)
    centres = {"number": 8, "sd": "4 hairs/cm^2"}
    study["design"] = {"randomisation": {"method": "cluster"}, "centres": centres}
    whole = protocol(Study.from_dict(study))
    assert "cluster-randomised trial" in " ".join(answer(whole, "12").text)
    assert "Whole centres are randomised" in " ".join(answer(whole, "21b").text)
