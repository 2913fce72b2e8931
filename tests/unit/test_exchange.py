"""Files of other programs from Python, and forms and counts of vesicle products by the same commands as the rest."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

import anagen as front
from anagen.core.errors import InputError
from anagen.exosomes import load_product
from anagen.formats.evtrack import ev_track_form, form_csv, form_page
from anagen.formats.nta import read_count
from anagen.parameters import load_parameters
from cli_calls import anagen, files_of

COUNT = """Original File:\tC:\\one.avi\tSection:\t1
ZetaView S/N:\t24-0001
Number of Traces:\t1850
Average Number of Particles:\t120
Dilution::\t1000
Original Concentration:\t6.0E+10 Particles / cm^3

Size Distribution
Size / nm\tNumber\tConcentration / cm-3\tVolume / nm^3\tArea / nm^2
75\t10\t1e5\t0\t0
105\t100\t1e6\t0\t0
135\t80\t8e5\t0\t0
165\t12\t1e5\t0\t0
195\t1\t1e4\t0\t0
-1.000E+0\t-1.000E+0\t-1\t-1\t-1
"""


def problem_of(error: pytest.ExceptionInfo[InputError]) -> str:
    return error.value.problems[0].text()


def test_an_ev_track_form_is_the_one_that_release_writes_whatever_names_the_product(tmp_path: Path) -> None:
    product = load_product("adsc-native")
    form = ev_track_form(product)
    expected = {
        "adsc-native-ev-track.csv": form_csv(form).encode(), "adsc-native-ev-track.html": form_page(form).encode()
    }  # fmt: skip
    for number, named in enumerate(("adsc-native", "exosome-vs-saline")):
        done = anagen("export", "evtrack", named, f"form{number}", cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        assert files_of(tmp_path / f"form{number}") == expected
    for number, what in enumerate((product, front.product("adsc-native"), front.Study.load("exosome-vs-saline"))):
        front.export(what, "evtrack", tmp_path / f"made{number}")
        assert files_of(tmp_path / f"made{number}") == expected
    checked = anagen("check", "form0", cwd=tmp_path)
    assert checked.returncode == 0 and "18 of 22 fields told, EV-METRIC 43 %" in checked.stdout


def test_a_form_whose_answers_and_score_disagree_is_refused_by_line(tmp_path: Path) -> None:
    text = form_csv(ev_track_form(load_product("adsc-native")))
    line = next(n for n, row in enumerate(text.splitlines(), start=1) if row.startswith("EV-METRIC,lysate"))
    cases = {
        text.replace(
            "lysate preparation,no:", "lysate preparation,ys:"
        ): f":{line}: lysate preparation: unknown answer",
        text.replace("score,43 %", "score,90 %"): "score: is 90 %; its 9 components make 43 %",
        text.replace("isolation,methods,", "isolation,methods,x,"): "cells; expected 4: section, field, value, asks",
        "section,field,value,asks\n": "has no component that applies",
    }
    for changed, words in cases.items():
        (tmp_path / "form.csv").write_text(changed, encoding="utf-8")
        checked = anagen("check", "form.csv", cwd=tmp_path)
        assert checked.returncode == 2 and words in checked.stderr, (words, checked.stderr)


def test_a_count_is_imported_as_the_lines_of_a_product_file_that_product_count_prints(tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text(COUNT, encoding="utf-8")
    done = anagen("import", "nta", "one.txt", "--out", "particles.toml", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    written = (tmp_path / "particles.toml").read_text(encoding="utf-8")
    count = read_count([tmp_path / "one.txt"], load_parameters("prior").draw(1, 0))
    assert written == count.as_toml() and count.headline() in done.stdout
    assert tomllib.loads(written)["particles"]["concentration"]["value"] == "6e+10 particles/mL"
    assert written.strip() in anagen("product", "count", "one.txt", cwd=tmp_path).stdout
    told = json.loads(anagen("import", "nta", "one.txt", "--json", cwd=tmp_path).stdout)
    assert told["concentration"] == count.concentration and told["text"] == {"particles.toml": written}
    assert front.import_file(tmp_path / "one.txt").files == {"particles.toml": written.encode()}
    assert "particles/mL" in front.check_file(tmp_path / "one.txt").lines[0]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("export", "evtrack", "olsen-2002-minoxidil", "out"), "gives no vesicle product; name a product"),
        (("export", "evtrack", "adsc-nativ", "out"), "did you mean 'adsc-native'?"),
        (("export", "evtrack", "adsc-native", "out", "--arm", "x"), "--arm: means nothing for an EV-TRACK form"),
        (("export", "sbml", "exosome-vs-saline", "out", "--assay", "x.csv"), "--assay: means nothing"),
        (("import", "nta", "form.csv"), "is an EV-TRACK form, not a count of particles; expected the text export"),
        (("import", "nta", "empty.txt"), "empty.txt: counts no particle at any size"),
        (("import", "nta", "empty.txt", "--table", "x.csv"), "--table: means nothing for a count of particles"),
    ],
)
def test_wrong_requests_end_with_exit_code_2_and_write_nothing(
    arguments: tuple[str, ...], words: str, tmp_path: Path
) -> None:
    (tmp_path / "form.csv").write_text("section,field,value,asks\n", encoding="utf-8")
    (tmp_path / "empty.txt").write_text(COUNT.partition("75\t")[0] + "-1\t-1\n", encoding="utf-8")
    done = anagen(*arguments, cwd=tmp_path)
    assert done.returncode == 2 and words in done.stderr, done.stderr
    assert {path.name for path in tmp_path.iterdir()} == {"form.csv", "empty.txt"}


def test_python_refuses_what_the_commands_refuse(tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        front.export(front.product("adsc-native"), "sbml", tmp_path / "out.xml")
    assert "is a vesicle product, which this format does not hold" in problem_of(error)
    (tmp_path / "x.bin").write_bytes(b"\x01\x02")
    with pytest.raises(InputError) as error:
        front.import_file(tmp_path / "x.bin")
    assert "is of no format that is known; allowed: cdisc, " in problem_of(error)
    with pytest.raises(InputError) as error:
        front.check_file(tmp_path / "none.xml")
    assert problem_of(error).endswith("there is no such file")
    assert [path.name for path in tmp_path.iterdir()] == ["x.bin"]


def test_a_file_that_is_to_be_copied_is_copied_whole(tmp_path: Path) -> None:
    from anagen.formats.writing import FilesTarget

    (tmp_path / "from.bin").write_bytes(b"1" * 10_000)
    FilesTarget(tmp_path / "out", folder=True).write({"a/copy.bin": tmp_path / "from.bin", "b.txt": b"2"})
    FilesTarget(tmp_path / "one.bin", folder=False).write({"": tmp_path / "from.bin"})
    assert files_of(tmp_path / "out") == {"a/copy.bin": b"1" * 10_000, "b.txt": b"2"}
    assert (tmp_path / "one.bin").read_bytes() == b"1" * 10_000
