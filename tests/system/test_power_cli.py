"""`anagen power` from the outside: one JSON document, a folder, exit codes, nothing left after a mistake."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli_calls import anagen

ASKED = ("power", "exosome-vs-saline", "--patients", "4,8", "--endpoints", "total_density")
OWN = (*ASKED, "--effect", "8 hairs/cm^2", "--sd", "20 hairs/cm^2", "--correlation", "0", "--replicates", "100")


def test_power_writes_a_folder_and_one_document(tmp_path: Path) -> None:
    done = anagen(*ASKED, "--replicates", "2", "--draws", "20", "--out", "mine", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert [row["patients"] for row in document["power"]] == [4, 8]
    for row in document["power"]:
        for name in ("power", "power_fixed", "type_one_error", "assurance", "ceiling", "coverage"):
            assert 0.0 <= row[name] <= 1.0
            assert row[f"{name}_error" if name != "power_fixed" else "power_fixed_error"] > 0.0
        assert row["screened"] >= row["randomised"] == row["patients_in_all"]
    assert document["smallest"][0]["goal"] == 0.8
    assert document["scenarios"] is None
    page = Path(tmp_path / document["report"]).read_text(encoding="utf-8")
    assert document["headline"].split(":")[0] in page
    kept = json.loads((tmp_path / "mine" / "power.json").read_text(encoding="utf-8"))
    assert kept["power"] == document["power"]
    again = anagen(*ASKED, "--replicates", "2", "--out", "mine", cwd=tmp_path)
    assert again.returncode == 2
    assert "exists" in again.stderr


def test_power_of_ones_own_effect_is_printed_as_tables(tmp_path: Path) -> None:
    done = anagen(*OWN, "--margin", "2", "--goal", "0.9", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    for words in ("No biology is simulated", "type I error", "closed form", "beyond the", "Report:"):
        assert words in done.stdout
    assert max(len(line) for line in done.stdout.splitlines() if "─" in line) <= 100
    assert (tmp_path / "results" / "exosome-vs-saline-power" / "report.html").is_file()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--goal", "1.2"), "--goal: must be a number from 0 to 1"),
        (("--goal", "1"), "--goal: must lie between 0 and 1"),
        (("--patients", "20,4o"), "--patients: '4o' is not a whole number"),
        (("--patients", "20,,40"), "--patients: an empty one is not a whole number"),
        (("--patients", "1"), "--patients: must be a whole number from 2"),
        (("--arm", "exosom"), "--arm: there is no arm 'exosom'; allowed: exosome, saline; did you mean 'exosome'?"),
        (("--controls", "placebo"), "--controls: there is no arm 'placebo'; allowed: exosome, saline"),
        (("--endpoints", "total_densty"), "did you mean 'total_density'?"),
        (("--weeks", "11"), "--weeks: week 11 is not the week of a visit after baseline"),
        (("--effect", "8 um", "--sd", "20"), "--effect: '8 um' is not an amount of"),
        (("--effect", "8"), "--sd: is needed"),
        (("--scenarios", "none.yaml"), "none.yaml: there is no such file"),
    ],
)
def test_a_wrong_option_is_told_with_what_is_right(options: tuple[str, ...], words: str, tmp_path: Path) -> None:
    done = anagen("power", "exosome-vs-saline", *options, cwd=tmp_path)
    assert done.returncode == 2
    assert words in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_scenarios_are_one_table_with_the_row_without_an_effect(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(
        "truths:\n  - {name: huge, effect: 60 hairs/cm^2}\ndesigns:\n  - {name: as written, patients: 4}\n"
        "  - {name: short, patients: 4, set: {endpoints.primary.week: 12}}\n"
    )
    done = anagen(*OWN, "--scenarios", "s.yaml", "--draws", "0", "--replicates", "4", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    rows = json.loads(done.stdout)["scenarios"]
    assert [(row["design"], row["truth"], row["week"]) for row in rows] == [
        ("as written", "no effect", 24.0),
        ("as written", "huge", 24.0),
        ("short", "no effect", 12.0),
        ("short", "huge", 12.0),
    ]
    assert all(row["success_error"] > 0.0 for row in rows)


def test_a_curve_over_patients_leads_to_power(tmp_path: Path) -> None:
    done = anagen("run", "exosome-vs-saline", "--set", "arms.exosome.patients=20,40,80", cwd=tmp_path)
    assert done.returncode == 2
    assert "anagen power STUDY --patients 20,40,80" in done.stderr
    assert list(tmp_path.iterdir()) == []
