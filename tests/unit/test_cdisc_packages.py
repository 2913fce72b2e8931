"""A trial as SDTM and ADaM: it says what the run says, in every layout; a package that was changed is told where."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from anagen.core.errors import InputError
from anagen.formats.cdisc.check import check
from anagen.formats.cdisc.define import define_xml
from anagen.formats.cdisc.letters import in_ascii
from anagen.formats.cdisc.trial import trial_of
from anagen.formats.cdisc.variables import descriptions
from anagen.formats.dataset_json import reading as json_reading
from anagen.formats.dataset_json.writing import json_bytes
from anagen.formats.registry import FORMATS
from anagen.formats.writing import FilesTarget
from cdisc_trials import exported, run_of, study_of, subject
from cli_calls import anagen, files_of

needs_pyreadstat = pytest.mark.skipif(find_spec("pyreadstat") is None, reason="pyreadstat is in the extra `formats`")
needs_odmlib = pytest.mark.skipif(find_spec("odmlib") is None, reason="odmlib is in the extra `references`")
OTHERS = ("crossover", "hypothetical", "cluster", "rescue", "split scalp", "alopecia areata", "shedding")
LAYOUTS = ("full", *(pytest.param(name, marks=pytest.mark.long) for name in OTHERS))


def tables(name: str, replicate: int = 0) -> dict[str, pd.DataFrame]:
    """Datasets of a trial by their names."""
    _, standards = exported(name, replicate)
    return {made.dataset.name: made.dataset.table for standard in standards for made in standard.datasets}


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A written package of a trial in which much happens."""
    folder = tmp_path_factory.mktemp("cdisc") / "out"
    FilesTarget(folder, folder=True).write(FORMATS["cdisc"].write(subject("full")))
    return folder


@pytest.mark.parametrize("name", LAYOUTS)
def test_arms_of_the_run_follow_from_adeff(name: str) -> None:
    contents, (trial, _) = run_of(name), exported(name)
    rows = tables(name)["ADEFF"]
    measured = rows[rows["DTYPE"].isna()] if "DTYPE" in rows else rows
    codes = dict(zip(measured["PARAMN"], measured["PARAMCD"], strict=True))
    column = {"change": "CHG", "percent_change": "PCHG", "value": "AVAL"}
    compared = 0
    for row in contents.arms.itertuples():
        place = [endpoint.name for endpoint in trial.plan.endpoints].index(str(row.endpoint)) + 1
        here = measured[(measured["PARAMCD"] == codes.get(place)) & (measured["TRTP"] == row.arm)]
        values = here[here["AVISITN"] == row.week][column[str(row.measure)]].dropna()
        if row.week == 0.0 and row.measure != "value":
            continue
        assert len(values) == row.n
        if len(values):
            assert values.mean() == pytest.approx(row.mean, rel=2e-6, abs=2e-5)
            compared += 1
    assert compared >= 4


def ancova(rows: pd.DataFrame, outcome: str, arm: str, control: str) -> float:
    """Difference of two arms adjusted for the baseline, by least squares."""
    kept = rows[rows["TRTP"].isin([arm, control]) & rows[outcome].notna() & rows["BASE"].notna()]
    design = np.column_stack([np.ones(len(kept)), kept["BASE"], kept["TRTP"] == arm])
    return float(np.linalg.lstsq(design, kept[outcome], rcond=None)[0][2])


@pytest.mark.parametrize(
    ("name", "replicate"),
    [
        *(("full", 0), ("full", 1), ("hypothetical", 0)),
        pytest.param("while_on_treatment", 0, marks=pytest.mark.long),
        *(pytest.param("composite", number, marks=pytest.mark.long) for number in (0, 1)),
    ],
)
def test_effects_of_the_run_follow_from_the_records_that_are_flagged(name: str, replicate: int) -> None:
    effects = run_of(name).effects
    effects = effects[(effects["kind"] == "trial") & (effects["replicate"] == replicate)]
    rows = tables(name, replicate)["ADEFF"]
    rows = rows[rows["ANL01FL"] == "Y"]
    assert len(effects) >= 2 and effects["estimate"].notna().all()
    for effect in effects.itertuples():
        code = {"total_density": "HAIRDENS", "mean_diameter": "HAIRDIAM"}[str(effect.endpoint)]
        here = rows[(rows["PARAMCD"] == code) & (rows["AVISITN"] == effect.week)]
        if effect.measure == "responder":
            met = (here["CRIT1FL"] == "Y").where(here["CRIT1FL"].notna()).astype("float64")
            share = met.groupby(here["TRTP"]).mean()
            found = share[str(effect.arm)] - share[str(effect.control)]
        else:
            outcome = {"change": "CHG", "percent_change": "PCHG"}[str(effect.measure)]
            found = ancova(here, outcome, str(effect.arm), str(effect.control))
        assert found == pytest.approx(effect.estimate, rel=1e-5, abs=1e-5)


def test_the_effect_of_a_crossover_follows_from_differences_within_subjects() -> None:
    effects = run_of("crossover").effects
    (effect,) = effects[(effects["kind"] == "trial") & (effects["replicate"] == 0)].itertuples()
    rows = tables("crossover")["ADEFF"]
    last = rows[(rows["AVISITN"] == 12) & (rows["ANL01FL"] == "Y")]
    wide = last.pivot(index="USUBJID", columns="TRTP", values="CHG").dropna()
    first = last[last["APERIOD"] == 1].set_index("USUBJID")["TRTP"].reindex(wide.index)
    means = (wide["minoxidil"] - wide["vehicle"]).groupby(first).mean()
    assert means.mean() == pytest.approx(effect.estimate, rel=1e-5)
    assert [len(wide)] == effects["n_arm"][effects["kind"] == "trial"].tolist() and len(wide) < 10, (
        "somebody left before the end"
    )


@pytest.mark.parametrize("name", LAYOUTS)
def test_datasets_have_the_variables_that_are_described_with_keys_that_tell_records_apart(name: str) -> None:
    _, standards = exported(name)
    for standard in standards:
        for made in standard.datasets:
            data = made.dataset
            assert data.label.startswith("SYNTHETIC trial 0: ") and len(data.label) <= 40
            assert not data.table.duplicated(list(data.keys)).any()
            known = [variable.name for variable in descriptions()[data.name].variables]
            names = list(data.table.columns)
            assert names == [variable for variable in known if variable in names]
            assert all(len(column.name) <= 8 and len(column.label) <= 40 for column in data.columns)
            assert data.table["STUDYID"].eq(f"SYNTHETIC-{study_of(name).study}").all()


@pytest.mark.parametrize("name", LAYOUTS)
def test_every_dataset_comes_back_from_dataset_json(name: str, tmp_path: Path) -> None:
    for standard in exported(name)[1]:
        for made in standard.datasets:
            raw = json_bytes(made.dataset, study="S")
            assert raw == json_bytes(made.dataset, study="S")
            (tmp_path / "a.json").write_bytes(raw)
            found = json_reading.read(tmp_path / "a.json")
            pd.testing.assert_frame_equal(found.table, made.dataset.table)
            assert (found.columns, found.keys) == (made.dataset.columns, made.dataset.keys)


@needs_pyreadstat
@pytest.mark.parametrize("name", LAYOUTS)
def test_every_dataset_comes_back_from_a_transport_file_that_pandas_opens(name: str, tmp_path: Path) -> None:
    from anagen.formats.xpt.reading import read
    from anagen.formats.xpt.writing import xpt_bytes

    for standard in exported(name)[1]:
        for made in standard.datasets:
            table = made.dataset.table
            (tmp_path / "a.xpt").write_bytes(xpt_bytes(made.dataset))
            assert xpt_bytes(made.dataset) == (tmp_path / "a.xpt").read_bytes()
            found = read(tmp_path / "a.xpt")
            pd.testing.assert_frame_equal(found.table, table)
            assert (found.name, found.label) == (made.dataset.name, made.dataset.label)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                other = pd.read_sas(tmp_path / "a.xpt", format="xport", encoding="ascii")
            # pandas takes blanks at the end of the last records for padding, and then loses them
            assert len(other) == len(table) or made.dataset.columns[-1].kind in ("text", "iso date")
            for column in made.dataset.columns:
                if column.kind in ("text", "iso date"):
                    expected = table[column.name].fillna("").tolist()
                    assert other[column.name].fillna("").tolist() == expected[: len(other)]


@needs_pyreadstat
@pytest.mark.parametrize("name", LAYOUTS)
def test_a_written_package_is_checked_without_a_fault_and_has_the_same_bytes_twice(name: str, tmp_path: Path) -> None:
    files = FORMATS["cdisc"].write(subject(name))
    assert files == FORMATS["cdisc"].write(subject(name))
    FilesTarget(tmp_path / "out", folder=True).write(files)
    found = check(tmp_path / "out")
    assert [problem.text() for problem in found.problems] == []
    assert "ADEFF" in " ".join(found.lines)
    (tmp_path / "out" / "adam" / "define.xml").rename(tmp_path / "out" / "adam" / "mine.xml")
    assert "ADEFF" in check(tmp_path / "out" / "adam" / "mine.xml").lines[0]


@needs_odmlib
@pytest.mark.parametrize("name", ["full", pytest.param("crossover", marks=pytest.mark.long)])
def test_define_xml_is_valid_by_the_schema_of_the_standard(name: str) -> None:
    etree = import_module("lxml.etree")
    folder = Path(str(import_module("odmlib").__file__)).parent / "schemas" / "define" / "2.1"
    schema = etree.XMLSchema(etree.parse(str(folder / "define2-1-0.xsd")))
    trial, standards = exported(name)
    for standard in standards:
        document = etree.fromstring(define_xml(standard, trial))
        assert schema.validate(document), schema.error_log


def test_what_happened_to_subjects_is_what_the_run_says() -> None:
    contents = run_of("full")
    patients = contents.rows["patients"].first.set_index("patient")
    held = tables("full")
    adsl, ds, ex = (
        held[name].assign(patient=lambda t: t["USUBJID"].str[-5:].astype(int)) for name in ("ADSL", "DS", "EX")
    )
    adsl = adsl.set_index("patient")
    gone = patients["dropout_week"].dropna()
    assert len(gone) > 3 and set(adsl.index[adsl["EOSSTT"] == "DISCONTINUED"]) == set(gone.index)
    assert adsl["EOSDY"][gone.index].tolist() == [np.floor(week * 7) + 1 for week in gone]
    assert adsl["TRT01P"].to_dict() == patients["arm"].astype("object").to_dict()
    assert adsl["SITEID"].astype(int).to_dict() == patients["centre"].astype(int).to_dict()
    assert adsl["AGEEX"].to_dict() == pytest.approx(patients["age"].to_dict())
    ended = ds[ds["DSCAT"] == "DISPOSITION EVENT"].set_index("patient")
    assert (ended["DSDECOD"] == "COMPLETED").sum() == len(patients) - len(gone)
    # enrolment and wash-in move the calendar
    start = adsl["RANDDT"] - pd.to_timedelta(np.floor(7 * (patients["enrolled_week"][adsl.index] + 4)), unit="D")
    assert set(start) == {pd.Timestamp("2000-01-03")}
    sessions = ex[ex["EXTRT"] == "MICRONEEDLING"].groupby("patient").size()
    stayed = patients[(patients["arm"] == "needled") & patients["dropout_week"].isna()]
    assert stayed["sessions_missed"].sum() > 5
    assert sessions[stayed.index].to_dict() == (10 - stayed["sessions_missed"]).astype(int).to_dict()
    daily = ex[ex["EXTRT"] == "MINOXIDIL"].set_index("patient")
    assert set(daily["EXDOSFRQ"]) == {"BID"} and set(daily["EXDOSU"]) == {"mL"} and (daily["EXDOSE"] == 1.0).all()
    assert (daily["EXENDY"] <= np.minimum(adsl["EOSDY"][daily.index], 168)).all()
    ts = held["TS"].set_index("TSPARMCD")["TSVAL"]
    assert ts["TITLE"] == "Minoxidil a 5 % - three arms, um and >= 10 hairs"
    assert ts["SYNTHETC"].startswith("SYNTHETIC") and ts["SIMTRIAL"] == "0 of 2, from 0"


def test_intercurrent_events_stop_and_change_what_is_given() -> None:
    held = tables("hypothetical")
    adsl, ex, adeff = held["ADSL"].set_index("USUBJID"), held["EX"], held["ADEFF"]
    patients = run_of("hypothetical").rows["patients"].first
    assert adsl["ICEVT"].value_counts().to_dict() == {
        name.replace("_", " ").upper(): count
        for name, count in patients["event"].astype("object").value_counts().to_dict().items()
        if isinstance(name, str) and name
    }
    switched = adsl[adsl["ICEVT"] == "SWITCH"]
    assert len(switched) > 2
    for subject_id, row in switched.iterrows():
        mine = ex[ex["USUBJID"] == subject_id].set_index("EXTRT")
        assert mine.loc["DUTASTERIDE", "EXSTDY"] == row["ICEDY"]
        assert (mine.drop("DUTASTERIDE")["EXENDY"] == row["ICEDY"] - 1).all()
    after = adeff["ADY"] > adeff["ICEDY"]
    assert after.any() and (adeff["ICEFL"][after] == "Y").all() and adeff["ANL01FL"][after].isna().all()


@pytest.mark.long
def test_the_last_value_before_an_event_is_carried_forward_in_records_of_their_own() -> None:
    rows = tables("while_on_treatment")["ADEFF"]
    added = rows[rows["DTYPE"] == "LOCF"]
    assert len(added) > 5 and (added["ANL01FL"] == "Y").all() and added["SRCDOM"].isna().all()
    before = rows[rows["DTYPE"].isna() & rows["ICEFL"].isna()]
    last = before.sort_values("AVISITN").groupby("USUBJID")["AVAL"].last()
    assert added["AVAL"].tolist() == last[added["USUBJID"]].tolist()


def test_a_second_period_counts_from_its_own_baseline_and_stands_later_in_the_calendar() -> None:
    held = tables("crossover")
    adeff, adsl, ex = held["ADEFF"], held["ADSL"].set_index("USUBJID"), held["EX"]
    second = adeff[adeff["APERIOD"] == 2]
    assert (second["ADY"] == (20 + second["AVISITN"]) * 7 + 1).all()
    base = second[second["ABLFL"] == "Y"].set_index("USUBJID")["AVAL"]
    assert second["BASE"].tolist() == base[second["USUBJID"]].tolist()
    begun = adsl.loc[second["USUBJID"].unique()]
    assert ((begun["AP02SDT"] - begun["AP01SDT"]).dt.days == 140).all()
    assert (begun["TRT01P"] + " then " + begun["TRT02P"] == begun["TRTSEQP"]).all()
    assert set(ex["EPOCH"]) == {"TREATMENT 1", "TREATMENT 2"}
    assert held["SV"]["VISITNUM"].max() == 6 and held["TV"]["VISIT"].tolist()[-1] == "PERIOD 2 WEEK 12"


def test_sides_of_a_scalp_are_told_apart_by_focus() -> None:
    held = tables("split scalp")
    both = held["ADEFF"].groupby("USUBJID")["FOCID"].nunique()
    assert (both == 2).all() and held["DM"]["ARMCD"].eq("SPLIT").all()
    assert set(held["ADEFF"].groupby("TRTP")["FOCID"].unique().map(tuple)) == {("SIDE 1",), ("SIDE 2",)}


@pytest.mark.long
def test_rescued_subjects_are_told_by_what_they_were_given() -> None:
    held = tables("rescue")
    patients = run_of("rescue").rows["patients"].first
    rescued = held["ADSL"][held["ADSL"]["ICEVT"] == "RESCUE"]
    assert len(rescued) == patients["rescued"].sum() > 1
    given = held["EX"][held["EX"]["EXTRT"] == "DUTASTERIDE"]
    assert set(given["USUBJID"]) <= set(rescued["USUBJID"]) and (given["EXSTDY"] == 24 * 7 + 1).all()
    assert "RESC1" in set(held["TA"]["ETCD"]) and held["TA"]["TATRANS"].str.contains("changed by less than 5").any()


@pytest.mark.long
def test_criteria_of_responders_stand_in_words_with_a_flag() -> None:
    rows = tables("alopecia areata")["ADEFF"]
    later = rows[rows["AVISITN"] > 0]
    assert later["CRIT1"].eq("AVAL <= 20").all()
    assert (later["CRIT1FL"] == np.where(later["AVAL"] <= 20, "Y", "N")).all()
    assert rows[rows["AVISITN"] == 0]["CRIT1FL"].isna().all()


def test_another_trial_of_the_run_is_exported_where_it_is_named_and_refused_where_it_is_not_there() -> None:
    first, second = (tables("full", number)["ADSL"] for number in (0, 1))
    assert set(first["USUBJID"]).isdisjoint(second["USUBJID"])
    assert exported("full", 1)[1][1].datasets[0].dataset.label == "SYNTHETIC trial 1: Subjects"
    with pytest.raises(InputError, match="there are no rows of trial 2: the run has 2 trials"):
        trial_of(subject("full", 2))
    kept = run_of("full")
    rows = {name: type(kept.rows[name])(name, (kept.first(name),)) for name in kept.rows}
    with pytest.raises(InputError, match="kept the rows of its first trial alone"):
        trial_of(replace(subject("full", 1), contents=replace(kept, rows=rows)))


def test_sessions_that_are_drawn_in_another_way_than_the_run_drew_them_are_refused() -> None:
    from anagen.formats.cdisc.sdtm.exposure import exposure

    trial = exported("full")[0]
    other = replace(trial, manifest=trial.manifest | {"seed": 4})
    with pytest.raises(InputError, match="which sessions were missed cannot be told"):
        exposure(other)


def test_letters_are_spelt_in_ascii_or_refused_by_name() -> None:
    assert in_ascii("Größe ≤ 3 µm², naïve", "title") == "Grosse <= 3 um2, naive"
    with pytest.raises(InputError, match="title: holds letters that ASCII has no spelling for: 毛"):
        in_ascii("毛 count", "title")


def changed_json(file: Path, change: Callable[[dict[str, Any], list[str]], None]) -> None:
    data = json.loads(file.read_text())
    change(data, [column["name"] for column in data["columns"]])
    file.write_text(json.dumps(data))


def set_cell(name: str, row: int, value: Any) -> Callable[[dict[str, Any], list[str]], None]:
    def change(data: dict[str, Any], names: list[str]) -> None:
        data["rows"][row][names.index(name)] = value

    return change


def only_json(folder: Path, name: str) -> Path:
    """A dataset of which no transport file is left."""
    (folder / f"{name}.xpt").unlink()
    return folder / f"{name}.json"


def values_changed(sdtm: Path, adam: Path) -> dict[str, str]:
    """Values of Dataset-JSON that no longer fit, and what is said of each."""
    adeff, ds = only_json(adam, "adeff"), only_json(sdtm, "ds")
    changed_json(adeff, set_cell("BASE", 1, 12.0))
    changed_json(adeff, set_cell("CHG", 2, 99.0))
    changed_json(adeff, set_cell("USUBJID", 9, "somebody"))
    again = json.loads(ds.read_text())["rows"][0]
    changed_json(ds, lambda data, names: data["rows"].__setitem__(1, again))
    changed_json(only_json(sdtm, "dm"), set_cell("RFSTDTC", 0, "2030-01-01"))
    changed_json(adam / "adsl.json", set_cell("AGE", 0, 99))
    return {
        "base": "adeff.json: BASE: record 2 holds 12;",
        "change": "adeff.json: CHG: record 2 holds",
        "subject": "adeff.json: USUBJID: record 10 is of somebody, whom DM does not have",
        "key": "ds.json: record 2 has the keys of an earlier one",
        "dates": "dm.json: RFSTDTC: record 1: 2030-01-01 is after RFENDTC",
        "container": "adsl.json: AGE: record 1 holds 99.0, and the transport file",
    }


def files_damaged(sdtm: Path, adam: Path) -> dict[str, str]:
    """Files that are gone, cut off or something else, and what is said of each."""
    for ending in ("xpt", "json"):
        (sdtm / f"dm.{ending}").unlink()
    (adam / "adae.xpt").write_text("USUBJID,AETERM,AESEV\nA,itch,MILD\n")
    (adam / "adsl.xpt").write_bytes((adam / "adsl.xpt").read_bytes()[:-80])
    (sdtm / "ds.xpt").write_bytes((sdtm / "ds.xpt").read_bytes().replace(b"RANDOMIZED", b"RANDOMIZ\xe9D", 1))
    (sdtm / "ex.json").write_text((sdtm / "ex.json").read_text()[:-300])
    return {
        "gone": "define.xml: DM: is described, and there is no such dataset; expected it in dm.xpt",
        "a table": "adae.xpt: is a table (CSV), not a SAS transport file (XPT)",
        "cut off": "adsl.xpt: ends within row",
        "not ASCII": "ds.xpt: DSDECOD: row 1 holds text that is not ASCII",
        "JSON": "cannot be read as JSON",
    }


def define_changed(sdtm: Path, adam: Path) -> dict[str, str]:
    """What define.xml no longer describes, or is no longer, and what is said of it."""
    define = sdtm / "define.xml"
    changed = define.read_text().replace('Name="DSTERM"', 'Name="DSWORD"').replace("Informed Consent", "Consent")
    define.write_text(changed)
    (adam / "define.xml").write_text((adam / "define.xml").read_text()[:-200])
    return {
        "variable": "ds.xpt: DSWORD: is described in define.xml and is not in the dataset",
        "other": "ds.xpt: DSTERM: is not described in define.xml",
        "label": "dm.xpt: RFICDTC: has the label 'Date/Time of Informed Consent', and define.xml says",
        "no XML": "cannot be read as XML",
    }


@needs_pyreadstat
@pytest.mark.parametrize("damage", [values_changed, files_damaged, define_changed])
def test_a_changed_package_is_told_by_file_variable_and_record(
    damage: Callable[[Path, Path], dict[str, str]], package: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "out"
    FilesTarget(folder, folder=True).write(files_of(package))
    expected = damage(folder / "sdtm", folder / "adam")
    done = anagen("check", "out", cwd=tmp_path)
    assert done.returncode == 2
    assert {name: words for name, words in expected.items() if words not in done.stderr} == {}, done.stderr


@needs_pyreadstat
def test_the_command_exports_a_run_whole_or_refuses_and_writes_nothing(tmp_path: Path) -> None:
    from anagen.results import write_results

    write_results(run_of("full"), tmp_path / "run")
    (tmp_path / "full.yaml").write_text(study_of("full").to_yaml())
    done = anagen("export", "cdisc", "run", "out", "--replicate", "1", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    written = json.loads(done.stdout)["files"]
    assert {Path(name).name for name in written} >= {"adsl.xpt", "adeff.json", "define.xml", "xh.xpt"}
    assert files_of(tmp_path / "out") == dict(FORMATS["cdisc"].write(subject("full", 1)))
    assert anagen("check", "out", cwd=tmp_path).stdout.startswith("out is a CDISC package.")
    before = files_of(tmp_path)
    for arguments, words in (
        (("cdisc", "run", "out"), "exists already"),
        (("cdisc", "full.yaml", "more"), "name the result folder of `anagen run`"),
        (("cdisc", "run", "more", "--replicate", "7"), "--replicate: there are no rows of trial 7"),
        (("cdisc", "run", "more", "--arm", "drug"), "means nothing for a CDISC package"),
        (("sbml", "run", "more", "--replicate", "1"), "means nothing for an SBML model"),
    ):
        refused = anagen("export", *arguments, cwd=tmp_path)
        assert refused.returncode == 2 and words in refused.stderr, refused.stderr
    assert files_of(tmp_path) == before
