"""The HTML report: self-contained, complete, escaped, well-formed and the same every time."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import report_tables as made

from anagen.reports import baseline, tables
from anagen.reports.answer import answer_of
from anagen.reports.gallery import FIGURES, DrawnFigure, draw_figures
from anagen.reports.numbers import decimals_for
from anagen.reports.outline import outline_of
from anagen.reports.report import build_report, write_report
from anagen.reports.wording import endpoint_names, source_parts

VOID = {"meta", "img", "br", "hr", "link", "input"}
FETCHING = {"src", "srcset", "poster", "data", "action", "background"}


class Page(HTMLParser):
    """Collects ids, fetched addresses, links, pictures and unbalanced tags."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.ids: list[str] = []
        self.fetched: list[str] = []
        self.links: list[str] = []
        self.alts: list[str] = []
        self.tags: list[str] = []
        self.labelled: list[str] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag not in VOID:
            self.open.append(tag)
        found = {name: value or "" for name, value in attrs}
        self.fetched += [value for name, value in found.items() if name in FETCHING]
        if "id" in found:
            self.ids.append(found["id"])
        if "aria-labelledby" in found:
            self.labelled.append(found["aria-labelledby"])
        if tag == "a":
            self.links.append(found["href"])
        elif "href" in found:
            self.fetched.append(found["href"])
        if tag == "img":
            self.alts.append(found["alt"])

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.words.append(data)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", "".join(self.words))


def report_of(whole: made.Contents, *, drawn: bool = False) -> str:
    """Report of a result; without `drawn`, frames stand for the figures, which take a second."""
    frames = {name: DrawnFigure(name, f"figure {name}") for name in FIGURES}
    return build_report(whole, draw_figures(whole, made.NAMES) if drawn else frames, made.NAMES)


@pytest.fixture(scope="module")
def two_arms() -> str:
    return report_of(made.contents(draws=20, patients=10), drawn=True)


def test_page_is_well_formed(two_arms: str) -> None:
    page = Page(two_arms)
    assert page.wrong == []
    assert page.open == []
    assert len(page.ids) == len(set(page.ids))
    assert set(page.labelled) <= set(page.ids)
    assert page.tags.count("h1") == 1
    assert page.tags.count("caption") == page.tags.count("table")
    assert all(page.alts)


def test_a_checkout_and_an_installed_package_write_the_same_page() -> None:
    whole = made.contents(draws=0)
    pages = [
        report_of(made.changed(whole, manifest={**whole.manifest, "git_commit": commit})) for commit in (None, "c0ffee")
    ]
    assert pages[0] == pages[1]


def test_page_fetches_nothing(two_arms: str) -> None:
    page = Page(two_arms)
    assert all(address.startswith("data:image/svg+xml;base64,") for address in page.fetched)
    assert all(link.startswith("https://doi.org/10.") for link in page.links)
    assert page.links
    assert "script" not in page.tags
    assert "@import" not in two_arms
    assert "url(" not in two_arms


def test_page_holds_the_numbers(two_arms: str) -> None:
    text = Page(two_arms).text
    for words in (
        "exosome",
        "saline",
        "95 % confidence interval over patients",
        "90 % of 20 draws",
        "Hand-set parameters: priors, not fitted.",
        "not medical advice",
        "adsc-native, intradermal, 1e10 particles per session, 6 sessions, every 2 weeks",
        "a" * 64,
        "follicle.anagen_longest",
    ):
        assert words in text, words
    assert text.count("medical advice") == 1
    assert "dutasteride.androgen_drive" not in text  # not used in this run
    assert not re.search(r"\bnan\b", text, re.IGNORECASE)


def test_page_counts_what_is_calibrated_and_shows_prior_and_posterior() -> None:
    whole = made.contents(draws=2, patients=6)
    table = whole.parameters.copy()
    table.loc[0, ["value", "low", "high", "hand_set", "informed_by"]] = [801.0, 771.0, 834.0, False, "posterior"]
    told = {"parameter_source": "posterior of 9 parameters", "posterior": {"calibrated": 9, "prior_only": 700}}
    text = Page(report_of(made.changed(whole, parameters=table, manifest={**whole.manifest, **told}))).text
    assert "1 of 3 parameters that this run used takes its draws from a posterior" in text
    assert "Hand-set parameters" not in text
    columns, rows = tables.parameters_table(table).columns, tables.parameters_table(table).rows
    assert columns[3:5] == ("90 % prior", "90 % posterior")
    told_cells = ["".join(part for part, _ in cell.parts) for cell in rows[0]]
    assert told_cells[1:5] == ["801", "day", "600 to 900 (log-normal)", "771 to 834"]
    assert "90 % posterior" not in tables.parameters_table(whole.parameters).columns


def test_everything_from_the_study_is_escaped() -> None:
    bad = '<script>alert("x")</script>&'
    whole = made.contents((bad, "saline"), draws=2, patients=6)
    study = made.study((bad, "saline"), "saline") | {"title": bad, "question": bad}
    study["arms"][0]["therapies"][0]["product"] = bad
    table = made.comparison(bad, "saline").assign(source=f'{bad} doi:10.1000/x"onclick="y', remark=bad)
    text = report_of(made.changed(whole, study=study, comparison=table), drawn=True)
    assert "<script" not in text
    assert "&lt;script&gt;" in text
    page = Page(text)
    assert page.wrong == []
    assert all(link.startswith("https://doi.org/10.") for link in page.links)


def test_only_dois_become_links() -> None:
    assert source_parts("javascript:alert(1) https://evil.example") == (
        ("javascript:alert(1) https://evil.example", None),
    )
    assert source_parts(float("nan")) == ()
    assert source_parts("see https://doi.org/10.1000/a.b (2020).")[1] == (
        "doi:10.1000/a.b",
        "https://doi.org/10.1000/a.b",
    )


@pytest.mark.parametrize("draws", [0, 6])
@pytest.mark.parametrize("observed", [True, False])
def test_one_arm_and_missing_parts_are_told_in_words(draws: int, observed: bool) -> None:
    text = Page(report_of(made.contents(("exosome",), None, draws=draws, observed=observed, patients=8))).text
    assert "There is no control arm" in text
    assert "every patient of the published series was treated" in text
    assert "credited" not in text  # there is nothing to credit a difference to
    assert ("holds no published results" in text) is not observed
    assert ("No parameter draws were run" in text) is (draws == 0)


def test_six_arms_are_all_named() -> None:
    arms = tuple(f"arm {letter}" for letter in "abcdef")
    text = Page(report_of(made.contents(arms, "arm f", draws=3, replicates=4, patients=6))).text
    for arm in arms:
        assert arm in text
    assert "of 4 replicates" in text


def test_a_trial_without_estimate_says_so() -> None:
    whole = made.contents(draws=0, patients=6)
    table = whole.effects.copy()
    table[["estimate", "standard_error", "ci_low", "ci_high", "p_value"]] = np.nan
    text = Page(report_of(made.changed(whole, effects=table))).text
    assert "could not be estimated" in text
    assert not re.search(r"\bnan\b", text, re.IGNORECASE)


def test_split_scalp_speaks_of_sides() -> None:
    whole = made.contents(draws=2, patients=6)
    study = made.study(("exosome", "saline"), "saline")
    study["design"]["layout"] = "split_scalp"
    text = Page(report_of(made.changed(whole, study=study))).text
    assert "6 virtual patients" in text
    assert "Sides of one scalp" in text


def test_empty_comparison_is_no_comparison() -> None:
    whole = made.contents(draws=0, patients=6)
    text = Page(report_of(made.changed(whole, comparison=made.comparison().iloc[:0]))).text
    assert "holds no published results" in text


def test_answer_follows_the_interval() -> None:
    whole = made.contents(draws=4, patients=6)
    table = whole.effects.copy()
    trial = table["kind"] == "trial"
    table.loc[trial, ["estimate", "ci_low", "ci_high"]] = [3.0, -1.0, 7.0]
    assert (
        "No statistically significant difference between exosome and saline"
        in answer_of(made.changed(whole, effects=table), made.NAMES).headline
    )
    table.loc[trial, ["estimate", "ci_low", "ci_high"]] = [-3.0, -5.0, -1.0]
    assert "smaller on exosome" in answer_of(made.changed(whole, effects=table), made.NAMES).headline


def test_tables_by_hand() -> None:
    patients = pd.DataFrame(
        {
            "replicate": 0,
            "patient": [0, 1, 2],
            "arm": ["a", "a", "b"],
            "age": [30.0, 40.0, 50.0],
            "sex": ["male", "female", "male"],
        }
    )
    table = baseline.baseline_table(patients, ["a", "b"], made.NAMES, ["total_density"])
    rows = {row[0].text: [cell.text.replace("\u00a0", " ") for cell in row[1:]] for row in table.rows}
    assert rows["Patients, n"] == ["2", "1"]
    assert rows["Age (years)"] == ["35 (7)", "50"]
    assert rows["Sex: female"] == ["1 (50 %)", "0 (0 %)"]


def test_effects_table_says_when_p_is_missing() -> None:
    outline = outline_of(made.study(("a", "c"), "c"))
    table = tables.effects_table(made.effects(("a", "c"), "c", p_value=float("nan")), made.NAMES, outline)
    assert table.rows[1][3].text == "not available"


def test_shares_of_patients_are_printed_in_per_cent() -> None:
    table = tables.comparison_table(made.comparison(), made.NAMES)
    row = next(row for row in table.rows if len(row) > 1 and "Adverse events" in row[-1].text)
    assert row[1].text == "10.0 (5.0)"


@pytest.mark.parametrize(
    ("se", "value", "expected"), [(3.5, 1, 1), (41.0, 1, 0), (0.004, 1, 3), (0.0, 120.0, 0), (None, None, 1)]
)
def test_decimals(se: float | None, value: float | None, expected: int) -> None:
    assert decimals_for(se, value) == expected


def test_registered_endpoints_have_printed_names() -> None:
    names = endpoint_names(["total_density", "adverse_event:pain"])
    assert names["total_density"].unit == "hairs/cm²"
    assert names["adverse_event:pain"].title == "Adverse event: pain"


def test_written_files_are_byte_identical(tmp_path: Path) -> None:
    whole = made.contents(draws=3, patients=6)
    one, two = tmp_path / "one", tmp_path / "two"
    one.mkdir()
    two.mkdir()
    written = write_report(whole, one)
    again = write_report(whole, two)
    assert [path.relative_to(one) for path in written] == [path.relative_to(two) for path in again]
    assert written[0].name == "report.html"
    assert {path.suffix for path in written[1:]} == {".svg", ".png"}
    for path, other in zip(written, again, strict=True):
        assert path.read_bytes() == other.read_bytes()
