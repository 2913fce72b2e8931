"""A file of another kind is recognised by name, and the user is told what to do with it."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from anagen.calibration.folder import RECORD, SIMULATIONS, read_simulated
from anagen.core.errors import InputError
from anagen.core.foreign import Wanted, foreign
from anagen.evidence.table import TRIALS, published_trials, read_published
from anagen.exosomes import library, load_product
from anagen.parameters import read_posterior
from anagen.parameters.files import shipped_priors
from anagen.signalling.network import load_network, network_from_file, reading
from anagen.study import Study
from anagen.study.shipped import shipped_studies
from anagen.validation.ledger import entries, shipped_ledger

READERS: dict[Wanted, tuple[str, Callable[[Path], object]]] = {
    "study file": ("mine.yaml", Study.load),
    "product file": ("mine.toml", load_product),
    "network file": ("mine.toml", lambda path: network_from_file(path, load_network())),
    "ledger": ("frozen.toml", entries),
    "evidence table": ("mine.csv", read_published),
}
ZETAVIEW = (
    "Original File:\tC:\\data\\one.avi\tSection:\t0.1 [0]\nOperator:\tsomebody\nZetaVIEW S/N:\t1\n"
    "Median Number (D50):\t89.4\nSize Distribution\nSize / nm\tNumber\tConcentration / cm-3\n2.5E+0\t0\t0\n"
)
NANOSIGHT = "[Simulation Data]\nNTA Version,NTA 3.4\nBin centre (nm),Concentration (particles / ml)\n0.5,0\n"
PETAB = "format_version: 1\nparameter_file: parameters.tsv\nproblems:\n- sbml_files: [model.xml]\n"


def archive(name: str) -> bytes:
    """A zip archive with one file in it."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as written:
        written.writestr(name, "x" * 30_000)
    return stream.getvalue()


FOREIGN: dict[str, tuple[bytes, str]] = {
    "SBML": (b'<?xml version="1.0"?>\n<sbml level="3"><model/></sbml>', "an SBML model"),
    "XML": (b'<?xml version="1.0"?><data/>', "an XML file"),
    "web page": (b"<!DOCTYPE html><html></html>", "a web page"),
    "PEtab problem": (PETAB.encode(), "a PEtab problem"),
    "PEtab table": (b"observableId\tsimulationConditionId\tmeasurement\na\tb\t1\n", "a table of a PEtab problem"),
    "XPT": (b"HEADER RECORD*******LIBRARY HEADER RECORD!!!!!!!0000", "a SAS transport file"),
    "ZetaView": (ZETAVIEW.encode(), "an export of particle tracking (ZetaView)"),
    "ZetaView in another code": (ZETAVIEW.replace("somebody", "Zo\xeb").encode("latin-1"), "(ZetaView)"),
    "NanoSight": (NANOSIGHT.encode(), "an export of particle tracking (NanoSight)"),
    "workbook": (archive("xl/workbook.xml"), "a workbook of Excel"),
    "Word": (archive("word/document.xml"), "a document of Word"),
    "zip": (archive("study.yaml"), "a zip archive"),
    "gzip": (b"\x1f\x8b\x08\x00", "a compressed file"),
    "Parquet": (b"PAR1\x15\x04", "a Parquet file"),
    "UTF-16": ("study: a\n".encode("utf-16"), "text in UTF-16"),
    "PDF": (b"%PDF-1.7", "a PDF"),
}


@pytest.mark.parametrize("wanted", READERS)
@pytest.mark.parametrize("case", FOREIGN)
def test_a_file_of_another_program_is_named_and_the_user_told_what_to_do(
    tmp_path: Path, wanted: Wanted, case: str
) -> None:
    raw, title = FOREIGN[case]
    name, read = READERS[wanted]
    (tmp_path / name).write_bytes(raw)
    with pytest.raises(InputError) as caught:
        read(tmp_path / name)
    (problem,) = caught.value.problems
    assert problem.file == str(tmp_path / name)
    assert (
        problem.message.startswith("is ")
        and title in problem.message
        and f"not a{'n' * (wanted[0] in 'aeiou')} {wanted}; " in problem.message
    )


OURS: dict[Wanted, Path] = {
    "study file": shipped_studies()["exosome-vs-saline"],
    "product file": library()["adsc-native"],
    "network file": Path(reading.__file__).with_name(reading.SHIPPED),
    "ledger": shipped_ledger(),
    "evidence table": TRIALS,
}


@pytest.mark.parametrize("wanted", READERS)
@pytest.mark.parametrize("ours", OURS)
def test_a_file_of_ours_of_another_kind_is_named(ours: Wanted, wanted: Wanted) -> None:
    words = foreign(OURS[ours].read_bytes(), wanted)
    assert words is None if ours == wanted else words is not None and ours.split()[0] in words


@pytest.mark.parametrize(
    ("ours", "command"), [("product file", "anagen product check"), ("network file", "anagen network show --file")]
)
def test_a_part_of_a_study_in_place_of_a_study_is_sent_to_its_own_check(ours: Wanted, command: str) -> None:
    assert command in (foreign(OURS[ours].read_bytes(), "study file") or "")


def test_no_shipped_file_is_taken_for_another_kind() -> None:
    for wanted, paths in (("study file", shipped_studies().values()), ("product file", library().values())):
        assert [path for path in paths if foreign(path.read_bytes(), wanted) is not None] == []  # type: ignore[arg-type]
    folder = Path(reading.__file__).parents[2] / "parameters"
    assert shipped_priors()
    assert [path for path in folder.rglob("*.toml") if foreign(path.read_bytes(), "parameter file") is not None] == []


def test_a_table_with_a_byte_order_mark_is_read_and_other_marks_between_fields_are_named(tmp_path: Path) -> None:
    text = TRIALS.read_text(encoding="utf-8")
    (tmp_path / "bom.csv").write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert read_published(tmp_path / "bom.csv") == published_trials()
    for mark, name in ((";", "semicolons"), ("\t", "tabs")):
        (tmp_path / "other.csv").write_text(
            "\n".join(line.replace(",", mark) for line in text.split("\n")[:3]), encoding="utf-8"
        )
        with pytest.raises(InputError, match=rf"a table with {name} between the fields.*save the sheet as CSV"):
            read_published(tmp_path / "other.csv")


def test_a_decimal_comma_in_a_table_is_named(tmp_path: Path) -> None:
    header, row, *_ = TRIALS.read_text(encoding="utf-8").split("\n")
    cells = dict(zip(header.split(","), row.split(",")[: header.count(",") + 1], strict=False))
    assert "mean" in cells
    columns = ("study", "source", "arm", "kind", "therapy", "endpoint", "measure", "unit", "read", "use", "mean")
    values = ("a", "s", "x", "arm", "exosome", "total_density", "change", "hairs/cm2", "abstract", "check", '"9,2"')
    (tmp_path / "mine.csv").write_text(f"{','.join(columns)}\n{','.join(values)}\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_published(tmp_path / "mine.csv")
    (problem,) = caught.value.problems
    assert (problem.line, problem.field, problem.suggestion) == (2, "mean", "9.2")


def test_a_study_in_json_is_read() -> None:
    study = Study.load("exosome-vs-saline")
    assert Study.parse(json.dumps(study.to_dict())) == study


def test_a_manifest_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "joint.parquet").write_bytes(b"PAR1")
    for text, words in (("[" * 30_000, "nested"), ("<sbml>", "an SBML model"), ('{"format": 5}', "of another kind")):
        (tmp_path / "joint.json").write_text(text, encoding="utf-8")
        with pytest.raises(InputError, match=words):
            read_posterior(tmp_path / "joint.parquet")


@pytest.mark.parametrize(
    "text", ["", "[" * 30_000, "[]", "{}", '{"prior_sha256": 5}', "\x00", "<?xml version='1.0'?><a/>"]
)
def test_a_damaged_folder_of_a_calibration_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / SIMULATIONS).mkdir()
    (tmp_path / SIMULATIONS / RECORD).write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_simulated(tmp_path)
    assert str(tmp_path) in str(caught.value.problems[0].file)
