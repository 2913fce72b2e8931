"""The certificate as page, PDF and table, and the EV-TRACK form with EV-METRIC."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date
from pathlib import Path

import pytest
import typer
from release_products import CORD, complete

from anagen.cli.release import (
    DOCUMENT,
    FORM,
    FORM_PAGE,
    NOT_RELEASED,
    PAGE,
    PDF,
    TABLE,
    compared,
    counted,
    released,
    write_template,
)
from anagen.core.errors import InputError
from anagen.exosomes import parse_product
from anagen.exosomes.release import SPECIFICATION, certificate_of
from anagen.formats.evtrack import ev_track_form, form_csv, form_page
from anagen.parameters import load_parameters
from anagen.reports.certificate import _pages, certificate_page  # pyright: ignore[reportPrivateUsage]

PARAMETERS = load_parameters("prior")
REFUSED = certificate_of(parse_product(CORD), PARAMETERS)
GRANTED = certificate_of(parse_product(complete()), PARAMETERS)


def test_the_page_holds_every_item_the_verdict_and_no_links_outside() -> None:
    page = certificate_page(REFUSED)
    assert all(f">{name}<" in page for name in SPECIFICATION)
    assert "Not to be released: 1 item fails (passage)" in page and "no release by a qualified" in page
    assert page.count('class="verdict-notshown"') == len(REFUSED.named("not shown"))
    assert not re.findall(r'(?:src|href)="(?!data:|https://doi\.org)', page)
    assert "Meets the specification" in certificate_page(GRANTED)


def test_a_folder_holds_page_pdf_table_and_form_with_the_same_bytes_each_time(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, folder = tmp_path / "cord.toml", tmp_path / "out"
    file.write_text(CORD, encoding="utf-8")
    with pytest.raises(typer.Exit) as ended:
        released(str(file), None, folder, overwrite=False, as_json=True, source="prior")
    assert ended.value.exit_code == NOT_RELEASED == 4
    document = json.loads(capsys.readouterr().out)
    assert not document["released"] and document["counts"]["not shown"] == len(REFUSED.named("not shown"))
    assert {path.name for path in folder.iterdir()} >= {PAGE, PDF, TABLE, DOCUMENT, FORM, FORM_PAGE}
    rows = list(csv.DictReader(io.StringIO((folder / TABLE).read_text(encoding="utf-8"))))
    assert [row["item"] for row in rows] == list(SPECIFICATION)
    assert next(row for row in rows if row["item"] == "sterility")["verdict"] == "not shown"
    with pytest.raises(InputError, match="exists already"):
        released(str(file), None, folder, overwrite=False, as_json=True, source="prior")
    first = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert first[PDF].startswith(b"%PDF-") and first[PDF].rstrip().endswith(b"%%EOF")
    with pytest.raises(typer.Exit):
        released(str(file), None, folder, overwrite=True, as_json=False, source="prior")
    assert "Not to be released" in capsys.readouterr().out
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == first


def test_an_unknown_use_is_told_with_those_that_are_known(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        released("adsc-native", "injection", None, overwrite=False, as_json=False, source="prior")
    assert caught.value.problems[0].suggestion == "injected" and "cosmetic" in caught.value.problems[0].allowed


def test_comparison_and_count_are_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    compared("adsc-native", "uc-msc", as_json=False, source="prior")
    assert "not shown to be comparable" in capsys.readouterr().out
    table = tmp_path / "events.csv"
    table.write_text("Concentration:,2e8\nSize (nm),Counts\n60,400\n90,900\n120,300\n", encoding="utf-8")
    counted([table], 10.0, None, as_json=False, source="prior")
    printed = capsys.readouterr().out
    assert "2e+09 particles/mL, median" in printed and "[particles]" in printed and "nothing in doubt" in printed


def test_ev_metric_counts_what_is_told_of_what_applies() -> None:
    form = ev_track_form(parse_product(CORD))
    fulfilled = {entry.name: entry.fulfilled for entry in form.metric}
    assert fulfilled == {
        "density gradient": "no",
        "EV density": "does not apply",
        "ultracentrifugation specifics": "does not apply",
        "antibody specifics": "no",
        "lysate preparation": "no",
        "EV-enriched proteins": "no",
        "non-EV-enriched protein": "yes",
        "qualitative and quantitative analysis": "yes",
        "electron microscopy": "yes",
    }
    assert form.score == pytest.approx(100.0 * 3 / 7)


def test_what_a_laboratory_adds_fulfils_the_rest() -> None:
    spun = CORD.replace('"size-exclusion"]', '"ultracentrifugation", "density-gradient"]')
    told = '[ev_track]\nultracentrifugation = "SW 32, 100,000 g, 18 h"\ndensity = "1.10 to 1.14 g/mL"\n'
    told += 'antibodies = "CD63: clone H5C6, 1:1000"\nlysate = "RIPA"\n'
    third = '[[marker]]\nname = "CD81"\nresult = "present"\nsource = "bead flow"\n'
    form = ev_track_form(parse_product(spun + third + told))
    assert form.score == 100.0
    assert ("isolation", "density found", "1.10 to 1.14 g/mL") in form.fields


def test_the_form_is_written_as_csv_and_as_a_page() -> None:
    form = ev_track_form(parse_product(CORD))
    rows = list(csv.DictReader(io.StringIO(form_csv(form))))
    assert rows[-1]["field"] == "score" and rows[-1]["value"] == "43 %"
    assert sum(row["section"] == "EV-METRIC" for row in rows) == 10
    assert "43 % of the components that apply" in form_page(form) and "Homo sapiens" in form_page(form)


def test_a_batch_that_meets_the_specification_ends_with_no_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "batch.toml"
    file.write_text(complete().replace('batch = "UC-2501"', 'batch = "UC-2501"\ndate = 2026-03-31'), encoding="utf-8")
    released(str(file), None, None, overwrite=False, as_json=False, source="prior")
    printed = capsys.readouterr().out
    assert "Meets the specification" in printed and "Results of: 2026-03-31" in printed
    assert re.search(
        rf"Product file: {re.escape(str(file))}, last changed on \d{{4}}-\d\d-\d\d \(UTC\), SHA-256 ", printed
    )


def test_the_certificate_has_page_numbers_dates_and_no_marks_of_code() -> None:
    from anagen.exosomes.loader import ProductFile

    file = ProductFile("lots/cord.toml", "ab" * 32, date(2026, 4, 1))
    dated = complete().replace('batch = "UC-2501"', 'batch = "UC-2501"\ndate = 2026-03-31')
    for text in (CORD, dated, complete().replace('label = "1e11 particles"', "")):
        certificate = certificate_of(parse_product(text), PARAMETERS, None, file)
        pages = _pages(certificate)
        words = [[item.get_text() for item in page.texts] for page in pages]
        assert len(pages) > 1
        for number, each in enumerate(words, start=1):
            assert any(text.endswith(f"page {number} of {len(pages)}") for text in each)
            assert not any("`" in text for text in each)
        assert "`" not in certificate_page(certificate)
        joined = " ".join(words[0])
        assert "lots/cord.toml, last changed on 2026-04-01 (UTC), SHA-256 abababababab" in joined
        assert ("Results of: 2026-03-31" in joined) == ("date =" in text)


def test_a_comparison_names_the_files_of_one_product_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paths = [tmp_path / name for name in ("before.toml", "after.toml")]
    for path in paths:
        path.write_text(CORD, encoding="utf-8")
    compared(*map(str, paths), as_json=False, source="prior")
    printed = capsys.readouterr().out
    assert all(f"{path} (cord-frozen)" in printed for path in paths)
    compared(*map(str, paths), as_json=True, source="prior")
    document = json.loads(capsys.readouterr().out)
    assert (document["first_file"], document["second_file"]) == tuple(f"{path} (cord-frozen)" for path in paths)


def test_a_template_is_printed_or_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_template(None, overwrite=False, source="prior")
    printed = capsys.readouterr().out
    write_template(tmp_path / "form.toml", overwrite=False, source="prior")
    assert (tmp_path / "form.toml").read_text(encoding="utf-8") == printed and "## osmolality" in printed
    with pytest.raises(InputError, match="exists already"):
        write_template(tmp_path / "form.toml", overwrite=False, source="prior")
