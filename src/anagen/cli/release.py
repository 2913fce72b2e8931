"""What `anagen product release`, `compare` and `count` do and print."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, get_args

import typer

from anagen.cli.options import chosen_source, emit

if TYPE_CHECKING:
    from anagen.exosomes.release.items import Use
    from anagen.exosomes.result import ComparabilityResult, ReleaseResult
    from anagen.formats.nta import Count

NOT_RELEASED = 4
"""Exit code where a batch is not to be released: no fault of the program (1) and no wrong input (2)."""
PAGE, PDF, TABLE, DOCUMENT = "certificate.html", "certificate.pdf", "certificate.csv", "release.json"
FORM, FORM_PAGE = "ev-track.csv", "ev-track.html"


def released(product: str, use: str | None, out: Path | None, overwrite: bool, as_json: bool, source: str) -> None:
    """`anagen product release`; ends with NOT_RELEASED where the batch is not to be released.

    Parameters
    ----------
    product : str
        File or name.
    use : str or None
        What it is for.
    out : Path or None
        Folder of the certificate.
    overwrite : bool
        Whether an earlier one may be replaced.
    as_json : bool
        Whether --json was given.
    source : str
        As --parameters takes it.
    """
    from anagen.exosomes.result import product as vesicle_product
    from anagen.results import prepare_folder

    meant = _use(use)
    if out is not None:
        prepare_folder(out, overwrite=overwrite)
    result = vesicle_product(product, chosen_source(source)).release(meant)
    folder = None if out is None else _write(result, out, overwrite)
    document = result.document() | ({} if folder is None else {"folder": str(folder)})
    emit(document, as_json, lambda: _print_release(result, folder))
    if not result.certificate.released:
        raise typer.Exit(NOT_RELEASED)


def write_template(out: Path | None, overwrite: bool, source: str) -> None:
    """`anagen product release --template`: the table [release] as a form, printed or written.

    Parameters
    ----------
    out : Path or None
        File to write.
    overwrite : bool
        Whether it may be replaced.
    source : str
        As --parameters takes it.
    """
    from anagen.core.files import Target
    from anagen.exosomes.release.template import template
    from anagen.parameters import load_parameters

    text = template(load_parameters(chosen_source(source)).draw(1, 0))
    if out is None:
        print(text, end="")
        return
    print(Target(out, "--out", overwrite).write(text.encode()))


def compared(first: str, second: str, as_json: bool, source: str) -> None:
    """`anagen product compare`.

    Parameters
    ----------
    first : str
        File or name.
    second : str
        File or name.
    as_json : bool
        Whether --json was given.
    source : str
        As --parameters takes it.
    """
    from anagen.exosomes.result import product as vesicle_product

    chosen = chosen_source(source)
    result = vesicle_product(first, chosen).compare(vesicle_product(second, chosen))
    emit(result.document(), as_json, lambda: _print_comparison(result))


def counted(files: list[Path], dilution: float | None, volume: str | None, as_json: bool, source: str) -> None:
    """`anagen product count`.

    Parameters
    ----------
    files : list of Path
        Exports of one sample.
    dilution : float or None
        As --dilution takes it.
    volume : str or None
        As --volume takes it.
    as_json : bool
        Whether --json was given.
    source : str
        As --parameters takes it.
    """
    from anagen.core.errors import InputError, Problem
    from anagen.core.units import parse_quantity
    from anagen.formats.nta import read_count
    from anagen.parameters import load_parameters

    try:
        analysed = None if volume is None else parse_quantity(volume, "mL")
    except InputError as error:
        told = error.problems[0]
        raise InputError([Problem(None, None, None, "--volume", told.message, (), told.suggestion)]) from None
    values = load_parameters(chosen_source(source)).draw(1, 0)
    count = read_count(files, values, dilution=dilution, volume=analysed)
    emit(count.document(), as_json, lambda: _print_count(count))


def _use(use: str | None) -> Use | None:
    from anagen.core.errors import InputError, Problem
    from anagen.core.reading import nearest
    from anagen.exosomes.release.items import Use

    allowed: tuple[Use, ...] = get_args(Use)
    for name in allowed:
        if use == name:
            return name
    if use is None:
        return None
    raise InputError([Problem(None, None, None, "--use", f"unknown use {use!r}", allowed, nearest(use, allowed))])


def _write(result: ReleaseResult, folder: Path, overwrite: bool) -> Path:
    """Certificate and form in a folder, whole or not at all."""
    from anagen.core.disk import write_durably
    from anagen.core.extras import pictures_there
    from anagen.core.provenance import package_version
    from anagen.formats.evtrack import ev_track_form, form_csv, form_page
    from anagen.reports.certificate import certificate_page, certificate_pdf
    from anagen.results.folder import write_folder
    from anagen.results.manifest import PACKAGE

    form = ev_track_form(result.certificate.product)

    def fill(place: Path) -> None:
        write_durably(place / PAGE, certificate_page(result.certificate).encode())
        if pictures_there():
            write_durably(place / PDF, certificate_pdf(result.certificate))
        write_durably(place / TABLE, result.table.to_csv(index=False, lineterminator="\n").encode())
        write_durably(place / DOCUMENT, f"{result.to_json()}\n".encode())
        write_durably(place / FORM, form_csv(form).encode())
        write_durably(place / FORM_PAGE, form_page(form).encode())

    manifest = {
        "package": PACKAGE,
        "kind": "release",
        "version": package_version(),
        "product": result.certificate.product.name,
    }
    return write_folder(folder, fill, manifest, overwrite=overwrite)


def _print_release(result: ReleaseResult, folder: Path | None) -> None:
    from anagen.cli.console import print_table
    from anagen.core.extras import without_pictures
    from anagen.exosomes.release import LISTS
    from anagen.exosomes.release.items import USES
    from anagen.reports.certificate import source_facts

    certificate = result.certificate
    print(f"{certificate.product.title} ({certificate.product.name}), batch {certificate.batch or 'not named'}")
    for name, words in source_facts(certificate):
        print(f"{name}: {words}")
    print(f"Use: {USES[certificate.use]}\n")
    for question in certificate.questions:
        print(f"QUESTION {question}")
    rows = (
        (e.item.name, e.verdict, "; ".join(filter(None, (e.found, e.note))), e.limit, ", ".join(e.item.lists))
        for e in certificate.judged
    )
    print_table("Results against the specification", ("item", "verdict", "found", "limit", "asked for by"), rows)
    print(certificate.verdict())
    for note in (*certificate.notes, *(f"{name}: {title}" for name, title in LISTS.items())):
        print(f"  - {note}")
    if folder is not None:
        certificates = [folder / name for name in (PAGE, PDF) if (folder / name).is_file()]
        print(f"Certificate: {', '.join(map(str, certificates))}\nEV-TRACK:    {folder / FORM_PAGE}")
        if len(certificates) == 1:
            print(f"{without_pictures('a certificate as PDF')}.")


def _print_comparison(result: ComparabilityResult) -> None:
    from anagen.cli.console import interval, number, print_table

    rows = (
        (e.quantity, number(e.ratio), interval(e.low, e.high), f"{1 / e.margin:.2f} to {e.margin:.2f}",
         number(e.p), e.answer, e.basis)
        for e in result.comparability.found
    )  # fmt: skip
    header = ("quantity", "ratio", "90 % interval", "margin", "p", "answer", "from")
    print(f"First:  {result.first}\nSecond: {result.second}\n")
    print_table("Second over first: two one-sided tests at 5 %", header, rows)
    print(result.headline())


def _print_count(count: Count) -> None:
    from anagen.cli.console import number, print_table

    header = ("file", "particles/mL", "dilution", "median nm", "D10 nm", "D90 nm", "tracked")
    rows = (
        (Path(m.file).name, number(m.concentration), number(m.dilution), number(m.median), number(m.d10), number(m.d90),
         None if m.tracked is None else number(m.tracked))
        for m in count.measured
    )  # fmt: skip
    print_table(f"Counts, {count.measured[0].instrument}", header, rows)
    print(count.headline())
    for doubt in count.doubts:
        print(f"  - {doubt}")
    print("As a product file has it:\n")
    print(count.as_toml())
