"""Models of somebody else: read part by part or refused by name, linked by a table, followed in trials."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anagen.core.errors import InputError
from anagen.delivery import ROUTES, Prescription, sessions
from anagen.explanation.result import explain
from anagen.parameters import load_parameters
from anagen.signalling import arm_response
from anagen.signalling.imported import ImportedModel, LinkedInput, LinkedLever, LinkedNode
from anagen.signalling.imported.formula import compiled, in_order, names_in
from anagen.signalling.network import basal_levels, load_network, read_network, resting_state
from anagen.signalling.network.coupling import coupled, occupancy_at_rest
from anagen.study import Study
from anagen.study.shipped import shipped_studies
from anagen.therapies import THERAPIES
from cli_calls import anagen

EXAMPLES = Path(__file__).parents[1] / "examples" / "models"
SBML, TABLE = (EXAMPLES / f"receptors.{ending}" for ending in ("xml", "csv"))
needs_libsbml = pytest.mark.skipif(find_spec("libsbml") is None, reason="python-libsbml is in the extra `formats`")


def decay(**changes: object) -> ImportedModel:
    fields: dict[str, object] = {
        "title": "decay", "source": "assumed", "days": 1.0, "constants": {"k": 0.5, "u": 0.2}, "states": {"X": 0.4},
        "rates": {"X": "k * (2 * u - X)"}, "inputs": (LinkedInput("u", "VESICLE_UPTAKE", 0.2, 0.0),),
        "nodes": (LinkedNode("SMAD3", "X", 0.0, 1.0, "assumed", "C"),),
    }  # fmt: skip
    return ImportedModel(**(fields | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("__import__('os').system('true')", "is not known"),
        ("open('x')", "is not known"),
        ("(lambda: 1)()", "is not known"),
        ("X.__class__", "Attribute is not allowed"),
        ("[X for X in (1, 2)]", "ListComp is not allowed"),
        ("X if X else 'text'", "is no number"),
        ("X % 2", "is not allowed; write"),
        ("1 < X < 2", "compare two values"),
        ("exp(X, X)", "takes 1 arguments"),
        ("exp(x=1)", "takes 1 arguments"),
        ("X +", "cannot be read as a formula"),
        ("9" * 30_000, "characters; at most"),
        ("(" * 300 + "X" + ")" * 300, "cannot be read as a formula"),
        ("Y + X", "'Y' is not defined"),
        ("1e999", "is no number"),
    ],
)
def test_a_formula_holds_known_parts_only(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why.replace("?", r"\?").replace("(", r"\(")):
        compiled(text, {"time": 0, "X": 1})


@given(st.text(alphabet="X1+-*/().<> ifelsandorexplntime_'\"[]", max_size=40))
def test_any_text_is_a_formula_or_refused(text: str) -> None:
    try:
        found = compiled(text, {"time": 0, "X": 1})
    except ValueError:
        return
    with np.errstate(all="ignore"):
        assert np.shape(found([0.5, np.array([0.25, 2.0])])) in ((), (2,))


def test_formulas_mean_what_they_say_for_one_patient_and_for_many() -> None:
    places = {"time": 0, "X": 1}
    x = np.array([0.25, 4.0])
    for text, expected in (
        ("2 ** -X + sqrt(X)", 2.0**-x + np.sqrt(x)),
        ("(1 if X < 1 else log10(X)) * time", np.array([1.0, np.log10(4.0)]) * 3.0),
        ("max(X, 1, 2) - min(X)", np.array([2.0, 4.0]) - x),
        ("(X > 1 and X < 5) or not X", np.array([0.0, 1.0])),
    ):
        assert compiled(text, places)([3.0, x]) == pytest.approx(expected)
    assert names_in("k * exp(X) + time") == ("X", "k")
    assert in_order({"c": "b + a", "b": "a", "a": "k"}) == ["a", "b", "c"]
    with pytest.raises(ValueError, match="a, b are defined by one another"):
        in_order({"a": "b", "b": "a"})


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"rates": {}}, "the state X has no rate"),
        ({"rates": {"X": "-k * Y"}}, "X: Y not defined"),
        ({"days": 0.0}, "must last a positive number of days"),
        ({"values": {"k": "1"}}, "k is defined twice"),
        ({"values": {"a": "b", "b": "a"}}, "defined by one another"),
        ({"inputs": (LinkedInput("v", "VESICLE_UPTAKE", 0.0, 1.0),)}, "v is no constant"),
        ({"nodes": (LinkedNode("SMAD3", "Z", 0.0, 1.0, "assumed", "C"),)}, "Z is no quantity"),
        ({"nodes": (LinkedNode("SMAD3", "X", 1.0, 1.0, "assumed", "C"),)}, "low and high of X are the same"),
    ],
)
def test_a_model_that_cannot_be_is_refused(changes: dict[str, object], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        decay(**changes)


def test_a_node_follows_the_model_and_nothing_else_and_rests_where_it_begins() -> None:
    shipped = load_network()
    network = coupled(shipped, decay())
    assert [edge.name for edge in network.edges if edge.target == "SMAD3"] == ["SMAD3_OF_MODEL->SMAD3"]
    assert network.sha256() != shipped.sha256()
    rest = resting_state(network, basal_levels(network, "aga"), occupancy_at_rest(network))
    assert rest[network.node_names.index("SMAD3")] == pytest.approx(0.4)
    with pytest.raises(ValueError, match="no node SMAD9 in the network"):
        coupled(shipped, decay(nodes=(LinkedNode("SMAD9", "X", 0.0, 1.0, "assumed", "C"),)))


def response(model: ImportedModel | None) -> dict[str, float]:
    """Lever -> response of vesicles on day 3, at the dose given."""
    doses = sessions(start=0, every=2, number=1, amount=1e10)
    vesicles = Prescription(THERAPIES["exosome"], ROUTES["intradermal"], doses)
    network = None if model is None else coupled(load_network(), model)
    found = arm_response(
        [vesicles], load_parameters("prior").draw(1, 0), condition="aga", end=14.0, network=network
    )  # fmt: skip
    (place,) = [number for number, player in enumerate(found.players) if player.name == "exosome"]
    rung = int(np.argmin(np.abs(found.rungs[place] - 1.0)))
    at = int(np.searchsorted(found.knots, 3.0))
    return {
        action.lever: float(found.tables[place][number][rung, at])
        for number, action in enumerate(found.players[place].actions)
    }


def test_in_a_trial_levers_move_by_what_the_model_makes_of_the_dose() -> None:
    deaf = response(decay(inputs=()))
    hearing = response(decay())
    assert hearing["anagen_extension"] > deaf["anagen_extension"] + 0.01
    lever = (LinkedLever("calibre_gain", "X", 0.0, 1.0, "assumed", "C"),)
    assert response(decay(nodes=(), levers=lever))["calibre_gain"] < 0.0 < deaf["calibre_gain"]
    still = response(decay(nodes=(), levers=lever, inputs=()))
    assert still["calibre_gain"] == pytest.approx(0.0, abs=1e-6)
    assert still["telogen_exit"] == pytest.approx(response(None)["telogen_exit"])


@needs_libsbml
def test_a_model_without_a_table_gives_the_table_to_fill_in(tmp_path: Path) -> None:
    done = anagen("import", "sbml", str(SBML), "--out", "table.csv", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    lines = (tmp_path / "table.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "quantity,means,name,low,high,source,grade,note"
    assert any(line.startswith("S,,,3.0,6.0") and "signal in the nucleus" in line for line in lines)


@needs_libsbml
def test_an_imported_model_runs_in_a_trial_and_is_told(tmp_path: Path) -> None:
    done = anagen("import", "sbml", str(SBML), "--table", str(TABLE), "--out", "receptors.toml", cwd=tmp_path)
    assert done.returncode == 0 and "SMAD3 follows S." in done.stdout
    study = shipped_studies()["exosome-vs-saline"].read_text(encoding="utf-8")
    (tmp_path / "mine.yaml").write_text(f"{study}\nmechanism: {{network: receptors.toml}}\n", encoding="utf-8")
    loaded = Study.load(tmp_path / "mine.yaml")
    words = str(loaded.check("prior"))
    assert "is followed, and SMAD3 by it" in words and "SMAD3_OF_MODEL" not in words
    shown = anagen("network", "show", "--file", "receptors.toml", cwd=tmp_path)
    assert "SMAD3_OF_MODEL->SMAD3" in shown.stdout
    with pytest.raises(InputError, match="an explanation follows edges of the network"):
        explain(loaded, draws=0)
    refused = anagen("export", "sbml", "mine.yaml", "model.xml", cwd=tmp_path)
    assert refused.returncode == 2 and "leave that model out" in refused.stderr


def changed(*pairs: tuple[str, str]) -> str:
    text = SBML.read_text(encoding="utf-8")
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


MATH = '<math xmlns="http://www.w3.org/1998/Math/MathML">'
TIME = '<csymbol encoding="text" definitionURL="http://www.sbml.org/sbml/symbols/time"> t </csymbol>'
DELAYED = (
    f'<assignmentRule variable="share">{MATH}<apply><csymbol encoding="text" '
    'definitionURL="http://www.sbml.org/sbml/symbols/delay"> delay </csymbol><ci> C </ci><cn> 1 </cn></apply></math>'
)
REFUSED = {
    "delay": ((f'<assignmentRule variable="share">{MATH}', f"{DELAYED}</assignmentRule><!--"),
              ("</assignmentRule>\n", "-->\n")),
    "algebraic": ((f'<assignmentRule variable="share">{MATH}<apply><divide/>',
                   f"<algebraicRule>{MATH}<apply><minus/><ci> share </ci><apply><divide/>"),
                  ("</apply></apply></math></assignmentRule>", "</apply></apply></apply></math></algebraicRule>")),
    "event delay": (("</trigger>", f"</trigger><delay>{MATH}<cn> 2 </cn></math></delay>"),),
    "priority": (("</trigger>", f"</trigger><priority>{MATH}<cn> 2 </cn></math></priority>"),),
    "state trigger": ((f"{TIME}<cn> 30 </cn>", "<ci> C </ci><cn> 3 </cn>"),),
    "changing compartment": (('variable="boost"', 'variable="nucleus"'),
                             ('id="nucleus" size="0.5" spatialDimensions="3" constant="true"',
                              'id="nucleus" size="0.5" spatialDimensions="3" constant="false"')),
    "package": (('level="3" version="1">',
                 'level="3" version="1" xmlns:comp="http://www.sbml.org/sbml/level3/version1/comp/version1" '
                 'comp:required="true">'),),
    "no value": (('<parameter id="half" value="5"', '<parameter id="half"'),),
    "no rate": (("<kineticLaw>", "<notes/><!--"), ("</kineticLaw>", "-->")),
    "fast": (('<reaction id="losing" reversible="false" fast="false">',
              '<reaction id="losing" reversible="false" fast="true">'),),
    "word": (('<parameter id="half"', '<parameter id="lambda"'), ("<ci> half </ci>", "<ci> lambda </ci>")),
}  # fmt: skip
WORDS = {
    "delay": "share: is not read: a delay",
    "algebraic": "an algebraic rule",
    "event delay": "washed: is not read: an event with a delay",
    "priority": "washed: is not read: an event with a priority",
    "state trigger": "its trigger is not a time that is reached",
    "changing compartment": "nucleus: is not read: a compartment that changes its size",
    "package": "the package 'comp' of SBML is not read",
    "no value": "half: is not read: it has no value at the start",
    "no rate": "a reaction without a rate",
    "fast": "losing: is not read: a fast reaction",
    "word": "its id is a word of the formulas",
}


@needs_libsbml
@pytest.mark.parametrize("part", REFUSED)
def test_what_is_not_read_is_refused_by_name_and_nothing_is_written(part: str, tmp_path: Path) -> None:
    (tmp_path / "model.xml").write_text(changed(*REFUSED[part]), encoding="utf-8")
    done = anagen("import", "sbml", "model.xml", "--table", str(TABLE), "--out", "out.toml", cwd=tmp_path)
    assert done.returncode == 2, done.stdout
    assert WORDS[part] in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["model.xml"]


@needs_libsbml
@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("S,node", "T,node", "quantity: the model has no quantity 'T'"),
        ("node,SMAD3", "node,SMAD", "name: unknown node 'SMAD'; allowed"),
        ("S,node", "S,nodes", "did you mean 'node'?"),
        ("0,12,", "0,twelve,", "high: 'twelve' is no number"),
        ("0,12,", "12,12,", "high: is the same as low, 12"),
        ("nucleus,C", "nucleus,D", "grade: unknown grade 'D'"),
        ("assumption: SMAD3 in the nucleus", "", "source: is blank"),
        ("quantity,means", "part,means", "quantity: is no column of the file"),
    ],
)
def test_a_wrong_table_is_told_with_its_line(old: str, new: str, words: str, tmp_path: Path) -> None:
    text = TABLE.read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "table.csv").write_text(text.replace(old, new), encoding="utf-8")
    done = anagen("import", "sbml", str(SBML), "--table", "table.csv", "--out", "out.toml", cwd=tmp_path)
    assert done.returncode == 2 and words in done.stderr
    assert not (tmp_path / "out.toml").exists()


@needs_libsbml
def test_a_model_that_says_no_unit_of_time_needs_it_in_the_table(tmp_path: Path) -> None:
    (tmp_path / "model.xml").write_text(changed((' timeUnits="hour"', "")), encoding="utf-8")
    call = ("import", "sbml", "model.xml", "--table", "table.csv", "--out", "out.toml")
    (tmp_path / "table.csv").write_bytes(TABLE.read_bytes())
    refused = anagen(*call, cwd=tmp_path)
    assert refused.returncode == 2 and "does not say its unit of time" in refused.stderr
    (tmp_path / "table.csv").write_text(f"{TABLE.read_text()}time,time,30 minutes,,,,\n", encoding="utf-8")
    assert anagen(*call, cwd=tmp_path).returncode == 0
    model = read_network((tmp_path / "out.toml").read_text(encoding="utf-8"), None, load_network()).model
    assert model is not None and model.days == pytest.approx(1.0 / 48.0)


@needs_libsbml
def test_a_start_as_an_amount_is_over_the_size_that_the_model_assigns(tmp_path: Path) -> None:
    sized = f'<initialAssignment symbol="cell">{MATH}<cn> 4 </cn></math></initialAssignment>'
    text = changed(
        ("<listOfInitialAssignments>", f"<listOfInitialAssignments>{sized}"),
        ('compartment="cell" initialAmount="0"', 'compartment="cell" initialAmount="6"'),
    )
    (tmp_path / "model.xml").write_text(text, encoding="utf-8")
    call = ("import", "sbml", "model.xml", "--table", str(TABLE), "--out", "out.toml")
    assert anagen(*call, cwd=tmp_path).returncode == 0
    model = read_network((tmp_path / "out.toml").read_text(encoding="utf-8"), None, load_network()).model
    assert model is not None
    assert dict(model.states) == {"R": 10.0, "C": 1.5, "S": 3.0} and model.constants["cell"] == 4.0
