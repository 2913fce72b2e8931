"""Release: numbers that contradict each other, limits that were loosened, one shelf life, all problems at once."""

from __future__ import annotations

import pytest
from release_products import CORD, RESULTS, complete, with_results

from anagen.core.errors import InputError
from anagen.exosomes import Product, load_product, parse_product
from anagen.exosomes.release import Certificate, Judged, certificate_of
from anagen.exosomes.shelf_life import shelf_life
from anagen.parameters import load_parameters

PARAMETERS = load_parameters("prior")
CLAIM = '[shelf_life]\ntemperature = "-80 C"\nclaimed = "365 days"\n'
SERIES = ((0, 5.0), (90, 4.98), (180, 4.95), (365, 4.9))


def certificate(text: str | Product) -> Certificate:
    return certificate_of(parse_product(text) if isinstance(text, str) else text, PARAMETERS)


def judged(text: str, item: str) -> Judged:
    return next(entry for entry in certificate(text).judged if entry.item.name == item)


def followed(*batches: str, last: float = 4.9) -> str:
    """A stability series at -80 C, the same in every batch but for a little scatter."""
    rows = [
        f'[[stability]]\ntemperature = "-80 C"\ntime = "{day} days"\nbatch = "{name}"\n'
        f'particles = "{(last if day == 365 else value) * (1 + 1e-3 * (place - 1)):.4f}e10 particles/mL"\n'
        for place, name in enumerate(batches)
        for day, value in SERIES
    ]
    return "\n".join(rows)


def test_a_batch_that_agrees_with_itself_is_not_questioned() -> None:
    assert certificate(complete()).questions == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (complete().replace('label = "1e11 particles"', 'label = "1e11 particles"\ndose_volume = "20 mL"'),
         ("release.dose_volume is 20 mL", "dose over particles.concentration is 1.67 to 2.5 mL")),
        (complete().replace('"5 ug/dose"', '"5 mg/dose"'), ("'protein per dose' is 5000 ug/dose", "2.5 to 10 ug/dose")),
        (complete().replace('label = "1e11 particles"', 'label = "1e14 particles"'),
         ("release.label is 1e+14 particles", "vial_volume (2 mL) is 8e+10 to 1.2e+11 particles")),
        (with_results({"particles per container": ('"5e10 particles"', "")}), ("'particles per container' is 5e+10",)),
        (with_results({"size peak": ('"800 nm"', "")}), ("particles.diameter is 115 nm",)),
        (with_results({"particle:protein": ('"2e7 particles/ug"', "")}), ("particles.particle_to_protein is 2e+10",)),
        (with_results({"potency": ("120", "")}), ("potency.relative_potency is 1.2",)),
        (with_results({"cell viability": ('"9 %"', "")}), ("preparation.viability is 96 %",)),
        (with_results({"endotoxin per mL": ('"0.1 EU/mL"', ""), "endotoxin per dose": ('"200 EU/dose"', "")}),
         ("'endotoxin per dose' is 200 EU/dose", "endotoxin per mL x 2 mL is 0.2 EU/dose")),
        (complete() + '[[lot]]\nname = "1"\nparticles = "1e8 particles"\n', ("mean of [[lot]] particles is 1e+08",)),
    ],
)  # fmt: skip
def test_numbers_that_contradict_each_other_are_questioned(text: str, words: tuple[str, ...]) -> None:
    found = certificate(text)
    (question,) = [entry for entry in found.questions if "both cannot be" in entry]
    assert all(word in question for word in words)
    assert not found.released and "in question" in found.verdict()


def test_a_batch_may_scatter_about_its_product() -> None:
    told = {"size peak": ('"75 nm"', ""), "potency": ("0.7", ""), "protein per dose": ('"15 ug/dose"', "")}
    assert certificate(with_results(told)).questions == ()


def test_a_result_below_what_the_method_tells_contradicts_nothing_above_it() -> None:
    told = {"endotoxin per mL": ('"0.1 EU/mL"', ""), "endotoxin per dose": ('"< 5 EU/dose"', "")}
    assert certificate(with_results(told)).questions == ()


def test_the_headline_names_every_limit_that_was_loosened() -> None:
    loose = complete().replace('result = "< 0.05 EU/mL"', 'result = "0.3 EU/mL"\nlimit = "< 0.5 EU/mL"')
    loose = loose.replace(
        'result = "240 particles/container"', 'result = "240 particles/container"\nlimit = "<= 1e4 particles/container"'
    )
    found = certificate(loose)
    assert found.released and [entry.item.name for entry in found.loosened] == [
        "endotoxin per mL",
        "subvisible particles 10 um",
    ]
    verdict = found.verdict()
    assert (
        verdict.startswith("Meets the maker's own limits: all ") and "2 limits looser than the specification" in verdict
    )
    assert "endotoxin per mL < 0.5 EU/mL in place of < 0.25 EU/mL, which it fails (STTT, WJSC)" in verdict
    assert "in place of <= 6000 particles/container, which it meets too (on none of the public lists)" in verdict
    strict = complete().replace('result = "< 0.05 EU/mL"', 'result = "< 0.05 EU/mL"\nlimit = "< 0.1 EU/mL"')
    assert certificate(strict).verdict().startswith("Meets the specification")


def test_the_shelf_life_of_a_release_is_that_of_the_stability_series() -> None:
    """ "conforms" in the release stood beside "NOT supported" of the same file's series."""
    short, long = followed("1", "2", "3", last=2.0), followed("1", "2", "3")
    for series, verdict, supported in ((short, "fails", "NOT supported"), (long, "passes", ": supported")):
        text = f"{complete()}{CLAIM}{series}"
        product = parse_product(text)
        claim = next(line for line in shelf_life(product, PARAMETERS, draws=20).verdict if line.startswith("claimed"))
        assert supported in claim
        item = judged(text, "stability")
        assert item.verdict == verdict and claim.endswith(item.found)
    assert certificate(f"{complete()}{CLAIM}{long}").released
    assert judged(f"{complete()}{CLAIM}", "stability").verdict == "not shown"
    assert judged(complete() + long, "stability").verdict == "not shown"
    assert "by the maker's word" in judged(complete(), "stability").note
    denied = complete().replace(
        'test = "stability"\nresult = "conforms"', 'test = "stability"\nresult = "does not conform"'
    )
    assert judged(f"{denied}{CLAIM}{long}", "stability").verdict == "fails"


@pytest.mark.parametrize(("batches", "words"), [(("1",), "one batch"), (("1", "2"), "2 batches")])
def test_fewer_than_three_batches_support_nothing(batches: tuple[str, ...], words: str) -> None:
    text = f"{complete()}{CLAIM}{followed(*batches)}"
    found = shelf_life(parse_product(text), PARAMETERS, draws=20)
    assert all(entry.supported is None and entry.reached == 365.0 for entry in found.conditions)
    assert found.verdict[0] == (
        f"particles, frozen, -80 C: 365 days (12.0 months) by {words}: not enough; ICH Q1E and Q5C ask for three"
    )
    assert not any(line.endswith(": supported") for line in found.verdict)
    item = judged(text, "stability")
    assert item.verdict == "not shown" and f"was followed in {words}: not enough" in item.found


@pytest.mark.parametrize("result", ['"120 %"', "1.2", '"1.2"'])
def test_potency_may_be_written_in_percent(result: str) -> None:
    item = judged(with_results({"potency": (result, "80 % to 125 %")}), "potency")
    assert item.verdict == "passes" and item.found == "1.2" and item.limit == "0.8 to 1.25"


@pytest.mark.parametrize("unit", ["mOsm/kg", "mosmol/kg", "mOsmol/kg", "mosm/kg"])
def test_osmolality_is_read_as_laboratories_write_it(unit: str) -> None:
    assert judged(with_results({"osmolality": (f'"305 {unit}"', "")}), "osmolality").verdict == "passes"


@pytest.mark.parametrize("test", ["morphology", "cell markers"])
def test_an_item_that_says_itself_what_is_asked_needs_no_limit(test: str) -> None:
    item = judged(with_results({test: ('"conforms"', "")}), test)
    assert item.verdict == "passes" and item.limit == item.item.asks


@pytest.mark.parametrize(
    ("test", "result", "words"),
    [
        ("size peak", '"0 nm"', "0 nm is impossible"),
        ("size peak", '"115 um"', "impossible"),
        ("pH", "15", "lies within 0 to 14"),
        ("osmolality", '"0 mOsm/kg"', "impossible"),
    ],
)
def test_what_cannot_be_is_refused(test: str, result: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        parse_product(with_results({test: (result, "")}))


def test_all_problems_of_the_table_come_at_once() -> None:
    wrong = {
        "sterilty": ('"negative"', ""),
        "endotoxin per mL": ('"0.1 ng/mL"', "0.25"),
        "pH": ('"neutral"', "8 to 6"),
        "morphology": ('"round"', ""),
        "identity": ('"conforms"', ""),
    }
    text = with_results(wrong, head='date = "31.3.2026"\ndose_volume = "2 um"')
    text += '[[release.result]]\ntest = "pH"\nresult = 7\nmethod = "as validated"\n'
    text = text.replace('use = "injected"', 'use = "drunk"') + '[process]\nvessel = "3 hl"\n'
    with pytest.raises(InputError) as caught:
        parse_product(text, "x.toml")
    problems = caught.value.problems
    assert {problem.field for problem in problems} == {
        "release.date", "release.use", "release.dose_volume", "release.result", "release.result[0].test",
        "release.result[1].result", "release.result[1].limit", "release.result[2].result", "release.result[2].limit",
        "release.result[3].result", "release.result[4].test", "process.vessel",
    }  # fmt: skip
    assert all(problem.line is not None for problem in problems)
    twice = next(problem for problem in problems if problem.field == "release.result")
    assert "lists pH more than once; several containers stand in one list" in twice.message


def test_every_result_of_the_shipped_library_is_free_of_contradictions() -> None:
    from anagen.exosomes import library

    assert {name: certificate(load_product(name)).questions for name in library()} == dict.fromkeys(library(), ())
    assert set(RESULTS) <= set(certificate(CORD).named("not shown"))
