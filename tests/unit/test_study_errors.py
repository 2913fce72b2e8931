# ruff: noqa: E501  (a table of cases is read line by line)
"""One case per kind of mistake in a study file: what is said, about which line and field, with what is allowed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from anagen.core.errors import InputError, Problem
from anagen.study import Study
from anagen.therapies import THERAPIES

EXAMPLE = (Path(__file__).parents[2] / "studies" / "exosome-vs-saline.yaml").read_text(encoding="utf-8")
FILE = "studies/x.yaml"
ROW = "observed:\n  - {arm: exosome, endpoint: total_density, week: 24, measure: change, mean: 8, source: s, read: abstract}"


def problems_of(text: str) -> tuple[Problem, ...]:
    with pytest.raises(InputError) as caught:
        Study.parse(text, FILE)
    return caught.value.problems


@dataclass(frozen=True)
class Case:
    """`old` is replaced by `new`; the problem must stand in the line that holds `at` (the first line of `new`, if empty)."""

    old: str
    new: str
    field: str
    says: str
    allowed: tuple[str, ...] = ()
    suggestion: str | None = None
    at: str = ""
    only: bool = True


def row(new: str, old: str = "") -> str:
    """The observed block with one row, changed."""
    return ROW.replace(old, new) if old else ROW.replace("}", f", {new}}}")


NONE = "observed: []"
# fmt: off
CASES = {
    # keys
    "unknown key at the top": Case("title:", "titel:", "titel", "unknown key", ("title", "arms"), "title"),
    "unknown key in a section": Case("  zone: vertex", "  zon: vertex", "measurement.zon", "unknown key", ("zone",), "zone", only=False),
    "unknown key of a therapy": Case("        product:", "        produkt:", "arms[0].therapies[0].produkt", "unknown key", ("product",), "product"),
    "unknown key of a schedule": Case("every: 2, sessions: 6}\n  - name", "evry: 2}\n  - name", "arms[0].therapies[0].schedule.evry", "unknown key", ("every",), "every"),
    "missing section": Case("endpoints:\n", "analysis_:\n", "endpoints", "is missing", only=False, at="study: exo"),
    "missing key": Case("    patients: 30\n    therapies", "    therapies", "arms[0].patients", "is missing (patients randomised to the arm, e.g. 30)", at="  - name: exosome"),
    "key written twice": Case("  zone: vertex", "  zone: vertex\n  zone: mid", "measurement.zone", "written twice", at="  zone: mid"),
    # units
    "mass for a number of particles": Case('"1e10 particles"', '"1e10 mg"', "arms[0].therapies[0].dose", 'is a mass; expected a number of particles, e.g. "1e10 particles"'),
    "misspelt unit": Case('"1e10 particles"', '"1e10 particels"', "arms[0].therapies[0].dose", "unknown unit 'particels'", suggestion="1e10 particles"),
    "dose without unit": Case('"1e10 particles"', "1e10", "arms[0].therapies[0].dose", "has no unit", suggestion="1e+10 particles"),
    "length for an area": Case('"1 cm^2"', '"1 cm"', "measurement.target_area", 'is a length; expected an area, e.g. "1 cm^2"'),
    "area without unit": Case('"1 cm^2"', "1", "measurement.target_area", "has no unit", suggestion="1 cm^2", at="target_area: 1"),
    "negative dose": Case('"1e10 particles"', '"-1e10 particles"', "arms[0].therapies[0].dose", "must not be negative"),
    "absurd dose": Case('"1e10 particles"', '"1e30 particles"', "arms[0].therapies[0].dose", "times the usual dose"),
    "area of nothing": Case('"1 cm^2"', '"0 cm^2"', "measurement.target_area", "is impossible"),
    # impossible values
    "negative patients": Case("patients: 30\n    therapies", "patients: -3\n    therapies", "arms[0].patients", "must be at least 1"),
    "no patients": Case("patients: 30\n    therapies", "patients: 0\n    therapies", "arms[0].patients", "an arm without patients"),
    "absurdly many patients": Case("patients: 30\n    therapies", "patients: 3000000\n    therapies", "arms[0].patients", "at most 1,000,000"),
    "half a patient": Case("patients: 30\n    therapies", "patients: 30.5\n    therapies", "arms[0].patients", "expected a whole number"),
    "text for a number": Case("patients: 30\n    therapies", "patients: thirty\n    therapies", "arms[0].patients", "'thirty' is text; expected a whole number"),
    "true for a number": Case("patients: 30\n    therapies", "patients: true\n    therapies", "arms[0].patients", "expected a whole number"),
    "yes for true": Case("control: true", "control: yes", "arms[1].control", "expected true or false"),
    "age upside down": Case("min: 20, max: 60", "min: 60, max: 20", "population.age.min", "60 is above max (20)"),
    "older than people get": Case("max: 60}", "max: 140}", "population.age.max", "up to an age of 100"),
    "a child with a condition of adults": Case("mean: 38, sd: 9, min: 20", "mean: 38, sd: 9, min: 5", "population.age.min", "androgenetic alopecia begins at 12 or later", suggestion="13"),
    "loss before it can begin": Case("  ethnicity:", "  years_since_onset: {mean: 55, sd: 1, min: 50, max: 59}\n  ethnicity:", "population.years_since_onset.min", "was younger than 12"),
    "sessions less than a day apart": Case("every: 2, sessions: 6}\n  - name", "every: 1e-9, sessions: 6}\n  - name", "arms[0].therapies[0].schedule.every", "less than a day"),
    "responders that nobody can be": Case("measure: change}", "measure: responder_value, threshold: 2000}", "endpoints.primary.threshold", "lies between 0 and 1500 hairs/cm2"),
    "a fall of more than everything": Case("measure: change}", "measure: responder_percent, threshold: -150}", "endpoints.primary.threshold", "falls by at most 100 %"),
    "a gain of more than anybody has": Case("measure: change}", "measure: responder, threshold: 1e6}", "endpoints.primary.threshold", "changes by at most 1500 hairs/cm2"),
    "a spread below that of counting": Case("{mean: 121.7, sd: 30}", "{mean: 121.7, sd: 1}", "population.baseline.total_density.sd", "is less than counting the same scalp twice gives"),
    "an area without follicles": Case('"1 cm^2"', '"1 um^2"', "measurement.target_area", "holds too few follicles to count", suggestion="0.09 cm^2"),
    "age mean outside": Case("mean: 38", "mean: 88", "population.age.mean", "is not between"),
    "not a number": Case("mean: 38", "mean: .nan", "population.age.mean", "expected a finite number"),
    "infinite": Case("max: 60", "max: .inf", "population.age.max", "expected a finite number"),
    "everybody lost": Case("dropout: 0.10", "dropout: 1.0", "design.dropout", "must be less than 1"),
    "shares": Case("{male: 1.0}", "{male: 0.6, female: 0.3}", "population.sex", "add up to 0.9"),
    "unknown sex": Case("{male: 1.0}", "{mal: 1.0}", "population.sex.mal", "unknown sex", ("male", "female"), "male", only=False),
    "unknown ethnicity": Case("{asian: 1.0}", "{asien: 1.0}", "population.ethnicity.asien", "unknown ethnicity", ("asian",), "asian"),
    "alpha": Case("alpha: 0.05", "alpha: 5", "analysis.alpha", "must be at most 0.5"),
    "limits upside down": Case("{min: 60, max: 190}", "{min: 190, max: 60}", "population.inclusion.total_density.min", "is above max", only=False),
    "baseline outside inclusion": Case("mean: 121.7", "mean: 250", "population.baseline.total_density.mean", "outside the inclusion criteria"),
    "baseline that cannot be matched": Case("    total_density: {mean: 121.7, sd: 30}", "    anagen_share: {mean: 0.6}", "population.baseline.anagen_share", "cannot be matched", ("total_density",)),
    "SALT where there are no patches": Case("    total_density: {mean: 121.7, sd: 30}", "    salt: {mean: 60}", "population.baseline.salt", "is not read in androgenetic alopecia", ("total_density", "mean_diameter")),
    # names
    "unknown condition": Case("condition: aga", "condition: agaa", "population.condition", "unknown condition 'agaa'", ("aga", "healthy"), "aga"),
    "unknown therapy": Case("therapy: exosome", "therapy: exosoms", "arms[0].therapies[0].therapy", "unknown therapy", THERAPIES.names(), "exosome"),
    "unknown product": Case("adsc-native", "adsc_nativ", "arms[0].therapies[0].product", "unknown product of exosome", ("adsc-native",), "adsc-native"),
    "product file": Case("adsc-native", "mine/product.toml", "arms[0].therapies[0].product", "there is no file 'studies/mine/product.toml'"),
    "product of a therapy without": Case("      - therapy: saline-injection", "      - therapy: saline-injection\n        product: x", "arms[1].therapies[0].product", "has no product", at="product: x"),
    "unknown route": Case("        route: intradermal\n        dose", "        route: intraderml\n        dose", "arms[0].therapies[0].route", "unknown route", ("intradermal",), "intradermal"),
    "route of another therapy": Case("        route: intradermal\n        dose", "        route: oral\n        dose", "arms[0].therapies[0].route", "not given by the route 'oral'", ("intradermal",)),
    "unknown per": Case("per: session", "per: sesion", "arms[0].therapies[0].per", "unknown per", ("session",), "session"),
    "dose of a therapy without": Case("      - therapy: saline-injection", '      - therapy: saline-injection\n        dose: "1 mL"', "arms[1].therapies[0].dose", "takes no dose", at='dose: "1 mL"'),
    "unknown zone": Case("zone: vertex", "zone: vertx", "measurement.zone", "unknown zone 'vertx'", ("vertex", "mid", "hairline"), "vertex"),
    "unknown method": Case("method: phototrichogram", "method: photo-trichogram", "measurement.method", "unknown method", ("phototrichogram",), "phototrichogram"),
    "unknown endpoint": Case("primary: {endpoint: total_density", "primary: {endpoint: totaldensity", "endpoints.primary.endpoint", "unknown endpoint", ("total_density",), "total_density"),
    "unknown measure": Case("week: 24, measure: change}\n  sec", "week: 24, measure: changes}\n  sec", "endpoints.primary.measure", "not one of the allowed", ("change", "responder"), "change"),
    "unknown inclusion": Case("    total_density: {min", "    density: {min", "population.inclusion.density", "unknown endpoint", ("total_density",), "total_density", only=False),
    "unknown scale": Case("{norwood:", "{norwod:", "population.severity.norwod", "unknown severity scale", ("norwood",), "norwood"),
    "scale of the other sex": Case("{norwood: [III, IIIv, IV, V]}", "{ludwig: [I]}", "population.severity.ludwig", "grades female patients", ("norwood",)),
    "unknown grade": Case("IV, V]", "IV, 5]", "population.severity.norwood[3]", "unknown grade 5", ("III", "VII"), only=False),
    "grades as a range": Case("[III, IIIv, IV, V]", "{min: 3}", "population.severity.norwood", "expected a list of grades", ("III",)),
    "graded healthy scalp": Case("condition: aga", "condition: healthy", "population.severity.norwood", "not graded", at="severity:"),
    "unknown layout": Case("layout: parallel", "layout: paralel", "design.layout", "not one of the allowed", ("parallel", "split_scalp"), "parallel"),
    "unknown blinding": Case("blinding: double", "blinding: dubble", "design.blinding", "not one of the allowed", ("none", "assessor", "double"), "double"),
    "unknown stratum": Case("strata: [severity]", "strata: [severty]", "design.randomisation.strata[0]", "not one of the allowed", ("severity",), "severity"),
    "unusable study name": Case("study: exosome-vs-saline", "study: Exosome vs saline", "study", "lower-case letters, digits and hyphens"),
    # arms and controls
    "no control arm": Case("    control: true\n", "", "arms", "no control arm; add control: true to an arm (to 'saline', for example)", at="arms:"),
    "only control arms": Case("    patients: 30\n    therapies", "    patients: 30\n    control: true\n    therapies", "arms", "every arm is a control arm", at="arms:"),
    "controlled and not": Case("source: null", "uncontrolled: too few patients", "uncontrolled", "contradicts arms[1]"),
    "same name twice": Case("- name: saline", "- name: Exosome", "arms[1].name", "already taken by arms[0]"),
    "nothing and something": Case("      - therapy: saline-injection", "      - therapy: none\n      - therapy: saline-injection", "arms[1].therapies[0].therapy", "cannot stand beside", at="therapy: none"),
    # schedules
    "sessions without every": Case("every: 2, sessions: 6}\n  - name", "sessions: 6}\n  - name", "arms[0].therapies[0].schedule.sessions", "6 sessions need `every`"),
    "until before start": Case("{start: 0, every: 2, sessions: 6}\n  - name", "{start: 8, every: 2, until: 4}\n  - name", "arms[0].therapies[0].schedule.until", "is not after the week in which it begins (week 8)"),
    "until before the last session": Case("sessions: 6}\n  - name", "sessions: 6, until: 8}\n  - name", "arms[0].therapies[0].schedule.until", "before the last of the 6 sessions (week 10)"),
    "sessions and daily": Case("sessions: 6}\n  - name", "sessions: 6, per_day: 1}\n  - name", "arms[0].therapies[0].schedule.sessions", "together with per_day", only=False),
    "sessions given daily": Case("{start: 0, every: 2, sessions: 6}\n  - name", "{per_day: 2}\n  - name", "arms[0].therapies[0].schedule.per_day", "given in sessions", ("every", "sessions")),
    "start after the end": Case("{start: 0, every: 2, sessions: 6}\n  - name", "{start: 30, every: 2, sessions: 6}\n  - name", "arms[0].therapies[0].schedule.start", "not before the last visit (week 24)"),
    "negative start": Case("{start: 0, every: 2, sessions: 6}\n  - name", "{start: -1, every: 2, sessions: 6}\n  - name", "arms[0].therapies[0].schedule.start", "must be at least 0"),
    # visits and endpoints
    "after the last visit": Case("primary: {endpoint: total_density, week: 24", "primary: {endpoint: total_density, week: 26", "endpoints.primary.week", "week 26 is after the last visit (week 24)", ("4", "24"), "24"),
    "not a visit": Case("primary: {endpoint: total_density, week: 24", "primary: {endpoint: total_density, week: 9", "endpoints.primary.week", "week 9 is not the week of a visit", ("8", "12"), "8"),
    "baseline as endpoint": Case("primary: {endpoint: total_density, week: 24", "primary: {endpoint: total_density, week: 0", "endpoints.primary.week", "must be more than 0"),
    "no baseline visit": Case("visits: [0, 4,", "visits: [2, 4,", "measurement.visits[0]", "the first visit is the baseline", suggestion="0"),
    "visits not increasing": Case("12, 16, 24]", "16, 12, 24]", "measurement.visits[4]", "week 12 does not come after week 16"),
    "visits not a list": Case("[0, 4, 8, 12, 16, 24]", "24", "measurement.visits", "expected a list", at="visits: 24"),
    "responder without threshold": Case("week: 24, measure: change}\n  sec", "week: 24, measure: responder}\n  sec", "endpoints.primary.threshold", "is missing: measure responder"),
    "threshold without responder": Case("week: 24, measure: change}\n  sec", "week: 24, measure: change, threshold: 5}\n  sec", "endpoints.primary.threshold", "belongs to measure responder only"),
    "score in per cent": Case("primary: {endpoint: total_density, week: 24, measure: change", "primary: {endpoint: gpa, week: 24, measure: percent_change", "endpoints.primary.measure", "gpa is 0 at baseline", ("value", "responder"), "value"),
    "score as a criterion": Case("    total_density: {min: 60, max: 190}", "    gpa: {min: 0}", "population.inclusion.gpa", "is judged, not measured", ("total_density",)),
    "endpoint twice": Case("- {endpoint: terminal_density", "- {endpoint: total_density", "endpoints.secondary[0]", "named twice"),
    # design
    "crossover": Case("layout: parallel", "layout: crossover", "design.layout", "needs design.washout"),
    "split scalp with unequal arms": Case("layout: parallel", "layout: split_scalp", "arms[1].patients", "expected 30", suggestion="30", at="patients: 20"),
    "split scalp with one arm": Case("layout: parallel", "layout: split_scalp", "design.layout", "exactly 2 arms; the sides", at="layout:"),
    "blocks": Case("block: 4,", "block: 5,", "design.randomisation.block", "blocks of 5 cannot hold the arms in the ratio 1:1; multiples of 2 can", ("2", "4", "6", "8"), "4"),
    "blocks in simple randomisation": Case("method: block, block: 4", "method: simple, block: 4", "design.randomisation.block", "has no blocks"),
    # published results
    "unknown arm of a result": Case(NONE, row("arm: exosom", "arm: exosome"), "observed[0].arm", "there is no arm 'exosom'", ("exosome", "saline"), "exosome"),
    "unknown arm of a contrast": Case(NONE, row("contrast: [exosome, salin]", "arm: exosome"), "observed[0].contrast[1]", "there is no arm 'salin'", ("saline",), "saline"),
    "arm and contrast": Case(NONE, row("contrast: [exosome, saline]"), "observed[0].contrast", "stands beside `arm`"),
    "neither arm nor contrast": Case(NONE, row("", "arm: exosome, "), "observed[0]", "needs `arm`, or `contrast`"),
    "result of an unknown endpoint": Case(NONE, row("endpoint: totl_density", "endpoint: total_density"), "observed[0].endpoint", "unknown endpoint", ("total_density", "adverse_event:<name>"), "total_density"),
    "result between visits": Case(NONE, row("week: 23", "week: 24"), "observed[0].week", "not the week of a visit", ("16", "24"), "24"),
    "result without a week": Case(NONE, row("", "week: 24, "), "observed[0].week", "is missing", ("0", "24")),
    "result without a number": Case(NONE, row("", "mean: 8, "), "observed[0]", "needs `mean` or `median`"),
    "mean outside its interval": Case(NONE, row("ci: [1, 4]"), "observed[0].mean", "outside its confidence interval"),
    "interval upside down": Case(NONE, row("ci: [15, 1]"), "observed[0].ci", "is above the upper limit"),
    "unknown reading": Case(NONE, row("read: abstrakt", "read: abstract"), "observed[0].read", "not one of the allowed", ("full text", "abstract"), "abstract"),
    "percent for a share": Case(NONE, row("endpoint: adverse_event:pain, measure: share", "endpoint: total_density, week: 24, measure: change"), "observed[0].mean", "8 is not a share; write 8 % as 0.08", suggestion="0.08"),
    "adverse event without a name": Case(NONE, row("endpoint: 'adverse_event:'", "endpoint: total_density"), "observed[0].endpoint", "names no event", only=False),
}
# fmt: on
SMALLER = {"split scalp with unequal arms": ("    patients: 30\n    control", "    patients: 20\n    control")}


@pytest.mark.parametrize("name", CASES)
def test_mistake_is_explained(name: str) -> None:
    case = CASES[name]
    assert case.old in EXAMPLE, "the example no longer holds what this case changes"
    text = EXAMPLE.replace(case.old, case.new, 1)
    if name in SMALLER:
        text = text.replace(*SMALLER[name])
    if name == "split scalp with one arm":
        text = text[: text.index("  - name: saline")] + text[text.index("measurement:") :]
        text = text.replace("source: null", "uncontrolled: one side only")
        case = Case(**{**case.__dict__, "says": "exactly 2 arms"})
    problems = problems_of(text)
    matching = [problem for problem in problems if problem.field == case.field and case.says in problem.message]
    assert matching, "\n".join(problem.text() for problem in problems)
    problem = matching[0]
    place = case.at or next(
        line for line in (case.new or case.old).splitlines() if line.strip() not in ("", "observed:")
    )
    line = next(i for i, content in enumerate(text.splitlines(), 1) if place in content)
    assert (problem.file, problem.line) == (FILE, line), problem.text()
    assert set(case.allowed) <= set(problem.allowed)
    assert problem.suggestion == case.suggestion
    if case.only:
        others = [other.text() for other in problems if other.field != case.field]
        assert len(others) <= 1, others
    assert "Input should" not in problem.text()


def test_all_problems_are_reported_at_once_in_the_order_of_the_file() -> None:
    text = EXAMPLE
    for old, new in (
        ("condition: aga", "condition: agaa"),
        ('"1e10 particles"', '"1e10 mg"'),
        ("    control: true\n", ""),
        ("zone: vertex", "zone: vertx"),
        ("dropout: 0.10", "dropout: 2"),
    ):
        text = text.replace(old, new, 1)
    problems = problems_of(text)
    assert [problem.field for problem in problems] == [
        "population.condition",
        "arms",
        "arms[0].therapies[0].dose",
        "measurement.zone",
        "design.dropout",
    ]
    assert [problem.line for problem in problems] == sorted(problem.line or 0 for problem in problems)


def test_text_of_a_problem_holds_everything() -> None:
    text = problems_of(EXAMPLE.replace("zone: vertex", "zone: vertx"))[0].text()
    line = next(i for i, content in enumerate(EXAMPLE.splitlines(), 1) if "zone: vertex" in content)
    assert text == (
        f"{FILE}:{line}: measurement.zone: unknown zone 'vertx'; "
        "allowed: vertex, frontal, mid, hairline, temporal, occipital; did you mean 'vertex'?"
    )


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("", None, "the file is empty"),
        ("# only a comment\n", None, "the file is empty"),
        ("just text\n", 1, "expected keys"),
        ("- a\n- b\n", 1, "holds a list at its top"),
        ("study: x\n\ttitle: y\n", 2, "a tab stands where"),
        ("study: &a x\ntitle: *a\n", 1, "anchors (&) and aliases (*)"),
        ("study: !!python/object/apply:os.system [ls]\n", 1, "tags such as"),
        ("study: [1, 2\n", None, "closing bracket is missing"),
        ("study: 'x\n", None, "never closed"),
        ("study: a: b\n", 1, "a colon stands where"),
        ("study: x\n---\nstudy: y\n", 2, "second document"),
        ("study: x\n? [a, b]\n: 1\n", 2, "a key is a list or a mapping"),
        ("study: @x\n", 1, "put it in quotes"),
        ("a: " + "[" * 40 + "]" * 40 + "\n", 1, "nested more than"),
        ("study: x\narms:\n - 1\n  - 2\n", None, ""),
        ("study: x\x07\n", None, "not readable"),
    ],
)
def test_files_that_are_not_yaml_of_a_study(text: str, line: int | None, says: str) -> None:
    problem = problems_of(text)[0]
    assert says in problem.message
    assert line is None or problem.line == line


def test_number_with_thousands_of_digits() -> None:
    text = EXAMPLE.replace("mean: 38", "mean: " + "9" * 6000)
    assert "the number has too many digits" in [problem.message for problem in problems_of(text)]


def test_alias_bomb_is_refused_before_it_unfolds() -> None:
    bomb = "a0: &a0 [x, x]\n" + "".join(f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]\n" for i in range(1, 60))
    assert "anchors" in problems_of(bomb)[0].message


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"study: \xff\xfe\n", "not UTF-8"), (b"study: x # " + b"x" * 1_000_001, "larger than 1 MB")],
)
def test_files_that_cannot_be_text(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "study.yaml"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        Study.load(path)
    assert says in caught.value.problems[0].message
    assert caught.value.problems[0].file == str(path)


def test_files_that_are_not_there(tmp_path: Path) -> None:
    for path, says in (
        (tmp_path / "missing.yaml", "no such file"),
        (tmp_path, "is a folder"),
        (Path("a\0b"), "cannot be read"),
    ):
        with pytest.raises(InputError) as caught:
            Study.load(path)
        assert says in caught.value.problems[0].message


def test_a_list_whose_entries_are_wrong_is_not_called_short() -> None:
    wrong = problems_of(EXAMPLE.replace("patients: 30", "patients: -3"))
    assert [problem.field for problem in wrong] == ["arms[0].patients", "arms[1].patients"]


def test_what_is_swallowed_cannot_be_given_to_one_side_of_a_scalp() -> None:
    data = Study.parse(EXAMPLE).set("design.layout", "split_scalp").to_dict()
    finasteride, placebo = {"therapy": "finasteride"}, {"therapy": "placebo", "route": "oral"}
    data["arms"][0]["therapies"], data["arms"][1]["therapies"] = [finasteride], [placebo]
    with pytest.raises(InputError) as caught:
        Study.from_dict(data)
    assert [problem.field for problem in caught.value.problems] == [
        "arms[0].therapies[0].route",
        "arms[1].therapies[0].route",
    ]
    assert "reaches both sides of the scalp" in caught.value.problems[0].message
    data["arms"][0]["therapies"], data["arms"][1]["therapies"] = [finasteride, {"therapy": "exosome"}], [finasteride]
    assert Study.from_dict(data).design.layout == "split_scalp"


def test_a_disease_begins_before_the_last_visit_and_after_the_patient_could_have_it() -> None:
    base = Study.load("telogen-effluvium-natural-history").to_dict()
    for week, says in ((1000.0, "is not before the last visit"), (-1040.0, "is longer than the youngest patient")):
        age = {"mean": 19.0, "sd": 0.5, "min": 18.0, "max": 20.0}
        data = {**base, "population": {**base["population"], "onset_week": week, "age": age}}
        with pytest.raises(InputError, match=says):
            Study.from_dict(data)


def test_shares_of_doses_have_a_spread_that_shares_can_have() -> None:
    daily = {"therapy": "finasteride", "adherence": {"mean": 0.95, "sd": 0.3}}
    data = Study.parse(EXAMPLE).to_dict()
    data["arms"][0]["therapies"] = [daily]
    with pytest.raises(
        InputError, match=r"0\.3 is impossible: shares with a mean of 0\.95 deviate by less than 0\.218"
    ):
        Study.from_dict(data)


def test_an_arm_of_five_courses_that_differ_between_patients_is_accepted() -> None:
    data = Study.parse(EXAMPLE).to_dict()
    data["arms"][0]["therapies"] = [
        {"therapy": "exosome", "dose": f"{dose}e9 particles", "schedule": {"sessions": 1, "start": 4 * i}}
        for i, dose in enumerate((10, 8, 6, 4, 2))
    ]
    assert len(Study.from_dict(data).arms[0].therapies) == 5


def test_a_published_baseline_is_one_that_a_scalp_can_have() -> None:
    study = Study.load("kaufman-1998-finasteride")
    for mean, says in (
        (5000, "is at most 1500 hairs/cm2"),
        (900, "means lie between 1.97 and 620"),
        (1.5, "means lie"),
    ):
        with pytest.raises(InputError, match=says):
            study.set("population.baseline", {"total_density": {"mean": mean}})
