"""Posterior draws: a file that can be trusted or is refused, rows used once each, draws that stay together."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from anagen.core.errors import InputError
from anagen.core.provenance import sha256_of_file
from anagen.core.streams import Purpose
from anagen.parameters import prior_sha256, read_posterior, write_posterior
from anagen.parameters.manifest import MANIFEST_KEYS
from anagen.parameters.posterior import manifest_path
from small_posterior import DRAWS, NAMES, PRIORS, joint_values, small_posterior


@pytest.fixture
def posterior(tmp_path: Path) -> Path:
    small_posterior(tmp_path / "joint.parquet")
    return tmp_path / "joint.parquet"


def test_what_is_written_is_read(posterior: Path) -> None:
    found = read_posterior(posterior)
    assert found.names == NAMES and found.draws == DRAWS
    np.testing.assert_array_equal(found.matrix, joint_values())
    assert tuple(found.manifest) == MANIFEST_KEYS
    assert found.sha256 == sha256_of_file(posterior)
    assert found.manifest["studies"] == ["exosome-vs-saline"]
    assert found.manifest["prior_sha256"] == prior_sha256(PRIORS, NAMES)


def test_the_same_draws_are_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        small_posterior(tmp_path / f"{name}.parquet")
    for suffix in (".parquet", ".json"):
        assert (tmp_path / f"a{suffix}").read_bytes() == (tmp_path / f"b{suffix}").read_bytes()


def test_central_is_the_median_and_the_interval_its_quantiles(posterior: Path) -> None:
    found = read_posterior(posterior)
    for name, column in zip(NAMES, joint_values().T, strict=True):
        assert found.central[name] == np.median(column)
        assert found.interval_90[name] == tuple(np.quantile(column, [0.05, 0.95]))


def test_every_row_is_used_once_before_any_is_used_again(posterior: Path) -> None:
    found = read_posterior(posterior)
    orders = {seed: [found.row_of(seed, index) for index in range(1, 2 * DRAWS + 1)] for seed in (1, 2)}
    for order in orders.values():
        assert sorted(order[:DRAWS]) == sorted(order[DRAWS:]) == list(range(DRAWS))
    assert orders[1] != orders[2]
    with pytest.raises(ValueError, match="counted from 1"):
        found.row_of(1, 0)


def test_purposes_of_draws_are_distinct() -> None:
    """An enumeration takes a second name for the same number without a word."""
    assert len(Purpose) == len(Purpose.__members__)


def test_a_read_posterior_cannot_be_changed(posterior: Path) -> None:
    with pytest.raises(ValueError, match="read-only"):
        read_posterior(posterior).matrix[0, 0] = 1.0


def test_a_changed_file_is_read_again(posterior: Path) -> None:
    before = read_posterior(posterior)
    assert read_posterior(posterior) is before
    small_posterior(posterior, note="again", overwrite=True)
    assert read_posterior(posterior).manifest["note"] == "again"


def test_a_posterior_is_replaced_only_where_that_is_asked_for_and_never_another_file(posterior: Path) -> None:
    before = posterior.read_bytes(), manifest_path(posterior).read_bytes()
    with pytest.raises(InputError, match=r"joint\.json: path: exists already"):
        small_posterior(posterior, note="again")
    assert (posterior.read_bytes(), manifest_path(posterior).read_bytes()) == before
    manifest_path(posterior).write_text('{"thesis": "precious"}')
    with pytest.raises(InputError, match=r"joint\.json: path: was not written by anagen"):
        small_posterior(posterior, note="again", overwrite=True)
    assert posterior.read_bytes() == before[0]
    assert manifest_path(posterior).read_text() == '{"thesis": "precious"}'


def changed_manifest(path: Path, **changes: Any) -> None:
    manifest = json.loads(manifest_path(path).read_text())
    manifest_path(path).write_text(json.dumps({k: v for k, v in (manifest | changes).items() if v is not None}))


def rewritten(path: Path, table: pa.Table, **changes: Any) -> None:
    """Other draws under a manifest that is made to agree, so that only what is asked for is wrong."""
    pq.write_table(table, path)
    changes = {"parameters": table.column_names, "draws": table.num_rows} | changes
    changed_manifest(path, parquet_sha256=sha256_of_file(path), **changes)


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def _no_parquet(path: Path) -> None:
    path.write_bytes(b"draws")
    changed_manifest(path, parquet_sha256=sha256_of_file(path))


BROKEN: dict[str, tuple[Callable[[Path], object], str]] = {
    "no draws file": (lambda path: path.unlink(), r"joint.parquet: there is no such file"),
    "no manifest": (lambda path: manifest_path(path).unlink(), r"joint.json: there is no such file.*joint.parquet"),
    "no JSON": (lambda path: manifest_path(path).write_text("{"), "cannot be read as JSON"),
    "nested too deep": (lambda path: manifest_path(path).write_text("[" * 50_000), "joint.json: .*nested too deep"),
    "no text": (lambda path: manifest_path(path).write_bytes(b"\xff\xfe\x00"), "joint.json: is text in UTF-16"),
    "no mapping": (lambda path: manifest_path(path).write_text("[]"), "does not hold a JSON object"),
    "another format": (lambda path: changed_manifest(path, format="else"), "format 'else'.*anagen-posterior"),
    "another version": (lambda path: changed_manifest(path, version=2), "version 2"),
    "a key missing": (lambda path: changed_manifest(path, chains=None), "chains: is missing"),
    "other bytes": (_cut, "SHA-256 is another"),
    "no parquet": (_no_parquet, "is no Parquet file"),
    "other draws": (lambda path: changed_manifest(path, draws=7), f"{DRAWS} draws of {len(NAMES)}"),
    "other names": (lambda path: changed_manifest(path, parameters=list(NAMES[::-1])), "other draws or parameters"),
    "text": (lambda path: rewritten(path, pa.table({NAMES[0]: ["a"]})), "column of text; expected 64-bit"),
    "no rows": (lambda path: rewritten(path, pa.table({NAMES[0]: pa.array([], pa.float64())})), "holds no draws"),
    "not a number": (lambda path: rewritten(path, pa.table({NAMES[0]: [1.0, np.nan]})), "1 of 2 draws are not finite"),
    "twice": (
        lambda path: rewritten(path, pa.Table.from_arrays([pa.array([1.0])] * 2, names=[NAMES[0]] * 2)),
        "more than one column",
    ),
}


@pytest.mark.parametrize("kind", list(BROKEN))
def test_a_file_that_cannot_be_trusted_is_refused(posterior: Path, kind: str) -> None:
    break_it, message = BROKEN[kind]
    break_it(posterior)
    with pytest.raises(InputError, match=message):
        read_posterior(posterior)


@pytest.mark.parametrize(
    ("names", "values", "message"),
    [
        (["follicle.catagen_duratio"], [[1.0]], "follicle.catagen_duratio: is no parameter of the model"),
        (["follicle.catagen_duration"], [[np.inf]], "1 of 1 draws are not finite"),
        (["follicle.androgen_on_anagen"], [[-1.0], [0.5]], "1 of 2 draws lie outside its physical bounds"),
        (
            ["exosome.half_dose"],
            [[1e300], [2e9]],
            r"1 of 2 draws are over a million times the prior's 2e\+09 particles",
        ),
    ],
)
def test_draws_that_do_not_fit_the_model_are_not_small_posterior(
    tmp_path: Path, names: list[str], values: list[list[float]], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        write_posterior(
            tmp_path / "wrong.parquet", names, values, priors=PRIORS, sampler="", chains=1, seed=1,
            studies=[],
        )  # fmt: skip
    assert list(tmp_path.iterdir()) == []


def test_a_posterior_is_a_parquet_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"ending in \.parquet"):
        small_posterior(tmp_path / "joint.json")


def test_a_column_can_be_left_out_and_the_others_keep_their_rows(posterior: Path) -> None:
    found = read_posterior(posterior)
    fewer = found.only(NAMES[2:])
    assert fewer is not None and fewer.names == NAMES[2:]
    assert fewer.row(5, 3)[NAMES[2]] == found.row(5, 3)[NAMES[2]]
    assert found.only(NAMES) is found
    assert found.only(["x.y"]) is None
