"""Predictions frozen before results were known: nothing of them can be changed without it showing."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from anagen.cli.app import app
from anagen.core.errors import InputError
from anagen.exosomes import library
from anagen.parameters import parameter_source
from anagen.study import Study
from anagen.study.shipped import prospective_folder
from anagen.validation.ledger import LEDGER, digest, entries, freeze, head_of, predict, shipped_ledger, toml_of, verify
from anagen.validation.ledger_file import Head, head_file, head_text
from cli_calls import anagen

FROZEN: tuple[tuple[str, str, str], ...] = (
    ("nct07203599-phase-1", "2026-11-23", "f083da314df926b7c58476e58e0e6d1e9582f6869414694c920dc88aa8c967a7"),
    ("nct07203599-phase-2", "2026-11-23", "5d040b03ce5982f360be85ac6d184d69bcd45a6aedfea4331b96a13b167c4c8b"),
    ("nct06697080", "2026-11-23", "a244eace0c3ffe7e9715b1c94689cddb9d2dc94ed9573f496ff2fee647c2b562"),
    ("nct07248410", "2026-11-23", "22dbd0164985f90ce2b8b2fe355e53ed2a0a6343f2977d939cfd5a6d82a4ede4"),
    ("nct07203599-phase-1", "2026-11-29", "5377594addad7fbce821415c38a4c237e164f1936f26019e06a66ada0247e4dc"),
    ("nct07203599-phase-2", "2026-11-29", "5a24bec63dee25564b6cb4d2c98d56590c1b2d2312aaf21c627e8bbd2f86a0fb"),
    ("nct06697080", "2026-11-29", "cf91ac999e55d14ce12acd0d8a06dbbced5d76e6f324e3b146ed93b425f1dc35"),
    ("nct07248410", "2026-11-29", "1151faf157f80eaa2673ae0d7d06aeab395b5710a92ef85b5cec306f63ff45b0"),
)
"""What was frozen: study, date, hash. An entry of the ledger is added here when it is made; no line is ever changed."""
HEAD = "1151faf157f80eaa2673ae0d7d06aeab395b5710a92ef85b5cec306f63ff45b0"
"""The last hash, as it is published in the release notes too."""
ZERO = "0" * 64
EFFECT = {"endpoint": "total_density", "week": 24.0, "measure": "change", "arm": "a", "control": "baseline"}
EFFECT |= {"central": 1.5, "low90": 0.5, "high90": 2.5}


def prediction(study: str, study_sha256: str = ZERO) -> dict[str, object]:
    """What is predicted for a study, before it is frozen."""
    entry: dict[str, object] = {
        "study": study,
        "file": f"{study}.yaml",
        "source": "",
        "date": "2026-01-01",
        "version": "0.1.0",
    }
    entry |= {"study_hash": 2, "study_sha256": study_sha256, "parameters_sha256": ZERO, "seed": 1, "draws": 20}
    return {**entry, "effect": [dict(EFFECT)]}


def test_the_shipped_ledger_is_as_it_was_frozen() -> None:
    assert tuple((entry["study"], entry["date"], entry["sha256"]) for entry in entries(shipped_ledger())) == FROZEN
    assert [problem.text() for problem in verify(shipped_ledger())] == []


def test_every_prospective_study_is_frozen() -> None:
    assert {path.stem for path in prospective_folder().glob("*.yaml")} == {study for study, _date, _hash in FROZEN}


def test_the_published_head_is_that_of_the_shipped_ledger() -> None:
    assert head_of(entries(shipped_ledger())) == Head(predictions=8, head=HEAD)
    assert verify(shipped_ledger(), head=HEAD, count=8) == []
    notes = Path(__file__).parents[2] / "CHANGELOG.md"
    assert f"8 predictions, head `{HEAD}`" in " ".join(notes.read_text(encoding="utf-8").split())


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """A ledger with two predictions."""
    for name in ("nct07248410", "nct07203599-phase-1"):
        shutil.copy(prospective_folder() / f"{name}.yaml", tmp_path)
        freeze(tmp_path / LEDGER, prediction(name, Study.load(tmp_path / f"{name}.yaml").sha256))
    return tmp_path / LEDGER


def chained(frozen: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same entries with every hash computed anew, as a forger would."""
    before, chain = ZERO, []
    for entry in frozen:
        whole = entry | {"before": before}
        chain.append(whole | {"sha256": digest(whole)})
        before = chain[-1]["sha256"]
    return chain


def forged(ledger: Path, frozen: list[dict[str, Any]]) -> None:
    """Write entries into a ledger as they are."""
    ledger.write_text("".join(toml_of(entry) for entry in frozen), encoding="utf-8")


def test_a_cut_tail_a_rewritten_chain_and_an_unknown_end_show(ledger: Path) -> None:
    whole, frozen = ledger.read_text(encoding="utf-8"), entries(ledger)
    head = frozen[-1]["sha256"]
    forged(ledger, frozen[:1])
    for cut in (verify(ledger), verify(ledger, head=head), verify(ledger, count=2)):
        assert any("entries were cut off or added" in problem.message for problem in cut) or cut[-1].field == "count"
    forged(ledger, chained([frozen[0] | {"date": "2020-01-01"}, frozen[1]]))
    assert ["the chain was written anew" in problem.message for problem in verify(ledger)] == [True]
    head_file(ledger).write_text(head_text(head_of(entries(ledger))), encoding="utf-8")
    assert verify(ledger) == [], "a forger who writes both files is seen against the published head only"
    assert "written anew" in verify(ledger, head=head)[0].message
    ledger.write_text(whole, encoding="utf-8")
    head_file(ledger).unlink()
    assert verify(ledger, head=head) == []
    with pytest.raises(InputError, match="give the published head with --head"):
        verify(ledger)
    with pytest.raises(InputError, match="64 hexadecimal digits"):
        verify(ledger, head="abc")


def test_a_freeze_that_was_stopped_before_it_wrote_the_head_is_finished_by_the_next(ledger: Path) -> None:
    first = entries(ledger)[0]["sha256"]
    head_file(ledger).write_text(head_text(Head(predictions=1, head=first)), encoding="utf-8")
    with pytest.raises(InputError, match="is frozen already"):
        freeze(ledger, prediction("nct07203599-phase-1"))
    assert verify(ledger) == []


MALFORMED = {
    "a number": ("prediction = 5\n", 1, "expected a list"),
    "a list of numbers": ("prediction = [1, 2]\n", 1, "expected keys with values"),
    "one table": ("[prediction]\nstudy = 'a'\n", 1, "expected a list"),
    "nothing": ("", None, "holds no frozen prediction"),
    "a comment": ("# empty\n", None, "holds no frozen prediction"),
    "deep": (f"prediction = {'[' * 20_000}", None, "nested"),
    "broken": ("[[prediction]]\nstudy = \n", 2, "is not readable as TOML"),
    "many digits": (f"[[prediction]]\nseed = {'9' * 6000}\n", 2, "too many digits"),
}


@pytest.mark.parametrize("case", MALFORMED)
def test_what_is_no_ledger_is_refused_with_its_line(tmp_path: Path, case: str) -> None:
    text, line, words = MALFORMED[case]
    file = tmp_path / LEDGER
    file.write_text(text, encoding="utf-8")
    for read in (entries, verify, lambda file: freeze(file, prediction("new"))):
        with pytest.raises(InputError) as caught:
            read(file)
        assert [(p.file, p.line, words in p.message) for p in caught.value.problems[:1]] == [(str(file), line, True)]
    assert file.read_text(encoding="utf-8") == text and not head_file(file).exists()


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('date = "2026-01-01"', "date = 2026-01-01", "date: is a date; expected text"),
        ("central = 1.5", 'central = "1.5"', "central: '1.5' is text"),
        ("central = 1.5", "central = nan", "expected a finite number"),
        ("seed = 1", "seed = true", "seed: is true; expected a whole number"),
        ("seed = 1", "sed = 1", "did you mean 'seed'"),
        ('file = "nct', 'file = "../nct', "in the folder of the ledger"),
        ("[[prediction.effect]]", "[[prediction.efect]]", "did you mean 'effect'"),
        (f'before = "{ZERO}"', 'before = "0"', "64 hexadecimal digits"),
    ],
)
def test_a_wrong_field_of_an_entry_is_named(ledger: Path, old: str, new: str, words: str) -> None:
    text = ledger.read_text(encoding="utf-8")
    assert old in text
    ledger.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        verify(ledger)
    assert any(words in problem.text() for problem in caught.value.problems), caught.value
    assert all(problem.line for problem in caught.value.problems)


def test_the_command_prints_count_and_head_and_refuses_another(ledger: Path) -> None:
    head = entries(ledger)[-1]["sha256"]
    told = anagen("ledger", "verify", "--ledger", LEDGER, cwd=ledger.parent)
    assert (told.returncode, told.stdout) == (0, f"2 frozen predictions are as frozen\nhead {head}\n")
    assert (
        anagen("ledger", "verify", "--ledger", LEDGER, "--head", head, "--count", "2", cwd=ledger.parent).returncode
        == 0
    )
    for wrong in (("--head", ZERO), ("--head", "abc"), ("--count", "3")):
        refused = anagen("ledger", "verify", "--ledger", LEDGER, *wrong, cwd=ledger.parent)
        assert refused.returncode == 2 and refused.stdout == ""
    assert anagen("ledger", "show", "--ledger", "frozn.toml", cwd=ledger.parent).returncode == 2
    assert head_file(shipped_ledger()).is_file()


def test_the_command_freezes_tells_the_new_head_and_refuses_a_broken_ledger_before_any_work(
    ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    worked: list[str] = []

    def predicted(study: Study, *_: object, **__: object) -> dict[str, object]:
        worked.append(study.study)
        of_default = {"parameters_sha256": parameter_source("default").load().sha256()}
        return prediction(study.study, study.sha256) | of_default

    monkeypatch.setattr("anagen.validation.ledger.predict", predicted)
    shutil.copy(prospective_folder() / "nct06697080.yaml", ledger.parent)
    call = ("ledger", "freeze", "nct06697080.yaml", "--ledger", LEDGER)
    done = anagen(*call, cwd=ledger.parent)
    assert done.returncode == 0, done.stderr
    assert f"head {entries(ledger)[-1]['sha256']}; publish it" in done.stdout and verify(ledger) == []
    assert anagen(*call, cwd=ledger.parent).returncode == 2
    ledger.write_text("prediction = 5", encoding="utf-8")
    assert anagen(*call, cwd=ledger.parent).returncode == 2
    assert worked == ["nct06697080"]


def test_a_folder_a_missing_file_and_bytes_are_no_ledger(tmp_path: Path) -> None:
    (tmp_path / "latin.toml").write_bytes(b"[[prediction]]\nstudy = '\xe9'\n")
    for name, words in ((".", "is a folder"), ("frozn.toml", "no such file"), ("latin.toml", "not UTF-8")):
        with pytest.raises(InputError, match=words):
            verify(tmp_path / name)


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
        freeze(ledger, prediction("new"))


def test_a_changed_model_predicts_again_and_the_first_prediction_stays(ledger: Path) -> None:
    before = entries(ledger)
    again = freeze(ledger, before[0] | {"parameters_sha256": "1" * 64, "date": "2026-06-01"})
    assert entries(ledger) == [*before, again]
    assert verify(ledger) == []
    shown = anagen("ledger", "show", "--ledger", str(ledger), cwd=ledger.parent).stdout
    assert shown.count("predicted again; the first is judged") == 1


def test_a_rehashed_entry_breaks_the_chain(ledger: Path) -> None:
    first = dict(entries(ledger)[0])
    changed = first | {"date": "2020-01-01"}
    text = ledger.read_text(encoding="utf-8").replace("2026-01-01", "2020-01-01", 1)
    ledger.write_text(text.replace(first["sha256"], digest(changed), 1), encoding="utf-8")
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


@pytest.mark.parametrize("head", ["title = 'my own notes'\n", head_text(Head(predictions=2, head=ZERO))])
def test_a_head_file_that_stands_without_its_ledger_is_named_and_kept(tmp_path: Path, head: str) -> None:
    mine = tmp_path / "mine.head.toml"
    mine.write_text(head, encoding="utf-8")
    with pytest.raises(InputError, match=r"mine\.head\.toml: ledger: stands where .* no .*mine\.toml: put that ledger"):
        freeze(tmp_path / "mine.toml", prediction("new"))
    assert mine.read_text(encoding="utf-8") == head and list(tmp_path.iterdir()) == [mine]


def test_a_head_file_of_another_kind_beside_a_ledger_is_named_before_anything_is_written(ledger: Path) -> None:
    beside, before = head_file(ledger), ledger.read_bytes()
    true = beside.read_text(encoding="utf-8")
    for wrong in ("title = 'my own notes'\n", head_text(Head(predictions=5, head=ZERO))):
        beside.write_text(wrong, encoding="utf-8")
        with pytest.raises(InputError, match=beside.name):
            freeze(ledger, prediction("new"))
        assert beside.read_text(encoding="utf-8") == wrong and ledger.read_bytes() == before
    beside.unlink()
    (ledger.parent / "real.toml").write_text(true, encoding="utf-8")
    beside.symlink_to("real.toml")
    with pytest.raises(InputError, match="is not a plain file"):
        freeze(ledger, prediction("new"))
    assert ledger.read_bytes() == before and beside.is_symlink()


def test_freezing_prints_one_document_where_that_is_asked_for(ledger: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "anagen.validation.ledger.predict", lambda study, *_, **__: prediction(study.study, study.sha256)
    )
    shutil.copy(prospective_folder() / "nct06697080.yaml", ledger.parent)
    done = anagen("ledger", "freeze", "nct06697080.yaml", "--ledger", LEDGER, "--json", cwd=ledger.parent)
    assert done.returncode == 0, done.stderr
    last = entries(ledger)[-1]
    assert json.loads(done.stdout) == {"ledger": LEDGER, "predictions": 3, "head": last["sha256"], "prediction": last}


def test_a_changed_product_file_is_named_where_the_study_is_no_longer_that_frozen(tmp_path: Path) -> None:
    product, study, ledger = tmp_path / "mine.toml", tmp_path / "mine.yaml", tmp_path / LEDGER
    native = library()["adsc-native"].read_text(encoding="utf-8")
    product.write_text(native.replace('name = "adsc-native"', 'name = "mine"', 1), encoding="utf-8")
    example = (Path(__file__).parents[2] / "studies" / "exosome-vs-saline.yaml").read_text(encoding="utf-8")
    study.write_text(example.replace("product: adsc-native", "product: mine.toml"), encoding="utf-8")
    freeze(ledger, prediction("mine", Study.load(study).sha256))
    assert verify(ledger) == []
    product.write_text(native.replace('name = "adsc-native"', 'name = "other"', 1), encoding="utf-8")
    words = f"{study} is not the study that was frozen: it was changed, or a file that it names (mine.toml)"
    assert [problem.message for problem in verify(ledger)] == [words]
