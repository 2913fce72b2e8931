"""What `anagen product potency` prints."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from anagen.exosomes.assay_table import AssayResult

MEANING = {
    ("slope", False): "no dose response: nothing can be said of potency",
    ("parallelism", False): "curves differ in shape: one number does not say how potent a preparation is",
    (
        "linearity",
        False,
    ): "responses do not follow the curve over these doses; leave the ends out, or try another --method",
}


def print_assay(result: AssayResult) -> None:
    """Tests, potencies with limits, and what to paste into a product file."""
    from anagen.cli.console import number, print_table

    assay = result.assay
    rows = (
        (
            test.name,
            number(test.f),
            f"{test.df[0]}, {test.df[1]}",
            "<0.001" if test.p < 0.001 else f"{test.p:.3f}",
            MEANING.get((test.name, test.passed), "passed"),
        )
        for test in assay.tests
    )
    print_table(
        f"{assay.method}, {assay.observations} responses, reference {assay.reference}",
        ("test", "F", "df", "p", "verdict"),
        rows,
    )
    rows = ((entry.name, number(entry.value), number(entry.low), number(entry.high)) for entry in assay.potencies)
    print_table("Potency over the reference", ("preparation", "potency", "95 % from", "to"), rows)
    if not assay.valid:
        print("A test was not passed; read the potencies as a description of this assay only.\n")
    for figure in result.figures:
        if not 0.0 < figure.low < figure.high < float("inf"):
            print(f"{figure.name}: the assay gives no limits, so there is nothing to put into a product file.")
            continue
        print(f"For the product file of {figure.name} (limits at 5 and 95 %):\n{result.toml(figure)}\n")
