"""A maker's own process: what cannot be is refused, what can hardly be is questioned, a missing step is a NO."""

from __future__ import annotations

import pytest
from release_products import CORD

from anagen.cli.making import print_making
from anagen.core.errors import InputError
from anagen.exosomes import Making, Product, make_product, parse_product
from anagen.exosomes.making_result import MakingResult
from anagen.parameters import load_parameters

PARAMETERS = load_parameters("prior")


def made(process: str = "", doses: int = 1000, text: str = CORD) -> Making:
    return make_product(
        parse_product(f"{text}[process]\n{process}\n" if process else text), doses, PARAMETERS, draws=20
    )


def problems(process: str, text: str = CORD) -> dict[str, str]:
    with pytest.raises(InputError) as caught:
        parse_product(f"{text}[process]\n{process}\n", "x.toml")
    return {problem.field: problem.text() for problem in caught.value.problems}


def denser(factor: float) -> str:
    """The product asking for a vial so many times as dense, with the dose in it."""
    text = CORD
    for name, value in (("value", 5e10), ("low", 4e10), ("high", 6e10)):
        text = text.replace(f'{name} = "{value:.0e} particles/mL"'.replace("e+", "e"),
                            f'{name} = "{value * factor:g} particles/mL"')  # fmt: skip
    return text.replace('value = "1e11 particles"', f'value = "{1e11 * factor:g} particles"')


def test_a_train_that_ends_too_thin_makes_nothing() -> None:
    """It once said yes, beside a line that a concentration step with its own losses was missing."""
    thin = made(doses=10, text=denser(200.0).replace('["tangential-flow", "size-exclusion"]', '["size-exclusion"]'))
    assert not thin.possible and thin.answer == "NO"
    assert any("a step is missing: the train ends at" in flag for flag in thin.flags)
    assert not any("within the limits, by central values" in flag for flag in thin.flags)


def test_the_concentration_of_ones_own_step_counts() -> None:
    text = denser(2.0)
    few = made("[process.step.tangential-flow]\nconcentration = 2", doses=10, text=text)
    many = made("[process.step.tangential-flow]\nconcentration = 900", doses=10, text=text)
    assert any("a step is missing" in flag for flag in few.flags) and not few.possible
    assert not any("a step is missing" in flag for flag in many.flags)


def test_a_volume_that_the_vessel_does_not_hold_is_refused() -> None:
    told = problems('vessel = "3 L"\nvolume = "12 L"')
    assert list(told) == ["process.volume"]
    assert "12 L are more than the vessel 3 L holds" in told["process.volume"] and '"15 L"' in told["process.volume"]
    assert made('vessel = "15 L"\nvolume = "12 L"').questions == ()


def test_a_volume_beyond_every_vessel_is_questioned() -> None:
    (question,) = made('volume = "500 L"').questions
    assert question.startswith("process.volume: 500000 mL a harvest are more than the largest vessel")


@pytest.mark.parametrize(
    ("process", "field"),
    [
        ('titre = "1e15 particles/mL"', "process.titre"),
        ("harvests = 500", "process.harvests"),
        ('culture_days = "1 hour"', "process.culture_days"),
        ("labour_cost = 500000", "process.labour_cost"),
        ("fail_share = 0.95", "process.fail_share"),
        ("overhead = 0.01", "process.overhead"),
        ("[process.step.tangential-flow]\nconcentration = 1e6", "process.step.tangential-flow.concentration"),
        ("[process.step.size-exclusion]\nyield_share = 1e-6", "process.step.size-exclusion.yield_share"),
        ('vessel = "0.1 L"\ncells = 10', "process.cells"),
    ],
)
def test_a_rate_that_can_hardly_be_is_questioned_with_its_field(process: str, field: str) -> None:
    found = made(process, doses=10)
    assert any(question.startswith(field) for question in found.questions)
    assert found.answer in ("NO", "only if 1 number in question is right", "only if 2 numbers in question are right")


def test_impossible_numbers_of_a_process_are_told_at_once() -> None:
    told = problems(
        'vessel = "4 L"\nharvests = 0.5\nfail_share = 1.2\ntitre = "0 particles/mL"\n'
        "[process.step.precipitation]\nyield_share = 0.5\n"
        '[process.step.size-exclusion]\nyield_share = 1.5\nhours = "0 hours"\n'
    )
    assert {"process.harvests", "process.fail_share", "process.titre"} <= set(told)
    assert {"process.step.size-exclusion.yield_share", "process.step.size-exclusion.hours"} <= set(told)
    assert {"process.vessel", "process.step"} <= set(
        problems('vessel = "4 L"\n[process.step.precipitation]\nyield_share = 0.5')
    )


def test_one_is_told_in_the_singular(capsys: pytest.CaptureFixture[str]) -> None:
    making = made('vessel = "15 L"\npooled = 1\nlines = 1', doses=1)
    print_making(making)
    printed = capsys.readouterr().out
    assert "The plant for 1 dose\n" in printed and "1 run is a batch; 1 line\n" in printed and "  1 vessel, " in printed
    assert "(s)" not in printed and MakingResult(making).headline().startswith("1 dose of ")


def test_the_answer_stands_in_the_document_with_its_questions() -> None:
    document = MakingResult(made("labour_cost = 500000", doses=10)).document()
    assert document["questions"] and document["answer"] != "yes"


def test_one_product_of_the_library_is_denser_on_its_label_than_its_one_step_makes_it() -> None:
    from anagen.exosomes import library, load_product

    products: list[Product] = [load_product(name) for name in library()]
    flags = {product.name: make_product(product, 100, PARAMETERS, draws=20).flags for product in products}
    assert [name for name, told in flags.items() if any("a step is missing" in flag for flag in told)] == ["placenta"]
