"""Assays inform the weights they depend on: known weights come back, the others stay, draws go into a trial."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from anagen.assays.fit import AssayFit, Settings, fit_assay
from anagen.assays.model import AssayModel
from anagen.assays.result import fit
from anagen.assays.sampling import sample_ellipses
from anagen.assays.table import AssayTable, parse_assay_table
from anagen.assays.tables import trade_offs, weight_table
from anagen.core.arrays import FloatArray
from anagen.core.errors import InputError
from anagen.core.streams import Purpose, normals
from anagen.parameters import load_parameters
from anagen.signalling.network import Course, Network, basal_levels, load_network, resting_state, solve
from anagen.signalling.network.priors import drawn_network, edge_parameters, parameter_names_of
from anagen.signalling.network.readouts import readouts
from anagen.study import Study
from anagen.trials.protocol import study_parameters

pytest.importorskip("arviz_stats")

NETWORK = load_network()
QUICK = Settings(draws=400, warmup=200, discrepancy=0.0)
DOSES = (1e8, 1e9, 1e10)


def table_of(rows: list[str], heading: str = "readout,condition,VESICLE_UPTAKE,time,scale,value,error") -> AssayTable:
    return parse_assay_table("\n".join([heading, *rows]), "mine.csv", NETWORK, "aga")


def drawn(network: Network, seed: int) -> tuple[Network, dict[str, float]]:
    """A network with all weights and half-levels moved, and the factors that moved them."""
    priors = edge_parameters(network)
    z = normals(seed, Purpose.PARAMETER, patient=0, item=np.arange(len(priors)))
    values = {name: prior.quantile(float(at)) for (name, prior), at in zip(priors.items(), z, strict=True)}
    return drawn_network(network, values), values


def test_predictions_are_those_of_the_networks_own_solver() -> None:
    moved, values = drawn(NETWORK, 5)
    table = table_of(
        [
            "ERK,aga,0.5,,level,0.5,0.1",
            "BCATENIN,aga,0.4,36 h,fold,1.2,0.1",
            "growth,healthy,0.7,6 h,fold,1.2,0.1",
            "papilla_proliferation,aa,0.7,2 days,fold,1.2,0.1",
        ]
    )
    model = AssayModel.of(NETWORK, table)
    scales = [np.log(prior.high / prior.low) / (2.0 * 1.6448536269514722) for prior in model.parameters.values()]
    z = np.array([np.log(values.get(name, 1.0)) for name in model.names]) / np.array(scales)
    found = model.predictions(z)

    def rest(condition: str) -> FloatArray:
        return resting_state(moved, basal_levels(moved, condition))

    def after(condition: str, level: float, day: float) -> FloatArray:
        course = Course.from_levels("VESICLE_UPTAKE", np.array([0.0]), np.array([[level]]))
        return solve(moved, basal_levels(moved, condition)[None], [course], np.array([0.0, day]))[0, 1]

    place = NETWORK.node_names.index
    occupancy = np.array([0.5 if name == "VESICLE_UPTAKE" else 0.0 for name in NETWORK.input_names])
    settled = resting_state(moved, basal_levels(moved, "aga"), occupancy)
    catenin, cyclin = place("BCATENIN"), place("CYCLIN")
    expected = [
        settled[place("ERK")],
        after("aga", 0.4, 1.5)[catenin] / rest("aga")[catenin],
        readouts(moved, after("healthy", 0.7, 0.25)).growth / readouts(moved, rest("healthy")).growth,
        after("alopecia_areata", 0.7, 2.0)[cyclin] / rest("alopecia_areata")[cyclin],
    ]
    assert found == pytest.approx(np.array(expected, dtype=np.float64), rel=2e-5)


def test_the_sampler_draws_from_a_posterior_that_is_known() -> None:
    """Linear data with normal errors: mean and covariance in closed form, some directions known 20 times better."""
    slopes = np.array([[20.0, 0.0, 0.0, 0.0], [3.0, 3.0, 0.0, 0.0], [0.0, 0.0, 0.3, 0.0]])
    observed = np.array([10.0, 6.0, 0.4])
    chains = sample_ellipses(lambda z: observed - slopes @ z, 4, seed=3, warmup=200, draws=1500)
    covariance = np.linalg.inv(np.eye(4) + slopes.T @ slopes)
    mean = covariance @ slopes.T @ observed
    sd = np.sqrt(np.diag(covariance))
    facts = chains.diagnostics()
    assert facts["worst_rhat"] < 1.01 and facts["least_ess"] > 1000.0
    assert np.abs(chains.flat.mean(axis=0) - mean).max() < 0.1
    assert (np.abs(chains.flat.mean(axis=0) - mean) < 5.0 * sd / np.sqrt(facts["least_ess"])).all()
    assert chains.flat.std(axis=0) == pytest.approx(sd, rel=0.1)


@pytest.fixture(scope="module")
def recovered() -> tuple[AssayFit, Network]:
    """Data made from known weights, without error: what an assay with small errors would show."""
    truth = NETWORK.edited("VESICLE_UPTAKE->ERK", weight=0.75).edited("VESICLE_UPTAKE->TNF", weight=0.12)
    rows: list[str] = []
    for level in (0.2, 0.5, 0.9):
        occupancy = np.array([level if name == "VESICLE_UPTAKE" else 0.0 for name in NETWORK.input_names])
        basal = basal_levels(truth, "aga")
        fold = resting_state(truth, basal, occupancy) / np.maximum(resting_state(truth, basal), 1e-9)
        for node in ("ERK", "TNF"):
            rows.append(f"{node},aga,{level},,fold,{fold[NETWORK.node_names.index(node)]:.6f},0.02")
    # of what lies above Wnt and beta-catenin this says nothing
    rows.append("BCATENIN,aga,0.5,,fold,1.1,3.0")
    return fit_assay(NETWORK, table_of(rows), QUICK), truth


def test_known_weights_come_back_within_their_intervals(recovered: tuple[AssayFit, Network]) -> None:
    fitted, truth = recovered
    table = weight_table(fitted).set_index("name")
    for name in ("VESICLE_UPTAKE->ERK", "VESICLE_UPTAKE->TNF"):
        row = table.loc[parameter_names_of(truth.edge(name))[0]]
        assert row["posterior_low90"] <= truth.edge(name).weight <= row["posterior_high90"]
        assert row["contraction"] > 0.7 and row["verdict"] == "data inform"
        assert row["posterior_high90"] - row["posterior_low90"] < 0.5 * (row["prior_high90"] - row["prior_low90"])
        assert row["informed_by"] == f"{name.split('->')[1]} 100%"
    assert table["rhat"].max() < 1.05


def test_weights_that_nothing_measured_depends_on_stay_at_their_priors(recovered: tuple[AssayFit, Network]) -> None:
    """Those on no way are not sampled at all; those on a way that the data do not tell apart keep their spread."""
    fitted, _ = recovered
    assert "edge_weight.VESICLE_UPTAKE_to_VEGF" not in fitted.model.names
    assert "edge_weight.STRESS_to_DKK1" not in fitted.model.names, "nobody was stressed"
    table = weight_table(fitted).set_index("name")
    kept = table.drop(index=[f"edge_weight.VESICLE_UPTAKE_to_{node}" for node in ("ERK", "TNF")])
    assert len(kept) > 10 and (kept["verdict"] == "prior").all()
    assert (kept["contraction"].abs() < 4.0 * kept["contraction_error"]).all() and kept["shift"].abs().max() < 0.2
    row = kept.loc["edge_weight.AR_to_DKK1"]
    assert [row[f"posterior_{end}"] for end in ("low90", "median", "high90")] == pytest.approx(
        [row[f"prior_{end}"] for end in ("low90", "median", "high90")], abs=0.06
    )


def test_a_dose_and_a_weight_that_only_their_product_tells_trade_off() -> None:
    heading = "readout,VESICLE_UPTAKE [particles/mL],value,error"
    rows = ["ERK,1e8,1.05,0.02", "ERK,3e8,1.14,0.02"]
    fitted = fit_assay(NETWORK, table_of(rows, heading), QUICK)
    pairs = trade_offs(fitted)
    assert {"half_dose.VESICLE_UPTAKE", "edge_weight.VESICLE_UPTAKE_to_ERK"} in [
        {row["first"], row["second"]} for row in pairs.to_dict(orient="records")
    ]


def test_an_assay_of_what_is_certain_is_refused() -> None:
    with pytest.raises(InputError, match="depends on a weight"):
        fit_assay(NETWORK, table_of(["DHT,0.5,0.5,0.1"], "readout,DHT_BLOCK,value,error"), QUICK)


def test_draws_go_into_a_study_and_only_into_the_network_they_were_fitted_on(tmp_path: Path) -> None:
    assay = tmp_path / "erk.csv"
    assay.write_text("readout,VESICLE_UPTAKE,value,error\nERK,0.5,1.6,0.05\n", encoding="utf-8")
    fitted = fit([assay], NETWORK, settings=Settings(draws=100, warmup=100))
    assert '<th scope="col" class="number">contraction</th>' in fitted._repr_html_()
    folder = fitted.save(tmp_path / "fit")
    draws = folder / "posterior.parquet"
    study = Study.load("exosome-vs-saline")
    before, after = (study_parameters(study, load_parameters(source)) for source in ("default", draws))
    name = "edge_weight.VESICLE_UPTAKE_to_ERK"
    assert name not in before.calibrated and name in after.calibrated
    assert after.calibrated - before.calibrated == {n for n in after.calibrated if n.startswith("edge_")}
    assert after.central()[name] > 1.2 and before.central()[name] == 1.0
    same = {n: value for n, value in after.central().items() if not n.startswith("edge_")}
    assert same == {n: value for n, value in before.central().items() if not n.startswith("edge_")}
    other = tmp_path / "mine.toml"
    other.write_text('[[edge]]\nfrom = "VESICLE_UPTAKE"\nto = "ERK"\nsign = "+"\nweight = 0.2\n', encoding="utf-8")
    edited = study.set("mechanism", {"network": str(other)})
    with pytest.raises(InputError, match="fit the assay again"):
        study_parameters(edited, load_parameters(draws))
    with pytest.raises(InputError, match="another assay taught"):
        fit([assay], NETWORK, parameters=draws)
