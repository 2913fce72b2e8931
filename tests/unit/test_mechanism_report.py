"""The mechanism and the flags in what a run leaves behind: report, summary, picture."""

from __future__ import annotations

import json
from dataclasses import replace
from xml.etree import ElementTree

import pytest
import report_tables as made
from result_samples import printed_document, sample_contents

from anagen.analysis.plausibility import SOURCE, WHY
from anagen.cli.console import print_json
from anagen.cli.summary import print_summary
from anagen.reports.gallery import FIGURES, DrawnFigure
from anagen.reports.mechanism import mechanism_of
from anagen.reports.report import build_report
from anagen.runs.study import mechanism_of as arms_mechanism
from anagen.signalling.drawing import IN_USE, network_svg
from anagen.signalling.network import load_network
from small_studies import EXOSOME, MINOXIDIL, PLACEBO, SALINE, VEHICLE, small_scene, small_study, use

FLAG = {
    "code": "early_vesicle_gain", "arm": "exosome", "week": 45 / 7, "against": "the same arm without vesicles",
    "basis": "central value", "percent": 21.0, "central": 21.0, "low": None, "high": None, "limit": 10.0, "why": WHY,
    "source": SOURCE,
}  # fmt: skip
ROW = {"arm": "exosome", "inputs": {"VESICLE_WNT": 0.8, "WOUND": 0.2}, "beside": []}


def page(manifest: dict) -> str:
    whole = made.contents(draws=3, patients=6)
    frames = {name: DrawnFigure(name, f"figure {name}") for name in FIGURES}
    return build_report(replace(whole, manifest={**whole.manifest, **manifest}), frames, made.NAMES)


def test_arms_name_the_inputs_that_they_occupy() -> None:
    scene = small_scene(small_study({"both": [EXOSOME, MINOXIDIL], "saline": [SALINE]}))
    both, saline = arms_mechanism(scene.protocol, scene.values)
    assert set(both["inputs"]) == {"VESICLE_WNT", "VESICLE_UPTAKE", "WOUND", "MINOXIDIL"}
    assert both["beside"] == ["telogen_exit"]
    assert set(saline["inputs"]) == {"WOUND"}
    assert all(0.0 < level < 1.0 for level in both["inputs"].values())


def test_dead_vesicles_occupy_nothing() -> None:
    dead = use("exosome", "intradermal", dose=1.0e10, product="adsc-inactivated")
    scene = small_scene(small_study({"dead": [dead], "placebo": [PLACEBO]}))
    found = arms_mechanism(scene.protocol, scene.values)
    assert [set(row["inputs"]) for row in found] == [{"WOUND"}, set()]


def test_the_report_draws_the_network_with_the_inputs_in_use() -> None:
    found = mechanism_of({"study": "s", "mechanism": [ROW]}, {})
    assert found is not None
    assert ElementTree.fromstring(found.picture.decode()).tag.endswith("svg")
    assert "VESICLE WNT" in found.alt and found.table.length == 2
    text = page({"mechanism": [ROW]})
    assert '<h2 id="mechanism">Mechanism</h2>' in text and "anagen explain" in text


def test_the_network_is_drawn_as_the_study_edits_it() -> None:
    plain = mechanism_of({"study": "s", "mechanism": [ROW]}, {})
    edited = mechanism_of({"study": "s", "mechanism": [ROW]}, {"mechanism": {"without": ["VESICLE_WNT->WNT"]}})
    assert plain is not None and edited is not None
    assert b"VESICLE_WNT-&gt;WNT" in plain.picture and b"VESICLE_WNT-&gt;WNT" not in edited.picture


def test_the_network_is_not_read_where_nothing_acts_through_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("the network was read")

    monkeypatch.setattr("anagen.study.attachments.edited_network", refuse)
    assert mechanism_of({"study": "s", "mechanism": [{"arm": "a", "inputs": {}, "beside": []}]}, {}) is None
    assert mechanism_of({}, {}) is None
    beside = mechanism_of({"study": "s", "mechanism": [{"arm": "prp", "inputs": {}, "beside": ["telogen_exit"]}]}, {})
    assert beside is not None and beside.picture == b"" and "telogen exit" in beside.table.rows[0][2].text
    assert "Mechanism" not in page({})


def test_inputs_in_use_are_filled_and_what_they_cannot_reach_is_faint() -> None:
    network = load_network()
    plain, used = network_svg(network), network_svg(network, occupied=["VESICLE_WNT"])
    assert IN_USE not in plain and used.count(IN_USE) == 1
    assert 'opacity="0.25"' not in plain and 'opacity="0.25"' in used
    assert plain == network_svg(network, occupied=())


def test_a_flag_is_said_in_the_report_the_summary_and_its_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert "Implausible: exosome gains 21 % of baseline total density by day 45" in page({"flags": [FLAG]})
    contents = sample_contents().conformed()
    flagged = replace(contents, manifest={**contents.manifest, "flags": [FLAG]})
    summary = printed_document(flagged, "results/sample")
    print_summary(summary)
    assert "Implausible: exosome gains 21 %" in capsys.readouterr().out
    print_json(summary)
    assert json.loads(capsys.readouterr().out)["flags"][0]["code"] == "early_vesicle_gain"
    assert printed_document(contents, "results/sample")["flags"] == []


def test_vehicles_alone_have_no_mechanism() -> None:
    scene = small_scene(small_study({"vehicle": [VEHICLE], "placebo": [PLACEBO]}))
    assert mechanism_of({"study": "s", "mechanism": arms_mechanism(scene.protocol, scene.values)}, {}) is None
