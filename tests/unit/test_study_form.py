"""The form of a study: everything of a file is in it, what was not changed stays, and a problem finds its control."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anagen.core.errors import InputError
from anagen.core.reading import Key
from anagen.studio.forms.beginnings import beginnings, empty_study, shipped_study
from anagen.studio.forms.draft import draft_of, form_with, placed
from anagen.studio.forms.places import MISSING, at
from anagen.studio.forms.study import built
from anagen.studio.forms.study_file import read_bytes, read_text, with_files
from anagen.studio.forms.study_parts import Control, Group, Rows, shown_text
from anagen.studio.forms.study_reading import acted, form_values, value_of, with_posted
from anagen.studio.forms.study_schema import definition, study_schema
from anagen.studio.forms.study_words import SHOWN, STEPS
from anagen.study import Study
from anagen.study.document import parse
from anagen.study.shipped import shipped_studies
from anagen.study.yaml_text import data_text

NAMES = tuple(shipped_studies())


def leaves(value: Any, key: Key = ()) -> Iterator[tuple[Key, Any]]:
    if isinstance(value, dict) and value:
        for name, item in value.items():
            yield from leaves(item, (*key, name))
    elif isinstance(value, list) and any(isinstance(item, dict | list) for item in value):
        for place, item in enumerate(value):
            yield from leaves(item, (*key, place))
    else:
        yield key, value


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_study_goes_through_the_form_and_back_without_loss(name: str) -> None:
    data = parse(shipped_studies()[name].read_text(encoding="utf-8"), None).data
    assert isinstance(data, dict)
    form = built(data)
    assert with_posted(data, form_values(form)) == data
    assert parse(data_text(data), None).data == data
    controls = {control.key: control for control in form.controls()}
    assert len({control.field.name for control in controls.values()}) == len(controls), "a name stands for two controls"
    short = {part.key: part.short for part in form.parts() if isinstance(part, Group) and part.short}
    for key, value in leaves(data):
        if value in (None, [], {}):
            continue
        place = (*key, short[key]) if key in short else key
        holder = next((place[:n] for n in range(len(place), 0, -1) if place[:n] in controls), None)
        assert holder is not None, f"{key} is not in the form"
        held = at(data, holder)
        if held is not MISSING:
            # what the control shows means the value again
            control = controls[holder]
            assert value_of(control.form, shown_text(control.form, held)) == held


@pytest.mark.parametrize("name", ["exosome-phase-2", "vesicle-storage", "prospective/nct06697080", "exosome-phase-3"])
def test_a_shipped_study_says_the_same_in_the_studio_though_it_names_files(name: str) -> None:
    draft = draft_of(shipped_study(name))
    assert draft.problems == () and draft.study is not None
    assert draft.study.sha256 == Study.load(name).sha256


def test_the_empty_study_can_be_run_and_its_file_says_the_same() -> None:
    draft = draft_of(empty_study())
    assert draft.problems == () and draft.study is not None
    assert Study.parse(draft.text).sha256 == draft.study.sha256


def test_every_shipped_study_has_its_title_in_the_list() -> None:
    told = {each.name: each.title for each in beginnings()}
    assert told["exosome-vs-saline"] == Study.load("exosome-vs-saline").title
    assert list(told) == list(NAMES)


def test_what_is_typed_changes_that_key_alone() -> None:
    data = shipped_study("exosome-phase-3")
    changed = with_posted(
        data, {"arms[0].patients": ["12"], "measurement.visits": ["0, 12; 24"], "title": ["  New\r\n "]}
    )
    expected = deepcopy(data)
    expected["arms"][0]["patients"] = 12
    expected["measurement"]["visits"] = [0, 12, 24]
    expected["title"] = "New"
    assert changed == expected
    assert data == shipped_study("exosome-phase-3"), "the study that was given is left as it is"


def test_an_emptied_control_takes_its_key_and_empty_sections_away_but_not_those_a_file_has_to_have() -> None:
    data = empty_study() | {"credibility": {"influence": "low"}}
    changed = with_posted(
        data, {"credibility.influence": [""], "population.sex.male": [""], "design.dropout.share": [""]}
    )
    assert "credibility" not in changed
    assert changed["population"]["sex"] == {}
    assert changed["design"] == {"blinding": "double"}


def test_a_new_key_stands_where_the_schema_has_it() -> None:
    changed = with_posted(empty_study(), {"question": ["Why?"], "arms[0].therapies[0].dose": ["2 mL"]})
    assert list(changed)[:4] == ["study", "title", "question", "population"]
    assert changed["arms"][0]["therapies"][0] == {"therapy": "minoxidil", "dose": "2 mL"}


def test_one_value_for_a_section_stays_one_value_until_more_is_said() -> None:
    data = empty_study()
    assert with_posted(data, {"design.dropout.share": ["0.2"]})["design"]["dropout"] == 0.2
    more = with_posted(data, {"design.dropout.depends_on": ["change"]})
    assert more["design"]["dropout"] == {"share": 0.1, "depends_on": "change"}
    named = with_posted(data, {"analysis.multiplicity.method": ["holm"]})
    assert named["analysis"]["multiplicity"] == "holm"


def test_ticks_that_are_off_are_told_from_ticks_that_were_not_on_the_page() -> None:
    data = shipped_study("exosome-vs-saline")
    assert with_posted(data, {})["arms"][1]["control"] is True
    assert "control" not in with_posted(data, {"ticks": ["arms[1].control"]})["arms"][1]
    name = "population.severity.norwood"
    some = with_posted(data, {"ticks": [name], name: ["III", "IV"]})
    assert some["population"]["severity"]["norwood"] == ["III", "IV"]
    assert with_posted(data, {"ticks": [name]})["population"].get("severity") is None


def test_another_therapy_takes_its_own_usual_route_dose_and_schedule() -> None:
    data = shipped_study("exosome-vs-saline")
    name = "arms[0].therapies[0]"
    changed = with_posted(data, {f"{name}.therapy": ["baricitinib"], f"{name}.dose": ["7 mg"]})
    assert changed["arms"][0]["therapies"] == [{"therapy": "baricitinib"}]
    fields = {control.field.name: control.field for control in built(changed).controls("arms")}
    assert f"{name}.product" not in fields, "baricitinib has no products to choose"
    assert {choice.value for choice in fields[f"{name}.route"].choices} == {"", "oral"}


def test_a_therapy_offers_its_routes_products_and_the_settings_of_its_route() -> None:
    fields = {c.field.name: c.field for c in built(shipped_study("exosome-vs-saline")).controls("arms")}
    name = "arms[0].therapies[0]"
    assert {"adsc-native", "adsc-inactivated"} <= {choice.value for choice in fields[f"{name}.product"].choices}
    assert {"intradermal", "microneedle"} <= {choice.value for choice in fields[f"{name}.route"].choices}
    assert f"{name}.settings.spacing" in fields and f"{name}.settings.density" not in fields


def test_entries_are_added_removed_copied_and_moved() -> None:
    data = empty_study()
    more, place = acted(data, "add:arms", {})
    assert place == ("arms", 2) and more["arms"][2] == {"name": "arm 3", "patients": 40, "therapies": []}
    more, place = acted(more, "add:arms[2].therapies", {"new:arms[2].therapies": ["prp"]})
    assert place == ("arms", 2, "therapies", 0) and more["arms"][2]["therapies"] == [{"therapy": "prp"}]
    more, _ = acted(more, "copy:arms[2]", {})
    assert [arm["name"] for arm in more["arms"]] == ["treated", "control", "arm 3", "arm 3 2"]
    more, _ = acted(more, "up:arms[2]", {})
    assert [arm["name"] for arm in more["arms"]] == ["treated", "arm 3", "control", "arm 3 2"]
    more, _ = acted(acted(more, "remove:arms[3]", {})[0], "remove:arms[1]", {})
    assert more == data
    more, _ = acted(data, "add:population.inclusion", {"new:population.inclusion": ["total_density"]})
    assert more["population"]["inclusion"] == {"total_density": {}}
    assert acted(more, "remove:population.inclusion.total_density", {})[0] == data
    assert acted(data, "remove:nothing", {})[0] == data


def test_a_schedule_becomes_phases_in_order() -> None:
    data = shipped_study("exosome-vs-saline")
    more, place = acted(data, "add:arms[0].therapies[0].schedule.phases", {})
    assert place == ("arms", 0, "therapies", 0, "schedule", 1)
    phases = more["arms"][0]["therapies"][0]["schedule"]
    assert phases == [{"start": 0, "every": 2, "sessions": 6}, {"from": 0}]
    listed = next(part for part in built(more).parts("arms") if part.key[-1:] == ("schedule",))
    assert isinstance(listed, Rows) and len(listed.rows) == 2


WRONG = {
    ("arms", 0, "patients"): -3,
    ("arms", 0, "therapies", 0, "dose"): "5 mgg",
    ("population", "age", "mean"): "abc",
    ("measurement", "zone"): "vertx",
    ("measurement", "visits"): [0, 24, 12],
    ("design", "dropout"): 3,
    ("population", "severity"): {"norwood": ["IX"]},
    ("endpoints", "primary", "week"): 23,
    ("analysis", "alpha"): 5,
}


@pytest.mark.parametrize("key", WRONG)
def test_a_problem_stands_at_its_control_in_the_words_of_the_command_line(key: Key) -> None:
    data: dict[str, Any] = empty_study()
    holder = at(data, key[:-1])
    if holder is MISSING:
        data[str(key[0])] = holder = {}
    holder[key[-1]] = WRONG[key]
    with pytest.raises(InputError) as caught:
        Study.parse(data_text(data))
    draft = draft_of(data)
    assert draft.problems == caught.value.problems
    places = placed(built(data), draft.problems)
    form = form_with(draft, places)
    for place, problem in zip(places, caught.value.problems, strict=True):
        assert problem.message in place.words and problem.line == place.line
        control = next(control for control in form.controls(place.step) if control.field.id == place.control)
        assert problem.message in control.field.problem
        if problem.field == "population.severity.norwood[0]":
            assert control.field.name == "population.severity.norwood"


def test_a_missing_section_leads_to_its_step_and_an_unknown_key_stays_in_the_file() -> None:
    data = empty_study()
    del data["population"]
    data["colour"] = "red"
    draft = draft_of(data)
    places = {place.words.partition(":")[0]: place for place in placed(built(data), draft.problems)}
    assert places["population"].step == "people" and places["population"].control
    assert places["colour"].control == ""
    assert with_posted(data, form_values(built(data))) == data


def test_no_file_of_this_machine_is_read(tmp_path: Any) -> None:
    secret = tmp_path / "secret.toml"
    secret.write_text("name = 'hidden words'\n", encoding="utf-8")
    data = shipped_study("exosome-vs-saline")
    data["arms"][0]["therapies"][0]["product"] = str(secret)
    data["mechanism"] = {"network": str(secret)}
    draft = draft_of(data)
    assert draft.study is None
    assert {problem.field for problem in draft.problems} == {"arms[0].therapies[0].product", "mechanism.network"}
    assert "hidden" not in " ".join(problem.text() for problem in draft.problems)


def test_files_that_come_with_a_study_are_kept_with_it() -> None:
    path = shipped_studies()["vesicle-storage"]
    data = read_bytes(path.read_bytes(), path.name)
    named = {use["product"] for arm in data["arms"] for use in arm["therapies"] if "/" in str(use.get("product"))}
    files = {name.rsplit("/", 1)[-1]: (path.parent / name).read_text(encoding="utf-8") for name in named}
    assert files and draft_of(data).study is None
    assert draft_of(with_files(data, files)).study is not None


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"[product]\nname = 'x'\n", "is TOML"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "study file"),
        (b"", "the file is empty"),
        (b"- a\n- b\n", "expected keys"),
        (b"study: a\nstudy: b\n", "written twice"),
        (b"study: .inf\n", "infinite"),
        (b"a: &x 1\n", "anchors"),
    ],
)
def test_what_is_no_study_is_refused_with_a_reason(raw: bytes, words: str) -> None:
    with pytest.raises(InputError) as caught:
        read_bytes(raw, "given.yaml")
    assert words in str(caught.value)


def test_a_deep_study_is_refused() -> None:
    deep: dict[str, Any] = {}
    for _ in range(40):
        deep = {"a": deep}
    with pytest.raises(InputError, match="nested"):
        read_text(data_text({"study": "x", "arms": deep}))


TEXTS = st.text(st.characters(codec="utf-8"), max_size=30) | st.sampled_from(
    ["yes", "1e10", "~", "", " x", "a: b", "- x", "#", "0x1F", "12:30", "{", "line\nother\n", "null", "2026-01-01"]
)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**12), 10**12)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS.filter(bool), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=20, deadline=None)
@given(st.dictionaries(TEXTS.filter(bool), VALUES, max_size=5))
def test_whatever_data_is_written_is_read_again(data: dict[str, Any]) -> None:
    text = data_text(data)
    try:
        again = parse(text, None)
    except InputError as error:
        # characters that no study file may hold are refused by the reader, never changed
        assert "character" in str(error) or "readable" in str(error) or "line" in str(error)
        return
    assert again.data == data


def test_a_control_tells_what_is_taken_where_it_is_left_empty() -> None:
    draft = draft_of(empty_study())
    fields = {control.field.name: control.field for control in form_with(draft, []).controls()}
    assert fields["arms[0].therapies[0].route"].offer == "topical"
    assert fields["design.randomisation.block"].offer == "4"
    assert isinstance(next(built(draft.data).controls()), Control)


def test_a_study_with_thousands_of_values_is_shown_as_in_a_file_and_loses_nothing() -> None:
    data = empty_study()
    data["observed"] = [{"endpoint": "total_density", "week": n, "mean": n} for n in range(2000)]
    form = built(data)
    assert len(list(form.controls())) < 40
    assert with_posted(data, form_values(form)) == data
    assert with_posted(data, {"title": ["Large"]})["title"] == "Large"


def test_the_five_steps_have_every_section_of_a_study_file() -> None:
    asked = [name for step in STEPS for name in (*step.shown, *step.more)]
    assert sorted(asked) == sorted(study_schema()["properties"])
    for model, names in SHOWN.items():
        assert set(names) <= set(definition(model)["properties"]), f"{model} has no such key"
