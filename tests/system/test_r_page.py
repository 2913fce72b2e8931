"""The page for people who work in R: its lines run, and give the numbers that the run holds."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

import anagen as front
from anagen.runs.result import TrialResult
from cli_calls import anagen

PAGE = Path(__file__).resolve().parents[2] / "docs" / "r.md"
RSCRIPT = shutil.which("Rscript")
pytestmark = pytest.mark.skipif(RSCRIPT is None, reason="R is not installed here")


def blocks() -> tuple[str, str, str]:
    """The recipe, the one without Parquet, and what is not run."""
    recipe, without, rest = re.findall(r"```r\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.S)
    assert rest.startswith("# not run with this page\n") and "library(nanoparquet)" in recipe
    return recipe, without, rest


def in_r(code: str, folder: Path) -> str:
    assert RSCRIPT is not None
    done = subprocess.run([RSCRIPT, "-e", code], cwd=folder, capture_output=True, text=True, check=False, timeout=240)
    assert done.returncode == 0, done.stderr
    return done.stdout


def needs(package: str) -> None:
    assert RSCRIPT is not None
    code = f'quit(status = as.integer(!requireNamespace("{package}", quietly = TRUE)))'
    if subprocess.run([RSCRIPT, "-e", code], capture_output=True, check=False, timeout=120).returncode:
        pytest.skip(f"the package {package} of R is not installed here")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[TrialResult, Path]:
    folder = tmp_path_factory.mktemp("of_r")
    result = front.run("exosome-vs-saline", patients=12, draws=0, parameters="prior")
    result.save(folder / "run", report=False)
    return result, folder


def test_the_recipe_finds_the_means_and_the_effect_of_the_run(run: tuple[TrialResult, Path]) -> None:
    needs("jsonlite")
    needs("nanoparquet")
    result, folder = run
    show = (
        'cat("\\nmeans", format(aggregate(change ~ arm, change, mean)$change, digits = 12), "\\n")\n'
        'cat("effect", format(coef(lm(change ~ arm + measured_0, change))[2], digits = 12), "\\n")\n'
    )
    told = in_r(blocks()[0] + show, folder)
    arms = result.arms[(result.arms["endpoint"] == "total_density") & (result.arms["week"] == 24)]
    means = dict(zip(*(arms[arms["measure"] == "change"][name] for name in ("arm", "mean")), strict=True))
    found = [float(word) for word in told.partition("\nmeans")[2].split("\n")[0].split()]
    assert sorted(found) == pytest.approx(sorted(means[name] for name in ("exosome", "saline")), rel=1e-6)
    rows = result.effects[(result.effects["kind"] == "trial") & (result.effects["role"] == "primary")]
    (estimate,) = rows["estimate"]
    effect = float(told.partition("\neffect")[2].split()[0])
    assert effect == pytest.approx(estimate, rel=1e-5)


def test_without_parquet_a_query_comes_as_json(run: tuple[TrialResult, Path]) -> None:
    needs("jsonlite")
    result, folder = run
    (command,) = re.findall(r"```console\nanagen (.*?) > rows.json\n```", PAGE.read_text(encoding="utf-8"))
    done = anagen(*shlex.split(command), cwd=folder)
    assert done.returncode == 0, done.stderr
    (folder / "rows.json").write_text(done.stdout, encoding="utf-8")
    told = in_r(blocks()[1] + 'cat("\\nrows", nrow(rows), format(rows$mean[1], digits = 12), "\\n")', folder)
    visits = result.visits[result.visits["assigned"] & (result.visits["endpoint"] == "total_density")]
    first = visits[(visits["arm"] == "exosome") & (visits["week"] == 0)]["measured"].mean()
    count, mean = told.partition("\nrows")[2].split()
    assert int(count) == 12 and float(mean) == pytest.approx(first, rel=1e-6)
