"""The commands of `anagen product`: list, check, make, release, compare and count vesicle products."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from anagen.cli.copies import CopyOption, CopyToOption, refuse_without_copy, write_copy
from anagen.cli.options import (
    ANY_SOURCE,
    DRAWS,
    ClusterOption,
    DrawsOption,
    JsonOption,
    NoReportOption,
    OutOption,
    OverwriteFileOption,
    OverwriteOption,
    ParametersOption,
    SeedOption,
    WorkersOption,
    chosen_source,
    chosen_workers,
    emit,
)
from anagen.cli.run import run_curve
from anagen.core.numbers import MOST_DOSES

if TYPE_CHECKING:
    from anagen.exosomes import Product, ProductCheck, Spread
    from anagen.sweeps import Sweep

app = typer.Typer(
    help="Vesicle products: the library, check, making, release, comparison, counts, response curve.",
    no_args_is_help=True,
)
ProductArgument = Annotated[str, typer.Argument(metavar="PRODUCT", help="A product file, or a name of the library.")]
NetworkOption = Annotated[
    Path | None, typer.Option("--network", help="A file with nodes and edges added to the shipped network.")
]
WeeksOption = Annotated[
    float | None, typer.Option("--weeks", min=0.1, help="Weeks until the last dose must be released. [52]")
]
CapitalOption = Annotated[float | None, typer.Option("--capital", min=1.0, help="Capital that there is, in USD. [3e7]")]
PictureOption = Annotated[Path | None, typer.Option("--out", help="Picture of what moves the cost, .svg or .png.")]


def _doses(told: str | int) -> int:
    """Doses from text; 1e7 is how people write ten million."""
    try:
        number = float(told)
    except ValueError:
        raise typer.BadParameter(f"{told!r} is no number") from None
    if not number.is_integer() or not 1 <= number <= MOST_DOSES:
        raise typer.BadParameter(f"{told} is not in the range 1<=x<={MOST_DOSES} of whole numbers")
    return int(number)


DosesOption = Annotated[
    int,
    typer.Option(
        "--doses", metavar="NUMBER", min=1, max=MOST_DOSES, parser=_doses, help="Released doses wanted, such as 1e7."
    ),
]


@app.command("list")
def list_products(
    as_json: JsonOption = False,
    copy: CopyOption = None,
    out: CopyToOption = None,
    overwrite: OverwriteFileOption = False,
) -> None:
    """List the products of the library, or copy the file of one, to begin your own from."""
    from anagen.cli.console import print_table
    from anagen.core.texts import read_text
    from anagen.exosomes import library, load_product

    if copy is not None:
        written = write_copy(library(), copy, out, overwrite, lambda path: read_text(path, "product file"))
        emit({"file": str(written)}, as_json, lambda: print(written))
        return
    refuse_without_copy(out)
    products = [load_product(name) for name in library()]
    rows = [
        {
            "name": product.name,
            "title": product.title,
            "source_cell": product.source_cell,
            "dose": product.dose.value,
            "dose_basis": product.dose.basis,
            "evidence": product.source.evidence,
        }
        for product in products
    ]
    header = ("name", "title", "particles per dose", "basis", "evidence of the source in hair")
    table = ([r["name"], r["title"], r["dose"], r["dose_basis"], r["evidence"]] for r in rows)
    emit(rows, as_json, lambda: print_table("", header, table))


@app.command()
def check(
    product: ProductArgument,
    network: NetworkOption = None,
    as_json: JsonOption = False,
    source: ParametersOption = ANY_SOURCE,
) -> None:
    """Check a product: MISEV checklist, purity, miRNA stoichiometry, cargo, label, storage, potent particles."""
    from anagen.exosomes.result import product as vesicle_product
    from anagen.signalling.listening import listening
    from anagen.signalling.network import load_network, network_from_file

    edges = listening(None if network is None else network_from_file(network, base=load_network()))
    result = vesicle_product(product, chosen_source(source)).check(edges)
    emit(result.document(), as_json, lambda: _print_check(result.checked))


@app.command()
def make(
    product: ProductArgument,
    doses: DosesOption = 1000,
    weeks: WeeksOption = None,
    capital: CapitalOption = None,
    out: PictureOption = None,
    overwrite: OverwriteFileOption = False,
    as_json: JsonOption = False,
    source: ParametersOption = ANY_SOURCE,
) -> None:
    """Tell what it takes to make a number of doses: plant, people, weeks, capital, cost with ranges, what moves it."""
    from anagen.cli.making import check_picture, print_making, write_picture
    from anagen.exosomes.result import product as vesicle_product

    if out is not None:
        check_picture(out)
    result = vesicle_product(product, chosen_source(source)).make(doses, weeks=weeks, capital=capital)
    emit(result.document(), as_json, lambda: print_making(result.making))
    if out is not None:
        from anagen.reports.figures.cost_drivers import draw_cost_drivers

        write_picture(out, draw_cost_drivers(result.making), overwrite, quiet=as_json)


@app.command()
def draw(
    product: ProductArgument,
    out: Annotated[Path, typer.Option("--out", help="Picture to write, .svg or .png.")],
    overwrite: OverwriteFileOption = False,
) -> None:
    """Draw the vesicle of a product to scale: membrane, surface, what it carries and how much of it is known."""
    from anagen.cli.making import check_picture, write_picture
    from anagen.exosomes import load_product
    from anagen.reports.figures.vesicle import draw_vesicle

    check_picture(out)
    write_picture(out, draw_vesicle(load_product(product)), overwrite)


@app.command()
def potency(
    assay: Annotated[
        Path, typer.Argument(metavar="ASSAY", help="A CSV with the columns preparation, dose and response.")
    ],
    reference: Annotated[
        str | None, typer.Option("--reference", help="Preparation of potency 1; the first of the file where left out.")
    ] = None,
    method: Annotated[
        str, typer.Option("--method", help="parallel-line, or four-parameter for sigmoid curves.")
    ] = "parallel-line",
    as_json: JsonOption = False,
) -> None:
    """Tell relative potencies with confidence limits from an assay, and whether its curves are parallel."""
    from anagen.cli.potency import print_assay
    from anagen.exosomes.assay_table import assay_of_file

    result = assay_of_file(assay, reference, method)
    emit(result.document(), as_json, lambda: print_assay(result))


@app.command()
def sweep(
    product: ProductArgument,
    dose: Annotated[
        str | None, typer.Option("--dose", help="Particles per session: 1e8,1e9,1e10,1e11,1e12 where nothing is given.")
    ] = None,
    route: Annotated[str | None, typer.Option("--route", help="Routes, such as intradermal,topical.")] = None,
    every: Annotated[str | None, typer.Option("--every", help="Weeks between sessions, such as 2,4.")] = None,
    sessions: Annotated[str | None, typer.Option("--sessions", help="Numbers of sessions, such as 1,3,6.")] = None,
    storage: Annotated[
        str | None,
        typer.Option("--storage", help='Conditions, such as fresh,"4 C 48 h","-80 C 28 d",lyophilised or "as told".'),
    ] = None,
    seed: SeedOption = 1,
    draws: DrawsOption = DRAWS,
    workers: WorkersOption = 1,
    cluster: ClusterOption = None,
    out: OutOption = None,
    overwrite: OverwriteOption = False,
    as_json: JsonOption = False,
    no_report: NoReportOption = False,
    source: ParametersOption = ANY_SOURCE,
) -> None:
    """Tell how the effect of a product depends on dose, route, schedule and storage, against its own control."""

    def planned() -> Sweep:
        from anagen.sweeps.product import product_sweep

        return product_sweep(product, dose=dose, route=route, every=every, sessions=sessions, storage=storage)

    where = chosen_workers(workers, cluster)
    run_curve(planned, seed, draws, where, out, overwrite, not no_report, source, as_json)


@app.command()
def stability(
    product: ProductArgument,
    scale: Annotated[
        str, typer.Option("--scale", help="What is regressed on time: log (loss in proportion) or linear (by amount).")
    ] = "log",
    out: Annotated[
        Path | None, typer.Option("--out", help="Picture (.svg, .png) or table (.csv, .parquet, .json) to write.")
    ] = None,
    overwrite: OverwriteFileOption = False,
    as_json: JsonOption = False,
    source: ParametersOption = ANY_SOURCE,
) -> None:
    """Tell how long a product keeps: its own stability series after ICH Q1E and Q5C, or what the priors say."""
    from anagen.cli.stability import tell_stability

    tell_stability(product, scale, out, overwrite, as_json, chosen_source(source))


@app.command()
def release(
    product: Annotated[
        str | None, typer.Argument(metavar="PRODUCT", help="A product file, or a name of the library.")
    ] = None,
    use: Annotated[
        str | None, typer.Option("--use", help="injected, needled, topical or cosmetic. [that of the file]")
    ] = None,
    template: Annotated[
        bool,
        typer.Option("--template", help="Print the table [release] with every item and its units, to be filled in."),
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Folder for certificate (HTML, CSV, PDF) and EV-TRACK form; file of a template."),
    ] = None,
    overwrite: OverwriteOption = False,
    as_json: JsonOption = False,
    source: ParametersOption = ANY_SOURCE,
) -> None:
    """Hold a batch against its specification: verdict, certificate, EV-TRACK form. Exit code 4: not to be released."""
    from anagen.cli.release import released, write_template

    if template == (product is not None):
        raise typer.BadParameter("a product or --template is expected, one of them")
    if product is None:
        if use is not None or as_json:
            raise typer.BadParameter("--template takes neither --use nor --json")
        write_template(out, overwrite, source)
        return
    released(product, use, out, overwrite, as_json, source)


@app.command()
def compare(
    first: ProductArgument,
    second: Annotated[str, typer.Argument(metavar="OTHER", help="The product of the other process or batch.")],
    as_json: JsonOption = False,
    source: ParametersOption = ANY_SOURCE,
) -> None:
    """Tell whether two batches or processes give the same product: equivalence of potency and particles."""
    from anagen.cli.release import compared

    compared(first, second, as_json, source)


@app.command()
def count(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Exports of one sample, one or more.")],
    dilution: Annotated[
        float | None, typer.Option("--dilution", min=1.0, help="Dilution of the sample where the file tells none.")
    ] = None,
    volume: Annotated[
        str | None, typer.Option("--volume", help='Volume analysed, such as "5 nL"; for tables of single events.')
    ] = None,
    as_json: JsonOption = False,
    source: ParametersOption = ANY_SOURCE,
) -> None:
    """Read counts by tracking (ZetaView, NanoSight) and nano-flow: concentration, median, D10 to D90, doubts."""
    from anagen.cli.release import counted

    counted(files, dilution, volume, as_json, source)


def _row(spread: Spread) -> tuple[str, str]:
    from anagen.cli.console import interval, number

    return number(spread.central), interval(spread.low, spread.high)


def _heading(product: Product) -> None:
    print(f"{product.title} ({product.name})\n{product.summary}\n")


def _print_check(checked: ProductCheck) -> None:
    from anagen.cli.console import number, print_table
    from anagen.exosomes.characterisation import STATUSES

    _heading(checked.product)
    for question in checked.questions:
        print(f"QUESTION {question}")
    rows = ((e.item.name, e.status, e.finding, e.item.section.partition(";")[0]) for e in checked.checklist)
    print_table("MISEV2023 checklist", ("item", "status", "found", "item of"), rows)
    counts = ", ".join(f"{checked.count(status)} {status}" for status in STATUSES[:3])
    print(f"{counts}. What release asks for is told by `anagen product release`.\n")
    rows = ((e.item.name, e.status, e.finding, e.item.section, e.item.why) for e in checked.further)
    print_table("Beyond MISEV2023", ("item", "status", "found", "limit of", "why it matters here"), rows)
    purity = checked.purity
    measured = "not measured" if purity.measured is None else f"{number(purity.measured)} particles/ug: {purity.kind}"
    print(f"Particle:protein: {measured}")
    expected = f"{number(purity.expected.central)} particles/ug: {purity.expected_kind}"
    print(f"  expected of the isolation train: {expected}\n")
    _print_sizes(checked)
    _print_routes(checked)
    print_table("Other cargo", ("cargo", "what was found"), checked.cargo)
    _print_silent(checked)
    rows = (
        (e.name, number(e.value), e.unit, f"{e.side} {number(e.limit)}", _plausible(e.plausible), e.note)
        for e in checked.label
    )
    print_table("The count on the label", ("it implies", "value", "unit", "limit", "verdict", "note"), rows)
    rows = ((name, *_row(spread)) for name, spread in checked.storage)
    print_table("Share of the particles left after storage", ("history", "central", "5 to 95 %"), rows)
    _print_potent(checked)


def _plausible(answer: bool) -> str:
    return "plausible" if answer else "NOT plausible"


def _print_sizes(checked: ProductCheck) -> None:
    """Subpopulations by size, where the file has them."""
    from anagen.cli.console import print_table

    if not checked.sizes:
        return
    rows = (
        (e.name, f"{e.smallest:g} to {e.largest:g}", f"{e.count:.1%}", f"{e.membrane:.1%}", f"{e.content:.1%}")
        for e in checked.sizes
    )
    header = ("vesicles", "diameter nm", "of the count", "of the membrane", "of the content")
    print_table("Subpopulations by size", header, rows)
    print("What each of them does to a cell is not known; in a trial all have the mean diameter of the product.\n")


def _print_routes(checked: ProductCheck) -> None:
    from anagen.cli.console import number, print_table

    if not checked.routes:
        print("miRNA routes: none named\n")
        return
    header = ("miRNA", "copies per vesicle", "copies per papilla cell", "5 to 95 %", "route", "acts on", "through")
    rows = (
        (
            r.name,
            number(r.copies_per_vesicle.central),
            *_row(r.copies_per_cell),
            r.verdict,
            r.acts_on,
            r.acts_through or "nothing",
        )
        for r in checked.routes
    )
    print_table("miRNA routes: off below about 100 copies a cell", header, rows)
    for route in checked.routes:
        needed, had = number(route.vesicles_needed), number(route.vesicles_per_cell.central)
        print(f"{route.name}: {needed} vesicles per papilla cell would open the route; a session brings about {had}")
    print()


def _print_silent(checked: ProductCheck) -> None:
    """Cargo that moves nothing, and inputs of the network that the product leaves empty."""
    if checked.silent:
        print("Cargo that moves nothing in this network:")
        for line in checked.silent:
            print(f"  - {line}")
        print()
    if checked.empty:
        print("Inputs of this network that the product leaves empty:")
        for name, reason in checked.empty:
            print(f"  - {name}: {reason}")
        print()


def _print_potent(checked: ProductCheck) -> None:
    from anagen.cli.console import number, print_table

    potent = checked.potent
    rows = [(f.name, *_row(f.spread), f"{f.variance_share:.0%}") for f in potent.factors]
    rows += [("potent particles per dose", *_row(potent.potent), "")]
    title = f"Potent particles in a dose of {number(potent.particles.central)}"
    print_table(title, ("factor", "central", "5 to 95 %", "of the variance"), rows)
    print("What is not known:")
    for line in potent.unknown:
        print(f"  - {line}")
    if checked.first_steps:
        print("What to do first:")
        for line in checked.first_steps:
            print(f"  - {line}")
