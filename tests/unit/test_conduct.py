"""How a published trial was conducted is a covariate of its evidence and changes nothing that is simulated."""

from __future__ import annotations

from pathlib import Path

import pytest

from anagen.core.errors import InputError
from anagen.evidence.effect import pooled_effect
from anagen.evidence.from_studies import rows_of_study
from anagen.evidence.published import published
from anagen.evidence.wording import study_lines
from anagen.study import Study

FILE = Path(__file__).parents[1] / "examples" / "trial-conduct.yaml"
TEXT = FILE.read_text()


def test_check_and_the_published_table_show_it() -> None:
    study = Study.load(FILE)
    words = "sponsor industry; only the assessor blinded; sham none; added to a treatment that both arms had"
    assert f"The published trial: {words}." in str(study.check())
    (row,) = rows_of_study("trial-conduct", study)
    assert (row.sponsor, row.blinding, row.sham, row.add_on) == ("industry", "assessor", "none", "yes")
    assert f"Conduct: {words}" in list(study_lines([row]))


def test_it_is_carried_to_what_is_pooled() -> None:
    rows = rows_of_study("trial-conduct", Study.load(FILE))
    (estimate,) = pooled_effect(rows, "prp", week=24).document()["estimates"]
    assert (estimate["sponsor"], estimate["blinding"], estimate["add_on"]) == ("industry", "assessor", "yes")


def test_it_changes_no_hash() -> None:
    study = Study.load(FILE)
    plain = TEXT.replace("sponsor: industry\nblinding: assessor\nsham: none\nadd_on: true\n", "")
    assert Study.parse(plain).sha256 == study.sha256
    assert Study.parse(study.to_yaml()) == study
    assert Study.from_dict(study.to_dict()) == study


def test_published_results_are_filtered_by_it() -> None:
    found = published(sponsor="industry", blinding="double")
    assert {row.study_file for row in found.rows} >= {"olsen-2007-minoxidil-foam", "price-2002-finasteride"}
    assert all((row.sponsor, row.blinding) == ("industry", "double") for row in found.rows)
    added = {row.study_file for row in published(add_on=True).rows}
    assert {"dhurat-2013-microneedling", "kumar-2018-microneedling"} <= added
    with pytest.raises(InputError, match="did you mean 'industry'"):
        published(sponsor="industri")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("sponsor: industry", "sponsor: industri", "did you mean 'industry'"),
        ("sham: none", "sham: weack", "did you mean 'weak'"),
        ("source: doi:10.1000/example\nsponsor", "sponsor", "describes a published trial, and the file names none"),
        ("blinding: assessor\nsham", "blinding: double\nsham", "is double, and design.blinding says assessor"),
    ],
)
def test_what_is_wrong_is_told(old: str, new: str, words: str) -> None:
    assert old in TEXT
    with pytest.raises(InputError, match=words):
        Study.parse(TEXT.replace(old, new, 1))
