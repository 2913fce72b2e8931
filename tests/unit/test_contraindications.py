"""Whom a therapy is not for: refused and warned with line and remedy; what clinicians are told of each drug."""

from __future__ import annotations

import pytest

from anagen.core.errors import InputError
from anagen.study import Study
from anagen.study.describe import describe
from anagen.study.safety_rules import acceptable, exclusions_in_words, warnings_of
from anagen.study.shipped import shipped_studies
from anagen.therapies import THERAPIES
from anagen.therapies.contraindications import EXCLUSIONS, Contraindication, When
from faults import every_fault

STUDY = """study: a-question
population:
  condition: aga
  sex: {male: 0.5, female: 0.5}
  age: {mean: 40, sd: 8, min: 20, max: 60}
  ethnicity: {caucasian: 1}
arms:
  - name: drug
    patients: 20
    therapies:
      - {therapy: finasteride}
  - {name: placebo, patients: 20, control: true, therapies: [{therapy: placebo}]}
measurement: {zone: vertex, target_area: "1 cm^2", method: phototrichogram, visits: [0, 24, 52]}
endpoints:
  primary: {endpoint: total_density, week: 24, measure: change}
"""


def problem_of(text: str):
    with pytest.raises(InputError) as caught:
        Study.parse(text, "question.yaml")
    (problem,) = caught.value.problems
    return problem


def test_finasteride_in_women_who_can_become_pregnant_is_refused_with_line_and_remedy() -> None:
    problem = problem_of(STUDY)
    assert (problem.file, problem.line, problem.field) == ("question.yaml", 11, "arms[0].therapies[0].therapy")
    assert "population.exclusions: [pregnancy_potential]" in problem.message
    assert "women under 50 years" in problem.message


@pytest.mark.parametrize(
    "change",
    [
        ("  ethnicity: {caucasian: 1}\n", "  ethnicity: {caucasian: 1}\n  exclusions: [pregnancy_potential]\n"),
        ("{male: 0.5, female: 0.5}", "{male: 1}"),
        ("{male: 0.5, female: 0.5}", "{male: 1, female: 0}"),
        ("{mean: 40, sd: 8, min: 20, max: 60}", "{mean: 60, sd: 8, min: 50, max: 75}"),
    ],
)
def test_an_exclusion_or_another_population_answers_it(change: tuple[str, str]) -> None:
    assert Study.parse(STUDY.replace(*change)).study == "a-question"


def test_dutasteride_is_refused_as_well() -> None:
    assert "dutasteride harms a male fetus" in problem_of(STUDY.replace("finasteride", "dutasteride")).message


@pytest.mark.parametrize(
    ("therapy", "says", "remedies"),
    [
        ("bicalutamide", "not given to men", ("leave men out of population.sex", "accepted: [bicalutamide-in-men]")),
        ("excimer", "patches of alopecia areata", ("accepted: [excimer-outside-alopecia-areata]",)),
    ],
)
def test_a_file_is_refused_where_a_therapy_does_not_belong(therapy: str, says: str, remedies: tuple[str, ...]) -> None:
    problem = problem_of(STUDY.replace("{male: 0.5, female: 0.5}", "{male: 1}").replace("finasteride", therapy))
    assert (problem.file, problem.line, problem.field) == ("question.yaml", 11, "arms[0].therapies[0].therapy")
    assert says in problem.message
    assert all(remedy in problem.message for remedy in remedies)


def test_unknown_names_are_told_with_the_nearest_one() -> None:
    excluded = STUDY.replace("caucasian: 1}\n", "caucasian: 1}\n  exclusions: [pregnancy_potental]\n")
    with pytest.raises(InputError) as caught:
        Study.parse(excluded)
    assert caught.value.problems[0].suggestion == "pregnancy_potential"
    men = STUDY.replace("{male: 0.5, female: 0.5}", "{male: 1}")
    unknown = problem_of(men + "safety: {scenarios: [unregulated-vesicle]}\n")
    assert (unknown.field, unknown.suggestion) == ("safety.scenarios[0]", "unregulated-vesicles")
    assert "unknown contraindication" in problem_of(men + "safety: {accepted: [anything]}\n").message
    twice = problem_of(men + "safety: {scenarios: [post-finasteride, post-finasteride]}\n")
    assert "named twice" in twice.message


def test_contraindications_have_remedies() -> None:
    with every_fault() as row:
        for name, therapy in THERAPIES.items():
            for contraindication in therapy.contraindications:
                with row(f"{name}: {contraindication.name}"):
                    assert contraindication.unless is None or contraindication.unless in EXCLUSIONS
                    assert contraindication.name.startswith(("oral-", name))
                    assert len(contraindication.source) > 10
    assert acceptable() == ("bicalutamide-in-men", "excimer-outside-alopecia-areata", "spironolactone-in-men")


def of(therapy: str, name: str) -> Contraindication:
    (found,) = (entry for entry in THERAPIES[therapy].contraindications if entry.name == name)
    return found


def warned(therapy: str, route: str = "oral", *, sex: str = "male", exclusions: tuple[str, ...] = ()) -> str:
    """What a reader is told of one therapy in patients of 20 to 60 years."""
    population = {"condition": "aga", "sex": {sex: 1.0}, "age": {"min": 20}, "exclusions": list(exclusions)}
    arm = {"name": "drug", "therapies": [{"therapy": therapy, "route": route}]}
    return " | ".join(warnings_of({"population": population, "arms": [arm]}))


def test_mood_psa_and_blood_are_told_of_inhibitors_of_five_alpha_reductase() -> None:
    """The European regulator confirmed suicidal thoughts for finasteride tablets and found no link for dutasteride."""
    tablet, dutasteride, spray = warned("finasteride"), warned("dutasteride"), warned("finasteride", "topical")
    for told in (tablet, dutasteride):
        assert "suicidal thoughts" in told and "prostate-specific antigen" in told and "donate blood" in told
    assert "finasteride tablets can cause" in tablet and "direct link was not found for dutasteride" in dutasteride
    assert "for 1 month after" in tablet and "for 6 months after" in dutasteride
    assert "no evidence was found" in spray and "prostate" not in spray and "donate" not in spray
    assert "suicidal" not in warned("finasteride", exclusions=("depression",))
    assert "prostate" not in warned("finasteride", sex="female", exclusions=("pregnancy_potential",))
    assert "19 June 2025" in of("finasteride", "finasteride-and-mood").source


@pytest.mark.parametrize("drug", ["baricitinib", "ritlecitinib"])
def test_the_class_warning_of_jak_inhibitors_is_told_in_full(drug: str) -> None:
    told = warned(drug)
    for risk in ("serious infection", "herpes zoster", "thrombosis", "major cardiovascular", "death", "cancers"):
        assert risk in told, risk
    lifted = ("serious_infection", "thromboembolism", "cardiovascular_risk", "malignancy")
    assert warned(drug, exclusions=lifted) == ""


def test_pregnancy_and_breast_feeding_are_told_of_minoxidil_to_women() -> None:
    for route in ("topical", "oral"):
        told = warned("minoxidil", route, sex="female")
        assert "pregnancy" in told and "breast-feeding" in told
        assert "pregnancy" not in warned("minoxidil", route)


@pytest.mark.parametrize("name", ["exosome", "conditioned-medium"])
def test_cancer_in_the_history_is_told_of_growth_signals(name: str) -> None:
    assert "cancer" in warned(name, "intradermal")
    assert "cancer" not in warned(name, "intradermal", exclusions=("malignancy",))


def test_contraindications_apply_to_whom_they_name() -> None:
    fetus = of("finasteride", "finasteride-in-pregnancy-potential")
    assert fetus.when.applies(sexes=["male", "female"], youngest=18.0, condition="aga", route="oral")
    assert fetus.when.applies(sexes=["female"], youngest=None, condition="aga", route="topical")
    assert not fetus.when.applies(sexes=["female"], youngest=55.0, condition="aga", route="oral")
    cardiac = of("minoxidil", "oral-minoxidil-in-cardiac-disease")
    assert cardiac.grade == "warning"
    assert cardiac.when.applies(sexes=["male"], youngest=18.0, condition="aga", route="oral")
    assert not cardiac.when.applies(sexes=["male"], youngest=18.0, condition="aga", route="topical")
    excimer = THERAPIES["excimer"].contraindications[0].when
    assert excimer.applies(sexes=["male"], youngest=18.0, condition="aga", route="light")
    assert not excimer.applies(sexes=["male"], youngest=18.0, condition="alopecia_areata", route="light")
    men = THERAPIES["bicalutamide"].contraindications[0]
    assert men.acceptable and men.when.applies(sexes=["male"], youngest=60.0, condition="aga", route="oral")


def test_an_error_without_a_remedy_cannot_be_written() -> None:
    with pytest.raises(ValueError, match="needs a remedy"):
        Contraindication("x", When(), "no", "a source")
    with pytest.raises(ValueError, match="is not one of"):
        Contraindication("x", When(), "no", "a source", unless="everybody")


def test_shipped_studies_answer_their_contraindications() -> None:
    with every_fault() as row:
        for name, path in shipped_studies().items():
            with row(name):
                study = Study.load(path)
                assert study.safety.scenarios == ()


@pytest.mark.parametrize(
    ("sex", "youngest", "says"),
    [
        ("male", 20, "names pregnancy_potential, which excludes nobody: no women are under 50 years"),
        ("female", 50, "names pregnancy_potential, which excludes nobody: no women are under 50 years"),
        ("female", 20, "Women under 50 years are simulated all the same"),
    ],
)
def test_check_says_whom_an_exclusion_leaves_out(sex: str, youngest: int, says: str) -> None:
    data = {
        "population": {"sex": {sex: 1.0}, "age": {"min": youngest}, "exclusions": ["pregnancy_potential"]},
        "arms": [{"therapies": [{"therapy": "dutasteride", "route": "oral"}]}],
    }
    told = exclusions_in_words(data)
    assert told[0] == "The study excludes patients who can become pregnant (or contraception is required)."
    assert says in told[1]
    assert ("Warning" in told[1]) == ("excludes nobody" in says)


def test_an_exclusion_that_no_therapy_asks_for_is_told() -> None:
    study = Study.load("exosome-vs-saline").to_dict()
    study["population"]["exclusions"] = ["kidney_disease"]
    told = str(describe(Study.from_dict(study)))
    assert "population.exclusions names kidney_disease, which changes nothing: nothing given here asks for it." in told


def test_the_description_tells_scenarios() -> None:
    men = STUDY.replace("{male: 0.5, female: 0.5}", "{male: 1}")
    said = describe(Study.parse(men + "safety: {scenarios: [post-finasteride]}\n"))
    assert "Rare-event scenario on: post-finasteride (sexual complaints" in said
    assert "for reasons other than an adverse event" in said
