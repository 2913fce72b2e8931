"""Product files and edits of the network in a study file: read, refused, hashed, kept with the study."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from anagen.core.errors import InputError
from anagen.exosomes import library, load_product
from anagen.parameters import load_parameters, parameter_source
from anagen.runs.study import edits_of
from anagen.runs.tasks import tasks_of
from anagen.signalling.network import load_network
from anagen.study import Study, describe, without_edge
from anagen.trials.protocol import protocol, study_parameters

EXAMPLE = (Path(__file__).parents[2] / "studies" / "exosome-vs-saline.yaml").read_text(encoding="utf-8")
NATIVE = library()["adsc-native"].read_text(encoding="utf-8")
MINE = NATIVE.replace('name = "adsc-native"', 'name = "mine"', 1)
EDGE = '[[edge]]\nfrom = "AR"\nto = "DKK1"\nsign = "+"\nweight = 0.123\n'


def write(folder: Path, *, product: str | None = None, mechanism: str = "", text: str = MINE) -> Path:
    """A study that names a product file beside it, or edits the network."""
    study = EXAMPLE if product is None else EXAMPLE.replace("product: adsc-native", f"product: {product}")
    (folder / "mine.toml").write_text(text, encoding="utf-8")
    path = folder / "study.yaml"
    path.write_text(study + mechanism, encoding="utf-8")
    return path


def keys_of(loaded: Study) -> list[str]:
    source = parameter_source("prior")
    parameters = study_parameters(loaded, source.load())
    tasks = tasks_of(loaded, parameters, source=source, seed=1, replicates=1, draws=1, threads=1)
    return [task.key for task in tasks]


def only_problem(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        Study.load(path)
    assert len(caught.value.problems) == 1, caught.value
    return caught.value.problems[0].text()


def test_a_product_file_is_read_from_the_folder_of_the_study_and_kept_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = Study.load(write(tmp_path, product="./mine.toml"))
    use = loaded.arms[0].therapies[0]
    assert use.product == "mine"
    assert use.product_file is not None
    assert (use.product_file.file, use.product_file.text) == ("mine.toml", MINE)
    prescription = protocol(loaded).prescriptions[0][0]
    assert (prescription.product, prescription.reference) == (
        load_product(tmp_path / "mine.toml"),
        load_product("adsc-native"),
    )
    assert "mine.relative_potency" in study_parameters(loaded, load_parameters()) or (
        "mine.batch_factor" in study_parameters(loaded, load_parameters())
    )
    assert "exosomes, mine (from mine.toml)" in describe(loaded)
    # The study is whole without its file: from a result folder, or with another number of patients.
    (tmp_path / "mine.toml").unlink()
    monkeypatch.chdir("/")
    dumped = json.loads(json.dumps(loaded.model_dump(mode="json")))
    assert Study.from_dict(dumped) == loaded
    assert loaded.with_patients(4).arms[0].therapies[0].product_file == use.product_file


def test_what_a_product_file_says_is_part_of_the_study(tmp_path: Path) -> None:
    path = write(tmp_path, product="mine.toml")
    first = Study.load(path)
    (tmp_path / "mine.toml").write_text(f"# a comment\r\n{MINE}", encoding="utf-8")
    assert Study.load(path).sha256 == first.sha256
    (tmp_path / "mine.toml").write_text(MINE.replace('days = "28 days"', 'days = "29 days"'), encoding="utf-8")
    changed = Study.load(path)
    assert changed.sha256 != first.sha256
    assert not set(keys_of(changed)) & set(keys_of(first))


def test_problems_of_a_product_file_name_both_files_and_both_lines(tmp_path: Path) -> None:
    wrong = MINE.replace('value = "120 nm"', 'value = "120 kg"')
    path = write(tmp_path, product="mine.toml", text=wrong)
    text = only_problem(path)
    here = next(i for i, line in enumerate(path.read_text().splitlines(), 1) if "mine.toml" in line)
    there = next(i for i, line in enumerate(wrong.splitlines(), 1) if "120 kg" in line)
    assert text.startswith(
        f"{path}:{here}: arms[0].therapies[0].product: mine.toml:{there}: particles.diameter.value: "
    )
    assert "is a mass" in text


@pytest.mark.parametrize(
    ("product", "text", "says"),
    [
        ("yours.toml", MINE, "there is no file"),
        ("../", MINE, "is a folder, not a product file"),
        ("mine.toml", "name = ", "is not readable as TOML"),
        ("mine.toml", NATIVE.replace('"2e9 particles/mL"', '"3e9 particles/mL"', 1), "give yours another name"),
        ("mine.toml", NATIVE.replace('name = "adsc-native"', 'name = "exosome"', 1), "is a group of parameters"),
        ("adsc-nativ", MINE, "did you mean 'adsc-native'?"),
    ],
)
def test_a_product_file_that_cannot_be_used(tmp_path: Path, product: str, text: str, says: str) -> None:
    assert says in only_problem(write(tmp_path, product=product, text=text))


def test_two_products_of_one_name_with_other_numbers_are_refused(tmp_path: Path) -> None:
    (tmp_path / "other.toml").write_text(MINE.replace('"2e9 particles/mL"', '"3e9 particles/mL"', 1))
    path = write(tmp_path, product="mine.toml")
    second = "      - {therapy: exosome, product: other.toml}\n  - name: saline\n"
    path.write_text(path.read_text().replace("  - name: saline\n", second))
    assert "both name their product 'mine', with other numbers" in only_problem(path)


def test_a_copy_of_the_usual_product_changes_nothing_but_how_it_is_named(tmp_path: Path) -> None:
    from anagen.exosomes import relative_potency

    study = Study.load(write(tmp_path, product="mine.toml", text=NATIVE))
    prescription = protocol(study).prescriptions[0][0]
    assert prescription.product is not None
    assert prescription.reference is not None
    assert relative_potency(prescription.product, prescription.reference, {}) == 1.0


def test_a_study_without_a_mechanism_has_the_shipped_network(tmp_path: Path) -> None:
    assert protocol(Study.load(write(tmp_path))).network is None
    empty = Study.load(write(tmp_path, mechanism="mechanism: {without: []}\n"))
    assert empty.mechanism is None
    assert empty.sha256 == parse_and_hash(EXAMPLE)


def parse_and_hash(text: str) -> str:
    from anagen.study import Study

    return Study.parse(text).sha256


def test_edges_are_silenced_and_a_file_extends_the_network(tmp_path: Path) -> None:
    mechanism = 'mechanism:\n  without: ["AR -> DKK1", FIBROSIS]\n  network: mine.toml\n'
    loaded = Study.load(write(tmp_path, mechanism=mechanism, text=EDGE.replace("DKK1", "TGFB1")))
    network = protocol(loaded).network
    assert network is not None
    assert network.edge("AR->DKK1").weight == 0.0
    assert network.edge("AR->TGFB1").weight == 0.123
    assert all(edge.weight == 0.0 for edge in network.edges if edge.origin == "FIBROSIS")
    text = describe(loaded)
    assert "extended by mine.toml" in text
    assert "Silenced in the signalling network, in every arm: AR->DKK1 and FIBROSIS." in text
    edits = edits_of(loaded, protocol(loaded))
    assert edits["without"] == "AR->DKK1, FIBROSIS"
    assert edits["network_sha256"] == network.sha256() != load_network().sha256()
    (tmp_path / "mine.toml").unlink()
    assert Study.from_dict(loaded.model_dump(mode="json")) == loaded


def test_an_edit_is_part_of_the_study_and_of_the_task_key(tmp_path: Path) -> None:
    plain = Study.load(write(tmp_path))
    path = write(tmp_path, mechanism="mechanism: {network: mine.toml}\n", text=EDGE)
    first = Study.load(path)
    (tmp_path / "mine.toml").write_text(EDGE.replace("0.123", "0.124"))
    second = Study.load(path)
    silenced = Study.load(path, [without_edge("AR->DKK1")])
    studies = [plain, first, second, silenced]
    assert len({each.sha256 for each in studies}) == 4
    assert len({key for each in studies for key in keys_of(each)}) == 4 * len(keys_of(plain))
    assert silenced.mechanism is not None
    assert silenced.mechanism.without == ("AR->DKK1",)
    assert silenced.options == ("--without AR->DKK1",)


@pytest.mark.parametrize(
    ("mechanism", "field", "says"),
    [
        ('{without: ["AR->DKK"]}', "mechanism.without[0]", "unknown edge 'AR->DKK'; like it are AR->DKK1"),
        ("{without: [fibrosi]}", "mechanism.without[0]", "did you mean 'FIBROSIS'"),
        ("{without: AR}", "mechanism.without", "expected a list"),
        ("{without: [1]}", "mechanism.without[0]", "expected text"),
        ("{with: [AR]}", "mechanism.with", "unknown key"),
        ("{network: there.toml}", "mechanism.network", "there is no file"),
        ("{network: 3}", "mechanism.network", "expected the path of a file"),
        ("{network: mine.toml}", "mechanism.network", "mine.toml:1: AR->NO.ec50: is missing"),
        ("AR", "mechanism", "expected keys with values"),
    ],
)
def test_an_edit_that_cannot_be_made(tmp_path: Path, mechanism: str, field: str, says: str) -> None:
    path = write(tmp_path, mechanism=f"mechanism: {mechanism}\n", text=EDGE.replace("DKK1", "NO") + "n = 1\n")
    line = next(i for i, words in enumerate(path.read_text().splitlines(), 1) if words.startswith("mechanism"))
    text = only_problem(path)
    assert text.startswith(f"{path}:{line}: {field}: ")
    assert says in text


def test_an_unknown_edge_of_the_command_line_names_the_option(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        Study.load(write(tmp_path), [without_edge("AR->DKK")])
    (problem,) = caught.value.problems
    assert (problem.file, problem.field, problem.suggestion) == (None, "--without AR->DKK", "AR->DKK1")


@pytest.mark.parametrize("value", ["nan", "inf", "1979-05-27"])
def test_a_number_or_date_that_json_has_not_is_refused_in_a_product_of_a_study(tmp_path: Path, value: str) -> None:
    path = write(tmp_path, product="mine.toml", text=f"x = {value}\n")
    with pytest.raises(InputError, match="unknown key"):
        Study.load(path)
