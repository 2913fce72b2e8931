"""A posterior through whole computations: runs, curves and explanations take the same rows, and say so."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from anagen.explanation.explain import explain_arm
from anagen.explanation.wording import headline, notes
from anagen.parameters import ParameterSource, load_parameters, parameter_source
from anagen.runs.study import run_study
from anagen.study import Study, parse_set
from anagen.study.shipped import find_study
from anagen.sweeps import run_sweep, study_sweep
from anagen.trials.protocol import study_parameters
from anagen.validation.ledger import predict
from small_posterior import DRAWS, NAMES, small_posterior

STUDY = find_study("exosome-vs-saline")
READ = study_parameters(Study.load(STUDY), load_parameters("prior"))
"""Those of the model with the weights of the network that the study takes."""
COUNT = f"{len(NAMES)} of {len(READ)} parameters take joint draws"


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> ParameterSource:
    path: Path = tmp_path_factory.mktemp("posterior") / "joint.parquet"
    small_posterior(path)
    return parameter_source(path)


def test_runs_curves_and_explanations_take_the_same_posterior(
    source: ParameterSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = Study.load(STUDY)
    run = run_study(loaded, seed=2, patients=2, draws=1, source=source)
    expected = run.effects[(run.effects["kind"] == "expected") & (run.effects["role"] == "primary")]
    of_draw = dict(zip(expected["draw"].tolist(), expected["estimate"].tolist(), strict=True))
    assert set(of_draw) == {0, 1}
    assert run.manifest["posterior"]["draws"] == DRAWS

    curve = run_sweep(study_sweep(STUDY, [parse_set("arms.exosome.dose=0,1e10")]), seed=2, draws=1, source=source)
    usual = curve.draws[curve.draws["setting"] == 1].sort_values("draw")
    np.testing.assert_array_equal(usual["effect"].to_numpy(), [of_draw[0], of_draw[1]])
    assert curve.manifest["posterior"] == run.manifest["posterior"]

    # What is left without a part takes ten times as long as all else, and reads its parameters in the same way.
    monkeypatch.setattr("anagen.explanation.explain.parts_of", lambda case: ())
    explained = explain_arm(loaded, "exosome", seed=2, draws=0, source=source)
    assert explained.about["gain_total"] == pytest.approx(of_draw[0], rel=1e-9)
    centre = run.effects[(run.effects["kind"] == "expected") & (run.effects["role"] == "primary")].iloc[0]
    assert explained.about["gain_error"] == pytest.approx(centre["standard_error"], rel=1e-9), (
        "the error of a plain run"
    )
    assert "±" in headline(explained)
    assert explained.about["posterior"] == run.manifest["posterior"]
    assert any(note.startswith(COUNT) for note in notes(explained))

    prior = run_study(loaded, seed=2, patients=2, draws=0, source="prior")
    before = prior.effects[(prior.effects["kind"] == "expected") & (prior.effects["role"] == "primary")]
    assert before["estimate"].tolist() != [of_draw[0]]
    assert "posterior" not in prior.manifest and prior.manifest["parameter_source"] == "hand-set priors"


def test_a_frozen_prediction_names_its_posterior(source: ParameterSource) -> None:
    entry = predict(Study.load(STUDY), "a.yaml", seed=2, draws=2, source=source)
    assert entry["posterior_sha256"] == source.sha256
    assert entry["parameters_sha256"] == source.load().sha256()
