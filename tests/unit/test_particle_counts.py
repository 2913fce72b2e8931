"""Exports of particle counters: concentration times dilution, median, D10 to D90, doubts, and wrong files."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from anagen.core.errors import InputError
from anagen.core.texts import toml_data
from anagen.exosomes import Product, library, parse_product
from anagen.formats.nta import Count, read_count
from anagen.formats.nta.export import quantile
from anagen.parameters import load_parameters
from cli_calls import anagen

VALUES = load_parameters("prior").draw(1, 0)
SIZES = np.arange(45.0, 400.0, 10.0)
NUMBERS = np.exp(-0.5 * (np.log(SIZES / 120.0) / 0.3) ** 2) * 100.0


def zetaview(*, dilution: str = "1000.0", per_frame: float = 120.0, traces: int = 1850, check: str = "OK") -> str:
    """An export as ZetaView writes it: header, linear table, a row of minus ones, logarithmic table."""
    rows = "\n".join(f"{size:.3E}\t{n:.3E}\t{n * 1e4:.3E}\t0\t0" for size, n in zip(SIZES, NUMBERS, strict=True))
    dilution_line = f"Dilution::\t{dilution}\n" if dilution else ""
    return (
        "Original File:\tC:\\data\\EV_1.avi\tSection:\t1\nOperator:\tab\nZetaView S/N:\t24-0001\n"
        f"Software:\tZetaView (version 8.05.14)\nSample:\tEV µ\npH:\t7.0 entered\nCell Check Result:\t{check}\n"
        f"Number of Traces:\t{traces}\nAverage Number of Particles:\t{per_frame}\n{dilution_line}"
        "Concentration:\t6.0E+7 Particles / cm^3\nOriginal Concentration:\t6.0E+10 Particles / cm^3\n\n"
        "Size Distribution\nSize / nm\tNumber\tConcentration / cm-3\tVolume / nm^3\tArea / nm^2\n"
        f"{rows}\n-1.000E+0\t-1.000E+0\t-1\t-1\t-1\nSize / nm\tNumber\n10\t1e9\n"
    )


def nanosight(mark: str = ",", *, dilution: float = 500.0, noise: str = "No") -> str:
    """A summary as NanoSight writes it; its concentrations hold the dilution already."""
    lines = [
        ["[Experiment Parameters]"], ["NTA Version", "NTA 3.4"],
        ["Dilution factor (concentrations adjusted for this factor)", f"{dilution:g}"], ["[Results]"],
        ["Concentration (Particles / ml)", "2.0e11", "2.2e11", "1.8e11"], ["Particles per frame", "40", "44", "36"],
        ["Valid tracks", "900", "950", "850"], ["[Information]"], ["Concentration", "OK", "OK", "OK"],
        ["Noise level", noise, noise, noise], ["Vibration detected", "No", "No", "No"], ["[Size Data]"],
        ["Graph Data"], ["Bin centre (nm)", *["Concentration (particles / ml)"] * 3, "Concentration average"],
        *[[f"{s:g}", f"{n:g}", f"{n:g}", f"{n:g}", f"{n:g}"] for s, n in zip(SIZES, NUMBERS, strict=True)],
        ["Percentile", "Size (nm)"], ["10", "80"],
    ]  # fmt: skip
    return "\n".join(mark.join(cells) for cells in lines)


def counted(folder: Path, *texts: str, encoding: str = "utf-8", **options: float | None) -> Count:
    paths: list[Path] = []
    for index, text in enumerate(texts):
        paths.append(folder / f"export{index}.txt")
        paths[-1].write_bytes(text.encode(encoding))
    return read_count(paths, VALUES, **options)  # type: ignore[arg-type]


def expected(share: float) -> float:
    return quantile(SIZES, NUMBERS, share)


def test_quantiles_lie_between_the_middles_of_bins() -> None:
    assert [quantile(np.array([300.0, 100.0]), np.array([1.0, 1.0]), q) for q in (0.25, 0.5, 0.75)] == [
        100.0,
        200.0,
        300.0,
    ]
    drawn = np.random.default_rng(3).lognormal(np.log(120.0), 0.3, 20_000)
    assert quantile(drawn, np.ones_like(drawn), 0.9) == pytest.approx(float(np.quantile(drawn, 0.9)), rel=1e-3)


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
def test_zetaview_is_read_with_its_dilution(tmp_path: Path, encoding: str) -> None:
    (one,) = counted(tmp_path, zetaview(), encoding=encoding).measured
    assert one.instrument == "ZetaView" and one.dilution == 1000.0
    assert one.measured == pytest.approx(6e7) and one.concentration == pytest.approx(6e10)
    assert (one.d10, one.median, one.d90) == pytest.approx((expected(0.1), expected(0.5), expected(0.9)), rel=1e-3)
    assert one.tracked == 1850.0 and one.per_frame == 120.0 and one.doubts == ()


@pytest.mark.parametrize("mark", [",", "\t"])
def test_nanosight_holds_its_dilution_already(tmp_path: Path, mark: str) -> None:
    (one,) = counted(tmp_path, nanosight(mark)).measured
    assert one.instrument == "NanoSight" and one.dilution == 500.0
    assert one.measured == pytest.approx(4e8) and one.concentration == pytest.approx(2e11)
    assert one.median == pytest.approx(expected(0.5)) and one.tracked == 2700.0 and one.per_frame == 40.0
    assert one.doubts == ()


def test_a_given_dilution_multiplies_where_the_file_tells_none(tmp_path: Path) -> None:
    bare = zetaview(dilution="").replace("Original Concentration:\t6.0E+10 Particles / cm^3\n", "")
    (one,) = counted(tmp_path, bare, dilution=200.0).measured
    assert one.concentration == pytest.approx(200.0 * 6e7)
    (untold,) = counted(tmp_path, bare).measured
    assert untold.concentration == pytest.approx(6e7) and "no dilution is told" in untold.doubts[0]


def test_two_dilutions_contradict_each_other(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="tells a dilution of 1000, and --dilution says 500"):
        counted(tmp_path, zetaview(), dilution=500.0)
    assert counted(tmp_path, zetaview(), dilution=1000.0).concentration == pytest.approx(6e10)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (zetaview(traces=200), "200 particles were followed"),
        (zetaview(per_frame=5.0), "dilute less"),
        (zetaview(per_frame=800.0), "dilute more"),
        (zetaview(check="failed"), "cell check: failed"),
        (nanosight(noise="High"), "Noise level: High"),
        (nanosight(dilution=1.0), "in the chamber lie outside"),
    ],
)
def test_what_is_doubtful_is_told(tmp_path: Path, text: str, words: str) -> None:
    assert any(words in doubt for doubt in counted(tmp_path, text).doubts)


def test_files_of_one_sample_are_replicates(tmp_path: Path) -> None:
    far = zetaview().replace("6.0E+10", "1.2E+11")
    count = counted(tmp_path, zetaview(), far)
    assert count.concentration == pytest.approx(9e10) and count.cv == pytest.approx(0.4714, abs=1e-4)
    assert "differ by a CV of 47%" in count.doubts[-1]
    assert counted(tmp_path, zetaview(), zetaview()).cv == 0.0


def test_events_of_nano_flow_need_a_concentration_or_a_volume(tmp_path: Path) -> None:
    events = "Size (nm),SS-H\n" + "\n".join(f"{60 + i % 80},1" for i in range(2000))
    with pytest.raises(InputError, match="`anagen product count FILE --volume VOLUME`"):
        counted(tmp_path, events)
    (one,) = counted(tmp_path, events, volume=1e-5, dilution=100.0).measured
    assert one.measured == pytest.approx(2e8) and one.concentration == pytest.approx(2e10)
    assert one.median == pytest.approx(99.5, abs=0.5) and one.tracked == 2000.0
    told = "Concentration (particles/mL):,3e8\nDilution,50\nSize (nm),Counts\n60,10\n80,30\n100,10\n"
    (binned,) = counted(tmp_path, told).measured
    assert binned.concentration == pytest.approx(1.5e10) and binned.median == pytest.approx(80.0)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("study: x\narms: []\n", "expected the text export of ZetaView"),
        ('title = "size of vesicles, in nm"\n', "expected the text export of ZetaView"),
        ("ZetaView S/N:\t1\nZP Profile:\nPosition\tZP\n1\t2\n", "Size / nm"),
        ("NTA Version,NTA 3.4\nParticle ID,Size/nm\n1,50\n", "Bin centre"),
        (zetaview().replace(f"{NUMBERS[3]:.3E}\t", "n.a.\t", 1), "no number of particles"),
        ("Size (nm),Counts\n60,10\n80,\n", "a size and a count"),
        ("PK\x03\x04", "a workbook or an archive"),
        ("", "expected the text export"),
    ],
)
def test_a_wrong_file_says_what_was_expected(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(InputError) as caught:
        counted(tmp_path, text)
    (problem,) = caught.value.problems
    assert words in problem.message and problem.file is not None and problem.file.endswith("export0.txt")


def test_a_count_goes_into_a_product_file_as_it_is_printed(tmp_path: Path) -> None:
    count = counted(tmp_path, zetaview())
    particles = toml_data(count.as_toml(), None)["particles"]
    text = library()["adsc-native"].read_text(encoding="utf-8")
    product: Product = parse_product(text)
    read = type(product.particles).model_validate({"vial_volume": "1 mL", **particles})  # type: ignore[dict-item]
    assert read.concentration.value == pytest.approx(6e10) and read.concentration.basis == "measured"
    assert read.diameter is not None and read.diameter.value == pytest.approx(count.measured[0].mean, rel=1e-3)


@pytest.mark.parametrize(
    "respelt",
    [
        lambda text: text.replace("::", ":").replace(":\t", "\t"),
        lambda text: text.replace(":\t", " = ").replace("::", ":"),
        lambda text: text.replace(":\t", ":    ").replace("Original File:", "File:"),
        lambda text: text.replace(":\t", ",").replace("\t", ","),
        lambda text: text.replace("Dilution::\t1000.0", "Dilution Factor\t1:1000"),
        lambda text: text.replace("Dilution::", '"Dilution"').replace("Concentration:", '"Concentration"'),
    ],
)  # fmt: skip
def test_a_zetaview_export_is_known_however_its_header_is_parted(tmp_path: Path, respelt: Callable[[str], str]) -> None:
    """Once taken for nano-flow, its original concentration was diluted a second time."""
    (one,) = counted(tmp_path, respelt(zetaview())).measured
    assert one.instrument == "ZetaView" and one.dilution == 1000.0 and one.tracked == 1850.0
    assert one.concentration == pytest.approx(6e10) and one.measured == pytest.approx(6e7) and one.doubts == ()


@pytest.mark.parametrize("dilution", [None, 1000.0])
def test_an_original_concentration_is_never_multiplied(tmp_path: Path, dilution: float | None) -> None:
    text = zetaview(dilution="").replace("Concentration:\t6.0E+7 Particles / cm^3\nOriginal", "Original")
    flow = "Original concentration (particles/mL):,6e10\nSize (nm),Counts\n60,400\n90,900\n120,300\n"
    for export in (text, flow):
        (one,) = counted(tmp_path, export, dilution=dilution).measured
        assert one.concentration == pytest.approx(6e10)
        assert one.measured == (None if dilution is None else pytest.approx(6e7))
        assert any("no dilution is told" in doubt for doubt in one.doubts) == (dilution is None)


def test_the_dilution_between_two_concentrations_is_told_and_a_third_one_is_doubtful(tmp_path: Path) -> None:
    (one,) = counted(tmp_path, zetaview(dilution="")).measured
    assert one.dilution == pytest.approx(1000.0) and "between the two concentrations" in one.doubts[0]
    (other,) = counted(tmp_path, zetaview(dilution="500")).measured
    assert other.concentration == pytest.approx(6e10) and "tell a dilution of 1000" in other.doubts[0]


def test_the_standard_error_of_nanosight_is_no_video(tmp_path: Path) -> None:
    """The columns of an average and of its standard error were averaged with the videos."""
    text = nanosight().replace("[Results]", "[Results],1,2,3\n,Video 1,Video 2,Video 3,Average,Standard Error")
    text = text.replace("2.0e11,2.2e11,1.8e11", "2.0e11,2.2e11,1.8e11,2.0e11,1.2e10")
    text = text.replace("Particles per frame,40,44,36", "Particles per frame,40,44,36,40,2.3")
    text = text.replace("Valid tracks,900,950,850", "Valid tracks,900,950,850,900,29")
    text = text.replace("Concentration average", "Concentration average,Concentration Standard Error")
    lines = [f"{line},1e9" if line[:1].isdigit() and line.count(",") == 4 else line for line in text.splitlines()]
    (one,) = counted(tmp_path, "\n".join(lines)).measured
    (plain,) = counted(tmp_path, nanosight()).measured
    assert one.concentration == pytest.approx(2e11) and one.per_frame == 40.0 and one.tracked == 2700.0
    assert one.median == pytest.approx(plain.median) and one.doubts == ()
    bare = "\n".join(line.replace(",Concentration average", ",Concentration standard error") for line in lines)
    assert counted(tmp_path, bare).measured[0].median == pytest.approx(plain.median)


def test_instruments_are_not_averaged(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"2 instruments and are not averaged \(ZetaView: export0.txt; NanoSight: "):
        counted(tmp_path, zetaview(), nanosight())


def test_one_file_twice_is_no_replicate(tmp_path: Path) -> None:
    path = tmp_path / "one.txt"
    path.write_text(zetaview(), encoding="utf-8")
    with pytest.raises(InputError, match=r"one.txt is named more than once"):
        read_count([path, path], VALUES)


def test_every_wrong_file_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        counted(tmp_path, zetaview(), "nothing", "Size (nm),Counts\n60,\n")
    assert [str(problem.file)[-11:] for problem in caught.value.problems] == ["export1.txt", "export2.txt"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (zetaview().replace(f"{SIZES[0]:.3E}\t", "0.000E+0\t", 1), "particles of 0 nm"),
        (nanosight().replace("\n45,", "\n0,", 1), "particles of 0 nm"),
        (zetaview().replace("6.0E+10", "6,0E+10"), "has a comma in the number 6,0E+10"),
        (zetaview().replace(f"{SIZES[2]:.3E}", f"{SIZES[2]:.3E}".replace(".", ",")), "has a comma in the number"),
        (nanosight("\t").replace("2.0e11", "2,0e11"), "has a comma in the number 2,0e11"),
        (zetaview(dilution="0.001"), "diluted 1 time or more"),
    ],
)  # fmt: skip
def test_numbers_that_cannot_be_read_in_one_way_are_refused(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(InputError, match=re.escape(words)):
        counted(tmp_path, text)


def test_a_median_of_no_vesicle_is_doubtful(tmp_path: Path) -> None:
    table = "Concentration,2e8\nDilution,10\nSize (nm),Counts\n0.5,400\n1,900\n2,300\n"
    assert "the median is 0.9" in counted(tmp_path, table).doubts[0]


def test_a_result_below_zero_is_no_video(tmp_path: Path) -> None:
    text = re.sub(r"(?m)^(Concentration \(Particles / ml\),)([^,\n]+)", r"\1-\2", nanosight())
    assert text != nanosight()
    with pytest.raises(InputError, match="no result is below 0"):
        counted(tmp_path, text)


def test_a_dilution_of_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="a dilution of 0"):
        counted(tmp_path, zetaview(dilution="0"))


def test_sizes_that_end_where_most_are_counted_are_doubtful(tmp_path: Path) -> None:
    lines = zetaview().splitlines()
    start = next(place for place, line in enumerate(lines) if line.startswith("Size / nm"))
    (cut,) = counted(tmp_path, "\n".join(lines[: start + 4])).measured
    assert any("may be cut off" in doubt for doubt in cut.doubts)
    (whole,) = counted(tmp_path, zetaview()).measured
    assert not any("may be cut off" in doubt for doubt in whole.doubts)


def test_check_knows_a_count_by_its_content_and_tells_what_is_doubtful(tmp_path: Path) -> None:
    (tmp_path / "export.dat").write_text(zetaview(dilution=""), encoding="utf-16")
    done = anagen("check", "export.dat", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "export.dat is a count of particles." in done.stdout
    assert "ZetaView: 6e+10 particles/mL" in done.stdout and "In doubt: " in done.stdout
