"""Shares of an arm: they add up, nothing comes from nothing, and paths alone are exact."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from anagen.explanation.ablation import Part, ablations, goals, parts_of, without_part
from anagen.explanation.bands import parameter_band
from anagen.explanation.case import Case, case_of
from anagen.explanation.entries import coalition_changes, entries_of, lever_shares
from anagen.explanation.explain import Work, explain_task, tasks_of
from anagen.explanation.gain import COURSE_ROWS, gain_shares, outcomes, reference_patients
from anagen.explanation.outputs import BESIDE
from anagen.explanation.paths import path_table
from anagen.parameters import parameter_source
from anagen.signalling.network import Edge, Network, basal_levels, resting_state
from anagen.signalling.response import arm_response, response_of
from anagen.trials.reference import GROUPS, expected_readings, groups_of
from small_studies import EXOSOME, FINASTERIDE, MINOXIDIL, PLACEBO, SALINE, VEHICLE, small_study, use

DEAD = use("exosome", "intradermal", dose=1.0e10, product="adsc-inactivated")
PATIENTS = 12


def case(*given: dict[str, Any], control: dict[str, Any] = SALINE, weeks: tuple[float, ...] = (0.0, 16.0)) -> Case:
    return case_of(small_study({"arm": list(given), "control": [control]}, visits=weeks), "arm", seed=3)


@pytest.fixture(scope="module")
def exosome() -> Case:
    return case(EXOSOME)


@pytest.fixture(scope="module")
def gain(exosome: Case) -> pd.DataFrame:
    return gain_shares(exosome, reference_patients(exosome, PATIENTS))


def edited(given: Case, *edges: Edge, **changes: float) -> Case:
    """The case with edges added to its network, and weights changed (names with _TO_ for the arrow)."""
    network = given.network.extended(edges=edges)
    for name, weight in changes.items():
        network = network.edited(name.replace("_TO_", "->"), weight=weight)
    return replace(given, network=network)


def test_shares_of_levers_add_up_to_what_the_responses_say(exosome: Case) -> None:
    table = lever_shares(exosome, exosome.arm)
    response = response_of(exosome.arm.drive, exosome.scene.values, condition="aga", network=exosome.network)
    whole = goals(exosome, exosome.arm, response)
    names = ["androgen_drive", "anagen_extension", "telogen_exit", "calibre_gain", "immune_attack"]
    for lever, rows in table.groupby("lever", sort=False):
        # the responses are followed in other blocks, to a relative tolerance of 1e-6
        assert float(rows["mean"].sum()) == pytest.approx(whole[names.index(str(lever))], rel=1e-5)
        assert float(rows["share"].sum()) == pytest.approx(1.0, abs=1e-9)
    assert not table["mean_error"].any()


def test_shares_add_up_to_the_change_with_everything_open(exosome: Case) -> None:
    """Exact to rounding within the game itself: with one player, entries add up to v(all) - v(nobody)."""
    entries = entries_of(exosome.arm.drive, exosome.network)
    values = exosome.scene.values
    change = coalition_changes(exosome.arm.drive, entries, [0, 2 ** len(entries) - 1], exosome.network, "aga", values)
    assert all(float(np.abs(course[0]).max()) < 1e-12 for course in change.values())
    assert float(change["telogen_exit"][1].max()) > 0.0


def test_edges_that_lead_nowhere_get_exactly_nothing_and_alike_edges_alike(exosome: Case) -> None:
    alone = replace(exosome, network=exosome.network.without("AKT"))
    table = lever_shares(alone, exosome.arm).set_index(["lever", "entry"])["mean"]
    assert table["anagen_extension", "VESICLE_UPTAKE->MIR22"] == 0.0
    assert table["telogen_exit", "VESICLE_UPTAKE->ERK"] == 0.0
    assert table["anagen_extension", "VESICLE_UPTAKE->AKT"] > 0.0
    assert table["anagen_extension", "VESICLE_UPTAKE->AKT"] == pytest.approx(
        table["anagen_extension", "VESICLE_UPTAKE->ERK"], rel=1e-6
    )


def test_sampled_entries_agree_with_exact_ones(exosome: Case) -> None:
    exact, drawn = lever_shares(exosome, exosome.arm), lever_shares(exosome, exosome.arm, most_exact=3)
    error = drawn["mean_error"].to_numpy()
    assert (error > 0.0).any()
    assert (np.abs(exact["mean"] - drawn["mean"]).to_numpy() <= 5.0 * error + 1e-9).all()


def test_without_its_entry_edges_an_arm_is_its_vehicle(exosome: Case) -> None:
    names = [entry.edge.name for entry in entries_of(exosome.arm.drive, exosome.network)]
    vesicles = [name for name in names if name.startswith("VESICLE")]
    closed = exosome.network.without(*vesicles)
    arm = response_of(exosome.arm.drive, exosome.scene.values, condition="aga", network=closed)
    assert exosome.control is not None
    control = response_of(exosome.control.drive, exosome.scene.values, condition="aga", network=closed)
    people = reference_patients(exosome, PATIENTS)
    found = outcomes(exosome, people, [(exosome.arm, arm), (exosome.control, control)])
    assert found[0] == pytest.approx(found[1], abs=1e-9)
    assert lever_shares(replace(exosome, network=closed), exosome.arm)["player"].unique().tolist() == [
        "act of intradermal"
    ]


def test_a_zero_weight_edge_changes_nothing_byte_for_byte(exosome: Case) -> None:
    silent = exosome.network.without("MIR27B->BCATENIN")
    whole, without = (
        response_of(exosome.arm.drive, exosome.scene.values, condition="aga", network=network)
        for network in (exosome.network, silent)
    )
    for own, other in zip(whole.tables, without.tables, strict=True):
        assert [table.tobytes() for table in own] == [table.tobytes() for table in other]
    parts = [Part("MIR27B->BCATENIN", "edge", "inner"), Part("WNT->GSK3B", "edge", "inner")]
    table = ablations(exosome, reference_patients(exosome, PATIENTS), parts).set_index("part")
    assert table.loc["MIR27B->BCATENIN", ["change", "error", "greatest_change"]].tolist() == [0.0, 0.0, 0.0]
    assert table.loc["WNT->GSK3B", "greatest_change"] > 0.1
    assert bool(table.loc["WNT->GSK3B", "simulated"])


def test_a_held_node_leaves_the_state_of_rest_alone(exosome: Case) -> None:
    network = exosome.network
    rest = resting_state(network, basal_levels(network, "aga"))
    for part in parts_of(exosome):
        if part.kind == "node":
            held = without_part(network, part, "aga")
            assert resting_state(held, basal_levels(held, "aga")) == pytest.approx(rest, abs=1e-12)


def test_parts_are_entered_inner_or_context(exosome: Case) -> None:
    place = {part.name: part.place for part in parts_of(exosome)}
    assert place["VESICLE_WNT->WNT"] == "entry"
    assert place["WNT->GSK3B"] == "inner"
    assert place["DKK1->WNT"] == "context"
    assert "IGF1->IMMUNE_PRIVILEGE" not in place, "it leads to no lever of vesicles"
    assert "DHT_BLOCK->DHT" not in place, "nothing given reaches it"


def test_shares_of_the_gain_add_up_to_the_expected_effect(exosome: Case, gain: pd.DataFrame) -> None:
    readings = expected_readings(exosome.scene, n_patients=PATIENTS)
    arm, control = (float((r.expected[:, -1, 0] - r.expected[:, 0, 0]).mean()) for r in readings)
    assert float(gain["gain"].sum()) == pytest.approx(arm - control, abs=1e-9)
    assert float(gain["arm"].sum()) == pytest.approx(arm, abs=1e-9)
    assert float(gain["control"].sum()) == pytest.approx(control, abs=1e-9)


def test_the_needle_is_not_credited_to_the_vesicles(gain: pd.DataFrame) -> None:
    rows = gain.set_index(["player", "lever"])
    needle = rows.loc[("act of intradermal", "telogen_exit")]
    assert needle["arm"] != 0.0 and needle["control"] != 0.0
    assert needle["gain"] == pytest.approx(needle["arm"] - needle["control"], abs=1e-12)
    assert rows.loc["exosome", "control"].abs().max() == 0.0
    assert rows.loc[("untreated course", ""), "gain"] == 0.0
    assert rows.loc[("readings and grafts", ""), "gain"] == pytest.approx(0.0, abs=1e-12), "both are injected"


def test_dead_vesicles_get_nothing_and_the_needle_all() -> None:
    found = case(DEAD, control=use("placebo", "topical", schedule={"per_day": 2.0}))
    table = gain_shares(found, reference_patients(found, PATIENTS))
    acting = table[~table["player"].isin(COURSE_ROWS)]
    assert acting["player"].tolist() == ["act of intradermal"]
    assert float(acting["gain"].iloc[0]) != 0.0
    same = case(DEAD)
    assert float(gain_shares(same, reference_patients(same, PATIENTS))["gain"].abs().max()) == 0.0


def test_an_action_beside_the_network_has_a_row_of_its_own() -> None:
    found = case(MINOXIDIL, FINASTERIDE, control=VEHICLE)
    table = lever_shares(found, found.arm)
    assert set(table.loc[table["entry"] == BESIDE, "lever"]) == {"telogen_exit"}
    assert set(table.loc[table["player"] == "finasteride", "entry"]) == {"DHT_BLOCK->DHT"}
    gains = gain_shares(found, reference_patients(found, PATIENTS))
    keys = set(zip(gains["player"], gains["lever"], strict=True))
    assert ("minoxidil", "telogen_exit") in keys and ("finasteride", "androgen_drive") in keys


def chain(given: Case) -> Network:
    """Only one way from the input to each output: the edges beside it and its rings are gone."""
    kept = {"DHT_BLOCK->DHT", "DHT->AR"}
    return given.network.without(*(edge.name for edge in given.network.edges if edge.name not in kept))


def test_the_only_path_alone_is_the_whole() -> None:
    found = case(FINASTERIDE, control=PLACEBO)
    found = replace(found, network=chain(found))
    paths, left_out = path_table(found, found.arm)
    assert paths["path"].tolist() == ["DHT_BLOCK->DHT->AR"] and left_out == 0
    whole = lever_shares(found, found.arm)["mean"].sum()
    assert float(paths["alone"].iloc[0]) == pytest.approx(float(whole), rel=1e-6)


def test_a_path_has_the_weakest_of_its_grades(exosome: Case) -> None:
    paths, _ = path_table(exosome, exosome.arm)
    row = paths.set_index(["lever", "path"]).loc[("telogen_exit", "VESICLE_WNT->WNT->GSK3B->BCATENIN->STEM_CELLS")]
    assert (row["grade"], row["weakest"], row["sign"]) == ("C", "VESICLE_WNT->WNT", "+")
    assert row["source"] and row["system"]
    lowered = paths[paths["path"] == "VESICLE_UPTAKE->TGFB1->SMAD3"]
    assert lowered["sign"].tolist() == ["-"] and float(lowered["alone"].iloc[0]) > 0.0, "less catagen drive helps"
    assert not paths["path"].str.contains("IMMUNE_PRIVILEGE").any()


def test_paths_of_one_additive_entry_add_up(exosome: Case) -> None:
    """ERK is read as it is: the path alone is what its entry edge is shared."""
    paths, _ = path_table(exosome, exosome.arm)
    alone = paths[(paths["lever"] == "calibre_gain") & (paths["entry"] == "VESICLE_UPTAKE->ERK")]["alone"].sum()
    shared = lever_shares(exosome, exosome.arm).set_index(["lever", "entry"])["mean"]
    assert float(alone) == pytest.approx(shared["calibre_gain", "VESICLE_UPTAKE->ERK"], rel=1e-5)


def test_the_network_of_the_study_is_the_one_that_is_asked(exosome: Case) -> None:
    changed = lever_shares(edited(exosome, VESICLE_WNT_TO_WNT=0.0), exosome.arm)
    assert "VESICLE_WNT->WNT" not in set(changed["entry"])
    extra = Edge("VESICLE_UPTAKE", "BCATENIN", "+", 0.5, 1.0, 0.25, "or", "assumed", "C", "model")
    assert "VESICLE_UPTAKE->BCATENIN" in set(lever_shares(edited(exosome, extra), exosome.arm)["entry"])


def test_tasks_are_the_same_whoever_runs_them(exosome: Case) -> None:
    """Blocks of parts and draws depend on nothing but their own description, so neither workers nor order matter."""
    source = parameter_source()
    work = Work(exosome.plan.study, source, "arm", 3, 6, "central")
    tasks = tasks_of(work, source.load(), parts_of(exosome)[:13], draws=1, coalitions={"levers": 600, "gain": 30})
    kinds = ["central", "levers", "levers", "gain", "gain", "ablation", "ablation", "draw"]
    assert [task.payload.kind for task in tasks] == kinds
    assert [task.payload.span for task in tasks[1:5]] == [(0, 512), (512, 600), (0, 24), (24, 30)]
    assert len({task.key for task in tasks}) == len(tasks)
    alone = explain_task(tasks[6])["ablation"]
    threaded = explain_task(replace(tasks[6], payload=replace(tasks[6].payload, threads=2)))["ablation"]
    pd.testing.assert_frame_equal(alone, threaded, check_exact=True)


def test_splitting_the_response_in_two_changes_nothing(exosome: Case) -> None:
    end = float(exosome.arm.drive.knots[-1])
    values = exosome.scene.values
    whole = arm_response(exosome.arm.prescriptions, values, condition="aga", end=end)
    parts = response_of(exosome.arm.drive, values, condition="aga")
    assert [table.tobytes() for own in whole.tables for table in own] == [
        table.tobytes() for own in parts.tables for table in own
    ]


def test_every_draw_has_the_patients_that_a_run_has_under_it() -> None:
    study = small_study({"arm": [EXOSOME], "control": [SALINE]}, visits=(0.0, 16.0))
    of_draws = [reference_patients(case_of(study, "arm", seed=3, draw=draw), 8).population for draw in (0, 1, 2)]
    assert [sorted(set(people.replicate.tolist())) for people in of_draws] == [groups_of(d).tolist() for d in range(3)]


def test_a_band_holds_what_parameters_do_and_no_luck_of_few_patients() -> None:
    rng = np.random.default_rng(1)
    parameters, luck = rng.normal(size=20_000), 3.0 * rng.normal(size=(20_000, GROUPS))
    groups = parameters[:, None] + luck
    known = parameter_band(parameters, np.zeros((20_000, 0)))
    assert parameter_band(groups.mean(axis=1), groups) == pytest.approx(known, rel=0.05)
    assert np.ptp(parameter_band(groups.mean(axis=1), np.zeros((20_000, 0)))) > 1.5 * np.ptp(known)


def test_an_arm_of_five_players_is_shared_in_drawn_orders_with_their_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("anagen.explanation.gain.ORDERS", 2)
    five = case(EXOSOME, FINASTERIDE, MINOXIDIL, use("clascoterone", "topical", schedule={"per_day": 2.0}))
    assert len(five.arm.drive.players) == 5
    people = reference_patients(five, PATIENTS)
    gain = gain_shares(five, people)
    moved = ~gain["player"].isin(COURSE_ROWS)
    assert (gain.loc[moved, "order_error"] > 0.0).any()
    assert not gain.loc[~moved, "order_error"].any()
    treatments = [treatment for treatment in (five.arm, five.control) if treatment is not None]
    whole, control = outcomes(
        five,
        people,
        [
            (treatment, response_of(treatment.drive, five.scene.values, condition="aga", network=five.network))
            for treatment in treatments
        ],
    )
    assert gain["gain"].sum() == pytest.approx(float((whole - control).mean()), abs=1e-9)
    assert not gain_shares(case(EXOSOME), people)["order_error"].any()
