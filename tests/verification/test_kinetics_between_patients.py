"""Patients differ in what their bodies do with a dose: published spreads, means that stay, none without spread."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from anagen.core.arrays import FloatArray
from anagen.delivery import KINETICS, Prescription, kinetics_of
from anagen.delivery.systemic.dutasteride import dutasteride_course, typical
from anagen.delivery.systemic.finasteride import steady_fall
from anagen.patients import Population
from anagen.signalling import Levers, levers_of_arm
from anagen.signalling.drive import drive_of
from anagen.signalling.patients import exposure_scale
from anagen.signalling.players import players_of
from anagen.signalling.response import response_of
from anagen.therapies import THERAPIES
from anagen.trials.observation import Scene
from anagen.trials.screening import candidates
from small_studies import DAILY, EXOSOME, FINASTERIDE, PLACEBO, small_scene, small_study, use

PATIENTS = 2000
END = 168.0
DUTASTERIDE = use("dutasteride", "oral", dose=0.5, schedule=DAILY)
SPRAY = use("finasteride", "topical", dose=0.2, formulation="spray-0.25%", schedule=DAILY)
SPRAY["dose"] = {"value": 0.2, "unit": "mL", "text": "0.2 mL"}
SPREADS = {
    "finasteride": (FINASTERIDE, "finasteride_kinetics.oral_cv"),
    "spray": (SPRAY, "finasteride_kinetics.topical_cv"),
    "dutasteride": (DUTASTERIDE, "dutasteride_kinetics.exposure_cv"),
    "exosome": (EXOSOME, "vesicle_delivery.clearance_cv"),
}
EXACT = {name.replace(".", "__"): 0.0 for _, name in SPREADS.values()}


def given(name: str, **values: float) -> tuple[Scene, tuple[Prescription, ...], Population]:
    """Scene, what is given and patients of a drug that nobody forgets."""
    study = small_study({"arm": [SPREADS[name][0]], "control": [PLACEBO]})
    scene = small_scene(study, seed=5, source="prior", **values)
    return scene, scene.protocol.prescriptions[0], candidates(scene, np.arange(PATIENTS), 0)


def exposures(name: str, **values: float) -> FloatArray:
    """Exposure of each patient over the mean, without the batch, which is one for a trial."""
    scene, arm, people = given(name, **values, exosome__batch_cv=0.0) if name == "exosome" else given(name, **values)
    player = next(player for player in players_of(arm) if player.therapy)
    return exposure_scale(player, people, scene.values, scene.seed)


def levers(name: str, people: int = 200, *, alike: bool = False, **values: float) -> Levers:
    """Levers of patients; `alike` follows the network as if no kinetics had a spread."""
    scene, arm, everybody = given(name, **values)
    players = players_of(arm)
    if alike:
        players = tuple(
            replace(p, varies=p.therapy and p.ways[0].prescription.therapy.batch is not None) for p in players
        )
    response = response_of(drive_of(players, scene.values, end=END), scene.values, condition="aga")
    some = everybody.take(np.arange(people, dtype=np.int64))
    return levers_of_arm(response, some, scene.values, seed=scene.seed, grid=np.arange(0.0, END, 7.0))


@pytest.mark.parametrize("name", list(SPREADS))
def test_exposure_has_mean_1_and_the_spread_of_its_parameter(name: str) -> None:
    scale, cv = exposures(name), given(name)[0].values[SPREADS[name][1]]
    found = float(scale.std() / scale.mean())
    print(f"{name}: mean exposure {scale.mean():.3f}, CV {found:.3f} against {cv:.3f}")
    assert abs(scale.mean() - 1.0) < 4.0 * cv / np.sqrt(PATIENTS)
    log_sd = np.sqrt(np.log1p(cv**2))
    assert abs(np.log(scale).std() - log_sd) < 4.0 * log_sd / np.sqrt(2.0 * PATIENTS)


def test_serum_dutasteride_differs_as_published() -> None:
    """CV at steady state 40 to 67 %; serum DHT falls by 94.7 (SD 3.3) % at 0.5 mg (Clark 2004; the SD from memory)."""
    scene, arm, _ = given("dutasteride")
    scale = exposures("dutasteride")[:400]
    course = dutasteride_course(
        arm[0].doses.scaled(scale), np.array([167.0]), typical(scene.values, len(scale)), type2_share=0.5
    )
    cv = float(course.concentration.std() / course.concentration.mean())
    fall = 100.0 * (1.0 - course.serum_dht[:, 0])
    print(f"dutasteride in serum: CV {cv:.2f}; DHT falls by {fall.mean():.1f} (SD {fall.std():.1f}) %")
    assert 0.40 < cv < 0.67
    assert 1.6 < fall.std() < 5.0


def test_finasteride_leaves_men_alike_in_dht_but_for_low_doses() -> None:
    """Areas under the curve reach from 17 to 99 in 15 men; 1 mg saturates the enzyme, 0.05 mg does not."""
    values = given("finasteride")[0].values
    scale = exposures("finasteride")
    least, most = np.percentile(57.93 * scale, [100.0 / 16.0, 1500.0 / 16.0])
    print(f"area under the curve of the outermost of 15 men: {least:.0f} and {most:.0f} ng h/mL")
    assert 17.0 * 0.7 < least < 17.0 * 1.7 and 99.0 * 0.7 < most < 99.0 * 1.3
    usual, low = (100.0 * steady_fall(dose * scale, values).serum.std() for dose in (1.0, 0.05))
    print(f"SD of the fall of serum DHT: {usual:.1f} points at 1 mg, {low:.1f} at 0.05 mg")
    assert usual < 2.0 < 4.0 < low < 18.3


def test_patients_differ_in_vesicles() -> None:
    """By far more than by how they respond alone."""
    scene, _, people = given("exosome")
    apart = {"exosome__response_cv": 0.0}
    spread, none = levers("exosome", **apart), levers("exosome", **apart, **EXACT)
    at = 6
    assert none.anagen_extension[:, at].std() < 1e-12
    assert spread.anagen_extension[:, at].std() > 0.1 * spread.anagen_extension[:, at].mean() > 0.0
    assert len(people) == PATIENTS and scene.values["vesicle_delivery.clearance_cv"] > 0.0


@pytest.mark.parametrize("name", list(SPREADS))
def test_without_a_spread_results_are_those_of_patients_alike(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the network was followed, and levers were made, before kinetics had spreads."""
    here = levers(name, **EXACT)
    monkeypatch.setattr("anagen.signalling.levers.differs_between_patients", lambda player: False)
    alike = levers(name, alike=True, **EXACT)
    for lever in ("androgen_drive", "anagen_extension", "telogen_exit", "calibre_gain"):
        np.testing.assert_allclose(getattr(here, lever), getattr(alike, lever), rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize(("name", "share"), [("finasteride", 0.02), ("dutasteride", 0.03), ("exosome", 0.10)])
def test_the_mean_effect_hardly_moves(name: str, share: float) -> None:
    """What saturates is less for unequal exposures than for equal ones, by less than this share."""
    moved = "anagen_extension" if name == "exosome" else "androgen_drive"
    means: list[float] = []
    for values in ({}, EXACT):
        here = getattr(levers(name, PATIENTS, **values), moved).mean(axis=0)[-1 if name != "exosome" else 10]
        means.append(float(here if name == "exosome" else 1.0 - here))
    spread, equal = means
    print(f"{name}: mean effect {spread:.4f}, {equal:.4f} where patients do not differ")
    assert abs(spread / equal - 1.0) < share


def test_one_body_clears_all_that_it_is_given_of_a_substance() -> None:
    """Tablet and spray share the draw of a patient; another substance has its own."""
    tablet, spray, other = (np.log(exposures(name)) for name in ("finasteride", "spray", "dutasteride"))
    assert np.corrcoef(tablet, spray)[0, 1] == pytest.approx(1.0, abs=1e-12)
    assert abs(np.corrcoef(tablet, other)[0, 1]) < 4.0 / np.sqrt(PATIENTS)


def test_a_spread_is_read_by_the_kinetics_that_have_it() -> None:
    for kinetics in KINETICS.values():
        assert kinetics.spread is None or any(kinetics.spread.startswith(prefix) for prefix in kinetics.reads)
    with_spread = {
        name for name, therapy in THERAPIES.items() for data in therapy.kinetics.values() if kinetics_of(data).spread
    }
    assert with_spread == {"finasteride", "dutasteride", "exosome"}


@pytest.mark.parametrize("name", list(SPREADS))
def test_a_patient_has_the_same_body_in_any_company(name: str) -> None:
    scene, arm, people = given(name)
    player = next(player for player in players_of(arm) if player.therapy)
    rows = np.array([1999, 3, 250], dtype=np.int64)
    whole, some = (exposure_scale(player, who, scene.values, scene.seed) for who in (people, people.take(rows)))
    assert whole[rows].tobytes() == some.tobytes()
