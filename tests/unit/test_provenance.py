"""Hashes are stable, and the commit is told only where it can be."""

from __future__ import annotations

import os
import subprocess
import tomllib
from pathlib import Path

import pytest

from anagen.core.provenance import (
    canonical_json,
    git_commit,
    package_version,
    sha256_of_file,
    sha256_of_json,
    source_sha256,
)


def test_hash_does_not_depend_on_the_order_of_keys() -> None:
    assert sha256_of_json({"a": [1, 2.5], "b": "µ"}) == sha256_of_json({"b": "µ", "a": [1, 2.5]})
    assert sha256_of_json([1, 2]) != sha256_of_json([2, 1])


def test_what_json_does_not_have_is_refused() -> None:
    with pytest.raises(ValueError, match="JSON"):
        canonical_json(float("nan"))
    with pytest.raises(TypeError):
        canonical_json({1, 2})


def test_hash_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    assert sha256_of_file(tmp_path / "empty").startswith("e3b0c442")


def test_source_hash_follows_names_and_bytes(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = 1\n")
    first = source_sha256(tmp_path)
    (tmp_path / "cache.pyc").write_text("anything")
    assert source_sha256(tmp_path) == first
    (tmp_path / "a.py").write_text("x = 2\n")
    second = source_sha256(tmp_path)
    (tmp_path / "a.py").rename(tmp_path / "b.py")
    assert len({first, second, source_sha256(tmp_path)}) == 3


def test_version_is_that_of_the_project() -> None:
    project = tomllib.loads((Path(__file__).resolve().parents[2] / "pyproject.toml").read_text(encoding="utf-8"))
    assert package_version() == project["project"]["version"], "run make setup"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    package = tmp_path / "src" / "anagen"
    package.mkdir(parents=True)
    (package / "a.py").write_text("x = 1\n")
    author = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    for command in (["init", "-q"], ["add", "."], [*author, "commit", "-q", "-m", "first"]):
        subprocess.run(["git", *command], cwd=tmp_path, check=True)
    return package


def test_commit_of_a_checkout_and_whether_it_was_modified(checkout: Path) -> None:
    commit = git_commit(checkout)
    assert commit is not None
    assert len(commit) == 40
    (checkout / "a.py").write_text("x = 2\n")
    assert git_commit(checkout) == f"{commit}+modified"


def test_no_commit_without_git_or_a_checkout(checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # A package inside an environment that happens to lie in somebody's repository is not a checkout of it.
    installed = tmp_path / "lib" / "anagen"
    installed.mkdir(parents=True)
    assert git_commit(installed) is None
    monkeypatch.setenv("PATH", os.devnull)
    assert git_commit(checkout) is None


def test_variables_that_git_sets_in_hooks_do_not_mislead(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    assert git_commit(checkout) is not None
