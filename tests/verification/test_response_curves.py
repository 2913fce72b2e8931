"""Response curves: the same expected effects as plain runs, the same bytes however they are run."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from anagen.core.errors import InputError
from anagen.core.progress import Progress
from anagen.exosomes import library, load_product
from anagen.exosomes.storage import REFERENCE_HISTORIES, StorageStep, remaining_after
from anagen.exosomes.variants import EXAMPLES, read_history, stored_otherwise
from anagen.parameters import load_parameters
from anagen.results import query, read_manifest
from anagen.runs.folders import FolderOptions, RunInterrupted, into_folder
from anagen.runs.study import run_study
from anagen.study import Study, parse_set
from anagen.study.shipped import find_study
from anagen.sweeps import MOST_SETTINGS, Sweep, run_sweep, study_sweep
from anagen.sweeps.product import product_sweep
from anagen.sweeps.result import CurveResult, run_planned

STUDY = find_study("exosome-vs-saline")
DRAWS = 3


def sweep_of(*arguments: str, study: Path = STUDY) -> Sweep:
    return study_sweep(study, [parse_set(argument) for argument in arguments])


class Watched(Progress):
    """Notes how much is done, and stops the work where that is `stop`."""

    def __init__(self, stop: int | None = None) -> None:
        super().__init__()
        self.stop, self.seen = stop, list[int]()

    def advance(self, done: int, total: int) -> None:
        self.seen.append(done)
        if done == self.stop:
            raise KeyboardInterrupt


def folder_of(sweep: Sweep, out: Path, workers: int = 1, progress: Progress | None = None) -> dict[str, bytes]:
    def work(kept: Path) -> CurveResult:
        return run_planned(sweep, draws=DRAWS, workers=workers, work_dir=kept, progress=progress)

    into_folder(sweep.name, FolderOptions(out), work, CurveResult.save)
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def doses() -> Sweep:
    return sweep_of("arms.exosome.dose=1e9,1e10", "design.dropout=0.2")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("whole") / "out"


@pytest.fixture(scope="module")
def whole(doses: Sweep, folder: Path) -> dict[str, bytes]:
    return folder_of(doses, folder)


def test_a_setting_has_the_expected_effects_of_a_plain_run_to_the_last_bit(doses: Sweep) -> None:
    curve = run_sweep(doses, seed=3, draws=DRAWS)
    for setting, value in enumerate(("1e9", "1e10")):
        overrides = [parse_set(f"arms.exosome.dose={value}")[0], parse_set("design.dropout=0.2")[0]]
        plain = run_study(Study.load(STUDY, overrides), seed=3, draws=DRAWS)
        effects = plain.effects[(plain.effects["kind"] == "expected") & (plain.effects["role"] == "primary")]
        here = curve.draws[curve.draws["setting"] == setting]
        assert here["draw"].tolist() == effects["draw"].tolist() == list(range(DRAWS + 1))
        assert here["effect"].to_numpy().tobytes() == effects["estimate"].to_numpy(dtype=np.float64).tobytes()
        assert here["effect_error"].to_numpy().tobytes() == effects["standard_error"].to_numpy(np.float64).tobytes()
        row = curve.table.iloc[setting]
        assert (row["effect_error"], row["own_error"]) == tuple(here[["effect_error", "own_error"]].iloc[0])
        assert row["effect_error"] > 0.0 and row["own_error"] > 0.0
        manifest = curve.manifest["settings"][setting]
        assert manifest["study_sha256"] == plain.manifest["study_sha256"]
        assert manifest["parameters_sha256"] == plain.manifest["parameters_sha256"]


# by default the command proves it on a smaller curve
@pytest.mark.long
def test_workers_do_not_change_a_byte(doses: Sweep, whole: dict[str, bytes], tmp_path: Path) -> None:
    assert folder_of(doses, tmp_path / "out", workers=2) == whole
    assert {"curve.parquet", "curve.csv", "draws.parquet", "studies.json", "manifest.json", "report.html"} <= set(whole)
    assert {"response-curve.png", "response-curve.svg"} <= set(whole)


def test_a_stopped_curve_goes_on_to_the_same_bytes(doses: Sweep, whole: dict[str, bytes], tmp_path: Path) -> None:
    out, again = tmp_path / "out", Watched()
    with pytest.raises(RunInterrupted, match="the same command goes on from there"):
        folder_of(doses, out, progress=Watched(stop=2))
    assert not out.exists()
    assert folder_of(doses, out, progress=again) == whole
    assert again.seen[0] == 2, "what was kept is not computed again"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.usefixtures("whole")
def test_the_folder_can_be_read_and_asked(folder: Path) -> None:
    manifest = read_manifest(folder)
    assert manifest["kind"] == "response curve"
    assert [row["values"] for row in manifest["settings"]] == [["1e9"], ["1e10"]]
    assert manifest["settings"][0]["options"] == ["--set arms.exosome.dose=1e9", "--set design.dropout=0.2"]
    found = query(folder, 'SELECT "arms.exosome.dose" AS dose, effect FROM curve ORDER BY dose')
    table = pd.read_parquet(folder / "curve.parquet")
    assert found["dose"].tolist() == [1e9, 1e10]
    assert found["effect"].tolist() == table["effect"].tolist() == pd.read_csv(folder / "curve.csv")["effect"].tolist()
    assert query(folder, "SELECT count(*) AS n FROM draws")["n"].tolist() == [2 * (DRAWS + 1)]
    with pytest.raises(InputError, match="curve"):
        query(folder, "SELECT * FROM visits")


def test_all_settings_have_the_same_patients() -> None:
    """Nothing but the setting differs: the control's own mean is the same everywhere, and no dose is no effect.

    Everybody is admitted, since an arm's own mean otherwise holds errors of measurement that its effect does not.
    """
    everybody = Study.load(STUDY).set("population.inclusion", {})
    curve = run_sweep(study_sweep(everybody, [parse_set("arms.exosome.dose=0,1e9,1e10")]), draws=2)
    control = curve.draws["own"] - curve.draws["effect"]
    for _, rows in control.groupby(curve.draws["draw"]):
        assert np.ptp(rows.to_numpy()) < 1e-9
    assert curve.table["effect"].iloc[0] == 0.0
    assert curve.table["effect"].is_monotonic_increasing


def test_combinations_are_all_run_in_order() -> None:
    sweep = sweep_of("arms.exosome.dose=1e9,1e10", "arms.exosome.schedule.every=2,4", "population.age.mean=40")
    assert [point.place for point in sweep.points] == [(0, 0), (0, 1), (1, 0), (1, 1)]
    assert [axis.values for axis in sweep.axes] == [(1e9, 1e10), (2.0, 4.0)]
    assert [axis.title for axis in sweep.axes] == ["Dose of exosome", "Time between sessions of exosome"]
    assert [axis.unit for axis in sweep.axes] == ["particles per session", "weeks"]
    assert {point.study.population.age.mean for point in sweep.points} == {40.0}


def test_arms_that_do_not_vary_are_not_shown() -> None:
    many = find_study("adsc-exosome-dose-response")
    assert sweep_of("arms.1e9 particles.schedule.every=2,4", study=many).arms == ("1e9 particles",)
    assert len(sweep_of("population.age.mean=30,40", study=many).arms) == 5
    assert len(sweep_of("arms.saline.schedule.every=2,4", study=many).arms) == 5


def test_too_many_settings_are_refused() -> None:
    values = ",".join(str(number) for number in range(1, 10))
    with pytest.raises(InputError, match=rf"9 x 9 values make 81 settings; at most {MOST_SETTINGS}"):
        sweep_of(f"arms.exosome.schedule.every={values}", f"arms.exosome.schedule.sessions={values}")


def test_a_curve_follows_one_endpoint() -> None:
    with pytest.raises(InputError, match=r"--set endpoints.primary.week: changes the primary endpoint"):
        sweep_of("endpoints.primary.week=12,24")


def test_every_wrong_value_is_told_once() -> None:
    with pytest.raises(InputError) as caught:
        sweep_of("design.dropout=0.1,2,3", "arms.exosome.dose=1e9,1 mg")
    assert sorted(problem.field for problem in caught.value.problems) == [
        "--set arms.exosome.dose=1 mg",
        "--set design.dropout=2",
        "--set design.dropout=3",
    ]


def test_a_product_is_followed_over_the_usual_doses_where_nothing_is_asked() -> None:
    sweep = product_sweep("uc-msc")
    assert sweep.axes[0].values == (1e8, 1e9, 1e10, 1e11, 1e12)
    assert (sweep.name, sweep.arms) == ("uc-msc-curve", ("exosome",))
    use = sweep.points[0].study.arms[0].therapies[0]
    assert (use.product, use.product_file) == ("uc-msc", None)
    assert "saline injection" in sweep.notes[0]


def test_a_schedule_is_changed_for_the_control_as_well() -> None:
    sweep = product_sweep("uc-msc", every="2,4", sessions="3")
    for point in sweep.points:
        given, control = (arm.therapies[0] for arm in point.study.arms)
        assert given.schedule == control.schedule
        assert given.schedule.sessions == 3
        assert given.dose is not None
        assert given.dose.value == load_product("uc-msc").dose.value == 1e11


def test_storage_changes_a_product_by_what_is_left_of_it() -> None:
    curve = run_sweep(product_sweep("adsc-native", storage="as told,-80 C 28 d,fresh,4 C 48 h"), draws=0)
    told, frozen, fresh, cold = curve.table["effect"].tolist()
    plain = run_study(Study.load(STUDY), draws=0).effects
    usual = plain[(plain["kind"] == "expected") & (plain["role"] == "primary")]["estimate"].iloc[0]
    assert told == frozen == usual, "the product's own history written out"
    assert fresh > told > cold


def test_a_product_file_is_followed_as_one_of_the_library(tmp_path: Path) -> None:
    path = tmp_path / "copy.toml"
    path.write_text(library()["adsc-native"].read_text(encoding="utf-8"), encoding="utf-8")
    ours, theirs = (run_sweep(product_sweep(name, dose="1e9,1e10"), draws=2) for name in (str(path), "adsc-native"))
    pd.testing.assert_frame_equal(ours.table, theirs.table)
    assert ours.studies[0]["study"]["arms"][0]["therapies"][0]["product_file"]["file"] == "copy.toml"


@pytest.mark.parametrize("words", EXAMPLES)
def test_conditions_in_words_make_product_files(words: str) -> None:
    from anagen.exosomes import parse_product

    text = library()["uc-msc"].read_text(encoding="utf-8")
    product, plain = parse_product(stored_otherwise(text, read_history(words))), parse_product(text)
    assert product.model_copy(update={"storage": ()}) == plain.model_copy(update={"storage": ()})
    assert (product.storage == plain.storage) == (words in ("as told", "-80 C 28 d trehalose"))


@pytest.mark.parametrize(
    ("words", "history"),
    [
        ("fresh", REFERENCE_HISTORIES["fresh"]),
        ("4 C 48 h", REFERENCE_HISTORIES["48 h at 4 C, PBS, polypropylene"]),
        ("48 h at 4 C, low-binding", REFERENCE_HISTORIES["48 h at 4 C, PBS, low-binding tube"]),
        ("-80 C for 4 weeks", REFERENCE_HISTORIES["28 days at -80 C, PBS"]),
        ("-80 C 3 thaws", REFERENCE_HISTORIES["three freeze-thaws"]),
        ("lyophilised", REFERENCE_HISTORIES["lyophilised with trehalose"]),
        ("-80 °C 7 d sucrose + 4 C 1 d glass", (StorageStep(-80, 7, "pbs-sucrose"), StorageStep(4, 1, tube="glass"))),
    ],
)
def test_conditions_in_words_mean_the_published_histories(words: str, history: tuple[StorageStep, ...]) -> None:
    from anagen.exosomes import parse_product

    text = stored_otherwise(library()["adsc-native"].read_text(encoding="utf-8"), read_history(words))
    values = load_parameters().draw(0, 0)
    assert remaining_after(parse_product(text).history(), values) == pytest.approx(remaining_after(history, values))


@pytest.mark.parametrize(
    ("words", "says"),
    [("warm", "no temperature"), ("4 C", "no time"), ("4 C 2 d amber", "unknown word 'amber'"), ("", "no temperature")],
)
def test_a_condition_that_is_not_understood(words: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        read_history(words)


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"dose": "1e9,many"}, "dose many"),
        ({"route": "nowhere"}, "route nowhere"),
        ({"every": "2,x"}, "every x"),
        ({"sessions": "1.5"}, "sessions 1.5"),
        ({"storage": "4 C"}, "storage 4 C"),
    ],
)
def test_a_wrong_option_of_a_product_is_named(options: dict[str, str], field: str) -> None:
    with pytest.raises(InputError) as caught:
        product_sweep("uc-msc", **options)
    assert {problem.field for problem in caught.value.problems} == {field}
