"""`anagen therapies` from the outside: what it prints and returns."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from anagen.therapies import THERAPIES
from cli_calls import Finished, anagen


def therapies(*arguments: str, cwd: Path) -> Finished:
    return anagen("therapies", *arguments, cwd=cwd)


def test_every_therapy_is_listed(tmp_path: Path) -> None:
    rows = json.loads(therapies("--json", cwd=tmp_path).stdout)
    assert {row["name"] for row in rows} == set(THERAPIES)
    controls = [THERAPIES[row["name"]].is_control for row in rows]
    assert controls == sorted(controls), "treatments come before controls"
    assert all(row["grade"] in ("A", "B", "C", "D") for row in rows if row["control"])
    printed = therapies(cwd=tmp_path).stdout
    assert "botulinum-toxin" in printed and "low-level light" in printed
    assert max(len(line) for line in printed.splitlines() if line[:1] in "┏┃┡│└") <= 100


def test_one_is_explained_with_its_prior_control_evidence_and_cost(tmp_path: Path) -> None:
    finished = therapies("lllt", cwd=tmp_path)
    assert finished.returncode == 0, finished.stderr
    for words in (
        "Mechanism",
        "Beside the network",
        "90 % prior",
        "Its control is sham light.",
        "from anagen ",
        "Grade A",
        "Corrected",
        "EUR",
        "Harms",
    ):
        assert words in finished.stdout, words
    assert "lanzafame-2014-lllt-women" in finished.stdout
    document = json.loads(therapies("lllt", "--json", cwd=tmp_path).stdout)
    brake = next(entry for entry in document["effects"] if entry["lever"] == "anagen_extension")
    assert brake["low"] < brake["value"] < brake["high"]
    assert document["routes"][0]["settings"][0]["default"] == 655.0


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("avodart", "a brand of dutasteride"),
        ("FUT", "30 FU/cm^2 per session, in 1 session;"),
        ("Regaine", "1 mL twice a day"),
        ("platelet-rich plasma", "Platelet-rich plasma (prp in study files)"),
        ("threads", "Pain and swelling in"),
        ("diet", "No adverse event of its own is known."),
        ("ginseng", "It moves no lever"),
        ("fractional-co2", "the procedure is what is tested"),
        ("exosome", "the effect of the procedure cancels"),
        ("sham-light", "It is a control"),
        ("excimer", "308 nm"),
        ("excimer", "Contraindicated"),
        ("threads", "Not to be chosen, plla"),
    ],
)
def test_what_must_be_said_is_said(name: str, words: str, tmp_path: Path) -> None:
    finished = therapies(name, cwd=tmp_path)
    assert finished.returncode == 0, finished.stderr
    assert words in finished.stdout


def test_a_misspelt_name_is_answered_with_the_nearest(tmp_path: Path) -> None:
    finished = therapies("minoxidill", "--json", cwd=tmp_path)
    assert finished.returncode == 2
    assert "did you mean 'minoxidil'" in finished.stderr
    assert json.loads(finished.stdout)["problems"][0]["suggestion"] == "minoxidil"


def test_a_page_is_sentences_of_at_most_a_hundred_columns(tmp_path: Path) -> None:
    for line in therapies("exosome", cwd=tmp_path).stdout.splitlines():
        assert len(line) <= 100 or " " not in line.strip(), line
        assert "never" not in line
