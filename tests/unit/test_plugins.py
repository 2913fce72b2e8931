"""What installed packages add by entry points: found, told apart from what is shipped, refused where it is broken."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from anagen.core import plugins
from anagen.core.errors import InputError
from anagen.core.registry import Registry
from anagen.delivery import Route
from anagen.delivery.routes import TABLE
from anagen.exosomes import library
from anagen.parameters import ParameterSet
from anagen.parameters.files import priors, read_parameters
from anagen.patients import Condition
from anagen.scalp import Endpoint
from anagen.study.therapy_rules import shortcomings
from anagen.study.vocabulary import vocabulary
from anagen.therapies import THERAPIES, Therapy
from latanoprost import ENDPOINT, NUMBERS, THERAPY, THIN, toml

Install = Callable[..., str]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Puts a package with one entry point where Python finds it; gives the name of its distribution."""
    names: list[str] = []

    def put(group: str, value: str, **files: str) -> str:
        name = f"plug{len(names)}_{tmp_path.name}"
        names.append(name)
        for file, text in {"__init__.py": "", **files}.items():
            path = tmp_path / name / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        facts = tmp_path / f"{name}-0.3.dist-info"
        facts.mkdir()
        (facts / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 0.3\n", encoding="utf-8")
        (facts / "entry_points.txt").write_text(f"[{group}]\nx = {value.format(name)}\n", encoding="utf-8")
        return name

    monkeypatch.syspath_prepend(str(tmp_path))
    plugins.installed.cache_clear()
    yield put
    plugins.installed.cache_clear()
    for module in [module for module in sys.modules if module.partition(".")[0] in names]:
        del sys.modules[module]


def therapies() -> dict[str, tuple[Therapy, plugins.Origin]]:
    return plugins.entries_of(Therapy, plugins.THERAPIES, folder="anagen.therapies")


def found_priors() -> ParameterSet:
    return priors.__wrapped__()


def test_every_shipped_entry_comes_from_this_package() -> None:
    assert {THERAPIES.origin(name).distribution for name in THERAPIES} == {"anagen"}
    assert THERAPIES.origin("prp").place == "anagen.therapies.prp" and THERAPIES.origin("prp").is_shipped


@pytest.mark.parametrize("value", ["{0}.therapy", "{0}.therapy:LATANOPROST"])
def test_a_module_or_an_entry_is_found_with_its_numbers(install: Install, value: str) -> None:
    name = install(plugins.THERAPIES, value, **{"therapy.py": THERAPY, "numbers.toml": toml(NUMBERS)})
    therapy, origin = therapies()["latanoprost"]
    assert therapy.title == "latanoprost" and not origin.is_shipped
    assert origin.text() == f"{name} 0.3"
    assert set(NUMBERS) < set(found_priors())
    assert set(therapies()) == {*THERAPIES, "latanoprost"}


def test_every_kind_of_entry_can_be_added(install: Install) -> None:
    install(plugins.ENDPOINTS, "{0}.e", **{"e.py": ENDPOINT, "thin.toml": toml(THIN)})
    route = 'from anagen.delivery import Route\nROUTE = Route("mist", "as a mist", "Of this test")\n'
    install(plugins.ROUTES, "{0}.r:ROUTE", **{"r.py": route})
    condition = (
        "from dataclasses import replace\nfrom anagen.patients.conditions.healthy import HEALTHY\n"
        'SPARED = replace(HEALTHY, name="spared")\n'
    )
    install(plugins.CONDITIONS, "{0}.c:SPARED", **{"c.py": condition})
    install(plugins.PRODUCTS, "{0}.products", **{"products/ours.toml": "", "products/__init__.py": ""})
    endpoints = plugins.entries_of(Endpoint, plugins.ENDPOINTS, folder="anagen.scalp.endpoints")
    assert endpoints["thin_share"][1].version == "0.3" and "thin.error" in found_priors()
    assert "mist" in plugins.entries_of(Route, plugins.ROUTES, table=TABLE)
    assert "spared" in plugins.entries_of(Condition, plugins.CONDITIONS, folder="anagen.patients.conditions")
    assert "ours" in library() and not library().origin("ours").is_shipped
    assert "ours" in THERAPIES["exosome"].products


BROKEN = {
    "does not import": ({"t.py": "import nothing_of_that_name"}, "{0}.t", "ModuleNotFoundError: No module named"),
    "raises": ({"t.py": "1 / 0"}, "{0}.t", "ZeroDivisionError"),
    "is no therapy": ({"t.py": "X = 3"}, "{0}.t:X", "it is no Therapy"),
    "holds none": ({"t.py": "X = 3"}, "{0}.t", "the module holds no Therapy"),
    "takes a name": (
        {"t.py": "from dataclasses import replace\nfrom anagen.therapies.prp import PRP\nX = replace(PRP, title='x')"},
        "{0}.t:X", "'prp' in .* is a name that anagen .* has already",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_package_is_named(install: Install, case: str) -> None:
    files, value, message = BROKEN[case]
    name = install(plugins.THERAPIES, value, **files)
    with pytest.raises(InputError, match=rf"anagen\.therapies of {name} 0\.3: .*{message}"):
        therapies()


WRONG = {
    "a missing field": (
        THERAPY.replace('    evidence="Of this test.",\n', ""),
        "evidence left out; write evidence=",
    ),
    "an unknown field": (THERAPY.replace("evidence=", "evidense="), "there is no field 'evidense'"),
    "an unknown grade": (THERAPY.replace('grade="C"', 'grade="E"'), "grade 'E' is none; write one of A, B, C, D, none"),
    "actions without a control": (THERAPY.replace('    control="placebo",\n', ""), 'write control="placebo"'),
    "routes that are text": (
        THERAPY.replace('routes=("topical",)', 'routes="topical"'),
        "routes is no tuple; write",
    ),
    "an unknown lever": (THERAPY.replace('"anagen_extension")', '"brake")'), "'brake' is no lever; levers are"),
    "an unknown unit of dose": (THERAPY.replace('dose_unit="mL"', 'dose_unit="mLs"'), "dose_unit 'mLs' is not kept"),
    "a syntax error": (THERAPY.replace('title="latanoprost",', 'title="latanoprost'), "it is not Python"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_an_author_wrote_wrong_is_named_with_file_line_and_what_to_write(install: Install, case: str) -> None:
    text, words = WRONG[case]
    assert text != THERAPY
    name = install(plugins.THERAPIES, "{0}.t", **{"t.py": text, "numbers.toml": toml(NUMBERS)})
    with pytest.raises(InputError) as caught:
        therapies()
    (problem,) = caught.value.problems
    assert problem.file is not None and problem.file.endswith(f"{name}/t.py") and problem.line is not None
    assert words in problem.message, problem.message
    assert f"{name} 0.3" in problem.field


def test_a_wrong_file_of_the_package_itself_is_named_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / f"inside_{tmp_path.name}"
    package.mkdir()
    (package / "__init__.py").write_text("", encoding="utf-8")
    for file, case in (("one.py", "a missing field"), ("two.py", "a syntax error")):
        (package / file).write_text(WRONG[case][0], encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(InputError) as caught:
        plugins.entries_of(Therapy, "no.such.group", folder=package.name)
    found = [(Path(str(problem.file)).name, problem.line is not None) for problem in caught.value.problems]
    assert found == [("one.py", True), ("two.py", True)]


def test_a_number_in_another_unit_than_it_is_read_in_is_refused(install: Install) -> None:
    name = install(plugins.THERAPIES, "{0}.t", **{"t.py": THERAPY, "numbers.toml": ""})
    entries = therapies()
    words = replace(vocabulary(), therapies=Registry("therapy", lambda: entries))
    wrong = NUMBERS | {"latanoprost.rise": (4, "week"), "latanoprost_kinetics.half_life": (8, "day")}
    parameters = ParameterSet(dict(priors()) | read_parameters(toml(wrong), "numbers"))
    gaps = shortcomings(entries["latanoprost"][0], "topical", words, parameters)
    assert [gap.split(";")[0] for gap in gaps] == [
        "latanoprost.rise is given in 'week' and read in 'day'",
        "latanoprost_kinetics.half_life is given in 'day' and read in 'h'",
    ]
    assert f"of {name} 0.3" in gaps[0]


def test_an_endpoint_without_an_error_is_refused(install: Install) -> None:
    name = install(plugins.ENDPOINTS, "{0}.e", **{"e.py": ENDPOINT.replace('own_error="thin.error", ', "")})
    with pytest.raises(InputError, match=rf"{name} 0\.3: .*'thin_share' has no error of measurement"):
        plugins.entries_of(Endpoint, plugins.ENDPOINTS)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (toml({"prp.rise": (1.0, "day")}), r"prp\.rise stands in another file already"),
        ("[x.y]\nvalue = 1", r"x\.y\.unit: is missing"),
        ("value = ", "is not readable as TOML"),
    ],
)
def test_numbers_that_cannot_be_used_are_refused(install: Install, text: str, message: str) -> None:
    name = install(plugins.THERAPIES, "{0}.t", **{"t.py": THERAPY, "numbers.toml": text})
    with pytest.raises(InputError, match=rf"parameters of {name} 0\.3: .*{message}"):
        found_priors()


def test_a_package_that_is_not_there_is_named(install: Install) -> None:
    name = install(plugins.THERAPIES, "no_such_package.t")
    with pytest.raises(InputError, match=rf"{name} 0\.3: .*there is no package 'no_such_package'"):
        found_priors()


def test_the_program_says_so_without_a_traceback(install: Install, tmp_path: Path) -> None:
    name = install(plugins.THERAPIES, "{0}.t", **{"t.py": "import nothing_of_that_name"})
    command = [sys.executable, "-m", "anagen", "therapies"]
    path = f"{tmp_path}:{Path(plugins.__file__).parents[2]}"
    said = {"capture_output": True, "text": True, "timeout": 120, "check": False}
    finished = subprocess.run(command, env={"PYTHONPATH": path}, **said)
    assert finished.returncode == 2
    assert f"{name} 0.3" in finished.stderr and "Traceback" not in finished.stderr


def test_one_file_holds_several_groups() -> None:
    parameters = read_parameters(toml(NUMBERS | THIN) + toml({"alone": (1.0, "1")}), "file")
    assert set(parameters) == {*NUMBERS, *THIN, "file.alone"}
    with pytest.raises(InputError, match="stands twice"):
        read_parameters(toml({"file.x": (1.0, "1")}) + toml({"x": (1.0, "1")}), "file")
