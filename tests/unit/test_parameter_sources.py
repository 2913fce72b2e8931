"""Sources of parameters: priors as they always were, posterior rows used together, what a study says wins."""

from __future__ import annotations

import json
import math
import pickle
import warnings
from dataclasses import asdict, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.main import get_command

import anagen.parameters.sources as sources
from anagen.cli.app import app
from anagen.core.errors import InputError
from anagen.exosomes import load_product, product_parameters
from anagen.parameters import (
    OtherPriorsWarning,
    Parameter,
    load_parameters,
    parameter_source,
    prior_sha256,
    read_posterior,
    source_facts,
    standing,
)
from anagen.reports.guide import explanation
from anagen.study import describe
from anagen.trials.protocol import study_parameters
from small_posterior import DRAWS, NAMES, PRIORS, joint_values, other_priors, small_posterior
from small_studies import EXOSOME, SALINE, small_study, use


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("posterior") / "joint.parquet"
    small_posterior(path)
    return path


def test_the_shipped_posterior_belongs_to_the_shipped_priors_or_the_default_is_the_priors() -> None:
    """A number that is changed under a posterior asks for another calibration."""
    if sources.SHIPPED.is_file():
        posterior = read_posterior(sources.SHIPPED)
        assert posterior.manifest["prior_sha256"] == prior_sha256(PRIORS, posterior.names)
        assert parameter_source().name == "posterior"
        assert load_parameters().calibrated == set(posterior.names)
    else:
        assert parameter_source() == parameter_source("prior")
        assert load_parameters().calibrated == set()
        with pytest.raises(InputError, match=r"comes with no posterior; allowed: prior, the path of a \.parquet file"):
            parameter_source("posterior")


def test_a_shipped_posterior_is_the_default(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "SHIPPED", file)
    assert parameter_source() == parameter_source("posterior")
    assert parameter_source().name == "posterior"
    assert load_parameters().calibrated == set(NAMES)
    assert not load_parameters("prior").calibrated


def test_draw_0_takes_medians(file: Path) -> None:
    parameters = load_parameters(file)
    medians = dict(zip(NAMES, np.median(joint_values(), axis=0).tolist(), strict=True))
    assert parameters.draw(5, 0) == PRIORS.draw(5, 0) | medians
    assert all(medians[name] != PRIORS[name].value for name in NAMES)


def test_draws_take_whole_rows_and_leave_other_parameters_alone(file: Path) -> None:
    parameters, rows = load_parameters(file), joint_values().tolist()
    taken = {seed: [parameters.draw(seed, index) for index in range(1, DRAWS + 1)] for seed in (1, 2)}
    for seed, draws in taken.items():
        found = [rows.index([values[name] for name in NAMES]) for values in draws]
        assert sorted(found) == list(range(DRAWS))
        for index, values in enumerate(draws[:5], start=1):
            others = {name: value for name, value in PRIORS.draw(seed, index).items() if name not in NAMES}
            assert {name: value for name, value in values.items() if name not in NAMES} == others
    assert [d[NAMES[0]] for d in taken[1]] != [d[NAMES[0]] for d in taken[2]]


def test_priors_are_those_of_before(file: Path) -> None:
    """Their hash is that of every field as it was written down, which frozen predictions and the documents hold."""
    told = [{k: None if v in (math.inf, -math.inf) else v for k, v in asdict(p).items()} for p in PRIORS.values()]
    assert PRIORS.sha256() == sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
    assert parameter_source("prior").load().sha256() == PRIORS.sha256()
    assert load_parameters(file).with_posterior(None).sha256() == PRIORS.sha256()
    assert load_parameters(file).with_posterior(None).draw(3, 7) == PRIORS.draw(3, 7)


def test_hash_follows_the_posterior(file: Path, tmp_path: Path) -> None:
    small_posterior(tmp_path / "same.parquet", note="the same draws")
    whole = load_parameters(file)
    assert whole.sha256() == load_parameters(tmp_path / "same.parquet").sha256() != PRIORS.sha256()
    assert whole.with_entries({NAMES[0]: PRIORS[NAMES[0]]}).sha256() != whole.sha256()


def test_rows_show_prior_and_posterior(file: Path) -> None:
    rows = {row["name"]: row for row in load_parameters(file).rows()}
    for name, column in zip(NAMES, joint_values().T, strict=True):
        row, prior = rows[name], PRIORS[name]
        assert (row["informed_by"], row["hand_set"]) == ("posterior", False)
        assert [row[key] for key in ("low", "value", "high")] == np.quantile(column, [0.05, 0.5, 0.95]).tolist()
        assert [row[f"prior_{key}"] for key in ("low", "value", "high")] == [prior.low, prior.value, prior.high]
    other = rows["follicle.exogen_mean"]
    assert (other["informed_by"], other["value"], other["hand_set"]) == ("prior", other["prior_value"], True)
    assert {row["informed_by"] for row in PRIORS.rows()} == {"prior"}


def test_what_is_put_in_place_wins_in_every_draw(file: Path) -> None:
    whole = load_parameters(file)
    fixed = Parameter(NAMES[1], 3.5, "day", "fixed", 3.5, 3.5, "of this test", "C")
    changed = whole.with_entries({NAMES[1]: fixed})
    assert changed.calibrated == set(NAMES) - {NAMES[1]}
    for index in range(4):
        assert changed.draw(1, index) == whole.draw(1, index) | {NAMES[1]: 3.5}
    assert whole.with_entries(dict.fromkeys(NAMES, fixed)).posterior is None


def test_numbers_of_a_study_win_over_the_posterior(tmp_path: Path) -> None:
    """A product's own numbers are the study's parameters; its name may one day stand in a posterior."""
    product = use("exosome", "intradermal", dose=1.0e10, product="uc-msc")
    study = small_study({"exosome": [product], "saline": [SALINE]})
    own = "uc-msc.dose"
    entry = study_parameters(study, PRIORS)[own]
    known = PRIORS.with_entries({own: replace(entry, value=2.0 * entry.value, high=4.0 * entry.high)})
    joint = read_posterior_of(tmp_path / "own.parquet", known, (own, NAMES[1]))
    parameters = study_parameters(study, known.with_posterior(joint))
    assert parameters.calibrated == {NAMES[1]}
    assert parameters[own] == entry
    assert parameters.draw(1, 0)[own] == entry.value
    assert parameters.draw(2, 3)[own] == study_parameters(study, PRIORS).draw(2, 3)[own]


def read_posterior_of(path: Path, known: Any, names: tuple[str, ...]) -> Any:
    from anagen.parameters import write_posterior

    values = np.linspace(0.9, 1.1, 30)[:, None] * np.array([known[name].value for name in names])
    write_posterior(path, names, values, priors=known, sampler="", chains=1, seed=1, studies=[], overwrite=True)
    return read_posterior(path)


def test_a_part_of_the_set_keeps_its_rows(tmp_path: Path) -> None:
    recovered = "isolation.ultrafiltration_yield"
    joint = read_posterior_of(tmp_path / "storage.parquet", PRIORS, (recovered, NAMES[1]))
    whole = PRIORS.with_posterior(joint)
    part = product_parameters(load_product("adsc-native"), whole)
    assert part.calibrated == {recovered}
    assert part.draw(4, 2)[recovered] == whole.draw(4, 2)[recovered]


def test_other_priors_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "old.parquet"
    small_posterior(path, priors=other_priors())
    with pytest.warns(OtherPriorsWarning, match=r"old\.parquet was computed from other priors \([0-9a-f]{12}, here"):
        parameters = load_parameters(path)
    assert parameters.calibrated == set(NAMES)
    told: list[str] = []
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        source = parameter_source(path, tell=told.append)
        source.load()
    assert len(told) == 1 and "drawn from the priors of this version" in told[0]


def test_only_another_number_of_a_prior_that_it_holds_makes_a_posterior_stale() -> None:
    held, outside = PRIORS[NAMES[0]], "cetirizine.effect"
    now = prior_sha256(PRIORS, NAMES)

    def after(entry: Parameter) -> str:
        return prior_sha256(PRIORS.with_entries({entry.name: entry}), reversed(NAMES))

    assert after(held) == now
    assert after(replace(held, note="read again", source="another paper", grade="A", hand_set=False)) == now
    assert after(replace(PRIORS[outside], value=2.1)) == now
    assert after(Parameter("latanoprost.half_dose", 2.0, "mL", "lognormal", 1.0, 4.0, "assumed", "C")) == now
    for changes in ({"value": held.value * 1.01}, {"unit": "week"}, {"lower": -9.0}, {"high": held.high * 1.01}):
        assert after(replace(held, **changes)) != now, changes


@pytest.mark.parametrize(
    ("named", "message"),
    [
        ("priors", "no source of parameters 'priors'; allowed: prior, posterior, the path.*did you mean 'prior'"),
        ("nowhere", "no source of parameters 'nowhere'; allowed: prior, posterior"),
        ("nowhere/x.parquet", r"nowhere/x\.parquet: there is no such file"),
    ],
)
def test_a_source_that_is_none_names_those_that_are(named: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        parameter_source(named)


def test_a_posterior_of_unknown_parameters_is_refused(tmp_path: Path) -> None:
    known = PRIORS.with_entries({"x.y": Parameter("x.y", 2.0, "day", "lognormal", 1.0, 4.0, "assumed", "C")})
    read_posterior_of(tmp_path / "x.parquet", known, ("x.y",))
    with pytest.raises(InputError, match=r"x\.parquet: x\.y: is no parameter of the model"):
        parameter_source(tmp_path / "x.parquet")


def test_another_process_finds_the_same_or_says_that_it_was_changed(tmp_path: Path) -> None:
    path = tmp_path / "joint.parquet"
    small_posterior(path)
    source = pickle.loads(pickle.dumps(parameter_source(path)))
    assert source.load().draw(1, 1) == load_parameters(path).draw(1, 1)
    read_posterior_of(path, PRIORS, NAMES[:2])
    with pytest.raises(InputError, match="was changed while it was in use"):
        source.load()


def test_a_manifest_tells_the_source_without_paths(file: Path) -> None:
    source = parameter_source(file)
    facts = source_facts(source, source.load())
    rest = len(PRIORS) - len(NAMES)
    assert (
        facts["parameter_source"] == f"posterior of {len(NAMES)} parameters (joint.parquet), priors of the other {rest}"
    )
    assert facts["posterior"]["sha256"] == source.sha256
    assert (facts["posterior"]["draws"], facts["posterior"]["calibrated"]) == (DRAWS, len(NAMES))
    assert str(file.parent) not in str(facts)


def test_the_sentence_is_true_to_the_numbers() -> None:
    assert standing(0, 5).startswith("Parameters are hand-set")
    assert standing(2, 5) == (
        "2 of 7 parameters take joint draws from a posterior, which data inform in part; 5 keep their priors, written "
        "down by hand from publications."
    )


def test_a_therapy_shows_its_posterior_beside_its_prior(file: Path) -> None:
    (brake,) = (entry for entry in explanation("exosome", file)["effects"] if entry["parameter"] == NAMES[0])
    assert brake["informed_by"] == "posterior" and brake["value"] != brake["prior_value"] == PRIORS[NAMES[0]].value
    assert explanation("exosome", "prior")["hand_set"] and not explanation("exosome", file)["hand_set"]


def test_what_is_said_of_a_study_counts_what_is_calibrated(file: Path) -> None:
    study = small_study({"exosome": [EXOSOME], "saline": [SALINE]})
    assert "effect size assumed: written down by hand, not fitted to data" in describe(study, "prior")
    assert "effect size informed by published trials" in describe(study, file)


def test_every_command_that_computes_takes_a_source() -> None:
    """Without: the schema, lists of files, queries, the network, what was frozen or published, and `calibrate`, which
    starts from priors.
    """
    found: dict[str, bool] = {}

    def walk(command: Any, name: str) -> None:
        parts = vars(command).get("commands", {})
        for word, part in parts.items():
            walk(part, f"{name} {word}".strip())
        if not parts:
            found[name] = any("--parameters" in option.opts for option in command.params)

    walk(get_command(app), "")
    without = {"schema", "studies", "results", "product list", "ledger show", "ledger verify"}
    without |= {
        "product draw",
        "product potency",
        "network show",
        "network draw",
        "network sbml",
        "network sensitivity",
        "calibrate",
        "formats",
        "import",
        "claims",
        "size",
        "trichoscopy",
    }
    without |= {f"studio {word}" for word in ("key", "token", "backup", "restore")}
    without |= {f"studio user {word}" for word in ("add", "remove", "list")}
    without |= {f"evidence {word}" for word in ("list", "show", "check", "forest")}
    assert {name for name, takes in found.items() if not takes} == without
