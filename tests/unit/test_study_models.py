"""Shipped study files, defaults, round trips, hash, schema and description."""

from __future__ import annotations

import json
import pickle
import re
from pathlib import Path

import jsonschema
import pytest
from pydantic import ValidationError
from ruamel.yaml import YAML

from anagen.core.errors import InputError
from anagen.study import Study, describe, study_json_schema
from anagen.therapies import THERAPIES
from faults import every_fault

STUDIES = sorted((Path(__file__).parents[2] / "studies").rglob("*.yaml"))
EXAMPLE = next(path for path in STUDIES if path.stem == "exosome-vs-saline")
SHORT = """
study: short
population:
  condition: aga
  sex: {male: 1}
  age: {mean: 30, sd: 5, min: 18, max: 50}
  ethnicity: {caucasian: 1}
arms:
  - {name: a, patients: 20, therapies: [{therapy: %s}]}
  - {name: b, patients: 10, control: true}
measurement: {zone: vertex, target_area: "100 mm^2", method: phototrichogram, visits: [0, 24]}
endpoints: {primary: {endpoint: total_density, week: 24, measure: change}}
"""


def test_shipped_studies_are_read_and_described() -> None:
    with every_fault() as row:
        for path in STUDIES:
            with row(path.stem):
                loaded = Study.load(path)
                assert loaded.study == path.stem
                assert Study.parse(loaded.to_yaml()) == loaded
                assert len(loaded.sha256) == 64
                assert "Primary endpoint: " in describe(loaded)


def test_every_treatment_is_in_a_shipped_study() -> None:
    given = {use.therapy for path in STUDIES for arm in Study.load(path).arms for use in arm.therapies}
    assert {therapy.name for therapy in THERAPIES.values() if not therapy.is_control} <= given


def test_threads_of_another_kind_are_refused_with_the_reason() -> None:
    with pytest.raises(InputError) as caught:
        Study.parse(SHORT % "threads, formulation: plla")
    (problem,) = caught.value.problems
    assert problem.field == "arms[0].therapies[0].formulation" and problem.allowed == ("pdo-monofilament",)
    assert "no study of them in hair was found" in problem.message


def test_the_description_tells_what_is_laid_on_intact_skin() -> None:
    both = "microneedling}, {therapy: exosome, route: topical"
    assert "Laid on intact skin, whatever was opened before: exosomes" in describe(Study.parse(SHORT % both))
    through = "microneedling}, {therapy: exosome, route: microneedle"
    assert "Laid on intact skin" not in describe(Study.parse(SHORT % through))


def test_the_description_tells_that_what_gets_in_after_a_device_was_never_measured() -> None:
    use = "prp, route: %s, settings: {channels: 1, density: '80 /cm^2'}"
    after, needled = (describe(Study.parse(SHORT % (use % route))) for route in ("radiofrequency", "microneedle"))
    assert "prp.share_microneedle × radiofrequency.openness, assumptions of grade C" in after
    assert "was never measured" not in needled
    for text in (after, needled):
        assert "set of density moves the wound or nothing, not how much of platelet-rich plasma gets in" in text


def test_shipped_studies_fit_the_json_schema() -> None:
    schema = study_json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    with every_fault() as row:
        for path in STUDIES:
            with row(path.stem):
                data = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
                assert [error.message for error in validator.iter_errors(data)] == []


def test_schema_names_what_the_registries_know_and_refuses_other_words() -> None:
    schema = study_json_schema()
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$defs"]["TherapyUse"]["properties"]["therapy"]["enum"][: len(THERAPIES)] == [*THERAPIES.names()]
    assert {"Avodart", "avodart", "FUE", "low-level light"} <= {
        *schema["$defs"]["TherapyUse"]["properties"]["therapy"]["enum"]
    }
    data = YAML(typ="safe", pure=True).load(EXAMPLE.read_text(encoding="utf-8"))
    validator = jsonschema.Draft202012Validator(schema)
    for change in (
        lambda d: d["arms"][0]["therapies"][0].update(route="oral"),
        lambda d: d["arms"][0]["therapies"][0].update(dose=5),
        lambda d: d["measurement"].update(zone="chin"),
        lambda d: d.update(titel="x"),
    ):
        changed = json.loads(json.dumps(data))
        change(changed)
        assert not validator.is_valid(changed)


def test_every_object_of_the_schema_is_described() -> None:
    schema = study_json_schema()
    for name, definition in schema["$defs"].items():
        assert definition.get("description"), name
        for key, field in definition.get("properties", {}).items():
            assert field.get("description") or "$ref" in field or field.get("$ref"), f"{name}.{key}"


def test_round_trips() -> None:
    with every_fault() as row:
        for path in STUDIES:
            with row(path.stem):
                study = Study.load(path)
                dumped = study.model_dump(mode="json")
                assert Study.model_validate(json.loads(json.dumps(dumped))) == study
                assert Study.model_validate_json(study.model_dump_json()) == study
                assert Study.from_dict(study.model_dump()) == study
                assert Study.from_dict(dumped) == study
                assert pickle.loads(pickle.dumps(study)) == study


def test_defaults_come_from_the_therapy() -> None:
    with every_fault() as row:
        for therapy in (name for name in THERAPIES if name != "none"):
            with row(therapy):
                known = THERAPIES[therapy]
                usual = known.default_schedule
                accepted = [
                    entry.name
                    for entry in known.contraindications
                    if entry.grade == "error" and "pregnancy" not in entry.name
                ]
                use = Study.parse(f"{SHORT % therapy}safety: {{accepted: {accepted}}}\n").arms[0].therapies[0]
                assert (use.route, use.per) == (known.routes[0], known.per[0])
                assert use.product == (known.products[0] if known.products else None)
                assert use.formulation == (next(iter(known.formulations)) if known.formulations else None)
                assert (use.dose.value if use.dose else None) == known.default_dose
                assert (use.schedule.every, use.schedule.per_day) == (usual.every, usual.per_day)
                if usual.sessions is not None or usual.every is None:
                    assert use.schedule.sessions == usual.sessions
                else:
                    assert use.schedule.session_weeks()[-1] < 24.0, "sessions go on up to the last visit"


def test_another_name_of_a_therapy_is_the_therapy_and_is_told() -> None:
    study, same = Study.parse(SHORT % "avodart"), Study.parse(SHORT % "dutasteride")
    assert study.arms[0].therapies[0].therapy == "dutasteride"
    assert "the file says avodart: a brand of dutasteride" in describe(study)
    assert study.sha256 == same.sha256
    assert "avodart" not in describe(same)


def test_a_route_brings_its_own_dose_forms_and_control() -> None:
    tablet = Study.parse((SHORT % "minoxidil").replace("minoxidil}", "minoxidil, route: oral}"))
    use = tablet.arms[0].therapies[0]
    assert use.dose is not None and (use.dose.value, use.dose.unit, use.per) == (5.0, "mg", "day")
    assert use.formulation is None and use.schedule.per_day == 1.0
    wrong = (SHORT % "minoxidil").replace("minoxidil}", "minoxidil, route: oral, formulation: foam-5%}")
    with pytest.raises(InputError, match="has no formulation to choose"):
        Study.parse(wrong)


def test_defaults_of_the_design() -> None:
    study = Study.parse(SHORT % "finasteride")
    assert study.title == "short"
    assert study.measurement.target_area.value == pytest.approx(1.0)
    assert study.design.randomisation.block == 6
    assert (study.design.layout, study.design.blinding, study.design.dropout) == ("parallel", "none", 0.0)
    assert (study.analysis.method, study.analysis.alpha) == ("ancova", 0.05)
    assert study.arms[1].therapies == ()


@pytest.mark.parametrize(
    ("schedule", "weeks"),
    [
        ("{every: 4, sessions: 3}", (0.0, 4.0, 8.0)),
        ("{every: 8}", (0.0, 8.0, 16.0)),
        ("{every: 5, start: 4, until: 15}", (4.0, 9.0, 14.0)),
        ("{sessions: 1}", (0.0,)),
        ("{start: 2}", (2.0, 4.0, 6.0, 8.0, 10.0, 12.0)),
        ("{start: 2, until: 7}", (2.0, 4.0, 6.0)),
    ],
)
def test_sessions(schedule: str, weeks: tuple[float, ...]) -> None:
    study = Study.parse((SHORT % "exosome").replace("therapy: exosome", f"therapy: exosome, schedule: {schedule}"))
    assert study.arms[0].therapies[0].schedule.session_weeks() == weeks


def test_hash_depends_on_content_only() -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    first = Study.parse(text).sha256
    same = (
        text.replace("\n", "\r\n").replace('"1e10 particles"', "10000000000 vesicles").replace("week: 24", "week: 24.0")
    )
    assert Study.parse("# a comment\r\n" + same).sha256 == first
    assert Study.parse(text.replace("dropout: 0.10", "dropout: 0.11")).sha256 != first


def test_byte_order_mark_is_read(tmp_path: Path) -> None:
    path = tmp_path / "bom.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + EXAMPLE.read_bytes())
    assert Study.load(path).sha256 == Study.load(EXAMPLE).sha256


def test_models_cannot_be_changed() -> None:
    study = Study.load(EXAMPLE)
    with pytest.raises(ValidationError):
        study.title = "another"  # type: ignore[misc]


def test_other_number_of_patients() -> None:
    study = Study.load(EXAMPLE)
    assert [arm.patients for arm in study.with_patients(7).arms] == [7, 7]
    unequal = Study.parse(SHORT % "finasteride")
    smaller = unequal.with_patients(12)
    assert smaller.design.randomisation.block % 2 == 0
    with pytest.raises(InputError, match="at least 1"):
        study.with_patients(-1)


def test_description_tells_what_a_reader_must_know() -> None:
    text = describe(Study.load(EXAMPLE), "prior")
    for part in (
        "60 men with androgenetic alopecia",
        "6 sessions in weeks 0, 2, 4, 6, 8 and 10",
        "1e10 particles per session",
        "saline (30 patients, control)",
        "change from baseline in total hair density (hairs/cm2) at week 24",
        "10 % of patients are lost by week 24",
        "effect size assumed: written down by hand, not fitted to data",
        "Measured in 1 controlled trial of 20 patients",
        "GRADE certainty very low",
        "None in the file",
    ):
        assert part in text


def test_description_of_an_uncontrolled_study() -> None:
    text = (SHORT % "finasteride").replace(", control: true", "") + "uncontrolled: a first look\n"
    assert "None (a first look). Without a control arm" in describe(Study.parse(text))


def test_examples_of_the_documentation_are_valid() -> None:
    text = (Path(__file__).parents[2] / "docs" / "study-file.md").read_text(encoding="utf-8")
    examples = re.findall(r"```yaml\n(study: .*?)```", text, re.DOTALL)
    assert [Study.parse(example).study for example in examples] == ["finasteride-or-placebo", "two-sides"]


def test_documentation_names_every_key() -> None:
    text = (Path(__file__).parents[2] / "docs" / "study-file.md").read_text(encoding="utf-8")
    keys = {key for definition in study_json_schema()["$defs"].values() for key in definition.get("properties", {})}
    assert [key for key in sorted(keys | set(Study.model_fields)) if f"`{key}`" not in text] == []
