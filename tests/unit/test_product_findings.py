"""What a check finds beyond MISEV2023: passage, purity, potency, batches, slips of a thousand, plants."""

from __future__ import annotations

import pytest

from anagen.exosomes import Product, load_product, potent_dose
from anagen.exosomes.characterisation.checklist import run_checklist
from anagen.exosomes.characterisation.further import questions, run_further
from anagen.exosomes.fields import PlainFigure, RatioFigure
from anagen.exosomes.passage import kept_over_passages, passages_beyond
from anagen.exosomes.potency import potency_factors, product_parameters, relative_potency
from anagen.exosomes.product import PotencyAssay
from anagen.parameters import load_parameters

PARAMETERS = load_parameters("prior")
VALUES = PARAMETERS.draw(1, 0)
NATIVE = load_product("adsc-native")


def edited(product: Product, **tables: dict[str, object]) -> Product:
    """The product with fields of its tables replaced."""
    return product.model_copy(
        update={name: getattr(product, name).model_copy(update=fields) for name, fields in tables.items()}
    )


def found(product: Product, item: str) -> tuple[str, str]:
    return next((e.status, e.finding) for e in run_further(product, VALUES) if e.item.name == item)


def assayed(passage: int | None) -> PotencyAssay:
    figure = PlainFigure(value=1.2, low=0.8, high=1.8, basis="measured", source="an assay", grade="B")
    return PotencyAssay(
        assay="proliferation", cells="papilla cells", dose_response=True, vehicle_control=True, depleted_control=True,
        source="in house", passage=passage, relative_potency=figure,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("passage", "status"), [(None, "missing"), (3, "met"), (4, "met"), (5, "failed"), (12, "failed")]
)
def test_a_passage_beyond_the_last_is_a_finding(passage: int | None, status: str) -> None:
    assert found(edited(NATIVE, preparation={"passage": passage}), "passage")[0] == status


def test_potency_falls_with_every_passage_beyond_the_last() -> None:
    kept = VALUES["vesicle.potency_kept_per_passage"]
    for passage, beyond in ((4, 0), (5, 1), (12, 8)):
        product = edited(NATIVE, preparation={"passage": passage})
        assert passages_beyond(product, VALUES) == beyond
        assert kept_over_passages(product, VALUES) == pytest.approx(kept**beyond)
    old, young = (edited(NATIVE, preparation={"passage": passage}) for passage in (12, 4))
    assert potent_dose(old, PARAMETERS, draws=20).potent.central == pytest.approx(
        potent_dose(young, PARAMETERS, draws=20).potent.central * kept**8
    )
    drawn = product_parameters(old, PARAMETERS).draw(1, 0)
    assert relative_potency(old, NATIVE, drawn) == pytest.approx(kept**8)


def test_a_loss_that_the_assay_has_seen_is_not_taken_twice() -> None:
    old = edited(NATIVE, preparation={"passage": 12})
    beyond = {
        told: passages_beyond(old.model_copy(update={"potency": assayed(told)}), VALUES) for told in (None, 3, 12)
    }
    assert beyond == {None: 8.0, 3: 8.0, 12: 0.0}
    unknown = potent_dose(old.model_copy(update={"potency": assayed(None)}), PARAMETERS, draws=20).unknown
    assert any("passage of the cells of the assay" in line for line in unknown)


def test_vesicles_that_no_cells_were_grown_for_have_no_passage() -> None:
    for name in ("plant", "milk", "platelet"):
        product = load_product(name)
        assert found(product, "passage")[0] == "does not apply"
        assert kept_over_passages(product, VALUES) == 1.0


def test_plants_are_not_asked_for_donors_or_cells() -> None:
    plant = load_product("plant")
    status = {entry.item.name: (entry.status, entry.finding) for entry in run_checklist(plant)}
    assert status["cells at harvest"][0] == status["foreign vesicles"][0] == "does not apply"
    assert "donors" not in status["source"][1] and "passage" not in status["source"][1]
    assert "lipoprotein" not in status["co-isolated protein"][1]
    nobody = edited(NATIVE, preparation={"donors": None})
    assert "donors" in next(e.finding for e in run_checklist(nobody) if e.item.name == "source")


def test_the_ratio_is_told_under_misev_and_judged_after_webber_and_clayton() -> None:
    ratio = NATIVE.particles.particle_to_protein
    assert ratio is not None
    impure = edited(NATIVE, particles={"particle_to_protein": ratio.model_copy(update={"value": 1.4e9})})
    assert next(e.status for e in run_checklist(impure) if e.item.name == "particle:protein") == "met"
    status, words = found(impure, "purity")
    assert status == "failed" and "impure" in words
    assert all("MISEV" not in entry.item.section for entry in run_further(NATIVE, VALUES))


@pytest.mark.parametrize(
    ("of", "cv", "status"),
    [("potency", 0.3, "met"), ("potency", 0.9, "failed"), ("count", 0.3, "missing"), (None, 0.3, "missing")],
)
def test_variation_of_the_count_is_not_that_of_potency(of: str | None, cv: float, status: str) -> None:
    product = edited(NATIVE, batch={"of": of, "cv": cv, "seen_in": 5})
    assert found(product, "batches")[0] == status


def test_where_only_counts_of_batches_were_compared_a_prior_stands_for_their_potency() -> None:
    counted, told = (edited(NATIVE, batch={"of": of, "seen_in": 5}) for of in ("count", "potency"))
    values = {of: product_parameters(p, PARAMETERS).draw(1, 5) for of, p in (("count", counted), ("potency", told))}
    batch = {of: potency_factors(p, values[of])["batch"] for of, p in (("count", counted), ("potency", told))}
    assert batch["count"] == pytest.approx(batch["potency"] * values["count"]["vesicle.batch_potency_not_measured"])
    assert batch["count"] != batch["potency"]


def with_ratio(text: str) -> Product:
    ratio = RatioFigure(value=text, basis="measured", source="a test", grade="B")  # type: ignore[arg-type]
    return edited(NATIVE, particles={"particle_to_protein": ratio})


def test_particles_per_milligram_are_questioned() -> None:
    (question,) = questions(with_ratio("5e9 particles/mg"), VALUES)
    assert "did you mean 5e+09 particles/ug" in question
    assert questions(with_ratio("5e9 particles/ug"), VALUES) == ()


def test_other_slips_of_a_thousand_are_questioned() -> None:
    thin = NATIVE.particles.concentration.model_copy(update={"value": 2e5})
    (one, two) = questions(edited(NATIVE, particles={"concentration": thin}), VALUES)
    assert "particles.concentration" in one and "dose:" in two
    large = edited(NATIVE, particles={"vial_volume": NATIVE.particles.vial_volume / 1000.0})
    (question,) = questions(large, VALUES)
    assert "vial_volume" in question
