"""Two runs side by side: what counts as asked for differently, and the effects that stand beside it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from anagen.studio.jobs.job import DONE, Job
from anagen.studio.results.effects import differences, effects_of
from anagen.study import Study
from anagen.study.shipped import DEMO

HEAD = "kind,role,draw,replicate,arm,control,endpoint,measure,threshold,week,estimate,ci_low,ci_high,standard_error"
WHAT = "new,old,total_density,change,,24"


def job(folder: Path, **spec: object) -> Job:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    return Job(
        id="a", kind="run", title="A run", spec=spec, state=DONE, stage="", done=1.0, total=1.0, seconds_left=None,
        error=None, folder=folder, log=folder / "log", created=now, started=now, finished=now, owner=None, deleted=None,
        attempt=1, shared=False,
    )  # fmt: skip


def test_a_default_that_is_written_down_is_no_difference(tmp_path: Path) -> None:
    study = yaml.safe_load(Study.load(DEMO).to_yaml())
    bare = {key: value for key, value in study.items() if key not in ("analysis", "observed", "source")}
    one = job(tmp_path, study=study | {"analysis": {"method": "ancova", "estimand": "treatment_policy", "alpha": 0.05}})
    assert [path for path, *_ in differences(one, job(tmp_path, study=bare))] == []
    other = job(tmp_path, study=bare | {"analysis": {"alpha": 0.01}})
    assert differences(one, other) == [("study.analysis.alpha", "–", "0.01")]
    broken = job(tmp_path, study={"title": "what this version cannot read"})
    assert ("study.title", "–", "what this version cannot read") not in differences(broken, broken)
    assert differences(one, broken)


@pytest.mark.parametrize(("draws", "words"), [(100, "+5.0 (+0.5 to +9.5)"), (3, "+5.0")])
def test_the_expected_effect_stands_with_its_range_over_parameters(tmp_path: Path, draws: int, words: str) -> None:
    rows = [f"trial,primary,0,0,{WHAT},4.0,1.0,7.0,1.5", f"expected,primary,0,0,{WHAT},5.0,,,"]
    rows += [f"expected,primary,{i + 1},0,{WHAT},{10.0 * i / (draws - 1)},,," for i in range(draws)]
    (tmp_path / "effects.csv").write_text("\n".join([HEAD, *rows]) + "\n")
    (effect,) = effects_of(job(tmp_path))
    assert effect.words == "+4.0 (+1.0 to +7.0)" and effect.expected_words == words
    assert effects_of(replace(job(tmp_path), kind="power")) == ()
