"""Which arm each patient of a parallel trial is allocated to, by the method that the study names."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from anagen.core.arrays import IntArray
from anagen.patients import Population
from anagen.trials.centres import centre_of
from anagen.trials.minimisation import PROBABILITY, minimised
from anagen.trials.observation import Scene
from anagen.trials.randomisation import arms_of_centres, randomise


def allocated(scene: Scene, population: Population, replicates: IntArray) -> IntArray:
    """Allocate the patients of trials.

    Parameters
    ----------
    scene : Scene
        Study and seed.
    population : Population
        Patients, ordered by trial and then by admission.
    replicates : IntArray, shape (n_trials,)
        Numbers of the trials.

    Returns
    -------
    IntArray, shape (n_patients,)
        Place of the arm of each.
    """
    plan = scene.protocol
    # as many patients of a crossover begin with one arm as with the other
    sizes = [plan.n_patients // 2] * 2 if plan.crossover else plan.sizes
    design = plan.study.design.randomisation
    if design.method == "cluster":
        assert plan.study.design.centres is not None  # the rules of a study ask for them
        centre = centre_of(population, plan.study.design.centres, seed=scene.seed)
        arms = arms_of_centres(plan.sizes, plan.study.design.centres.number, seed=scene.seed, replicates=replicates)
        return np.take_along_axis(arms, centre.reshape(len(replicates), -1), axis=1).ravel()
    columns = stratum_columns(scene, population, design.strata)
    if design.method == "minimisation":
        levels = np.stack([np.unique(column, return_inverse=True)[1] for column in columns], axis=-1)
        return minimised(
            sizes,
            levels.reshape(len(replicates), plan.n_patients, -1),
            probability=PROBABILITY if design.probability is None else design.probability,
            seed=scene.seed,
            replicates=replicates,
        ).ravel()
    strata = [" / ".join(column[i] for column in columns) for i in range(len(population))]
    return randomise(
        sizes,
        [strata[i : i + plan.n_patients] for i in range(0, len(strata), plan.n_patients)],
        block=design.block if design.method == "block" else None,
        seed=scene.seed,
        replicates=replicates,
        exact=design.exact,
    ).ravel()


def stratum_columns(scene: Scene, population: Population, strata: Sequence[str]) -> list[Sequence[str]]:
    """Each stratifying covariate of all patients, as text.

    Parameters
    ----------
    scene : Scene
        Study and seed.
    population : Population
        Patients.
    strata : Sequence[str]
        Names of the covariates; ages are told in bands.

    Returns
    -------
    list[Sequence[str]]
        One for each covariate.
    """
    study = scene.protocol.study
    columns: list[Sequence[str]] = []
    for name in strata:
        if name == "age":
            bands = study.design.randomisation.age_bands or (study.population.age.mean,)
            columns.append([str(band) for band in np.searchsorted(bands, population.age, side="right")])
        elif name == "centre":
            assert study.design.centres is not None  # the rules of a study ask for them
            columns.append([str(c) for c in centre_of(population, study.design.centres, seed=scene.seed)])
        else:
            columns.append(getattr(population, name))
    return columns
