"""Pages with numbers in them were generated from the parameters and studies as they are now."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

from anagen.parameters import load_parameters
from anagen.study import Study
from anagen.study.shipped import shipped_studies
from faults import every_fault

PAGE = Path(__file__).resolve().parents[2] / "docs" / "predicted-against-observed.md"
VALIDATION = PAGE.with_name("validation.md")
TREATMENTS = PAGE.with_name("therapies.md")
RENEW = "the page is older than the parameters or studies: run `make docs`"


def test_page_belongs_to_the_parameters() -> None:
    assert f"`{load_parameters().sha256()}`" in PAGE.read_text(encoding="utf-8"), RENEW


def test_page_of_judged_effects_belongs_to_the_parameters() -> None:
    assert f"`{load_parameters().sha256()}`" in PAGE.with_name("effects.md").read_text(encoding="utf-8"), RENEW


def test_page_of_power_belongs_to_the_parameters() -> None:
    assert f"`{load_parameters().sha256()}`" in PAGE.with_name("power.md").read_text(encoding="utf-8"), RENEW


def test_pages_of_designs_and_protocols_belong_to_the_parameters() -> None:
    for name in ("design.md", "protocol.md"):
        assert f"`{load_parameters().sha256()}`" in PAGE.with_name(name).read_text(encoding="utf-8"), RENEW


def test_page_of_validation_belongs_to_the_parameters() -> None:
    assert f"`{load_parameters().sha256()}`" in VALIDATION.read_text(encoding="utf-8"), RENEW


def test_studies_left_out_belong_to_the_parameters() -> None:
    manifest = json.loads((PAGE.with_name("left-out") / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["parameters_sha256"] == load_parameters().sha256(), "validate again with --leave-one-out"


def test_page_says_where_studies_were_left_out_with_other_parameters() -> None:
    manifest = json.loads((PAGE.with_name("left-out") / "manifest.json").read_text(encoding="utf-8"))
    older = manifest["parameters_sha256"] != load_parameters().sha256()
    assert ("These predictions were made before" in VALIDATION.read_text(encoding="utf-8")) == older, RENEW


def test_studies_left_out_belong_to_the_studies() -> None:
    manifest = json.loads((PAGE.with_name("left-out") / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["leave_one_out"]
    now = {name: Study.load(path) for name, path in shipped_studies().items()}
    version = manifest.get("study_hash", 1)
    assert manifest["studies"] == {name: each.sha256_of(version) for name, each in now.items() if each.observed}


def test_page_holds_every_study_with_published_results() -> None:
    page = PAGE.read_text(encoding="utf-8")
    with every_fault() as row:
        for name, path in shipped_studies().items():
            with row(name):
                loaded = Study.load(path)
                said = f"Study `{name}`, `{loaded.sha256[:16]}`" in page
                assert said == bool(loaded.observed), RENEW


def test_page_of_treatments_is_that_of_the_registry() -> None:
    spec = importlib.util.spec_from_file_location("therapies_page", PAGE.with_name("therapies_page.py"))
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.page() == TREATMENTS.read_text(encoding="utf-8"), "run `make docs`"


def test_picture_of_what_it_is_is_that_of_its_script() -> None:
    spec = importlib.util.spec_from_file_location("what_it_is_page", PAGE.with_name("what_it_is_page.py"))
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.picture() == module.PICTURE.read_text(encoding="utf-8"), "run `make docs`"
