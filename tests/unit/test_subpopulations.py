"""Small and large vesicles of a product, and cells that make them otherwise: priming, a route that was shut."""

from __future__ import annotations

import math

import numpy as np
import pytest
from release_products import CORD

from anagen.core.errors import InputError
from anagen.exosomes import check_product, load_product, make_product, parse_product, potent_dose
from anagen.exosomes.characterisation.further import questions
from anagen.exosomes.characterisation.label import check_label
from anagen.exosomes.potency import product_parameters
from anagen.exosomes.release import certificate_of
from anagen.exosomes.subpopulations import moment, share_between, size_classes
from anagen.parameters import load_parameters

PARAMETERS = load_parameters("prior")
VALUES = PARAMETERS.draw(1, 0)


def classes(*rows: tuple[str, float, float, float]) -> str:
    return "".join(
        f'[[subpopulation]]\nname = "{name}"\nsmallest = "{low} nm"\nlargest = "{high} nm"\nshare = "{share} %"\n'
        'source = "nano-flow"\n'
        for name, low, high, share in rows
    )


TWO = classes(("small", 50, 120, 80), ("large", 120, 400, 20))


def test_moments_are_those_of_a_log_uniform_diameter() -> None:
    drawn = np.exp(np.random.default_rng(1).uniform(math.log(50.0), math.log(400.0), 200_000))
    for power in (1, 2, 3):
        assert moment(50.0, 400.0, power) == pytest.approx(float((drawn**power).mean()), rel=0.01)


def test_few_large_vesicles_hold_most_of_the_content() -> None:
    small, large = size_classes(parse_product(CORD + TWO).subpopulation)
    assert (small.count, large.count) == (0.8, 0.2)
    assert large.count < large.membrane < large.content and large.content > 0.8
    assert small.content + large.content == pytest.approx(1.0)
    assert check_product(parse_product(CORD + TWO), PARAMETERS, draws=20).sizes == (small, large)


def test_the_label_is_checked_with_the_volume_of_the_classes() -> None:
    def share(text: str) -> float:
        return check_label(parse_product(text), product_parameters(parse_product(text), PARAMETERS).draw(1, 0))[0].value

    cubed = 0.8 * moment(50.0, 120.0, 3) + 0.2 * moment(120.0, 400.0, 3)
    assert share(CORD + TWO) == pytest.approx(5e10 * math.pi / 6.0 * cubed * 1e-21)
    assert share(CORD + classes(("small", 50, 120, 80))) == share(CORD)


def test_the_share_from_50_to_400_nm_is_read_from_the_classes() -> None:
    def size(text: str) -> tuple[str, str]:
        judged = certificate_of(parse_product(text), PARAMETERS).judged
        return next((entry.verdict, entry.found) for entry in judged if entry.item.name == "size")

    assert size(CORD + TWO) == ("passes", "100 %")
    assert size(CORD + classes(("small", 50, 120, 70), ("large", 400, 900, 30))) == ("fails", "70 %")
    assert size(CORD + classes(("small", 40, 120, 80), ("large", 120, 400, 20))) == ("not shown", "20 to 100 %")
    assert share_between(parse_product(CORD + TWO).subpopulation, 50.0, 120.0) == (80.0, 80.0)


def test_a_mean_that_the_classes_cannot_have_is_questioned() -> None:
    far = parse_product(CORD + classes(("large", 200, 400, 100)))
    (question,) = questions(far, VALUES)
    assert "115 nm, and the classes of [[subpopulation]] have a mean of 200 to 400 nm" in question
    assert questions(parse_product(CORD + TWO), VALUES) == ()


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ((("a", 50, 120, 80), ("b", 100, 200, 10)), "a ends at 120 nm and b begins at 100 nm"),
        ((("a", 50, 120, 80), ("b", 120, 200, 40)), "shares add up to 120 %"),
        ((("a", 50, 120, 80), ("a", 120, 200, 20)), "lists a more than once"),
        ((("a", 120, 50, 80),), "is not below largest"),
        ((("a", 0, 50, 80),), "must be at least 10"),
    ],
)
def test_classes_that_cannot_be_are_refused(rows: tuple[tuple[str, float, float, float], ...], words: str) -> None:
    with pytest.raises(InputError, match=words):
        parse_product(CORD + classes(*rows))


@pytest.mark.parametrize("line", ['blocked_route = "escrt"', 'blocked_route = "ceramide"', 'priming = "hypoxia"'])
def test_what_was_done_to_the_cells_widens_titre_and_potency(line: str) -> None:
    plain = parse_product(CORD.replace("relative_potency =", "# relative_potency ="))
    treated = parse_product(CORD.replace("relative_potency =", "# relative_potency =").replace(
        "[preparation]", f"[preparation]\n{line}"))  # fmt: skip
    stem = treated.preparation.treatments[0]
    titre = PARAMETERS[f"facility.{stem}_titre"]
    assert titre.grade == "C" and titre.low < 1.0 < titre.high
    one, other = (make_product(product, 10, PARAMETERS, draws=20).figures for product in (plain, treated))
    name = "crude particles per batch"
    plants_alike = one["cells per batch"][0].central == other["cells per batch"][0].central
    if plants_alike:
        assert other[name][0].central == pytest.approx(titre.value * one[name][0].central)
    assert other[name][0].high / other[name][0].low > one[name][0].high / one[name][0].low
    wide, narrow = (potent_dose(product, PARAMETERS, draws=50).potent for product in (treated, plain))
    assert wide.high / wide.low > narrow.high / narrow.low


def test_only_cells_in_culture_have_a_route_that_can_be_shut() -> None:
    from anagen.exosomes import library

    text = library()["plant"].read_text(encoding="utf-8")
    with pytest.raises(InputError) as caught:
        parse_product(text.replace("[preparation]", '[preparation]\nblocked_route = "escrt"\npriming = "hypoxia"'))
    assert {problem.field for problem in caught.value.problems} == {"preparation.priming", "preparation.blocked_route"}
    assert load_product("plant").preparation.treatments == ()
