"""Shipped studies and products are copied as files that can be edited: the same content, nothing replaced unasked."""

from __future__ import annotations

from pathlib import Path

from anagen.exosomes import library, load_product
from anagen.study import Study
from anagen.study.shipped import find_study
from cli_calls import anagen
from faults import every_fault

STUDY, PRODUCT = "exosome-vs-saline", "adsc-native"


def test_a_study_is_copied_as_it_stands(tmp_path: Path) -> None:
    done = anagen("studies", "--copy", STUDY, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, f"{STUDY}.yaml\n"), done.stderr
    assert (tmp_path / f"{STUDY}.yaml").read_bytes() == find_study(STUDY).read_bytes()


def test_a_study_that_names_files_beside_it_is_copied_with_what_they_say(tmp_path: Path) -> None:
    done = anagen("studies", "--copy", "vesicle-storage", "--out", "mine/storage.yaml", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert Study.load(tmp_path / "mine" / "storage.yaml").sha256 == Study.load("vesicle-storage").sha256


def test_a_product_is_copied_as_it_stands(tmp_path: Path) -> None:
    done = anagen("product", "list", "--copy", PRODUCT, "--out", "my-product.toml", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "my-product.toml").read_bytes() == library()[PRODUCT].read_bytes()
    assert load_product(tmp_path / "my-product.toml") == load_product(PRODUCT)


def test_a_copy_replaces_nothing_unasked_and_a_wrong_name_is_told(tmp_path: Path) -> None:
    (tmp_path / f"{STUDY}.yaml").write_text("mine")
    wrong = {
        ("studies", "--copy", STUDY): "exists already",
        ("studies", "--copy", "exosome-vs-salin"): f"did you mean '{STUDY}'?",
        ("studies", "--out", "elsewhere.yaml"): "--copy",
        ("product", "list", "--copy", "adsc-nativ"): f"did you mean '{PRODUCT}'?",
        ("product", "list", "--out", "elsewhere.toml"): "--copy",
    }
    with every_fault() as row:
        for arguments, words in wrong.items():
            with row(" ".join(arguments)):
                done = anagen(*arguments, cwd=tmp_path)
                assert done.returncode == 2
                assert words in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == [f"{STUDY}.yaml"]
    assert (tmp_path / f"{STUDY}.yaml").read_text() == "mine"
    assert anagen("studies", "--copy", STUDY, "--overwrite", cwd=tmp_path).returncode == 0
    assert (tmp_path / f"{STUDY}.yaml").read_bytes() == find_study(STUDY).read_bytes()
