"""Conditions: what each declares, hazards of single patients, patches on the scalp map, and what a study may say."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from anagen.analysis.measures import measure_of
from anagen.core.errors import InputError
from anagen.follicles import time_grid
from anagen.parameters import load_parameters
from anagen.patients import CONDITIONS, Population, PopulationSpec, Spread, sample_population
from anagen.patients.attack import follow_attack
from anagen.patients.condition import Condition, draw_extent
from anagen.patients.sampling import season_days
from anagen.patients.scalp_map import PLOTS, REGIONS, cover, nearest_patch, patch_centres, plot_shares
from anagen.runs.parameters import parameter_table
from anagen.signalling import Levers
from anagen.signalling.disease import Disease
from anagen.signalling.network import load_network
from anagen.study import Study
from anagen.trials.protocol import protocol
from anagen.trials.recruited import population_spec
from small_studies import small_study

VALUES = load_parameters().draw(0, 0)
AA, TE, CHEMOTHERAPY = CONDITIONS["aa"], CONDITIONS["te"], CONDITIONS["chemotherapy"]
ACTING = [condition for condition in CONDITIONS.values() if condition.hazard is not None]
DAYS = np.arange(-758.0, 400.0)


def people(condition: str, n: int = 40, **spec: object) -> Population:
    plain = PopulationSpec(condition, {"female": 0.5, "male": 0.5}, Spread(38, 9, 20, 60), {"caucasian": 1.0}, "vertex")
    changed = {name: getattr(plain, name) for name in plain.__dataclass_fields__} | spec
    return sample_population(PopulationSpec(**changed), VALUES, seed=3, patients=np.arange(n), replicate=0)


def hazard_of(condition: Condition, population: Population, factor: float = 1.0, seed: int = 3) -> np.ndarray:
    assert condition.hazard is not None
    return condition.hazard(
        population,
        VALUES,
        seed=seed,
        days=DAYS,
        factor=np.full((len(population), len(DAYS)), factor),
        plots=Disease(condition, VALUES, seed).index_plots(population),
    )


@pytest.mark.parametrize("condition", CONDITIONS.values(), ids=CONDITIONS.names())
def test_everything_a_condition_names_exists(condition: Condition) -> None:
    assert condition.network in load_network().conditions
    names = {
        *condition.sensitivity.values(),
        condition.sensitivity_spread,
        condition.onset_years,
        condition.onset_spread,
    }
    names |= {extent.share for extent in condition.extents}
    assert names <= VALUES.keys()
    assert all(condition.is_read(name) for name in names)
    assert all(any(parameter.startswith(name) for parameter in VALUES) for name in condition.reads)
    assert set(condition.severity_scale) in (set(), set(condition.sexes))
    assert condition.history_days > 0.0 or condition.hazard is None


@pytest.mark.parametrize("condition", ACTING, ids=lambda condition: condition.name)
def test_hazard_of_a_patient_depends_on_nobody_else(condition: Condition) -> None:
    everybody = people(condition.name)
    whole = hazard_of(condition, everybody)
    assert whole.shape == (40, len(DAYS)) and np.all(whole >= 0.0) and np.all(np.isfinite(whole))
    assert whole.any()
    for rows in ([7], [39, 0, 12]):
        part = hazard_of(condition, everybody.take(np.array(rows)))
        assert part.tobytes() == np.ascontiguousarray(whole[rows]).tobytes()


@pytest.mark.parametrize("condition", ACTING, ids=lambda condition: condition.name)
def test_a_therapy_can_only_lower_the_hazard(condition: Condition) -> None:
    everybody = people(condition.name)
    assert np.all(hazard_of(condition, everybody, 0.1) <= hazard_of(condition, everybody))
    least = hazard_of(condition, everybody, 0.0)
    assert least.max() <= 0.01 * hazard_of(condition, everybody).max()


@pytest.mark.parametrize("name", ["aga", "healthy"])
def test_conditions_at_rest_leave_levers_and_grid_alone(name: str) -> None:
    disease = Disease(CONDITIONS[name], VALUES, 1)
    grid = time_grid(84.0)
    given = Levers.untreated(40, len(grid))
    assert disease.grid(grid) is grid
    assert disease.levers(given, people(name), grid) is given
    assert disease.run_in(people(name), grid) is None


def test_levers_begin_earlier_and_stay_what_they_were() -> None:
    disease, grid, population = Disease(TE, VALUES, 1), time_grid(84.0), people("te")
    given = Levers.untreated(40, len(grid))
    given.anagen_extension[:, 40:] = 0.3
    earlier = disease.grid(grid)
    assert np.array_equal(earlier[-len(grid) :], grid) and np.all(np.diff(earlier) == 1.0)
    levers = disease.levers(given, population, earlier)
    assert np.array_equal(levers.anagen_extension[:, -len(grid) :], given.anagen_extension)
    assert not levers.anagen_extension[:, : -len(grid)].any()
    assert np.all(levers.attack_factor == 1.0)


def test_seasons_average_out_over_a_year() -> None:
    population = people("healthy", season=3)
    disease = Disease(CONDITIONS["healthy"], VALUES, 1, season=True)
    grid = disease.grid(time_grid(365.0))
    levers = disease.levers(Levers.untreated(40, 395), population, grid)
    year = np.exp(-levers.anagen_extension[0, -365:])
    assert year.mean() == pytest.approx(1.0, abs=0.005) and year.max() > 1.6


@pytest.mark.parametrize(("month", "day"), [(1, 15.2), (3, 76.1), (12, 350.0)])
def test_patients_start_in_the_middle_of_a_month(month: int, day: float) -> None:
    assert season_days(month, np.zeros(2)) == pytest.approx([day, day], abs=0.1)


def test_patients_start_in_any_month() -> None:
    days = people("healthy", 4000, season=0).season_day
    assert np.histogram(days, bins=12, range=(0.0, 365.25))[0].min() > 250


def test_acute_shock_strikes_the_share_it_should() -> None:
    """H = -ln(1 - share), all of it on the day of the trigger."""
    population = people("te", 2000, onset_week=4.0)
    hazard = hazard_of(TE, population)
    struck = 1.0 - np.exp(-hazard.sum(axis=1))
    assert np.median(struck) == pytest.approx(VALUES["telogen_effluvium.share_struck"], rel=0.05)
    assert np.all((hazard > 0.0).sum(axis=1) == 1) and np.all(hazard[:, DAYS == 28.0] > 0.0)


def test_chemotherapy_takes_its_share_per_cycle() -> None:
    hazard = hazard_of(CHEMOTHERAPY, people("chemotherapy", 2000))
    begin, end = np.flatnonzero(DAYS == 7.0)[0], np.flatnonzero(DAYS == 21.0)[0]
    lost = 1.0 - np.exp(-hazard[:, begin:end].sum(axis=1))
    assert np.median(lost) == pytest.approx(VALUES["chemotherapy.share_lost_per_cycle"], rel=0.05)
    assert not hazard[:, DAYS < 7.0].any() and not hazard[:, DAYS >= 63.0 + 21.0].any()


def test_attack_follows_its_goal_on_a_log_scale() -> None:
    """After one time constant the logarithm has gone 63 % of the way, down and up."""
    factor = np.concatenate([np.ones(50), np.full(400, 0.1), np.ones(400)])[None, :]
    on = np.ones_like(factor)
    strength = follow_attack(on, factor, np.ones(1), np.full(1, 20.0), np.full(1, 60.0), 1.0, 1e-3)[0]
    assert strength[:50] == pytest.approx(np.ones(50))
    assert np.log(strength[70]) == pytest.approx(np.log(0.1) * (1.0 - np.exp(-1.0)), rel=1e-9)
    assert strength[449] == pytest.approx(0.1, rel=1e-6)
    assert np.log(strength[510]) == pytest.approx(np.log(0.1) * np.exp(-1.0), rel=1e-6)


def test_response_is_a_power_and_silence_has_a_floor() -> None:
    on, none = np.ones((1, 900)), np.zeros((1, 900))
    one = np.ones(1)
    squared = follow_attack(on, np.full((1, 900), 0.1), 2.0 * one, 5.0 * one, 5.0 * one, 1.0, 1e-3)
    assert squared[0, -1] == pytest.approx(0.01)
    assert follow_attack(none, on, one, 5.0 * one, 5.0 * one, 1.0, 1e-3)[0, -1] == pytest.approx(1e-3)


def test_map_has_the_regions_of_salt() -> None:
    shares = plot_shares()
    for region, share in REGIONS.items():
        assert shares[[plot.region == region for plot in PLOTS]].sum() == pytest.approx(share)


@pytest.mark.parametrize("extent", [0.01, 0.2, 0.5, 0.93, 1.0])
def test_patches_cover_what_the_score_says(extent: float) -> None:
    population = people("aa")
    covered = cover(np.full(40, extent), patch_centres(population, 3))
    assert covered @ plot_shares() == pytest.approx(np.full(40, extent))
    assert np.all((covered >= 0.0) & (covered <= 1.0))
    assert np.all((covered > 0.0).any(axis=1))


def test_plots_belong_to_the_nearest_patch() -> None:
    centres = patch_centres(people("aa"), 3)
    nearest = nearest_patch(centres)
    for patch in range(centres.shape[1]):
        assert np.all(nearest[np.arange(40), centres[:, patch]] == patch)


def test_extent_lies_within_the_range_and_follows_the_classes() -> None:
    u = (np.arange(20_000) + 0.5) / 20_000
    names, extent = draw_extent(AA, None, VALUES, u)
    weights = {extent.name: VALUES[extent.share] for extent in AA.extents}
    for name, weight in weights.items():
        assert names.count(name) / 20_000 == pytest.approx(weight / sum(weights.values()), abs=1e-3)
    assert np.all(np.diff(extent) >= 0.0)
    names, extent = draw_extent(AA, (60.0, 97.0), VALUES, u)
    assert extent.min() == pytest.approx(0.6, abs=1e-3) and extent.max() == pytest.approx(0.97, abs=1e-3)
    assert set(names) == {"severe", "very severe"}
    assert set(draw_extent(AA, (100.0, 100.0), VALUES, u[:3])[1]) == {1.0}
    with pytest.raises(ValueError, match="no patient"):
        draw_extent(AA, (0.0, 0.5), VALUES, u[:3])


def test_responders_by_value_and_by_percentage() -> None:
    value, baseline = np.array([10.0, 20.0, 30.0, np.nan]), np.array([100.0, 60.0, 50.0, 50.0])
    fallen = measure_of("responder_value", value, baseline, 20.0, rising=False)
    assert fallen[:3].tolist() == [1.0, 1.0, 0.0] and np.isnan(fallen[3])
    assert measure_of("responder_value", value, baseline, 20.0)[:3].tolist() == [0.0, 1.0, 1.0]
    assert measure_of("responder_percent", value, baseline, -50.0)[:3].tolist() == [1.0, 1.0, 0.0]
    assert measure_of("responder", value, baseline, -40.0)[:3].tolist() == [1.0, 1.0, 0.0]


@pytest.mark.parametrize("name", CONDITIONS.names())
def test_parameters_of_other_conditions_are_not_marked_as_used(name: str) -> None:
    study = small_study({"nothing": [], "control": []}, condition=name)
    table = parameter_table(load_parameters(), protocol(study)).set_index("name")["used"]
    for other in CONDITIONS.values():
        own = [parameter for parameter in table.index if other.is_read(parameter)]
        if other.name == name:
            assert table[own].all()
        elif other.name != "healthy":
            assert not table[[p for p in own if not CONDITIONS[name].is_read(p)]].any()
    assert not table[[p for p in table.index if p.startswith("season.")]].any()


EXAMPLE = (Path(__file__).parents[2] / "studies" / "king-2022-alopecia-areata.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "field", "says"),
    [
        ("  condition: aa", "  condition: te", "endpoints.primary", "is not read in telogen effluvium"),
        ("{min: 50, max: 100}", "{min: 0, max: 0.5}", "population.severity.salt.max", "leaves nobody"),
        ("  zone: vertex", "  zone: vertex\n  zones: 1", "measurement.zones", "unknown key"),
        ("  inclusion:", "  onset_week: 2\n  inclusion:", "population.onset_week", "has no trigger"),
        ("  inclusion:", "  season: marzo\n  inclusion:", "population.season", "march"),
    ],
)
def test_what_a_condition_does_not_allow_is_said(old: str, new: str, field: str, says: str) -> None:
    with pytest.raises(InputError) as caught:
        Study.parse(EXAMPLE.replace(old, new, 1), "x.yaml")
    said = [problem.text() for problem in caught.value.problems if problem.field == field]
    assert said and says in said[0]


def test_a_trigger_and_years_since_onset_exclude_each_other() -> None:
    text = (Path(__file__).parents[2] / "studies" / "telogen-effluvium-natural-history.yaml").read_text(
        encoding="utf-8"
    )
    text = text.replace("  onset_week: 0", "  onset_week: 0\n  years_since_onset: {mean: 1, sd: 0, min: 1, max: 1}")
    with pytest.raises(InputError, match="keep one of them"):
        Study.parse(text, "x.yaml")


def test_salt_cannot_be_read_on_a_side() -> None:
    text = EXAMPLE.replace("layout: parallel", "layout: split_scalp").replace(
        "uncontrolled: natural history, only the placebo arm is described\n", ""
    )
    text = text.replace("arms:\n", "arms:\n  - {name: nothing, patients: 189, control: true, therapies: []}\n")
    with pytest.raises(InputError, match="on the whole scalp"):
        Study.parse(text, "x.yaml")


def test_a_condition_may_have_the_name_that_the_network_gives_it() -> None:
    """`aa` and `alopecia_areata` are one study; a wrong name is led to the nearest of both."""
    text = Path("studies/ritlecitinib-vs-placebo.yaml").read_text(encoding="utf-8")
    long = Study.parse(text.replace("condition: aa", "condition: alopecia_areata"))
    assert long.sha256 == Study.parse(text).sha256 and long.population.condition == "aa"
    with pytest.raises(InputError, match="did you mean 'alopecia_areata'"):
        Study.parse(text.replace("condition: aa", "condition: alopecia"))


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ({"sinclair": ["9"]}, "unknown grade"),
        ({"sinclair": [2]}, "write it as text: '2'"),
        ({"ludwig": ["I"], "savin": ["I-3"]}, "grades the same patients"),
    ],
)
def test_a_wrong_grade_of_women_is_explained(written: dict[str, list[str]], says: str) -> None:
    with pytest.raises(InputError, match=says):
        Study.from_dict(women_graded(written))


def women_graded(severity: dict[str, list[str]]) -> dict[str, object]:
    return {
        "study": "graded",
        "population": {
            "condition": "aga",
            "sex": {"female": 1.0},
            "age": {"mean": 45, "sd": 10, "min": 20, "max": 65},
            "ethnicity": {"caucasian": 1.0},
            "severity": severity,
        },
        "arms": [
            {"name": "drug", "patients": 40, "therapies": [{"therapy": "minoxidil"}]},
            {"name": "placebo", "patients": 40, "control": True, "therapies": [{"therapy": "placebo"}]},
        ],
        "measurement": {"zone": "mid", "target_area": "1 cm^2", "method": "phototrichogram", "visits": [0, 24]},
        "endpoints": {"primary": {"endpoint": "total_density", "week": 24, "measure": "change"}},
    }


def test_grades_of_women_lie_on_one_scale() -> None:
    """A higher grade is a more sensitive patient; Sinclair 2 and 5 are Ludwig I and III."""
    condition = CONDITIONS["aga"]
    for scale in ("ludwig", "sinclair", "savin"):
        steps = list(condition.severity_steps[scale].values())
        assert steps == sorted(steps) and len(set(steps)) == len(steps)
    assert condition.step_of("female", "2") == condition.step_of("female", "I")
    assert condition.step_of("female", "5") == condition.step_of("female", "III")


def test_sinclair_2_is_simulated_as_ludwig_1() -> None:
    sinclair, ludwig = (
        sample_population(
            population_spec(Study.from_dict(women_graded(severity))),
            VALUES,
            seed=1,
            patients=np.arange(30),
            replicate=0,
        )
        for severity in ({"sinclair": ["2"]}, {"ludwig": ["I"]})
    )
    assert set(sinclair.severity) == {"2"} and set(ludwig.severity) == {"I"}
    assert np.array_equal(sinclair.sensitivity, ludwig.sensitivity)
