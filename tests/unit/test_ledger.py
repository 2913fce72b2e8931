"""Predictions frozen before results were known: nothing of them can be changed without it showing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from anagen.cli.app import app
from anagen.core.errors import InputError
from anagen.study import Study
from anagen.study.shipped import prospective_folder
from anagen.validation.ledger import LEDGER, digest, entries, freeze, predict, shipped_ledger, verify

FROZEN: dict[str, str] = {
    "nct07203599-phase-1": "f083da314df926b7c58476e58e0e6d1e9582f6869414694c920dc88aa8c967a7",
    "nct07203599-phase-2": "5d040b03ce5982f360be85ac6d184d69bcd45a6aedfea4331b96a13b167c4c8b",
    "nct06697080": "a244eace0c3ffe7e9715b1c94689cddb9d2dc94ed9573f496ff2fee647c2b562",
    "nct07248410": "22dbd0164985f90ce2b8b2fe355e53ed2a0a6343f2977d939cfd5a6d82a4ede4",
}
"""What was frozen, by study. An entry of the ledger is added here when it is made; no line is ever changed."""


def test_the_shipped_ledger_is_as_it_was_frozen() -> None:
    assert {entry["study"]: entry["sha256"] for entry in entries(shipped_ledger())} == FROZEN
    assert [problem.text() for problem in verify(shipped_ledger())] == []


def test_every_prospective_study_is_frozen() -> None:
    assert {path.stem for path in prospective_folder().glob("*.yaml")} == set(FROZEN)


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """A ledger with two predictions."""
    for name in ("nct07248410", "nct07203599-phase-1"):
        shutil.copy(prospective_folder() / f"{name}.yaml", tmp_path)
        loaded = Study.load(tmp_path / f"{name}.yaml")
        entry = {"study": loaded.study, "file": f"{name}.yaml", "date": "2026-01-01", "seed": 1, "draws": 20}
        entry |= {"study_hash": 2, "study_sha256": "", "effect": [{"arm": "a", "central": 1.5}]}

        freeze(tmp_path / LEDGER, entry | {"study_sha256": loaded.sha256})
    return tmp_path / LEDGER


def test_what_was_changed_shows(ledger: Path) -> None:
    assert verify(ledger) == []
    text = ledger.read_text(encoding="utf-8")
    second = text.index("[[prediction]]", text.index("[[prediction]]") + 1)
    for changed in (
        text.replace("central = 1.5", "central = 2.5", 1),
        text.replace("2026-01-01", "2025-01-01", 1),
        text[: text.index("[[prediction]]")] + text[second:],
    ):
        ledger.write_text(changed, encoding="utf-8")
        assert verify(ledger), "a change was not seen"
    ledger.write_text(text, encoding="utf-8")
    study = ledger.parent / "nct07248410.yaml"
    study.write_text(study.read_text(encoding="utf-8").replace("patients: 30", "patients: 31"), encoding="utf-8")
    assert [problem.field for problem in verify(ledger)] == ["prediction[0].study_sha256"]


def test_a_prediction_is_made_once_and_never_onto_a_broken_ledger(ledger: Path) -> None:
    with pytest.raises(InputError, match="is frozen already"):
        freeze(ledger, dict(entries(ledger)[0]))
    ledger.write_text(ledger.read_text(encoding="utf-8").replace("1.5", "1.6", 1), encoding="utf-8")
    with pytest.raises(InputError, match="changed after it was frozen"):
        freeze(ledger, {"study": "new", "file": "new.yaml", "effect": []})


def test_a_rehashed_entry_breaks_the_chain(ledger: Path) -> None:
    first = dict(entries(ledger)[0])
    forged = first | {"date": "2020-01-01"}
    text = ledger.read_text(encoding="utf-8").replace("2026-01-01", "2020-01-01", 1)
    ledger.write_text(text.replace(first["sha256"], digest(forged), 1), encoding="utf-8")
    assert [problem.field for problem in verify(ledger)] == ["prediction[1].before"]


def test_predictions_are_those_of_a_run(tmp_path: Path) -> None:
    study = tmp_path / "nct07248410.yaml"
    shutil.copy(prospective_folder() / study.name, study)
    one, two = (predict(Study.load(study), study.name, seed=1, draws=3) for _ in range(2))
    assert one == two
    assert {effect["endpoint"] for effect in one["effect"]} == {"total_density", "mean_diameter", "gpa"}
    assert all(effect["low90"] <= effect["high90"] for effect in one["effect"])


def test_the_commands(ledger: Path) -> None:
    runner = CliRunner()
    assert runner.invoke(app, ["ledger", "verify", "--ledger", str(ledger)]).output.startswith("2 frozen predictions")
    assert runner.invoke(app, ["ledger", "show"]).exit_code == 0
    done = runner.invoke(
        app, ["ledger", "freeze", str(prospective_folder() / "nct06697080.yaml"), "--ledger", str(ledger)]
    )
    assert isinstance(done.exception, InputError), "the study must lie beside its ledger"
